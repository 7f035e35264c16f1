// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics of histograms against the sorted samples that went into them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stats.h"
#include "text/units.h"

#define SAMPLES	200000
/* What arithmetic alone may change. */
#define TINY	(1.0 / (1 << 30))

static uint64_t state;

static double uniform01(void)
{
	/* xorshift64*: the same samples on every machine. */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return ((double)(state * 2685821657736338717ULL >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform01())) * cos(2 * M_PI * uniform01());
}

static uint64_t draw_uniform(void)
{
	return (uint64_t)(100 + uniform01() * 1000000);
}

static uint64_t draw_exponential(void)
{
	return (uint64_t)(-log(uniform01()) * 5000);
}

static uint64_t draw_lognormal(void)
{
	return (uint64_t)exp(8 + 1.5 * normal());
}

static uint64_t draw_bimodal(void)
{
	return (uint64_t)(uniform01() < 0.98 ? 900 + 20 * normal() : 4.0e6 + 3.0e5 * normal());
}

static uint64_t draw_constant(void)
{
	return 12345;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void assert_near(double got, double want, double relative)
{
	if (fabs(got - want) > fabs(want) * relative + TINY)
		fail_msg("got %.17g, want %.17g within %g", got, want, relative);
}

static void assert_within(double got, double want, double away)
{
	if (fabs(got - want) > away + TINY)
		fail_msg("got %.17g, want %.17g within %g", got, want, away);
}

/* Moving every sample by 1/256 of itself moves the deviation by no more than this. */
static void check_without_squares(const struct iommubench_hist *h, double stddev, double power)
{
	struct iommubench_hist *old = malloc(sizeof(*old));
	struct stats s;

	assert_non_null(old);
	*old = *h;
	old->squares_low = 0;
	old->squares_high = 0;
	stats_compute(&s, old, 1);
	if (h->count > 1)
		assert_within(s.stddev, stddev, power / 256);
	free(old);
}

static void compare(uint64_t (*draw)(void), unsigned int n, double scale)
{
	static const unsigned int ppm[] = { 500000, 900000, 990000, 999000, 999900 };
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	uint64_t *sorted = calloc(n, sizeof(*sorted));
	double sum = 0, squares = 0, power = 0, mean, got[5];
	struct stats s;
	unsigned int i;

	assert_non_null(h);
	assert_non_null(sorted);
	state = 88172645463325252ULL;
	for (i = 0; i < n; i++) {
		sorted[i] = draw();
		sum += (double)sorted[i];
		power += (double)sorted[i] * (double)sorted[i];
		iommubench_hist_add(h, sorted[i]);
	}
	mean = sum / n;
	for (i = 0; i < n; i++)
		squares += ((double)sorted[i] - mean) * ((double)sorted[i] - mean);
	qsort(sorted, n, sizeof(*sorted), by_value);

	stats_compute(&s, h, scale);
	assert_int_equal(s.count, n);
	assert_near(s.min, (double)sorted[0] * scale, TINY);
	assert_near(s.max, (double)sorted[n - 1] * scale, TINY);
	assert_near(s.mean, mean * scale, TINY);
	if (n > 1)
		assert_near(s.stddev, sqrt(squares / (n - 1)) * scale, 1 / 1e6);
	else
		assert_true(s.stddev == 0);
	check_without_squares(h, sqrt(squares / (n - 1)), sqrt(power / (n - 1)));
	got[0] = s.p50;
	got[1] = s.p90;
	got[2] = s.p99;
	got[3] = s.p99_9;
	got[4] = s.p99_99;
	for (i = 0; i < 5; i++) {
		uint64_t rank = ((uint64_t)n * ppm[i] + 999999) / 1000000;

		/* Where the rank is the last one, nothing but the maximum is known. */
		if (i && rank == n) {
			assert_true(isnan(got[i]));
			continue;
		}
		assert_near(got[i], (double)sorted[rank - 1] * scale, 1.0 / 128);
	}
	free(sorted);
	free(h);
}

static void compare_all(uint64_t (*draw)(void))
{
	compare(draw, SAMPLES, 1);
	compare(draw, SAMPLES, 16.0 / 3);
	compare(draw, 1009, 0.125);
	compare(draw, 7, 1);
	compare(draw, 1, 1);
}

static void test_uniform(void **unused)
{
	compare_all(draw_uniform);
}

static void test_exponential(void **unused)
{
	compare_all(draw_exponential);
}

static void test_lognormal(void **unused)
{
	compare_all(draw_lognormal);
}

static void test_bimodal(void **unused)
{
	compare_all(draw_bimodal);
}

static void test_constant(void **unused)
{
	compare_all(draw_constant);
}

static void test_empty(void **unused)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	struct stats s;

	assert_non_null(h);
	memset(&s, 0xff, sizeof(s));
	stats_compute(&s, h, 3);
	assert_int_equal(s.count, 0);
	assert_true(s.min == 0 && s.mean == 0 && s.stddev == 0 && s.p50 == 0 && s.max == 0);
	free(h);
}

static void test_rank(void **unused)
{
	assert_int_equal(stats_rank(1, 500000), 1);
	assert_int_equal(stats_rank(2, 500000), 1);
	assert_int_equal(stats_rank(3, 500000), 2);
	assert_int_equal(stats_rank(100, 990000), 99);
	assert_int_equal(stats_rank(101, 990000), 100);
	assert_int_equal(stats_rank(1000, 999000), 999);
	assert_int_equal(stats_rank(10000, 999900), 9999);
	assert_int_equal(stats_rank(10, 0), 1);
	assert_int_equal(stats_rank(10, 1000000), 10);
	/* Where double has no room for every rank, and where 64 bits are tight. */
	assert_int_equal(stats_rank(1ULL << 62, 500000), 1ULL << 61);
	assert_int_equal(stats_rank(UINT64_MAX, 1000000), UINT64_MAX);
}

/* Buckets are 512 wide here, and the samples 7 from their mean. */
static void test_deviation(void **unused)
{
	struct iommubench_hist *h = calloc(2, sizeof(*h));
	const uint64_t far = 1ULL << 39;
	struct stats s;
	unsigned int i;

	assert_non_null(h);
	for (i = 0; i < 1000; i++)
		iommubench_hist_add(&h[i % 2], i % 4 < 2 ? 99993 : 100007);
	iommubench_hist_merge(&h[0], &h[1]);
	stats_compute(&s, &h[0], 2);
	assert_near(s.stddev, 2 * 7 * sqrt(1000.0 / 999), 1 / 1e12);
	/* Squares of 78 bits, of which the lowest count. */
	iommubench_hist_init(&h[0]);
	for (i = 0; i < 1000; i++)
		iommubench_hist_add(&h[0], far + i % 2);
	stats_compute(&s, &h[0], 1);
	assert_near(s.stddev, 0.5 * sqrt(1000.0 / 999), 1 / 1e12);
	/* What was seen while it was written, and does not fit together. */
	h[0].squares_high++;
	stats_compute(&s, &h[0], 1);
	assert_true(s.stddev <= 1);
	h[0].squares_high -= 2;
	stats_compute(&s, &h[0], 1);
	assert_true(s.stddev <= 1);
	free(h);
}

/* A percentile takes as many samples as let one of them be above it. */
static void test_too_few(void **unused)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	struct stats s;
	unsigned int i;

	assert_non_null(h);
	for (i = 1; i <= 64; i++)
		iommubench_hist_add(h, i);
	stats_compute(&s, h, 1);
	assert_true(s.p50 == 32 && s.p90 == 58 && s.max == 64);
	assert_true(isnan(s.p99) && isnan(s.p99_9) && isnan(s.p99_99));
	assert_true(isnan(stats_percentile(h, 999900, 1)));
	free(h);

	assert_false(stats_tell(0, 500000));
	assert_true(stats_tell(1, 500000));
	assert_false(stats_tell(9, 900000));
	assert_true(stats_tell(10, 900000));
	assert_false(stats_tell(99, 990000));
	assert_true(stats_tell(100, 990000));
	assert_false(stats_tell(999, 999000));
	assert_true(stats_tell(1000, 999000));
	assert_false(stats_tell(9999, 999900));
	assert_true(stats_tell(10000, 999900));
	assert_false(stats_tell(10000, 1000000));
	assert_int_equal(stats_ppm("p99_9"), 999000);
	assert_int_equal(stats_ppm("p50"), 500000);
	assert_int_equal(stats_ppm("max"), 0);
	assert_string_equal(units_time(NAN).text, "-");
	assert_string_equal(units_time_utf8(NAN * 5).text, "-");
}

static void test_overflow(void **unused)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	struct stats s;

	assert_non_null(h);
	iommubench_hist_add(h, 1000);
	iommubench_hist_add(h, 1ULL << 50);
	stats_compute(&s, h, 1);
	assert_true(s.max == (double)(1ULL << 50));
	assert_true(s.p50 == 1000 && isnan(s.p90) && isnan(s.p99));
	assert_true(isfinite(s.stddev) && s.stddev > 0);
	free(h);
}

static void test_units(void **unused)
{
	assert_string_equal(units_time(0).text, "0 ns");
	assert_string_equal(units_time(16).text, "16 ns");
	assert_string_equal(units_time(1.25).text, "1.25 ns");
	assert_string_equal(units_time(999.4).text, "999 ns");
	assert_string_equal(units_time(999.6).text, "1.00 us");
	assert_string_equal(units_time(2812).text, "2.81 us");
	assert_string_equal(units_time(45678).text, "45.7 us");
	assert_string_equal(units_time(1e6).text, "1.00 ms");
	assert_string_equal(units_time(60e9).text, "60.0 s");
	assert_string_equal(units_time(6000e9).text, "6000 s");
	assert_string_equal(units_time_utf8(1500).text, "1.50 \u00b5s");
	assert_string_equal(units_rate(0).text, "0");
	assert_string_equal(units_rate(345600).text, "346 k");
	assert_string_equal(units_rate(1.5e6).text, "1.50 M");
	assert_string_equal(units_size(4096).text, "4 KiB");
	assert_string_equal(units_size(2 << 20).text, "2 MiB");
	assert_string_equal(units_size(1ULL << 30).text, "1 GiB");
	assert_string_equal(units_size(5000).text, "5000 B");
	assert_string_equal(units_size(0).text, "0 B");
	assert_string_equal(units_size(9999).text, "9999 B");
	assert_string_equal(units_size(991616ULL << 10).text, "968 MiB");
	assert_string_equal(units_size(UINT64_MAX).text, "16777216 TiB");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uniform),
		cmocka_unit_test(test_exponential),
		cmocka_unit_test(test_lognormal),
		cmocka_unit_test(test_bimodal),
		cmocka_unit_test(test_constant),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_deviation),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
