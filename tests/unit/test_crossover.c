// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a full flush begins to pay: curves whose crossing is known, and what is
 * said of them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "flush/view/crossover.h"
#include "flush/view/table.h"
#include "text/json.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

#define SIZE	4096
#define STEPS	8

/* Both costs are straight lines over the number of mappings. */
struct line {
	double base;
	double each;
};

static size_t make(struct crossover_sample *s, struct line full, struct line other)
{
	size_t i;

	for (i = 0; i < STEPS; i++) {
		double n = (double)(1 << (2 * i));

		s[i] = (struct crossover_sample){
			.range_bytes = (uint64_t)n * SIZE,
			.full_ns = full.base + full.each * n,
			.other_ns = other.base + other.each * n,
		};
	}
	return STEPS;
}

static void says(const struct crossover *c, const char *words)
{
	char *text = crossover_sentence(c, "per-page", SIZE);

	if (!strstr(text, words))
		fail_msg("'%s' is not in '%s'", words, text);
	assert_null(strchr(text, '\n'));
	free(text);
}

static void found(void **state)
{
	struct crossover_sample s[STEPS];
	struct line full = { 3000, 300 }, other = { 0, 800 };
	struct crossover c = crossover_find(s, make(s, full, other));

	/* 6 mappings: between the measured 4 and 16, and nearer to that than a factor of 1.5. */
	assert_int_equal(c.kind, CROSSOVER_FOUND);
	assert_int_equal(c.below, 4 * SIZE);
	assert_int_equal(c.above, 16 * SIZE);
	assert_true(c.range_bytes > 6 * SIZE / 1.5 && c.range_bytes < 6 * SIZE * 1.5);
	says(&c, "beats per-page from about");
	says(&c, "interpolated: 16 KiB was measured as dearer, 64 KiB as cheaper");
}

static void exact(void **state)
{
	/* Powers of the range are straight lines where the interpolation is: it is exact. */
	struct crossover_sample s[] = {
		{ 4096, 10, 40 }, { 16384, 20, 40 }, { 65536, 40, 80 },
	};
	struct crossover c;
	size_t i;

	for (i = 0; i < 3; i++) {
		double n = (double)s[i].range_bytes / 4096;

		s[i].full_ns = 1000 * sqrt(n);
		s[i].other_ns = 500 * n;
	}
	c = crossover_find(s, 3);
	assert_int_equal(c.kind, CROSSOVER_FOUND);
	assert_true(fabs(c.range_bytes - 16384) < 1);
}

static void one_side(void **state)
{
	struct crossover_sample s[STEPS];
	struct line cheap = { 100, 100 }, dear = { 200, 200 };
	struct crossover c;

	c = crossover_find(s, make(s, dear, cheap));
	assert_int_equal(c.kind, CROSSOVER_NEVER);
	says(&c, "never beats per-page from 4 KiB to 64 MiB: there is no crossover");
	says(&c, "2.00 times as long");
	c = crossover_find(s, make(s, cheap, dear));
	assert_int_equal(c.kind, CROSSOVER_ALWAYS);
	says(&c, "nowhere dearer than per-page");
	says(&c, "50 % of the time");
	c = crossover_find(s, make(s, cheap, cheap));
	assert_int_equal(c.kind, CROSSOVER_SAME_COST);
	says(&c, "the same within 5 %");
}

static void reversed(void **state)
{
	struct crossover_sample s[STEPS];
	struct line full = { 0, 800 }, other = { 3000, 300 };
	struct crossover c = crossover_find(s, make(s, full, other));

	assert_int_equal(c.kind, CROSSOVER_REVERSED);
	assert_int_equal(c.below, 4 * SIZE);
	assert_int_equal(c.above, 16 * SIZE);
	says(&c, "only below about");
}

/* Differences that may be noise are neither the one nor the other. */
static void noise(void **state)
{
	struct crossover_sample s[] = {
		{ 4096, 1000, 1030 }, { 8192, 1000, 970 }, { 16384, 1000, 2000 },
		{ 32768, 3000, 3100 }, { 65536, 3000, 3000 },
	};
	struct crossover c;

	/* other_ns comes first: full is dearer by 3 %, cheaper by 3 %, dearer by far, ... */
	c = crossover_find(s, 2);
	assert_int_equal(c.kind, CROSSOVER_SAME_COST);
	c = crossover_find(s, 5);
	assert_int_equal(c.kind, CROSSOVER_NEVER);
	s[4].full_ns = 1000;
	c = crossover_find(s, 5);
	assert_int_equal(c.kind, CROSSOVER_FOUND);
	assert_int_equal(c.below, 16384);
	assert_int_equal(c.above, 65536);
	s[0].full_ns = 500;
	c = crossover_find(s, 5);
	assert_int_equal(c.kind, CROSSOVER_UNCLEAR);
	says(&c, "no clear crossover");
}

static void few(void **state)
{
	struct crossover_sample s[] = { { 65536, 1000, 2500 } };
	struct crossover c = crossover_find(s, 0);

	assert_int_equal(c.kind, CROSSOVER_UNKNOWN);
	says(&c, "");
	c = crossover_find(s, 1);
	assert_int_equal(c.kind, CROSSOVER_NEVER);
	says(&c, "64 KiB, the only size measured");
	says(&c, "2.50 times as long");
	/* A clock that stood still. */
	s[0] = (struct crossover_sample){ 65536, 0, 0 };
	c = crossover_find(s, 1);
	assert_int_equal(c.kind, CROSSOVER_SAME_COST);
}

static json_t *result(const char *strategy, json_int_t range, json_int_t threads, double p50)
{
	return xjson(json_pack("{s:{s:s, s:i, s:I, s:I, s:I, s:s}, s:[{s:s, s:{s:i, s:f}}], s:b}",
			       "params", "strategy", strategy, "size_bytes", SIZE,
			       "range_bytes", range, "mappings", range / SIZE,
			       "threads", threads, "domains", "shared",
			       "phases", "name", "total", "latency_ns", "count", 10, "p50", p50,
			       "complete", 1));
}

static void sentences(void **state)
{
	json_t *all[] = {
		result("full", 65536, 1, 3000), result("full", 4096, 1, 3000),
		result("per-page", 4096, 1, 1000), result("per-page", 65536, 1, 16000),
		result("full", 4096, 2, 6000), result("per-page", 4096, 2, 1000),
		result("strict", 4096, 1, 1500), result("range", 1 << 20, 1, 1500),
	};
	size_t n = sizeof(all) / sizeof(all[0]), i;
	json_t *j = crossover_sentences(all, n);
	char *text = NULL;
	size_t bytes;
	FILE *out;

	/* One for each number of threads; nothing of range, which shares no size with full. */
	assert_int_equal(json_array_size(j), 2);
	assert_non_null(strstr(json_string_value(json_array_get(j, 0)),
			       "1 thread: a full flush beats per-page from about"));
	assert_non_null(strstr(json_string_value(json_array_get(j, 1)),
			       "2 threads: a full flush does not beat per-page at 4 KiB"));
	json_decref(j);

	/* The table takes whatever is there. */
	out = open_memstream(&text, &bytes);
	flush_table_print(all, n, out);
	fclose(out);
	assert_non_null(strstr(text, "strict"));
	assert_non_null(strstr(text, "16.0 us"));
	assert_non_null(strstr(text, "exposure    not measured"));
	free(text);
	for (i = 0; i < n; i++)
		json_decref(all[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),
		cmocka_unit_test(exact),
		cmocka_unit_test(one_side),
		cmocka_unit_test(reversed),
		cmocka_unit_test(noise),
		cmocka_unit_test(few),
		cmocka_unit_test(sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
