// SPDX-License-Identifier: GPL-2.0-only
#include "flush/view/table.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "flush/view/crossover.h"
#include "output/summary.h"
#include "result/read.h"
#include "result/words.h"
#include "text/terminal.h"
#include "text/units.h"

/* A median of fewer says little. */
#define FEW_ROUNDS	10

/* A column is left out when all rows have the same there and the heading can say it. */
struct columns {
	bool size;
	bool threads;
	bool domains;
	bool exposure;
	bool commands;
};

static const json_t *find_phase(const json_t *result, const char *name)
{
	json_t *phase;
	size_t i;

	json_array_foreach(result_get(result, "phases"), i, phase)
		if (!strcmp(result_text(phase, "name"), name))
			return result_number(phase, "latency_ns.count") > 0 ? phase : NULL;
	return NULL;
}

static struct units phase_time(const json_t *result, const char *name, const char *figure,
			       double share)
{
	const json_t *phase = find_phase(result, name);
	struct units none = { "-" };

	if (!phase)
		return none;
	return units_time(result_latency(result_get(phase, "latency_ns"), figure) * share);
}

static bool differ(json_t *const *results, size_t n, const char *path)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (!json_equal(result_get(results[0], path), result_get(results[i], path)))
			return true;
	return false;
}

static bool any_true(json_t *const *results, size_t n, const char *path)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (json_is_true(result_get(results[i], path)))
			return true;
	return false;
}

static void print_heading(const json_t *first, const struct columns *c, FILE *out)
{
	struct terminal_style style = terminal_of(out);
	double threads = result_number(first, "params.threads");

	fprintf(out, "%stlb-flush%s: a round maps a range and unmaps it; medians of a round",
		terminal_on(style, "1"), terminal_off(style));
	if (!c->size)
		fprintf(out, ", mappings of %s",
			units_size((uint64_t)result_number(first, "params.size_bytes")).text);
	if (!c->threads)
		fprintf(out, ", %.0f thread%s", threads, threads == 1 ? "" : "s");
	if (!c->domains && strcmp(result_text(first, "params.domains"), "shared"))
		fprintf(out, ", domains %s", result_text(first, "params.domains"));
	fprintf(out, "\n  kernel %s, IOMMU %s, device %s (engine %s)\n",
		result_text(first, "machine.kernel"), result_text(first, "machine.iommu.kind"),
		result_text(first, "machine.device.name"),
		result_text(first, "machine.device.engine"));
	if (json_is_true(result_get(first, "machine.virtual")))
		fprintf(out, "  %s%s%s\n", terminal_on(style, "33"), VIRTUAL_NOTICE,
			terminal_off(style));
}

static void print_names(const struct columns *c, FILE *out)
{
	struct terminal_style style = terminal_of(out);

	fprintf(out, "\n%s%-12s %8s", terminal_on(style, "1"), "strategy", "range");
	if (c->size)
		fprintf(out, " %8s", "mapping");
	if (c->threads)
		fprintf(out, " %4s", "thr.");
	if (c->domains)
		fprintf(out, " %-10s", "domains");
	fprintf(out, " %8s %8s %8s %8s %8s", "map", "unmap", "flush", "un.+fl.", "/mapping");
	if (c->threads)
		fprintf(out, " %8s %5s", "unmaps/s", "fair");
	if (c->exposure)
		fprintf(out, "  %8s %9s %8s", "exposed", "..at most", "accesses");
	if (c->commands)
		fprintf(out, " %8s %6s", "commands", "syncs");
	fprintf(out, "%s\n", terminal_off(style));
}

static void print_exposure(const json_t *result, FILE *out)
{
	if (!json_is_true(result_get(result, "exposure.measured"))) {
		fprintf(out, "  %-27s", "not measured");
		return;
	}
	fprintf(out, "  %8s %9s %8.0f", phase_time(result, "exposure", "p50", 1).text,
		phase_time(result, "exposure", "max", 1).text,
		result_number(result, "exposure.accesses.max"));
}

/* A flush queue sends next to nothing for a round. */
static void print_count(double count, int width, FILE *out)
{
	char text[32];

	if (count >= 10000)
		snprintf(text, sizeof(text), "%s", units_rate(count).text);
	else
		snprintf(text, sizeof(text), count < 1 ? "%.2g" : "%.4g", count);
	fprintf(out, " %*s", width, text);
}

static void print_commands(const json_t *result, FILE *out)
{
	const char *what = result_get(result, "commands.commands_per_round") ?
			   "commands.commands_per_round" : "commands.flushes_per_round";

	if (!json_is_true(result_get(result, "commands.measured"))) {
		fprintf(out, " %8s %6s", "-", "-");
		return;
	}
	print_count(result_number(result, what), 8, out);
	if (result_get(result, "commands.syncs_per_round"))
		print_count(result_number(result, "commands.syncs_per_round"), 6, out);
	else
		fprintf(out, " %6s", "-");
}

static void print_row(const json_t *result, const struct columns *c, FILE *out)
{
	double mappings = result_number(result, "params.mappings");
	double rounds = result_number(find_phase(result, "total"), "latency_ns.count");
	char *runs;

	fprintf(out, "%-12s %8s", result_text(result, "params.strategy"),
		units_size((uint64_t)result_number(result, "params.range_bytes")).text);
	if (c->size)
		fprintf(out, " %8s",
			units_size((uint64_t)result_number(result, "params.size_bytes")).text);
	if (c->threads)
		fprintf(out, " %4.0f", result_number(result, "params.threads"));
	if (c->domains)
		fprintf(out, " %-10s", result_text(result, "params.domains"));
	fprintf(out, " %8s %8s %8s %8s", phase_time(result, "map", "p50", 1).text,
		phase_time(result, "unmap", "p50", 1).text,
		phase_time(result, "flush", "p50", 1).text,
		phase_time(result, "total", "p50", 1).text);
	fprintf(out, " %8s", phase_time(result, "total", "p50",
					mappings > 0 ? 1 / mappings : 1).text);
	if (c->threads)
		fprintf(out, " %8s %5.2f",
			units_rate(result_number(result, "throughput.ops_per_s")).text,
			result_number(result, "fairness.ratio"));
	if (c->exposure)
		print_exposure(result, out);
	if (c->commands)
		print_commands(result, out);
	if (rounds > 0 && rounds < FEW_ROUNDS)
		fprintf(out, "  %.0f round%s", rounds, rounds == 1 ? "" : "s");
	runs = words_runs(result);
	if (*runs)
		fprintf(out, "  %s", runs);
	free(runs);
	if (!json_is_true(result_get(result, "complete")))
		fputs("  INCOMPLETE", out);
	fputc('\n', out);
}

/* Prints why a column is not there. */
static void print_reason(const json_t *result, const char *what, FILE *out)
{
	fprintf(out, "%-11s not measured: %s\n", what,
		result_text(result_get(result, what), "reason"));
}

static void print_sentences(json_t *const *results, size_t n, FILE *out)
{
	json_t *sentences = crossover_sentences(results, n), *sentence;
	size_t i;

	json_array_foreach(sentences, i, sentence)
		fprintf(out, "%scrossover   %s\n", i ? "" : "\n", json_string_value(sentence));
	if (json_array_size(sentences))
		fputs("            (for the CPU that unmaps; what a flush takes from other mappings is not in it)\n",
		      out);
	json_decref(sentences);
}

void flush_table_print(json_t *const *results, size_t n, FILE *out)
{
	struct columns c;
	size_t i;

	if (!n)
		return;
	c = (struct columns){
		.size = differ(results, n, "params.size_bytes"),
		.threads = differ(results, n, "params.threads"),
		.domains = differ(results, n, "params.domains"),
		.exposure = any_true(results, n, "exposure.measured"),
		.commands = any_true(results, n, "commands.measured"),
	};
	print_heading(results[0], &c, out);
	print_names(&c, out);
	for (i = 0; i < n; i++)
		print_row(results[i], &c, out);
	if (!c.exposure)
		print_reason(results[0], "exposure", out);
	if (!c.commands)
		print_reason(results[0], "commands", out);
	print_sentences(results, n, out);
}
