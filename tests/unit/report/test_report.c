// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report: what belongs together is put together, ratios are right, pictures
 * show what they should, and nothing in a result becomes markup.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* First, because cmocka.h makes error_fail() a macro. */
#include "../capture.h"
#include "base/file.h"
#include "base/plain.h"
#include "map_unmap/kind.h"
#include "map_unmap/view/pairs.h"
#include "map_unmap/view/points.h"
#include "page/page.h"
#include "plot/draw.h"
#include "plot/pictures.h"
#include "points/folder.h"
#include "result/read.h"
#include "result/result.h"

#include <cmocka.h>

#include "folder.h"
#include "made.h"

/* One result: everything that a test may want to be different. */
struct spec {
	const char *file;
	const char *api;
	const char *domain;
	const char *kernel;
	const char *model;
	const char *iommu;
	uint64_t size;
	unsigned int threads;
	unsigned int window;
	unsigned int batch;
	unsigned int samples;
	/* Of one operation. */
	double map_ns;
	double unmap_ns;
	double ops_per_s;
	bool silicon;
	bool cut;
};

static void write_result(const struct spec *s)
{
	unsigned int samples = s->samples ? s->samples : 1000;
	unsigned int batch = s->batch ? s->batch : 1, i, p;
	const char *api = s->api ? s->api : "dma-single";
	struct result *r = result_new("map-unmap");

	result_set_machine(r, json_pack("{s:b, s:s, s:{s:s?}, s:{s:s, s:f, s:i}, s:{s:s, s:s}, s:{s:s}}",
					"virtual", !s->silicon,
					"kernel", s->kernel ? s->kernel : "6.1.0",
					"platform", "model", s->model,
					"clock", "name", "counter", "resolution_ns", 1.0,
					"frequency_hz", 1000000000,
					"iommu", "kind", s->iommu ? s->iommu : "arm-smmu-v3",
					"domain_type", s->domain ? s->domain : "strict",
					"device", "name", "0000:00:02.0"));
	result_set_params(r, json_pack("{s:s, s:I, s:I, s:I, s:I, s:s}", "api", api,
				       "size_bytes", (json_int_t)(s->size ? s->size : 4096),
				       "threads", (json_int_t)(s->threads ? s->threads : 1),
				       "window", (json_int_t)(s->window ? s->window : batch),
				       "batch", (json_int_t)batch, "iova",
				       strncmp(api, "iommu", 5) ? "allocator" : "reuse"));
	for (p = 0; p < 2; p++) {
		struct iommubench_hist *h = calloc(1, sizeof(*h));
		double ns = p ? s->unmap_ns : s->map_ns;

		assert_non_null(h);
		for (i = 0; i < samples; i++)
			iommubench_hist_add(h, (uint64_t)((ns > 0 ? ns : 500) * batch));
		result_add_phase(r, p ? "unmap" : "map", h, 1, batch);
		free(h);
	}
	result_set_throughput(r, (uint64_t)(s->ops_per_s > 0 ? s->ops_per_s : 1000), 1);
	result_set_harness(r, 10, batch, NULL);
	result_set_complete(r, !s->cut, s->cut ? "stopped" : "time");
	result_add_check(r, "transfer", 3, 0);
	made_written(r, s->file);
}

#define WRITE(...)	write_result(&(struct spec){ __VA_ARGS__ })

static void assert_ratio(double got, double want)
{
	if (fabs(got / want - 1) > 1.0 / 64)
		fail_msg("ratio is %g, want %g", got, want);
}

static void test_pairs(void **unused)
{
	struct folder results;
	struct pair *pairs;
	size_t n;

	WRITE(.file = "a.json", .domain = "lazy", .unmap_ns = 1000,
	      .ops_per_s = 4000);
	WRITE(.file = "b.json", .domain = "strict", .unmap_ns = 3000,
	      .ops_per_s = 1000);
	WRITE(.file = "c.json", .domain = "identity");
	/* Halves: another size, another number of threads, another API. */
	WRITE(.file = "d.json", .domain = "strict", .size = 65536);
	WRITE(.file = "e.json", .domain = "lazy", .threads = 2);
	WRITE(.file = "f.json", .domain = "lazy", .api = "dma-sg");
	/* A domain of our own is neither strict nor lazy. */
	WRITE(.file = "g.json", .domain = "lazy", .api = "iommu");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.n, 7);
	assert_int_equal(results.points, 7);
	assert_int_equal(results.sets, 1);
	assert_int_equal(results.virtual, 7);
	pairs = map_unmap_pairs(&results, &map_unmap_kind, &n);
	assert_int_equal(n, 4);
	assert_string_equal(pairs[0].strict->entry->file, "b.json");
	assert_string_equal(pairs[0].lazy->entry->file, "a.json");
	assert_ratio(pair_ratio(&pairs[0], "unmap", 500000), 3);
	assert_ratio(pair_ratio(&pairs[0], "unmap", 990000), 3);
	assert_ratio(pair_ratio(&pairs[0], "map", 500000), 1);
	assert_ratio(pair_ratio(&pairs[0], NULL, 0), 0.25);
	assert_null(pairs[1].strict);
	assert_string_equal(pairs[1].lazy->entry->file, "e.json");
	assert_true(pair_ratio(&pairs[1], "unmap", 500000) == 0);
	assert_null(pairs[2].lazy);
	assert_string_equal(pairs[2].strict->entry->file, "d.json");
	assert_null(pairs[3].strict);
	assert_string_equal(map_unmap_of(pairs[3].lazy)->api, "dma-sg");
	free(pairs);
	folder_free(&results);
}

static void test_repeats(void **unused)
{
	const struct point *p;
	struct folder results;

	WRITE(.file = "a.json", .samples = 1000, .unmap_ns = 1000,
	      .ops_per_s = 1000);
	WRITE(.file = "b.json", .samples = 3000, .unmap_ns = 2000,
	      .ops_per_s = 3000);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.n, 2);
	assert_int_equal(results.points, 1);
	p = &results.point[0];
	assert_string_equal(p->entry->file, "a.json");
	assert_int_equal(p->repeats, 2);
	assert_true(p->ops_per_s == 2000);
	assert_true(p->complete);
	assert_non_null(point_phase(p, "unmap"));
	assert_int_equal(point_phase(p, "unmap")->stats.count, 4000);
	assert_true(point_phase(p, "unmap")->stats.min == 1000);
	assert_true(point_phase(p, "unmap")->stats.mean == 1750);
	assert_true(point_phase(p, "unmap")->stats.max == 2000);
	assert_null(point_phase(p, "flush"));
	folder_free(&results);
}

static void test_groups(void **unused)
{
	struct folder results;
	char *name;

	/* Faster runs may have larger batches, and with them windows: still the same. */
	WRITE(.file = "a.json", .domain = "strict", .batch = 1);
	WRITE(.file = "b.json", .domain = "lazy", .batch = 8);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 1);
	name = folder_set_name(&results, 0);
	assert_string_equal(name, "map-unmap");
	free(name);
	folder_free(&results);

	WRITE(.file = "c.json", .domain = "lazy", .window = 64);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 2);
	name = folder_set_name(&results, 0);
	assert_string_equal(name, "map-unmap: window 64");
	free(name);
	assert_null(map_unmap_find(&results, 0, "dma-single", "strict", 4096, 1));
	assert_non_null(map_unmap_find(&results, 1, "dma-single", "strict", 4096, 1));
	folder_free(&results);

	WRITE(.file = "d.json", .domain = "lazy", .kernel = "6.12.0");
	WRITE(.file = "e.json", .domain = "lazy", .silicon = true,
	      .cut = true);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 4);
	assert_int_equal(results.virtual, 4);
	name = folder_set_name(&results, 0);
	assert_string_equal(name, "map-unmap: kernel 6.1.0, virtual no, window of one batch");
	free(name);
	assert_false(map_unmap_find(&results, 0, "dma-single", "lazy", 4096, 1)->complete);
	folder_free(&results);
}

/* What boards did is never taken together, however alike the runs are. */
static void test_boards(void **unused)
{
	struct folder results;
	struct pair *pairs;
	char *name;
	size_t n;

	WRITE(.file = "a.json", .domain = "strict", .model = "one", .iommu = "arm-smmu-v3");
	WRITE(.file = "b.json", .domain = "lazy", .model = "two", .iommu = "arm-smmu-v3");
	WRITE(.file = "c.json", .domain = "strict", .model = "three", .iommu = "ipmmu-vmsa");
	WRITE(.file = "d.json", .domain = "lazy", .model = "three", .iommu = "ipmmu-vmsa");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 3);
	assert_int_equal(results.points, 4);
	name = folder_set_name(&results, 1);
	assert_string_equal(name, "map-unmap: machine three, IOMMU ipmmu-vmsa");
	free(name);
	pairs = map_unmap_pairs(&results, &map_unmap_kind, &n);
	assert_int_equal(n, 3);
	assert_null(pairs[0].lazy);
	assert_string_equal(pairs[1].strict->entry->file, "c.json");
	assert_string_equal(pairs[1].lazy->entry->file, "d.json");
	assert_null(pairs[2].strict);
	free(pairs);
	folder_free(&results);
}

static void test_folders(void **unused)
{
	unsigned int lines;
	struct folder results;
	char path[128];

	capture_begin();
	assert_int_equal(folder_read(&results, "/nonexistent"), 2);
	folder_free(&results);
	assert_int_equal(folder_read(&results, folder), 3);
	folder_free(&results);
	capture_end(&lines);
	assert_int_equal(lines, 2);
	snprintf(path, sizeof(path), "%s/foreign.json", folder);
	assert_int_equal(file_replace(path, "{\"a\": 1}", 8), 0);
	snprintf(path, sizeof(path), "%s/half.json", folder);
	assert_int_equal(file_replace(path, "{\"schema\": \"iommu", 17), 0);
	snprintf(path, sizeof(path), "%s/.hidden.json", folder);
	assert_int_equal(file_replace(path, "{}", 2), 0);
	snprintf(path, sizeof(path), "%s/notes.txt", folder);
	assert_int_equal(file_replace(path, "{}", 2), 0);
	capture_begin();
	assert_int_equal(folder_read(&results, folder), 3);
	capture_end(&lines);
	/* One for each file, one for the folder. */
	assert_int_equal(lines, 3);
	assert_int_equal(results.skipped, 2);
	folder_free(&results);
	WRITE(.file = "good.json");
	capture_begin();
	assert_int_equal(folder_read(&results, folder), 0);
	capture_end(&lines);
	assert_int_equal(lines, 2);
	assert_int_equal(results.n, 1);
	assert_int_equal(results.skipped, 2);
	folder_free(&results);
}

static void test_escapes(void **unused)
{
	struct pictures none = { 0 };
	struct folder results;
	size_t bytes;
	char *page;

	WRITE(.file = "<i>&\"'.json", .kernel = "<script>alert(1)</script>",
	      .silicon = true);
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &none, "<b>", &bytes);
	assert_int_equal(strlen(page), bytes);
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "<i>"));
	assert_null(strstr(page, "<b>"));
	assert_non_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_non_null(strstr(page, "&lt;i&gt;&amp;&quot;&#39;.json"));
	assert_null(strstr(page, "irtual machine"));
	assert_null(strstr(page, "incomplete"));
	/* Nothing that a browser would fetch. */
	assert_null(strstr(page, "http"));
	assert_null(strstr(page, "src=\""));
	assert_null(strstr(page, "@import"));
	assert_non_null(strstr(page, "</html>"));
	free(page);
	folder_free(&results);
}

/* Where a page is not to be UTF-8 any more, or a name turns what is around it. */
static void test_odd_names(void **unused)
{
	struct pictures none = { 0 };
	char from[256], to[256], *page;
	struct folder results;
	json_t *json;
	size_t bytes;

	WRITE(.file = "a.json", .silicon = true);
	snprintf(from, sizeof(from), "%s/a.json", folder);
	snprintf(to, sizeof(to), "%s/\xff\xc3\xa4\xe2\x80.json", folder);
	json = json_load_file(from, 0, NULL);
	json_object_set_new(result_get(json, "machine"), "kernel",
			    json_string("6\u202e\xc2\x9b\033[2J\u00e4"));
	assert_int_equal(json_dump_file(json, to, 0), 0);
	json_decref(json);
	unlink(from);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_string_equal(result_text(results.entry[0].json, "machine.kernel"), "6???[2J\u00e4");
	page = html_page(&results, &none, "\xff \xe2\x80\xae", &bytes);
	assert_non_null(strstr(page, "There are none: ? ?<"));
	assert_non_null(strstr(page, "?\u00e4??.json"));
	assert_non_null(strstr(page, "6???[2J\u00e4"));
	assert_true(is_utf8(page));
	free(page);
	folder_free(&results);
}

/* Names that differ in nothing that the name of a picture keeps, or in letters' size only. */
static void test_namesakes(void **unused)
{
	struct pictures all = { 0 };
	struct plot plot = { .pictures = &all };
	size_t i;

	plot_add(&plot, (struct picture){ .name = strdup("series-a-b") });
	plot_add(&plot, (struct picture){ .name = strdup("series-a-b") });
	plot_add(&plot, (struct picture){ .name = strdup("series-A-b") });
	plot_add(&plot, (struct picture){ .name = strdup("series-a") });
	assert_string_equal(all.picture[0].name, "series-a-b");
	assert_string_equal(all.picture[1].name, "series-a-b-2");
	assert_string_equal(all.picture[2].name, "series-A-b-3");
	assert_string_equal(all.picture[3].name, "series-a");
	for (i = 0; i < all.n; i++)
		free(all.picture[i].name);
	free(all.picture);
}

static void test_page(void **unused)
{
	struct picture picture = {
		.name = (char *)"x", .title = (char *)"t", .shows = (char *)"a \"quote\"",
		.reading = "one\ntwo", .svg = (char *)"<svg>\xff</svg>", .svg_bytes = 12,
	};
	struct pictures pictures = { .picture = &picture, .n = 1 };
	struct folder results;
	size_t bytes;
	char *page;

	WRITE(.file = "a.json", .domain = "strict", .unmap_ns = 3000);
	WRITE(.file = "b.json", .domain = "lazy", .unmap_ns = 1000,
	      .cut = true);
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &pictures, NULL, &bytes);
	assert_non_null(strstr(page, "Virtual machine: figures prove the software, not silicon."));
	assert_non_null(strstr(page, "1 run was cut short"));
	assert_non_null(strstr(page, ">incomplete: stopped"));
	assert_non_null(strstr(page, "<td class=\"n ratio\">3.0"));
	assert_non_null(strstr(page, "<td>transfer</td><td class=\"n\">6</td><td class=\"n\">0<"));
	assert_non_null(strstr(page, "base64,PHN2Zz7/PC9zdmc+\""));
	assert_non_null(strstr(page, "alt=\"a &quot;quote&quot;\""));
	assert_int_equal(occurrences(page, "<table>"), occurrences(page, "</table>"));
	assert_int_equal(occurrences(page, "<tr>"), occurrences(page, "</tr>"));
	assert_int_equal(occurrences(page, "<p>") + occurrences(page, "<p class"),
			 occurrences(page, "</p>"));
	free(page);
	folder_free(&results);
}

/* Puts a counter of each phase into a result that is there. */
static void add_counters(const char *file)
{
	static const char *const phases[] = { "map", "unmap" };
	char path[160];
	unsigned int i;
	json_t *j;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	j = json_load_file(path, 0, NULL);
	for (i = 0; i < 2; i++)
		json_array_append_new(json_object_get(j, "counters"),
				      json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:i, s:f, s:f}",
						"name", "a<b", "source", "perf", "scope", "thread",
						"run", "by-phase", "phase", phases[i], "value", 50,
						"unit", "events", "ops", 4, "per_op", 12.5 + i,
						"running_ratio", 0.5));
	assert_int_equal(json_dump_file(j, path, 0), 0);
	json_decref(j);
}

static void test_counters(void **unused)
{
	struct pictures none = { NULL };
	struct folder results;
	size_t bytes;
	char *page;

	WRITE(.file = "a.json", .unmap_ns = 3000);
	WRITE(.file = "b.json", .size = 65536, .unmap_ns = 3000);
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &none, "none", &bytes);
	assert_null(strstr(page, "counters"));
	free(page);
	folder_free(&results);

	add_counters("b.json");
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &none, "none", &bytes);
	assert_non_null(strstr(page, "<a href=\"#counters\">"));
	assert_non_null(strstr(page, "<h2 id=\"counters\">"));
	assert_non_null(strstr(page, "<th class=\"n\">map</th><th class=\"n\">unmap</th>"));
	assert_int_equal(occurrences(page, "<td>a&lt;b</td><td class=\"n\">12.5</td>"), 1);
	assert_int_equal(occurrences(page, "<td class=\"n\">13.5</td><td>scaled from 50 %"), 1);
	assert_null(strstr(page, "a<b"));
	assert_int_equal(occurrences(page, "<table>"), occurrences(page, "</table>"));
	assert_int_equal(occurrences(page, "<tr>"), occurrences(page, "</tr>"));
	free(page);
	folder_free(&results);
}

static void assert_picture(const struct picture *p, const char *name)
{
	assert_string_equal(p->name, name);
	assert_true(p->png_bytes > 1000);
	assert_memory_equal(p->png, "\x89PNG\r\n", 6);
	assert_true(p->svg_bytes > 1000);
	assert_int_equal(occurrences(p->svg, "</svg>"), 1);
	assert_null(strstr(p->svg, "<script"));
	assert_non_null(strstr(p->svg, ">Virtual machine: figures prove the software, not sili"));
	assert_non_null(strstr(p->svg, ">strict<"));
	assert_non_null(strstr(p->svg, ">lazy<"));
	assert_true(strstr(p->svg, ">4 KiB<") || strstr(p->svg, ">unmap, 4 KiB<"));
	assert_non_null(strchr(p->reading, '\n'));
}

static void test_pictures(void **unused)
{
	static const char *const domains[] = { "strict", "lazy" };
	struct pictures pictures;
	unsigned int d, t, size;
	struct error e = { "" };
	char file[32];
	struct folder results;

	need_gnuplot();
	for (d = 0; d < 2; d++)
		for (t = 1; t <= 2; t++)
			for (size = 1; size <= 4; size++) {
				snprintf(file, sizeof(file), "%u-%u-%u.json", d, t, size);
				WRITE(.file = file, .domain = domains[d],
				      .threads = t, .size = size * 4096ULL,
				      .unmap_ns = d ? 900 : 2700, .kernel = "it's `6`\\n$x");
			}
	assert_int_equal(folder_read(&results, folder), 0);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	/* Three sizes to a picture of latencies, six to one of throughput. */
	assert_int_equal(pictures.n, 5);
	assert_picture(&pictures.picture[0], "latency-dma-single-1t");
	assert_string_equal(pictures.picture[1].name, "latency-dma-single-1t-part2");
	assert_picture(&pictures.picture[2], "latency-dma-single-2t");
	assert_string_equal(pictures.picture[3].name, "latency-dma-single-2t-part2");
	assert_picture(&pictures.picture[4], "throughput");
	assert_non_null(strstr(pictures.picture[0].svg, ">p99.99<"));
	assert_non_null(strstr(pictures.picture[0].svg, "it's `6`\\n$x"));
	assert_non_null(strstr(pictures.picture[0].shows, "unmap, 4 KiB, lazy: p50 900 ns"));
	plot_free(&pictures);
	folder_free(&results);
}

/* What tells two sets apart stands in the subtitle of their pictures once. */
static void test_subtitles(void **unused)
{
	struct pictures pictures;
	struct error e = { "" };
	struct folder results;
	const char *svg;
	size_t i;

	need_gnuplot();
	WRITE(.file = "a.json", .domain = "strict", .kernel = "6.1.0");
	WRITE(.file = "b.json", .domain = "strict", .kernel = "6.12.0");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 2);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	for (i = 0; i < pictures.n; i++) {
		svg = pictures.picture[i].svg;
		assert_non_null(strstr(svg, "device 0000:00:02.0; kernel 6.1"));
		assert_null(strstr(svg, "Linux 6.1"));
	}
	plot_free(&pictures);
	folder_free(&results);
}

/* What could trip the axes: one sample, no time at all, a very long time. */
static void test_odd_pictures(void **unused)
{
	static const struct spec odd[] = {
		{ .file = "x.json", .samples = 1 },
		{ .file = "x.json", .map_ns = 1, .unmap_ns = 1 },
		{ .file = "x.json", .map_ns = 1, .unmap_ns = 60e9 },
		{ .file = "x.json", .map_ns = 1000, .unmap_ns = 1000, .ops_per_s = 1e12 },
		{ .file = "x.json", .api = "iommu", .samples = 300000 },
		{ .file = "x.json", .domain = "none", .size = 1ULL << 30, .threads = 1024 },
	};
	struct pictures pictures;
	struct folder results;
	size_t i;

	need_gnuplot();
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		write_result(&odd[i]);
		draw_case(&results, &pictures, i);
		assert_int_equal(pictures.n, 2);
		plot_free(&pictures);
		folder_free(&results);
	}
}

static void test_no_gnuplot(void **unused)
{
	char *path = strdup(getenv("PATH"));
	struct pictures pictures;
	struct error e = { "" };
	struct folder results;

	WRITE(.file = "a.json");
	assert_int_equal(folder_read(&results, folder), 0);
	setenv("PATH", folder, 1);
	assert_int_equal(plot_all(&pictures, &results, &e), -1);
	setenv("PATH", path, 1);
	assert_non_null(strstr(e.text, "apt install gnuplot-nox"));
	plot_free(&pictures);
	folder_free(&results);
	free(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pairs, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_repeats, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_groups, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_boards, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_folders, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_escapes, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_odd_names, folder_setup, folder_teardown),
		cmocka_unit_test(test_namesakes),
		cmocka_unit_test_setup_teardown(test_page, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_counters, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_pictures, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_subtitles, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_odd_pictures, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_no_gnuplot, folder_setup, folder_teardown),
	};

	/* Those of this tree, not of an installation: tests run in its top folder. */
	setenv("IOMMUBENCH_DATADIR", "scripts", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
