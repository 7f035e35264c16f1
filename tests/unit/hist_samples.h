/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Samples of many kinds for the tests of the histogram, from fixed seeds, which are printed.
 * Included after cmocka.h.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_HIST_SAMPLES_H
#define IOMMUBENCH_TESTS_UNIT_HIST_SAMPLES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "iommubench/hist.h"

#define SAMPLES		100000
#define SIXTY_SECONDS	60000000000ULL

static uint64_t samples[SAMPLES];

/* --- random numbers ------------------------------------------------------ */

static uint64_t rng_state;

static inline void start_rng(uint64_t value)
{
	printf("# seed %llu\n", (unsigned long long)value);
	rng_state = value;
}

/* splitmix64 */
static inline uint64_t rng(void)
{
	uint64_t z = (rng_state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* In (0, 1), never one of the ends, so that log() is finite. */
static inline double rng_unit(void)
{
	return ((rng() >> 12) + 0.5) / 4503599627370496.0;
}

static inline double rng_normal(void)
{
	return sqrt(-2 * log(rng_unit())) * cos(2 * M_PI * rng_unit());
}

static inline uint64_t clamp(double value)
{
	return value >= SIXTY_SECONDS ? SIXTY_SECONDS : (uint64_t)value;
}

static inline uint64_t draw_uniform(void)
{
	return rng() % 1000000;
}

static inline uint64_t draw_exponential(void)
{
	return clamp(-2500 * log(rng_unit()));
}

static inline uint64_t draw_lognormal(void)
{
	return clamp(exp(7.5 + 1.2 * rng_normal()));
}

/* Heavy: with 100000 samples it reaches from 500 ns to many seconds. */
static inline uint64_t draw_pareto(void)
{
	return clamp(500 / pow(rng_unit(), 1 / 0.7));
}

static inline uint64_t draw_bimodal(void)
{
	return clamp(rng() % 100 < 97 ? 900 + 40 * rng_normal() : 250000 + 9000 * rng_normal());
}

static inline uint64_t draw_constant(void)
{
	return 1234567;
}

static inline uint64_t draw_log_uniform(void)
{
	return clamp(exp(rng_unit() * log(SIXTY_SECONDS)));
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

static inline void fill(struct iommubench_hist *into, uint64_t (*draw)(void), size_t n)
{
	size_t i;

	assert_true(n <= SAMPLES);
	iommubench_hist_init(into);
	for (i = 0; i < n; i++) {
		samples[i] = draw();
		iommubench_hist_add(into, samples[i]);
	}
}

static inline void assert_same(const struct iommubench_hist *a, const struct iommubench_hist *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->sum, b->sum);
	assert_int_equal(a->min, b->min);
	assert_int_equal(a->max, b->max);
	assert_memory_equal(a, b, sizeof(*a));
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

#endif /* IOMMUBENCH_TESTS_UNIT_HIST_SAMPLES_H */
