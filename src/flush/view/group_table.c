// SPDX-License-Identifier: GPL-2.0-only
#include "flush/view/group_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "flush/view/crossover.h"
#include "flush/view/summary.h"
#include "output/summary.h"
#include "result/read.h"
#include "text/json.h"
#include "text/terminal.h"
#include "text/units.h"

/**
 * struct columns - what the table has
 * @device: width of the devices' names
 * @alone: devices were measured by themselves as well
 * @exposure: how long devices got through was measured
 */
struct columns {
	int device;
	bool alone;
	bool exposure;
};

static const char *device_of(const json_t *result)
{
	return result_text(result, "machine.device.name");
}

/* A figure of a phase, "-" when it has no samples. */
static struct units time_of(const json_t *result, const char *name, const char *key)
{
	struct units none = { "-" };
	json_t *phase;
	size_t i;

	json_array_foreach(result_get(result, "phases"), i, phase) {
		const json_t *latency = result_get(phase, "latency_ns");

		if (!strcmp(result_text(phase, "name"), name) &&
		    result_number(latency, "count") > 0)
			return units_time(result_latency(latency, key));
	}
	return none;
}

static struct columns columns_of(json_t *const *results, size_t n)
{
	struct columns c = { .device = (int)strlen("device") };
	size_t i;

	for (i = 0; i < n; i++) {
		int width = (int)strlen(device_of(results[i]));

		c.device = width > c.device ? width : c.device;
		c.alone = c.alone || result_get(results[i], "group.alone_ops_per_s");
		c.exposure = c.exposure ||
			     json_is_true(result_get(results[i], "exposure.measured"));
	}
	return c;
}

static void print_heading(const json_t *first, FILE *out)
{
	struct terminal_style style = terminal_of(out);

	fprintf(out, "%stlb-flush%s on several devices at the same time: a round maps a range and unmaps it\n",
		terminal_on(style, "1"), terminal_off(style));
	fprintf(out, "  kernel %s, IOMMU %s\n", result_text(first, "machine.kernel"),
		result_text(first, "machine.iommu.kind"));
	if (json_is_true(result_get(first, "machine.virtual")))
		fprintf(out, "  %s%s%s\n", terminal_on(style, "33"), VIRTUAL_NOTICE,
			terminal_off(style));
}

/* What a round costs is a median, and what one in a hundred exceeds. */
static void print_names(const json_t *first, const struct columns *c, FILE *out)
{
	struct terminal_style style = terminal_of(out);
	char *point = flush_summary_params(first);

	fprintf(out, "\n%s%s%s\n", terminal_on(style, "1"), point, terminal_off(style));
	free(point);
	fprintf(out, "  %-*s %10s", c->device, "device", "unmaps/s");
	if (c->alone)
		fprintf(out, " %10s %8s", "alone", "kept");
	fprintf(out, " %10s %9s", "un.+fl.p50", "p99");
	if (c->exposure)
		fprintf(out, " %9s %9s", "exposed", "..at most");
	fputc('\n', out);
}

static void print_share(double together, double alone, FILE *out)
{
	if (alone > 0)
		fprintf(out, " %10s %6.1f %%", units_rate(alone).text, 100 * together / alone);
	else
		fprintf(out, " %10s %8s", "-", "-");
}

static void print_row(const json_t *result, const struct columns *c, FILE *out)
{
	double rate = result_number(result, "throughput.ops_per_s");

	fprintf(out, "  %-*s %10s", c->device, device_of(result), units_rate(rate).text);
	if (c->alone)
		print_share(rate, result_number(result, "group.alone_ops_per_s"), out);
	fprintf(out, " %10s %9s", time_of(result, "total", "p50").text,
		time_of(result, "total", "p99").text);
	if (c->exposure)
		fprintf(out, " %9s %9s", time_of(result, "exposure", "p50").text,
			time_of(result, "exposure", "max").text);
	if (!json_is_true(result_get(result, "complete")))
		fprintf(out, "  %s", result_text(result, "end.reason"));
	fputc('\n', out);
}

static void print_sum(json_t *const *results, size_t n, const struct columns *c, FILE *out)
{
	double sum = 0, alone = 0;
	bool all = true;
	size_t i;

	for (i = 0; i < n; i++) {
		sum += result_number(results[i], "throughput.ops_per_s");
		alone += result_number(results[i], "group.alone_ops_per_s");
		all = all && result_number(results[i], "group.alone_ops_per_s") > 0;
	}
	fprintf(out, "  %-*s %10s", c->device, "sum", units_rate(sum).text);
	if (c->alone)
		print_share(sum, all ? alone : 0, out);
	fprintf(out, "\n  began within %s; slowest/fastest device %.2f",
		units_time(result_number(results[0], "group.skew_ns")).text,
		result_number(results[0], "group.fairness.ratio"));
	flush_summary_sends(results[0], "; ", out);
	fputc('\n', out);
}

/* Return: the number of results from the first one on that belong to its point. */
static size_t of_point(json_t *const *results, size_t n)
{
	const json_t *id = result_get(results[0], "group.id");
	size_t i;

	for (i = 1; i < n && json_equal(result_get(results[i], "group.id"), id); i++)
		;
	return i;
}

static bool has_warning(const json_t *result, const json_t *wanted)
{
	json_t *warning;
	size_t i;

	json_array_foreach(result_get(result, "warnings"), i, warning)
		if (json_equal(warning, wanted))
			return true;
	return false;
}

/* Prints what holds for the whole sweep; other warnings are in the results. */
static void print_warnings(json_t *const *results, size_t n, FILE *out)
{
	struct terminal_style style = terminal_of(out);
	json_t *warning;
	bool any = false;
	size_t i, k;

	json_array_foreach(result_get(results[0], "warnings"), i, warning) {
		for (k = 1; k < n && has_warning(results[k], warning); k++)
			;
		if (k < n)
			continue;
		fprintf(out, "%s%swarning%s     %s\n", any ? "" : "\n", terminal_on(style, "33"),
			terminal_off(style), json_string_value(warning));
		any = true;
	}
}

json_t *flush_group_sentences(json_t *const *results, size_t n)
{
	json_t **own = xcalloc(n, sizeof(*own)), *all = xjson(json_array()), *sentence;
	size_t i, k, j, nr;

	for (i = 0; i < n; i++) {
		for (k = 0; k < i && strcmp(device_of(results[k]), device_of(results[i])); k++)
			;
		if (k < i)
			continue;
		for (nr = 0; k < n; k++)
			if (!strcmp(device_of(results[k]), device_of(results[i])))
				own[nr++] = results[k];
		json_t *sentences = crossover_sentences(own, nr);

		json_array_foreach(sentences, j, sentence) {
			char *text = xasprintf("%s: %s", device_of(results[i]),
					       json_string_value(sentence));

			xjson_add(all, xjson_text(text));
			free(text);
		}
		json_decref(sentences);
	}
	free(own);
	return all;
}

void flush_group_table_print(json_t *const *results, size_t n, FILE *out)
{
	struct columns c = columns_of(results, n);
	json_t *sentences, *sentence;
	size_t i, k, nr;

	if (!n)
		return;
	print_heading(results[0], out);
	for (i = 0; i < n; i += nr) {
		nr = of_point(results + i, n - i);
		print_names(results[i], &c, out);
		for (k = i; k < i + nr; k++)
			print_row(results[k], &c, out);
		print_sum(results + i, nr, &c, out);
	}
	sentences = flush_group_sentences(results, n);
	json_array_foreach(sentences, i, sentence)
		fprintf(out, "%scrossover   %s\n", i ? "" : "\n", json_string_value(sentence));
	json_decref(sentences);
	print_warnings(results, n, out);
}
