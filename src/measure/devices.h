/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of an invocation: one, or several that work at the same time, all from one thread.
 * Each has a session, a sum and a result of its own; one that fails or goes away takes nothing
 * from the others.
 *
 * What starts several devices, waits for them and stops them goes through one ring. All threads of
 * all devices stand still before they count, so that counters are opened then, and one batch of
 * commands lets all devices go. Where commands do not go through io_uring, the same thread looks
 * after the devices in turn.
 */
#ifndef IOMMUBENCH_MEASURE_DEVICES_H
#define IOMMUBENCH_MEASURE_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <iommubench.h>

#include "base/error.h"
#include "counters/counters.h"
#include "measure/session.h"
#include "measure/totals.h"
#include "run/area.h"
#include "run/ring.h"
#include "text/progress.h"

/**
 * struct devices_member - a device and its runs
 * @s: session on the device, from session_begin() on
 * @t: initialised; the sum of its runs
 * @desc: the run, as devices_repeat() does it
 * @run: the one under way
 * @outcome: what that run left
 * @taking_part: it is in what is done just now
 * @refused: enum exit_status when the module took no run of it last time
 * @why: reason of the module for that
 * @late: its run was cancelled because it took too long
 * @out: it has failed, and takes no more part
 * @absent: it has no part in this at all
 * @start_tick: when it first began to count, 0 if never
 * @alone_ops_per_s: what it did without the others, 0 when that was not measured
 */
struct devices_member {
	struct session *s;
	struct totals *t;
	struct iommubench_run desc;
	struct iommubench_run run;
	struct run_outcome outcome;
	bool taking_part;
	int refused;
	struct error why;
	bool late;
	bool out;
	bool absent;
	uint64_t start_tick;
	double alone_ops_per_s;
};

/**
 * struct devices - the devices
 * @members: the devices, one entry each
 * @nr: entries at @members
 * @together: they are measured together, were it only one; otherwise there is one that is measured
 *	by itself
 * @limit_ns: a run that has not ended so long after its start is cancelled, 0 for the default:
 *	what it should take and half a minute, never when that is not known. Only with @together
 * @lenient: a device that can do no run is left out; otherwise nothing runs then
 * @cpus: CPUs that all threads together have
 * @ring: what commands go through with @together, if it is open
 * @extra: the run under way is not one of those that are summed up
 * @common: counts what is of all devices together, NULL for nothing
 * @kind: which counters the run under way has; COUNTERS_RUNS for none
 * @counting: @common counts
 * @commands: as counters_begin() takes it, for what counts commands
 * @anyone: counters_begin() takes it, for what counts commands
 * @line: line on the terminal of a measurement that has many runs, NULL for a line for each run
 * @progress: the latter
 * @skew_ns: between the first and the last device to begin to count; the longest of all runs
 * @begin_tick: when the first one did, in the first run
 */
struct devices {
	struct devices_member *members;
	unsigned int nr;
	bool together;
	uint64_t limit_ns;
	bool lenient;
	unsigned int cpus;
	struct ring ring;
	bool extra;
	struct counters *common;
	enum counters_run kind;
	bool counting;
	uint64_t commands;
	bool anyone;
	struct progress *line;
	struct progress progress;
	uint64_t skew_ns;
	uint64_t begin_tick;
};

/**
 * devices_share_cpus() - give each device CPUs of its own, as far as they reach
 * @p: CPUs that each device may have, best first; shortened to those that it gets
 * @nr: number of devices
 * @threads: threads of each device
 *
 * Return: how many different CPUs are taken.
 */
unsigned int devices_share_cpus(struct placement *const *p, unsigned int nr, unsigned int threads);

/**
 * devices_connect() - share out the CPUs, leave them, and settle how commands go
 * @d: its members' sessions have begun
 * @threads: most threads that any run of a device will have
 *
 * Give it back with devices_end().
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int devices_connect(struct devices *d, unsigned int threads);

/**
 * devices_count_cpus() - how many different CPUs the devices have
 * @d: its members have their CPUs
 */
unsigned int devices_count_cpus(const struct devices *d);

/**
 * devices_rejoin() - have a device with the others again after session_switch()
 * @d: the devices, connected
 * @i: number of the member
 */
void devices_rejoin(struct devices *d, unsigned int i);

/**
 * devices_iommu_kind() - the kind of the devices' IOMMUs, as machine.iommu.kind in a result
 * @d: its members' sessions have begun
 * @kind: receives; of several kinds it names all, and nobody knows such a kind
 * @n: room at @kind
 */
void devices_iommu_kind(const struct devices *d, char *kind, size_t n);

/**
 * devices_interrupted() - has the user asked to stop?
 * @d: the devices, connected
 */
bool devices_interrupted(const struct devices *d);

/**
 * devices_ops_per_s() - throughput of a device, over its own time
 * @m: the device
 */
double devices_ops_per_s(const struct devices_member *m);

/**
 * devices_end() - give back the ring, and each device as session_end() does
 * @d: the devices, connected or not
 *
 * Of several devices, signals and names of events stay: they are the whole invocation's.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int devices_end(struct devices *d);

#endif
