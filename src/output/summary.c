// SPDX-License-Identifier: GPL-2.0-only
/*
 * A result as a person reads it on a terminal.
 */
#include "output/summary.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <unistd.h>

#include "base/stats.h"
#include "base/xalloc.h"
#include "counters/print.h"
#include "flush/view/summary.h"
#include "io/view/summary.h"
#include "result/result.h"
#include "text/units.h"

#define LINE_WIDTH	98
#define BAR_CELLS	24
#define MAX_BINS	12
#define MAX_BARS	2

struct style style_of(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	struct style style = { 0 };

	if (locale) {
		style.utf8 = !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
		freelocale(locale);
	}
	style.colour = isatty(fileno(out)) && !(no_colour && *no_colour) &&
		       !(term && !strcmp(term, "dumb"));
	return style;
}

const char *style_on(struct style style, const char *code)
{
	static char sequence[16];

	if (!style.colour)
		return "";
	snprintf(sequence, sizeof(sequence), "\033[%sm", code);
	return sequence;
}

const char *style_off(struct style style)
{
	return style.colour ? "\033[0m" : "";
}

const char *summary_domain(const json_t *result)
{
	const char *type = result_text(result, "machine.iommu.domain_type");

	if (!strncmp(result_text(result, "params.api"), "iommu", 5))
		return "own domain";
	if (!strcmp(type, "none"))
		return "no IOMMU";
	return *type ? type : "other";
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static char *number_value(const char *key, const json_t *value)
{
	double number = json_number_value(value);

	if (ends_with(key, "_ns"))
		return xstrdup(units_time_utf8(number).text);
	if ((ends_with(key, "_bytes") || !strcmp(key, "page_sizes")) && number >= 0)
		return xstrdup(units_size((uint64_t)number).text);
	if (ends_with(key, "_hz"))
		return xasprintf("%sHz", units_rate(number).text);
	if (ends_with(key, "_per_s"))
		return xasprintf("%s/s", units_rate(number).text);
	if (json_is_integer(value))
		return xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return xasprintf("%.6g", number);
}

static char *list_value(const char *key, const json_t *value)
{
	char *text = xstrdup("");
	json_t *element;
	size_t i;

	json_array_foreach((json_t *)value, i, element) {
		char *one = summary_value(key, element);
		char *longer = xasprintf("%s%s%s", text, *text ? ", " : "", one);

		free(one);
		free(text);
		text = longer;
	}
	return text;
}

char *summary_value(const char *key, const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		return xstrdup(json_string_value(value));
	case JSON_INTEGER:
	case JSON_REAL:
		return number_value(key, value);
	case JSON_TRUE:
		return xstrdup("yes");
	case JSON_FALSE:
		return xstrdup("no");
	case JSON_ARRAY:
		return list_value(key, value);
	case JSON_OBJECT:
		return xcheck(json_dumps(value, JSON_COMPACT));
	default:
		return xstrdup("");
	}
}

static bool is_flush(const json_t *result)
{
	return !strcmp(result_text(result, "tool.subcommand"), "tlb-flush");
}

static bool is_io(const json_t *result)
{
	return !strcmp(result_text(result, "tool.subcommand"), "io");
}

char *summary_params(const json_t *result)
{
	const char *api = result_text(result, "params.api");
	uint64_t size = (uint64_t)result_number(result, "params.size_bytes");
	unsigned int threads = (unsigned int)result_number(result, "params.threads");

	if (is_flush(result))
		return flush_summary_params(result);
	if (is_io(result))
		return io_summary_params(result);
	if (!*api)
		return xstrdup(summary_domain(result));
	return xasprintf("%s, %s, %s, %u thread%s", api, summary_domain(result),
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
		if (ends_with(key, "_ns"))
			text = xstrdup(units_time(json_number_value(value)).text);
		else
			text = summary_value(key, value);
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

/* Where memory was, unless node 0 is all that there was. */
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

static void print_machine(const json_t *result, struct style style, FILE *out)
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
		fprintf(out, "  %s%s%s\n", style_on(style, "33"), VIRTUAL_NOTICE, style_off(style));
}

static void print_phases(const json_t *result, struct style style, FILE *out)
{
	static const char *const keys[] = { "min", "mean", "p50", "p90", "p99", "p99_9", "max" };
	const json_t *phases = result_get(result, "phases");
	json_int_t batch = 1;
	json_t *phase;
	size_t i, j;

	fprintf(out, "\n%s%-14s %10s %9s %9s %9s %9s %9s %9s %9s%s\n", style_on(style, "1"),
		is_flush(result) ? "of a round" : "latency", "samples", "min", "mean", "p50",
		"p90", "p99", "p99.9", "max", style_off(style));
	json_array_foreach((json_t *)phases, i, phase) {
		double count = result_number(phase, "latency_ns.count");

		fprintf(out, "%-14s %10.0f", result_text(phase, "name"), count);
		for (j = 0; j < sizeof(keys) / sizeof(keys[0]); j++) {
			const json_t *value = json_object_get(result_get(phase, "latency_ns"),
							      keys[j]);

			fprintf(out, " %9s",
				count > 0 ? units_time(json_number_value(value)).text : "-");
		}
		fputc('\n', out);
		batch = json_integer_value(result_get(phase, "histogram.batch"));
	}
	if (batch > 1)
		fprintf(out, "each sample is the mean of %" JSON_INTEGER_FORMAT " operations\n",
			batch);
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

static void print_rest(const json_t *result, struct style style, FILE *out)
{
	json_t *element;
	size_t i;

	fprintf(out, "%sthroughput  %s %s/s (%.0f in %.3g s)\n", is_flush(result) ? "" : "\n",
		units_rate(result_number(result, "throughput.ops_per_s")).text,
		is_flush(result) ? "mappings" : "operations",
		result_number(result, "throughput.ops"),
		result_number(result, "throughput.seconds"));
	print_series(result, out);
	fprintf(out, "harness     %s an operation, included in the latencies; clock %s",
		units_time(result_number(result, "harness.overhead_ns")).text,
		result_text(result, "machine.clock.name"));
	fprintf(out, " at %sHz, resolution %s\n",
		units_rate(result_number(result, "machine.clock.frequency_hz")).text,
		units_time(result_number(result, "machine.clock.resolution_ns")).text);
	if (result_get(result, "background")) {
		fprintf(out, "background  %s of %s: %s requests/s",
			result_text(result, "background.kind"),
			result_text(result, "background.block_device"),
			units_rate(result_number(result, "background.ops_per_s")).text);
		fprintf(out, ", p50 %s",
			units_time(result_number(result, "background.latency_ns.p50")).text);
		fprintf(out, ", p99 %s\n",
			units_time(result_number(result, "background.latency_ns.p99")).text);
	}
	json_array_foreach(result_get(result, "checks"), i, element) {
		double count = result_number(element, "count");
		double failures = result_number(element, "failures");

		fprintf(out, "check       %s: ", result_text(element, "name"));
		if (failures > 0)
			fprintf(out, "%s%.0f of %.0f FAILED%s\n", style_on(style, "1;31"), failures,
				count, style_off(style));
		else
			fprintf(out, "%.0f of %.0f passed\n", count, count);
	}
	if (!json_is_true(result_get(result, "complete"))) {
		const char *message = result_text(result, "end.message");

		fprintf(out, "%sINCOMPLETE%s  ended early: %s%s%s\n", style_on(style, "1;33"),
			style_off(style), result_text(result, "end.reason"), *message ? ": " : "",
			message);
	}
	json_array_foreach(result_get(result, "warnings"), i, element)
		fprintf(out, "%swarning%s     %s\n", style_on(style, "33"), style_off(style),
			json_string_value(element));
}

/* Steps of a scale within a decade, from fine to coarse. */
static const struct {
	unsigned int n;
	double step[10];
} scales[] = {
	{ 10, { 1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8 } },
	{ 5, { 1, 1.6, 2.5, 4, 6.4 } },
	{ 3, { 1, 2, 5 } },
	{ 1, { 1 } },
};

struct bins {
	unsigned int n;
	double edge[MAX_BINS + 1];
};

/* The finest scale that covers min to max with few enough bins. */
static void choose_bins(struct bins *bins, double min, double max)
{
	size_t s;

	for (s = 0; s < sizeof(scales) / sizeof(scales[0]); s++) {
		double decade = pow(10, floor(log10(min)) - 1);
		unsigned int i = 0, n = 0;

		for (;;) {
			double edge = scales[s].step[i] * decade;

			/* Of the edges up to min, only the last counts. */
			if (edge <= min)
				n = 0;
			bins->edge[n] = edge;
			if (edge > max)
				break;
			if (++n > MAX_BINS)
				break;
			if (++i == scales[s].n) {
				i = 0;
				decade *= 10;
			}
		}
		bins->n = n;
		if (n <= MAX_BINS)
			return;
	}
	/* More decades than bins: the last one takes the rest. */
	bins->n = MAX_BINS;
	bins->edge[MAX_BINS] = INFINITY;
}

static void count_bins(const struct bins *bins, const struct iommubench_hist *h, double scale,
		       double *share)
{
	unsigned int i, bin = 0;

	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		double value = (double)iommubench_hist_bucket_low(i) +
			       (double)iommubench_hist_bucket_width(i) / 2;

		if (!h->buckets[i])
			continue;
		value = fmin(fmax(value, (double)h->min), (double)h->max) * scale;
		while (bin < bins->n - 1 && value >= bins->edge[bin + 1])
			bin++;
		share[bin] += (double)h->buckets[i] / (double)h->count;
	}
}

/* A bar of at most BAR_CELLS cells, in eighths of a cell where the letters allow it. */
static void print_bar(FILE *out, double share, struct style style)
{
	static const char *const eighths[] = {
		"", "▏", "▎", "▍", "▌", "▋", "▊", "▉",
	};
	int full, part = 0, i;

	if (style.utf8) {
		int cells8 = (int)lround(share * BAR_CELLS * 8);

		if (share > 0 && !cells8)
			cells8 = 1;
		full = cells8 / 8;
		part = cells8 % 8;
	} else {
		full = (int)lround(share * BAR_CELLS);
	}
	fputs(style_on(style, "36"), out);
	for (i = 0; i < full; i++)
		fputs(style.utf8 ? "█" : "#", out);
	if (part)
		fputs(eighths[part], out);
	else if (share > 0 && !full)
		fputc('.', out);
	fputs(style_off(style), out);
	for (i = full + (part || (share > 0 && !full)); i < BAR_CELLS; i++)
		fputc(' ', out);
}

static void print_share(FILE *out, double share)
{
	if (share <= 0)
		fprintf(out, " %8s", "");
	else if (share < 0.0001)
		fprintf(out, " %8s", "<0.01 %");
	else
		fprintf(out, " %6.2f %%", share * 100);
}

/* Not all fit: for tlb-flush the two that a strategy is chosen by. */
static bool has_bars(const json_t *result, const json_t *phase)
{
	const char *name = result_text(phase, "name");

	return !is_flush(result) || !strcmp(name, "total") || !strcmp(name, "exposure");
}

static void print_histograms(const json_t *result, struct style style, FILE *out)
{
	struct iommubench_hist *h = xcalloc(MAX_BARS, sizeof(*h));
	double share[MAX_BARS][MAX_BINS] = { 0 };
	const char *name[MAX_BARS];
	double min = INFINITY, max = 0, scale[MAX_BARS];
	unsigned int n = 0, i, bin;
	struct bins bins;
	json_t *phase;
	size_t p;

	json_array_foreach(result_get(result, "phases"), p, phase) {
		if (n == MAX_BARS)
			break;
		if (!has_bars(result, phase))
			continue;
		if (!result_phase_hist(phase, &h[n], &scale[n]) || !h[n].count)
			continue;
		min = fmin(min, (double)h[n].min * scale[n]);
		max = fmax(max, (double)h[n].max * scale[n]);
		name[n++] = result_text(phase, "name");
	}
	if (!n)
		goto out;
	/* A clock too coarse to see the shortest ones shows them as 0. */
	choose_bins(&bins, fmax(min, 1), fmax(max, 1));
	for (i = 0; i < n; i++)
		count_bins(&bins, &h[i], scale[i], share[i]);

	fprintf(out, "\n%s%-19s", style_on(style, "1"), "samples from..to");
	for (i = 0; i < n; i++)
		fprintf(out, " %-*s", BAR_CELLS + 10, name[i]);
	fprintf(out, "%s\n", style_off(style));
	for (bin = 0; bin < bins.n; bin++) {
		fprintf(out, "%8s", units_time(bins.edge[bin]).text);
		fprintf(out, " %9s ", isinf(bins.edge[bin + 1]) ? "more" :
			units_time(bins.edge[bin + 1]).text);
		for (i = 0; i < n; i++) {
			fputc(' ', out);
			print_bar(out, share[i][bin], style);
			print_share(out, share[i][bin]);
		}
		fputc('\n', out);
	}
out:
	free(h);
}

void summary_print(const json_t *result, FILE *out)
{
	struct style style = style_of(out);
	char *params = summary_params(result);

	fprintf(out, "%s%s%s: %s\n", style_on(style, "1"), result_text(result, "tool.subcommand"),
		style_off(style), params);
	free(params);
	print_more_params(result_get(result, "params"), out);
	print_memory(result, out);
	print_machine(result, style, out);
	print_phases(result, style, out);
	if (is_flush(result))
		flush_summary_print(result, out);
	if (is_io(result))
		io_summary_print(result, out);
	print_rest(result, style, out);
	counters_print(result_get(result, "counters"), out);
	print_histograms(result, style, out);
}
