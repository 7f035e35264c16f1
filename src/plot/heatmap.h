/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of latency over time, of results that were measured with --interval.
 */
#ifndef IOMMUBENCH_PLOT_HEATMAP_H
#define IOMMUBENCH_PLOT_HEATMAP_H

#include "plot/draw.h"

/**
 * plot_series() - a heat map for each result that has a series
 * @plot: where to and from what
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_series(const struct plot *plot, struct error *e);

#endif
