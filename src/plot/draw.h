/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What pictures are drawn with: layout, key, axes, gnuplot.
 *
 * A picture is laid out in pixels, written as a gnuplot script that begins with
 * plot_begin() and ends with plot_end(), and has its looks from common.gp and
 * a script of its own in the data folder.
 */
#ifndef IOMMUBENCH_PLOT_DRAW_H
#define IOMMUBENCH_PLOT_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "points/folder.h"

/**
 * struct picture - one picture in memory
 * @name: name of its files, without ".png" and ".svg"
 * @set: number of the set whose points it shows
 * @title: heading of the picture
 * @shows: what can be seen, for who cannot see it
 * @reading: how to read it, in two or three lines
 * @tail: percentile that it shows, in millionths, or 0
 * @single: it is not of points, so that what is said of their runs does not belong here
 * @png: the picture as PNG
 * @png_bytes: length of @png
 * @svg: the picture as SVG
 * @svg_bytes: length of @svg
 */
struct picture {
	char *name;
	unsigned int set;
	char *title;
	char *shows;
	const char *reading;
	unsigned int tail;
	bool single;
	char *png;
	size_t png_bytes;
	char *svg;
	size_t svg_bytes;
};

/**
 * struct pictures - all pictures of a folder
 * @picture: the pictures
 * @n: entries at @picture
 * @left_out: results whose series has no picture, as there are too many of them
 */
struct pictures {
	struct picture *picture;
	size_t n;
	unsigned int left_out;
};

/* Panels side by side; more of them make rows or further pictures. */
#define PLOT_COLUMNS	3
/* Lines in a panel: each has a colour, a dash and a point of its own. */
#define PLOT_MAX_LINES	8
/* Texts below the panels. */
#define PLOT_MAX_NOTES	8

/**
 * struct plot - what all pictures of a folder have in common
 * @pictures: where they go
 * @folder: what to draw
 * @data: the folder that holds plots/
 */
struct plot {
	struct pictures *pictures;
	const struct folder *folder;
	const char *data;
};

/**
 * struct plot_line - how a line looks
 * @name: name in the key
 * @style: number of the line style in common.gp
 * @key_x: plot_lay_out() decides
 * @key_row: plot_lay_out() decides
 */
struct plot_line {
	char name[64];
	unsigned int style;
	unsigned int key_x;
	unsigned int key_row;
};

/**
 * struct plot_layout - where things are in a picture
 * @columns: panels side by side
 * @rows: panels on top of each other
 * @panel_x: pixels of a panel; plot_lay_out() widens them where the heading needs it
 * @panel_y: height of a panel in pixels
 * @gap_x: pixels between panels that are side by side
 * @gap_y: pixels between panels that are one above the other
 * @line: lines in the key; may be none
 * @nr_lines: entries at @line
 * @note: texts below the panels, broken into lines where they must; plot_end() frees them
 * @nr_notes: entries of @note that are in use
 * @note_rows: plot_lay_out() decides
 * @key_rows: plot_lay_out() decides
 * @pixels_x: plot_lay_out() decides
 * @pixels_y: plot_lay_out() decides
 */
struct plot_layout {
	unsigned int columns;
	unsigned int rows;
	unsigned int panel_x;
	unsigned int panel_y;
	unsigned int gap_x;
	unsigned int gap_y;
	struct plot_line *line;
	unsigned int nr_lines;
	char *note[PLOT_MAX_NOTES];
	unsigned int nr_notes;
	unsigned int note_rows;
	unsigned int key_rows;
	unsigned int pixels_x;
	unsigned int pixels_y;
};

/**
 * struct plot_text - a text that is being written
 * @f: write to it
 * @text: all of it, once it is closed
 * @bytes: length of @text
 */
struct plot_text {
	FILE *f;
	char *text;
	size_t bytes;
};

/**
 * plot_text_begin() - begin a text
 * @t: the text, which becomes empty
 */
void plot_text_begin(struct plot_text *t);

/**
 * plot_text_end() - end a text
 * @t: the text, from plot_text_begin()
 *
 * Return: the text, which the caller frees.
 */
char *plot_text_end(struct plot_text *t);

/**
 * plot_name() - begin a picture
 * @folder: what it shows a part of
 * @name: name of its files, without a set and an ending
 * @set: of the points that it shows; from the second set of a subcommand on, that is
 *	part of the name
 * @chunk: which part it is when one picture is not enough, from 0
 * @title: heading of the picture; taken over
 */
struct picture plot_name(const struct folder *folder, const char *name, unsigned int set,
			 unsigned int chunk, char *title);

/**
 * plot_add() - keep a picture, whatever became of it, under a name that no other has
 * @plot: where it goes
 * @p: the picture
 */
void plot_add(const struct plot *plot, struct picture p);

/**
 * plot_note() - add a text below the panels
 * @l: the layout, before plot_lay_out()
 * @text: the text; taken over
 */
void plot_note(struct plot_layout *l, char *text);

/**
 * plot_lay_out() - decide how large a picture is and where its key goes, and note its runs
 * @l: the layout
 * @p: the picture
 * @folder: what it shows a part of
 */
void plot_lay_out(struct plot_layout *l, const struct picture *p, const struct folder *folder);

/**
 * plot_begin() - begin a script with all that common.gp asks for
 * @s: the script
 * @l: a layout that plot_lay_out() has seen
 * @p: the picture
 * @plot: what it shows a part of
 */
void plot_begin(struct plot_text *s, const struct plot_layout *l, const struct picture *p,
		const struct plot *plot);

/**
 * plot_end() - load the picture's own script and draw, as PNG and as SVG
 * @s: the script; given back
 * @l: the layout; its notes are given back
 * @p: receives the picture
 * @plot: what it shows a part of
 * @script: name in plots/ of the data folder
 * @e: receives why that was not possible
 *
 * Return: 0, or -1.
 */
int plot_end(struct plot_text *s, struct plot_layout *l, struct picture *p,
	     const struct plot *plot, const char *script, struct error *e);

/**
 * plot_put_text() - a string for gnuplot
 * @f: the script
 * @s: the string, in which nothing is special
 */
void plot_put_text(FILE *f, const char *s);

/**
 * plot_put_tic() - the text of a tic, in which a percent sign would be special as well
 * @f: the script
 * @s: text of the tic
 */
void plot_put_tic(FILE *f, const char *s);

/**
 * plot_put_setting() - a variable for gnuplot
 * @f: the script
 * @name: name of the variable
 * @text: value of the variable
 */
void plot_put_setting(FILE *f, const char *name, const char *text);

/**
 * plot_put_element() - an element of an array for gnuplot
 * @f: the script
 * @array: name of the array
 * @i: number of the element, from 1
 * @text: value of the element
 */
void plot_put_element(FILE *f, const char *array, unsigned int i, const char *text);

#endif
