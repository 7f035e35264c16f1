/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results of map-unmap as a kind.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_KIND_H
#define IOMMUBENCH_MAP_UNMAP_KIND_H

#include "points/kind.h"

extern const struct result_kind map_unmap_kind;

#endif
