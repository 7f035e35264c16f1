// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is a repeat and what is another experiment, and that a point has the same figures wherever
 * it is told.
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
#include "base/xalloc.h"
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
#include "real.h"

/* Its latencies again, with a clock and a batch of its own. */
static void put_phase(json_t *result, double ns, double ns_per_tick, unsigned int batch,
		      unsigned int samples)
{
	struct result *r = result_new("map-unmap");
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	unsigned int i;

	assert_non_null(h);
	for (i = 0; i < samples; i++)
		iommubench_hist_add(h, (uint64_t)llround(ns / ns_per_tick * batch));
	result_add_phase(r, "map", h, ns_per_tick, batch);
	result_add_phase(r, "unmap", h, ns_per_tick, batch);
	json_object_set(result, "phases", json_object_get(result_json(r), "phases"));
	result_free(r);
	free(h);
}

static void test_clocks(void **unused)
{
	static const struct {
		double tick;
		unsigned int batch;
	} other[] = {
		{ 16.0000016, 1 }, { 15.9999968, 1 }, { 16, 8 }, { 10, 1 }, { 52.083, 4 },
	};
	const struct point_phase *unmap;
	struct folder results;
	size_t i;

	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		json_t *a = real(MAPS), *b = real(MAPS);

		put_phase(a, 4800, 16, 1, 100);
		put_phase(b, 9600, other[i].tick, other[i].batch, 300);
		save(a, "a.json");
		save(b, "b.json");
		assert_int_equal(folder_read(&results, folder), 0);
		assert_int_equal(results.points, 1);
		assert_int_equal(results.point[0].repeats, 2);
		unmap = point_phase(&results.point[0], "unmap");
		assert_non_null(unmap);
		assert_int_equal(unmap->stats.count, 400);
		/* Within a tick of the coarser clock. */
		if (fabs(unmap->stats.min - 4800) > 60 || fabs(unmap->stats.max - 9600) > 60 ||
		    fabs(unmap->stats.mean - 8400) > 60 || fabs(unmap->stats.p50 - 9600) > 100)
			fail_msg("clock %zu: %g, %g, %g, %g", i, unmap->stats.min,
				 unmap->stats.mean, unmap->stats.p50, unmap->stats.max);
		folder_free(&results);
	}
}

/* Each is another experiment than the result itself. */
static void test_apart(void **unused)
{
	static const struct {
		const char *of;
		const char *path;
		const char *value;
		const char *told;
	} cases[] = {
		{ MAPS, "params.placement", "\"far\"", "placement far" },
		{ MAPS, "params.cpus", "[5]", "first CPU 5" },
		{ FLUSHES, "params.cpus", "[0, 5]", "cpus 0, 5" },
		{ MAPS, "params.background", "\"io:nvme0n1\"", "background io:nvme0n1" },
		{ FLUSHES, "params.background", "\"io:nvme0n1\"", "background io:nvme0n1" },
		{ MAPS, "group", "{\"devices\": [\"b\", \"0000:00:01.0\"]}",
		  "measured together: 0000:00:01.0 and b" },
		{ MAPS, "params.memory_policy", "{\"policy\": \"node\", \"nodes\": [1]}",
		  "memory policy node 1" },
		{ MAPS, "params.piece_bytes", "8192", "piece 8 KiB" },
		{ MAPS, "params.sync", "\"no\"", "cache maintenance no sync" },
		{ MAPS, "params.hold_ns", "1000", "hold 1" },
		{ MAPS, "params.rate_per_s", "100400.0", "rate 100400/s" },
		{ MAPS, "params.verify", "true", "verify yes" },
		{ MAPS, "params.warmup_ns", "1000000", "warmup 1" },
		{ MAPS, "params.transport", "\"ioctl\"", "transport ioctl" },
		{ MAPS, "params.engine", "\"none\"", "engine none" },
		{ MAPS, "params.a_new_one", "7", "a new one 7" },
		{ FLUSHES, "params.check_stale", "true", "check stale yes" },
		{ MAPS, "machine.command_line", "\"mitigations=off\"", "mitigations=off" },
		{ MAPS, "machine.kernel_version", "\"#2\"", "kernel build #2" },
		{ MAPS, "machine.cpu.count", "4", "CPUs 4" },
		{ MAPS, "machine.device.engine", "\"dmatest\"", "engine dmatest" },
		{ MAPS, "tool.version", "\"9.9\"", "iommubench 9.9" },
	};
	struct folder results;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *other = real(cases[i].of);
		bool told;

		put(other, cases[i].path, cases[i].value);
		save(other, "b.json");
		save(real(cases[i].of), "a.json");
		/* A repeat of the first one, which stays one. */
		save(real(cases[i].of), "c.json");
		assert_int_equal(folder_read(&results, folder), 0);
		if (results.points != 2 || results.sets != 2 ||
		    results.point[0].repeats + results.point[1].repeats != 3)
			fail_msg("%s: %zu points", cases[i].path, results.points);
		told = strstr(results.point[0].entry->variant, cases[i].told) ||
		       strstr(results.point[1].entry->variant, cases[i].told);
		if (!told)
			fail_msg("%s: '%s' and '%s'", cases[i].path,
				 results.point[0].entry->variant,
				 results.point[1].entry->variant);
		folder_free(&results);
	}
}

/* Three digits of a value are not enough to tell whether it is the same. */
static void test_close(void **unused)
{
	json_t *a = real(MAPS), *b = real(MAPS);
	struct folder results;

	put(a, "params.hold_ns", "1000000");
	put(b, "params.hold_ns", "1000400");
	save(a, "a.json");
	save(b, "b.json");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.points, 2);
	assert_string_equal(results.point[0].entry->variant, "hold 1.00 ms");
	assert_string_equal(results.point[1].entry->variant, "hold 1000400 ns");
	folder_free(&results);
}

/* What makes no other experiment, and numbers that are only written otherwise. */
static void test_same(void **unused)
{
	static const char *const same[][2] = {
		{ "params.seed", "99" }, { "params.duration_ns", "5000000000" },
		{ "params.count", "7" }, { "params.repeat", "3" },
		{ "params.interval_ns", "100000000" }, { "params.domain_type", "\"strict\"" },
		{ "params.rate_per_s", "0" }, { "params.size_bytes", "4096.0" },
		{ "machine.memory_bytes", "1015000000" }, { "machine.soc", NULL },
		{ "time", "\"2026-11-22T10:16:12Z\"" },
		{ "machine.clock.frequency_hz", "62500001" },
	};
	json_t *all = real(MAPS);
	struct folder results;
	size_t i;

	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		json_t *other = real(MAPS);

		put(other, same[i][0], same[i][1]);
		put(all, same[i][0], same[i][1]);
		save(real(MAPS), "a.json");
		save(other, "b.json");
		assert_int_equal(folder_read(&results, folder), 0);
		if (results.points != 1 || results.point[0].repeats != 2)
			fail_msg("%s: %zu points", same[i][0], results.points);
		folder_free(&results);
	}
	/* The tool chose a larger batch, and with it a window. */
	put(all, "params.batch", "8");
	put(all, "params.window", "8");
	save(all, "b.json");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.points, 1);
	folder_free(&results);
}

/* What differs with threads anyway keeps no sweep over them apart. */
static void test_sweep_of_threads(void **unused)
{
	static const char *const cpus[] = { "[0]", "[0, 1]", "[0, 1, 2, 3]", "[4]", "[4, 5]" };
	static const char *const threads[] = { "1", "2", "4", "1", "2" };
	struct folder results;
	char file[32];
	size_t i, n;

	for (n = 3; n <= 5; n += 2) {
		for (i = 0; i < n; i++) {
			json_t *j = real(MAPS);

			put(j, "params.cpus", cpus[i]);
			put(j, "params.threads", threads[i]);
			snprintf(file, sizeof(file), "%zu.json", i);
			save(j, file);
		}
		assert_int_equal(folder_read(&results, folder), 0);
		assert_int_equal(results.points, n);
		assert_int_equal(results.sets, n == 3 ? 1 : 2);
		folder_free(&results);
	}
}

static void test_cut(void **unused)
{
	json_t *cut = real(MAPS);
	struct folder results;
	unsigned int lines;
	const char *said;

	put(cut, "complete", "false");
	put(cut, "end", "{\"reason\": \"stopped\"}");
	put(cut, "throughput.ops_per_s", "1.0");
	save(json_deep_copy(cut), "a.json");
	save(real(MAPS), "b.json");
	save(real(MAPS), "c.json");
	capture_begin();
	assert_int_equal(folder_read(&results, folder), 0);
	said = capture_end(&lines);
	assert_int_equal(lines, 1);
	assert_non_null(strstr(said, "a.json was cut short: it is not taken together with b.json"));
	assert_int_equal(results.points, 1);
	assert_int_equal(results.point[0].repeats, 2);
	assert_int_equal(results.point[0].cut, 1);
	assert_true(results.point[0].complete);
	assert_true(results.point[0].ops_per_s > 90000);
	assert_string_equal(results.point[0].entry->file, "b.json");
	folder_free(&results);
	/* Where there is nothing else, it is what there is, and is marked. */
	save(json_deep_copy(cut), "b.json");
	save(cut, "c.json");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.point[0].repeats, 3);
	assert_false(results.point[0].complete);
	folder_free(&results);
}

/* A run of one round says next to nothing beside one of a second. */
static void test_weights(void **unused)
{
	json_t *a = real(MAPS), *b = real(MAPS);
	struct folder results;
	const struct point *p;

	put(a, "throughput", "{\"ops\": 100000, \"seconds\": 1.0, \"ops_per_s\": 100000.0}");
	put(b, "throughput", "{\"ops\": 1, \"seconds\": 0.001, \"ops_per_s\": 1000.0}");
	save(a, "a.json");
	save(b, "b.json");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.points, 1);
	p = &results.point[0];
	assert_true(fabs(p->ops_per_s - 100001 / 1.001) < 1);
	assert_true(result_number(p->json, "throughput.ops") == 100001);
	assert_true(fabs(result_number(p->json, "throughput.ops_per_s") - p->ops_per_s) < 0.001);
	assert_true(p->least == 1000 && p->most == 100000);
	folder_free(&results);
}

/* A result of io, as far as a report needs it. */
static json_t *made_io(void)
{
	json_t *j = real(MAPS), *phases = json_object_get(j, "phases");

	put(j, "tool.subcommand", "\"io\"");
	put(j, "params", "{\"access\": \"read\", \"pattern\": \"random\", \"write_percent\": 0, \"size_bytes\": 4096, \"threads\": 1, \"queue_depth\": 8}");
	put(j, "io", "{\"bytes\": 4096, \"bytes_per_s\": 1e6, \"cpu_ns_per_op\": 1000, \"cpu\": {\"busy_ns_per_op\": 1000, \"thread_ns_per_op\": 500, \"cpus\": 1}, \"disk\": {\"name\": \"nvme0n1\", \"model\": \"A\"}}");
	json_array_remove(phases, 1);
	put(json_array_get(phases, 0), "name", "\"read\"");
	return j;
}

static void must_tell(const char *text, const char *words, const char *where)
{
	if (!strstr(text, words))
		fail_msg("'%s' is not in the %s:\n%s", words, where, text);
}

static void must_not_tell(const char *text, const char *words, const char *where)
{
	if (strstr(text, words))
		fail_msg("'%s' is in the %s:\n%s", words, where, text);
}

/*
 * The same figures of a point, and how many runs it is of, wherever it is told: none of them is
 * that of the first run, or a mean that takes a run of one round for as much as one of a second.
 */
static void test_told_alike(void **unused)
{
	static const struct pictures none;
	struct folder results;
	char *page, *terminal, *json;
	unsigned int kind;
	size_t bytes;

	for (kind = 0; kind < 3; kind++) {
		json_t *a = kind == 0 ? real(MAPS) : kind == 1 ? real(FLUSHES) : made_io();
		json_t *b = kind == 0 ? real(MAPS) : kind == 1 ? real(FLUSHES) : made_io();

		put(a, "throughput", "{\"ops\": 1, \"seconds\": 0.001, \"ops_per_s\": 1000.0}");
		put(b, "throughput", "{\"ops\": 777000, \"seconds\": 1.0, \"ops_per_s\": 777000.0}");
		if (kind == 1) {
			put(a, "params.threads", "2");
			put(a, "commands.commands_per_round", "100.0");
			put(a, "commands.rounds", "1");
			put(b, "commands.commands_per_round", "7.0");
			put(b, "commands.rounds", "1000");
		}
		if (kind == 2) {
			put(a, "io.cpu.busy_ns_per_op", "90000.0");
			put(b, "io.cpu.busy_ns_per_op", "4000.0");
		}
		save(a, "a.json");
		save(b, "b.json");
		assert_int_equal(folder_read(&results, folder), 0);
		assert_int_equal(results.points, 1);
		page = html_page(&results, &none, "none", &bytes);
		terminal = terminal_of_folder(&results);
		json = json_of_folder(&results);
		/* 777001 in 1.001 seconds. */
		must_tell(page, "<td class=\"n first\">776 k</td>", "page");
		must_tell(terminal, kind == 1 ? "2 runs" : "776 k", "terminal");
		must_tell(json, "\"ops_per_s\": 776224.77", "JSON");
		must_not_tell(terminal, "389 k", "terminal");
		must_tell(page, "2 runs, 100 % apart", "page");
		must_tell(terminal, "2 runs, 100 % apart", "terminal");
		must_tell(json, "\"runs\": 2", "JSON");
		must_tell(json, "\"ops_per_s_min\": 1000.0, \"ops_per_s_max\": 777000.0", "JSON");
		if (kind == 1) {
			must_tell(page, "<td class=\"n first\">7.093</td>", "page");
			must_tell(terminal, " 7.093 ", "terminal");
		}
		if (kind == 2) {
			must_tell(page, "4.00 ", "page");
			must_tell(terminal, " 4.00 us", "terminal");
			must_tell(json, "\"cpu_ns_per_op\": 4000.11", "JSON");
		}
		free(json);
		free(terminal);
		free(page);
		folder_free(&results);
	}
}

/* A result of several runs by itself tells them as well, and counts as so many. */
static void test_runs_within(void **unused)
{
	static const int rates[] = { 90000, 99000, 95000 }, medians[] = { 2000, 2500, 2100 };
	static const char run[] = "{\"ops_per_s\": %d, \"unmap\": {\"p50\": %d}}";
	struct pictures none = { 0 };
	struct folder results;
	json_t *a = real(MAPS);
	size_t bytes, i;
	char *text;

	put(a, "repeats", "[]");
	for (i = 0; i < 3; i++) {
		text = xasprintf(run, rates[i], medians[i]);
		json_array_append_new(json_object_get(a, "repeats"), json_loads(text, 0, NULL));
		free(text);
	}
	put(a, "spread", "{\"runs\": 3, \"ops_per_s_min\": 90000, \"ops_per_s_max\": 99000, \"ops_per_s_relative\": 0.095}");
	save(a, "a.json");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.point[0].runs, 3);
	assert_true(results.point[0].least == 90000 && results.point[0].most == 99000);
	assert_true(point_phase(&results.point[0], "unmap")->p50_least == 2000);
	assert_true(point_phase(&results.point[0], "unmap")->p50_most == 2500);
	text = folder_set_runs(&results, 0);
	assert_string_equal(text, "Points are of 3 runs each, up to 9.0 % apart in throughput.");
	free(text);
	text = html_page(&results, &none, "none", &bytes);
	must_tell(text, "3 runs, 9.5 % apart", "page");
	must_tell(text, "2.00 \u00b5s to 2.50 \u00b5s", "page");
	free(text);
	folder_free(&results);
	save(real(MAPS), "b.json");
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(results.point[0].repeats, 2);
	assert_int_equal(results.point[0].runs, 4);
	folder_free(&results);
}

/* Pictures say so below. */
static void test_pictures(void **unused)
{
	struct pictures pictures;
	struct folder results;
	size_t i, told = 0;

	need_gnuplot();
	save(real(MAPS), "a.json");
	save(real(MAPS), "b.json");
	draw_case(&results, &pictures, 0);
	for (i = 0; i < pictures.n; i++)
		told += !!strstr(pictures.picture[i].svg, "Points are of 2 runs each");
	assert_true(told && told == pictures.n);
	plot_free(&pictures);
	folder_free(&results);
}

/* What the samples do not tell is not drawn, and a note says why. */
static void test_few_samples(void **unused)
{
	struct pictures pictures;
	const struct picture *p;
	struct folder results;
	unsigned int n;
	json_t *j;

	need_gnuplot();
	for (n = 64; n <= 640; n *= 10) {
		j = made_io();
		put_phase(j, 4800, 16, 1, n);
		json_array_remove(json_object_get(j, "phases"), 1);
		put(json_array_get(json_object_get(j, "phases"), 0), "name", "\"read\"");
		save(j, "a.json");
		draw_case(&results, &pictures, n);
		p = find_picture(&pictures, "io-depth");
		assert_int_equal(n < 100, !!strstr(p->svg, ">p99 is left out where there are"));
		assert_int_equal(n < 100, !!strstr(p->shows, "p99 -"));
		plot_free(&pictures);
		folder_free(&results);
	}
}

/* Twice the results make twice the page, not more. */
static void test_many(void **unused)
{
	struct pictures none = { 0 };
	size_t bytes[2], i, n;
	struct folder results;
	char file[32], *page;

	for (n = 0; n < 2; n++) {
		for (i = n * 150; i < (n + 1) * 150; i++) {
			json_t *j = real(FLUSHES);

			json_object_set_new(json_object_get(j, "params"), "mappings",
					    json_integer((json_int_t)i + 1));
			json_object_set_new(json_object_get(j, "params"), "range_bytes",
					    json_integer(4096 * ((json_int_t)i + 1)));
			snprintf(file, sizeof(file), "%03zu.json", i);
			save(j, file);
		}
		assert_int_equal(folder_read(&results, folder), 0);
		assert_int_equal(results.points, (n + 1) * 150);
		page = html_page(&results, &none, "none", &bytes[n]);
		free(page);
		folder_free(&results);
	}
	assert_true(bytes[1] < 2 * bytes[0]);
	assert_true(bytes[1] < 2 << 20);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_clocks, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_apart, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_close, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_same, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_sweep_of_threads, folder_setup,
						folder_teardown),
		cmocka_unit_test_setup_teardown(test_cut, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_weights, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_told_alike, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_runs_within, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_pictures, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_few_samples, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_many, folder_setup, folder_teardown),
	};

	/* Those of this tree, not of an installation: tests run in its top folder. */
	setenv("IOMMUBENCH_DATADIR", "scripts", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
