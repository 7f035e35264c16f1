/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices whose engines are in another module than the core: virtual boards have them, hosts do
 * not.
 */
#ifndef IOMMUBENCH_ENGINE_ELSEWHERE_H
#define IOMMUBENCH_ENGINE_ELSEWHERE_H

#include <linux/device.h>
#include <linux/of.h>
#include <linux/pci.h>

#include <iommubench/dmatest-regs.h>

/* The module that has them. */
#define BENCH_ENGINES_ELSEWHERE	"kmod_iommu_test_lab"

#define EDU_PCI_VENDOR		0x1234
#define EDU_PCI_DEVICE		0x11e8

static inline bool bench_device_is_pci(struct device *dev, u16 vendor, u16 device)
{
	return dev_is_pci(dev) && to_pci_dev(dev)->vendor == vendor &&
	       to_pci_dev(dev)->device == device;
}

static inline bool bench_device_is_edu(struct device *dev)
{
	return bench_device_is_pci(dev, EDU_PCI_VENDOR, EDU_PCI_DEVICE);
}

static inline bool bench_device_is_dmatest(struct device *dev)
{
	return bench_device_is_pci(dev, DMATEST_PCI_VENDOR, DMATEST_PCI_DEVICE) ||
	       (dev->of_node && of_device_is_compatible(dev->of_node, DMATEST_COMPATIBLE));
}

static inline bool bench_engine_elsewhere(struct device *dev)
{
	return bench_device_is_edu(dev) || bench_device_is_dmatest(dev);
}

#endif /* IOMMUBENCH_ENGINE_ELSEWHERE_H */
