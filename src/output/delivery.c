// SPDX-License-Identifier: GPL-2.0-only
#include "output/delivery.h"

#include <stdio.h>

#include <iommubench.h>

#include "base/error.h"
#include "output/print.h"
#include "result/read.h"
#include "text/units.h"

int delivery_judge(int end, const char *why, const struct result *r, const char *device)
{
	const char *message = *why ? why : "no reason is known";
	int failures = result_failures(r);

	if (failures)
		return fail(EXIT_CHECK_FAILED, "%d check%s failed: %s", failures,
			    failures == 1 ? "" : "s", message);
	switch (end) {
	case IOMMUBENCH_END_TIME:
	case IOMMUBENCH_END_COUNT:
		return EXIT_DONE;
	case IOMMUBENCH_END_STOPPED:
		return fail(EXIT_INTERRUPTED, "interrupted: the result holds what was measured until then");
	case IOMMUBENCH_END_REMOVED:
		return fail(EXIT_UNABLE,
			    "device %s went away during the run: the result holds what was measured until then",
			    device);
	default:
		return fail(EXIT_UNABLE, "the run failed: %s; the result holds what was measured until then",
			    message);
	}
}

void delivery_spread(struct result *r)
{
	const json_t *j = result_json(r);

	if (!result_get(j, "spread"))
		return;
	printf("%.0f runs      %s to %s operations/s, %.1f %% apart\n",
	       result_number(j, "spread.runs"),
	       units_rate(result_number(j, "spread.ops_per_s_min")).text,
	       units_rate(result_number(j, "spread.ops_per_s_max")).text,
	       100 * result_number(j, "spread.ops_per_s_relative"));
}

int deliver(const struct options *o, struct result *r)
{
	bool lost = o->output && result_write(r, o->output);
	int ret = EXIT_DONE;

	if (!o->quiet) {
		if (result_print(r, o->format, stdout))
			ret = EXIT_UNABLE;
		else if (o->format == RESULT_HUMAN)
			delivery_spread(r);
	}
	if (!lost)
		return ret;
	if (o->quiet || o->format != RESULT_JSON) {
		note("the result follows on standard output instead");
		result_print(r, RESULT_JSON, stdout);
	}
	return EXIT_UNABLE;
}
