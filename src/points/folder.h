/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A folder of results, sorted into what can be compared.
 *
 * A point is what was measured once or several times with the same parameters.
 * Points whose parameters differ only in what their family sorts by (for map-unmap
 * API, size, threads and domain type) form a group: they belong into one table and
 * one set of pictures.
 */
#ifndef IOMMUBENCH_POINTS_FOLDER_H
#define IOMMUBENCH_POINTS_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/stats.h"
#include "iommubench/hist.h"

/**
 * struct run - one result
 * @json: all of it
 * @file: name of its file, without the folder
 * @variant: its parameters that make it incomparable with others here, in words; ""
 *	when there are none
 */
struct run {
	json_t *json;
	char *file;
	char *variant;
};

/**
 * struct point_phase - latencies of one phase of a point
 * @name: such as "map"
 * @hist: of all repeats
 * @scale: nanoseconds of one unit of @hist, for one operation
 * @stats: of @hist
 */
struct point_phase {
	const char *name;
	struct iommubench_hist *hist;
	double scale;
	struct stats stats;
};

/**
 * struct point - one place in tables and pictures
 * @run: the first of its results
 * @repeats: how many results are in it
 * @group: number of its group, from 0
 * @api: such as "dma-single"
 * @domain: as words_domain() says
 * @size: bytes of a mapping
 * @threads: how many
 * @complete: none of its runs was cut short
 * @ops_per_s: mean over the repeats
 * @slowest: operations per second of the thread that had the fewest, mean over the repeats; 0
 *	when that is not known
 * @fastest: same of the thread that had the most
 * @even: same if each thread had as many as any other
 * @phase: its phases
 * @phases: how many
 */
struct point {
	const struct run *run;
	unsigned int repeats;
	unsigned int group;
	const char *api;
	const char *domain;
	uint64_t size;
	unsigned int threads;
	bool complete;
	double ops_per_s;
	double slowest;
	double fastest;
	double even;
	struct point_phase *phase;
	unsigned int phases;
};

/**
 * struct runs - a folder of results
 * @run: the results, by name of file
 * @n: how many
 * @point: the points, sorted by group and then by the keys of their family
 * @points: how many
 * @groups: how many groups
 * @skipped: files that were no results
 * @virtual: how many results are from virtual machines
 * @left_out: points that sweeps left out, as their indexes say; objects with strategy,
 *	range_bytes, threads, domains, reason
 */
struct runs {
	struct run *run;
	size_t n;
	struct point *point;
	size_t points;
	unsigned int groups;
	unsigned int skipped;
	unsigned int virtual;
	json_t *left_out;
};

/**
 * runs_read() - read all *.json of a folder
 * @runs: receives; give it back with runs_free() in any case
 * @dir: the folder
 *
 * Files that are no results are skipped with one line on stderr each.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int runs_read(struct runs *runs, const char *dir);

/**
 * runs_free() - give everything back
 * @runs: what runs_read() filled in
 */
void runs_free(struct runs *runs);

/**
 * point_phase() - a phase of a point by name
 * @point: the point, or NULL
 * @name: such as "unmap"
 *
 * Return: the phase if it has any samples, or NULL.
 */
const struct point_phase *point_phase(const struct point *point, const char *name);

/**
 * runs_name() - the subcommand and the variant of a group, in words
 * @runs: the folder
 * @group: number of the group
 *
 * Return: a string that the caller frees.
 */
char *runs_name(const struct runs *runs, unsigned int group);

#endif
