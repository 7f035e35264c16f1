// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that worked at the same time, in a picture and in the table of their counters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "counters/print.h"
#include "plot/pictures.h"
#include "points/folder.h"
#include "result/result.h"

#include <cmocka.h>

#include "folder.h"
#include "made.h"
#include "pictures.h"

static struct result *new_result(const char *device, const char *id, double rate, double alone)
{
	struct result *r = result_new("map-unmap");
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	json_t *set;

	assert_non_null(h);
	iommubench_hist_add(h, 1000);
	made_machine(r, "strict", device);
	result_set_params(r, json_pack("{s:s, s:i, s:i}", "api", "dma-single", "size_bytes", 4096,
				       "threads", 1));
	result_add_phase(r, "map", h, 1, 1);
	free(h);
	set = json_pack("{s:s, s:[s], s:f, s:{s:f}}", "id", id, "devices", device, "skew_ns",
			1000.0, "fairness", "ratio", 0.5);
	if (alone > 0)
		json_object_set_new(set, "alone_ops_per_s", json_real(alone));
	json_object_set_new(result_json(r), "group", set);
	result_set_throughput(r, (uint64_t)rate, 1);
	result_set_harness(r, 10, 1, NULL);
	result_set_complete(r, true, "time");
	return r;
}

static void write_result(const char *file, const char *device, const char *id, double rate,
			 double alone)
{
	made_written(new_result(device, id, rate, alone), file);
}

static void draw(struct pictures *pictures, struct folder *results)
{
	struct error e = { "" };

	assert_int_equal(folder_read(results, folder), 0);
	if (plot_all(pictures, results, &e))
		fail_msg("%s", e.text);
}

static unsigned int count_pictures(const struct pictures *pictures)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < pictures->n; i++)
		n += !strncmp(pictures->picture[i].name, "devices-", strlen("devices-"));
	return n;
}

static void test_picture(void **unused)
{
	struct pictures pictures;
	const struct picture *p;
	struct folder results;

	need_gnuplot();
	write_result("a.json", "dev-a", "1", 1000, 4000);
	write_result("b.json", "dev-b", "1", 3000, 4000);
	draw(&pictures, &results);
	p = find_picture(&pictures, "devices-map-unmap");
	assert_picture(p);
	assert_int_equal(count_pictures(&pictures), 1);
	assert_non_null(strstr(p->svg, ">25 %<"));
	assert_non_null(strstr(p->svg, ">75 %<"));
	assert_non_null(strstr(p->svg, ">dev-b<"));
	assert_non_null(strstr(p->svg, "2 devices at the same time"));
	assert_non_null(strstr(p->shows, "dev-a: 1.00 k of 4.00 k alone."));
	plot_free(&pictures);
	folder_free(&results);
}

static void test_not_alone(void **unused)
{
	struct pictures pictures;
	const struct picture *p;
	struct folder results;

	need_gnuplot();
	write_result("a.json", "dev-a", "1", 1000, 0);
	write_result("b.json", "dev-b", "1", 0, 0);
	draw(&pictures, &results);
	p = find_picture(&pictures, "devices-map-unmap");
	assert_picture(p);
	assert_null(strstr(p->svg, "diamond"));
	assert_null(strstr(p->svg, " %<"));
	plot_free(&pictures);
	folder_free(&results);
}

/* Four clusters in a picture, eight devices in a cluster. */
static void test_many(void **unused)
{
	struct pictures pictures;
	const struct picture *p;
	char file[32], device[32], id[32];
	struct folder results;
	unsigned int i;

	need_gnuplot();
	for (i = 0; i < 10; i++) {
		snprintf(file, sizeof(file), "a%u.json", i);
		snprintf(device, sizeof(device), "dev-%u", i);
		write_result(file, device, "1", 1000, 2000);
	}
	for (i = 0; i < 5; i++) {
		snprintf(file, sizeof(file), "b%u.json", i);
		snprintf(id, sizeof(id), "b%u", i);
		write_result(file, "dev-0", id, 1000, 0);
	}
	draw(&pictures, &results);
	assert_int_equal(count_pictures(&pictures), 2);
	p = find_picture(&pictures, "devices-map-unmap");
	assert_non_null(strstr(p->svg, ">2 more devices in the table only.<"));
	assert_non_null(strstr(p->svg, ">dev-7<"));
	assert_null(strstr(p->svg, ">dev-8<"));
	plot_free(&pictures);
	folder_free(&results);
}

static json_t *counter(const char *name, const char *scope, double value, double per_op)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:f}", "name", name, "source", "perf",
			 "scope", scope, "run", "measured", "phase", "run", "value", value, "unit",
			 "events", "per_op", per_op);
}

static void assert_row(const char *text, const char *name, const char *figures)
{
	char row[128];

	snprintf(row, sizeof(row), "\n%-46s %s\n", name, figures);
	assert_non_null(strstr(text, row));
}

static void test_counters(void **unused)
{
	json_t *a = json_array(), *b = json_array();
	const json_t *all[] = { a, b };
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	json_array_append_new(a, counter("cycles", "thread", 1000, 10));
	json_array_append_new(b, counter("cycles", "thread", 3000, 30));
	json_array_append_new(a, counter("flushes", "group", 500, 2.5));
	json_array_append_new(b, counter("flushes", "group", 500, 2.5));
	json_array_append_new(a, counter("idle", "group", 0, 0));
	json_array_append_new(b, counter("idle", "group", 0, 0));
	/* What only the first one has. */
	json_array_append_new(a, counter("once", "device", 7, 0.5));
	counters_print_group(all, 2, f);
	assert_int_equal(fclose(f), 0);
	assert_row(text, "cycles", "          10           30");
	assert_row(text, "flushes", "                                   2.5");
	assert_row(text, "once", "         0.5          0.5");
	assert_non_null(strstr(text, "\n1 more counter stayed at 0\n"));
	assert_null(strstr(text, "idle"));
	free(text);
	json_decref(a);
	json_decref(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_picture, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_not_alone, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_many, folder_setup, folder_teardown),
		cmocka_unit_test(test_counters),
	};

	/* Those of this tree, not of an installation: tests run in its top folder. */
	setenv("IOMMUBENCH_DATADIR", "scripts", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
