/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PASIDs bound and unbound over and over, by processes with threads. They write
 * what they measure into memory that they share with the caller, so that a
 * process can be killed at any moment without a sample being half there.
 */
#ifndef IOMMUBENCH_PASID_CHURN_H
#define IOMMUBENCH_PASID_CHURN_H

#include <stdint.h>

#include <iommubench.h>

#include "device/device.h"
#include "iommubench/hist.h"
#include "pasid/plan.h"

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
 * @message: line of the module about that
 * @phases: by enum churn_phase
 * @nr_threads: entries at @threads
 * @threads: by process, then thread; on the heap
 * @ops: sum of all of them
 * @ns: from the first thread's start to the last one's end
 * @refused: accesses with an unbound PASID that were refused
 * @got_through: accesses with an unbound PASID that were not refused
 * @right_space: accesses with a bound PASID that found what is in its address space alone
 * @wrong_space: accesses with a bound PASID that found something else
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
	uint64_t right_space;
	uint64_t wrong_space;
	uint64_t retries;
	uint64_t kills;
	uint64_t processes;
	uint64_t error_ticks;
};

/**
 * churn_run() - do it
 * @plan: what to do
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
