/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runs of a measurement, repeated and explained.
 */
#ifndef IOMMUBENCH_MEASURE_REPEAT_H
#define IOMMUBENCH_MEASURE_REPEAT_H

#include <stdbool.h>

#include <iommubench.h>

#include "measure/devices.h"
#include "measure/session.h"
#include "run/area.h"

/**
 * session_execute() - run_execute(), with counters beside it
 * @s: the session, connected, after session_begin_counters()
 * @run: the run
 * @label: for the progress line
 * @quiet: there is no progress line
 * @o: receives, give it back with run_outcome_free()
 *
 * Return: as run_execute().
 */
int session_execute(struct session *s, struct iommubench_run *run, const char *label, bool quiet,
		    struct run_outcome *o);

/**
 * devices_repeat() - do the runs of all devices, as often as --repeat says
 * @d: connected; each member has its @desc, and its sum is initialised
 * @label: what it is called in messages
 *
 * A device whose run ended early does no more of them; see the end of its sum. Counters are those
 * of all runs; those that would disturb have a short run of their own afterwards, which is not in
 * the sum. Where one device is measured by itself, another one is for the counters of each phase.
 *
 * Return: EXIT_DONE when there is something to report; otherwise another enum
 * exit_status after one line on stderr.
 */
int devices_repeat(struct devices *d, const char *label);

#endif
