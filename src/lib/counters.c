// SPDX-License-Identifier: GPL-2.0-only
#include "lib/counters.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/commands.h"
#include "lib/counters_derive.h"
#include "lib/device.h"
#include "lib/events.h"
#include "lib/events_irq.h"
#include "lib/perf_open.h"
#include "lib/series.h"
#include "lib/xalloc.h"

/* Interrupts that a driver may ask for while a series is under way. */
#define NEW_LINES	16

/**
 * struct sum - what one thread, CPU or PMU has counted in all runs
 * @value: as far as it was counted, see sum_value()
 * @enabled_ns: how long it was to count
 * @running_ns: how long it did
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
 * @nr_fds: entries there
 * @sums: by thread, or by CPU of the target; one when neither is told apart
 * @nr_sums: entries there
 * @past: what all of them had in the runs that have ended, not scaled
 * @problem: why it could not be counted, empty when nothing is wrong
 * @missing: that is because this machine does not have it
 */
struct counter {
	const struct event *event;
	int *fds;
	unsigned int nr_fds;
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
 * @list: one for each
 * @interrupts: those are counted
 * @before: as they stood when the run began
 * @came: sums
 * @told: those that a series has
 * @told_room: how many it may have
 * @interrupts_problem: why they could not be read
 * @own: probes that nobody else has opened
 * @probes: to count commands with, NULL when that is not asked for
 * @probing: they were started in the run under way
 * @commands: sums
 * @commands_counted: how many runs they are of
 * @commands_problem: why they could not be counted
 * @run: under way
 * @begun: one is under way
 * @ops: operations, by run and thread
 * @nr_ops: entries in each
 * @by_cpu: threads cannot be named, so their CPUs are counted
 * @times: how often each kind of run was counted
 * @phase: what these are counters of, NULL for whole runs. Those of a phase share @events and
 *	@probes with those of whole runs
 * @phases: those of each phase
 * @nr_phases: how many
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
	struct commands own;
	struct commands *probes;
	bool probing;
	struct commands_count commands;
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

static bool is_perf(const struct event *e)
{
	return e->source == EVENT_PERF || e->source == EVENT_PMU || e->source == EVENT_TRACEPOINT;
}

static enum counters_run run_of(const struct event *e)
{
	return event_disturbs(e) ? COUNTERS_EXPLAINING : COUNTERS_MEASURED;
}

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
		commands_open(&c->own, c->target.kind ? c->target.kind : "none");
		c->probes = &c->own;
	}
	if (!c->probes->usable)
		error_set(&c->commands_problem, "%s", c->probes->reason);
}

/* Interrupts are of both: some lines are the device's. */
static bool is_wanted(const struct event *e, enum counters_part part)
{
	bool common = e->source == EVENT_COMMANDS || (is_perf(e) && !e->follows && !e->filtered);

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
		commands_close(&c->own);
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
		if (run_of(&c->events.list[i]) == run)
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
	c->commands = (struct commands_count){ 0 };
	c->commands_counted = 0;
	memset(c->times, 0, sizeof(c->times));
	free_phases(c);
	c->phases_problem.text[0] = '\0';
}

/* Numbers of threads are those of the initial PID namespace, which may not be ours. */
static bool knows_threads(const struct counters *c, const uint32_t *tids, unsigned int nr)
{
	char name[32];
	unsigned int i;

	if (!c->target.kernel_threads)
		return true;
	for (i = 0; i < nr; i++)
		if (sysfs_read(name, sizeof(name), "/proc/%" PRIu32 "/comm", tids[i]) ||
		    strncmp(name, "iommubench/", strlen("iommubench/")))
			return false;
	return true;
}

static void open_one(const struct counters *c, struct counter *counter, unsigned int i, int tid,
		     int cpu)
{
	counter->fds[i] = perf_open(&counter->event->code, tid, cpu,
				    tid >= 0 && !c->target.kernel_threads);
	if (counter->fds[i] >= 0 || *counter->problem.text)
		return;
	counter->missing = perf_missing(errno);
	perf_refused(&counter->event->code, errno, &counter->problem);
}

/* All of it, or what is counted would be less than what was done. */
static void open_counter(const struct counters *c, struct counter *counter, const uint32_t *tids,
			 unsigned int nr)
{
	const struct event *e = counter->event;
	unsigned int i, sums;

	if (!e->follows)
		counter->nr_fds = e->nr_cpus;
	else
		counter->nr_fds = c->by_cpu ? c->target.nr_cpus : nr;
	counter->fds = xcalloc(counter->nr_fds, sizeof(*counter->fds));
	for (i = 0; i < counter->nr_fds; i++) {
		if (!e->follows)
			open_one(c, counter, i, -1, (int)e->cpus[i]);
		else if (c->by_cpu)
			open_one(c, counter, i, -1, (int)c->target.cpus[i]);
		else
			open_one(c, counter, i, (int)tids[i], -1);
	}
	sums = e->follows ? counter->nr_fds : 1;
	if (sums <= counter->nr_sums)
		return;
	counter->sums = xgrow(counter->sums, sums, sizeof(*counter->sums));
	for (i = counter->nr_sums; i < sums; i++)
		counter->sums[i] = (struct sum){ 0 };
	counter->nr_sums = sums;
}

static void start_commands(struct counters *c, uint64_t events, bool anyone)
{
	c->probing = false;
	if (!c->probes || !c->probes->usable)
		return;
	if (commands_start(c->probes, !anyone, events))
		error_set(&c->commands_problem, "%s", c->probes->reason);
	else
		c->probing = true;
}

static void stop_commands(struct counters *c)
{
	struct commands_count count;

	if (!c->probing)
		return;
	c->probing = false;
	if (commands_stop(c->probes, &count)) {
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
	c->by_cpu = !knows_threads(c, tids, nr);
	/*
	 * Where there are more events than hardware counters, the first ones get them, and a phase
	 * may end before it is the others' turn: so another one is first each time.
	 */
	for (i = 0; i < c->events.nr; i++) {
		struct counter *counter = &c->list[(i + c->times[run]) % c->events.nr];

		if (is_perf(counter->event) && run_of(counter->event) == run && !counter->nr_fds)
			open_counter(c, counter, tids, nr);
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
		for (j = 0; j < c->list[i].nr_fds && run_of(c->list[i].event) == run; j++)
			if (c->list[i].fds[j] >= 0)
				perf_enable(c->list[i].fds[j]);
}

/* Two devices have those of their IOMMUs in common. */
static bool has_line(const struct counters *c, const struct irq_line *line)
{
	return c->target.part != COUNTERS_OWN || line->of_device;
}

static void add_interrupts(struct counters *c)
{
	struct irq_lines after;
	unsigned int i, j;

	if (irq_lines_read(c->target.device, &after))
		return;
	for (i = 0; i < after.nr; i++) {
		struct irq_line *line = &after.lines[i];

		if (!has_line(c, line))
			continue;
		line->count -= irq_lines_count(&c->before, line->number);
		for (j = 0; j < c->came.nr; j++)
			if (!strcmp(c->came.lines[j].number, line->number))
				line->count += c->came.lines[j].count;
	}
	irq_lines_free(&c->came);
	c->came = after;
}

static void add_past(struct series_count *past, const struct event *e, const struct perf_value *v)
{
	past->value += (double)v->count * e->scale;
	past->enabled_ns += v->enabled_ns;
	past->running_ns += v->running_ns;
}

static void read_counter(struct counter *counter)
{
	struct perf_value v;
	unsigned int i;

	for (i = 0; i < counter->nr_fds; i++) {
		struct sum *sum = &counter->sums[counter->event->follows ? i : 0];

		if (counter->fds[i] < 0)
			continue;
		if (perf_read(counter->fds[i], &v)) {
			if (!*counter->problem.text)
				error_set(&counter->problem, "it cannot be read: %s",
					  strerror(errno));
		} else {
			add_past(&counter->past, counter->event, &v);
			sum->value += (double)v.count * counter->event->scale;
			sum->enabled_ns += v.enabled_ns;
			sum->running_ns += v.running_ns;
		}
		close(counter->fds[i]);
	}
	free(counter->fds);
	counter->fds = NULL;
	counter->nr_fds = 0;
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
		add_interrupts(c);
	if (c->run == COUNTERS_EXPLAINING)
		stop_commands(c);
	for (i = 0; i < c->events.nr; i++)
		if (c->list[i].nr_fds && !stays_open(c, &c->list[i]))
			read_counter(&c->list[i]);
	c->begun = false;
	c->times[c->run]++;
}

void counters_end_phases(struct counters *c)
{
	unsigned int i, j;

	for (i = 0; i < c->nr_phases; i++)
		for (j = 0; j < c->events.nr; j++)
			if (c->phases[i]->list[j].nr_fds)
				read_counter(&c->phases[i]->list[j]);
}

/* With multiplexing the estimate for the whole time. */
static double sum_value(const struct sum *sum)
{
	if (!sum->running_ns)
		return 0;
	return sum->value * ((double)sum->enabled_ns / (double)sum->running_ns);
}

/* Never was there a hardware counter for it, or for a part of it. */
static bool is_starved(const struct counter *counter)
{
	unsigned int i;

	for (i = 0; i < counter->nr_sums; i++)
		if (counter->sums[i].enabled_ns && !counter->sums[i].running_ns)
			return true;
	return false;
}

/* What counters of a phase have counted of standing still and going on. */
static double gate_value(const struct counters *c, const struct counters *nothing,
			 unsigned int event, unsigned int part)
{
	enum counters_run run = run_of(c->list[event].event);
	const struct counter *counter;

	if (!nothing || !c->list[event].event->follows || !nothing->times[run])
		return 0;
	counter = &nothing->list[event];
	if (part >= counter->nr_sums)
		return 0;
	return sum_value(&counter->sums[part]) * c->times[run] / nothing->times[run];
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

static uint64_t all_ops(const struct counters *c, enum counters_run run)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < c->nr_ops; i++)
		sum += c->ops[run][i];
	return sum;
}

static const char *phase_of(const struct counters *c, const struct event *e)
{
	if (c->phase)
		return c->phase;
	if (e && !strcmp(e->name, "iommu:map"))
		return "map";
	if (e && !strcmp(e->name, "iommu:unmap"))
		return "unmap";
	return c->target.phase ? c->target.phase : "run";
}

/* Of what no device can be told from others. */
static const char *wide_scope(const struct counters *c, const char *alone)
{
	return c->target.part == COUNTERS_COMMON ? "group" : alone;
}

/* Of an interrupt. */
static const char *line_scope(const struct counters *c)
{
	return c->target.part == COUNTERS_OWN ? "device" : wide_scope(c, "system");
}

static const char *run_word(const struct counters *c, enum counters_run run)
{
	if (c->phase)
		return "by-phase";
	return run == COUNTERS_EXPLAINING ? "explaining" : "measured";
}

/* What a counter is, and in which unit. */
static json_t *new_name(const char *name, const char *source, const char *scope, const char *unit)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "name", xjson_text(name));
	xjson_put(j, "source", xjson_text(source));
	xjson_put(j, "scope", xjson_text(scope));
	xjson_put(j, "unit", xjson_text(unit));
	return j;
}

static json_t *new_entry(const struct counters *c, const char *name, const char *source,
			 const char *scope, double value, const char *unit, uint64_t ops,
			 enum counters_run run)
{
	json_t *j = new_name(name, source, scope, unit);

	xjson_put(j, "run", xjson_text(run_word(c, run)));
	xjson_put(j, "phase", xjson_text(phase_of(c, NULL)));
	xjson_put(j, "value", xjson_count(value));
	if (c->phase)
		xjson_put(j, "ops", xjson(json_integer((json_int_t)ops)));
	if (ops)
		xjson_put(j, "per_op", xjson(json_real(value / (double)ops)));
	return j;
}

static const char *source_of(const struct event *e)
{
	static const char *const sources[] = {
		[EVENT_PERF] = "perf", [EVENT_PMU] = "pmu", [EVENT_TRACEPOINT] = "tracepoint",
	};

	return sources[e->source];
}

static bool tells_apart(const struct counters *c)
{
	return c->target.kernel_threads || c->target.apart;
}

static const char *scope_of(const struct counters *c, const struct event *e)
{
	if (!e->follows)
		return e->filtered ? "device" : wide_scope(c, "system");
	if (!tells_apart(c))
		return "process";
	return c->by_cpu ? "cpu" : "thread";
}

static const char *unit_of(const struct event *e)
{
	return *e->unit ? e->unit : "events";
}

static void describe_pmu(const struct event *e, json_t *j)
{
	if (*e->pmu)
		xjson_put(j, "pmu", xjson_text(e->pmu));
	if (e->filtered)
		xjson_put(j, "stream_id", xjson(json_integer(e->stream_id)));
}

static json_t *describe_sum(const struct counters *c, const struct counter *counter,
			    const struct sum *sum, double value, double gate, uint64_t ops)
{
	const struct event *e = counter->event;
	json_t *j = new_entry(c, e->name, source_of(e), scope_of(c, e), value, unit_of(e), ops,
			      run_of(e));

	xjson_put(j, "phase", xjson_text(phase_of(c, e)));
	if (c->phase && e->follows)
		xjson_put(j, "gate_value", xjson_count(gate));
	xjson_put(j, "running_ratio",
		  xjson(json_real(sum->enabled_ns > sum->running_ns ?
				  (double)sum->running_ns / (double)sum->enabled_ns : 1)));
	describe_pmu(e, j);
	return j;
}

static double without(double value, double gate)
{
	return value > gate ? value - gate : 0;
}

static void describe_counter(const struct counters *c, const struct counters *nothing,
			     unsigned int event, json_t *all)
{
	const struct counter *counter = &c->list[event];
	enum counters_run run = run_of(counter->event);
	double value = 0, gates = 0, gate;
	struct sum total = { 0 };
	unsigned int i;
	json_t *j;

	/* A sum with a part missing would be less than what was done. */
	if (*counter->problem.text || is_starved(counter))
		return;
	for (i = 0; i < counter->nr_sums; i++) {
		const struct sum *s = &counter->sums[i];

		gate = gate_value(c, nothing, event, i);
		value += without(sum_value(s), gate);
		gates += gate;
		total.enabled_ns += s->enabled_ns;
		total.running_ns += s->running_ns;
	}
	if (!total.running_ns)
		return;
	xjson_add(all, describe_sum(c, counter, &total, value, gates, all_ops(c, run)));
	for (i = 0; counter->event->follows && tells_apart(c) && i < counter->nr_sums;
	     i++) {
		const struct sum *s = &counter->sums[i];

		if (!s->running_ns)
			continue;
		gate = gate_value(c, nothing, event, i);
		value = without(sum_value(s), gate);
		if (c->by_cpu) {
			j = describe_sum(c, counter, s, value, gate, 0);
			xjson_put(j, "cpu", xjson(json_integer(c->target.cpus[i])));
		} else {
			j = describe_sum(c, counter, s, value, gate,
					 i < c->nr_ops ? c->ops[run][i] : 0);
			xjson_put(j, "thread", xjson(json_integer(i)));
		}
		xjson_add(all, j);
	}
}

static void describe_commands(const struct counters *c, json_t *all)
{
	uint64_t ops = all_ops(c, COUNTERS_EXPLAINING);
	const struct {
		const char *name;
		uint64_t value;
		bool there;
	} counts[] = {
		{ "flushes", c->commands.events, !c->probes->lists },
		{ "command_lists", c->commands.events, c->probes->lists },
		{ "commands", c->commands.commands, c->probes->lists },
		{ "syncs", c->commands.syncs, c->probes->lists },
		{ "queue_full_waits", c->commands.waits, c->probes->waits },
	};
	size_t i;
	json_t *j;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!counts[i].there)
			continue;
		j = new_entry(c, counts[i].name, "commands", wide_scope(c, "device"),
			      (double)counts[i].value, "events", ops, COUNTERS_EXPLAINING);
		xjson_put(j, "running_ratio", xjson(json_real(1)));
		xjson_put(j, "by", xjson_text(c->probes->source));
		xjson_add(all, j);
	}
}

static char *line_name(const struct irq_line *line)
{
	return xasprintf("irq/%s-%s", line->number, line->name);
}

static void describe_interrupts(const struct counters *c, json_t *all)
{
	uint64_t ops = all_ops(c, COUNTERS_MEASURED);
	unsigned int i;
	json_t *j;

	for (i = 0; i < c->came.nr; i++) {
		const struct irq_line *line = &c->came.lines[i];
		char *name;

		if (!has_line(c, line))
			continue;
		name = line_name(line);
		j = new_entry(c, name, "interrupts", line_scope(c), (double)line->count,
			      "interrupts", ops, COUNTERS_MEASURED);
		xjson_put(j, "running_ratio", xjson(json_real(1)));
		xjson_add(all, j);
		free(name);
	}
}

static void describe_all(const struct counters *c, const struct counters *nothing, json_t *all)
{
	unsigned int i;

	for (i = 0; i < c->events.nr; i++)
		describe_counter(c, nothing, i, all);
	if (c->commands_counted)
		describe_commands(c, all);
	describe_interrupts(c, all);
}

static bool is_nothing(const struct counters *c)
{
	return !strcmp(c->phase, COUNTERS_NOTHING);
}

json_t *counters_describe(const struct counters *c)
{
	const struct counters *nothing = NULL;
	json_t *all = xjson(json_array());
	unsigned int i;

	describe_all(c, NULL, all);
	for (i = 0; i < c->nr_phases; i++)
		if (is_nothing(c->phases[i]))
			nothing = c->phases[i];
	for (i = 0; i < c->nr_phases; i++)
		if (!is_nothing(c->phases[i]))
			describe_all(c->phases[i], nothing, all);
	counters_derive(all);
	return all;
}

static const char no_room[] =
	"the PMU had no room for it in any moment: count fewer events at once";
/* As a series has it. Return: NULL when it was not counted, or not all of it. */
static json_t *describe_name(const struct counters *c, const struct counter *counter)
{
	const struct event *e = counter->event;
	json_t *j;

	if (*counter->problem.text || is_starved(counter))
		return NULL;
	j = new_name(e->name, source_of(e), scope_of(c, e), unit_of(e));
	describe_pmu(e, j);
	return j;
}

static json_t *describe_line(const struct counters *c, const struct irq_line *line)
{
	char *name = line_name(line);
	json_t *j = new_name(name, "interrupts", line_scope(c), "interrupts");

	free(name);
	return j;
}

static bool in_series(const struct event *e)
{
	return is_perf(e) && run_of(e) == COUNTERS_MEASURED;
}

/* What ended runs have, and the one under way as far as it has come. */
static struct series_count count_so_far(const struct counter *counter)
{
	struct series_count sum = counter->past;
	struct perf_value v;
	unsigned int i;

	for (i = 0; i < counter->nr_fds; i++)
		if (counter->fds[i] >= 0 && !perf_read(counter->fds[i], &v))
			add_past(&sum, counter->event, &v);
	return sum;
}

/* Takes up those that a series does not have yet, as far as it has room. */
static void add_lines(struct counters *c, const struct irq_lines *lines)
{
	unsigned int i, j;

	for (i = 0; i < lines->nr && c->told.nr < c->told_room; i++) {
		for (j = 0; j < c->told.nr; j++)
			if (!strcmp(c->told.lines[j].number, lines->lines[i].number))
				break;
		if (j < c->told.nr || !has_line(c, &lines->lines[i]))
			continue;
		c->told.lines = xgrow(c->told.lines, c->told.nr + 1, sizeof(*c->told.lines));
		c->told.lines[c->told.nr++] = lines->lines[i];
	}
}

static void read_lines(struct counters *c, struct series_count *counts)
{
	bool live = c->begun && c->run == COUNTERS_MEASURED;
	struct irq_lines now = { 0 };
	unsigned int i;

	if (live && irq_lines_read(c->target.device, &now))
		live = false;
	add_lines(c, live ? &now : &c->came);
	for (i = 0; i < c->told.nr; i++) {
		const char *number = c->told.lines[i].number;
		uint64_t count = irq_lines_count(&c->came, number);

		/* Less than before is a line that has gone with its driver. */
		if (live && irq_lines_count(&now, number) > irq_lines_count(&c->before, number))
			count += irq_lines_count(&now, number) -
				 irq_lines_count(&c->before, number);
		counts[i] = (struct series_count){ .value = (double)count };
	}
	irq_lines_free(&now);
}

static void read_series(void *arg, struct series_count *counts)
{
	struct counters *c = arg;
	unsigned int i;

	for (i = 0; i < c->events.nr; i++)
		if (in_series(c->list[i].event))
			*counts++ = count_so_far(&c->list[i]);
	if (c->interrupts)
		read_lines(c, counts);
}

static json_t *describe_series(void *arg, size_t column)
{
	const struct counters *c = arg;
	unsigned int i;

	for (i = 0; i < c->events.nr; i++) {
		if (!in_series(c->list[i].event))
			continue;
		if (!column--)
			return describe_name(c, &c->list[i]);
	}
	return column < c->told.nr ? describe_line(c, &c->told.lines[column]) : NULL;
}

static void choose_lines(struct counters *c)
{
	struct irq_lines now = { 0 };

	irq_lines_free(&c->told);
	c->told_room = 0;
	if (!c->interrupts)
		return;
	if (irq_lines_read(c->target.device, &now))
		now = (struct irq_lines){ 0 };
	c->told_room = now.nr + NEW_LINES;
	add_lines(c, &now);
	irq_lines_free(&now);
}

void counters_series(struct counters *c, struct series_source *source)
{
	unsigned int i;

	*source = (struct series_source){ 0 };
	if (!c)
		return;
	choose_lines(c);
	*source = (struct series_source){
		.arg = c,
		.n = c->told_room,
		.read = read_series,
		.describe = describe_series,
	};
	for (i = 0; i < c->events.nr; i++)
		source->n += in_series(c->list[i].event);
}

static void add_problem(json_t *lines, const char *name, const char *why)
{
	char *line = xasprintf("-e %s: %s", name, why);

	xjson_add(lines, xjson_text(line));
	free(line);
}

/* Only what the whole runs did not have as well. */
static void add_phase_problem(json_t *lines, const struct counters *c, unsigned int event)
{
	unsigned int i;

	for (i = 0; i < c->nr_phases; i++) {
		const struct counters *p = c->phases[i];
		const struct counter *counter = &p->list[event];
		char *why;

		if (!*counter->problem.text && !is_starved(counter))
			continue;
		why = xasprintf("not counted by phase: %s", *counter->problem.text ?
				counter->problem.text : no_room);
		add_problem(lines, counter->event->name, why);
		free(why);
		return;
	}
}

json_t *counters_problems(const struct counters *c)
{
	json_t *lines = xjson(json_array());
	bool explained = all_ops(c, COUNTERS_EXPLAINING);
	unsigned int i;

	for (i = 0; i < c->nr_phases; i++)
		explained = explained || all_ops(c->phases[i], COUNTERS_EXPLAINING);

	/* Each device tells of those. */
	for (i = 0; c->target.part != COUNTERS_COMMON && i < c->events.unknown.nr; i++)
		xjson_add(lines, xjson_text(c->events.unknown.names[i]));
	for (i = 0; i < c->events.nr; i++) {
		const struct counter *counter = &c->list[i];

		if (run_of(counter->event) == COUNTERS_EXPLAINING && !explained) {
			add_problem(lines, counter->event->name,
				    "it would disturb what is timed, and there was no run of its own for it");
			continue;
		}
		if (!*counter->problem.text && is_starved(counter)) {
			add_problem(lines, counter->event->name, no_room);
			continue;
		}
		if (!*counter->problem.text) {
			add_phase_problem(lines, c, i);
			continue;
		}
		/* The default set is what the machine has; list-events tells of the rest. */
		if (!counter->event->asked && counter->missing)
			detail("%s is not counted: %s", counter->event->name,
			       counter->problem.text);
		else
			add_problem(lines, counter->event->name, counter->problem.text);
	}
	if (*c->commands_problem.text && explained)
		add_problem(lines, "commands", c->commands_problem.text);
	for (i = 0; i < c->nr_phases; i++)
		if (*c->phases[i]->commands_problem.text) {
			add_problem(lines, "commands", c->phases[i]->commands_problem.text);
			break;
		}
	if (*c->phases_problem.text)
		add_problem(lines, "LIST", c->phases_problem.text);
	if (*c->interrupts_problem.text)
		add_problem(lines, "interrupts", c->interrupts_problem.text);
	if (c->by_cpu)
		add_problem(lines, "LIST",
			    "the module's threads cannot be seen from here (a container?), so counters are those of their CPUs, with all that runs there");
	return lines;
}
