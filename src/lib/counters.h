/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters beside a measurement: opened while its threads stand still, read while they stand
 * still again, so that what is counted is what is timed and nothing else.
 *
 * What makes the timed path slower (tracepoints, probes) is left to a run of its own, which
 * explains the others and is not timed.
 */
#ifndef IOMMUBENCH_LIB_COUNTERS_H
#define IOMMUBENCH_LIB_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/perf_pmu.h"

struct commands;
struct counters;

/**
 * enum counters_part - whose counts they are, where several devices work at the same time
 * @COUNTERS_ALL: one device works: all
 * @COUNTERS_OWN: what can be told apart by device
 * @COUNTERS_COMMON: the rest, which is of all devices together
 */
enum counters_part {
	COUNTERS_ALL,
	COUNTERS_OWN,
	COUNTERS_COMMON,
};

/**
 * struct counters_target - what is looked at
 * @part: what of it; the other fields but @kind and @probes say nothing to COUNTERS_COMMON
 * @device: name of the device, or NULL
 * @kind: of its IOMMU, as machine.iommu.kind in a result, or NULL
 * @has_stream: the device has one number at its IOMMU
 * @stream_id: that number
 * @cpus: that the threads run on
 * @nr_cpus: entries at @cpus
 * @probes: to count commands with, when somebody else has opened them; NULL otherwise
 * @kernel_threads: the threads are the module's; otherwise the caller's, with what they fork
 */
struct counters_target {
	enum counters_part part;
	const char *device;
	const char *kind;
	bool has_stream;
	uint32_t stream_id;
	const uint32_t *cpus;
	unsigned int nr_cpus;
	struct commands *probes;
	bool kernel_threads;
};

/**
 * enum counters_run - which counters a run has
 * @COUNTERS_MEASURED: those that do not disturb
 * @COUNTERS_EXPLAINING: the others
 * @COUNTERS_RUNS: how many there are
 */
enum counters_run {
	COUNTERS_MEASURED,
	COUNTERS_EXPLAINING,
	COUNTERS_RUNS,
};

/**
 * counters_new() - get ready to count
 * @names: what was asked for; without any, the default set
 * @target: what is looked at; copied
 *
 * Return: NULL when nothing is to be counted. Otherwise give it back with counters_free().
 */
struct counters *counters_new(const struct perf_pmu_names *names,
			      const struct counters_target *target);

/**
 * counters_free() - give it back
 * @c: may be NULL
 */
void counters_free(struct counters *c);

/**
 * counters_wants() - is there anything to count in such a run?
 * @c: may be NULL
 * @run: the kind of run
 */
bool counters_wants(const struct counters *c, enum counters_run run);

/**
 * counters_reset() - forget what was counted
 * @c: the counters
 */
void counters_reset(struct counters *c);

/**
 * counters_begin() - count from now on
 * @c: the counters
 * @run: the kind of run
 * @tids: of the threads
 * @nr: how many
 * @commands: of the explaining run: how many lists of commands to make room for
 * @anyone: of the explaining run: commands of others than the threads count as well, because
 *	the kernel's timers send some
 */
void counters_begin(struct counters *c, enum counters_run run, const uint32_t *tids,
		    unsigned int nr, uint64_t commands, bool anyone);

/**
 * counters_end() - stop counting, and add it up
 * @c: the counters, begun
 */
void counters_end(struct counters *c);

/**
 * counters_add_ops() - tell how much was done meanwhile
 * @c: the counters
 * @run: the kind of run
 * @thread: which thread did it
 * @ops: operations
 */
void counters_add_ops(struct counters *c, enum counters_run run, unsigned int thread, uint64_t ops);

/**
 * counters_describe() - what was counted, for a result
 * @c: the counters
 *
 * What could not be counted is not there; see counters_problems().
 */
json_t *counters_describe(const struct counters *c);

/**
 * counters_problems() - what could not be counted and why, for a result
 * @c: the counters
 *
 * Return: an array of lines.
 */
json_t *counters_problems(const struct counters *c);

#endif
