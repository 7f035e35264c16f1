// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map/unmap workload. A sample is a batch of maps, or a batch of unmaps:
 * two clock reads, and between them nothing but the API under test. Addresses
 * are chosen, holds are waited for and due times are computed between samples.
 */
#include <linux/iommu.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "clock.h"
#include "map_unmap/internal.h"
#include "map_unmap/map_unmap.h"
#include "map_unmap/sample.h"
#include "run/gate.h"
#include "run/run.h"

static struct mu_slot *mu_group(struct mu_thread *mt, unsigned int group)
{
	return &mt->slots[group * mt->batch];
}

static unsigned int mu_next_group(const struct mu_thread *mt, unsigned int group)
{
	return (group + 1) * mt->batch == mt->window ? 0 : group + 1;
}

static u64 mu_sample_empty(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;
	u64 start;

	mu_timed_map(mt, &mu_api_null, mt->slots, mt->batch, &start);
	return mt->now - start;
}

/* @due is 0 in a closed loop. */
static void mu_record(struct bench_thread *t, enum iommubench_map_unmap_phase phase, u64 due,
		      u64 start, unsigned int cpu)
{
	struct mu_thread *mt = t->work;

	if (due) {
		iommubench_hist_add(t->hist[phase], mt->now - due);
		phase += IOMMUBENCH_PHASE_MAP_SERVICE - IOMMUBENCH_PHASE_MAP;
	}
	iommubench_hist_add(t->hist[phase], mt->now - start);
	if (cpu != raw_smp_processor_id())
		WRITE_ONCE(t->page->migrations, t->page->migrations + 1);
}

/* Return: whether it came; false when the run ends before. */
static bool mu_wait_until(struct bench_thread *t, u64 tick)
{
	struct mu_thread *mt = t->work;

	bench_sleep_until(t->run, min(tick, mt->until));
	return tick <= mt->until && !bench_run_stopped(t->run);
}

static int mu_map_group(struct bench_thread *t, unsigned int n, bool record)
{
	struct mu_thread *mt = t->work;
	struct mu_slot *slots = mu_group(mt, mt->head);
	const struct bench_iova iova = mt->iova;
	unsigned int i, cpu;
	u64 start, due = mt->due;
	int err;

	if (mt->work->domain)
		for (i = 0; i < n; i++)
			slots[i].iova = bench_iova_next(&mt->iova);
	if (due && !mu_wait_until(t, due)) {
		/* Those addresses were not used, and must not be skipped. */
		mt->iova = iova;
		return -ETIME;
	}
	cpu = raw_smp_processor_id();
	err = mu_timed_map(mt, mt->work->api, slots, n, &start);
	if (unlikely(err))
		return mu_map_failed(t, err);
	mt->group_size[mt->head] = n;
	mt->group_tick[mt->head] = mt->now;
	mt->head = mu_next_group(mt, mt->head);
	mt->live += n;
	if (record) {
		WRITE_ONCE(t->page->ops, t->page->ops + n);
		if (due && start > due + mt->work->interval)
			WRITE_ONCE(t->page->late, t->page->late + 1);
		if (n == mt->batch)
			mu_record(t, IOMMUBENCH_PHASE_MAP, due, start, cpu);
	}
	return 0;
}

static int mu_unmap_group(struct bench_thread *t, bool record)
{
	struct mu_thread *mt = t->work;
	const struct mu_work *work = mt->work;
	struct mu_slot *slots = mu_group(mt, mt->tail);
	unsigned int n = mt->group_size[mt->tail], cpu;
	u64 start, free = mt->group_tick[mt->tail] + work->hold, due = 0;
	int err;

	/* Half-way between two maps, so that a late map does not count twice. */
	if (mt->due)
		due = max(mt->due + work->interval / 2, work->hold ? free : 0);
	if (work->hold && !mu_wait_until(t, free))
		return -ETIME;
	if (due && !mu_wait_until(t, due))
		return -ETIME;
	cpu = raw_smp_processor_id();
	err = mu_timed_unmap(mt, work->api, slots, n, &start);
	mt->tail = mu_next_group(mt, mt->tail);
	mt->live -= n;
	if (unlikely(err))
		return mu_unmap_failed(t, err);
	if (record && n == mt->batch)
		mu_record(t, IOMMUBENCH_PHASE_UNMAP, due, start, cpu);
	return 0;
}

/* Each worker has its own share of the due times, evenly between the others'. */
static void mu_schedule_first(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;

	mt->due = bench_clock() +
		  div_u64(mt->work->interval * t->index, t->run->desc.threads) + 1;
	mt->due_rest = 0;
}

static void mu_schedule_next(struct mu_thread *mt)
{
	mt->due += mt->work->interval;
	mt->due_rest += mt->work->interval_rest;
	if (mt->due_rest >= mt->work->interval_scale) {
		mt->due_rest -= mt->work->interval_scale;
		mt->due++;
	}
}

static void mu_loop(struct bench_thread *t, u64 until, u64 count, bool record)
{
	struct mu_thread *mt = t->work;
	struct bench_run *run = t->run;
	u64 done = 0;

	if (run->desc.rate_mhz)
		mu_schedule_first(t);
	mt->now = bench_clock();
	mt->until = until;
	/* The warm-up may have ended while it waited to unmap. */
	if (mt->live + mt->batch > mt->window && mu_unmap_group(t, false))
		return;
	while (!bench_run_stopped(run) && mt->now < until) {
		unsigned int n = mt->batch;

		if (count)
			n = min_t(u64, n, count - done);
		if (mu_map_group(t, n, record))
			break;
		done += n;
		if (mt->live + mt->batch > mt->window && mu_unmap_group(t, record))
			break;
		if (count && done == count)
			break;
		if (mt->due)
			mu_schedule_next(mt);
		cond_resched();
	}
}

static int mu_prefill(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;
	const struct mu_work *work = mt->work;
	u64 i;
	int err;

	if (!work->prefill)
		return 0;
	mt->prefill_buffers = kvcalloc(work->prefill, sizeof(*mt->prefill_buffers), GFP_KERNEL);
	mt->prefill_slots = kvcalloc(work->prefill, sizeof(*mt->prefill_slots), GFP_KERNEL);
	if (!mt->prefill_buffers || !mt->prefill_slots)
		return bench_run_fail(t->run, -ENOMEM, "no memory for the list of %llu prefilled mappings",
				      work->prefill);
	for (i = 0; i < work->prefill; i++) {
		struct mu_slot *slot = &mt->prefill_slots[i];

		if (bench_run_stopped(t->run))
			return -EINTR;
		err = bench_buffer_alloc(&mt->prefill_buffers[i], &t->run->memory, work->bytes,
					 work->piece_bytes, t->node);
		if (err)
			return bench_run_fail(t->run, err, "no memory for prefilled mapping %llu of %llu in thread %u",
					      i, work->prefill, t->index);
		slot->buffer = &mt->prefill_buffers[i];
		/* Behind the places that the thread's own mappings move in. */
		slot->iova = mt->iova.base + (work->places + i) * work->step_bytes;
		err = work->api->map(mt, slot);
		if (err)
			return mu_map_failed(t, err);
		mt->prefill_live++;
		cond_resched();
	}
	return 0;
}

static void mu_end(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;
	const struct mu_api *api = mt->work->api;
	u64 i;

	while (mt->live) {
		struct mu_slot *slots = mu_group(mt, mt->tail);
		unsigned int n = mt->group_size[mt->tail];
		u64 start;

		if (mu_timed_unmap(mt, api, slots, n, &start))
			mu_unmap_failed(t, -EIO);
		mt->tail = mu_next_group(mt, mt->tail);
		mt->live -= n;
	}
	for (i = 0; i < mt->prefill_live; i++) {
		api->unmap(mt, &mt->prefill_slots[i]);
		cond_resched();
	}
	mt->prefill_live = 0;
	if (api->sync)
		api->sync(mt);
	/* Freed only now: the last invalidation may have been the one above. */
	for (i = 0; mt->prefill_buffers && i < mt->work->prefill; i++)
		bench_buffer_free(&mt->prefill_buffers[i]);
	kvfree(mt->prefill_buffers);
	kvfree(mt->prefill_slots);
	mt->prefill_buffers = NULL;
	mt->prefill_slots = NULL;
}

static int mu_begin(struct bench_thread *t)
{
	int err = mu_prefill(t);

	if (err)
		mu_end(t);
	return err;
}

const struct bench_workload_ops bench_map_unmap = {
	.params_bytes = sizeof(struct iommubench_map_unmap),
	.phases = IOMMUBENCH_MAP_UNMAP_PHASES,
	.prepare = mu_prepare,
	.release = mu_release,
	.sample_empty = mu_sample_empty,
	.begin = mu_begin,
	.loop = mu_loop,
	.by_phase = mu_by_phase,
	.end = mu_end,
	.verify = mu_verify,
};
