/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an event is to the kernel: the parts of its struct perf_event_attr that names stand for.
 */
#ifndef IOMMUBENCH_EVENTS_PERF_CODE_H
#define IOMMUBENCH_EVENTS_PERF_CODE_H

#include <stdbool.h>
#include <stdint.h>

/* Of the words config, config1, config2 and config3 */
#define PERF_CODE_WORDS	4

/**
 * struct perf_code - an event's number
 * @type: number of the PMU, perf_event_attr.type
 * @config: words that choose the event, from perf_event_attr.config on
 * @exclude_user: not while programs run
 * @exclude_kernel: not while the kernel runs
 * @exclude_hv: not while a hypervisor runs
 */
struct perf_code {
	uint32_t type;
	uint64_t config[PERF_CODE_WORDS];
	bool exclude_user;
	bool exclude_kernel;
	bool exclude_hv;
};

#endif
