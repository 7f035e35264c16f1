/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of io.
 */
#ifndef IOMMUBENCH_IO_VIEW_PLOT_H
#define IOMMUBENCH_IO_VIEW_PLOT_H

#include "plot/draw.h"

/**
 * plot_io() - operations, tail and CPU time by queue depth; latency by percentile
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_io(const struct plot *plot, unsigned int set, struct error *e);

#endif
