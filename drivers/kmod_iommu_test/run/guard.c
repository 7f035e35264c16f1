// SPDX-License-Identifier: GPL-2.0-only
/*
 * A look at free memory now and then while a run lasts. What it takes was estimated beforehand, but
 * others take memory as well, and what the kernel's allocators of addresses touch is only guessed.
 * Memory for page tables is allocated so that the kernel would rather kill a process than fail, so
 * the run has to end before it comes to that.
 */
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "iommu/need.h"
#include "run/guard.h"
#include "run/run.h"

/* Some microseconds of one CPU each time. */
#define GUARD_PERIOD_MS		20

static void guard_look(struct work_struct *work)
{
	struct bench_run *run = container_of(to_delayed_work(work), struct bench_run, guard);
	u64 free = bench_memory_free_bytes(), reserve = bench_memory_reserve_bytes();

	if (bench_run_stopped(run))
		return;
	if (free < reserve) {
		bench_run_fail(run, -ENOMEM,
			       "memory is short: %llu MiB are free and %llu MiB must stay so, the run was stopped: use fewer threads or mappings, or a smaller IOVA span",
			       free >> 20, reserve >> 20);
		return;
	}
	queue_delayed_work(system_unbound_wq, &run->guard, msecs_to_jiffies(GUARD_PERIOD_MS));
}

/**
 * bench_guard_init() - make a run ready to be guarded
 * @run: the run
 */
void bench_guard_init(struct bench_run *run)
{
	INIT_DELAYED_WORK(&run->guard, guard_look);
}

/**
 * bench_guard_begin() - stop a run from now on when memory gets short
 * @run: the run, about to start
 *
 * Context: any.
 */
void bench_guard_begin(struct bench_run *run)
{
	queue_delayed_work(system_unbound_wq, &run->guard, 0);
}

/**
 * bench_guard_end() - stop looking
 * @run: the run, guarded or not
 *
 * Context: process; sleeps until a look under way is over.
 */
void bench_guard_end(struct bench_run *run)
{
	cancel_delayed_work_sync(&run->guard);
}
