// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/limits.h>

#include <uapi/iommubench.h>

#include "compat.h"
#include "iommu/detach.h"
#include "iommu/domain.h"
#include "iommu/group.h"
#include "message.h"

/*
 * Domains for PASIDs, of all devices: what they take are address space identifiers, and Linux'
 * SMMUv3 driver has one set of them for all SMMUs.
 */
static atomic_t pasid_domains;

/**
 * bench_pasid_domain_count() - count a domain for PASIDs that is about to be made
 * @always: it is counted however many there are
 * @msg: receives one line when it is refused
 *
 * Return: 0, to be undone by bench_pasid_domain_uncount(); -EMFILE when there are
 * IOMMUBENCH_MAX_PASID_DOMAINS already.
 */
int bench_pasid_domain_count(bool always, struct bench_message *msg)
{
	int most = always ? INT_MAX - 1 : IOMMUBENCH_MAX_PASID_DOMAINS - 1;
	int n = atomic_read(&pasid_domains);

	do {
		if (n > most)
			return bench_refuse(msg, -EMFILE,
					    "no more than %u domains for PASIDs at once, of all devices: an IOMMU may have few address space identifiers, and some kernels crash when they run out",
					    IOMMUBENCH_MAX_PASID_DOMAINS);
	} while (!atomic_try_cmpxchg(&pasid_domains, &n, n + 1));
	return 0;
}

/**
 * bench_pasid_domain_uncount() - a domain that was counted is gone
 */
void bench_pasid_domain_uncount(void)
{
	atomic_dec(&pasid_domains);
}

static struct iommu_domain *domain_alloc(struct device *dev, struct bench_message *msg)
{
	struct iommu_domain *domain;

	if (!iommu_get_domain_for_dev(dev)) {
		bench_refuse(msg, -ENODEV, "no IOMMU translates %s: use a DMA API", dev_name(dev));
		return ERR_PTR(-ENODEV);
	}
	domain = bench_domain_alloc(dev);
	if (IS_ERR(domain))
		bench_refuse(msg, PTR_ERR(domain),
			     "the IOMMU gives no further domain: error %ld", PTR_ERR(domain));
	return domain;
}

/*
 * By the group, as others may be in it, and more may join it while the domain is attached.
 * Return: 0, or a negative errno with the domain freed.
 */
static int attach(struct iommu_domain *domain, const struct bench_group_hold *hold,
		  struct bench_message *msg)
{
	int err = bench_attach(domain, hold);

	if (!err)
		return 0;
	iommu_domain_free(domain);
	return bench_refuse(msg, err, "a domain cannot be attached to %s: error %d",
			    dev_name(hold->dev), err);
}

/**
 * bench_domain_own() - an empty domain in place of the default one of the device's group
 * @dev: the device, claimed for an own domain
 * @msg: receives one line when there is none, which names who is in the way
 *
 * Attached, because a domain without a device has nothing to invalidate and
 * would make unmap look free.
 *
 * Context: may sleep.
 * Return: the domain, for bench_domain_disown(), or an ERR_PTR().
 */
struct iommu_domain *bench_domain_own(struct device *dev, struct bench_message *msg)
{
	struct iommu_domain *domain = domain_alloc(dev, msg);
	struct bench_group_hold hold;
	int err;

	if (IS_ERR(domain))
		return domain;
	err = bench_group_hold(&hold, dev, false, "own domain", msg);
	if (err) {
		iommu_domain_free(domain);
		return ERR_PTR(err);
	}
	err = attach(domain, &hold, msg);
	if (!err && bench_group_grew(&hold)) {
		bench_detach(domain);
		err = bench_refuse(msg, -EBUSY,
				   "no own domain for %s: another device has just joined IOMMU group %d: try again",
				   dev_name(dev), iommu_group_id(hold.group));
	}
	bench_group_let_go(&hold);
	return err ? ERR_PTR(err) : domain;
}

/**
 * bench_domain_own_pasid() - an empty domain for one PASID of the device
 * @dev: the device; what it does without a PASID is as before
 * @pasid: receives the PASID
 * @msg: receives one line when there is none
 *
 * Context: may sleep.
 * Return: the domain, for bench_domain_disown(), or an ERR_PTR().
 */
struct iommu_domain *bench_domain_own_pasid(struct device *dev, u32 *pasid,
					    struct bench_message *msg)
{
	u32 pasids = bench_device_pasids(dev);
	struct bench_group_hold hold;
	struct iommu_domain *domain;
	int err;

	if (!BENCH_HAS_DOMAIN_PASID) {
		bench_refuse(msg, -EOPNOTSUPP,
			     "a domain a thread needs a kernel that attaches domains to PASIDs, from 6.6 on");
		return ERR_PTR(-EOPNOTSUPP);
	}
	if (!pasids) {
		bench_refuse(msg, -EOPNOTSUPP,
			     "a domain a thread needs PASIDs, and %s with its IOMMU has none",
			     dev_name(dev));
		return ERR_PTR(-EOPNOTSUPP);
	}
	err = bench_pasid_domain_count(false, msg);
	if (err)
		return ERR_PTR(err);
	domain = domain_alloc(dev, msg);
	if (IS_ERR(domain)) {
		bench_pasid_domain_uncount();
		return domain;
	}
	*pasid = bench_pasid_alloc(dev);
	if (!*pasid) {
		err = bench_refuse(msg, -ENOSPC, "no PASID of %s is left, of %u: use fewer threads",
				   dev_name(dev), pasids);
		goto free;
	}
	err = bench_group_hold(&hold, dev, true, "PASIDs", msg);
	if (err)
		goto free_pasid;
	err = bench_domain_attach_pasid(domain, dev, *pasid);
	bench_group_let_go(&hold);
	if (!err)
		return domain;
	bench_refuse(msg, err, "the IOMMU driver attaches no domain to PASID %u of %s: error %d",
		     *pasid, dev_name(dev), err);
free_pasid:
	bench_pasid_free(*pasid);
free:
	iommu_domain_free(domain);
	bench_pasid_domain_uncount();
	return ERR_PTR(err);
}

/**
 * bench_domain_disown() - give an own domain back
 * @domain: without mappings, or with ones that go with it
 * @dev: what it is attached to
 * @pasid: and by which PASID, 0 for none
 *
 * Context: may sleep.
 */
void bench_domain_disown(struct iommu_domain *domain, struct device *dev, u32 pasid)
{
	if (!pasid) {
		bench_detach(domain);
		return;
	}
	bench_domain_detach_pasid(domain, dev, pasid);
	bench_pasid_free(pasid);
	iommu_domain_free(domain);
	if (pasid)
		bench_pasid_domain_uncount();
}

/**
 * bench_domain_prot() - what iommu_map() is told for a direction of data
 * @dev: the device
 * @dir: the direction
 *
 * Return: IOMMU_READ and the like, cache-coherent as with the DMA API: where the device snoops
 * and the IOMMU lets it.
 */
int bench_domain_prot(struct device *dev, enum dma_data_direction dir)
{
	int prot = 0;

	if (dir != DMA_FROM_DEVICE)
		prot |= IOMMU_READ;
	if (dir != DMA_TO_DEVICE)
		prot |= IOMMU_WRITE;
	if (dev_is_dma_coherent(dev) && device_iommu_capable(dev, IOMMU_CAP_CACHE_COHERENCY))
		prot |= IOMMU_CACHE;
	return prot;
}
