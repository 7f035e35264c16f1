/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of tlb-flush: what each strategy costs, and how long it leaves the door open.
 */
#ifndef IOMMUBENCH_FLUSH_PICTURES_PLOT_H
#define IOMMUBENCH_FLUSH_PICTURES_PLOT_H

#include "plot/draw.h"

/**
 * plot_tlb_flush() - draw a set of tlb-flush results
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_tlb_flush(const struct plot *plot, unsigned int set, struct error *e);

#endif
