/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What measuring a point of tlb-flush on a device consists of: the runs that it takes, and the
 * result that they make together.
 */
#ifndef IOMMUBENCH_FLUSH_MEASURE_H
#define IOMMUBENCH_FLUSH_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include <iommubench.h>

#include "base/error.h"
#include "events/iommu_commands.h"
#include "flush/point.h"
#include "measure/session.h"
#include "measure/totals.h"
#include "result/result.h"
#include "run/area.h"

/**
 * enum flush_look - what is looked at in a run besides the cost
 * @FLUSH_LOOK_EXPOSURE: how long the device gets through
 * @FLUSH_LOOK_DEVICE: its own latencies
 * @FLUSH_LOOK_STALE: accesses that should have been refused
 * @FLUSH_LOOKS: number of looks
 */
enum flush_look {
	FLUSH_LOOK_EXPOSURE,
	FLUSH_LOOK_DEVICE,
	FLUSH_LOOK_STALE,
	FLUSH_LOOKS,
};

/**
 * struct flush_measuring - one point under way on one device
 * @s: options, device and CPUs
 * @p: the point
 * @x: what else is looked at
 * @probes: to count commands with
 * @params: parameters of the run, for the module
 * @t: costs, and how it all ended
 * @looked: for the result, by enum flush_look; NULL for nothing
 * @commands: commands that were counted, for the result
 * @long_rounds: no round fits into the duration, so one was measured all the same
 * @watched: what the run of the exposure left
 * @timed: what the run of the device's latencies left
 */
struct flush_measuring {
	struct session *s;
	const struct flush_point *p;
	const struct flush_extras *x;
	struct iommu_commands *probes;
	struct iommubench_tlb_flush params;
	struct totals *t;
	json_t *looked[FLUSH_LOOKS];
	json_t *commands;
	bool long_rounds;
	struct run_outcome watched;
	struct run_outcome timed;
};

/**
 * flush_begin() - put the point into the options, and have its domain type
 * @m: has all that the caller gives
 * @why: receives the reason when it cannot be had; nothing is printed
 *
 * Return: an enum exit_status.
 */
int flush_begin(struct flush_measuring *m, struct error *why);

/**
 * flush_begin_cost() - begin the sum of costs
 * @m: the measuring, without costs yet
 *
 * Return: the run that measures them.
 */
struct iommubench_run flush_begin_cost(struct flush_measuring *m);

/**
 * flush_make_long() - have a run that measures one round of each thread, however long it takes
 * @m: begun; its sum is begun anew
 * @desc: from flush_begin_cost()
 */
void flush_make_long(struct flush_measuring *m, struct iommubench_run *desc);

/**
 * flush_nothing_seen() - did the runs end well and have no sample?
 * @m: the measuring, with its costs
 */
bool flush_nothing_seen(const struct flush_measuring *m);

/**
 * flush_plan() - the run of a look
 * @m: the measuring, with its costs
 * @look: what is looked at
 * @desc: receives the run
 *
 * Return: NULL, or what the result says instead when there is nothing to run; for
 * FLUSH_LOOK_STALE it may be NULL with nothing to run, see @m->x->stale.
 */
json_t *flush_plan(struct flush_measuring *m, enum flush_look look, struct iommubench_run *desc);

/* Their labels in messages. */
extern const char *const flush_look_labels[FLUSH_LOOKS];

/**
 * flush_tell() - note what the run of a look left
 * @m: the measuring, with its costs
 * @look: what was looked at
 * @o: outcome of the run; taken over
 */
void flush_tell(struct flush_measuring *m, enum flush_look look, struct run_outcome *o);

/**
 * flush_plan_commands() - the run in which commands are counted
 * @m: the measuring, with its costs
 * @desc: receives the run
 * @room: receives the number of lists to make room for
 * @anyone: receives whether those of others than the threads count
 *
 * Return: NULL, or what the result says instead.
 */
json_t *flush_plan_commands(struct flush_measuring *m, struct iommubench_run *desc, uint64_t *room,
			    bool *anyone);

/**
 * flush_tell_commands() - what a result says of commands
 * @m: the measuring, which has the probes
 * @count: what was counted
 * @rounds: in so many rounds
 */
json_t *flush_tell_commands(const struct flush_measuring *m,
			    const struct iommu_commands_count *count, uint64_t rounds);

/**
 * flush_add_end() - add the end of a run besides the cost to the point's
 * @t: the point's
 * @o: what the run left
 */
void flush_add_end(struct totals *t, const struct run_outcome *o);

/**
 * flush_not_measured() - what a result says of what is not there
 * @fmt: the reason, as printf
 */
json_t *flush_not_measured(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * flush_make_result() - make a result of all that was measured
 * @m: the measuring, with everything that was asked for
 * @machine: from machine_describe(); taken over
 */
struct result *flush_make_result(struct flush_measuring *m, json_t *machine);

#endif
