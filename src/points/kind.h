/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the report knows about the results of each subcommand.
 *
 * All else in the report is the same for all of them. A new subcommand is a row
 * in the table, and for its pictures, its part of the page and what is printed a
 * file each.
 */
#ifndef IOMMUBENCH_POINTS_KIND_H
#define IOMMUBENCH_POINTS_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "plot/draw.h"
#include "points/folder.h"
#include "text/terminal.h"

/* Where a result says which cell of --placement-matrix it is. */
#define FAMILY_PLACEMENT	"params.placement_matrix"

/**
 * struct family_key - one of the parameters that points are sorted by
 * @title: heading of its column
 * @path: where it is in a result; "" for what words_domain() says
 * @order: its words in the order in which tables list them, ended by NULL; NULL when
 *	it is a number
 * @detail: tables have it only where results of the family differ in it
 */
struct family_key {
	const char *title;
	const char *path;
	const char *const *order;
	bool detail;
};

/**
 * struct family - the results of one subcommand
 * @subcommand: its name
 * @key: what points are sorted by, the first one first; runs that agree in all of them,
 *	and in what else must not differ, are repeats of each other. Ended by a key
 *	without a path
 * @sample: what its latencies are of, a sentence for the page
 * @anchor: of its part of the page
 * @title: of its part of the page
 * @plot: draw the pictures of a group
 * @page: write its tables into the page
 * @print: print its tables for people
 * @json: add its objects to a list of comparisons
 */
struct family {
	const char *subcommand;
	const struct family_key *key;
	const char *sample;
	const char *anchor;
	const char *title;
	int (*plot)(const struct plot *plot, unsigned int group, struct error *e);
	void (*page)(FILE *f, const struct runs *runs);
	void (*print)(const struct runs *runs, struct terminal_style style, FILE *out);
	void (*json)(const struct runs *runs, json_t *list);
};

/**
 * family_of() - find the family of a result
 * @result: the result
 *
 * Return: the family, or NULL when the subcommand has none.
 */
const struct family *family_of(const json_t *result);

/**
 * family_keys() - what a result is sorted by
 * @result: the result
 *
 * Return: the keys of its family, or those of the first one when it has none.
 */
const struct family_key *family_keys(const json_t *result);

/**
 * family_key_shown() - whether tables have a column for a key
 * @runs: the folder
 * @key: of a family
 * @result: any result of that family
 */
bool family_key_shown(const struct runs *runs, const struct family_key *key,
		      const json_t *result);

/**
 * family_of_group() - find the family of a group
 * @runs: the folder
 * @group: number of the group
 *
 * Return: the family, or NULL when the subcommand has none.
 */
const struct family *family_of_group(const struct runs *runs, unsigned int group);

/**
 * family_present() - whether a folder has any of a family
 * @runs: the folder
 * @family: the family
 */
bool family_present(const struct runs *runs, const struct family *family);

/**
 * family_next() - go through the table
 * @last: the last one, or NULL to begin
 *
 * Return: the next one, or NULL at the end.
 */
const struct family *family_next(const struct family *last);

#endif
