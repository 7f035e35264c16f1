// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the parts of the page are written with.
 */
#include "page/put.h"

#include <stdio.h>
#include <string.h>

#include "points/kind.h"
#include "result/read.h"
#include "result/words.h"
#include "text/markup.h"
#include "text/units.h"

void html_put_cell(FILE *f, const char *class, const char *text)
{
	fprintf(f, "<td%s%s%s>", class ? " class=\"" : "", class ? class : "", class ? "\"" : "");
	markup_put_text(f, text);
	fputs("</td>", f);
}

void html_put_number(FILE *f, double value)
{
	fprintf(f, "<td class=\"n\">%.0f</td>", value);
}

void html_put_runs(FILE *f, const struct point *point)
{
	char *text = point_runs(point);

	html_put_cell(f, NULL, text);
	free(text);
}

void html_put_set(FILE *f, const struct folder *folder, unsigned int set)
{
	char *name;

	if (folder->sets < 2)
		return;
	name = folder_set_name(folder, set);
	fputs("<h3>", f);
	markup_put_text(f, name);
	fputs("</h3>\n", f);
	free(name);
}

void html_put_key_titles(FILE *f, const struct folder *folder, const json_t *result)
{
	const struct kind_key *key;

	for (key = kind_like(result)->keys; key->path; key++)
		if (folder_key_shown(folder, key, result))
			fprintf(f, "<th%s>%s</th>", key->order ? "" : " class=\"n\"", key->title);
}

static void put_key_cell(FILE *f, const struct kind_key *key, const json_t *result)
{
	const json_t *value = result_get(result, key->path);
	const char *dot = strrchr(key->path, '.');

	if (!dot)
		html_put_cell(f, NULL, words_domain(result));
	else if (key->order)
		html_put_cell(f, NULL, result_text(result, key->path));
	else if (strstr(dot, "_bytes"))
		html_put_cell(f, "n", units_size((uint64_t)json_number_value(value)).text);
	else if (strstr(dot, "_per_s"))
		html_put_cell(f, "n", json_number_value(value) > 0 ?
			      units_rate(json_number_value(value)).text : HTML_NONE);
	else
		html_put_number(f, json_number_value(value));
}

void html_put_key_cells(FILE *f, const struct folder *folder, const json_t *result)
{
	const struct kind_key *key;

	for (key = kind_like(result)->keys; key->path; key++)
		if (folder_key_shown(folder, key, result))
			put_key_cell(f, key, result);
}
