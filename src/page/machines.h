/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the page on the machines that results are of.
 */
#ifndef IOMMUBENCH_PAGE_MACHINES_H
#define IOMMUBENCH_PAGE_MACHINES_H

#include <stdio.h>

#include "points/folder.h"

/**
 * html_put_machines() - write what the results say of their machines, each machine once
 * @f: the page
 * @folder: the folder
 */
void html_put_machines(FILE *f, const struct folder *folder);

#endif
