/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Own domains put in place of the default one of a group, and taken away again whatever happens.
 */
#ifndef IOMMUBENCH_IOMMU_DETACH_H
#define IOMMUBENCH_IOMMU_DETACH_H

#include <linux/types.h>

struct bench_group_hold;
struct iommu_domain;
struct iommu_group;

int bench_detach_init(void);
void bench_detach_exit(void);
int bench_attach(struct iommu_domain *domain, const struct bench_group_hold *hold);
void bench_detach(struct iommu_domain *domain);
void bench_detach_call(void (*fn)(void *arg), void *arg);
bool bench_detach_pending(const struct iommu_group *group);

#endif /* IOMMUBENCH_IOMMU_DETACH_H */
