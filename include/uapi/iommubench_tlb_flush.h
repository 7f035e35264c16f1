/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI: the tlb-flush workload. Included by iommubench.h.
 */
#ifndef _UAPI_IOMMUBENCH_TLB_FLUSH_H
#define _UAPI_IOMMUBENCH_TLB_FLUSH_H

#include <linux/types.h>

/**
 * enum iommubench_flush_strategy - how unmapped addresses are invalidated
 * @IOMMUBENCH_FLUSH_STRICT: dma_unmap_single() in a strict default domain: each call
 *	waits for its invalidation
 * @IOMMUBENCH_FLUSH_LAZY: dma_unmap_single() in a lazy default domain: invalidation is left to
 *	the kernel's flush queue, which a timer or its fill level empties
 * @IOMMUBENCH_FLUSH_GATHER: in an own domain, as are all that follow but NONE: each
 *	mapping is unmapped by itself, one sync at the end of the round for all
 * @IOMMUBENCH_FLUSH_RANGE: one unmap of the whole round's range, in parts of 16 GiB if it is more
 * @IOMMUBENCH_FLUSH_PER_PAGE: each mapping is unmapped and waited for by itself
 * @IOMMUBENCH_FLUSH_FULL: each mapping is unmapped, then the whole domain is flushed once,
 *	as the IPMMU driver always does
 * @IOMMUBENCH_FLUSH_PER_MAP_FULL: the whole domain is flushed after every single map and
 *	unmap, as the driver of Intel's IPU3 MMU does
 * @IOMMUBENCH_FLUSH_NONE: dma_unmap_single() in an identity domain or without an IOMMU, which
 *	invalidates nothing: the least that an unmap can cost
 */
enum iommubench_flush_strategy {
	IOMMUBENCH_FLUSH_STRICT = 1,
	IOMMUBENCH_FLUSH_LAZY,
	IOMMUBENCH_FLUSH_GATHER,
	IOMMUBENCH_FLUSH_RANGE,
	IOMMUBENCH_FLUSH_PER_PAGE,
	IOMMUBENCH_FLUSH_FULL,
	IOMMUBENCH_FLUSH_PER_MAP_FULL,
	IOMMUBENCH_FLUSH_NONE,
};

/**
 * enum iommubench_flush_mode - what a tlb-flush run looks at
 * @IOMMUBENCH_FLUSH_COST: every thread times its rounds; no engine is used
 * @IOMMUBENCH_FLUSH_EXPOSURE: in thread 0 the engine reads the address that a round
 *	unmaps last again and again, until it is refused; the other threads are load
 * @IOMMUBENCH_FLUSH_STALE: in thread 0 the engine reads an address of each round once
 *	before and once after the unmap; the other threads are load. For strategies
 *	that wait for their invalidations
 * @IOMMUBENCH_FLUSH_DEVICE: in thread 0 the engine's own clock times accesses to an
 *	address just mapped, once more to it, and to a mapping that stays, right after
 *	the round's flush; the other threads are load
 */
enum iommubench_flush_mode {
	IOMMUBENCH_FLUSH_COST = 0,
	IOMMUBENCH_FLUSH_EXPOSURE,
	IOMMUBENCH_FLUSH_STALE,
	IOMMUBENCH_FLUSH_DEVICE,
};

/**
 * enum iommubench_flush_domains - whose address space the threads unmap from
 * @IOMMUBENCH_FLUSH_SHARED: all of them the same domain
 * @IOMMUBENCH_FLUSH_PER_THREAD: a domain for each thread, attached to a PASID of the device
 */
enum iommubench_flush_domains {
	IOMMUBENCH_FLUSH_SHARED = 0,
	IOMMUBENCH_FLUSH_PER_THREAD,
};

/**
 * struct iommubench_tlb_flush - parameters of the tlb-flush workload
 * @size: in: sizeof(struct iommubench_tlb_flush)
 * @strategy: in: enum iommubench_flush_strategy
 * @mapping_bytes: in: size of a mapping, a multiple of the page size, at most
 *	IOMMUBENCH_MAX_MAPPING_BYTES
 * @mappings: in: mappings in a round, 1 to IOMMUBENCH_MAX_FLUSH_MAPPINGS; their IOVAs follow
 *	each other in an own domain
 * @mode: in: enum iommubench_flush_mode
 * @domains: in: enum iommubench_flush_domains; PER_THREAD with own domains only, and with at
 *	most IOMMUBENCH_MAX_PASID_DOMAINS threads
 * @watch_interval_ns: in: EXPOSURE: nanoseconds of device time from one access to the next, 0 for
 *	the engine's own choice
 * @reserved: zero
 * @watch_error_ns: out: EXPOSURE: nanoseconds that the device's clock may be off from ours, and
 *	that one access takes where the CPU starts each of them; 0 when unknown yet
 *
 * A round maps all its mappings, then unmaps them by the strategy; it is one
 * sample and counts as @mappings operations. The last one is cut short where the
 * run's count ends, and is then not in the histograms of COST. In the other modes
 * that count is thread 0's, and the load goes on until it is done.
 */
struct iommubench_tlb_flush {
	__u32 size;
	__u32 strategy;
	__u64 mapping_bytes;
	__u32 mappings;
	__u32 mode;
	__u32 domains;
	__u32 watch_interval_ns;
	__u64 reserved;
	__u64 watch_error_ns;
};

/**
 * enum iommubench_tlb_flush_phase - the tlb-flush workload's histograms
 * @IOMMUBENCH_PHASE_FLUSH_MAP: COST: ticks of all maps of a round
 * @IOMMUBENCH_PHASE_FLUSH_UNMAP: COST: ticks of its unmaps, without the invalidation where the
 *	kernel lets them be told apart (own domains)
 * @IOMMUBENCH_PHASE_FLUSH_FLUSH: COST: ticks of its invalidations, empty where they are part of the
 *	unmap
 * @IOMMUBENCH_PHASE_FLUSH_TOTAL: COST: ticks of its unmaps and invalidations together
 * @IOMMUBENCH_PHASE_FLUSH_EXPOSURE: EXPOSURE: ticks from the return of the last unmap or flush of
 *	a round to the last access that still succeeded, 0 when none did
 * @IOMMUBENCH_PHASE_FLUSH_ACCESSES: EXPOSURE: number of accesses that still succeeded after it
 * @IOMMUBENCH_PHASE_FLUSH_COLD: DEVICE: nanoseconds of the first access to a new mapping
 * @IOMMUBENCH_PHASE_FLUSH_WARM: DEVICE: nanoseconds of the second access to it
 * @IOMMUBENCH_PHASE_FLUSH_BYSTANDER: DEVICE: nanoseconds of an access to a mapping that stays, the
 *	first after a round was flushed
 * @IOMMUBENCH_TLB_FLUSH_PHASES: number of these histograms
 */
enum iommubench_tlb_flush_phase {
	IOMMUBENCH_PHASE_FLUSH_MAP = 0,
	IOMMUBENCH_PHASE_FLUSH_UNMAP,
	IOMMUBENCH_PHASE_FLUSH_FLUSH,
	IOMMUBENCH_PHASE_FLUSH_TOTAL,
	IOMMUBENCH_PHASE_FLUSH_EXPOSURE,
	IOMMUBENCH_PHASE_FLUSH_ACCESSES,
	IOMMUBENCH_PHASE_FLUSH_COLD,
	IOMMUBENCH_PHASE_FLUSH_WARM,
	IOMMUBENCH_PHASE_FLUSH_BYSTANDER,
	IOMMUBENCH_TLB_FLUSH_PHASES,
};

#endif /* _UAPI_IOMMUBENCH_TLB_FLUSH_H */
