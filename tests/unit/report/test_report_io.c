// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report on io: domain types side by side, by queue depth and size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/kind.h"
#include "io/view/points.h"
#include "io/view/report.h"
#include "output/summary.h"
#include "page/page.h"
#include "plot/pictures.h"
#include "points/folder.h"
#include "result/read.h"
#include "result/result.h"

#include <cmocka.h>

#include "folder.h"
#include "made.h"
#include "pictures.h"

/* One result: everything that a test may want to be different. */
struct spec {
	const char *file;
	const char *type;
	const char *access;
	int size;
	int depth;
	/* Of a request; the threads' part of its CPU time is half of what is said. */
	double ns;
	double cpu_ns;
	bool polled;
	bool cut;
};

static void write_result(const struct spec *s)
{
	const char *access = s->access ? s->access : "read";
	double ns = s->ns > 0 ? s->ns : 100000;
	struct result *r = result_new("io");

	made_machine(r, s->type ? s->type : "strict", "0000:00:05.0");
	result_set_params(r, json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:b, s:b}",
				       "block_device", "nvme0n1", "access", access,
				       "pattern", "random", "write_percent", 0,
				       "size_bytes", s->size ? s->size : 4096,
				       "queue_depth", s->depth ? s->depth : 1, "threads", 1,
				       "polled", s->polled, "fixed_buffers", 0));
	made_phase(r, access, ns, 200);
	result_set_throughput(r, 1000, ns * 1000 / 1e9);
	result_set_harness(r, 10, 1, NULL);
	result_set_complete(r, !s->cut, s->cut ? "stopped" : "time");
	json_object_set_new(result_json(r), "io",
			    json_pack("{s:f, s:{s:f, s:f}, s:{s:s}}", "bytes_per_s", 4096e3,
				      "cpu", "busy_ns_per_op", s->cpu_ns, "thread_ns_per_op",
				      s->cpu_ns / 2, "disk", "name", "nvme0n1"));
	made_written(r, s->file);
}

#define WRITE(...)	write_result(&(struct spec){ __VA_ARGS__ })

/* All that the pictures need. */
static void write_set(void)
{
	static const char *const types[] = { "strict", "lazy", "identity" };
	static const int depths[] = { 1, 4, 8, 32 };
	char file[64];
	size_t i, k;

	for (i = 0; i < 3; i++)
		for (k = 0; k < 4; k++) {
			snprintf(file, sizeof(file), "%s-%d.json", types[i], depths[k]);
			WRITE(.file = file, .type = types[i], .depth = depths[k],
			      .ns = 100000 * depths[k], .cpu_ns = 30000 - 5000 * (double)i);
		}
}

static void test_points(void **unused)
{
	const struct point **first;
	struct folder results;
	size_t n;

	write_set();
	WRITE(.file = "large.json", .size = 65536);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 1);
	assert_int_equal(results.points, 13);
	first = points_first(&results, 0, io_settings, io_measured, io_shallower, &n);
	assert_int_equal(n, 2);
	assert_true(io_of(first[0])->depth == 1);
	assert_string_equal(io_find(&results, first[0], "lazy", 32)->entry->file, "lazy-32.json");
	assert_null(io_find(&results, first[1], "lazy", 32));
	free(first);
	folder_free(&results);
	/* What is polled for cannot be compared with what is not. */
	WRITE(.file = "polled.json", .polled = true);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 2);
	folder_free(&results);
}

static void test_page(void **unused)
{
	struct pictures none = { 0 };
	struct folder results;
	size_t bytes;
	char *page;

	write_set();
	WRITE(.file = "bad.json", .type = "<b>", .cut = true);
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &none, NULL, &bytes);
	assert_non_null(strstr(page, "<h2 id=\"io\">"));
	/* 30 us over 20 us of identity, at each depth. */
	assert_int_equal(occurrences(page, "<td class=\"n ratio\">1.50</td>"), 4);
	assert_int_equal(occurrences(page, "<td class=\"n ratio\">1.25</td>"), 4);
	assert_null(strstr(page, "<b>"));
	assert_int_equal(occurrences(page, "<tr>"), occurrences(page, "</tr>"));
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

	write_set();
	assert_int_equal(folder_read(&results, folder), 0);
	f = open_memstream(&text, &bytes);
	assert_non_null(f);
	report_io_tables(&results, &io_kind, (struct terminal_style){ 0 }, f);
	fclose(f);
	assert_int_equal(occurrences(text, "\nidentity "), 4);
	assert_int_equal(occurrences(text, "30.0 us"), 4);
	free(text);
	report_io_json(&results, &io_kind, list);
	assert_int_equal(json_array_size(list), 1);
	points = json_object_get(json_array_get(list, 0), "points");
	assert_int_equal(json_array_size(points), 12);
	assert_string_equal(result_text(json_array_get(points, 0), "domain_type"), "strict");
	assert_true(result_number(json_array_get(points, 0), "cpu_over_identity") == 1.5);
	assert_true(json_is_null(result_get(json_array_get(points, 2), "cpu_over_identity")));
	json_decref(list);
	folder_free(&results);
}

static void test_pictures(void **unused)
{
	struct pictures pictures;
	const struct picture *p;
	struct error e = { "" };
	struct folder results;

	need_gnuplot();
	write_set();
	WRITE(.file = "large.json", .size = 65536);
	assert_int_equal(folder_read(&results, folder), 0);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	assert_int_equal(pictures.n, 3);
	p = find_picture(&pictures, "io-depth");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">CPU time of one request<"));
	assert_non_null(strstr(p->svg, ">64 KiB<"));
	assert_non_null(strstr(p->svg, ">identity<"));
	p = find_picture(&pictures, "io-latency");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">queue depth 32<"));
	assert_non_null(strstr(p->svg, "Of 4 queue depths"));
	assert_picture(find_picture(&pictures, "io-latency-part2"));
	plot_free(&pictures);
	folder_free(&results);
}

/* What could trip axes and labels. */
static void test_odd_pictures(void **unused)
{
	static const struct spec odd[] = {
		{ .ns = 0.5 },
		{ .ns = 60e9, .depth = 4096 },
		{ .type = "it's `6`\\n$x %d %s\"" },
		{ .access = "'%s`", .cpu_ns = 1 / 1e300 },
		{ .depth = 1, .size = 1 },
		{ .type = "other", .access = "write", .cpu_ns = 1e18 },
	};
	struct pictures pictures;
	struct folder results;
	unsigned int k;
	size_t i;

	need_gnuplot();
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		for (k = 0; k < 3; k++) {
			struct spec s = odd[i];
			char file[64];

			snprintf(file, sizeof(file), "%02u.json", k);
			s.file = file;
			s.size = s.size ? s.size : 512 << k;
			write_result(&s);
		}
		draw_case(&results, &pictures, i);
		plot_free(&pictures);
		folder_free(&results);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_points, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_page, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_tables, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_pictures, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_odd_pictures, folder_setup, folder_teardown),
	};

	/* Those of this tree, not of an installation: tests run in its top folder. */
	setenv("IOMMUBENCH_DATADIR", "scripts", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
