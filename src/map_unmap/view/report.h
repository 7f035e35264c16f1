/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report's tables of map-unmap: strict against lazy.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_VIEW_REPORT_H
#define IOMMUBENCH_MAP_UNMAP_VIEW_REPORT_H

#include <stdio.h>

#include <jansson.h>

#include "points/folder.h"
#include "text/terminal.h"

/**
 * report_map_unmap_page() - for the page
 * @f: the page
 * @runs: the folder
 */
void report_map_unmap_page(FILE *f, const struct runs *runs);

/**
 * report_map_unmap_print() - for people
 * @runs: the folder
 * @style: what the output can show
 * @out: where to
 */
void report_map_unmap_print(const struct runs *runs, struct terminal_style style, FILE *out);

/**
 * report_map_unmap_json() - for programs
 * @runs: the folder
 * @list: receives an object for each comparison
 */
void report_map_unmap_json(const struct runs *runs, json_t *list);

#endif
