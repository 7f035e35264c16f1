/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of a bound PASID when its owner or its device does something
 * unusual. Each case ends with a verdict.
 */
#ifndef IOMMUBENCH_PASID_LIFECYCLE_H
#define IOMMUBENCH_PASID_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device/device.h"

/* What a process of the case "exec" runs; pasid_main() knows it. */
#define LIFECYCLE_AFTER_EXEC	"--after-exec"

enum lifecycle_verdict {
	LIFECYCLE_PASSED = 0,
	LIFECYCLE_FAILED,
	LIFECYCLE_SKIPPED,
};

/**
 * struct lifecycle_outcome - how a case went
 * @verdict: enum lifecycle_verdict
 * @text: what happened, in plain words
 * @processes: processes that were bound and ended
 * @sva_missing: why processes cannot be bound, NULL when they can
 */
struct lifecycle_outcome {
	enum lifecycle_verdict verdict;
	char text[256];
	uint64_t processes;
	const char *sva_missing;
};

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

/**
 * lifecycle_after_exec() - what a process is after its exec: still there
 */
int lifecycle_after_exec(void);

#endif
