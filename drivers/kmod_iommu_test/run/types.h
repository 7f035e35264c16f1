/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run is made of: its threads, and the workload that they do.
 */
#ifndef IOMMUBENCH_RUN_TYPES_H
#define IOMMUBENCH_RUN_TYPES_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <iommubench/hist.h>
#include <uapi/iommubench.h>

#include "iommu/ownership.h"
#include "memory/memory.h"
#include "memory/need.h"
#include "message.h"

struct bench_device;
struct bench_file;
struct bench_run;
struct task_struct;

#define BENCH_MAX_PHASES	14

/**
 * struct bench_thread - one worker
 * @run: the run it belongs to
 * @index: number of the worker, from 0
 * @cpu: where it is pinned, -1 for anywhere
 * @node: NUMA node for what it allocates
 * @task: the kernel thread, NULL before START; a reference is held
 * @page: what it tells the tool, NULL for the verifier
 * @hist: its histograms, one a phase
 * @count: operations it is to do, 0 for no limit
 * @from: tick at which the time begins that its loop is for
 * @work: the workload's own
 */
struct bench_thread {
	struct bench_run *run;
	unsigned int index;
	int cpu;
	int node;
	struct task_struct *task;
	struct iommubench_thread *page;
	struct iommubench_hist *hist[BENCH_MAX_PHASES];
	u64 count;
	u64 from;
	void *work;
} ____cacheline_aligned_in_smp;

/**
 * struct bench_workload_ops - one kind of load
 * @params_bytes: size of its parameter struct
 * @params_least: size of that struct's first version, which never changes
 * @phases: histograms a thread has, at most BENCH_MAX_PHASES
 * @makes_no_mappings: it may run where the device's DMA is user space's
 * @use: what a run with these parameters, which nobody has checked yet, needs the device's DMA for
 * @prepare: check @run->params, then whether there is memory for @run->need and its own, take all
 *	that the run needs, set @run->batch and the output fields of the parameters. The threads'
 *	pages and histograms are not there yet. Called with the device's lock held, may sleep.
 *	Return: 0, or a negative errno with @msg filled and nothing taken
 * @release: give everything back; all threads have ended. May sleep
 * @sample_empty: one timed sample of @run->batch (or @run->empty_batch) operations
 *	that do nothing, by the same path as real ones. Return: its length in ticks
 * @begin: what a thread does before the barrier. Return: 0 or a negative errno
 *	after bench_run_fail()
 * @loop: work until @until (ticks), @count operations (0: no limit) or
 *	bench_run_stopped(); add to the histograms when @record. With a rate, operations are due
 *	from the thread's @from on; those due before @until are begun, if need be until
 *	bench_due_last(), and the rest is told to bench_due_account()
 * @by_phase: the work of @loop for IOMMUBENCH_RUN_PHASES: one phase after the other, each behind a
 *	bench_run_phase(), until the thread's count or bench_run_stopped(). All threads of a run
 *	come to the same gates. NULL when the workload has one phase only
 * @end: undo @begin and whatever @loop or @by_phase left
 * @abandon: the run was stopped, and nobody is left who would answer what is under way, or wait
 *	for it: let it go, so that the threads can end. Called with the device's lock held, may
 *	sleep; NULL when there is nothing that would not end by itself
 * @verify: one round of checks in the verifier thread, NULL when the workload
 *	has none; called at least once in a run that asks for it
 */
struct bench_workload_ops {
	size_t params_bytes;
	size_t params_least;
	unsigned int phases;
	bool makes_no_mappings;
	enum bench_use (*use)(const void *params);
	int (*prepare)(struct bench_run *run, struct bench_message *msg);
	void (*release)(struct bench_run *run);
	u64 (*sample_empty)(struct bench_thread *t);
	int (*begin)(struct bench_thread *t);
	void (*loop)(struct bench_thread *t, u64 until, u64 count, bool record);
	void (*by_phase)(struct bench_thread *t);
	void (*end)(struct bench_thread *t);
	void (*abandon)(struct bench_run *run);
	int (*verify)(struct bench_thread *t);
};

/**
 * struct bench_run - a run and all that belongs to it
 * @ref: held by the file, by every mapping of @area and by waiters
 * @bd: the device, a reference is held
 * @ops: the workload
 * @desc: what the tool asked for
 * @params: kernel copy of the workload's parameters
 * @params_back: bytes of it that the tool gets back
 * @cpus: CPU list, NULL when threads are not pinned
 * @owner: process that prepared it
 * @by: the file through which it did, only to be compared with another one
 * @claim: to the device's DMA, from before the workload's prepare() until after its release()
 * @memory: where its memory comes from
 * @need: how much its threads and what they count in take, to which the workload adds its own
 * @live: in the list of runs that have threads
 * @pages: what @area is made of, each thread's from its own node
 * @area: memory that the tool maps: thread pages and histograms
 * @shared: memory that the tool maps behind it and writes to, the workload's own; NULL for none
 * @threads: the workers, @desc.threads of them, and behind them the verifier
 * @batch: operations in one timed sample
 * @empty_batch: operations in an empty one, @batch when it is 0
 * @window: mappings that a thread keeps alive, for the result
 * @duration: time that is measured, in ticks; 0 for no limit
 * @warmup: time before anything is counted, in ticks
 * @started: START was given
 * @reaped: threads are gone and the device is free of this run
 * @stop: workers look at it after every sample
 * @end: enum iommubench_end, set once
 * @barrier: workers that have yet to reach the start
 * @start_wait: where they wait for each other
 * @start: tick at which all of them begin, 0 until the last has arrived
 * @gates: gates opened so far; workers stand still at the next one
 * @gates_over: the last one is open
 * @loading: workers still at work, the verifier not counted
 * @working: threads still at work, the verifier counted
 * @ended: completed when @working reaches 0
 * @lock: guards what follows
 * @error: errno of the first operation that failed
 * @message: line that says what failed
 * @checks: written by one thread only: the verifier, or the one that the workload has for that;
 *	or by all of them at their end, with @lock held. IOMMUBENCH_CHECK_MAPPING by any of them,
 *	with @lock held
 * @work: the workload's own
 */
struct bench_run {
	struct kref ref;
	struct bench_device *bd;
	const struct bench_workload_ops *ops;
	struct iommubench_run desc;
	void *params;
	size_t params_back;
	u32 *cpus;
	pid_t owner;
	const struct bench_file *by;
	struct bench_claim claim;
	struct bench_memory memory;
	struct bench_need need;
	struct list_head live;
	struct page **pages;
	void *area;
	void *shared;
	struct bench_thread *threads;
	unsigned int batch;
	unsigned int empty_batch;
	unsigned int window;
	u64 duration;
	u64 warmup;
	bool started;
	bool reaped;

	int stop ____cacheline_aligned_in_smp;
	atomic_t end;

	atomic_t barrier ____cacheline_aligned_in_smp;
	wait_queue_head_t start_wait;
	u64 start;
	unsigned int gates;
	bool gates_over;
	atomic_t loading;
	atomic_t working;
	struct completion ended;

	spinlock_t lock ____cacheline_aligned_in_smp;
	int error;
	struct bench_message message;
	struct iommubench_check checks[IOMMUBENCH_CHECKS];
	void *work;
};

/* The workers, and the verifier if there is one. */
static inline unsigned int bench_run_threads(const struct bench_run *run)
{
	return run->desc.threads + !!(run->desc.flags & IOMMUBENCH_RUN_VERIFY);
}

/* Workers ask after every sample; nobody writes it while they work. */
static inline bool bench_run_stopped(const struct bench_run *run)
{
	return READ_ONCE(run->stop);
}

#endif /* IOMMUBENCH_RUN_TYPES_H */
