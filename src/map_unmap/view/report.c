// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report's tables of map-unmap: strict against lazy.
 */
#include "map_unmap/view/report.h"

#include "map_unmap/view/pairs.h"
#include "map_unmap/view/points.h"
#include "page/put.h"
#include "points/json.h"
#include "text/json.h"
#include "text/terminal.h"
#include "text/units.h"

/* --- the page ---------------------------------------------------------------- */

static void put_ratio(FILE *f, double ratio)
{
	if (ratio > 0)
		fprintf(f, "<td class=\"n ratio\">%.2f</td>", ratio);
	else
		html_put_cell(f, "n", HTML_NONE);
}

static void put_percentile(FILE *f, const char *class, const struct point *point, unsigned int ppm)
{
	const struct point_phase *phase = point_phase(point, "unmap");

	html_put_cell(f, class, !phase ? HTML_NONE :
		      units_time_utf8(stats_percentile(phase->hist, ppm, phase->scale)).text);
}

static void put_rate(FILE *f, const char *class, const struct point *point)
{
	html_put_cell(f, class, point ? units_rate(point->ops_per_s).text : HTML_NONE);
}

static void put_pair(FILE *f, const struct pair *pair)
{
	const struct point *p = pair->strict ? pair->strict : pair->lazy;
	const struct map_unmap_params *params = map_unmap_of(p);

	fputs("<tr>", f);
	html_put_cell(f, NULL, params->api);
	html_put_cell(f, "n", units_size(params->size).text);
	html_put_number(f, p->threads);
	put_percentile(f, "n first", pair->strict, 500000);
	put_percentile(f, "n", pair->lazy, 500000);
	put_ratio(f, pair_ratio(pair, "unmap", 500000));
	put_percentile(f, "n first", pair->strict, 990000);
	put_percentile(f, "n", pair->lazy, 990000);
	put_ratio(f, pair_ratio(pair, "unmap", 990000));
	put_rate(f, "n first", pair->strict);
	put_rate(f, "n", pair->lazy);
	put_ratio(f, pair_ratio(pair, NULL, 0));
	html_put_runs(f, pair->strict);
	html_put_runs(f, pair->lazy);
	html_put_cell(f, "bad", (pair->strict && !pair->strict->complete) ||
		      (pair->lazy && !pair->lazy->complete) ? "incomplete" : "");
	fputs("</tr>\n", f);
}

void report_map_unmap_page(FILE *f, const struct folder *folder, const struct result_kind *kind)
{
	size_t n, i;
	struct pair *pairs = map_unmap_pairs(folder, kind, &n);
	unsigned int set = 0;
	bool open = false;

	if (!n)
		fputs("<p>No result here is from a strict or lazy domain; <code>--domain-type</code> switches it.</p>\n",
		      f);
	else
		fputs("<p>Strict: unmap waits until the IOMMU has dropped the translation. Lazy: that is left to a queue, and the device can reach the memory until it is worked off. "
		      "Ratios are strict over lazy: above 1, strict takes longer (latency) or does more (operations per second).</p>\n",
		      f);
	for (i = 0; i < n; i++) {
		const struct point *p = pairs[i].strict ? pairs[i].strict : pairs[i].lazy;

		if (!open || p->set != set) {
			if (open)
				fputs("</tbody></table></div>\n", f);
			set = p->set;
			open = true;
			html_put_set(f, folder, set);
			fputs("<div class=\"wide\"><table><thead><tr><th rowspan=\"2\">API</th><th rowspan=\"2\" class=\"n\">size</th><th rowspan=\"2\" class=\"n\">threads</th>"
			      "<th colspan=\"3\" class=\"first\">unmap p50</th><th colspan=\"3\" class=\"first\">unmap p99</th><th colspan=\"3\" class=\"first\">operations per second</th><th colspan=\"2\" class=\"first\">runs</th><th rowspan=\"2\"></th></tr>\n<tr>"
			      "<th class=\"n first\">strict</th><th class=\"n\">lazy</th><th class=\"n\">ratio</th>"
			      "<th class=\"n first\">strict</th><th class=\"n\">lazy</th><th class=\"n\">ratio</th>"
			      "<th class=\"n first\">strict</th><th class=\"n\">lazy</th><th class=\"n\">ratio</th>"
			      "<th class=\"first\">strict</th><th>lazy</th></tr></thead>\n<tbody>\n",
			      f);
		}
		put_pair(f, &pairs[i]);
	}
	if (open)
		fputs("</tbody></table></div>\n", f);
	free(pairs);
}

/* --- for people --------------------------------------------------------------- */

static void print_percentile(FILE *out, const struct point *point, unsigned int ppm)
{
	const struct point_phase *phase = point_phase(point, "unmap");

	fprintf(out, " %8s", !phase ? "-" :
		units_time(stats_percentile(phase->hist, ppm, phase->scale)).text);
}

static void print_ratio(FILE *out, double ratio, struct terminal_style style)
{
	if (ratio > 0)
		fprintf(out, " %s%6.2f%s", terminal_on(style, "1"), ratio, terminal_off(style));
	else
		fprintf(out, " %6s", "-");
}

static void print_runs(FILE *out, const char *side, const struct point *point)
{
	char *runs = point_runs(point);

	if (*runs)
		fprintf(out, "  %s: %s", side, runs);
	free(runs);
}

static void print_pair(FILE *out, const struct pair *pair, struct terminal_style style)
{
	const struct point *p = pair->strict ? pair->strict : pair->lazy;
	const struct map_unmap_params *params = map_unmap_of(p);

	fprintf(out, "%-10s %7s %7u ", params->api, units_size(params->size).text, p->threads);
	print_percentile(out, pair->strict, 500000);
	print_percentile(out, pair->lazy, 500000);
	print_ratio(out, pair_ratio(pair, "unmap", 500000), style);
	fputs("  ", out);
	print_percentile(out, pair->strict, 990000);
	print_percentile(out, pair->lazy, 990000);
	print_ratio(out, pair_ratio(pair, "unmap", 990000), style);
	fprintf(out, "  %7s", pair->strict ? units_rate(pair->strict->ops_per_s).text : "-");
	fprintf(out, " %7s", pair->lazy ? units_rate(pair->lazy->ops_per_s).text : "-");
	print_ratio(out, pair_ratio(pair, NULL, 0), style);
	print_runs(out, "strict", pair->strict);
	print_runs(out, "lazy", pair->lazy);
	fputc('\n', out);
}

void report_map_unmap_tables(const struct folder *folder, const struct result_kind *kind,
			     struct terminal_style style, FILE *out)
{
	size_t n, i;
	struct pair *pairs = map_unmap_pairs(folder, kind, &n);
	unsigned int set = folder->sets;

	for (i = 0; i < n; i++) {
		const struct point *p = pairs[i].strict ? pairs[i].strict : pairs[i].lazy;

		if (p->set != set) {
			char *name = folder_set_name(folder, p->set);

			set = p->set;
			if (folder->sets > 1)
				fprintf(out, "\n%s%s%s", terminal_on(style, "1"), name,
					terminal_off(style));
			free(name);
			fprintf(out, "\n%26s  %-24s   %-24s   %s\n", "", "unmap p50", "unmap p99",
				"operations/s");
			fprintf(out, "%-10s %7s %7s  %8s %8s %6s   %8s %8s %6s   %7s %7s %6s\n",
				"api", "size", "threads", "strict", "lazy", "ratio", "strict",
				"lazy", "ratio", "strict", "lazy", "ratio");
		}
		print_pair(out, &pairs[i], style);
	}
	if (!n)
		fputs("no result is from a strict or lazy domain: --domain-type of map-unmap switches it\n",
		      out);
	free(pairs);
}

/* --- for programs ------------------------------------------------------------- */

static void add_point(json_t *object, const char *key, const struct point *point)
{
	json_t *j;

	if (!point)
		return;
	j = xjson(json_object());
	points_json_runs(j, point);
	if (point_phase(point, "unmap")) {
		xjson_put(j, "unmap_p50_ns",
			  xjson_figure(point_phase(point, "unmap")->stats.p50));
		xjson_put(j, "unmap_p99_ns",
			  xjson_figure(point_phase(point, "unmap")->stats.p99));
	}
	xjson_put(object, key, j);
}

static void add_ratio(json_t *object, const char *key, double ratio)
{
	xjson_put(object, key, xjson(ratio > 0 ? json_real(ratio) : json_null()));
}

void report_map_unmap_json(const struct folder *folder, const struct result_kind *kind,
			   json_t *list)
{
	size_t n, i;
	struct pair *pairs = map_unmap_pairs(folder, kind, &n);

	for (i = 0; i < n; i++) {
		const struct point *p = pairs[i].strict ? pairs[i].strict : pairs[i].lazy;
		const struct map_unmap_params *params = map_unmap_of(p);
		json_t *j = xjson(json_object()), *ratio = xjson(json_object());

		xjson_put(j, "subcommand", xjson_text(kind->subcommand));
		xjson_put(j, "variant", xjson_text(p->entry->variant));
		xjson_put(j, "api", xjson_text(params->api));
		xjson_put(j, "size_bytes", xjson(json_integer((json_int_t)params->size)));
		xjson_put(j, "threads", xjson(json_integer(p->threads)));
		add_point(j, "strict", pairs[i].strict);
		add_point(j, "lazy", pairs[i].lazy);
		add_ratio(ratio, "unmap_p50", pair_ratio(&pairs[i], "unmap", 500000));
		add_ratio(ratio, "unmap_p99", pair_ratio(&pairs[i], "unmap", 990000));
		add_ratio(ratio, "ops_per_s", pair_ratio(&pairs[i], NULL, 0));
		xjson_put(j, "strict_over_lazy", ratio);
		xjson_add(list, j);
	}
	free(pairs);
}
