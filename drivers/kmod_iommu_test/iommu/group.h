/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other members of a device's IOMMU group: who of them does DMA, and how to keep it so for a
 * moment.
 */
#ifndef IOMMUBENCH_IOMMU_GROUP_H
#define IOMMUBENCH_IOMMU_GROUP_H

#include <linux/types.h>

struct bench_message;
struct device;
struct iommu_group;

/**
 * struct bench_group_hold - the other members of a group, kept from being bound and unbound
 * @dev: whose group it is
 * @group: the group, a reference is held; NULL when nothing is held
 * @others: the other members, each with a reference and its device lock held
 * @nr: entries at @others
 * @room: entries that fit at @others
 */
struct bench_group_hold {
	struct device *dev;
	struct iommu_group *group;
	struct device **others;
	unsigned int nr;
	unsigned int room;
};

int bench_group_hold(struct bench_group_hold *hold, struct device *dev, bool ours_too,
		     const char *what, struct bench_message *msg);
bool bench_group_alone(struct device *dev);
bool bench_group_grew(const struct bench_group_hold *hold);
void bench_group_let_go(struct bench_group_hold *hold);

#endif /* IOMMUBENCH_IOMMU_GROUP_H */
