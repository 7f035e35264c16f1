/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Points of tlb-flush that were not measured, and why.
 */
#ifndef IOMMUBENCH_FLUSH_SKIPPED_H
#define IOMMUBENCH_FLUSH_SKIPPED_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/error.h"
#include "flush/point.h"

/**
 * struct flush_skipped_entry - points that this machine cannot do, or nobody can
 * @point: the first of them
 * @device: on which of several devices, NULL for all of them
 * @points: number of points that have the strategy, device and reason of @point
 * @why: the reason
 * @status: enum exit_status that it deserves
 */
struct flush_skipped_entry {
	struct flush_point point;
	const char *device;
	size_t points;
	struct error why;
	int status;
};

/**
 * struct flush_skipped - all of them, in their order; zeroes for none
 * @entries: the entries, which the owner of the list frees
 * @n: entries at @entries
 */
struct flush_skipped {
	struct flush_skipped_entry *entries;
	size_t n;
};

/**
 * flush_skip() - note that a point is not measured
 * @s: the list that the point is put into
 * @p: the point
 * @device: on which of several devices, NULL for all of them; stays the caller's
 * @why: the reason
 * @status: enum exit_status that it deserves
 */
void flush_skip(struct flush_skipped *s, const struct flush_point *p, const char *device,
		const struct error *why, int status);

/**
 * flush_skipped_json() - all of them for the index
 * @s: the list
 *
 * Return: an array, the caller's.
 */
json_t *flush_skipped_json(const struct flush_skipped *s);

/**
 * flush_skipped_print() - a line for each
 * @s: the list
 * @table: below the table on stdout, otherwise as notes on stderr
 */
void flush_skipped_print(const struct flush_skipped *s, bool table);

#endif
