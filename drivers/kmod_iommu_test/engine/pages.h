/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that an engine itself works with, reachable for the device in whatever domain it is in.
 */
#ifndef IOMMUBENCH_ENGINE_PAGES_H
#define IOMMUBENCH_ENGINE_PAGES_H

#include <linux/types.h>

#include "engine/types.h"

struct bench_message;

int bench_engine_pages_alloc(struct bench_engine *engine, size_t bytes);
void bench_engine_pages_free(struct bench_engine *engine);
bool bench_engine_reaches(const struct bench_engine *engine);
int bench_engine_enter(struct bench_engine *engine, struct iommu_domain *domain,
		       struct bench_message *msg);
void bench_engine_leave(struct bench_engine *engine);

#endif /* IOMMUBENCH_ENGINE_PAGES_H */
