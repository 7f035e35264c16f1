/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Points that differ in one setting, side by side.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_VIEW_PAIRS_H
#define IOMMUBENCH_MAP_UNMAP_VIEW_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "points/folder.h"

/**
 * map_unmap_find() - a point of map-unmap by what it is
 * @folder: the folder
 * @set: its set
 * @api: its API
 * @domain: its domain type
 * @size: its size
 * @threads: its threads
 *
 * Return: the point, or NULL when that was not measured.
 */
const struct point *map_unmap_find(const struct folder *folder, unsigned int set, const char *api,
				   const char *domain, uint64_t size, unsigned int threads);

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
 * @n: receives how many pairs
 *
 * Return: the pairs, in the order of the points; the caller frees them.
 */
struct pair *map_unmap_pairs(const struct folder *folder, size_t *n);

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
