/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A result as lines of CSV.
 */
#ifndef IOMMUBENCH_OUTPUT_CSV_H
#define IOMMUBENCH_OUTPUT_CSV_H

#include <stdio.h>
#include <jansson.h>

/**
 * result_csv_header() - the first row of the CSV form
 * @out: where to
 */
void result_csv_header(FILE *out);

/**
 * result_csv_rows() - one row for each phase of a result
 * @result: as result_load() gives it
 * @out: where to
 */
void result_csv_rows(const json_t *result, FILE *out);

#endif
