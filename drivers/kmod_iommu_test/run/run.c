// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a run, whatever its workload. Workers share nothing that is
 * written while they work: each has its own page and histograms, and what they
 * all read (stop, limits) changes only at the end.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "clock.h"
#include "compat.h"
#include "device.h"
#include "iommu/memory.h"
#include "run/run.h"

/* From the last worker's arrival to the common start: long enough to wake the others. */
#define BENCH_START_DELAY_NS	(200 * NSEC_PER_USEC)
/* A sleeping worker looks this often whether it should stop. */
#define BENCH_SLEEP_SLICE_NS	(10 * NSEC_PER_MSEC)
/* From one round of checks to the next, so that they hardly show in what is measured beside. */
#define BENCH_VERIFY_PAUSE_NS	(50 * NSEC_PER_MSEC)
/* Sleeping is no more exact than this; the rest is spent spinning. */
#define BENCH_SLEEP_SLACK_NS	(60 * NSEC_PER_USEC)

#define RUN_FLAGS		(IOMMUBENCH_RUN_VERIFY | IOMMUBENCH_RUN_GATES |	\
				 IOMMUBENCH_RUN_PHASES)

static size_t hist_bytes(void)
{
	return ALIGN(sizeof(struct iommubench_hist), SMP_CACHE_BYTES);
}

static size_t hist_offset(void)
{
	return ALIGN(sizeof(struct iommubench_thread), SMP_CACHE_BYTES);
}

static size_t thread_bytes(const struct bench_run *run)
{
	return PAGE_ALIGN(hist_offset() + run->ops->phases * hist_bytes());
}

static unsigned int run_threads(const struct bench_run *run)
{
	return run->desc.threads + !!(run->desc.flags & IOMMUBENCH_RUN_VERIFY);
}

/**
 * bench_sleep_until() - wait for a moment, cheaply when it is far away
 * @run: ends the wait early when it is stopped
 * @tick: the moment
 *
 * Context: kernel thread, outside any timed sample.
 */
void bench_sleep_until(struct bench_run *run, u64 tick)
{
	for (;;) {
		u64 now = bench_clock();
		u64 ns;
		ktime_t slice;

		if (now >= tick || bench_run_stopped(run))
			return;
		ns = bench_ticks_to_ns(tick - now);
		if (ns <= BENCH_SLEEP_SLACK_NS) {
			cpu_relax();
			cond_resched();
			continue;
		}
		slice = min_t(u64, ns - BENCH_SLEEP_SLACK_NS / 2, BENCH_SLEEP_SLICE_NS);
		set_current_state(TASK_IDLE);
		schedule_hrtimeout_range(&slice, 0, HRTIMER_MODE_REL);
	}
}

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

/**
 * bench_run_fail() - end the run because an operation failed
 * @run: the run
 * @err: negative errno; the first one given is kept, with its line
 * @fmt: what failed, in plain words
 *
 * Context: process.
 * Return: @err.
 */
int bench_run_fail(struct bench_run *run, int err, const char *fmt, ...)
{
	va_list args;

	spin_lock(&run->lock);
	if (!run->error) {
		run->error = -err;
		va_start(args, fmt);
		vscnprintf(run->message.text, sizeof(run->message.text), fmt, args);
		va_end(args);
	}
	spin_unlock(&run->lock);
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

static u64 run_start_soon(void)
{
	return bench_clock() + bench_ns_to_ticks(BENCH_START_DELAY_NS);
}

static void run_await_start(const struct bench_run *run)
{
	while (bench_clock() < READ_ONCE(run->start) && !bench_run_stopped(run)) {
		cpu_relax();
		cond_resched();
	}
}

/* All workers leave here at the same tick, or at once when the run was stopped. */
static void run_barrier(struct bench_run *run)
{
	if (atomic_dec_and_test(&run->barrier)) {
		WRITE_ONCE(run->start, run_start_soon());
		wake_up_all(&run->start_wait);
	}
	wait_event_idle(run->start_wait, READ_ONCE(run->start) || bench_run_stopped(run));
	run_await_start(run);
}

/* Workers stand here until the tool lets them on, or the run is stopped. */
static void run_gate(struct bench_thread *t, enum iommubench_thread_state state)
{
	struct bench_run *run = t->run;
	u32 gate = t->page->gate;

	if (!(run->desc.flags & IOMMUBENCH_RUN_GATES))
		return;
	WRITE_ONCE(t->page->state, state);
	/* Who sees that it is here sees all else that it tells. */
	smp_store_release(&t->page->gate, gate + 1);
	wait_event_idle(run->start_wait, READ_ONCE(run->gates) > gate || bench_run_stopped(run));
	/* Pairs with the write barrier in run_open_gate(): the new start came before. */
	smp_rmb();
	run_await_start(run);
}

/**
 * bench_run_phase() - stand still until the next phase may begin
 * @t: the worker
 * @phase: which one, by number of histogram, or IOMMUBENCH_PHASE_NONE
 * @ops: operations that the worker will do in it
 *
 * Comes back at once when the run is stopped.
 *
 * Context: from @by_phase of the workload.
 */
void bench_run_phase(struct bench_thread *t, u32 phase, u32 ops)
{
	WRITE_ONCE(t->page->phase, phase);
	WRITE_ONCE(t->page->phase_ops, ops);
	run_gate(t, IOMMUBENCH_THREAD_READY);
	WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_RUNNING);
}

/**
 * bench_run_share() - what a worker has to do in a round
 * @t: the worker
 * @done: operations of each worker's rounds so far, also of those that had nothing left
 * @block: operations of a whole round
 *
 * Return: from 0 to @block.
 */
u64 bench_run_share(const struct bench_thread *t, u64 done, unsigned int block)
{
	return done < t->count ? min_t(u64, block, t->count - done) : 0;
}

static int run_open_gate(struct bench_run *run)
{
	bool phases = run->desc.flags & IOMMUBENCH_RUN_PHASES, over = true;
	unsigned int i;

	if (!(run->desc.flags & IOMMUBENCH_RUN_GATES) || run->gates_over)
		return -EALREADY;
	for (i = 0; i < run->desc.threads; i++) {
		const struct iommubench_thread *page = run->threads[i].page;

		/* Pairs with run_gate(). */
		if (smp_load_acquire(&page->gate) != run->gates + 1)
			return -EBUSY;
		over = over && READ_ONCE(page->state) == IOMMUBENCH_THREAD_COUNTED;
	}
	run->gates_over = over;
	/*
	 * One thread has nobody to wait for, and waiting would be counted. That counts more in a
	 * phase than that its threads begin at the same moment.
	 */
	if (!run->gates)
		WRITE_ONCE(run->start, run->desc.threads > 1 && !phases ? run_start_soon() :
			   bench_clock());
	/* Who sees the gate open sees the new start. */
	smp_wmb();
	WRITE_ONCE(run->gates, run->gates + 1);
	wake_up_all(&run->start_wait);
	return 0;
}

/* All that is counted, from the common start on. */
static void run_work(struct bench_thread *t)
{
	struct bench_run *run = t->run;
	u64 start = READ_ONCE(run->start);

	WRITE_ONCE(t->page->cpu, raw_smp_processor_id());
	if (run->warmup) {
		WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_WARMUP);
		start += run->warmup;
		run->ops->loop(t, start, 0, false);
	}
	run_gate(t, IOMMUBENCH_THREAD_READY);
	if (run->gates)
		start = READ_ONCE(run->start);
	WRITE_ONCE(t->page->start_tick, bench_clock());
	WRITE_ONCE(t->page->state, IOMMUBENCH_THREAD_RUNNING);
	if (!run->desc.count || t->count)
		run->ops->loop(t, run->duration ? start + run->duration : U64_MAX, t->count, true);
	WRITE_ONCE(t->page->end_tick, bench_clock());
	run_gate(t, IOMMUBENCH_THREAD_COUNTED);
}

static void run_phases(struct bench_thread *t)
{
	WRITE_ONCE(t->page->cpu, raw_smp_processor_id());
	WRITE_ONCE(t->page->start_tick, bench_clock());
	t->run->ops->by_phase(t);
	WRITE_ONCE(t->page->end_tick, bench_clock());
	WRITE_ONCE(t->page->phase, IOMMUBENCH_PHASE_NONE);
	WRITE_ONCE(t->page->phase_ops, 0);
	run_gate(t, IOMMUBENCH_THREAD_COUNTED);
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
	run_barrier(run);
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

static unsigned int run_area_pages(const struct bench_run *run)
{
	return thread_bytes(run) / PAGE_SIZE * run->desc.threads;
}

static void run_free_area(struct bench_run *run)
{
	unsigned int i;

	vunmap(run->area);
	for (i = 0; run->pages && i < run_area_pages(run) && run->pages[i]; i++)
		__free_page(run->pages[i]);
	kvfree(run->pages);
}

static void run_free(struct kref *ref)
{
	struct bench_run *run = container_of(ref, struct bench_run, ref);

	run_free_area(run);
	bench_memory_free(&run->memory);
	vfree(run->shared);
	kvfree(run->threads);
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
	if (size < run->ops->params_bytes)
		return bench_refuse(msg, -EINVAL, "parameters of %u bytes, expected at least %zu",
				    size, run->ops->params_bytes);
	if (size > PAGE_SIZE)
		return bench_refuse(msg, -E2BIG, "parameters of %u bytes, expected at most %lu",
				    size, PAGE_SIZE);
	run->params = kzalloc(run->ops->params_bytes, GFP_KERNEL);
	if (!run->params)
		return -ENOMEM;
	err = copy_struct_from_user(run->params, run->ops->params_bytes, user, size);
	if (err)
		return bench_refuse(msg, err, "the workload's parameters are of a newer ABI than the module");
	return 0;
}

/* What a thread counts in is where it is, or where it was told to be. */
static int run_alloc_area(struct bench_run *run)
{
	unsigned int i, n = run_area_pages(run);

	run->pages = kvcalloc(n, sizeof(*run->pages), GFP_KERNEL);
	if (!run->pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		int node = run->threads[i / (n / run->desc.threads)].node;

		run->pages[i] = bench_memory_alloc(&run->memory, BENCH_MEMORY_COUNTS, node,
						   GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, 0);
		if (!run->pages[i])
			return -ENOMEM;
	}
	run->area = vmap(run->pages, n, VM_MAP | VM_USERMAP, PAGE_KERNEL);
	return run->area ? 0 : -ENOMEM;
}

static int run_layout(struct bench_run *run, struct bench_message *msg)
{
	unsigned int i, phase, n = run_threads(run);
	size_t stride = thread_bytes(run);

	run->threads = kvcalloc(n, sizeof(*run->threads), GFP_KERNEL);
	if (!run->threads)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		struct bench_thread *t = &run->threads[i];

		t->run = run;
		t->index = i;
		t->cpu = -1;
		t->node = dev_to_node(run->bd->dev);
		if (run->cpus && i < run->desc.threads) {
			t->cpu = run->cpus[i % run->desc.nr_cpus];
			t->node = cpu_to_node(t->cpu);
		}
	}
	if (run_alloc_area(run))
		return bench_refuse(msg, -ENOMEM, "no memory for the histograms of %u threads",
				    run->desc.threads);
	for (i = 0; i < run->desc.threads; i++) {
		struct bench_thread *t = &run->threads[i];
		void *base = run->area + i * stride;

		t->page = base;
		for (phase = 0; phase < run->ops->phases; phase++)
			t->hist[phase] = base + hist_offset() + phase * hist_bytes();
		t->count = div_u64(run->desc.count, run->desc.threads) +
			   (i < run->desc.count % run->desc.threads);
	}
	run->desc.phases = run->ops->phases;
	run->desc.thread_bytes = stride;
	run->desc.mmap_bytes = stride * run->desc.threads;
	run->desc.hist_offset = hist_offset();
	run->desc.hist_bytes = hist_bytes();
	return 0;
}

static const struct bench_workload_ops *run_workload(u32 workload)
{
	switch (workload) {
	case IOMMUBENCH_WORKLOAD_MAP_UNMAP:
		return &bench_map_unmap;
	case IOMMUBENCH_WORKLOAD_TLB_FLUSH:
		return &bench_tlb_flush;
	case IOMMUBENCH_WORKLOAD_IOPF:
		return &bench_iopf;
	default:
		return NULL;
	}
}

/**
 * bench_run_prepare() - check a description and take all that the run needs
 * @bd: the device, without a run
 * @desc: what the tool asks for; its output fields are set
 * @msg: receives one line when it is refused
 *
 * Context: process, with the device's lock held.
 * Return: the run, with one reference, or an ERR_PTR() with nothing taken.
 */
struct bench_run *bench_run_prepare(struct bench_device *bd, struct iommubench_run *desc,
				    struct bench_message *msg)
{
	struct bench_run *run;
	int err;

	err = run_check_desc(desc, msg) ?: run_check_phases(desc, msg);
	if (err)
		return ERR_PTR(err);
	run = kzalloc(sizeof(*run), GFP_KERNEL);
	if (!run)
		return ERR_PTR(-ENOMEM);
	kref_init(&run->ref);
	kref_get(&bd->ref);
	run->bd = bd;
	run->desc = *desc;
	run->owner = task_tgid_nr(current);
	run->duration = bench_ns_to_ticks(desc->duration_ns);
	run->warmup = bench_ns_to_ticks(desc->warmup_ns);
	run->reaped = true;
	init_waitqueue_head(&run->start_wait);
	init_completion(&run->ended);
	spin_lock_init(&run->lock);

	run->ops = run_workload(desc->workload);
	if (!run->ops) {
		err = bench_refuse(msg, -EINVAL, "unknown workload %u", desc->workload);
		goto put;
	}
	if (desc->flags & IOMMUBENCH_RUN_VERIFY && !run->ops->verify) {
		err = bench_refuse(msg, -EINVAL, "this workload has no verifier beside it");
		goto put;
	}
	if (desc->flags & IOMMUBENCH_RUN_PHASES && !run->ops->by_phase) {
		err = bench_refuse(msg, -EINVAL, "this workload has one phase only: count its whole run");
		goto put;
	}
	err = run_copy_cpus(run, msg) ?:
	      run_copy_params(run, msg) ?:
	      bench_memory_init(&run->memory, desc->memory, msg) ?:
	      run_layout(run, msg);
	if (err)
		goto put;
	if (bd->user_dma && !run->ops->makes_no_mappings) {
		err = bench_refuse(msg, -EOPNOTSUPP, "device %s is bound to a driver that leaves its DMA to user space: bind it to kmod_iommu_test",
				   dev_name(bd->dev));
		goto put;
	}
	err = run->ops->prepare(run, msg);
	if (err)
		goto put;
	run->reaped = false;
	run->desc.batch = run->batch;
	*desc = run->desc;
	return run;

put:
	bench_run_put(run);
	return ERR_PTR(err);
}

/**
 * bench_run_memory() - tell where a run's memory comes from
 * @run: prepared, also when it has ended
 * @told: nodes and nr_nodes as the tool gave them; nr_nodes becomes how many nodes there are
 *
 * Context: process.
 * Return: 0 or -EFAULT.
 */
int bench_run_memory(const struct bench_run *run, struct iommubench_memory *told)
{
	struct iommubench_node_memory __user *to = u64_to_user_ptr(told->nodes);
	unsigned int node;

	for (node = 0; node < nr_node_ids && node < told->nr_nodes; node++) {
		const struct iommubench_node_memory from = {
			.buffer_bytes = bench_memory_bytes(&run->memory, BENCH_MEMORY_BUFFER, node),
			.count_bytes = bench_memory_bytes(&run->memory, BENCH_MEMORY_COUNTS, node),
		};

		if (copy_to_user(&to[node], &from, sizeof(from)))
			return -EFAULT;
	}
	told->nr_nodes = nr_node_ids;
	return 0;
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
	unsigned int i, n = run_threads(run);

	if (run->started)
		return run_open_gate(run);
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
	if (run->ops->abandon && run->started && !run->reaped)
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
	for (i = 0; i < run_threads(run); i++) {
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
	run->ops->release(run);
	run->reaped = true;
}

/**
 * bench_run_wait() - wait for the end of a run
 * @run: started; the caller holds a reference
 * @timeout_ns: at most this long, 0 for ever
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
	bool shared = run->shared && vma->vm_pgoff == run->desc.mmap_bytes >> PAGE_SHIFT;
	int err;

	if (!shared && vma->vm_flags & VM_WRITE)
		return -EACCES;
	if (!shared && vma->vm_pgoff)
		return -EINVAL;
	err = remap_vmalloc_range(vma, shared ? run->shared : run->area, 0);
	if (err)
		return err;
	if (!shared)
		bench_vma_read_only(vma);
	vma->vm_private_data = run;
	vma->vm_ops = &run_vm_ops;
	bench_run_get(run);
	return 0;
}
