// SPDX-License-Identifier: GPL-2.0-only
#include "page/counters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "counters/table.h"
#include "page/put.h"
#include "result/read.h"
#include "text/markup.h"

static void table_of(struct counters_table *t, const struct point *point)
{
	counters_table_make(t, result_get(point->json, "counters"));
}

static bool has_rows(const struct folder *folder, unsigned int set)
{
	struct counters_table t;
	bool has = false;
	size_t i;

	folder_for_points(folder, set, i) {
		if (has)
			break;
		table_of(&t, &folder->point[i]);
		has = t.nr_rows;
		counters_table_free(&t);
	}
	return has;
}

bool html_counters_present(const struct folder *folder)
{
	unsigned int set;

	for (set = 0; set < folder->sets; set++)
		if (has_rows(folder, set))
			return true;
	return false;
}

static unsigned int find(const char *const *names, unsigned int n, const char *name)
{
	unsigned int i;

	for (i = 0; i < n && strcmp(names[i], name); i++)
		;
	return i;
}

/* Return: the phases of all points of a set, not each of which has all of them. */
static const char **all_phases(const struct folder *folder, unsigned int set, unsigned int *n)
{
	const char **names = NULL;
	struct counters_table t;
	unsigned int k;
	size_t i;

	*n = 0;
	folder_for_points(folder, set, i) {
		table_of(&t, &folder->point[i]);
		for (k = 0; k < t.nr_phases; k++) {
			if (find(names, *n, t.phases[k]) < *n)
				continue;
			names = xgrow(names, *n + 1, sizeof(*names));
			names[(*n)++] = t.phases[k];
		}
		counters_table_free(&t);
	}
	return names;
}

static void put_row(FILE *f, const struct folder *folder, const struct point *point,
		    const struct counters_table *t, const struct counters_row *row,
		    const char *const *phases, unsigned int n)
{
	char text[64];
	unsigned int i, k;

	fputs("<tr>", f);
	html_put_key_cells(f, folder, point->entry->json);
	html_put_cell(f, NULL, row->name);
	for (i = 0; i < n; i++) {
		k = find(t->phases, t->nr_phases, phases[i]);
		if (k < t->nr_phases && !isnan(row->values[k]))
			snprintf(text, sizeof(text), "%.6g", row->values[k]);
		else
			snprintf(text, sizeof(text), HTML_NONE);
		html_put_cell(f, "n", text);
	}
	snprintf(text, sizeof(text), "scaled from %.0f %%", 100 * row->ratio);
	html_put_cell(f, NULL, row->ratio < 1 ? text : "");
	fputs("</tr>\n", f);
}

static void put_set(FILE *f, const struct folder *folder, unsigned int set)
{
	struct counters_table t;
	const char **phases;
	unsigned int n, k;
	size_t i;

	html_put_set(f, folder, set);
	phases = all_phases(folder, set, &n);
	fputs("<div class=\"wide\"><table><thead><tr>", f);
	html_put_key_titles(f, folder, folder_set_first(folder, set)->entry->json);
	fputs("<th>counter</th>", f);
	for (k = 0; k < n; k++) {
		fputs("<th class=\"n\">", f);
		markup_put_text(f, phases[k]);
		fputs("</th>", f);
	}
	fputs("<th></th></tr></thead>\n<tbody>\n", f);
	folder_for_points(folder, set, i) {
		table_of(&t, &folder->point[i]);
		for (k = 0; k < t.nr_rows; k++)
			put_row(f, folder, &folder->point[i], &t, &t.rows[k], phases, n);
		counters_table_free(&t);
	}
	fputs("</tbody></table></div>\n", f);
	free(phases);
}

void html_counters_put(FILE *f, const struct folder *folder)
{
	unsigned int set;

	if (!html_counters_present(folder))
		return;
	fputs("<h2 id=\"counters\">Counters by phase</h2>\n"
	      "<p>For one operation of each phase, counted in a short run besides, in which the threads do one phase after the other and stand still in between. "
	      "What standing still and going on counts was subtracted. What stayed at 0 outside the threads is not listed.</p>\n",
	      f);
	for (set = 0; set < folder->sets; set++)
		if (has_rows(folder, set))
			put_set(f, folder, set);
}
