/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_MAP_UNMAP_MAP_UNMAP_H
#define IOMMUBENCH_MAP_UNMAP_MAP_UNMAP_H

#include "run/types.h"

extern const struct bench_workload_ops bench_map_unmap;

#endif /* IOMMUBENCH_MAP_UNMAP_MAP_UNMAP_H */
