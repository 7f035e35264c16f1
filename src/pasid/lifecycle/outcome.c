// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a case of a life cycle went.
 */
#include "pasid/lifecycle/outcome.h"

#include <stdarg.h>
#include <stdio.h>

void lifecycle_judge(struct lifecycle_outcome *o, enum lifecycle_verdict v, const char *fmt, ...)
{
	va_list args;

	if (o->verdict == LIFECYCLE_FAILED)
		return;
	o->verdict = v;
	va_start(args, fmt);
	vsnprintf(o->text, sizeof(o->text), fmt, args);
	va_end(args);
}
