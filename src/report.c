// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench report: pictures and one HTML page from a folder of results.
 */
#include <argp.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/plain.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "cli/standard.h"
#include "output/csv.h"
#include "output/path.h"
#include "output/print.h"
#include "output/summary.h"
#include "page/page.h"
#include "plot/draw.h"
#include "plot/pictures.h"
#include "points/folder.h"
#include "points/kind.h"
#include "result/read.h"
#include "subcommand.h"
#include "text/json.h"
#include "text/parse.h"
#include "text/terminal.h"

/**
 * struct report - one invocation
 * @dir: the folder of results
 * @outdir: where the pictures and the page go
 * @format: format of what is printed
 * @pictures: the page has pictures
 * @quiet: print nothing but errors
 * @written: names of the files written
 */
struct report {
	const char *dir;
	const char *outdir;
	int format;
	bool pictures;
	bool quiet;
	json_t *written;
};

enum {
	OPT_FORMAT = 0x100,
	OPT_NO_PICTURES,
};

static const struct argp_option option_table[] = {
	{ "output", 'o', "OUTDIR", 0,
	  "where the pictures and the page go; made if it is not there (default: DIR)", 0 },
	{ "format", OPT_FORMAT, "FORMAT", 0,
	  "what to print: human, json, or csv with one row a phase (default: human)", 0 },
	{ "no-pictures", OPT_NO_PICTURES, NULL, 0, "do without gnuplot", 0 },
	{ NULL }
};

static const char doc_before[] = "Turn a folder of results into pictures and one page.";

static const char doc_after[] =
	"Reads each *.json of DIR that 'iommubench ... -o FILE.json' wrote; others are named and "
	"skipped. Writes latency-API-THREADSt and throughput (map-unmap), flush-scatter, "
	"flush-range, flush-exposure, flush-scaling and flush-device (tlb-flush), iopf-stages, "
	"iopf-cpu and iopf-load (iopf), pasid-latency and pasid-live (pasid), devices-SUBCOMMAND "
	"(of several at once), series-FILE (with --interval) and placement (of a placement "
	"matrix) as .png and .svg, and index.html, which needs no other file. Runs that were "
	"measured alike are taken together, and told how far apart they are; runs that differ in "
	"anything but length get sets of pictures of their own.\n"
	"\n"
	"Examples:\n"
	"  for d in strict lazy; do for s in 4K 2M; do\n"
	"      iommubench map-unmap --domain-type $d -s $s -o results/$d-$s.json\n"
	"  done; done\n"
	"  iommubench report results\n"
	"  iommubench report results -o /tmp/page --no-pictures\n"
	"  iommubench report results --format csv > results.csv\n"
	"\n"
	"Exit status: 0 done; 2 wrong use, or no such folder; 3 no result in the folder, output "
	"cannot be written, or gnuplot is missing or fails: the page is then written without "
	"pictures. Checks that failed in a run are shown, but do not change the exit status.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct report *r = state->input;
	struct error e;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &r->quiet;
		break;
	case 'o':
		if (!*arg) {
			error_set(&e, "the name of the folder is empty");
			options_usage_error(state, "--output", &e);
		}
		r->outdir = arg;
		break;
	case OPT_FORMAT:
		if (parse_choice(arg, result_format_choices, &r->format, &e))
			options_usage_error(state, "--format", &e);
		break;
	case OPT_NO_PICTURES:
		r->pictures = false;
		break;
	case ARGP_KEY_ARG:
		if (r->dir) {
			error_set(&e, "one folder at a time, '%s' is one too many", arg);
			options_usage_error(state, NULL, &e);
		}
		r->dir = arg;
		break;
	case ARGP_KEY_END:
		if (!r->dir) {
			error_set(&e, "a folder of results is missing: iommubench report DIR");
			options_usage_error(state, NULL, &e);
		}
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int write_file(struct report *r, const char *name, const char *data, size_t n)
{
	char *path = xasprintf("%s/%s", r->outdir, name);
	int bad = file_replace(path, data, n);

	if (!bad)
		xjson_add(r->written, xjson_path(path));
	free(path);
	return bad;
}

static int write_pictures(struct report *r, const struct pictures *pictures)
{
	size_t i;

	for (i = 0; i < pictures->n; i++) {
		const struct picture *p = &pictures->picture[i];
		char *png = xasprintf("%s.png", p->name), *svg = xasprintf("%s.svg", p->name);
		int bad = 0;

		if (p->png)
			bad = write_file(r, png, p->png, p->png_bytes);
		if (!bad && p->svg)
			bad = write_file(r, svg, p->svg, p->svg_bytes);
		free(png);
		free(svg);
		if (bad)
			return EXIT_UNABLE;
	}
	return EXIT_DONE;
}

/* Draws and writes; what the pictures lack, the page says. */
static int make_page(struct report *r, const struct folder *folder)
{
	struct pictures pictures = { 0 };
	const char *missing = NULL;
	int status = EXIT_DONE;
	struct error e;
	size_t bytes;
	char *page;

	if (mkdir(r->outdir, 0777) && errno != EEXIST)
		return error_fail(EXIT_UNABLE, "cannot make folder %s: %s; %s", r->outdir,
				  strerror(errno),
				  errno == ENOENT ? "make the one that it is in first" :
				  "choose one that you may write to");
	/* Drawing takes long, so this comes before. */
	page = xasprintf("%s/index.html", r->outdir);
	status = output_probe(page);
	free(page);
	if (status)
		return status;
	if (!r->pictures) {
		missing = "--no-pictures was given.";
	} else if (plot_all(&pictures, folder, &e)) {
		missing = e.text;
		status = error_fail(EXIT_UNABLE, "%s; the page goes without", e.text);
	}
	page = html_page(folder, &pictures, missing, &bytes);
	/* The page first: where there is room for little, it has everything. */
	if (write_file(r, "index.html", page, bytes) || write_pictures(r, &pictures))
		status = EXIT_UNABLE;
	free(page);
	plot_free(&pictures);
	return status;
}

/* --- what is printed -------------------------------------------------------- */

static void print_human(const struct report *r, const struct folder *folder)
{
	struct terminal_style style = terminal_of(stdout);
	const struct result_kind *kind;
	char *dir = plain(xstrdup(r->dir));
	json_t *name;
	size_t i;

	printf("%s%s%s: %zu result%s", terminal_on(style, "1"), dir, terminal_off(style),
	       folder->n, folder->n == 1 ? "" : "s");
	free(dir);
	if (folder->skipped)
		printf(", %u file%s skipped", folder->skipped, folder->skipped == 1 ? "" : "s");
	fputc('\n', stdout);
	if (folder->virtual)
		printf("%s%s%s\n", terminal_on(style, "33"), VIRTUAL_NOTICE, terminal_off(style));
	for (i = 0; i < folder->n; i++)
		if (!json_is_true(result_get(folder->entry[i].json, "complete")))
			printf("%sincomplete%s: %s\n", terminal_on(style, "33"),
			       terminal_off(style), folder->entry[i].file);
	for (kind = kind_next(NULL); kind; kind = kind_next(kind))
		if (folder_has_kind(folder, kind))
			kind->tables(folder, kind, style, stdout);
	printf("\nwrote:\n");
	json_array_foreach(r->written, i, name) {
		char *path = plain(xstrdup(json_string_value(name)));

		printf("  %s\n", path);
		free(path);
	}
}

static void print_json(const struct report *r, const struct folder *folder)
{
	json_t *report = xjson(json_object()), *list = xjson(json_array());
	const struct result_kind *kind;
	char *text;

	for (kind = kind_next(NULL); kind; kind = kind_next(kind))
		kind->json(folder, kind, list);
	xjson_put(report, "schema", xjson_text("iommubench-report/1"));
	xjson_put(report, "results", xjson(json_integer((json_int_t)folder->n)));
	xjson_put(report, "skipped", xjson(json_integer(folder->skipped)));
	xjson_put(report, "virtual", xjson(json_boolean(folder->virtual > 0)));
	xjson_put(report, "comparisons", list);
	xjson_put(report, "written", xjson(json_incref(r->written)));
	text = xcheck(json_dumps(report, JSON_INDENT(1) | JSON_REAL_PRECISION(12)));
	puts(text);
	free(text);
	json_decref(report);
}

static void print(const struct report *r, const struct folder *folder)
{
	size_t i;

	switch (r->format) {
	case RESULT_JSON:
		print_json(r, folder);
		break;
	case RESULT_CSV:
		result_csv_header(stdout);
		for (i = 0; i < folder->n; i++)
			result_csv_rows(folder->entry[i].json, stdout);
		break;
	default:
		print_human(r, folder);
		break;
	}
}

int report_main(int argc, char **argv)
{
	static const struct argp_child children[] = { { &standard_warning_argp }, { NULL } };
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.args_doc = "DIR",
		.children = children,
	};
	struct report r = { .pictures = true };
	struct folder folder;
	int status;

	options_parse(&argp, doc_before, doc_after, argc, argv, &r);
	file_end_on_signals();
	if (!r.outdir)
		r.outdir = r.dir;
	r.written = xjson(json_array());
	status = folder_read(&folder, r.dir);
	if (!status) {
		status = make_page(&r, &folder);
		if (!r.quiet)
			print(&r, &folder);
	}
	folder_free(&folder);
	json_decref(r.written);
	return status;
}
