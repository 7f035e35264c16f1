// SPDX-License-Identifier: GPL-2.0-only
/*
 * The histogram against what it promises: every bucket over the whole range, and
 * quantiles, merges and intervals against the sorted samples themselves.
 *
 * All samples come from fixed seeds, which are printed.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "iommubench/hist.h"

#define SAMPLES		100000
#define LIMIT		(1ULL << IOMMUBENCH_HIST_VALUE_BITS)
#define LAST		(IOMMUBENCH_HIST_BUCKETS - 1)
#define LAST_LOW	(iommubench_hist_bucket_low(LAST))
#define SIXTY_SECONDS	60000000000ULL

/* 35 KiB each: too much for the stack several times over. */
static struct iommubench_hist h, other, expected;
static struct iommubench_hist_entry entries[IOMMUBENCH_HIST_BUCKETS];
static uint64_t samples[SAMPLES];

/* --- random numbers ------------------------------------------------------ */

static uint64_t rng_state;

static void start_rng(uint64_t value)
{
	printf("# seed %llu\n", (unsigned long long)value);
	rng_state = value;
}

/* splitmix64 */
static uint64_t rng(void)
{
	uint64_t z = (rng_state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* In (0, 1), never one of the ends, so that log() is finite. */
static double rng_unit(void)
{
	return ((rng() >> 12) + 0.5) / 4503599627370496.0;
}

static double rng_normal(void)
{
	return sqrt(-2 * log(rng_unit())) * cos(2 * M_PI * rng_unit());
}

static uint64_t clamp(double value)
{
	return value >= SIXTY_SECONDS ? SIXTY_SECONDS : (uint64_t)value;
}

static uint64_t draw_uniform(void)
{
	return rng() % 1000000;
}

static uint64_t draw_exponential(void)
{
	return clamp(-2500 * log(rng_unit()));
}

static uint64_t draw_lognormal(void)
{
	return clamp(exp(7.5 + 1.2 * rng_normal()));
}

/* Heavy: with 100000 samples it reaches from 500 ns to many seconds. */
static uint64_t draw_pareto(void)
{
	return clamp(500 / pow(rng_unit(), 1 / 0.7));
}

static uint64_t draw_bimodal(void)
{
	return clamp(rng() % 100 < 97 ? 900 + 40 * rng_normal() : 250000 + 9000 * rng_normal());
}

static uint64_t draw_constant(void)
{
	return 1234567;
}

static uint64_t draw_log_uniform(void)
{
	return clamp(exp(rng_unit() * log(SIXTY_SECONDS)));
}

static uint64_t draw_huge(void)
{
	return rng() >> (rng() % 64);
}

struct distribution {
	uint64_t (*draw)(void);
	uint64_t seed;
};

/* In the order of FOR_EACH_DISTRIBUTION() below, which names them. */
static const struct distribution distributions[] = {
	{ draw_uniform, 11 },	  { draw_exponential, 12 }, { draw_lognormal, 13 },
	{ draw_pareto, 14 },	  { draw_bimodal, 15 },	    { draw_constant, 16 },
	{ draw_log_uniform, 17 },
};

#define NR_DISTRIBUTIONS (sizeof(distributions) / sizeof(distributions[0]))

static void fill(struct iommubench_hist *into, uint64_t (*draw)(void), size_t n)
{
	size_t i;

	assert_true(n <= SAMPLES);
	iommubench_hist_init(into);
	for (i = 0; i < n; i++) {
		samples[i] = draw();
		iommubench_hist_add(into, samples[i]);
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void sort_samples(size_t n)
{
	qsort(samples, n, sizeof(samples[0]), by_value);
}

static void assert_same(const struct iommubench_hist *a, const struct iommubench_hist *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->sum, b->sum);
	assert_int_equal(a->min, b->min);
	assert_int_equal(a->max, b->max);
	assert_memory_equal(a, b, sizeof(*a));
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

/* --- merging ------------------------------------------------------------- */

static void merge_is_the_histogram_of_all(void **state)
{
	size_t parts, i, n = 20000;

	start_rng(21);
	fill(&expected, draw_huge, n);
	for (parts = 1; parts <= 9; parts += 4) {
		size_t part;

		iommubench_hist_init(&h);
		for (part = 0; part < parts; part++) {
			iommubench_hist_init(&other);
			for (i = part; i < n; i += parts)
				iommubench_hist_add(&other, samples[i]);
			iommubench_hist_merge(&h, &other);
		}
		assert_same(&h, &expected);
	}
}

static void merge_of_distributions_is_the_histogram_of_all(void **state)
{
	size_t d, i;

	start_rng(22);
	iommubench_hist_init(&h);
	iommubench_hist_init(&expected);
	for (d = 0; d < NR_DISTRIBUTIONS; d++) {
		iommubench_hist_init(&other);
		for (i = 0; i < 5000; i++) {
			uint64_t value = distributions[d].draw();

			iommubench_hist_add(&other, value);
			iommubench_hist_add(&expected, value);
		}
		iommubench_hist_merge(&h, &other);
	}
	assert_same(&h, &expected);
}

static void merge_with_nothing_changes_nothing(void **state)
{
	start_rng(23);
	fill(&h, draw_lognormal, 1000);
	expected = h;
	iommubench_hist_init(&other);
	/* Meaningless in an empty one, so it must not be looked at. */
	other.min = 3;
	iommubench_hist_merge(&h, &other);
	assert_same(&h, &expected);

	iommubench_hist_init(&h);
	h.min = 3;
	iommubench_hist_merge(&h, &expected);
	assert_same(&h, &expected);
}

/* --- subtracting --------------------------------------------------------- */

static void interval_is_exact(void **state)
{
	const struct distribution *d = *state;
	uint64_t min = UINT64_MAX, max = 0;
	size_t i;

	start_rng(d->seed + 100);
	fill(&other, d->draw, SAMPLES / 2);
	h = other;
	iommubench_hist_init(&expected);
	for (i = 0; i < 1000; i++) {
		uint64_t value = d->draw();

		iommubench_hist_add(&h, value);
		iommubench_hist_add(&expected, value);
		min = value < min ? value : min;
		max = value > max ? value : max;
	}
	assert_true(iommubench_hist_subtract(&h, &other));
	assert_int_equal(h.count, expected.count);
	assert_int_equal(h.sum, expected.sum);
	assert_memory_equal(h.buckets, expected.buckets, sizeof(h.buckets));
	/* Extremes are bounds: never inside, and off by 1/128 at most. */
	assert_true(h.min <= min && (min - h.min) * 128 <= min);
	assert_true(h.max >= max && (h.max - max) * 128 <= max);
}

static void interval_keeps_huge_values(void **state)
{
	iommubench_hist_init(&other);
	iommubench_hist_add(&other, 10);
	h = other;
	iommubench_hist_add(&h, 1ULL << 50);
	assert_true(iommubench_hist_subtract(&h, &other));
	assert_int_equal(h.count, 1);
	assert_int_equal(h.sum, 1ULL << 50);
	assert_int_equal(h.min, LAST_LOW);
	assert_int_equal(h.max, 1ULL << 50);
	assert_int_equal(h.buckets[LAST], 1);
}

static void subtracting_nothing_changes_nothing(void **state)
{
	start_rng(31);
	fill(&h, draw_huge, 1000);
	expected = h;
	iommubench_hist_init(&other);
	assert_true(iommubench_hist_subtract(&h, &other));
	assert_same(&h, &expected);
}

static void subtracting_itself_leaves_nothing(void **state)
{
	start_rng(32);
	fill(&h, draw_huge, 1000);
	other = h;
	iommubench_hist_init(&expected);
	assert_true(iommubench_hist_subtract(&h, &other));
	assert_same(&h, &expected);
}

static void subtract_refuses_what_is_not_contained(void **state)
{
	/* As many values, but another one. */
	iommubench_hist_init(&h);
	iommubench_hist_add(&h, 100);
	iommubench_hist_add(&h, 200);
	iommubench_hist_init(&other);
	iommubench_hist_add(&other, 100);
	iommubench_hist_add(&other, 5000);
	expected = h;
	assert_false(iommubench_hist_subtract(&h, &other));
	assert_same(&h, &expected);

	/* Fewer values, but another one. */
	iommubench_hist_init(&other);
	iommubench_hist_add(&other, 5000);
	assert_false(iommubench_hist_subtract(&h, &other));
	assert_same(&h, &expected);

	/* The two the wrong way round. */
	other = h;
	iommubench_hist_add(&other, 300);
	assert_false(iommubench_hist_subtract(&h, &other));
	assert_same(&h, &expected);
}

static void merge_undoes_subtract(void **state)
{
	start_rng(33);
	fill(&other, draw_log_uniform, 20000);
	expected = other;
	fill(&h, draw_pareto, 20000);
	iommubench_hist_merge(&expected, &h);
	h = expected;
	assert_true(iommubench_hist_subtract(&h, &other));
	iommubench_hist_merge(&h, &other);
	assert_int_equal(h.count, expected.count);
	assert_int_equal(h.sum, expected.sum);
	assert_memory_equal(h.buckets, expected.buckets, sizeof(h.buckets));
}

/* --- storage ------------------------------------------------------------- */

static void pack_and_unpack_give_the_same(void **state)
{
	const struct distribution *d = *state;
	unsigned int n, i;
	uint64_t count = 0;

	start_rng(d->seed + 200);
	fill(&h, d->draw, 50000);
	n = iommubench_hist_pack(&h, entries, IOMMUBENCH_HIST_BUCKETS);
	assert_true(n > 0 && n <= IOMMUBENCH_HIST_BUCKETS);
	for (i = 0; i < n; i++) {
		assert_int_equal(entries[i].reserved, 0);
		assert_true(entries[i].count > 0);
		assert_true(!i || entries[i].index > entries[i - 1].index);
		count += entries[i].count;
	}
	assert_int_equal(count, h.count);
	memset(&other, 0xa5, sizeof(other));
	assert_true(iommubench_hist_unpack(&other, entries, n, h.sum, h.min, h.max));
	assert_same(&other, &h);
}

static void full_and_empty_survive_storage(void **state)
{
	unsigned int i;

	iommubench_hist_init(&h);
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++)
		iommubench_hist_add(&h, iommubench_hist_bucket_low(i));
	iommubench_hist_add(&h, UINT64_MAX);
	assert_int_equal(iommubench_hist_pack(&h, entries, IOMMUBENCH_HIST_BUCKETS),
			 IOMMUBENCH_HIST_BUCKETS);
	assert_true(iommubench_hist_unpack(&other, entries, IOMMUBENCH_HIST_BUCKETS, h.sum,
					   h.min, h.max));
	assert_same(&other, &h);

	iommubench_hist_init(&h);
	memset(&other, 0xa5, sizeof(other));
	assert_true(iommubench_hist_unpack(&other, NULL, 0, 0, 0, 0));
	assert_same(&other, &h);
}

static void pack_stores_no_more_than_there_is_room_for(void **state)
{
	static const uint64_t values[] = { 3, 900, 70000 };
	unsigned int i;

	iommubench_hist_init(&h);
	for (i = 0; i < 3; i++)
		iommubench_hist_add(&h, values[i]);
	memset(entries, 0xa5, sizeof(entries));
	assert_int_equal(iommubench_hist_pack(&h, entries, 2), 3);
	assert_int_equal(entries[0].index, iommubench_hist_index(3));
	assert_int_equal(entries[1].index, iommubench_hist_index(900));
	assert_int_equal(entries[2].index, 0xa5a5a5a5);
	assert_int_equal(iommubench_hist_pack(&h, NULL, 0), 3);
}

static void refused(const struct iommubench_hist_entry *list, unsigned int n, uint64_t sum,
		    uint64_t min, uint64_t max)
{
	iommubench_hist_init(&expected);
	memset(&other, 0xa5, sizeof(other));
	assert_false(iommubench_hist_unpack(&other, list, n, sum, min, max));
	assert_same(&other, &expected);
}

static void unpack_refuses_what_no_histogram_gives(void **state)
{
	const struct iommubench_hist_entry good[] = { { 10, 0, 2 }, { 20, 0, 1 }, { 30, 0, 4 } };
	struct iommubench_hist_entry bad[3];

	assert_true(iommubench_hist_unpack(&other, good, 3, 160, 10, 30));

	/* Index out of range. */
	memcpy(bad, good, sizeof(bad));
	bad[2].index = IOMMUBENCH_HIST_BUCKETS;
	refused(bad, 3, 160, 10, UINT64_MAX);
	bad[2].index = UINT32_MAX;
	refused(bad, 3, 160, 10, UINT64_MAX);
	/* Out of order, and twice the same. */
	memcpy(bad, good, sizeof(bad));
	bad[1].index = 5;
	refused(bad, 3, 160, 10, 30);
	bad[1].index = 10;
	refused(bad, 3, 160, 10, 30);
	bad[1].index = 30;
	refused(bad, 3, 160, 10, 30);
	/* A count of 0, at each place. */
	memcpy(bad, good, sizeof(bad));
	bad[0].count = 0;
	refused(bad, 3, 160, 10, 30);
	memcpy(bad, good, sizeof(bad));
	bad[2].count = 0;
	refused(bad, 3, 160, 10, 30);
	/* Counts that no counter holds. */
	memcpy(bad, good, sizeof(bad));
	bad[0].count = UINT64_MAX;
	refused(bad, 3, 160, 10, 30);
	memcpy(bad, good, sizeof(bad));
	bad[0].count = 1ULL << 63;
	bad[1].count = 1ULL << 63;
	refused(bad, 2, 160, 10, 20);
	/* Extremes outside the first and the last bucket, or the wrong way round. */
	refused(good, 3, 160, 9, 30);
	refused(good, 3, 160, 11, 30);
	refused(good, 3, 160, 10, 29);
	refused(good, 3, 160, 10, 31);
	refused(good, 3, 160, 10, UINT64_MAX);
	refused(good, 3, 160, 0, 0);
	refused(good, 3, 160, 30, 10);
	/* One bucket, whose extremes differ the wrong way round within it. */
	bad[0].index = iommubench_hist_index(1000000);
	bad[0].count = 2;
	assert_true(iommubench_hist_unpack(&other, bad, 1, 2000001, 1000000, 1000001));
	refused(bad, 1, 2000001, 1000001, 1000000);
	/* Nothing, which yet has a sum or extremes. */
	refused(NULL, 0, 1, 0, 0);
	refused(NULL, 0, 0, 1, 0);
	refused(NULL, 0, 0, 0, 1);
}

/* Whatever is thrown at unpack, what it takes packs to the same again. */
static void unpack_takes_only_what_packs_again(void **state)
{
	static struct iommubench_hist_entry again[8];
	unsigned int round, i, n, taken = 0;

	start_rng(41);
	for (round = 0; round < 20000; round++) {
		uint64_t min, max;

		n = 1 + rng() % 8;
		for (i = 0; i < n; i++) {
			unsigned int last = i ? entries[i - 1].index : rng() % 50;

			entries[i].index = last + (rng() % 40 ? rng() % 700 : 0);
			entries[i].reserved = 0;
			entries[i].count = rng() % 60;
		}
		min = iommubench_hist_bucket_low(entries[0].index % IOMMUBENCH_HIST_BUCKETS);
		max = iommubench_hist_bucket_low(entries[n - 1].index % IOMMUBENCH_HIST_BUCKETS);
		if (!iommubench_hist_unpack(&h, entries, n, rng(), min, max))
			continue;
		taken++;
		assert_int_equal(iommubench_hist_pack(&h, again, 8), n);
		assert_memory_equal(again, entries, n * sizeof(entries[0]));
		assert_true(iommubench_hist_value_at(&h, 1) == min);
		assert_true(iommubench_hist_value_at(&h, h.count) == max);
	}
	/* Both outcomes must have been seen often for this to mean anything. */
	assert_true(taken > 1000 && taken < 19000);
}

#define FOR_DISTRIBUTION(test, name, i)					\
	{ #test " (" name ")", test, NULL, NULL, (void *)&distributions[i] }
#define FOR_EACH_DISTRIBUTION(test)					\
	FOR_DISTRIBUTION(test, "uniform", 0),				\
	FOR_DISTRIBUTION(test, "exponential", 1),			\
	FOR_DISTRIBUTION(test, "lognormal", 2),				\
	FOR_DISTRIBUTION(test, "pareto", 3),				\
	FOR_DISTRIBUTION(test, "bimodal", 4),				\
	FOR_DISTRIBUTION(test, "constant", 5),				\
	FOR_DISTRIBUTION(test, "log-uniform", 6)

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
		cmocka_unit_test(merge_is_the_histogram_of_all),
		cmocka_unit_test(merge_of_distributions_is_the_histogram_of_all),
		cmocka_unit_test(merge_with_nothing_changes_nothing),
		FOR_EACH_DISTRIBUTION(interval_is_exact),
		cmocka_unit_test(interval_keeps_huge_values),
		cmocka_unit_test(subtracting_nothing_changes_nothing),
		cmocka_unit_test(subtracting_itself_leaves_nothing),
		cmocka_unit_test(subtract_refuses_what_is_not_contained),
		cmocka_unit_test(merge_undoes_subtract),
		FOR_EACH_DISTRIBUTION(pack_and_unpack_give_the_same),
		cmocka_unit_test(full_and_empty_survive_storage),
		cmocka_unit_test(pack_stores_no_more_than_there_is_room_for),
		cmocka_unit_test(unpack_refuses_what_no_histogram_gives),
		cmocka_unit_test(unpack_takes_only_what_packs_again),
	};

	return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
