/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One point of a tlb-flush sweep, and what is looked at there.
 */
#ifndef IOMMUBENCH_FLUSH_POINT_H
#define IOMMUBENCH_FLUSH_POINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "text/parse.h"

/* Words for enum iommubench_flush_strategy and enum iommubench_flush_domains. */
extern const struct choice flush_strategy_choices[];
extern const struct choice flush_domains_choices[];

/**
 * struct flush_point - what is measured
 * @strategy: enum iommubench_flush_strategy
 * @domains: enum iommubench_flush_domains
 * @size: bytes of a mapping
 * @range: bytes that a round unmaps, a multiple of @size
 * @threads: threads that unmap at once
 */
struct flush_point {
	uint32_t strategy;
	uint32_t domains;
	uint64_t size;
	uint64_t range;
	unsigned int threads;
};

/**
 * struct flush_extras - what is looked at besides the cost, each in a run of its own
 * @exposure_ns: watch for this long how long the device gets through, 0 for not at all
 * @interval_ns: from one access to the next while watching, 0 for the engine's choice
 * @device_ns: time the device's accesses for this long, 0 for not at all
 * @stale: probe after each unmap, for as long as the cost is measured
 * @commands: count what the IOMMU is sent
 */
struct flush_extras {
	uint64_t exposure_ns;
	uint32_t interval_ns;
	uint64_t device_ns;
	bool stale;
	bool commands;
};

/**
 * flush_strategy_word() - the word for a point's strategy
 * @p: the point
 */
const char *flush_strategy_word(const struct flush_point *p);

/**
 * flush_own_domain() - does a strategy work in domains of its own?
 * @strategy: enum iommubench_flush_strategy
 */
bool flush_own_domain(uint32_t strategy);

/**
 * flush_waits() - is a device refused for sure when an unmap has returned?
 * @strategy: enum iommubench_flush_strategy
 */
bool flush_waits(uint32_t strategy);

/**
 * flush_senseless() - why there is no such point on any machine
 * @p: the point
 * @reason: receives, empty when there is
 *
 * Return: whether it makes no sense.
 */
bool flush_senseless(const struct flush_point *p, struct error *reason);

/**
 * flush_point_name() - a point as a part of a file's name
 * @p: the point
 *
 * Return: STRATEGY-SIZE-RANGE-THREADS-DOMAINS, in memory that the caller frees.
 */
char *flush_point_name(const struct flush_point *p);

#endif
