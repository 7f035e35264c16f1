/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One point of an iopf measurement on several devices at the same time: each pass goes over the
 * slots of all of them, and begins when all have them ready.
 */
#ifndef IOMMUBENCH_IOPF_DEVICES_H
#define IOMMUBENCH_IOPF_DEVICES_H

#include "iopf/point.h"
#include "measure/devices.h"

/**
 * iopf_devices_measure() - do all passes of a point
 * @d: connected; the sums of its members are those of their points
 * @p: by member, each described; results are set. Give each back with iopf_point_free()
 * @alone: do a run on each device by itself first
 *
 * A device that fails or goes away ends only its own passes.
 *
 * Return: EXIT_DONE when there is something to report of each; otherwise another enum exit_status
 * after one line on stderr.
 */
int iopf_devices_measure(struct devices *d, struct iopf_point *const *p, bool alone);

#endif
