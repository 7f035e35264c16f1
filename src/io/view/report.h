/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report's tables of io: real I/O by domain type.
 */
#ifndef IOMMUBENCH_IO_VIEW_REPORT_H
#define IOMMUBENCH_IO_VIEW_REPORT_H

#include <stdio.h>

#include <jansson.h>

#include "points/folder.h"
#include "text/terminal.h"

/**
 * report_io_page() - for the page
 * @f: the page
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 */
void report_io_page(FILE *f, const struct folder *folder, const struct result_kind *kind);

/**
 * report_io_tables() - for people
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 * @style: what the output can show
 * @out: where to
 */
void report_io_tables(const struct folder *folder, const struct result_kind *kind,
		      struct terminal_style style, FILE *out);

/**
 * report_io_json() - for programs
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 * @list: receives an object for each set
 */
void report_io_json(const struct folder *folder, const struct result_kind *kind, json_t *list);

#endif
