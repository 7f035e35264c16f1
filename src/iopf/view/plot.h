/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of iopf: where the time of a fault goes, what load does to it, and what the same fault
 * costs the CPU.
 */
#ifndef IOMMUBENCH_IOPF_VIEW_PLOT_H
#define IOMMUBENCH_IOPF_VIEW_PLOT_H

#include "plot/draw.h"

/**
 * plot_iopf() - draw a set of iopf results
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_iopf(const struct plot *plot, unsigned int set, struct error *e);

#endif
