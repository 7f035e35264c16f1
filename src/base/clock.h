/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clocks that the tool times with: the module's own, so that what the tool does has its place among
 * what the threads do, and one for a single access of the CPU.
 */
#ifndef IOMMUBENCH_BASE_CLOCK_H
#define IOMMUBENCH_BASE_CLOCK_H

#include <stdint.h>

#include <time.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

/**
 * clock_ticks() - the module's clock now
 *
 * The same counter as bench_clock() of the module reads, in the same unit. It is for moments that
 * are compared with the module's; a single access of the CPU is timed with ticks_now().
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
 * ticks_now() - the clock for one access of the CPU
 *
 * It is for the time between two calls in one thread. Its second barrier keeps what follows from
 * beginning before the clock was read, which clock_ticks() lets happen. Its ticks are ticks_hz() a
 * second, which need not be the module's unit.
 */
static inline uint64_t ticks_now(void)
{
#if defined(__aarch64__)
	uint64_t ticks;

	__asm__ __volatile__("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r" (ticks) :: "memory");
	return ticks;
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
#endif
}

/**
 * ticks_hz() - how many ticks of ticks_now() a second has
 */
static inline double ticks_hz(void)
{
#if defined(__aarch64__)
	uint64_t hz;

	__asm__ __volatile__("mrs %0, cntfrq_el0" : "=r" (hz));
	return (double)hz;
#else
	return 1e9;
#endif
}

/**
 * clock_to_ns() - ticks as nanoseconds
 * @ticks: any number of them
 * @hz: ticks in a second, not 0
 */
static inline uint64_t clock_to_ns(uint64_t ticks, uint64_t hz)
{
	return (uint64_t)((__uint128_t)ticks * 1000000000 / hz);
}

/**
 * clock_from_ns() - nanoseconds as ticks
 * @ns: any number of them
 * @hz: ticks in a second
 */
static inline uint64_t clock_from_ns(uint64_t ns, uint64_t hz)
{
	return (uint64_t)((__uint128_t)ns * hz / 1000000000);
}

#endif
