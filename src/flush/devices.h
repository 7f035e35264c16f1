/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One point of a tlb-flush sweep on all devices at the same time, and a result of each.
 */
#ifndef IOMMUBENCH_FLUSH_DEVICES_H
#define IOMMUBENCH_FLUSH_DEVICES_H

#include "base/error.h"
#include "events/iommu_commands.h"
#include "flush/point.h"
#include "measure/devices.h"
#include "measure/totals.h"
#include "result/result.h"

/**
 * struct flush_device - what a point gave on one device
 * @r: its result, NULL when there is none
 * @t: how it ended; @totals of its member
 * @status: enum exit_status that the absence of a result deserves
 * @why: reason of that
 */
struct flush_device {
	struct result *r;
	struct totals t;
	int status;
	struct error why;
};

/**
 * flush_measure() - measure one point
 * @d: connected, lenient; the options of its sessions are changed to those of the point
 * @p: the point
 * @x: what else is looked at, on all devices at once as well
 * @probes: to count commands with, of all devices together
 * @got: receives, by member; their sums are given back with totals_free()
 *
 * A device that cannot do it is left out and has its reason; the others do it.
 *
 * Return: EXIT_DONE; otherwise another enum exit_status after one line on stderr, and no results.
 */
int flush_measure(struct devices *d, const struct flush_point *p, const struct flush_extras *x,
		  struct iommu_commands *probes, struct flush_device *got);

#endif
