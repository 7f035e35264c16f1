// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report on tlb-flush: strategies side by side, an exposure of nothing is not the
 * same as one that was not measured, and odd results trip nothing.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First, because cmocka.h makes error_fail() a macro. */
#include "../capture.h"
#include "base/file.h"
#include "flush/kind.h"
#include "flush/view/points.h"
#include "flush/view/report.h"
#include "flush/view/strategies.h"
#include "map_unmap/kind.h"
#include "map_unmap/view/pairs.h"
#include "output/summary.h"
#include "page/page.h"
#include "plot/pictures.h"
#include "points/folder.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/result.h"

#include <cmocka.h>

#include "folder.h"
#include "made.h"
#include "pictures.h"

/* One result: everything that a test may want to be different. */
struct spec {
	const char *file;
	const char *strategy;
	const char *domains;
	uint64_t size;
	/* 0 for one. */
	int mappings;
	unsigned int threads;
	/* Of a round. */
	double total_ns;
	/* Not measured for this reason. */
	const char *no_exposure;
	/* In every tenth round, 0 in the others; all_exposed: in every round. */
	double exposure_ns;
	bool all_exposed;
	unsigned int rounds;
	double device_ns;
	double slowest;
	bool silicon;
	bool cut;
};

static void add_phase(struct result *r, const char *name, double ns, unsigned int n,
		      unsigned int every)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	unsigned int i;

	assert_non_null(h);
	for (i = 0; i < n; i++)
		iommubench_hist_add(h, i % every ? 0 : (uint64_t)ns);
	result_add_phase(r, name, h, 1, 1);
	free(h);
}

static void add_exposure(struct result *r, const struct spec *s)
{
	unsigned int rounds = s->rounds ? s->rounds : 100, every = s->all_exposed ? 1 : 10;
	json_t *json = result_json(r);

	if (s->no_exposure) {
		json_object_set_new(json, "exposure",
				    json_pack("{s:b, s:s}", "measured", 0, "reason",
					      s->no_exposure));
		return;
	}
	add_phase(r, "exposure", s->exposure_ns, rounds, every);
	json_object_set_new(json, "exposure",
			    json_pack("{s:b, s:f, s:f, s:i, s:i, s:{s:f}}", "measured", 1,
				      "interval_ns", 100.0, "error_ns", 40.0, "rounds", rounds,
				      "exposed_rounds",
				      s->exposure_ns > 0 ? (rounds + every - 1) / every : 0,
				      "accesses", "max", s->exposure_ns / 100));
}

static void write_result(const struct spec *s)
{
	unsigned int threads = s->threads ? s->threads : 1, i;
	uint64_t size = s->size ? s->size : 4096;
	int mappings = s->mappings ? s->mappings : 1;
	double total = s->total_ns > 0 ? s->total_ns : 1000;
	struct result *r = result_new("tlb-flush");
	json_t *params;

	result_set_machine(r, json_pack("{s:b, s:s, s:{s:s, s:f, s:i}, s:{s:s, s:s}, s:{s:s}}",
					"virtual", !s->silicon, "kernel", "6.12.0",
					"clock", "name", "counter", "resolution_ns", 1.0,
					"frequency_hz", 1000000000,
					"iommu", "kind", "arm-smmu-v3", "domain_type",
					strcmp(s->strategy, "lazy") ? "strict" : "lazy",
					"device", "name", "0000:00:02.0"));
	params = json_pack("{s:s, s:s, s:I, s:i, s:s}", "strategy", s->strategy, "api", "iommu",
			   "size_bytes", (json_int_t)size, "threads", threads,
			   "domains", s->domains ? s->domains : "shared");
	json_object_set_new(params, "mappings", json_integer(mappings));
	json_object_set_new(params, "range_bytes", json_integer((json_int_t)size * mappings));
	result_set_params(r, params);
	add_phase(r, "unmap", total / 2, 1000, 1);
	add_phase(r, "flush", total / 2, 1000, 1);
	add_phase(r, "total", total, 1000, 1);
	add_exposure(r, s);
	if (s->device_ns > 0) {
		add_phase(r, "device_cold", s->device_ns, 100, 1);
		add_phase(r, "device_warm", s->device_ns / 4, 100, 1);
		add_phase(r, "device_flushed", s->device_ns / 2, 100, 1);
	}
	json_object_set_new(result_json(r), "device",
			    s->device_ns > 0 ? json_pack("{s:b}", "measured", 1) :
			    json_pack("{s:b, s:s}", "measured", 0, "reason", "no engine"));
	json_object_set_new(result_json(r), "commands",
			    json_pack("{s:b, s:s}", "measured", 0, "reason", "no kprobes"));
	for (i = 0; i < threads; i++)
		result_add_thread(r, json_pack("{s:i, s:i, s:f, s:f, s:i, s:i}", "cpu", i, "ops", 1,
					       "seconds", 1.0, "ops_per_s",
					       i || !(s->slowest > 0) ? 1000.0 : s->slowest,
					       "late", 0, "migrations", 0));
	result_set_throughput(r, 1000 * threads, 1);
	result_set_harness(r, 10, 1, NULL);
	result_set_complete(r, !s->cut, s->cut ? "stopped" : "time");
	made_written(r, s->file);
}

#define WRITE(...)	write_result(&(struct spec){ __VA_ARGS__ })

static void write_text(const char *file, const char *text)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	assert_int_equal(file_replace(path, text, strlen(text)), 0);
}

/* A small sweep: page by page is dearer than a full flush from 16 mappings on. */
static void write_sweep(void)
{
	static const int mappings[] = { 1, 4, 16, 64 };
	char file[64];
	size_t i;

	for (i = 0; i < 4; i++) {
		int n = mappings[i];

		snprintf(file, sizeof(file), "strict-%d.json", n);
		WRITE(.file = file, .strategy = "strict", .mappings = n, .total_ns = 700 * n,
		      .device_ns = 800);
		snprintf(file, sizeof(file), "lazy-%d.json", n);
		WRITE(.file = file, .strategy = "lazy", .mappings = n, .total_ns = 100 * n,
		      .exposure_ns = 5e6, .all_exposed = true, .device_ns = 800);
		snprintf(file, sizeof(file), "per-page-%d.json", n);
		WRITE(.file = file, .strategy = "per-page", .mappings = n, .total_ns = 600 * n);
		snprintf(file, sizeof(file), "full-%d.json", n);
		WRITE(.file = file, .strategy = "full", .mappings = n, .total_ns = 5000,
		      .exposure_ns = 500);
		snprintf(file, sizeof(file), "none-%d.json", n);
		WRITE(.file = file, .strategy = "none", .mappings = n, .total_ns = 50 * n,
		      .no_exposure = "nothing is refused");
	}
}

static void test_points(void **unused)
{
	struct flush_setting *settings;
	struct folder results;
	struct pair *pairs;
	size_t n;

	WRITE(.file = "a.json", .strategy = "none");
	WRITE(.file = "b.json", .strategy = "strict");
	WRITE(.file = "c.json", .strategy = "lazy");
	WRITE(.file = "d.json", .strategy = "full", .mappings = 4);
	WRITE(.file = "e.json", .strategy = "full", .mappings = 4);
	WRITE(.file = "f.json", .strategy = "full", .mappings = 4, .threads = 2, .slowest = 500);
	WRITE(.file = "g.json", .strategy = "full", .mappings = 4, .threads = 2,
	      .domains = "per-thread");
	WRITE(.file = "h.json", .strategy = "full", .size = 1 << 21);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 1);
	assert_int_equal(results.points, 7);
	/* Strategies in the order of the list, not of the alphabet. */
	assert_string_equal(results.point[0].entry->file, "b.json");
	assert_string_equal(results.point[1].entry->file, "c.json");
	assert_string_equal(results.point[2].entry->file, "a.json");
	assert_string_equal(results.point[3].entry->file, "d.json");
	assert_int_equal(results.point[3].repeats, 2);
	assert_int_equal(flush_cost(&results.point[3])->stats.count, 2000);
	assert_string_equal(results.point[4].entry->file, "f.json");
	assert_true(results.point[4].slowest == 500);
	assert_true(results.point[4].fastest == 1000);
	assert_string_equal(results.point[5].entry->file, "g.json");
	assert_string_equal(results.point[6].entry->file, "h.json");
	settings = flush_settings(&results, 0, &n);
	assert_int_equal(n, 5);
	assert_int_equal(settings[1].mappings, 4);
	assert_ptr_equal(flush_find(&results, 0, &settings[1], FLUSH_AT_FULL), &results.point[3]);
	assert_null(flush_find(&results, 0, &settings[1], FLUSH_AT_PER_PAGE));
	free(settings);
	/* These are not what map-unmap calls strict and lazy. */
	pairs = map_unmap_pairs(&results, &map_unmap_kind, &n);
	assert_int_equal(n, 0);
	free(pairs);
	folder_free(&results);
}

static void test_exposure(void **unused)
{
	const struct point_phase *e;
	struct folder results;

	WRITE(.file = "a.json", .strategy = "strict");
	WRITE(.file = "b.json", .strategy = "lazy", .exposure_ns = 7000);
	WRITE(.file = "c.json", .strategy = "gather", .no_exposure = "no engine");
	assert_int_equal(folder_read(&results, folder), 0);
	/* None was seen in any round: a measurement. */
	e = flush_exposure(&results.point[0]);
	assert_non_null(e);
	assert_true(e->stats.max == 0);
	e = flush_exposure(&results.point[1]);
	assert_non_null(e);
	assert_true(e->stats.p50 == 0);
	assert_true(e->stats.max == 7000);
	/* Nothing was looked for: none. */
	assert_null(flush_exposure(&results.point[2]));
	assert_string_equal(flush_why_no(&results.point[2], "exposure"), "no engine");
	assert_null(flush_exposure(NULL));
	folder_free(&results);
}

static void test_crossover(void **unused)
{
	struct flush_setting setting = { .size = 4096, .threads = 1, .domains = "shared" };
	struct crossover c;
	struct folder results;

	write_sweep();
	assert_int_equal(folder_read(&results, folder), 0);
	c = flush_crossover(&results, 0, &setting);
	assert_int_equal(c.kind, CROSSOVER_FOUND);
	/* Page by page, 1 and 4 mappings are cheaper, 16 and 64 dearer. */
	assert_int_equal(c.below, 1 * 4096);
	assert_int_equal(c.above, 64 * 4096);
	setting.size = 65536;
	assert_int_equal(flush_crossover(&results, 0, &setting).kind, CROSSOVER_UNKNOWN);
	folder_free(&results);
}

/* The index of a sweep is no result, and no reason for a word about it either. */
static void test_index(void **unused)
{
	struct pictures none = { 0 };
	unsigned int lines;
	struct folder results;
	size_t bytes;
	char *page;

	WRITE(.file = "a.json", .strategy = "strict");
	write_text("index.json",
		   "{\"schema\": \"iommubench-sweep/1\", \"skipped\": [{\"strategy\": \"lazy\", \"range_bytes\": 8192, \"threads\": 2, \"reason\": \"<no> PASIDs\"}, 7]}");
	write_text("other-index.json", "{\"schema\": \"iommubench-sweep/1\", \"skipped\": 1}");
	write_text("foreign.json", "{\"schema\": \"iommubench-sweep/9\"}");
	capture_begin();
	assert_int_equal(folder_read(&results, folder), 0);
	capture_end(&lines);
	assert_int_equal(lines, 1);
	assert_int_equal(results.skipped, 1);
	assert_int_equal(json_array_size(results.left_out), 2);
	page = html_page(&results, &none, NULL, &bytes);
	assert_non_null(strstr(page, "lazy, 8 KiB, 2 threads: &lt;no&gt; PASIDs"));
	free(page);
	folder_free(&results);
}

static void test_page(void **unused)
{
	struct picture picture = {
		.name = (char *)"x", .title = (char *)"t", .shows = (char *)"s",
		.reading = "one\ntwo\nthree", .svg = (char *)"<svg></svg>", .svg_bytes = 11,
	};
	struct pictures pictures = { .picture = &picture, .n = 1 };
	struct folder results;
	size_t bytes;
	char *page;

	write_sweep();
	WRITE(.file = "<i>.json", .strategy = "<b>strict", .cut = true);
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &pictures, NULL, &bytes);
	assert_int_equal(strlen(page), bytes);
	assert_non_null(strstr(page, "<h2 id=\"flush\">"));
	assert_null(strstr(page, "id=\"headline\""));
	assert_non_null(strstr(page, "<figcaption>one<br>two<br>three</figcaption>"));
	assert_non_null(strstr(page, "<b>Crossover:</b>"));
	assert_int_equal(occurrences(page, "class=\"first\">not measured</td>"), 4);
	assert_non_null(strstr(page, "Exposure not measured: nothing is refused"));
	/* Strict: measured, and nothing seen. */
	assert_non_null(strstr(page, ">0\u00a0%</td><td class=\"n\">0 ns</td>"));
	assert_null(strstr(page, "<b>strict"));
	assert_null(strstr(page, "<i>"));
	assert_int_equal(occurrences(page, "<table>"), occurrences(page, "</table>"));
	assert_int_equal(occurrences(page, "<tr>"), occurrences(page, "</tr>"));
	assert_int_equal(occurrences(page, "<ul>"), occurrences(page, "</ul>"));
	assert_int_equal(occurrences(page, "<li>"), occurrences(page, "</li>"));
	free(page);
	folder_free(&results);
}

static void test_tables(void **unused)
{
	json_t *list = json_array(), *points;
	char *text = NULL;
	struct folder results;
	size_t bytes;
	FILE *f;

	write_sweep();
	assert_int_equal(folder_read(&results, folder), 0);
	f = open_memstream(&text, &bytes);
	assert_non_null(f);
	report_tlb_flush_tables(&results, &flush_kind, (struct terminal_style){ 0 }, f);
	fclose(f);
	assert_true(occurrences(text, "not measured") >= 4);
	assert_int_equal(occurrences(text, "\nper-page "), 4);
	free(text);
	report_tlb_flush_json(&results, &flush_kind, list);
	assert_int_equal(json_array_size(list), 1);
	points = json_object_get(json_array_get(list, 0), "points");
	assert_int_equal(json_array_size(points), 20);
	assert_true(json_is_true(result_get(json_array_get(points, 0), "exposure.measured")));
	/* The last strategy of the first round. */
	assert_true(json_is_false(result_get(json_array_get(points, 4), "exposure.measured")));
	assert_null(result_get(json_array_get(points, 4), "exposure.p50_ns"));
	json_decref(list);
	folder_free(&results);
}

static char *summary_of(const char *file)
{
	char path[160], err[200], *text = NULL;
	json_t *result;
	size_t bytes;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	result = result_load(path, err, sizeof(err));
	if (!result)
		fail_msg("%s", err);
	/* Asked whether it is a terminal, which a stream in memory cannot tell. */
	f = tmpfile();
	assert_non_null(f);
	summary_print(result, f);
	rewind(f);
	text = file_read(fileno(f), &bytes);
	assert_non_null(text);
	fclose(f);
	json_decref(result);
	return text;
}

static void test_summary(void **unused)
{
	char *text;

	WRITE(.file = "a.json", .strategy = "full", .mappings = 4, .threads = 2,
	      .exposure_ns = 900, .device_ns = 800);
	WRITE(.file = "b.json", .strategy = "none", .no_exposure = "nothing is refused");
	text = summary_of("a.json");
	assert_non_null(strstr(text, "tlb-flush: full, 16 KiB in 4 mappings of 4 KiB, 2 threads"));
	assert_non_null(strstr(text, "in 10 of 100 rounds"));
	assert_non_null(strstr(text, "longest 900 ns"));
	assert_non_null(strstr(text, "new mapping 800 ns, once more 200 ns"));
	free(text);
	text = summary_of("b.json");
	assert_non_null(strstr(text, "exposure    not measured: nothing is refused\n"));
	assert_non_null(strstr(text, "device      not measured: no engine\n"));
	assert_null(strstr(text, "longest"));
	free(text);
}

static void test_pictures(void **unused)
{
	struct pictures pictures;
	const struct picture *p;
	struct error e = { "" };
	struct folder results;

	need_gnuplot();
	write_sweep();
	WRITE(.file = "full-2t.json", .strategy = "full", .mappings = 64, .threads = 2,
	      .slowest = 500);
	assert_int_equal(folder_read(&results, folder), 0);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	assert_int_equal(pictures.n, 5);
	p = find_picture(&pictures, "flush-scatter");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">0<"));
	assert_non_null(strstr(p->svg, ">strict<"));
	assert_non_null(strstr(p->svg, ">lazy<"));
	/* What was not measured is no point: it is in the words below. */
	assert_null(strstr(p->svg, ">none<"));
	assert_non_null(strstr(p->svg, ">Exposure not measured: none, 50 ns"));
	assert_non_null(strstr(p->shows, "none: 50 ns, exposure not measured."));
	assert_non_null(strstr(p->shows, "strict: 700 ns, exposure p50 0 ns, longest 0 ns."));
	p = find_picture(&pictures, "flush-range");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">full begins to beat per-page between 4 KiB and 256 KiB<"));
	p = find_picture(&pictures, "flush-exposure");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">No access after unmap had returned: strict (300 rounds)"));
	/* Strategies without a line are not in the key. */
	assert_null(strstr(p->svg, ">strict<"));
	assert_non_null(strstr(p->svg, ">lazy<"));
	p = find_picture(&pictures, "flush-scaling");
	assert_picture(p);
	p = find_picture(&pictures, "flush-device");
	assert_picture(p);
	assert_null(strstr(p->svg, ">full<"));
	assert_non_null(strstr(p->svg, ">Not measured: per-page, full, none (no engine)."));
	plot_free(&pictures);
	folder_free(&results);
}

/* A line that is in one panel only: the other one says why it is not there. */
static void test_closed_panel(void **unused)
{
	struct pictures pictures;
	struct error e = { "" };
	struct folder results;

	need_gnuplot();
	WRITE(.file = "few.json", .strategy = "lazy", .mappings = 16, .exposure_ns = 5e6);
	WRITE(.file = "many.json", .strategy = "lazy", .mappings = 256);
	WRITE(.file = "strict.json", .strategy = "strict", .mappings = 16);
	assert_int_equal(folder_read(&results, folder), 0);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	assert_non_null(strstr(find_picture(&pictures, "flush-exposure")->svg,
			       ", lazy with 256 mappings of 4 KiB, 1 MiB ("));
	assert_null(strstr(find_picture(&pictures, "flush-exposure")->svg, "lazy with 16"));
	plot_free(&pictures);
	folder_free(&results);
}

/* Where one of two ranges would decide, the picture shows none. */
static void test_no_crossover_picture(void **unused)
{
	struct pictures pictures;
	struct folder results;

	need_gnuplot();
	WRITE(.file = "a.json", .strategy = "full", .total_ns = 5000);
	WRITE(.file = "b.json", .strategy = "full", .mappings = 16, .total_ns = 5000);
	WRITE(.file = "c.json", .strategy = "per-page", .total_ns = 1000);
	WRITE(.file = "d.json", .strategy = "per-page", .mappings = 16, .total_ns = 9000);
	draw_case(&results, &pictures, 0);
	assert_non_null(strstr(find_picture(&pictures, "flush-range")->svg,
			       ">no clear crossover of full and per-page<"));
	plot_free(&pictures);
	folder_free(&results);
}

/* What could trip axes, labels and notes. */
static void test_odd_pictures(void **unused)
{
	static const struct spec odd[] = {
		{ .total_ns = 1, .rounds = 1 },
		{ .total_ns = 60e9, .exposure_ns = 1, .all_exposed = true },
		{ .exposure_ns = 60e9, .all_exposed = true, .rounds = 100000 },
		{ .exposure_ns = 40, .rounds = 1, .device_ns = 1 },
		{ .device_ns = 60e9 },
		{ .mappings = 1 << 20, .size = 1ULL << 40 },
		{ .threads = 1024, .slowest = 0.001, .no_exposure = "" },
		{ .threads = 3, .domains = "it's `6`\\n$x", .exposure_ns = 100 },
	};
	struct pictures pictures;
	struct folder results;
	size_t i, k;

	need_gnuplot();
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		for (k = 0; k < FLUSH_STRATEGIES; k++) {
			struct spec s = odd[i];
			char file[64];

			snprintf(file, sizeof(file), "%zu.json", k);
			s.file = file;
			s.strategy = flush_strategies[k];
			write_result(&s);
		}
		draw_case(&results, &pictures, i);
		plot_free(&pictures);
		folder_free(&results);
	}
}

/* Sets of pictures are counted by subcommand; each has its part of the page. */
static void test_mixed(void **unused)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	struct result *r = result_new("map-unmap");
	struct pictures pictures;
	struct error e = { "" };
	struct folder results;
	size_t bytes;
	char *page;

	need_gnuplot();
	assert_non_null(h);
	iommubench_hist_add(h, 1000);
	made_machine(r, "strict", "0000:00:02.0");
	/* What only one of them has must not set it apart from the other. */
	result_set_params(r, json_pack("{s:s, s:i, s:i, s:b}", "api", "dma-single", "size_bytes",
				       4096, "threads", 1, "verify", 1));
	result_add_phase(r, "map", h, 1, 1);
	result_add_phase(r, "unmap", h, 1, 1);
	result_set_complete(r, true, "time");
	made_written(r, "map.json");
	free(h);
	WRITE(.file = "a.json", .strategy = "strict");
	WRITE(.file = "b.json", .strategy = "lazy", .exposure_ns = 1e6);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 2);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	find_picture(&pictures, "latency-dma-single-1t");
	find_picture(&pictures, "throughput");
	find_picture(&pictures, "flush-scatter");
	find_picture(&pictures, "flush-exposure");
	assert_int_equal(pictures.n, 4);
	page = html_page(&results, &pictures, NULL, &bytes);
	assert_non_null(strstr(page, "<h2 id=\"headline\">"));
	assert_non_null(strstr(page, "<h2 id=\"flush\">"));
	assert_non_null(strstr(page, "<h3>map-unmap</h3>"));
	assert_non_null(strstr(page, "<h3>tlb-flush</h3>"));
	assert_non_null(strstr(page, "<h3>Runs of tlb-flush</h3>"));
	free(page);
	plot_free(&pictures);
	folder_free(&results);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_points, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_exposure, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_crossover, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_index, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_page, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_tables, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_summary, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_pictures, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_no_crossover_picture, folder_setup,
						folder_teardown),
		cmocka_unit_test_setup_teardown(test_closed_panel, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_odd_pictures, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_mixed, folder_setup, folder_teardown),
	};

	/* Those of this tree, not of an installation: tests run in its top folder. */
	setenv("IOMMUBENCH_DATADIR", "scripts", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
