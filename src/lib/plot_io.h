/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of io.
 */
#ifndef IOMMUBENCH_LIB_PLOT_IO_H
#define IOMMUBENCH_LIB_PLOT_IO_H

#include "lib/plot_draw.h"

/**
 * plot_io() - operations, tail and CPU time by queue depth; latency by percentile
 * @plot: where to and from what
 * @group: the group
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_io(const struct plot *plot, unsigned int group, struct error *e);

#endif
