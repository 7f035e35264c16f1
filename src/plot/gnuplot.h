/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs gnuplot over a script. What goes in and comes out is in memory only, so that no temporary
 * file is left behind, whatever happens; and what comes out is checked.
 */
#ifndef IOMMUBENCH_PLOT_GNUPLOT_H
#define IOMMUBENCH_PLOT_GNUPLOT_H

#include <stddef.h>

#include "base/error.h"

/**
 * gnuplot_folder() - find the folder that holds plots/
 * @e: receives why there is none
 *
 * It is $IOMMUBENCH_DATADIR, or in the tree that the tool was built in, or where it was installed.
 *
 * Return: a path that the caller frees, or NULL.
 */
char *gnuplot_folder(struct error *e);

/**
 * gnuplot_run() - draw a picture
 * @script: what gnuplot reads; it writes the picture to its standard output
 * @end: what a whole picture has within its last 64 bytes
 * @data: receives the picture, which the caller frees, or NULL
 * @bytes: receives its length
 * @e: receives why that was not possible
 *
 * gnuplot reads and writes memory only, so that no temporary file is left behind, whatever happens.
 *
 * Return: 0, or -1.
 */
int gnuplot_run(const char *script, const char *end, char **data, size_t *bytes, struct error *e);

#endif
