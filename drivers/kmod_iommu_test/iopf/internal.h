/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the iopf workload share.
 */
#ifndef IOMMUBENCH_IOPF_INTERNAL_H
#define IOMMUBENCH_IOPF_INTERNAL_H

#include <linux/cache.h>
#include <linux/types.h>

#include <uapi/iommubench.h>

#include "engine/engine.h"
#include "iopf/stages.h"
#include "run/types.h"

struct iommu_sva;

/**
 * struct iopf_space - an address space that the device works in
 * @handle: of the bind, NULL for the one that an iommufd has
 * @pasid: what the device knows it by, or BENCH_NO_PASID
 */
struct iopf_space {
	struct iommu_sva *handle;
	int pasid;
};

/**
 * enum iopf_place_state - what becomes of a place
 * @IOPF_FREE: the next access may take it
 * @IOPF_DUE: it was taken, its access has to wait for its moment or for the engine
 * @IOPF_FLYING: its access is under way
 */
enum iopf_place_state {
	IOPF_FREE = 0,
	IOPF_DUE,
	IOPF_FLYING,
};

/**
 * struct iopf_place - one of the accesses that a thread may have under way
 * @state: enum iopf_place_state
 * @number: the engine's, while it flies
 * @index: number of the address, from 0
 * @space: in which address space
 * @due: tick from which it may start
 * @late_from: with a rate: tick when the next access of this thread is due
 * @deadline: tick when it must have ended
 */
struct iopf_place {
	enum iopf_place_state state;
	unsigned int number;
	u64 index;
	unsigned int space;
	u64 due;
	u64 late_from;
	u64 deadline;
};

/**
 * struct iopf_thread - one thread's state, touched by it alone
 * @places: as many as it may have accesses under way
 * @next: its next access, counted over all threads
 * @busy: places that are not free
 * @leave: when it lets go of what is under way, as the run was stopped; 0 before that
 * @checks: what it verified, by enum iommubench_check_id
 */
struct iopf_thread {
	struct iopf_place *places;
	u64 next;
	unsigned int busy;
	u64 leave;
	struct iommubench_check checks[IOMMUBENCH_CHECKS];
} ____cacheline_aligned_in_smp;

/**
 * struct iopf_work - a run's state that its threads share and only read
 * @spaces: the address spaces
 * @nr_spaces: entries at @spaces that are bound
 * @total: accesses in all of them
 * @sync: the two clocks
 * @stages: when a fault was where
 * @user_marks: what user space had to do with it, when it answers; NULL when the kernel does
 * @seen: bits of enum iommubench_iopf_stage that a fault's stages are recorded of
 * @timeout: when an access counts as never answered, in ticks of bench_clock()
 * @think: pause of a thread after an access, in ticks of bench_clock()
 * @reset: the engine was reset: what was under way is lost
 * @resets: resets of the engine before the run: another one is somebody else's, unless @reset
 * @sva_on: bench_sva_enable() is to be undone
 * @engine_on: the engine's access_prepare is to be undone
 * @pri: where the PRI capability is in the configuration space
 * @pri_watched: bits of its status that must not be set in the end, 0 without
 * @ended: threads that have, under the run's lock
 * @threads: state of the run's threads, one entry each, on the thread's node
 */
struct iopf_work {
	struct iopf_space *spaces;
	unsigned int nr_spaces;
	u64 total;
	struct bench_engine_sync sync;
	struct iopf_stages stages;
	const struct iommubench_iopf_mark *user_marks;
	u32 seen;
	u64 timeout;
	u64 think;
	bool reset;
	unsigned int resets;
	bool sva_on;
	bool engine_on;
	int pri;
	u16 pri_watched;
	unsigned int ended;
	struct iopf_thread **threads;
};

enum bench_use iopf_use(const void *params);
int iopf_prepare(struct bench_run *run, struct bench_message *msg);
void iopf_release(struct bench_run *run);
int iopf_look_before(struct bench_run *run);
void iopf_look_after(struct bench_run *run);
void iopf_pri_begin(struct iopf_work *work, struct device *dev);
void iopf_pri_end(struct bench_run *run);

#endif /* IOMMUBENCH_IOPF_INTERNAL_H */
