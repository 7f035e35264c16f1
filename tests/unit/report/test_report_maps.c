// SPDX-License-Identifier: GPL-2.0-only
/*
 * Heat maps: latency over time from a result's series, and by node of CPU and memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/page.h"
#include "plot/pictures.h"
#include "plot/placement.h"
#include "points/folder.h"
#include "points/intervals.h"
#include "result/read.h"
#include "result/result.h"

#include <cmocka.h>

#include "folder.h"
#include "made.h"
#include "pictures.h"

static struct result *new_result(void)
{
	struct result *r = result_new("map-unmap");

	made_machine(r, "strict", "0000:00:02.0");
	return r;
}

static json_t *params(void)
{
	return json_pack("{s:s, s:i, s:i}", "api", "dma-single", "size_bytes", 4096, "threads", 1);
}

static void finish(struct result *r, const char *file)
{
	result_set_throughput(r, 1000, 1);
	result_set_harness(r, 10, 1, NULL);
	result_set_complete(r, true, "time");
	made_written(r, file);
}

/* With so many intervals of a tenth of a second, every third one without samples. */
static void write_series(const char *file, unsigned int n, double at_step, double length)
{
	struct result *r = new_result();
	json_t *intervals = json_array(), *phase;
	unsigned int i;

	result_set_params(r, params());
	made_phase(r, "map", 0, 200);
	made_phase(r, "unmap", 1000, 200);
	phase = json_array_get(json_object_get(result_json(r), "phases"), 1);
	for (i = 0; i < n; i++) {
		json_t *interval = json_pack("{s:f, s:f, s:i, s:i, s:{}}", "at_ns", i * at_step,
					     "length_ns", length, "run", i >= n / 2, "ops",
					     i % 3 ? 200 : 0, "phases");

		if (i % 3)
			json_object_set_new(json_object_get(interval, "phases"), "unmap",
					    json_pack("{s:O}", "histogram",
						      json_object_get(phase, "histogram")));
		json_array_append_new(intervals, interval);
	}
	json_object_set_new(result_json(r), "series",
			    json_pack("{s:f, s:o}", "interval_ns", 1e8, "intervals", intervals));
	finish(r, file);
}

/* The same with counters, one of which is unknown in every other interval. */
static void write_counted_series(const char *file, unsigned int n)
{
	json_t *result, *intervals, *interval, *counters;
	char path[160];
	size_t i;

	write_series(file, n, 1e8, 1e8);
	snprintf(path, sizeof(path), "%s/%s", folder, file);
	result = json_load_file(path, 0, NULL);
	json_object_set_new(json_object_get(result, "series"), "counters",
			    json_pack("[{s:s, s:s}, {s:s}]", "name", "pmcg_1/tlb_miss/", "pmu",
				      "pmcg_1", "name", "context-switches"));
	intervals = result_get(result, "series.intervals");
	json_array_foreach(intervals, i, interval) {
		counters = json_pack("{s:i, s:o}", "pmcg_1/tlb_miss/", (int)i * 10,
				     "context-switches", i % 2 ? json_null() : json_integer(3));
		json_object_set_new(interval, "counters", counters);
	}
	assert_int_equal(json_dump_file(result, path, 0), 0);
	json_decref(result);
}

/* Counters of two PMUs and a thread; one that stayed at 0, and one that there was no room for. */
static json_t *counted_series(unsigned int n)
{
	json_t *columns = json_array(), *intervals = json_array();
	static const char *const pmus[] = { "pmcg_1", "pmcg_2" };
	unsigned int i;

	for (i = 0; i < 2; i++)
		json_array_append_new(columns, json_pack("{s:s+, s:s}", "name", pmus[i],
							 "/tlb_miss/", "pmu", pmus[i]));
	for (i = 0; i < 8; i++)
		json_array_append_new(columns, json_pack("{s:s+}", "name", "event-",
							 &"abcdefgh"[i]));
	json_array_append_new(columns, json_pack("{s:s}", "name", "context-switches"));
	for (i = 0; i < n; i++)
		json_array_append_new(intervals,
				      json_pack("{s:f, s:f, s:i, s:{s:i, s:i, s:i, s:n, s:i, s:i}}",
						"at_ns", i * 1e8, "length_ns", 1e8, "ops", 10,
						"counters", "pmcg_1/tlb_miss/", 5,
						"pmcg_2/tlb_miss/", i, "event-abcdefgh", 0,
						"event-bcdefgh", "event-cdefgh", 7,
						"context-switches", 2));
	return json_pack("{s:f, s:o, s:o}", "interval_ns", 1e8, "counters", columns, "intervals",
			 intervals);
}

static void test_counts(void **unused)
{
	json_t *series = counted_series(4);
	struct series_counts counts;
	double rate;

	series_counts_choose(series, &counts);
	assert_int_equal(counts.nr, 3);
	/* Those of an IOMMU first; what nothing is known of is not there. */
	assert_string_equal(counts.name[0], "tlb_miss");
	assert_string_equal(counts.name[1], "context-switches");
	assert_string_equal(counts.name[2], "event-cdefgh");
	assert_true(series_counts_rate(series, "tlb_miss", 1, 2, &rate));
	/* 5 and 1, 5 and 2, in 0.2 seconds. */
	assert_true(rate > 64.9 && rate < 65.1);
	assert_false(series_counts_rate(series, "event-bcdefgh", 0, 3, &rate));
	assert_false(series_counts_rate(series, "nothing", 0, 3, &rate));
	assert_false(series_counts_rate(series, "tlb_miss", 9, 12, &rate));
	json_decref(series);
	series = json_pack("{s:s, s:{}}", "counters", "none", "intervals");
	series_counts_choose(series, &counts);
	assert_int_equal(counts.nr, 0);
	json_decref(series);
	/* What only goes with time is shown where there is nothing else. */
	series = json_pack("{s:[{s:s}, {s:s}], s:[{s:i, s:{s:i, s:i}}]}", "counters", "name",
			   "cycles", "name", "page-faults", "intervals", "length_ns", 100,
			   "counters", "cycles", 5, "page-faults", 1);
	series_counts_choose(series, &counts);
	assert_int_equal(counts.nr, 1);
	assert_string_equal(counts.name[0], "page-faults");
	json_object_del(json_object_get(json_array_get(json_object_get(series, "intervals"), 0),
					"counters"), "page-faults");
	series_counts_choose(series, &counts);
	assert_string_equal(counts.name[0], "cycles");
	json_decref(series);
}

static void write_cell(int cpu, int memory, double ns, json_t *device)
{
	struct result *r = new_result();
	json_t *all = params();
	char file[64];

	json_object_set_new(all, "memory_policy",
			    json_pack("{s:s, s:[i]}", "policy", "node", "nodes", memory));
	json_object_set_new(all, "placement_matrix",
			    json_pack("{s:i, s:i, s:o}", "cpu_node", cpu, "memory_node", memory,
				      "device_node", device));
	result_set_params(r, all);
	if (ns >= 0) {
		made_phase(r, "map", ns / 2, 200);
		made_phase(r, "unmap", ns, 200);
	}
	snprintf(file, sizeof(file), "cpu%d-mem%d.json", cpu, memory);
	finish(r, file);
}

static void draw(struct pictures *pictures, struct folder *results)
{
	struct error e = { "" };

	assert_int_equal(folder_read(results, folder), 0);
	if (plot_all(pictures, results, &e))
		fail_msg("%s", e.text);
}

static void test_series(void **unused)
{
	struct pictures pictures;
	const struct picture *p;
	struct folder results;
	size_t bytes;
	char *page;

	need_gnuplot();
	write_series("a.json", 20, 1e8, 1e8);
	draw(&pictures, &results);
	p = find_picture(&pictures, "series-a");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">unmap<"));
	/* Without any interval that has samples of it. */
	assert_null(strstr(p->svg, ">map<"));
	assert_non_null(strstr(p->svg, ">operations/s<"));
	assert_non_null(strstr(p->svg, ">Intervals of 100 ms.<"));
	assert_non_null(strstr(p->shows, "in 20 columns."));
	plot_free(&pictures);
	folder_free(&results);
	write_series("a.json", 600, 1e8, 1e8);
	draw(&pictures, &results);
	p = find_picture(&pictures, "series-a");
	assert_non_null(strstr(p->svg, ", 4 of them in a column.<"));
	assert_non_null(strstr(p->shows, "in 150 columns."));
	assert_null(strstr(p->svg, "counted/s"));
	/* What is large as SVG is on the page as PNG. */
	page = html_page(&results, &pictures, NULL, &bytes);
	assert_true(p->svg_bytes > 100 << 10 && p->png_bytes < p->svg_bytes);
	assert_int_equal(occurrences(page, "data:image/png"), 1);
	assert_true(bytes < 600 << 10);
	free(page);
	plot_free(&pictures);
	folder_free(&results);
	write_counted_series("a.json", 20);
	draw(&pictures, &results);
	p = find_picture(&pictures, "series-a");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">counted/s<"));
	assert_non_null(strstr(p->svg, ">tlb_miss/s<"));
	assert_non_null(strstr(p->svg, ">context-switches/s<"));
	assert_non_null(strstr(p->shows, " context-switches: from 30"));
	plot_free(&pictures);
	folder_free(&results);
}

static void test_odd_series(void **unused)
{
	static const struct {
		unsigned int n;
		double at_step;
		double length;
		bool picture;
	} odd[] = {
		{ 0, 0, 0, false },
		{ 1, 1, 1, false },
		{ 2, 1, 1, true },
		{ 10, 0, 1e8, false },
		{ 10, 1e8, 1 / 1e300, true },
		{ 10, 1e17, 1e3, true },
		{ 10, 1e3, 1e3, true },
		{ 600, 1e8, 1e8, true },
	};
	struct pictures pictures;
	struct folder results;
	bool found;
	size_t i, k;

	need_gnuplot();
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		write_series("a.json", odd[i].n, odd[i].at_step, odd[i].length);
		draw(&pictures, &results);
		for (k = 0, found = false; k < pictures.n; k++)
			found = found || !strcmp(pictures.picture[k].name, "series-a");
		assert_int_equal(found, odd[i].picture);
		plot_free(&pictures);
		folder_free(&results);
	}
}

static void test_placement(void **unused)
{
	struct pictures none = { 0 }, pictures;
	const struct picture *p;
	struct folder results;
	size_t bytes;
	char *page;
	int cpu, memory;

	need_gnuplot();
	for (cpu = 0; cpu < 3; cpu++)
		for (memory = 0; memory < 2; memory++)
			write_cell(cpu, memory, 1000 * (1 + cpu + 2 * memory), json_integer(1));
	/* One that could not be measured. */
	write_cell(2, 0, -1, json_integer(1));
	draw(&pictures, &results);
	assert_int_equal(results.sets, 1);
	assert_int_equal(results.points, 6);
	assert_true(placement_is(&results, 0));
	/* No other picture, which would show one cell as if it were all. */
	assert_int_equal(pictures.n, 1);
	p = find_picture(&pictures, "placement");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">1 (device)<"));
	assert_non_null(strstr(p->svg, ">\u2013<"));
	assert_non_null(strstr(p->svg, ">4.0"));
	assert_non_null(strstr(p->svg, ">The device is at node 1.<"));
	assert_non_null(strstr(p->shows, "unmap, CPU 1, memory 1: p50 4.0"));
	page = html_page(&results, &none, NULL, &bytes);
	assert_non_null(strstr(page, "<th class=\"n\">memory node</th>"));
	free(page);
	plot_free(&pictures);
	folder_free(&results);
}

static void test_odd_placement(void **unused)
{
	struct pictures pictures;
	struct folder results;
	int node;

	need_gnuplot();
	write_cell(0, 0, 0, json_null());
	draw(&pictures, &results);
	assert_non_null(strstr(find_picture(&pictures, "placement")->svg, "is not known.<"));
	plot_free(&pictures);
	folder_free(&results);
	for (node = 0; node < 40; node++)
		write_cell(node * 1000, node * 7, node % 2 ? 6e10 : 1, json_string("<b>"));
	draw(&pictures, &results);
	find_picture(&pictures, "placement");
	plot_free(&pictures);
	folder_free(&results);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_series, folder_setup, folder_teardown),
		cmocka_unit_test(test_counts),
		cmocka_unit_test_setup_teardown(test_odd_series, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_placement, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_odd_placement, folder_setup, folder_teardown),
	};

	/* Those of this tree, not of an installation: tests run in its top folder. */
	setenv("IOMMUBENCH_DATADIR", "scripts", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
