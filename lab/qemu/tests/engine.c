// SPDX-License-Identifier: GPL-2.0-only
/* Drives a DMA test engine from a model test. */
#include <stdio.h>
#include <string.h>

#include "engine.h"

/* Of our machine, see hw/machine/internal.h */
#define PCI_ECAM	0x2f000000ULL
#define PCI_MMIO	0x10000000ULL

#define PCI_COMMAND	0x04
#define PCI_BAR0	0x10
#define PCI_BUSES	0x18
#define PCI_MEMORY	0x20

/* Of the SoC, see hw/machine/variants.c: bus 0 of each controller, and a window of 2 MiB */
#define RCAR_BUS_BYTES	0x100000ULL
static const struct {
	uint64_t ecam, window;
} rcar_pci[] = {
	{ 0xfe000000ULL, 0xfe200000ULL },
	{ 0xee800000ULL, 0xeea00000ULL },
};

#define POLL_NS		1000
#define POLL_STEPS	10000

static uint64_t slot_addr(struct engine *e, uint32_t index)
{
	return e->base + DMATEST_LOCAL +
	       (index & ((1u << ENGINE_RING_LOG2) - 1)) * DMATEST_SLOT_BYTES;
}

void engine_board(const char *variant, const char *options)
{
	char all[1024];

	snprintf(all, sizeof(all), "-M variant=%s -m 256M %s", variant,
		 options ? options : "");
	qtest_start(all);
}

void engine_start(struct engine *e, uint64_t base)
{
	e->base = base;
	e->tail = 0;
	qtest_writel(base + DMATEST_CONTROL, DMATEST_CONTROL_RESET);
	qtest_writeq(base + DMATEST_RING_BASE, 0);
	qtest_writel(base + DMATEST_RING_LOG2, ENGINE_RING_LOG2);
	qtest_writel(base + DMATEST_CONTROL,
		     DMATEST_CONTROL_ENABLE | DMATEST_CONTROL_RING_LOCAL);
}

uint32_t engine_submit(struct engine *e, const struct dmatest_desc *desc)
{
	struct dmatest_slot slot = { .desc = *desc };

	qtest_memwrite(slot_addr(e, e->tail), &slot, sizeof(slot));
	qtest_writel(e->base + DMATEST_TAIL, ++e->tail);
	return e->tail - 1;
}

struct dmatest_done engine_result(struct engine *e, uint32_t index)
{
	struct dmatest_done done;

	qtest_memread(slot_addr(e, index) + DMATEST_DESC_BYTES, &done, sizeof(done));
	return done;
}

struct dmatest_done engine_do(struct engine *e, const struct dmatest_desc *desc)
{
	uint32_t index = engine_submit(e, desc);

	for (unsigned int i = 0; i < POLL_STEPS; i++) {
		if (qtest_readl(e->base + DMATEST_STATUS) & DMATEST_STATUS_IDLE)
			break;
		qtest_step(POLL_NS);
	}
	return engine_result(e, index);
}

struct dmatest_done engine_read(struct engine *e, uint64_t iova, uint32_t flags)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_READ_PROBE, .flags = flags, .bytes = 8, .src = iova,
	};

	return engine_do(e, &d);
}

struct dmatest_done engine_write(struct engine *e, uint64_t iova, uint64_t value)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_WRITE_PROBE, .bytes = 8, .dst = iova, .pattern = value,
	};

	return engine_do(e, &d);
}

uint64_t engine_pci_config(unsigned int slot)
{
	return PCI_ECAM + (slot << 15);
}

void engine_pci_start(struct engine *e, unsigned int slot)
{
	uint64_t config = engine_pci_config(slot);
	uint64_t bar = PCI_MMIO + slot * 0x100000;

	qtest_writel(config + PCI_BAR0, bar);
	qtest_writel(config + PCI_BAR0 + 4, 0);
	qtest_writew(config + PCI_COMMAND, 6);	/* memory, bus master */
	engine_start(e, bar);
}

uint64_t engine_rcar_config(unsigned int controller)
{
	return rcar_pci[controller].ecam + RCAR_BUS_BYTES;
}

uint64_t engine_rcar_window(unsigned int controller)
{
	uint64_t port = rcar_pci[controller].ecam;
	uint32_t window = rcar_pci[controller].window >> 16;

	/* Secondary and last bus, window and its last MiB, memory and bus mastering */
	qtest_writel(port + PCI_BUSES, 1 << 8 | 1 << 16);
	qtest_writel(port + PCI_MEMORY, window | (window + 0x10) << 16);
	qtest_writew(port + PCI_COMMAND, 6);
	return rcar_pci[controller].window;
}

void engine_rcar_start(struct engine *e, unsigned int controller)
{
	uint64_t bar = engine_rcar_window(controller);
	uint64_t config = engine_rcar_config(controller);

	qtest_writel(config + PCI_BAR0, bar);
	qtest_writel(config + PCI_BAR0 + 4, 0);
	qtest_writew(config + PCI_COMMAND, 6);
	engine_start(e, bar);
}
