/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domains of a run's own: address spaces that no driver but this module maps in.
 */
#ifndef IOMMUBENCH_IOMMU_DOMAIN_H
#define IOMMUBENCH_IOMMU_DOMAIN_H

#include <linux/dma-direction.h>
#include <linux/errno.h>
#include <linux/types.h>

struct bench_message;
struct device;
struct iommu_domain;

/**
 * bench_map_broken() - is a map that failed the fault of who maps?
 * @err: its negative errno
 *
 * There may be no memory, no address, or no bounce buffer (-EIO) left. Anything else says that the
 * map was wrong, and it was not.
 */
static inline bool bench_map_broken(int err)
{
	return err != -ENOMEM && err != -ENOSPC && err != -EIO && err != -EINTR;
}

struct iommu_domain *bench_domain_own(struct device *dev, struct bench_message *msg);
struct iommu_domain *bench_domain_own_pasid(struct device *dev, u32 *pasid,
					    struct bench_message *msg);
int bench_pasid_domain_count(bool always, struct bench_message *msg);
void bench_pasid_domain_uncount(void);
void bench_domain_disown(struct iommu_domain *domain, struct device *dev, u32 pasid);
int bench_domain_prot(struct device *dev, enum dma_data_direction dir);

#endif /* IOMMUBENCH_IOMMU_DOMAIN_H */
