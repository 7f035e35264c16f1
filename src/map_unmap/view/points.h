/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The points of a set of map-unmap results.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_VIEW_POINTS_H
#define IOMMUBENCH_MAP_UNMAP_VIEW_POINTS_H

#include <stdint.h>

#include "points/folder.h"

/**
 * struct map_unmap_params - what a point was measured with
 * @api: such as "dma-single"
 * @domain: as words_domain() says
 * @size: bytes of a mapping
 */
struct map_unmap_params {
	const char *api;
	const char *domain;
	uint64_t size;
};

/**
 * map_unmap_params_load() - read what a result was measured with
 * @result: a result of map-unmap
 *
 * Return: a struct map_unmap_params, which the caller frees.
 */
void *map_unmap_params_load(const json_t *result);

/**
 * map_unmap_of() - what a point was measured with
 * @point: point of a set of map-unmap results
 */
const struct map_unmap_params *map_unmap_of(const struct point *point);

/**
 * map_unmap_find() - a point by what it was measured with
 * @folder: the folder
 * @set: number of the set
 * @api: word of the API, such as "dma-single"
 * @domain: domain type, as words_domain() says
 * @size: bytes of a mapping
 * @threads: number of threads
 *
 * Return: the point, or NULL when that was not measured.
 */
const struct point *map_unmap_find(const struct folder *folder, unsigned int set, const char *api,
				   const char *domain, uint64_t size, unsigned int threads);

#endif
