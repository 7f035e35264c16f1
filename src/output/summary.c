// SPDX-License-Identifier: GPL-2.0-only
/*
 * A result as a person reads it on a terminal.
 */
#include "output/summary.h"

#include <math.h>

#include "base/xalloc.h"
#include "counters/print.h"
#include "output/bars.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/words.h"
#include "text/terminal.h"
#include "text/units.h"

#define LINE_WIDTH	98

char *summary_params(const json_t *result)
{
	const struct result_kind *kind = kind_of(result);
	const char *api = result_text(result, "params.api");
	uint64_t size = (uint64_t)result_number(result, "params.size_bytes");
	unsigned int threads = (unsigned int)result_number(result, "params.threads");

	if (kind && kind->headline)
		return kind->headline(result);
	if (!*api)
		return xstrdup(words_domain(result));
	return xasprintf("%s, %s, %s, %u thread%s", api, words_domain(result),
			 units_size(size).text, threads, threads == 1 ? "" : "s");
}

/* What is not said in the first line, and is not just off. */
static void print_more_params(const json_t *params, FILE *out)
{
	static const char *const said[] = {
		"api", "size_bytes", "threads", "domain_type",
		"strategy", "mappings", "range_bytes", "domains", "memory_policy",
		"placement_matrix",
		"access", "pattern", "queue_depth", "fixed_buffers", "polled",
	};
	size_t column = 0, i;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)params, key, value) {
		bool skip = json_is_false(value) || json_is_null(value) ||
			    (json_is_number(value) && json_number_value(value) == 0);
		char *text, *item;

		for (i = 0; i < sizeof(said) / sizeof(said[0]); i++)
			skip = skip || !strcmp(key, said[i]);
		if (skip)
			continue;
		/* These lines stay ASCII, so that they fit any terminal. */
		if (words_end_with(key, "_ns"))
			text = xstrdup(units_time(json_number_value(value)).text);
		else
			text = words_value(key, value);
		if (!*text) {
			free(text);
			continue;
		}
		item = xasprintf("%s=%s", key, text);
		free(text);
		if (!column || column + strlen(item) + 2 > LINE_WIDTH) {
			fprintf(out, "%s  %s", column ? "\n" : "", item);
			column = strlen(item) + 2;
		} else {
			fprintf(out, "  %s", item);
			column += strlen(item) + 2;
		}
		free(item);
	}
	if (column)
		fputc('\n', out);
}

/* " node 0, 2", or what else is known. */
static void print_nodes(const json_t *nodes, const char *unknown, FILE *out)
{
	json_t *element;
	size_t i;

	json_array_foreach((json_t *)nodes, i, element)
		fprintf(out, "%s%.0f", i ? ", " : " node ", result_number(element, "node"));
	if (!json_array_size(nodes))
		fprintf(out, " %s", unknown);
}

/* Prints where memory was, unless node 0 is all that there was. */
static void print_memory(const json_t *result, FILE *out)
{
	static const char *const lists[] = {
		"memory.buffers", "memory.histograms", "memory.page_tables.nodes",
	};
	const char *policy = result_text(result, "params.memory_policy.policy");
	bool worth = *policy && strcmp(policy, "local");
	json_t *element;
	size_t i, k;

	if (!result_get(result, "memory"))
		return;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		json_array_foreach(result_get(result, lists[i]), k, element)
			worth = worth || result_number(element, "node") > 0;
	if (!worth)
		return;
	fprintf(out, "  memory %s: buffers", *policy ? policy : "local");
	print_nodes(result_get(result, lists[0]), "none", out);
	fprintf(out, "; histograms");
	print_nodes(result_get(result, lists[1]), "none", out);
	fprintf(out, "; page tables");
	print_nodes(result_get(result, lists[2]), "unknown", out);
	fputc('\n', out);
}

static void print_machine(const json_t *result, struct terminal_style style, FILE *out)
{
	const char *cpu = result_text(result, "machine.cpu.model");
	const char *soc = result_text(result, "machine.soc.id");
	const char *device = result_text(result, "machine.device.name");
	const char *engine = result_text(result, "machine.device.engine");
	unsigned int cpus = (unsigned int)result_number(result, "machine.cpu.count");

	fprintf(out, "  kernel %s", result_text(result, "machine.kernel"));
	if (*soc)
		fprintf(out, ", %s %s", soc, result_text(result, "machine.soc.revision"));
	if (cpus)
		fprintf(out, ", %u x %s", cpus, *cpu ? cpu : "CPU");
	fprintf(out, ", IOMMU %s", result_text(result, "machine.iommu.kind"));
	if (*device)
		fprintf(out, ", device %s", device);
	if (*engine)
		fprintf(out, " (engine %s)", engine);
	fputc('\n', out);
	if (json_is_true(result_get(result, "machine.virtual")))
		fprintf(out, "  %s%s%s\n", terminal_on(style, "33"), VIRTUAL_NOTICE,
			terminal_off(style));
}

static void print_phases(const json_t *result, const struct result_kind *kind,
			 struct terminal_style style, FILE *out)
{
	static const char *const keys[] = { "min", "mean", "p50", "p90", "p99", "p99_9", "max" };
	const json_t *phases = result_get(result, "phases");
	json_int_t batch = 1, least = INT64_MAX;
	json_t *phase;
	size_t i, j;

	fprintf(out, "\n%s%-14s %10s %9s %9s %9s %9s %9s %9s %9s%s\n", terminal_on(style, "1"),
		kind && kind->latency_of ? kind->latency_of : "latency", "samples", "min", "mean",
		"p50", "p90", "p99", "p99.9", "max", terminal_off(style));
	json_array_foreach((json_t *)phases, i, phase) {
		double count = result_number(phase, "latency_ns.count");

		fprintf(out, "%-14s %10.0f", result_text(phase, "name"), count);
		for (j = 0; j < sizeof(keys) / sizeof(keys[0]); j++) {
			double ns = result_latency(result_get(phase, "latency_ns"), keys[j]);

			fprintf(out, " %9s", count > 0 ? units_time(ns).text : "-");
		}
		fputc('\n', out);
		batch = json_integer_value(result_get(phase, "histogram.batch"));
		least = batch < least ? batch : least;
	}
	if (batch > 1)
		fprintf(out, "each sample is the mean of %" JSON_INTEGER_FORMAT " operations%s\n",
			batch,
			least < batch ? ", but from when it was due it is that of all" : "");
}

/* How far apart the intervals are; the short one at the end of a run says little. */
static void print_series(const json_t *result, FILE *out)
{
	double length = result_number(result, "series.interval_ns"), min = INFINITY, max = 0;
	const json_t *intervals = result_get(result, "series.intervals");
	json_t *element;
	unsigned int n = 0;
	size_t i;

	json_array_foreach((json_t *)intervals, i, element) {
		double ns = result_number(element, "length_ns"), rate;

		if (ns < length / 2)
			continue;
		rate = result_number(element, "ops") / ns * 1e9;
		min = fmin(min, rate);
		max = fmax(max, rate);
		n++;
	}
	if (n > 1)
		fprintf(out, "series      %u intervals of %s: %s to %s operations/s\n", n,
			units_time(length).text, units_rate(min).text, units_rate(max).text);
}

static void print_spread(const json_t *result, FILE *out)
{
	char *runs = words_runs(result);

	if (*runs)
		fprintf(out, "spread      %s: %s to %s a second\n", runs,
			units_rate(result_number(result, "spread.ops_per_s_min")).text,
			units_rate(result_number(result, "spread.ops_per_s_max")).text);
	free(runs);
}

/* The IOMMU's own word on the accesses that the checks call refused. */
static void print_faults(const json_t *result, FILE *out)
{
	double lines = result_number(result, "fault_reports.of_device") +
		       result_number(result, "fault_reports.of_unknown");
	bool limited = json_is_true(result_get(result, "fault_reports.limited"));

	if (!result_get(result, "fault_reports"))
		return;
	fprintf(out, "refused     %.0f accesses; ",
		result_number(result, "fault_reports.refused"));
	if (limited && !lines)
		fputs("the kernel's log took no more lines about faults just then", out);
	else
		fprintf(out, "the kernel's log has %.0f%s faults of the device", lines,
			limited ? " (as many as it takes)" : "");
	if (result_number(result, "fault_reports.of_unknown") > 0)
		fputs(" or of another one at its IOMMU", out);
	fputc('\n', out);
}

static void print_rest(const json_t *result, const struct result_kind *kind,
		       struct terminal_style style, FILE *out)
{
	const json_t *background = result_get(result, "background");
	json_t *element;
	size_t i;

	fprintf(out, "throughput  %s %s/s (%.0f in %.3g s)\n",
		units_rate(result_number(result, "throughput.ops_per_s")).text,
		kind && kind->ops ? kind->ops : "operations",
		result_number(result, "throughput.ops"),
		result_number(result, "throughput.seconds"));
	if (result_get(result, "throughput.offered"))
		fprintf(out, "offered     %.0f were due in time, %.0f of them were begun\n",
			result_number(result, "throughput.offered"),
			result_number(result, "throughput.begun"));
	print_spread(result, out);
	print_series(result, out);
	fprintf(out, "harness     %s an operation, included in the latencies; clock %s",
		units_time(result_number(result, "harness.overhead_ns")).text,
		result_text(result, "machine.clock.name"));
	fprintf(out, " at %sHz, resolution %s\n",
		units_rate(result_number(result, "machine.clock.frequency_hz")).text,
		units_time(result_number(result, "machine.clock.resolution_ns")).text);
	if (background) {
		fprintf(out, "background  %s of %s: %s requests/s",
			result_text(result, "background.kind"),
			result_text(result, "background.block_device"),
			units_rate(result_number(result, "background.ops_per_s")).text);
		fprintf(out, ", p50 %s",
			units_time(result_latency(json_object_get(background, "latency_ns"),
						  "p50")).text);
		fprintf(out, ", p99 %s\n",
			units_time(result_latency(json_object_get(background, "latency_ns"),
						  "p99")).text);
	}
	json_array_foreach(result_get(result, "checks"), i, element) {
		double count = result_number(element, "count");
		double failures = result_number(element, "failures");

		fprintf(out, "check       %s: ", result_text(element, "name"));
		if (failures > 0)
			fprintf(out, "%s%.0f of %.0f FAILED%s\n", terminal_on(style, "1;31"),
				failures, count, terminal_off(style));
		else
			fprintf(out, "%.0f of %.0f passed\n", count, count);
	}
	print_faults(result, out);
	if (!json_is_true(result_get(result, "complete"))) {
		const char *message = result_text(result, "end.message");

		fprintf(out, "%sINCOMPLETE%s  ended early: %s%s%s\n", terminal_on(style, "1;33"),
			terminal_off(style), result_text(result, "end.reason"), *message ? ": " : "",
			message);
	}
	json_array_foreach(result_get(result, "warnings"), i, element)
		fprintf(out, "%swarning%s     %s\n", terminal_on(style, "33"), terminal_off(style),
			json_string_value(element));
}

void summary_print(const json_t *result, FILE *out)
{
	const struct result_kind *kind = kind_of(result);
	struct terminal_style style = terminal_of(out);
	char *params = summary_params(result);

	fprintf(out, "%s%s%s: %s\n", terminal_on(style, "1"),
		result_text(result, "tool.subcommand"), terminal_off(style), params);
	free(params);
	print_more_params(result_get(result, "params"), out);
	print_memory(result, out);
	print_machine(result, style, out);
	print_phases(result, kind, style, out);
	if (kind && kind->print)
		kind->print(result, out);
	else
		fputc('\n', out);
	print_rest(result, kind, style, out);
	counters_print(result_get(result, "counters"), out);
	bars_print(result, style, out);
}
