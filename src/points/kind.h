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
#define KIND_PLACEMENT	"params.placement_matrix"

/**
 * struct kind_key - one of the parameters that points are sorted by
 * @title: heading of its column
 * @path: where it is in a result; "" for what words_domain() says
 * @order: its words in the order in which tables list them, ended by NULL; NULL when
 *	it is a number
 * @detail: tables have it only where results of the kind differ in it
 */
struct kind_key {
	const char *title;
	const char *path;
	const char *const *order;
	bool detail;
};

/**
 * struct result_kind - the results of one subcommand
 * @subcommand: its name
 * @key: what points are sorted by, the first one first; runs that agree in all of them,
 *	and in what else must not differ, are repeats of each other. Ended by a key
 *	without a path
 * @sample: what its latencies are of, a sentence for the page
 * @anchor: of its part of the page
 * @title: of its part of the page
 * @plot: draw the pictures of a set
 * @page: write its tables into the page
 * @print: print its tables for people
 * @json: add its objects to a list of comparisons
 */
struct result_kind {
	const char *subcommand;
	const struct kind_key *key;
	const char *sample;
	const char *anchor;
	const char *title;
	int (*plot)(const struct plot *plot, unsigned int set, struct error *e);
	void (*page)(FILE *f, const struct folder *folder);
	void (*print)(const struct folder *folder, struct terminal_style style, FILE *out);
	void (*json)(const struct folder *folder, json_t *list);
};

/**
 * kind_of() - find the kind of a result
 * @result: the result
 *
 * Return: the kind, or NULL when the subcommand has none.
 */
const struct result_kind *kind_of(const json_t *result);

/**
 * kind_keys() - what a result is sorted by
 * @result: the result
 *
 * Return: the keys of its kind, or those of the first one when it has none.
 */
const struct kind_key *kind_keys(const json_t *result);

/**
 * folder_key_shown() - whether tables have a column for a key
 * @folder: the folder
 * @key: of a kind
 * @result: any result of that kind
 */
bool folder_key_shown(const struct folder *folder, const struct kind_key *key,
		      const json_t *result);

/**
 * folder_set_kind() - find the kind of a set
 * @folder: the folder
 * @set: number of the set
 *
 * Return: the kind, or NULL when the subcommand has none.
 */
const struct result_kind *folder_set_kind(const struct folder *folder, unsigned int set);

/**
 * folder_has_kind() - whether a folder has any of a kind
 * @folder: the folder
 * @kind: the kind
 */
bool folder_has_kind(const struct folder *folder, const struct result_kind *kind);

/**
 * kind_next() - go through the table
 * @last: the last one, or NULL to begin
 *
 * Return: the next one, or NULL at the end.
 */
const struct result_kind *kind_next(const struct result_kind *last);

#endif
