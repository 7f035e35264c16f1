/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The section of the page about counters of phases.
 */
#ifndef IOMMUBENCH_PAGE_COUNTERS_H
#define IOMMUBENCH_PAGE_COUNTERS_H

#include <stdbool.h>
#include <stdio.h>

#include "points/folder.h"

/**
 * html_counters_present() - has any result counters of phases?
 * @folder: the folder
 */
bool html_counters_present(const struct folder *folder);

/**
 * html_counters_put() - put the section, if there is anything for it
 * @f: the page
 * @folder: the folder
 */
void html_counters_put(FILE *f, const struct folder *folder);

#endif
