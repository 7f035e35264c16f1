/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What makes points of results: for folder.c alone.
 */
#ifndef IOMMUBENCH_POINTS_INTERNAL_H
#define IOMMUBENCH_POINTS_INTERNAL_H

#include "points/folder.h"

/**
 * entries_set_apart() - give each result its variant
 * @folder: the folder, with its results
 */
void entries_set_apart(struct folder *folder);

/**
 * entries_compare_sets() - order of the sets that results are in
 * @a: a result
 * @b: another one
 *
 * Return: as strcmp().
 */
int entries_compare_sets(const struct entry *a, const struct entry *b);

/**
 * entries_compare() - order of sets, and in a set by the keys of its kind
 * @a: a result
 * @b: another one
 *
 * Return: as strcmp(); 0 for results that belong to the same point.
 */
int entries_compare(const struct entry *a, const struct entry *b);

/**
 * points_make() - make the points, and number the sets
 * @folder: the folder, with its results and their variants
 */
void points_make(struct folder *folder);

/**
 * points_free() - give the points back
 * @folder: the folder
 */
void points_free(struct folder *folder);

/**
 * results_together() - one object of several results of a point
 * @point: what was found of them: phases, rates and spread
 * @list: the results; the first has what they have in common
 * @n: entries at @list
 *
 * Return: a new reference; of a single result that result itself.
 */
json_t *results_together(const struct point *point, struct entry **list, size_t n);

#endif
