/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bind, first use and unbind of PASIDs count, each for itself: a process does one after the
 * other and stands still in between.
 */
#ifndef IOMMUBENCH_PASID_PHASES_H
#define IOMMUBENCH_PASID_PHASES_H

#include "counters/counters.h"
#include "device/device.h"
#include "pasid/plan.h"
#include "run/link.h"

/**
 * pasid_phases() - count them
 * @plan: what is bound, and how; one process with one thread does it, whatever the plan has, and
 *	PASIDs are always the lowest that is free
 * @d: an open device
 * @link: how signals come
 * @c: receives what is counted
 *
 * What cannot be had is told by counters_problems().
 */
void pasid_phases(const struct churn_plan *plan, const struct device *d, struct run_link *link,
		  struct counters *c);

#endif
