// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one place that says what excludes what, on a device and among the members of its IOMMU group
 * that are bound to this module. A run claims the device before its workload takes anything and
 * drops the claim after that was given back; an iommufd and bound PASIDs do likewise. Members that
 * other drivers have are looked at in group.c.
 */
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "iommu/detach.h"
#include "iommu/group.h"
#include "iommu/ownership.h"
#include "message.h"

/*
 * Two users of one group that exclude each other, the same way round for both. An own domain takes
 * the place of the default one, and by the kernel's rule that is not possible while PASIDs are
 * attached (__iommu_take_dma_ownership()). PASIDs lie beside the default domain. Several devices
 * of a group may be given to one iommufd, and the kernel refuses a second one.
 */
static const unsigned int excluded[BENCH_USES] = {
	[BENCH_USE_DMA_API] = BIT(BENCH_USE_OWN_DOMAIN) | BIT(BENCH_USE_IOMMUFD),
	[BENCH_USE_OWN_DOMAIN] = BIT(BENCH_USE_DMA_API) | BIT(BENCH_USE_OWN_DOMAIN) |
				 BIT(BENCH_USE_PASIDS) | BIT(BENCH_USE_IOMMUFD),
	[BENCH_USE_PASIDS] = BIT(BENCH_USE_OWN_DOMAIN) | BIT(BENCH_USE_IOMMUFD),
	[BENCH_USE_IOMMUFD] = BIT(BENCH_USE_DMA_API) | BIT(BENCH_USE_OWN_DOMAIN) |
			      BIT(BENCH_USE_PASIDS),
};

/* What is left of a device that stays with its own driver: mappings beside those of that driver. */
static const unsigned int beside_driver = BIT(BENCH_USE_NONE) | BIT(BENCH_USE_DMA_API);

static const char *const names[BENCH_USES] = {
	[BENCH_USE_DMA_API] = "run over the DMA API",
	[BENCH_USE_OWN_DOMAIN] = "run with an own domain",
	[BENCH_USE_PASIDS] = "bind of PASIDs",
	[BENCH_USE_IOMMUFD] = "iommufd",
};

/* Guards the list and what is in it, but for the number of users above 1. */
static DEFINE_MUTEX(claims_lock);
static LIST_HEAD(claims);

/**
 * bench_use_excludes() - whether two uses of one group exclude each other
 * @use: one of them
 * @other: the other one
 */
bool bench_use_excludes(enum bench_use use, enum bench_use other)
{
	return excluded[use] & BIT(other);
}

/**
 * bench_use_beside_driver() - may a device be used while another driver has it?
 * @dev: the device, such as the controller of a channel of dmaengine
 * @use: what for
 * @msg: receives one line when it may not
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int bench_use_beside_driver(struct device *dev, enum bench_use use, struct bench_message *msg)
{
	if (beside_driver & BIT(use))
		return 0;
	return bench_refuse(msg, -EOPNOTSUPP,
			    "no %s for %s: it stays with its driver %s, whose own mappings are in its domain, so only runs over the DMA API are possible",
			    names[use], dev_name(dev), dev_driver_string(dev));
}

static int refuse(const struct bench_claim *claim, const struct bench_claim *other,
		  struct bench_message *msg)
{
	if (other->dev == claim->dev)
		return bench_refuse(msg, -EBUSY,
				    "no %s for %s while process %d has a %s on it: wait for that or stop it",
				    names[claim->use], dev_name(claim->dev), other->owner,
				    names[other->use]);
	return bench_refuse(msg, -EBUSY,
			    "no %s for %s while process %d has a %s on %s in the same IOMMU group %d: wait for that or stop it",
			    names[claim->use], dev_name(claim->dev), other->owner,
			    names[other->use], dev_name(other->dev), iommu_group_id(claim->group));
}

static int check_others(const struct bench_claim *claim, struct bench_message *msg)
{
	const struct bench_claim *other;

	list_for_each_entry(other, &claims, node) {
		if (other->dev != claim->dev && (!claim->group || other->group != claim->group))
			continue;
		if (bench_use_excludes(claim->use, other->use))
			return refuse(claim, other, msg);
	}
	return 0;
}

static int check_rest(const struct bench_claim *claim, struct bench_message *msg)
{
	if (!bench_detach_pending(claim->group))
		return 0;
	return bench_refuse(msg, -EBUSY,
			    "no %s for %s: the own domain of a run that has ended cannot be detached from IOMMU group %d for want of memory: free some, and try again in a second",
			    names[claim->use], dev_name(claim->dev), iommu_group_id(claim->group));
}

static int claim_enter(struct bench_claim *claim, struct bench_group_hold *hold,
		       struct bench_message *msg)
{
	int err = check_others(claim, msg) ?: check_rest(claim, msg);

	if (!err && hold)
		err = bench_group_hold(hold, claim->dev, true, names[claim->use], msg);
	if (err) {
		iommu_group_put(claim->group);
		claim->group = NULL;
		return err;
	}
	list_add_tail(&claim->node, &claims);
	atomic_set(&claim->users, 1);
	return 0;
}

/**
 * bench_claim_take() - claim a device for a use
 * @claim: what there is of the claim, or all zeroes
 * @dev: the device, bound to this module
 * @use: what for; with BENCH_USE_NONE nothing happens
 * @hold: receives the other members of the group, held until the use has begun, where no other
 *	driver may be bound to any of them, not even this module's; NULL where that is looked at
 *	when the domain is attached. It is empty when the claim was there already
 * @msg: receives one line when it is refused, which names who has what
 *
 * A claim may be taken several times for one use.
 *
 * Context: process; sleeps.
 * Return: 0; -EBUSY when the use is excluded by another one; an error of bench_group_hold(). After
 * an error nothing is claimed.
 */
int bench_claim_take(struct bench_claim *claim, struct device *dev, enum bench_use use,
		     struct bench_group_hold *hold, struct bench_message *msg)
{
	int err = 0;

	if (hold)
		memset(hold, 0, sizeof(*hold));
	if (use == BENCH_USE_NONE || atomic_inc_not_zero(&claim->users))
		return 0;
	mutex_lock(&claims_lock);
	if (atomic_read(&claim->users)) {
		atomic_inc(&claim->users);
	} else {
		claim->dev = dev;
		claim->group = iommu_group_get(dev);
		claim->use = use;
		claim->owner = task_tgid_nr(current);
		err = claim_enter(claim, hold, msg);
	}
	mutex_unlock(&claims_lock);
	return err;
}

/**
 * bench_claim_drop() - drop a claim, once for each time that it was taken
 * @claim: the claim; nothing happens when there is none
 *
 * What it was taken for has been given back.
 *
 * Context: process; sleeps.
 */
void bench_claim_drop(struct bench_claim *claim)
{
	if (!atomic_read(&claim->users) || !atomic_dec_and_mutex_lock(&claim->users, &claims_lock))
		return;
	list_del(&claim->node);
	iommu_group_put(claim->group);
	claim->group = NULL;
	mutex_unlock(&claims_lock);
}
