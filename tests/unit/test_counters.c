// SPDX-License-Identifier: GPL-2.0-only
/*
 * What counters consist of, what is described of them, and what follows from that.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "base/xalloc.h"
#include "counters/counters.h"
#include "counters/derive.h"
#include "counters/internal.h"
#include "counters/print.h"
#include "counters/table.h"
#include "events/events.h"
#include "result/read.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

static void planned(const struct counters *c, const struct event *e, unsigned int thread,
		    unsigned int part, int tid, int cpu, uint64_t type, uint64_t config)
{
	struct counter_plan plan;

	assert_true(counters_plan(c, e, thread, part, 100 + (int)thread, &plan));
	assert_int_equal(plan.tid, tid);
	assert_int_equal(plan.cpu, cpu);
	assert_true(plan.code.type == type);
	assert_true(plan.code.config[0] == config);
}

/* Where CPUs are of two types, each thread is counted by the PMU of its own. */
static void core_types(void **state)
{
	static const uint32_t cpus[] = { 1, 4 };
	struct counters c = { .target = { .kernel_threads = true, .cpus = cpus, .nr_cpus = 2 } };
	struct event cycles = {
		.follows = true,
		.code = { .type = PERF_TYPE_HARDWARE, .config = { 1 } },
		.types = (uint32_t[]){ 8, 9 },
		.nr_types = 2,
	};
	struct event number = cycles;
	const struct event little = {
		.follows = true,
		.code = { .type = 8, .config = { 3 } },
		.cpus = (uint32_t[]){ 4, 5, 6, 7 },
		.nr_cpus = 4,
	};
	struct counter nowhere = { .event = &little };
	struct counter_plan plan;

	number.code = (struct perf_code){ .type = PERF_TYPE_RAW, .config = { 8 } };
	/* The module's threads are pinned, and the kernel takes the PMU of that CPU. */
	assert_int_equal(counters_parts(&c, &cycles), 1);
	planned(&c, &cycles, 0, 0, 100, 1, PERF_TYPE_HARDWARE, 1);
	planned(&c, &cycles, 1, 0, 101, 4, PERF_TYPE_HARDWARE, 1);
	planned(&c, &cycles, 2, 0, 102, 1, PERF_TYPE_HARDWARE, 1);
	planned(&c, &number, 1, 0, 101, 4, PERF_TYPE_RAW, 8);
	assert_false(counters_plan(&c, &little, 0, 0, 100, &plan));
	planned(&c, &little, 1, 0, 101, -1, 8, 3);
	/* An event of a PMU that none of them can use is not 0, but not counted. */
	counters_open(&c, &nowhere, (uint32_t[]){ 100 }, 1);
	assert_non_null(strstr(nowhere.problem.text, "part of other CPUs"));
	counters_read(&nowhere);
	free(nowhere.sums);
	/* Where they cannot be named, their CPUs are counted. */
	c.by_cpu = true;
	assert_int_equal(counters_parts(&c, &cycles), 1);
	planned(&c, &cycles, 1, 0, -1, 4, PERF_TYPE_HARDWARE, 1);
	assert_false(counters_plan(&c, &little, 0, 0, -1, &plan));
	c.by_cpu = false;
	/* Others may run anywhere, and so each PMU counts them. */
	c.target.kernel_threads = false;
	assert_int_equal(counters_parts(&c, &cycles), 2);
	planned(&c, &cycles, 0, 0, 100, -1, PERF_TYPE_HARDWARE, 8ULL << 32 | 1);
	planned(&c, &cycles, 0, 1, 100, -1, PERF_TYPE_HARDWARE, 9ULL << 32 | 1);
	planned(&c, &number, 0, 1, 100, -1, 9, 8);
	assert_int_equal(counters_parts(&c, &little), 1);
	/* On one type of CPU, nothing of that. */
	cycles.nr_types = 0;
	c.target.kernel_threads = true;
	planned(&c, &cycles, 1, 0, 101, -1, PERF_TYPE_HARDWARE, 1);
}

/* Each CPU's PMU has had the event for another part of the time. */
static void shared_out(void **state)
{
	struct event wide = { .name = (char *)"imc/reads/", .source = EVENT_PMU, .scale = 1 };
	struct sum sums[] = {
		{ .value = 100, .enabled_ns = 1000, .running_ns = 1000 },
		{ .value = 100, .enabled_ns = 1000, .running_ns = 100 },
	};
	struct counter one = { .event = &wide, .sums = sums, .nr_sums = 2 };
	struct counters c = { .events = { .list = &wide, .nr = 1 }, .list = &one };
	const struct event clock = {
		.code = { .type = PERF_TYPE_SOFTWARE },
		.cpus = (uint32_t[]){ 0, 0 },
		.nr_cpus = 2,
		.scale = 1,
	};
	struct counter opened = { .event = &clock };
	json_t *all = counters_describe(&c), *j = json_array_get(all, 0);

	assert_int_equal(json_array_size(all), 1);
	/* As one, they would be 200 * 2000 / 1100. */
	assert_true(result_number(j, "value") == 1100);
	assert_true(result_number(j, "running_ratio") == 0.55);
	json_decref(all);
	/* Opening makes a sum for each, whether or not counting is permitted. */
	counters_open(&c, &opened, NULL, 0);
	assert_int_equal(opened.nr_sums, 2);
	counters_read(&opened);
	free(opened.sums);
	/* A part that was never counted is no 0. */
	sums[1].running_ns = 0;
	all = counters_describe(&c);
	assert_int_equal(json_array_size(all), 0);
	json_decref(all);
}

static json_t *counter(const char *name, const char *kind, double value, double per_op)
{
	json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:f, s:f}", "name", name,
			      "source", "pmu", "scope", "device", "run", "measured", "phase", "run",
			      "value", value, "unit", "events", "per_op", per_op,
			      "running_ratio", 1.0);

	if (*kind)
		json_object_set_new(j, "pmu", json_string(kind));
	return j;
}

static const json_t *named(const json_t *all, const char *name)
{
	json_t *j;
	size_t i;

	json_array_foreach((json_t *)all, i, j)
		if (!strcmp(result_text(j, "name"), name))
			return j;
	return NULL;
}

static double derived(const json_t *all, const char *name)
{
	json_t *j;
	size_t i;

	json_array_foreach((json_t *)all, i, j)
		if (!strcmp(result_text(j, "name"), name))
			return result_number(j, "value");
	return -1;
}

static void follows(void **state)
{
	json_t *all = json_array();
	char *line;

	json_array_append_new(all, counter("CPU_CYCLES", "", 1000, 10));
	json_array_append_new(all, counter("INST_RETIRED", "", 2000, 20));
	json_array_append_new(all, counter("p_1/tlb_miss/", "p_1", 30, 0.3));
	json_array_append_new(all, counter("p_1/transaction,x=1/", "p_1", 60, 0.6));
	json_array_append_new(all, counter("p_2/transaction/", "p_2", 1, 0.1));
	json_array_append_new(all, counter("commands", "", 200, 2));
	counters_derive(all);
	assert_true(derived(all, "instructions_per_cycle") == 2);
	assert_true(derived(all, "instructions_per_op") == 20);
	assert_true(derived(all, "commands_per_unmap") == 2);
	assert_true(derived(all, "tlb_misses_per_op") == 0.3);
	/* That is another event, with a filter of its own. */
	assert_true(derived(all, "tlb_misses_per_transaction") == -1);
	assert_true(derived(all, "syncs_per_unmap") == -1);
	assert_true(counters_ratio(json_array_get(all, 0)) == 1);
	assert_true(counters_ratio(named(all, "instructions_per_cycle")) == 1);
	line = counters_line(all);
	assert_string_equal(line, "CPU_CYCLES=10 INST_RETIRED=20 p_1/tlb_miss/=0.3 "
			    "p_1/transaction,x=1/=0.6 p_2/transaction/=0.1 commands=2");
	free(line);
	json_decref(all);
}

static json_t *of_phase(const char *name, const char *phase, double value, unsigned int ops)
{
	json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:i, s:f, s:f, s:f}",
			      "name", name, "source", "perf", "scope", "thread",
			      "run", "by-phase", "phase", phase, "value", value,
			      "unit", "events", "ops", ops, "per_op", value / ops,
			      "gate_value", 7.0, "running_ratio", 0.5);

	assert_non_null(j);
	return j;
}

/* Figures are of two counters of the same phase, and the table has phases as columns. */
static void by_phase(void **state)
{
	json_t *all = json_array(), *idle;
	struct counters_table t;
	char *line;

	json_array_append_new(all, counter("cycles", "", 9000, 90));
	json_array_append_new(all, counter("instructions", "", 9000, 90));
	json_array_append_new(all, of_phase("cycles", "map", 1000, 10));
	json_array_append_new(all, of_phase("instructions", "map", 2000, 10));
	json_array_append_new(all, of_phase("instructions", "total", 800, 10));
	json_array_append_new(all, of_phase("commands", "total", 20, 10));
	idle = of_phase("irq/1-x", "map", 0, 10);
	json_object_set_new(idle, "source", json_string("interrupts"));
	json_array_append_new(all, idle);
	idle = of_phase("instructions", "map", 5, 5);
	json_object_set_new(idle, "thread", json_integer(0));
	json_array_append_new(all, idle);
	counters_derive(all);
	assert_true(derived(all, "instructions_per_op") == 90);
	assert_true(derived(all, "instructions_per_map") == 200);
	assert_true(derived(all, "instructions_per_unmap") == 80);
	assert_true(derived(all, "commands_per_unmap") == 2);
	/* What follows from an estimate is one. */
	assert_true(counters_ratio(named(all, "instructions_per_map")) == 0.5);
	assert_true(counters_ratio(named(all, "instructions_per_cycle")) == 1);
	/* The first one is of the whole run. */
	assert_true(derived(all, "instructions_per_cycle") == 1);
	line = counters_line(all);
	assert_string_equal(line, "cycles=90 instructions=90 map:cycles=100 map:instructions=200 "
			    "total:instructions=80 total:commands=2 map:irq/1-x=0");
	free(line);

	counters_table_make(&t, all);
	assert_int_equal(t.nr_phases, 2);
	assert_string_equal(t.phases[0], "map");
	assert_string_equal(t.phases[1], "total");
	assert_int_equal(t.nr_rows, 4);
	assert_string_equal(t.rows[0].name, "cycles");
	assert_true(t.rows[0].values[0] == 100 && isnan(t.rows[0].values[1]));
	assert_true(t.rows[0].ratio == 0.5);
	assert_string_equal(t.rows[1].name, "instructions");
	assert_true(t.rows[1].values[0] == 200 && t.rows[1].values[1] == 80);
	assert_string_equal(t.rows[2].name, "commands");
	assert_string_equal(t.rows[3].name, "instructions_per_cycle");
	assert_true(t.rows[3].values[0] == 2 && t.rows[3].ratio == 0.5);
	assert_int_equal(t.idle, 1);
	counters_table_free(&t);
	json_decref(all);

	all = json_array();
	json_array_append_new(all, counter("cycles", "", 9000, 90));
	counters_table_make(&t, all);
	assert_int_equal(t.nr_rows, 0);
	counters_table_free(&t);
	json_decref(all);
}

/* Every machine has something of the default set, this one as well. */
static void counted(void **state)
{
	const uint32_t cpus[] = { 0 }, tids[] = { (uint32_t)getpid() };
	struct counters_target target = { .cpus = cpus, .nr_cpus = 1 };
	struct perf_pmu_names names = { 0 };
	struct counters *c;
	struct error e;
	json_t *j;

	assert_int_equal(events_parse("task-clock,page-faults,no-such-thing,commands", &names, &e),
			 0);
	c = counters_new(&names, &target);
	assert_non_null(c);
	assert_true(counters_wants(c, COUNTERS_MEASURED));
	assert_true(counters_wants(c, COUNTERS_EXPLAINING));
	counters_begin(c, COUNTERS_MEASURED, tids, 1, 0, false);
	free(memset(xcalloc(1, 1 << 22), 1, 1 << 22));
	counters_end(c);
	counters_add_ops(c, COUNTERS_MEASURED, 0, 10);
	j = counters_describe(c);
	/* Where counting is not permitted, there is a reason instead. */
	if (derived(j, "page-faults") >= 0)
		assert_true(derived(j, "page-faults") > 0);
	json_decref(j);
	j = counters_problems(c);
	assert_true(json_array_size(j) >= 2);
	assert_non_null(strstr(json_string_value(json_array_get(j, 0)), "no-such-thing"));
	json_decref(j);
	counters_reset(c);
	j = counters_describe(c);
	assert_int_equal(json_array_size(j), 0);
	json_decref(j);
	counters_free(c);
	perf_pmu_names_free(&names);
}

static double of(const json_t *all, const char *phase, const char *key)
{
	json_t *j;
	size_t i;

	json_array_foreach((json_t *)all, i, j)
		if (!strcmp(result_text(j, "name"), "task-clock") &&
		    !strcmp(result_text(j, "phase"), phase))
			return result_number(j, key);
	return -1;
}

static void work(unsigned int n)
{
	while (n--)
		free(memset(xcalloc(1, 1 << 22), 1, 1 << 22));
}

/* What the empty phase counts is taken from what the others do, as often as they were counted. */
static void phases(void **state)
{
	const uint32_t cpus[] = { 0 }, tids[] = { (uint32_t)getpid() };
	struct counters_target target = { .cpus = cpus, .nr_cpus = 1 };
	struct perf_pmu_names names = { 0 };
	struct counters *c, *p;
	unsigned int i;
	struct error e;
	json_t *j;

	assert_int_equal(events_parse("task-clock", &names, &e), 0);
	c = counters_new(&names, &target);
	assert_non_null(c);
	for (i = 0; i < 6; i++) {
		p = counters_phase(c, i % 3 ? i % 3 == 1 ? "short" : "long" : COUNTERS_NOTHING);
		assert_ptr_equal(p, counters_phase(c, i % 3 ? i % 3 == 1 ? "short" : "long" :
						   COUNTERS_NOTHING));
		counters_add_ops(p, COUNTERS_MEASURED, 0, i % 3 ? 5 : 0);
		counters_begin(p, COUNTERS_MEASURED, tids, 1, 0, false);
		work(i % 3);
		counters_end(p);
	}
	j = counters_describe(c);
	/* Where counting is not permitted, there is nothing. */
	if (json_array_size(j)) {
		assert_true(of(j, COUNTERS_NOTHING, "value") == -1);
		assert_true(of(j, "short", "ops") == 10);
		assert_true(of(j, "short", "value") > 0);
		assert_true(of(j, "short", "gate_value") > 0);
		assert_true(of(j, "short", "gate_value") == of(j, "long", "gate_value"));
		assert_true(of(j, "long", "per_op") == of(j, "long", "value") / 10);
	}
	json_decref(j);
	counters_drop_phases(c, "it was %s", "cut short");
	j = counters_describe(c);
	assert_int_equal(json_array_size(j), 0);
	json_decref(j);
	j = counters_problems(c);
	assert_non_null(strstr(json_string_value(json_array_get(j, json_array_size(j) - 1)),
			       "it was cut short"));
	json_decref(j);
	counters_free(c);
	perf_pmu_names_free(&names);
}

static void nothing(void **state)
{
	struct counters_target target = { 0 };
	struct perf_pmu_names names = { 0 };
	struct error e;

	assert_int_equal(events_parse("none", &names, &e), 0);
	assert_null(counters_new(&names, &target));
	assert_false(counters_wants(NULL, COUNTERS_MEASURED));
	counters_free(NULL);
	perf_pmu_names_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(core_types),
		cmocka_unit_test(shared_out),
		cmocka_unit_test(follows),
		cmocka_unit_test(by_phase),
		cmocka_unit_test(counted),
		cmocka_unit_test(phases),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
