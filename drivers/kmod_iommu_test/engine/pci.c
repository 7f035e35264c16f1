// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/export.h>
#include <linux/pci.h>

#include "engine/pci.h"

#define ENGINE_RESOURCE	"kmod_iommu_test"

/**
 * bench_engine_map_bar() - take the registers of a PCI function
 * @pdev: the function, bound to this module
 * @bar: where its registers are
 * @bytes: how many of them at most, 0 for all
 *
 * Whether it may do DMA is up to the engine (pci_set_master()).
 *
 * Context: may sleep.
 * Return: the registers, for bench_engine_unmap_bar(); or an error pointer made by IOMEM_ERR_PTR()
 * with nothing taken.
 */
void __iomem *bench_engine_map_bar(struct pci_dev *pdev, int bar, size_t bytes)
{
	void __iomem *regs;
	int err;

	err = pci_enable_device_mem(pdev);
	if (err)
		return IOMEM_ERR_PTR(err);
	err = pci_request_mem_regions(pdev, ENGINE_RESOURCE);
	if (err)
		goto disable;
	regs = pci_iomap(pdev, bar, bytes);
	if (regs)
		return regs;
	err = -ENOMEM;
	pci_release_mem_regions(pdev);
disable:
	pci_disable_device(pdev);
	return IOMEM_ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(bench_engine_map_bar);

/**
 * bench_engine_unmap_bar() - end a function's DMA and give its registers back
 * @pdev: the function
 * @regs: as bench_engine_map_bar() returned them
 *
 * Context: may sleep.
 */
void bench_engine_unmap_bar(struct pci_dev *pdev, void __iomem *regs)
{
	pci_clear_master(pdev);
	pci_iounmap(pdev, regs);
	pci_release_mem_regions(pdev);
	pci_disable_device(pdev);
}
EXPORT_SYMBOL_GPL(bench_engine_unmap_bar);
