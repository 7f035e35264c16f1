/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables of the page that every kind of result has.
 */
#ifndef IOMMUBENCH_PAGE_TABLES_H
#define IOMMUBENCH_PAGE_TABLES_H

#include <stdio.h>

#include <jansson.h>

#include "points/folder.h"

/**
 * html_sum_checks() - add up what all results say of their checks
 * @folder: the folder
 * @key: "count" or "failures"
 */
json_int_t html_sum_checks(const struct folder *folder, const char *key);

/**
 * html_put_latencies() - write the latencies of each phase, a table for each set
 * @f: the page
 * @folder: the folder
 */
void html_put_latencies(FILE *f, const struct folder *folder);

/**
 * html_put_parameters() - write what each result was measured with
 * @f: the page
 * @folder: the folder
 */
void html_put_parameters(FILE *f, const struct folder *folder);

/**
 * html_put_checks() - write what was verified and how often it failed
 * @f: the page
 * @folder: the folder
 */
void html_put_checks(FILE *f, const struct folder *folder);

/**
 * html_put_warnings() - write each warning and the results that have it
 * @f: the page
 * @folder: the folder
 */
void html_put_warnings(FILE *f, const struct folder *folder);

/**
 * html_put_harness() - write the harness's own cost and its clock, a row for each result
 * @f: the page
 * @folder: the folder
 */
void html_put_harness(FILE *f, const struct folder *folder);

#endif
