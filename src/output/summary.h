/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A result as a person reads it on a terminal.
 */
#ifndef IOMMUBENCH_OUTPUT_SUMMARY_H
#define IOMMUBENCH_OUTPUT_SUMMARY_H

#include <stdio.h>

#include <jansson.h>

/* Goes with every figure from a virtual machine. */
#define VIRTUAL_NOTICE	"virtual machine: figures prove the software, not silicon"

/**
 * summary_params() - the run in one line: what was mapped, how, by whom
 * @result: a result
 *
 * Return: a string that the caller frees.
 */
char *summary_params(const json_t *result);

/**
 * summary_print() - print a summary
 * @result: a result
 * @out: where to
 */
void summary_print(const json_t *result, FILE *out);

#endif
