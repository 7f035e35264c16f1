// SPDX-License-Identifier: GPL-2.0-only
/*
 * A folder of results as one page that needs nothing but itself.
 *
 * Everything that comes out of a result goes through html_put_text(), so that it
 * cannot become markup. Pictures are SVG inside an <img>: there it runs no
 * script and its names cannot clash with those of the next one.
 */
#include "page/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "output/summary.h"
#include "page/counters.h"
#include "page/put.h"
#include "points/kind.h"
#include "result/result.h"
#include "text/units.h"

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

void html_put_text(FILE *f, const char *s)
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

void html_put_cell(FILE *f, const char *class, const char *text)
{
	fprintf(f, "<td%s%s%s>", class ? " class=\"" : "", class ? class : "", class ? "\"" : "");
	html_put_text(f, text);
	fputs("</td>", f);
}

void html_put_number(FILE *f, double value)
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
	const struct family *family;
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
	html_put_text(f, first);
	if (strcmp(first, last)) {
		fputs(" to ", f);
		html_put_text(f, last);
	}
	fputs(" with iommubench ", f);
	html_put_text(f, result_text(runs->run[0].json, "tool.version"));
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
	fputs("<nav>", f);
	for (family = family_next(NULL); family; family = family_next(family))
		if (family_present(runs, family))
			fprintf(f, "<a href=\"#%s\">%s</a>", family->anchor, family->title);
	fputs("<a href=\"#pictures\">Pictures</a>"
	      "<a href=\"#latencies\">Latencies</a>", f);
	if (html_counters_present(runs))
		fputs("<a href=\"#counters\">Counters</a>", f);
	fputs("<a href=\"#machine\">Machine</a>"
	      "<a href=\"#parameters\">Parameters</a><a href=\"#checks\">Checks</a>"
	      "<a href=\"#warnings\">Warnings</a><a href=\"#harness\">Harness</a></nav>\n", f);
}

void html_put_group(FILE *f, const struct runs *runs, unsigned int group)
{
	char *name;

	if (runs->groups < 2)
		return;
	name = runs_name(runs, group);
	fputs("<h3>", f);
	html_put_text(f, name);
	fputs("</h3>\n", f);
	free(name);
}

static void put_families(FILE *f, const struct runs *runs)
{
	const struct family *family;

	for (family = family_next(NULL); family; family = family_next(family)) {
		if (!family_present(runs, family))
			continue;
		fprintf(f, "<h2 id=\"%s\">%s</h2>\n", family->anchor, family->title);
		family->page(f, runs);
	}
}

static void put_picture(FILE *f, const struct picture *p)
{
	const char *line = p->reading, *end = strchr(line, '\n');

	fputs("<figure><img alt=\"", f);
	html_put_text(f, p->shows);
	fputs("\" src=\"data:image/svg+xml;base64,", f);
	put_base64(f, p->svg, p->svg_bytes);
	fputs("\">\n<figcaption>", f);
	for (; end; line = end + 1, end = strchr(line, '\n'))
		fprintf(f, "%.*s<br>", (int)(end - line), line);
	fprintf(f, "%s</figcaption></figure>\n", line);
}

static void put_pictures(FILE *f, const struct runs *runs, const struct pictures *pictures,
			 const char *no_pictures)
{
	unsigned int group = runs->groups;
	size_t i;

	fputs("<h2 id=\"pictures\">Pictures</h2>\n", f);
	if (no_pictures) {
		fputs("<p>There are none: ", f);
		html_put_text(f, no_pictures);
		fputs("</p>\n", f);
	}
	for (i = 0; i < pictures->n; i++) {
		const struct picture *p = &pictures->picture[i];

		if (!p->svg)
			continue;
		if (p->group != group) {
			group = p->group;
			html_put_group(f, runs, group);
		}
		put_picture(f, p);
	}
}

void html_put_key_titles(FILE *f, const struct runs *runs, const json_t *result)
{
	const struct family_key *key;

	for (key = family_keys(result); key->path; key++)
		if (family_key_shown(runs, key, result))
			fprintf(f, "<th%s>%s</th>", key->order ? "" : " class=\"n\"", key->title);
}

static void put_key_cell(FILE *f, const struct family_key *key, const json_t *result)
{
	const json_t *value = result_get(result, key->path);
	const char *dot = strrchr(key->path, '.');

	if (!dot)
		html_put_cell(f, NULL, summary_domain(result));
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

void html_put_key_cells(FILE *f, const struct runs *runs, const json_t *result)
{
	const struct family_key *key;

	for (key = family_keys(result); key->path; key++)
		if (family_key_shown(runs, key, result))
			put_key_cell(f, key, result);
}

static const json_t *group_result(const struct runs *runs, unsigned int group)
{
	size_t i;

	for (i = 0; i < runs->points - 1 && runs->point[i].group != group; i++)
		;
	return runs->point[i].run->json;
}

static void put_latency_row(FILE *f, const struct runs *runs, const struct point *p,
			    const struct point_phase *phase)
{
	const struct stats *s = &phase->stats;
	const double figures[] = { s->min, s->mean, s->p50, s->p90, s->p99, s->p99_9, s->p99_99,
				   s->max };
	size_t i;

	fputs("<tr>", f);
	html_put_key_cells(f, runs, p->run->json);
	html_put_cell(f, NULL, phase->name);
	html_put_number(f, (double)s->count);
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		html_put_cell(f, "n", s->count ? units_time_utf8(figures[i]).text : HTML_NONE);
	html_put_cell(f, "bad", p->complete ? "" : "incomplete");
	fputs("</tr>\n", f);
}

static void put_latencies(FILE *f, const struct runs *runs)
{
	const struct family *last = NULL;
	unsigned int group, k;
	size_t i;

	fputs("<h2 id=\"latencies\">Latencies</h2>\n"
	      "<p>Percentiles are off by at most 1/128, the extremes and the mean are exact.</p>\n",
	      f);
	for (group = 0; group < runs->groups; group++) {
		const json_t *first = group_result(runs, group);
		const struct family *family = family_of(first);

		html_put_group(f, runs, group);
		if (family && family != last)
			fprintf(f, "<p>%s</p>\n", family->sample);
		last = family;
		fputs("<div class=\"wide\"><table><thead><tr>", f);
		html_put_key_titles(f, runs, first);
		fputs("<th>phase</th><th class=\"n\">samples</th><th class=\"n\">min</th>"
		      "<th class=\"n\">mean</th><th class=\"n\">p50</th><th class=\"n\">p90</th>"
		      "<th class=\"n\">p99</th><th class=\"n\">p99.9</th><th class=\"n\">p99.99</th>"
		      "<th class=\"n\">max</th><th></th></tr></thead>\n<tbody>\n", f);
		for (i = 0; i < runs->points; i++)
			for (k = 0; runs->point[i].group == group && k < runs->point[i].phases; k++)
				put_latency_row(f, runs, &runs->point[i],
						&runs->point[i].phase[k]);
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
				html_put_cell(f, "key", full);
				html_put_cell(f, "long", text);
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
					html_put_text(f, runs->run[i].file);
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

static bool of_subcommand(const struct run *run, const char *subcommand)
{
	return !strcmp(result_text(run->json, "tool.subcommand"), subcommand);
}

/* The keys of all runs' params of a subcommand, each with whether all of them agree on it. */
static json_t *param_keys(const struct runs *runs, const char *subcommand)
{
	json_t *keys = xjson(json_object()), *value;
	const char *key;
	size_t i, k;

	for (i = 0; i < runs->n; i++) {
		if (!of_subcommand(&runs->run[i], subcommand))
			continue;
		json_object_foreach(result_get(runs->run[i].json, "params"), key, value) {
			bool same = true;

			if (json_object_get(keys, key))
				continue;
			for (k = 0; k < runs->n && same; k++) {
				json_t *there;

				if (!of_subcommand(&runs->run[k], subcommand))
					continue;
				there = json_object_get(result_get(runs->run[k].json, "params"),
							key);
				same = there && json_equal(value, there);
			}
			xjson_put(keys, key, xjson(json_boolean(same)));
		}
	}
	return keys;
}

/* These have columns of their own in the list of runs. */
static bool own_column(const struct family_key *own, const char *key)
{
	if (!strcmp(key, "domain_type"))
		return true;
	for (; own->path; own++)
		if (strrchr(own->path, '.') && !strcmp(strrchr(own->path, '.') + 1, key))
			return true;
	return false;
}

static void put_run_row(FILE *f, const struct runs *runs, const struct run *run,
			const json_t *keys)
{
	const struct family_key *own = family_keys(run->json);
	const char *key, *reason = result_text(run->json, "end.reason");
	json_t *same;

	fputs("<tr>", f);
	html_put_cell(f, NULL, run->file);
	html_put_key_cells(f, runs, run->json);
	json_object_foreach((json_t *)keys, key, same) {
		char *text;

		if (json_is_true(same) || own_column(own, key))
			continue;
		text = summary_value(key, json_object_get(result_get(run->json, "params"), key));
		html_put_cell(f, "long", text);
		free(text);
	}
	html_put_cell(f, "n", units_rate(result_number(run->json, "throughput.ops_per_s")).text);
	if (json_is_true(result_get(run->json, "complete"))) {
		html_put_cell(f, NULL, reason);
	} else {
		fputs("<td class=\"bad long\">incomplete: ", f);
		html_put_text(f, reason);
		fputc(' ', f);
		html_put_text(f, result_text(run->json, "end.message"));
		fputs("</td>", f);
	}
	fputs("</tr>\n", f);
}

static void put_common_params(FILE *f, const struct run *first, const json_t *keys)
{
	const json_t *params = result_get(first->json, "params");
	const char *key;
	json_t *same;

	fputs("<div class=\"wide\"><table><tbody>\n", f);
	json_object_foreach((json_t *)keys, key, same) {
		char *text = summary_value(key, json_object_get(params, key));

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

static void put_run_list(FILE *f, const struct runs *runs, const struct run *first,
			 const json_t *keys)
{
	const char *subcommand = result_text(first->json, "tool.subcommand"), *key;
	const struct family_key *own = family_keys(first->json);
	json_t *same;
	size_t i;

	fputs("<div class=\"wide\"><table><thead><tr><th>file</th>", f);
	html_put_key_titles(f, runs, first->json);
	json_object_foreach((json_t *)keys, key, same)
		if (!json_is_true(same) && !own_column(own, key)) {
			fputs("<th>", f);
			html_put_text(f, key);
			fputs("</th>", f);
		}
	fputs("<th class=\"n\">ops/s</th><th>ended by</th></tr></thead>\n<tbody>\n", f);
	for (i = 0; i < runs->n; i++)
		if (of_subcommand(&runs->run[i], subcommand))
			put_run_row(f, runs, &runs->run[i], keys);
	fputs("</tbody></table></div>\n", f);
}

static void put_parameters(FILE *f, const struct runs *runs)
{
	size_t i, k;

	fputs("<h2 id=\"parameters\">Parameters</h2>\n", f);
	for (i = 0; i < runs->n; i++) {
		const char *subcommand = result_text(runs->run[i].json, "tool.subcommand");
		json_t *keys;

		for (k = 0; k < i && !of_subcommand(&runs->run[k], subcommand); k++)
			;
		if (k < i)
			continue;
		keys = param_keys(runs, subcommand);
		fputs("<h3>The same in all runs of ", f);
		html_put_text(f, subcommand);
		fputs("</h3>\n", f);
		put_common_params(f, &runs->run[i], keys);
		fputs("<h3>Runs of ", f);
		html_put_text(f, subcommand);
		fputs("</h3>\n", f);
		put_run_list(f, runs, &runs->run[i], keys);
		json_decref(keys);
	}
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
		html_put_cell(f, NULL, name);
		html_put_number(f, json_number_value(json_array_get(sum, 0)));
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
			html_put_text(f, runs->run[i].file);
			fputs(": ", f);
			html_put_text(f, result_text(check, "name"));
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
		html_put_text(f, text);
		fputs(" <span class=\"dim\">", f);
		if (json_array_size(files) == runs->n && runs->n > 1) {
			fputs("(all runs)", f);
		} else {
			json_array_foreach(files, k, warning) {
				fputs(k ? ", " : "(", f);
				html_put_text(f, json_string_value(warning));
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
		double overhead_ns = result_number(j, "harness.overhead_ns");

		fputs("<tr>", f);
		html_put_cell(f, NULL, runs->run[i].file);
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

char *html_page(const struct runs *runs, const struct pictures *pictures, const char *no_pictures,
		size_t *bytes)
{
	char *page = NULL;
	FILE *f = xcheck(open_memstream(&page, bytes));

	fputs(head, f);
	put_top(f, runs);
	put_families(f, runs);
	put_pictures(f, runs, pictures, no_pictures);
	put_latencies(f, runs);
	html_counters_put(f, runs);
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
