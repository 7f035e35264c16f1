/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When operations are due at a fixed rate that several threads share.
 *
 * What is left of a nanosecond is kept, so that no rate drifts.
 */
#ifndef IOMMUBENCH_DISK_PACE_H
#define IOMMUBENCH_DISK_PACE_H

#include <stdint.h>

/**
 * struct pace - one thread's share
 * @due: when its next operation is due, in nanoseconds
 * @step: from one to the next
 * @rest: fraction that is owed to @due, in parts of @scale
 * @step_rest: fraction of @step, in parts of @scale
 * @scale: parts of a nanosecond
 */
struct pace {
	uint64_t due;
	uint64_t step;
	uint64_t rest;
	uint64_t step_rest;
	uint64_t scale;
};

/**
 * pace_begin() - begin to be due
 * @rate_mhz: operations in 1000 seconds over all threads, not 0
 * @threads: threads that share the rate
 * @thread: which one this is: its moments are evenly between the others'
 * @now: when the first thread's first operation is due
 */
static inline struct pace pace_begin(uint64_t rate_mhz, unsigned int threads, unsigned int thread,
				     uint64_t now)
{
	uint64_t ns = 1000000000000ULL * threads;
	struct pace p = {
		.due = now,
		.step = ns / rate_mhz,
		.step_rest = ns % rate_mhz,
		.scale = rate_mhz,
	};

	p.due += (uint64_t)((__uint128_t)p.step * thread / threads);
	return p;
}

/**
 * pace_owed() - how many are due from now on, before some moment
 * @p: the share
 * @end: that moment
 */
static inline uint64_t pace_owed(const struct pace *p, uint64_t end)
{
	__uint128_t ahead, step = (__uint128_t)p->step * p->scale + p->step_rest;

	if (p->due >= end)
		return 0;
	/* In parts: the one before which they are due, and the next one's own fraction. */
	ahead = (__uint128_t)(end - p->due) * p->scale - p->rest;
	return (uint64_t)((ahead + step - 1) / step);
}

/**
 * pace_next() - the next one is due
 * @p: the share
 */
static inline void pace_next(struct pace *p)
{
	p->due += p->step;
	p->rest += p->step_rest;
	if (p->rest >= p->scale) {
		p->rest -= p->scale;
		p->due++;
	}
}

#endif
