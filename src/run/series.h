/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened when: histograms of short intervals of a run.
 *
 * The tool looks at the threads' pages while they work. A thread does not
 * notice, but for cache lines that it has to fetch back. Each number there only
 * grows and is read in one piece, so that every bucket's difference between two
 * looks is exact, but different numbers may be from moments a few samples apart.
 * What one interval lacks, the next one has: what is counted in an interval are
 * its buckets, and the last look comes when the threads have ended. So the
 * intervals' sum is the whole run exactly.
 */
#ifndef IOMMUBENCH_RUN_SERIES_H
#define IOMMUBENCH_RUN_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <iommubench.h>

#include "iommubench/hist.h"
#include "result/result.h"
#include "run/area.h"

/* A series that would have more intervals than this gets longer ones. */
#define SERIES_MAX_INTERVALS	600
/* A series that would have more buckets in all than this gets longer intervals as well. */
#define SERIES_MAX_ENTRIES	1000000

struct run_outcome;
struct series_interval;

/**
 * struct series_count - a number that only grows
 * @value: what was counted
 * @enabled_ns: how long it was to be counted, 0 where it always is
 * @running_ns: how long it was; when that is less, what an interval has is an estimate
 */
struct series_count {
	double value;
	uint64_t enabled_ns;
	uint64_t running_ns;
};

/**
 * struct series_source - numbers besides the histograms that are looked at as often
 * @arg: for @read and @describe
 * @n: numbers that @read puts and @describe knows
 * @read: puts them there; they count on and never start again from 0
 * @describe: what one of them is, an object with a name of its own; NULL when it is to be left
 *	out. Called for the report
 */
struct series_source {
	void *arg;
	size_t n;
	void (*read)(void *arg, struct series_count *counts);
	json_t *(*describe)(void *arg, size_t i);
};

/**
 * struct series - intervals of one or more runs, one after the other
 * @asked_ns: length of an interval, 0 for none at all
 * @interval_ns: length of an interval as it is, after intervals were joined
 * @clock_hz: ticks in a second of the clock that the module counts by
 * @source: numbers besides the histograms
 * @nr_phases: histograms of a run
 * @past: sums of the runs that have ended, by phase
 * @seen: sums at the last bound, by phase
 * @now: room for those at the next one
 * @past_ops: operations of the runs that have ended
 * @seen_ops: operations at the last bound
 * @seen_counts: numbers of @source at the last bound
 * @offset: from our reading of the clock to the module's
 * @begin: tick when the first run began to count, 0 until then
 * @grid: tick from which bounds are counted
 * @bound: tick of the last bound
 * @end: tick when the last run ended
 * @run: number of the run
 * @counting: a run has begun to count
 * @intervals: in order
 * @nr: entries at @intervals
 * @entries: buckets in all of them
 */
struct series {
	uint64_t asked_ns;
	uint64_t interval_ns;
	uint64_t clock_hz;
	struct series_source source;
	unsigned int nr_phases;
	struct iommubench_hist *past;
	struct iommubench_hist *seen;
	struct iommubench_hist *now;
	uint64_t past_ops;
	uint64_t seen_ops;
	struct series_count *seen_counts;
	uint64_t offset;
	uint64_t begin;
	uint64_t grid;
	uint64_t bound;
	uint64_t end;
	unsigned int run;
	bool counting;
	struct series_interval *intervals;
	size_t nr;
	size_t entries;
};

/**
 * series_begin() - begin a series, and forget what there was
 * @s: all zeroes, or a series; its @source stays, and what is in it now is not counted
 * @interval_ns: length of an interval; with 0 nothing else here does anything
 * @clock_hz: ticks in a second of the clock that the module counts by
 * @nr_phases: histograms that a run has
 */
void series_begin(struct series *s, uint64_t interval_ns, uint64_t clock_hz,
		  unsigned int nr_phases);

/**
 * series_wait_ns() - how long the next look is off
 * @s: the series
 * @now: clock_ticks()
 *
 * Return: nanoseconds, never 0; UINT64_MAX without a series.
 */
uint64_t series_wait_ns(const struct series *s, uint64_t now);

/**
 * series_look() - end the interval if it is over
 * @s: the series
 * @desc: a started run
 * @area: what the module shows of it
 * @now: clock_ticks()
 */
void series_look(struct series *s, const struct iommubench_run *desc, const void *area,
		 uint64_t now);

/**
 * series_run_ended() - take over what a run left
 * @s: the series
 * @o: what a run left that series_look() was called for, or might have been
 *
 * The interval goes on: a measurement may consist of many short runs.
 */
void series_run_ended(struct series *s, const struct run_outcome *o);

/**
 * series_cut() - end the interval now, and the run with it
 * @s: the series
 */
void series_cut(struct series *s);

/**
 * series_report() - put the series into a result
 * @s: the series, cut; without one nothing is put there
 * @r: the result
 * @names: names of the phases
 * @ns_per_unit: nanoseconds in a unit of the phases' histograms
 * @batch: operations in a sample
 * @whole: so many of the first phases are not divided by @batch, as &totals.whole
 */
void series_report(const struct series *s, struct result *r, const char *const *names,
		   double ns_per_unit, unsigned int batch, unsigned int whole);

/**
 * series_free() - give a series back
 * @s: the series, may be all zeroes
 */
void series_free(struct series *s);

#endif
