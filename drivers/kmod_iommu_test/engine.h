/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA engines: what makes a device read and write through the IOMMU on request,
 * so that correctness can be checked and not only assumed.
 */
#ifndef IOMMUBENCH_ENGINE_H
#define IOMMUBENCH_ENGINE_H

#include <linux/mutex.h>
#include <linux/types.h>

struct device;
struct bench_engine;

/**
 * struct bench_engine_ops - one kind of DMA engine
 * @name: as the tool's --engine knows it
 * @match: does this driver know @dev? NULL matches nothing by itself
 * @probe: take the hardware; sets @dma_bits, @max_bytes and @priv of the engine.
 *	May sleep. Return: 0 or a negative errno, with everything given back
 * @remove: stop all transfers and give the hardware back. May sleep
 * @copy: read @bytes at the device address @src and write them to @dst; @bytes
 *	is at most @max_bytes and a multiple of 4. Sleeps until the engine has
 *	finished, so that no access of it is left behind. One call at a time: the
 *	caller holds the engine's lock. Return: 0 when the engine went through
 *	its motions, -EFAULT when it reports that an access was refused,
 *	-ETIMEDOUT when it did not finish. An engine that cannot tell a refused
 *	access returns 0, so callers judge by the data
 */
struct bench_engine_ops {
	const char *name;
	bool (*match)(struct device *dev);
	int (*probe)(struct bench_engine *engine);
	void (*remove)(struct bench_engine *engine);
	int (*copy)(struct bench_engine *engine, u64 dst, u64 src, size_t bytes);
};

/**
 * struct bench_engine - the engine of one bound device
 * @ops: its driver, never NULL after bench_engine_probe()
 * @dev: the device
 * @lock: serialises use
 * @dma_bits: address bits that the engine drives
 * @max_bytes: most bytes that one copy moves, 0 when there is no engine
 * @priv: the driver's own
 */
struct bench_engine {
	const struct bench_engine_ops *ops;
	struct device *dev;
	struct mutex lock;
	unsigned int dma_bits;
	size_t max_bytes;
	void *priv;
};

extern const struct bench_engine_ops bench_engine_edu;
extern const struct bench_engine_ops bench_engine_dmatest;

int bench_engine_probe(struct bench_engine *engine, struct device *dev);
void bench_engine_remove(struct bench_engine *engine);
int bench_engine_copy(struct bench_engine *engine, u64 dst, u64 src, size_t bytes);

#endif /* IOMMUBENCH_ENGINE_H */
