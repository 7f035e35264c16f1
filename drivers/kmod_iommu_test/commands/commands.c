// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands: what each takes and needs, a row each, and those about the device and its run.
 */
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "commands/commands.h"
#include "commands/copy.h"
#include "commands/iommufd.h"
#include "commands/pasid.h"
#include "compat.h"
#include "device.h"
#include "engine/engine.h"
#include "memory/buffer.h"
#include "run/area.h"
#include "run/run.h"
#include "workloads.h"

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

static int command_info(struct bench_call *call)
{
	struct bench_device *bd = call->bf->bd;
	struct iommu_domain *domain = iommu_get_domain_for_dev(bd->dev);
	struct iommubench_info *info = &call->arg.info;

	*info = (struct iommubench_info) {
		.abi_version = IOMMUBENCH_ABI_VERSION,
		.domain_type = bench_device_domain_type(bd->dev),
		.engine_max_bytes = bd->engine.max_bytes,
		.clock_hz = bench_clock_hz(),
		.dma_bits = bd->engine.dma_bits,
		.numa_node = dev_to_node(bd->dev),
		.pgsize_bitmap = domain ? domain->pgsize_bitmap : 0,
		.contig_max_bytes = bench_buffer_contig_max(),
		.clock = BENCH_CLOCK_NAME,
		.coherence = dev_is_dma_coherent(bd->dev) ? IOMMUBENCH_COHERENCE_YES :
							    IOMMUBENCH_COHERENCE_NO,
	};
	info->features = bench_engine_features(&bd->engine);
	if (BENCH_HAS_DOMAIN_PASID && !bd->engine.hosted && bench_device_pasids(bd->dev))
		info->features |= IOMMUBENCH_FEATURE_PASID;
	if (bd->user_dma)
		info->features |= IOMMUBENCH_FEATURE_IOMMUFD;
	if (dev_is_pci(bd->dev) && bench_pci_ats_enabled(to_pci_dev(bd->dev)))
		info->features |= IOMMUBENCH_FEATURE_ATS;
	if (IS_ENABLED(CONFIG_IO_URING))
		info->features |= IOMMUBENCH_FEATURE_URING_CMD | IOMMUBENCH_FEATURE_URING_CANCEL;
	strscpy(info->engine, bd->engine.ops->name, sizeof(info->engine));
	info_ids(info, bd->dev);
	return 0;
}

static void file_set_run(struct bench_file *bf, struct bench_run *run)
{
	lockdep_assert_held(&bf->bd->lock);
	spin_lock(&bf->run_lock);
	bf->run = run;
	spin_unlock(&bf->run_lock);
}

static int command_prepare(struct bench_call *call)
{
	struct iommubench_run *desc = &call->arg.run;
	const struct bench_workload_ops *ops = bench_workload(desc->workload);
	struct bench_file *bf = call->bf;
	struct bench_device *bd = bf->bd;
	struct bench_run *run = bf->run;

	if (bd->run && bd->run != run)
		return bench_refuse(&call->msg, -EBUSY, "%s is busy with a run of process %d: wait for it or stop it",
				    dev_name(bd->dev), bd->run->owner);
	if (run) {
		if (bd->run == run)
			bench_run_evict(bd, IOMMUBENCH_END_STOPPED);
		file_set_run(bf, NULL);
		bench_run_put(run);
	}
	run = bench_run_prepare(bf, ops, desc, &call->msg);
	if (IS_ERR(run))
		return PTR_ERR(run);
	file_set_run(bf, run);
	bd->run = run;
	/* The run is there, whether or not the tool can be told of it. */
	return copy_to_user(u64_to_user_ptr(desc->params), run->params, run->params_back) ?
	       -EFAULT : 0;
}

static int command_memory(struct bench_call *call)
{
	struct bench_run *run = call->bf->run;

	return run ? bench_run_memory(run, &call->arg.memory) : -EINVAL;
}

static int command_start(struct bench_call *call)
{
	struct bench_run *run = call->bf->run;

	return run && !run->reaped ? bench_run_start(run) : -EINVAL;
}

/* A START of threads that stand at a gate does not sleep. */
static int start_at_once(struct bench_file *bf)
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

static int command_stop(struct bench_call *call)
{
	struct bench_run *run = call->bf->run;

	if (!run || !run->started)
		return -EINVAL;
	bench_run_stop(run, IOMMUBENCH_END_STOPPED);
	return 0;
}

static int command_result(struct bench_call *call)
{
	struct iommubench_result *result = &call->arg.result;
	struct bench_device *bd = call->bf->bd;
	struct bench_run *run = call->bf->run;

	if (!run || !run->started)
		return -EINVAL;
	if (!completion_done(&run->ended))
		return -EBUSY;
	if (bd->run == run)
		bench_run_evict(bd, IOMMUBENCH_END_STOPPED);
	result->end = atomic_read(&run->end);
	result->batch = run->batch;
	result->window = run->window;
	memcpy(result->checks, run->checks, sizeof(result->checks));
	spin_lock(&run->lock);
	result->error = run->error;
	call->msg = run->message;
	spin_unlock(&run->lock);
	return bench_message_to_user(&call->msg, result->message, result->message_bytes);
}

/* The run that a file has started, with a reference. */
static struct bench_run *file_started_run(struct bench_file *bf)
{
	struct bench_run *run;

	mutex_lock(&bf->bd->lock);
	run = bf->run && bf->run->started ? bf->run : NULL;
	if (run)
		bench_run_get(run);
	mutex_unlock(&bf->bd->lock);
	return run;
}

static int wait_uring(struct bench_run *run, u64 timeout_ns)
{
	int ret = timeout_ns ? -EINVAL : bench_run_wait(run, 0);

	if (ret != -EINTR)
		return ret;
	/* The waiter has given up, and so the run ends: nobody is left who wants it. */
	bench_run_stop(run, IOMMUBENCH_END_STOPPED);
	return -ECANCELED;
}

/* Not under the device's lock while it waits, so that STOP and unbind get through. */
static int command_wait(struct bench_call *call)
{
	const struct iommubench_wait *wait = &call->arg.wait;
	struct bench_run *run;
	int ret;

	if (wait->reserved)
		return -EINVAL;
	run = file_started_run(call->bf);
	if (!run)
		return -EINVAL;
	ret = call->uring ? wait_uring(run, wait->timeout_ns) :
			    bench_run_wait(run, wait->timeout_ns);
	bench_run_put(run);
	return ret;
}

static int command_unknown(struct bench_call *call)
{
	return -ENOTTY;
}

/**
 * struct bench_command - what a command takes and needs
 * @cmd: number of the command, an IOMMUBENCH_IOC_*
 * @bytes: size of its struct as this module knows it, 0 when it takes none
 * @least: size of the struct's first version
 * @fills: the struct is all answer: what is in it beforehand is not looked at
 * @answers: the struct goes back to the tool
 * @explains: where the struct tells the address for a line about a refusal, 0 when it does not
 * @explains_bytes: where the struct tells the room at that address
 * @locked: it is done with the device's lock held, and not at all when the device is gone, but
 *	for @gone_too
 * @gone_too: it is about results, which outlive the device
 * @run: does it. Return: 0 or a negative errno
 * @undo: takes it back when the answer could not be stored, NULL when it goes with the file
 * @at_once: does it without sleeping. NULL when it always sleeps. Return: as @run; -EAGAIN when
 *	it would have to sleep
 */
struct bench_command {
	unsigned int cmd;
	size_t bytes;
	size_t least;
	bool fills;
	bool answers;
	size_t explains;
	size_t explains_bytes;
	bool locked;
	bool gone_too;
	int (*run)(struct bench_call *call);
	void (*undo)(struct bench_call *call);
	int (*at_once)(struct bench_file *bf);
};

#define FIRST_COMMAND		_IOC_NR(IOMMUBENCH_IOC_INFO)

/* The row of a command, which does @_run; what else it is follows. */
#define COMMAND(_name, _run, ...)						\
	[_IOC_NR(IOMMUBENCH_IOC_##_name) - FIRST_COMMAND] = {			\
		.cmd = IOMMUBENCH_IOC_##_name, .run = _run, __VA_ARGS__		\
	}
/* It takes a @_struct, whose first version ended with @_last. */
#define TAKES(_struct, _last)							\
	.bytes = sizeof(struct _struct), .least = offsetofend(struct _struct, _last)
/* A refusal is explained where @_struct says. */
#define EXPLAINS(_struct)							\
	.explains = offsetof(struct _struct, message),				\
	.explains_bytes = offsetof(struct _struct, message_bytes)

static const struct bench_command commands[] = {
	COMMAND(INFO, command_info, TAKES(iommubench_info, abi_version),
		.locked = true, .fills = true, .answers = true),
	COMMAND(PREPARE, command_prepare, TAKES(iommubench_run, memory),
		EXPLAINS(iommubench_run), .locked = true, .answers = true),
	COMMAND(START, command_start, .locked = true, .at_once = start_at_once),
	COMMAND(WAIT, command_wait, TAKES(iommubench_wait, timeout_ns)),
	COMMAND(STOP, command_stop, .locked = true),
	/* Its first version had the checks of map/unmap only. */
	COMMAND(RESULT, command_result, .bytes = sizeof(struct iommubench_result),
		.least = offsetof(struct iommubench_result, checks[IOMMUBENCH_CHECK_STALE_ACCESS]),
		.locked = true, .gone_too = true, .answers = true),
	COMMAND(MEMORY, command_memory, TAKES(iommubench_memory, nodes),
		.locked = true, .gone_too = true, .answers = true),
	COMMAND(PASID_INFO, bench_pasid_info, TAKES(iommubench_pasid_info, resolution_ticks),
		.answers = true),
	COMMAND(PASID_BIND, bench_pasid_bind, TAKES(iommubench_pasid_bind, ticks),
		EXPLAINS(iommubench_pasid_bind), .answers = true),
	COMMAND(PASID_UNBIND, bench_pasid_unbind, TAKES(iommubench_pasid_unbind, accesses),
		.answers = true),
	COMMAND(PASID_ACCESS, bench_pasid_access, TAKES(iommubench_pasid_access, accesses),
		.answers = true),
	COMMAND(IOMMUFD_BIND, bench_iommufd_bind, TAKES(iommubench_iommufd_bind, dev_id),
		EXPLAINS(iommubench_iommufd_bind), .locked = true, .answers = true,
		.undo = bench_iommufd_bind_undo),
	COMMAND(IOMMUFD_ATTACH, bench_iommufd_attach, TAKES(iommubench_iommufd_attach, reserved),
		EXPLAINS(iommubench_iommufd_attach), .locked = true),
	COMMAND(IOMMUFD_UNBIND, bench_iommufd_give_back, .locked = true),
};

static const struct bench_command unknown = {
	.run = command_unknown,
	.locked = true,
};

static const struct bench_command *command_find(unsigned int cmd)
{
	unsigned int row = _IOC_NR(cmd) - FIRST_COMMAND;

	return row < ARRAY_SIZE(commands) && commands[row].cmd == cmd ? &commands[row] : &unknown;
}

static int command_take(const struct bench_command *command, struct bench_call *call)
{
	int err;

	if (!command->bytes)
		return 0;
	err = bench_copy_size(call, command->least);
	if (err || command->fills)
		return err;
	return bench_copy_in(call, command->bytes);
}

static void command_explain(const struct bench_command *command, const struct bench_call *call)
{
	const void *arg = &call->arg;

	if (!command->explains)
		return;
	/* The reason counts, not whether its explanation could be stored. */
	bench_message_to_user(&call->msg, *(const u64 *)(arg + command->explains),
			      *(const u32 *)(arg + command->explains_bytes));
}

static int command_do(const struct bench_command *command, struct bench_call *call)
{
	int err;

	err = command_take(command, call);
	if (err)
		return err;
	err = command->run(call);
	if (err) {
		command_explain(command, call);
		return err;
	}
	if (!command->answers)
		return 0;
	err = bench_copy_out(call, command->bytes);
	if (err && command->undo)
		command->undo(call);
	return err;
}

/**
 * bench_command() - a command, by ioctl or by io_uring
 * @bf: the open file
 * @cmd: IOMMUBENCH_IOC_*
 * @user: its struct in user space
 * @uring: the command came by io_uring; otherwise by ioctl
 *
 * Context: process; sleeps.
 * Return: 0 or a negative errno.
 */
long bench_command(struct bench_file *bf, unsigned int cmd, void __user *user, bool uring)
{
	const struct bench_command *command = command_find(cmd);
	struct bench_call call = { .bf = bf, .user = user, .uring = uring };
	int ret;

	if (!command->locked)
		return command_do(command, &call);
	ret = mutex_lock_interruptible(&bf->bd->lock);
	if (ret)
		return ret;
	ret = bf->bd->gone && !command->gone_too ? -ENODEV : command_do(command, &call);
	mutex_unlock(&bf->bd->lock);
	return ret;
}

/**
 * bench_command_at_once() - a command that is not to sleep
 * @bf: the open file
 * @cmd: IOMMUBENCH_IOC_*
 *
 * Context: must not sleep.
 * Return: as bench_command(); -EAGAIN when it cannot be done from here.
 */
int bench_command_at_once(struct bench_file *bf, unsigned int cmd)
{
	const struct bench_command *command = command_find(cmd);

	return command->at_once ? command->at_once(bf) : -EAGAIN;
}
