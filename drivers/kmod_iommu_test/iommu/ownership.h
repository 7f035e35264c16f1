/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who has the DMA of a device and of its IOMMU group, and what for.
 */
#ifndef IOMMUBENCH_IOMMU_OWNERSHIP_H
#define IOMMUBENCH_IOMMU_OWNERSHIP_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>

struct bench_group_hold;
struct bench_message;
struct device;
struct iommu_group;

/**
 * enum bench_use - what a device's DMA is used for
 * @BENCH_USE_NONE: what somebody else has claimed already; excludes nothing
 * @BENCH_USE_DMA_API: mappings in the group's default domain
 * @BENCH_USE_OWN_DOMAIN: a domain of a run's own in place of the default one
 * @BENCH_USE_PASIDS: domains or address spaces at PASIDs, beside the default domain
 * @BENCH_USE_IOMMUFD: user space has the DMA
 * @BENCH_USES: how many there are
 */
enum bench_use {
	BENCH_USE_NONE,
	BENCH_USE_DMA_API,
	BENCH_USE_OWN_DOMAIN,
	BENCH_USE_PASIDS,
	BENCH_USE_IOMMUFD,
	BENCH_USES
};

/**
 * struct bench_claim - the claim of one user to a device; all zeroes while it has none
 * @node: in the list of all claims
 * @dev: the device
 * @group: its group, a reference is held; NULL when it is behind no IOMMU
 * @use: what it is claimed for
 * @owner: process that claimed it
 * @users: how often it was taken and not dropped yet, 0 while there is none
 */
struct bench_claim {
	struct list_head node;
	struct device *dev;
	struct iommu_group *group;
	enum bench_use use;
	pid_t owner;
	atomic_t users;
};

bool bench_use_excludes(enum bench_use use, enum bench_use other);
int bench_use_beside_driver(struct device *dev, enum bench_use use, struct bench_message *msg);
int bench_claim_take(struct bench_claim *claim, struct device *dev, enum bench_use use,
		     struct bench_group_hold *hold, struct bench_message *msg);
void bench_claim_drop(struct bench_claim *claim);

#endif /* IOMMUBENCH_IOMMU_OWNERSHIP_H */
