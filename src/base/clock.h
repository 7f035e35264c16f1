/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock that the module times with, read from here: so that what the tool
 * does has its place among what the threads do.
 */
#ifndef IOMMUBENCH_BASE_CLOCK_H
#define IOMMUBENCH_BASE_CLOCK_H

#include <stdint.h>

#ifdef __x86_64__
#include <x86intrin.h>
#else
#include <time.h>
#endif

/**
 * clock_ticks() - the module's clock now
 *
 * The same counter as bench_clock() of the module reads, in the same unit.
 */
static inline uint64_t clock_ticks(void)
{
#if defined(__aarch64__)
	uint64_t ticks;

	__asm__ __volatile__("isb\n\tmrs %0, cntvct_el0" : "=r" (ticks) :: "memory");
	return ticks;
#elif defined(__x86_64__)
	_mm_lfence();
	return __rdtsc();
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
#endif
}

/**
 * clock_to_ns() - ticks as nanoseconds
 * @ticks: any number of them
 * @hz: ticks a second, not 0
 */
static inline uint64_t clock_to_ns(uint64_t ticks, uint64_t hz)
{
	return (uint64_t)((__uint128_t)ticks * 1000000000 / hz);
}

/**
 * clock_from_ns() - nanoseconds as ticks
 * @ns: any number of them
 * @hz: ticks a second
 */
static inline uint64_t clock_from_ns(uint64_t ns, uint64_t hz)
{
	return (uint64_t)((__uint128_t)ns * hz / 1000000000);
}

#endif
