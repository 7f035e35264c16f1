/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A folder of results, sorted into what can be compared.
 *
 * A point is what was measured once or several times with the same parameters.
 * Points whose parameters differ only in what their kind sorts by (for map-unmap
 * API, size, threads and domain type) form a set: they belong into one table and
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
#include "points/kind.h"

/**
 * struct entry - one result of a folder
 * @json: the whole result
 * @kind: its kind, or NULL when its subcommand has none
 * @file: name of its file, without the folder
 * @variant: its parameters that make it incomparable with others here, in words; ""
 *	when there are none
 */
struct entry {
	json_t *json;
	const struct result_kind *kind;
	char *file;
	char *variant;
};

/**
 * struct point_phase - latencies of one phase of a point
 * @name: such as "map"
 * @hist: histogram over all repeats
 * @scale: nanoseconds of one unit of @hist, for one operation
 * @stats: statistics of @hist
 * @p50_least: the least p50 of a run, nanoseconds
 * @p50_most: the largest p50 of a run
 */
struct point_phase {
	const char *name;
	struct iommubench_hist *hist;
	double scale;
	struct stats stats;
	double p50_least;
	double p50_most;
};

/**
 * struct point_told - what name.c has found out of a point, once for all
 * @settings: what it was found for; NULL when nothing was found yet
 * @alike: the same number for all points of a set that agree in all settings
 * @tells: a bit for each setting that is part of the point's name
 */
struct point_told {
	const void *settings;
	size_t alike;
	uint64_t tells;
};

/**
 * struct point - one place in tables and pictures
 * @entry: the first of its results, which has its parameters
 * @json: what its results say together: one object as a result is, but without what only a
 *	single one can say. It has the spread of all runs
 * @repeats: number of results in it
 * @runs: runs of these results, of which --repeat makes several in one
 * @cut: further results that were cut short and are not in it, as others were not
 * @set: number of its set, from 0
 * @params: what its kind's load() read; NULL when there is none
 * @threads: threads of its results
 * @complete: none of its results was cut short
 * @ops_per_s: operations of all repeats over their time
 * @least: operations per second of the slowest run
 * @most: operations per second of the fastest run
 * @slowest: operations per second of the thread that had the fewest, mean over the repeats'
 *	time; 0 when that is not known
 * @fastest: operations per second of the thread that had the most, 0 when not known
 * @even: operations per second of each thread in an even share of all; 0 when not known
 * @phase: its phases, which folder_free() frees
 * @phases: entries at @phase
 * @told: for the names of points, which folder_free() frees
 */
struct point {
	const struct entry *entry;
	json_t *json;
	unsigned int repeats;
	unsigned int runs;
	unsigned int cut;
	unsigned int set;
	void *params;
	unsigned int threads;
	bool complete;
	double ops_per_s;
	double least;
	double most;
	double slowest;
	double fastest;
	double even;
	struct point_phase *phase;
	unsigned int phases;
	struct point_told *told;
};

/**
 * struct key_shown - whether results of a kind differ in a key
 * @key: the key
 * @shown: they do
 */
struct key_shown {
	const struct kind_key *key;
	bool shown;
};

/**
 * struct folder - a folder of results
 * @entry: the results, by name of file
 * @n: entries at @entry
 * @point: the points, sorted by set and then by the keys of their kind
 * @points: entries at @point
 * @sets: number of sets
 * @first: for each set, number of its first point
 * @shown: keys that are a detail, with whether tables have a column for it
 * @nr_shown: entries at @shown
 * @skipped: files that were no results
 * @virtual: number of results from virtual machines
 * @left_out: points that sweeps left out, as their indexes say; objects with strategy,
 *	range_bytes, threads, domains, reason
 */
struct folder {
	struct entry *entry;
	size_t n;
	struct point *point;
	size_t points;
	unsigned int sets;
	size_t *first;
	struct key_shown *shown;
	size_t nr_shown;
	unsigned int skipped;
	unsigned int virtual;
	json_t *left_out;
};

/**
 * folder_read() - read all *.json of a folder
 * @folder: receives; give it back with folder_free() in any case
 * @dir: the folder
 *
 * Files that are no results are skipped with one line on stderr each.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int folder_read(struct folder *folder, const char *dir);

/**
 * folder_free() - give everything back
 * @folder: what folder_read() filled in
 */
void folder_free(struct folder *folder);

/**
 * point_phase() - a phase of a point by name
 * @point: the point, or NULL
 * @name: such as "unmap"
 *
 * Return: the phase if it has any samples, or NULL.
 */
const struct point_phase *point_phase(const struct point *point, const char *name);

/**
 * point_spread() - how far the runs of a point are apart
 * @point: the point
 *
 * Return: from the slowest to the fastest, as a part of their mean; 0 for a single run.
 */
double point_spread(const struct point *point);

/**
 * point_runs() - how many runs a point is of, how far they are apart, and what is not in it
 * @point: the point, or NULL
 *
 * Return: a string that the caller frees, such as "3 runs, 4.2 % apart"; "" for a single run.
 */
char *point_runs(const struct point *point);

/**
 * folder_set_runs() - the same of the points of a set
 * @folder: the folder
 * @set: number of the set
 *
 * Return: a sentence that the caller frees; "" when all points are of a single run.
 */
char *folder_set_runs(const struct folder *folder, unsigned int set);

/* Go through the numbers of the points of a set, which follow each other. */
#define folder_for_points(folder, set_, i)						\
	for ((i) = (folder)->first[set_];						\
	     (i) < (folder)->points && (folder)->point[i].set == (set_); (i)++)

/**
 * folder_set_first() - the first point of a set
 * @folder: the folder
 * @set: number of the set
 */
const struct point *folder_set_first(const struct folder *folder, unsigned int set);

/**
 * folder_set_kind() - the kind of a set
 * @folder: the folder
 * @set: number of the set
 *
 * Return: the kind, or NULL when the subcommand has none.
 */
const struct result_kind *folder_set_kind(const struct folder *folder, unsigned int set);

/**
 * folder_set_name() - the subcommand and the variant of a set, in words
 * @folder: the folder
 * @set: number of the set
 *
 * Return: a string that the caller frees.
 */
char *folder_set_name(const struct folder *folder, unsigned int set);

/**
 * folder_has_kind() - whether a folder has any of a kind
 * @folder: the folder
 * @kind: the kind
 */
bool folder_has_kind(const struct folder *folder, const struct result_kind *kind);

/**
 * folder_key_shown() - whether tables have a column for a key
 * @folder: the folder
 * @key: key of a kind
 * @result: any result of that kind
 */
bool folder_key_shown(const struct folder *folder, const struct kind_key *key,
		      const json_t *result);

#endif
