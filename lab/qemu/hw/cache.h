/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPUs' caches, as far as a device notices them that does not snoop.
 *
 * QEMU has no caches: what a CPU stores is in memory at once. On a machine with this model,
 * masters that do not snoop see another memory instead, which agrees with that of the CPUs only
 * where software has asked for it, line by line, as late as the architecture allows:
 *
 * - They read what a line held when a CPU cleaned it last (DC CVAC, CIVAC, CVAP). A line that
 *   was never cleaned reads as IOB_CACHE_NEVER in each byte.
 * - What they write is seen by CPUs when one of those invalidates the line (DC IVAC, CIVAC). A
 *   CPU that cleans it first has overwritten it.
 *
 * So a missing clean or invalidate always shows, which on silicon is a matter of luck, and a
 * driver that leaves none out sees no difference. All else snoops: QEMU's own devices, and
 * IOMMUs and engines that do not go through here.
 *
 * The model does not see what CPUs store where they have memory mapped as not cacheable
 * (dma_alloc_coherent() for such a device): a master must not go through here for that.
 * Set and way operations (DC CSW and the like) and those to the point of unification do nothing.
 */
#ifndef IOMMUBENCH_CACHE_H
#define IOMMUBENCH_CACHE_H

#include "exec/memory.h"

/* As a table entry it is not valid, so that a walk ends there. */
#define IOB_CACHE_NEVER		0xda

/**
 * iob_cache_init() - from now on, masters on this machine do not snoop
 *
 * Call it when all CPUs exist. Without emulated CPUs (qtest) it does nothing.
 */
void iob_cache_init(void);

/**
 * iob_cache_add_ram() - memory that CPUs cache
 * @base: where it is, a multiple of a page
 *
 * Call it after iob_cache_init().
 */
void iob_cache_add_ram(hwaddr base, uint64_t bytes);

/**
 * iob_memory_rw() - an access of a master that may not snoop
 * @as: where; the memory model is that of address_space_memory, so addresses are the same there
 * @buf: at most a page
 *
 * As address_space_rw() on a machine without iob_cache_init(), and outside of the machine's RAM.
 */
MemTxResult iob_memory_rw(AddressSpace *as, hwaddr addr, void *buf, hwaddr bytes, bool write);

#endif
