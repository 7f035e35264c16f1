/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of CPU and software events, as libpfm4 knows them.
 */
#ifndef IOMMUBENCH_EVENTS_PERF_NAMES_H
#define IOMMUBENCH_EVENTS_PERF_NAMES_H

#include "base/error.h"
#include "events/perf_code.h"
#include "events/perf_pmu.h"

/**
 * struct perf_names_pmu - a PMU that libpfm4 has a table of
 * @name: as libpfm4 has it, such as "arm_ac72"
 * @what: in words
 * @present: this machine has it
 * @events: number of events in the table
 */
struct perf_names_pmu {
	const char *name;
	const char *what;
	bool present;
	unsigned int events;
};

/**
 * perf_names_encode() - make a number of a name
 * @name: such as cycles, context-switches, INST_RETIRED or arm_ac72::L1D_CACHE_REFILL:u
 * @code: receives the number of the event
 * @e: receives what is wrong, with the nearest names
 *
 * Return: 0, or -1.
 */
int perf_names_encode(const char *name, struct perf_code *code, struct error *e);

/**
 * perf_names_next_pmu() - go through the PMUs that this machine has
 * @at: 0 first; kept by the caller
 * @pmu: receives the PMU
 *
 * Return: whether there was one more.
 */
bool perf_names_next_pmu(int *at, struct perf_names_pmu *pmu);

/**
 * perf_names_events() - the names of all events of one of those PMUs
 * @pmu: name of the PMU
 * @names: receives, give it back with perf_pmu_names_free()
 */
void perf_names_events(const char *pmu, struct perf_pmu_names *names);

#endif
