/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The points of a set of tlb-flush results, and which of them belong side by side.
 */
#ifndef IOMMUBENCH_FLUSH_VIEW_POINTS_H
#define IOMMUBENCH_FLUSH_VIEW_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flush/view/crossover.h"
#include "flush/view/strategies.h"
#include "points/folder.h"

/**
 * struct flush_setting - what strategies are compared at
 * @size: bytes of a mapping
 * @mappings: mappings in a round
 * @threads: threads that unmap at once
 * @domains: "shared" or "per-thread"
 */
struct flush_setting {
	uint64_t size;
	uint64_t mappings;
	unsigned int threads;
	const char *domains;
};

/**
 * struct flush_params - what a point was measured with
 * @strategy: a word, which need not be in flush_strategies
 * @setting: everything else that it was measured with
 */
struct flush_params {
	const char *strategy;
	struct flush_setting setting;
};

/**
 * flush_params_load() - read what a result was measured with
 * @result: a result of tlb-flush
 *
 * Return: a struct flush_params, which the caller frees.
 */
void *flush_params_load(const json_t *result);

/**
 * flush_of() - what a point was measured with
 * @point: point of a set of tlb-flush results
 */
const struct flush_params *flush_of(const struct point *point);

/**
 * flush_find() - a strategy's point
 * @folder: the folder
 * @set: number of the set
 * @setting: what it was measured with
 * @strategy: number of the strategy in flush_strategies
 *
 * Return: the point, or NULL when that was not measured.
 */
const struct point *flush_find(const struct folder *folder, unsigned int set,
			       const struct flush_setting *setting, unsigned int strategy);

/**
 * flush_settings() - all settings of a set, in the order of the points
 * @folder: the folder
 * @set: the set
 * @n: receives the number of settings
 *
 * Return: the settings, which the caller frees.
 */
struct flush_setting *flush_settings(const struct folder *folder, unsigned int set, size_t *n);

/**
 * flush_cost() - what a round costs
 * @point: the point, or NULL
 *
 * Return: unmapping and invalidating together, or NULL when that was not measured.
 */
const struct point_phase *flush_cost(const struct point *point);

/**
 * flush_exposure() - how long the device still reached the memory
 * @point: the point, or NULL
 *
 * Return: a sample a round, 0 where no access succeeded; NULL when that was not measured.
 */
const struct point_phase *flush_exposure(const struct point *point);

/**
 * flush_crossover() - where a full flush begins to beat invalidating page by page
 * @folder: the folder
 * @set: the set
 * @setting: size, threads and domains that the points must have
 */
struct crossover flush_crossover(const struct folder *folder, unsigned int set,
				 const struct flush_setting *setting);

/**
 * flush_why_no() - why a part of a point was not measured
 * @point: the point
 * @part: "exposure", "device" or "commands"
 *
 * Return: the reason, or words that say that there is none.
 */
const char *flush_why_no(const struct point *point, const char *part);

#endif
