/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of map-unmap: latency by percentile, operations per second by threads.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_VIEW_PLOT_H
#define IOMMUBENCH_MAP_UNMAP_VIEW_PLOT_H

#include "plot/draw.h"

/**
 * plot_map_unmap() - draw a set of map-unmap results
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_map_unmap(const struct plot *plot, unsigned int set, struct error *e);

#endif
