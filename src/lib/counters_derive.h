/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures that follow from what was counted, and the table for people.
 */
#ifndef IOMMUBENCH_LIB_COUNTERS_DERIVE_H
#define IOMMUBENCH_LIB_COUNTERS_DERIVE_H

#include <stdio.h>

#include <jansson.h>

/**
 * counters_derive() - append what follows from the counters of a result
 * @all: its counters
 */
void counters_derive(json_t *all);

/**
 * counters_print() - the counters of a result as a table, threads summed up
 * @all: its counters
 * @out: where to
 */
void counters_print(const json_t *all, FILE *out);

/**
 * counters_print_group() - those of devices that worked at the same time, per operation
 * @all: counters of each device's result
 * @nr: how many
 * @out: where to
 */
void counters_print_group(const json_t *const *all, size_t nr, FILE *out);

/**
 * counters_line() - the same in one line, as name=count/operation with blanks between them
 * @all: its counters
 *
 * Return: a string that the caller frees.
 */
char *counters_line(const json_t *all);

#endif
