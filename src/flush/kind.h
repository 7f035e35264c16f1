/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of tlb-flush as a kind.
 */
#ifndef IOMMUBENCH_FLUSH_KIND_H
#define IOMMUBENCH_FLUSH_KIND_H

#include "points/kind.h"

extern const struct result_kind flush_kind;

#endif
