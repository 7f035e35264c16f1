/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pictures of tlb-flush, a file each.
 */
#ifndef IOMMUBENCH_FLUSH_PICTURES_INTERNAL_H
#define IOMMUBENCH_FLUSH_PICTURES_INTERNAL_H

#include "flush/pictures/panels.h"

/**
 * flush_device() - any of the device's latencies
 * @point: the point, or NULL
 *
 * Return: one of them, or NULL when none was measured.
 */
const struct point_phase *flush_device(const struct point *point);

/**
 * flush_draw_scatter() - cost against exposure
 * @picture: receives the picture
 * @p: panels of the picture
 * @e: receives why that was not possible
 *
 * Return: 0, or -1. So do all that follow.
 */
int flush_draw_scatter(struct picture *picture, const struct flush_panels *p, struct error *e);

/**
 * flush_draw_exposure() - rounds still exposed by time
 * @picture: receives the picture
 * @p: panels of the picture
 * @e: receives why that was not possible
 */
int flush_draw_exposure(struct picture *picture, const struct flush_panels *p, struct error *e);

/**
 * flush_draw_device() - latencies of the device's accesses
 * @picture: receives the picture
 * @p: panels of the picture
 * @e: receives why that was not possible
 */
int flush_draw_device(struct picture *picture, const struct flush_panels *p, struct error *e);

/**
 * flush_describe_scatter() - the same in words, for who cannot see it
 * @p: panels of the picture
 *
 * Return: a string that the caller frees. So do the others.
 */
char *flush_describe_scatter(const struct flush_panels *p);

/**
 * flush_describe_exposure() - the same in words
 * @p: panels of the picture
 */
char *flush_describe_exposure(const struct flush_panels *p);

/**
 * flush_describe_device() - the same in words
 * @p: panels of the picture
 */
char *flush_describe_device(const struct flush_panels *p);

/**
 * flush_range_pictures() - cost by range, a panel for each size of a mapping
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 */
int flush_range_pictures(const struct plot *plot, unsigned int set, struct error *e);

/**
 * flush_scaling_pictures() - by number of threads, a column for each round
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 */
int flush_scaling_pictures(const struct plot *plot, unsigned int set, struct error *e);

#endif
