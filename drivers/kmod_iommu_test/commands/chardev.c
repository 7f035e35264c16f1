// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/iommubench/<device>: there as long as the device is bound, and what is open outlives that.
 */
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "commands/chardev.h"
#include "commands/commands.h"
#include "commands/iommufd.h"
#include "commands/pasid_bind.h"
#include "commands/uring.h"
#include "compat.h"
#include "device.h"
#include "engine/engine.h"
#include "run/run.h"

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
	bench_device_get(bd);
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
	return bench_command(file->private_data, cmd, (void __user *)arg, false);
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

/**
 * bench_chardev_probe() - take a device over and make its file
 * @dev: the device, bound to one of this module's drivers
 * @user_dma: the one that leaves the device's DMA to user space
 *
 * Context: the driver core's probe.
 * Return: 0 or a negative errno.
 */
int bench_chardev_probe(struct device *dev, bool user_dma)
{
	struct bench_device *bd = bench_device_new(dev, user_dma);
	int err;

	if (IS_ERR(bd))
		return PTR_ERR(bd);
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
		bench_device_retire(bd);
	return err;
}

/**
 * bench_chardev_remove() - give a device back
 * @dev: the device
 *
 * A run on it ends at once; open files stay open and answer ENODEV.
 *
 * Context: the driver core's remove; sleeps until the run's threads are gone.
 */
void bench_chardev_remove(struct device *dev)
{
	struct bench_device *bd = dev_get_drvdata(dev);

	/*
	 * Commands may have the device read for seconds, one after the other, and who prepares a
	 * run may take long with the lock held: both give up.
	 */
	bench_engine_close(&bd->engine);
	mutex_lock(&bd->lock);
	bench_run_evict(bd, IOMMUBENCH_END_REMOVED);
	bench_iommufd_unbind(bd);
	bd->gone = true;
	mutex_unlock(&bd->lock);
	bench_pasids_remove(bd);
	misc_deregister(&bd->misc);
	bench_device_retire(bd);
}
