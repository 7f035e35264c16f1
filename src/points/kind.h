/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tells results of one kind, which one subcommand makes, from those of others.
 *
 * All else in summaries and reports is the same for all kinds. A new kind is a struct in
 * its workload's kind.c and a row in src/kinds.c.
 */
#ifndef IOMMUBENCH_POINTS_KIND_H
#define IOMMUBENCH_POINTS_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "text/terminal.h"

struct error;
struct folder;
struct plot;

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

/* The cells of --placement-matrix, which any kind may have. */
#define KIND_PLACEMENT_KEYS \
	{ "CPU node", KIND_PLACEMENT ".cpu_node", NULL, true }, \
	{ "memory node", KIND_PLACEMENT ".memory_node", NULL, true }

/**
 * struct kind_variant - something that sets results apart, so that no picture has both
 * @path: where it is in a result
 * @name: what it is called before its value
 * @words: gives its value in words, which the caller frees, NULL where it does not apply to a
 *	result and so does not set it apart, "" where it is not worth a word; @value is what is at
 *	@path, or NULL. NULL where words_value() says it
 */
struct kind_variant {
	const char *path;
	const char *name;
	char *(*words)(const json_t *result, const json_t *value);
};

/* What was measured on. */
#define KIND_MACHINE_VARIANTS \
	{ "machine.kernel", "kernel" }, \
	{ "machine.virtual", "virtual" }, \
	{ "machine.platform.model", "machine" }, \
	{ "machine.soc.id", "SoC" }, \
	{ "machine.cpu.model", "CPU" }, \
	{ "machine.iommu.kind", "IOMMU" }, \
	{ "machine.device.name", "device" }

/* Where it was measured, and beside what. */
#define KIND_PLACE_VARIANTS \
	{ "params.placement", "placement", kind_words_placement }, \
	{ "params.memory_policy", "memory policy", kind_words_memory_policy }, \
	{ KIND_PLACEMENT, "placement matrix", kind_words_matrix }, \
	{ "params.background", "background", kind_words_background }, \
	{ "group.devices", "measured", kind_words_together }

/**
 * enum figure_how - what becomes of a figure of several results of a point
 * @FIGURE_SUM: their sum
 * @FIGURE_MOST: the largest of them
 * @FIGURE_MEAN: their mean, weighted
 */
enum figure_how {
	FIGURE_SUM = 0,
	FIGURE_MOST,
	FIGURE_MEAN,
};

/**
 * struct kind_figure - a figure that only results of one kind have
 * @path: where it is in a result
 * @how: what becomes of it
 * @weight: of a mean, where its weight is in a result
 */
struct kind_figure {
	const char *path;
	enum figure_how how;
	const char *weight;
};

/**
 * struct result_kind - the results of one subcommand
 * @subcommand: name of the subcommand
 * @anchor: anchor of its part of the page
 * @title: heading of its part of the page
 * @sample: what its latencies are of, a sentence for the page
 * @latency_of: heading of the latencies in a summary; NULL for "latency"
 * @ops: what its throughput counts; NULL for "operations"
 * @bars: phases whose histograms a summary shows, ended by NULL; NULL for all
 * @keys: what points are sorted by, the first one first; results that agree in all of them,
 *	and in whatever else sets results apart, are repeats of each other. Ended by a key
 *	without a path
 * @variants: what sets results apart wherever they differ in it; what is among @keys does not.
 *	Any other parameter does where results would be repeats of each other otherwise. Ended
 *	by one without a path
 * @figures: what it has beyond others, for results of several runs; ended by one without a
 *	path. NULL for nothing. Of objects that say whether they were measured, those that were
 *	count
 * @fault: tells what is missing in a result, in addition to what result_valid() asks for;
 *	NULL when there is nothing to add. It returns NULL for a good result
 * @headline: gives the first line of a summary after the name, which the caller frees; NULL for
 *	API, domain, size and threads
 * @print: prints what a result has beyond others, between its latencies and its throughput, with
 *	the empty line that parts the two; NULL for that line alone
 * @load: reads the parameters of a result into a struct of the kind's own, which points hold
 *	and free() gives back; its strings are those of the result. NULL when there is none
 * @plot: draws the pictures of a set
 * @page: writes its tables into the page
 * @tables: prints its tables for people
 * @json: adds its objects to a list of comparisons
 */
struct result_kind {
	const char *subcommand;
	const char *anchor;
	const char *title;
	const char *sample;
	const char *latency_of;
	const char *ops;
	const char *const *bars;
	const struct kind_key *keys;
	const struct kind_variant *variants;
	const struct kind_figure *figures;
	const char *(*fault)(const json_t *result);
	char *(*headline)(const json_t *result);
	void (*print)(const json_t *result, FILE *out);
	void *(*load)(const json_t *result);
	int (*plot)(const struct plot *plot, unsigned int set, struct error *e);
	void (*page)(FILE *f, const struct folder *folder, const struct result_kind *kind);
	void (*tables)(const struct folder *folder, const struct result_kind *kind,
		       struct terminal_style style, FILE *out);
	void (*json)(const struct folder *folder, const struct result_kind *kind, json_t *list);
};

/**
 * kinds_use() - hand over the kinds that there are; before that, there are none
 * @list: the kinds in the order of the page, ended by NULL; it has to stay
 */
void kinds_use(const struct result_kind *const *list);

/**
 * kind_next() - go through the kinds
 * @last: the last one, or NULL to begin
 *
 * Return: the next one, or NULL at the end.
 */
const struct result_kind *kind_next(const struct result_kind *last);

/**
 * kind_of() - find the kind of a result
 * @result: the result
 *
 * Return: the kind, or NULL when its subcommand has none.
 */
const struct result_kind *kind_of(const json_t *result);

/**
 * kind_like() - find the kind that a result is sorted as
 * @result: the result
 *
 * Return: its kind, or the first of all kinds when its subcommand has none.
 */
const struct result_kind *kind_like(const json_t *result);

/**
 * kind_valid() - whether an object is a result that its kind can rely upon
 * @result: any JSON value
 * @err: receives one line that says what is wrong with it
 * @n: room at @err
 */
bool kind_valid(const json_t *result, char *err, size_t n);

/**
 * kind_read() - read a result from a file
 * @path: the file
 * @err: receives one line that says what is wrong with it
 * @n: room at @err
 *
 * What summaries and reports rely on is checked, so that they need not.
 *
 * Return: a new reference, or NULL.
 */
json_t *kind_read(const char *path, char *err, size_t n);

/**
 * kind_words_placement() - how threads were placed, unless a matrix placed them
 * @result: the result
 * @value: what it says of that, or NULL
 *
 * Return: a string that the caller frees, or NULL.
 */
char *kind_words_placement(const json_t *result, const json_t *value);

/**
 * kind_words_memory_policy() - where memory came from, unless a matrix decided that
 * @result: the result
 * @value: what it says of that, or NULL
 *
 * Return: a string that the caller frees, such as "bind node 0, 1", or NULL.
 */
char *kind_words_memory_policy(const json_t *result, const json_t *value);

/**
 * kind_words_background() - what went on beside
 * @result: the result
 * @value: what it says of that, or NULL
 *
 * Return: a string that the caller frees, "none" when it was nothing.
 */
char *kind_words_background(const json_t *result, const json_t *value);

/**
 * kind_words_together() - with which devices, if with any, one was measured at the same time
 * @result: the result
 * @value: names of all of them, or NULL
 *
 * Return: a string that the caller frees, the same for each of these devices; "alone" for one.
 */
char *kind_words_together(const json_t *result, const json_t *value);

/**
 * kind_words_matrix() - whether a result is a cell of a matrix
 * @result: the result
 * @value: the cell, or NULL
 *
 * Return: a string that the caller frees.
 */
char *kind_words_matrix(const json_t *result, const json_t *value);

#endif
