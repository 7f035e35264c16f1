// SPDX-License-Identifier: GPL-2.0-only
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "compat.h"
#include "iommu/iova.h"

/**
 * bench_iova_align() - how mappings of a size are best aligned
 * @mapping_bytes: size of a mapping
 *
 * Return: the power of two that lets the IOMMU use its largest blocks.
 */
u64 bench_iova_align(u64 mapping_bytes)
{
	return roundup_pow_of_two(mapping_bytes);
}

/**
 * bench_iova_find_span() - free IOVA space for the whole run
 * @dev: the device
 * @domain: where it is to be mapped
 * @dma_bits: address bits that the device drives
 * @taken: what the device's engine has there, NULL for nothing
 * @bytes: size of the space
 * @align: alignment of the space, a power of two
 * @start: receives the address
 *
 * Keeps clear of page 0, of @taken, and of what the platform reserves (MSI doorbells,
 * firmware's windows).
 *
 * Return: 0, -ENOSPC when there is no such gap, -ENODEV without an IOMMU.
 */
int bench_iova_find_span(struct device *dev, struct iommu_domain *domain, unsigned int dma_bits,
			 const struct bench_iova_range *taken, u64 bytes, u64 align, u64 *start)
{
	struct iommu_resv_region *region, *next;
	struct iommu_group *group;
	u64 last = dma_bits < 64 ? BIT_ULL(dma_bits) - 1 : U64_MAX;
	LIST_HEAD(reserved);
	u64 at;
	bool moved;
	int ret = 0;

	group = iommu_group_get(dev);
	if (!group)
		return -ENODEV;
	if (domain->geometry.aperture_end)
		last = min_t(u64, last, domain->geometry.aperture_end);
	at = ALIGN(max_t(u64, domain->geometry.aperture_start, SZ_4K), align);
	iommu_get_group_resv_regions(group, &reserved);
	/* The list is short and in no order: move behind each overlap until there is none. */
	do {
		moved = false;
		if (at > last || last - at < bytes - 1) {
			ret = -ENOSPC;
			break;
		}
		list_for_each_entry(region, &reserved, list) {
			u64 end = region->start + region->length;

			if (region->start < at + bytes && at < end) {
				at = ALIGN(end, align);
				moved = true;
			}
		}
		if (taken && taken->start < at + bytes && at < taken->start + taken->bytes) {
			at = ALIGN(taken->start + taken->bytes, align);
			moved = true;
		}
	} while (moved);
	iommu_group_put(group);
	/* The group's list is made of copies. */
	list_for_each_entry_safe(region, next, &reserved, list)
		kfree(region);
	*start = at;
	return ret;
}

/**
 * bench_iova_init() - set up a thread's choice
 * @iova: receives the choice; holds nothing that has to be given back
 * @pattern: how to choose
 * @base: start of the thread's span
 * @step_bytes: distance between places
 * @places: places that fit into the span, at least as many as are alive at once
 * @seed: for IOMMUBENCH_IOVA_RANDOM
 */
void bench_iova_init(struct bench_iova *iova, enum iommubench_iova_pattern pattern, u64 base,
		     u64 step_bytes, u64 places, u64 seed)
{
	iova->base = base;
	iova->step_bytes = step_bytes;
	iova->places = places;
	iova->next = 0;
	iova->random = 0;
	if (pattern == IOMMUBENCH_IOVA_RANDOM) {
		iova->places = rounddown_pow_of_two(places);
		iova->next = seed & (iova->places - 1);
		/* Odd, so that the walk visits every place once before it repeats. */
		iova->random = ((seed >> 32) << 1) | 1;
	}
}

/**
 * bench_iova_next() - the address for the next mapping
 * @iova: the thread's choice
 *
 * No address comes back before all places were used, so that a place is free
 * when it is chosen as long as mappings are undone in the order they were made.
 */
u64 bench_iova_next(struct bench_iova *iova)
{
	u64 place = iova->next;

	if (iova->random) {
		/*
		 * A congruential generator of full period (Hull and Dobell, 1962). Its
		 * low bits hardly vary, so the high ones are folded in, which keeps the
		 * places distinct.
		 */
		iova->next = (place * 6364136223846793005ULL + iova->random) & (iova->places - 1);
		place ^= place >> (ilog2(iova->places) + 1) / 2;
	} else if (++iova->next == iova->places) {
		iova->next = 0;
	}
	return iova->base + place * iova->step_bytes;
}
