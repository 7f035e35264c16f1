// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run's result: built piece by piece, written as one JSON object.
 */
#include "result/result.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/stats.h"
#include "base/xalloc.h"
#include "text/json.h"

struct result {
	json_t *json;
};

static json_t *number(double value)
{
	return xjson(json_real(isfinite(value) ? value : 0));
}

static json_t *integer(uint64_t value)
{
	return xjson(json_integer((json_int_t)value));
}

struct result *result_new(const char *subcommand)
{
	struct result *r = xcalloc(1, sizeof(*r));
	time_t now = time(NULL);
	char stamp[32] = "";
	struct tm utc;

	if (gmtime_r(&now, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	/* In the order in which a reader wants to see them. */
	r->json = xjson(json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:b, s:{s:s}, s:{}, s:{}, s:[], s:{},"
				  " s:[], s:{}, s:[], s:[], s:[]}",
				  "schema", RESULT_SCHEMA,
				  "tool", "name", "iommubench", "version", IOMMUBENCH_VERSION,
				  "subcommand", subcommand,
				  "time", stamp, "complete", 0, "end", "reason", "none",
				  "machine", "params", "phases", "throughput", "threads",
				  "harness", "counters", "checks", "warnings"));
	return r;
}

void result_set_machine(struct result *r, json_t *machine)
{
	xjson_put(r->json, "machine", machine);
}

void result_set_params(struct result *r, json_t *params)
{
	xjson_put(r->json, "params", params);
}

json_t *result_stats(const struct iommubench_hist *hist, double scale, unsigned int which)
{
	struct stats s;
	/* In the order in which a result has them. */
	const struct {
		unsigned int bit;
		const char *name;
		const double *value;
	} all[] = {
		{ RESULT_MIN, "min", &s.min },
		{ RESULT_MEAN, "mean", &s.mean },
		{ RESULT_STDDEV, "stddev", &s.stddev },
		{ RESULT_P50, "p50", &s.p50 },
		{ RESULT_P90, "p90", &s.p90 },
		{ RESULT_P99, "p99", &s.p99 },
		{ RESULT_P99_9, "p99_9", &s.p99_9 },
		{ RESULT_P99_99, "p99_99", &s.p99_99 },
		{ RESULT_MAX, "max", &s.max },
	};
	json_t *j = xjson(json_object());
	size_t i;

	stats_compute(&s, hist, scale);
	if (which & RESULT_COUNT)
		xjson_put(j, "count", integer(s.count));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (which & all[i].bit)
			xjson_put(j, all[i].name, xjson_figure(*all[i].value));
	return j;
}

/* Numbers of JSON end at 64 bits, so it is a word, and left out where it is not known. */
static void put_squares(json_t *j, const struct iommubench_hist *hist)
{
	__uint128_t squares = hist->squares_high;
	char text[40], *digit = text + sizeof(text) - 1;

	if (!iommubench_hist_squares_known(hist))
		return;
	squares = squares << 64 | hist->squares_low;
	*digit = '\0';
	do {
		*--digit = (char)('0' + squares % 10);
		squares /= 10;
	} while (squares);
	xjson_put(j, "sum_squares", xjson_text(digit));
}

json_t *result_hist(const struct iommubench_hist *hist, double ns_per_tick, unsigned int batch)
{
	unsigned int i, n = iommubench_hist_pack(hist, NULL, 0);
	struct iommubench_hist_entry *entries = xcalloc(n, sizeof(*entries));
	json_t *buckets = xjson(json_array());
	json_t *j = xjson(json_object());

	iommubench_hist_pack(hist, entries, n);
	for (i = 0; i < n; i++)
		xjson_add(buckets, xjson(json_pack("[I, I]", (json_int_t)entries[i].index,
						   (json_int_t)entries[i].count)));
	free(entries);
	xjson_put(j, "unit", xjson_text("tick"));
	xjson_put(j, "ns_per_unit", number(ns_per_tick));
	xjson_put(j, "batch", integer(batch));
	xjson_put(j, "sub_bucket_bits", integer(IOMMUBENCH_HIST_SUB_BITS));
	xjson_put(j, "sum", integer(hist->sum));
	put_squares(j, hist);
	xjson_put(j, "min", integer(hist->count ? hist->min : 0));
	xjson_put(j, "max", integer(hist->max));
	xjson_put(j, "count", integer(hist->count));
	xjson_put(j, "buckets", buckets);
	return j;
}

void result_add_phase(struct result *r, const char *name, const struct iommubench_hist *hist,
		      double ns_per_tick, unsigned int batch)
{
	json_t *phase = xjson(json_object());

	if (!batch)
		batch = 1;
	xjson_put(phase, "name", xjson_text(name));
	xjson_put(phase, "latency_ns", result_stats(hist, ns_per_tick / batch, RESULT_STATS));
	xjson_put(phase, "histogram", result_hist(hist, ns_per_tick, batch));
	xjson_add(json_object_get(r->json, "phases"), phase);
}

void result_set_throughput(struct result *r, uint64_t ops, double seconds)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "ops_per_s", number(seconds > 0 ? (double)ops / seconds : 0));
	xjson_put(j, "ops", integer(ops));
	xjson_put(j, "seconds", number(seconds));
	xjson_put(r->json, "throughput", j);
}

void result_add_thread(struct result *r, json_t *thread)
{
	xjson_add(json_object_get(r->json, "threads"), thread);
}

void result_set_harness(struct result *r, double overhead_ns, unsigned int batch, json_t *more)
{
	json_t *j = xjson(json_object());

	if (!batch)
		batch = 1;
	xjson_put(j, "overhead_ns", number(overhead_ns));
	xjson_put(j, "overhead_sample_ns", number(overhead_ns * batch));
	xjson_put(j, "overhead_subtracted", xjson(json_false()));
	xjson_put(j, "batch", integer(batch));
	if (more && json_object_update(j, more))
		xcheck(NULL);
	json_decref(more);
	xjson_put(r->json, "harness", j);
}

void result_set_counters(struct result *r, json_t *counters, json_t *problems)
{
	json_t *line;
	size_t i;

	xjson_put(r->json, "counters", json_incref(counters));
	json_array_foreach(problems, i, line)
		result_add_warning(r, "%s", json_string_value(line));
}

void result_add_check(struct result *r, const char *name, uint64_t count, uint64_t failures)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "name", xjson_text(name));
	xjson_put(j, "count", integer(count));
	xjson_put(j, "failures", integer(failures));
	xjson_add(json_object_get(r->json, "checks"), j);
}

void result_add_warning(struct result *r, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	xjson_add(json_object_get(r->json, "warnings"), xjson_text(text));
	free(text);
}

void result_set_complete(struct result *r, bool complete, const char *why)
{
	const char *colon = strstr(why, ": ");
	json_t *end = xjson(json_object());

	if (colon) {
		char *reason = xcheck(strndup(why, (size_t)(colon - why)));

		xjson_put(end, "reason", xjson_text(reason));
		xjson_put(end, "message", xjson_text(colon + 2));
		free(reason);
	} else {
		xjson_put(end, "reason", xjson_text(why));
	}
	xjson_put(r->json, "complete", xjson(json_boolean(complete)));
	xjson_put(r->json, "end", end);
}

int result_failures(const struct result *r)
{
	json_int_t sum = 0;
	json_t *check;
	size_t i;

	json_array_foreach(json_object_get(r->json, "checks"), i, check)
		sum += json_integer_value(json_object_get(check, "failures"));
	return sum > INT32_MAX ? INT32_MAX : (int)sum;
}

json_t *result_json(struct result *r)
{
	return r->json;
}

void result_free(struct result *r)
{
	if (!r)
		return;
	json_decref(r->json);
	free(r);
}
