/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run on one device: describe it to the module, start it, wait for its end
 * while watching for signals, and collect what it left.
 */
#ifndef IOMMUBENCH_RUN_RUN_H
#define IOMMUBENCH_RUN_RUN_H

#include <stdbool.h>

#include <iommubench.h>

#include "run/area.h"
#include "run/link.h"
#include "run/wait.h"

/**
 * run_execute() - do one run from PREPARE to RESULT
 * @link: the way to the module, connected
 * @desc: the run; the module's answers are put there
 * @label: for the progress line
 * @quiet: there is no progress line
 * @gates: what is done while its threads stand still, NULL: they never do. With a function for
 *	phases the run is made one by phases
 * @o: receives, give it back with run_outcome_free()
 *
 * A run that ended early is no failure of this function: see @o->end.
 *
 * Return: EXIT_DONE when there is an outcome; otherwise another enum
 * exit_status after one line on stderr.
 */
int run_execute(struct run_link *link, struct iommubench_run *desc, const char *label, bool quiet,
		const struct run_gates *gates, struct run_outcome *o);

/**
 * run_prepare() - first step of run_execute(), for who starts several runs together
 * @link: the way to the module, connected
 * @desc: the run; the module's answers are put there
 * @area: receives what the module shows of it, for run_collect()
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int run_prepare(struct run_link *link, struct iommubench_run *desc, void **area);

/**
 * run_start_failed() - say that a prepared run cannot be started
 * @err: negative errno of the command
 *
 * Return: an enum exit_status, after one line on stderr.
 */
int run_start_failed(int err);

/**
 * run_collect() - last step of run_execute(): take over what a run left
 * @link: the way to the module, connected
 * @desc: the run
 * @area: from run_prepare(); it is gone afterwards
 * @waited: 0 when it has ended, -ECANCELED when its end is not awaited, another negative errno
 *	when that could not be done
 * @o: initialised; receives, give it back with run_outcome_free()
 */
void run_collect(struct run_link *link, const struct iommubench_run *desc, void *area, int waited,
		 struct run_outcome *o);

#endif
