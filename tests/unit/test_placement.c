// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where threads and memory go: lists and words as typed, and the order of CPUs on made-up machines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hwloc.h>
#include <hwloc/distances.h>

#include <iommubench.h>

#include "device/machine.h"
#include "place/memory_policy.h"
#include "place/placement.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

static void expect_list(const char *text, const uint32_t *want, unsigned int n)
{
	struct error e;
	unsigned int nr;
	uint32_t *cpus;

	if (parse_cpu_list(text, 63, &cpus, &nr, &e))
		fail_msg("'%s' was refused: %s", text, e.text);
	assert_int_equal(nr, n);
	assert_memory_equal(cpus, want, n * sizeof(*want));
	free(cpus);
}

static void lists(void **state)
{
	expect_list("0", (uint32_t[]){ 0 }, 1);
	expect_list("63", (uint32_t[]){ 63 }, 1);
	expect_list("0,2-3", (uint32_t[]){ 0, 2, 3 }, 3);
	/* The order is the user's. */
	expect_list("5,1-2,0", (uint32_t[]){ 5, 1, 2, 0 }, 4);
	expect_list("7-7", (uint32_t[]){ 7 }, 1);
	expect_list("007", (uint32_t[]){ 7 }, 1);
}

static void bad_lists(void **state)
{
	static const char * const bad[] = {
		"", ",", "0,", ",0", "0,,1", "-", "1-", "-1", "3-1", "0-64", "64", "a", "0 1", " 0",
		"0 ", "0-1-2", "0;1", "4294967296", "18446744073709551616", "1,1", "0-3,2",
	};
	uint32_t *cpus = (uint32_t *)1;
	unsigned int nr = 99;
	struct error e;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!parse_cpu_list(bad[i], 63, &cpus, &nr, &e))
			fail_msg("'%s' was taken", bad[i]);
		assert_non_null(strstr(e.text, bad[i]));
		assert_int_equal(nr, 99);
		assert_ptr_equal(cpus, (uint32_t *)1);
	}
}

/* A machine as hwloc words it, all of whose CPUs may be used unless @usable says less. */
static void machine(struct sites *s, const char *words, const char *usable,
		    const uint64_t *distances)
{
	hwloc_bitmap_t all = hwloc_bitmap_alloc();
	hwloc_obj_t nodes[16];
	hwloc_distances_add_handle_t handle;
	hwloc_topology_t t;
	int i, n;

	hwloc_topology_init(&t);
	assert_int_equal(hwloc_topology_set_synthetic(t, words), 0);
	assert_int_equal(hwloc_topology_load(t), 0);
	if (distances) {
		n = hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_NUMANODE);
		for (i = 0; i < n; i++)
			nodes[i] = hwloc_get_obj_by_type(t, HWLOC_OBJ_NUMANODE, (unsigned int)i);
		handle = hwloc_distances_add_create(t, "row", HWLOC_DISTANCES_KIND_FROM_USER |
						    HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0);
		assert_non_null(handle);
		assert_int_equal(hwloc_distances_add_values(t, handle, (unsigned int)n, nodes,
							    (hwloc_uint64_t *)distances, 0), 0);
		assert_int_equal(hwloc_distances_add_commit(t, handle, 0), 0);
	}
	hwloc_bitmap_fill(all);
	if (usable)
		hwloc_bitmap_list_sscanf(all, usable);
	sites_of(s, t, all);
	hwloc_bitmap_free(all);
	hwloc_topology_destroy(t);
}

/* What --cpus makes of a machine: CPUs as text, or the reason why not. */
static void expect_cpus(const struct sites *s, const char *cpus, int device_node, const char *want)
{
	struct placement_wish w = { .how = PLACEMENT_NEAR };
	struct placement p;
	struct error e;
	char text[sizeof(e.text)] = "";
	size_t used = 0;
	unsigned int i;

	if (*cpus && placement_parse(cpus, &w, &e))
		fail_msg("'%s' was refused: %s", cpus, e.text);
	if (placement_order(&p, s, &w, device_node, &e))
		snprintf(text, sizeof(text), "%s", e.text);
	for (i = 0; i < p.nr; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%u", i ? "," : "",
					 p.cpus[i]);
	/* Of reasons only a part is given. */
	if (p.nr ? strcmp(text, want) : !strstr(text, want))
		fail_msg("'%s' gives '%s', expected '%s'", cpus, text, want);
	placement_free(&p);
	placement_wish_free(&w);
}

/* Only some CPUs are there (the nodes stay), or only some are in the process's cpuset. */
static void confined(struct sites *s, const char *words, const char *there, const char *allowed)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc(), all = hwloc_bitmap_alloc_full();
	hwloc_topology_t t;

	hwloc_topology_init(&t);
	assert_int_equal(hwloc_topology_set_synthetic(t, words), 0);
	hwloc_topology_set_flags(t, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	assert_int_equal(hwloc_topology_load(t), 0);
	hwloc_bitmap_list_sscanf(set, there ? there : allowed);
	if (there)
		assert_int_equal(hwloc_topology_restrict(t, set, 0), 0);
	else
		assert_int_equal(hwloc_topology_allow(t, set, NULL, HWLOC_ALLOW_FLAG_CUSTOM), 0);
	sites_of(s, t, all);
	hwloc_bitmap_free(all);
	hwloc_bitmap_free(set);
	hwloc_topology_destroy(t);
}

static void expect_barred(const struct sites *s, int device_node, bool barred)
{
	struct placement_wish w = { .how = PLACEMENT_NEAR };
	struct placement p;
	struct error e;

	assert_int_equal(placement_order(&p, s, &w, device_node, &e), 0);
	assert_int_equal(p.barred, barred);
	placement_free(&p);
}

/* Four nodes in a row with two cores of two threads each, numbered one after the other. */
static const uint64_t row[] = {
	10, 20, 30, 40,
	20, 10, 20, 30,
	30, 20, 10, 20,
	40, 30, 20, 10,
};

static void words(void **state)
{
	struct sites s;

	machine(&s, "[numa] package:4 core:2 pu:2", NULL, NULL);
	sites_free(&s);
	machine(&s, "package:4 [numa] core:2 pu:2", NULL, row);
	assert_int_equal(s.nr, 16);
	assert_int_equal(s.nr_nodes, 4);
	assert_int_equal(sites_distance(&s, 0, 3), 40);
	assert_int_equal(sites_distance(&s, 2, 2), 10);
	/* One CPU of every core before the second of any; nearest nodes first. */
	expect_cpus(&s, "", 2, "8,10,4,6,12,14,0,2,9,11,5,7,13,15,1,3");
	expect_cpus(&s, "near-device", 2, "8,10,4,6,12,14,0,2,9,11,5,7,13,15,1,3");
	expect_cpus(&s, "far", 2, "0,2,4,6,12,14,8,10,1,3,5,7,13,15,9,11");
	expect_cpus(&s, "far", 0, "12,14,8,10,4,6,0,2,13,15,9,11,5,7,1,3");
	expect_cpus(&s, "spread", 2, "8,4,12,0,10,6,14,2,9,5,13,1,11,7,15,3");
	expect_cpus(&s, "pack", 3, "12,14,8,10,4,6,0,2,13,15,9,11,5,7,1,3");
	expect_cpus(&s, "node:1", 2, "4,6,5,7");
	expect_cpus(&s, "node:3,node:1", 2, "12,14,13,15,4,6,5,7");
	expect_cpus(&s, "node:0-1", 2, "0,2,1,3,4,6,5,7");
	expect_cpus(&s, "core:3", 2, "6");
	expect_cpus(&s, "core:7,core:0-1", 2, "14,0,2");
	expect_cpus(&s, "5,4,node:3,core:0", 2, "5,4,12,14,13,15,0");
	/* Nobody knows where the device is: no CPU is nearer than another. */
	expect_cpus(&s, "", -1, "0,2,4,6,8,10,12,14,1,3,5,7,9,11,13,15");
	expect_cpus(&s, "spread", -1, "0,4,8,12,2,6,10,14,1,5,9,13,3,7,11,15");
	expect_cpus(&s, "near-device", -1, "firmware does not say");
	expect_cpus(&s, "far", -1, "firmware does not say");
	/* What is not there. */
	expect_cpus(&s, "16", 2, "CPU 16 is not there");
	expect_cpus(&s, "core:8", 2, "no core 8, expected one of 0 to 7");
	expect_cpus(&s, "node:4", 2, "no node 4, expected one of 0 to 3");
	expect_cpus(&s, "4,core:2", 2, "CPU 4 is named twice");
	expect_cpus(&s, "node:1,core:2", 2, "CPU 4 is named twice");
	sites_free(&s);
}

static void one_node(void **state)
{
	struct sites s;

	machine(&s, "package:1 core:3 pu:2", NULL, NULL);
	expect_cpus(&s, "", -1, "0,2,4,1,3,5");
	expect_cpus(&s, "near-device", -1, "0,2,4,1,3,5");
	expect_cpus(&s, "pack", 0, "0,2,4,1,3,5");
	expect_cpus(&s, "far", 0, "one NUMA node");
	expect_cpus(&s, "node:0", 0, "0,2,4,1,3,5");
	sites_free(&s);
}

/* Siblings far apart in number, as x86 does; two caches in a node. */
static void numbers_and_caches(void **state)
{
	struct sites s;

	machine(&s, "[numa] l3:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)", NULL, NULL);
	expect_cpus(&s, "", 0, "0,1,2,3,4,5,6,7");
	expect_cpus(&s, "spread", 0, "0,2,1,3,4,6,5,7");
	expect_cpus(&s, "pack", 0, "0,1,2,3,4,5,6,7");
	expect_cpus(&s, "core:3", 0, "3");
	sites_free(&s);
}

/* An affinity leaves the second sibling of a core: it counts as that core's first. */
static void respects_what_is_allowed(void **state)
{
	struct sites s;

	machine(&s, "package:2 [numa] core:2 pu:2", "1,4-6", NULL);
	expect_cpus(&s, "", 0, "1,4,6,5");
	expect_cpus(&s, "node:0", 0, "1");
	expect_cpus(&s, "core:0", 0, "1");
	/* By number, what the process itself is kept off may still be measured. */
	expect_cpus(&s, "0,2", 0, "0,2");
	expect_cpus(&s, "core:1", 0, "2");
	sites_free(&s);
	machine(&s, "package:2 [numa] core:2 pu:2", "4-7", NULL);
	expect_cpus(&s, "node:0", 0, "may use no CPU of node 0");
	sites_free(&s);
}

/* A cpuset with CPUs of one node of two only, as hwloc words it. */
static void cpusets(void **state)
{
	struct sites s;

	/* The device is where the process may not go: near is as near as can be. */
	confined(&s, "package:3 [numa] core:2 pu:1", NULL, "0-1,4-5");
	assert_int_equal(s.nr, 6);
	assert_int_equal(s.nr_nodes, 3);
	expect_cpus(&s, "near-device", 1, "0,1,4,5");
	expect_barred(&s, 1, true);
	expect_barred(&s, 0, false);
	expect_cpus(&s, "far", 0, "4,5,0,1");
	expect_cpus(&s, "far", 1, "0,1,4,5");
	expect_cpus(&s, "2", 0, "CPU 2 is not there, not online, or not in this process's cpuset");
	expect_cpus(&s, "core:2", 0, "core 2 is not in this process's cpuset");
	expect_cpus(&s, "core:6", 0, "no core 6, expected one of 0 to 5");
	expect_cpus(&s, "node:1", 0, "may use no CPU of node 1");
	expect_cpus(&s, "node:2", 0, "4,5");
	expect_cpus(&s, "near-device", 7, "node 7 is none that hwloc knows");
	sites_free(&s);
	/* And the other way round: what may be used is near, and nothing is far. */
	confined(&s, "package:3 [numa] core:2 pu:1", NULL, "2-3");
	expect_cpus(&s, "near-device", 1, "2,3");
	expect_barred(&s, 1, false);
	expect_cpus(&s, "far", 1, "none that is farther");
	sites_free(&s);
}

/* Memory alone is no place for a thread. */
static void nodes_without_cpus(void **state)
{
	struct sites s;

	confined(&s, "package:2 [numa] core:2 pu:1", "0-1", NULL);
	assert_int_equal(s.nr, 2);
	assert_int_equal(s.nr_nodes, 2);
	expect_cpus(&s, "near-device", 0, "0,1");
	expect_cpus(&s, "far", 0, "far: of 2 nodes, none that is farther");
	/* The device is at the other one: the only CPUs are the nearest. */
	expect_cpus(&s, "near-device", 1, "0,1");
	expect_barred(&s, 1, false);
	expect_cpus(&s, "far", 1, "far: of 2 nodes, none that is farther");
	sites_free(&s);
}

static void bad_words(void **state)
{
	static const char *const bad[] = {
		"", "near", "far,0", "spread,pack", "node:", "core:", "node:x", "node:1-", "core:3-1",
		"node:-1", "node:1,", "core:1,,2", "cpu:1", "node:65536", "node:1,node:1",
		"core:0-3,core:2", "0-3,2", "NODE:1", "pack ", "node:1;2",
	};
	struct placement_wish w;
	struct error e;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!placement_parse(bad[i], &w, &e))
			fail_msg("'%s' was taken", bad[i]);
		assert_non_null(strstr(e.text, bad[i]));
	}
}

static void memory_words(void **state)
{
	static const char *const bad[] = {
		"", "node", "node:", "node:x", "node:1024", "node:-1", "node:1,2", "locals",
		"interleave:0", "bind", "1",
	};
	struct memory_policy m;
	struct error e;
	json_t *j;
	size_t i;

	assert_int_equal(memory_policy_parse("local", &m, &e), 0);
	assert_int_equal(memory_policy_abi(&m), IOMMUBENCH_MEMORY_LOCAL);
	assert_int_equal(memory_policy_parse("interleave", &m, &e), 0);
	assert_int_equal(memory_policy_abi(&m), IOMMUBENCH_MEMORY_INTERLEAVE);
	assert_int_equal(memory_policy_parse("node:3", &m, &e), 0);
	assert_int_equal(memory_policy_abi(&m), IOMMUBENCH_MEMORY_NODE + 3);
	j = memory_policy_describe(&m);
	assert_string_equal(json_string_value(json_object_get(j, "policy")), "node");
	assert_int_equal(json_integer_value(json_array_get(json_object_get(j, "nodes"), 0)), 3);
	json_decref(j);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!memory_policy_parse(bad[i], &m, &e))
			fail_msg("'%s' was taken", bad[i]);
		assert_non_null(strstr(e.text, bad[i]));
	}
	/* This very machine has node 0, and no machine node 1023. */
	assert_int_equal(memory_policy_parse("node:1023", &m, &e), 0);
	assert_int_equal(memory_policy_apply(&m), EXIT_UNABLE);
}

/* On this very machine: a choice that holds for any. */
static void chooses_here(void **state)
{
	struct placement p;
	unsigned int i, j;

	assert_int_equal(placement_choose(&p, NULL, -1, -1, 4), EXIT_DONE);
	assert_in_range(p.nr, 1, 4);
	assert_string_equal(p.how, "near");
	for (i = 0; i < p.nr; i++)
		for (j = 0; j < i; j++)
			assert_int_not_equal(p.cpus[i], p.cpus[j]);
	placement_free(&p);

	/* No machine has this one. */
	assert_int_equal(placement_choose(&p, "65535", -1, -1, 1), EXIT_UNABLE);
	assert_null(p.cpus);
	assert_int_equal(placement_choose(&p, NULL, 1000000, -1, 1), EXIT_UNABLE);
	assert_null(p.cpus);
}

static void cpu_names(void **state)
{
	assert_string_equal(machine_cpu_name(0x41, 0xd08), "Cortex-A72");
	assert_string_equal(machine_cpu_name(0x43, 0x0af), "ThunderX2");
	assert_null(machine_cpu_name(0x41, 0xfff));
	assert_null(machine_cpu_name(0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(bad_lists),
		cmocka_unit_test(words),
		cmocka_unit_test(one_node),
		cmocka_unit_test(numbers_and_caches),
		cmocka_unit_test(respects_what_is_allowed),
		cmocka_unit_test(cpusets),
		cmocka_unit_test(nodes_without_cpus),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(memory_words),
		cmocka_unit_test(chooses_here),
		cmocka_unit_test(cpu_names),
	};

	return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
