// SPDX-License-Identifier: GPL-2.0-only
/* DMA test engine: its interrupt. */
#include "qemu/osdep.h"
#include "dmatest.h"

/**
 * dmatest_update_irq() - status or mask have changed: set the line
 */
void dmatest_update_irq(DmaTest *dev)
{
	dev->backend->set_irq(dev, dev->irq_status & dev->irq_mask);
}

/**
 * dmatest_raise() - set bits of DMATEST_IRQ_STATUS
 */
void dmatest_raise(DmaTest *dev, uint32_t irq)
{
	dev->irq_status |= irq;
	dmatest_update_irq(dev);
}
