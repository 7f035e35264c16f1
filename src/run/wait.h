/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for a run: progress, gates, signals.
 */
#ifndef IOMMUBENCH_RUN_WAIT_H
#define IOMMUBENCH_RUN_WAIT_H

#include <stdint.h>

#include <iommubench.h>

#include "run/link.h"
#include "text/progress.h"

/* From one look whether all threads stand at a gate to the next, first and at most. */
#define GATE_LOOK_NS		1000000
#define GATE_LOOK_MAX_NS	10000000

/**
 * struct run_watch - what is watched while a run goes on
 * @link: connected
 * @desc: the run
 * @area: its pages
 * @progress: the line on the terminal
 * @shown_ns: when that was shown last, by monotonic_ns()
 * @handled: signals that were reacted to
 */
struct run_watch {
	struct run_link *link;
	const struct iommubench_run *desc;
	const char *area;
	struct progress *progress;
	uint64_t shown_ns;
	unsigned int handled;
};

/**
 * run_wait_by_ioctl() - wait for the end of a run
 * @w: the run, started
 *
 * Return: 0 when the run has ended, -ECANCELED when it is not awaited any more, another negative
 * errno when waiting failed.
 */
int run_wait_by_ioctl(struct run_watch *w);

/**
 * run_wait_by_uring() - the same through the ring
 * @w: the run, started
 *
 * Return: as run_wait_by_ioctl().
 */
int run_wait_by_uring(struct run_watch *w);

/**
 * run_pass_gates() - call back at both gates
 * @w: the run, started
 *
 * A run that ends at the first one or before has nothing to count.
 */
void run_pass_gates(struct run_watch *w);

/**
 * run_pass_phases() - call back at each gate, and once more when the run ends before the last one
 * @w: the run, started
 */
void run_pass_phases(struct run_watch *w);

#endif
