// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report's tables of pasid: what binds and unbinds cost, and what PASIDs survive.
 */
#include "pasid/view/report.h"

#include <string.h>

#include "page/put.h"
#include "pasid/view/points.h"
#include "points/json.h"
#include "result/read.h"
#include "text/json.h"
#include "text/markup.h"
#include "text/terminal.h"
#include "text/units.h"

static const char *const phases[] = { "bind", "first_use", "unbind" };

#define PHASES	(sizeof(phases) / sizeof(phases[0]))

static bool any_measured(const struct folder *folder, unsigned int set)
{
	size_t i;

	folder_for_points(folder, set, i)
		if (pasid_measured(&folder->point[i]))
			return true;
	return false;
}

/* --- the page ---------------------------------------------------------------- */

static void put_times(FILE *f, const struct point_phase *phase)
{
	const double figures[] = { phase ? phase->stats.p50 : 0, phase ? phase->stats.p99 : 0,
				   phase ? phase->stats.p99_9 : 0 };
	size_t i;

	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		html_put_cell(f, i ? "n" : "n first",
			      phase ? units_time_utf8(figures[i]).text : HTML_NONE);
}

static void put_exposure(FILE *f, const struct point *point)
{
	const json_t *e = result_get(point->json, "exposure");
	const struct point_phase *phase = point_phase(point, "exposure");

	if (!json_is_true(result_get(e, "measured")) || !phase) {
		fputs("<td colspan=\"2\" class=\"first\">not measured</td>", f);
		return;
	}
	fputs("<td class=\"n first\">", f);
	fprintf(f, "%.0f of %.0f</td>", result_number(e, "exposed_unbinds"),
		result_number(e, "unbinds"));
	html_put_cell(f, "n", units_time_utf8(phase->stats.max).text);
}

static void put_row(FILE *f, const struct folder *folder, const struct point *point)
{
	unsigned int i;

	fputs("<tr>", f);
	html_put_key_cells(f, folder, point->entry->json);
	for (i = 0; i < PHASES; i++)
		put_times(f, point_phase(point, phases[i]));
	put_exposure(f, point);
	html_put_cell(f, "n first", units_rate(point->ops_per_s).text);
	html_put_runs(f, point);
	html_put_cell(f, "bad", point->complete ? "" : "incomplete");
	fputs("</tr>\n", f);
}

static void put_table(FILE *f, const struct folder *folder, unsigned int set)
{
	size_t i;

	if (!any_measured(folder, set))
		return;
	fputs("<div class=\"wide\"><table><thead><tr>", f);
	html_put_key_titles(f, folder, folder_set_first(folder, set)->entry->json);
	fputs("<th class=\"n first\">bind p50</th><th class=\"n\">p99</th><th class=\"n\">p99.9</th>"
	      "<th class=\"n first\">first use p50</th><th class=\"n\">p99</th><th class=\"n\">p99.9</th>"
	      "<th class=\"n first\">unbind p50</th><th class=\"n\">p99</th><th class=\"n\">p99.9</th>"
	      "<th class=\"n first\">exposed unbinds</th><th class=\"n\">longest</th><th class=\"n first\">binds/s</th><th>runs</th><th></th></tr></thead>\n<tbody>\n",
	      f);
	folder_for_points(folder, set, i)
		if (pasid_measured(&folder->point[i]))
			put_row(f, folder, &folder->point[i]);
	fputs("</tbody></table></div>\n", f);
}

static void put_cases(FILE *f, const struct entry *entry)
{
	json_t *cases = result_get(entry->json, "lifecycle"), *one;
	size_t i;

	fputs("<h4>What PASIDs survive</h4>\n<div class=\"wide\"><table><thead><tr><th>case</th><th>what</th><th>verdict</th>"
	      "<th>in words</th></tr></thead>\n<tbody>\n", f);
	json_array_foreach(cases, i, one) {
		const char *verdict = result_text(one, "verdict");

		fputs("<tr>", f);
		html_put_cell(f, NULL, result_text(one, "name"));
		html_put_cell(f, NULL, result_text(one, "what"));
		html_put_cell(f, strcmp(verdict, "failed") ? NULL : "bad", verdict);
		html_put_cell(f, "long", result_text(one, "text"));
		fputs("</tr>\n", f);
	}
	fputs("</tbody></table></div>\n", f);
}

static const char *why_no_exposure(const struct point *point)
{
	const json_t *e = result_get(point->json, "exposure");

	if (!pasid_measured(point) || json_is_true(result_get(e, "measured")))
		return "";
	return result_text(e, "reason");
}

static void put_reasons(FILE *f, const struct folder *folder, unsigned int set)
{
	json_t *all = xjson(json_object()), *unused;
	const char *reason;
	size_t i;

	folder_for_points(folder, set, i)
		if (*why_no_exposure(&folder->point[i]))
			xjson_put(all, why_no_exposure(&folder->point[i]), xjson(json_true()));
	fputs("<ul>\n", f);
	json_object_foreach(all, reason, unused) {
		fputs("<li>Exposure not measured: ", f);
		markup_put_text(f, reason);
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
	json_decref(all);
}

void report_pasid_page(FILE *f, const struct folder *folder, const struct result_kind *kind)
{
	unsigned int set;
	size_t i;

	fputs("<p>A PASID is bound to an address space or a domain, used by the device, and unbound again. "
	      "Bind and unbind are what the CPU waits for; first use is the device's first access with the PASID, by its own clock. "
	      "Exposure is for how long after the return of an unbind the device could still use the PASID.</p>\n",
	      f);
	for (set = 0; set < folder->sets; set++) {
		if (folder_set_kind(folder, set) != kind)
			continue;
		html_put_set(f, folder, set);
		put_table(f, folder, set);
		put_reasons(f, folder, set);
		for (i = 0; i < folder->n; i++)
			if (json_array_size(result_get(folder->entry[i].json, "lifecycle")) &&
			    !strcmp(folder->entry[i].variant,
				    folder_set_first(folder, set)->entry->variant))
				put_cases(f, &folder->entry[i]);
	}
}

/* --- for people --------------------------------------------------------------- */

static void print_row(FILE *out, const struct folder *folder, const struct point *point, int width)
{
	const struct point_phase *exposure = point_phase(point, "exposure");
	char *name = point_name(folder, point, pasid_settings), *runs = point_runs(point);
	unsigned int i;

	fprintf(out, "%-*s %6.0f", width, name, pasid_of(point)->live);
	for (i = 0; i < PHASES; i++) {
		const struct point_phase *phase = point_phase(point, phases[i]);

		fprintf(out, "  %8s", phase ? units_time(phase->stats.p50).text : "-");
		fprintf(out, " %8s", phase ? units_time(phase->stats.p99).text : "-");
	}
	fprintf(out, "  %8s", exposure ? units_time(exposure->stats.max).text : "-");
	fprintf(out, " %7s%s%s%s\n", units_rate(point->ops_per_s).text, *runs ? "  " : "", runs,
		point->complete ? "" : "  INCOMPLETE");
	free(runs);
	free(name);
}

static void print_cases(FILE *out, const struct point *point)
{
	json_t *cases = result_get(point->json, "lifecycle"), *one;
	size_t i;

	json_array_foreach(cases, i, one)
		fprintf(out, "%-7s  %-16s  %s\n", result_text(one, "verdict"),
			result_text(one, "name"), result_text(one, "text"));
}

static int name_width(const struct folder *folder, unsigned int set)
{
	size_t width = 14, i;

	folder_for_points(folder, set, i) {
		char *name;

		name = point_name(folder, &folder->point[i], pasid_settings);
		width = strlen(name) > width ? strlen(name) : width;
		free(name);
	}
	return (int)width;
}

void report_pasid_tables(const struct folder *folder, const struct result_kind *kind,
			 struct terminal_style style, FILE *out)
{
	unsigned int set;
	size_t i;

	for (set = 0; set < folder->sets; set++) {
		int width = name_width(folder, set);
		char *name;

		if (folder_set_kind(folder, set) != kind)
			continue;
		name = folder_set_name(folder, set);
		fprintf(out, "\n%s%s%s\n", terminal_on(style, "1"), name, terminal_off(style));
		free(name);
		if (any_measured(folder, set))
			fprintf(out, "%-*s %6s  %8s %8s  %8s %8s  %8s %8s  %8s %7s\n", width, "what",
				"live", "bind p50", "p99", "use p50", "p99", "unb. p50", "p99",
				"exposure", "binds/s");
		folder_for_points(folder, set, i)
			if (pasid_measured(&folder->point[i]))
				print_row(out, folder, &folder->point[i], width);
		folder_for_points(folder, set, i)
			print_cases(out, &folder->point[i]);
	}
}

/* --- for programs ------------------------------------------------------------- */

static json_t *point_json(const struct folder *folder, const struct point *point)
{
	const struct point_phase *exposure = point_phase(point, "exposure");
	char *name = point_name(folder, point, pasid_settings);
	json_t *j = xjson(json_object()), *cases;
	unsigned int i;

	points_json_runs(j, point);
	xjson_put(j, "name", xjson_text(name));
	free(name);
	cases = result_get(point->json, "lifecycle");
	if (cases)
		xjson_put(j, "lifecycle", xjson(json_incref(cases)));
	if (!pasid_measured(point))
		return j;
	xjson_put(j, "kind", xjson_text(pasid_of(point)->kind));
	xjson_put(j, "bind_mode", xjson_text(pasid_of(point)->bind));
	xjson_put(j, "live", xjson(json_real(pasid_of(point)->live)));
	for (i = 0; i < PHASES; i++) {
		const struct point_phase *phase = point_phase(point, phases[i]);
		json_t *times;

		if (!phase)
			continue;
		times = xjson(json_object());
		xjson_put(times, "p50_ns", xjson_figure(phase->stats.p50));
		xjson_put(times, "p99_ns", xjson_figure(phase->stats.p99));
		xjson_put(times, "p99_9_ns", xjson_figure(phase->stats.p99_9));
		xjson_put(j, phases[i], times);
	}
	xjson_put(j, "exposure_measured", xjson(json_boolean(exposure)));
	if (exposure)
		xjson_put(j, "exposure_max_ns", xjson(json_real(exposure->stats.max)));
	return j;
}

void report_pasid_json(const struct folder *folder, const struct result_kind *kind, json_t *list)
{
	points_json(folder, kind, point_json, list);
}
