/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One sample, timed: a batch of maps or of unmaps. Each loop that times has this code in itself.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_SAMPLE_H
#define IOMMUBENCH_MAP_UNMAP_SAMPLE_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "clock.h"
#include "map_unmap/internal.h"

/*
 * The timed path. The same code times the empty sample, so that the harness's
 * cost is measured with all that belongs to it.
 */
static __always_inline int mu_timed_map(struct mu_thread *mt, const struct mu_api *api,
					struct mu_slot *slots, unsigned int n, u64 *start)
{
	unsigned int i;
	int err = 0;

	*start = bench_clock();
	for (i = 0; i < n; i++) {
		err = api->map(mt, &slots[i]);
		if (unlikely(err))
			break;
	}
	mt->now = bench_clock();
	if (unlikely(err)) {
		while (i--)
			api->unmap(mt, &slots[i]);
		if (api->sync)
			api->sync(mt);
	}
	return err;
}

static __always_inline int mu_timed_unmap(struct mu_thread *mt, const struct mu_api *api,
					  struct mu_slot *slots, unsigned int n, u64 *start)
{
	unsigned int i;
	int err = 0;

	*start = bench_clock();
	for (i = 0; i < n; i++)
		err |= api->unmap(mt, &slots[i]);
	if (api->sync)
		api->sync(mt);
	mt->now = bench_clock();
	return err;
}

int mu_map_failed(struct bench_thread *t, int err);
int mu_unmap_failed(struct bench_thread *t, int err);

#endif /* IOMMUBENCH_MAP_UNMAP_SAMPLE_H */
