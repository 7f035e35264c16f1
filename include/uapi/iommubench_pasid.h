/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI: PASIDs, which are bound and unbound one by one, by commands and not by a run, because
 * it matters whose context it is: the calling process's address space is what IOMMUBENCH_PASID_SVA
 * binds, and it may be killed, fork or exec meanwhile. What is bound belongs to the file; closing
 * the file and unbinding the device give it back. Any number of files may do this at the same time,
 * also beside a run. Included by iommubench.h.
 */
#ifndef _UAPI_IOMMUBENCH_PASID_H
#define _UAPI_IOMMUBENCH_PASID_H

#include <linux/types.h>

/* Room for what one file has bound at a time; ids are below it. */
#define IOMMUBENCH_MAX_PASID_BINDS	(1U << 20)
/*
 * Domains for PASIDs, of all devices together, beyond which there is none that is not empty. An
 * SMMUv3 may have 256 address space identifiers, and Linux' driver does not survive it when a
 * domain cannot have one (6.12: it frees the page table through a pointer that is not set yet).
 * Who asks for empty domains knows that.
 */
#define IOMMUBENCH_MAX_PASID_DOMAINS	128
#define IOMMUBENCH_MAX_WATCH_NS		(10ULL * 1000000000)

/**
 * enum iommubench_pasid_kind - what a PASID is bound to
 * @IOMMUBENCH_PASID_SVA: the address space of the calling process, iommu_sva_bind_device();
 *	the kernel chooses the PASID, which belongs to the process as long as it lives
 * @IOMMUBENCH_PASID_DOMAIN: a domain with one page mapped, iommu_attach_device_pasid()
 * @IOMMUBENCH_PASID_RESERVE: nothing: the PASID is only kept from others
 */
enum iommubench_pasid_kind {
	IOMMUBENCH_PASID_SVA = 1,
	IOMMUBENCH_PASID_DOMAIN,
	IOMMUBENCH_PASID_RESERVE,
};

/**
 * struct iommubench_pasid_info - the device's PASIDs
 * @size: in: sizeof(struct iommubench_pasid_info)
 * @max_pasids: out: PASIDs are below this number, 0 when the device has none; before kernel 6.2
 *	that is the device's own number, of which its IOMMU may have fewer
 * @live: out: PASIDs bound by any file now, those that are only reserved not counted
 * @reserved: out: PASIDs that are only reserved
 * @binds: out: number of times that SVA or DOMAIN was bound since the module has the device
 * @unbinds: out: number of times that such a bind was undone, by whatever
 * @domains: out: domains that exist for DOMAIN now
 * @overhead_ticks: out: median ticks of an empty sample
 * @resolution_ticks: out: the step that the clock moves in
 */
struct iommubench_pasid_info {
	__u32 size;
	__u32 max_pasids;
	__u64 live;
	__u64 reserved;
	__u64 binds;
	__u64 unbinds;
	__u64 domains;
	__u64 overhead_ticks;
	__u64 resolution_ticks;
};

/* struct iommubench_pasid_bind.flags */
#define IOMMUBENCH_PASID_SAME_DOMAIN	(1U << 0)	/* DOMAIN: it shares this file's last one */
#define IOMMUBENCH_PASID_EMPTY		(1U << 1)	/* DOMAIN: nothing is mapped in it */

/**
 * struct iommubench_pasid_bind - bind a PASID
 * @size: in: sizeof(struct iommubench_pasid_bind)
 * @kind: in: enum iommubench_pasid_kind
 * @flags: in: IOMMUBENCH_PASID_SAME_DOMAIN, IOMMUBENCH_PASID_EMPTY
 * @reserved_id: in: DOMAIN: id of a reservation of this file whose PASID is to be
 *	used, plus 1; 0 for the lowest one that is free
 * @message: in: user address where a refusal is explained
 * @message_bytes: in: room at @message
 * @id: out: number by which this file's UNBIND names the bind
 * @pasid: out: the PASID that was bound
 * @reserved: zero
 * @address: out: DOMAIN: 8 bytes that the device can read, 0 when it is empty
 * @ticks: out: ticks that the kernel's function took, by the clock of the runs
 * @mark: out: DOMAIN: what is at @address, of this domain alone; 0 when that is empty, or the
 *	device does not snoop
 *
 * ENOSPC: no PASID is left. EBUSY: no address space identifier is. EMFILE: more than
 * IOMMUBENCH_MAX_PASID_DOMAINS domains, of all devices. EOPNOTSUPP: the kernel, the IOMMU
 * or the device cannot; the message says which.
 */
struct iommubench_pasid_bind {
	__u32 size;
	__u32 kind;
	__u32 flags;
	__u32 reserved_id;
	__u64 message;
	__u32 message_bytes;
	__u32 id;
	__u32 pasid;
	__u32 reserved;
	__u64 address;
	__u64 ticks;
	__u64 mark;
};

/* struct iommubench_pasid_unbind.flags */
#define IOMMUBENCH_PASID_WATCH		(1U << 0)	/* the device reads until refused */
#define IOMMUBENCH_PASID_PROBE		(1U << 1)	/* the device reads once afterwards */

/* struct iommubench_pasid_unbind.refused and that of struct iommubench_pasid_access */
#define IOMMUBENCH_PASID_NOT_TRIED	0
#define IOMMUBENCH_PASID_REFUSED	1
#define IOMMUBENCH_PASID_GOT_THROUGH	2
#define IOMMUBENCH_PASID_OTHER		3	/* it got through, and read something else */

/**
 * struct iommubench_pasid_unbind - undo a bind
 * @size: in: sizeof(struct iommubench_pasid_unbind)
 * @id: in: as BIND gave it
 * @flags: in: IOMMUBENCH_PASID_WATCH, IOMMUBENCH_PASID_PROBE
 * @refused: out: PROBE and WATCH: IOMMUBENCH_PASID_REFUSED when the device's access
 *	after the unbind was, IOMMUBENCH_PASID_GOT_THROUGH or IOMMUBENCH_PASID_OTHER when not
 * @address: in: what the device reads, a multiple of 8 that it could read before
 * @limit_ns: in: WATCH: nanoseconds after which it gives up, at most IOMMUBENCH_MAX_WATCH_NS
 * @interval_ns: in: WATCH: nanoseconds of device time from one access to the next, 0 for the
 *	engine's own choice
 * @reserved: zero
 * @ticks: out: ticks that the kernel's function took, by the clock of the runs
 * @exposure_ticks: out: WATCH: ticks from its return to the last access that succeeded, 0 when none
 *	did
 * @error_ticks: out: WATCH: ticks that the device's clock may be off from ours
 * @accesses: out: WATCH: least number of accesses that succeeded after the return
 * @mark: in: PROBE and WATCH: what is at @address, which a wrong address space would not have; 0
 *	for anything
 *
 * A domain is detached first, then the device is looked at, and then its page is unmapped.
 */
struct iommubench_pasid_unbind {
	__u32 size;
	__u32 id;
	__u32 flags;
	__u32 refused;
	__u64 address;
	__u64 limit_ns;
	__u32 interval_ns;
	__u32 reserved;
	__u64 ticks;
	__u64 exposure_ticks;
	__u64 error_ticks;
	__u64 accesses;
	__u64 mark;
};

/**
 * struct iommubench_pasid_access - have the device read with a PASID
 * @size: in: sizeof(struct iommubench_pasid_access)
 * @pasid: in: any below the device's limit, bound or not, but 0
 * @address: in: what the device reads, a multiple of 8
 * @limit_ns: in: 0: read once; else nanoseconds for which it reads on until it is refused, at most
 *	IOMMUBENCH_MAX_WATCH_NS
 * @refused: out: of the last access: IOMMUBENCH_PASID_REFUSED, IOMMUBENCH_PASID_GOT_THROUGH or
 *	IOMMUBENCH_PASID_OTHER
 * @reserved: zero
 * @device_ns: out: nanoseconds that one read took by the engine's clock
 * @accesses: out: number of reads that succeeded
 * @mark: in: what has to be read, 0 for anything
 *
 * EOPNOTSUPP: the engine cannot tell. EBUSY: it is in use by a run whose accesses may fault, and
 * has no room beside them, or cannot read until it is refused. EINTR: the caller is killed. What
 * was read is not told.
 */
struct iommubench_pasid_access {
	__u32 size;
	__u32 pasid;
	__u64 address;
	__u64 limit_ns;
	__u32 refused;
	__u32 reserved;
	__u64 device_ns;
	__u64 accesses;
	__u64 mark;
};

#endif /* _UAPI_IOMMUBENCH_PASID_H */
