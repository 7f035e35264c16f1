/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Points that differ in one setting, side by side.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_VIEW_PAIRS_H
#define IOMMUBENCH_MAP_UNMAP_VIEW_PAIRS_H

#include <stddef.h>

#include "points/folder.h"

/**
 * struct pair - the same measured in a strict and in a lazy domain
 * @strict: the one, or NULL
 * @lazy: the other, or NULL; one of them is there
 */
struct pair {
	const struct point *strict;
	const struct point *lazy;
};

/**
 * map_unmap_pairs() - all that map-unmap measured in a strict or a lazy domain
 * @folder: the folder
 * @kind: the kind of map-unmap
 * @n: receives the number of pairs
 *
 * Return: the pairs, in the order of the points; the caller frees them.
 */
struct pair *map_unmap_pairs(const struct folder *folder, const struct result_kind *kind,
			     size_t *n);

/**
 * pair_ratio() - strict over lazy
 * @pair: the pair
 * @phase: whose latency, or NULL for operations per second
 * @ppm: percentile of the latency, in millionths
 *
 * Return: the ratio, or 0 when there is none.
 */
double pair_ratio(const struct pair *pair, const char *phase, unsigned int ppm);

#endif
