/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a churn is asked to do.
 */
#ifndef IOMMUBENCH_PASID_PLAN_H
#define IOMMUBENCH_PASID_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <iommubench.h>

#include "place/placement.h"

#define CHURN_MAX_PROCESSES	4096

/**
 * enum churn_use - what the device does with a bound PASID
 * @CHURN_USE_NONE: nothing
 * @CHURN_USE_READ: it reads once after the bind, and tries to once after the unbind
 * @CHURN_USE_LIVE: in the first thread of the first process it reads all through the
 *	unbind until it is refused; the others are load
 */
enum churn_use {
	CHURN_USE_NONE = 0,
	CHURN_USE_READ,
	CHURN_USE_LIVE,
};

/**
 * enum churn_phase - what is measured
 * @CHURN_BIND: duration of a bind, ticks
 * @CHURN_FIRST_USE: latency of the first access after a bind, nanoseconds of the device's clock
 * @CHURN_UNBIND: duration of an unbind, ticks
 * @CHURN_EXPOSURE: ticks from the return of the unbind to the last access that succeeded
 * @CHURN_ACCESSES: accesses that succeeded after the unbind
 * @CHURN_REUSE: binds of the thread since its last one of this PASID
 * @CHURN_PHASES: number of phases
 */
enum churn_phase {
	CHURN_BIND = 0,
	CHURN_FIRST_USE,
	CHURN_UNBIND,
	CHURN_EXPOSURE,
	CHURN_ACCESSES,
	CHURN_REUSE,
	CHURN_PHASES,
};

/**
 * struct churn_plan - what to do
 * @kind: IOMMUBENCH_PASID_SVA or IOMMUBENCH_PASID_DOMAIN
 * @shared: SVA: the process is bound all the time, so that each bind only takes a
 *	reference; DOMAIN: all PASIDs of a thread get the same domain
 * @use: what the device does meanwhile
 * @processes: number of processes that bind
 * @threads: in each of them
 * @reuse: DOMAIN: PASIDs that a thread goes round in, 0 for the lowest that is free
 * @warmup_ns: time before anything is counted
 * @duration_ns: time to measure, 0 for no limit
 * @count: binds to measure over all threads, 0 for no limit
 * @kill_mhz: processes to kill in 1000 seconds, each is replaced; 0 for none
 * @interval_ns: LIVE: device time between accesses, 0 for the engine's own choice
 * @seed: seed of everything random
 * @placement: CPUs that the threads are pinned to
 * @signals: file that signals come from: one ends the churn
 * @label: for the progress line
 * @quiet: there is no progress line
 */
struct churn_plan {
	enum iommubench_pasid_kind kind;
	bool shared;
	enum churn_use use;
	unsigned int processes;
	unsigned int threads;
	unsigned int reuse;
	uint64_t warmup_ns;
	uint64_t duration_ns;
	uint64_t count;
	uint64_t kill_mhz;
	uint32_t interval_ns;
	uint64_t seed;
	const struct placement *placement;
	int signals;
	const char *label;
	bool quiet;
};

/**
 * churn_may_check() - must an access be refused after an unbind of this plan?
 * @plan: the plan
 *
 * Not when somebody else may still have the same address space bound.
 */
bool churn_may_check(const struct churn_plan *plan);

#endif
