/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The points of a tlb-flush sweep on several devices, side by side on a terminal.
 */
#ifndef IOMMUBENCH_FLUSH_VIEW_GROUP_TABLE_H
#define IOMMUBENCH_FLUSH_VIEW_GROUP_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/**
 * flush_group_table_print() - print a few lines for each point, with a row for each device
 * @results: results of one invocation; those of a point follow each other
 * @n: entries at @results
 * @out: where to
 */
void flush_group_table_print(json_t *const *results, size_t n, FILE *out);

/**
 * flush_group_sentences() - crossover_sentences() of each device by itself
 * @results: results of one invocation
 * @n: entries at @results
 *
 * Return: an array of strings that begin with the name of the device.
 */
json_t *flush_group_sentences(json_t *const *results, size_t n);

#endif
