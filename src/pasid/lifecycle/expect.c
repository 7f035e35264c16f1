// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a case expects of the device after each step.
 */
#include "pasid/lifecycle/expect.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "pasid/commands.h"
#include "pasid/lifecycle/actor.h"
#include "text/progress.h"

void expect_access(const struct device *d, uint32_t pasid, uint64_t address, bool through,
		   const char *when, struct lifecycle_outcome *o)
{
	struct iommubench_pasid_access access = { .pasid = pasid, .address = address };
	int err;

	if (!device_can(d, IOMMUBENCH_FEATURE_PROBE))
		return;
	err = pasid_access(d->fd, &access);
	if (err)
		FAILED(o, "the device cannot be told to read %s: %s", when, strerror(-err));
	else if ((access.refused != IOMMUBENCH_PASID_REFUSED) != through)
		FAILED(o, "with PASID %u the device %s %s", pasid,
		       through ? "was refused" : "still got through", when);
}

void expect_mark(const struct device *d, uint32_t pasid, uint64_t address, uint64_t mark,
		 const char *when, struct lifecycle_outcome *o)
{
	struct iommubench_pasid_access access = {
		.pasid = pasid,
		.address = address,
		.mark = mark,
	};
	int err;

	if (!device_can(d, IOMMUBENCH_FEATURE_PROBE))
		return;
	err = pasid_access(d->fd, &access);
	if (err)
		FAILED(o, "the device cannot be told to read %s: %s", when, strerror(-err));
	else if (access.refused == IOMMUBENCH_PASID_OTHER)
		FAILED(o, "with PASID %u the device read another address space's memory %s", pasid,
		       when);
	else if (access.refused == IOMMUBENCH_PASID_REFUSED)
		FAILED(o, "with PASID %u the device was refused %s", pasid, when);
}

void expect_live(const struct device *d, uint64_t live, const char *when,
		 struct lifecycle_outcome *o)
{
	uint64_t deadline = monotonic_ns() + SETTLE_NS;
	struct iommubench_pasid_info info;
	int err;

	do {
		err = pasid_info(d->fd, &info);
		if (!err && info.live == live)
			return;
		usleep(SETTLE_STEP_US);
	} while (!err && monotonic_ns() < deadline);
	if (err)
		FAILED(o, "the device cannot be asked %s: %s", when, strerror(-err));
	else
		FAILED(o, "%llu PASIDs are bound %s, expected %" PRIu64, info.live, when, live);
}

void expect_process(struct device *d, int expected, const char *when, struct lifecycle_outcome *o)
{
	uint64_t deadline = monotonic_ns() + SETTLE_NS;
	struct actor a;
	int err;

	do {
		err = actor_start(&a, d, ROLE_WAIT, o);
		if (err == expected)
			break;
		if (!err)
			actor_end(&a, o);
		usleep(SETTLE_STEP_US);
	} while (monotonic_ns() < deadline);
	if (err != expected)
		FAILED(o, "a new process was bound %s with '%s', expected '%s'", when,
		       strerror(-err), strerror(-expected));
	else if (!err)
		expect_access(d, a.hello.pasid, a.hello.address, true, when, o);
	if (!err)
		actor_end(&a, o);
}
