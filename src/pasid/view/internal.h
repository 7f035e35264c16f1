/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pictures of pasid, a file each.
 */
#ifndef IOMMUBENCH_PASID_VIEW_INTERNAL_H
#define IOMMUBENCH_PASID_VIEW_INTERNAL_H

#include "plot/draw.h"

/**
 * pasid_live_pictures() - latency by number of live PASIDs, a column for each way to bind
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1. So do all that follow.
 */
int pasid_live_pictures(const struct plot *plot, unsigned int set, struct error *e);

/**
 * pasid_percentile_pictures() - bind and unbind by percentile, a line for each way to bind
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 */
int pasid_percentile_pictures(const struct plot *plot, unsigned int set, struct error *e);

#endif
