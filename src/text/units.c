// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures with units, for people.
 */
#include "text/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* Three digits, but all of a number's integer part. */
static int digits_after_point(double value)
{
	if (value < 9.995)
		return 2;
	return value < 99.95 ? 1 : 0;
}

static struct units scaled(double value, const char *const *names, int n)
{
	struct units u;
	int i = 0;

	/* What is not known, such as a percentile of too few samples. */
	if (!isfinite(value))
		return (struct units){ "-" };
	while (i < n - 1 && fabs(value) >= 999.5) {
		value /= 1000;
		i++;
	}
	/* What cannot be divided has no digits after the point. */
	if (!i && value == floor(value))
		snprintf(u.text, sizeof(u.text), "%.0f%s", value, names[i]);
	else
		snprintf(u.text, sizeof(u.text), "%.*f%s", digits_after_point(fabs(value)), value,
			 names[i]);
	return u;
}

struct units units_time(double ns)
{
	static const char *const names[] = { " ns", " us", " ms", " s" };

	return scaled(ns, names, 4);
}

struct units units_time_utf8(double ns)
{
	static const char *const names[] = { " ns", " \u00b5s", " ms", " s" };

	return scaled(ns, names, 4);
}

struct units units_rate(double n)
{
	static const char *const names[] = { "", " k", " M", " G" };

	return scaled(n, names, 4);
}

struct units units_size(uint64_t bytes)
{
	static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes;
	struct units u;
	int i = 0;

	while (i < 4 && bytes && bytes % 1024 == 0) {
		bytes /= 1024;
		i++;
	}
	if (bytes < 10000 || i == 4) {
		snprintf(u.text, sizeof(u.text), "%" PRIu64 " %s", bytes, names[i]);
		return u;
	}
	/* Not a size that anybody chose: three digits say enough. */
	for (i = 0; i < 4 && value >= 999.5; i++)
		value /= 1024;
	snprintf(u.text, sizeof(u.text), "%.*f %s", digits_after_point(value), value, names[i]);
	return u;
}
