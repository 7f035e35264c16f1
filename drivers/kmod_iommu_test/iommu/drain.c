// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting until all faults of a device are answered. Linux does not wait for them when it takes
 * an address space away: what is under way then would work with what is freed. It leaves it to
 * the drivers of IOMMUs, of which Intel's and AMD's do and arm-smmu-v3 does not.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/msi.h>
#include <linux/platform_device.h>

#include "compat.h"
#include "iommu/drain.h"

/* An interrupt that was sent but not taken yet is so for no longer than CPUs run without any. */
#define PENDING_MS	100

static void add_irq(struct bench_drain *drain, int irq)
{
	if (irq > 0 && drain->nr_irqs < BENCH_DRAIN_IRQS)
		drain->irqs[drain->nr_irqs++] = irq;
}

/**
 * bench_drain_init() - find out by what the IOMMU of a device tells of faults
 * @drain: receives it: nothing where the IOMMU is no platform device
 * @dev: the device
 *
 * Context: process, may sleep.
 */
void bench_drain_init(struct bench_drain *drain, struct device *dev)
{
	struct device *iommu = bench_iommu_of(dev);
	int i;

	drain->nr_irqs = 0;
	if (!iommu || !dev_is_platform(iommu))
		return;
	for (i = 0; i < platform_irq_count(to_platform_device(iommu)); i++)
		add_irq(drain, platform_get_irq_optional(to_platform_device(iommu), i));
	if (!IS_ENABLED(CONFIG_GENERIC_MSI_IRQ))
		return;
	for (i = 0; i < BENCH_DRAIN_IRQS; i++)
		add_irq(drain, msi_get_virq(iommu, i));
}

static bool is_pending(unsigned int irq)
{
	bool pending;

	return !irq_get_irqchip_state(irq, IRQCHIP_STATE_PENDING, &pending) && pending;
}

/**
 * bench_drain_faults() - wait until no fault of a device is under way
 * @drain: from bench_drain_init()
 * @dev: the device, whose faults the kernel takes in; it makes no access any more that could fault
 *
 * Context: process, may sleep: as long as the kernel takes to handle what has come.
 */
void bench_drain_faults(const struct bench_drain *drain, struct device *dev)
{
	unsigned long limit = jiffies + msecs_to_jiffies(PENDING_MS);
	unsigned int i;

	for (i = 0; i < drain->nr_irqs; i++) {
		while (is_pending(drain->irqs[i]) && time_before(jiffies, limit))
			usleep_range(50, 100);
		/* Also for the driver's thread, which empties the queue. */
		synchronize_irq(drain->irqs[i]);
	}
	bench_flush_faults(dev);
}
