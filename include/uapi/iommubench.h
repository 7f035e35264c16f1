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
 */
#ifndef _UAPI_IOMMUBENCH_H
#define _UAPI_IOMMUBENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

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

/**
 * enum iommubench_workload - what the threads of a run do
 * @IOMMUBENCH_WORKLOAD_MAP_UNMAP: map and unmap buffers for the device, see
 *	struct iommubench_map_unmap
 * @IOMMUBENCH_WORKLOAD_TLB_FLUSH: unmap by one flush strategy, and see what it costs
 *	and how long the device still gets through, see struct iommubench_tlb_flush
 * @IOMMUBENCH_WORKLOAD_IOPF: let the device run into pages of processes that are not there, see
 *	struct iommubench_iopf
 */
enum iommubench_workload {
	IOMMUBENCH_WORKLOAD_MAP_UNMAP = 1,
	IOMMUBENCH_WORKLOAD_TLB_FLUSH,
	IOMMUBENCH_WORKLOAD_IOPF,
};

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

/* struct iommubench_info.features */
#define IOMMUBENCH_FEATURE_URING_CMD	(1ULL << 0)	/* io_uring takes commands */
#define IOMMUBENCH_FEATURE_URING_CANCEL	(1ULL << 1)	/* io_uring can cancel them */
#define IOMMUBENCH_FEATURE_PROBE	(1ULL << 2)	/* the engine tells a refused access */
#define IOMMUBENCH_FEATURE_WATCH	(1ULL << 3)	/* it repeats one until refused */
#define IOMMUBENCH_FEATURE_DEVICE_CLOCK	(1ULL << 4)	/* its own clock times accesses */
#define IOMMUBENCH_FEATURE_PASID	(1ULL << 5)	/* the device's PASIDs take domains */
#define IOMMUBENCH_FEATURE_IOMMUFD	(1ULL << 6)	/* an iommufd may have its DMA */

/**
 * struct iommubench_info - what the module and the device are
 * @size: in: sizeof(struct iommubench_info)
 * @abi_version: out: IOMMUBENCH_ABI_VERSION of the module
 * @features: out: IOMMUBENCH_FEATURE_*
 * @domain_type: out: enum iommubench_domain_type of the device's default domain
 * @engine_max_bytes: out: most bytes one engine transfer moves, 0 without one
 * @clock_hz: out: ticks a second of the clock that all times are taken with
 * @dma_bits: out: address bits that the device can drive
 * @numa_node: out: node of the device, -1 when unknown
 * @pgsize_bitmap: out: page sizes of the domain, 0 when there is none
 * @contig_max_bytes: out: largest physically contiguous buffer
 * @engine: out: name of the DMA engine driver, "none" when there is none
 * @clock: out: name of that clock
 * @nr_ids: out: number of IDs that the device has at its IOMMU, as the firmware says; may be more
 *	than @ids has room for
 * @reserved: out: zero
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
	__u32 reserved;
	__u32 ids[IOMMUBENCH_INFO_IDS];
};

/* struct iommubench_run.memory */
#define IOMMUBENCH_MEMORY_LOCAL		0	/* each thread's node; others when it is full */
#define IOMMUBENCH_MEMORY_INTERLEAVE	1	/* all nodes the caller may use, in turn by page */
#define IOMMUBENCH_MEMORY_NODE		2	/* plus the number of the only node used */

/* struct iommubench_run.flags */
#define IOMMUBENCH_RUN_VERIFY		(1ULL << 0)	/* the engine moves data that is checked */
#define IOMMUBENCH_RUN_GATES		(1ULL << 1)	/* threads stop before and after counting */
#define IOMMUBENCH_RUN_PHASES		(1ULL << 2)	/* threads stop between phases as well */

/**
 * struct iommubench_run - describes a run, common to all workloads
 * @size: in: sizeof(struct iommubench_run)
 * @workload: in: enum iommubench_workload
 * @flags: in: IOMMUBENCH_RUN_*
 * @params: in: user address of the workload's own struct
 * @cpus: in: user address of @nr_cpus CPU numbers (__u32); thread i is pinned to
 *	entry i modulo @nr_cpus. 0: threads are not pinned
 * @nr_cpus: in: entries at @cpus
 * @threads: in: kernel threads, 1 to IOMMUBENCH_MAX_THREADS
 * @duration_ns: in: end after this long, 0 for no limit of time
 * @count: in: end after this many operations over all threads, 0 for no limit;
 *	one of @duration_ns and @count must be given
 * @warmup_ns: in: run this long before anything is counted
 * @rate_mhz: in: operations due in 1000 seconds over all threads (open loop);
 *	0 for as fast as they come (closed loop)
 * @seed: in: where all random numbers of the run start; the same seed gives the same ones
 * @batch: in: operations in one timed sample, 1 to IOMMUBENCH_MAX_BATCH; 0 lets
 *	the module choose, from the clock's tick and the operation's cost
 * @message_bytes: in: room at @message, normally IOMMUBENCH_MESSAGE_BYTES
 * @message: in: user address where a refusal is explained
 * @mmap_bytes: out: how much to map, at offset 0 of the file, read only
 * @thread_bytes: out: distance from one thread's struct iommubench_thread to
 *	the next in that mapping
 * @hist_offset: out: from a thread's struct to its first histogram
 * @hist_bytes: out: distance from one phase's histogram to the next
 * @phases: out: number of histograms of a thread
 * @memory: in: where the buffers and what the threads count in come from:
 *	IOMMUBENCH_MEMORY_LOCAL, IOMMUBENCH_MEMORY_INTERLEAVE, or IOMMUBENCH_MEMORY_NODE plus the
 *	number of a node
 *
 * With IOMMUBENCH_RUN_PHASES there must be gates and a count, and neither duration, warm-up, rate
 * nor verification. Each thread works in rounds until its share of the count is done: all maps of
 * a round, then all its unmaps, and its flush where that is a call of its own. A round is what
 * map/unmap has in its window, or tlb-flush in its mappings. It begins with a gate that nothing
 * comes behind, so that what passing a gate costs can be counted as well. All threads come to
 * all gates, also those that have nothing left to do. No histogram gets anything.
 */
struct iommubench_run {
	__u32 size;
	__u32 workload;
	__u64 flags;
	__u64 params;
	__u64 cpus;
	__u32 nr_cpus;
	__u32 threads;
	__u64 duration_ns;
	__u64 count;
	__u64 warmup_ns;
	__u64 rate_mhz;
	__u64 seed;
	__u32 batch;
	__u32 message_bytes;
	__u64 message;
	__u64 mmap_bytes;
	__u64 thread_bytes;
	__u64 hist_offset;
	__u64 hist_bytes;
	__u32 phases;
	__u32 memory;
};

/**
 * enum iommubench_api - which kernel interface maps
 * @IOMMUBENCH_API_DMA_SINGLE: dma_map_single(), in the device's default domain
 * @IOMMUBENCH_API_DMA_SG: dma_map_sgtable(), in the device's default domain
 * @IOMMUBENCH_API_IOMMU: iommu_map() and iommu_unmap() in an own domain that is
 *	attached to the device for the run
 * @IOMMUBENCH_API_IOMMU_FAST: iommu_map() in such a domain; iommu_unmap_fast() gathers a batch
 *	of unmaps and one iommu_iotlb_sync() invalidates for all of them
 */
enum iommubench_api {
	IOMMUBENCH_API_DMA_SINGLE = 1,
	IOMMUBENCH_API_DMA_SG,
	IOMMUBENCH_API_IOMMU,
	IOMMUBENCH_API_IOMMU_FAST,
};

/**
 * enum iommubench_buffer - what physical memory is mapped
 * @IOMMUBENCH_BUFFER_AUTO: contiguous where the API and the kernel allow it,
 *	otherwise in the largest equal pieces that can be had
 * @IOMMUBENCH_BUFFER_CONTIG: one physically contiguous piece
 * @IOMMUBENCH_BUFFER_SCATTERED: pieces allocated one by one
 */
enum iommubench_buffer {
	IOMMUBENCH_BUFFER_AUTO = 0,
	IOMMUBENCH_BUFFER_CONTIG,
	IOMMUBENCH_BUFFER_SCATTERED,
};

/**
 * enum iommubench_direction - direction of the mapped buffers' data
 * @IOMMUBENCH_DIR_BIDIRECTIONAL: device reads and writes
 * @IOMMUBENCH_DIR_TO_DEVICE: device reads
 * @IOMMUBENCH_DIR_FROM_DEVICE: device writes
 */
enum iommubench_direction {
	IOMMUBENCH_DIR_BIDIRECTIONAL = 0,
	IOMMUBENCH_DIR_TO_DEVICE,
	IOMMUBENCH_DIR_FROM_DEVICE,
};

/**
 * enum iommubench_iova_pattern - where mappings go, with an own domain
 * @IOMMUBENCH_IOVA_REUSE: the same few addresses again and again
 * @IOMMUBENCH_IOVA_FRESH: the next free address, from the start when the span is
 *	used up
 * @IOMMUBENCH_IOVA_RANDOM: random addresses, none twice before all were used
 * @IOMMUBENCH_IOVA_STRIDE: a fixed distance after the last
 */
enum iommubench_iova_pattern {
	IOMMUBENCH_IOVA_REUSE = 0,
	IOMMUBENCH_IOVA_FRESH,
	IOMMUBENCH_IOVA_RANDOM,
	IOMMUBENCH_IOVA_STRIDE,
};

/**
 * struct iommubench_map_unmap - parameters of the map/unmap workload
 * @size: in: sizeof(struct iommubench_map_unmap)
 * @api: in: enum iommubench_api
 * @mapping_bytes: in: size of a mapping, a multiple of the page size, at most
 *	IOMMUBENCH_MAX_MAPPING_BYTES
 * @buffer: in: enum iommubench_buffer
 * @direction: in: enum iommubench_direction
 * @iova_pattern: in: enum iommubench_iova_pattern; with a DMA API the kernel's
 *	allocator chooses, and only REUSE is accepted
 * @window: in: mappings that one thread keeps alive at once, 0 for one batch;
 *	rounded up to whole batches
 * @stride_bytes: in: distance for IOMMUBENCH_IOVA_STRIDE, at least the mapping
 * @iova_span_bytes: in: how much IOVA space FRESH, RANDOM and STRIDE move in, over
 *	all threads; 0 for the module's choice
 * @prefill: in: mappings over all threads that exist before the first operation
 *	and until after the last one; at most IOMMUBENCH_MAX_PREFILL in one thread
 * @hold_ns: in: least nanoseconds from the end of a map to the start of its unmap
 * @sg_entries: in: pieces of a scattered buffer, 0 for pieces of a page
 * @reserved: zero
 * @piece_bytes: out: size of the physically contiguous pieces used
 * @batch: out: operations in one timed sample, 0 when that is chosen at START
 * @window_out: out: @window as used, 0 when that is chosen at START
 */
struct iommubench_map_unmap {
	__u32 size;
	__u32 api;
	__u64 mapping_bytes;
	__u32 buffer;
	__u32 direction;
	__u32 iova_pattern;
	__u32 window;
	__u64 stride_bytes;
	__u64 iova_span_bytes;
	__u64 prefill;
	__u64 hold_ns;
	__u32 sg_entries;
	__u32 reserved;
	__u64 piece_bytes;
	__u32 batch;
	__u32 window_out;
};

/*
 * The map/unmap workload's histograms. With a rate, MAP and UNMAP count from the
 * moment that the operation was due, and the *_SERVICE ones from its real start.
 */
enum iommubench_map_unmap_phase {
	IOMMUBENCH_PHASE_MAP = 0,
	IOMMUBENCH_PHASE_UNMAP,
	IOMMUBENCH_PHASE_MAP_SERVICE,
	IOMMUBENCH_PHASE_UNMAP_SERVICE,
	IOMMUBENCH_MAP_UNMAP_PHASES,
};

/**
 * enum iommubench_flush_strategy - how unmapped addresses are invalidated
 * @IOMMUBENCH_FLUSH_STRICT: dma_unmap_single() in a strict default domain: each call
 *	waits for its invalidation
 * @IOMMUBENCH_FLUSH_LAZY: dma_unmap_single() in a lazy default domain: invalidation is left to
 *	the kernel's flush queue, which a timer or its fill level empties
 * @IOMMUBENCH_FLUSH_GATHER: in an own domain, as are all that follow but NONE: each
 *	mapping is unmapped by itself, one sync at the end of the round for all
 * @IOMMUBENCH_FLUSH_RANGE: one unmap of the whole round's range
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
 * @watch_error_ns: out: EXPOSURE: nanoseconds that the device's clock may be off from ours, 0 when
 *	unknown yet
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

/**
 * enum iommubench_iopf_mode - how the device waits for a page
 * @IOMMUBENCH_IOPF_STALL: the IOMMU holds the access until software lets it go on
 * @IOMMUBENCH_IOPF_PRI: the device asks for a translation (PCI ATS), and for the page when there
 *	is none (PRI)
 */
enum iommubench_iopf_mode {
	IOMMUBENCH_IOPF_STALL = 0,
	IOMMUBENCH_IOPF_PRI,
};

/* struct iommubench_iopf.flags */
#define IOMMUBENCH_IOPF_WRITE		(1U << 0)	/* accesses write; otherwise they read */
#define IOMMUBENCH_IOPF_PROBES		(1U << 1)	/* kprobes time the kernel's stages */
#define IOMMUBENCH_IOPF_MUST_SUCCEED	(1U << 2)	/* no access may be refused */
#define IOMMUBENCH_IOPF_MUST_FAIL	(1U << 3)	/* each access must be refused */
#define IOMMUBENCH_IOPF_DATA		(1U << 4)	/* what reads get is checked */
#define IOMMUBENCH_IOPF_IOMMUFD		(1U << 5)	/* user space answers faults */

#define IOMMUBENCH_MAX_IOPF_ACCESSES	(1U << 20)	/* in all address spaces together */
#define IOMMUBENCH_MAX_IOPF_SPACES	1024
#define IOMMUBENCH_MAX_IOPF_OUTSTANDING	128		/* in all threads together */
#define IOMMUBENCH_MAX_IOPF_GROUP	32

/**
 * enum iommubench_iopf_stage - what a fault goes through
 * @IOMMUBENCH_IOPF_STAGE_EVENT: from the device's access to the record of its fault in the IOMMU's
 *	event or page request queue
 * @IOMMUBENCH_IOPF_STAGE_HANDLER: until the queue's interrupt handler takes the record up
 * @IOMMUBENCH_IOPF_STAGE_MM: until memory management takes the fault up
 * @IOMMUBENCH_IOPF_STAGE_FAULT: until it has made the page present, or not
 * @IOMMUBENCH_IOPF_STAGE_READ: IOMMUFD, in place of MM: until user space has read the fault;
 *	where HANDLER cannot be told apart, from the record in the queue on
 * @IOMMUBENCH_IOPF_STAGE_MAP: IOMMUFD, in place of FAULT: until it has mapped the page, or could
 *	not, and answers
 * @IOMMUBENCH_IOPF_STAGE_RESPONSE: until the IOMMU got the answer
 * @IOMMUBENCH_IOPF_STAGE_RESTART: until the device's access is done
 * @IOMMUBENCH_IOPF_NR_STAGES: number of these stages
 */
enum iommubench_iopf_stage {
	IOMMUBENCH_IOPF_STAGE_EVENT = 0,
	IOMMUBENCH_IOPF_STAGE_HANDLER,
	IOMMUBENCH_IOPF_STAGE_MM,
	IOMMUBENCH_IOPF_STAGE_FAULT,
	IOMMUBENCH_IOPF_STAGE_READ,
	IOMMUBENCH_IOPF_STAGE_MAP,
	IOMMUBENCH_IOPF_STAGE_RESPONSE,
	IOMMUBENCH_IOPF_STAGE_RESTART,
	IOMMUBENCH_IOPF_NR_STAGES,
};

/**
 * struct iommubench_iopf_mark - when user space had which part in a fault, with IOMMUFD
 * @read: tick at which it has read the fault of this access, 0 before that
 * @answered: tick at which it answers that fault, 0 before that
 *
 * User space writes it, in ticks of the clock that all times are taken with.
 */
struct iommubench_iopf_mark {
	__u64 read;
	__u64 answered;
};

/**
 * struct iommubench_iopf - parameters of the iopf workload
 * @size: in: sizeof(struct iommubench_iopf)
 * @mode: in: enum iommubench_iopf_mode
 * @flags: in: IOMMUBENCH_IOPF_*
 * @outstanding: in: accesses that a thread has under way at once, 1 or more; over all threads
 *	at most IOMMUBENCH_MAX_IOPF_OUTSTANDING
 * @start: in: address of the first access, the same in all address spaces; a multiple of 8
 * @step_bytes: in: distance to the address of the next one, a multiple of the page size
 * @accesses: in: number of accesses in one address space, 1 or more; in all of them together at
 *	most IOMMUBENCH_MAX_IOPF_ACCESSES
 * @pids: in: user address of @nr_pids process numbers (__u32) whose address spaces are used
 * @nr_pids: in: entries at @pids, 0 for the calling process alone
 * @group: in: PRI: pages that the device asks for in one group, 1 to IOMMUBENCH_MAX_IOPF_GROUP;
 *	@step_bytes is at least as many pages then
 * @think_ns: in: nanoseconds that a thread waits after an access before the next one in its place
 * @timeout_ns: in: nanoseconds without an answer, 1 or more, after which the engine is reset and
 *	the run ends with an error
 * @data: in: with @flags IOMMUBENCH_IOPF_WRITE what the first access writes; with
 *	IOMMUBENCH_IOPF_DATA what its read must get
 * @data_step: in: what each further access writes or must get more than the one before
 * @stages: out: bit n: enum iommubench_iopf_stage n can be told apart in this run
 * @answered: out: 0 when the kernel denies page requests, 1 when it answers faults
 * @clock_error_ns: out: nanoseconds that a stage between device and kernel may be off, as their
 *	two clocks go together only so well
 * @probe_ns: out: nanoseconds that one kprobe costs a fault, 0 without kprobes
 * @marks_offset: in: zero; out: IOMMUFD: where to map a struct iommubench_iopf_mark for each
 *	access, for reading and writing
 *
 * One pass: each address is accessed once by one of the threads, from @start upwards, in all
 * address spaces in turn. With a rate, accesses that are due wait for room under @outstanding.
 * The mm's are bound before the run and unbound after it.
 *
 * With @flags IOMMUBENCH_IOPF_IOMMUFD no mm is bound: the device is attached to a domain of an
 * iommufd (IOMMUBENCH_IOC_IOMMUFD_ATTACH), its accesses go without a PASID to addresses of that
 * domain, and who has the domain's fault queue makes the pages present and answers.
 */
struct iommubench_iopf {
	__u32 size;
	__u32 mode;
	__u32 flags;
	__u32 outstanding;
	__u64 start;
	__u64 step_bytes;
	__u64 accesses;
	__u64 pids;
	__u32 nr_pids;
	__u32 group;
	__u64 think_ns;
	__u64 timeout_ns;
	__u64 data;
	__u64 data_step;
	__u32 stages;
	__u32 answered;
	__u32 clock_error_ns;
	__u32 probe_ns;
	__u64 marks_offset;
};

/**
 * enum iommubench_iopf_phase - the iopf workload's histograms, in nanoseconds
 * @IOMMUBENCH_PHASE_IOPF_FAULT: an access that faulted and then succeeded, from its start
 *	(with a rate: from the moment that it was due) to its end, in device time
 * @IOMMUBENCH_PHASE_IOPF_SERVICE: with a rate: such an access from its real start to its end
 * @IOMMUBENCH_PHASE_IOPF_HIT: an access that did not fault
 * @IOMMUBENCH_PHASE_IOPF_REFUSED: an access that was refused
 * @IOMMUBENCH_PHASE_IOPF_ANSWER: from the record of a fault to the arrival of its answer at the
 *	device, of accesses that faulted once, refused ones as well
 * @IOMMUBENCH_PHASE_IOPF_STAGE: plus enum iommubench_iopf_stage: that stage of accesses that
 *	faulted once, refused ones as well
 * @IOMMUBENCH_IOPF_PHASES: number of these histograms
 */
enum iommubench_iopf_phase {
	IOMMUBENCH_PHASE_IOPF_FAULT = 0,
	IOMMUBENCH_PHASE_IOPF_SERVICE,
	IOMMUBENCH_PHASE_IOPF_HIT,
	IOMMUBENCH_PHASE_IOPF_REFUSED,
	IOMMUBENCH_PHASE_IOPF_ANSWER,
	IOMMUBENCH_PHASE_IOPF_STAGE,
	IOMMUBENCH_IOPF_PHASES = IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_NR_STAGES,
};

/**
 * enum iommubench_iopf_count - struct iommubench_thread.counts of the iopf workload
 * @IOMMUBENCH_IOPF_FAULTS: faults that the IOMMU reported
 * @IOMMUBENCH_IOPF_FAULTED: accesses that faulted, however often
 * @IOMMUBENCH_IOPF_REFAULTED: accesses that faulted more than once
 * @IOMMUBENCH_IOPF_REFUSED: accesses that were refused
 * @IOMMUBENCH_IOPF_UNSEEN: accesses whose kernel stages were asked for, but not all seen
 * @IOMMUBENCH_IOPF_TIMED_OUT: accesses that were never answered
 * @IOMMUBENCH_IOPF_COUNTS: number of these counts
 */
enum iommubench_iopf_count {
	IOMMUBENCH_IOPF_FAULTS = 0,
	IOMMUBENCH_IOPF_FAULTED,
	IOMMUBENCH_IOPF_REFAULTED,
	IOMMUBENCH_IOPF_REFUSED,
	IOMMUBENCH_IOPF_UNSEEN,
	IOMMUBENCH_IOPF_TIMED_OUT,
	IOMMUBENCH_IOPF_COUNTS,
};

/**
 * enum iommubench_thread_state - how far a thread is
 * @IOMMUBENCH_THREAD_IDLE: it has not started
 * @IOMMUBENCH_THREAD_PREPARING: it calibrates and prefills
 * @IOMMUBENCH_THREAD_WARMUP: it works and counts nothing yet
 * @IOMMUBENCH_THREAD_RUNNING: it works and counts
 * @IOMMUBENCH_THREAD_DRAINING: it gives back what it mapped
 * @IOMMUBENCH_THREAD_DONE: it has ended
 * @IOMMUBENCH_THREAD_READY: it stands at a gate: with IOMMUBENCH_RUN_GATES before it has counted
 *	anything, with IOMMUBENCH_RUN_PHASES while not all is done
 * @IOMMUBENCH_THREAD_COUNTED: it stands at a gate, has counted all and given nothing back yet
 */
enum iommubench_thread_state {
	IOMMUBENCH_THREAD_IDLE = 0,
	IOMMUBENCH_THREAD_PREPARING,
	IOMMUBENCH_THREAD_WARMUP,
	IOMMUBENCH_THREAD_RUNNING,
	IOMMUBENCH_THREAD_DRAINING,
	IOMMUBENCH_THREAD_DONE,
	IOMMUBENCH_THREAD_READY,
	IOMMUBENCH_THREAD_COUNTED,
};

#define IOMMUBENCH_THREAD_COUNTS	7

/* struct iommubench_thread.phase while no phase comes behind the gate */
#define IOMMUBENCH_PHASE_NONE		0xffffffffU

/**
 * struct iommubench_thread - what a thread tells while it works
 * @state: enum iommubench_thread_state
 * @cpu: number of the CPU that it last saw itself on
 * @ops: operations (a map and an unmap are one) counted so far
 * @start_tick: tick at which counting began
 * @end_tick: tick at which counting ended, 0 until then
 * @late: with a rate: samples that started after the next one was due
 * @overhead_ticks: median ticks of an empty sample, taken before the run
 * @overhead_batch: operations in that empty sample
 * @resolution_ticks: the step that the clock moves in, as seen in reads of it
 * @migrations: samples that began on one CPU and ended on another
 * @counts: counts of the workload's own, such as enum iommubench_iopf_count; zero where it has none
 * @tid: its number in the initial PID namespace
 * @gate: number of gates it has come to; what is said of a gate is written before
 * @phase: with IOMMUBENCH_RUN_PHASES: the phase that comes behind that gate, by the numbers of the
 *	workload's histograms, or IOMMUBENCH_PHASE_NONE
 * @phase_ops: operations that it does in that phase: maps, unmaps, or flushes; an unmap that is
 *	flushed at once (IOMMUBENCH_PHASE_FLUSH_TOTAL) is one
 *
 * That thread alone writes it, and the tool may read it at any time.
 */
struct iommubench_thread {
	__u32 state;
	__u32 cpu;
	__u64 ops;
	__u64 start_tick;
	__u64 end_tick;
	__u64 late;
	__u64 overhead_ticks;
	__u64 overhead_batch;
	__u64 resolution_ticks;
	__u64 migrations;
	__u64 counts[IOMMUBENCH_THREAD_COUNTS];
	__u32 tid;
	__u32 gate;
	__u32 phase;
	__u32 phase_ops;
};

/**
 * enum iommubench_end - why a run ended
 * @IOMMUBENCH_END_NONE: it has not ended
 * @IOMMUBENCH_END_TIME: its time was over
 * @IOMMUBENCH_END_COUNT: all its operations were done
 * @IOMMUBENCH_END_STOPPED: STOP, a signal, a cancelled WAIT or a closed file ended it
 * @IOMMUBENCH_END_REMOVED: the device was unbound or went away
 * @IOMMUBENCH_END_ERROR: an operation failed, the message says which
 */
enum iommubench_end {
	IOMMUBENCH_END_NONE = 0,
	IOMMUBENCH_END_TIME,
	IOMMUBENCH_END_COUNT,
	IOMMUBENCH_END_STOPPED,
	IOMMUBENCH_END_REMOVED,
	IOMMUBENCH_END_ERROR,
};

/**
 * enum iommubench_check_id - what was verified
 * @IOMMUBENCH_CHECK_TRANSFER: data moved by the engine through a mapping arrived
 * @IOMMUBENCH_CHECK_READ_REFUSED: a read after unmap and invalidation was refused
 * @IOMMUBENCH_CHECK_WRITE_REFUSED: a write after unmap and invalidation was refused
 * @IOMMUBENCH_CHECK_STALE_ACCESS: no access got through after an unmap that waits for its
 *	invalidation had returned, and none went where its address led before
 * @IOMMUBENCH_CHECK_REFUSED_IN_TIME: a device lost its access at last, however lazy
 * @IOMMUBENCH_CHECK_FAULT_SERVED: an access to a page that can be had succeeded
 * @IOMMUBENCH_CHECK_FAULT_REFUSED: an access to what is not mapped was refused
 * @IOMMUBENCH_CHECK_FAULT_DATA: a read got what was there
 * @IOMMUBENCH_CHECK_FAULT_ANSWERED: an access ended, one way or the other
 * @IOMMUBENCH_CHECK_PRI_ANSWERS: in a run with page requests, its device got no answer that fits
 *	none of them, and none but failure only where all are denied
 * @IOMMUBENCH_CHECKS: number of these checks
 */
enum iommubench_check_id {
	IOMMUBENCH_CHECK_TRANSFER = 0,
	IOMMUBENCH_CHECK_READ_REFUSED,
	IOMMUBENCH_CHECK_WRITE_REFUSED,
	IOMMUBENCH_CHECK_STALE_ACCESS,
	IOMMUBENCH_CHECK_REFUSED_IN_TIME,
	IOMMUBENCH_CHECK_FAULT_SERVED,
	IOMMUBENCH_CHECK_FAULT_REFUSED,
	IOMMUBENCH_CHECK_FAULT_DATA,
	IOMMUBENCH_CHECK_FAULT_ANSWERED,
	IOMMUBENCH_CHECK_PRI_ANSWERS,
	IOMMUBENCH_CHECKS,
};

/**
 * struct iommubench_check - how one verification went
 * @count: number of times it was tried
 * @failures: number of those that failed
 */
struct iommubench_check {
	__u64 count;
	__u64 failures;
};

/**
 * struct iommubench_result - how a run ended
 * @size: in: sizeof(struct iommubench_result)
 * @end: out: enum iommubench_end
 * @error: out: positive errno of the operation that failed, 0 if none did
 * @batch: out: operations in one timed sample
 * @window: out: mappings that one thread kept alive
 * @message_bytes: in: room at @message
 * @message: in: user address where a failure is explained
 * @checks: out: verification, by enum iommubench_check_id
 */
struct iommubench_result {
	__u32 size;
	__u32 end;
	__s32 error;
	__u32 batch;
	__u32 window;
	__u32 message_bytes;
	__u64 message;
	struct iommubench_check checks[IOMMUBENCH_CHECKS];
};

/**
 * struct iommubench_wait - wait for the end of a run
 * @size: in: sizeof(struct iommubench_wait)
 * @reserved: zero
 * @timeout_ns: in: nanoseconds after which it gives up with ETIME, 0 for never; by io_uring it
 *	must be 0, link an IORING_OP_LINK_TIMEOUT instead
 */
struct iommubench_wait {
	__u32 size;
	__u32 reserved;
	__u64 timeout_ns;
};

/**
 * struct iommubench_node_memory - what a run took from a node so far
 * @buffer_bytes: bytes for the device, those that were given back again included
 * @count_bytes: bytes for thread pages and histograms
 */
struct iommubench_node_memory {
	__u64 buffer_bytes;
	__u64 count_bytes;
};

/**
 * struct iommubench_memory - where the memory of the file's last run comes from
 * @size: in: sizeof(struct iommubench_memory)
 * @nr_nodes: in: entries at @nodes; out: number of nodes that there can be, of which those
 *	without an entry are not told
 * @nodes: in: user address of that many struct iommubench_node_memory, by number of the node
 *
 * EINVAL: no run was prepared.
 */
struct iommubench_memory {
	__u32 size;
	__u32 nr_nodes;
	__u64 nodes;
};

/*
 * PASIDs: bound and unbound one by one, by commands and not by a run, because it
 * matters whose context it is: the calling process's address space is what
 * IOMMUBENCH_PASID_SVA binds, and it may be killed, fork or exec meanwhile. What
 * is bound belongs to the file; closing the file and unbinding the device give it
 * back. Any number of files may do this at the same time, also beside a run.
 */

/* Room for what one file has bound at a time; ids are below it. */
#define IOMMUBENCH_MAX_PASID_BINDS	(1U << 20)
/*
 * Domains of a device that are not empty. An SMMUv3 may have 256 address space identifiers,
 * and Linux' driver does not survive it when a domain cannot have one (6.12: it frees the
 * page table through a pointer that is not set yet). Who asks for empty domains knows that.
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
 *
 * ENOSPC: no PASID is left. EBUSY: no address space identifier is. EMFILE: more than
 * IOMMUBENCH_MAX_PASID_DOMAINS domains that are not empty. EOPNOTSUPP: the kernel, the IOMMU
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
};

/* struct iommubench_pasid_unbind.flags */
#define IOMMUBENCH_PASID_WATCH		(1U << 0)	/* the device reads until refused */
#define IOMMUBENCH_PASID_PROBE		(1U << 1)	/* the device reads once afterwards */

/* struct iommubench_pasid_unbind.refused and that of struct iommubench_pasid_access */
#define IOMMUBENCH_PASID_NOT_TRIED	0
#define IOMMUBENCH_PASID_REFUSED	1
#define IOMMUBENCH_PASID_GOT_THROUGH	2

/**
 * struct iommubench_pasid_unbind - undo a bind
 * @size: in: sizeof(struct iommubench_pasid_unbind)
 * @id: in: as BIND gave it
 * @flags: in: IOMMUBENCH_PASID_WATCH, IOMMUBENCH_PASID_PROBE
 * @refused: out: PROBE and WATCH: IOMMUBENCH_PASID_REFUSED when the device's access
 *	after the unbind was, IOMMUBENCH_PASID_GOT_THROUGH when not
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
};

/**
 * struct iommubench_pasid_access - have the device read with a PASID
 * @size: in: sizeof(struct iommubench_pasid_access)
 * @pasid: in: any below the device's limit, bound or not, but 0
 * @address: in: what the device reads, a multiple of 8
 * @limit_ns: in: 0: read once; else nanoseconds for which it reads on until it is refused, at most
 *	IOMMUBENCH_MAX_WATCH_NS
 * @refused: out: of the last access: IOMMUBENCH_PASID_REFUSED or IOMMUBENCH_PASID_GOT_THROUGH
 * @reserved: zero
 * @device_ns: out: nanoseconds that one read took by the engine's clock
 * @accesses: out: number of reads that succeeded
 *
 * EOPNOTSUPP: the engine cannot tell. What was read is not told.
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
};

/*
 * iommufd: user space takes the device's DMA over. For devices bound to the driver
 * kmod_iommu_test_iommufd, see IOMMUBENCH_FEATURE_IOMMUFD. One file of a device has it at a
 * time; closing that file and unbinding the device give it back.
 */

/**
 * struct iommubench_iommufd_bind - bind the device to an iommufd
 * @size: in: sizeof(struct iommubench_iommufd_bind)
 * @iommufd: in: an open /dev/iommu
 * @message: in: user address where a refusal is explained
 * @message_bytes: in: room at @message
 * @dev_id: out: ID by which the iommufd knows the device
 *
 * All DMA of the device is blocked until it is attached.
 */
struct iommubench_iommufd_bind {
	__u32 size;
	__s32 iommufd;
	__u64 message;
	__u32 message_bytes;
	__u32 dev_id;
};

/**
 * struct iommubench_iommufd_attach - attach the device to a domain of its iommufd
 * @size: in: sizeof(struct iommubench_iommufd_attach)
 * @hwpt_id: in: the iommufd's ID of the domain, which has a fault queue
 * @message: in: user address where a refusal is explained
 * @message_bytes: in: room at @message
 * @reserved: zero
 */
struct iommubench_iommufd_attach {
	__u32 size;
	__u32 hwpt_id;
	__u64 message;
	__u32 message_bytes;
	__u32 reserved;
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
