// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tlb-flush workload. A sample is a round: all its mappings are made, then
 * undone by the strategy. Watching the device meanwhile is in watch.c,
 * and in runs of its own, because it disturbs what is timed here.
 */
#include <linux/minmax.h>
#include <linux/sched.h>

#include "clock.h"
#include "run/gate.h"
#include "tlb_flush/round.h"
#include "tlb_flush/tlb_flush.h"

static u64 tf_sample_empty(struct bench_thread *t)
{
	struct tf_thread *tt = t->work;
	const struct tf_strategy *empty = &tt->work->empty;
	unsigned int n = t->run->empty_batch;
	struct tf_times times;

	tf_timed_map(tt, empty, n, &times);
	tf_timed_unmap(tt, empty, n, &times);
	return times.map + times.unmap + times.flush;
}

static int tf_cost_round(struct bench_thread *t, unsigned int n, bool record)
{
	struct tf_thread *tt = t->work;
	const struct tf_strategy *strategy = tt->work->strategy;
	unsigned int cpu = raw_smp_processor_id();
	struct tf_times times;
	int err;

	err = tf_timed_map(tt, strategy, n, &times);
	if (unlikely(err))
		return tf_map_failed(t, err);
	if (unlikely(tf_timed_unmap(tt, strategy, n, &times)))
		return tf_unmap_failed(t);
	if (!record)
		return 0;
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_MAP], times.map);
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_UNMAP], times.unmap);
	if (strategy->flush)
		iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_FLUSH], times.flush);
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_TOTAL], times.unmap + times.flush);
	if (cpu != raw_smp_processor_id())
		WRITE_ONCE(t->page->migrations, t->page->migrations + 1);
	return 0;
}

static bool tf_watches(const struct bench_thread *t)
{
	const struct tf_thread *tt = t->work;

	return tt->work->mode != IOMMUBENCH_FLUSH_COST && t->index == 0;
}

static void tf_loop(struct bench_thread *t, u64 until, u64 count, bool record)
{
	struct tf_thread *tt = t->work;
	const struct tf_work *work = tt->work;
	bool watches = tf_watches(t), cost = record && work->mode == IOMMUBENCH_FLUSH_COST;
	u64 done = 0;
	int err;

	tt->now = bench_clock();
	while (!bench_run_stopped(t->run) && tt->now < until) {
		unsigned int n = work->mappings;

		if (count)
			n = min_t(u64, n, count - done);
		/* A round cut short by the count is no sample. */
		err = watches ? tf_watch_round(t, n, record) :
				tf_cost_round(t, n, cost && n == work->mappings);
		if (err)
			break;
		tt->rounds++;
		done += n;
		if (record)
			WRITE_ONCE(t->page->ops, t->page->ops + n);
		if (count && done == count)
			break;
		cond_resched();
	}
}

/*
 * The round's phases one by one. What is mapped is undone in any case: where the run was stopped,
 * gates do not hold.
 */
static void tf_round_by_phase(struct bench_thread *t, unsigned int n)
{
	struct tf_thread *tt = t->work;
	const struct tf_strategy *strategy = tt->work->strategy;
	bool apart = strategy->flush && !strategy->flush_each;
	struct tf_strategy unmap = *strategy;
	struct tf_times ignored;
	int err;

	if (apart)
		unmap.flush = NULL;
	bench_run_phase(t, IOMMUBENCH_PHASE_NONE, 0);
	bench_run_phase(t, IOMMUBENCH_PHASE_FLUSH_MAP, n);
	err = tf_timed_map(tt, strategy, n, &ignored);
	if (err) {
		tf_map_failed(t, err);
		return;
	}
	bench_run_phase(t, strategy->flush_each ? IOMMUBENCH_PHASE_FLUSH_TOTAL :
			IOMMUBENCH_PHASE_FLUSH_UNMAP, n);
	err = tf_timed_unmap(tt, &unmap, n, &ignored);
	if (apart) {
		bench_run_phase(t, IOMMUBENCH_PHASE_FLUSH_FLUSH, !!n);
		if (n)
			strategy->flush(tt);
	}
	if (err)
		tf_unmap_failed(t);
}

static void tf_by_phase(struct bench_thread *t)
{
	struct tf_thread *tt = t->work;
	unsigned int block = tt->work->mappings, n;
	u64 done;

	/* The first thread has as much to do as any. */
	for (done = 0; done < t->run->threads[0].count && !bench_run_stopped(t->run);
	     done += block) {
		n = bench_run_share(t, done, block);
		tf_round_by_phase(t, n);
		tt->rounds++;
		WRITE_ONCE(t->page->ops, t->page->ops + n);
	}
}

static int tf_begin(struct bench_thread *t)
{
	return tf_watches(t) ? tf_watch_begin(t) : 0;
}

static void tf_end(struct bench_thread *t)
{
	if (tf_watches(t))
		tf_watch_end(t);
}

const struct bench_workload_ops bench_tlb_flush = {
	.params_bytes = sizeof(struct iommubench_tlb_flush),
	.params_least = offsetofend(struct iommubench_tlb_flush, watch_error_ns),
	.phases = IOMMUBENCH_TLB_FLUSH_PHASES,
	.use = tf_use,
	.prepare = tf_prepare,
	.release = tf_release,
	.sample_empty = tf_sample_empty,
	.begin = tf_begin,
	.loop = tf_loop,
	.by_phase = tf_by_phase,
	.end = tf_end,
};
