/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PASIDs bound and unbound over and over, by processes with threads. They write
 * what they measure into memory that they share with the caller, so that a
 * process can be killed at any moment without a sample being half there.
 */
#ifndef IOMMUBENCH_PASID_CHURN_H
#define IOMMUBENCH_PASID_CHURN_H

#include <stdbool.h>
#include <stdint.h>

#include <iommubench.h>

#include "device/device.h"
#include "iommubench/hist.h"
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
 * @CHURN_BIND: ticks
 * @CHURN_FIRST_USE: nanoseconds of the device's clock
 * @CHURN_UNBIND: ticks
 * @CHURN_EXPOSURE: ticks from the return of the unbind to the last access that succeeded
 * @CHURN_ACCESSES: how many did
 * @CHURN_REUSE: binds of the same thread since its last one of the same PASID
 * @CHURN_PHASES: how many there are
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
 * @processes: how many
 * @threads: in each of them
 * @reuse: DOMAIN: PASIDs that a thread goes round in, 0 for the lowest that is free
 * @warmup_ns: time before anything is counted
 * @duration_ns: time to measure, 0 for no limit
 * @count: binds to measure over all threads, 0 for no limit
 * @kill_mhz: processes to kill in 1000 seconds, each is replaced; 0 for none
 * @interval_ns: LIVE: device time between accesses, 0 for the engine's own choice
 * @seed: of everything random
 * @placement: CPUs that the threads are pinned to
 * @signals: file that signals come from: one ends the churn
 * @label: for the progress line
 * @quiet: no progress line
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
 * struct churn_thread - one thread's share
 * @cpu: where it was pinned
 * @ops: binds that were counted
 * @ns: in how long
 */
struct churn_thread {
	unsigned int cpu;
	uint64_t ops;
	uint64_t ns;
};

/**
 * struct churn_outcome - what came out
 * @end: enum iommubench_end
 * @error: errno of the command that failed, 0 if none
 * @message: and what it says
 * @phases: by enum churn_phase
 * @nr_threads: entries at @threads
 * @threads: by process, then thread; on the heap
 * @ops: sum of all of them
 * @ns: from the first thread's start to the last one's end
 * @refused: accesses with an unbound PASID that were refused
 * @got_through: those that were not
 * @retries: binds that found no PASID or address space identifier, and did later
 * @kills: processes killed
 * @processes: processes that there were
 * @error_ticks: how far the device's clock may be from ours, the largest seen
 */
struct churn_outcome {
	int end;
	int error;
	char message[IOMMUBENCH_MESSAGE_BYTES];
	struct iommubench_hist phases[CHURN_PHASES];
	unsigned int nr_threads;
	struct churn_thread *threads;
	uint64_t ops;
	uint64_t ns;
	uint64_t refused;
	uint64_t got_through;
	uint64_t retries;
	uint64_t kills;
	uint64_t processes;
	uint64_t error_ticks;
};

/**
 * churn_may_check() - must an access be refused after an unbind of this plan?
 * @plan: the plan
 *
 * Not when somebody else may still have the same address space bound.
 */
bool churn_may_check(const struct churn_plan *plan);

/**
 * churn_run() - do it
 * @plan: what
 * @d: an open device
 * @o: receives, give it back with churn_free()
 *
 * Return: EXIT_DONE when there is an outcome, however it ended; otherwise another
 * enum exit_status after one line on stderr.
 */
int churn_run(const struct churn_plan *plan, const struct device *d, struct churn_outcome *o);

/**
 * churn_free() - give an outcome back
 * @o: the outcome, may be all zeroes
 */
void churn_free(struct churn_outcome *o);

#endif
