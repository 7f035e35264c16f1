// SPDX-License-Identifier: GPL-2.0-only
/*
 * The picture of what the device pays for a flush.
 */
#include <math.h>

#include "base/xalloc.h"
#include "flush/pictures/internal.h"
#include "flush/pictures/panels.h"
#include "flush/view/strategies.h"
#include "plot/axis.h"
#include "plot/draw.h"
#include "result/read.h"
#include "text/units.h"

/* In pixels. */
#define PANEL_Y			240
#define STRATEGY_X		105
#define GAP_Y			60

/* The band for zero, as parts of the smallest time on the axis. */
#define BAND			0.4
#define ZERO			0.63

static const struct {
	const char *phase;
	struct plot_line look;
} accesses[] = {
	{ "device_cold", { .name = "cold: new mapping", .style = 1 } },
	{ "device_warm", { .name = "warm: once more", .style = 3 } },
	{ "device_flushed", { .name = "after the flush: another mapping", .style = 2 } },
};

#define ACCESSES	(sizeof(accesses) / sizeof(accesses[0]))

static bool device_measured(const struct point *point)
{
	return point && json_is_true(result_get(point->json, "device.measured"));
}

static const struct point_phase *device_access(const struct point *point, unsigned int access)
{
	return device_measured(point) ? point_phase(point, accesses[access].phase) : NULL;
}

/* Any of the three: a device may be able to do only some of them. */
const struct point_phase *flush_device(const struct point *point)
{
	const struct point_phase *phase = NULL;
	unsigned int i;

	for (i = 0; i < ACCESSES && !phase; i++)
		phase = device_access(point, i);
	return phase;
}

char *flush_describe_device(const struct flush_panels *p)
{
	unsigned int panel, i, k;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("Latency of an access of the device.", t.f);
	for (panel = 0; panel < p->n; panel++) {
		char *name = flush_round_name(&p->setting[panel]);

		for (i = 0; i < FLUSH_STRATEGIES; i++)
			for (k = 0; k < ACCESSES; k++) {
				const struct point_phase *phase;

				phase = device_access(flush_panel_point(p, panel, i), k);
				if (phase)
					fprintf(t.f, " %s, %s, %s: p50 %s.", name,
						flush_strategies[i], accesses[k].look.name,
						units_time_utf8(phase->stats.p50).text);
			}
		free(name);
	}
	return plot_text_end(&t);
}

/* A logarithm cannot show zero: that is in a band below the axis. */
static double place_of(double ns, double at_zero)
{
	return ns > 0 ? ns : at_zero;
}

int flush_draw_device(struct picture *picture, const struct flush_panels *p, struct error *e)
{
	struct plot_line look[ACCESSES], line[FLUSH_STRATEGIES];
	unsigned int strategy[FLUSH_STRATEGIES], n, panel, i, k;
	struct plot_layout layout = flush_panel_layout(p, PANEL_Y);
	double low = INFINITY, high = 0;
	struct plot_text script;
	struct plot_range y;
	bool zero = false;
	double at_zero;
	char *tic;

	n = flush_find_lines(p, flush_device, strategy, line);
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < n; i++)
			for (k = 0; k < ACCESSES; k++) {
				const struct point_phase *phase;

				phase = device_access(flush_panel_point(p, panel, strategy[i]), k);
				if (!phase)
					continue;
				if (phase->stats.min > 0)
					low = fmin(low, phase->stats.min);
				else if (phase->stats.p50 > 0)
					low = fmin(low, phase->stats.p50);
				high = fmax(high, phase->stats.p99);
				zero = zero || !(phase->stats.min > 0);
			}
	/* Without any that took time, an axis of what could have been. */
	y = high > 0 ? plot_log_range(fmin(low, high) * 0.85, high) : plot_log_range(10, 1e3);
	for (k = 0; k < ACCESSES; k++)
		look[k] = accesses[k].look;
	layout.columns = 1;
	layout.gap_y = GAP_Y;
	layout.rows = p->n;
	layout.panel_x = n * STRATEGY_X;
	layout.line = look;
	layout.nr_lines = ACCESSES;
	flush_note_choice(&layout, p);
	flush_note_lacking(&layout, p, flush_device, "device", "Not measured: ", false);
	plot_lay_out(&layout, picture, p->plot->folder);
	plot_begin(&script, &layout, picture, p->plot);
	flush_put_headings(script.f, p);
	at_zero = y.min * ZERO;
	fprintf(script.f, "y_min = %g\ny_band = %g\ny_max = %g\n", zero ? y.min * BAND : y.min,
		y.min, y.max);
	tic = zero ? xasprintf("'0' %g", at_zero) : xstrdup("");
	plot_put_time_tics(script.f, "y", y, false, 1, tic);
	free(tic);
	fprintf(script.f, "x_max = %u.5\nset xtics (", n);
	for (i = 0; i < n; i++)
		fprintf(script.f, "%s'%s' %u", i ? ", " : "", line[i].name, i + 1);
	fputs(")\n$accesses << END_OF_DATA\n", script.f);
	for (panel = 0; panel < p->n; panel++)
		for (k = 0; k < ACCESSES; k++) {
			fputs("NaN NaN NaN NaN\n", script.f);
			for (i = 0; i < n; i++) {
				const struct point_phase *phase;

				phase = device_access(flush_panel_point(p, panel, strategy[i]), k);
				if (phase)
					fprintf(script.f, "%u %.6g %.6g %.6g\n", i + 1,
						place_of(phase->stats.p50, at_zero),
						place_of(phase->stats.min, at_zero),
						place_of(fmax(phase->stats.p50, phase->stats.p99),
							 at_zero));
			}
			fputs("\n\n", script.f);
		}
	fputs("END_OF_DATA\n", script.f);
	return plot_end(&script, &layout, picture, p->plot, "flush-device.gp", e);
}
