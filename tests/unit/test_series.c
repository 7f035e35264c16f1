// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intervals of a run: pages as the module shows them, written between looks, and
 * the sum of what the intervals say of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "result/read.h"
#include "run/run.h"
#include "run/series.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

#define HZ		100000000ULL
#define MS		(HZ / 1000)
#define THREADS		2
#define PHASES		2
#define HIST_OFFSET	sizeof(struct iommubench_thread)
#define THREAD_BYTES	(HIST_OFFSET + PHASES * sizeof(struct iommubench_hist))

static const char *const names[PHASES] = { "map", "unmap" };

/* A run as the module describes it, and its pages. */
struct fixture {
	struct iommubench_run desc;
	char *area;
	struct series s;
	uint64_t state;
};

static struct iommubench_thread *thread(const struct fixture *f, unsigned int i)
{
	return (void *)(f->area + i * THREAD_BYTES);
}

static struct iommubench_hist *hist(const struct fixture *f, unsigned int i, unsigned int phase)
{
	return (void *)(f->area + i * THREAD_BYTES + HIST_OFFSET +
			phase * sizeof(struct iommubench_hist));
}

static void open_fixture(struct fixture *f, uint64_t interval_ns)
{
	*f = (struct fixture){
		.desc = {
			.threads = THREADS,
			.phases = PHASES,
			.thread_bytes = THREAD_BYTES,
			.hist_offset = HIST_OFFSET,
			.hist_bytes = sizeof(struct iommubench_hist),
		},
		.area = xcalloc(THREADS, THREAD_BYTES),
		.state = 1,
	};
	series_begin(&f->s, interval_ns, HZ, PHASES);
}

static void close_fixture(struct fixture *f)
{
	series_free(&f->s);
	free(f->area);
}

static void start(struct fixture *f, uint64_t tick)
{
	unsigned int i;

	memset(f->area, 0, THREADS * THREAD_BYTES);
	for (i = 0; i < THREADS; i++)
		thread(f, i)->start_tick = tick + i;
}

/* An operation with a length that differs from the last one's. */
static void work(struct fixture *f, unsigned int i, unsigned int n)
{
	while (n--) {
		/* xorshift64*: the same on every machine. */
		f->state ^= f->state >> 12;
		f->state ^= f->state << 25;
		f->state ^= f->state >> 27;
		iommubench_hist_add(hist(f, i, 0), f->state >> 44);
		iommubench_hist_add(hist(f, i, 1), 100 + (f->state >> 50));
		thread(f, i)->ops++;
	}
}

static void look(struct fixture *f, uint64_t tick)
{
	series_look(&f->s, &f->desc, f->area, tick);
}

/* The end of a run as run_execute() tells it; what all runs left is added to @sum. */
static void end(struct fixture *f, uint64_t tick, struct iommubench_hist *sum, uint64_t *ops)
{
	struct iommubench_hist *phases = xcalloc(PHASES, sizeof(*phases));
	struct iommubench_thread threads[THREADS];
	struct run_outcome o = {
		.nr_threads = THREADS, .threads = threads, .nr_phases = PHASES, .phases = phases,
	};
	unsigned int i, p;

	for (i = 0; i < THREADS; i++) {
		thread(f, i)->end_tick = tick - i;
		threads[i] = *thread(f, i);
		for (p = 0; p < PHASES; p++)
			iommubench_hist_merge(&phases[p], hist(f, i, p));
		*ops += threads[i].ops;
	}
	series_run_ended(&f->s, &o);
	for (p = 0; p < PHASES; p++)
		iommubench_hist_merge(&sum[p], &phases[p]);
	free(phases);
}

/* Every interval is a histogram, and all of them together are @sum. */
static json_t *report(struct fixture *f, const struct iommubench_hist *sum, uint64_t ops)
{
	struct iommubench_hist *all = xcalloc(PHASES, sizeof(*all)), *h = xcalloc(1, sizeof(*h));
	struct result *r = result_new("map-unmap");
	json_t *intervals, *interval, *series;
	uint64_t counted = 0;
	unsigned int p;
	double scale;
	size_t i;

	series_report(&f->s, r, names, 1e9 / HZ, 1, 0);
	series = json_incref(json_object_get(result_json(r), "series"));
	intervals = json_object_get(series, "intervals");
	json_array_foreach(intervals, i, interval) {
		counted += (uint64_t)result_number(interval, "ops");
		for (p = 0; p < PHASES; p++) {
			json_t *phase = json_object_get(json_object_get(interval, "phases"),
							names[p]);

			if (!phase)
				continue;
			assert_true(result_phase_hist(phase, h, &scale));
			assert_int_equal(h->count, (uint64_t)result_number(phase, "count"));
			assert_true(h->min >= sum[p].min && h->max <= sum[p].max);
			/* Nothing in an interval is told that would need squares. */
			assert_null(result_get(phase, "histogram.sum_squares"));
			iommubench_hist_merge(&all[p], h);
		}
	}
	assert_int_equal(counted, ops);
	for (p = 0; p < PHASES; p++) {
		if (all[p].count) {
			all[p].squares_low = sum[p].squares_low;
			all[p].squares_high = sum[p].squares_high;
		}
		assert_memory_equal(&all[p], &sum[p], sizeof(all[p]));
	}
	free(h);
	free(all);
	result_free(r);
	return series;
}

static double value(const json_t *series, size_t i, const char *key)
{
	return result_number(json_array_get(json_object_get(series, "intervals"), i), key);
}

static size_t intervals(const json_t *series)
{
	return json_array_size(json_object_get(series, "intervals"));
}

static void test_bounds(void **state)
{
	struct iommubench_hist *sum = xcalloc(PHASES, sizeof(*sum));
	uint64_t ops = 0, t0 = 5000 * MS;
	struct fixture f;
	json_t *series;

	open_fixture(&f, 10000000);
	look(&f, t0 - 1);
	assert_int_equal(series_wait_ns(&f.s, t0), 10000000);
	start(&f, t0);
	work(&f, 0, 10);
	look(&f, t0 + 2 * MS);
	assert_int_equal(series_wait_ns(&f.s, t0 + 2 * MS), 8000001);
	look(&f, t0 + 10 * MS);
	work(&f, 1, 20);
	/* Late: the interval is longer, and the next one ends where it would have. */
	look(&f, t0 + 23 * MS);
	assert_int_equal(series_wait_ns(&f.s, t0 + 23 * MS), 7000001);
	look(&f, t0 + 30 * MS);
	work(&f, 0, 5);
	end(&f, t0 + 35 * MS, sum, &ops);
	series_cut(&f.s);
	series = report(&f, sum, ops);
	assert_int_equal(intervals(series), 4);
	assert_true(result_number(series, "begin_ns") == 5e9);
	assert_true(value(series, 0, "at_ns") == 0 && value(series, 0, "length_ns") == 10e6);
	assert_true(value(series, 1, "at_ns") == 10e6 && value(series, 1, "length_ns") == 13e6);
	assert_true(value(series, 2, "at_ns") == 23e6 && value(series, 2, "length_ns") == 7e6);
	assert_true(value(series, 3, "at_ns") == 30e6 && value(series, 3, "length_ns") == 5e6);
	assert_true(value(series, 0, "ops") == 10 && value(series, 1, "ops") == 20);
	assert_true(value(series, 2, "ops") == 0 && value(series, 3, "ops") == 5);
	json_decref(series);
	close_fixture(&f);
	free(sum);
}

/* Fields that were read at different moments: the histogram's own, and its buckets. */
static void test_torn(void **state)
{
	struct iommubench_hist *sum = xcalloc(PHASES, sizeof(*sum)), *h, *kept;
	uint64_t ops = 0, t0 = 77;
	struct fixture f;
	unsigned int i;

	open_fixture(&f, 1000000);
	start(&f, t0);
	kept = xcalloc(1, sizeof(*kept));
	h = hist(&f, 0, 0);
	for (i = 0; i < 200; i++) {
		*kept = *h;
		work(&f, 0, 1 + i % 3);
		/* What a look may see while a sample is being added. */
		switch (i % 6) {
		case 0:
			h->count = kept->count;
			break;
		case 1:
			h->sum = kept->sum;
			break;
		case 2:
			h->max = kept->max;
			break;
		case 3:
			h->min = kept->count ? kept->min : h->min;
			break;
		case 4:
			memcpy(h->buckets, kept->buckets, sizeof(h->buckets));
			break;
		}
		memcpy(kept, h, sizeof(*kept));
		look(&f, t0 + (i + 1) * MS);
		/* The writer goes on: all of it is there at last. */
		iommubench_hist_init(h);
		f.state = 1;
		thread(&f, 0)->ops = 0;
		memset(hist(&f, 0, 1), 0, sizeof(*h));
		for (unsigned int j = 0; j <= i; j++)
			work(&f, 0, 1 + j % 3);
	}
	end(&f, t0 + 200 * MS + 7, sum, &ops);
	series_cut(&f.s);
	json_decref(report(&f, sum, ops));
	close_fixture(&f);
	free(kept);
	free(sum);
}

static void test_runs(void **state)
{
	struct iommubench_hist *sum = xcalloc(PHASES, sizeof(*sum));
	uint64_t ops = 0, t = 1000 * MS;
	struct fixture f;
	json_t *series;
	unsigned int run;

	open_fixture(&f, 5000000);
	for (run = 0; run < 3; run++, t += 100 * MS) {
		start(&f, t);
		look(&f, t + MS);
		work(&f, run % THREADS, 100);
		look(&f, t + 5 * MS);
		work(&f, 0, 50);
		/* A look after the end, before the tool has heard of it. */
		look(&f, t + 10 * MS);
		work(&f, 1, 1);
		end(&f, t + 9 * MS, sum, &ops);
		series_cut(&f.s);
	}
	series = report(&f, sum, ops);
	assert_int_equal(intervals(series), 6);
	assert_true(value(series, 1, "length_ns") == 4e6 && value(series, 1, "ops") == 51);
	assert_true(value(series, 2, "at_ns") == 100e6 && value(series, 2, "run") == 1);
	assert_true(value(series, 5, "run") == 2);
	json_decref(series);
	close_fixture(&f);
	free(sum);
}

/* A measurement of many short runs, with nothing looked at in some of them. */
static void test_passes(void **state)
{
	struct iommubench_hist *sum = xcalloc(PHASES, sizeof(*sum));
	uint64_t ops = 0, t = 1000 * MS;
	struct fixture f;
	json_t *series;
	unsigned int pass;

	open_fixture(&f, 10000000);
	for (pass = 0; pass < 9; pass++, t += 5 * MS) {
		start(&f, t);
		work(&f, pass % THREADS, 10 + pass);
		if (pass % 3)
			look(&f, t + 2 * MS);
		end(&f, t + 3 * MS, sum, &ops);
	}
	series_cut(&f.s);
	series = report(&f, sum, ops);
	assert_in_range(intervals(series), 3, 5);
	json_decref(series);
	close_fixture(&f);
	free(sum);
}

static void test_bounded(void **state)
{
	struct iommubench_hist *sum = xcalloc(PHASES, sizeof(*sum));
	uint64_t ops = 0, t0 = MS, i;
	struct fixture f;
	json_t *series;

	open_fixture(&f, 1000000);
	start(&f, t0);
	for (i = 1; i <= 5 * SERIES_MAX_INTERVALS; i++) {
		work(&f, i % THREADS, 3);
		look(&f, t0 + i * MS);
	}
	end(&f, t0 + i * MS, sum, &ops);
	series_cut(&f.s);
	series = report(&f, sum, ops);
	assert_true(intervals(series) <= SERIES_MAX_INTERVALS);
	assert_true(intervals(series) >= SERIES_MAX_INTERVALS / 2);
	assert_true(result_number(series, "interval_ns") == 8e6);
	assert_true(result_number(series, "asked_ns") == 1e6);
	assert_true(value(series, 1, "at_ns") == 8e6);
	json_decref(series);
	close_fixture(&f);

	/* More runs than intervals: there is no other way than to join those of different runs. */
	memset(sum, 0, PHASES * sizeof(*sum));
	ops = 0;
	open_fixture(&f, 1000000000);
	for (i = 0; i < 2 * SERIES_MAX_INTERVALS + 1; i++) {
		start(&f, (i + 1) * MS);
		work(&f, 0, 2);
		end(&f, (i + 1) * MS + MS / 2, sum, &ops);
		series_cut(&f.s);
	}
	series = report(&f, sum, ops);
	assert_true(intervals(series) <= SERIES_MAX_INTERVALS);
	json_decref(series);
	close_fixture(&f);
	free(sum);
}

static void test_none(void **state)
{
	struct fixture f;
	struct result *r = result_new("map-unmap");

	open_fixture(&f, 0);
	start(&f, 5);
	look(&f, 50);
	series_cut(&f.s);
	assert_true(series_wait_ns(&f.s, 5) == UINT64_MAX);
	series_report(&f.s, r, names, 1, 1, 0);
	assert_null(json_object_get(result_json(r), "series"));
	close_fixture(&f);

	/* A run that was over before it began to count. */
	open_fixture(&f, 1000000);
	look(&f, 50);
	series_cut(&f.s);
	series_report(&f.s, r, names, 1, 1, 0);
	assert_int_equal(json_array_size(result_get(result_json(r), "series.intervals")), 0);
	close_fixture(&f);
	result_free(r);
}

/* Numbers from elsewhere, which count on and on. */
enum { MISSES, AGAIN, WALKS, REFUSED, SHARED, COLUMNS };

static void read_counts(void *arg, struct series_count *counts)
{
	memcpy(counts, arg, COLUMNS * sizeof(*counts));
}

static json_t *describe_column(void *arg, size_t i)
{
	static const char *const words[COLUMNS] = {
		[MISSES] = "misses", [AGAIN] = "misses", [WALKS] = "walks", [SHARED] = "shared",
	};

	return words[i] ? json_pack("{s:s}", "name", words[i]) : NULL;
}

/* Of the counter that shares a PMU: what it saw, and how long that was of 10 ms. */
static void count(struct series_count *counts, unsigned int n, unsigned int seen, unsigned int ms)
{
	counts[MISSES].value += n;
	counts[AGAIN].value += 1000;
	counts[WALKS].value += 2 * n;
	counts[REFUSED].value += 1000;
	counts[SHARED].value += seen;
	counts[SHARED].enabled_ns += 10000000;
	counts[SHARED].running_ns += ms * 1000000;
}

static void test_source(void **state)
{
	struct iommubench_hist *sum = xcalloc(PHASES, sizeof(*sum));
	struct series_count counts[COLUMNS] = { { .value = 1000 }, { .value = 1000 } };
	uint64_t ops = 0, t0 = MS;
	struct fixture f;
	json_t *series, *intervals;

	open_fixture(&f, 0);
	f.s.source = (struct series_source){ counts, COLUMNS, read_counts, describe_column };
	series_begin(&f.s, 1000000, HZ, PHASES);
	start(&f, t0);
	/* Before the first look, which only finds that the run has begun. */
	count(counts, 3, 30, 10);
	look(&f, t0 + MS / 2);
	count(counts, 2, 20, 10);
	look(&f, t0 + MS);
	count(counts, 4, 10, 4);
	look(&f, t0 + 2 * MS);
	count(counts, 0, 0, 0);
	look(&f, t0 + 3 * MS);
	count(counts, 7, 5, 10);
	end(&f, t0 + 4 * MS, sum, &ops);
	/* What is counted after the last look, and between two runs, is not lost either. */
	count(counts, 1, 0, 10);
	series_cut(&f.s);
	start(&f, t0 + 10 * MS);
	count(counts, 6, 6, 10);
	end(&f, t0 + 10 * MS + MS / 2, sum, &ops);
	series_cut(&f.s);
	series = report(&f, sum, ops);
	assert_int_equal(json_array_size(json_object_get(series, "counters")), 3);
	assert_true(value(series, 0, "counters.misses") == 5);
	assert_true(value(series, 0, "counters.walks") == 10);
	assert_true(value(series, 0, "counters.shared") == 50);
	assert_true(value(series, 0, "scaled.shared") == 0);
	assert_true(value(series, 1, "counters.misses") == 4);
	assert_true(value(series, 1, "counters.shared") == 25);
	assert_true(value(series, 1, "scaled.shared") == 0.4);
	intervals = json_object_get(series, "intervals");
	assert_true(json_is_null(result_get(json_array_get(intervals, 2), "counters.shared")));
	assert_true(value(series, 3, "counters.misses") == 8);
	assert_true(value(series, 4, "counters.misses") == 6 && value(series, 4, "run") == 1);
	assert_int_equal(json_array_size(intervals), 5);
	json_decref(series);
	close_fixture(&f);
	free(sum);
}

/* Joined intervals have estimates of their own, and no count is lost. */
static void test_source_joined(void **state)
{
	struct iommubench_hist *sum = xcalloc(PHASES, sizeof(*sum));
	struct series_count counts[COLUMNS] = { { 0 } };
	uint64_t ops = 0, t0 = MS, misses = 0, i;
	json_t *series, *interval;
	struct fixture f;
	size_t k;

	open_fixture(&f, 0);
	f.s.source = (struct series_source){ counts, COLUMNS, read_counts, describe_column };
	series_begin(&f.s, 1000000, HZ, PHASES);
	start(&f, t0);
	for (i = 1; i <= 2 * SERIES_MAX_INTERVALS; i++) {
		count(counts, (unsigned int)i, 100, i % 2 ? 10 : 0);
		work(&f, 0, 1);
		look(&f, t0 + i * MS);
		misses += i;
	}
	end(&f, t0 + i * MS, sum, &ops);
	series_cut(&f.s);
	series = report(&f, sum, ops);
	json_array_foreach(json_object_get(series, "intervals"), k, interval) {
		misses -= (uint64_t)result_number(interval, "counters.misses");
		if (k > 0 && k < 100)
			assert_true(result_number(interval, "scaled.shared") == 0.5);
	}
	assert_int_equal(misses, 0);
	json_decref(series);
	close_fixture(&f);
	free(sum);
}

static void test_clock(void **state)
{
	uint64_t a = clock_ticks(), b = clock_ticks();

	assert_true(b >= a);
	assert_int_equal(clock_to_ns(3, 1000000000), 3);
	assert_int_equal(clock_to_ns(62500000, 62500000), 1000000000);
	/* Years of ticks do not overflow on the way. */
	assert_true(clock_to_ns(1ULL << 62, 1000000000) == 1ULL << 62);
	assert_true(clock_from_ns(1ULL << 62, 1000000000) == 1ULL << 62);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_passes),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_source_joined),
		cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
