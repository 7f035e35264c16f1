/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run's result: built piece by piece, written as one JSON object.
 *
 * The keys are those of results/schema/iommubench-result-1.schema.json. What
 * the caller hands in as params, machine and threads must fit that schema; a
 * report sorts results by those parameters that their kind names.
 *
 * Lack of memory ends the program with one line; no call here reports it.
 */
#ifndef IOMMUBENCH_RESULT_RESULT_H
#define IOMMUBENCH_RESULT_RESULT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "iommubench/hist.h"

#define RESULT_SCHEMA	"iommubench-result/1"

struct result;

/**
 * result_new() - begin a result
 * @subcommand: what made it, such as "map-unmap"
 *
 * It holds the schema's name, the tool's name and version and the time, and is
 * marked as not complete until result_set_complete() says otherwise.
 */
struct result *result_new(const char *subcommand);

/**
 * result_set_machine() - say what was measured on
 * @r: the result
 * @machine: the object; the reference is taken over
 */
void result_set_machine(struct result *r, json_t *machine);

/**
 * result_set_params() - say what was asked for
 * @r: the result
 * @params: the object; the reference is taken over
 */
void result_set_params(struct result *r, json_t *params);

/**
 * result_add_phase() - add one histogram with its statistics
 * @r: the result
 * @name: name of the phase, such as "map"
 * @hist: samples in clock ticks, of all threads
 * @ns_per_tick: length of a tick
 * @batch: operations in a sample; the statistics are per operation
 */
void result_add_phase(struct result *r, const char *name, const struct iommubench_hist *hist,
		      double ns_per_tick, unsigned int batch);

/* Statistics of a histogram, for result_stats(). */
enum {
	RESULT_COUNT = 1 << 0,
	RESULT_MIN = 1 << 1,
	RESULT_MEAN = 1 << 2,
	RESULT_STDDEV = 1 << 3,
	RESULT_P50 = 1 << 4,
	RESULT_P90 = 1 << 5,
	RESULT_P99 = 1 << 6,
	RESULT_P99_9 = 1 << 7,
	RESULT_P99_99 = 1 << 8,
	RESULT_MAX = 1 << 9,
	RESULT_STATS = (1 << 10) - 1,
};

/**
 * result_stats() - statistics of a histogram as a result has them
 * @hist: the histogram
 * @scale: what one unit of it is in the result
 * @which: bits of RESULT_COUNT to RESULT_MAX
 *
 * Return: a new reference, with a key for each; null for percentiles that the samples are too few
 * for, see stats_tell().
 */
json_t *result_stats(const struct iommubench_hist *hist, double scale, unsigned int which);

/**
 * result_hist() - a histogram as a result has it
 * @hist: samples in clock ticks
 * @ns_per_tick: length of a tick
 * @batch: operations in a sample
 *
 * Return: a new reference, which result_phase_hist() reads where it is the key "histogram".
 */
json_t *result_hist(const struct iommubench_hist *hist, double ns_per_tick, unsigned int batch);

/**
 * result_set_throughput() - say how much was done
 * @r: the result
 * @ops: operations counted, over all threads
 * @seconds: in how long
 */
void result_set_throughput(struct result *r, uint64_t ops, double seconds);

/**
 * result_add_thread() - add one thread's share
 * @r: the result
 * @thread: cpu, ops, seconds, ops_per_s, late, migrations; taken over
 */
void result_add_thread(struct result *r, json_t *thread);

/**
 * result_set_harness() - say what the measurement itself costs
 * @r: the result
 * @overhead_ns: per operation; it is reported, not subtracted
 * @batch: operations in a sample
 * @more: more keys for the object, or NULL; the reference is taken over
 */
void result_set_harness(struct result *r, double overhead_ns, unsigned int batch, json_t *more);

/**
 * result_set_counters() - set what was counted beside, and warn of what could not be
 * @r: the result
 * @counters: from counters_describe(); shared, not taken over
 * @problems: lines from counters_problems(); shared, not taken over
 */
void result_set_counters(struct result *r, json_t *counters, json_t *problems);

/**
 * result_add_check() - say how one verification went
 * @r: the result
 * @name: what was verified
 * @count: how often it was verified
 * @failures: how often that failed
 */
void result_add_check(struct result *r, const char *name, uint64_t count, uint64_t failures);

/**
 * result_add_warning() - add one line that a reader of the figures must know
 * @r: the result
 * @fmt: as printf
 */
void result_add_warning(struct result *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * result_set_complete() - say how the run ended
 * @r: the result
 * @complete: false when it was cut short
 * @why: one word for what ended it ("time", "count", "stopped", "removed", "error"), with
 *	": " and plain words after it where there is more to say; it becomes end.reason
 *	and end.message
 */
void result_set_complete(struct result *r, bool complete, const char *why);

/**
 * result_failures() - how many checks failed in all
 * @r: the result
 */
int result_failures(const struct result *r);

/**
 * result_json() - the object itself, borrowed
 * @r: the result
 */
json_t *result_json(struct result *r);

/**
 * result_free() - give it back
 * @r: the result, or NULL
 */
void result_free(struct result *r);

#endif
