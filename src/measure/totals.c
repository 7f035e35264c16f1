// SPDX-License-Identifier: GPL-2.0-only
#include "measure/totals.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/stats.h"
#include "base/xalloc.h"
#include "device/machine.h"
#include "result/read.h"
#include "run/area.h"
#include "text/json.h"

void totals_init(struct totals *t)
{
	const struct totals given = *t;

	*t = (struct totals){
		.clock_hz = given.clock_hz,
		.names = given.names,
		.nr_phases = given.nr_phases,
		.always = given.always,
		.split = given.split,
		.whole = given.whole,
		.repeat = given.repeat,
		.nr_threads = given.nr_threads,
		.threads = xcalloc(given.nr_threads, sizeof(*t->threads)),
		.thread_ticks = xcalloc(given.nr_threads, sizeof(*t->thread_ticks)),
		.phases = xcalloc(given.nr_phases, sizeof(*t->phases)),
		.repeats = xjson(json_array()),
	};
}

void totals_free(struct totals *t)
{
	free(t->threads);
	free(t->thread_ticks);
	free(t->phases);
	json_decref(t->repeats);
	json_decref(t->counters);
	json_decref(t->counter_problems);
	*t = (struct totals){ 0 };
}

double totals_ns_per_tick(const struct totals *t)
{
	return 1e9 / (double)t->clock_hz;
}

static double to_seconds(const struct totals *t, uint64_t ticks)
{
	return (double)ticks / (double)t->clock_hz;
}

static double per_second(uint64_t ops, double seconds)
{
	return seconds > 0 ? (double)ops / seconds : 0;
}

static unsigned int common_phases(const struct totals *t, const struct run_outcome *o)
{
	return o->nr_phases < t->nr_phases ? o->nr_phases : t->nr_phases;
}

/* What a sample of a phase is divided by. */
static unsigned int phase_batch(const struct totals *t, unsigned int phase, unsigned int batch)
{
	return phase < t->whole || !batch ? 1 : batch;
}

static void add_repeat(struct totals *t, const struct run_outcome *o)
{
	double seconds = to_seconds(t, run_ticks(o));
	double tick_ns = totals_ns_per_tick(t);
	json_t *repeat = xjson(json_object());
	unsigned int i;

	xjson_put(repeat, "ops", xjson(json_integer((json_int_t)run_total_ops(o))));
	xjson_put(repeat, "seconds", xjson(json_real(seconds)));
	xjson_put(repeat, "ops_per_s", xjson(json_real(per_second(run_total_ops(o), seconds))));
	for (i = 0; i < common_phases(t, o); i++)
		if (i < t->always || o->phases[i].count)
			xjson_put(repeat, t->names[i],
				  result_stats(&o->phases[i],
					       tick_ns / phase_batch(t, i, o->batch),
					       RESULT_P50 | RESULT_P99 | RESULT_MAX));
	xjson_add(t->repeats, repeat);
}

static void add_threads(struct totals *t, const struct run_outcome *o)
{
	double overhead = 0, tick_ns = totals_ns_per_tick(t);
	unsigned int i, n = 0;

	for (i = 0; i < o->nr_threads && i < t->nr_threads; i++) {
		const struct iommubench_thread *from = &o->threads[i];
		struct iommubench_thread *to = &t->threads[i];

		to->cpu = from->cpu;
		to->ops += from->ops;
		to->late += from->late;
		to->offered += from->offered;
		to->begun += from->begun;
		to->migrations += from->migrations;
		if (from->end_tick > from->start_tick && from->start_tick)
			t->thread_ticks[i] += from->end_tick - from->start_tick;
		if (from->resolution_ticks &&
		    (!t->resolution_ticks || from->resolution_ticks < t->resolution_ticks))
			t->resolution_ticks = from->resolution_ticks;
		if (from->overhead_batch) {
			overhead += (double)from->overhead_ticks * tick_ns /
				    (double)from->overhead_batch;
			n++;
		}
	}
	if (n)
		t->overhead_ns = overhead / n;
}

void totals_add(struct totals *t, const struct run_outcome *o)
{
	unsigned int i;

	t->end = o->end;
	/* A failed check of an earlier run is not forgotten over a later one that went well. */
	if (*o->message)
		snprintf(t->message, sizeof(t->message), "%s", o->message);
	if (o->abandoned)
		snprintf(t->message, sizeof(t->message),
			 "interrupted twice: the end was not awaited, the last operations are missing");
	if (o->batch) {
		t->batch = o->batch;
		t->window = o->window;
	}
	for (i = 0; i < IOMMUBENCH_CHECKS; i++) {
		t->checks[i].count += o->checks[i].count;
		t->checks[i].failures += o->checks[i].failures;
	}
	if (run_ended_well(o->end))
		t->runs++;
	if (!o->nr_threads)
		return;
	t->ticks += run_ticks(o);
	add_threads(t, o);
	for (i = 0; i < common_phases(t, o); i++)
		iommubench_hist_merge(&t->phases[i], &o->phases[i]);
	add_repeat(t, o);
}

void totals_set_counters(struct totals *t, const struct counters *c)
{
	json_decref(t->counters);
	json_decref(t->counter_problems);
	t->counters = counters_describe(c);
	t->counter_problems = counters_problems(c);
}

void totals_add_counters(struct totals *t, const struct counters *c)
{
	json_t *counters = counters_describe(c), *problems = counters_problems(c);

	if (json_array_extend(t->counters, counters) ||
	    json_array_extend(t->counter_problems, problems))
		xcheck(NULL);
	json_decref(counters);
	json_decref(problems);
}

/* With a rate: what was due, and what of that was begun. */
static void put_offered(json_t *j, uint64_t offered, uint64_t begun)
{
	if (!offered)
		return;
	xjson_put(j, "offered", xjson(json_integer((json_int_t)offered)));
	xjson_put(j, "begun", xjson(json_integer((json_int_t)begun)));
}

static json_t *describe_thread(const struct iommubench_thread *t, double seconds)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "cpu", xjson(json_integer(t->cpu)));
	xjson_put(j, "ops", xjson(json_integer((json_int_t)t->ops)));
	xjson_put(j, "seconds", xjson(json_real(seconds)));
	xjson_put(j, "ops_per_s", xjson(json_real(per_second(t->ops, seconds))));
	xjson_put(j, "late", xjson(json_integer((json_int_t)t->late)));
	xjson_put(j, "migrations", xjson(json_integer((json_int_t)t->migrations)));
	put_offered(j, t->offered, t->begun);
	return j;
}

void totals_report(const struct totals *t, struct result *r, json_t *machine)
{
	double tick_ns = totals_ns_per_tick(t);
	json_t *harness = xjson(json_object());
	uint64_t ops = 0, offered = 0, begun = 0;
	unsigned int i;

	if (t->resolution_ticks)
		machine_set_resolution(machine, (double)t->resolution_ticks * tick_ns);
	result_set_machine(r, machine);
	for (i = 0; i < t->nr_phases; i++)
		if (i < t->always || t->phases[i].count)
			result_add_phase(r, t->names[i], &t->phases[i], tick_ns,
					 phase_batch(t, i, t->batch));
	for (i = 0; i < t->nr_threads; i++) {
		result_add_thread(r, describe_thread(&t->threads[i],
						     to_seconds(t, t->thread_ticks[i])));
		ops += t->threads[i].ops;
		offered += t->threads[i].offered;
		begun += t->threads[i].begun;
	}
	result_set_throughput(r, ops, to_seconds(t, t->ticks));
	put_offered(result_get(result_json(r), "throughput"), offered, begun);
	xjson_put(harness, "resolution_ns",
		  xjson(json_real((double)t->resolution_ticks * tick_ns)));
	result_set_harness(r, t->overhead_ns, t->batch, harness);
	if (t->counters)
		result_set_counters(r, t->counters, t->counter_problems);
	if (t->series)
		series_report(t->series, r, t->names, tick_ns, t->batch, t->whole);
}

void totals_report_check(const struct totals *t, struct result *r, enum iommubench_check_id id,
			 const char *name)
{
	if (t->checks[id].count)
		result_add_check(r, name, t->checks[id].count, t->checks[id].failures);
}

void totals_report_checks(const struct totals *t, struct result *r, const char *const *names)
{
	unsigned int i;

	for (i = 0; i < IOMMUBENCH_CHECKS; i++)
		if (names[i])
			result_add_check(r, names[i], t->checks[i].count, t->checks[i].failures);
}

static void report_spread(const struct totals *t, struct result *r)
{
	double value, sum = 0, min = 0, max = 0;
	json_t *repeat, *spread;
	size_t i, n;

	xjson_put(result_json(r), "repeats", json_incref(t->repeats));
	/* A run that was cut short says nothing about how far runs are apart. */
	n = t->runs;
	if (n < 2)
		return;
	for (i = 0; i < n; i++) {
		repeat = json_array_get(t->repeats, i);
		value = json_real_value(json_object_get(repeat, "ops_per_s"));
		sum += value;
		if (!i || value < min)
			min = value;
		if (!i || value > max)
			max = value;
	}
	spread = xjson(json_object());
	xjson_put(spread, "runs", xjson(json_integer((json_int_t)n)));
	xjson_put(spread, "ops_per_s_min", xjson(json_real(min)));
	xjson_put(spread, "ops_per_s_max", xjson(json_real(max)));
	xjson_put(spread, "ops_per_s_relative",
		  xjson(json_real(sum > 0 ? (max - min) / (sum / (double)n) : 0)));
	xjson_put(result_json(r), "spread", spread);
}

void totals_report_end(const struct totals *t, struct result *r)
{
	char why[sizeof(t->message) + 32];

	if (t->repeat > 1)
		report_spread(t, r);
	snprintf(why, sizeof(why), "%s%s%s", run_end_word(t->end), *t->message ? ": " : "",
		 t->message);
	result_set_complete(r, run_ended_well(t->end), why);
}

void totals_warn(const struct totals *t, struct result *r, bool batch_chosen)
{
	uint64_t late = 0, migrations = 0, samples = t->phases[0].count, offered = 0, begun = 0;
	unsigned int i, first = 0;
	struct stats s;

	for (i = 1; i < t->split; i++) {
		if (!samples)
			first = i;
		samples += t->phases[i].count;
	}

	for (i = 0; i < t->nr_threads; i++) {
		late += t->threads[i].late;
		migrations += t->threads[i].migrations;
		offered += t->threads[i].offered;
		begun += t->threads[i].begun;
	}
	if (t->batch > 1 && !batch_chosen)
		result_add_warning(r, "the clock ticks too slowly for one operation: a sample is the mean of %u, which flattens the tail",
				   t->batch);
	samples += (offered - begun) / phase_batch(t, t->whole, t->batch);
	if (late * 100 > samples)
		result_add_warning(r, "%" PRIu64 " of %" PRIu64 " samples began after the next one was due, or never: the rate is more than can be held",
				   late, samples);
	if (begun < offered)
		result_add_warning(r, "%" PRIu64 " of %" PRIu64 " operations that were due in time were never begun: their latencies, which would be the longest, are not in these figures",
				   offered - begun, offered);
	if (migrations)
		result_add_warning(r, "%" PRIu64 " samples began on one CPU and ended on another",
				   migrations);
	stats_compute(&s, &t->phases[first],
		      totals_ns_per_tick(t) / phase_batch(t, first, t->batch));
	if (s.count && t->overhead_ns * 10 > s.p50)
		result_add_warning(r, "the harness costs %.0f ns of the %.0f ns of a median %s: compare, do not add up",
				   t->overhead_ns, s.p50, t->names[first]);
}
