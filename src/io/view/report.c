// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report's tables of io: real I/O by domain type.
 */
#include "io/view/report.h"

#include <string.h>

#include "base/xalloc.h"
#include "io/view/points.h"
#include "io/view/summary.h"
#include "page/put.h"
#include "result/read.h"
#include "text/json.h"
#include "text/terminal.h"
#include "text/units.h"

/* Of two CPU times that are further apart than their steps, the ratio says something. */
static double cpu_over_identity(const struct runs *runs, const struct point *point)
{
	const struct point *base = io_find(runs, point, "identity", io_depth(point));
	double least = base ? io_cpu(base, "busy") : 0;

	return base && base != point && least > 0 ? io_cpu(point, "busy") / least : 0;
}

static const struct point *first_of(const struct runs *runs, unsigned int group)
{
	size_t i;

	for (i = 0; i < runs->points && runs->point[i].group != group; i++)
		;
	return &runs->point[i];
}

/* --- the page ---------------------------------------------------------------- */

static void put_time(FILE *f, const char *class, double ns)
{
	html_put_cell(f, class, ns > 0 ? units_time_utf8(ns).text : HTML_NONE);
}

static void put_row(FILE *f, const struct runs *runs, const struct point *point)
{
	const struct point_phase *phase = io_phase(point);
	double ratio = cpu_over_identity(runs, point);

	fputs("<tr>", f);
	html_put_key_cells(f, runs, point->run->json);
	html_put_cell(f, "n first", units_rate(point->ops_per_s).text);
	html_put_cell(f, "n", units_rate(result_number(point->run->json, "io.bytes_per_s")).text);
	put_time(f, "n first", phase ? phase->stats.p50 : 0);
	put_time(f, "n", phase ? phase->stats.p99 : 0);
	put_time(f, "n", phase ? phase->stats.p99_9 : 0);
	put_time(f, "n", phase ? phase->stats.max : 0);
	put_time(f, "n first", io_cpu(point, "busy"));
	if (ratio > 0)
		fprintf(f, "<td class=\"n ratio\">%.2f</td>", ratio);
	else
		html_put_cell(f, "n", HTML_NONE);
	put_time(f, "n", io_cpu(point, "thread"));
	html_put_cell(f, "bad", point->complete ? "" : "incomplete");
	fputs("</tr>\n", f);
}

static void put_table(FILE *f, const struct runs *runs, unsigned int group)
{
	size_t i;

	fputs("<div class=\"wide\"><table><thead><tr>", f);
	html_put_key_titles(f, runs, first_of(runs, group)->run->json);
	fputs("<th class=\"n first\">requests/s</th><th class=\"n\">bytes/s</th>"
	      "<th class=\"n first\">p50</th><th class=\"n\">p99</th><th class=\"n\">p99.9</th><th class=\"n\">longest</th>"
	      "<th class=\"n first\">CPU a request</th><th class=\"n\">over identity</th><th class=\"n\">in thread</th><th></th></tr></thead>\n<tbody>\n",
	      f);
	for (i = 0; i < runs->points; i++)
		if (runs->point[i].group == group)
			put_row(f, runs, &runs->point[i]);
	fputs("</tbody></table></div>\n", f);
}

void report_io_page(FILE *f, const struct runs *runs)
{
	unsigned int group;

	fputs("<p>Requests to a disk behind the IOMMU, past the page cache. Its driver maps each request and unmaps it when it completes: strict waits for the IOMMU then, lazy leaves that to a queue, identity has nothing to do. "
	      "CPU time is that of all CPUs less their idle time, with interrupts; in thread is the part that the threads' own time has. Latencies are of reads, or of writes where there are no reads.</p>\n",
	      f);
	for (group = 0; group < runs->groups; group++) {
		if (!io_is(runs, group))
			continue;
		html_put_group(f, runs, group);
		put_table(f, runs, group);
	}
}

/* --- for people --------------------------------------------------------------- */

void report_io_print(const struct runs *runs, struct terminal_style style, FILE *out)
{
	json_t **results = xcalloc(runs->points, sizeof(json_t *));
	unsigned int group;
	size_t n, i;

	for (group = 0; group < runs->groups; group++) {
		char *name;

		if (!io_is(runs, group))
			continue;
		name = runs_name(runs, group);
		fprintf(out, "\n%s%s%s\n", terminal_on(style, "1"), name, terminal_off(style));
		free(name);
		for (n = 0, i = 0; i < runs->points; i++)
			if (runs->point[i].group == group)
				results[n++] = runs->point[i].run->json;
		io_table_print(results, n, out);
	}
	free(results);
}

/* --- for programs ------------------------------------------------------------- */

static void put_known(json_t *j, const char *key, double value)
{
	xjson_put(j, key, value > 0 ? xjson(json_real(value)) : json_null());
}

static json_t *point_json(const struct runs *runs, const struct point *point)
{
	const struct point_phase *phase = io_phase(point);
	char *name = point_name(runs, point, io_settings);
	json_t *j = xjson(json_object());

	xjson_put(j, "file", xjson_text(point->run->file));
	xjson_put(j, "complete", xjson(json_boolean(point->complete)));
	xjson_put(j, "repeats", xjson(json_integer(point->repeats)));
	xjson_put(j, "name", xjson_text(name));
	free(name);
	xjson_put(j, "domain_type", xjson_text(point->domain));
	xjson_put(j, "size_bytes", xjson(json_integer((json_int_t)point->size)));
	xjson_put(j, "threads", xjson(json_integer(point->threads)));
	xjson_put(j, "queue_depth", xjson(json_real(io_depth(point))));
	xjson_put(j, "ops_per_s", xjson(json_real(point->ops_per_s)));
	put_known(j, "p50_ns", phase ? phase->stats.p50 : 0);
	put_known(j, "p99_ns", phase ? phase->stats.p99 : 0);
	put_known(j, "p99_9_ns", phase ? phase->stats.p99_9 : 0);
	put_known(j, "cpu_ns_per_op", io_cpu(point, "busy"));
	put_known(j, "cpu_over_identity", cpu_over_identity(runs, point));
	return j;
}

void report_io_json(const struct runs *runs, json_t *list)
{
	unsigned int group;
	size_t i;

	for (group = 0; group < runs->groups; group++) {
		json_t *j, *points;

		if (!io_is(runs, group))
			continue;
		j = xjson(json_object());
		points = xjson(json_array());
		xjson_put(j, "subcommand", xjson_text("io"));
		xjson_put(j, "variant", xjson_text(first_of(runs, group)->run->variant));
		for (i = 0; i < runs->points; i++)
			if (runs->point[i].group == group)
				xjson_add(points, point_json(runs, &runs->point[i]));
		xjson_put(j, "points", points);
		xjson_add(list, j);
	}
}
