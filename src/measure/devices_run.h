/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run of all devices, at the same time.
 */
#ifndef IOMMUBENCH_MEASURE_DEVICES_RUN_H
#define IOMMUBENCH_MEASURE_DEVICES_RUN_H

#include "measure/devices.h"

/**
 * devices_begin_runs() - have nothing measured yet, neither starts nor counters
 * @d: the devices, connected
 */
void devices_begin_runs(struct devices *d);

/**
 * devices_line_up() - prepare one of the runs that are summed up, for who still takes part
 * @d: the devices, connected
 * @repeat: number of the run, from 0
 *
 * Return: how many devices take part.
 */
unsigned int devices_line_up(struct devices *d, unsigned int repeat);

/**
 * devices_execute() - do one run of those that are @taking_part, as their @run says
 * @d: the devices, lined up
 * @label: what it is called in messages; stays until the end of the run
 * @kind: which counters it has; COUNTERS_RUNS for none, and then its starts do not count either
 *
 * What comes out is in their @outcome. After an interruption nothing runs any more, and that says
 * so.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE: a device cannot do its
 * very first run, and it is not @lenient.
 */
int devices_execute(struct devices *d, const char *label, enum counters_run kind);

/**
 * devices_once() - do one run that is not summed up
 * @d: the devices, connected
 * @label: what it is called in messages
 * @kind: kind of counters that the run has
 *
 * Of those members that @taking_part says and that have not failed, as their @run says. What comes
 * out is in their @outcome, which the caller gives back with run_outcome_free(). Who could not do
 * it is not @taking_part any more, and @why says why.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int devices_once(struct devices *d, const char *label, enum counters_run kind);

/**
 * devices_pass() - the same, of a run that the caller sums up
 * @d: the devices, connected
 * @label: what it is called in messages
 * @kind: which counters it has; COUNTERS_RUNS for none, and then its starts do not count either
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int devices_pass(struct devices *d, const char *label, enum counters_run kind);

/**
 * devices_alone() - do a run on each device by itself, one after the other
 * @d: the devices, connected
 * @label: what it is called in messages
 *
 * Only the throughput is kept.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE; a device that could not
 * be measured is no failure.
 */
int devices_alone(struct devices *d, const char *label);

#endif
