// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of events: lists as typed, PMUs in a made-up /sys, numbers made of fields; and what
 * follows from counts.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "counters/counters.h"
#include "counters/derive.h"
#include "counters/print.h"
#include "counters/table.h"
#include "events/iommu_commands.h"
#include "events/events.h"
#include "events/irq.h"
#include "events/perf_pmu.h"
#include "result/read.h"
#include "result/result.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

#define ROOT_BYTES	64

static char root[ROOT_BYTES];

/* A file with its folders. */
static void put(const char *path, const char *text)
{
	char *whole = xasprintf("%s/%s", root, path), *p;
	FILE *f;

	for (p = whole + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(whole, 0700);
		*p = '/';
	}
	f = fopen(whole, "we");
	assert_non_null(f);
	fprintf(f, "%s\n", text);
	fclose(f);
	free(whole);
}

static int setup(void **state)
{
	snprintf(root, sizeof(root), "/tmp/iommubench-test.XXXXXX");
	if (!mkdtemp(root))
		return -1;
	put("software/type", "1");
	put("tracepoint/type", "2");
	put("cpu/type", "8");
	put("cpu/events/inst_retired", "event=0x08");
	put("cpu/format/event", "config:0-15");
	put("smmuv3_pmcg_2b420/type", "11");
	put("smmuv3_pmcg_2b420/cpumask", "0");
	put("smmuv3_pmcg_2b420/events/tlb_miss", "event=0x2");
	put("smmuv3_pmcg_2b420/events/transaction", "event=0x1");
	put("smmuv3_pmcg_2b420/events/cycles", "event=0x0");
	put("smmuv3_pmcg_2b420/format/event", "config:0-15");
	put("smmuv3_pmcg_2b420/format/filter_enable", "config1:34");
	put("smmuv3_pmcg_2b420/format/filter_span", "config1:33");
	put("smmuv3_pmcg_2b420/format/filter_stream_id", "config1:0-31");
	put("smmuv3_pmcg_2b440/type", "12");
	put("smmuv3_pmcg_2b440/cpumask", "0");
	put("smmuv3_pmcg_2b440/events/transaction", "event=0x1");
	put("smmuv3_pmcg_2b440/format/event", "config:0-15");
	put("imc/type", "20");
	put("imc/cpumask", "0,4");
	put("imc/events/reads", "split=0x135");
	put("imc/events/reads.scale", "64");
	put("imc/events/reads.unit", "Bytes");
	put("imc/events/round", "round");
	put("imc/format/split", "config:0-3,8-11,63");
	put("imc/format/odd", "config9:0-3");
	put("no_type/events/x", "event=1");
	return 0;
}

static int teardown(void **state)
{
	char *command = xasprintf("rm -r %s", root);
	int ret = system(command);

	free(command);
	return ret;
}

static void fields(void **state)
{
	struct perf_code code = { 0 };
	struct error e;

	assert_int_equal(perf_pmu_put_field("config:0-7", 0x12, &code, &e), 0);
	assert_int_equal(code.config[0], 0x12);
	assert_int_equal(perf_pmu_put_field("config:0-7,32-35", 0xabc, &code, &e), 0);
	assert_true(code.config[0] == 0xa000000bcULL);
	assert_int_equal(perf_pmu_put_field("config1:63", 1, &code, &e), 0);
	assert_true(code.config[1] == 1ULL << 63);
	assert_int_equal(perf_pmu_put_field("config2:0-63", UINT64_MAX, &code, &e), 0);
	assert_true(code.config[2] == UINT64_MAX);
	/* A later value takes the place of the earlier one. */
	assert_int_equal(perf_pmu_put_field("config2:0-63", 1, &code, &e), 0);
	assert_int_equal(code.config[2], 1);
	assert_int_equal(perf_pmu_put_field("config3:4", 1, &code, &e), 0);
	assert_int_equal(code.config[3], 16);
}

static void bad_fields(void **state)
{
	static const char *const bad[] = {
		"", "config", "config:", "config:a", "config:5-2", "config:64", "config:0-64",
		"config4:0", "confi:0", "config:0,", "config:0-1x", "config:-1",
	};
	struct perf_code code = { 0 };
	struct error e;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!perf_pmu_put_field(bad[i], 1, &code, &e))
			fail_msg("'%s' was taken", bad[i]);
	assert_int_equal(perf_pmu_put_field("config:0-3", 16, &code, &e), -1);
	assert_non_null(strstr(e.text, "4 bits"));
	assert_int_equal(perf_pmu_put_field("config:3", 2, &code, &e), -1);
}

static const struct perf_pmu *pmu(const struct perf_pmu_list *list, const char *name)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->pmus[i].name, name))
			return &list->pmus[i];
	fail_msg("no PMU %s", name);
	return NULL;
}

static void pmus(void **state)
{
	struct perf_pmu_list list;
	const struct perf_pmu *p;

	perf_pmu_find(&list, root);
	assert_int_equal(list.nr, 4);
	p = pmu(&list, "cpu");
	assert_true(p->core);
	assert_int_equal(p->type, 8);
	p = pmu(&list, "imc");
	assert_false(p->core);
	assert_int_equal(p->nr_cpus, 2);
	assert_int_equal(p->cpus[1], 4);
	p = pmu(&list, "smmuv3_pmcg_2b420");
	assert_true(perf_pmu_matches(p, "smmuv3_pmcg_2b420"));
	assert_true(perf_pmu_matches(p, "smmuv3_pmcg"));
	assert_false(perf_pmu_matches(p, "smmuv3"));
	assert_false(perf_pmu_matches(p, "smmuv3_pmcg_"));
	assert_false(perf_pmu_matches(p, "smmuv3_pmcg_2b42"));
	assert_false(perf_pmu_matches(p, ""));
	perf_pmu_free(&list);
	perf_pmu_find(&list, "/nonexistent");
	assert_int_equal(list.nr, 0);
	perf_pmu_free(&list);
}

static void expect_code(const struct perf_pmu_list *list, const char *name, const char *terms,
			uint64_t config, uint64_t config1)
{
	struct perf_code code;
	struct error e;

	if (perf_pmu_encode(list, pmu(list, name), terms, &code, &e))
		fail_msg("%s/%s/: %s", name, terms, e.text);
	assert_int_equal(code.type, pmu(list, name)->type);
	assert_true(code.config[0] == config);
	assert_true(code.config[1] == config1);
}

static void expect_refused(const struct perf_pmu_list *list, const char *name, const char *terms,
			   const char *why)
{
	struct perf_code code;
	struct error e = { "" };

	if (!perf_pmu_encode(list, pmu(list, name), terms, &code, &e))
		fail_msg("%s/%s/ was taken", name, terms);
	if (!strstr(e.text, why))
		fail_msg("%s/%s/: '%s' does not say '%s'", name, terms, e.text, why);
}

static void codes(void **state)
{
	struct perf_pmu_list list;
	char unit[16];

	perf_pmu_find(&list, root);
	expect_code(&list, "cpu", "inst_retired", 8, 0);
	expect_code(&list, "smmuv3_pmcg_2b420", "tlb_miss", 2, 0);
	expect_code(&list, "smmuv3_pmcg_2b420", "event=0x80", 0x80, 0);
	expect_code(&list, "smmuv3_pmcg_2b420", "tlb_miss,filter_enable,filter_stream_id=0x10", 2,
		    1ULL << 34 | 0x10);
	expect_code(&list, "smmuv3_pmcg_2b420", "config=0x7,config1=3", 7, 3);
	expect_code(&list, "imc", "reads", 0x8000000000000305, 0);
	assert_true(perf_pmu_scale(&list, pmu(&list, "imc"), "reads", unit, sizeof(unit)) == 64);
	assert_string_equal(unit, "Bytes");
	assert_true(perf_pmu_scale(&list, pmu(&list, "cpu"), "event=1", unit, sizeof(unit)) == 1);
	assert_string_equal(unit, "");

	expect_refused(&list, "smmuv3_pmcg_2b420", "tlb_mis", "did you mean tlb_miss?");
	expect_refused(&list, "smmuv3_pmcg_2b420", "filter_stream=1", "filter_stream_id");
	expect_refused(&list, "smmuv3_pmcg_2b420", "event=0x10000", "16 bits");
	expect_refused(&list, "smmuv3_pmcg_2b420", "event=", "no number");
	expect_refused(&list, "smmuv3_pmcg_2b420", "event=-1", "no number");
	expect_refused(&list, "smmuv3_pmcg_2b420", "event=1x", "no number");
	expect_refused(&list, "smmuv3_pmcg_2b420", "event=99999999999999999999", "no number");
	expect_refused(&list, "smmuv3_pmcg_2b420", "", "neither");
	expect_refused(&list, "smmuv3_pmcg_2b420", "tlb_miss,", "neither");
	expect_refused(&list, "smmuv3_pmcg_2b420", "../type", "neither");
	expect_refused(&list, "imc", "round", "circle");
	expect_refused(&list, "imc", "odd=1", "config9");
	expect_refused(&list, "cpu", "config4=1", "neither");
	perf_pmu_free(&list);
}

static void nearest(void **state)
{
	struct perf_pmu_names names = { 0 };
	char near[128];

	perf_pmu_names_add(&names, "transaction");
	perf_pmu_names_add(&names, "tlb_miss");
	perf_pmu_names_add(&names, "config_cache_miss");
	perf_pmu_nearest(&names, "transction", near, sizeof(near));
	assert_string_equal(near, "did you mean transaction?");
	perf_pmu_nearest(&names, "TLB_MISS", near, sizeof(near));
	assert_string_equal(near, "did you mean tlb_miss?");
	perf_pmu_nearest(&names, "miss", near, sizeof(near));
	assert_string_equal(near, "did you mean tlb_miss or config_cache_miss?");
	perf_pmu_nearest(&names, "elephant", near, sizeof(near));
	assert_string_equal(near, "");
	perf_pmu_names_free(&names);
}

static void lists(void **state)
{
	static const char *const bad[] = {
		"", ",", "a,", ",a", "a,,b", "pmu/event", "pmu/event,x", "a,pmu/e/,", "none,cycles",
		"/", "a/b/c/",
	};
	struct perf_pmu_names names = { 0 };
	struct error e;
	size_t i;

	assert_int_equal(events_parse("cycles,pmu/event,a=1/,iommu:map", &names, &e), 0);
	assert_int_equal(names.nr, 3);
	assert_string_equal(names.names[1], "pmu/event,a=1/");
	/* Twice is once. */
	assert_int_equal(events_parse("cycles,x", &names, &e), 0);
	assert_int_equal(names.nr, 4);
	assert_int_equal(events_parse("none", &names, &e), -1);
	perf_pmu_names_free(&names);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!events_parse(bad[i], &names, &e))
			fail_msg("'%s' was taken", bad[i]);
		perf_pmu_names_free(&names);
	}
	assert_int_equal(events_parse("none", &names, &e), 0);
	assert_true(events_none(&names));
	perf_pmu_names_free(&names);
	assert_false(events_none(&names));
}

static const struct event *event(const struct events *events, const char *name)
{
	unsigned int i;

	for (i = 0; i < events->nr; i++)
		if (!strcmp(events->list[i].name, name))
			return &events->list[i];
	return NULL;
}

static void resolved(void **state)
{
	struct events_machine m = { .tracefs = -1, .has_stream = true, .stream_id = 0x10 };
	struct perf_pmu_names names = { 0 };
	struct events events;
	struct error e;

	perf_pmu_find(&m.pmus, root);
	events_resolve(&events, &names, &m);
	assert_non_null(event(&events, "smmuv3_pmcg_2b420/tlb_miss/"));
	assert_true(event(&events, "smmuv3_pmcg_2b420/tlb_miss/")->filtered);
	assert_true(event(&events, "smmuv3_pmcg_2b420/tlb_miss/")->code.config[1] ==
		    (1ULL << 34 | 0x10));
	/* This one has no filter. */
	assert_false(event(&events, "smmuv3_pmcg_2b440/transaction/")->filtered);
	assert_non_null(event(&events, "context-switches"));
	assert_int_equal(events.unknown.nr, 0);
	events_free(&events);

	assert_int_equal(events_parse("transaction,smmuv3_pmcg/cycles/,tlb_mis,nothing/x/,iommu:map,reads",
				      &names, &e), 0);
	events_resolve(&events, &names, &m);
	assert_int_equal(events.nr, 4);
	assert_non_null(event(&events, "smmuv3_pmcg_2b420/transaction/"));
	assert_non_null(event(&events, "smmuv3_pmcg_2b440/transaction/"));
	assert_false(event(&events, "smmuv3_pmcg_2b420/cycles/")->filtered);
	assert_int_equal(event(&events, "imc/reads/")->nr_cpus, 2);
	assert_int_equal(events.unknown.nr, 3);
	assert_non_null(strstr(events.unknown.names[0], "-e tlb_mis: "));
	assert_non_null(strstr(events.unknown.names[0], "did you mean tlb_miss?"));
	assert_non_null(strstr(events.unknown.names[1], "no PMU 'nothing'"));
	assert_non_null(strstr(events.unknown.names[2], "run as root"));
	events_free(&events);
	perf_pmu_names_free(&names);
	perf_pmu_free(&m.pmus);
}

static void irq_counts(void **state)
{
	char text[] =
		"           CPU0       CPU1\n"
		" 11:       1000       2000     GICv3  27 Level     arch_timer\n"
		" 14:          5          7     GICv3 106 Edge      arm-smmu-v3-evtq\n"
		" 15:          0          0     GICv3 109 Edge      arm-smmu-v3-gerror\n"
		" 42:          3          0   ITS-PCI-MSI-0000:00:02.0   0 Edge      edu\n"
		" 43:          9          1     GICv3  80 Level     b000000.dma\n"
		" 44:          1          1  DMAR-MSI    0-edge      dmar0\n"
		" 45:          2          2     GICv3 227 Level     e67b0000.mmu\n"
		" 46:          0          1     GICv3 141 Edge      smmuv3-pmu\n"
		"IPI0:       100        200       Rescheduling interrupts\n"
		"Err:          0\n";
	struct irq_lines lines;

	irq_lines_parse(text, "b000000.dma", " 42 ", &lines);
	assert_int_equal(lines.nr, 7);
	assert_int_equal(irq_lines_count(&lines, "14"), 12);
	assert_string_equal(lines.lines[0].name, "arm-smmu-v3-evtq");
	assert_int_equal(irq_lines_count(&lines, "15"), 0);
	assert_int_equal(irq_lines_count(&lines, "42"), 3);
	assert_int_equal(irq_lines_count(&lines, "43"), 10);
	assert_int_equal(irq_lines_count(&lines, "44"), 2);
	assert_string_equal(lines.lines[4].name, "dmar0");
	assert_int_equal(irq_lines_count(&lines, "45"), 4);
	assert_int_equal(irq_lines_count(&lines, "46"), 1);
	assert_int_equal(irq_lines_count(&lines, "11"), 0);
	irq_lines_free(&lines);
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
	assert_true(t.rows[3].values[0] == 2 && t.rows[3].ratio == 1);
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
		cmocka_unit_test(fields),
		cmocka_unit_test(bad_fields),
		cmocka_unit_test(pmus),
		cmocka_unit_test(codes),
		cmocka_unit_test(nearest),
		cmocka_unit_test(lists),
		cmocka_unit_test(resolved),
		cmocka_unit_test(irq_counts),
		cmocka_unit_test(follows),
		cmocka_unit_test(by_phase),
		cmocka_unit_test(counted),
		cmocka_unit_test(phases),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
