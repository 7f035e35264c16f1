/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine of a device, whichever it is: found, asked what it can, and used by one at a time.
 */
#ifndef IOMMUBENCH_ENGINE_ENGINE_H
#define IOMMUBENCH_ENGINE_ENGINE_H

#include <linux/types.h>

#include "engine/types.h"

/**
 * struct bench_engine_sync - how an engine's clock and bench_clock() go together
 * @device_ns: the engine's clock at one moment, in nanoseconds
 * @ticks: bench_clock() at the moment of @device_ns
 * @error_ticks: how far @ticks may be off, to either side
 */
struct bench_engine_sync {
	u64 device_ns;
	u64 ticks;
	u64 error_ticks;
};

void bench_engines_register(struct bench_engine_set *set);
void bench_engines_unregister(struct bench_engine_set *set);
int bench_engine_probe(struct bench_engine *engine, struct device *dev, bool user_dma);
void bench_engine_remove(struct bench_engine *engine);
void bench_engine_close(struct bench_engine *engine);
u64 bench_engine_features(const struct bench_engine *engine);
int bench_engine_copy(struct bench_engine *engine, u64 dst, u64 src, size_t bytes);
int bench_engine_fill(struct bench_engine *engine, u64 iova);
int bench_engine_read_probe(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			    u64 *latency_ns);
int bench_engine_watch_start(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			     u32 interval_ns);
u64 bench_engine_watch_count(struct bench_engine *engine);
int bench_engine_watch_end(struct bench_engine *engine, u64 limit_ns, struct bench_watch *watch);
int bench_engine_faults_begin(struct bench_engine *engine, bool page_requests, bool pasids);
void bench_engine_faults_end(struct bench_engine *engine);
void bench_engine_sync(struct bench_engine *engine, struct bench_engine_sync *sync);
u64 bench_engine_ticks(const struct bench_engine_sync *sync, u64 device_ns);

#endif /* IOMMUBENCH_ENGINE_ENGINE_H */
