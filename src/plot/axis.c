// SPDX-License-Identifier: GPL-2.0-only
/*
 * Axes of pictures: ends, tics, and room for zero.
 */
#include "plot/axis.h"

#include <math.h>

#include "base/xalloc.h"
#include "plot/draw.h"

/* The band for zero, as parts of the smallest value on the axis. */
#define BAND			0.4
#define ZERO			0.63
/* Tics of each decade have a text up to so many decades. */
#define DENSE			2.5
#define MAX_DECADES		6
#define LINEAR_TICS		6
/* Beside the first and the last of numbers that are doubled. */
#define MARGIN			1.4
/* What a logarithm may be off by. */
#define HAIR			0.000001
/* What is beyond these is drawn at them: tics are counted out from one end to the other. */
#define LEAST			0.000000001
#define MOST			1e30

static const double steps[] = { 1, 2, 5 };

static double drawable(double value)
{
	return fmin(fmax(value, LEAST), MOST);
}

void plot_axis_add(struct plot_axis *a, double value)
{
	if (value > 0) {
		value = drawable(value);
		a->low = a->low > 0 ? fmin(a->low, value) : value;
		a->high = fmax(a->high, value);
	} else if (!isnan(value)) {
		a->zero = true;
	}
}

/* Without any value above zero, an axis of what could have been. */
static struct plot_range range_of(const struct plot_axis *a)
{
	if (a->high > 0 && a->unit == PLOT_DOUBLES)
		return (struct plot_range){ .min = a->low / MARGIN, .max = a->high * MARGIN };
	if (a->high > 0)
		return plot_log_range(a->low, a->high);
	return a->unit == PLOT_TIME ? plot_log_range(10, 1e3) : plot_log_range(1, 10);
}

double plot_axis_place(const struct plot_axis *a, double value)
{
	if (isnan(value))
		return value;
	return value > 0 ? drawable(value) : range_of(a).min * ZERO;
}

void plot_axis_put_arrays(FILE *f, const char *name, unsigned int n)
{
	fprintf(f, "array %s_min[%u]\narray %s_band[%u]\narray %s_max[%u]\narray %s_tics[%u]\n",
		name, n, name, n, name, n, name, n);
}

/* Every so many decades has a text. */
static unsigned int text_every(struct plot_range range)
{
	return 1 + (unsigned int)(log10(range.max / range.min) / MAX_DECADES);
}

/* A command in double quotes, so that it can be a string in single ones. */
static void requote(char *text)
{
	for (; *text; text++)
		*text = *text == '\'' ? '"' : *text == '\n' ? ' ' : *text;
}

char *plot_time_tics(const char *axis, struct plot_range range, const char *more)
{
	struct plot_text t;

	plot_text_begin(&t);
	plot_put_time_tics(t.f, axis, range, false, text_every(range), more);
	requote(plot_text_end(&t));
	return t.text;
}

static void put_number(FILE *f, double n)
{
	double unit = n > 0.999e9 ? 1e9 : n > 0.999e6 ? 1e6 : n > 0.999e3 ? 1e3 : 1;

	fprintf(f, "%g%s", n / unit, unit > 1e6 ? " G" : unit > 1e3 ? " M" : unit > 1 ? " k" : "");
}

char *plot_rate_tics(const char *axis, struct plot_range range, const char *more)
{
	bool dense = log10(range.max / range.min) <= DENSE;
	int every = (int)text_every(range), exponent = (int)floor(log10(range.min) + HAIR);
	const char *comma = *more ? ", " : "";
	double decade, at;
	struct plot_text t;
	size_t i;

	plot_text_begin(&t);
	fprintf(t.f, "set %stics (%s", axis, more);
	for (; (decade = pow(10, exponent)) <= range.max * 1.001; exponent++)
		for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			at = decade * steps[i];
			if (at < range.min * 0.999 || at > range.max * 1.001)
				continue;
			fprintf(t.f, "%s\"", comma);
			/* Where texts are few, tics are close: the first would meet the zero. */
			if (dense || (!i && exponent % every == 0 &&
				      (!*more || at > range.min * 1.001)))
				put_number(t.f, at);
			fprintf(t.f, "\" %g%s", at, dense || !i ? "" : " 1");
			comma = ", ";
		}
	fputc(')', t.f);
	return plot_text_end(&t);
}

static char *double_tics(const char *axis, struct plot_range range, const char *more)
{
	unsigned int every = 1 + (unsigned int)(log2(range.max / range.min) / 9);
	int exponent = (int)ceil(log2(range.min) - HAIR);
	const char *comma = *more ? ", " : "";
	struct plot_text t;
	double at;

	plot_text_begin(&t);
	fprintf(t.f, "set %stics (%s", axis, more);
	for (; (at = pow(2, exponent)) <= range.max * 1.001; exponent++) {
		if (exponent % (int)every)
			continue;
		fprintf(t.f, "%s\"%g\" %g", comma, at, at);
		comma = ", ";
	}
	fputc(')', t.f);
	return plot_text_end(&t);
}

void plot_axis_put(FILE *f, const char *name, unsigned int i, const struct plot_axis *a)
{
	struct plot_range range = range_of(a);
	char *zero = a->zero ? xasprintf("\"0\" %g", range.min * ZERO) : xstrdup("");
	char *tics;

	fprintf(f, "%s_min[%u] = %g\n%s_band[%u] = %g\n%s_max[%u] = %g\n", name, i,
		a->zero ? range.min * BAND : range.min, name, i, range.min, name, i, range.max);
	if (a->unit == PLOT_TIME)
		tics = plot_time_tics(name, range, zero);
	else if (a->unit == PLOT_NUMBER)
		tics = plot_rate_tics(name, range, zero);
	else
		tics = double_tics(name, range, zero);
	fprintf(f, "%s_tics[%u] = ", name, i);
	plot_put_text(f, tics);
	fputc('\n', f);
	free(tics);
	free(zero);
}

void plot_axis_put_linear(FILE *f, const char *name, unsigned int i, double high, double max)
{
	static const char *const units[] = { "ns", "\u00b5s", "ms", "s" };
	double decade, step, at, scale = 1;
	struct plot_text t;
	unsigned int unit;

	high = drawable(high);
	max = fmax(max, high);
	decade = pow(10, floor(log10(high / LINEAR_TICS)));
	for (step = decade; step * LINEAR_TICS < high * 0.999;)
		step = step < decade * 1.5 ? decade * 2 : step < decade * 2.2 ? decade * 2.5 :
		       step < decade * 4 ? decade * 5 : decade * 10;
	for (unit = 0; unit < 3 && high >= scale * 999.9; unit++)
		scale *= 1000;
	plot_text_begin(&t);
	fprintf(t.f, "set %stics (\"0\" 0", name);
	for (at = step; at <= high * 1.001; at += step)
		fprintf(t.f, ", \"%g %s\" %g", at / scale, units[unit], at);
	fputc(')', t.f);
	plot_text_end(&t);
	fprintf(f, "%s_min[%u] = 0\n%s_band[%u] = 0\n%s_max[%u] = %g\n", name, i, name, i, name, i,
		max);
	fprintf(f, "%s_tics[%u] = ", name, i);
	plot_put_text(f, t.text);
	fputc('\n', f);
	free(t.text);
}

struct plot_range plot_log_range(double low, double high)
{
	struct plot_range range;
	double decade;
	size_t i;

	low = drawable(low);
	high = fmax(drawable(high), low);
	range = (struct plot_range){ .min = low, .max = high };
	for (decade = pow(10, floor(log10(low))), i = 0; i < 3; i++)
		if (decade * steps[i] <= low * 0.97)
			range.min = decade * steps[i];
	if (range.min == low)
		range.min = decade / 2;
	for (decade = pow(10, floor(log10(high))), i = 3; i-- > 0;)
		if (decade * steps[i] >= high * 1.03)
			range.max = decade * steps[i];
	if (range.max == high)
		range.max = decade * 10;
	return range;
}

/* Without a text, it is a small one. */
static void put_time_tic(FILE *f, const char *comma, double ns, bool text, bool as_log10)
{
	static const char *const names[] = { "ns", "\u00b5s", "ms", "s" };
	double value = ns, at = as_log10 ? log10(ns) : ns;
	int i = 0;

	if (!text) {
		fprintf(f, "%s'' %g 1", comma, at);
		return;
	}
	/* Powers of ten from pow() may be off by a hair. */
	while (i < 3 && value > 999.9) {
		value /= 1000;
		i++;
	}
	fprintf(f, "%s'%g %s' %g", comma, value, names[i], at);
}

void plot_put_time_tics(FILE *f, const char *axis, struct plot_range range, bool as_log10,
			unsigned int every, const char *more)
{
	bool dense = log10(range.max / range.min) <= 2.5 && every < 2;
	int exponent = (int)floor(log10(range.min) + HAIR);
	const char *comma = *more ? ", " : "";
	double decade, at;
	size_t i;

	fprintf(f, "set %stics (%s", axis, more);
	for (; (decade = pow(10, exponent)) <= range.max; exponent++)
		for (i = 0; i < 3; i++) {
			at = decade * steps[i];
			if (at < range.min * 0.999 || at > range.max * 1.001)
				continue;
			put_time_tic(f, comma, at, dense || (!i && exponent % (int)every == 0),
				     as_log10);
			comma = ", ";
		}
	fputs(")\n", f);
}
