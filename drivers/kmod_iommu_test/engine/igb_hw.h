/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A port of an Intel gigabit controller as hardware: reset, looped back on itself, and given back.
 */
#ifndef IOMMUBENCH_ENGINE_IGB_HW_H
#define IOMMUBENCH_ENGINE_IGB_HW_H

#include <linux/io.h>
#include <linux/sizes.h>
#include <linux/types.h>

struct pci_dev;

/* What of a frame goes to a buffer of its own, which is a multiple of this. */
#define IGB_HEADER_BYTES	64
/* Room that the port supposes behind the address of a receive descriptor. */
#define IGB_BUFFER_BYTES	SZ_2K
/* Descriptors of a ring; the size of a ring is a multiple of 128 bytes. */
#define IGB_RING		32

/* Registers, and what is used of them, of the datasheets of 82576 and I350. */
#define IGB_RDT(queue)		(0xc018 + (queue) * 0x40)
#define IGB_TDT(queue)		(0xe018 + (queue) * 0x40)

/**
 * struct igb_hw - one port
 * @pdev: the PCI function
 * @regs: its registers, BAR 0
 * @bmcr: control register of the PHY as it was found
 * @lbk: loopback register of the PHY of an I350 as it was found
 * @gcr: PCIe control register as it was found
 * @phy_taken: @bmcr and @lbk are known, and the PHY is looped back
 */
struct igb_hw {
	struct pci_dev *pdev;
	void __iomem *regs;
	u16 bmcr;
	u16 lbk;
	u32 gcr;
	bool phy_taken;
};

/* The address that the port's receiver listens to, and to nothing else: locally administered. */
extern const u8 igb_hw_address[6];

bool igb_hw_known(const struct pci_dev *pdev);
int igb_hw_open(struct igb_hw *hw, struct pci_dev *pdev);
void igb_hw_close(struct igb_hw *hw);
int igb_hw_start(struct igb_hw *hw, u64 tx_ring, u64 rx_ring);
int igb_hw_reset_function(struct igb_hw *hw);

#endif /* IOMMUBENCH_ENGINE_IGB_HW_H */
