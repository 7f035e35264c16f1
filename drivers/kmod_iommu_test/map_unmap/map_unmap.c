// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map/unmap workload. A sample is a batch of maps, or a batch of unmaps:
 * two clock reads, and between them nothing but the API under test. Addresses
 * are chosen, holds are waited for and due times are computed between samples.
 * Where there are no pauses, a map's sample ends and an unmap's begins with the
 * same read.
 */
#include <linux/iommu.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/sched.h>

#include "clock.h"
#include "map_unmap/internal.h"
#include "map_unmap/map_unmap.h"
#include "map_unmap/sample.h"
#include "run/due.h"
#include "run/gate.h"
#include "run/run.h"

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

/* Operations that are done: mapped and unmapped again. */
static __always_inline void mu_count(struct bench_thread *t, unsigned int n)
{
	u64 ops = t->page->ops + n;

	/* A batch from the warm-up may have been larger than what was left to do. */
	if (t->count && ops > t->count)
		ops = t->count;
	WRITE_ONCE(t->page->ops, ops);
}

/* Return: whether it came; false when the run ends before. */
static bool mu_wait_until(struct bench_thread *t, u64 tick)
{
	struct mu_thread *mt = t->work;
	u64 end = mt->due && mt->due < mt->until ? mt->last : mt->until;

	bench_sleep_until(t->run, min(tick, end));
	return tick < end && !bench_run_stopped(t->run);
}

static void mu_choose_iova(struct mu_thread *mt, struct mu_group *group, unsigned int n)
{
	unsigned int i;

	if (mt->work->domain)
		for (i = 0; i < n; i++)
			group->slots[i].iova = bench_iova_next(&mt->iova);
}

static int mu_map_group(struct bench_thread *t, unsigned int n, bool record)
{
	struct mu_thread *mt = t->work;
	const struct bench_iova iova = mt->iova;
	struct mu_group *group = mt->head;
	u64 start, due = mt->due;
	unsigned int cpu;
	int err;

	mu_choose_iova(mt, group, n);
	if (due && !mu_wait_until(t, due)) {
		/* Those addresses were not used, and must not be skipped. */
		mt->iova = iova;
		return -ETIME;
	}
	cpu = raw_smp_processor_id();
	err = mu_timed_map(mt, mt->work->api, group->slots, n, &start);
	if (unlikely(err))
		return mu_map_failed(t, err);
	group->size = n;
	group->tick = mt->now;
	mt->head = group->next;
	mt->live += n;
	if (!record)
		return 0;
	if (due) {
		WRITE_ONCE(t->page->begun, t->page->begun + n);
		if (start > due + mt->work->interval)
			WRITE_ONCE(t->page->late, t->page->late + 1);
	}
	if (n == mt->batch)
		mu_record(t, IOMMUBENCH_PHASE_MAP, due, start, cpu);
	return 0;
}

/* @due is 0 for as soon as it may be. */
static int mu_unmap_group(struct bench_thread *t, bool record, u64 due)
{
	struct mu_thread *mt = t->work;
	const struct mu_work *work = mt->work;
	struct mu_group *group = mt->tail;
	u64 start, free = group->tick + work->hold;
	unsigned int n = group->size, cpu;
	int err;

	if (due && work->hold)
		due = max(due, free);
	if (work->hold && !mu_wait_until(t, free))
		return -ETIME;
	if (due && !mu_wait_until(t, due))
		return -ETIME;
	cpu = raw_smp_processor_id();
	err = mu_timed_unmap(mt, work->api, group->slots, n, &start);
	mt->tail = group->next;
	mt->live -= n;
	if (unlikely(err))
		return mu_unmap_failed(t, err);
	if (!record)
		return 0;
	mu_count(t, n);
	if (n == mt->batch)
		mu_record(t, IOMMUBENCH_PHASE_UNMAP, due, start, cpu);
	return 0;
}

/* Each worker has its own share of the due times, evenly between the others'. */
static void mu_schedule_first(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;

	mt->due = t->from + mul_u64_u64_div_u64(mt->work->interval, t->index,
						t->run->desc.threads);
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

/* Half-way between two maps, so that a late map does not count twice. */
static u64 mu_unmap_due(const struct mu_thread *mt)
{
	return mt->due ? mt->due + mt->work->interval / 2 : 0;
}

/* Samples that are due before a tick and were not begun. */
static u64 mu_owed(const struct mu_thread *mt, u64 end)
{
	u64 scale = mt->work->interval_scale, parts;
	u64 interval = mt->work->interval * scale + mt->work->interval_rest;

	if (mt->due >= end)
		return 0;
	if (!check_mul_overflow(end - mt->due, scale, &parts))
		return div64_u64(parts - mt->due_rest - 1, interval) + 1;
	return mul_u64_u64_div_u64(end - 1 - mt->due, scale, interval) + 1;
}

/* Tells what was due, also what was never begun: of the @left that there was to do at most. */
static void mu_account(struct bench_thread *t, u64 until, u64 left)
{
	struct mu_thread *mt = t->work;
	u64 samples = 0;

	if (left)
		samples = min(mu_owed(mt, bench_due_end(t->run, until)),
			      div_u64(left - 1, mt->batch) + 1);
	bench_due_account(t, min(samples * mt->batch, left), samples);
}

/* Does the oldest group have to go, before another one can be mapped? */
static bool mu_full(const struct mu_thread *mt)
{
	return mt->live + mt->batch > mt->window;
}

/* How many mappings come next; 0 when the loop is over. */
static __always_inline unsigned int mu_next(const struct bench_thread *t, u64 until, u64 left)
{
	const struct mu_thread *mt = t->work;

	if (bench_run_stopped(t->run) || mt->now >= until)
		return 0;
	return min_t(u64, mt->batch, left);
}

/* With pauses: each sample waits for its moment. Return: operations that were not begun. */
static u64 mu_paced_loop(struct bench_thread *t, u64 left, bool record)
{
	struct mu_thread *mt = t->work;
	unsigned int n;
	u64 due;

	while ((n = mu_next(t, mt->last, left))) {
		if (mu_map_group(t, n, record))
			break;
		left -= n;
		due = mu_unmap_due(mt);
		if (mt->due)
			mu_schedule_next(mt);
		if (mu_full(mt) && mu_unmap_group(t, record, due))
			break;
		cond_resched();
	}
	return left;
}

/*
 * A map and an unmap with nothing between them: the end of the one sample is the start of the
 * other, and all that is counted is counted after both.
 */
static __always_inline int mu_turn(struct bench_thread *t, struct mu_thread *mt, unsigned int n,
				   bool record)
{
	struct mu_group *head = mt->head, *tail = mt->tail;
	const struct mu_api *api = mt->work->api;
	unsigned int unmaps, cpu = raw_smp_processor_id();
	const struct mu_slot *end;
	struct mu_slot *oldest;
	u64 start, mapped;
	int err;

	mu_choose_iova(mt, head, n);
	/* It may be the oldest as well. */
	head->size = n;
	unmaps = tail->size;
	oldest = tail->slots;
	end = oldest + unmaps;
	err = mu_timed_map(mt, api, head->slots, n, &start);
	if (unlikely(err))
		return mu_map_failed(t, err);
	mapped = mt->now;
	err = mu_unmap(mt, api, oldest, end);
	mt->head = head->next;
	mt->tail = tail->next;
	mt->live += n - unmaps;
	if (record) {
		if (likely(!err))
			mu_count(t, unmaps);
		if (n == mt->batch)
			iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_MAP], mapped - start);
		if (unmaps == mt->batch && !err)
			iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_UNMAP], mt->now - mapped);
		if (cpu != raw_smp_processor_id())
			WRITE_ONCE(t->page->migrations, t->page->migrations + 1);
	}
	return unlikely(err) ? mu_unmap_failed(t, err) : 0;
}

/* Without pauses: the window is filled, and then each map comes with an unmap. */
static u64 mu_closed_loop(struct bench_thread *t, u64 until, u64 left, bool record)
{
	struct mu_thread *mt = t->work;
	unsigned int n;

	while (mt->live + 2 * mt->batch <= mt->window && (n = mu_next(t, until, left))) {
		if (mu_map_group(t, n, record))
			return left;
		left -= n;
		cond_resched();
	}
	while ((n = mu_next(t, until, left))) {
		if (mu_turn(t, mt, n, record))
			return left;
		left -= n;
		cond_resched();
	}
	return left;
}

/* With a count, what was mapped last is unmapped within it as well. */
static void mu_finish_count(struct bench_thread *t, u64 count)
{
	struct mu_thread *mt = t->work;

	while (t->page->ops < count && mt->live && mu_next(t, mt->last, 1)) {
		if (mu_unmap_group(t, true, mu_unmap_due(mt)))
			return;
		if (mt->due)
			mu_schedule_next(mt);
		cond_resched();
	}
}

static void mu_loop(struct bench_thread *t, u64 until, u64 count, bool record)
{
	struct mu_thread *mt = t->work;
	bool paced = t->run->desc.rate_mhz;
	u64 left = count ?: U64_MAX;

	if (paced)
		mu_schedule_first(t);
	mt->now = bench_clock();
	mt->until = until;
	mt->last = paced ? bench_due_last(t->run, until, record) : until;
	/* The warm-up may have ended while it waited to unmap. */
	if (!mu_full(mt) || !mu_unmap_group(t, false, 0))
		left = paced || mt->work->hold ? mu_paced_loop(t, left, record) :
						 mu_closed_loop(t, until, left, record);
	if (record && !left)
		mu_finish_count(t, count);
	if (record && paced)
		mu_account(t, until, left);
}

static int mu_prefill(struct bench_thread *t)
{
	struct bench_memory *memory = &t->run->memory;
	struct mu_thread *mt = t->work;
	const struct mu_work *work = mt->work;
	u64 i;
	int err;

	if (!work->prefill)
		return 0;
	mt->prefill_buffers = bench_memory_zalloc(memory, t->node, work->prefill,
						  sizeof(*mt->prefill_buffers));
	mt->prefill_slots = bench_memory_zalloc(memory, t->node, work->prefill,
						sizeof(*mt->prefill_slots));
	if (!mt->prefill_buffers || !mt->prefill_slots)
		return bench_run_fail(t->run, -ENOMEM, "no memory for the list of %llu prefilled mappings",
				      work->prefill);
	for (i = 0; i < work->prefill; i++) {
		struct mu_slot *slot = &mt->prefill_slots[i];

		if (bench_run_stopped(t->run))
			return -EINTR;
		err = bench_buffer_alloc(&mt->prefill_buffers[i], memory, work->bytes,
					 work->piece_bytes, t->node);
		if (err)
			return bench_run_fail(t->run, err, "no memory for prefilled mapping %llu of %llu in thread %u",
					      i, work->prefill, t->index);
		slot->buffer = &mt->prefill_buffers[i];
		mu_mark(mt, slot->buffer);
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

	/* One by one: a batch may be of hundreds of GiB, and nobody measures this. */
	while (mt->live) {
		struct mu_group *group = mt->tail;

		for (i = 0; i < group->size; i++) {
			if (api->unmap(mt, &group->slots[i]))
				mu_unmap_failed(t, -EIO);
			cond_resched();
		}
		mt->tail = group->next;
		mt->live -= group->size;
	}
	for (i = 0; i < mt->prefill_live; i++) {
		api->unmap(mt, &mt->prefill_slots[i]);
		cond_resched();
	}
	mt->prefill_live = 0;
	if (api->sync)
		api->sync(mt);
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
	.params_least = offsetofend(struct iommubench_map_unmap, window_out),
	.phases = IOMMUBENCH_MAP_UNMAP_PHASES,
	.use = mu_use,
	.prepare = mu_prepare,
	.release = mu_release,
	.sample_empty = mu_sample_empty,
	.begin = mu_begin,
	.loop = mu_loop,
	.by_phase = mu_by_phase,
	.end = mu_end,
	.verify = mu_verify,
};
