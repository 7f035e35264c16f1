/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measures a point in passes over an arena, with the same faults taken by the CPU in between: what
 * a pass consists of, and all passes on one device.
 */
#ifndef IOMMUBENCH_IOPF_MEASURE_H
#define IOMMUBENCH_IOPF_MEASURE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "iopf/pager.h"
#include "iopf/point.h"
#include "iopf/spaces.h"
#include "measure/session.h"
#include "run/area.h"

/**
 * struct iopf_work - a point being measured on a device
 * @p: the point
 * @s: the session
 * @spaces: other processes, when their address spaces are used
 * @run: sum of the passes of one run
 * @kmsg: the kernel's log, -1 without
 * @meddler: thread that unmaps or kills meanwhile
 * @meddling: @meddler is there
 * @pager: answers faults, in IOPF_MODE_IOMMUFD
 * @paging: it does so in this run
 * @params: parameters of the module's run
 * @counted: the pass is one of those that are reported, so counters are read beside it
 */
struct iopf_work {
	struct iopf_point *p;
	struct session *s;
	struct spaces spaces;
	struct run_outcome run;
	int kmsg;
	pthread_t meddler;
	bool meddling;
	struct pager pager;
	bool paging;
	struct iommubench_iopf params;
	bool counted;
};

/**
 * iopf_open() - begin the sums, and have what accesses run into
 * @w: has @p and @s; give it back with iopf_close() in any case
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int iopf_open(struct iopf_work *w);

/**
 * iopf_close() - give back what accesses ran into
 * @w: the point being measured, opened or not
 */
void iopf_close(struct iopf_work *w);

/**
 * iopf_begin_series() - begin the intervals of all runs
 * @w: opened, with counters begun
 */
void iopf_begin_series(struct iopf_work *w);

/**
 * iopf_begin_run() - begin the sum of the passes of one run
 * @w: opened; @w->run is given back with run_outcome_free()
 */
void iopf_begin_run(struct iopf_work *w);

/**
 * iopf_slots() - how many slots the next pass has
 * @w: the point being measured, opened
 * @done: number of faults so far
 */
uint64_t iopf_slots(const struct iopf_work *w, uint64_t done);

/**
 * iopf_ready() - make the slots fault again
 * @w: the point being measured, opened
 * @slots: number of slots, from the first one on
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int iopf_ready(struct iopf_work *w, uint64_t slots);

/**
 * iopf_describe() - the module's run over slots that are ready
 * @w: the point being measured, opened; its @params are those of the run
 * @slots: number of slots, from the first one on
 * @flags: IOMMUBENCH_IOPF_*
 *
 * What is to happen between its PREPARE and its START is arranged for.
 */
struct iommubench_run iopf_describe(struct iopf_work *w, uint64_t slots, uint32_t flags);

/**
 * iopf_flags() - how a pass accesses its slots
 * @p: the point
 */
uint32_t iopf_flags(const struct iopf_point *p);

/**
 * iopf_ran() - after the run that iopf_describe() has described, however it went
 * @w: the point being measured, opened
 * @o: what it left, NULL for nothing
 */
void iopf_ran(struct iopf_work *w, const struct run_outcome *o);

/**
 * iopf_add_pass() - add a pass to its run, and look whether what it wrote is there
 * @w: the point being measured, with a run
 * @o: what the pass left
 * @slots: number of slots that the pass went through
 */
void iopf_add_pass(struct iopf_work *w, const struct run_outcome *o, uint64_t slots);

/**
 * iopf_touch_by_cpu() - let the CPU take the same faults
 * @w: the point being measured, opened
 * @slots: number of slots, from the first one on
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int iopf_touch_by_cpu(struct iopf_work *w, uint64_t slots);

/**
 * iopf_measure() - do all passes of a point
 * @p: described; its results are set. Give it back with iopf_point_free()
 * @s: the session, connected
 *
 * Return: EXIT_DONE when there is something to report, however it ended; otherwise
 * another enum exit_status after one line on stderr.
 */
int iopf_measure(struct iopf_point *p, struct session *s);

#endif
