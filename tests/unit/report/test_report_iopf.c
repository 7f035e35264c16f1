// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report on iopf: kinds of faults side by side, stages that a kernel does not show are
 * named and never 0, and odd results trip nothing.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iopf/kind.h"
#include "iopf/view/points.h"
#include "iopf/view/report.h"
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

static const char *const sva_stages[] = {
	"event", "handler", "mm", "fault", "response", "restart", NULL,
};

static const char *const iommufd_stages[] = {
	"event", "handler", "read", "map", "response", "restart", NULL,
};

/* One result: everything that a test may want to be different. */
struct spec {
	const char *file;
	const char *fault;
	const char *mode;
	int prefault;
	int outstanding;
	int threads;
	double rate;
	uint64_t stride;
	/* Of an access; -1 for none. */
	double ns;
	/* Of the CPU. */
	double cpu_ns;
	double kernel_ns;
	/* These are not shown, for this reason: bits of the stages. */
	unsigned int hidden;
	const char *reason;
	unsigned int samples;
	bool refused;
	bool no_stages;
	bool cut;
};

static void add_stages(struct result *r, json_t *iopf, const struct spec *s, double ns,
		       unsigned int samples)
{
	const char *const *stages = !strcmp(s->mode ? s->mode : "stall", "iommufd") ?
				    iommufd_stages : sva_stages;
	json_t *all = json_object();
	unsigned int i;
	char name[64];

	for (i = 0; stages[i] && !s->no_stages; i++) {
		bool hidden = s->hidden & 1U << i;

		json_object_set_new(all, stages[i], hidden ?
				    json_pack("{s:b, s:s}", "shown", 0, "reason",
					      s->reason ? s->reason : "no CONFIG_KPROBES") :
				    json_pack("{s:b}", "shown", 1));
		snprintf(name, sizeof(name), "stage_%s", stages[i]);
		if (!hidden && ns >= 0)
			made_phase(r, name, ns / 6, samples);
	}
	json_object_set_new(iopf, "stages", all);
	if (ns >= 0)
		made_phase(r, "answer", ns * 4 / 6, samples);
}

static void write_result(const struct spec *s)
{
	unsigned int samples = s->samples ? s->samples : 200;
	double ns = s->ns != 0 ? s->ns : 6000;
	int threads = s->threads ? s->threads : 1;
	struct result *r = result_new("iopf");
	json_t *iopf;

	made_machine(r, NULL, "b000000.dma");
	result_set_params(r, json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:I, s:i, s:i, s:i, s:i, s:i, s:f}",
				       "api", "sva", "fault", s->fault ? s->fault : "anon",
				       "access", "write", "memory", "mmap",
				       "mode", s->mode ? s->mode : "stall", "size_bytes", 4096,
				       "stride_bytes", (json_int_t)(s->stride ? s->stride : 4096),
				       "outstanding", s->outstanding ? s->outstanding : 1,
				       "address_spaces", 1, "group", 1,
				       "prefault_percent", s->prefault, "threads", threads,
				       "rate_per_s", s->rate));
	if (ns >= 0)
		made_phase(r, s->refused ? "refused" : "fault", ns, samples);
	if (s->rate > 0 && ns >= 0)
		made_phase(r, "fault_service", ns / 2, samples);
	iopf = json_pack("{s:b, s:i, s:i, s:i, s:f, s:{s:i, s:i}}", "answered", 1, "faults", 1,
			 "refused", s->refused, "faulted_again", 0, "faults_per_s", 1000.0,
			 "queue_overflows", "event", 0, "page_request", 2);
	add_stages(r, iopf, s, ns, samples);
	if (s->cpu_ns > 0)
		made_phase(r, "cpu_fault", s->cpu_ns, samples);
	if (s->kernel_ns > 0)
		made_phase(r, "kernel_fault", s->kernel_ns, samples);
	json_object_set_new(iopf, "cpu", s->cpu_ns > 0 ? json_pack("{s:b}", "measured", 1) :
			    json_pack("{s:b, s:s}", "measured", 0, "reason",
				      s->refused ? "it gets a signal" : "not asked for"));
	json_object_set_new(result_json(r), "iopf", iopf);
	result_set_throughput(r, 1000 * threads, 1);
	result_set_harness(r, 10, 1, NULL);
	result_set_complete(r, !s->cut, s->cut ? "stopped" : "count");
	made_written(r, s->file);
}

#define WRITE(...)	write_result(&(struct spec){ __VA_ARGS__ })

/* All that the pictures need. */
static void write_set(void)
{
	static const int loads[] = { 2, 4, 8 };
	char file[64];
	size_t i;

	WRITE(.file = "zero.json", .fault = "zero", .ns = 3000, .cpu_ns = 300);
	WRITE(.file = "anon.json", .cpu_ns = 600);
	WRITE(.file = "huge.json", .fault = "huge", .stride = 2 << 20, .ns = 9e6, .cpu_ns = 1e6);
	WRITE(.file = "unmapped.json", .fault = "unmapped", .refused = true);
	for (i = 0; i < 3; i++) {
		snprintf(file, sizeof(file), "o%d.json", loads[i]);
		WRITE(.file = file, .outstanding = loads[i], .ns = 6000 * loads[i]);
		snprintf(file, sizeof(file), "rate%d.json", loads[i]);
		WRITE(.file = file, .rate = 1000 * loads[i], .ns = 1e4 * loads[i]);
	}
}

static void test_points(void **unused)
{
	const struct point **first;
	struct folder results;
	char *name;
	size_t n;

	write_set();
	WRITE(.file = "half.json", .prefault = 50, .cpu_ns = 600);
	assert_int_equal(folder_read(&results, folder), 0);
	/* Neither rates nor strides are a reason for a set of pictures of their own. */
	assert_int_equal(results.sets, 1);
	assert_int_equal(results.points, 11);
	assert_string_equal(results.point[0].entry->file, "zero.json");
	assert_string_equal(results.point[1].entry->file, "anon.json");
	first = points_first(&results, 0, iopf_settings, iopf_has_stages, iopf_lower_load, &n);
	assert_int_equal(n, 5);
	assert_string_equal(first[1]->entry->file, "anon.json");
	/* Named by what differs where the kind is the same. */
	name = point_name(&results, first[0], iopf_settings);
	assert_string_equal(name, "zero");
	free(name);
	name = point_name(&results, first[1], iopf_settings);
	assert_string_equal(name, "anon, 0 % present");
	free(name);
	assert_true(fabs(iopf_ratio(first[1], 500000) - 10) < 0.2);
	assert_true(iopf_refused(first[4]));
	assert_true(iopf_ratio(first[4], 500000) == 0);
	assert_string_equal(iopf_no_cpu(first[4]), "it gets a signal");
	/* From the real start, and from when it was due. */
	assert_string_equal(iopf_device(&results.point[5])->name, "fault_service");
	free(first);
	folder_free(&results);
}

static void test_stages(void **unused)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	struct folder results;

	WRITE(.file = "a.json", .hidden = 0x1e);
	WRITE(.file = "b.json", .mode = "iommufd");
	WRITE(.file = "c.json", .fault = "exit", .no_stages = true);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(iopf_stages(&results.point[0], stages), 6);
	assert_non_null(stages[0].phase);
	assert_null(stages[0].reason);
	assert_null(stages[2].phase);
	assert_string_equal(stages[2].reason, "no CONFIG_KPROBES");
	assert_int_equal(iopf_stages(&results.point[1], stages), 6);
	assert_string_equal(stages[3].name, "map");
	assert_false(iopf_has_stages(&results.point[2]));
	folder_free(&results);
}

static void test_page(void **unused)
{
	struct pictures none = { 0 };
	struct folder results;
	size_t bytes;
	char *page;

	write_set();
	WRITE(.file = "<i>.json", .fault = "<b>anon", .hidden = 0x1e, .reason = "<u>", .cut = true);
	assert_int_equal(folder_read(&results, folder), 0);
	page = html_page(&results, &none, NULL, &bytes);
	assert_non_null(strstr(page, "<h2 id=\"iopf\">"));
	assert_non_null(strstr(page, "<h4>Stages of a fault</h4>"));
	/* Four stages of one result. */
	assert_int_equal(occurrences(page, ">not shown</td>"), 4);
	assert_non_null(strstr(page, "Stage mm not shown: &lt;u&gt;"));
	assert_non_null(strstr(page, "No fault of the CPU: it gets a signal"));
	assert_null(strstr(page, "<b>anon"));
	assert_null(strstr(page, "<u>"));
	/* A column where results differ, none where they do not. */
	assert_non_null(strstr(page, "<th class=\"n\">stride</th>"));
	assert_null(strstr(page, "<th class=\"n\">spaces</th>"));
	assert_int_equal(occurrences(page, "<tr>"), occurrences(page, "</tr>"));
	assert_int_equal(occurrences(page, "<ul>"), occurrences(page, "</ul>"));
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
	WRITE(.file = "hidden.json", .fault = "cow", .hidden = 0x1e);
	assert_int_equal(folder_read(&results, folder), 0);
	f = open_memstream(&text, &bytes);
	assert_non_null(f);
	report_iopf_tables(&results, &iopf_kind, (struct terminal_style){ 0 }, f);
	fclose(f);
	assert_int_equal(occurrences(text, "\nanon "), 7);
	assert_non_null(strstr(text, "2.00 k/s"));
	assert_non_null(strstr(text, "  refused\n"));
	assert_non_null(strstr(text, "Stage mm not shown: no CONFIG_KPROBES (cow)\n"));
	/* At another load, the CPU was asked. */
	assert_non_null(strstr(text, "No fault of the CPU: not asked for (cow)\n"));
	free(text);
	report_iopf_json(&results, &iopf_kind, list);
	assert_int_equal(json_array_size(list), 1);
	points = json_object_get(json_array_get(list, 0), "points");
	assert_int_equal(json_array_size(points), 11);
	assert_true(result_number(json_array_get(points, 0), "device.p50_ns") > 2900);
	assert_true(result_number(json_array_get(points, 0), "stages.mm.p50_ns") > 490);
	/* Not shown: a reason, no figure. */
	assert_string_equal(result_text(json_array_get(points, 8), "name"), "cow");
	assert_true(json_is_false(result_get(json_array_get(points, 8), "stages.mm.shown")));
	assert_null(result_get(json_array_get(points, 8), "stages.mm.p50_ns"));
	assert_null(result_get(json_array_get(points, 8), "ratio_p50"));
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
	WRITE(.file = "hidden.json", .fault = "cow", .hidden = 0x1e);
	WRITE(.file = "user.json", .mode = "iommufd", .cpu_ns = 600, .kernel_ns = 5000);
	assert_int_equal(folder_read(&results, folder), 0);
	if (plot_all(&pictures, &results, &e))
		fail_msg("%s", e.text);
	assert_int_equal(pictures.n, 3);
	p = find_picture(&pictures, "iopf-stages");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">Not shown: handler, mm, fault, response (no CONFIG_"));
	assert_non_null(strstr(p->svg, ">record to answer<"));
	assert_non_null(strstr(p->svg, ">read<"));
	assert_non_null(strstr(p->svg, ">anon, iommufd<"));
	/* No figure is made up. */
	assert_non_null(strstr(p->shows, "cow, p50: event 1.00 \u00b5s, record to answer 4.01"));
	p = find_picture(&pictures, "iopf-cpu");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">\u00d7 10<"));
	assert_non_null(strstr(p->svg, ">device, the kernel answers<"));
	assert_non_null(strstr(p->svg, ">No fault of the CPU beside unmapped (it gets a signal)."));
	p = find_picture(&pictures, "iopf-load");
	assert_picture(p);
	assert_non_null(strstr(p->svg, ">by offered rate<"));
	assert_non_null(strstr(p->svg, ">by accesses under way at once<"));
	/* Kinds with one load have no line. */
	assert_null(strstr(p->svg, ">zero<"));
	plot_free(&pictures);
	folder_free(&results);
}

/* A folder with less than a set has fewer pictures, not empty ones. */
static void test_sparse(void **unused)
{
	struct pictures pictures;
	struct error e = { "" };
	struct folder results;

	need_gnuplot();
	WRITE(.file = "a.json", .no_stages = true);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(plot_all(&pictures, &results, &e), 0);
	assert_int_equal(pictures.n, 0);
	plot_free(&pictures);
	folder_free(&results);
	/* A run that was ended before anything faulted. */
	WRITE(.file = "a.json", .ns = -1, .cut = true);
	assert_int_equal(folder_read(&results, folder), 0);
	assert_int_equal(plot_all(&pictures, &results, &e), 0);
	assert_int_equal(pictures.n, 0);
	plot_free(&pictures);
	folder_free(&results);
}

/* What could trip axes, labels and notes. */
static void test_odd_pictures(void **unused)
{
	static const struct spec odd[] = {
		{ .ns = 0.5, .cpu_ns = 0.5, .samples = 1 },
		{ .ns = 60e9, .cpu_ns = 1 },
		{ .ns = 1, .cpu_ns = 60e9, .samples = 1000 },
		{ .fault = "it's `6`\\n$x %d %s\"", .cpu_ns = 10, .hidden = 63, .reason = "'%s`" },
		{ .mode = "", .prefault = 50, .outstanding = 1024, .threads = 1024 },
		{ .fault = "a kind with a name as long as nobody would ever think of, on and on and on and on",
		  .cpu_ns = 10, .mode = "iommufd", .hidden = 2 },
		{ .rate = 1e12, .cpu_ns = 3 },
		{ .rate = 0.001, .cpu_ns = 3, .refused = true },
	};
	struct pictures pictures;
	struct folder results;
	unsigned int k;
	size_t i;

	need_gnuplot();
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		for (k = 1; k <= 12; k++) {
			struct spec s = odd[i];
			char file[64];

			snprintf(file, sizeof(file), "%02u.json", k);
			s.file = file;
			s.prefault += (int)(k % 6) * 10;
			s.outstanding = s.outstanding ? s.outstanding : (int)k;
			write_result(&s);
		}
		draw_case(&results, &pictures, i);
		assert_true(pictures.n > 0);
		plot_free(&pictures);
		folder_free(&results);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_points, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_stages, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_page, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_tables, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_pictures, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_sparse, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(test_odd_pictures, folder_setup, folder_teardown),
	};

	/* Those of this tree, not of an installation: tests run in its top folder. */
	setenv("IOMMUBENCH_DATADIR", "scripts", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
