/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches for engines that read once and do not repeat it: the CPU starts each read.
 */
#ifndef IOMMUBENCH_ENGINE_SOFT_WATCH_H
#define IOMMUBENCH_ENGINE_SOFT_WATCH_H

#include <linux/types.h>

#include "engine/types.h"

struct bench_soft_watch *bench_soft_watch_new(struct bench_engine *engine);
void bench_soft_watch_free(struct bench_soft_watch *soft);
int bench_soft_watch_start(struct bench_soft_watch *soft, u64 iova, int pasid, u64 mark,
			   u32 interval_ns);
u64 bench_soft_watch_count(const struct bench_soft_watch *soft);
int bench_soft_watch_end(struct bench_soft_watch *soft, u64 limit_ns, struct bench_watch *watch);

#endif /* IOMMUBENCH_ENGINE_SOFT_WATCH_H */
