// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel interfaces that map memory for a device. One row each.
 */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>

#include "compat.h"
#include "map_unmap/internal.h"

static int null_op(struct mu_thread *mt, struct mu_slot *slot)
{
	return 0;
}

const struct mu_api mu_api_null = {
	.map = null_op,
	.unmap = null_op,
};

static int dma_single_map(struct mu_thread *mt, struct mu_slot *slot)
{
	dma_addr_t dma = dma_map_single_attrs(mt->work->dev, sg_virt(slot->buffer->sgt.sgl),
					      slot->buffer->bytes, mt->dir, mt->work->attrs);

	slot->iova = dma;
	return dma_mapping_error(mt->work->dev, dma);
}

static int dma_single_unmap(struct mu_thread *mt, struct mu_slot *slot)
{
	dma_unmap_single_attrs(mt->work->dev, slot->iova, slot->buffer->bytes, mt->dir,
			       mt->work->attrs);
	return 0;
}

static int dma_sg_map(struct mu_thread *mt, struct mu_slot *slot)
{
	int err = dma_map_sgtable(mt->work->dev, &slot->buffer->sgt, mt->dir, mt->work->attrs);

	if (!err)
		slot->iova = sg_dma_address(slot->buffer->sgt.sgl);
	return err;
}

static int dma_sg_unmap(struct mu_thread *mt, struct mu_slot *slot)
{
	dma_unmap_sgtable(mt->work->dev, &slot->buffer->sgt, mt->dir, mt->work->attrs);
	return 0;
}

static u64 dma_sg_at(const struct mu_slot *slot, size_t offset, size_t *left)
{
	return bench_buffer_dma_at(slot->buffer, offset, left);
}

static int domain_map(struct mu_thread *mt, struct mu_slot *slot)
{
	struct bench_buffer *buffer = slot->buffer;
	ssize_t mapped;

	if (buffer->pieces == 1)
		return bench_iommu_map(mt->work->domain, slot->iova, bench_buffer_phys(buffer),
				       buffer->bytes, mt->prot);
	mapped = bench_iommu_map_sg(mt->work->domain, slot->iova, buffer->sgt.sgl,
				    buffer->sgt.orig_nents, mt->prot);
	if (mapped < 0)
		return mapped;
	return mapped == buffer->bytes ? 0 : -EPROTO;
}

static int domain_unmap(struct mu_thread *mt, struct mu_slot *slot)
{
	size_t bytes = slot->buffer->bytes;

	return iommu_unmap(mt->work->domain, slot->iova, bytes) == bytes ? 0 : -EPROTO;
}

static int domain_unmap_fast(struct mu_thread *mt, struct mu_slot *slot)
{
	size_t bytes = slot->buffer->bytes;
	size_t unmapped = iommu_unmap_fast(mt->work->domain, slot->iova, bytes, &mt->gather);

	return unmapped == bytes ? 0 : -EPROTO;
}

static void domain_sync(struct mu_thread *mt)
{
	iommu_iotlb_sync(mt->work->domain, &mt->gather);
}

static const struct mu_api mu_apis[] = {
	[IOMMUBENCH_API_DMA_SINGLE] = {
		.contig_only = true,
		.map = dma_single_map,
		.unmap = dma_single_unmap,
	},
	[IOMMUBENCH_API_DMA_SG] = {
		.map = dma_sg_map,
		.unmap = dma_sg_unmap,
		.at = dma_sg_at,
	},
	[IOMMUBENCH_API_IOMMU] = {
		.own_domain = true,
		.map = domain_map,
		.unmap = domain_unmap,
	},
	[IOMMUBENCH_API_IOMMU_FAST] = {
		.own_domain = true,
		.map = domain_map,
		.unmap = domain_unmap_fast,
		.sync = domain_sync,
	},
};

/**
 * mu_api_find() - the functions of an API
 * @api: as the tool asked for it, unchecked
 *
 * Return: its row, or NULL when there is no such API.
 */
const struct mu_api *mu_api_find(enum iommubench_api api)
{
	if (api >= ARRAY_SIZE(mu_apis) || !mu_apis[api].map)
		return NULL;
	return &mu_apis[api];
}
