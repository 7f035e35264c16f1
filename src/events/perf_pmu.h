/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PMUs as the kernel shows them in sysfs: their events by name, and the fields that an event's
 * number is made of.
 */
#ifndef IOMMUBENCH_EVENTS_PERF_PMU_H
#define IOMMUBENCH_EVENTS_PERF_PMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "events/perf_code.h"

#define PERF_PMU_ROOT		"/sys/bus/event_source/devices"
#define PERF_PMU_NAME_BYTES	64

/**
 * struct perf_pmu - one PMU
 * @name: name of its folder in sysfs
 * @type: number of the PMU for struct perf_code
 * @core: part of CPUs, and counts what a thread does; otherwise it is counted on @cpus
 * @cpus: on the heap, one for each package or such; when @core the CPUs that it is part of, empty
 *	for all
 * @nr_cpus: entries at @cpus
 */
struct perf_pmu {
	char name[PERF_PMU_NAME_BYTES];
	uint32_t type;
	bool core;
	uint32_t *cpus;
	unsigned int nr_cpus;
};

/**
 * struct perf_pmu_list - PMUs, sorted by name
 * @pmus: the PMUs, freed by perf_pmu_free()
 * @nr: entries at @pmus
 * @root: folder that they are in
 */
struct perf_pmu_list {
	struct perf_pmu *pmus;
	unsigned int nr;
	const char *root;
};

/**
 * struct perf_pmu_names - names, sorted
 * @names: the names, freed by perf_pmu_names_free()
 * @nr: entries at @names
 */
struct perf_pmu_names {
	char **names;
	unsigned int nr;
};

/**
 * perf_pmu_find() - the PMUs that this machine shows
 * @list: receives, give it back with perf_pmu_free()
 * @root: PERF_PMU_ROOT
 *
 * The kernel's own kinds of events (software, tracepoint, breakpoint and probes) are no PMUs here.
 */
void perf_pmu_find(struct perf_pmu_list *list, const char *root);

/**
 * perf_pmu_free() - give a list back
 * @list: the list, may be all zeroes
 */
void perf_pmu_free(struct perf_pmu_list *list);

/**
 * perf_pmu_matches() - is a PMU meant by a name?
 * @pmu: the PMU
 * @name: its name; that without its number, as perf has it: smmuv3_pmcg for smmuv3_pmcg_2b420, dmar
 *	for dmar0; that without "uncore_"; or a pattern with '*'
 */
bool perf_pmu_matches(const struct perf_pmu *pmu, const char *name);

/**
 * perf_pmu_events() - the names of a PMU's events
 * @list: list that the PMU is of
 * @pmu: the PMU
 * @names: receives, give it back with perf_pmu_names_free()
 */
void perf_pmu_events(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
		     struct perf_pmu_names *names);

/**
 * perf_pmu_fields() - the names of the fields that its events' numbers are made of
 * @list: list that the PMU is of
 * @pmu: the PMU
 * @names: receives, give it back with perf_pmu_names_free()
 */
void perf_pmu_fields(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
		     struct perf_pmu_names *names);

/**
 * perf_pmu_names_add() - append a name
 * @names: the names
 * @name: copied
 */
void perf_pmu_names_add(struct perf_pmu_names *names, const char *name);

/**
 * perf_pmu_names_has() - is a name among them?
 * @names: the names
 * @name: the name
 */
bool perf_pmu_names_has(const struct perf_pmu_names *names, const char *name);

/**
 * perf_pmu_names_free() - give names back
 * @names: the names, may be all zeroes
 */
void perf_pmu_names_free(struct perf_pmu_names *names);

/**
 * perf_pmu_nearest() - names that were perhaps meant
 * @names: to choose from
 * @wanted: what was given
 * @buf: receives "did you mean A, B or C?", or "" when nothing is near
 * @n: room at @buf
 */
void perf_pmu_nearest(const struct perf_pmu_names *names, const char *wanted, char *buf, size_t n);

/**
 * perf_pmu_put_field() - put a value where a field goes
 * @format: as in sysfs: "config:0-7", "config1:0-31,40" or "config2:3"
 * @value: its low bits go to the first range, and so on
 * @code: receives the value in its words
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int perf_pmu_put_field(const char *format, uint64_t value, struct perf_code *code, struct error *e);

/**
 * perf_pmu_encode() - make a number of what a user says between the slashes of pmu/.../
 * @list: list that the PMU is of
 * @pmu: the PMU
 * @terms: event names, fields as field=value (1 when the value is left out), config=value and
 *	rHEX for the first word as a whole, with commas between them; numbers are decimal or begin
 *	with 0x
 * @code: receives the number of the event
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int perf_pmu_encode(const struct perf_pmu_list *list, const struct perf_pmu *pmu, const char *terms,
		    struct perf_code *code, struct error *e);

/**
 * perf_pmu_scale() - what one count of an event stands for
 * @list: list that the PMU is of
 * @pmu: the PMU
 * @event: name of the event
 * @unit: receives its unit, "" when it has none
 * @n: room at @unit
 *
 * Return: the factor, 1 when nothing is said.
 */
double perf_pmu_scale(const struct perf_pmu_list *list, const struct perf_pmu *pmu,
		      const char *event, char *unit, size_t n);

#endif
