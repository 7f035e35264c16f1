/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a churn of PASIDs gave, as a result.
 */
#ifndef IOMMUBENCH_PASID_RESULT_H
#define IOMMUBENCH_PASID_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/session.h"
#include "pasid/churn.h"
#include "pasid/leak.h"
#include "pasid/plan.h"
#include "result/result.h"
#include "text/parse.h"

/* enum iommubench_pasid_kind */
extern const struct choice churn_kind_choices[];
/* &struct churn_plan.shared */
extern const struct choice churn_bind_choices[];
/* enum churn_use */
extern const struct choice churn_use_choices[];

/**
 * struct churn_point - what one point was, and what it gave
 * @s: options, device, counters
 * @plan: what was done
 * @live: PASIDs that were bound all the time
 * @max_pasids: PASIDs that the device has
 * @exposure_ns: how long exposure was to be looked at
 * @cost: what was measured
 * @exposure: and by whom exposure was
 * @exposed: there is an @exposure
 * @why_not: otherwise, why
 * @others: processes that had PASIDs besides those of @cost and @exposure
 * @leaks: whether all came back
 */
struct churn_point {
	const struct session *s;
	const struct churn_plan *plan;
	uint64_t live;
	uint32_t max_pasids;
	uint64_t exposure_ns;
	struct churn_outcome cost;
	struct churn_outcome exposure;
	bool exposed;
	const char *why_not;
	unsigned int others;
	struct pasid_leaks leaks;
};

/**
 * churn_result() - write a point down
 * @p: the point, measured
 *
 * Return: its result, without counters.
 */
struct result *churn_result(const struct churn_point *p);

/**
 * churn_result_harness() - what the module itself takes for a bind or unbind
 * @r: result that gets it
 * @s: session with an open device
 */
void churn_result_harness(struct result *r, const struct session *s);

#endif
