// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/lifecycle/report.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "device/machine.h"
#include "measure/params.h"
#include "output/delivery.h"
#include "output/print.h"
#include "pasid/commands.h"
#include "pasid/leak.h"
#include "pasid/lifecycle/lifecycle.h"
#include "pasid/result.h"
#include "result/read.h"
#include "result/result.h"
#include "run/link.h"
#include "text/json.h"
#include "text/progress.h"

static json_t *describe_case(const struct lifecycle_case *c, const struct lifecycle_outcome *o,
			     uint64_t ns)
{
	static const char *const verdicts[] = {
		[LIFECYCLE_PASSED] = "passed",
		[LIFECYCLE_FAILED] = "failed",
		[LIFECYCLE_SKIPPED] = "skipped",
	};
	json_t *j = xjson(json_object());

	xjson_put(j, "name", xjson_text(c->name));
	xjson_put(j, "what", xjson_text(c->what));
	xjson_put(j, "verdict", xjson_text(verdicts[o->verdict]));
	xjson_put(j, "text", xjson_text(o->text));
	xjson_put(j, "seconds", xjson(json_real((double)ns / 1e9)));
	return j;
}

/* One case, with a look for leaks of its own. Return: what became of it. */
static json_t *do_case(struct session *s, const struct lifecycle_case *c, const char *sva_missing,
		       struct result *r)
{
	uint64_t start = monotonic_ns();
	struct lifecycle_outcome o;
	struct pasid_leaks leaks;
	char leak[128];
	json_t *j;

	pasid_leak_begin(&leaks, &s->device, false);
	lifecycle_run(c, &s->device, sva_missing, &o);
	if (s->device.fd >= 0) {
		pasid_leak_end(&leaks, &s->device, o.processes);
		if (o.verdict != LIFECYCLE_FAILED &&
		    pasid_leak_first(&leaks, leak, sizeof(leak))) {
			o.verdict = LIFECYCLE_FAILED;
			snprintf(o.text, sizeof(o.text), "leak: %s", leak);
		}
	}
	j = describe_case(c, &o, monotonic_ns() - start);
	if (!s->o.quiet && s->o.format == RESULT_HUMAN) {
		printf("%-7s  %-16s  %s\n", result_text(j, "verdict"), c->name, o.text);
		fflush(stdout);
	}
	result_add_check(r, c->name, o.verdict != LIFECYCLE_SKIPPED,
			 o.verdict == LIFECYCLE_FAILED);
	return j;
}

static json_t *describe_params(const struct session *s, uint32_t max_pasids)
{
	json_t *j = xjson(json_object());

	json_put_number(j, "max_pasids", max_pasids);
	json_put_number(j, "seed", s->o.seed);
	params_put_device(j, s);
	return j;
}

int lifecycle_report(struct session *s, uint32_t wanted, uint32_t max_pasids)
{
	struct result *r = result_new("pasid");
	json_t *cases = xjson(json_array());
	char message[IOMMUBENCH_MESSAGE_BYTES], text[320] = "";
	struct pasid_leaks leaks;
	bool done = false, stopped = false;
	unsigned int i, pasid;
	struct options o = s->o;
	int ret, delivered;

	ret = pasid_try_process(&s->device, &pasid, message);
	if (ret && !*message)
		snprintf(message, sizeof(message), "no process can be bound: %s", strerror(-ret));
	result_set_machine(r, machine_describe(&s->device));
	result_set_params(r, describe_params(s, max_pasids));
	pasid_leak_begin(&leaks, &s->device, true);
	for (i = 0; lifecycle_cases[i].name && !stopped && s->device.fd >= 0; i++) {
		json_t *j;

		if (!(wanted & 1U << i))
			continue;
		j = do_case(s, &lifecycle_cases[i], ret ? message : NULL, r);
		xjson_add(cases, j);
		done = done || strcmp(result_text(j, "verdict"), "skipped");
		if (!strcmp(result_text(j, "verdict"), "failed") && !*text)
			snprintf(text, sizeof(text), "%s: %s", lifecycle_cases[i].name,
				 result_text(j, "text"));
		stopped = run_interrupted(&s->link);
	}
	if (s->device.fd >= 0) {
		pasid_leak_end(&leaks, &s->device, 0);
		pasid_leak_report(&leaks, r);
		churn_result_harness(r, s);
	}
	xjson_put(result_json(r), "lifecycle", cases);
	result_set_throughput(r, 0, 0);
	result_set_complete(r, !stopped, stopped ? "stopped" : "count");
	if (result_failures(r))
		ret = error_fail(EXIT_CHECK_FAILED, "%d check%s failed: %s", result_failures(r),
				 result_failures(r) == 1 ? "" : "s", text);
	else if (stopped)
		ret = error_fail(EXIT_INTERRUPTED, "interrupted: the result holds the cases done until then");
	else
		ret = done ? EXIT_DONE :
		      error_fail(EXIT_UNABLE, "no case can be done here: %s",
				 result_text(json_array_get(cases, 0), "text"));
	/* For people, a line for each case was printed. */
	o.quiet = o.quiet || o.format == RESULT_HUMAN;
	delivered = output_deliver(&o, r);
	result_free(r);
	return ret ? ret : delivered;
}
