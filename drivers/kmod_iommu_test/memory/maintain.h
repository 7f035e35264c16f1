/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPUs' caches around what a device does to memory that is not mapped for it by the DMA API, or
 * not any more.
 */
#ifndef IOMMUBENCH_MEMORY_MAINTAIN_H
#define IOMMUBENCH_MEMORY_MAINTAIN_H

#include <linux/types.h>

struct device;

/**
 * struct bench_maintained - memory whose cache lines are cleaned and invalidated by hand
 * @dev: the device that reads and writes it; NULL when nothing has to be done
 * @dma: its second mapping
 * @bytes: size
 */
struct bench_maintained {
	struct device *dev;
	dma_addr_t dma;
	size_t bytes;
};

bool bench_maintain_possible(struct device *dev);
int bench_maintain_begin(struct bench_maintained *m, struct device *dev, void *memory,
			 size_t bytes);
void bench_maintain_end(struct bench_maintained *m);
void bench_maintain_clean(const struct bench_maintained *m);
void bench_maintain_invalidate(const struct bench_maintained *m);

#endif /* IOMMUBENCH_MEMORY_MAINTAIN_H */
