/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pictures of a folder of results, drawn by gnuplot.
 */
#ifndef IOMMUBENCH_PLOT_PICTURES_H
#define IOMMUBENCH_PLOT_PICTURES_H

#include <stddef.h>

#include "base/error.h"
#include "points/folder.h"

/**
 * struct picture - one picture in memory
 * @name: of its files, without ".png" and ".svg"
 * @group: of the points that it shows
 * @title: its heading
 * @shows: what can be seen, for who cannot see it
 * @reading: how to read it, in two or three lines
 * @png: the picture as PNG
 * @png_bytes: length of @png
 * @svg: the picture as SVG
 * @svg_bytes: length of @svg
 */
struct picture {
	char *name;
	unsigned int group;
	char *title;
	char *shows;
	const char *reading;
	char *png;
	size_t png_bytes;
	char *svg;
	size_t svg_bytes;
};

/**
 * struct pictures - all pictures of a folder
 * @picture: the pictures
 * @n: how many
 */
struct pictures {
	struct picture *picture;
	size_t n;
};

/**
 * plot_all() - draw all pictures of all families
 * @pictures: receives; give it back with plot_free() in any case
 * @runs: what to draw
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_all(struct pictures *pictures, const struct runs *runs, struct error *e);

/**
 * plot_free() - give everything back
 * @pictures: what plot_all() filled in
 */
void plot_free(struct pictures *pictures);

#endif
