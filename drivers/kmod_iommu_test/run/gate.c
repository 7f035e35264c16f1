// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the threads of a run stand still, all of it outside of timed samples.
 */
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "clock.h"
#include "run/gate.h"

/* From the last worker's arrival to the common start: long enough to wake the others. */
#define BENCH_START_DELAY_NS	(200 * NSEC_PER_USEC)
/* A sleeping worker looks this often whether it should stop. */
#define BENCH_SLEEP_SLICE_NS	(10 * NSEC_PER_MSEC)
/* Sleeping is no more exact than this; the rest is spent spinning. */
#define BENCH_SLEEP_SLACK_NS	(60 * NSEC_PER_USEC)

/**
 * bench_sleep_until() - wait for a moment, cheaply when it is far away
 * @run: ends the wait early when it is stopped
 * @tick: the moment, in ticks of bench_clock()
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

/**
 * bench_run_barrier() - wait for all workers of a run
 * @run: the run
 *
 * All of them leave here at the same tick, or at once when the run was stopped.
 *
 * Context: a worker's kernel thread, once in each run; sleeps.
 */
void bench_run_barrier(struct bench_run *run)
{
	if (atomic_dec_and_test(&run->barrier)) {
		WRITE_ONCE(run->start, run_start_soon());
		wake_up_all(&run->start_wait);
	}
	wait_event_idle(run->start_wait, READ_ONCE(run->start) || bench_run_stopped(run));
	run_await_start(run);
}

/**
 * bench_run_gate() - stand still until the tool lets the worker on, or the run is stopped
 * @t: the worker
 * @state: what its page tells meanwhile
 *
 * Comes back at once in a run without gates.
 *
 * Context: the worker's kernel thread; sleeps.
 */
void bench_run_gate(struct bench_thread *t, enum iommubench_thread_state state)
{
	struct bench_run *run = t->run;
	u32 gate = t->page->gate;

	if (!(run->desc.flags & IOMMUBENCH_RUN_GATES))
		return;
	WRITE_ONCE(t->page->state, state);
	/* Who sees that it is here sees all else that it tells. */
	smp_store_release(&t->page->gate, gate + 1);
	wait_event_idle(run->start_wait, READ_ONCE(run->gates) > gate || bench_run_stopped(run));
	/* Pairs with the write barrier in bench_run_open_gate(): the new start came before. */
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
	bench_run_gate(t, IOMMUBENCH_THREAD_READY);
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

/**
 * bench_run_open_gate() - let all workers of a run on
 * @run: the run, after START
 *
 * Context: with the device's lock held; does not sleep.
 * Return: 0; -EALREADY when the run has no more gates; -EBUSY when a worker is not there yet.
 */
int bench_run_open_gate(struct bench_run *run)
{
	bool phases = run->desc.flags & IOMMUBENCH_RUN_PHASES, over = true;
	unsigned int i;

	if (!(run->desc.flags & IOMMUBENCH_RUN_GATES) || run->gates_over)
		return -EALREADY;
	for (i = 0; i < run->desc.threads; i++) {
		const struct iommubench_thread *page = run->threads[i].page;

		/* Pairs with bench_run_gate(). */
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
