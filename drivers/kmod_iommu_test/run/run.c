// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a run, whatever its workload. Workers share nothing that is
 * written while they work: each has its own page and histograms, and what they
 * all read (stop, limits) changes only at the end.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/jobctl.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "clock.h"
#include "device.h"
#include "memory/memory.h"
#include "run/area.h"
#include "run/calibrate.h"
#include "run/gate.h"
#include "run/live.h"
#include "run/run.h"

/* From one round of checks to the next, so that they hardly show in what is measured beside. */
#define BENCH_VERIFY_PAUSE_NS	(50 * NSEC_PER_MSEC)

/* For the threads of a run whose waiter is being frozen. */
#define RUN_FROZEN_TIMEOUT	(5 * HZ)

#define RUN_FLAGS		(IOMMUBENCH_RUN_VERIFY | IOMMUBENCH_RUN_GATES |	\
				 IOMMUBENCH_RUN_PHASES)

/**
 * bench_run_stop() - tell the workers to finish
 * @run: the run, started or not
 * @why: what is reported if nothing else ended it before
 *
 * Context: any.
 */
void bench_run_stop(struct bench_run *run, enum iommubench_end why)
{
	atomic_cmpxchg(&run->end, IOMMUBENCH_END_NONE, why);
	WRITE_ONCE(run->stop, 1);
	wake_up_all(&run->start_wait);
}

/* With the run's lock held. */
__printf(3, 0)
static void run_failed(struct bench_run *run, int err, const char *fmt, va_list args)
{
	if (!run->error && !run->message.text[0])
		vscnprintf(run->message.text, sizeof(run->message.text), fmt, args);
	if (!run->error)
		run->error = -err;
}

/**
 * bench_run_fail() - end the run because an operation failed
 * @run: the run
 * @err: negative errno; the first one given is kept, with its line
 * @fmt: what failed, in plain words; unless a check has failed before, whose line says more
 *
 * Context: process.
 * Return: @err.
 */
int bench_run_fail(struct bench_run *run, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	spin_lock(&run->lock);
	run_failed(run, err, fmt, args);
	spin_unlock(&run->lock);
	va_end(args);
	bench_run_stop(run, IOMMUBENCH_END_ERROR);
	return err;
}

/**
 * bench_run_broken() - end the run because a map or an unmap did not do what it had to
 * @run: the run
 * @err: negative errno; the first one given is kept
 * @fmt: what it did, in plain words; unless a check has failed before, it is kept
 *
 * This is a check that failed, IOMMUBENCH_CHECK_MAPPING, whether or not the run is verified.
 *
 * Context: process; any thread of the run.
 * Return: @err.
 */
int bench_run_broken(struct bench_run *run, int err, const char *fmt, ...)
{
	struct iommubench_check *check = &run->checks[IOMMUBENCH_CHECK_MAPPING];
	va_list args;

	va_start(args, fmt);
	spin_lock(&run->lock);
	run_failed(run, err, fmt, args);
	check->count++;
	check->failures++;
	spin_unlock(&run->lock);
	va_end(args);
	bench_run_stop(run, IOMMUBENCH_END_ERROR);
	return err;
}

/**
 * bench_run_check() - count a verification
 * @run: the run
 * @id: what was verified
 * @failure: NULL when it held, else what went wrong; the first one is kept
 *
 * Context: the verifier, or the one thread of the workload that checks.
 */
void bench_run_check(struct bench_run *run, enum iommubench_check_id id, const char *failure, ...)
{
	va_list args;

	run->checks[id].count++;
	if (!failure)
		return;
	run->checks[id].failures++;
	spin_lock(&run->lock);
	if (!run->message.text[0]) {
		va_start(args, failure);
		vscnprintf(run->message.text, sizeof(run->message.text), failure, args);
		va_end(args);
	}
	spin_unlock(&run->lock);
}

static void run_thread_ended(struct bench_run *run)
{
	if (!atomic_dec_and_test(&run->working))
		return;
	atomic_cmpxchg(&run->end, IOMMUBENCH_END_NONE,
		       run->desc.count ? IOMMUBENCH_END_COUNT : IOMMUBENCH_END_TIME);
	complete_all(&run->ended);
}

/* All that is counted, from the common start on. */
static void run_work(struct bench_thread *t)
{
	struct bench_run *run = t->run;
	u64 start = READ_ONCE(run->start);

	WRITE_ONCE(t->page->cpu, raw_smp_processor_id());
	if (run->warmup) {
		WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_WARMUP);
		t->from = start;
		start += run->warmup;
		run->ops->loop(t, start, 0, false);
	}
	bench_run_gate(t, IOMMUBENCH_THREAD_READY);
	if (run->gates)
		start = READ_ONCE(run->start);
	t->from = start;
	/* At a rate, what counts is due from then on, also when the thread comes later. */
	WRITE_ONCE(t->page->start_tick, run->desc.rate_mhz ? start : bench_clock());
	WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_RUNNING);
	if (!run->desc.count || t->count)
		run->ops->loop(t, run->duration ? start + run->duration : U64_MAX, t->count, true);
	WRITE_ONCE(t->page->end_tick, bench_clock());
	bench_run_gate(t, IOMMUBENCH_THREAD_COUNTED);
}

static void run_phases(struct bench_thread *t)
{
	WRITE_ONCE(t->page->cpu, raw_smp_processor_id());
	WRITE_ONCE(t->page->start_tick, bench_clock());
	t->run->ops->by_phase(t);
	WRITE_ONCE(t->page->end_tick, bench_clock());
	WRITE_ONCE(t->page->phase, IOMMUBENCH_PHASE_NONE);
	WRITE_ONCE(t->page->phase_ops, 0);
	bench_run_gate(t, IOMMUBENCH_THREAD_COUNTED);
}

static int run_worker(void *data)
{
	struct bench_thread *t = data;
	struct bench_run *run = t->run;
	int err;

	t->page->tid = task_pid_nr(current);
	WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_PREPARING);
	bench_calibrate(t);
	err = run->ops->begin(t);
	bench_run_barrier(run);
	if (!err && !bench_run_stopped(run)) {
		if (run->desc.flags & IOMMUBENCH_RUN_PHASES)
			run_phases(t);
		else
			run_work(t);
	}
	WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_DRAINING);
	if (!err)
		run->ops->end(t);
	WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_DONE);
	atomic_dec(&run->loading);
	run_thread_ended(run);
	return 0;
}

/* Checks go on beside the load for as long as it lasts, and at least once. */
static int run_verifier(void *data)
{
	struct bench_thread *t = data;
	struct bench_run *run = t->run;
	int err;

	wait_event_idle(run->start_wait, READ_ONCE(run->start) || bench_run_stopped(run));
	while (!bench_run_stopped(run)) {
		err = run->ops->verify(t);
		if (err || !atomic_read(&run->loading))
			break;
		bench_sleep_until(run, bench_clock() + bench_ns_to_ticks(BENCH_VERIFY_PAUSE_NS));
	}
	run_thread_ended(run);
	return 0;
}

static void run_free(struct kref *ref)
{
	struct bench_run *run = container_of(ref, struct bench_run, ref);

	bench_run_free_area(run);
	bench_memory_free(&run->memory);
	vfree(run->shared);
	kfree(run->cpus);
	kfree(run->params);
	bench_device_put(run->bd);
	kfree(run);
}

/**
 * bench_run_get() - take a reference
 * @run: the run
 */
void bench_run_get(struct bench_run *run)
{
	kref_get(&run->ref);
}

/**
 * bench_run_put() - drop a reference; the last one frees the run's memory
 * @run: the run, reaped before its last reference goes
 */
void bench_run_put(struct bench_run *run)
{
	kref_put(&run->ref, run_free);
}

static int run_check_phases(const struct iommubench_run *desc, struct bench_message *msg)
{
	if (!(desc->flags & IOMMUBENCH_RUN_PHASES))
		return 0;
	if (!(desc->flags & IOMMUBENCH_RUN_GATES))
		return bench_refuse(msg, -EINVAL, "a run by phases stands at gates between them: set the flag for gates as well");
	if (!desc->count)
		return bench_refuse(msg, -EINVAL, "a run by phases ends by its count, and none is given");
	if (desc->duration_ns || desc->warmup_ns || desc->rate_mhz)
		return bench_refuse(msg, -EINVAL, "a run by phases is not timed: it has neither duration, warm-up nor rate");
	if (desc->flags & IOMMUBENCH_RUN_VERIFY)
		return bench_refuse(msg, -EINVAL, "nothing is verified beside a run by phases, as that would be counted");
	return 0;
}

static int run_check_desc(const struct iommubench_run *desc, struct bench_message *msg)
{
	if (desc->flags & ~RUN_FLAGS)
		return bench_refuse(msg, -EINVAL, "unknown run flags 0x%llx",
				    desc->flags & ~RUN_FLAGS);
	if (!desc->threads || desc->threads > IOMMUBENCH_MAX_THREADS)
		return bench_refuse(msg, -EINVAL, "%u threads asked for, expected 1 to %u",
				    desc->threads, IOMMUBENCH_MAX_THREADS);
	if (!desc->duration_ns && !desc->count)
		return bench_refuse(msg, -EINVAL, "neither a duration nor a count is given");
	if (desc->duration_ns > IOMMUBENCH_MAX_TIME_NS || desc->warmup_ns > IOMMUBENCH_MAX_TIME_NS)
		return bench_refuse(msg, -EINVAL, "duration or warm-up is more than %llu days",
				    IOMMUBENCH_MAX_TIME_NS / NSEC_PER_SEC / 86400);
	if (desc->batch > IOMMUBENCH_MAX_BATCH)
		return bench_refuse(msg, -EINVAL, "batch of %u, expected at most %u",
				    desc->batch, IOMMUBENCH_MAX_BATCH);
	if (desc->nr_cpus > IOMMUBENCH_MAX_THREADS || !!desc->nr_cpus != !!desc->cpus)
		return bench_refuse(msg, -EINVAL, "CPU list of %u entries, expected 0 to %u",
				    desc->nr_cpus, IOMMUBENCH_MAX_THREADS);
	/* Below a million operations a nanosecond, so that intervals stay above 0 ticks. */
	if (desc->rate_mhz > 1000ULL * NSEC_PER_SEC)
		return bench_refuse(msg, -EINVAL, "rate is above 1000000000 operations a second");
	return 0;
}

static int run_copy_cpus(struct bench_run *run, struct bench_message *msg)
{
	const struct iommubench_run *desc = &run->desc;
	unsigned int i;

	if (!desc->nr_cpus)
		return 0;
	run->cpus = memdup_user(u64_to_user_ptr(desc->cpus),
				array_size(desc->nr_cpus, sizeof(*run->cpus)));
	if (IS_ERR(run->cpus)) {
		int err = PTR_ERR(run->cpus);

		run->cpus = NULL;
		return bench_refuse(msg, err, "the CPU list cannot be read");
	}
	for (i = 0; i < desc->nr_cpus; i++)
		if (run->cpus[i] >= nr_cpu_ids || !cpu_online(run->cpus[i]))
			return bench_refuse(msg, -EINVAL, "CPU %u is not online", run->cpus[i]);
	return 0;
}

static int run_copy_params(struct bench_run *run, struct bench_message *msg)
{
	void __user *user = u64_to_user_ptr(run->desc.params);
	u32 size;
	int err;

	if (get_user(size, (u32 __user *)user))
		return bench_refuse(msg, -EFAULT, "the workload's parameters cannot be read");
	if (size < run->ops->params_least)
		return bench_refuse(msg, -EINVAL, "parameters of %u bytes, expected at least %zu",
				    size, run->ops->params_least);
	if (size > PAGE_SIZE)
		return bench_refuse(msg, -E2BIG, "parameters of %u bytes, expected at most %lu",
				    size, PAGE_SIZE);
	run->params = kzalloc(run->ops->params_bytes, GFP_KERNEL);
	if (!run->params)
		return -ENOMEM;
	err = copy_struct_from_user(run->params, run->ops->params_bytes, user, size);
	if (err)
		return bench_refuse(msg, err, "the workload's parameters are of a newer ABI than the module");
	/* An older tool has room for what it knows. */
	run->params_back = min_t(size_t, size, run->ops->params_bytes);
	return 0;
}

/**
 * bench_run_prepare() - check a description and take all that the run needs
 * @bf: the open file of the device, which is without a run
 * @ops: the workload that @desc names, NULL when there is none by that number
 * @desc: what the tool asks for; its output fields are set
 * @msg: receives one line when it is refused
 *
 * Context: process, with the device's lock held.
 * Return: the run, with one reference, or an ERR_PTR() with nothing taken.
 */
struct bench_run *bench_run_prepare(const struct bench_file *bf,
				    const struct bench_workload_ops *ops,
				    struct iommubench_run *desc, struct bench_message *msg)
{
	struct bench_device *bd = bf->bd;
	struct bench_run *run;
	int err;

	err = run_check_desc(desc, msg) ?: run_check_phases(desc, msg);
	if (err)
		return ERR_PTR(err);
	run = kzalloc(sizeof(*run), GFP_KERNEL);
	if (!run)
		return ERR_PTR(-ENOMEM);
	kref_init(&run->ref);
	bench_device_get(bd);
	run->bd = bd;
	run->ops = ops;
	run->desc = *desc;
	run->owner = task_tgid_nr(current);
	run->by = bf;
	run->duration = bench_ns_to_ticks(desc->duration_ns);
	run->warmup = bench_ns_to_ticks(desc->warmup_ns);
	run->reaped = true;
	init_waitqueue_head(&run->start_wait);
	init_completion(&run->ended);
	spin_lock_init(&run->lock);
	INIT_LIST_HEAD(&run->live);

	if (!ops) {
		err = bench_refuse(msg, -EINVAL, "unknown workload %u", desc->workload);
		goto put;
	}
	if (desc->flags & IOMMUBENCH_RUN_VERIFY && !ops->verify) {
		err = bench_refuse(msg, -EINVAL, "this workload has no verifier beside it");
		goto put;
	}
	if (desc->flags & IOMMUBENCH_RUN_PHASES && !ops->by_phase) {
		err = bench_refuse(msg, -EINVAL, "this workload has one phase only: count its whole run");
		goto put;
	}
	err = run_copy_cpus(run, msg) ?:
	      run_copy_params(run, msg) ?:
	      bench_memory_init(&run->memory, desc->memory, msg) ?:
	      bench_run_layout(run);
	if (err)
		goto put;
	if (bd->user_dma && !ops->makes_no_mappings) {
		err = bench_refuse(msg, -EOPNOTSUPP, "device %s is bound to a driver that leaves its DMA to user space: bind it to kmod_iommu_test",
				   dev_name(bd->dev));
		goto put;
	}
	err = bench_device_claim(bd, &run->claim, ops->use(run->params), NULL, msg);
	if (err)
		goto put;
	run->memory.leaving = &bd->engine.closing;
	err = ops->prepare(run, msg);
	if (err)
		goto drop;
	err = bench_run_alloc_area(run, msg);
	if (err)
		goto release;
	run->reaped = false;
	run->desc.batch = run->batch;
	*desc = run->desc;
	return run;

release:
	ops->release(run);
drop:
	bench_claim_drop(&run->claim);
put:
	bench_run_put(run);
	return ERR_PTR(err);
}

/**
 * bench_run_start() - let the threads go
 * @run: prepared and not started, or with its threads at a gate
 *
 * Context: process, with the device's lock held.
 * Return: 0; -EALREADY when it was started before and has no more gates; -EBUSY when some of its
 * threads are not at the gate; -ENOMEM or -EINTR when threads could not be had, and then the run
 * can be started again.
 */
int bench_run_start(struct bench_run *run)
{
	unsigned int i, n = bench_run_threads(run);

	if (run->started)
		return bench_run_open_gate(run);
	for (i = 0; i < n; i++) {
		struct bench_thread *t = &run->threads[i];
		bool verifier = i == run->desc.threads;
		struct task_struct *task;

		task = kthread_create_on_node(verifier ? run_verifier : run_worker, t, t->node,
					      verifier ? "iommubench/v" : "iommubench/%u", i);
		if (IS_ERR(task)) {
			while (i--) {
				kthread_stop(run->threads[i].task);
				put_task_struct(run->threads[i].task);
				run->threads[i].task = NULL;
			}
			return PTR_ERR(task);
		}
		get_task_struct(task);
		t->task = task;
		if (t->cpu >= 0)
			kthread_bind(task, t->cpu);
	}
	run->started = true;
	atomic_set(&run->barrier, run->desc.threads);
	atomic_set(&run->loading, run->desc.threads);
	atomic_set(&run->working, n);
	bench_live_add(run);
	for (i = 0; i < n; i++)
		wake_up_process(run->threads[i].task);
	return 0;
}

/**
 * bench_run_abandon() - let go of what only the process that is gone could end
 * @run: the run, stopped
 *
 * Context: process, with the device's lock held; may sleep.
 */
void bench_run_abandon(struct bench_run *run)
{
	/* What has ended by itself has left nothing under way. */
	if (run->ops->abandon && run->started && !run->reaped && !completion_done(&run->ended))
		run->ops->abandon(run);
}

/**
 * bench_run_reap() - wait for the threads and free the device of the run
 * @run: the run, stopped or ended; may be reaped already
 *
 * Results stay readable.
 *
 * Context: process, with the device's lock held; sleeps until the threads are
 * gone, which a stopped run's are after the operation under way.
 */
void bench_run_reap(struct bench_run *run)
{
	unsigned int i;

	if (run->reaped)
		return;
	for (i = 0; i < bench_run_threads(run); i++) {
		struct bench_thread *t = &run->threads[i];

		if (!t->task)
			continue;
		kthread_stop(t->task);
		put_task_struct(t->task);
		t->task = NULL;
	}
	/* A thread that was stopped before it first ran has not told of its end. */
	if (run->started)
		complete_all(&run->ended);
	bench_live_remove(run);
	run->ops->release(run);
	bench_claim_drop(&run->claim);
	run->reaped = true;
}

/**
 * bench_run_evict() - give up the run of a device
 * @bd: the device, with a run or without one
 * @why: what is reported if nothing else ended it before
 *
 * Its results stay with the file that has it.
 *
 * Context: process, with the device's lock held; sleeps as bench_run_reap() does.
 */
void bench_run_evict(struct bench_device *bd, enum iommubench_end why)
{
	struct bench_run *run = bd->run;

	lockdep_assert_held(&bd->lock);
	if (!run)
		return;
	bench_run_stop(run, why);
	bench_run_abandon(run);
	bench_run_reap(run);
	bd->run = NULL;
}

/* Is what looks like a signal a freezer, of the whole machine or of a control group? */
static bool run_waiter_frozen(void)
{
	return freezing(current) || READ_ONCE(current->jobctl) & JOBCTL_TRAP_FREEZE;
}

/* A freezer waits for who is to be frozen, but not for long. */
static int run_end_frozen(struct bench_run *run)
{
	bench_run_fail(run, -EINTR,
		       "the process that waits for the run was frozen, which ended the run: let it go on and measure again");
	return wait_for_completion_killable_timeout(&run->ended, RUN_FROZEN_TIMEOUT) > 0 ? 0 :
	       -EINTR;
}

/**
 * bench_run_wait() - wait for the end of a run
 * @run: started; the caller holds a reference
 * @timeout_ns: at most this long, 0 for ever
 *
 * When the caller is frozen meanwhile, the run is ended.
 *
 * Context: process, without the device's lock.
 * Return: 0, -ETIME, or -EINTR on a signal.
 */
int bench_run_wait(struct bench_run *run, u64 timeout_ns)
{
	unsigned long timeout = MAX_SCHEDULE_TIMEOUT;
	long left;

	if (timeout_ns)
		timeout = min_t(u64, nsecs_to_jiffies64(timeout_ns) + 1, MAX_SCHEDULE_TIMEOUT - 1);
	left = wait_for_completion_interruptible_timeout(&run->ended, timeout);
	if (left < 0 && run_waiter_frozen())
		return run_end_frozen(run);
	if (left < 0)
		return -EINTR;
	return left ? 0 : -ETIME;
}

static void run_vma_open(struct vm_area_struct *vma)
{
	bench_run_get(vma->vm_private_data);
}

static void run_vma_close(struct vm_area_struct *vma)
{
	bench_run_put(vma->vm_private_data);
}

static const struct vm_operations_struct run_vm_ops = {
	.open = run_vma_open,
	.close = run_vma_close,
};

/**
 * bench_run_mmap() - show the tool what the threads count, or what it shares with them
 * @run: the run; the mapping takes a reference
 * @vma: from offset 0, at most the whole area, read only; or from behind it
 *
 * Return: 0 or a negative errno.
 */
int bench_run_mmap(struct bench_run *run, struct vm_area_struct *vma)
{
	int err = bench_run_map_area(run, vma);

	if (err)
		return err;
	vma->vm_private_data = run;
	vma->vm_ops = &run_vm_ops;
	bench_run_get(run);
	return 0;
}
