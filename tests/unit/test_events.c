// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of events: lists as typed, PMUs in a made-up /sys, numbers made of fields; lines of
 * interrupts.
 */
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
#include "events/iommu_commands.h"
#include "events/events.h"
#include "events/irq.h"
#include "events/perf_pmu.h"
#include "silicon/pmcg.h"

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
	put("dmar0/type", "50");
	put("dmar0/cpumask", "0");
	put("dmar0/events/iotlb_hit", "event_group=0x1,event=0x020");
	put("dmar0/format/event", "config:0-27");
	put("dmar0/format/event_group", "config:28-31");
	put("dmar1/type", "51");
	put("dmar1/cpumask", "0");
	put("dmar1/events/iotlb_hit", "event_group=0x1,event=0x020");
	put("dmar1/format/event", "config:0-27");
	put("dmar1/format/event_group", "config:28-31");
	put("hisi_sccl3_ddrc0/type", "40");
	put("hisi_sccl3_ddrc0/cpumask", "24");
	put("hisi_sccl3_ddrc0/events/flux_wr", "config=0x00");
	put("hisi_sccl3_ddrc0/format/event", "config:0-4");
	put("amd_iommu_0/type", "60");
	put("amd_iommu_0/cpumask", "0");
	put("amd_iommu_0/events/mem_trans_total", "csource=0x05");
	put("amd_iommu_0/format/csource", "config:0-7");
	put("uncore_cha_3/type", "70");
	put("uncore_cha_3/cpumask", "0");
	put("uncore_cha_3/events/clockticks", "event=0");
	put("uncore_cha_3/format/event", "config:0-7");
	put("sys/class/iommu/smmu3.0x000000002b400000/uevent", "");
	put("sys/class/iommu/dmar0/uevent", "");
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

/* Counters of an SMMU. */
static void put_pmcg(const char *at)
{
	static const char *const files[][2] = {
		{ "type", "11" }, { "cpumask", "0" }, { "events/tlb_miss", "event=0x2" },
		{ "format/event", "config:0-15" }, { "format/filter_enable", "config1:34" },
		{ "format/filter_stream_id", "config1:0-31" },
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = xasprintf("%s/%s", at, files[i][0]);

		put(path, files[i][1]);
		free(path);
	}
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
	assert_int_equal(list.nr, 9);
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
	assert_true(perf_pmu_matches(p, "smmuv3_*"));
	assert_false(perf_pmu_matches(p, "*_pmc"));
	/* With and without an underscore before the number, as perf has it. */
	p = pmu(&list, "dmar1");
	assert_true(perf_pmu_matches(p, "dmar1"));
	assert_true(perf_pmu_matches(p, "dmar"));
	assert_false(perf_pmu_matches(p, "dma"));
	assert_false(perf_pmu_matches(p, "dmar0"));
	p = pmu(&list, "hisi_sccl3_ddrc0");
	assert_true(perf_pmu_matches(p, "hisi_sccl3_ddrc"));
	assert_false(perf_pmu_matches(p, "hisi_sccl3"));
	p = pmu(&list, "uncore_cha_3");
	assert_true(perf_pmu_matches(p, "uncore_cha"));
	assert_true(perf_pmu_matches(p, "cha"));
	assert_true(perf_pmu_matches(p, "cha_3"));
	assert_false(perf_pmu_matches(p, "uncore_"));
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
	/* Numbers as perf has them: never octal, and all of the first word. */
	expect_code(&list, "cpu", "event=010", 10, 0);
	expect_code(&list, "cpu", "event=0X1f", 0x1f, 0);
	expect_code(&list, "cpu", "r1A8", 0x1a8, 0);
	expect_refused(&list, "cpu", "r1x", "neither");
	expect_refused(&list, "cpu", "r", "neither");
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
	struct events_machine m = {
		.tracefs = -1,
		.sys_root = root,
		.has_stream = true,
		.stream_id = 0x10,
		.smmu = 0x2b400000,
	};
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

static void expect_unknown(const struct events_machine *m, const char *text, const char *why)
{
	struct perf_pmu_names names = { 0 };
	struct events events;
	struct error e;

	assert_int_equal(events_parse(text, &names, &e), 0);
	events_resolve(&events, &names, m);
	assert_int_equal(events.nr, 0);
	assert_int_equal(events.unknown.nr, 1);
	if (!strstr(events.unknown.names[0], why))
		fail_msg("%s: '%s' does not say '%s'", text, events.unknown.names[0], why);
	events_free(&events);
	perf_pmu_names_free(&names);
}

/* Names as perf takes them. */
static void perfs_names(void **state)
{
	struct events_machine m = { .tracefs = -1, .sys_root = root };
	struct perf_pmu_names names = { 0 };
	const struct event *found;
	struct events events;
	struct error e;

	perf_pmu_find(&m.pmus, root);
	/* Intel's and AMD's IOMMUs are in the default set. */
	events_resolve(&events, &names, &m);
	assert_non_null(event(&events, "dmar0/iotlb_hit/"));
	assert_non_null(event(&events, "dmar1/iotlb_hit/"));
	assert_non_null(event(&events, "amd_iommu_0/mem_trans_total/"));
	events_free(&events);

	assert_int_equal(events_parse("dmar/iotlb_hit/,hisi_sccl3_ddrc/flux_wr/,cpu/inst_retired/u,"
				      "cpu/event=0x11/kh,page-faults:u,task-clock:uk", &names, &e),
			 0);
	events_resolve(&events, &names, &m);
	assert_int_equal(events.unknown.nr, 0);
	assert_int_equal(events.nr, 7);
	assert_int_equal(event(&events, "dmar1/iotlb_hit/")->code.config[0], 0x10000020);
	assert_non_null(event(&events, "hisi_sccl3_ddrc0/flux_wr/"));
	found = event(&events, "cpu/inst_retired/u");
	assert_int_equal(found->code.config[0], 8);
	assert_false(found->code.exclude_user);
	assert_true(found->code.exclude_kernel && found->code.exclude_hv);
	found = event(&events, "cpu/event=0x11/kh");
	assert_true(found->code.exclude_user);
	assert_false(found->code.exclude_kernel || found->code.exclude_hv);
	found = event(&events, "page-faults:u");
	assert_true(!found->code.exclude_user && found->code.exclude_kernel);
	found = event(&events, "task-clock:uk");
	assert_false(found->code.exclude_user || found->code.exclude_kernel);
	events_free(&events);
	perf_pmu_names_free(&names);

	expect_unknown(&m, "cpu/inst_retired/p", "only u, k and h are known");
	expect_unknown(&m, "task-clock:ppp", "only u, k and h are known");
	expect_unknown(&m, "dmar2/iotlb_hit/", "no PMU 'dmar2': did you mean dmar0");
	perf_pmu_free(&m.pmus);
}

/* An SMMU's counters know the number of another SMMU's device as somebody else's. */
static void other_smmus(void **state)
{
	struct events_machine m = { .tracefs = -1, .has_stream = true, .stream_id = 0x10 };
	struct perf_pmu_names names = { 0 };
	char *folder = xasprintf("%s/two", root);
	struct events events;
	struct error e;

	/* Of the first one, also far behind it; of the second one; and before both. */
	put_pmcg("two/smmuv3_pmcg_23ffe0002");
	put_pmcg("two/smmuv3_pmcg_23ffe0202");
	put_pmcg("two/smmuv3_pmcg_27ffe0002");
	put_pmcg("two/smmuv3_pmcg_1000");
	put("two/sys/class/iommu/smmu3.0x0000023ffe0000000/uevent", "");
	put("two/sys/class/iommu/smmu3.0x0000027ffe0000000/uevent", "");
	assert_true(pmcg_smmu(folder, "smmuv3_pmcg_23ffe0002") == 0x23ffe0000000);
	assert_true(pmcg_smmu(folder, "smmuv3_pmcg_23ffe0202") == 0x23ffe0000000);
	assert_true(pmcg_smmu(folder, "smmuv3_pmcg_27ffe0002") == 0x27ffe0000000);
	assert_true(pmcg_smmu(folder, "smmuv3_pmcg_1000") == 0);
	assert_true(pmcg_smmu(folder, "smmuv3_pmcg_") == 0);
	assert_true(pmcg_smmu(folder, "smmuv3_pmcg_2x") == 0);
	assert_true(pmcg_smmu(folder, "imc") == 0);
	/* The only one has all that there are. */
	assert_true(pmcg_smmu(root, "smmuv3_pmcg_1000") == 0x2b400000);

	m.sys_root = folder;
	m.smmu = 0x23ffe0000000;
	perf_pmu_find(&m.pmus, folder);
	assert_int_equal(m.pmus.nr, 4);
	events_resolve(&events, &names, &m);
	assert_true(event(&events, "smmuv3_pmcg_23ffe0002/tlb_miss/")->filtered);
	assert_true(event(&events, "smmuv3_pmcg_23ffe0202/tlb_miss/")->filtered);
	assert_null(event(&events, "smmuv3_pmcg_27ffe0002/tlb_miss/"));
	assert_false(event(&events, "smmuv3_pmcg_1000/tlb_miss/")->filtered);
	events_free(&events);
	/* Who asks for it has it as it is. */
	assert_int_equal(events_parse("tlb_miss", &names, &e), 0);
	events_resolve(&events, &names, &m);
	assert_int_equal(events.nr, 4);
	assert_true(event(&events, "smmuv3_pmcg_23ffe0002/tlb_miss/")->filtered);
	assert_false(event(&events, "smmuv3_pmcg_27ffe0002/tlb_miss/")->filtered);
	assert_int_equal(event(&events, "smmuv3_pmcg_27ffe0002/tlb_miss/")->code.config[1], 0);
	events_free(&events);
	/* Behind no SMMU, its number is none of theirs. */
	m.smmu = 0;
	events_resolve(&events, &names, &m);
	assert_false(event(&events, "smmuv3_pmcg_23ffe0002/tlb_miss/")->filtered);
	events_free(&events);
	perf_pmu_names_free(&names);
	perf_pmu_free(&m.pmus);
	free(folder);
}

/* Where CPUs are of two types, each has a PMU. */
static void core_types(void **state)
{
	struct events_machine m = { .tracefs = -1, .sys_root = root };
	struct perf_pmu_names names = { 0 };
	char *folder = xasprintf("%s/both", root);
	struct events events;
	struct error e;

	put("both/armv8_cortex_a53/type", "8");
	put("both/armv8_cortex_a53/cpus", "4-7");
	put("both/armv8_cortex_a53/format/event", "config:0-15");
	put("both/armv8_cortex_a53/events/l1d_cache_refill", "event=0x3");
	put("both/armv8_cortex_a57/type", "9");
	put("both/armv8_cortex_a57/cpus", "0-3");
	put("both/armv8_cortex_a57/format/event", "config:0-15");
	put("both/armv8_cortex_a57/events/l1d_cache_refill", "event=0x3");
	put("both/imc/type", "20");
	put("both/imc/cpumask", "0");
	perf_pmu_find(&m.pmus, folder);
	assert_int_equal(m.pmus.nr, 3);
	assert_int_equal(events_parse("cycles,context-switches,armv8_cortex_a53/l1d_cache_refill/",
				      &names, &e), 0);
	events_resolve(&events, &names, &m);
	assert_int_equal(event(&events, "context-switches")->nr_types, 0);
	assert_int_equal(event(&events, "armv8_cortex_a53/l1d_cache_refill/")->nr_cpus, 4);
	/* libpfm4 may know no cycles of the machine that this runs on. */
	if (event(&events, "cycles")) {
		assert_int_equal(event(&events, "cycles")->nr_types, 2);
		assert_int_equal(event(&events, "cycles")->types[0], 8);
		assert_int_equal(event(&events, "cycles")->types[1], 9);
	}
	events_free(&events);
	perf_pmu_free(&m.pmus);
	/* One type has all CPUs. */
	free(folder);
	perf_pmu_find(&m.pmus, root);
	events_resolve(&events, &names, &m);
	if (event(&events, "cycles"))
		assert_int_equal(event(&events, "cycles")->nr_types, 0);
	events_free(&events);
	perf_pmu_names_free(&names);
	perf_pmu_free(&m.pmus);
}

static uint64_t came(const struct irq_lines *lines, const char *number)
{
	unsigned int i;

	for (i = 0; i < lines->nr; i++)
		if (!strcmp(lines->lines[i].number, number))
			return lines->lines[i].count;
	return 0;
}

/* A line that its driver gives back and takes again begins at 0, perhaps as another's number. */
static void irq_restarts(void **state)
{
	char first[] = " 14:  1000  arm-smmu-v3-evtq\n 15:  50  b000000.dma\n"
		       " 16:  70  arm-smmu-v3-priq\n";
	char later[] = " 14:     7  arm-smmu-v3-evtq\n 15:  60  arm-smmu-v3-gerror\n"
		       " 17:  80  b000000.dma\n";
	struct irq_lines before, now, sum, more;

	irq_lines_parse(first, "b000000.dma", "", &before);
	irq_lines_parse(later, "b000000.dma", "", &now);
	irq_lines_since(&sum, &now, &before);
	assert_int_equal(sum.nr, 3);
	assert_int_equal(came(&sum, "14"), 7);
	assert_int_equal(came(&sum, "15"), 60);
	assert_int_equal(came(&sum, "17"), 80);
	/* What came of a line stays when the line has gone. */
	irq_lines_since(&more, &before, &now);
	irq_lines_add(&sum, &more);
	assert_int_equal(sum.nr, 5);
	assert_int_equal(came(&sum, "14"), 1000);
	assert_int_equal(came(&sum, "16"), 70);
	assert_int_equal(came(&sum, "17"), 80);
	irq_lines_free(&more);
	irq_lines_free(&sum);
	irq_lines_free(&now);
	irq_lines_free(&before);
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
	assert_int_equal(came(&lines, "14"), 12);
	assert_string_equal(lines.lines[0].name, "arm-smmu-v3-evtq");
	assert_int_equal(came(&lines, "15"), 0);
	assert_int_equal(came(&lines, "42"), 3);
	assert_int_equal(came(&lines, "43"), 10);
	assert_int_equal(came(&lines, "44"), 2);
	assert_string_equal(lines.lines[4].name, "dmar0");
	assert_int_equal(came(&lines, "45"), 4);
	assert_int_equal(came(&lines, "46"), 1);
	assert_int_equal(came(&lines, "11"), 0);
	irq_lines_free(&lines);
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
		cmocka_unit_test(perfs_names),
		cmocka_unit_test(other_smmus),
		cmocka_unit_test(core_types),
		cmocka_unit_test(irq_restarts),
		cmocka_unit_test(irq_counts),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
