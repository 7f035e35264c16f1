// SPDX-License-Identifier: GPL-2.0-only
/*
 * What several devices say together: a key in each result, and a table.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/xalloc.h"
#include "counters/print.h"
#include "measure/group.h"
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

static unsigned int devices_of(const struct group *g)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr; i++)
		n += !g->members[i].absent;
	return n;
}

static unsigned int all_threads(const struct group *g)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr; i++)
		n += g->members[i].absent ? 0 : g->members[i].desc.threads;
	return n;
}

double group_ops_per_s(const struct group_member *m)
{
	uint64_t ops = 0;
	unsigned int i;

	for (i = 0; i < m->t->nr_threads; i++)
		ops += m->t->threads[i].ops;
	return m->t->ticks ? (double)ops * (double)m->t->clock_hz / (double)m->t->ticks : 0;
}

static json_t *describe_fairness(const struct group *g)
{
	double min = 0, max = 0, rate;
	json_t *j = xjson(json_object());
	bool first = true;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		if (g->members[i].absent)
			continue;
		rate = group_ops_per_s(&g->members[i]);
		min = first || rate < min ? rate : min;
		max = rate > max ? rate : max;
		first = false;
	}
	xjson_put(j, "min_ops_per_s", xjson(json_real(min)));
	xjson_put(j, "max_ops_per_s", xjson(json_real(max)));
	xjson_put(j, "ratio", xjson(json_real(max > 0 ? min / max : 1)));
	return j;
}

static uint64_t start_ns(const struct group *g, const struct group_member *m)
{
	return m->start_tick ? clock_to_ns(m->start_tick - g->begin_tick, m->t->clock_hz) : 0;
}

void group_report(const struct group *g, unsigned int i, struct result *r)
{
	const struct group_member *m = &g->members[i];
	const struct options *o = &m->s->o;
	double together = result_number(result_json(r), "throughput.ops_per_s");
	json_t *j = xjson(json_object()), *devices = xjson(json_array());
	unsigned int k;
	uint64_t begin = clock_to_ns(g->begin_tick, m->t->clock_hz);
	char *id = xasprintf("%" PRIx64, begin);

	for (k = 0; k < g->nr; k++)
		if (!g->members[k].absent)
			xjson_add(devices, xjson_text(g->members[k].s->device.name));
	json_put_text(j, "id", id);
	free(id);
	xjson_put(j, "devices", devices);
	json_put_number(j, "begin_ns", begin);
	json_put_number(j, "start_ns", start_ns(g, m));
	json_put_number(j, "skew_ns", g->skew_ns);
	if (m->alone_ops_per_s > 0) {
		xjson_put(j, "alone_ops_per_s", xjson(json_real(m->alone_ops_per_s)));
		xjson_put(j, "kept", xjson(json_real(together / m->alone_ops_per_s)));
	}
	xjson_put(j, "fairness", describe_fairness(g));
	xjson_put(result_json(r), "group", j);
	if (all_threads(g) > g->cpus)
		result_add_warning(r, "%u threads of %u devices share %u CPU%s: latencies include waiting for a CPU",
				   all_threads(g), devices_of(g), g->cpus,
				   g->cpus == 1 ? "" : "s");
	if (o->duration_ns && g->skew_ns > o->duration_ns / SKEW_SHARE)
		result_add_warning(r, "the devices began %s apart, which is much of a run of %s: make runs longer",
				   units_time((double)g->skew_ns).text,
				   units_time((double)o->duration_ns).text);
}

static double phase_number(const json_t *result, size_t phase, const char *key)
{
	return result_number(json_array_get(result_get(result, "phases"), phase), key);
}

static void print_row(const struct group_member *m, const json_t *result, int width, bool alone,
		      FILE *out)
{
	static const char *const keys[] = { "latency_ns.p50", "latency_ns.p99" };
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
			fprintf(out, " %10s", phase_number(result, p, "latency_ns.count") > 0 ?
				units_time(phase_number(result, p, keys[k])).text : "-");
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

static bool all_alone(const struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++)
		if (!g->members[i].absent && !(g->members[i].alone_ops_per_s > 0))
			return false;
	return true;
}

/* Two devices have many warnings in common. */
static void print_warnings(const struct group *g, struct result **results, struct terminal_style style,
			   FILE *out)
{
	json_t *told = xjson(json_object()), *warning;
	unsigned int i;
	size_t k;

	for (i = 0; i < g->nr; i++) {
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

static void print_counters(const struct group *g, struct result **results, FILE *out)
{
	const json_t **all = xcalloc(g->nr, sizeof(*all));
	unsigned int i, n = 0;

	for (i = 0; i < g->nr; i++)
		if (results[i])
			all[n++] = result_get(result_json(results[i]), "counters");
	counters_print_group(all, n, out);
	free(all);
}

static void print_table(const struct group *g, struct result **results, FILE *out)
{
	struct terminal_style style = terminal_of(out);
	const json_t *first = NULL;
	unsigned int i;
	char *params;
	double sum = 0, alone = 0;
	bool scaling = false;
	int width = 6;

	for (i = 0; i < g->nr; i++) {
		int n = (int)strlen(g->members[i].s->device.name);

		if (!results[i])
			continue;
		first = first ? first : result_json(results[i]);
		width = n > width ? n : width;
		sum += result_number(result_json(results[i]), "throughput.ops_per_s");
		alone += g->members[i].alone_ops_per_s;
		scaling = scaling || g->members[i].alone_ops_per_s > 0;
	}
	params = summary_params(first);
	fprintf(out, "%s%s%s: %s for each of %u devices\n", terminal_on(style, "1"),
		result_text(first, "tool.subcommand"), terminal_off(style), params, devices_of(g));
	free(params);
	if (json_is_true(result_get(first, "machine.virtual")))
		fprintf(out, "  %s%s%s\n", terminal_on(style, "33"), VIRTUAL_NOTICE,
			terminal_off(style));
	fputc('\n', out);
	print_head(first, style, width, scaling, out);
	for (i = 0; i < g->nr; i++)
		if (results[i])
			print_row(&g->members[i], result_json(results[i]), width, scaling, out);
	fprintf(out, "%-*s %12s", width, "sum", units_rate(sum).text);
	if (scaling && all_alone(g))
		fprintf(out, " %12s %6.1f %%", units_rate(alone).text, 100 * sum / alone);
	fputc('\n', out);
	print_counters(g, results, out);
	fprintf(out, "\ntogether    began within %s of each other; %u threads on %u CPU%s\n",
		units_time((double)g->skew_ns).text, all_threads(g), g->cpus,
		g->cpus == 1 ? "" : "s");
	print_warnings(g, results, style, out);
}

int group_deliver(const struct group *g, const struct options *o, const char *point,
		  struct result **results)
{
	unsigned int i, delivered = 0;
	int ret = EXIT_DONE, one;

	for (i = 0; i < g->nr; i++) {
		const char *device = g->members[i].s->device.name;
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
		print_table(g, results, stdout);
	if (fflush(stdout) || ferror(stdout))
		return fail(EXIT_UNABLE, "cannot print the results: %m");
	return ret;
}

static int judge_one(const struct group_member *m, const struct result *r)
{
	const char *name = m->s->device.name;
	const char *message = *m->t->message ? m->t->message : "no reason is known";
	int failures = result_failures(r);

	if (failures)
		return fail(EXIT_CHECK_FAILED, "%s: %d check%s failed: %s", name, failures,
			    failures == 1 ? "" : "s", message);
	if (run_ended_well(m->t->end))
		return EXIT_DONE;
	if (m->t->end == IOMMUBENCH_END_REMOVED)
		return fail(EXIT_UNABLE, "device %s went away during the run: its result holds what was measured until then",
			    name);
	if (m->t->end == IOMMUBENCH_END_STOPPED && !m->late)
		return EXIT_INTERRUPTED;
	return fail(EXIT_UNABLE, "%s: %s; its result holds what was measured until then", name,
		    message);
}

int group_judge(const struct group *g, struct result **results)
{
	bool stopped = false, unable = false, failed = false;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		int ret = !results[i] ? EXIT_DONE :
			  judge_one(&g->members[i], results[i]);

		failed = failed || ret == EXIT_CHECK_FAILED;
		unable = unable || ret == EXIT_UNABLE;
		stopped = stopped || ret == EXIT_INTERRUPTED;
	}
	if (failed)
		return EXIT_CHECK_FAILED;
	if (stopped)
		return fail(EXIT_INTERRUPTED, "interrupted: the results hold what was measured until then");
	return unable ? EXIT_UNABLE : EXIT_DONE;
}
