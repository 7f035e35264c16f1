/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sum of several runs of the same kind, and what a result says of it.
 */
#ifndef IOMMUBENCH_MEASURE_TOTALS_H
#define IOMMUBENCH_MEASURE_TOTALS_H

#include <stdint.h>

#include <jansson.h>

#include <iommubench.h>

#include "counters/counters.h"
#include "iommubench/hist.h"
#include "result/result.h"
#include "run/area.h"
#include "run/run.h"
#include "run/series.h"

/**
 * struct totals - what all runs of one kind gave
 * @clock_hz: ticks in a second of the clock that the module counts by
 * @names: names of the phases
 * @nr_phases: phases of a run that are summed up, from the first one on
 * @always: so many of the first ones are reported even when they are empty
 * @split: so many of the first ones share the operations, 0 when the first has all of them
 * @whole: so many of the first ones count from when a sample was due, which is what each of its
 *	operations has waited: they are not divided by @batch; 0 without a rate
 * @repeat: runs that were asked for
 * @runs: runs that ended as they should
 * @end: enum iommubench_end of the last one
 * @message: what cut them short, empty if nothing
 * @batch: operations in a sample of each run
 * @window: mappings that one thread kept alive
 * @ticks: sum of the runs' lengths
 * @checks: sums, by enum iommubench_check_id
 * @nr_threads: entries at @threads and @thread_ticks
 * @threads: sums of each thread over all runs
 * @thread_ticks: time in which each thread counted, in ticks
 * @overhead_ns: cost of the harness for an operation, mean over threads of the last run
 * @resolution_ticks: smallest step of the clock
 * @phases: histograms of the phases, merged over all runs
 * @repeats: one entry for each run
 * @counters: what was counted beside, NULL for nothing
 * @counter_problems: lines about what could not be counted, NULL for nothing
 * @series: the phases' intervals, NULL for none
 */
struct totals {
	uint64_t clock_hz;
	const char *const *names;
	unsigned int nr_phases;
	unsigned int always;
	unsigned int split;
	unsigned int whole;
	unsigned int repeat;
	unsigned int runs;
	int end;
	char message[IOMMUBENCH_MESSAGE_BYTES + 64];
	unsigned int batch;
	unsigned int window;
	uint64_t ticks;
	struct iommubench_check checks[IOMMUBENCH_CHECKS];
	unsigned int nr_threads;
	struct iommubench_thread *threads;
	uint64_t *thread_ticks;
	double overhead_ns;
	uint64_t resolution_ticks;
	struct iommubench_hist *phases;
	json_t *repeats;
	json_t *counters;
	json_t *counter_problems;
	const struct series *series;
};

/**
 * totals_init() - begin a sum
 * @t: has clock_hz, names, nr_phases, always, split, repeat and nr_threads; the rest is zeroed.
 *	Give it back with totals_free()
 */
void totals_init(struct totals *t);

/**
 * totals_free() - give a sum back
 * @t: the sum, may be all zeroes
 */
void totals_free(struct totals *t);

/**
 * totals_add() - add a run
 * @t: the sum
 * @o: what the run left
 */
void totals_add(struct totals *t, const struct run_outcome *o);

/**
 * totals_set_counters() - note what was counted beside the runs
 * @t: the sum
 * @c: the counters
 */
void totals_set_counters(struct totals *t, const struct counters *c);

/**
 * totals_add_counters() - add what was counted of others together with them
 * @t: the sum, after totals_set_counters()
 * @c: the counters
 */
void totals_add_counters(struct totals *t, const struct counters *c);

/**
 * totals_ns_per_tick() - length of a tick
 * @t: the sum
 */
double totals_ns_per_tick(const struct totals *t);

/**
 * totals_report() - put phases, threads, throughput, harness and machine into a result
 * @t: the sum
 * @r: the result
 * @machine: from machine_describe(); what the clock was seen to resolve is added, and the
 *	reference is taken over
 */
void totals_report(const struct totals *t, struct result *r, json_t *machine);

/**
 * totals_report_check() - put one check into a result, unless it was never counted
 * @t: the sum
 * @r: the result
 * @id: the check
 * @name: as the result has it
 */
void totals_report_check(const struct totals *t, struct result *r, enum iommubench_check_id id,
			 const char *name);

/**
 * totals_report_checks() - put what was verified into a result
 * @t: the sum
 * @r: the result
 * @names: by enum iommubench_check_id; those without a name are left out
 */
void totals_report_checks(const struct totals *t, struct result *r, const char *const *names);

/**
 * totals_report_end() - say in a result how the runs ended, and how far they are apart
 * @t: the sum
 * @r: the result
 */
void totals_report_end(const struct totals *t, struct result *r);

/**
 * totals_warn() - put warnings into a result that any workload may deserve
 * @t: the sum
 * @r: the result
 * @batch_chosen: the user asked for that many operations in a sample
 *
 * They are about the first phase that has samples: those that came late, that moved to another
 * CPU, or that are not much longer than the harness takes.
 */
void totals_warn(const struct totals *t, struct result *r, bool batch_chosen);

#endif
