/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock of the timed path: one register read, no conversion, no lock. The
 * tool turns ticks into nanoseconds.
 */
#ifndef IOMMUBENCH_CLOCK_H
#define IOMMUBENCH_CLOCK_H

#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/timex.h>
#include <linux/types.h>

#if defined(CONFIG_ARM64)
#include <clocksource/arm_arch_timer.h>
#include <asm/arch_timer.h>

#define BENCH_CLOCK_NAME	"arm generic timer"

/* get_cycles() carries the workarounds for timers with errata. */
static inline u64 bench_clock(void)
{
	return get_cycles();
}

static inline u64 bench_clock_hz(void)
{
	return arch_timer_get_cntfrq();
}
#elif defined(CONFIG_X86_64)
#include <asm/msr.h>
#include <asm/tsc.h>

#define BENCH_CLOCK_NAME	"tsc"

static inline u64 bench_clock(void)
{
	return rdtsc_ordered();
}

static inline u64 bench_clock_hz(void)
{
	return (u64)tsc_khz * 1000;
}
#else
#define BENCH_CLOCK_NAME	"ktime"

static inline u64 bench_clock(void)
{
	return ktime_get_ns();
}

static inline u64 bench_clock_hz(void)
{
	return NSEC_PER_SEC;
}
#endif

/*
 * A quotient that does not fit is as much as there is. On x86 the division itself would be a fault
 * of the processor, and what user space or a device has told may be any number.
 */
static inline u64 bench_clock_scale(u64 value, u64 to, u64 from)
{
	if (unlikely(value >> 32) && div64_u64(value, from) >= div64_u64(U64_MAX, to))
		return U64_MAX;
	return mul_u64_u64_div_u64(value, to, from);
}

static inline u64 bench_ns_to_ticks(u64 ns)
{
	return bench_clock_scale(ns, bench_clock_hz(), NSEC_PER_SEC);
}

static inline u64 bench_ticks_to_ns(u64 ticks)
{
	return bench_clock_scale(ticks, NSEC_PER_SEC, bench_clock_hz());
}

#endif /* IOMMUBENCH_CLOCK_H */
