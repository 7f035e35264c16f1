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
#include "points/json.h"
#include "result/read.h"
#include "text/json.h"
#include "text/terminal.h"
#include "text/units.h"

/* Of two CPU times that are further apart than their steps, the ratio says something. */
static double cpu_over_identity(const struct folder *folder, const struct point *point)
{
	const struct point *base = io_find(folder, point, "identity", io_of(point)->depth);
	double least = base ? io_cpu(base, "busy") : 0;

	return base && base != point && least > 0 ? io_cpu(point, "busy") / least : 0;
}

/* --- the page ---------------------------------------------------------------- */

static void put_time(FILE *f, const char *class, double ns)
{
	html_put_cell(f, class, ns > 0 ? units_time_utf8(ns).text : HTML_NONE);
}

static void put_row(FILE *f, const struct folder *folder, const struct point *point)
{
	const struct point_phase *phase = io_phase(point);
	double ratio = cpu_over_identity(folder, point);

	fputs("<tr>", f);
	html_put_key_cells(f, folder, point->entry->json);
	html_put_cell(f, "n first", units_rate(point->ops_per_s).text);
	html_put_cell(f, "n", units_rate(result_number(point->json, "io.bytes_per_s")).text);
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
	html_put_runs(f, point);
	html_put_cell(f, "bad", point->complete ? "" : "incomplete");
	fputs("</tr>\n", f);
}

static void put_table(FILE *f, const struct folder *folder, unsigned int set)
{
	size_t i;

	fputs("<div class=\"wide\"><table><thead><tr>", f);
	html_put_key_titles(f, folder, folder_set_first(folder, set)->entry->json);
	fputs("<th class=\"n first\">requests/s</th><th class=\"n\">bytes/s</th>"
	      "<th class=\"n first\">p50</th><th class=\"n\">p99</th><th class=\"n\">p99.9</th><th class=\"n\">longest</th>"
	      "<th class=\"n first\">CPU a request</th><th class=\"n\">over identity</th><th class=\"n\">in thread</th><th>runs</th><th></th></tr></thead>\n<tbody>\n",
	      f);
	folder_for_points(folder, set, i)
		put_row(f, folder, &folder->point[i]);
	fputs("</tbody></table></div>\n", f);
}

void report_io_page(FILE *f, const struct folder *folder, const struct result_kind *kind)
{
	unsigned int set;

	fputs("<p>Requests to a disk behind the IOMMU, past the page cache. Its driver maps each request and unmaps it when it completes: strict waits for the IOMMU then, lazy leaves that to a queue, identity has nothing to do. "
	      "CPU time is that of all CPUs less their idle time, with interrupts; in thread is the part that the threads' own time has. Latencies are of reads, or of writes where there are no reads.</p>\n",
	      f);
	for (set = 0; set < folder->sets; set++) {
		if (folder_set_kind(folder, set) != kind)
			continue;
		html_put_set(f, folder, set);
		put_table(f, folder, set);
	}
}

/* --- for people --------------------------------------------------------------- */

void report_io_tables(const struct folder *folder, const struct result_kind *kind,
		      struct terminal_style style, FILE *out)
{
	json_t **results = xcalloc(folder->points, sizeof(json_t *));
	unsigned int set;
	size_t n, i;

	for (set = 0; set < folder->sets; set++) {
		char *name;

		if (folder_set_kind(folder, set) != kind)
			continue;
		name = folder_set_name(folder, set);
		fprintf(out, "\n%s%s%s\n", terminal_on(style, "1"), name, terminal_off(style));
		free(name);
		for (n = 0, i = 0; i < folder->points; i++)
			if (folder->point[i].set == set)
				results[n++] = folder->point[i].json;
		io_table_print(results, n, out);
	}
	free(results);
}

/* --- for programs ------------------------------------------------------------- */

static void put_known(json_t *j, const char *key, double value)
{
	xjson_put(j, key, value > 0 ? xjson(json_real(value)) : json_null());
}

static json_t *point_json(const struct folder *folder, const struct point *point)
{
	const struct point_phase *phase = io_phase(point);
	char *name = point_name(folder, point, io_settings);
	json_t *j = xjson(json_object());

	points_json_runs(j, point);
	xjson_put(j, "name", xjson_text(name));
	free(name);
	xjson_put(j, "domain_type", xjson_text(io_of(point)->domain));
	xjson_put(j, "size_bytes", xjson(json_integer((json_int_t)io_of(point)->size)));
	xjson_put(j, "threads", xjson(json_integer(point->threads)));
	xjson_put(j, "queue_depth", xjson(json_real(io_of(point)->depth)));
	put_known(j, "p50_ns", phase ? phase->stats.p50 : 0);
	put_known(j, "p99_ns", phase ? phase->stats.p99 : 0);
	put_known(j, "p99_9_ns", phase ? phase->stats.p99_9 : 0);
	put_known(j, "cpu_ns_per_op", io_cpu(point, "busy"));
	put_known(j, "cpu_over_identity", cpu_over_identity(folder, point));
	return j;
}

void report_io_json(const struct folder *folder, const struct result_kind *kind, json_t *list)
{
	points_json(folder, kind, point_json, list);
}
