// SPDX-License-Identifier: GPL-2.0-only
/*
 * A folder of results as one page that needs nothing but itself.
 *
 * Everything that comes out of a result goes through put_text(), so that it
 * cannot become markup. Pictures are SVG inside an <img>: there it runs no
 * script and its names cannot clash with those of the next one.
 */
#include "lib/html.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/result.h"
#include "lib/summary.h"
#include "lib/units.h"
#include "lib/xalloc.h"

static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<title>iommubench report</title>\n"
	"<style>\n"
	":root { --ink: #1c1c1c; --dim: #555; --paper: #fff; --line: #d5d5d5; --soft: #f4f4f2;"
	" --warn: #8a2c00; --warn-bg: #fdf0e6; --bad: #a00020; }\n"
	"@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --dim: #a8a8a8;"
	" --paper: #161616; --line: #3a3a3a; --soft: #202020; --warn: #ffb98a; --warn-bg: #33211a;"
	" --bad: #ff8a9a; } }\n"
	"* { box-sizing: border-box; }\n"
	"body { margin: 0 auto; max-width: 74rem; padding: 1.5rem 1.25rem 4rem; color: var(--ink);"
	" background: var(--paper); font: 16px/1.5 system-ui, sans-serif; }\n"
	"h1 { font-size: 1.7rem; margin: 0 0 .2rem; }\n"
	"h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); }\n"
	"h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }\n"
	"p { margin: .5rem 0; max-width: 52rem; }\n"
	".dim { color: var(--dim); }\n"
	".note { border-left: .3rem solid var(--warn); background: var(--warn-bg); color: var(--warn);"
	" padding: .6rem .9rem; margin: .8rem 0; font-weight: 600; }\n"
	".bad { color: var(--bad); font-weight: 600; }\n"
	".wide { overflow-x: auto; }\n"
	"table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }\n"
	"th, td { padding: .22rem .6rem; border-bottom: 1px solid var(--line); text-align: left;"
	" vertical-align: top; white-space: nowrap; }\n"
	"thead th { background: var(--soft); }\n"
	"thead tr:first-child th[colspan] { text-align: center; }\n"
	".n { text-align: right; }\n"
	".first { border-left: 1px solid var(--line); }\n"
	".ratio { font-weight: 700; }\n"
	"td.key { color: var(--dim); }\n"
	"td.long { white-space: normal; overflow-wrap: anywhere; }\n"
	"figure { margin: 1rem 0 1.8rem; }\n"
	"figure img { display: block; width: 100%; height: auto; background: #fff;"
	" border: 1px solid var(--line); border-radius: 4px; }\n"
	"figcaption { margin-top: .4rem; color: var(--dim); font-size: .92rem; }\n"
	"nav a { margin-right: 1rem; } a { color: inherit; }\n"
	"@media print { :root { --ink: #000; --dim: #333; --paper: #fff; --line: #bbb; --soft: #eee;"
	" --warn: #8a2c00; --warn-bg: #fff; --bad: #a00020; }\n"
	" body { max-width: none; padding: 0; font-size: 10.5pt; } nav { display: none; }\n"
	" figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }"
	" .wide { overflow: visible; } table { font-size: 8pt; } th, td { padding: .15rem .3rem; } }\n"
	"</style>\n"
	"</head>\n"
	"<body>\n";

static void put_text(FILE *f, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		case '\'':
			fputs("&#39;", f);
			break;
		case '\n':
			fputc(' ', f);
			break;
		default:
			fputc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s, f);
		}
	}
}

static void put_cell(FILE *f, const char *class, const char *text)
{
	fprintf(f, "<td%s%s%s>", class ? " class=\"" : "", class ? class : "", class ? "\"" : "");
	put_text(f, text);
	fputs("</td>", f);
}

static void put_number(FILE *f, double value)
{
	fprintf(f, "<td class=\"n\">%.0f</td>", value);
}

static void put_base64(FILE *f, const char *data, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *d = (const unsigned char *)data;
	size_t i;

	for (i = 0; i < n; i += 3) {
		unsigned int left = n - i > 2 ? 3 : (unsigned int)(n - i);
		unsigned int word = (unsigned int)d[i] << 16 | (left > 1 ? d[i + 1] << 8 : 0) |
				    (left > 2 ? d[i + 2] : 0);

		fputc(digits[word >> 18], f);
		fputc(digits[word >> 12 & 63], f);
		fputc(left > 1 ? digits[word >> 6 & 63] : '=', f);
		fputc(left > 2 ? digits[word & 63] : '=', f);
	}
}

/* --- the parts of the page, from top to bottom ----------------------------- */

static json_int_t sum_checks(const struct runs *runs, const char *key)
{
	json_int_t sum = 0;
	json_t *check;
	size_t i, k;

	for (i = 0; i < runs->n; i++)
		json_array_foreach(result_get(runs->run[i].json, "checks"), k, check)
			sum += json_integer_value(json_object_get(check, key));
	return sum;
}

static void put_top(FILE *f, const struct runs *runs)
{
	const char *first = "", *last = "", *time;
	unsigned int cut = 0;
	size_t i;

	for (i = 0; i < runs->n; i++) {
		time = result_text(runs->run[i].json, "time");
		if (!*first || strcmp(time, first) < 0)
			first = time;
		if (strcmp(time, last) > 0)
			last = time;
		cut += !json_is_true(result_get(runs->run[i].json, "complete"));
	}
	fputs("<h1>iommubench report</h1>\n<p class=\"dim\">", f);
	fprintf(f, "%zu result%s, measured ", runs->n, runs->n == 1 ? "" : "s");
	put_text(f, first);
	if (strcmp(first, last)) {
		fputs(" to ", f);
		put_text(f, last);
	}
	fputs(" with iommubench ", f);
	put_text(f, result_text(runs->run[0].json, "tool.version"));
	fputs("</p>\n", f);
	if (runs->virtual == runs->n)
		fputs("<p class=\"note\">Virtual machine: figures prove the software, not silicon.</p>\n",
		      f);
	else if (runs->virtual)
		fprintf(f, "<p class=\"note\">%u of these results are from a virtual machine: their figures prove the software, not silicon.</p>\n",
			runs->virtual);
	if (sum_checks(runs, "failures"))
		fputs("<p class=\"note\">Checks failed: see <a href=\"#checks\">Checks</a> before trusting a figure.</p>\n",
		      f);
	if (cut)
		fprintf(f, "<p class=\"note\">%u run%s cut short, marked as incomplete below.</p>\n",
			cut, cut == 1 ? " was" : "s were");
	fputs("<nav><a href=\"#headline\">Strict against lazy</a><a href=\"#pictures\">Pictures</a>"
	      "<a href=\"#latencies\">Latencies</a><a href=\"#machine\">Machine</a>"
	      "<a href=\"#parameters\">Parameters</a><a href=\"#checks\">Checks</a>"
	      "<a href=\"#warnings\">Warnings</a><a href=\"#harness\">Harness</a></nav>\n", f);
}

static void put_group_heading(FILE *f, const struct runs *runs, unsigned int group)
{
	char *name;

	if (runs->groups < 2)
		return;
	name = runs_name(runs, group);
	fputs("<h3>", f);
	put_text(f, name);
	fputs("</h3>\n", f);
	free(name);
}

static void put_ratio(FILE *f, double ratio)
{
	if (ratio > 0)
		fprintf(f, "<td class=\"n ratio\">%.2f</td>", ratio);
	else
		fputs("<td class=\"n\">\u2013</td>", f);
}

static void put_percentile(FILE *f, const char *class, const struct point *point, unsigned int ppm)
{
	const struct point_phase *phase = point_phase(point, "unmap");

	put_cell(f, class, phase ? units_time_utf8(stats_percentile(phase->hist, ppm,
								    phase->scale)).text : "\u2013");
}

static void put_pair(FILE *f, const struct pair *pair)
{
	const struct point *p = pair->strict ? pair->strict : pair->lazy;

	fputs("<tr>", f);
	put_cell(f, NULL, p->api);
	put_cell(f, "n", units_size(p->size).text);
	put_number(f, p->threads);
	put_percentile(f, "n first", pair->strict, 500000);
	put_percentile(f, "n", pair->lazy, 500000);
	put_ratio(f, pair_ratio(pair, "unmap", 500000));
	put_percentile(f, "n first", pair->strict, 990000);
	put_percentile(f, "n", pair->lazy, 990000);
	put_ratio(f, pair_ratio(pair, "unmap", 990000));
	put_cell(f, "n first", pair->strict ? units_rate(pair->strict->ops_per_s).text : "\u2013");
	put_cell(f, "n", pair->lazy ? units_rate(pair->lazy->ops_per_s).text : "\u2013");
	put_ratio(f, pair_ratio(pair, NULL, 0));
	put_cell(f, "bad", (pair->strict && !pair->strict->complete) ||
		 (pair->lazy && !pair->lazy->complete) ? "incomplete" : "");
	fputs("</tr>\n", f);
}

static void put_headline(FILE *f, const struct runs *runs)
{
	size_t n, i;
	struct pair *pairs = runs_pairs(runs, &n);
	unsigned int group = 0;
	bool open = false;

	fputs("<h2 id=\"headline\">Strict against lazy</h2>\n", f);
	if (!n)
		fputs("<p>No result here is from a strict or lazy domain; <code>--domain-type</code> switches it.</p>\n",
		      f);
	else
		fputs("<p>Strict: unmap waits until the IOMMU has dropped the translation. Lazy: that is left to a queue, and the device can reach the memory until it is worked off. "
		      "Ratios are strict over lazy: above 1, strict takes longer (latency) or does more (operations per second).</p>\n",
		      f);
	for (i = 0; i < n; i++) {
		const struct point *p = pairs[i].strict ? pairs[i].strict : pairs[i].lazy;

		if (!open || p->group != group) {
			if (open)
				fputs("</tbody></table></div>\n", f);
			group = p->group;
			open = true;
			put_group_heading(f, runs, group);
			fputs("<div class=\"wide\"><table><thead><tr><th rowspan=\"2\">API</th><th rowspan=\"2\" class=\"n\">size</th><th rowspan=\"2\" class=\"n\">threads</th>"
			      "<th colspan=\"3\" class=\"first\">unmap p50</th><th colspan=\"3\" class=\"first\">unmap p99</th><th colspan=\"3\" class=\"first\">operations per second</th><th rowspan=\"2\"></th></tr>\n<tr>"
			      "<th class=\"n first\">strict</th><th class=\"n\">lazy</th><th class=\"n\">ratio</th>"
			      "<th class=\"n first\">strict</th><th class=\"n\">lazy</th><th class=\"n\">ratio</th>"
			      "<th class=\"n first\">strict</th><th class=\"n\">lazy</th><th class=\"n\">ratio</th></tr></thead>\n<tbody>\n",
			      f);
		}
		put_pair(f, &pairs[i]);
	}
	if (open)
		fputs("</tbody></table></div>\n", f);
	free(pairs);
}

static void put_pictures(FILE *f, const struct runs *runs, const struct pictures *pictures,
			 const char *no_pictures)
{
	unsigned int group = runs->groups;
	size_t i;

	fputs("<h2 id=\"pictures\">Pictures</h2>\n", f);
	if (no_pictures) {
		fputs("<p>There are none: ", f);
		put_text(f, no_pictures);
		fputs("</p>\n", f);
	}
	for (i = 0; i < pictures->n; i++) {
		const struct picture *p = &pictures->picture[i];
		const char *line = p->reading, *end = strchr(line, '\n');

		if (!p->svg)
			continue;
		if (p->group != group) {
			group = p->group;
			put_group_heading(f, runs, group);
		}
		fputs("<figure><img alt=\"", f);
		put_text(f, p->shows);
		fputs("\" src=\"data:image/svg+xml;base64,", f);
		put_base64(f, p->svg, p->svg_bytes);
		fprintf(f, "\">\n<figcaption>%.*s<br>%s</figcaption></figure>\n",
			(int)(end - line), line, end + 1);
	}
}

static void put_latencies(FILE *f, const struct runs *runs)
{
	unsigned int group, k;
	size_t i;

	fputs("<h2 id=\"latencies\">Latencies</h2>\n"
	      "<p>Of one operation; a sample of several operations counts with their mean. Percentiles are off by at most 1/128, the extremes and the mean are exact.</p>\n",
	      f);
	for (group = 0; group < runs->groups; group++) {
		put_group_heading(f, runs, group);
		fputs("<div class=\"wide\"><table><thead><tr><th>API</th><th>domain</th><th class=\"n\">size</th><th class=\"n\">threads</th><th>phase</th>"
		      "<th class=\"n\">samples</th><th class=\"n\">min</th><th class=\"n\">mean</th><th class=\"n\">p50</th><th class=\"n\">p90</th>"
		      "<th class=\"n\">p99</th><th class=\"n\">p99.9</th><th class=\"n\">p99.99</th><th class=\"n\">max</th><th></th></tr></thead>\n<tbody>\n",
		      f);
		for (i = 0; i < runs->points; i++) {
			const struct point *p = &runs->point[i];

			for (k = 0; p->group == group && k < p->phases; k++) {
				const struct stats *s = &p->phase[k].stats;
				const double figures[] = { s->min, s->mean, s->p50, s->p90, s->p99,
							   s->p99_9, s->p99_99, s->max };
				size_t j;

				fputs("<tr>", f);
				put_cell(f, NULL, p->api);
				put_cell(f, NULL, p->domain);
				put_cell(f, "n", units_size(p->size).text);
				put_number(f, p->threads);
				put_cell(f, NULL, p->phase[k].name);
				put_number(f, (double)s->count);
				for (j = 0; j < sizeof(figures) / sizeof(figures[0]); j++)
					put_cell(f, "n", s->count ?
						 units_time_utf8(figures[j]).text : "\u2013");
				put_cell(f, "bad", p->complete ? "" : "incomplete");
				fputs("</tr>\n", f);
			}
		}
		fputs("</tbody></table></div>\n", f);
	}
}

static void put_tree(FILE *f, const char *path, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char *full = xasprintf("%s%s%s", path, *path ? "." : "", key);

		if (json_is_object(value)) {
			put_tree(f, full, value);
		} else {
			char *text = summary_value(key, value);
			/* The only model is in cpu.model already. */
			bool said = !strcmp(full, "cpu.models") && json_array_size(value) == 1;

			if (*text && !said) {
				fputs("<tr>", f);
				put_cell(f, "key", full);
				put_cell(f, "long", text);
				fputs("</tr>\n", f);
			}
			free(text);
		}
		free(full);
	}
}

/* The machine without what a run may change about it. */
static json_t *lasting(const struct run *run)
{
	json_t *machine = xjson(json_deep_copy(result_get(run->json, "machine")));
	json_t *iommu = json_object_get(machine, "iommu");

	json_object_del(iommu, "domain_type");
	json_object_del(iommu, "default_domain_type");
	json_object_del(json_object_get(machine, "clock"), "resolution_ns");
	return machine;
}

static void put_machines(FILE *f, const struct runs *runs)
{
	json_t *seen = xjson(json_array()), *other;
	size_t i, k, n;

	fputs("<h2 id=\"machine\">Machine</h2>\n", f);
	for (i = 0; i < runs->n; i++) {
		json_t *machine = lasting(&runs->run[i]);
		bool known = false;

		json_array_foreach(seen, k, other)
			known = known || json_equal(machine, other);
		if (known)
			json_decref(machine);
		else
			xjson_add(seen, machine);
	}
	n = json_array_size(seen);
	json_array_foreach(seen, k, other) {
		if (n > 1) {
			fprintf(f, "<h3>Machine %zu of %zu</h3>\n<p class=\"dim\">", k + 1, n);
			for (i = 0; i < runs->n; i++) {
				json_t *machine = lasting(&runs->run[i]);

				if (json_equal(machine, other)) {
					put_text(f, runs->run[i].file);
					fputc(' ', f);
				}
				json_decref(machine);
			}
			fputs("</p>\n", f);
		}
		if (json_is_true(json_object_get(other, "virtual")))
			fputs("<p class=\"note\">Virtual machine: figures prove the software, not silicon.</p>\n",
			      f);
		fputs("<div class=\"wide\"><table><tbody>\n", f);
		put_tree(f, "", other);
		fputs("</tbody></table></div>\n", f);
	}
	json_decref(seen);
}

/* The keys of all runs' params, each with whether all runs agree on it. */
static json_t *param_keys(const struct runs *runs)
{
	json_t *keys = xjson(json_object()), *value;
	const char *key;
	size_t i, k;

	for (i = 0; i < runs->n; i++)
		json_object_foreach(result_get(runs->run[i].json, "params"), key, value) {
			bool same = true;

			if (json_object_get(keys, key))
				continue;
			for (k = 0; k < runs->n && same; k++) {
				json_t *there = json_object_get(result_get(runs->run[k].json,
									   "params"), key);

				same = there && json_equal(value, there);
			}
			xjson_put(keys, key, xjson(json_boolean(same)));
		}
	return keys;
}

/* These have columns of their own in the list of runs. */
static bool own_column(const char *key)
{
	return !strcmp(key, "api") || !strcmp(key, "size_bytes") || !strcmp(key, "threads") ||
	       !strcmp(key, "domain_type");
}

static void put_run_row(FILE *f, const struct run *run, const json_t *keys)
{
	const char *key, *reason = result_text(run->json, "end.reason");
	json_t *same;

	fputs("<tr>", f);
	put_cell(f, NULL, run->file);
	put_cell(f, NULL, result_text(run->json, "params.api"));
	put_cell(f, NULL, summary_domain(run->json));
	put_cell(f, "n", units_size((uint64_t)result_number(run->json, "params.size_bytes")).text);
	put_number(f, result_number(run->json, "params.threads"));
	json_object_foreach((json_t *)keys, key, same) {
		char *text;

		if (json_is_true(same) || own_column(key))
			continue;
		text = summary_value(key, json_object_get(result_get(run->json, "params"), key));
		put_cell(f, "long", text);
		free(text);
	}
	put_cell(f, "n", units_rate(result_number(run->json, "throughput.ops_per_s")).text);
	if (json_is_true(result_get(run->json, "complete"))) {
		put_cell(f, NULL, reason);
	} else {
		fputs("<td class=\"bad long\">incomplete: ", f);
		put_text(f, reason);
		fputc(' ', f);
		put_text(f, result_text(run->json, "end.message"));
		fputs("</td>", f);
	}
	fputs("</tr>\n", f);
}

static void put_parameters(FILE *f, const struct runs *runs)
{
	const json_t *first = result_get(runs->run[0].json, "params");
	json_t *keys = param_keys(runs), *same;
	const char *key;
	size_t i;

	fputs("<h2 id=\"parameters\">Parameters</h2>\n<h3>The same in all runs</h3>\n"
	      "<div class=\"wide\"><table><tbody>\n", f);
	json_object_foreach(keys, key, same) {
		char *text = summary_value(key, json_object_get(first, key));

		if (json_is_true(same) && *text && strcmp(key, "domain_type")) {
			fputs("<tr>", f);
			put_cell(f, "key", key);
			put_cell(f, "long", text);
			fputs("</tr>\n", f);
		}
		free(text);
	}
	fputs("</tbody></table></div>\n<h3>Runs</h3>\n<div class=\"wide\"><table><thead><tr><th>file</th><th>API</th><th>domain</th><th class=\"n\">size</th><th class=\"n\">threads</th>",
	      f);
	json_object_foreach(keys, key, same)
		if (!json_is_true(same) && !own_column(key)) {
			fputs("<th>", f);
			put_text(f, key);
			fputs("</th>", f);
		}
	fputs("<th class=\"n\">ops/s</th><th>ended by</th></tr></thead>\n<tbody>\n", f);
	for (i = 0; i < runs->n; i++)
		put_run_row(f, &runs->run[i], keys);
	fputs("</tbody></table></div>\n", f);
	json_decref(keys);
}

/* Adds up checks of the same name over all runs. */
static json_t *collect_checks(const struct runs *runs)
{
	json_t *all = xjson(json_object()), *check, *sum;
	size_t i, k;

	for (i = 0; i < runs->n; i++)
		json_array_foreach(result_get(runs->run[i].json, "checks"), k, check) {
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

static void put_checks(FILE *f, const struct runs *runs)
{
	json_t *all = collect_checks(runs), *sum, *check;
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
		put_cell(f, NULL, name);
		put_number(f, json_number_value(json_array_get(sum, 0)));
		fprintf(f, "<td class=\"n%s\">%.0f</td></tr>\n", failures > 0 ? " bad" : "",
			failures);
	}
	fputs("</tbody></table></div>\n", f);
	json_decref(all);
	for (i = 0; i < runs->n; i++)
		json_array_foreach(result_get(runs->run[i].json, "checks"), k, check) {
			if (!(result_number(check, "failures") > 0))
				continue;
			fputs("<p class=\"bad\">", f);
			put_text(f, runs->run[i].file);
			fputs(": ", f);
			put_text(f, result_text(check, "name"));
			fprintf(f, " failed %.0f of %.0f times</p>\n",
				result_number(check, "failures"), result_number(check, "count"));
		}
}

static void put_warnings(FILE *f, const struct runs *runs)
{
	json_t *all = xjson(json_object()), *warning, *files;
	const char *text;
	size_t i, k;

	for (i = 0; i < runs->n; i++)
		json_array_foreach(result_get(runs->run[i].json, "warnings"), k, warning) {
			text = json_string_value(warning);
			if (!json_object_get(all, text))
				xjson_put(all, text, xjson(json_array()));
			xjson_add(json_object_get(all, text), xjson_text(runs->run[i].file));
		}
	fputs("<h2 id=\"warnings\">Warnings</h2>\n", f);
	if (runs->skipped)
		fprintf(f, "<p>%u file%s no result and %s left out.</p>\n", runs->skipped,
			runs->skipped == 1 ? " was" : "s were", runs->skipped == 1 ? "was" : "were");
	if (!json_object_size(all))
		fputs("<p>No run gave any.</p>\n", f);
	else
		fputs("<ul>\n", f);
	json_object_foreach(all, text, files) {
		fputs("<li>", f);
		put_text(f, text);
		fputs(" <span class=\"dim\">", f);
		if (json_array_size(files) == runs->n && runs->n > 1) {
			fputs("(all runs)", f);
		} else {
			json_array_foreach(files, k, warning) {
				fputs(k ? ", " : "(", f);
				put_text(f, json_string_value(warning));
			}
			fputc(')', f);
		}
		fputs("</span></li>\n", f);
	}
	if (json_object_size(all))
		fputs("</ul>\n", f);
	json_decref(all);
}

static void put_harness(FILE *f, const struct runs *runs)
{
	size_t i;

	fputs("<h2 id=\"harness\">Harness</h2>\n"
	      "<p>What taking a sample costs by itself, measured before each run with nothing to do in between. It is part of all latencies on this page and was not subtracted.</p>\n"
	      "<div class=\"wide\"><table><thead><tr><th>file</th><th class=\"n\">overhead of an operation</th><th class=\"n\">operations in a sample</th>"
	      "<th>clock</th><th class=\"n\">frequency</th><th class=\"n\">smallest step</th></tr></thead>\n<tbody>\n",
	      f);
	for (i = 0; i < runs->n; i++) {
		const json_t *j = runs->run[i].json;
		char *hz = summary_value("_hz", result_get(j, "machine.clock.frequency_hz"));
		double step_ns = result_number(j, "machine.clock.resolution_ns");

		fputs("<tr>", f);
		put_cell(f, NULL, runs->run[i].file);
		put_cell(f, "n", units_time_utf8(result_number(j, "harness.overhead_ns")).text);
		put_number(f, result_number(j, "harness.batch"));
		put_cell(f, NULL, result_text(j, "machine.clock.name"));
		put_cell(f, "n", hz);
		put_cell(f, "n", units_time_utf8(step_ns).text);
		fputs("</tr>\n", f);
		free(hz);
	}
	fputs("</tbody></table></div>\n", f);
}

char *html_page(const struct runs *runs, const struct pictures *pictures, const char *no_pictures,
		size_t *bytes)
{
	char *page = NULL;
	FILE *f = xcheck(open_memstream(&page, bytes));

	fputs(head, f);
	put_top(f, runs);
	put_headline(f, runs);
	put_pictures(f, runs, pictures, no_pictures);
	put_latencies(f, runs);
	put_machines(f, runs);
	put_parameters(f, runs);
	put_checks(f, runs);
	put_warnings(f, runs);
	put_harness(f, runs);
	fputs("<p class=\"dim\">Made by iommubench " IOMMUBENCH_VERSION ".</p>\n", f);
	fputs("</body>\n</html>\n", f);
	if (fclose(f))
		xcheck(NULL);
	return page;
}
