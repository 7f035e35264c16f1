// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results: what is built is what is written, what is read back, and what is
 * shown; files are whole or not there; foreign files are told apart.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "capture.h"
#include "kinds.h"
#include "output/print.h"
#include "output/summary.h"
#include "points/kind.h"
#include "result/read.h"
#include "result/result.h"
#include "result/words.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

#define TICK_NS	16.0
#define BATCH	4

static char folder[64];

static void in_folder(char *path, size_t n, const char *name)
{
	snprintf(path, n, "%s/%s", folder, name);
}

static int setup(void **unused)
{
	snprintf(folder, sizeof(folder), "/tmp/iommubench-test.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int entries(void)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	int n = 0;

	assert_non_null(dir);
	while ((e = readdir(dir)))
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	closedir(dir);
	return n;
}

static int teardown(void **unused)
{
	DIR *dir = opendir(folder);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
	return rmdir(folder);
}

static struct iommubench_hist *sample_hist(uint64_t seed)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	unsigned int i;

	assert_non_null(h);
	for (i = 0; i < 5000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		iommubench_hist_add(h, 100 + (seed >> 33) % 400 + (i % 500 ? 0 : seed >> 40));
	}
	return h;
}

static struct result *sample_result(void)
{
	struct result *r = result_new("map-unmap");
	struct iommubench_hist *map = sample_hist(1), *unmap = sample_hist(2);

	result_set_machine(r, json_pack("{s:b, s:s, s:{s:s, s:f, s:i}, s:{s:s, s:s}, s:{s:s}}",
					"virtual", 1, "kernel", "6.1.0 \"x\", <b>",
					"clock", "name", "counter", "resolution_ns", TICK_NS,
					"frequency_hz", 62500000,
					"iommu", "kind", "arm-smmu-v3", "domain_type", "strict",
					"device", "name", "0000:00:02.0"));
	result_set_params(r, json_pack("{s:s, s:i, s:i, s:s, s:i, s:b}", "api", "dma-single",
				       "size_bytes", 4096, "threads", 2, "buffer", "contig",
				       "hold_ns", 2500, "verify", 1));
	result_add_phase(r, "map", map, TICK_NS, BATCH);
	result_add_phase(r, "unmap", unmap, TICK_NS, BATCH);
	result_set_throughput(r, 20000, 0.5);
	result_add_thread(r, json_pack("{s:i, s:i, s:f, s:f, s:i, s:i}", "cpu", 0, "ops", 20000,
				       "seconds", 0.5, "ops_per_s", 40000.0, "late", 0,
				       "migrations", 0));
	result_set_harness(r, 12.5, BATCH, json_pack("{s:f}", "resolution_ns", TICK_NS));
	result_add_check(r, "transfer", 10, 0);
	result_add_check(r, "read-refused", 5, 0);
	result_add_warning(r, "clock is %s", "coarse");
	result_set_complete(r, true, "time");
	free(map);
	free(unmap);
	return r;
}

static char *printed(struct result *r, enum result_format format)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	/* A stream in memory has no file descriptor, so this is never coloured. */
	assert_int_equal(result_print(r, format, out), 0);
	fclose(out);
	return text;
}

static void test_round_trip(void **unused)
{
	struct iommubench_hist *want = sample_hist(2), *got = calloc(1, sizeof(*got));
	struct result *r = sample_result();
	char path[128], err[256] = "";
	json_t *json, *phase;
	struct stat st;
	double scale;

	in_folder(path, sizeof(path), "a.json");
	assert_int_equal(result_write(r, path), 0);
	assert_int_equal(entries(), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);

	json = kind_read(path, err, sizeof(err));
	if (!json)
		fail_msg("%s", err);
	assert_string_equal(result_text(json, "schema"), "iommubench-result/1");
	assert_string_equal(result_text(json, "tool.subcommand"), "map-unmap");
	assert_string_equal(result_text(json, "end.reason"), "time");
	assert_string_equal(result_text(json, "machine.kernel"), "6.1.0 \"x\", <b>");
	assert_true(json_is_true(result_get(json, "complete")));
	assert_true(result_number(json, "throughput.ops_per_s") == 40000);
	assert_true(result_number(json, "harness.overhead_ns") == 12.5);
	assert_true(result_number(json, "harness.overhead_sample_ns") == 50);
	assert_true(result_number(json, "harness.resolution_ns") == TICK_NS);
	assert_string_equal(json_string_value(json_array_get(result_get(json, "warnings"), 0)),
			    "clock is coarse");
	assert_int_equal(json_array_size(result_get(json, "threads")), 1);
	assert_int_equal(json_array_size(result_get(json, "checks")), 2);

	/* The histogram comes back whole, and the statistics are for one operation. */
	phase = json_array_get(result_get(json, "phases"), 1);
	assert_string_equal(result_text(phase, "name"), "unmap");
	assert_true(result_phase_hist(phase, got, &scale));
	assert_memory_equal(got, want, sizeof(*got));
	assert_true(scale == TICK_NS / BATCH);
	assert_true(fabs(result_number(phase, "latency_ns.max") -
			 (double)want->max * scale) < 0.01);
	assert_int_equal(result_number(phase, "latency_ns.count"), want->count);

	json_decref(json);
	result_free(r);
	free(want);
	free(got);
}

static void test_incomplete(void **unused)
{
	struct iommubench_hist *empty = calloc(1, sizeof(*empty));
	struct result *r = result_new("map-unmap");
	char path[128], err[256] = "", *text;
	json_t *json;

	/* Until somebody says that it is complete, it is not. */
	assert_true(json_is_false(result_get(result_json(r), "complete")));
	result_set_machine(r, json_pack("{s:b}", "virtual", 0));
	result_set_params(r, json_pack("{s:s, s:i, s:i}", "api", "iommu", "size_bytes", 4096,
				       "threads", 1));
	result_add_phase(r, "map", empty, TICK_NS, 1);
	result_add_phase(r, "unmap", empty, TICK_NS, 1);
	result_set_complete(r, false, "error: iommu_map() failed: 12");
	in_folder(path, sizeof(path), "i.json");
	assert_int_equal(result_write(r, path), 0);
	json = kind_read(path, err, sizeof(err));
	if (!json)
		fail_msg("%s", err);
	assert_true(json_is_false(result_get(json, "complete")));
	assert_string_equal(result_text(json, "end.reason"), "error");
	assert_string_equal(result_text(json, "end.message"), "iommu_map() failed: 12");
	assert_string_equal(words_domain(json), "own domain");
	text = printed(r, RESULT_HUMAN);
	assert_non_null(strstr(text, "INCOMPLETE"));
	assert_non_null(strstr(text, "iommu_map() failed: 12"));
	assert_null(strstr(text, "virtual machine"));
	free(text);
	json_decref(json);
	result_free(r);
	free(empty);
}

static void test_failures(void **unused)
{
	struct result *r = sample_result();
	char *text;

	assert_int_equal(result_failures(r), 0);
	result_add_check(r, "write-refused", 5, 2);
	result_add_check(r, "other", 3, 1);
	assert_int_equal(result_failures(r), 3);
	text = printed(r, RESULT_HUMAN);
	assert_non_null(strstr(text, "write-refused: 2 of 5 FAILED"));
	free(text);
	result_free(r);
}

static void test_formats(void **unused)
{
	struct result *r = sample_result();
	char *text;
	json_t *json;

	text = printed(r, RESULT_JSON);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	/* Reals are written with 12 digits, so only what is not real is the same. */
	assert_true(json_equal(json_object_get(json, "params"),
			       result_get(result_json(r), "params")));
	assert_true(json_equal(result_get(json_array_get(result_get(json, "phases"), 0),
					  "histogram.buckets"),
			       result_get(json_array_get(result_get(result_json(r), "phases"), 0),
					  "histogram.buckets")));
	json_decref(json);
	free(text);

	text = printed(r, RESULT_CSV);
	assert_non_null(strstr(text, "subcommand,time,kernel,virtual,complete,api,size_bytes,"));
	assert_non_null(strstr(text, ",\"6.1.0 \"\"x\"\", <b>\",true,true,dma-single,4096,2,"));
	assert_non_null(strstr(text, ",strict,map,4,5000,"));
	assert_non_null(strstr(text, ",strict,unmap,4,5000,"));
	assert_null(strchr(text, '\r'));
	free(text);

	text = printed(r, RESULT_HUMAN);
	assert_non_null(strstr(text, "dma-single, strict, 4 KiB, 2 threads"));
	assert_non_null(strstr(text, "virtual machine: figures prove the software, not silicon"));
	assert_non_null(strstr(text, "hold_ns=2.50 us"));
	assert_non_null(strstr(text, "mean of 4 operations"));
	assert_non_null(strstr(text, "40.0 k operations/s"));
	assert_non_null(strstr(text, "transfer: 10 of 10 passed"));
	assert_non_null(strstr(text, "clock is coarse"));
	assert_null(strchr(text, '\033'));
	free(text);
	result_free(r);
}

/* What 64 samples do not tell is null in JSON, empty in CSV and a dash for people. */
static void test_few_samples(void **unused)
{
	struct iommubench_hist *few = calloc(1, sizeof(*few));
	struct result *r = sample_result();
	char err[256] = "", *text;
	json_t *phases, *old;
	unsigned int i;

	assert_non_null(few);
	for (i = 1; i <= 64; i++)
		iommubench_hist_add(few, i);
	phases = result_get(result_json(r), "phases");
	json_array_clear(phases);
	result_add_phase(r, "map", few, 1, 1);
	result_add_phase(r, "unmap", few, 1, 1);

	text = printed(r, RESULT_JSON);
	assert_non_null(strstr(text, "\"p90\": 58"));
	assert_non_null(strstr(text, "\"p99\": null"));
	assert_non_null(strstr(text, "\"p99_9\": null"));
	assert_non_null(strstr(text, "\"p99_99\": null"));
	assert_true(kind_valid(result_json(r), err, sizeof(err)));
	free(text);
	text = printed(r, RESULT_CSV);
	assert_non_null(strstr(text, ",32,58,,,,64,"));
	free(text);
	text = printed(r, RESULT_HUMAN);
	assert_non_null(strstr(text, "     32 ns     58 ns         -         -     64 ns\n"));
	free(text);

	/* Older results have a figure there, which is not told either. */
	old = result_get(json_array_get(phases, 0), "latency_ns");
	json_object_set_new(old, "p99_9", json_integer(64));
	assert_true(isnan(result_latency(old, "p99_9")));
	assert_true(isnan(result_latency(old, "p42")));
	assert_true(result_latency(old, "p90") == 58 && result_latency(old, "max") == 64);
	result_free(r);
	free(few);
}

/* The shares of a phase's bars add up to all samples, whatever the range of values is. */
static void check_bars(uint64_t low, uint64_t high, uint64_t step_permille)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	struct result *r = sample_result();
	double sum = 0;
	char *text, *line;
	int rows = 0;
	uint64_t v;

	json_array_clear(result_get(result_json(r), "phases"));
	for (v = low; v <= high; v += v * step_permille / 1000 + 1)
		iommubench_hist_add(h, v);
	result_add_phase(r, "only", h, 1, 1);
	text = printed(r, RESULT_HUMAN);
	line = strstr(text, "samples from..to");
	assert_non_null(line);
	for (line = strchr(line, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
		char *percent = strchr(line, '%'), *number;

		rows++;
		if (!percent || percent > strchr(line, '\n'))
			continue;
		for (number = percent - 1; strchr("0123456789.", number[-1]); number--)
			;
		/* "<0.01 %" is next to nothing. */
		if (number[-1] != '<')
			sum += strtod(number, NULL);
	}
	assert_in_range(rows, 1, 12);
	if (fabs(sum - 100) > 0.2)
		fail_msg("%s\nshares add up to %g %%", text, sum);
	free(text);
	result_free(r);
	free(h);
}

static void test_bars(void **unused)
{
	check_bars(0, 0, 1);
	check_bars(1, 1, 1);
	check_bars(1000, 1000, 1);
	check_bars(1000, 1010, 1);
	check_bars(100, 999, 10);
	check_bars(300, 90000, 10);
	check_bars(16, 50000000, 20);
	check_bars(1, 1ULL << 39, 50);
	check_bars(1, 1ULL << 62, 50);
}

/* Ends the capture: one line, with these words. */
static void assert_said(const char *words)
{
	unsigned int lines;
	const char *text = capture_end(&lines);

	if (lines != 1 || !strstr(text, words))
		fail_msg("'%s' is not one line with '%s'", text, words);
}

static void assert_refused(const char *path, const char *words)
{
	int bad;

	capture_begin();
	bad = file_replace(path, "x", 1);
	assert_said(words);
	assert_int_equal(bad, -1);
}

static void test_replace_keeps_old(void **unused)
{
	char path[128], err[256] = "";
	struct rlimit old, small = { .rlim_cur = 2000 };
	struct result *r = sample_result();
	json_t *json;

	in_folder(path, sizeof(path), "a.json");
	assert_int_equal(result_write(r, path), 0);
	result_set_complete(r, false, "stopped");

	/* Fails in the middle of the file, as a full disk does. */
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	capture_begin();
	assert_int_equal(result_write(r, path), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_said("File too large");

	assert_int_equal(entries(), 1);
	json = kind_read(path, err, sizeof(err));
	assert_non_null(json);
	assert_true(json_is_true(result_get(json, "complete")));
	json_decref(json);

	assert_int_equal(result_write(r, path), 0);
	assert_int_equal(entries(), 1);
	json = kind_read(path, err, sizeof(err));
	assert_non_null(json);
	assert_true(json_is_false(result_get(json, "complete")));
	json_decref(json);
	result_free(r);
}

static void test_replace_targets(void **unused)
{
	char path[128], link[128], target[128];
	struct stat st;
	int fd;

	/* A folder that is not there, a folder, a full device. */
	in_folder(path, sizeof(path), "none/a.json");
	assert_refused(path, "make the folder first");
	assert_refused(folder, "Is a directory; give the name of a file");
	assert_refused("/dev/full", "No space left on device; make room");
	assert_int_equal(entries(), 0);

	/* Devices are written to, never replaced. */
	assert_int_equal(file_replace("/dev/null", "x", 1), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));

	/* A link stays one, and what it points to is replaced. */
	in_folder(target, sizeof(target), "target");
	in_folder(link, sizeof(link), "link");
	assert_int_equal(file_replace(target, "old", 3), 0);
	assert_int_equal(symlink("target", link), 0);
	assert_int_equal(file_replace(link, "newer", 5), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	fd = open(target, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 5);
	close(fd);
	assert_int_equal(entries(), 2);
}

static void load_text(const char *text, size_t n, const char *expect)
{
	char path[128], err[256] = "";

	in_folder(path, sizeof(path), "bad.json");
	assert_int_equal(file_replace(path, text, n), 0);
	assert_null(kind_read(path, err, sizeof(err)));
	if (!strstr(err, expect))
		fail_msg("'%s' does not say '%s'", err, expect);
	if (strchr(err, '\n'))
		fail_msg("more than a line: '%s'", err);
}

static void test_load_foreign(void **unused)
{
	char path[128], err[256] = "";

	load_text("", 0, "not JSON");
	load_text("{", 1, "not JSON");
	load_text("{\n\"a\n\": 1}", 10, "not JSON");
	load_text("\377\376", 2, "not JSON");
	load_text("[]", 2, "not a result of iommubench");
	load_text("{}", 2, "not a result of iommubench");
	load_text("{\"schema\": \"iommubench-result/2\"}", 33, "iommubench-result/1 expected");
	load_text("{\"schema\": 1}", 13, "not a result of iommubench");

	in_folder(path, sizeof(path), "none.json");
	assert_null(kind_read(path, err, sizeof(err)));
	assert_string_equal(err, "No such file or directory");
	assert_null(kind_read(folder, err, sizeof(err)));
	assert_string_equal(err, "not a file");
	in_folder(path, sizeof(path), "pipe.json");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(kind_read(path, err, sizeof(err)));
	assert_string_equal(err, "not a file");
	in_folder(path, sizeof(path), "huge.json");
	assert_int_equal(file_replace(path, "", 0), 0);
	assert_int_equal(truncate(path, 65LL << 20), 0);
	assert_null(kind_read(path, err, sizeof(err)));
	assert_string_equal(err, "too large for a result");
}

/* Every key that is relied upon, taken away or spoilt in turn. */
static void test_validation(void **unused)
{
	static const struct {
		const char *object;
		const char *key;
		const char *spoilt;
	} cases[] = {
		{ "", "schema", NULL },
		{ "", "tool", NULL },
		{ "tool", "subcommand", "1" },
		{ "tool", "version", NULL },
		{ "", "complete", "\"yes\"" },
		{ "", "machine", NULL },
		{ "machine", "virtual", "0" },
		{ "", "params", "[]" },
		{ "params", "api", NULL },
		{ "params", "size_bytes", "-4096" },
		{ "params", "threads", "\"2\"" },
		{ "", "phases", "{}" },
		{ "", "warnings", "[1]" },
		{ "", "checks", "[{\"name\": \"x\", \"count\": 1}]" },
		{ "phase", "name", NULL },
		{ "phase", "latency_ns", NULL },
		{ "phase", "histogram", NULL },
		{ "latency", "p99_9", NULL },
		{ "latency", "p99_9", "-1" },
		{ "latency", "p99_9", "\"1\"" },
		{ "latency", "max", "-1" },
		{ "latency", "max", "null" },
		{ "latency", "count", "null" },
		{ "hist", "ns_per_unit", "0" },
		{ "hist", "ns_per_unit", "-16" },
		{ "hist", "batch", "0" },
		{ "hist", "sub_bucket_bits", "6" },
		{ "hist", "count", "1" },
		{ "hist", "sum_squares", "5000" },
		{ "hist", "sum_squares", "\"\"" },
		{ "hist", "sum_squares", "\"-1\"" },
		{ "hist", "sum_squares", "\"1e3\"" },
		{ "hist", "sum_squares", "\"340282366920938463463374607431768211456\"" },
		{ "hist", "min", "100000000" },
		{ "hist", "max", "0" },
		{ "hist", "buckets", "[[1, 2], [1, 2]]" },
		{ "hist", "buckets", "[[-1, 5000]]" },
		{ "hist", "buckets", "[[4352, 5000]]" },
		{ "hist", "buckets", "[[4294967297, 5000]]" },
		{ "hist", "buckets", "[5000]" },
		{ "hist", "buckets", "[[]]" },
		{ "hist", "buckets", "{}" },
	};
	struct result *r = sample_result();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *copy = json_deep_copy(result_json(r)), *object, *phase;
		char err[256] = "";

		assert_true(kind_valid(copy, err, sizeof(err)));
		phase = json_array_get(result_get(copy, "phases"), 0);
		if (!strcmp(cases[i].object, "phase"))
			object = phase;
		else if (!strcmp(cases[i].object, "latency"))
			object = result_get(phase, "latency_ns");
		else if (!strcmp(cases[i].object, "hist"))
			object = result_get(phase, "histogram");
		else
			object = result_get(copy, cases[i].object);
		assert_non_null(json_object_get(object, cases[i].key));
		if (cases[i].spoilt)
			json_object_set_new(object, cases[i].key,
					    json_loads(cases[i].spoilt, JSON_DECODE_ANY, NULL));
		else
			json_object_del(object, cases[i].key);
		if (kind_valid(copy, err, sizeof(err)) || !*err)
			fail_msg("%s %s is accepted as %s", cases[i].object, cases[i].key,
				 cases[i].spoilt);
		json_decref(copy);
	}
	result_free(r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_incomplete, setup, teardown),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_few_samples),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_bars),
		cmocka_unit_test_setup_teardown(test_replace_keeps_old, setup, teardown),
		cmocka_unit_test_setup_teardown(test_replace_targets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_load_foreign, setup, teardown),
		cmocka_unit_test(test_validation),
	};

	umask(022);
	kinds_use(result_kinds);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
