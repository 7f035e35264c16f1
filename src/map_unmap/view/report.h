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
 * @folder: the folder
 */
void report_map_unmap_page(FILE *f, const struct folder *folder);

/**
 * report_map_unmap_print() - for people
 * @folder: the folder
 * @style: what the output can show
 * @out: where to
 */
void report_map_unmap_print(const struct folder *folder, struct terminal_style style, FILE *out);

/**
 * report_map_unmap_json() - for programs
 * @folder: the folder
 * @list: receives an object for each comparison
 */
void report_map_unmap_json(const struct folder *folder, json_t *list);

#endif
