// SPDX-License-Identifier: GPL-2.0-only
#include "counters/counters.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/xalloc.h"
#include "counters/internal.h"
#include "events/events.h"
#include "events/iommu_commands.h"
#include "events/irq.h"
#include "events/perf_open.h"
#include "run/series.h"

/* One file for each thread and event. */
static void allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void get_probes(struct counters *c)
{
	c->probes = c->target.probes;
	if (!c->probes) {
		iommu_commands_open(&c->own, c->target.kind ? c->target.kind : "none");
		c->probes = &c->own;
	}
	if (!c->probes->usable)
		error_set(&c->commands_problem, "%s", c->probes->reason);
}

/* Interrupts are of both: some lines are the device's. */
static bool is_wanted(const struct event *e, enum counters_part part)
{
	bool common = e->source == EVENT_COMMANDS ||
		      (counters_is_perf(e) && !e->follows && !e->filtered);

	return part == COUNTERS_ALL || e->source == EVENT_INTERRUPTS ||
	       common == (part == COUNTERS_COMMON);
}

struct counters *counters_new(const struct perf_pmu_names *names,
			      const struct counters_target *target)
{
	struct events_machine machine;
	struct counters *c;
	unsigned int i;

	if (events_none(names))
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->target = *target;
	c->own.tracefs = -1;
	events_machine_look(&machine);
	machine.has_stream = target->has_stream;
	machine.stream_id = target->stream_id;
	machine.smmu = target->smmu;
	events_resolve(&c->events, names, &machine);
	events_machine_free(&machine);
	for (i = c->events.nr; i--;)
		if (!is_wanted(&c->events.list[i], target->part))
			events_remove(&c->events, i);
	c->list = xcalloc(c->events.nr, sizeof(*c->list));
	for (i = 0; i < c->events.nr; i++) {
		const struct event *e = &c->events.list[i];

		c->list[i].event = e;
		if (e->source == EVENT_INTERRUPTS)
			c->interrupts = true;
		if (e->source == EVENT_COMMANDS && !c->probes)
			get_probes(c);
	}
	/* Only needed until here. */
	c->target.kind = NULL;
	allow_files();
	return c;
}

static void free_phases(struct counters *c)
{
	unsigned int i;

	counters_end_phases(c);
	for (i = 0; i < c->nr_phases; i++)
		counters_free(c->phases[i]);
	free(c->phases);
	c->phases = NULL;
	c->nr_phases = 0;
}

void counters_free(struct counters *c)
{
	unsigned int i;

	if (!c)
		return;
	free_phases(c);
	for (i = 0; i < c->events.nr; i++)
		free(c->list[i].sums);
	free(c->list);
	for (i = 0; i < COUNTERS_RUNS; i++)
		free(c->ops[i]);
	irq_lines_free(&c->before);
	irq_lines_free(&c->came);
	irq_lines_free(&c->told);
	if (!c->phase) {
		iommu_commands_close(&c->own);
		events_free(&c->events);
	}
	free(c);
}

struct counters *counters_phase(struct counters *c, const char *name)
{
	struct counters *p;
	unsigned int i;

	for (i = 0; i < c->nr_phases; i++)
		if (!strcmp(c->phases[i]->phase, name))
			return c->phases[i];
	p = xcalloc(1, sizeof(*p));
	*p = (struct counters){
		.target = c->target,
		.events = c->events,
		.list = xcalloc(c->events.nr, sizeof(*p->list)),
		.interrupts = c->interrupts,
		.own.tracefs = -1,
		.probes = c->probes,
		.phase = name,
	};
	for (i = 0; i < p->events.nr; i++)
		p->list[i].event = &p->events.list[i];
	c->phases = xgrow(c->phases, c->nr_phases + 1, sizeof(*c->phases));
	c->phases[c->nr_phases++] = p;
	return p;
}

void counters_drop_phases(struct counters *c, const char *fmt, ...)
{
	va_list args;

	free_phases(c);
	va_start(args, fmt);
	vsnprintf(c->phases_problem.text, sizeof(c->phases_problem.text), fmt, args);
	va_end(args);
}

bool counters_wants(const struct counters *c, enum counters_run run)
{
	unsigned int i;

	for (i = 0; c && i < c->events.nr; i++)
		if (counters_run_of(&c->events.list[i]) == run)
			return true;
	return false;
}

void counters_reset(struct counters *c)
{
	unsigned int i;

	for (i = 0; i < c->events.nr; i++) {
		free(c->list[i].sums);
		c->list[i].sums = NULL;
		c->list[i].nr_sums = 0;
		c->list[i].past = (struct series_count){ 0 };
		c->list[i].problem.text[0] = '\0';
	}
	for (i = 0; i < COUNTERS_RUNS; i++) {
		free(c->ops[i]);
		c->ops[i] = NULL;
	}
	c->nr_ops = 0;
	irq_lines_free(&c->came);
	c->commands = (struct iommu_commands_count){ 0 };
	c->commands_counted = 0;
	memset(c->times, 0, sizeof(c->times));
	free_phases(c);
	c->phases_problem.text[0] = '\0';
}

static void start_commands(struct counters *c, uint64_t events, bool anyone)
{
	c->probing = false;
	if (!c->probes || !c->probes->usable)
		return;
	if (iommu_commands_start(c->probes, !anyone, events))
		error_set(&c->commands_problem, "%s", c->probes->reason);
	else
		c->probing = true;
}

static void stop_commands(struct counters *c)
{
	struct iommu_commands_count count;

	if (!c->probing)
		return;
	c->probing = false;
	if (iommu_commands_stop(c->probes, &count)) {
		error_set(&c->commands_problem, "%s", c->probes->reason);
		return;
	}
	c->commands.events += count.events;
	c->commands.commands += count.commands;
	c->commands.syncs += count.syncs;
	c->commands.waits += count.waits;
	if (count.longest > c->commands.longest)
		c->commands.longest = count.longest;
	c->commands_counted++;
}

void counters_begin(struct counters *c, enum counters_run run, const uint32_t *tids,
		    unsigned int nr, uint64_t commands, bool anyone)
{
	unsigned int i, j;

	c->run = run;
	c->begun = true;
	c->by_cpu = !counters_know_threads(c, tids, nr);
	/*
	 * Where there are more events than hardware counters, the first ones get them, and a phase
	 * may end before it is the others' turn: so another one is first each time.
	 */
	for (i = 0; i < c->events.nr; i++) {
		struct counter *counter = &c->list[(i + c->times[run]) % c->events.nr];

		if (counters_is_perf(counter->event) &&
		    counters_run_of(counter->event) == run && !counter->nr_fds)
			counters_open(c, counter, tids, nr);
	}
	if (run == COUNTERS_EXPLAINING)
		start_commands(c, commands, anyone);
	if (run == COUNTERS_MEASURED && c->interrupts) {
		irq_lines_free(&c->before);
		if (irq_lines_read(c->target.device, &c->before))
			error_set(&c->interrupts_problem, "cannot read /proc/interrupts: %s",
				  strerror(errno));
	}
	for (i = 0; i < c->events.nr; i++)
		for (j = 0; j < c->list[i].nr_fds && counters_run_of(c->list[i].event) == run; j++)
			if (c->list[i].fds[j] >= 0)
				perf_enable(c->list[i].fds[j]);
}

void counters_add_interrupts(struct counters *c)
{
	struct irq_lines now, came;

	if (irq_lines_read(c->target.device, &now))
		return;
	irq_lines_since(&came, &now, &c->before);
	irq_lines_add(&c->came, &came);
	irq_lines_free(&came);
	irq_lines_free(&c->before);
	c->before = now;
}

/* Opening and closing a tracepoint takes long, so that is done once for all times of a phase. */
static bool stays_open(const struct counters *c, const struct counter *counter)
{
	return c->phase && counter->event->source == EVENT_TRACEPOINT;
}

void counters_end(struct counters *c)
{
	unsigned int i, j;

	for (i = 0; i < c->events.nr; i++)
		for (j = 0; j < c->list[i].nr_fds; j++)
			if (c->list[i].fds[j] >= 0)
				perf_disable(c->list[i].fds[j]);
	if (c->run == COUNTERS_MEASURED && c->interrupts)
		counters_add_interrupts(c);
	if (c->run == COUNTERS_EXPLAINING)
		stop_commands(c);
	for (i = 0; i < c->events.nr; i++)
		if (c->list[i].nr_fds && !stays_open(c, &c->list[i]))
			counters_read(&c->list[i]);
	c->begun = false;
	c->times[c->run]++;
}

void counters_end_phases(struct counters *c)
{
	unsigned int i, j;

	for (i = 0; i < c->nr_phases; i++)
		for (j = 0; j < c->events.nr; j++)
			if (c->phases[i]->list[j].nr_fds)
				counters_read(&c->phases[i]->list[j]);
}

bool counters_starved(const struct counter *counter)
{
	unsigned int i;

	for (i = 0; i < counter->nr_sums; i++)
		if (counter->sums[i].enabled_ns && !counter->sums[i].running_ns)
			return true;
	return false;
}

void counters_add_ops(struct counters *c, enum counters_run run, unsigned int thread, uint64_t ops)
{
	unsigned int i, r;

	if (thread >= c->nr_ops) {
		for (r = 0; r < COUNTERS_RUNS; r++) {
			c->ops[r] = xgrow(c->ops[r], thread + 1, sizeof(*c->ops[r]));
			for (i = c->nr_ops; i <= thread; i++)
				c->ops[r][i] = 0;
		}
		c->nr_ops = thread + 1;
	}
	c->ops[run][thread] += ops;
}

uint64_t counters_all_ops(const struct counters *c, enum counters_run run)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < c->nr_ops; i++)
		sum += c->ops[run][i];
	return sum;
}
