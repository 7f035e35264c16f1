// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where threads go: CPU lists as typed, and the order of CPUs near a device.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/machine.h"
#include "lib/placement.h"

/* Last: it makes fail() a macro. */
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

static void expect_order(const struct cpu_site *sites, const uint32_t *want, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (sites[i].cpu != want[i])
			fail_msg("place %u has CPU %u, expected %u", i, sites[i].cpu, want[i]);
}

/* Siblings next to each other, as many Arm servers number them. */
static void spreads_over_cores(void **state)
{
	struct cpu_site sites[] = {
		{ 0, 0, 0 }, { 1, 0, 0 }, { 2, 1, 0 }, { 3, 1, 0 }, { 4, 2, 0 }, { 5, 2, 0 },
	};

	placement_sort(sites, 6, -1);
	expect_order(sites, (uint32_t[]){ 0, 2, 4, 1, 3, 5 }, 6);
}

/* Two nodes with two threads a core, numbered as x86 does: siblings are 4 apart. */
static void prefers_the_device_node(void **state)
{
	const struct cpu_site machine[] = {
		{ 0, 0, 0 }, { 1, 1, 0 }, { 2, 2, 1 }, { 3, 3, 1 },
		{ 4, 0, 0 }, { 5, 1, 0 }, { 6, 2, 1 }, { 7, 3, 1 },
	};
	struct cpu_site sites[8];

	memcpy(sites, machine, sizeof(machine));
	placement_sort(sites, 8, 1);
	expect_order(sites, (uint32_t[]){ 2, 3, 6, 7, 0, 1, 4, 5 }, 8);

	/* Unknown node: no CPU is nearer than another. */
	memcpy(sites, machine, sizeof(machine));
	placement_sort(sites, 8, -1);
	expect_order(sites, (uint32_t[]){ 0, 1, 2, 3, 4, 5, 6, 7 }, 8);
}

/* The process may use only the second sibling of core 0: it counts as that core's first. */
static void respects_what_is_allowed(void **state)
{
	struct cpu_site sites[] = { { 9, 3, 0 }, { 8, 3, 0 }, { 1, 0, 0 } };

	placement_sort(sites, 3, 0);
	expect_order(sites, (uint32_t[]){ 1, 8, 9 }, 3);
	placement_sort(sites, 0, 0);
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
		cmocka_unit_test(spreads_over_cores),
		cmocka_unit_test(prefers_the_device_node),
		cmocka_unit_test(respects_what_is_allowed),
		cmocka_unit_test(chooses_here),
		cmocka_unit_test(cpu_names),
	};

	return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
