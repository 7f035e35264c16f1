// SPDX-License-Identifier: GPL-2.0-only
/*
 * A folder of results as one page that needs nothing but itself.
 *
 * Everything that comes out of a result goes through markup_put_text(), so that it
 * cannot become markup. Pictures are SVG, or PNG where that is less, inside an
 * <img>: there it runs no script and its names cannot clash with those of the
 * next one.
 */
#include "page/page.h"

#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "page/counters.h"
#include "page/machines.h"
#include "page/put.h"
#include "page/tables.h"
#include "plot/draw.h"
#include "points/kind.h"
#include "result/read.h"
#include "text/markup.h"

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

/* A larger picture, such as a heat map of many cells, is on the page as PNG where that is less. */
#define MAX_SVG		(100 << 10)

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

static void put_top(FILE *f, const struct folder *folder)
{
	const char *first = "", *last = "", *time;
	const struct result_kind *kind;
	unsigned int cut = 0;
	size_t i;

	for (i = 0; i < folder->n; i++) {
		time = result_text(folder->entry[i].json, "time");
		if (!*first || strcmp(time, first) < 0)
			first = time;
		if (strcmp(time, last) > 0)
			last = time;
		cut += !json_is_true(result_get(folder->entry[i].json, "complete"));
	}
	fputs("<h1>iommubench report</h1>\n<p class=\"dim\">", f);
	fprintf(f, "%zu result%s, measured ", folder->n, folder->n == 1 ? "" : "s");
	markup_put_text(f, first);
	if (strcmp(first, last)) {
		fputs(" to ", f);
		markup_put_text(f, last);
	}
	fputs(" with iommubench ", f);
	markup_put_text(f, result_text(folder->entry[0].json, "tool.version"));
	fputs("</p>\n", f);
	if (folder->virtual == folder->n)
		fputs("<p class=\"note\">Virtual machine: figures prove the software, not silicon.</p>\n",
		      f);
	else if (folder->virtual)
		fprintf(f, "<p class=\"note\">%u of these results are from a virtual machine: their figures prove the software, not silicon.</p>\n",
			folder->virtual);
	if (html_sum_checks(folder, "failures"))
		fputs("<p class=\"note\">Checks failed: see <a href=\"#checks\">Checks</a> before trusting a figure.</p>\n",
		      f);
	if (cut)
		fprintf(f, "<p class=\"note\">%u run%s cut short, marked as incomplete below.</p>\n",
			cut, cut == 1 ? " was" : "s were");
	fputs("<nav>", f);
	for (kind = kind_next(NULL); kind; kind = kind_next(kind))
		if (folder_has_kind(folder, kind))
			fprintf(f, "<a href=\"#%s\">%s</a>", kind->anchor, kind->title);
	fputs("<a href=\"#pictures\">Pictures</a>"
	      "<a href=\"#latencies\">Latencies</a>", f);
	if (html_counters_present(folder))
		fputs("<a href=\"#counters\">Counters</a>", f);
	fputs("<a href=\"#machine\">Machine</a>"
	      "<a href=\"#parameters\">Parameters</a><a href=\"#checks\">Checks</a>"
	      "<a href=\"#warnings\">Warnings</a><a href=\"#harness\">Harness</a></nav>\n", f);
}

static void put_kinds(FILE *f, const struct folder *folder)
{
	const struct result_kind *kind;

	for (kind = kind_next(NULL); kind; kind = kind_next(kind)) {
		if (!folder_has_kind(folder, kind))
			continue;
		fprintf(f, "<h2 id=\"%s\">%s</h2>\n", kind->anchor, kind->title);
		kind->page(f, folder, kind);
	}
}

static void put_picture(FILE *f, const struct picture *p)
{
	const char *line = p->reading, *end = strchr(line, '\n');
	bool as_png = p->png && p->svg_bytes > MAX_SVG && p->png_bytes < p->svg_bytes;

	fputs("<figure><img alt=\"", f);
	markup_put_text(f, p->shows);
	if (as_png) {
		fputs("\" src=\"data:image/png;base64,", f);
		put_base64(f, p->png, p->png_bytes);
	} else {
		fputs("\" src=\"data:image/svg+xml;base64,", f);
		put_base64(f, p->svg, p->svg_bytes);
	}
	fputs("\">\n<figcaption>", f);
	for (; end; line = end + 1, end = strchr(line, '\n'))
		fprintf(f, "%.*s<br>", (int)(end - line), line);
	fprintf(f, "%s</figcaption></figure>\n", line);
}

static void put_pictures(FILE *f, const struct folder *folder, const struct pictures *pictures,
			 const char *no_pictures)
{
	unsigned int set = folder->sets;
	size_t i;

	fputs("<h2 id=\"pictures\">Pictures</h2>\n", f);
	if (no_pictures) {
		fputs("<p>There are none: ", f);
		markup_put_text(f, no_pictures);
		fputs("</p>\n", f);
	}
	for (i = 0; i < pictures->n; i++) {
		const struct picture *p = &pictures->picture[i];

		if (!p->svg)
			continue;
		if (p->set != set) {
			set = p->set;
			html_put_set(f, folder, set);
		}
		put_picture(f, p);
	}
	if (pictures->left_out)
		fprintf(f, "<p>%u more results have a series, of which there is no picture.</p>\n",
			pictures->left_out);
}

char *html_page(const struct folder *folder, const struct pictures *pictures,
		const char *no_pictures, size_t *bytes)
{
	char *page = NULL;
	FILE *f = xcheck(open_memstream(&page, bytes));

	fputs(head, f);
	put_top(f, folder);
	put_kinds(f, folder);
	put_pictures(f, folder, pictures, no_pictures);
	html_put_latencies(f, folder);
	html_counters_put(f, folder);
	html_put_machines(f, folder);
	html_put_parameters(f, folder);
	html_put_checks(f, folder);
	html_put_warnings(f, folder);
	html_put_harness(f, folder);
	fputs("<p class=\"dim\">Made by iommubench " IOMMUBENCH_VERSION ".</p>\n", f);
	fputs("</body>\n</html>\n", f);
	if (fclose(f))
		xcheck(NULL);
	return page;
}
