/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What counters consist of, for those who count, describe and follow them over time.
 */
#ifndef IOMMUBENCH_COUNTERS_INTERNAL_H
#define IOMMUBENCH_COUNTERS_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "counters/counters.h"
#include "events/events.h"
#include "events/iommu_commands.h"
#include "events/irq.h"
#include "events/perf_open.h"
#include "run/series.h"

/**
 * struct sum - what one thread, CPU or PMU has counted in all runs
 * @value: as far as it was counted, see sum_value()
 * @enabled_ns: time in which it was to count
 * @running_ns: time in which it counted
 */
struct sum {
	double value;
	uint64_t enabled_ns;
	uint64_t running_ns;
};

/**
 * struct counter - an event, and what was counted of it
 * @event: the event
 * @fds: of the run under way, on the heap
 * @nr_fds: entries at @fds
 * @parts: entries of @fds for each of @sums: PMUs of several types of CPU
 * @sums: by thread, by CPU of the target, or by CPU that the PMU is counted on: each has had a PMU
 *	to itself for a time of its own
 * @nr_sums: entries at @sums
 * @past: what all of them had in the runs that have ended, not scaled
 * @problem: why it could not be counted, empty when nothing is wrong
 * @missing: that is because this machine does not have it
 */
struct counter {
	const struct event *event;
	int *fds;
	unsigned int nr_fds;
	unsigned int parts;
	struct sum *sums;
	unsigned int nr_sums;
	struct series_count past;
	struct error problem;
	bool missing;
};

/**
 * struct counters - see the header
 * @target: what is looked at
 * @events: what is counted
 * @list: the counters, an entry for each of @events
 * @interrupts: interrupts are counted
 * @before: as they stood when they were looked at last
 * @came: interrupts that came until then, in all runs
 * @told: those of @came that a series has
 * @told_room: entries that @told may have
 * @interrupts_problem: why they could not be read
 * @own: probes that nobody else has opened
 * @probes: to count commands with, NULL when that is not asked for
 * @probing: they were started in the run under way
 * @commands: commands of the runs that have ended
 * @commands_counted: explaining runs that @commands are of
 * @commands_problem: why they could not be counted
 * @run: kind of the run that is under way
 * @begun: a run is under way
 * @ops: operations, by run and thread
 * @nr_ops: entries in each of @ops
 * @by_cpu: threads cannot be named, so their CPUs are counted
 * @times: how often each kind of run was counted
 * @phase: what these are counters of, NULL for whole runs. Those of a phase share @events and
 *	@probes with those of whole runs
 * @phases: counters of each phase, by its number
 * @nr_phases: entries at @phases
 * @phases_problem: why there are none
 */
struct counters {
	struct counters_target target;
	struct events events;
	struct counter *list;
	bool interrupts;
	struct irq_lines before;
	struct irq_lines came;
	struct irq_lines told;
	unsigned int told_room;
	struct error interrupts_problem;
	struct iommu_commands own;
	struct iommu_commands *probes;
	bool probing;
	struct iommu_commands_count commands;
	unsigned int commands_counted;
	struct error commands_problem;
	enum counters_run run;
	bool begun;
	uint64_t *ops[COUNTERS_RUNS];
	unsigned int nr_ops;
	bool by_cpu;
	unsigned int times[COUNTERS_RUNS];
	const char *phase;
	struct counters **phases;
	unsigned int nr_phases;
	struct error phases_problem;
};

/* Counted through perf, by whatever name. */
static inline bool counters_is_perf(const struct event *e)
{
	return e->source == EVENT_PERF || e->source == EVENT_PMU || e->source == EVENT_TRACEPOINT;
}

static inline enum counters_run counters_run_of(const struct event *e)
{
	return event_disturbs(e) ? COUNTERS_EXPLAINING : COUNTERS_MEASURED;
}

/* Two devices have those of their IOMMUs in common. */
static inline bool counters_has_line(const struct counters *c, const struct irq_line *line)
{
	return c->target.part != COUNTERS_OWN || line->of_device;
}

static inline void counters_add_past(struct series_count *past, const struct event *e,
				     const struct perf_value *v)
{
	past->value += (double)v->count * e->scale;
	past->enabled_ns += v->enabled_ns;
	past->running_ns += v->running_ns;
}

/**
 * struct counter_plan - one of the kernel's counters
 * @code: the event
 * @tid: of the thread to count, -1 for whatever runs on @cpu
 * @cpu: where to count, -1 for wherever the thread is
 */
struct counter_plan {
	struct perf_code code;
	int tid;
	int cpu;
};

/**
 * counters_parts() - how many of the kernel's counters it takes for one thread
 * @c: the counters; it is known whether threads can be named
 * @e: an event
 */
unsigned int counters_parts(const struct counters *c, const struct event *e);

/**
 * counters_plan() - which of the kernel's counters it takes
 * @c: the counters
 * @e: an event that follows threads
 * @thread: number of the thread, or of a CPU of the target
 * @part: number of the PMU, where there are several for each thread
 * @tid: of that thread
 * @plan: receives
 *
 * Return: whether it takes any: PMUs of other CPUs than the thread's own count nothing of it.
 */
bool counters_plan(const struct counters *c, const struct event *e, unsigned int thread,
		   unsigned int part, int tid, struct counter_plan *plan);

/**
 * counters_know_threads() - can the threads be counted by their numbers?
 * @c: the counters
 * @tids: numbers of threads
 * @nr: entries at @tids
 *
 * Numbers of threads are those of the initial PID namespace, which may not be ours.
 */
bool counters_know_threads(const struct counters *c, const uint32_t *tids, unsigned int nr);

/**
 * counters_open() - get the kernel's counters for an event
 * @c: the counters
 * @counter: one of them
 * @tids: thread numbers of the threads that are counted
 * @nr: entries at @tids
 */
void counters_open(const struct counters *c, struct counter *counter, const uint32_t *tids,
		   unsigned int nr);

/**
 * counters_read() - add up what the kernel's counters have, and give them back
 * @counter: the counter, open
 */
void counters_read(struct counter *counter);

/**
 * counters_add_interrupts() - take up those that came since it was called last, or since the run
 * began
 * @c: the counters, of which a run that counts interrupts is under way
 *
 * The more often, the less is lost with a line that its driver gives back.
 */
void counters_add_interrupts(struct counters *c);

/**
 * counters_starved() - is there a part of it that no hardware counter was ever free for?
 * @counter: the counter
 */
bool counters_starved(const struct counter *counter);

/**
 * counters_all_ops() - operations of all threads in one kind of run
 * @c: the counters
 * @run: the kind of run
 */
uint64_t counters_all_ops(const struct counters *c, enum counters_run run);

/**
 * counters_name() - what a counter is, and in which unit
 * @c: the counters
 * @counter: one of them
 *
 * Return: an object without a value.
 */
json_t *counters_name(const struct counters *c, const struct counter *counter);

/**
 * counters_line_name() - what a count of interrupts is
 * @c: the counters
 * @line: the interrupt
 *
 * Return: an object without a value.
 */
json_t *counters_line_name(const struct counters *c, const struct irq_line *line);

#endif
