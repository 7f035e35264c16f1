/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs on several devices at the same time, all from one thread: what starts
 * them, waits for them and stops them goes through one io_uring. Each device has
 * a session, a sum and a result of its own; one that fails or goes away takes
 * nothing from the others.
 *
 * Where commands do not go through io_uring, the same thread looks after the
 * devices in turn.
 */
#ifndef IOMMUBENCH_LIB_GROUP_H
#define IOMMUBENCH_LIB_GROUP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <liburing.h>

#include <iommubench.h>

#include "lib/result.h"
#include "lib/session.h"
#include "lib/totals.h"

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
 * @late: its run was cancelled because it took too long
 * @out: it has failed, and takes no more part
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
	bool late;
	bool out;
	uint64_t start_tick;
	double alone_ops_per_s;
};

/**
 * struct group - devices that work at the same time
 * @members: the devices
 * @nr: how many
 * @limit_ns: a run that has not ended so long after its start is cancelled, 0 for never
 * @cpus: how many CPUs all threads together have
 * @uring: whether @ring is used
 * @ring: the ring
 * @watching: the ring waits for signals
 * @handled: signals that were reacted to
 * @waiting: members whose end is awaited
 * @progress: line on the terminal
 * @shown_ns: when it was last written
 * @skew_ns: between the first and the last device to begin to count; the longest of all runs
 * @begin_tick: when the first one did, in the first run
 */
struct group {
	struct group_member *members;
	unsigned int nr;
	uint64_t limit_ns;
	unsigned int cpus;
	bool uring;
	struct io_uring ring;
	bool watching;
	unsigned int handled;
	unsigned int waiting;
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
 * Give it back with group_disconnect().
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int group_connect(struct group *g, const struct options *o);

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
 * @results: by member
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int group_deliver(const struct group *g, const struct options *o, struct result **results);

/**
 * group_judge() - how it all ended
 * @g: done
 * @results: by member
 *
 * Return: an enum exit_status, after one line on stderr for each device for which it is not
 * EXIT_DONE.
 */
int group_judge(const struct group *g, struct result **results);

/**
 * group_disconnect() - give the ring back
 * @g: connected or not
 */
void group_disconnect(struct group *g);

#endif
