/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of a bound PASID when its owner or its device does something
 * unusual. Each case ends with a verdict.
 */
#ifndef IOMMUBENCH_PASID_LIFECYCLE_LIFECYCLE_H
#define IOMMUBENCH_PASID_LIFECYCLE_LIFECYCLE_H

#include <stdbool.h>

#include "device/device.h"
#include "pasid/lifecycle/outcome.h"

/**
 * struct lifecycle_case - one case
 * @name: as --lifecycle takes it
 * @what: what it does
 * @sva: it binds processes
 * @run: does it; the device is open before and after
 */
struct lifecycle_case {
	const char *name;
	const char *what;
	bool sva;
	void (*run)(struct device *d, struct lifecycle_outcome *o);
};

/* All of them, ended by one without a name. */
extern const struct lifecycle_case lifecycle_cases[];

/**
 * lifecycle_run() - do a case
 * @c: the case
 * @d: an open device that nobody else uses
 * @sva_missing: why processes cannot be bound, NULL when they can
 * @o: receives how it went
 */
void lifecycle_run(const struct lifecycle_case *c, struct device *d, const char *sva_missing,
		   struct lifecycle_outcome *o);

#endif
