// SPDX-License-Identifier: GPL-2.0-only
#include "base/stats.h"
#include "plot/axis.h"
#include "plot/curves.h"
#include "points/folder.h"

#include <math.h>

#define POINTS_PER_DECADE	60
/* Rarer than that is a matter for tables. */
#define MAX_DECADES		5
#define MIN_DECADES		4
/* In nanoseconds; no axis needs to begin below. */
#define SHORTEST		0.1

static const struct {
	const char *name;
	double x;
	unsigned int ppm;
} percentiles[] = {
	{ "p50", 2, 500000 },
	{ "p90", 10, 900000 },
	{ "p99", 100, 990000 },
	{ "p99.9", 1e3, 999000 },
	{ "p99.99", 1e4, 999900 },
	{ "p99.999", 1e5, 999990 },
};

#define PERCENTILES	(sizeof(percentiles) / sizeof(percentiles[0]))

static double value_at(const struct point_phase *phase, double tail)
{
	uint64_t count = phase->hist->count;
	/* How many samples may be slower. */
	uint64_t slower = (uint64_t)floor((double)count * tail);

	return (double)iommubench_hist_value_at(phase->hist, count - slower) * phase->scale;
}

static void put_point(FILE *f, double x, double ns)
{
	/* A clock too coarse may have seen nothing, which a logarithm cannot show. */
	if (ns > 0)
		fprintf(f, "%.5g %.5g\n", x, ns);
}

static void put_curve(FILE *f, const struct point_phase *phase)
{
	double count, x = 1;
	unsigned int k;

	fputs("1 NaN\n", f);
	if (phase) {
		count = (double)phase->hist->count;
		for (k = 0; k <= MAX_DECADES * POINTS_PER_DECADE; k++) {
			x = pow(10, (double)k / POINTS_PER_DECADE);
			if (x > count)
				break;
			put_point(f, x, k ? value_at(phase, 1 / x) : phase->stats.min);
		}
		if (x > count)
			put_point(f, count, phase->stats.max);
	}
	fputs("\n\n", f);
}

static void put_marks(FILE *f, const struct point_phase *phase)
{
	size_t i;

	fputs("1 NaN\n", f);
	for (i = 0; phase && i < PERCENTILES; i++)
		if (percentiles[i].x <= (double)phase->hist->count)
			put_point(f, percentiles[i].x,
				  stats_percentile(phase->hist, percentiles[i].ppm, phase->scale));
	fputs("\n\n", f);
}

static void put_axes(FILE *f, double low, double high, double count)
{
	double decades = fmin(fmax(ceil(log10(count)), MIN_DECADES), MAX_DECADES);
	double x_max = pow(10, decades);
	struct plot_range y = plot_log_range(low, high);
	size_t i;

	fprintf(f, "x_max = %.0f\ny_min = %g\ny_max = %g\nset xtics (", x_max, y.min, y.max);
	for (i = 0; i < PERCENTILES && percentiles[i].x <= x_max; i++)
		fprintf(f, "%s'%s' %.0f", i ? ", " : "", percentiles[i].name, percentiles[i].x);
	fputs(")\n", f);
	plot_put_time_tics(f, "y", y, false, 1, "");
}

bool plot_curves_any(const struct plot_curves *c)
{
	unsigned int i;

	for (i = 0; i < c->panels * c->lines; i++)
		if (c->phase[i] && c->phase[i]->stats.max > 0)
			return true;
	return false;
}

void plot_curves_put(FILE *f, const struct plot_curves *c)
{
	double low = INFINITY, high = 0, count = 1;
	unsigned int i;

	for (i = 0; i < c->panels * c->lines; i++) {
		const struct point_phase *phase = c->phase[i];

		if (!phase)
			continue;
		/* A clock too coarse may have seen nothing: then one of its ticks. */
		low = fmin(low, phase->stats.min > 0 ? phase->stats.min : phase->scale);
		high = fmax(high, phase->stats.max);
		count = fmax(count, (double)phase->hist->count);
	}
	put_axes(f, fmax(low, SHORTEST), high, count);
	fputs("$curves << END_OF_DATA\n", f);
	for (i = 0; i < c->panels * c->lines; i++)
		put_curve(f, c->phase[i]);
	fputs("END_OF_DATA\n$marks << END_OF_DATA\n", f);
	for (i = 0; i < c->panels * c->lines; i++)
		put_marks(f, c->phase[i]);
	fputs("END_OF_DATA\n", f);
}
