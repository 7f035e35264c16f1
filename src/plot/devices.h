/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of devices that worked at the same time, side by side.
 */
#ifndef IOMMUBENCH_PLOT_DEVICES_H
#define IOMMUBENCH_PLOT_DEVICES_H

#include "plot/draw.h"

/**
 * plot_devices() - draw the throughput of devices together, and alone where that was measured
 * @plot: where to and from what
 * @set: of the points; what devices did together is drawn with the first of them
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_devices(const struct plot *plot, unsigned int set, struct error *e);

#endif
