/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of pasid: what a bind and an unbind cost, and what live PASIDs do to that.
 */
#ifndef IOMMUBENCH_PASID_VIEW_PLOT_H
#define IOMMUBENCH_PASID_VIEW_PLOT_H

#include "plot/draw.h"

/**
 * plot_pasid() - draw a set of pasid results
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_pasid(const struct plot *plot, unsigned int set, struct error *e);

#endif
