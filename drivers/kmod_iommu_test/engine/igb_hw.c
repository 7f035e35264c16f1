// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intel 82576 and I350, one port: its PHY sends what it is given straight back. The MAC's own
 * loopback is not used, because the 82576 does not have it. Facts: the datasheets 320961 and
 * 336626, and what Linux' igb does for the loopback test of ethtool.
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/iopoll.h>
#include <linux/mii.h>
#include <linux/pci.h>

#include "engine/igb_hw.h"
#include "engine/pci.h"

#define IGB_VENDOR		0x8086
#define IGB_BAR			0

#define IGB_CTRL		0x00000
#define IGB_CTRL_FD		BIT(0)
#define IGB_CTRL_MASTER_OFF	BIT(2)
#define IGB_CTRL_SLU		BIT(6)
#define IGB_CTRL_SPEED		GENMASK(9, 8)
#define IGB_CTRL_SPEED_1000	BIT(9)
#define IGB_CTRL_FRCSPD		BIT(11)
#define IGB_CTRL_FRCDPLX	BIT(12)
#define IGB_CTRL_RST		BIT(26)
#define IGB_STATUS		0x00008
#define IGB_STATUS_LU		BIT(1)
#define IGB_STATUS_LAN_ID(s)	(((s) >> 2) & 3)
#define IGB_STATUS_MASTER_ON	BIT(19)
#define IGB_EECD		0x00010
#define IGB_EECD_AUTO_RD	BIT(9)
#define IGB_CTRL_EXT		0x00018
#define IGB_CTRL_EXT_LINK_MODE	GENMASK(23, 22)
#define IGB_CTRL_EXT_DRV_LOAD	BIT(28)
#define IGB_MDIC		0x00020
#define IGB_MDIC_REG(reg)	((u32)(reg) << 16)
#define IGB_MDIC_PHY		BIT(21)
#define IGB_MDIC_WRITE		BIT(26)
#define IGB_MDIC_READ		BIT(27)
#define IGB_MDIC_READY		BIT(28)
#define IGB_MDIC_ERROR		BIT(30)
#define IGB_RCTL		0x00100
#define IGB_RCTL_EN		BIT(1)
#define IGB_RCTL_SECRC		BIT(26)
#define IGB_TCTL		0x00400
#define IGB_TCTL_EN		BIT(1)
#define IGB_TCTL_PSP		BIT(3)
#define IGB_EIMC		0x01528
#define IGB_IMC			0x0150c
#define IGB_RAL0		0x05400
#define IGB_RAH0		0x05404
#define IGB_RAH_VALID		BIT(31)
#define IGB_MRQC		0x05818
#define IGB_GCR			0x05b00
#define IGB_GCR_RESEND		BIT(16)
#define IGB_SWSM		0x05b50
#define IGB_SWSM_SMBI		BIT(0)
#define IGB_SWSM_SWESMBI	BIT(1)
#define IGB_SW_FW_SYNC		0x05b5c
#define IGB_RDBAL0		0x0c000
#define IGB_RDBAH0		0x0c004
#define IGB_RDLEN0		0x0c008
#define IGB_SRRCTL0		0x0c00c
#define IGB_SRRCTL_PACKET	(IGB_BUFFER_BYTES / SZ_1K)
#define IGB_SRRCTL_HEADER	(IGB_HEADER_BYTES / 64 << 8)
#define IGB_SRRCTL_SPLIT	(5 << 25)
#define IGB_RDH0		0x0c010
#define IGB_RXDCTL0		0x0c028
#define IGB_TDBAL0		0x0e000
#define IGB_TDBAH0		0x0e004
#define IGB_TDLEN0		0x0e008
#define IGB_TDH0		0x0e010
#define IGB_TXDCTL0		0x0e028
/* Descriptors are fetched when one is there, and written back one by one. */
#define IGB_DCTL_ENABLE		(BIT(25) | 1 << 16 | 1 << 8 | 8)

/* The one register of the I350's PHY that is not a standard's, and what loops it back. */
#define IGB_PHY_LBK		19
#define IGB_PHY_LBK_ON		0x8041

#define IGB_DESC_BYTES		16

#define IGB_RESET_MS		2
#define IGB_NVM_US		20000
#define IGB_MASTER_US		80000
#define IGB_MDIC_US		50000
#define IGB_SEMAPHORE_MS	200
#define IGB_PHY_SETTLE_MS	50
/* A PHY takes half a second to renegotiate, and so does QEMU's model of one. */
#define IGB_LINK_US		2000000
#define IGB_QUEUE_US		20000

const u8 igb_hw_address[ETH_ALEN] = { 0x02, 0x69, 0x6f, 0x62, 0x00, 0x01 };

/* Ports with a PHY inside; fibre and backplane have none that could loop back. */
static const u16 igb_82576[] = { 0x10c9, 0x10e8, 0x150a, 0x1526 };
static const u16 igb_i350[] = { 0x1521 };

static bool igb_listed(const u16 *ids, unsigned int n, u16 id)
{
	while (n--)
		if (ids[n] == id)
			return true;
	return false;
}

static bool igb_is_i350(const struct pci_dev *pdev)
{
	return igb_listed(igb_i350, ARRAY_SIZE(igb_i350), pdev->device);
}

/**
 * igb_hw_known() - is this a port that can be looped back?
 * @pdev: any PCI function
 */
bool igb_hw_known(const struct pci_dev *pdev)
{
	return pdev->vendor == IGB_VENDOR &&
	       (igb_listed(igb_82576, ARRAY_SIZE(igb_82576), pdev->device) || igb_is_i350(pdev));
}

static u32 igb_read(const struct igb_hw *hw, u32 reg)
{
	return readl(hw->regs + reg);
}

static void igb_write(const struct igb_hw *hw, u32 reg, u32 value)
{
	writel(value, hw->regs + reg);
}

/*
 * PHYs are shared with the firmware that manages the machine, and with the other ports.
 * Return: this port's bit in the register that says whose they are.
 */
static u32 igb_phy_bit(const struct igb_hw *hw)
{
	static const u8 bits[] = { 1, 2, 5, 6 };

	return BIT(bits[IGB_STATUS_LAN_ID(igb_read(hw, IGB_STATUS))]);
}

/* One attempt. The register of owners is itself guarded, against other software and firmware. */
static bool igb_phy_try(const struct igb_hw *hw, bool take)
{
	u32 bit = igb_phy_bit(hw), sync;
	bool done = false;

	/* Reading it as 0 takes it. */
	if (igb_read(hw, IGB_SWSM) & IGB_SWSM_SMBI)
		return false;
	igb_write(hw, IGB_SWSM, IGB_SWSM_SMBI | IGB_SWSM_SWESMBI);
	if (igb_read(hw, IGB_SWSM) & IGB_SWSM_SWESMBI) {
		sync = igb_read(hw, IGB_SW_FW_SYNC);
		/* The upper half is the firmware's. */
		done = !take || !(sync & (bit | bit << 16));
		if (done)
			igb_write(hw, IGB_SW_FW_SYNC, take ? sync | bit : sync & ~bit);
	}
	igb_write(hw, IGB_SWSM, 0);
	return done;
}

static int igb_phy_own(const struct igb_hw *hw, bool take)
{
	unsigned int i;

	for (i = 0; i < IGB_SEMAPHORE_MS; i++) {
		if (igb_phy_try(hw, take))
			return 0;
		usleep_range(1000, 1500);
	}
	return -EBUSY;
}

static int igb_mdic(const struct igb_hw *hw, u32 command)
{
	u32 mdic;

	igb_write(hw, IGB_MDIC, command | IGB_MDIC_PHY);
	if (readl_poll_timeout(hw->regs + IGB_MDIC, mdic, mdic & IGB_MDIC_READY, 50, IGB_MDIC_US))
		return -ETIMEDOUT;
	return mdic & IGB_MDIC_ERROR ? -EIO : (u16)mdic;
}

static int igb_phy_read(const struct igb_hw *hw, unsigned int reg, u16 *value)
{
	int ret = igb_mdic(hw, IGB_MDIC_READ | IGB_MDIC_REG(reg));

	if (ret >= 0)
		*value = ret;
	return min(ret, 0);
}

static int igb_phy_write(const struct igb_hw *hw, unsigned int reg, u16 value)
{
	return min(igb_mdic(hw, IGB_MDIC_WRITE | IGB_MDIC_REG(reg) | value), 0);
}

/* The PHY is ours. What it was set to is noted the first time. */
static int igb_phy_loop(struct igb_hw *hw)
{
	bool i350 = igb_is_i350(hw->pdev);
	int err = 0;

	if (!hw->phy_taken)
		err = igb_phy_read(hw, MII_BMCR, &hw->bmcr) ?:
		      (i350 ? igb_phy_read(hw, IGB_PHY_LBK, &hw->lbk) : 0);
	if (err)
		return err;
	hw->phy_taken = true;
	/*
	 * QEMU's model has a link only once that was negotiated; a PHY that is looped back right
	 * afterwards does not come to that.
	 */
	err = igb_phy_write(hw, MII_BMCR, BMCR_ANENABLE | BMCR_ANRESTART) ?:
	      (i350 ? igb_phy_write(hw, IGB_PHY_LBK, IGB_PHY_LBK_ON) : 0);
	if (err)
		return err;
	if (i350)
		msleep(IGB_PHY_SETTLE_MS);
	return igb_phy_write(hw, MII_BMCR, BMCR_LOOPBACK | BMCR_FULLDPLX | BMCR_SPEED1000);
}

static void igb_phy_unloop(struct igb_hw *hw)
{
	u16 bmcr = hw->bmcr;

	if (!hw->phy_taken)
		return;
	if (bmcr & BMCR_ANENABLE && !(bmcr & BMCR_PDOWN))
		bmcr |= BMCR_ANRESTART;
	if (igb_phy_own(hw, true)) {
		pci_err(hw->pdev, "the PHY is in use and stays looped back\n");
		return;
	}
	if (igb_is_i350(hw->pdev))
		igb_phy_write(hw, IGB_PHY_LBK, hw->lbk);
	igb_phy_write(hw, MII_BMCR, bmcr);
	igb_phy_own(hw, false);
	hw->phy_taken = false;
}

static void igb_interrupts_off(const struct igb_hw *hw)
{
	igb_write(hw, IGB_IMC, U32_MAX);
	igb_write(hw, IGB_EIMC, U32_MAX);
}

/*
 * Settings come from the NVM again. QEMU's model does not say when it has read that, but is
 * through at once.
 */
static void igb_wait_nvm(const struct igb_hw *hw)
{
	u32 eecd;

	readl_poll_timeout(hw->regs + IGB_EECD, eecd, eecd & IGB_EECD_AUTO_RD, 1000, IGB_NVM_US);
	igb_interrupts_off(hw);
}

/* Stop all transfers, and reset all but the PHY and PCIe. */
static int igb_reset_mac(const struct igb_hw *hw)
{
	u32 value;

	igb_interrupts_off(hw);
	igb_write(hw, IGB_RCTL, 0);
	igb_write(hw, IGB_TCTL, IGB_TCTL_PSP);
	igb_write(hw, IGB_CTRL, igb_read(hw, IGB_CTRL) | IGB_CTRL_MASTER_OFF);
	/* If a request stays unanswered, the reset has to do. */
	readl_poll_timeout(hw->regs + IGB_STATUS, value, !(value & IGB_STATUS_MASTER_ON), 100,
			   IGB_MASTER_US);
	igb_write(hw, IGB_CTRL, igb_read(hw, IGB_CTRL) | IGB_CTRL_RST);
	msleep(IGB_RESET_MS);
	if (igb_read(hw, IGB_CTRL) & IGB_CTRL_RST)
		return -ETIMEDOUT;
	igb_wait_nvm(hw);
	return 0;
}

static void igb_set_queues(const struct igb_hw *hw, u64 tx_ring, u64 rx_ring)
{
	igb_write(hw, IGB_TDBAL0, lower_32_bits(tx_ring));
	igb_write(hw, IGB_TDBAH0, upper_32_bits(tx_ring));
	igb_write(hw, IGB_TDLEN0, IGB_RING * IGB_DESC_BYTES);
	igb_write(hw, IGB_TDH0, 0);
	igb_write(hw, IGB_TDT(0), 0);
	igb_write(hw, IGB_TXDCTL0, IGB_DCTL_ENABLE);

	igb_write(hw, IGB_RDBAL0, lower_32_bits(rx_ring));
	igb_write(hw, IGB_RDBAH0, upper_32_bits(rx_ring));
	igb_write(hw, IGB_RDLEN0, IGB_RING * IGB_DESC_BYTES);
	igb_write(hw, IGB_RDH0, 0);
	igb_write(hw, IGB_RDT(0), 0);
	/* Split always: the header of a frame goes one way, whatever comes behind it the other. */
	igb_write(hw, IGB_SRRCTL0, IGB_SRRCTL_SPLIT | IGB_SRRCTL_HEADER | IGB_SRRCTL_PACKET);
	igb_write(hw, IGB_RXDCTL0, IGB_DCTL_ENABLE);
}

/**
 * igb_hw_start() - have the port send to itself
 * @hw: the port, reset
 * @tx_ring: device address of IGB_RING transmit descriptors
 * @rx_ring: device address of as many receive descriptors
 *
 * One queue each way, their heads and tails at 0. Of what the receiver hears it takes only what is
 * for igb_hw_address; of each frame the first IGB_HEADER_BYTES go to the header buffer and the rest
 * to the packet buffer, without a checksum.
 *
 * Context: may sleep, for up to some seconds.
 * Return: 0; -EBUSY when the PHY is held by others; -EIO or -ETIMEDOUT when it does not answer;
 * -ENOLINK when no link comes up.
 */
int igb_hw_start(struct igb_hw *hw, u64 tx_ring, u64 rx_ring)
{
	u32 value, on;
	int err;

	igb_write(hw, IGB_CTRL_EXT, igb_read(hw, IGB_CTRL_EXT) | IGB_CTRL_EXT_DRV_LOAD);
	err = igb_phy_own(hw, true);
	if (err)
		return err;
	err = igb_phy_loop(hw);
	igb_phy_own(hw, false);
	if (err)
		return err;
	msleep(IGB_PHY_SETTLE_MS);
	value = igb_read(hw, IGB_CTRL) & ~IGB_CTRL_SPEED;
	igb_write(hw, IGB_CTRL, value | IGB_CTRL_FRCSPD | IGB_CTRL_FRCDPLX | IGB_CTRL_SPEED_1000 |
				IGB_CTRL_FD | IGB_CTRL_SLU);
	if (readl_poll_timeout(hw->regs + IGB_STATUS, value, value & IGB_STATUS_LU, 1000,
			       IGB_LINK_US))
		return -ENOLINK;
	/* A read that was refused must not be repeated for ever. */
	igb_write(hw, IGB_GCR, hw->gcr & ~IGB_GCR_RESEND);
	igb_write(hw, IGB_MRQC, 0);
	igb_write(hw, IGB_RAL0, igb_hw_address[0] | igb_hw_address[1] << 8 |
				igb_hw_address[2] << 16 | (u32)igb_hw_address[3] << 24);
	igb_write(hw, IGB_RAH0, igb_hw_address[4] | igb_hw_address[5] << 8 | IGB_RAH_VALID);
	igb_set_queues(hw, tx_ring, rx_ring);
	igb_write(hw, IGB_RCTL, IGB_RCTL_EN | IGB_RCTL_SECRC);
	igb_write(hw, IGB_TCTL, igb_read(hw, IGB_TCTL) | IGB_TCTL_EN | IGB_TCTL_PSP);
	/* Queues are there when their parts of the port are. */
	on = IGB_DCTL_ENABLE & BIT(25);
	return readl_poll_timeout(hw->regs + IGB_TXDCTL0, value, value & on, 10, IGB_QUEUE_US) ?:
	       readl_poll_timeout(hw->regs + IGB_RXDCTL0, value, value & on, 10, IGB_QUEUE_US);
}

/**
 * igb_hw_reset_function() - end whatever the port does
 * @hw: the port, perhaps waiting for an answer that never comes
 *
 * After a read that was refused the port may do nothing any more, and then a reset of the MAC is
 * not enough: the whole function is reset, if it can be.
 *
 * Context: may sleep. The device's lock is not taken, for whoever unbinds the device holds it and
 * waits for us.
 * Return: 0; -ENODEV when the device is gone; another negative errno when it cannot be reset.
 */
int igb_hw_reset_function(struct igb_hw *hw)
{
	int err;

	if (!pci_device_is_present(hw->pdev))
		return -ENODEV;
	if (!pcie_reset_flr(hw->pdev, PCI_RESET_PROBE)) {
		err = pci_save_state(hw->pdev);
		if (err)
			return err;
		err = pcie_reset_flr(hw->pdev, PCI_RESET_DO_RESET);
		pci_restore_state(hw->pdev);
		if (err)
			return err;
		igb_wait_nvm(hw);
	}
	return igb_reset_mac(hw);
}

/**
 * igb_hw_open() - take a port
 * @hw: receives; zeroed by the caller
 * @pdev: a function that igb_hw_known() knows
 *
 * Context: may sleep.
 * Return: 0 with the port reset and able to do DMA; a negative errno with nothing taken and a
 * line in the kernel's log.
 */
int igb_hw_open(struct igb_hw *hw, struct pci_dev *pdev)
{
	int ret;

	hw->pdev = pdev;
	if (pci_num_vf(pdev)) {
		pci_err(pdev, "has virtual functions, which share its port: switch them off first\n");
		return -EBUSY;
	}
	hw->regs = bench_engine_map_bar(pdev, IGB_BAR, 0);
	if (IS_ERR(hw->regs)) {
		ret = PTR_ERR(hw->regs);
		pci_err(pdev, "its registers cannot be taken: error %d\n", ret);
		return ret;
	}
	if (igb_read(hw, IGB_CTRL_EXT) & IGB_CTRL_EXT_LINK_MODE) {
		pci_err(pdev, "its port does not use the PHY inside, and cannot be looped back\n");
		ret = -ENODEV;
		goto unmap;
	}
	hw->gcr = igb_read(hw, IGB_GCR);
	ret = igb_reset_mac(hw);
	if (ret) {
		pci_err(pdev, "does not come out of reset\n");
		goto unmap;
	}
	pci_set_master(pdev);
	return 0;

unmap:
	bench_engine_unmap_bar(pdev, hw->regs);
	return ret;
}

/**
 * igb_hw_close() - give a port back
 * @hw: as igb_hw_open() left it, started or not
 *
 * Context: may sleep. No access of the port is under way when it returns.
 */
void igb_hw_close(struct igb_hw *hw)
{
	struct pci_dev *pdev = hw->pdev;

	if (pci_device_is_present(pdev)) {
		if (igb_reset_mac(hw))
			pci_err(pdev, "does not come out of reset\n");
		igb_phy_unloop(hw);
		igb_write(hw, IGB_GCR, hw->gcr);
		igb_write(hw, IGB_CTRL_EXT, igb_read(hw, IGB_CTRL_EXT) & ~IGB_CTRL_EXT_DRV_LOAD);
	}
	bench_engine_unmap_bar(pdev, hw->regs);
}
