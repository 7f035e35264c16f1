/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of a folder of results, drawn by gnuplot.
 */
#ifndef IOMMUBENCH_PLOT_PICTURES_H
#define IOMMUBENCH_PLOT_PICTURES_H

#include "base/error.h"
#include "plot/draw.h"
#include "points/folder.h"

/**
 * plot_all() - draw all pictures
 * @pictures: receives; give it back with plot_free() in any case
 * @folder: what to draw
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_all(struct pictures *pictures, const struct folder *folder, struct error *e);

/**
 * plot_free() - give everything back
 * @pictures: what plot_all() filled in
 */
void plot_free(struct pictures *pictures);

#endif
