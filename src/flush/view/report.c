// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report's tables of tlb-flush: strategies by cost and exposure, and the crossover.
 */
#include "flush/view/report.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "flush/view/points.h"
#include "flush/view/table.h"
#include "page/put.h"
#include "points/json.h"
#include "result/read.h"
#include "text/json.h"
#include "text/markup.h"
#include "text/terminal.h"
#include "text/units.h"

/* The results of a set in the order of its points, of repeats the first; borrowed. */
static json_t **set_results(const struct folder *folder, unsigned int set, size_t *n)
{
	json_t **results = xcalloc(folder->points, sizeof(json_t *));
	size_t i;

	*n = 0;
	folder_for_points(folder, set, i)
		results[(*n)++] = folder->point[i].json;
	return results;
}

/* --- the page ---------------------------------------------------------------- */

static void put_time(FILE *f, const char *class, double ns)
{
	html_put_cell(f, class, units_time_utf8(ns).text);
}

static void put_median(FILE *f, const char *class, const struct point *point, const char *phase)
{
	const struct point_phase *p = point_phase(point, phase);

	if (p)
		put_time(f, class, p->stats.p50);
	else
		html_put_cell(f, class, HTML_NONE);
}

static void put_exposure(FILE *f, const struct point *point)
{
	const struct point_phase *e = flush_exposure(point);
	uint64_t exposed;
	char *share;

	if (!e) {
		fputs("<td colspan=\"4\" class=\"first\">not measured</td>", f);
		return;
	}
	exposed = e->hist->count - e->hist->buckets[0];
	share = xasprintf("%.3g\u00a0%%", 100 * (double)exposed / (double)e->hist->count);
	html_put_cell(f, "n first", share);
	put_time(f, "n", e->stats.p50);
	put_time(f, "n", e->stats.max);
	html_put_number(f, result_number(point->json, "exposure.accesses.max"));
	free(share);
}

static void put_count(FILE *f, const char *class, const json_t *commands, const char *key)
{
	const json_t *count = json_object_get(commands, key);
	char *text = NULL;

	if (json_is_true(json_object_get(commands, "measured")) && json_is_number(count))
		text = xasprintf("%.4g", json_number_value(count));
	html_put_cell(f, class, text ? text : HTML_NONE);
	free(text);
}

static void put_row(FILE *f, const struct point *point)
{
	const json_t *commands = result_get(point->json, "commands");
	const char *kind = json_object_get(commands, "flushes_per_round") ?
			   "flushes_per_round" : "commands_per_round";
	const struct flush_setting s = flush_of(point)->setting;
	const struct point_phase *cost = flush_cost(point);

	fputs("<tr>", f);
	html_put_cell(f, NULL, flush_of(point)->strategy);
	html_put_cell(f, "n", units_size(s.size).text);
	html_put_number(f, (double)s.mappings);
	html_put_cell(f, "n", units_size(s.size * s.mappings).text);
	html_put_number(f, s.threads);
	html_put_cell(f, NULL, s.domains);
	put_median(f, "n first", point, "unmap");
	put_median(f, "n", point, "flush");
	put_median(f, "n ratio", point, "total");
	if (cost)
		put_time(f, "n", cost->stats.p50 / (double)s.mappings);
	else
		html_put_cell(f, "n", HTML_NONE);
	put_exposure(f, point);
	put_count(f, "n first", commands, kind);
	put_count(f, "n", commands, "syncs_per_round");
	html_put_cell(f, "n first", units_rate(point->ops_per_s).text);
	html_put_runs(f, point);
	html_put_cell(f, "bad", point->complete ? "" : "incomplete");
	fputs("</tr>\n", f);
}

static void put_table(FILE *f, const struct folder *folder, unsigned int set)
{
	size_t i;

	fputs("<div class=\"wide\"><table><thead><tr><th rowspan=\"2\">strategy</th><th rowspan=\"2\" class=\"n\">mapping</th><th rowspan=\"2\" class=\"n\">mappings</th>"
	      "<th rowspan=\"2\" class=\"n\">range</th><th rowspan=\"2\" class=\"n\">threads</th><th rowspan=\"2\">domains</th>"
	      "<th colspan=\"4\" class=\"first\">cost of a round, p50</th><th colspan=\"4\" class=\"first\">exposure</th><th colspan=\"2\" class=\"first\">a round sends</th>"
	      "<th rowspan=\"2\" class=\"n first\">mappings/s</th><th rowspan=\"2\">runs</th><th rowspan=\"2\"></th></tr>\n<tr>"
	      "<th class=\"n first\">unmap</th><th class=\"n\">flush</th><th class=\"n\">both</th><th class=\"n\">a mapping</th>"
	      "<th class=\"n first\">rounds</th><th class=\"n\">p50</th><th class=\"n\">longest</th><th class=\"n\">accesses</th>"
	      "<th class=\"n first\">commands</th><th class=\"n\">syncs</th></tr></thead>\n<tbody>\n",
	      f);
	folder_for_points(folder, set, i)
		put_row(f, &folder->point[i]);
	fputs("</tbody></table></div>\n", f);
}

static void put_crossovers(FILE *f, const struct folder *folder, unsigned int set)
{
	size_t n, i;
	json_t **results = set_results(folder, set, &n);
	json_t *sentences = crossover_sentences(results, n), *sentence;

	json_array_foreach(sentences, i, sentence) {
		fputs("<p><b>Crossover:</b> ", f);
		markup_put_text(f, json_string_value(sentence));
		fputs("</p>\n", f);
	}
	json_decref(sentences);
	free(results);
}

/* A part that some points of a set lack: why, and which strategies. */
static void put_reasons(FILE *f, const struct folder *folder, unsigned int set, const char *part,
			const char *name)
{
	json_t *all = xjson(json_object()), *strategies, *strategy;
	const char *reason;
	size_t i, k;

	folder_for_points(folder, set, i) {
		const struct point *p = &folder->point[i];
		const char *word;
		bool known = false;

		if (json_is_true(result_get(result_get(p->json, part), "measured")))
			continue;
		word = flush_of(p)->strategy;
		reason = flush_why_no(p, part);
		if (!json_object_get(all, reason))
			xjson_put(all, reason, xjson(json_array()));
		strategies = json_object_get(all, reason);
		json_array_foreach(strategies, k, strategy)
			known = known || !strcmp(json_string_value(strategy), word);
		if (!known)
			xjson_add(strategies, xjson_text(word));
	}
	json_object_foreach(all, reason, strategies) {
		fprintf(f, "<li>%s: ", name);
		markup_put_text(f, reason);
		fputs(" <span class=\"dim\">(", f);
		json_array_foreach(strategies, k, strategy) {
			fputs(k ? ", " : "", f);
			markup_put_text(f, json_string_value(strategy));
		}
		fputs(")</span></li>\n", f);
	}
	json_decref(all);
}

static void put_left_out(FILE *f, const struct folder *folder)
{
	json_t *skipped;
	size_t i;

	if (!json_array_size(folder->left_out))
		return;
	fputs("<h3>Not run</h3>\n<ul>\n", f);
	json_array_foreach(folder->left_out, i, skipped) {
		double threads = result_number(skipped, "threads");
		double range = fmin(fmax(result_number(skipped, "range_bytes"), 0), 1e18);

		fputs("<li>", f);
		markup_put_text(f, result_text(skipped, "strategy"));
		if (range > 0)
			fprintf(f, ", %s", units_size((uint64_t)range).text);
		if (threads > 0)
			fprintf(f, ", %.0f thread%s", threads, threads > 1 ? "s" : "");
		if (!strcmp(result_text(skipped, "domains"), "per-thread"))
			fputs(", a domain for each thread", f);
		fputs(": ", f);
		markup_put_text(f, result_text(skipped, "reason"));
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
}

void report_tlb_flush_page(FILE *f, const struct folder *folder, const struct result_kind *kind)
{
	unsigned int set;

	fputs("<p>A round maps a range and unmaps it again by a strategy. Its cost is what the CPU spends on unmapping and invalidating. Its exposure is how long after that a device that keeps reading could still reach the memory: "
	      "in how many rounds at all, for how long, and with how many accesses at most. What was not measured is marked as such, and is not 0.</p>\n",
	      f);
	for (set = 0; set < folder->sets; set++) {
		if (folder_set_kind(folder, set) != kind)
			continue;
		html_put_set(f, folder, set);
		put_crossovers(f, folder, set);
		put_table(f, folder, set);
		fputs("<ul>\n", f);
		put_reasons(f, folder, set, "exposure", "Exposure not measured");
		put_reasons(f, folder, set, "device", "Latencies of the device not measured");
		put_reasons(f, folder, set, "commands", "Commands not counted");
		fputs("</ul>\n", f);
	}
	put_left_out(f, folder);
}

/* --- for people --------------------------------------------------------------- */

void report_tlb_flush_tables(const struct folder *folder, const struct result_kind *kind,
			     struct terminal_style style, FILE *out)
{
	unsigned int set;
	json_t **results;
	size_t n;

	for (set = 0; set < folder->sets; set++) {
		if (folder_set_kind(folder, set) != kind)
			continue;
		if (folder->sets > 1) {
			char *name = folder_set_name(folder, set);

			fprintf(out, "\n%s%s%s", terminal_on(style, "1"), name,
				terminal_off(style));
			free(name);
		}
		fputc('\n', out);
		results = set_results(folder, set, &n);
		flush_table_print(results, n, out);
		free(results);
	}
}

/* --- for programs ------------------------------------------------------------- */

static void add_median(json_t *object, const char *key, const struct point *point,
		       const char *phase)
{
	const struct point_phase *p = point_phase(point, phase);

	if (p)
		xjson_put(object, key, xjson(json_real(p->stats.p50)));
}

static json_t *exposure_json(const struct point *point)
{
	const struct point_phase *e = flush_exposure(point);
	json_t *j = xjson(json_object());

	xjson_put(j, "measured", xjson(json_boolean(e)));
	if (e) {
		xjson_put(j, "rounds", xjson(json_integer((json_int_t)e->hist->count)));
		xjson_put(j, "exposed_rounds",
			  xjson(json_integer((json_int_t)(e->hist->count - e->hist->buckets[0]))));
		xjson_put(j, "p50_ns", xjson(json_real(e->stats.p50)));
		xjson_put(j, "max_ns", xjson(json_real(e->stats.max)));
	} else {
		xjson_put(j, "reason", xjson_text(flush_why_no(point, "exposure")));
	}
	return j;
}

static json_t *point_json(const struct folder *folder, const struct point *point)
{
	const struct flush_setting s = flush_of(point)->setting;
	json_t *j = xjson(json_object());

	points_json_runs(j, point);
	xjson_put(j, "strategy", xjson_text(flush_of(point)->strategy));
	xjson_put(j, "size_bytes", xjson(json_integer((json_int_t)s.size)));
	xjson_put(j, "mappings", xjson(json_integer((json_int_t)s.mappings)));
	xjson_put(j, "threads", xjson(json_integer(s.threads)));
	xjson_put(j, "domains", xjson_text(s.domains));
	add_median(j, "unmap_p50_ns", point, "unmap");
	add_median(j, "flush_p50_ns", point, "flush");
	add_median(j, "total_p50_ns", point, "total");
	xjson_put(j, "exposure", exposure_json(point));
	return j;
}

void report_tlb_flush_json(const struct folder *folder, const struct result_kind *kind,
			   json_t *list)
{
	unsigned int set;
	size_t n;

	for (set = 0; set < folder->sets; set++) {
		json_t *j, **results;

		if (folder_set_kind(folder, set) != kind)
			continue;
		results = set_results(folder, set, &n);
		j = points_json_set(folder, set, point_json);
		xjson_put(j, "crossover", crossover_sentences(results, n));
		xjson_add(list, j);
		free(results);
	}
}
