/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of io as a person reads them on a terminal.
 */
#ifndef IOMMUBENCH_IO_VIEW_SUMMARY_H
#define IOMMUBENCH_IO_VIEW_SUMMARY_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/**
 * io_summary_params() - what was done, in one line
 * @result: a result of io
 *
 * Return: a string that the caller frees.
 */
char *io_summary_params(const json_t *result);

/**
 * io_summary_print() - what a result of io has beyond others
 * @result: the result
 * @out: where to
 */
void io_summary_print(const json_t *result, FILE *out);

/**
 * io_table_print() - a row for each of several results, grouped by domain type
 * @results: the results
 * @n: entries at @results
 * @out: where to
 */
void io_table_print(json_t *const *results, size_t n, FILE *out);

#endif
