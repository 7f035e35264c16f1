// SPDX-License-Identifier: GPL-2.0-only
#include "output/delivery.h"

#include <stdio.h>
#include <stdlib.h>

#include <iommubench.h>

#include "base/error.h"
#include "output/path.h"
#include "output/print.h"
#include "result/read.h"
#include "text/units.h"

static int judge_one(const struct delivery_end *e, bool several)
{
	const char *message = *e->why ? e->why : "no reason is known";
	int failures = result_failures(e->result);

	if (failures)
		return error_fail(EXIT_CHECK_FAILED, "%s%s%d check%s failed: %s",
				  several ? e->device : "", several ? ": " : "", failures,
				  failures == 1 ? "" : "s", message);
	switch (e->end) {
	case IOMMUBENCH_END_TIME:
	case IOMMUBENCH_END_COUNT:
		return EXIT_DONE;
	case IOMMUBENCH_END_STOPPED:
		if (!e->late)
			return EXIT_INTERRUPTED;
		break;
	case IOMMUBENCH_END_REMOVED:
		return error_fail(EXIT_UNABLE,
				  "device %s went away during the run: %s result holds what was measured until then",
				  e->device, several ? "its" : "the");
	}
	return error_fail(EXIT_UNABLE, "%s: %s; %s result holds what was measured until then",
			  several ? e->device : "the run failed", message, several ? "its" : "the");
}

int delivery_judge(const struct delivery_end *ends, unsigned int nr, bool several)
{
	bool stopped = false, unable = false, failed = false;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		int ret = judge_one(&ends[i], several);

		failed = failed || ret == EXIT_CHECK_FAILED;
		unable = unable || ret == EXIT_UNABLE;
		stopped = stopped || ret == EXIT_INTERRUPTED;
	}
	if (failed)
		return EXIT_CHECK_FAILED;
	if (stopped)
		return error_fail(EXIT_INTERRUPTED, "interrupted: the %s what was measured until then",
				  several ? "results hold" : "result holds");
	return unable ? EXIT_UNABLE : EXIT_DONE;
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

int output_deliver(const struct options *o, struct result *r)
{
	const char *word = result_text(result_json(r), "tool.subcommand");
	char *path = o->output ? output_one_path(o->output, word) : NULL;
	bool lost = path && result_write(r, path);
	int ret = EXIT_DONE;

	free(path);
	if (!o->quiet) {
		if (result_print(r, o->format, stdout))
			ret = EXIT_UNABLE;
		else if (o->format == RESULT_HUMAN)
			delivery_spread(r);
	}
	if (!lost)
		return ret;
	if (o->quiet || o->format != RESULT_JSON) {
		error_note("the result follows on standard output instead");
		result_print(r, RESULT_JSON, stdout);
	}
	return EXIT_UNABLE;
}
