// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report's tables of iopf: I/O page faults by stage and beside the CPU's.
 */
#include "iopf/view/report.h"

#include <string.h>

#include "base/xalloc.h"
#include "iopf/view/points.h"
#include "page/put.h"
#include "points/json.h"
#include "result/read.h"
#include "text/json.h"
#include "text/markup.h"
#include "text/terminal.h"
#include "text/units.h"

/* Names in a list; there may be thousands. */
#define MAX_NAMES	12

/* --- the page ---------------------------------------------------------------- */

static void put_time(FILE *f, const char *class, double ns)
{
	html_put_cell(f, class, units_time_utf8(ns).text);
}

static void put_pair(FILE *f, const struct point_phase *phase)
{
	if (!phase) {
		html_put_cell(f, "n first", HTML_NONE);
		html_put_cell(f, "n", HTML_NONE);
		return;
	}
	put_time(f, "n first", phase->stats.p50);
	put_time(f, "n", phase->stats.p99);
}

static void put_ratio(FILE *f, const struct point *point)
{
	double ratio = iopf_ratio(point, 500000);
	char *text = ratio > 0 ? xasprintf("%.3g", ratio) : xstrdup(HTML_NONE);

	html_put_cell(f, "n ratio", text);
	free(text);
}

static double overflows(const struct point *point)
{
	return result_number(point->json, "iopf.queue_overflows.event") +
	       result_number(point->json, "iopf.queue_overflows.page_request");
}

static void put_fault_row(FILE *f, const struct folder *folder, const struct point *point)
{
	const json_t *result = point->json;

	fputs("<tr>", f);
	html_put_key_cells(f, folder, result);
	put_pair(f, iopf_device(point));
	put_pair(f, point_phase(point, "cpu_fault"));
	put_ratio(f, point);
	html_put_cell(f, "n first", units_rate(result_number(result, "iopf.faults_per_s")).text);
	html_put_number(f, result_number(result, "iopf.refused"));
	html_put_number(f, result_number(result, "iopf.faulted_again"));
	html_put_number(f, overflows(point));
	html_put_runs(f, point);
	html_put_cell(f, "bad", point->complete ? "" : "incomplete");
	fputs("</tr>\n", f);
}

static void put_faults(FILE *f, const struct folder *folder, unsigned int set)
{
	size_t i;

	fputs("<div class=\"wide\"><table><thead><tr>", f);
	html_put_key_titles(f, folder, folder_set_first(folder, set)->entry->json);
	fputs("<th class=\"n first\">device p50</th><th class=\"n\">p99</th><th class=\"n first\">CPU p50</th><th class=\"n\">p99</th>"
	      "<th class=\"n\">ratio</th><th class=\"n first\">faults/s</th><th class=\"n\">refused</th><th class=\"n\">faulted again</th>"
	      "<th class=\"n\">overflows</th><th>runs</th><th></th></tr></thead>\n<tbody>\n", f);
	folder_for_points(folder, set, i)
		put_fault_row(f, folder, &folder->point[i]);
	fputs("</tbody></table></div>\n", f);
}

/* The names of all stages of a set, in the order in which points have them. */
static unsigned int stage_names(const struct folder *folder, unsigned int set, const char **names)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	unsigned int n = 0, of, k, m;
	size_t i;

	folder_for_points(folder, set, i) {
		of = iopf_stages(&folder->point[i], stages);
		for (k = 0; k < of; k++) {
			for (m = 0; m < n && strcmp(names[m], stages[k].name); m++)
				;
			if (m == n && n < IOPF_MAX_STAGES)
				names[n++] = stages[k].name;
		}
	}
	return n;
}

static const struct iopf_stage *find_stage(const struct iopf_stage *stages, unsigned int n,
					   const char *name)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!strcmp(stages[i].name, name))
			return &stages[i];
	return NULL;
}

static void put_stage_row(FILE *f, const struct folder *folder, const struct point *point,
			  const char **names, unsigned int n)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	unsigned int of = iopf_stages(point, stages), i;

	fputs("<tr>", f);
	html_put_key_cells(f, folder, point->entry->json);
	for (i = 0; i < n; i++) {
		const struct iopf_stage *stage = find_stage(stages, of, names[i]);

		if (stage && stage->reason)
			fputs("<td colspan=\"2\" class=\"first\">not shown</td>", f);
		else
			put_pair(f, stage ? stage->phase : NULL);
	}
	put_pair(f, iopf_device(point));
	fputs("</tr>\n", f);
}

static void put_stages(FILE *f, const struct folder *folder, unsigned int set)
{
	const char *names[IOPF_MAX_STAGES];
	unsigned int n = stage_names(folder, set, names), i;
	bool any = false;
	size_t k;

	for (k = 0; k < folder->points; k++)
		any = any || (folder->point[k].set == set && iopf_has_stages(&folder->point[k]));
	if (!any)
		return;
	fputs("<h4>Stages of a fault</h4>\n<div class=\"wide\"><table><thead><tr>", f);
	html_put_key_titles(f, folder, folder_set_first(folder, set)->entry->json);
	for (i = 0; i < n; i++) {
		fputs("<th class=\"n first\">", f);
		markup_put_text(f, names[i]);
		fputs(" p50</th><th class=\"n\">p99</th>", f);
	}
	fputs("<th class=\"n first\">access p50</th><th class=\"n\">p99</th></tr></thead>\n<tbody>\n",
	      f);
	for (k = 0; k < folder->points; k++)
		if (folder->point[k].set == set && iopf_has_stages(&folder->point[k]))
			put_stage_row(f, folder, &folder->point[k], names, n);
	fputs("</tbody></table></div>\n", f);
}

/* Names under a text, which is made when it is not there yet; each name once. */
static void add_under(json_t *all, const char *text, char *name)
{
	json_t *names = json_object_get(all, text);

	if (!names) {
		names = xjson(json_object());
		xjson_put(all, text, names);
	}
	if (json_object_set_new_nocheck(names, name, json_null()))
		xcheck(NULL);
	free(name);
}

/* The first few of them, and how many more there are. */
static char *list_names(const json_t *names)
{
	size_t n = json_object_size(names), i = 0;
	char *text = xstrdup(""), *longer;
	const char *name;
	json_t *unused;

	json_object_foreach((json_t *)names, name, unused) {
		if (++i > MAX_NAMES)
			break;
		longer = xasprintf("%s%s%s", text, i > 1 ? "; " : "", name);
		free(text);
		text = longer;
	}
	if (n <= MAX_NAMES)
		return text;
	longer = xasprintf("%s; and %zu more", text, n - MAX_NAMES);
	free(text);
	return longer;
}

/* Did the CPU take these faults at another load? Once is enough. */
static bool cpu_elsewhere(const struct folder *folder, const struct point *point)
{
	size_t i;

	points_find_out(folder, point->set, iopf_settings);
	folder_for_points(folder, point->set, i)
		if (!iopf_no_cpu(&folder->point[i]) &&
		    point_alike(&folder->point[i], point, iopf_settings))
			return true;
	return false;
}

/* What is missing in a set, by why: objects of objects, whose keys are names. */
static json_t *find_reasons(const struct folder *folder, unsigned int set)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	json_t *all = xjson(json_object());
	unsigned int n, k;
	size_t i;

	folder_for_points(folder, set, i) {
		const struct point *p = &folder->point[i];
		char *text;

		n = iopf_stages(p, stages);
		for (k = 0; k < n; k++) {
			if (!stages[k].reason)
				continue;
			text = xasprintf("Stage %s not shown: %s", stages[k].name,
					 stages[k].reason);
			add_under(all, text, point_name(folder, p, iopf_settings));
			free(text);
		}
		if (!iopf_no_cpu(p) || cpu_elsewhere(folder, p))
			continue;
		text = xasprintf("No fault of the CPU: %s", iopf_no_cpu(p));
		add_under(all, text, point_name(folder, p, iopf_settings));
		free(text);
	}
	return all;
}

static void put_reasons(FILE *f, const struct folder *folder, unsigned int set)
{
	json_t *all = find_reasons(folder, set), *names;
	const char *text;

	fputs("<ul>\n", f);
	json_object_foreach(all, text, names) {
		char *list = list_names(names);

		fputs("<li>", f);
		markup_put_text(f, text);
		fputs(" <span class=\"dim\">(", f);
		markup_put_text(f, list);
		fputs(")</span></li>\n", f);
		free(list);
	}
	fputs("</ul>\n", f);
	json_decref(all);
}

void report_iopf_page(FILE *f, const struct folder *folder, const struct result_kind *kind)
{
	unsigned int set;

	fputs("<p>A device reads or writes pages of a process that are not there. Each such access faults: the IOMMU reports it, the kernel makes the page present, and the access goes on. "
	      "The ratio says how many times as long that takes as the same fault of the CPU (p50). With a rate, device latencies here are from the real start of an access.</p>\n",
	      f);
	for (set = 0; set < folder->sets; set++) {
		if (folder_set_kind(folder, set) != kind)
			continue;
		html_put_set(f, folder, set);
		put_faults(f, folder, set);
		put_stages(f, folder, set);
		put_reasons(f, folder, set);
	}
}

/* --- for people --------------------------------------------------------------- */

static void print_time(FILE *out, const struct point_phase *phase, double ns)
{
	fprintf(out, " %8s", phase ? units_time(ns).text : "-");
}

static void print_load(FILE *out, const struct point *point)
{
	char *text;

	if (iopf_of(point)->rate > 0)
		text = xasprintf("%s/s", units_rate(iopf_of(point)->rate).text);
	else
		text = xasprintf("%.0f", iopf_under_way(point));
	fprintf(out, " %8s", text);
	free(text);
}

static void print_row(FILE *out, const struct folder *folder, const struct point *point, int width)
{
	const struct point_phase *device = iopf_device(point);
	const struct point_phase *cpu = point_phase(point, "cpu_fault");
	char *name = point_name(folder, point, iopf_settings), *runs = point_runs(point);

	fprintf(out, "%-*s", width, name);
	print_load(out, point);
	print_time(out, device, device ? device->stats.p50 : 0);
	print_time(out, device, device ? device->stats.p99 : 0);
	print_time(out, cpu, cpu ? cpu->stats.p50 : 0);
	print_time(out, cpu, cpu ? cpu->stats.p99 : 0);
	if (iopf_ratio(point, 500000) > 0)
		fprintf(out, " %7.3g", iopf_ratio(point, 500000));
	else
		fprintf(out, " %7s", "-");
	fprintf(out, " %8s%s%s%s%s\n",
		units_rate(result_number(point->json, "iopf.faults_per_s")).text,
		iopf_refused(point) ? "  refused" : "", *runs ? "  " : "", runs,
		point->complete ? "" : "  INCOMPLETE");
	free(runs);
	free(name);
}

static int name_width(const struct folder *folder, unsigned int set)
{
	size_t width = 12, i;

	folder_for_points(folder, set, i) {
		char *name;

		name = point_name(folder, &folder->point[i], iopf_settings);
		width = strlen(name) > width ? strlen(name) : width;
		free(name);
	}
	return (int)width;
}

static void print_reasons(FILE *out, const struct folder *folder, unsigned int set)
{
	json_t *all = find_reasons(folder, set), *names;
	const char *text;

	json_object_foreach(all, text, names) {
		char *list = list_names(names);

		fprintf(out, "%s (%s)\n", text, list);
		free(list);
	}
	json_decref(all);
}

void report_iopf_tables(const struct folder *folder, const struct result_kind *kind,
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
		fprintf(out, "\n%s%s%s: faults of the device and of the CPU\n",
			terminal_on(style, "1"), name, terminal_off(style));
		free(name);
		fprintf(out, "%-*s %8s %8s %8s %8s %8s %7s %8s\n", width, "fault", "load", "p50",
			"p99", "CPU p50", "p99", "ratio", "faults/s");
		folder_for_points(folder, set, i)
			print_row(out, folder, &folder->point[i], width);
		print_reasons(out, folder, set);
	}
}

/* --- for programs ------------------------------------------------------------- */

static void add_times(json_t *object, const char *key, const struct point_phase *phase)
{
	json_t *j;

	if (!phase)
		return;
	j = xjson(json_object());
	xjson_put(j, "p50_ns", xjson_figure(phase->stats.p50));
	xjson_put(j, "p99_ns", xjson_figure(phase->stats.p99));
	xjson_put(object, key, j);
}

static json_t *stages_json(const struct point *point)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	unsigned int n = iopf_stages(point, stages), i;
	json_t *all = xjson(json_object());

	for (i = 0; i < n; i++) {
		json_t *j;

		if (!stages[i].reason) {
			add_times(all, stages[i].name, stages[i].phase);
			continue;
		}
		j = xjson(json_object());
		xjson_put(j, "shown", xjson(json_false()));
		xjson_put(j, "reason", xjson_text(stages[i].reason));
		xjson_put(all, stages[i].name, j);
	}
	return all;
}

static json_t *point_json(const struct folder *folder, const struct point *point)
{
	char *name = point_name(folder, point, iopf_settings);
	json_t *j = xjson(json_object());

	points_json_runs(j, point);
	xjson_put(j, "name", xjson_text(name));
	xjson_put(j, "fault", xjson_text(iopf_of(point)->fault));
	xjson_put(j, "mode", xjson_text(iopf_of(point)->mode));
	xjson_put(j, "rate_per_s", xjson(json_real(iopf_of(point)->rate)));
	xjson_put(j, "under_way", xjson(json_real(iopf_under_way(point))));
	xjson_put(j, "faults_per_s",
		  xjson(json_real(result_number(point->json, "iopf.faults_per_s"))));
	xjson_put(j, "refused", xjson(json_boolean(iopf_refused(point))));
	add_times(j, "device", iopf_device(point));
	add_times(j, "cpu", point_phase(point, "cpu_fault"));
	if (iopf_ratio(point, 500000) > 0)
		xjson_put(j, "ratio_p50", xjson(json_real(iopf_ratio(point, 500000))));
	xjson_put(j, "stages", stages_json(point));
	free(name);
	return j;
}

void report_iopf_json(const struct folder *folder, const struct result_kind *kind, json_t *list)
{
	points_json(folder, kind, point_json, list);
}
