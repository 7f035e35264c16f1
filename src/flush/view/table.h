/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of tlb-flush as one table: what each strategy costs, and how long the
 * device still gets through.
 */
#ifndef IOMMUBENCH_FLUSH_VIEW_TABLE_H
#define IOMMUBENCH_FLUSH_VIEW_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/**
 * flush_table_print() - print the table, and at which range a full flush pays
 * @results: results of tlb-flush
 * @n: entries at @results
 * @out: where to
 */
void flush_table_print(json_t *const *results, size_t n, FILE *out);

#endif
