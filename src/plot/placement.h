/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of latency by node of the CPU and node of the memory, of --placement-matrix.
 */
#ifndef IOMMUBENCH_PLOT_PLACEMENT_H
#define IOMMUBENCH_PLOT_PLACEMENT_H

#include "plot/draw.h"

/**
 * placement_is() - whether a group is of results of --placement-matrix
 * @runs: the folder
 * @group: number of the group
 *
 * Other pictures show such a group by one of its cells only, so it has none of them.
 */
bool placement_is(const struct runs *runs, unsigned int group);

/**
 * plot_placement() - draw a group of results of --placement-matrix
 * @plot: where to and from what
 * @group: the group
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_placement(const struct plot *plot, unsigned int group, struct error *e);

#endif
