/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What figures of a result can be: those of results/schema/iommubench-result-1.schema.json, which
 * a test compares with these.
 */
#ifndef IOMMUBENCH_RESULT_BOUNDS_H
#define IOMMUBENCH_RESULT_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* Of every number without a row: nanoseconds of 31 years, or as many of anything. */
#define RESULT_FIGURE_MAX	1e18

/**
 * struct result_bound - what a figure can be, wherever it is in a result
 * @key: its key, or that of the object that it is in, a dot and its key
 * @min: the least that it can be
 * @max: the most that it can be
 * @above: it is more than @min, not equal to it
 */
struct result_bound {
	const char *key;
	double min;
	double max;
	bool above;
};

/**
 * struct result_room - how long a list can be, wherever it is in a result
 * @key: its key
 * @max: elements
 */
struct result_room {
	const char *key;
	size_t max;
};

/* All figures that have bounds of their own; ended by one without a key. */
extern const struct result_bound result_bounds[];

/* All lists that have; ended by one without a key. */
extern const struct result_room result_rooms[];

/**
 * result_bound_of() - what a figure can be
 * @in: key of the object that it is in, or ""
 * @key: its key
 *
 * Return: its row of result_bounds, or what holds for all others, with the key "".
 */
const struct result_bound *result_bound_of(const char *in, const char *key);

/**
 * result_bounds_kept() - whether all figures of a result are what they can be
 * @result: any JSON value
 * @err: receives one line that names the first that is not
 * @n: room at @err
 */
bool result_bounds_kept(const json_t *result, char *err, size_t n);

#endif
