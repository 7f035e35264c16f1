// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device given over to tests, and its file /dev/iommubench/<device>.
 */
#include <linux/capability.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "commands/uring.h"
#include "compat.h"
#include "device.h"
#include "iommu/buffer.h"
#include "message.h"
#include "run/area.h"
#include "run/run.h"
#include "workloads.h"

/* Size of struct iommubench_result when it had the checks of map/unmap only. */
#define RESULT_BYTES_FIRST	offsetof(struct iommubench_result,	\
					 checks[IOMMUBENCH_CHECK_STALE_ACCESS])

static void device_free(struct kref *ref)
{
	kfree(container_of(ref, struct bench_device, ref));
}

/**
 * bench_device_put() - drop a reference
 * @bd: the device
 */
void bench_device_put(struct bench_device *bd)
{
	kref_put(&bd->ref, device_free);
}

/**
 * bench_device_domain_type() - what translates a device by default
 * @dev: the device, without an own domain attached
 */
enum iommubench_domain_type bench_device_domain_type(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (!domain)
		return IOMMUBENCH_DOMAIN_NONE;
	switch (domain->type) {
	case IOMMU_DOMAIN_IDENTITY:
		return IOMMUBENCH_DOMAIN_IDENTITY;
	case IOMMU_DOMAIN_DMA:
		return IOMMUBENCH_DOMAIN_STRICT;
	case IOMMU_DOMAIN_DMA_FQ:
		return IOMMUBENCH_DOMAIN_LAZY;
	default:
		return IOMMUBENCH_DOMAIN_OTHER;
	}
}

static void info_ids(struct iommubench_info *info, struct device *dev)
{
	struct iommu_fwspec *fwspec = dev_iommu_fwspec_get(dev);
	unsigned int i;

	if (!fwspec)
		return;
	info->nr_ids = fwspec->num_ids;
	for (i = 0; i < fwspec->num_ids && i < IOMMUBENCH_INFO_IDS; i++)
		info->ids[i] = fwspec->ids[i];
}

static long command_info(struct bench_file *bf, void __user *arg)
{
	struct bench_device *bd = bf->bd;
	struct iommu_domain *domain = iommu_get_domain_for_dev(bd->dev);
	struct iommubench_info info = {
		.size = sizeof(info),
		.abi_version = IOMMUBENCH_ABI_VERSION,
		.domain_type = bench_device_domain_type(bd->dev),
		.engine_max_bytes = bd->engine.max_bytes,
		.clock_hz = bench_clock_hz(),
		.dma_bits = bd->engine.dma_bits,
		.numa_node = dev_to_node(bd->dev),
		.pgsize_bitmap = domain ? domain->pgsize_bitmap : 0,
		.contig_max_bytes = bench_buffer_contig_max(),
		.clock = BENCH_CLOCK_NAME,
	};
	u32 size;

	if (get_user(size, (u32 __user *)arg))
		return -EFAULT;
	if (size < sizeof(u32) * 2)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	info.features = bench_engine_features(&bd->engine);
	if (BENCH_HAS_DOMAIN_PASID && bench_device_pasids(bd->dev))
		info.features |= IOMMUBENCH_FEATURE_PASID;
	if (bd->user_dma)
		info.features |= IOMMUBENCH_FEATURE_IOMMUFD;
	if (IS_ENABLED(CONFIG_IO_URING))
		info.features |= IOMMUBENCH_FEATURE_URING_CMD | IOMMUBENCH_FEATURE_URING_CANCEL;
	strscpy(info.engine, bd->engine.ops->name, sizeof(info.engine));
	info_ids(&info, bd->dev);
	if (copy_to_user(arg, &info, min_t(size_t, size, sizeof(info))))
		return -EFAULT;
	/* What a newer tool knows beyond this module is all zeroes. */
	if (size > sizeof(info) && clear_user(arg + sizeof(info), size - sizeof(info)))
		return -EFAULT;
	return 0;
}

/**
 * bench_copy_struct() - copy in a struct that starts with its size
 * @dst: receives
 * @bytes: its size as this module knows it
 * @least: size of its first version
 * @arg: the struct in user space
 *
 * Return: 0; -EFAULT; -EINVAL when it is too small; -E2BIG when it is too large or has
 * something in what this module does not know.
 */
int bench_copy_struct(void *dst, size_t bytes, size_t least, void __user *arg)
{
	u32 size;

	if (get_user(size, (u32 __user *)arg))
		return -EFAULT;
	if (size < least)
		return -EINVAL;
	/* No struct grows that far; it bounds the search for zeroes. */
	if (size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(dst, bytes, arg, size);
}

static void file_set_run(struct bench_file *bf, struct bench_run *run)
{
	lockdep_assert_held(&bf->bd->lock);
	spin_lock(&bf->run_lock);
	bf->run = run;
	spin_unlock(&bf->run_lock);
}

static long prepare_locked(struct bench_file *bf, struct iommubench_run *desc,
			   struct bench_message *msg)
{
	struct bench_device *bd = bf->bd;
	struct bench_run *run;

	if (bd->run && bd->run != bf->run)
		return bench_refuse(msg, -EBUSY, "%s is busy with a run of process %d: wait for it or stop it",
				    dev_name(bd->dev), bd->run->owner);
	run = bf->run;
	if (run) {
		if (bd->run == run)
			bench_run_evict(bd, IOMMUBENCH_END_STOPPED);
		file_set_run(bf, NULL);
		bench_run_put(run);
	}
	run = bench_run_prepare(bd, bench_workload(desc->workload), desc, msg);
	if (IS_ERR(run))
		return PTR_ERR(run);
	file_set_run(bf, run);
	bd->run = run;
	return 0;
}

static long command_prepare(struct bench_file *bf, void __user *arg)
{
	struct iommubench_run desc;
	struct bench_message msg = {};
	struct bench_run *run;
	size_t params_bytes;
	long ret;

	ret = bench_copy_struct(&desc, sizeof(desc), sizeof(desc), arg);
	if (ret)
		return ret;
	ret = prepare_locked(bf, &desc, &msg);
	if (ret) {
		/* The reason counts, not whether its explanation could be stored. */
		bench_message_to_user(&msg, desc.message, desc.message_bytes);
		return ret;
	}
	run = bf->run;
	desc.size = sizeof(desc);
	params_bytes = run->ops->params_bytes;
	if (copy_to_user(arg, &desc, sizeof(desc)) ||
	    copy_to_user(u64_to_user_ptr(desc.params), run->params, params_bytes))
		return -EFAULT;
	return 0;
}

static long command_memory(struct bench_file *bf, void __user *arg)
{
	struct iommubench_memory told;
	long ret;

	ret = bench_copy_struct(&told, sizeof(told), sizeof(told), arg);
	if (ret)
		return ret;
	if (!bf->run)
		return -EINVAL;
	ret = bench_run_memory(bf->run, &told);
	if (ret)
		return ret;
	told.size = sizeof(told);
	return copy_to_user(arg, &told, sizeof(told)) ? -EFAULT : 0;
}

static long command_result(struct bench_file *bf, void __user *arg)
{
	struct iommubench_result result;
	struct bench_run *run = bf->run;
	struct bench_message msg;
	size_t bytes;
	int ret;

	ret = bench_copy_struct(&result, sizeof(result), RESULT_BYTES_FIRST, arg);
	if (ret)
		return ret;
	bytes = min_t(size_t, result.size, sizeof(result));
	if (!run || !run->started)
		return -EINVAL;
	if (!completion_done(&run->ended))
		return -EBUSY;
	if (bf->bd->run == run)
		bench_run_evict(bf->bd, IOMMUBENCH_END_STOPPED);
	result.size = sizeof(result);
	result.end = atomic_read(&run->end);
	result.batch = run->batch;
	result.window = run->window;
	memcpy(result.checks, run->checks, sizeof(result.checks));
	spin_lock(&run->lock);
	result.error = run->error;
	msg = run->message;
	spin_unlock(&run->lock);
	if (bench_message_to_user(&msg, result.message, result.message_bytes) ||
	    copy_to_user(arg, &result, bytes))
		return -EFAULT;
	return 0;
}

/**
 * bench_file_wait() - what a WAIT is to wait for
 * @bf: the open file
 * @arg: struct iommubench_wait in user space
 * @timeout_ns: receives its timeout
 *
 * Return: the started run with a reference, or an ERR_PTR().
 */
struct bench_run *bench_file_wait(struct bench_file *bf, void __user *arg, u64 *timeout_ns)
{
	struct iommubench_wait wait;
	struct bench_run *run;
	int err;

	err = bench_copy_struct(&wait, sizeof(wait), sizeof(wait), arg);
	if (err)
		return ERR_PTR(err);
	if (wait.reserved)
		return ERR_PTR(-EINVAL);
	*timeout_ns = wait.timeout_ns;
	mutex_lock(&bf->bd->lock);
	run = bf->run && bf->run->started ? bf->run : NULL;
	if (run)
		bench_run_get(run);
	mutex_unlock(&bf->bd->lock);
	return run ?: ERR_PTR(-EINVAL);
}

/* Not under the device's lock while it waits, so that STOP and unbind get through. */
static long command_wait(struct bench_file *bf, void __user *arg)
{
	struct bench_run *run;
	u64 timeout_ns;
	long ret;

	run = bench_file_wait(bf, arg, &timeout_ns);
	if (IS_ERR(run))
		return PTR_ERR(run);
	ret = bench_run_wait(run, timeout_ns);
	bench_run_put(run);
	return ret;
}

static long command_unbind(struct bench_file *bf)
{
	struct bench_device *bd = bf->bd;

	if (!bd->iommufd.idev || bd->iommufd.owner != bf)
		return -EINVAL;
	bench_run_evict(bd, IOMMUBENCH_END_STOPPED);
	bench_iommufd_unbind(bd);
	return 0;
}

static long command_locked(struct bench_file *bf, unsigned int cmd, void __user *arg)
{
	/* Results outlive the device; nothing else does. */
	if (bf->bd->gone && cmd != IOMMUBENCH_IOC_RESULT && cmd != IOMMUBENCH_IOC_MEMORY)
		return -ENODEV;
	switch (cmd) {
	case IOMMUBENCH_IOC_INFO:
		return command_info(bf, arg);
	case IOMMUBENCH_IOC_PREPARE:
		return command_prepare(bf, arg);
	case IOMMUBENCH_IOC_MEMORY:
		return command_memory(bf, arg);
	case IOMMUBENCH_IOC_START:
		return bf->run && !bf->run->reaped ? bench_run_start(bf->run) : -EINVAL;
	case IOMMUBENCH_IOC_STOP:
		if (!bf->run || !bf->run->started)
			return -EINVAL;
		bench_run_stop(bf->run, IOMMUBENCH_END_STOPPED);
		return 0;
	case IOMMUBENCH_IOC_RESULT:
		return command_result(bf, arg);
	case IOMMUBENCH_IOC_IOMMUFD_BIND:
		return bench_iommufd_bind(bf, arg);
	case IOMMUBENCH_IOC_IOMMUFD_ATTACH:
		return bench_iommufd_attach(bf, arg);
	case IOMMUBENCH_IOC_IOMMUFD_UNBIND:
		return command_unbind(bf);
	default:
		return -ENOTTY;
	}
}

/**
 * bench_file_command() - a command, by ioctl or by io_uring
 * @bf: the open file
 * @cmd: IOMMUBENCH_IOC_*
 * @arg: its struct in user space
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
long bench_file_command(struct bench_file *bf, unsigned int cmd, void __user *arg)
{
	long ret;

	if (cmd == IOMMUBENCH_IOC_WAIT)
		return command_wait(bf, arg);
	if (bench_pasid_is_command(cmd))
		return bench_pasid_command(bf, cmd, arg);
	ret = mutex_lock_interruptible(&bf->bd->lock);
	if (ret)
		return ret;
	ret = command_locked(bf, cmd, arg);
	mutex_unlock(&bf->bd->lock);
	return ret;
}

/**
 * bench_file_open_gate() - START of threads that stand at a gate
 * @bf: the open file
 *
 * Context: must not sleep.
 * Return: as that of START; -EAGAIN when it cannot be done from here.
 */
int bench_file_open_gate(struct bench_file *bf)
{
	struct bench_device *bd = bf->bd;
	int ret = -EAGAIN;

	if (!mutex_trylock(&bd->lock))
		return -EAGAIN;
	if (!bd->gone && bf->run && bf->run->started && !bf->run->reaped)
		ret = bench_run_start(bf->run);
	mutex_unlock(&bd->lock);
	return ret;
}

static int bench_open(struct inode *inode, struct file *file)
{
	/* misc_open() keeps the device from being unbound until this returns. */
	struct bench_device *bd = container_of(file->private_data, struct bench_device, misc);
	struct bench_file *bf;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	bf = kzalloc(sizeof(*bf), GFP_KERNEL);
	if (!bf)
		return -ENOMEM;
	kref_get(&bd->ref);
	bf->bd = bd;
	spin_lock_init(&bf->run_lock);
	bf->owner = task_tgid_nr(current);
	bench_pasid_open(&bf->pasid);
	file->private_data = bf;
	return 0;
}

/*
 * A command that waits in io_uring keeps the file open, so that release does not
 * come when the tool is killed. This does.
 */
static int bench_flush(struct file *file, fl_owner_t id)
{
	struct bench_file *bf = file->private_data;

	if (!(current->flags & PF_EXITING) || task_tgid_nr(current) != bf->owner)
		return 0;
	mutex_lock(&bf->bd->lock);
	if (bf->run)
		bench_run_stop(bf->run, IOMMUBENCH_END_STOPPED);
	if (bf->run && bf->bd->run == bf->run)
		bench_run_abandon(bf->run);
	mutex_unlock(&bf->bd->lock);
	return 0;
}

static int bench_release(struct inode *inode, struct file *file)
{
	struct bench_file *bf = file->private_data;
	struct bench_device *bd = bf->bd;

	mutex_lock(&bd->lock);
	if (bf->run && bd->run == bf->run)
		bench_run_evict(bd, IOMMUBENCH_END_STOPPED);
	if (bd->iommufd.owner == bf)
		bench_iommufd_unbind(bd);
	mutex_unlock(&bd->lock);
	if (bf->run)
		bench_run_put(bf->run);
	bench_pasid_release(bf);
	bench_device_put(bd);
	kfree(bf);
	return 0;
}

static long bench_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return bench_file_command(file->private_data, cmd, (void __user *)arg);
}

static int bench_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bench_file *bf = file->private_data;
	struct bench_run *run;
	int ret;

	spin_lock(&bf->run_lock);
	run = bf->run;
	if (run)
		bench_run_get(run);
	spin_unlock(&bf->run_lock);
	if (!run)
		return -EINVAL;
	ret = bench_run_mmap(run, vma);
	bench_run_put(run);
	return ret;
}

static const struct file_operations bench_fops = {
	.owner = THIS_MODULE,
	.open = bench_open,
	.flush = bench_flush,
	.release = bench_release,
	.unlocked_ioctl = bench_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = bench_mmap,
	.uring_cmd = bench_uring_cmd,
};

static int count_device(struct device *dev, void *data)
{
	(*(unsigned int *)data)++;
	return 0;
}

/* Another device of the group would be cut off by an own domain, or see its mappings. */
static int device_check_group(struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);
	unsigned int devices = 0;
	int id;

	if (!group)
		return 0;
	id = iommu_group_id(group);
	iommu_group_for_each_dev(group, &devices, count_device);
	iommu_group_put(group);
	if (devices == 1)
		return 0;
	dev_err(dev, "IOMMU group %d has %u devices, expected this one alone: choose a device in a group of its own\n",
		id, devices);
	return -EBUSY;
}

/**
 * bench_device_probe() - take a device over
 * @dev: the device, bound to one of this module's drivers
 * @user_dma: the one that leaves the device's DMA to user space
 *
 * Context: the driver core's probe.
 * Return: 0 or a negative errno.
 */
int bench_device_probe(struct device *dev, bool user_dma)
{
	struct bench_device *bd;
	int err;

	err = device_check_group(dev);
	if (err)
		return err;
	bd = kzalloc(sizeof(*bd), GFP_KERNEL);
	if (!bd)
		return -ENOMEM;
	kref_init(&bd->ref);
	mutex_init(&bd->lock);
	bd->dev = dev;
	bd->user_dma = user_dma;
	bench_sva_init(&bd->sva, dev);
	bench_pasids_init(&bd->pasids);
	err = bench_engine_probe(&bd->engine, dev);
	if (err)
		goto put;
	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(bd->engine.dma_bits));
	if (err) {
		dev_err(dev, "no DMA with %u address bits: error %d\n", bd->engine.dma_bits, err);
		goto remove;
	}
	/* Scatter lists may be merged into segments of any length. */
	if (dev->dma_parms)
		dma_set_max_seg_size(dev, UINT_MAX);

	snprintf(bd->name, sizeof(bd->name), "iommubench-%s", dev_name(dev));
	snprintf(bd->node, sizeof(bd->node), "iommubench/%s", dev_name(dev));
	bd->misc.minor = MISC_DYNAMIC_MINOR;
	bd->misc.name = bd->name;
	bd->misc.nodename = bd->node;
	bd->misc.mode = 0600;
	bd->misc.fops = &bench_fops;
	bd->misc.parent = dev;
	dev_set_drvdata(dev, bd);
	err = misc_register(&bd->misc);
	if (err)
		goto remove;
	return 0;

remove:
	bench_engine_remove(&bd->engine);
put:
	bench_device_put(bd);
	return err;
}

/**
 * bench_device_remove() - give a device back
 * @dev: the device
 *
 * A run on it ends at once; open files stay open and answer ENODEV.
 *
 * Context: the driver core's remove; sleeps until the run's threads are gone.
 */
void bench_device_remove(struct device *dev)
{
	struct bench_device *bd = dev_get_drvdata(dev);

	mutex_lock(&bd->lock);
	bench_run_evict(bd, IOMMUBENCH_END_REMOVED);
	bench_iommufd_unbind(bd);
	bd->gone = true;
	mutex_unlock(&bd->lock);
	bench_pasids_remove(bd);
	misc_deregister(&bd->misc);
	bench_engine_remove(&bd->engine);
	bench_device_put(bd);
}
