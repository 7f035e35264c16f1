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
	char *text = crossover_sentence(c, "per-page");

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

	/* 6 mappings: between the measured 4 and 16, and even without these between 1 and 64. */
	assert_int_equal(c.kind, CROSSOVER_FOUND);
	assert_int_equal(c.below, 1 * SIZE);
	assert_int_equal(c.above, 64 * SIZE);
	says(&c, "begins to beat per-page somewhere between 4 KiB and 256 KiB");
	says(&c, "of 8 sizes it was dearer at the 2 smaller and cheaper at the 6 larger ones");
}

static void one_side(void **state)
{
	struct crossover_sample s[STEPS];
	struct line cheap = { 100, 100 }, dear = { 200, 200 };
	struct crossover c;

	c = crossover_find(s, make(s, dear, cheap));
	assert_int_equal(c.kind, CROSSOVER_NEVER);
	says(&c, "dearer than per-page at 8 of 8 sizes from 4 KiB to 64 MiB, and cheaper at none");
	c = crossover_find(s, make(s, cheap, dear));
	assert_int_equal(c.kind, CROSSOVER_ALWAYS);
	says(&c, "cheaper than per-page at 8 of 8 sizes from 4 KiB to 64 MiB, and dearer at none");
	c = crossover_find(s, make(s, cheap, cheap));
	assert_int_equal(c.kind, CROSSOVER_SAME_COST);
	says(&c, "the same within 5 % at all 8 sizes");
}

static void reversed(void **state)
{
	struct crossover_sample s[STEPS];
	struct line full = { 0, 800 }, other = { 3000, 300 };
	struct crossover c = crossover_find(s, make(s, full, other));

	assert_int_equal(c.kind, CROSSOVER_REVERSED);
	assert_int_equal(c.below, 1 * SIZE);
	assert_int_equal(c.above, 64 * SIZE);
	says(&c, "beats per-page only up to somewhere between 4 KiB and 256 KiB");
}

/* What was once said to be nowhere dearer, and then to take 1.05 times as long. */
static void no_contradiction(void **state)
{
	struct crossover_sample s[] = {
		{ 4096, 1000, 500 }, { 8192, 1000, 600 }, { 16384, 1000, 1049 },
	};
	struct crossover c = crossover_find(s, 3);

	assert_int_equal(c.kind, CROSSOVER_ALWAYS);
	says(&c, "cheaper than per-page at 2 of 3 sizes from 4 KiB to 16 KiB, and dearer at none");
	s[1].full_ns = 1000;
	c = crossover_find(s, 3);
	assert_int_equal(c.kind, CROSSOVER_UNCLEAR);
	says(&c, "no clear crossover of a full flush and per-page: it was cheaper at 1 and dearer at 0 of 3");
}

/* Samples of these verdicts: -1 where the full flush is dearer. */
static void set_verdicts(struct crossover_sample *s, const int *verdicts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		s[i] = (struct crossover_sample){
			.range_bytes = (uint64_t)SIZE << i,
			.other_ns = 1000,
			.full_ns = 1000 - 300 * verdicts[i],
		};
}

/* Of all sweeps of up to seven sizes: no other verdict on one of them makes another claim. */
static void no_single_sample_decides(void **state)
{
	struct crossover_sample s[7];
	unsigned int code, all, claims = 0;
	struct crossover was, is;
	int v[7], wrong, kept;
	size_t n, i;

	for (n = 1, all = 3; n <= 7; n++, all *= 3)
		for (code = 0; code < all; code++) {
			unsigned int rest = code;

			for (i = 0; i < n; i++, rest /= 3)
				v[i] = (int)(rest % 3) - 1;
			set_verdicts(s, v, n);
			was = crossover_find(s, n);
			assert_int_equal(was.sizes, n);
			assert_true(was.kind != CROSSOVER_UNKNOWN);
			claims += was.kind != CROSSOVER_UNCLEAR;
			for (i = 0; i < n && was.kind != CROSSOVER_UNCLEAR; i++)
				for (kept = v[i], wrong = -1; wrong <= 1; wrong++) {
					v[i] = wrong;
					set_verdicts(s, v, n);
					is = crossover_find(s, n);
					v[i] = kept;
					if (is.kind == CROSSOVER_UNCLEAR)
						continue;
					if (is.kind != was.kind || is.below >= was.above ||
					    is.above <= was.below)
						fail_msg("%zu sizes, sweep %u: sample %zu decides",
							 n, code, i);
				}
		}
	/* And much can be told at all. */
	assert_true(claims > 100);
}

/* Differences that may be noise are neither the one nor the other. */
static void noise(void **state)
{
	struct crossover_sample s[] = {
		{ 4096, 1000, 1030 }, { 8192, 1000, 970 }, { 16384, 1000, 2000 },
		{ 32768, 3000, 3900 }, { 65536, 3000, 3000 }, { 131072, 3000, 1000 },
	};
	struct crossover c;

	/* other_ns comes first: full is dearer by 3 %, cheaper by 3 %, dearer by far, ... */
	c = crossover_find(s, 2);
	assert_int_equal(c.kind, CROSSOVER_SAME_COST);
	c = crossover_find(s, 3);
	assert_int_equal(c.kind, CROSSOVER_UNCLEAR);
	c = crossover_find(s, 5);
	assert_int_equal(c.kind, CROSSOVER_NEVER);
	c = crossover_find(s, 6);
	assert_int_equal(c.kind, CROSSOVER_UNCLEAR);
	s[4].full_ns = 1000;
	c = crossover_find(s, 6);
	assert_int_equal(c.kind, CROSSOVER_FOUND);
	assert_int_equal(c.below, 16384);
	assert_int_equal(c.above, 131072);
	s[0].full_ns = 500;
	c = crossover_find(s, 6);
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
	assert_int_equal(c.kind, CROSSOVER_UNCLEAR);
	says(&c, "one size, 64 KiB, does not tell");
	/* A clock that stood still. */
	s[0] = (struct crossover_sample){ 65536, 0, 0 };
	c = crossover_find(s, 1);
	assert_int_equal(c.kind, CROSSOVER_UNCLEAR);
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
			       "1 thread: no clear crossover of a full flush and per-page"));
	assert_non_null(strstr(json_string_value(json_array_get(j, 1)),
			       "2 threads: one size, 4 KiB, does not tell"));
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
		cmocka_unit_test(one_side),
		cmocka_unit_test(reversed),
		cmocka_unit_test(no_contradiction),
		cmocka_unit_test(no_single_sample_decides),
		cmocka_unit_test(noise),
		cmocka_unit_test(few),
		cmocka_unit_test(sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
