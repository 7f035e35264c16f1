/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults under way, waited for: in the IOMMU's queue, in its driver, and in the kernel's work.
 */
#ifndef IOMMUBENCH_IOMMU_DRAIN_H
#define IOMMUBENCH_IOMMU_DRAIN_H

#include <linux/types.h>

struct device;

/* As many as an SMMUv3 has: events, page requests, errors and commands, each wired or as an MSI. */
#define BENCH_DRAIN_IRQS	8

/**
 * struct bench_drain - by what a device's IOMMU tells of faults
 * @irqs: the interrupts of the IOMMU, Linux' numbers
 * @nr_irqs: how many
 */
struct bench_drain {
	unsigned int irqs[BENCH_DRAIN_IRQS];
	unsigned int nr_irqs;
};

void bench_drain_init(struct bench_drain *drain, struct device *dev);
void bench_drain_faults(const struct bench_drain *drain, struct device *dev);

#endif /* IOMMUBENCH_IOMMU_DRAIN_H */
