/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs of a session, repeated and explained.
 */
#ifndef IOMMUBENCH_MEASURE_REPEAT_H
#define IOMMUBENCH_MEASURE_REPEAT_H

#include <iommubench.h>

#include "measure/session.h"
#include "measure/totals.h"
#include "run/area.h"

/**
 * session_execute() - run_execute(), with counters beside it
 * @s: connected, after session_begin_counters()
 * @run: the run
 * @label: for the progress line
 * @quiet: no progress line
 * @o: receives, give it back with run_outcome_free()
 *
 * Return: as run_execute().
 */
int session_execute(struct session *s, struct iommubench_run *run, const char *label, bool quiet,
		    struct run_outcome *o);

/**
 * session_explaining() - the run that explains others: few operations, so that there is room for
 *	all that is recorded of them
 * @s: connected
 * @desc: the others
 * @t: what they left
 * @commands: receives how many lists of commands to make room for
 * @anyone: receives whether those of others than the threads count
 */
struct iommubench_run session_explaining(const struct session *s, const struct iommubench_run *desc,
					 const struct totals *t, uint64_t *commands, bool *anyone);

/**
 * session_repeat() - do a run as often as --repeat says
 * @s: connected
 * @desc: the run
 * @label: what it is called in messages
 * @t: receives the sum of all runs; initialised
 *
 * Runs that ended early end the loop; see @t->end. Counters are those of all runs; those that
 * would disturb have a short run of their own afterwards, which is not in the sum. Another one is
 * for the counters of each phase.
 *
 * Return: EXIT_DONE when there is something to report; otherwise another enum
 * exit_status after one line on stderr.
 */
int session_repeat(struct session *s, const struct iommubench_run *desc, const char *label,
		   struct totals *t);

#endif
