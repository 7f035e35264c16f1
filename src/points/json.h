/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of points for programs.
 */
#ifndef IOMMUBENCH_POINTS_JSON_H
#define IOMMUBENCH_POINTS_JSON_H

#include <jansson.h>

#include "points/folder.h"

/* Gives a new object that says what was measured at a point. */
typedef json_t *(*points_json_point)(const struct folder *folder, const struct point *point);

/**
 * points_json_runs() - what results a point is of, and how far its runs are apart
 * @to: object that receives file, complete, repeats, runs, cut_short, ops_per_s and its extremes
 * @point: the point
 */
void points_json_runs(json_t *to, const struct point *point);

/**
 * points_json_set() - a set with its points
 * @folder: the folder
 * @set: number of the set
 * @point: what becomes of each point
 *
 * Return: a new reference, with the keys subcommand, variant and points.
 */
json_t *points_json_set(const struct folder *folder, unsigned int set, points_json_point point);

/**
 * points_json() - all sets of a kind
 * @folder: the folder
 * @kind: the kind
 * @point: what becomes of each point
 * @list: receives an object for each set
 */
void points_json(const struct folder *folder, const struct result_kind *kind,
		 points_json_point point, json_t *list);

#endif
