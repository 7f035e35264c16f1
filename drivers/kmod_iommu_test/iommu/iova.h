/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the mappings of an own domain go. Every thread has a span of its own, so
 * no two threads choose the same address and none needs a lock to choose.
 */
#ifndef IOMMUBENCH_IOMMU_IOVA_H
#define IOMMUBENCH_IOMMU_IOVA_H

#include <linux/types.h>

#include <uapi/iommubench.h>

struct device;
struct iommu_domain;

/**
 * struct bench_iova_range - a part of an address space
 * @start: where it starts
 * @bytes: size, 0 for nothing
 */
struct bench_iova_range {
	u64 start;
	u64 bytes;
};

/**
 * struct bench_iova - a thread's choice of addresses
 * @base: where its span starts
 * @step_bytes: distance from one place to the next
 * @places: places in the span, a power of two for IOMMUBENCH_IOVA_RANDOM
 * @next: number of the place that comes next
 * @random: step of the random walk over all places
 */
struct bench_iova {
	u64 base;
	u64 step_bytes;
	u64 places;
	u64 next;
	u64 random;
};

u64 bench_iova_align(u64 mapping_bytes);
int bench_iova_find_span(struct device *dev, struct iommu_domain *domain, unsigned int dma_bits,
			 const struct bench_iova_range *taken, u64 bytes, u64 align, u64 *start);
void bench_iova_init(struct bench_iova *iova, enum iommubench_iova_pattern pattern, u64 base,
		     u64 step_bytes, u64 places, u64 seed);
u64 bench_iova_next(struct bench_iova *iova);

#endif /* IOMMUBENCH_IOMMU_IOVA_H */
