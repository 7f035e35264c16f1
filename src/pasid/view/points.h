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
 * pasid_is() - whether a set has results of pasid
 * @folder: the folder
 * @set: number of the set
 */
bool pasid_is(const struct folder *folder, unsigned int set);

/**
 * pasid_live() - PASIDs that were bound all the time
 * @point: the point
 */
double pasid_live(const struct point *point);

/**
 * pasid_fewer() - whether fewer were live than at another point
 * @a: the one
 * @b: the other
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
