/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One round, timed. The loop that times and the watch both have this code in themselves.
 */
#ifndef IOMMUBENCH_TLB_FLUSH_ROUND_H
#define IOMMUBENCH_TLB_FLUSH_ROUND_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "clock.h"
#include "tlb_flush/internal.h"

/**
 * struct tf_times - what a round took, in ticks
 * @map: all maps of the round
 * @unmap: all unmaps of the round
 * @flush: invalidations of the round, 0 when they were part of the unmaps
 */
struct tf_times {
	u64 map;
	u64 unmap;
	u64 flush;
};

/*
 * A long round must not keep a CPU to itself, nor go on when nobody waits for it. What others do
 * meanwhile is not the round's: the clock stands still, so that *@since counts into *@sum before.
 * Return: whether the run was stopped.
 */
static __always_inline bool tf_breathe(const struct tf_work *work, unsigned int i, u64 *since,
				       u64 *sum)
{
	if (likely((i & work->breath) != work->breath))
		return false;
	*sum += bench_clock() - *since;
	cond_resched();
	*since = bench_clock();
	return bench_run_stopped(work->run);
}

/*
 * The timed path: two clock reads an operation at most, each of which ends one
 * phase and starts the next. The same code times the empty sample, by a strategy that
 * reads the clock as often, so that the harness's cost is measured with all that
 * belongs to it.
 */
static __always_inline int tf_timed_map(struct tf_thread *tt, const struct tf_strategy *strategy,
					unsigned int n, struct tf_times *times)
{
	unsigned int i;
	int err = 0;
	u64 start;

	times->map = 0;
	start = bench_clock();
	for (i = 0; i < n; i++) {
		if (unlikely(tf_breathe(tt->work, i, &start, &times->map)))
			err = -EINTR;
		else
			err = strategy->map(tt, &tt->iova[i]);
		if (unlikely(err))
			break;
	}
	tt->now = bench_clock();
	times->map += tt->now - start;
	if (unlikely(err)) {
		while (i--) {
			strategy->unmap(tt, tt->iova[i], tt->work->bytes);
			cond_resched();
		}
		if (strategy->flush)
			strategy->flush(tt);
	}
	return err;
}

static __always_inline int tf_timed_unmap(struct tf_thread *tt, const struct tf_strategy *strategy,
					  unsigned int n, struct tf_times *times)
{
	const struct tf_work *work = tt->work;
	unsigned int i, step = strategy->whole ? work->chunk : 1;
	/* One call for all is followed by nothing that needs a breath. */
	unsigned int further = step < n ? step - 1 : 0;
	u64 last, middle;
	int err = 0;

	times->unmap = 0;
	times->flush = 0;
	last = bench_clock();
	for (i = 0; i < n; i += step) {
		err |= strategy->unmap(tt, tt->iova[i], min(step, n - i) * work->bytes);
		if (strategy->flush_each) {
			middle = bench_clock();
			strategy->flush(tt);
			tt->now = bench_clock();
			times->unmap += middle - last;
			times->flush += tt->now - middle;
			last = tt->now;
		}
		tf_breathe(work, i + further, &last, &times->unmap);
	}
	if (!strategy->flush_each) {
		tt->now = bench_clock();
		times->unmap += tt->now - last;
		if (strategy->flush) {
			middle = tt->now;
			strategy->flush(tt);
			tt->now = bench_clock();
			times->flush = tt->now - middle;
		}
	}
	return err;
}

int tf_map_failed(struct bench_thread *t, int err);
int tf_unmap_failed(struct bench_thread *t);

#endif /* IOMMUBENCH_TLB_FLUSH_ROUND_H */
