/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What several results of one point say together.
 */
#ifndef IOMMUBENCH_POINTS_TOGETHER_H
#define IOMMUBENCH_POINTS_TOGETHER_H

#include <stddef.h>

#include <jansson.h>

#include "points/folder.h"

/**
 * results_together() - one object of several results
 * @point: what was found of them: phases, rates and spread
 * @list: the results; the first has what they have in common
 * @n: entries at @list
 *
 * Return: a new reference; of a single result that result itself.
 */
json_t *results_together(const struct point *point, struct entry **list, size_t n);

#endif
