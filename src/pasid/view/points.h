/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The points of a set of pasid results.
 */
#ifndef IOMMUBENCH_PASID_VIEW_POINTS_H
#define IOMMUBENCH_PASID_VIEW_POINTS_H

#include <stdbool.h>

#include "points/folder.h"
#include "points/name.h"

/* What points are named by: all but how many PASIDs were live. */
extern const struct point_setting pasid_settings[];

/**
 * struct pasid_params - what a point was measured with
 * @kind: what PASIDs were bound to
 * @bind: how they were bound
 * @live: PASIDs that were bound all the time
 */
struct pasid_params {
	const char *kind;
	const char *bind;
	double live;
};

/**
 * pasid_params_load() - read what a result was measured with
 * @result: a result of pasid
 *
 * Return: a struct pasid_params, which the caller frees.
 */
void *pasid_params_load(const json_t *result);

/**
 * pasid_of() - what a point was measured with
 * @point: point of a set of pasid results
 */
const struct pasid_params *pasid_of(const struct point *point);

/**
 * pasid_fewer() - whether fewer PASIDs were live than at another point
 * @a: the point that may have had fewer
 * @b: the point that it is compared with
 */
bool pasid_fewer(const struct point *a, const struct point *b);

/**
 * pasid_measured() - whether binds were timed
 * @point: the point
 *
 * Return: false for cases of --lifecycle.
 */
bool pasid_measured(const struct point *point);

#endif
