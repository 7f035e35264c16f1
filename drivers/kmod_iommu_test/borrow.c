// SPDX-License-Identifier: GPL-2.0-only
/*
 * All of a device that a driver changes and the driver core does not put back: DMA masks, segment
 * limits, and of a PCI function its power state and its configuration space, which has the command
 * register, the interrupt mode and what an engine switches on. It is taken
 * down before the engine is started and given back
 * after it was stopped, so that the device's own driver finds it as it left it.
 */
#include <linux/dma-mapping.h>
#include <linux/pci.h>

#include "borrow.h"

/* The kernel's own idea of it may be old: nobody looks after a device without a driver. */
static pci_power_t power_state(struct pci_dev *pdev)
{
	u16 control;

	if (!pdev->pm_cap)
		return PCI_D0;
	pci_read_config_word(pdev, pdev->pm_cap + PCI_PM_CTRL, &control);
	return (__force pci_power_t)(control & PCI_PM_CTRL_STATE_MASK);
}

static int borrow_pci(struct bench_borrowed *borrowed, struct pci_dev *pdev)
{
	borrowed->power = (__force int)power_state(pdev);
	borrowed->master = pdev->is_busmaster;
	borrowed->kept = pci_store_saved_state(pdev);
	pci_save_state(pdev);
	borrowed->config = pci_store_saved_state(pdev);
	if (borrowed->config)
		return 0;
	pci_load_and_free_saved_state(pdev, &borrowed->kept);
	return -ENOMEM;
}

static void give_back_pci(struct bench_borrowed *borrowed, struct pci_dev *pdev)
{
	pci_load_and_free_saved_state(pdev, &borrowed->config);
	pci_restore_state(pdev);
	pci_load_and_free_saved_state(pdev, &borrowed->kept);
	pdev->is_busmaster = borrowed->master;
	/* Last, as a function that sleeps may forget what is written to it. */
	if (borrowed->power != (__force int)power_state(pdev))
		pci_set_power_state(pdev, (__force pci_power_t)borrowed->power);
}

/**
 * bench_borrow() - take down what a device has
 * @borrowed: receives it
 * @dev: the device, before anything of it is changed
 *
 * Context: the driver core's probe; sleeps.
 * Return: 0, to be given back by bench_give_back(); or -ENOMEM with nothing changed.
 */
int bench_borrow(struct bench_borrowed *borrowed, struct device *dev)
{
	borrowed->dev = dev;
	borrowed->dma_mask = dev->dma_mask ? *dev->dma_mask : 0;
	borrowed->coherent_mask = dev->coherent_dma_mask;
	if (dev->dma_parms)
		borrowed->limits = *dev->dma_parms;
	return dev_is_pci(dev) ? borrow_pci(borrowed, to_pci_dev(dev)) : 0;
}

/**
 * bench_give_back() - give a device all that it had
 * @borrowed: what bench_borrow() took down; the device does no DMA and has no interrupts any more
 *
 * A device that was unplugged meanwhile takes no notice.
 *
 * Context: the driver core's remove, or its probe when that failed later; sleeps.
 */
void bench_give_back(struct bench_borrowed *borrowed)
{
	struct device *dev = borrowed->dev;

	if (dev_is_pci(dev))
		give_back_pci(borrowed, to_pci_dev(dev));
	/* The calls for it would refuse a mask that is there, or make it another one. */
	if (dev->dma_mask)
		*dev->dma_mask = borrowed->dma_mask;
	dev->coherent_dma_mask = borrowed->coherent_mask;
	if (dev->dma_parms)
		*dev->dma_parms = borrowed->limits;
}
