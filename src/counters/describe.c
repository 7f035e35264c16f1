// SPDX-License-Identifier: GPL-2.0-only
#include "base/xalloc.h"
#include "counters/counters.h"
#include "counters/derive.h"
#include "counters/internal.h"
#include "events/events.h"
#include "events/irq.h"
#include "text/json.h"

#include <stdlib.h>
#include <string.h>

/* The sum; with multiplexing it is the estimate for the whole time. */
static double sum_value(const struct sum *sum)
{
	if (!sum->running_ns)
		return 0;
	return sum->value * ((double)sum->enabled_ns / (double)sum->running_ns);
}

/* What counters of a phase have counted of standing still and going on. */
static double gate_value(const struct counters *c, const struct counters *nothing,
			 unsigned int event, unsigned int part)
{
	enum counters_run run = counters_run_of(c->list[event].event);
	const struct counter *counter;

	if (!nothing || !c->list[event].event->follows || !nothing->times[run])
		return 0;
	counter = &nothing->list[event];
	if (part >= counter->nr_sums)
		return 0;
	return sum_value(&counter->sums[part]) * c->times[run] / nothing->times[run];
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

/* The scope of a counter that cannot tell one device from others. */
static const char *wide_scope(const struct counters *c, const char *alone)
{
	return c->target.part == COUNTERS_COMMON ? "group" : alone;
}

/* The scope of an interrupt's counter. */
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

json_t *counters_name(const struct counters *c, const struct counter *counter)
{
	const struct event *e = counter->event;
	json_t *j = new_name(e->name, source_of(e), scope_of(c, e), unit_of(e));

	describe_pmu(e, j);
	return j;
}

static json_t *describe_sum(const struct counters *c, const struct counter *counter,
			    const struct sum *sum, double value, double gate, uint64_t ops)
{
	const struct event *e = counter->event;
	json_t *j = new_entry(c, e->name, source_of(e), scope_of(c, e), value, unit_of(e), ops,
			      counters_run_of(e));

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
	enum counters_run run = counters_run_of(counter->event);
	double value = 0, gates = 0, gate;
	struct sum total = { 0 };
	unsigned int i;
	json_t *j;

	/* A sum with a part missing would be less than what was done. */
	if (*counter->problem.text || counters_starved(counter))
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
	xjson_add(all, describe_sum(c, counter, &total, value, gates, counters_all_ops(c, run)));
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
	uint64_t ops = counters_all_ops(c, COUNTERS_EXPLAINING);
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

json_t *counters_line_name(const struct counters *c, const struct irq_line *line)
{
	char *name = line_name(line);
	json_t *j = new_name(name, "interrupts", line_scope(c), "interrupts");

	free(name);
	return j;
}

static void describe_interrupts(const struct counters *c, json_t *all)
{
	uint64_t ops = counters_all_ops(c, COUNTERS_MEASURED);
	unsigned int i;
	json_t *j;

	for (i = 0; i < c->came.nr; i++) {
		const struct irq_line *line = &c->came.lines[i];
		char *name;

		if (!counters_has_line(c, line))
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
