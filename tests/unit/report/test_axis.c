// SPDX-License-Identifier: GPL-2.0-only
/*
 * Axes of whatever numbers there are: they have ends, and tics that can be counted.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/axis.h"
#include "plot/draw.h"

/* More than any picture needs. */
#define MOST_BYTES	10000

static const double odd[] = {
	0, DBL_TRUE_MIN, DBL_MIN, 1 / 1e12, 1, 999.5, 1e18, 1e30, 1e300, DBL_MAX, INFINITY,
};

#define ODD	(sizeof(odd) / sizeof(odd[0]))

static void assert_short(struct plot_text *t)
{
	char *text = plot_text_end(t);

	assert_true(strlen(text) > 10);
	assert_true(strlen(text) < MOST_BYTES);
	assert_null(strstr(text, "inf"));
	assert_null(strstr(text, "nan"));
	free(text);
}

static void test_logarithmic(void **unused)
{
	static const enum plot_unit units[] = { PLOT_TIME, PLOT_NUMBER, PLOT_DOUBLES };
	struct plot_text t;
	size_t i, k, u;

	for (u = 0; u < 3; u++)
		for (i = 0; i < ODD; i++)
			for (k = 0; k < ODD; k++) {
				struct plot_axis a = { .unit = units[u] };

				plot_axis_add(&a, odd[i]);
				plot_axis_add(&a, odd[k]);
				plot_text_begin(&t);
				plot_axis_put(t.f, "y", 1, &a);
				assert_short(&t);
				assert_true(isfinite(plot_axis_place(&a, odd[i])));
			}
}

static void test_linear(void **unused)
{
	struct plot_text t;
	size_t i, k;

	for (i = 0; i < ODD; i++)
		for (k = 0; k < ODD - 1; k++) {
			plot_text_begin(&t);
			plot_axis_put_linear(t.f, "x", 1, odd[i], odd[k]);
			assert_short(&t);
		}
}

static void test_ends(void **unused)
{
	struct plot_range r;
	size_t i, k;

	for (i = 0; i < ODD; i++)
		for (k = 0; k < ODD; k++) {
			r = plot_log_range(odd[i], odd[k]);
			assert_true(r.min > 0 && r.min < r.max && isfinite(r.max));
		}
	/* What is ordinary stays as it is. */
	r = plot_log_range(3, 70);
	assert_true(r.min > 1.99 && r.min < 2.01 && r.max > 99.9 && r.max < 100.1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logarithmic),
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_ends),
	};

	/* What goes on for ever must not do so here. */
	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
