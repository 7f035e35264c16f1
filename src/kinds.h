/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All kinds of results.
 */
#ifndef IOMMUBENCH_KINDS_H
#define IOMMUBENCH_KINDS_H

#include "points/kind.h"

/* In the order of the page, ended by NULL: for kinds_use(). */
extern const struct result_kind *const result_kinds[];

#endif
