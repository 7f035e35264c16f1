// SPDX-License-Identifier: GPL-2.0-only
/*
 * The histogram against what it promises: every bucket over the whole range, and
 * quantiles against the sorted samples themselves.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hist_samples.h"
#include "iommubench/hist.h"

#define LIMIT		(1ULL << IOMMUBENCH_HIST_VALUE_BITS)
#define LAST		(IOMMUBENCH_HIST_BUCKETS - 1)

/* 35 KiB each: too much for the stack. */
static struct iommubench_hist h, expected;

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void sort_samples(size_t n)
{
	qsort(samples, n, sizeof(samples[0]), by_value);
}

/* What the histogram says may be off by 1/256 of the truth, and no more. */
static void assert_close(uint64_t truth, uint64_t told)
{
	uint64_t off = truth > told ? truth - told : told - truth;

	if (off * 256 > truth)
		fail_msg("%llu was told as %llu", (unsigned long long)truth,
			 (unsigned long long)told);
}

/* --- buckets ------------------------------------------------------------- */

static void buckets_join_without_gap(void **state)
{
	uint64_t next = 0;
	unsigned int i;

	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		assert_int_equal(iommubench_hist_bucket_low(i), next);
		next += iommubench_hist_bucket_width(i);
	}
	assert_int_equal(next, LIMIT);
}

static void every_boundary_falls_into_its_bucket(void **state)
{
	unsigned int i;

	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		uint64_t low = iommubench_hist_bucket_low(i);
		uint64_t width = iommubench_hist_bucket_width(i);

		assert_int_equal(iommubench_hist_index(low), i);
		assert_int_equal(iommubench_hist_index(low + width / 2), i);
		assert_int_equal(iommubench_hist_index(low + width - 1), i);
		assert_int_equal(iommubench_hist_index(low + width), i < LAST ? i + 1 : i);
	}
}

static void no_bucket_is_wider_than_a_128th(void **state)
{
	unsigned int i;

	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		uint64_t width = iommubench_hist_bucket_width(i);

		/* A bucket of one value is exact, whatever the value. */
		if (width > 1)
			assert_true(width * 128 <= iommubench_hist_bucket_low(i));
	}
}

static void index_never_falls(void **state)
{
	unsigned int last = 0, index;
	uint64_t value;

	for (value = 0; value < 1000000; value++) {
		index = iommubench_hist_index(value);
		assert_true(index == last || index == last + 1);
		last = index;
	}
	start_rng(1);
	for (value = 1000000; value < LIMIT; value += 1 + rng() % (value / 64)) {
		index = iommubench_hist_index(value);
		assert_true(index >= last && index < IOMMUBENCH_HIST_BUCKETS);
		assert_true(iommubench_hist_bucket_low(index) <= value);
		assert_true(value - iommubench_hist_bucket_low(index) <
			    iommubench_hist_bucket_width(index));
		last = index;
	}
}

/* A value between two others is told from its bucket alone, not from the exact extremes. */
static void told_between_extremes(uint64_t value)
{
	iommubench_hist_init(&h);
	iommubench_hist_add(&h, 0);
	iommubench_hist_add(&h, value);
	iommubench_hist_add(&h, UINT64_MAX);
	assert_close(value, iommubench_hist_value_at(&h, 2));
}

static void error_is_small_over_the_whole_range(void **state)
{
	unsigned int i;

	for (i = 1; i < LAST; i++) {
		uint64_t low = iommubench_hist_bucket_low(i);

		told_between_extremes(low);
		told_between_extremes(low + iommubench_hist_bucket_width(i) - 1);
	}
	told_between_extremes(1);
	told_between_extremes(SIXTY_SECONDS);
	/* 60 s of a clock of 10 GHz. */
	told_between_extremes(10 * SIXTY_SECONDS);
}

static void huge_values_share_the_last_bucket(void **state)
{
	static const uint64_t huge[] = { LIMIT, LIMIT + 1, 1ULL << 41, 1ULL << 63, UINT64_MAX };
	uint64_t sum = 0;
	size_t i, n = sizeof(huge) / sizeof(huge[0]);

	assert_int_equal(iommubench_hist_index(LIMIT - 1), LAST);
	iommubench_hist_init(&h);
	for (i = 0; i < n; i++) {
		assert_int_equal(iommubench_hist_index(huge[i]), LAST);
		iommubench_hist_add(&h, huge[i]);
		sum += huge[i];
	}
	assert_int_equal(h.buckets[LAST], n);
	assert_int_equal(h.count, n);
	assert_int_equal(h.sum, sum);
	assert_int_equal(h.min, LIMIT);
	assert_int_equal(h.max, UINT64_MAX);
	assert_int_equal(iommubench_hist_value_at(&h, 1), LIMIT);
	assert_int_equal(iommubench_hist_value_at(&h, n), UINT64_MAX);
	assert_true(iommubench_hist_value_at(&h, 2) >= LIMIT);
}

/* --- adding -------------------------------------------------------------- */

static void empty_is_all_zeroes(void **state)
{
	memset(&h, 0xa5, sizeof(h));
	iommubench_hist_init(&h);
	memset(&expected, 0, sizeof(expected));
	assert_same(&h, &expected);
	assert_int_equal(iommubench_hist_value_at(&h, 0), 0);
	assert_int_equal(iommubench_hist_value_at(&h, 1), 0);
	assert_int_equal(iommubench_hist_pack(&h, NULL, 0), 0);
}

static void one_sample_is_exact(void **state)
{
	static const uint64_t values[] = { 0, 1, 255, 256, 257, 12345678901ULL, LIMIT, UINT64_MAX };
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		iommubench_hist_init(&h);
		iommubench_hist_add(&h, values[i]);
		assert_int_equal(h.count, 1);
		assert_int_equal(h.sum, values[i]);
		assert_int_equal(h.min, values[i]);
		assert_int_equal(h.max, values[i]);
		assert_int_equal(iommubench_hist_value_at(&h, 1), values[i]);
		assert_int_equal(h.buckets[iommubench_hist_index(values[i])], 1);
	}
}

static void zero_as_a_later_value_is_the_minimum(void **state)
{
	iommubench_hist_init(&h);
	iommubench_hist_add(&h, 5);
	iommubench_hist_add(&h, 0);
	iommubench_hist_add(&h, 7);
	assert_int_equal(h.min, 0);
	assert_int_equal(h.max, 7);
	assert_int_equal(h.sum, 12);
	assert_int_equal(h.count, 3);
}

static void check_distribution(const struct distribution *d, uint64_t (*draw)(void), size_t n)
{
	uint64_t sum = 0, in_buckets = 0;
	size_t i;

	start_rng(d->seed);
	fill(&h, draw, n);
	sort_samples(n);
	for (i = 0; i < n; i++)
		sum += samples[i];
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++)
		in_buckets += h.buckets[i];
	assert_int_equal(h.count, n);
	assert_int_equal(in_buckets, n);
	assert_int_equal(h.sum, sum);
	assert_int_equal(h.min, samples[0]);
	assert_int_equal(h.max, samples[n - 1]);
}

static void quantiles_match_sorted_samples(void **state)
{
	const struct distribution *d = *state;
	static const double quantiles[] = { 0, 0.0001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99,
					    0.999, 0.9999, 0.99999, 1 };
	size_t i;

	check_distribution(d, d->draw, SAMPLES);
	for (i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++) {
		uint64_t rank = (uint64_t)ceil(quantiles[i] * SAMPLES);

		if (!rank)
			rank = 1;
		assert_close(samples[rank - 1], iommubench_hist_value_at(&h, rank));
	}
	assert_int_equal(iommubench_hist_value_at(&h, 1), samples[0]);
	assert_int_equal(iommubench_hist_value_at(&h, SAMPLES), samples[SAMPLES - 1]);
}

static void every_rank_matches_sorted_samples(void **state)
{
	const struct distribution *d = *state;
	size_t n = 3000;
	uint64_t rank;

	check_distribution(d, d->draw, n);
	for (rank = 1; rank <= n; rank++)
		assert_close(samples[rank - 1], iommubench_hist_value_at(&h, rank));
	/* Ranks outside mean the ends. */
	assert_int_equal(iommubench_hist_value_at(&h, 0), samples[0]);
	assert_int_equal(iommubench_hist_value_at(&h, n + 1), samples[n - 1]);
	assert_int_equal(iommubench_hist_value_at(&h, UINT64_MAX), samples[n - 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_join_without_gap),
		cmocka_unit_test(every_boundary_falls_into_its_bucket),
		cmocka_unit_test(no_bucket_is_wider_than_a_128th),
		cmocka_unit_test(index_never_falls),
		cmocka_unit_test(error_is_small_over_the_whole_range),
		cmocka_unit_test(huge_values_share_the_last_bucket),
		cmocka_unit_test(empty_is_all_zeroes),
		cmocka_unit_test(one_sample_is_exact),
		cmocka_unit_test(zero_as_a_later_value_is_the_minimum),
		FOR_EACH_DISTRIBUTION(quantiles_match_sorted_samples),
		FOR_EACH_DISTRIBUTION(every_rank_matches_sorted_samples),
	};

	return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
