// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that an engine itself works with: queues, and pages for its private use. The DMA API maps
 * it in the device's default domain. An own domain of a run has nothing of that in it, so the
 * memory is mapped there once more, at the same addresses: the device need not be told, and a
 * change of domains while the engine is idle goes unnoticed by it.
 */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/slab.h>

#include "compat.h"
#include "engine/pages.h"
#include "iommu/domain.h"
#include "message.h"

/**
 * bench_engine_pages_alloc() - take memory for an engine
 * @engine: the engine, whose device's DMA mask is set and whose device is in its default domain
 * @bytes: how much; whole pages are taken
 *
 * Sets @pages of the engine. The memory is coherent and all zero.
 *
 * Context: may sleep; the engine's probe.
 * Return: 0 or -ENOMEM.
 */
int bench_engine_pages_alloc(struct bench_engine *engine, size_t bytes)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(engine->dev);
	struct bench_engine_pages *pages = &engine->pages;
	size_t i, n = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	dma_addr_t dma;

	if (domain) {
		pages->phys = kcalloc(n, sizeof(*pages->phys), GFP_KERNEL);
		if (!pages->phys)
			return -ENOMEM;
	}
	pages->cpu = dma_alloc_coherent(engine->dev, n << PAGE_SHIFT, &dma, GFP_KERNEL);
	if (!pages->cpu) {
		kfree(pages->phys);
		pages->phys = NULL;
		return -ENOMEM;
	}
	pages->home = domain;
	pages->range.start = dma;
	pages->range.bytes = n << PAGE_SHIFT;
	/* The one way to know the pages, however the DMA API has come by them. */
	for (i = 0; domain && i < n; i++)
		pages->phys[i] = iommu_iova_to_phys(domain, dma + (i << PAGE_SHIFT));
	return 0;
}

/**
 * bench_engine_pages_free() - give an engine's memory back
 * @engine: the engine, which does not touch it any more
 *
 * Context: may sleep; the device is in its default domain.
 */
void bench_engine_pages_free(struct bench_engine *engine)
{
	struct bench_engine_pages *pages = &engine->pages;

	if (pages->cpu)
		dma_free_coherent(engine->dev, pages->range.bytes, pages->cpu, pages->range.start);
	kfree(pages->phys);
	*pages = (struct bench_engine_pages) {};
}

/**
 * bench_engine_reaches() - does an engine reach its own memory?
 * @engine: the engine, with memory
 *
 * Not while a run of another device has put a domain of its own in place of the default one of the
 * IOMMU group that both are in. Then there may be anything at the engine's addresses.
 *
 * Context: the driver core's remove, which keeps such a run from beginning.
 */
bool bench_engine_reaches(const struct bench_engine *engine)
{
	const struct bench_engine_pages *pages = &engine->pages;
	struct iommu_domain *domain = iommu_get_domain_for_dev(engine->dev);

	return domain == pages->home || (domain && domain == pages->domain);
}

/**
 * bench_engine_enter() - let an engine work in an own domain
 * @engine: the engine, idle
 * @domain: the domain, which its device has been attached to and nothing is mapped in yet; what is
 *	mapped there later keeps clear of @engine->pages.range
 * @msg: receives one line when it cannot
 *
 * Nothing is to be done for an engine without memory of its own.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno, with nothing mapped.
 */
int bench_engine_enter(struct bench_engine *engine, struct iommu_domain *domain,
		       struct bench_message *msg)
{
	struct bench_engine_pages *pages = &engine->pages;
	/* As the DMA API has it: what the device does not snoop is uncached for the CPU. */
	int prot = bench_domain_prot(engine->dev, DMA_BIDIRECTIONAL);
	int err = -ENODEV;
	size_t done = 0;

	if (!pages->cpu)
		return 0;
	if (!pages->phys)
		goto unmap;
	for (; done < pages->range.bytes; done += PAGE_SIZE) {
		err = bench_iommu_map(domain, pages->range.start + done,
				      pages->phys[done >> PAGE_SHIFT], PAGE_SIZE, prot);
		if (err)
			goto unmap;
	}
	pages->domain = domain;
	return 0;

unmap:
	if (done)
		iommu_unmap(domain, pages->range.start, done);
	return bench_refuse(msg, bench_map_broken(err) ? -EPROTO : err,
			    "the memory of engine %s cannot be mapped in a domain of the run's own: error %d",
			    engine->ops->name, err);
}

/**
 * bench_engine_leave() - undo bench_engine_enter()
 * @engine: the engine, idle; it may not have entered any domain
 *
 * Context: may sleep; the domain is still there.
 */
void bench_engine_leave(struct bench_engine *engine)
{
	struct bench_engine_pages *pages = &engine->pages;

	if (pages->domain)
		iommu_unmap(pages->domain, pages->range.start, pages->range.bytes);
	pages->domain = NULL;
}
