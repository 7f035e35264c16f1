/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of the counters in a result's series to look at, and how fast they counted.
 */
#ifndef IOMMUBENCH_POINTS_INTERVALS_H
#define IOMMUBENCH_POINTS_INTERVALS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* More lines than that in one panel are not told apart. */
#define SERIES_COUNTS_MAX	4
#define SERIES_COUNTS_NAME	48

/**
 * struct series_counts - those that say most about an IOMMU, and have counted something
 * @nr: entries of @name that are in use
 * @name: of each; of a PMU's it is that of the event, and all PMUs that have it are added up
 */
struct series_counts {
	unsigned int nr;
	char name[SERIES_COUNTS_MAX][SERIES_COUNTS_NAME];
};

/**
 * series_counts_choose() - choose
 * @series: series of a result
 * @to: receives the names of the counters
 */
void series_counts_choose(const json_t *series, struct series_counts *to);

/**
 * series_counts_rate() - how fast one counted in some intervals that follow each other
 * @series: series of a result
 * @name: as series_counts_choose() has it
 * @first: index of the first interval
 * @last: index of the last interval
 * @rate: receives counts a second
 *
 * Return: whether that is known.
 */
bool series_counts_rate(const json_t *series, const char *name, size_t first, size_t last,
			double *rate);

#endif
