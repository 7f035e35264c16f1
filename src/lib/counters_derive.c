// SPDX-License-Identifier: GPL-2.0-only
#include "lib/counters_derive.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/result.h"
#include "lib/xalloc.h"

/* What one thing is called by libpfm4 on different CPUs, or by a PMU. */
static const char *const cycles[] = { "cycles", "CPU_CYCLES", "UNHALTED_CORE_CYCLES", NULL };
static const char *const instructions[] = { "instructions", "INST_RETIRED", "INSTRUCTION_RETIRED",
					    NULL };
static const char *const tlb_misses[] = { "tlb_miss", NULL };
static const char *const transactions[] = { "transaction", NULL };
static const char *const walks[] = { "trans_table_walk_access", NULL };
static const char *const commands[] = { "commands", NULL };
static const char *const syncs[] = { "syncs", NULL };

/**
 * struct ratio - a figure that follows from one or two counters
 * @name: of the figure
 * @of: what is counted
 * @per: what it is divided by, NULL for operations
 * @unit: of the figure
 */
struct ratio {
	const char *name;
	const char *const *of;
	const char *const *per;
	const char *unit;
};

static const struct ratio ratios[] = {
	{ "instructions_per_cycle", instructions, cycles, "instructions/cycle" },
	{ "instructions_per_op", instructions, NULL, "instructions/operation" },
	{ "tlb_misses_per_op", tlb_misses, NULL, "misses/operation" },
	{ "tlb_misses_per_transaction", tlb_misses, transactions, "misses/transaction" },
	{ "walk_accesses_per_op", walks, NULL, "accesses/operation" },
	{ "commands_per_unmap", commands, NULL, "commands/unmap" },
	{ "syncs_per_unmap", syncs, NULL, "syncs/unmap" },
};

static bool is_total(const json_t *counter)
{
	return !json_object_get(counter, "thread") && !json_object_get(counter, "cpu");
}

/* "PMU/EVENT/" is meant by EVENT. */
static bool is_one_of(const json_t *counter, const char *const *names)
{
	const char *name = result_text(counter, "name"), *pmu = result_text(counter, "pmu");
	size_t n = strlen(pmu);
	char event[128];

	if (n && !strncmp(name, pmu, n) && name[n] == '/') {
		snprintf(event, sizeof(event), "%.*s", (int)strcspn(name + n + 1, "/"),
			 name + n + 1);
		name = event;
	}
	for (; *names; names++)
		if (!strcasecmp(name, *names))
			return true;
	return false;
}

/* The other counter of the same PMU. */
static const json_t *partner(const json_t *all, size_t nr, const json_t *counter,
			     const char *const *names)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		const json_t *other = json_array_get(all, i);

		if (is_total(other) && is_one_of(other, names) &&
		    !strcmp(result_text(other, "pmu"), result_text(counter, "pmu")))
			return other;
	}
	return NULL;
}

static void derive(json_t *all, size_t nr, const json_t *counter, const struct ratio *ratio)
{
	const json_t *other = ratio->per ? partner(all, nr, counter, ratio->per) : NULL;
	const char *pmu = result_text(counter, "pmu");
	double value;
	json_t *j;

	if (ratio->per) {
		if (!other || result_number(other, "value") <= 0)
			return;
		value = result_number(counter, "value") / result_number(other, "value");
	} else {
		if (!json_object_get(counter, "per_op"))
			return;
		value = result_number(counter, "per_op");
	}
	j = xjson(json_object());
	xjson_put(j, "name", xjson_text(ratio->name));
	xjson_put(j, "source", xjson_text("derived"));
	xjson_put(j, "scope", xjson_text(result_text(counter, "scope")));
	xjson_put(j, "run", xjson_text(result_text(counter, "run")));
	xjson_put(j, "phase", xjson_text(result_text(counter, "phase")));
	xjson_put(j, "value", xjson(json_real(value)));
	xjson_put(j, "unit", xjson_text(ratio->unit));
	if (*pmu)
		xjson_put(j, "pmu", xjson_text(pmu));
	xjson_add(all, j);
}

void counters_derive(json_t *all)
{
	size_t nr = json_array_size(all), i, k;

	for (k = 0; k < sizeof(ratios) / sizeof(ratios[0]); k++)
		for (i = 0; i < nr; i++) {
			const json_t *counter = json_array_get(all, i);

			if (is_total(counter) && is_one_of(counter, ratios[k].of))
				derive(all, nr, counter, &ratios[k]);
		}
}

static bool is_derived(const json_t *counter)
{
	return !strcmp(result_text(counter, "source"), "derived");
}

/* Many interrupts and PMUs have nothing to do with a run. */
static bool is_idle(const json_t *counter)
{
	return strcmp(result_text(counter, "scope"), "thread") &&
	       strcmp(result_text(counter, "scope"), "process") &&
	       strcmp(result_text(counter, "run"), "explaining") &&
	       !(result_number(counter, "value") > 0);
}

static void print_counter(const json_t *counter, FILE *out)
{
	const char *run = result_text(counter, "run"), *pmu = result_text(counter, "pmu");
	double ratio = result_number(counter, "running_ratio");
	char name[160];

	snprintf(name, sizeof(name), "%s%s%s%s", result_text(counter, "name"),
		 is_derived(counter) && *pmu ? " (" : "", is_derived(counter) ? pmu : "",
		 is_derived(counter) && *pmu ? ")" : "");
	if (is_derived(counter))
		fprintf(out, "%-46s %14s %14.6g", name, "", result_number(counter, "value"));
	else if (json_object_get(counter, "per_op"))
		fprintf(out, "%-46s %14.0f %14.6g", name, result_number(counter, "value"),
			result_number(counter, "per_op"));
	else
		fprintf(out, "%-46s %14.0f %14s", name, result_number(counter, "value"), "-");
	fprintf(out, "  %s", result_text(counter, "scope"));
	if (!is_derived(counter) && ratio < 1)
		fprintf(out, ", scaled from %.0f %% of the time", 100 * ratio);
	if (!strcmp(run, "explaining"))
		fputs(", run of its own", out);
	fputc('\n', out);
}

void counters_print(const json_t *all, FILE *out)
{
	unsigned int idle = 0;
	json_t *counter;
	size_t i;

	if (!json_array_size(all))
		return;
	fprintf(out, "\n%-46s %14s %14s  %s\n", "counted in runs", "events", "per operation",
		"scope");
	json_array_foreach((json_t *)all, i, counter) {
		if (!is_total(counter))
			continue;
		if (is_idle(counter))
			idle++;
		else
			print_counter(counter, out);
	}
	if (idle)
		fprintf(out, "%u more counter%s stayed at 0\n", idle, idle == 1 ? "" : "s");
}

/* The same counter of another device. */
static const json_t *same_counter(const json_t *all, const json_t *counter)
{
	json_t *other;
	size_t i;

	json_array_foreach((json_t *)all, i, other)
		if (is_total(other) &&
		    !strcmp(result_text(other, "name"), result_text(counter, "name")) &&
		    !strcmp(result_text(other, "pmu"), result_text(counter, "pmu")))
			return other;
	return NULL;
}

static double per_op(const json_t *counter)
{
	return result_number(counter, is_derived(counter) ? "value" : "per_op");
}

static void print_of_group(const json_t *const *all, size_t nr, const json_t *counter, FILE *out)
{
	bool together = !strcmp(result_text(counter, "scope"), "group");
	const char *pmu = result_text(counter, "pmu");
	double least = per_op(counter), most = least;
	char name[160];
	size_t i;

	for (i = 1; i < nr && !together; i++) {
		const json_t *other = same_counter(all[i], counter);

		if (other && per_op(other) < least)
			least = per_op(other);
		if (other && per_op(other) > most)
			most = per_op(other);
	}
	snprintf(name, sizeof(name), "%s%s%s%s", result_text(counter, "name"),
		 is_derived(counter) && *pmu ? " (" : "", is_derived(counter) ? pmu : "",
		 is_derived(counter) && *pmu ? ")" : "");
	if (together)
		fprintf(out, "%-46s %12s %12s %12.6g", name, "", "", least);
	else
		fprintf(out, "%-46s %12.6g %12.6g", name, least, most);
	if (!strcmp(result_text(counter, "run"), "explaining"))
		fputs("  run of its own", out);
	fputc('\n', out);
}

/* Whether all devices have nothing to tell of it. */
static bool is_idle_everywhere(const json_t *const *all, size_t nr, const json_t *counter)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		const json_t *other = same_counter(all[i], counter);

		if (other && !is_idle(other))
			return false;
	}
	return true;
}

void counters_print_group(const json_t *const *all, size_t nr, FILE *out)
{
	unsigned int idle = 0;
	json_t *counter;
	size_t i;

	if (!nr || !json_array_size(all[0]))
		return;
	fprintf(out, "\n%-46s %12s %12s %12s\n", "counted per operation", "least device",
		"most device", "together");
	json_array_foreach((json_t *)all[0], i, counter) {
		if (!is_total(counter))
			continue;
		if (is_idle_everywhere(all, nr, counter))
			idle++;
		else
			print_of_group(all, nr, counter, out);
	}
	if (idle)
		fprintf(out, "%u more counter%s stayed at 0\n", idle, idle == 1 ? "" : "s");
}

char *counters_line(const json_t *all)
{
	char *line = xstrdup(""), *longer;
	json_t *counter;
	size_t i;

	json_array_foreach((json_t *)all, i, counter) {
		if (!is_total(counter) || is_derived(counter) ||
		    !json_object_get(counter, "per_op"))
			continue;
		longer = xasprintf("%s%s%s=%.6g", line, *line ? " " : "",
				   result_text(counter, "name"), result_number(counter, "per_op"));
		free(line);
		line = longer;
	}
	return line;
}
