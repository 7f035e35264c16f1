// SPDX-License-Identifier: GPL-2.0-only
#include "measure/devices_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/xalloc.h"
#include "counters/print.h"
#include "output/delivery.h"
#include "output/path.h"
#include "output/point_files.h"
#include "output/print.h"
#include "output/summary.h"
#include "result/read.h"
#include "run/area.h"
#include "text/json.h"
#include "text/terminal.h"
#include "text/units.h"

/* Columns of latencies: the first phases of a result. */
#define TABLE_PHASES	2
/* Devices that begin further apart than this share of a run are not measured together. */
#define SKEW_SHARE	50

static unsigned int devices_present(const struct devices *d)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->nr; i++)
		n += !d->members[i].absent;
	return n;
}

static unsigned int all_threads(const struct devices *d)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->nr; i++)
		n += d->members[i].absent ? 0 : d->members[i].desc.threads;
	return n;
}

static json_t *describe_fairness(const struct devices *d)
{
	double min = 0, max = 0, rate;
	json_t *j = xjson(json_object());
	bool first = true;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		if (d->members[i].absent)
			continue;
		rate = devices_ops_per_s(&d->members[i]);
		min = first || rate < min ? rate : min;
		max = rate > max ? rate : max;
		first = false;
	}
	xjson_put(j, "min_ops_per_s", xjson(json_real(min)));
	xjson_put(j, "max_ops_per_s", xjson(json_real(max)));
	xjson_put(j, "ratio", xjson(json_real(max > 0 ? min / max : 1)));
	return j;
}

static uint64_t start_ns(const struct devices *d, const struct devices_member *m)
{
	return m->start_tick ? clock_to_ns(m->start_tick - d->begin_tick, m->t->clock_hz) : 0;
}

void devices_report(const struct devices *d, unsigned int i, struct result *r)
{
	const struct devices_member *m = &d->members[i];
	const struct options *o = &m->s->o;
	double together = result_number(result_json(r), "throughput.ops_per_s");
	json_t *j = xjson(json_object()), *devices = xjson(json_array());
	unsigned int k;
	uint64_t begin = clock_to_ns(d->begin_tick, m->t->clock_hz);
	char *id = xasprintf("%" PRIx64, begin);

	for (k = 0; k < d->nr; k++)
		if (!d->members[k].absent)
			xjson_add(devices, xjson_text(d->members[k].s->device.name));
	json_put_text(j, "id", id);
	free(id);
	xjson_put(j, "devices", devices);
	json_put_number(j, "begin_ns", begin);
	json_put_number(j, "start_ns", start_ns(d, m));
	json_put_number(j, "skew_ns", d->skew_ns);
	if (m->alone_ops_per_s > 0) {
		xjson_put(j, "alone_ops_per_s", xjson(json_real(m->alone_ops_per_s)));
		xjson_put(j, "kept", xjson(json_real(together / m->alone_ops_per_s)));
	}
	xjson_put(j, "fairness", describe_fairness(d));
	xjson_put(result_json(r), "group", j);
	if (all_threads(d) > d->cpus)
		result_add_warning(r, "%u threads of %u devices share %u CPU%s: latencies include waiting for a CPU",
				   all_threads(d), devices_present(d), d->cpus,
				   d->cpus == 1 ? "" : "s");
	if (o->duration_ns && d->skew_ns > o->duration_ns / SKEW_SHARE)
		result_add_warning(r, "the devices began %s apart, which is much of a run of %s: make runs longer",
				   units_time((double)d->skew_ns).text,
				   units_time((double)o->duration_ns).text);
}

static const json_t *phase_latency(const json_t *result, size_t phase)
{
	return result_get(json_array_get(result_get(result, "phases"), phase), "latency_ns");
}

static void print_row(const struct devices_member *m, const json_t *result, int width, bool alone,
		      FILE *out)
{
	static const char *const keys[] = { "p50", "p99" };
	double rate = result_number(result, "throughput.ops_per_s");
	size_t p, k;

	fprintf(out, "%-*s %12s", width, m->s->device.name, units_rate(rate).text);
	if (alone && m->alone_ops_per_s > 0)
		fprintf(out, " %12s %6.1f %%", units_rate(m->alone_ops_per_s).text,
			100 * rate / m->alone_ops_per_s);
	else if (alone)
		fprintf(out, " %12s %8s", "-", "-");
	for (p = 0; p < TABLE_PHASES; p++)
		for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			fprintf(out, " %10s",
				result_number(phase_latency(result, p), "count") > 0 ?
				units_time(result_latency(phase_latency(result, p), keys[k])).text :
				"-");
	if (!json_is_true(result_get(result, "complete")))
		fprintf(out, "  %s", result_text(result, "end.reason"));
	fputc('\n', out);
}

static void print_head(const json_t *result, struct terminal_style style, int width, bool alone,
		       FILE *out)
{
	size_t p;

	fprintf(out, "%s%-*s %12s", terminal_on(style, "1"), width, "device", "operations/s");
	if (alone)
		fprintf(out, " %12s %8s", "alone", "kept");
	for (p = 0; p < TABLE_PHASES; p++) {
		const char *name = result_text(json_array_get(result_get(result, "phases"), p),
					       "name");
		char *p50 = xasprintf("%s p50", name), *p99 = xasprintf("%s p99", name);

		fprintf(out, " %10s %10s", p50, p99);
		free(p50);
		free(p99);
	}
	fprintf(out, "%s\n", terminal_off(style));
}

static bool all_alone(const struct devices *d)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++)
		if (!d->members[i].absent && !(d->members[i].alone_ops_per_s > 0))
			return false;
	return true;
}

/* Two devices have many warnings in common. */
static void print_warnings(const struct devices *d, struct result **results,
			   struct terminal_style style, FILE *out)
{
	json_t *told = xjson(json_object()), *warning;
	unsigned int i;
	size_t k;

	for (i = 0; i < d->nr; i++) {
		if (!results[i])
			continue;
		json_array_foreach(result_get(result_json(results[i]), "warnings"), k, warning) {
			const char *text = json_string_value(warning);

			if (json_object_get(told, text))
				continue;
			xjson_put(told, text, xjson(json_true()));
			fprintf(out, "%swarning%s     %s\n", terminal_on(style, "33"),
				terminal_off(style), text);
		}
	}
	json_decref(told);
}

static void print_counters(const struct devices *d, struct result **results, FILE *out)
{
	const json_t **all = xcalloc(d->nr, sizeof(*all));
	unsigned int i, n = 0;

	for (i = 0; i < d->nr; i++)
		if (results[i])
			all[n++] = result_get(result_json(results[i]), "counters");
	counters_print_group(all, n, out);
	free(all);
}

static void print_table(const struct devices *d, struct result **results, FILE *out)
{
	struct terminal_style style = terminal_of(out);
	const json_t *first = NULL;
	unsigned int i;
	char *params;
	double sum = 0, alone = 0;
	bool scaling = false;
	int width = 6;

	for (i = 0; i < d->nr; i++) {
		int n = (int)strlen(d->members[i].s->device.name);

		if (!results[i])
			continue;
		first = first ? first : result_json(results[i]);
		width = n > width ? n : width;
		sum += result_number(result_json(results[i]), "throughput.ops_per_s");
		alone += d->members[i].alone_ops_per_s;
		scaling = scaling || d->members[i].alone_ops_per_s > 0;
	}
	params = summary_params(first);
	fprintf(out, "%s%s%s: %s for each of %u devices\n", terminal_on(style, "1"),
		result_text(first, "tool.subcommand"), terminal_off(style), params,
		devices_present(d));
	free(params);
	if (json_is_true(result_get(first, "machine.virtual")))
		fprintf(out, "  %s%s%s\n", terminal_on(style, "33"), VIRTUAL_NOTICE,
			terminal_off(style));
	fputc('\n', out);
	print_head(first, style, width, scaling, out);
	for (i = 0; i < d->nr; i++)
		if (results[i])
			print_row(&d->members[i], result_json(results[i]), width, scaling, out);
	fprintf(out, "%-*s %12s", width, "sum", units_rate(sum).text);
	if (scaling && all_alone(d))
		fprintf(out, " %12s %6.1f %%", units_rate(alone).text, 100 * sum / alone);
	fputc('\n', out);
	print_counters(d, results, out);
	fprintf(out, "\ntogether    began within %s of each other; %u threads on %u CPU%s\n",
		units_time((double)d->skew_ns).text, all_threads(d), d->cpus,
		d->cpus == 1 ? "" : "s");
	print_warnings(d, results, style, out);
}

static int deliver_one(const struct devices *d, const char *point, struct result *r)
{
	struct options o = d->members[0].s->o;
	char *path = o.output && point ? output_point_path(o.output, point) : NULL;
	int ret;

	if (path)
		o.output = path;
	ret = output_deliver(&o, r);
	free(path);
	return ret;
}

int devices_deliver(const struct devices *d, const char *point, struct result **results)
{
	const struct options *o = &d->members[0].s->o;
	unsigned int i, delivered = 0;
	int ret = EXIT_DONE, one;

	if (!d->together)
		return deliver_one(d, point, results[0]);
	for (i = 0; i < d->nr; i++) {
		const char *device = d->members[i].s->device.name;
		char *name, *path;

		if (!results[i])
			continue;
		name = point ? xasprintf("%s-%s", point, device) : xstrdup(device);
		path = o->output ? output_point_path(o->output, name) : NULL;

		free(name);
		one = point_files_deliver(o, results[i], path, !delivered++);
		ret = ret ? ret : one;
	}
	if (!o->quiet && o->format == RESULT_HUMAN)
		print_table(d, results, stdout);
	if (fflush(stdout) || ferror(stdout))
		return error_fail(EXIT_UNABLE, "cannot print the results: %m");
	return ret;
}

int devices_judge(const struct devices *d, struct result **results)
{
	struct delivery_end *ends = xcalloc(d->nr, sizeof(*ends));
	unsigned int i, n = 0;
	int ret;

	for (i = 0; i < d->nr; i++) {
		const struct devices_member *m = &d->members[i];

		if (results[i])
			ends[n++] = (struct delivery_end){
				.end = m->t->end,
				.late = m->late,
				.why = m->t->message,
				.result = results[i],
				.device = m->s->device.name,
			};
	}
	ret = delivery_judge(ends, n, d->together);
	free(ends);
	return ret;
}
