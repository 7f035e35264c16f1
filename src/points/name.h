/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of points by what they were measured with: no longer than it takes to tell them apart.
 */
#ifndef IOMMUBENCH_POINTS_NAME_H
#define IOMMUBENCH_POINTS_NAME_H

#include <stdbool.h>

#include "points/folder.h"

/**
 * struct point_setting - a parameter that is part of a name
 * @path: where it is in a result; a list of settings ends with NULL
 * @before: what is before its value in the name, or ""
 * @after: what its value is followed by, or ""
 * @always: it is in the name in any case; others are where points that agree in all such
 *	settings differ in them
 */
struct point_setting {
	const char *path;
	const char *before;
	const char *after;
	bool always;
};

/**
 * point_name() - what tells a point from the others of its set
 * @folder: the folder
 * @point: the point
 * @settings: what a name may consist of
 *
 * Return: a string that the caller frees.
 */
char *point_name(const struct folder *folder, const struct point *point,
		 const struct point_setting *settings);

/**
 * point_alike() - whether two points of a set were measured with the same settings
 * @a: a point
 * @b: another point of that set
 * @settings: settings that are compared
 */
bool point_alike(const struct point *a, const struct point *b,
		 const struct point_setting *settings);

/* One of two points of a set is before the other, such as at a lower load. */
typedef bool (*point_before)(const struct point *a, const struct point *b);

/**
 * points_find_out() - have point_alike() of a set take next to no time from now on
 * @folder: the folder
 * @set: number of the set
 * @settings: settings that will be compared
 */
void points_find_out(const struct folder *folder, unsigned int set,
		     const struct point_setting *settings);

/**
 * points_first() - of all settings of a set, the first points
 * @folder: the folder
 * @set: number of the set
 * @settings: settings that are told apart
 * @has: a point counts only if that is true
 * @before: what "first" means; of equals it is the one that is sorted first
 * @n: receives the number of points
 *
 * Return: the points, in the order of the folder; the caller frees the array.
 */
const struct point **points_first(const struct folder *folder, unsigned int set,
				  const struct point_setting *settings,
				  bool (*has)(const struct point *point), point_before before,
				  size_t *n);

#endif
