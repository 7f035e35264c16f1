/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of pasid as a kind.
 */
#ifndef IOMMUBENCH_PASID_KIND_H
#define IOMMUBENCH_PASID_KIND_H

#include "points/kind.h"

extern const struct result_kind pasid_kind;

#endif
