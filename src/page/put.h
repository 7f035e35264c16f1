/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the page are written with.
 */
#ifndef IOMMUBENCH_PAGE_PUT_H
#define IOMMUBENCH_PAGE_PUT_H

#include <stdio.h>

#include "points/folder.h"

/* Where a figure would be. */
#define HTML_NONE	"\u2013"

/**
 * html_put_cell() - a cell of a table
 * @f: the page
 * @class: such as "n" for numbers, or NULL
 * @text: what is in it
 */
void html_put_cell(FILE *f, const char *class, const char *text);

/**
 * html_put_number() - a cell with a whole number
 * @f: the page
 * @value: the number
 */
void html_put_number(FILE *f, double value);

/**
 * html_put_set() - the heading of a set, where there are several
 * @f: the page
 * @folder: the folder
 * @set: number of the set
 */
void html_put_set(FILE *f, const struct folder *folder, unsigned int set);

/**
 * html_put_key_titles() - headings of a table's first columns, the keys of a kind
 * @f: the page
 * @folder: the folder
 * @result: any result of the kind
 */
void html_put_key_titles(FILE *f, const struct folder *folder, const json_t *result);

/**
 * html_put_key_cells() - what the keys of its kind are in a result
 * @f: the page
 * @folder: the folder
 * @result: the result
 */
void html_put_key_cells(FILE *f, const struct folder *folder, const json_t *result);

/**
 * html_put_runs() - a cell with how many runs a point is of and how far they are apart
 * @f: the page
 * @point: the point
 */
void html_put_runs(FILE *f, const struct point *point);

#endif
