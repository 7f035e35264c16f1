/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pictures of iopf, a file each.
 */
#ifndef IOMMUBENCH_IOPF_VIEW_INTERNAL_H
#define IOMMUBENCH_IOPF_VIEW_INTERNAL_H

#include "plot/draw.h"

/**
 * iopf_stage_pictures() - the stages of a fault on top of each other, p50 and p99
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 *
 * Return: 0, or -1. So do all that follow.
 */
int iopf_stage_pictures(const struct plot *plot, unsigned int set, struct error *e);

/**
 * iopf_load_pictures() - latency and throughput by offered rate and by accesses under way
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 */
int iopf_load_pictures(const struct plot *plot, unsigned int set, struct error *e);

/**
 * iopf_cpu_pictures() - faults of the device beside those of the CPU, by kind
 * @plot: where to and from what
 * @set: the set
 * @e: receives why that was not possible
 */
int iopf_cpu_pictures(const struct plot *plot, unsigned int set, struct error *e);

#endif
