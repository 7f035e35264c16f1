/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The results of an invocation that measures several points: each one goes to its
 * own file, or its own lines, as soon as it is there, and an index says in the end
 * what belongs together.
 */
#ifndef IOMMUBENCH_OUTPUT_POINT_FILES_H
#define IOMMUBENCH_OUTPUT_POINT_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "cli/options.h"
#include "result/result.h"

/**
 * struct point_files - results so far, and where they go
 * @o: the options that say where to
 * @several: there is more than one point, or one was left out
 * @results: what was measured; freed by point_files_free()
 * @n: entries at @results
 * @names: words for the files, as many
 * @lost: enum exit_status of results that could not be written or printed
 */
struct point_files {
	const struct options *o;
	bool several;
	struct result **results;
	size_t n;
	char **names;
	int lost;
};

/**
 * point_files_probe() - can results be written where the options say?
 * @f: has @o and @several
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int point_files_probe(const struct point_files *f);

/**
 * point_files_deliver() - write one result to its file, and print it as JSON or CSV
 * @o: the options that say what is wanted
 * @r: the result
 * @path: its file, or NULL for none; taken over
 * @first: no result came before it
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE. What cannot go to
 * its file goes to standard output.
 */
int point_files_deliver(const struct options *o, struct result *r, char *path, bool first);

/**
 * point_files_add() - write a result to its file, print it as JSON or CSV, and keep it
 * @f: has @o and @several
 * @r: the result; taken over
 * @name: word for its file; taken over
 *
 * A result that cannot go where it should goes to standard output: it is never lost.
 */
void point_files_add(struct point_files *f, struct result *r, char *name);

/**
 * point_files_json() - all results as JSON
 * @f: the results
 *
 * Return: an array of @f->n borrowed objects, which the caller frees.
 */
json_t **point_files_json(const struct point_files *f);

/**
 * point_files_index() - write the index beside the files, where there are several
 * @f: the results
 * @subcommand: what made them
 * @keys: keys of params that tell the points apart, ended by NULL
 * @complete: all points were measured to their end
 * @skipped: array of points that were left out; taken over
 * @more: further keys of the index, or NULL; taken over
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int point_files_index(const struct point_files *f, const char *subcommand,
		      const char *const *keys, bool complete, json_t *skipped, json_t *more);

/**
 * point_files_free() - give all results back
 * @f: may be all zeroes
 */
void point_files_free(struct point_files *f);

#endif
