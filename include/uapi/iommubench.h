/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI between the kernel module kmod_iommu_test and the tools.
 *
 * Rules: every struct starts with its own size as the caller knows it; the
 * module accepts older and newer sizes as copy_struct_from_user() does, up to a
 * page; more is E2BIG.
 * Reserved fields and unknown flags must be zero, or the answer is EINVAL.
 * Where a command takes a message buffer, a refusal puts one plain line there
 * that says what was wrong, what was expected and what to do.
 * EPROTO says that a map or an unmap did not do what it had to, which counts as a failed check.
 *
 * A run goes through PREPARE, START, WAIT (or STOP and WAIT), RESULT. With
 * IOMMUBENCH_RUN_GATES its threads stand still twice, before what they count and
 * after it, so that others' counters can be read then; once all of them do, a
 * further START lets them go on (EBUSY before that). With IOMMUBENCH_RUN_PHASES as well
 * they do one phase of the workload after the other, stand still before each, and tell
 * in struct iommubench_thread which one comes next. A device
 * has one run at a time; the next PREPARE on the same file, or closing the
 * file, gives the old run back. The same commands go through io_uring as
 * IORING_OP_URING_CMD with cmd_op set to the ioctl number and the first 8
 * bytes of the command area holding the user address of the same struct.
 * There, WAIT completes when the run has ended and so does not block.
 *
 * This header is the one to include. It includes the parts beside it, one for each topic.
 */
#ifndef _UAPI_IOMMUBENCH_H
#define _UAPI_IOMMUBENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#include "iommubench_iommufd.h"
#include "iommubench_iopf.h"
#include "iommubench_map_unmap.h"
#include "iommubench_pasid.h"
#include "iommubench_run.h"
#include "iommubench_tlb_flush.h"

#define IOMMUBENCH_ABI_VERSION		1

/* Any message of the module fits into so many bytes, its final zero included. */
#define IOMMUBENCH_MESSAGE_BYTES	256
#define IOMMUBENCH_NAME_BYTES		32
#define IOMMUBENCH_INFO_IDS		8

#define IOMMUBENCH_MAX_THREADS		1024
#define IOMMUBENCH_MAX_BATCH		4096
#define IOMMUBENCH_MAX_WINDOW		65536
#define IOMMUBENCH_MAX_SG_ENTRIES	262144
#define IOMMUBENCH_MAX_PREFILL		(1U << 24)	/* in one thread */
#define IOMMUBENCH_MAX_MAPPING_BYTES	(1ULL << 30)
#define IOMMUBENCH_MAX_FLUSH_MAPPINGS	262144
#define IOMMUBENCH_MAX_TIME_NS		(7ULL * 24 * 3600 * 1000000000)
#define IOMMUBENCH_MAX_GRACE_NS		(10ULL * 1000000000)

/**
 * enum iommubench_domain_type - what translates the device by default
 * @IOMMUBENCH_DOMAIN_NONE: no IOMMU
 * @IOMMUBENCH_DOMAIN_IDENTITY: an IOMMU that passes addresses through
 * @IOMMUBENCH_DOMAIN_STRICT: translated, unmap waits for the invalidation
 * @IOMMUBENCH_DOMAIN_LAZY: translated, invalidation is left to a flush queue
 * @IOMMUBENCH_DOMAIN_OTHER: something else
 */
enum iommubench_domain_type {
	IOMMUBENCH_DOMAIN_NONE = 0,
	IOMMUBENCH_DOMAIN_IDENTITY,
	IOMMUBENCH_DOMAIN_STRICT,
	IOMMUBENCH_DOMAIN_LAZY,
	IOMMUBENCH_DOMAIN_OTHER,
};

/**
 * enum iommubench_coherence - does a device snoop the CPUs' caches?
 * @IOMMUBENCH_COHERENCE_UNKNOWN: the module does not tell
 * @IOMMUBENCH_COHERENCE_NO: no, so that the kernel cleans and invalidates cache lines for it
 * @IOMMUBENCH_COHERENCE_YES: it does
 */
enum iommubench_coherence {
	IOMMUBENCH_COHERENCE_UNKNOWN = 0,
	IOMMUBENCH_COHERENCE_NO,
	IOMMUBENCH_COHERENCE_YES,
};

/* struct iommubench_info.features */
#define IOMMUBENCH_FEATURE_URING_CMD	(1ULL << 0)	/* io_uring takes commands */
#define IOMMUBENCH_FEATURE_URING_CANCEL	(1ULL << 1)	/* io_uring can cancel them */
#define IOMMUBENCH_FEATURE_PROBE	(1ULL << 2)	/* the engine tells a refused access */
#define IOMMUBENCH_FEATURE_WATCH	(1ULL << 3)	/* it repeats one until refused */
#define IOMMUBENCH_FEATURE_DEVICE_CLOCK	(1ULL << 4)	/* its own clock times accesses */
#define IOMMUBENCH_FEATURE_PASID	(1ULL << 5)	/* the device's PASIDs take domains */
#define IOMMUBENCH_FEATURE_IOMMUFD	(1ULL << 6)	/* an iommufd may have its DMA */
#define IOMMUBENCH_FEATURE_READS	(1ULL << 7)	/* the engine reads what a check can see */
#define IOMMUBENCH_FEATURE_WRITES	(1ULL << 8)	/* it writes what a check can see */
#define IOMMUBENCH_FEATURE_BY_DATA	(1ULL << 9)	/* only data tell that it was refused */
#define IOMMUBENCH_FEATURE_ATS	(1ULL << 10)	/* the device asks for translations (ATS is on) */

/**
 * struct iommubench_info - what the module and the device are
 * @size: in: sizeof(struct iommubench_info)
 * @abi_version: out: IOMMUBENCH_ABI_VERSION of the module
 * @features: out: IOMMUBENCH_FEATURE_*
 * @domain_type: out: enum iommubench_domain_type of the device's default domain
 * @engine_max_bytes: out: most bytes that one transfer of the engine moves, or all that one
 *	writes; 0 without an engine
 * @clock_hz: out: ticks a second of the clock that all times are taken with
 * @dma_bits: out: address bits that the device can drive
 * @numa_node: out: node of the device, -1 when unknown
 * @pgsize_bitmap: out: page sizes of the domain, 0 when there is none
 * @contig_max_bytes: out: largest physically contiguous buffer
 * @engine: out: name of the DMA engine driver, "none" when there is none
 * @clock: out: name of that clock
 * @nr_ids: out: number of IDs that the device has at its IOMMU, as the firmware says; may be more
 *	than @ids has room for
 * @coherence: out: enum iommubench_coherence, as the kernel treats the device
 * @ids: out: those IDs: stream IDs of an SMMU, micro-TLBs of an IPMMU
 */
struct iommubench_info {
	__u32 size;
	__u32 abi_version;
	__u64 features;
	__u32 domain_type;
	__u32 engine_max_bytes;
	__u64 clock_hz;
	__u32 dma_bits;
	__s32 numa_node;
	__u64 pgsize_bitmap;
	__u64 contig_max_bytes;
	char engine[IOMMUBENCH_NAME_BYTES];
	char clock[IOMMUBENCH_NAME_BYTES];
	__u32 nr_ids;
	__u32 coherence;
	__u32 ids[IOMMUBENCH_INFO_IDS];
};

/* The structs may grow, so their sizes are not part of the numbers. */
#define IOMMUBENCH_IOC_INFO	_IO('I', 0xb0)	/* struct iommubench_info */
#define IOMMUBENCH_IOC_PREPARE	_IO('I', 0xb1)	/* struct iommubench_run */
#define IOMMUBENCH_IOC_START	_IO('I', 0xb2)	/* nothing */
#define IOMMUBENCH_IOC_WAIT	_IO('I', 0xb3)	/* struct iommubench_wait */
#define IOMMUBENCH_IOC_STOP	_IO('I', 0xb4)	/* nothing */
#define IOMMUBENCH_IOC_RESULT	_IO('I', 0xb5)	/* struct iommubench_result */
#define IOMMUBENCH_IOC_MEMORY	_IO('I', 0xb6)	/* struct iommubench_memory */

#define IOMMUBENCH_IOC_PASID_INFO	_IO('I', 0xc0)	/* struct iommubench_pasid_info */
#define IOMMUBENCH_IOC_PASID_BIND	_IO('I', 0xc1)	/* struct iommubench_pasid_bind */
#define IOMMUBENCH_IOC_PASID_UNBIND	_IO('I', 0xc2)	/* struct iommubench_pasid_unbind */
#define IOMMUBENCH_IOC_PASID_ACCESS	_IO('I', 0xc3)	/* struct iommubench_pasid_access */

#define IOMMUBENCH_IOC_IOMMUFD_BIND	_IO('I', 0xd0)	/* struct iommubench_iommufd_bind */
#define IOMMUBENCH_IOC_IOMMUFD_ATTACH	_IO('I', 0xd1)	/* struct iommubench_iommufd_attach */
#define IOMMUBENCH_IOC_IOMMUFD_UNBIND	_IO('I', 0xd2)	/* nothing; ends a run, too */

#endif /* _UAPI_IOMMUBENCH_H */
