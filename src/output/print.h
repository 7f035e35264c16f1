/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A result written to a file or printed.
 */
#ifndef IOMMUBENCH_OUTPUT_PRINT_H
#define IOMMUBENCH_OUTPUT_PRINT_H

#include <stdio.h>

#include "cli/standard.h"
#include "result/result.h"

/**
 * result_write() - write the JSON object to a file, all of it or nothing
 * @r: the result
 * @path: the file; an older one is replaced
 *
 * Return: 0, or -1 after one line on stderr; then @path is as it was.
 */
int result_write(struct result *r, const char *path);

/**
 * result_print() - show the result
 * @r: the result
 * @format: for people, as JSON, or as CSV with one row a phase
 * @out: where to
 *
 * Return: 0, or -1 after one line on stderr when @out cannot take it.
 */
int result_print(struct result *r, enum result_format format, FILE *out);

/**
 * result_print_line() - show the result as JSON in one line
 * @r: the result
 * @out: where to
 *
 * Return: 0, or -1 after one line on stderr when @out cannot take it.
 */
int result_print_line(struct result *r, FILE *out);

#endif
