// SPDX-License-Identifier: GPL-2.0-only
/*
 * Histograms merged, subtracted and stored, against the histogram of the same samples.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hist_samples.h"
#include "iommubench/hist.h"

#define LAST		(IOMMUBENCH_HIST_BUCKETS - 1)
#define LAST_LOW	(iommubench_hist_bucket_low(LAST))
#define NR_DISTRIBUTIONS (sizeof(distributions) / sizeof(distributions[0]))

/* 35 KiB each: too much for the stack several times over. */
static struct iommubench_hist h, other, expected;
static struct iommubench_hist_entry entries[IOMMUBENCH_HIST_BUCKETS];

static uint64_t draw_huge(void)
{
	return rng() >> (rng() % 64);
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

/* What one of them does not know, both together do not either. */
static void merge_with_unknown_squares_is_unknown(void **state)
{
	start_rng(24);
	fill(&other, draw_lognormal, 1000);
	other.squares_low = 0;
	other.squares_high = 0;
	assert_false(iommubench_hist_squares_known(&other));
	fill(&h, draw_lognormal, 1000);
	assert_true(iommubench_hist_squares_known(&h));
	expected = h;
	iommubench_hist_merge(&h, &other);
	assert_false(iommubench_hist_squares_known(&h));
	iommubench_hist_merge(&other, &expected);
	assert_false(iommubench_hist_squares_known(&other));
	assert_true(iommubench_hist_subtract(&other, &expected));
	assert_false(iommubench_hist_squares_known(&other));
}

static void squares_are_exact(void **state)
{
	__uint128_t squares = 0, got;
	size_t i;

	start_rng(25);
	fill(&h, draw_huge, 20000);
	for (i = 0; i < 20000; i++)
		squares += (__uint128_t)samples[i] * samples[i];
	got = h.squares_high;
	assert_true((got << 64 | h.squares_low) == squares);
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
	assert_int_equal(h.squares_low, expected.squares_low);
	assert_int_equal(h.squares_high, expected.squares_high);
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
	assert_int_equal(h.squares_low, expected.squares_low);
	assert_int_equal(h.squares_high, expected.squares_high);
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
	assert_false(iommubench_hist_squares_known(&other));
	other.squares_low = h.squares_low;
	other.squares_high = h.squares_high;
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
	other.squares_low = h.squares_low;
	other.squares_high = h.squares_high;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merge_is_the_histogram_of_all),
		cmocka_unit_test(merge_of_distributions_is_the_histogram_of_all),
		cmocka_unit_test(merge_with_nothing_changes_nothing),
		cmocka_unit_test(merge_with_unknown_squares_is_unknown),
		cmocka_unit_test(squares_are_exact),
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

	return cmocka_run_group_tests_name("hist-pack", tests, NULL, NULL);
}
