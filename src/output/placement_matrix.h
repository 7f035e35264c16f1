/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same measurement with CPUs of each NUMA node and memory of each: one
 * process a cell, which goes on as if --cpus, --mem and --output had named it.
 */
#ifndef IOMMUBENCH_OUTPUT_PLACEMENT_MATRIX_H
#define IOMMUBENCH_OUTPUT_PLACEMENT_MATRIX_H

#include "cli/options.h"
#include "device/device.h"

/**
 * placement_matrix() - measure all cells, each in a child
 * @o: the options, with an output that was probed; in a child they become those of its cell
 * @d: the device, found
 * @signals: from run_catch_signals()
 *
 * Returns EXIT_DONE in each child, which is to measure and to end then. In the calling process it
 * returns when all is done: results are written with an index beside them, and shown.
 *
 * Return: an enum exit_status; EXIT_ALREADY_DONE in the calling process when all went well.
 */
int placement_matrix(struct options *o, const struct device *d, int signals);

#endif
