/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a case expects of the device after each step.
 */
#ifndef IOMMUBENCH_PASID_LIFECYCLE_EXPECT_H
#define IOMMUBENCH_PASID_LIFECYCLE_EXPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "device/device.h"
#include "pasid/lifecycle/outcome.h"

/* What the kernel does a little later, such as closing the files of a killed process. */
#define SETTLE_NS		10000000000ULL
#define SETTLE_STEP_US		2000

/**
 * device_can() - whether module and engine can do something here
 * @d: an open device
 * @feature: an IOMMUBENCH_FEATURE_*
 */
static inline bool device_can(const struct device *d, uint64_t feature)
{
	return d->info.features & feature;
}

/**
 * expect_access() - does the device get through with a PASID?
 * @d: an open device
 * @pasid: the PASID
 * @address: what it reads
 * @through: whether it should
 * @when: said when it is not so
 * @o: receives the failure
 *
 * An engine that cannot tell is not asked.
 */
void expect_access(const struct device *d, uint32_t pasid, uint64_t address, bool through,
		   const char *when, struct lifecycle_outcome *o);

/**
 * expect_mark() - does the device find what is in an address space alone?
 * @d: an open device
 * @pasid: PASID of the address space
 * @address: what it reads
 * @mark: what is there
 * @when: said when it is not so
 * @o: receives the failure
 *
 * An engine that cannot tell is not asked.
 */
void expect_mark(const struct device *d, uint32_t pasid, uint64_t address, uint64_t mark,
		 const char *when, struct lifecycle_outcome *o);

/**
 * expect_live() - are so many PASIDs bound?
 * @d: an open device
 * @live: number of PASIDs that should be bound; closing a file may take the kernel a moment
 * @when: said when it is not so
 * @o: receives the failure
 */
void expect_live(const struct device *d, uint64_t live, const char *when,
		 struct lifecycle_outcome *o);

/**
 * expect_process() - can a new process be bound, and be used?
 * @d: an open device
 * @expected: 0, or the negative errno that it should be refused with
 * @when: said when it is not so
 * @o: receives the failure
 */
void expect_process(struct device *d, int expected, const char *when, struct lifecycle_outcome *o);

#endif
