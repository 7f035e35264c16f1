/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters beside a measurement: opened while its threads stand still, read while they stand
 * still again, so that what is counted is what is timed and nothing else.
 *
 * What makes the timed path slower (tracepoints, probes) is left to a run of its own, which
 * explains the others and is not timed.
 *
 * Phases of an operation alternate too quickly to be told apart in such runs. In a run by phases
 * each is done for itself, many times over, and has counters of its own: counters_phase().
 */
#ifndef IOMMUBENCH_COUNTERS_COUNTERS_H
#define IOMMUBENCH_COUNTERS_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "events/iommu_commands.h"
#include "events/perf_pmu.h"
#include "run/series.h"

struct iommu_commands;
struct counters;
struct series_source;

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
 * @stream_id: that number, valid with @has_stream
 * @smmu: address of its SMMU's registers, 0 when not known
 * @cpus: CPUs that the threads run on
 * @nr_cpus: entries at @cpus
 * @probes: to count commands with, when somebody else has opened them; NULL otherwise
 * @kernel_threads: the threads are the module's; otherwise the caller's, with what they fork
 * @phase: that all of a run is, where there is one only; otherwise NULL
 * @apart: threads of the caller's that are told apart, as the module's are
 */
struct counters_target {
	enum counters_part part;
	const char *device;
	const char *kind;
	bool has_stream;
	uint32_t stream_id;
	uint64_t smmu;
	const uint32_t *cpus;
	unsigned int nr_cpus;
	struct iommu_commands *probes;
	bool kernel_threads;
	const char *phase;
	bool apart;
};

/* The phase in which nothing is done: what the others count of standing still and going on. */
#define COUNTERS_NOTHING	"none"

/**
 * enum counters_run - which counters a run has
 * @COUNTERS_MEASURED: those that do not disturb what is measured
 * @COUNTERS_EXPLAINING: those that disturb it, in a run whose times are not reported
 * @COUNTERS_RUNS: number of kinds of run
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
 * counters_phase() - the counters of one phase
 * @c: the counters
 * @name: of the phase, lasts as long as @c; COUNTERS_NOTHING is subtracted from the others
 *
 * Events that disturb are counted in it by COUNTERS_EXPLAINING, at other moments than the others.
 *
 * Return: what counters_begin(), counters_end() and counters_add_ops() take; part of @c.
 */
struct counters *counters_phase(struct counters *c, const char *name);

/**
 * counters_end_phases() - be done with phases, after the last counters_end() of each
 * @c: the counters
 */
void counters_end_phases(struct counters *c);

/**
 * counters_drop_phases() - forget all counters of phases
 * @c: the counters
 * @fmt: why, as printf, for counters_problems()
 */
void counters_drop_phases(struct counters *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * counters_begin() - count from now on
 * @c: the counters
 * @run: the kind of run
 * @tids: thread numbers of the threads that are counted
 * @nr: entries at @tids
 * @commands: of the explaining run: lists of commands to make room for
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
 * @thread: number of the thread that did it
 * @ops: operations that the thread did
 */
void counters_add_ops(struct counters *c, enum counters_run run, unsigned int thread, uint64_t ops);

/**
 * counters_series() - let a series have what is counted without disturbing
 * @c: may be NULL; not to be reset as long as the series is in use
 * @source: receives what series_begin() takes
 *
 * It may be read at any time by who calls counters_begin() and counters_end(), from the same
 * thread. In sum a series has exactly what counters_describe() tells, unless the kernel had to
 * share a PMU out over time, when either is an estimate.
 */
void counters_series(struct counters *c, struct series_source *source);

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
