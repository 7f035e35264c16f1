// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device given over to tests: who refers to it, its engine, and what is bound to it.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/slab.h>

#include "device.h"
#include "engine/engine.h"

static void pasids_init(struct bench_pasids *pasids)
{
	init_rwsem(&pasids->alive);
	mutex_init(&pasids->sva_lock);
	spin_lock_init(&pasids->lock);
	INIT_LIST_HEAD(&pasids->binds);
}

/**
 * bench_device_new() - take a device over
 * @dev: the device, bound to one of this module's drivers, or what stands for a channel
 * @user_dma: the one that leaves the device's DMA to user space
 *
 * Context: the driver core's probe.
 * Return: the device with its engine started and one reference, to be given back by
 * bench_device_retire(); or an ERR_PTR() with nothing taken.
 */
struct bench_device *bench_device_new(struct device *dev, bool user_dma)
{
	struct bench_device *bd;
	int err;

	bd = kzalloc(sizeof(*bd), GFP_KERNEL);
	if (!bd)
		return ERR_PTR(-ENOMEM);
	kref_init(&bd->ref);
	mutex_init(&bd->lock);
	bd->user_dma = user_dma;
	pasids_init(&bd->pasids);
	err = bench_borrow(&bd->borrowed, dev);
	if (err)
		goto put;
	err = bench_engine_probe(&bd->engine, dev, user_dma);
	if (err)
		goto give_back;
	bd->dev = bd->engine.dev;
	bench_sva_init(&bd->sva, bd->dev);
	/* Then its masks and limits are its own driver's business. */
	if (bd->engine.hosted)
		return bd;
	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(bd->engine.dma_bits));
	if (err) {
		dev_err(dev, "no DMA with %u address bits: error %d\n", bd->engine.dma_bits, err);
		goto remove;
	}
	/* Scatter lists may be merged into segments of any length. */
	if (dev->dma_parms)
		dma_set_max_seg_size(dev, UINT_MAX);
	return bd;

remove:
	bench_engine_remove(&bd->engine);
give_back:
	bench_give_back(&bd->borrowed);
put:
	bench_device_put(bd);
	return ERR_PTR(err);
}

/**
 * bench_device_retire() - stop a device's engine and give the device back
 * @bd: the device, without a run and with nothing bound; files that are open keep their reference
 *
 * Context: the driver core's remove, or its probe when that failed later.
 */
void bench_device_retire(struct bench_device *bd)
{
	bench_engine_remove(&bd->engine);
	bench_give_back(&bd->borrowed);
	bench_device_put(bd);
}

/* Stays on when the last address space is unbound; some IOMMUs' drivers refuse a domain then. */
static void sva_switch_off(struct bench_device *bd)
{
	struct bench_pasids *pasids = &bd->pasids;

	mutex_lock(&pasids->sva_lock);
	if (pasids->sva_on)
		bench_sva_disable(&bd->sva);
	WRITE_ONCE(pasids->sva_on, false);
	mutex_unlock(&pasids->sva_lock);
}

/**
 * bench_device_claim() - claim a device's DMA
 * @bd: the device, not given back
 * @claim: the claim, to be dropped by bench_claim_drop()
 * @use: what for
 * @hold: as for bench_claim_take()
 * @msg: receives one line when it is refused
 *
 * Context: process; sleeps.
 * Return: as bench_claim_take().
 */
int bench_device_claim(struct bench_device *bd, struct bench_claim *claim, enum bench_use use,
		       struct bench_group_hold *hold, struct bench_message *msg)
{
	int err = bd->engine.hosted ? bench_use_beside_driver(bd->dev, use, msg) : 0;

	if (err)
		return err;
	err = bench_claim_take(claim, bd->dev, use, hold, msg);
	/* Nobody binds a PASID now. */
	if (!err && bench_use_excludes(use, BENCH_USE_PASIDS))
		sva_switch_off(bd);
	return err;
}

/**
 * bench_device_get() - take a reference
 * @bd: the device
 */
void bench_device_get(struct bench_device *bd)
{
	kref_get(&bd->ref);
}

static void device_free(struct kref *ref)
{
	kfree(container_of(ref, struct bench_device, ref));
}

/**
 * bench_device_put() - drop a reference
 * @bd: the device
 */
void bench_device_put(struct bench_device *bd)
{
	kref_put(&bd->ref, device_free);
}

/**
 * bench_device_domain_type() - what translates a device by default
 * @dev: the device, without an own domain attached
 */
enum iommubench_domain_type bench_device_domain_type(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (!domain)
		return IOMMUBENCH_DOMAIN_NONE;
	switch (domain->type) {
	case IOMMU_DOMAIN_IDENTITY:
		return IOMMUBENCH_DOMAIN_IDENTITY;
	case IOMMU_DOMAIN_DMA:
		return IOMMUBENCH_DOMAIN_STRICT;
	case IOMMU_DOMAIN_DMA_FQ:
		return IOMMUBENCH_DOMAIN_LAZY;
	default:
		return IOMMUBENCH_DOMAIN_OTHER;
	}
}
