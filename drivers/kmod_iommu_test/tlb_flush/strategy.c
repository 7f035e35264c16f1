// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flush strategies. One row each.
 */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>

#include "compat.h"
#include "tlb_flush/internal.h"

static int null_map(struct tf_thread *tt, u64 *iova)
{
	return 0;
}

static int null_unmap(struct tf_thread *tt, u64 iova, size_t bytes)
{
	return 0;
}

static void null_flush(struct tf_thread *tt)
{
}

/* Data goes to the device only: then a piece of memory may be mapped any number of times. */
static int dma_map(struct tf_thread *tt, u64 *iova)
{
	struct device *dev = tt->work->dev;
	dma_addr_t dma = dma_map_single(dev, sg_virt(tt->buffer.sgt.sgl), tt->work->bytes,
					DMA_TO_DEVICE);

	*iova = dma;
	return dma_mapping_error(dev, dma);
}

static int dma_unmap(struct tf_thread *tt, u64 iova, size_t bytes)
{
	dma_unmap_single(tt->work->dev, iova, bytes, DMA_TO_DEVICE);
	return 0;
}

/* In an own domain the addresses are there before the first round. */
static int own_map(struct tf_thread *tt, u64 *iova)
{
	ssize_t mapped;

	if (tt->pieces.orig_nents == 1)
		return bench_iommu_map(tt->domain, *iova, sg_phys(tt->pieces.sgl), tt->work->bytes,
				       tt->prot);
	mapped = bench_iommu_map_sg(tt->domain, *iova, tt->pieces.sgl, tt->pieces.orig_nents,
				    tt->prot);
	if (mapped < 0)
		return mapped;
	return mapped == tt->work->bytes ? 0 : -ENOMEM;
}

static int own_unmap(struct tf_thread *tt, u64 iova, size_t bytes)
{
	return iommu_unmap_fast(tt->domain, iova, bytes, &tt->gather) == bytes ? 0 : -EIO;
}

static void own_sync(struct tf_thread *tt)
{
	iommu_iotlb_sync(tt->domain, &tt->gather);
}

static void own_flush_all(struct tf_thread *tt)
{
	iommu_flush_iotlb_all(tt->domain);
	/* A driver that keeps page tables in the gather frees them in a sync only. */
	if (bench_gather_has_pages(&tt->gather))
		iommu_iotlb_sync(tt->domain, &tt->gather);
	iommu_iotlb_gather_init(&tt->gather);
	tt->gather.queued = true;
}

static int own_map_flush_all(struct tf_thread *tt, u64 *iova)
{
	int err = own_map(tt, iova);

	if (!err)
		iommu_flush_iotlb_all(tt->domain);
	return err;
}

static const struct tf_strategy tf_strategies[] = {
	[IOMMUBENCH_FLUSH_STRICT] = {
		.name = "strict",
		.default_type = IOMMUBENCH_DOMAIN_STRICT,
		.waits = true,
		.map = dma_map,
		.unmap = dma_unmap,
	},
	[IOMMUBENCH_FLUSH_LAZY] = {
		.name = "lazy",
		.default_type = IOMMUBENCH_DOMAIN_LAZY,
		.map = dma_map,
		.unmap = dma_unmap,
	},
	[IOMMUBENCH_FLUSH_GATHER] = {
		.name = "gather",
		.own_domain = true,
		.waits = true,
		.map = own_map,
		.unmap = own_unmap,
		.flush = own_sync,
	},
	[IOMMUBENCH_FLUSH_RANGE] = {
		.name = "range",
		.own_domain = true,
		.waits = true,
		.whole = true,
		.map = own_map,
		.unmap = own_unmap,
		.flush = own_sync,
	},
	[IOMMUBENCH_FLUSH_PER_PAGE] = {
		.name = "per-page",
		.own_domain = true,
		.waits = true,
		.flush_each = true,
		.map = own_map,
		.unmap = own_unmap,
		.flush = own_sync,
	},
	[IOMMUBENCH_FLUSH_FULL] = {
		.name = "full",
		.own_domain = true,
		.waits = true,
		.queued = true,
		.map = own_map,
		.unmap = own_unmap,
		.flush = own_flush_all,
	},
	[IOMMUBENCH_FLUSH_PER_MAP_FULL] = {
		.name = "per-map-full",
		.own_domain = true,
		.waits = true,
		.flush_each = true,
		.queued = true,
		.map = own_map_flush_all,
		.unmap = own_unmap,
		.flush = own_flush_all,
	},
	[IOMMUBENCH_FLUSH_NONE] = {
		.name = "none",
		.default_type = IOMMUBENCH_DOMAIN_IDENTITY,
		.map = dma_map,
		.unmap = dma_unmap,
	},
};

/**
 * tf_strategy_find() - a strategy's row
 * @strategy: enum iommubench_flush_strategy as the tool gave it, unchecked
 *
 * Return: the row, or NULL when there is no such strategy.
 */
const struct tf_strategy *tf_strategy_find(u32 strategy)
{
	if (strategy >= ARRAY_SIZE(tf_strategies) || !tf_strategies[strategy].map)
		return NULL;
	return &tf_strategies[strategy];
}

/**
 * tf_strategy_empty() - the harness of a strategy, without what it does
 * @strategy: the strategy
 * @empty: receives a row that makes the same calls as often, and so has the clock read as often
 */
void tf_strategy_empty(const struct tf_strategy *strategy, struct tf_strategy *empty)
{
	*empty = *strategy;
	empty->map = null_map;
	empty->unmap = null_unmap;
	if (strategy->flush)
		empty->flush = null_flush;
}
