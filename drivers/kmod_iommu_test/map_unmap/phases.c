// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map/unmap workload phase by phase, for others' counters: a window is filled, then emptied,
 * and the threads stand still between. The same code as in the timed path maps and unmaps.
 */
#include <linux/minmax.h>
#include <linux/sched.h>

#include "map_unmap/sample.h"
#include "run/gate.h"

static int mu_map_block(struct bench_thread *t, unsigned int n)
{
	struct mu_thread *mt = t->work;
	unsigned int i, group;
	u64 ignored;
	int err;

	for (i = 0; i < n && !bench_run_stopped(t->run); i += group) {
		group = min(mt->batch, n - i);
		err = mu_timed_map(mt, mt->work->api, &mt->slots[i], group, &ignored);
		if (err)
			return mu_map_failed(t, err);
		mt->groups[i / mt->batch].size = group;
		mt->live += group;
		cond_resched();
	}
	return 0;
}

static int mu_unmap_block(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;
	unsigned int mapped = mt->live;
	int err = 0;

	while (mt->live && !err && !bench_run_stopped(t->run)) {
		struct mu_group *group = mt->tail;
		u64 ignored;

		err = mu_timed_unmap(mt, mt->work->api, group->slots, group->size, &ignored);
		mt->tail = group->next;
		mt->live -= group->size;
		cond_resched();
	}
	WRITE_ONCE(t->page->ops, t->page->ops + mapped - mt->live);
	return err ? mu_unmap_failed(t, err) : 0;
}

/**
 * mu_by_phase() - all of a worker's operations, phase by phase
 * @t: the worker
 *
 * What a stop leaves mapped is undone by the workload's end, from @tail on.
 */
void mu_by_phase(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;
	unsigned int i, n;
	u64 done;

	/* The first thread has as much to do as any. */
	for (done = 0; done < t->run->threads[0].count && !bench_run_stopped(t->run);
	     done += mt->window) {
		n = bench_run_share(t, done, mt->window);
		mt->tail = mt->groups;
		for (i = 0; i < n && mt->work->domain; i++)
			mt->slots[i].iova = bench_iova_next(&mt->iova);
		bench_run_phase(t, IOMMUBENCH_PHASE_NONE, 0);
		bench_run_phase(t, IOMMUBENCH_PHASE_MAP, n);
		if (mu_map_block(t, n))
			return;
		bench_run_phase(t, IOMMUBENCH_PHASE_UNMAP, n);
		if (mu_unmap_block(t))
			return;
	}
}
