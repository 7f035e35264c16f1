/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared virtual addressing: a device that works in the address spaces of
 * processes, each known to it by a PASID.
 */
#ifndef IOMMUBENCH_IOMMU_SVA_H
#define IOMMUBENCH_IOMMU_SVA_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "iommu/drain.h"

struct bench_message;
struct device;
struct iommu_sva;
struct mm_struct;

/**
 * struct bench_sva - what is switched on for a device
 * @dev: the device
 * @lock: guards what follows
 * @users: calls of bench_sva_enable() that are not undone yet
 * @faults: the kernel was willing to answer faults of the device's accesses
 * @drain: by what its IOMMU tells of them
 */
struct bench_sva {
	struct device *dev;
	struct mutex lock;
	unsigned int users;
	bool faults;
	struct bench_drain drain;
};

void bench_sva_init(struct bench_sva *sva, struct device *dev);
int bench_sva_enable(struct bench_sva *sva, bool faults, struct bench_message *msg);
void bench_sva_disable(struct bench_sva *sva);
struct iommu_sva *bench_sva_bind(struct bench_sva *sva, struct mm_struct *mm);
void bench_sva_settle(struct bench_sva *sva);
void bench_sva_unbind(struct iommu_sva *handle);
u32 bench_sva_pasid(struct iommu_sva *handle);
bool bench_sva_answers(const struct bench_sva *sva);
int bench_sva_need_answers(const struct bench_sva *sva, struct bench_message *msg);
struct mm_struct *bench_sva_mm(pid_t pid);

#endif /* IOMMUBENCH_IOMMU_SVA_H */
