// SPDX-License-Identifier: GPL-2.0-only
/*
 * How devices that work at the same time share the CPUs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "measure/devices.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

#define MAX_DEVICES	4
#define MAX_CPUS	8

/* Lists end with -1. */
static void shares(unsigned int threads, const int (*may)[MAX_CPUS], const int (*gets)[MAX_CPUS],
		   unsigned int nr, unsigned int taken)
{
	struct placement given[MAX_DEVICES] = { 0 }, *p[MAX_DEVICES] = { NULL };
	unsigned int i, k;

	for (i = 0; i < nr; i++) {
		p[i] = &given[i];
		given[i].cpus = xcalloc(MAX_CPUS, sizeof(*given[i].cpus));
		while (may[i][given[i].nr] >= 0) {
			given[i].cpus[given[i].nr] = (uint32_t)may[i][given[i].nr];
			given[i].nr++;
		}
	}
	assert_int_equal(devices_share_cpus(p, nr, threads), taken);
	for (i = 0; i < nr; i++) {
		for (k = 0; gets[i][k] >= 0; k++) {
			assert_true(k < given[i].nr);
			assert_int_equal(given[i].cpus[k], gets[i][k]);
		}
		assert_int_equal(given[i].nr, k);
		placement_free(&given[i]);
	}
}

#define LIST(...)	{ __VA_ARGS__, -1 }
#define SHARES(threads, nr, taken, may, ...)					\
	do {									\
		static const int gets[][MAX_CPUS] = { __VA_ARGS__ };		\
										\
		shares(threads, may, gets, nr, taken);				\
	} while (0)

static void test_enough(void **state)
{
	static const int four[][MAX_CPUS] = { LIST(0, 1, 2, 3), LIST(0, 1, 2, 3) };

	SHARES(1, 2, 2, four, LIST(0), LIST(1));
	SHARES(2, 2, 4, four, LIST(0, 1), LIST(2, 3));
}

/* The order is the user's. */
static void test_order(void **state)
{
	static const int back[][MAX_CPUS] = { LIST(5, 2, 7), LIST(5, 2, 7), LIST(5, 2, 7) };

	SHARES(1, 3, 3, back, LIST(5), LIST(2), LIST(7));
}

static void test_too_few(void **state)
{
	static const int two[][MAX_CPUS] = { LIST(0, 1), LIST(0, 1), LIST(0, 1) };
	static const int one[][MAX_CPUS] = { LIST(3), LIST(3) };

	SHARES(1, 3, 2, two, LIST(0), LIST(1), LIST(0));
	/* More threads than CPUs: the module takes them in turn. */
	SHARES(4, 3, 2, two, LIST(0, 1), LIST(0, 1), LIST(0, 1));
	SHARES(1, 2, 1, one, LIST(3), LIST(3));
}

/* Devices that are near different CPUs. */
static void test_near(void **state)
{
	static const int apart[][MAX_CPUS] = { LIST(0, 1, 4, 5), LIST(4, 5, 0, 1) };
	static const int behind[][MAX_CPUS] = { LIST(0, 1), LIST(0, 1), LIST(2, 3, 0, 1) };

	SHARES(1, 2, 2, apart, LIST(0), LIST(4));
	SHARES(2, 2, 4, apart, LIST(0, 1), LIST(4, 5));
	SHARES(3, 2, 4, apart, LIST(0, 1, 4), LIST(5, 4, 0));
	SHARES(1, 3, 3, behind, LIST(0), LIST(1), LIST(2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enough),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
