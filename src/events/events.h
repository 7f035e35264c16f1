/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What --events names, and what that is on this machine.
 */
#ifndef IOMMUBENCH_EVENTS_EVENTS_H
#define IOMMUBENCH_EVENTS_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "events/perf_code.h"
#include "events/perf_pmu.h"

/**
 * enum event_source - where a count comes from
 * @EVENT_PERF: the CPUs or the kernel, by perf_event_open()
 * @EVENT_PMU: a PMU that is found in sysfs
 * @EVENT_TRACEPOINT: a tracepoint, counted by perf_event_open()
 * @EVENT_COMMANDS: what the IOMMU's driver sends, see events/iommu_commands.h
 * @EVENT_INTERRUPTS: /proc/interrupts
 */
enum event_source {
	EVENT_PERF,
	EVENT_PMU,
	EVENT_TRACEPOINT,
	EVENT_COMMANDS,
	EVENT_INTERRUPTS,
};

/**
 * struct event - one thing to count
 * @name: name in the result
 * @asked: as the user named it, NULL for one of the default set
 * @source: where it comes from
 * @code: number of the event for the kernel
 * @pmu: name of the PMU, "" for none
 * @follows: it is counted for each thread; otherwise on @cpus
 * @cpus: CPUs to count on, freed by events_free(); when @follows, those that alone have it, empty
 *	for all
 * @nr_cpus: entries at @cpus
 * @types: PMUs of the CPUs, where those are of several types and each counts it by its own; freed
 *	by events_free()
 * @nr_types: entries at @types, 0 where one counts on all CPUs
 * @scale: what one count stands for
 * @unit: of a scaled count, "" for a plain number
 * @filtered: only what the device with @stream_id does
 * @stream_id: see @filtered
 */
struct event {
	char *name;
	char *asked;
	enum event_source source;
	struct perf_code code;
	char pmu[PERF_PMU_NAME_BYTES];
	bool follows;
	uint32_t *cpus;
	unsigned int nr_cpus;
	uint32_t *types;
	unsigned int nr_types;
	double scale;
	char unit[16];
	bool filtered;
	uint32_t stream_id;
};

/**
 * struct events - all that is to be counted
 * @list: the events, freed by events_free()
 * @nr: entries at @list
 * @unknown: a line for each name that means nothing here
 */
struct events {
	struct event *list;
	unsigned int nr;
	struct perf_pmu_names unknown;
};

/**
 * struct events_machine - what names are looked up in
 * @pmus: PMUs of this machine
 * @tracefs: from tracefs_open(), -1 when it cannot be had
 * @cpus: CPUs that are online
 * @nr_cpus: entries at @cpus
 * @sys_root: where the machine's /sys is, "" for this one's
 * @has_stream: the device has one number at its SMMU
 * @stream_id: that number, valid with @has_stream
 * @smmu: address of that SMMU's registers, 0 when not known
 */
struct events_machine {
	struct perf_pmu_list pmus;
	int tracefs;
	uint32_t *cpus;
	unsigned int nr_cpus;
	const char *sys_root;
	bool has_stream;
	uint32_t stream_id;
	uint64_t smmu;
};

/**
 * events_parse() - read a list of names, without a look at the machine
 * @text: names with commas between them; those between the slashes of pmu/.../ belong to the name
 * @names: the names are appended
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int events_parse(const char *text, struct perf_pmu_names *names, struct error *e);

/**
 * events_none() - is nothing to be counted?
 * @names: what was asked for
 */
bool events_none(const struct perf_pmu_names *names);

/**
 * events_machine_look() - look at this machine
 * @m: receives, give it back with events_machine_free()
 */
void events_machine_look(struct events_machine *m);

/**
 * events_machine_free() - give it back
 * @m: may be all zeroes but for @m->tracefs, which is -1 then
 */
void events_machine_free(struct events_machine *m);

/**
 * events_resolve() - find out what names mean on a machine
 * @events: receives, give it back with events_free()
 * @names: what was asked for; without any, the default set
 * @m: the machine
 */
void events_resolve(struct events *events, const struct perf_pmu_names *names,
		    const struct events_machine *m);

/**
 * events_remove() - count one thing less
 * @events: the events
 * @i: number of the event in @events->list
 */
void events_remove(struct events *events, unsigned int i);

/**
 * events_free() - give events back
 * @events: the events, may be all zeroes
 */
void events_free(struct events *events);

/**
 * event_disturbs() - does counting it make what is timed slower?
 * @e: the event
 */
bool event_disturbs(const struct event *e);

#endif
