/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs of I/O with counters beside them.
 */
#ifndef IOMMUBENCH_IO_COUNTED_H
#define IOMMUBENCH_IO_COUNTED_H

#include "base/error.h"
#include "disk/load.h"
#include "measure/session.h"
#include "text/progress.h"

/**
 * io_execute() - do one run
 * @s: after session_begin_own_counters(), whose counters are read at the run's gates
 * @job: the run
 * @line: progress line
 * @o: receives, give it back with io_outcome_free()
 * @why: receives what could not be set up
 *
 * Return: EXIT_DONE when there is an outcome, otherwise EXIT_UNABLE.
 */
int io_execute(struct session *s, const struct io_job *job, struct progress *line,
	       struct io_outcome *o, struct error *why);

/**
 * io_explain() - count what would disturb, in a short run of its own that is not timed
 * @s: the session, connected
 * @job: the run that it explains
 * @line: progress line
 */
void io_explain(struct session *s, const struct io_job *job, struct progress *line);

#endif
