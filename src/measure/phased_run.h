/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A short run by phases: the module's threads do each phase of the workload for itself, many times
 * over, and stand still in between, so that all that can be counted can be counted for it alone.
 */
#ifndef IOMMUBENCH_MEASURE_PHASED_RUN_H
#define IOMMUBENCH_MEASURE_PHASED_RUN_H

#include <iommubench.h>

#include "measure/session.h"
#include "measure/totals.h"

/**
 * phased_run() - count the phases of what was measured
 * @s: the session, connected, with counters
 * @desc: the run that was measured
 * @label: what it is called in messages
 * @t: what it gave; names the phases
 *
 * Nothing of it is timed or in any sum; what cannot be had is told by counters_problems().
 */
void phased_run(struct session *s, const struct iommubench_run *desc, const char *label,
		const struct totals *t);

#endif
