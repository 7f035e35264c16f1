/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The domains that PASIDs are attached to by commands.
 */
#ifndef IOMMUBENCH_COMMANDS_PASID_DOMAIN_H
#define IOMMUBENCH_COMMANDS_PASID_DOMAIN_H

#include <linux/types.h>

struct bench_device;
struct bench_message;
struct bench_pasid_file;
struct bench_pasids;
struct iommu_domain;
struct page;

/**
 * struct pasid_domain - a domain with one page mapped, or none
 * @domain: the domain
 * @page: the page; NULL in an empty domain
 * @mark: what it begins with, of this domain alone; 0 where the device may not see it
 * @iova: where it is mapped
 * @users: PASIDs that it is attached to
 */
struct pasid_domain {
	struct iommu_domain *domain;
	struct page *page;
	u64 mark;
	u64 iova;
	unsigned int users;
};

struct pasid_domain *pasid_domain_get(struct bench_device *bd, struct bench_pasid_file *pf,
				      u32 flags, struct bench_message *msg);
void pasid_domain_put(struct bench_pasids *pasids, struct bench_pasid_file *pf,
		      struct pasid_domain *pd);

#endif /* IOMMUBENCH_COMMANDS_PASID_DOMAIN_H */
