/* SPDX-License-Identifier: GPL-2.0-only */
/* Drives a DMA test engine from a model test, with its ring in the device. */
#ifndef IOMMUBENCH_TEST_ENGINE_H
#define IOMMUBENCH_TEST_ENGINE_H

#include "../../../include/iommubench/dmatest-regs.h"
#include "qtest.h"

/**
 * struct engine - an engine
 * @base: of its registers
 * @tail: descriptors submitted
 */
struct engine {
	uint64_t base;
	uint32_t tail;
};

#define ENGINE_RING_LOG2	6

/* Where the ring ends; local memory from there on is free for data. */
#define ENGINE_LOCAL_FREE	(DMATEST_SLOT_BYTES << ENGINE_RING_LOG2)

/**
 * engine_board() - start an R-Car board with memory enough for these tests
 * @options: see qtest_start()
 */
void engine_board(const char *variant, const char *options);

void engine_start(struct engine *e, uint64_t base);
uint32_t engine_submit(struct engine *e, const struct dmatest_desc *desc);
struct dmatest_done engine_result(struct engine *e, uint32_t index);

/**
 * engine_do() - submit one operation, let time pass until it is done
 *
 * Its status is DMATEST_PENDING if that takes longer than 10 ms.
 */
struct dmatest_done engine_do(struct engine *e, const struct dmatest_desc *desc);

/* Reads 8 bytes at an IOVA. */
struct dmatest_done engine_read(struct engine *e, uint64_t iova, uint32_t flags);
struct dmatest_done engine_write(struct engine *e, uint64_t iova, uint64_t value);

/**
 * engine_pci_start() - set up a PCI engine: BAR, bus mastering
 * @slot: where QEMU was told to put it, on bus 0
 */
void engine_pci_start(struct engine *e, unsigned int slot);

/* Configuration space of a slot, by ECAM. */
uint64_t engine_pci_config(unsigned int slot);

/**
 * engine_rcar_start() - set up a PCI engine behind a root port of the SoC
 * @controller: 0 or 1, where QEMU was told to put it by bus=pcie0 or bus=pcie1
 */
void engine_rcar_start(struct engine *e, unsigned int controller);

/* Opens the root port for memory and DMA; returns where the memory on bus 1 begins. */
uint64_t engine_rcar_window(unsigned int controller);

/* Configuration space of what is behind a root port. */
uint64_t engine_rcar_config(unsigned int controller);

#endif
