/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statistics of a histogram, in nanoseconds.
 */
#ifndef IOMMUBENCH_BASE_STATS_H
#define IOMMUBENCH_BASE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "iommubench/hist.h"

/**
 * struct stats - what a histogram says
 * @count: number of samples
 * @min: smallest sample, exact
 * @mean: mean of the samples, exact
 * @stddev: standard deviation of the samples: exact, or from the middles of the buckets where the
 *	sum of squares is not known
 * @p50: half of the samples are this or less; so with the other percentiles, each of which is NAN
 *	where the samples are too few to tell it
 * @p90: see @p50
 * @p99: see @p50
 * @p99_9: see @p50
 * @p99_99: see @p50
 * @max: largest sample, exact
 */
struct stats {
	uint64_t count;
	double min;
	double mean;
	double stddev;
	double p50;
	double p90;
	double p99;
	double p99_9;
	double p99_99;
	double max;
};

/**
 * stats_rank() - which of the sorted samples a percentile is
 * @count: number of samples
 * @ppm: the percentile in millionths: 990000 is p99
 *
 * Return: the smallest rank, from 1, with at least that share at or below it.
 */
uint64_t stats_rank(uint64_t count, unsigned int ppm);

/**
 * stats_tell() - whether that many samples tell a percentile
 * @count: number of samples
 * @ppm: the percentile in millionths
 *
 * A percentile that only the largest sample reaches is that maximum under another name: p99.99
 * takes 10000 samples, p99 a hundred. Any sample tells the median.
 */
bool stats_tell(uint64_t count, unsigned int ppm);

/**
 * stats_ppm() - what a percentile's name in results means
 * @name: such as "p99_9"
 *
 * Return: the percentile in millionths, 0 for what is none.
 */
unsigned int stats_ppm(const char *name);

/**
 * stats_percentile() - a percentile, off by at most 1/256
 * @h: the histogram
 * @ppm: the percentile in millionths
 * @scale: nanoseconds of one unit of @h
 *
 * Return: the percentile; NAN where there are samples, but too few to tell it.
 */
double stats_percentile(const struct iommubench_hist *h, unsigned int ppm, double scale);

/**
 * stats_compute() - all of them
 * @s: receives; all zero when @h is empty
 * @h: the histogram
 * @scale: nanoseconds of one unit of @h
 */
void stats_compute(struct stats *s, const struct iommubench_hist *h, double scale);

#endif
