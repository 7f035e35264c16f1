// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a churn is asked to do.
 */
#include "pasid/plan.h"

bool churn_may_check(const struct churn_plan *plan)
{
	return plan->kind != IOMMUBENCH_PASID_SVA || (!plan->shared && plan->threads == 1);
}
