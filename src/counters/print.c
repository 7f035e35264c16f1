// SPDX-License-Identifier: GPL-2.0-only
#include "counters/print.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "counters/derive.h"
#include "counters/table.h"
#include "result/read.h"

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

/* A figure's name does not tell of which PMU it is. */
static void print_name(const json_t *counter, FILE *out)
{
	const char *pmu = is_derived(counter) ? result_text(counter, "pmu") : "";
	char name[160];

	snprintf(name, sizeof(name), "%s%s%s%s", result_text(counter, "name"), *pmu ? " (" : "",
		 pmu, *pmu ? ")" : "");
	fprintf(out, "%-46s", name);
}

static void print_counter(const json_t *counter, FILE *out)
{
	const char *run = result_text(counter, "run");
	double ratio = counters_ratio(counter);

	print_name(counter, out);
	if (is_derived(counter))
		fprintf(out, " %14s %14.6g", "", result_number(counter, "value"));
	else if (json_object_get(counter, "per_op"))
		fprintf(out, " %14.0f %14.6g", result_number(counter, "value"),
			result_number(counter, "per_op"));
	else
		fprintf(out, " %14.0f %14s", result_number(counter, "value"), "-");
	fprintf(out, "  %s", result_text(counter, "scope"));
	if (ratio < 1)
		fprintf(out, ", scaled from %.0f %% of the time", 100 * ratio);
	if (!strcmp(run, "explaining"))
		fputs(", run of its own", out);
	fputc('\n', out);
}

void counters_print(const json_t *all, FILE *out)
{
	unsigned int idle = 0, n = 0;
	json_t *counter;
	size_t i;

	json_array_foreach((json_t *)all, i, counter) {
		if (!counters_is_total(counter) || counters_of_phase(counter))
			continue;
		if (!n++)
			fprintf(out, "\n%-46s %14s %14s  %s\n", "counted in runs", "events",
				"per operation", "scope");
		if (is_idle(counter))
			idle++;
		else
			print_counter(counter, out);
	}
	if (idle)
		fprintf(out, "%u more counter%s stayed at 0\n", idle, idle == 1 ? "" : "s");
	counters_table_print(all, out);
}

/* The counter of another device that has the name and the PMU of @counter. */
static const json_t *same_counter(const json_t *all, const json_t *counter)
{
	json_t *other;
	size_t i;

	json_array_foreach((json_t *)all, i, other)
		if (counters_is_total(other) &&
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
	double least = per_op(counter), most = least;
	size_t i;

	for (i = 1; i < nr && !together; i++) {
		const json_t *other = same_counter(all[i], counter);

		if (other && per_op(other) < least)
			least = per_op(other);
		if (other && per_op(other) > most)
			most = per_op(other);
	}
	print_name(counter, out);
	if (together)
		fprintf(out, " %12s %12s %12.6g", "", "", least);
	else
		fprintf(out, " %12.6g %12.6g", least, most);
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
		if (!counters_is_total(counter) || counters_of_phase(counter))
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
		if (!counters_is_total(counter) || is_derived(counter) ||
		    !json_object_get(counter, "per_op"))
			continue;
		longer = xasprintf("%s%s%s%s%s=%.6g", line, *line ? " " : "",
				   counters_of_phase(counter) ? result_text(counter, "phase") : "",
				   counters_of_phase(counter) ? ":" : "",
				   result_text(counter, "name"), result_number(counter, "per_op"));
		free(line);
		line = longer;
	}
	return line;
}
