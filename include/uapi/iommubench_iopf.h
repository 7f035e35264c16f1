/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI: the iopf workload. Included by iommubench.h.
 */
#ifndef _UAPI_IOMMUBENCH_IOPF_H
#define _UAPI_IOMMUBENCH_IOPF_H

#include <linux/types.h>

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
#define IOMMUBENCH_IOPF_OWN_DATA	(1U << 6)	/* each address space has its own data */
#define IOMMUBENCH_IOPF_ABSENT		(1U << 7)	/* no page is there before the run */

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
 * @data_step: in: what each further access writes or must get more than the one before; with
 *	IOMMUBENCH_IOPF_OWN_DATA each further address space as if IOMMUBENCH_MAX_IOPF_ACCESSES
 *	were between its accesses and those of the one before, at equal addresses
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
 * With @flags IOMMUBENCH_IOPF_ABSENT, in mode STALL, the device is first made to read some of the
 * addresses without waiting for a page: if it can, the run ends before it does harm. In that mode
 * it is also looked whether the device can still read when the mm's were unbound.
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

#endif /* _UAPI_IOMMUBENCH_IOPF_H */
