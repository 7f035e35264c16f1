/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report's tables of tlb-flush: strategies by cost and exposure, and the crossover.
 */
#ifndef IOMMUBENCH_FLUSH_VIEW_REPORT_H
#define IOMMUBENCH_FLUSH_VIEW_REPORT_H

#include <stdio.h>

#include <jansson.h>

#include "points/folder.h"
#include "text/terminal.h"

/**
 * report_tlb_flush_page() - for the page
 * @f: the page
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 */
void report_tlb_flush_page(FILE *f, const struct folder *folder, const struct result_kind *kind);

/**
 * report_tlb_flush_tables() - for people
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 * @style: what the output can show
 * @out: where to
 */
void report_tlb_flush_tables(const struct folder *folder, const struct result_kind *kind,
			     struct terminal_style style, FILE *out);

/**
 * report_tlb_flush_json() - for programs
 * @folder: the folder
 * @kind: the kind whose sets it tells of
 * @list: receives an object for each point
 */
void report_tlb_flush_json(const struct folder *folder, const struct result_kind *kind,
			   json_t *list);

#endif
