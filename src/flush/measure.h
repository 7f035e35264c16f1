/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One point of a tlb-flush sweep: the runs that it takes, and the result that
 * they make together.
 */
#ifndef IOMMUBENCH_FLUSH_MEASURE_H
#define IOMMUBENCH_FLUSH_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "events/commands.h"
#include "measure/session.h"
#include "measure/totals.h"
#include "result/result.h"
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
 * @threads: how many
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

/**
 * flush_measure() - measure one point
 * @s: connected; its options are changed to those of the point
 * @p: the point
 * @x: what else is looked at
 * @probes: to count commands with
 * @r: receives the result, when there is one
 * @t: receives how it ended; give it back with totals_free()
 * @why: receives the reason when there is no result; nothing is printed
 *
 * Return: EXIT_DONE when there is a result, however its runs ended; otherwise
 * another enum exit_status, after which @s is still connected if its device is open.
 */
int flush_measure(struct session *s, const struct flush_point *p, const struct flush_extras *x,
		  struct commands *probes, struct result **r, struct totals *t,
		  struct error *why);

#endif
