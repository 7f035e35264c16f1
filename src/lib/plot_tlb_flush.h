/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of tlb-flush: what each strategy costs, and how long it leaves the door open.
 */
#ifndef IOMMUBENCH_LIB_PLOT_TLB_FLUSH_H
#define IOMMUBENCH_LIB_PLOT_TLB_FLUSH_H

#include "lib/plot_draw.h"

/**
 * plot_tlb_flush() - draw a group of tlb-flush results
 * @plot: where to and from what
 * @group: the group
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_tlb_flush(const struct plot *plot, unsigned int group, struct error *e);

#endif
