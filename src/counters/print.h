/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was counted, for people and for a column of a table.
 */
#ifndef IOMMUBENCH_COUNTERS_PRINT_H
#define IOMMUBENCH_COUNTERS_PRINT_H

#include <stdio.h>

#include <jansson.h>

/**
 * counters_print() - the counters of a result as tables, threads summed up
 * @all: the array "counters" of the result
 * @out: where to
 */
void counters_print(const json_t *all, FILE *out);

/**
 * counters_print_group() - those of devices that worked at the same time, per operation
 * @all: counters of each device's result
 * @nr: entries at @all
 * @out: where to
 */
void counters_print_group(const json_t *const *all, size_t nr, FILE *out);

/**
 * counters_line() - the same in one line, as name=count/operation with blanks between them
 * @all: the array "counters" of the result
 *
 * Those of a phase are phase:name=count/operation.
 *
 * Return: a string that the caller frees.
 */
char *counters_line(const json_t *all);

#endif
