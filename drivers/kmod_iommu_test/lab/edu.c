// SPDX-License-Identifier: GPL-2.0-only
/*
 * The "edu" PCI device of upstream QEMU. Its DMA moves almost 4 KiB between a
 * buffer inside the device and an IOVA, in 100 ms of virtual time, and does not
 * say whether an access was refused. Facts: docs/specs/edu of QEMU.
 *
 * So it has no probe and no watch: to tell by the data would take a second
 * mapping and 200 ms an access, which is longer than any exposure.
 */
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "engine/elsewhere.h"
#include "engine/pci.h"
#include "engine/types.h"
#include "lab/internal.h"

#define EDU_BAR			0

#define EDU_REG_ID		0x00
#define EDU_ID_MASK		0x0000ffff
#define EDU_ID			0x000000ed
#define EDU_REG_DMA_SRC		0x80
#define EDU_REG_DMA_DST		0x88
#define EDU_REG_DMA_COUNT	0x90
#define EDU_REG_DMA_CMD		0x98
#define EDU_DMA_START		BIT(0)
#define EDU_DMA_FROM_DEVICE	BIT(1)

/*
 * Where the device's own buffer lies in its own address space. QEMU counts a
 * transfer that reaches its last byte as out of bounds, and exits.
 */
#define EDU_BUFFER		0x40000
#define EDU_BUFFER_BYTES	(4096 - 8)

#define EDU_POLL_US		1000
#define EDU_TIMEOUT_US		5000000

/* The device cannot be asked; 28 is what QEMU builds it with unless told otherwise. */
static unsigned int edu_dma_bits = 28;
module_param(edu_dma_bits, uint, 0444);
MODULE_PARM_DESC(edu_dma_bits, "address bits of QEMU's edu device, as set by its dma_mask (default 28)");

static int edu_probe(struct bench_engine *engine)
{
	struct pci_dev *pdev = to_pci_dev(engine->dev);
	void __iomem *regs;

	if (edu_dma_bits < 28 || edu_dma_bits > 64) {
		dev_err(engine->dev, "edu_dma_bits=%u, expected 28 to 64\n", edu_dma_bits);
		return -EINVAL;
	}
	regs = bench_engine_map_bar(pdev, EDU_BAR, 0);
	if (IS_ERR(regs))
		return PTR_ERR(regs);
	if ((readl(regs + EDU_REG_ID) & EDU_ID_MASK) != EDU_ID) {
		dev_err(engine->dev, "has edu's PCI ID but answers 0x%08x as identification\n",
			readl(regs + EDU_REG_ID));
		bench_engine_unmap_bar(pdev, regs);
		return -ENODEV;
	}
	pci_set_master(pdev);
	engine->priv = (void __force *)regs;
	engine->max_bytes = EDU_BUFFER_BYTES;
	engine->dma_bits = edu_dma_bits;
	return 0;
}

static void edu_remove(struct bench_engine *engine)
{
	bench_engine_unmap_bar(to_pci_dev(engine->dev), (void __iomem __force *)engine->priv);
}

static int edu_transfer(struct bench_engine *engine, u64 dst, u64 src, size_t bytes, u32 direction)
{
	void __iomem *regs = (void __iomem __force *)engine->priv;
	u32 cmd;

	writeq(src, regs + EDU_REG_DMA_SRC);
	writeq(dst, regs + EDU_REG_DMA_DST);
	writeq(bytes, regs + EDU_REG_DMA_COUNT);
	writeq(EDU_DMA_START | direction, regs + EDU_REG_DMA_CMD);
	/* A device that was unplugged reads as all ones and so times out. */
	return readl_poll_timeout(regs + EDU_REG_DMA_CMD, cmd, !(cmd & EDU_DMA_START),
				  EDU_POLL_US, EDU_TIMEOUT_US);
}

static int edu_copy(struct bench_engine *engine, u64 dst, u64 src, size_t bytes)
{
	int ret = edu_transfer(engine, EDU_BUFFER, src, bytes, 0);

	if (ret)
		return ret;
	return edu_transfer(engine, dst, EDU_BUFFER, bytes, EDU_DMA_FROM_DEVICE);
}

const struct bench_engine_ops bench_engine_edu = {
	.name = "edu",
	.by_data = true,
	.match = bench_device_is_edu,
	.probe = edu_probe,
	.remove = edu_remove,
	.copy = edu_copy,
};
