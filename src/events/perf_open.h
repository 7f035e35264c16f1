/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One of the kernel's counters: perf_event_open(), and what its refusals mean.
 */
#ifndef IOMMUBENCH_EVENTS_PERF_OPEN_H
#define IOMMUBENCH_EVENTS_PERF_OPEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "events/perf_code.h"

/**
 * struct perf_value - what a counter has
 * @count: number of events
 * @enabled_ns: time in which it was to count
 * @running_ns: how long it did, less when there were more events than hardware
 */
struct perf_value {
	uint64_t count;
	uint64_t enabled_ns;
	uint64_t running_ns;
};

/**
 * perf_open() - get a counter that stands still
 * @code: the event
 * @tid: of the thread to count, -1 for whatever runs on @cpu
 * @cpu: where to count, -1 for wherever the thread is
 * @inherit: and what the thread forks
 *
 * Return: an open file, or -1 with errno set.
 */
int perf_open(const struct perf_code *code, int tid, int cpu, bool inherit);

/**
 * perf_enable() - let counters count
 * @fd: file of the counter, from perf_open()
 */
void perf_enable(int fd);

/**
 * perf_disable() - let it stand still
 * @fd: file of the counter, from perf_open()
 */
void perf_disable(int fd);

/**
 * perf_read() - look at a counter
 * @fd: file of the counter, from perf_open()
 * @value: receives its value and times
 *
 * Return: 0, or -1 with errno set.
 */
int perf_read(int fd, struct perf_value *value);

/**
 * perf_refused() - why a counter could not be had
 * @code: the event
 * @err: errno of perf_open()
 * @why: receives a clause: what is wrong and what to do
 */
void perf_refused(const struct perf_code *code, int err, struct error *why);

/**
 * perf_missing() - is it the machine that lacks it, and not a permission or room?
 * @err: errno of perf_open()
 */
bool perf_missing(int err);

#endif
