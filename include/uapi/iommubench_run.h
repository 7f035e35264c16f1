/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI: runs of all workloads, what their threads tell, and how they end. Included by
 * iommubench.h.
 */
#ifndef _UAPI_IOMMUBENCH_RUN_H
#define _UAPI_IOMMUBENCH_RUN_H

#include <linux/types.h>

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
 *	0 for as fast as they come (closed loop). What was due before the end and could not be begun
 *	by then is begun after it, for as long again, at most IOMMUBENCH_MAX_GRACE_NS
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
 * @ops: operations (a map and an unmap are one) counted so far, none that was not undone in time
 * @start_tick: tick at which counting began
 * @end_tick: tick at which counting ended, 0 until then
 * @late: with a rate: samples that started after the next one was due, or not at all
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
 * @offered: with a rate: operations that were due in the time that is counted, told when that is
 *	over; with a count no more than that
 * @begun: with a rate: those of them that were begun so far
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
	__u64 offered;
	__u64 begun;
};

/**
 * enum iommubench_end - why a run ended
 * @IOMMUBENCH_END_NONE: it has not ended
 * @IOMMUBENCH_END_TIME: its time was over
 * @IOMMUBENCH_END_COUNT: all its operations were done
 * @IOMMUBENCH_END_STOPPED: STOP, a signal, a cancelled WAIT or a closed file ended it
 * @IOMMUBENCH_END_REMOVED: the device was unbound or went away
 * @IOMMUBENCH_END_ERROR: an operation failed, memory got short, a CPU of the run went offline, the
 *	machine was suspended or the waiting process frozen; the message says which
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
 * @IOMMUBENCH_CHECK_OLD_TRANSLATION: what was at an address before, or is still there in an address
 *	space that is bound no more, was out of the device's reach
 * @IOMMUBENCH_CHECK_MAPPING: map and unmap did what they had to; counted only when one did not, in
 *	each run, and ends it
 * @IOMMUBENCH_CHECK_WRITE_DENIED: a write through a mapping that is for reads only was refused
 * @IOMMUBENCH_CHECK_READ_DENIED: a read through a mapping that is for writes only was refused;
 *	counted from the first one on that was, because not every IOMMU can do that
 * @IOMMUBENCH_CHECK_REUSED: an address that was used again led to its new memory at once
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
	IOMMUBENCH_CHECK_OLD_TRANSLATION,
	IOMMUBENCH_CHECK_MAPPING,
	IOMMUBENCH_CHECK_WRITE_DENIED,
	IOMMUBENCH_CHECK_READ_DENIED,
	IOMMUBENCH_CHECK_REUSED,
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

#endif /* _UAPI_IOMMUBENCH_RUN_H */
