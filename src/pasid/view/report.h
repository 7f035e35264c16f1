/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report's tables of pasid: what binds and unbinds cost, and what PASIDs survive.
 */
#ifndef IOMMUBENCH_PASID_VIEW_REPORT_H
#define IOMMUBENCH_PASID_VIEW_REPORT_H

#include <stdio.h>

#include <jansson.h>

#include "points/folder.h"
#include "text/terminal.h"

/**
 * report_pasid_page() - for the page
 * @f: the page
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 */
void report_pasid_page(FILE *f, const struct folder *folder, const struct result_kind *kind);

/**
 * report_pasid_tables() - for people
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 * @style: what the output can show
 * @out: where to
 */
void report_pasid_tables(const struct folder *folder, const struct result_kind *kind,
			 struct terminal_style style, FILE *out);

/**
 * report_pasid_json() - for programs
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 * @list: receives an object for each set
 */
void report_pasid_json(const struct folder *folder, const struct result_kind *kind, json_t *list);

#endif
