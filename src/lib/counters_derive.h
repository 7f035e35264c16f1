/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures that follow from what was counted, and the table for people.
 */
#ifndef IOMMUBENCH_LIB_COUNTERS_DERIVE_H
#define IOMMUBENCH_LIB_COUNTERS_DERIVE_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

/**
 * counters_is_total() - is a counter of all threads together?
 * @counter: one of a result
 */
bool counters_is_total(const json_t *counter);

/**
 * counters_of_phase() - is it of a run by phases?
 * @counter: one of a result
 */
bool counters_of_phase(const json_t *counter);

/**
 * counters_derive() - append what follows from the counters of a result
 * @all: its counters
 */
void counters_derive(json_t *all);

/**
 * counters_print() - the counters of a result as tables, threads summed up
 * @all: its counters
 * @out: where to
 */
void counters_print(const json_t *all, FILE *out);

/**
 * counters_line() - the same in one line, as name=count/operation with blanks between them
 * @all: its counters
 *
 * Those of a phase are phase:name=count/operation.
 *
 * Return: a string that the caller frees.
 */
char *counters_line(const json_t *all);

#endif
