// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of the page that every kind of result has.
 */
#include "page/tables.h"

#include <stdio.h>
#include <string.h>

#include "base/stats.h"
#include "base/xalloc.h"
#include "page/put.h"
#include "points/folder.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/words.h"
#include "text/json.h"
#include "text/markup.h"
#include "text/units.h"

json_int_t html_sum_checks(const struct folder *folder, const char *key)
{
	json_int_t sum = 0;
	json_t *check;
	size_t i, k;

	for (i = 0; i < folder->n; i++)
		json_array_foreach(result_get(folder->entry[i].json, "checks"), k, check)
			sum += json_integer_value(json_object_get(check, key));
	return sum;
}

/* From the least to the largest of the runs; empty for a single one. */
static void put_medians(FILE *f, const struct point *p, const struct point_phase *phase)
{
	char *text = p->runs < 2 || !phase->stats.count ? xstrdup("") :
		     xasprintf("%s to %s", units_time_utf8(phase->p50_least).text,
			       units_time_utf8(phase->p50_most).text);

	html_put_cell(f, "n", text);
	free(text);
}

static void put_latency_row(FILE *f, const struct folder *folder, const struct point *p,
			    const struct point_phase *phase)
{
	const struct stats *s = &phase->stats;
	const double figures[] = { s->min, s->mean, s->p50, s->p90, s->p99, s->p99_9, s->p99_99,
				   s->max };
	size_t i;

	fputs("<tr>", f);
	html_put_key_cells(f, folder, p->entry->json);
	html_put_cell(f, NULL, phase->name);
	html_put_number(f, (double)s->count);
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		html_put_cell(f, "n", s->count ? units_time_utf8(figures[i]).text : HTML_NONE);
	put_medians(f, p, phase);
	html_put_cell(f, "bad", p->complete ? "" : "incomplete");
	fputs("</tr>\n", f);
}

void html_put_latencies(FILE *f, const struct folder *folder)
{
	const struct result_kind *last = NULL;
	unsigned int set, k;
	size_t i;

	fputs("<h2 id=\"latencies\">Latencies</h2>\n"
	      "<p>Percentiles are off by at most 1/128, the extremes and the mean are exact.</p>\n",
	      f);
	for (set = 0; set < folder->sets; set++) {
		const json_t *first = folder_set_first(folder, set)->entry->json;
		const struct result_kind *kind = folder_set_kind(folder, set);

		html_put_set(f, folder, set);
		if (kind && kind != last)
			fprintf(f, "<p>%s</p>\n", kind->sample);
		last = kind;
		fputs("<div class=\"wide\"><table><thead><tr>", f);
		html_put_key_titles(f, folder, first);
		fputs("<th>phase</th><th class=\"n\">samples</th><th class=\"n\">min</th>"
		      "<th class=\"n\">mean</th><th class=\"n\">p50</th><th class=\"n\">p90</th>"
		      "<th class=\"n\">p99</th><th class=\"n\">p99.9</th><th class=\"n\">p99.99</th>"
		      "<th class=\"n\">max</th><th class=\"n\">p50 of runs</th>"
		      "<th></th></tr></thead>\n<tbody>\n", f);
		folder_for_points(folder, set, i)
			for (k = 0; k < folder->point[i].phases; k++)
				put_latency_row(f, folder, &folder->point[i],
						&folder->point[i].phase[k]);
		fputs("</tbody></table></div>\n", f);
	}
}

static bool of_subcommand(const struct entry *entry, const char *subcommand)
{
	return !strcmp(result_text(entry->json, "tool.subcommand"), subcommand);
}

/* The keys of the params of all results of a subcommand, each with whether all agree on it. */
static json_t *param_keys(const struct folder *folder, const char *subcommand)
{
	json_t *keys = xjson(json_object()), *value;
	const char *key;
	size_t i, k;

	for (i = 0; i < folder->n; i++) {
		if (!of_subcommand(&folder->entry[i], subcommand))
			continue;
		json_object_foreach(result_get(folder->entry[i].json, "params"), key, value) {
			bool same = true;

			if (json_object_get(keys, key))
				continue;
			for (k = 0; k < folder->n && same; k++) {
				json_t *there;

				if (!of_subcommand(&folder->entry[k], subcommand))
					continue;
				there = json_object_get(result_get(folder->entry[k].json, "params"),
							key);
				same = there && json_equal(value, there);
			}
			xjson_put(keys, key, xjson(json_boolean(same)));
		}
	}
	return keys;
}

/* Does a key have a column of its own in the list of results? */
static bool own_column(const struct kind_key *own, const char *key)
{
	if (!strcmp(key, "domain_type"))
		return true;
	for (; own->path; own++)
		if (strrchr(own->path, '.') && !strcmp(strrchr(own->path, '.') + 1, key))
			return true;
	return false;
}

static void put_entry_row(FILE *f, const struct folder *folder, const struct entry *entry,
			  const json_t *keys)
{
	const struct kind_key *own = kind_like(entry->json)->keys;
	const char *key, *reason = result_text(entry->json, "end.reason");
	json_t *same;

	fputs("<tr>", f);
	html_put_cell(f, NULL, entry->file);
	html_put_key_cells(f, folder, entry->json);
	json_object_foreach((json_t *)keys, key, same) {
		char *text;

		if (json_is_true(same) || own_column(own, key))
			continue;
		text = words_value(key, json_object_get(result_get(entry->json, "params"), key));
		html_put_cell(f, "long", text);
		free(text);
	}
	html_put_cell(f, "n", units_rate(result_number(entry->json, "throughput.ops_per_s")).text);
	if (json_is_true(result_get(entry->json, "complete"))) {
		html_put_cell(f, NULL, reason);
	} else {
		fputs("<td class=\"bad long\">incomplete: ", f);
		markup_put_text(f, reason);
		fputc(' ', f);
		markup_put_text(f, result_text(entry->json, "end.message"));
		fputs("</td>", f);
	}
	fputs("</tr>\n", f);
}

static void put_common_params(FILE *f, const struct entry *first, const json_t *keys)
{
	const json_t *params = result_get(first->json, "params");
	const char *key;
	json_t *same;

	fputs("<div class=\"wide\"><table><tbody>\n", f);
	json_object_foreach((json_t *)keys, key, same) {
		char *text = words_value(key, json_object_get(params, key));

		if (json_is_true(same) && *text && strcmp(key, "domain_type")) {
			fputs("<tr>", f);
			html_put_cell(f, "key", key);
			html_put_cell(f, "long", text);
			fputs("</tr>\n", f);
		}
		free(text);
	}
	fputs("</tbody></table></div>\n", f);
}

static void put_entry_list(FILE *f, const struct folder *folder, const struct entry *first,
			   const json_t *keys)
{
	const char *subcommand = result_text(first->json, "tool.subcommand"), *key;
	const struct kind_key *own = kind_like(first->json)->keys;
	json_t *same;
	size_t i;

	fputs("<div class=\"wide\"><table><thead><tr><th>file</th>", f);
	html_put_key_titles(f, folder, first->json);
	json_object_foreach((json_t *)keys, key, same)
		if (!json_is_true(same) && !own_column(own, key)) {
			fputs("<th>", f);
			markup_put_text(f, key);
			fputs("</th>", f);
		}
	fputs("<th class=\"n\">ops/s</th><th>ended by</th></tr></thead>\n<tbody>\n", f);
	for (i = 0; i < folder->n; i++)
		if (of_subcommand(&folder->entry[i], subcommand))
			put_entry_row(f, folder, &folder->entry[i], keys);
	fputs("</tbody></table></div>\n", f);
}

void html_put_parameters(FILE *f, const struct folder *folder)
{
	size_t i, k;

	fputs("<h2 id=\"parameters\">Parameters</h2>\n", f);
	for (i = 0; i < folder->n; i++) {
		const char *subcommand = result_text(folder->entry[i].json, "tool.subcommand");
		json_t *keys;

		for (k = 0; k < i && !of_subcommand(&folder->entry[k], subcommand); k++)
			;
		if (k < i)
			continue;
		keys = param_keys(folder, subcommand);
		fputs("<h3>The same in all runs of ", f);
		markup_put_text(f, subcommand);
		fputs("</h3>\n", f);
		put_common_params(f, &folder->entry[i], keys);
		fputs("<h3>Runs of ", f);
		markup_put_text(f, subcommand);
		fputs("</h3>\n", f);
		put_entry_list(f, folder, &folder->entry[i], keys);
		json_decref(keys);
	}
}

/* Adds up checks of the same name over all results. */
static json_t *collect_checks(const struct folder *folder)
{
	json_t *all = xjson(json_object()), *check, *sum;
	size_t i, k;

	for (i = 0; i < folder->n; i++)
		json_array_foreach(result_get(folder->entry[i].json, "checks"), k, check) {
			const char *name = result_text(check, "name");
			json_int_t count = json_integer_value(result_get(check, "count"));
			json_int_t failures = json_integer_value(result_get(check, "failures"));

			sum = json_object_get(all, name);
			if (sum) {
				count += json_integer_value(json_array_get(sum, 0));
				failures += json_integer_value(json_array_get(sum, 1));
			}
			xjson_put(all, name, xjson(json_pack("[I, I]", count, failures)));
		}
	return all;
}

void html_put_checks(FILE *f, const struct folder *folder)
{
	json_t *all = collect_checks(folder), *sum, *check;
	const char *name;
	size_t i, k;

	fputs("<h2 id=\"checks\">Checks</h2>\n", f);
	if (!json_object_size(all)) {
		fputs("<p>Nothing was verified; <code>--verify</code> moves data through the mappings where the device has an engine.</p>\n",
		      f);
		json_decref(all);
		return;
	}
	fputs("<div class=\"wide\"><table><thead><tr><th>what was verified</th><th class=\"n\">times</th><th class=\"n\">failures</th></tr></thead>\n<tbody>\n",
	      f);
	json_object_foreach(all, name, sum) {
		double failures = json_number_value(json_array_get(sum, 1));

		fputs("<tr>", f);
		html_put_cell(f, NULL, name);
		html_put_number(f, json_number_value(json_array_get(sum, 0)));
		fprintf(f, "<td class=\"n%s\">%.0f</td></tr>\n", failures > 0 ? " bad" : "",
			failures);
	}
	fputs("</tbody></table></div>\n", f);
	json_decref(all);
	for (i = 0; i < folder->n; i++)
		json_array_foreach(result_get(folder->entry[i].json, "checks"), k, check) {
			if (!(result_number(check, "failures") > 0))
				continue;
			fputs("<p class=\"bad\">", f);
			markup_put_text(f, folder->entry[i].file);
			fputs(": ", f);
			markup_put_text(f, result_text(check, "name"));
			fprintf(f, " failed %.0f of %.0f times</p>\n",
				result_number(check, "failures"), result_number(check, "count"));
		}
}

void html_put_warnings(FILE *f, const struct folder *folder)
{
	json_t *all = xjson(json_object()), *warning, *files;
	const char *text;
	size_t i, k;

	for (i = 0; i < folder->n; i++)
		json_array_foreach(result_get(folder->entry[i].json, "warnings"), k, warning) {
			text = json_string_value(warning);
			if (!json_object_get(all, text))
				xjson_put(all, text, xjson(json_array()));
			xjson_add(json_object_get(all, text), xjson_text(folder->entry[i].file));
		}
	fputs("<h2 id=\"warnings\">Warnings</h2>\n", f);
	if (folder->skipped)
		fprintf(f, "<p>%u file%s no result and %s left out.</p>\n", folder->skipped,
			folder->skipped == 1 ? " was" : "s were", folder->skipped == 1 ? "was" : "were");
	if (!json_object_size(all))
		fputs("<p>No run gave any.</p>\n", f);
	else
		fputs("<ul>\n", f);
	json_object_foreach(all, text, files) {
		fputs("<li>", f);
		markup_put_text(f, text);
		fputs(" <span class=\"dim\">", f);
		if (json_array_size(files) == folder->n && folder->n > 1) {
			fputs("(all runs)", f);
		} else {
			json_array_foreach(files, k, warning) {
				fputs(k ? ", " : "(", f);
				markup_put_text(f, json_string_value(warning));
			}
			fputc(')', f);
		}
		fputs("</span></li>\n", f);
	}
	if (json_object_size(all))
		fputs("</ul>\n", f);
	json_decref(all);
}

void html_put_harness(FILE *f, const struct folder *folder)
{
	size_t i;

	fputs("<h2 id=\"harness\">Harness</h2>\n"
	      "<p>What taking a sample costs by itself, measured before each run with nothing to do in between. It is part of all latencies on this page and was not subtracted.</p>\n"
	      "<div class=\"wide\"><table><thead><tr><th>file</th><th class=\"n\">overhead of an operation</th><th class=\"n\">operations in a sample</th>"
	      "<th>clock</th><th class=\"n\">frequency</th><th class=\"n\">smallest step</th></tr></thead>\n<tbody>\n",
	      f);
	for (i = 0; i < folder->n; i++) {
		const json_t *j = folder->entry[i].json;
		char *hz = words_value("_hz", result_get(j, "machine.clock.frequency_hz"));
		double step_ns = result_number(j, "machine.clock.resolution_ns");
		double overhead_ns = result_number(j, "harness.overhead_ns");

		fputs("<tr>", f);
		html_put_cell(f, NULL, folder->entry[i].file);
		html_put_cell(f, "n", units_time_utf8(overhead_ns).text);
		html_put_number(f, result_number(j, "harness.batch"));
		html_put_cell(f, NULL, result_text(j, "machine.clock.name"));
		html_put_cell(f, "n", hz);
		html_put_cell(f, "n", units_time_utf8(step_ns).text);
		fputs("</tr>\n", f);
		free(hz);
	}
	fputs("</tbody></table></div>\n", f);
}
