/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a run by phases as a table: a row for each counter, a column for each phase.
 */
#ifndef IOMMUBENCH_COUNTERS_TABLE_H
#define IOMMUBENCH_COUNTERS_TABLE_H

#include <stdio.h>

#include <jansson.h>

/**
 * struct counters_row - one counter, or a figure that follows from two
 * @name: name of the counter or figure
 * @values: for one operation of each phase, or the figure; NAN where it is not known
 * @ratio: the least part of the time in which it was counted
 */
struct counters_row {
	char *name;
	double *values;
	double ratio;
};

/**
 * struct counters_table - all of them
 * @phases: names, which belong to the result
 * @nr_phases: entries at @phases
 * @rows: the rows, freed by counters_table_free()
 * @nr_rows: entries at @rows
 * @idle: counters of what is outside the threads that stayed at 0 and have no row
 */
struct counters_table {
	const char **phases;
	unsigned int nr_phases;
	struct counters_row *rows;
	unsigned int nr_rows;
	unsigned int idle;
};

/**
 * counters_table_make() - make the table
 * @t: receives, give it back with counters_table_free(); no rows when nothing was counted by phase
 * @all: the counters of a result, which last as long
 */
void counters_table_make(struct counters_table *t, const json_t *all);

/**
 * counters_table_free() - give it back
 * @t: the table
 */
void counters_table_free(struct counters_table *t);

/**
 * counters_table_print() - print it, if there is one
 * @all: the counters of a result
 * @out: where to
 */
void counters_table_print(const json_t *all, FILE *out);

#endif
