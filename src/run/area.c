// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pages of a run that the module fills, and what is taken from them.
 */
#include "run/area.h"

#include <stdlib.h>

#include "base/xalloc.h"

const struct iommubench_thread *run_thread(const struct iommubench_run *desc, const void *area,
					   unsigned int i)
{
	return (const void *)((const char *)area + i * desc->thread_bytes);
}

int run_all_at(const struct iommubench_run *desc, const void *area, uint32_t gate,
	       uint32_t wanted)
{
	const struct iommubench_thread *t;
	unsigned int i;
	uint32_t state;

	for (i = 0; i < desc->threads; i++) {
		t = run_thread(desc, area, i);
		state = __atomic_load_n(&t->state, __ATOMIC_ACQUIRE);
		if (state == IOMMUBENCH_THREAD_DRAINING || state == IOMMUBENCH_THREAD_DONE)
			return -1;
		if (gate ? __atomic_load_n(&t->gate, __ATOMIC_ACQUIRE) != gate : state != wanted)
			return 0;
	}
	return 1;
}

bool run_layout_ok(const struct iommubench_run *d)
{
	return d->phases && d->phases <= 64 && d->thread_bytes && d->mmap_bytes &&
	       d->thread_bytes % 8 == 0 && d->hist_offset % 8 == 0 && d->hist_bytes % 8 == 0 &&
	       d->thread_bytes <= d->mmap_bytes / d->threads &&
	       d->hist_offset >= sizeof(struct iommubench_thread) &&
	       d->hist_bytes >= sizeof(struct iommubench_hist) &&
	       d->hist_offset <= d->thread_bytes &&
	       d->hist_bytes <= (d->thread_bytes - d->hist_offset) / d->phases;
}

void run_collect_pages(struct run_outcome *o, const struct iommubench_run *desc, const char *area)
{
	const char *hist;
	unsigned int i, p;

	o->threads = xcalloc(desc->threads, sizeof(*o->threads));
	o->phases = xcalloc(desc->phases, sizeof(*o->phases));
	o->nr_threads = desc->threads;
	o->nr_phases = desc->phases;
	for (i = 0; i < desc->threads; i++) {
		o->threads[i] = *run_thread(desc, area, i);
		hist = area + i * desc->thread_bytes + desc->hist_offset;
		for (p = 0; p < desc->phases; p++)
			iommubench_hist_merge(&o->phases[p], (const struct iommubench_hist *)
					      (hist + p * desc->hist_bytes));
	}
}

void run_outcome_free(struct run_outcome *o)
{
	free(o->threads);
	free(o->phases);
	*o = (struct run_outcome){ 0 };
}

bool run_ended_well(int end)
{
	return end == IOMMUBENCH_END_TIME || end == IOMMUBENCH_END_COUNT;
}

const char *run_end_word(int end)
{
	switch (end) {
	case IOMMUBENCH_END_TIME:
		return "time";
	case IOMMUBENCH_END_COUNT:
		return "count";
	case IOMMUBENCH_END_STOPPED:
		return "stopped";
	case IOMMUBENCH_END_REMOVED:
		return "removed";
	default:
		return "error";
	}
}

uint64_t run_total_ops(const struct run_outcome *o)
{
	uint64_t ops = 0;
	unsigned int i;

	for (i = 0; i < o->nr_threads; i++)
		ops += o->threads[i].ops;
	return ops;
}

uint64_t run_ticks(const struct run_outcome *o)
{
	uint64_t first = UINT64_MAX, last = 0;
	unsigned int i;

	for (i = 0; i < o->nr_threads; i++) {
		if (!o->threads[i].start_tick || !o->threads[i].end_tick)
			continue;
		if (o->threads[i].start_tick < first)
			first = o->threads[i].start_tick;
		if (o->threads[i].end_tick > last)
			last = o->threads[i].end_tick;
	}
	return last > first ? last - first : 0;
}
