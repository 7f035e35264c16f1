// SPDX-License-Identifier: GPL-2.0-only
#include "counters/table.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "counters/derive.h"
#include "result/read.h"

static bool is_derived(const json_t *counter)
{
	return !strcmp(result_text(counter, "source"), "derived");
}

/* Any counter has a row, and a figure of two; what is per operation is in the row itself. */
static bool has_row(const json_t *counter)
{
	const char *unit = strchr(result_text(counter, "unit"), '/');

	if (!counters_of_phase(counter) || !counters_is_total(counter))
		return false;
	return !is_derived(counter) || (unit && (!strcmp(unit, "/cycle") ||
						 !strcmp(unit, "/transaction")));
}

static unsigned int find_phase(struct counters_table *t, const char *name)
{
	unsigned int i;

	for (i = 0; i < t->nr_phases; i++)
		if (!strcmp(t->phases[i], name))
			return i;
	t->phases = xgrow(t->phases, t->nr_phases + 1, sizeof(*t->phases));
	t->phases[t->nr_phases] = name;
	return t->nr_phases++;
}

static char *row_name(const json_t *counter)
{
	const char *pmu = result_text(counter, "pmu");

	if (is_derived(counter) && *pmu)
		return xasprintf("%s (%s)", result_text(counter, "name"), pmu);
	return xstrdup(result_text(counter, "name"));
}

static struct counters_row *find_row(struct counters_table *t, const json_t *counter)
{
	char *name = row_name(counter);
	unsigned int i;

	for (i = 0; i < t->nr_rows; i++)
		if (!strcmp(t->rows[i].name, name)) {
			free(name);
			return &t->rows[i];
		}
	t->rows = xgrow(t->rows, t->nr_rows + 1, sizeof(*t->rows));
	t->rows[t->nr_rows] = (struct counters_row){
		.name = name,
		.values = xcalloc(t->nr_phases, sizeof(double)),
		.ratio = 1,
	};
	for (i = 0; i < t->nr_phases; i++)
		t->rows[t->nr_rows].values[i] = NAN;
	return &t->rows[t->nr_rows++];
}

/* Interrupts and PMUs that have nothing to do with it. */
static bool stayed_idle(const json_t *all, const json_t *counter)
{
	const char *source = result_text(counter, "source");
	json_t *other;
	size_t i;

	if (strcmp(source, "interrupts") && strcmp(source, "pmu"))
		return false;
	json_array_foreach((json_t *)all, i, other)
		if (has_row(other) && !is_derived(other) && result_number(other, "value") > 0 &&
		    !strcmp(result_text(other, "name"), result_text(counter, "name")))
			return false;
	return true;
}

void counters_table_make(struct counters_table *t, const json_t *all)
{
	const char *first = NULL;
	json_t *counter;
	size_t i;

	*t = (struct counters_table){ 0 };
	json_array_foreach((json_t *)all, i, counter)
		if (has_row(counter))
			find_phase(t, result_text(counter, "phase"));
	json_array_foreach((json_t *)all, i, counter) {
		const json_t *value = json_object_get(counter, is_derived(counter) ? "value" :
						      "per_op");
		const char *phase = result_text(counter, "phase");
		struct counters_row *row;

		if (!has_row(counter) || !value)
			continue;
		first = first ? first : phase;
		if (stayed_idle(all, counter)) {
			t->idle += !strcmp(phase, first);
			continue;
		}
		row = find_row(t, counter);
		row->values[find_phase(t, phase)] = json_number_value(value);
		row->ratio = fmin(row->ratio, counters_ratio(counter));
	}
}

void counters_table_free(struct counters_table *t)
{
	unsigned int i;

	for (i = 0; i < t->nr_rows; i++) {
		free(t->rows[i].name);
		free(t->rows[i].values);
	}
	free(t->rows);
	free(t->phases);
	*t = (struct counters_table){ 0 };
}

void counters_table_print(const json_t *all, FILE *out)
{
	struct counters_table t;
	unsigned int i, k;

	counters_table_make(&t, all);
	if (t.nr_rows) {
		fprintf(out, "\n%-46s", "counted by phase, per operation");
		for (k = 0; k < t.nr_phases; k++)
			fprintf(out, " %12s", t.phases[k]);
		fputc('\n', out);
	}
	for (i = 0; i < t.nr_rows; i++) {
		const struct counters_row *row = &t.rows[i];

		fprintf(out, "%-46s", row->name);
		for (k = 0; k < t.nr_phases; k++)
			if (isnan(row->values[k]))
				fprintf(out, " %12s", "-");
			else
				fprintf(out, " %12.6g", row->values[k]);
		if (row->ratio < 1)
			fprintf(out, "  scaled from %.0f %% of the time", 100 * row->ratio);
		fputc('\n', out);
	}
	if (t.nr_rows && t.idle)
		fprintf(out, "%u more counter%s stayed at 0\n", t.idle, t.idle == 1 ? "" : "s");
	counters_table_free(&t);
}
