/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of iopf as a kind.
 */
#ifndef IOMMUBENCH_IOPF_KIND_H
#define IOMMUBENCH_IOPF_KIND_H

#include "points/kind.h"

extern const struct result_kind iopf_kind;

#endif
