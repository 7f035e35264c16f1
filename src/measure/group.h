/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs on several devices at the same time, all from one thread: what starts
 * them, waits for them and stops them goes through one io_uring. Each device has
 * a session, a sum and a result of its own; one that fails or goes away takes
 * nothing from the others.
 *
 * All threads of all devices stand still before they count, so that counters are opened then, and
 * one batch of commands lets all devices go.
 *
 * Where commands do not go through io_uring, the same thread looks after the
 * devices in turn.
 */
#ifndef IOMMUBENCH_MEASURE_GROUP_H
#define IOMMUBENCH_MEASURE_GROUP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <liburing.h>

#include <iommubench.h>

#include "measure/session.h"
#include "measure/totals.h"
#include "result/result.h"
#include "run/area.h"

/* A run that has a duration may take so much longer, unless the user says otherwise. */
#define GROUP_SPARE_NS	30000000000ULL

/**
 * struct group_member - a device and its runs
 * @s: begun
 * @t: initialised; the sum of its runs
 * @desc: the run, as session_repeat() gets it
 * @run: the one under way
 * @area: what it shows
 * @outcome: and what it left
 * @waited: for run_collect()
 * @taking_part: it is in what is done just now
 * @waiting: its end is awaited
 * @counting: it has begun to count, and its counters are not read yet
 * @refused: enum exit_status when the module took no run of it last time
 * @why: and its reason
 * @late: its run was cancelled because it took too long
 * @out: it has failed, and takes no more part
 * @absent: it has no part in this at all
 * @start_tick: when it first began to count, 0 if never
 * @alone_ops_per_s: what it did without the others, 0 when that was not measured
 */
struct group_member {
	struct session *s;
	struct totals *t;
	struct iommubench_run desc;
	struct iommubench_run run;
	void *area;
	struct run_outcome outcome;
	int waited;
	bool taking_part;
	bool waiting;
	bool counting;
	int refused;
	struct error why;
	bool late;
	bool out;
	bool absent;
	uint64_t start_tick;
	double alone_ops_per_s;
};

/**
 * struct group - devices that work at the same time
 * @members: the devices
 * @nr: how many
 * @limit_ns: a run that has not ended so long after its start is cancelled, 0 for the default:
 *	what it should take and GROUP_SPARE_NS, never when that is not known
 * @lenient: a device that can do no run is left out; otherwise nothing runs then
 * @cpus: how many CPUs all threads together have
 * @uring: whether @ring is used
 * @ring: the ring
 * @watching: the ring waits for signals
 * @handled: signals that were reacted to
 * @waiting: members whose end is awaited
 * @open: all devices have begun to count
 * @look_ns: from one look at gates to the next
 * @extra: the run under way is not one of those that are summed up
 * @common: counts what is of all devices together, NULL for nothing
 * @kind: which counters the run under way has; COUNTERS_RUNS for none
 * @counting: @common counts
 * @commands: as counters_begin() gets it
 * @anyone: likewise
 * @line: line on the terminal of a measurement that has many runs, NULL for a line for each run
 * @progress: the latter
 * @shown_ns: when it was last written
 * @skew_ns: between the first and the last device to begin to count; the longest of all runs
 * @begin_tick: when the first one did, in the first run
 */
struct group {
	struct group_member *members;
	unsigned int nr;
	uint64_t limit_ns;
	bool lenient;
	unsigned int cpus;
	bool uring;
	struct io_uring ring;
	bool watching;
	unsigned int handled;
	unsigned int waiting;
	bool open;
	uint64_t look_ns;
	bool extra;
	struct counters *common;
	enum counters_run kind;
	bool counting;
	uint64_t commands;
	bool anyone;
	struct progress *line;
	struct progress progress;
	uint64_t shown_ns;
	uint64_t skew_ns;
	uint64_t begin_tick;
};

/**
 * group_share_cpus() - give each device CPUs of its own, as far as they reach
 * @p: CPUs that each device may have, best first; shortened to those that it gets
 * @nr: devices
 * @threads: of each
 *
 * Return: how many different CPUs are taken.
 */
unsigned int group_share_cpus(struct placement *const *p, unsigned int nr, unsigned int threads);

/**
 * group_connect() - share out the CPUs, leave them, and settle how commands go
 * @g: its members' sessions have begun
 * @o: the options
 *
 * Give it back with group_end().
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int group_connect(struct group *g, const struct options *o);

/**
 * group_count_cpus() - how many different CPUs the devices have
 * @g: its members have their CPUs
 */
unsigned int group_count_cpus(const struct group *g);

/**
 * group_rejoin() - have a device in the group again after session_switch()
 * @g: connected
 * @i: which member
 */
void group_rejoin(struct group *g, unsigned int i);

/**
 * group_alone() - do a run on each device by itself, one after the other
 * @g: connected
 * @label: what it is called in messages
 *
 * Only the throughput is kept.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE; a device that could not
 * be measured is no failure.
 */
int group_alone(struct group *g, const char *label);

/**
 * group_repeat() - do the runs of all devices together, as often as --repeat says
 * @g: connected
 * @label: what it is called in messages
 *
 * Return: EXIT_DONE when there is something to report; otherwise another enum
 * exit_status after one line on stderr.
 */
int group_repeat(struct group *g, const char *label);

/**
 * group_once() - do one run of devices together that is not summed up
 * @g: connected
 * @label: what it is called in messages
 *
 * Of those members that @taking_part says and that have not failed, as their @run says. What comes
 * out is in their @outcome, which the caller gives back with run_outcome_free(). Who could not do
 * it is not @taking_part any more, and @why says why.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int group_once(struct group *g, const char *label);

/**
 * group_begin_runs() - have nothing measured yet, neither starts nor counters
 * @g: connected
 */
void group_begin_runs(struct group *g);

/**
 * group_pass() - the same as group_once(), of a run that the caller sums up
 * @g: connected
 * @label: what it is called in messages
 * @kind: which counters it has; COUNTERS_RUNS for none, and then its starts do not count either
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int group_pass(struct group *g, const char *label, enum counters_run kind);

/**
 * group_ops_per_s() - throughput of a device, over its own time
 * @m: the device
 */
double group_ops_per_s(const struct group_member *m);

/**
 * group_iommu_kind() - the kind of the devices' IOMMUs, as machine.iommu.kind in a result
 * @g: its members' sessions have begun
 * @kind: receives; of several kinds it names all, and nobody knows such a kind
 * @n: room at @kind
 */
void group_iommu_kind(const struct group *g, char *kind, size_t n);

/**
 * group_counters_reset() - have nothing counted yet
 * @g: connected
 */
void group_counters_reset(struct group *g);

/**
 * group_counters_begin() - count from now on
 * @g: its members stand still, those that are @counting will go on
 */
void group_counters_begin(struct group *g);

/**
 * group_counters_end() - stop counting for a device, or for all together
 * @g: counting
 * @m: the device, NULL for all together
 */
void group_counters_end(struct group *g, struct group_member *m);

/**
 * group_counters_add_ops() - tell how much a device did meanwhile
 * @g: counting no more
 * @m: the device, with its outcome
 */
void group_counters_add_ops(struct group *g, const struct group_member *m);

/**
 * group_counters_take() - put what was counted into the sum of each device
 * @g: counting no more
 */
void group_counters_take(struct group *g);

/**
 * group_report() - put into a device's result what it has to do with the others
 * @g: done
 * @i: which member
 * @r: its result
 */
void group_report(const struct group *g, unsigned int i, struct result *r);

/**
 * group_deliver() - write all results to their files, and print them
 * @g: done
 * @o: the options
 * @point: name of the point in files' names, NULL where there is only one
 * @results: by member, NULL for who was absent
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int group_deliver(const struct group *g, const struct options *o, const char *point,
		  struct result **results);

/**
 * group_judge() - how it all ended
 * @g: done
 * @results: by member, NULL for who was absent
 *
 * Return: an enum exit_status, after one line on stderr for each device for which it is not
 * EXIT_DONE.
 */
int group_judge(const struct group *g, struct result **results);

/**
 * group_end() - give back the ring, and each device as session_end() does
 * @g: connected or not
 *
 * Signals and names of events stay: they are the whole invocation's.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int group_end(struct group *g);

#endif
