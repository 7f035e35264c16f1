// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache maintenance for a device that does not snoop.
 *
 * A driver gets it from the DMA API, which knows memory by its mappings: map cleans, unmap
 * invalidates, dma_sync_*() does either in between. Who maps by iommu_map() gets none, and who
 * looks after unmap whether the device still gets through has no mapping left to name. The
 * kernel exports neither arch_sync_dma_for_device() nor what it is made of.
 *
 * So such memory gets a second mapping by the DMA API, in the device's default domain, whether
 * or not that is attached now: the DMA API always works in the default domain
 * (iommu_get_dma_domain()), and finds the memory again by its tables
 * (drivers/iommu/dma-iommu.c, in 6.1 as in 6.12). Of the mapping only the address is used, as
 * what dma_sync_single_for_*() is told; the device never is. It is made before what is checked
 * is unmapped and undone after the checks, so that it causes no invalidation in between, and it
 * has the address that it has for itself.
 *
 * The alternatives are worse: dma_alloc_coherent() is other memory than what is measured, and a
 * second view of it without caches (vmap()) is one that the architecture does not promise
 * anything about, while the first is there.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>

#include "memory/maintain.h"

/**
 * bench_maintain_possible() - can memory be maintained for a device?
 * @dev: the device, in its default domain
 *
 * Not where the DMA API may work on a copy of the memory, because the device does not reach all.
 *
 * Context: may sleep.
 */
bool bench_maintain_possible(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (dev_is_dma_coherent(dev))
		return true;
	return (domain && domain->type != IOMMU_DOMAIN_IDENTITY) || !dma_addressing_limited(dev);
}

/**
 * bench_maintain_begin() - from now on, memory can be cleaned and invalidated
 * @m: receives what bench_maintain_end() undoes; nothing for devices that snoop
 * @dev: the device, for which bench_maintain_possible() is true
 * @memory: address for the CPU, contiguous memory of whole pages
 * @bytes: size
 *
 * Neither cleans nor invalidates.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM with nothing taken.
 */
int bench_maintain_begin(struct bench_maintained *m, struct device *dev, void *memory,
			 size_t bytes)
{
	*m = (struct bench_maintained) {};
	if (dev_is_dma_coherent(dev))
		return 0;
	/* The attribute also tells the kernel's checks that a second mapping is meant. */
	m->dma = dma_map_single_attrs(dev, memory, bytes, DMA_BIDIRECTIONAL,
				      DMA_ATTR_SKIP_CPU_SYNC);
	if (dma_mapping_error(dev, m->dma))
		return -ENOMEM;
	m->dev = dev;
	m->bytes = bytes;
	return 0;
}

/**
 * bench_maintain_end() - undo bench_maintain_begin()
 * @m: as that left it, or all zeroes; becomes all zeroes
 *
 * Context: may sleep.
 */
void bench_maintain_end(struct bench_maintained *m)
{
	if (m->dev)
		dma_unmap_single_attrs(m->dev, m->dma, m->bytes, DMA_BIDIRECTIONAL,
				       DMA_ATTR_SKIP_CPU_SYNC);
	*m = (struct bench_maintained) {};
}

/**
 * bench_maintain_clean() - the device is to see what the CPU wrote
 * @m: the memory
 *
 * Context: any.
 */
void bench_maintain_clean(const struct bench_maintained *m)
{
	if (m->dev)
		dma_sync_single_for_device(m->dev, m->dma, m->bytes, DMA_BIDIRECTIONAL);
}

/**
 * bench_maintain_invalidate() - the CPU is to see what the device wrote
 * @m: the memory, which the CPU has not written since it was cleaned
 *
 * Context: any.
 */
void bench_maintain_invalidate(const struct bench_maintained *m)
{
	if (m->dev)
		dma_sync_single_for_cpu(m->dev, m->dma, m->bytes, DMA_BIDIRECTIONAL);
}
