// SPDX-License-Identifier: GPL-2.0-only
/*
 * Domains with one page mapped, or none, each attached to any number of PASIDs.
 */
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "commands/pasid_domain.h"
#include "compat.h"
#include "device.h"
#include "iommu/domain.h"
#include "iommu/iova.h"
#include "message.h"

static void domain_uncount(struct bench_pasids *pasids)
{
	spin_lock(&pasids->lock);
	pasids->domains--;
	spin_unlock(&pasids->lock);
	bench_pasid_domain_uncount();
}

static void domain_free(struct bench_pasids *pasids, struct pasid_domain *pd)
{
	/*
	 * By chance every second one goes with its page mapped: whoever gets its identifier next
	 * must not find that, which is up to the IOMMU's driver then.
	 */
	if (pd->page && !(pd->mark & 2))
		iommu_unmap(pd->domain, pd->iova, PAGE_SIZE);
	iommu_domain_free(pd->domain);
	if (pd->page)
		__free_page(pd->page);
	domain_uncount(pasids);
	kfree(pd);
}

/* Sets @pd's page. Return: 0 or a negative errno, with nothing mapped. */
static int domain_map_page(struct bench_device *bd, struct pasid_domain *pd,
			   struct bench_message *msg)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	int err;

	if (!page)
		return -ENOMEM;
	err = bench_iova_find_span(bd->dev, pd->domain, bd->engine.dma_bits, NULL, PAGE_SIZE,
				   PAGE_SIZE, &pd->iova) ?:
	      bench_iommu_map(pd->domain, pd->iova, page_to_phys(page), PAGE_SIZE,
			      bench_domain_prot(bd->dev, DMA_TO_DEVICE));
	if (err) {
		__free_page(page);
		return bench_refuse(msg, err, "a page cannot be mapped in a new domain: error %d",
				    err);
	}
	pd->page = page;
	if (!dev_is_dma_coherent(bd->dev))
		return 0;
	/* All domains of a device have their pages at one address: this tells which it was. */
	pd->mark = get_random_u64() | 1;
	*(u64 *)page_address(page) = pd->mark;
	/* The device may look as soon as the domain is attached. */
	dma_wmb();
	return 0;
}

/* Counts a domain that is about to be made. */
static int domain_count(struct bench_pasids *pasids, bool empty, struct bench_message *msg)
{
	int err = bench_pasid_domain_count(empty, msg);

	if (err)
		return err;
	spin_lock(&pasids->lock);
	pasids->domains++;
	spin_unlock(&pasids->lock);
	return 0;
}

static struct pasid_domain *domain_new(struct bench_device *bd, bool empty,
				       struct bench_message *msg)
{
	struct iommu_domain *domain;
	struct pasid_domain *pd;
	int err;

	err = domain_count(&bd->pasids, empty, msg);
	if (err)
		return ERR_PTR(err);
	pd = kzalloc(sizeof(*pd), GFP_KERNEL);
	if (!pd) {
		err = -ENOMEM;
		goto uncount;
	}
	domain = bench_domain_alloc(bd->dev);
	if (IS_ERR(domain)) {
		err = bench_refuse(msg, PTR_ERR(domain),
				   "no further domain for %s: its IOMMU has no address space identifier left, or memory is short (error %ld)",
				   dev_name(bd->dev), PTR_ERR(domain));
		goto free;
	}
	pd->domain = domain;
	if (empty)
		return pd;
	err = domain_map_page(bd, pd, msg);
	if (!err)
		return pd;
	iommu_domain_free(domain);
free:
	kfree(pd);
uncount:
	domain_uncount(&bd->pasids);
	return ERR_PTR(err);
}

/**
 * pasid_domain_get() - the domain for a bind
 * @bd: the device
 * @pf: the file that binds
 * @flags: IOMMUBENCH_PASID_SAME_DOMAIN for the file's last one, otherwise a new one is made, with
 *	IOMMUBENCH_PASID_EMPTY without a page
 * @msg: receives one line when it is refused
 *
 * Context: process; sleeps.
 * Return: the domain with its user counted, or an ERR_PTR().
 */
struct pasid_domain *pasid_domain_get(struct bench_device *bd, struct bench_pasid_file *pf,
				      u32 flags, struct bench_message *msg)
{
	struct pasid_domain *pd;

	mutex_lock(&pf->lock);
	if (!(flags & IOMMUBENCH_PASID_SAME_DOMAIN)) {
		pd = domain_new(bd, flags & IOMMUBENCH_PASID_EMPTY, msg);
		if (!IS_ERR(pd))
			pf->last = pd;
	} else {
		pd = pf->last;
		if (!pd) {
			bench_refuse(msg, -EINVAL,
				     "this file's last domain is bound to no PASID any more");
			pd = ERR_PTR(-EINVAL);
		}
	}
	if (!IS_ERR(pd))
		pd->users++;
	mutex_unlock(&pf->lock);
	return pd;
}

/**
 * pasid_domain_put() - a PASID is not attached to a domain any more
 * @pasids: the device's PASIDs
 * @pf: the file that had bound it
 * @pd: the domain, freed with its last user
 *
 * Context: process; sleeps.
 */
void pasid_domain_put(struct bench_pasids *pasids, struct bench_pasid_file *pf,
		      struct pasid_domain *pd)
{
	mutex_lock(&pf->lock);
	if (!--pd->users) {
		if (pf->last == pd)
			pf->last = NULL;
		domain_free(pasids, pd);
	}
	mutex_unlock(&pf->lock);
}
