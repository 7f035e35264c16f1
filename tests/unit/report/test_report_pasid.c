// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report on pasid: ways to bind side by side, by live PASIDs, and what PASIDs survive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/summary.h"
#include "page/page.h"
#include "pasid/kind.h"
#include "pasid/view/points.h"
#include "pasid/view/report.h"
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
	const char *kind;
	const char *bind;
	int threads;
	double live;
	/* Of a bind; half of it for an unbind. */
	double ns;
	/* -1 for none. */
	double first_use_ns;
	/* Not measured for this reason. */
	const char *no_exposure;
	unsigned int samples;
	/* Cases of --lifecycle instead. */
	const char *verdict;
	bool cut;
};

static void add_churn(struct result *r, const struct spec *s)
{
	unsigned int samples = s->samples ? s->samples : 200;
	double ns = s->ns > 0 ? s->ns : 5000;

	result_set_params(r, json_pack("{s:s, s:s, s:s, s:i, s:i, s:f, s:i}",
				       "kind", s->kind ? s->kind : "sva",
				       "bind", s->bind ? s->bind : "fresh", "use", "read",
				       "processes", 1, "threads", s->threads ? s->threads : 1,
				       "live", s->live, "reuse_distance", 0));
	made_phase(r, "bind", ns, samples);
	if (s->first_use_ns >= 0)
		made_phase(r, "first_use", s->first_use_ns, samples);
	made_phase(r, "unbind", ns / 2, samples);
	if (s->no_exposure) {
		json_object_set_new(result_json(r), "exposure",
				    json_pack("{s:b, s:s}", "measured", 0, "reason",
					      s->no_exposure));
		return;
	}
	made_phase(r, "exposure", 0, samples);
	json_object_set_new(result_json(r), "exposure",
			    json_pack("{s:b, s:i, s:i}", "measured", 1, "unbinds", samples,
				      "exposed_unbinds", 0));
}

static void write_result(const struct spec *s)
{
	struct result *r = result_new("pasid");

	made_machine(r, NULL, "b000000.dma");
	if (s->verdict) {
		result_set_params(r, json_pack("{s:i}", "max_pasids", 64));
		json_object_set_new(result_json(r), "lifecycle",
				    json_pack("[{s:s, s:s, s:s, s:s, s:f}]", "name", "exit",
					      "what", "it <exits>", "verdict", s->verdict,
					      "text", "PASID 1 came back", "seconds", 0.1));
	} else {
		add_churn(r, s);
	}
	result_set_throughput(r, 1000, 1);
	result_set_harness(r, 10, 1, NULL);
	result_set_complete(r, !s->cut, s->cut ? "stopped" : "count");
	made_written(r, s->file);
}

#define WRITE(...)	write_result(&(struct spec){ __VA_ARGS__ })

/* All that the pictures need. */
static void write_set(void)
{
	static const double live[] = { 0, 1, 100, 10000 };
	char file[64];
	size_t i;

	for (i = 0; i < 4; i++) {
		snprintf(file, sizeof(file), "sva-%.0f.json", live[i]);
		WRITE(.file = file, .live = live[i], .first_use_ns = 800);
		snprintf(file, sizeof(file), "domain-%.0f.json", live[i]);
		WRITE(.file = file, .kind = "domain", .live = live[i], .ns = 3000 + live[i]);
	}
	WRITE(.file = "shared.json", .bind = "shared", .ns = 100, .first_use_ns = -1,
	      .no_exposure = "bound more than once");
	WRITE(.file = "life.json", .verdict = "passed");
}

static void test_points(void **unused)
{
	const struct point **first;
	struct folder results;
	char *name;
	size_t n;

	write_set();
	WRITE(.file = "threads.json", .threads = 4);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.sets, 1);
	assert_int_equal(results.points, 11);
	first = points_first(&results, 0, pasid_settings, pasid_measured, pasid_fewer, &n);
	assert_int_equal(n, 4);
	name = point_name(&results, first[0], pasid_settings);
	assert_string_equal(name, "sva, fresh, threads: 1");
	free(name);
	name = point_name(&results, first[2], pasid_settings);
	assert_string_equal(name, "sva, shared");
	free(name);
	free(first);
	folder_free(&results);
}

static void test_page(void **unused)
{
	struct pictures none = { 0 };
	struct folder results;
	size_t bytes;
	char *page;

	write_set();
	WRITE(.file = "bad.json", .kind = "<b>", .cut = true, .no_exposure = "<u>");
	WRITE(.file = "died.json", .verdict = "failed");
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &none, NULL, &bytes);
	assert_non_null(strstr(page, "<h2 id=\"pasid\">"));
	assert_int_equal(occurrences(page, "class=\"first\">not measured</td>"), 2);
	assert_non_null(strstr(page, "Exposure not measured: bound more than once"));
	assert_non_null(strstr(page, "Exposure not measured: &lt;u&gt;"));
	assert_non_null(strstr(page, ">0 of 200</td>"));
	assert_int_equal(occurrences(page, "<h4>What PASIDs survive</h4>"), 2);
	assert_non_null(strstr(page, "<td class=\"bad\">failed</td>"));
	assert_non_null(strstr(page, "it &lt;exits&gt;"));
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
	report_pasid_tables(&results, &pasid_kind, (struct terminal_style){ 0 }, f);
	fclose(f);
	assert_int_equal(occurrences(text, "\nsva, fresh "), 4);
	assert_int_equal(occurrences(text, "\ndomain, fresh "), 4);
	assert_non_null(strstr(text, "passed   exit"));
	free(text);
	report_pasid_json(&results, &pasid_kind, list);
	assert_int_equal(json_array_size(list), 1);
	points = json_object_get(json_array_get(list, 0), "points");
	assert_int_equal(json_array_size(points), 10);
	assert_string_equal(result_text(json_array_get(points, 1), "kind"), "sva");
	assert_true(result_number(json_array_get(points, 1), "live") == 1);
	assert_true(result_number(json_array_get(points, 1), "bind.p50_ns") > 4900);
	assert_true(json_is_false(result_get(json_array_get(points, 4), "exposure_measured")));
	assert_null(result_get(json_array_get(points, 4), "first_use"));
	assert_int_equal(json_array_size(result_get(json_array_get(points, 9), "lifecycle")), 1);
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
	assert_int_equal(folder_read(&results, folder), 0);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	assert_int_equal(pictures.n, 2);
	p = find_picture(&pictures, "pasid-latency");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">sva, shared<"));
	assert_non_null(strstr(p->svg, ">p99.9<"));
	p = find_picture(&pictures, "pasid-live");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">first use<"));
	assert_non_null(strstr(p->svg, ">10 k<"));
	/* Without other PASIDs, and of no time: in the bands. */
	assert_true(occurrences(p->svg, ">0<") >= 2);
	/* One number of live PASIDs is no line. */
	assert_null(strstr(p->svg, ">sva, shared<"));
	plot_free(&pictures);
	folder_free(&results);
}

/* Nothing but cases, and what could trip axes and labels. */
static void test_odd_pictures(void **unused)
{
	static const struct spec odd[] = {
		{ .ns = 0.5, .samples = 1 },
		{ .ns = 60e9, .live = 1e6 },
		{ .kind = "it's `6`\\n$x %d %s\"", .bind = "'%s`", .no_exposure = "'" },
		{ .kind = "", .bind = "", .threads = 1024, .live = (1 << 20) - 11 },
		{ .ns = 1, .live = 1e6, .first_use_ns = 60e9, .no_exposure = "" },
	};
	struct pictures pictures;
	struct error e = { "" };
	struct folder results;
	unsigned int k;
	size_t i;

	need_gnuplot();
	WRITE(.file = "00.json", .verdict = "skipped");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(plot_all(&pictures, &results, &e), 0);
	assert_int_equal(pictures.n, 0);
	plot_free(&pictures);
	folder_free(&results);
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		for (k = 0; k < 12; k++) {
			struct spec s = odd[i];
			char file[64];

			snprintf(file, sizeof(file), "%02u.json", k);
			s.file = file;
			s.live += k;
			s.threads = s.threads ? s.threads : 1 + (int)(k % 4);
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
