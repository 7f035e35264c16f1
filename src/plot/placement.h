/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of latency by node of the CPU and node of the memory, of --placement-matrix.
 */
#ifndef IOMMUBENCH_PLOT_PLACEMENT_H
#define IOMMUBENCH_PLOT_PLACEMENT_H

#include "plot/draw.h"

/**
 * placement_is() - whether a set is of results of --placement-matrix
 * @folder: the folder
 * @set: number of the set
 *
 * Other pictures show such a set by one of its cells only, so it has none of them.
 */
bool placement_is(const struct folder *folder, unsigned int set);

/**
 * plot_placement() - draw a set of results of --placement-matrix
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_placement(const struct plot *plot, unsigned int set, struct error *e);

#endif
