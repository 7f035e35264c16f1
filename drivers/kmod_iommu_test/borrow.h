/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device has when it is bound, and has again when it is unbound.
 */
#ifndef IOMMUBENCH_BORROW_H
#define IOMMUBENCH_BORROW_H

#include <linux/device.h>
#include <linux/types.h>

struct pci_saved_state;

/**
 * struct bench_borrowed - what a device had before it was bound
 * @dev: the device
 * @dma_mask: the addresses that it may stream to; without a meaning where it has no such mask
 * @coherent_mask: the addresses of coherent memory
 * @limits: how its scatter lists may be cut; without a meaning where it has no such limits
 * @config: its configuration space, PCI only
 * @kept: what somebody else had saved of it before, NULL for nothing
 * @power: its power state, one of PCI's
 * @master: the kernel took it for a bus master
 */
struct bench_borrowed {
	struct device *dev;
	u64 dma_mask;
	u64 coherent_mask;
	struct device_dma_parameters limits;
	struct pci_saved_state *config;
	struct pci_saved_state *kept;
	int power;
	bool master;
};

int bench_borrow(struct bench_borrowed *borrowed, struct device *dev);
void bench_give_back(struct bench_borrowed *borrowed);

#endif /* IOMMUBENCH_BORROW_H */
