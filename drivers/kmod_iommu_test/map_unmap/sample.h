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
	struct mu_slot *slot, *end = slots + n;
	int err = 0;

	*start = bench_clock();
	for (slot = slots; slot != end; slot++) {
		err = api->map(mt, slot);
		if (unlikely(err))
			break;
	}
	mt->now = bench_clock();
	if (unlikely(err)) {
		while (slot-- != slots)
			api->unmap(mt, slot);
		if (api->sync)
			api->sync(mt);
	}
	return err;
}

/* Unmaps from @slot up to @end, in a sample that has begun already. */
static __always_inline int mu_unmap(struct mu_thread *mt, const struct mu_api *api,
				    struct mu_slot *slot, const struct mu_slot *end)
{
	int err = 0;

	for (; slot != end; slot++)
		err |= api->unmap(mt, slot);
	if (api->sync)
		api->sync(mt);
	mt->now = bench_clock();
	return err;
}

static __always_inline int mu_timed_unmap(struct mu_thread *mt, const struct mu_api *api,
					  struct mu_slot *slots, unsigned int n, u64 *start)
{
	const struct mu_slot *end = slots + n;

	*start = bench_clock();
	return mu_unmap(mt, api, slots, end);
}

const char *mu_addresses_kept(const struct mu_work *work);
int mu_map_failed(struct bench_thread *t, int err);
int mu_unmap_failed(struct bench_thread *t, int err);

#endif /* IOMMUBENCH_MAP_UNMAP_SAMPLE_H */
