// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of exposure: against cost, and how many rounds are exposed for how long.
 *
 * Exposures may be exactly zero, which a logarithmic axis cannot show: their axes are
 * linear ones of logarithms, with a band to the left that stands for zero.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "flush/pictures/internal.h"
#include "flush/pictures/panels.h"
#include "flush/view/strategies.h"
#include "plot/axis.h"
#include "plot/draw.h"
#include "result/read.h"
#include "text/units.h"

/* In pixels. */
#define PANEL_Y			320
#define TIC_X			56

/* The band for zero, and labels at points, in pixels. */
#define BAND_X			150
#define ZERO_X			112
#define LABEL_AWAY_X		16
#define LABEL_LINE_Y		17
#define LABEL_STEP_Y		6.0
#define LABEL_LETTER_X		7

#define CURVE_POINTS		200

/* --- an axis for time that may be zero --------------------------------------- */

/**
 * struct zero_axis - an axis of logarithms with a band for zero
 * @range: of the times that are not zero
 * @min: left end of the band
 * @zero: where zero is
 * @band: right end of the band
 * @max: right end of the axis
 * @error: how far the device's clock may be off, nanoseconds; 0 when that is not known
 * @every: decades from one tic with a text to the next
 */
struct zero_axis {
	struct plot_range range;
	double min;
	double zero;
	double band;
	double max;
	double error;
	unsigned int every;
};

static void find_exposures(struct zero_axis *a, const struct flush_panels *p)
{
	double low = INFINITY, high = 0, shortest;
	unsigned int panel, i;

	a->error = 0;
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < FLUSH_STRATEGIES; i++) {
			const struct point *point = flush_panel_point(p, panel, i);
			const struct point_phase *e = flush_exposure(point);

			if (!e)
				continue;
			a->error = fmax(a->error,
					result_number(point->json, "exposure.error_ns"));
			if (!(e->stats.max > 0))
				continue;
			shortest = e->stats.min > 0 ? e->stats.min : e->scale;
			low = fmin(low, e->stats.p50 > 0 ? e->stats.p50 : shortest);
			high = fmax(high, e->stats.max);
		}
	if (a->error > 0) {
		low = fmin(low, a->error);
		high = fmax(high, a->error);
	}
	/* Without any, one that is as wide as what could have been seen. */
	a->range = high > 0 ? plot_log_range(low, high) : plot_log_range(10, 10e6);
}

static void lay_out_exposures(struct zero_axis *a, const struct plot_layout *l)
{
	double decades = log10(a->range.max / a->range.min);
	double width = decades * BAND_X / (double)(l->panel_x - BAND_X);

	a->band = log10(a->range.min);
	a->min = a->band - width;
	a->zero = a->min + width * ZERO_X / BAND_X;
	a->max = log10(a->range.max);
	a->every = (unsigned int)ceil(decades * TIC_X / (double)(l->panel_x - BAND_X));
}

static double place_of(const struct zero_axis *a, double ns)
{
	return ns > 0 ? fmax(log10(ns), a->band) : a->zero;
}

static void put_exposure_axis(FILE *f, const struct zero_axis *a)
{
	char *zero = xasprintf("'0' %g", a->zero);

	fprintf(f, "x_min = %g\nx_band = %g\nx_max = %g\n", a->min, a->band, a->max);
	fprintf(f, a->error > 0 ? "error_x = %g\n" : "error_x = NaN\n", place_of(a, a->error));
	plot_put_time_tics(f, "x", a->range, true, a->every, zero);
	free(zero);
}

static void note_error(struct plot_layout *l, const struct zero_axis *a)
{
	if (a->error > 0)
		plot_note(l, xasprintf("Dotted: the clocks of device and CPU agree within %s; an access that is not later than that counts as none.",
				       units_time_utf8(a->error).text));
}

/* --- cost against exposure ---------------------------------------------------- */

/* A point and its label, in pixels of its panel from the lower left corner. */
struct spot {
	unsigned int strategy;
	double x;
	double y;
	bool left;
	double label_x;
	double label_y;
};

struct scatter {
	struct zero_axis x;
	struct plot_range y;
	double x_scale;
	double y_scale;
};

static double label_width(const struct spot *s)
{
	return LABEL_LETTER_X * (double)strlen(flush_strategies[s->strategy]);
}

static double label_begin(const struct spot *s)
{
	return s->left ? s->label_x - label_width(s) : s->label_x;
}

static bool label_clashes(const struct spot *s, const struct spot *all, unsigned int n)
{
	double begin = label_begin(s), end = begin + label_width(s);
	unsigned int i;

	for (i = 0; i < n; i++) {
		const struct spot *o = &all[i];

		/* Labels before it in the list have their place already; points all have. */
		if (o < s && fabs(o->label_y - s->label_y) < LABEL_LINE_Y &&
		    begin < label_begin(o) + label_width(o) + 4 && label_begin(o) < end + 4)
			return true;
		if (o != s && fabs(o->y - s->label_y) < LABEL_LINE_Y / 2.0 + 3 &&
		    o->x > begin - 8 && o->x < end + 8)
			return true;
	}
	return false;
}

/* Spots in the band come first, and of those the highest. */
static int in_band_and_higher_first(const void *x, const void *y)
{
	const struct spot *a = x, *b = y;

	if (a->left != b->left)
		return b->left - a->left;
	return a->y < b->y ? 1 : -(a->y > b->y);
}

/*
 * Labels in the band, to the left of their points: in the order of the points and
 * a line apart, but as close to them as that allows. What would overlap is drawn
 * together around its middle.
 */
static void place_in_band(struct spot *all, unsigned int n, double height)
{
	double middle[FLUSH_STRATEGIES];
	unsigned int size[FLUSH_STRATEGIES], blocks = 0, i, k, block;

	for (i = 0; i < n; i++) {
		middle[blocks] = all[i].y + i * LABEL_LINE_Y;
		size[blocks++] = 1;
		for (; blocks > 1 && middle[blocks - 1] > middle[blocks - 2]; blocks--) {
			unsigned int before = size[blocks - 2], after = size[blocks - 1];

			middle[blocks - 2] = (middle[blocks - 2] * before +
					      middle[blocks - 1] * after) / (before + after);
			size[blocks - 2] += after;
		}
	}
	for (i = 0, block = 0; block < blocks; block++)
		for (k = 0; k < size[block]; k++, i++) {
			double top = height - LABEL_LINE_Y / 2.0 - i * LABEL_LINE_Y;
			double bottom = LABEL_LINE_Y / 2.0 + (n - 1 - i) * LABEL_LINE_Y;

			all[i].label_x = all[i].x - LABEL_AWAY_X;
			all[i].label_y = fmax(fmin(middle[block] - i * LABEL_LINE_Y, top), bottom);
		}
}

/* Elsewhere above, because the line to the longest exposure goes to the right. */
static void place_outside(struct spot *all, unsigned int first, unsigned int n, double width,
			  double height)
{
	unsigned int i, step;

	for (i = first; i < n; i++) {
		struct spot *s = &all[i];
		double home = s->y + LABEL_LINE_Y * 0.8;

		s->label_x = fmin(s->x - 4, width - label_width(s));
		s->label_y = home;
		for (step = 1; step < 8 * n && label_clashes(s, all, n); step++) {
			double away = (step + 1) / 2 * LABEL_STEP_Y;

			s->label_y = step % 2 ? home + away : home - away;
			if (s->label_y < LABEL_LINE_Y / 2.0 || s->label_y > height)
				s->label_y = home;
		}
	}
}

static void place_labels(struct spot *all, unsigned int n, double width, double height)
{
	unsigned int in_band = 0;

	qsort(all, n, sizeof(*all), in_band_and_higher_first);
	while (in_band < n && all[in_band].left)
		in_band++;
	place_in_band(all, in_band, height);
	place_outside(all, in_band, n, width, height);
}

static unsigned int find_spots(const struct flush_panels *p, unsigned int panel,
			       const struct scatter *s, struct spot *spot)
{
	unsigned int n = 0, i;

	for (i = 0; i < FLUSH_STRATEGIES; i++) {
		const struct point *point = flush_panel_point(p, panel, i);
		const struct point_phase *e = flush_exposure(point);

		if (!e || !(flush_mapping_cost(point) > 0))
			continue;
		spot[n++] = (struct spot){
			.strategy = i,
			.x = (place_of(&s->x, e->stats.p50) - s->x.min) * s->x_scale,
			.y = log10(flush_mapping_cost(point) / s->y.min) * s->y_scale,
			.left = !(e->stats.p50 > 0),
		};
	}
	return n;
}

static void put_points(FILE *f, const struct flush_panels *p, const struct scatter *s)
{
	unsigned int panel, i;

	fputs("$points << END_OF_DATA\n", f);
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < FLUSH_STRATEGIES; i++) {
			const struct point *point = flush_panel_point(p, panel, i);
			const struct point_phase *e = flush_exposure(point);

			fputs("NaN NaN NaN\n", f);
			if (e && flush_mapping_cost(point) > 0)
				fprintf(f, "%.6g %.6g %.6g\n", place_of(&s->x, e->stats.p50),
					log10(flush_mapping_cost(point)),
					place_of(&s->x, e->stats.max));
			fputs("\n\n", f);
		}
	fputs("END_OF_DATA\n", f);
}

static double x_of(const struct scatter *s, double pixels)
{
	return s->x.min + pixels / s->x_scale;
}

static double y_of(const struct scatter *s, double pixels)
{
	return log10(s->y.min) + pixels / s->y_scale;
}

static void put_labels(FILE *f, const struct flush_panels *p, const struct scatter *s,
		       const struct plot_layout *l)
{
	struct spot spot[PLOT_COLUMNS][FLUSH_STRATEGIES];
	unsigned int panel, i, left, n[PLOT_COLUMNS];

	for (panel = 0; panel < p->n; panel++) {
		n[panel] = find_spots(p, panel, s, spot[panel]);
		place_labels(spot[panel], n[panel], l->panel_x, l->panel_y);
	}
	fputs("$labels << END_OF_DATA\n", f);
	for (panel = 0; panel < p->n; panel++)
		for (left = 2; left-- > 0;) {
			fputs("NaN NaN -\n", f);
			for (i = 0; i < n[panel]; i++) {
				const struct spot *o = &spot[panel][i];

				if (o->left == left)
					fprintf(f, "%.6g %.6g %s\n", x_of(s, o->label_x),
						y_of(s, o->label_y),
						flush_strategies[o->strategy]);
			}
			fputs("\n\n", f);
		}
	fputs("END_OF_DATA\n$leaders << END_OF_DATA\n", f);
	for (panel = 0; panel < p->n; panel++) {
		fputs("NaN NaN\n", f);
		for (i = 0; i < n[panel]; i++) {
			const struct spot *o = &spot[panel][i];
			double end = o->left ? o->label_x + 2 : o->label_x + 4;

			if (fabs(o->label_y - o->y) > (o->left ? 4 : LABEL_LINE_Y * 0.9))
				fprintf(f, "\n%.6g %.6g\n%.6g %.6g\n", x_of(s, end),
					y_of(s, o->label_y), x_of(s, o->x), y_of(s, o->y));
		}
		fputs("\n\n", f);
	}
	fputs("END_OF_DATA\n", f);
}

char *flush_describe_scatter(const struct flush_panels *p)
{
	unsigned int panel, i;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("Cost of one mapping and exposure.", t.f);
	for (panel = 0; panel < p->n; panel++) {
		char *name = flush_round_name(&p->setting[panel]);

		for (i = 0; i < FLUSH_STRATEGIES; i++) {
			const struct point *point = flush_panel_point(p, panel, i);
			const struct point_phase *e = flush_exposure(point);

			if (!point || !(flush_mapping_cost(point) > 0))
				continue;
			fprintf(t.f, " %s, %s: %s,", name, flush_strategies[i],
				units_time_utf8(flush_mapping_cost(point)).text);
			if (!e) {
				fputs(" exposure not measured.", t.f);
				continue;
			}
			fprintf(t.f, " exposure p50 %s,", units_time_utf8(e->stats.p50).text);
			fprintf(t.f, " longest %s.", units_time_utf8(e->stats.max).text);
		}
		free(name);
	}
	return plot_text_end(&t);
}

int flush_draw_scatter(struct picture *picture, const struct flush_panels *p, struct error *e)
{
	struct plot_layout layout = flush_panel_layout(p, PANEL_Y);
	double low = INFINITY, high = 0;
	unsigned int panel, i;
	struct scatter s;
	struct plot_text script;

	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < FLUSH_STRATEGIES; i++) {
			const struct point *point = flush_panel_point(p, panel, i);

			if (!flush_exposure(point) || !(flush_mapping_cost(point) > 0))
				continue;
			low = fmin(low, flush_mapping_cost(point));
			high = fmax(high, flush_mapping_cost(point));
		}
	if (!(high > 0))
		return 0;
	find_exposures(&s.x, p);
	/* Room for labels above the highest point. */
	s.y = plot_log_range(low * 0.8, high * 1.3);
	flush_note_choice(&layout, p);
	note_error(&layout, &s.x);
	flush_note_lacking(&layout, p, flush_exposure, "exposure", "Exposure not measured: ", true);
	plot_lay_out(&layout, picture, p->plot->folder);
	lay_out_exposures(&s.x, &layout);
	s.x_scale = layout.panel_x / (s.x.max - s.x.min);
	s.y_scale = layout.panel_y / log10(s.y.max / s.y.min);
	plot_begin(&script, &layout, picture, p->plot);
	flush_put_headings(script.f, p);
	put_exposure_axis(script.f, &s.x);
	fprintf(script.f, "y_min = %g\ny_max = %g\n", log10(s.y.min), log10(s.y.max));
	plot_put_time_tics(script.f, "y", s.y, true, 1, "");
	fprintf(script.f, "strategies = %d\narray point_style[%d]\n", FLUSH_STRATEGIES,
		FLUSH_STRATEGIES);
	for (i = 0; i < FLUSH_STRATEGIES; i++)
		fprintf(script.f, "point_style[%u] = %u\n", i + 1, flush_table[i].style);
	put_points(script.f, p, &s);
	put_labels(script.f, p, &s, &layout);
	return plot_end(&script, &layout, picture, p->plot, "flush-scatter.gp", e);
}

/* --- how long rounds stay exposed --------------------------------------------- */

/* Return: the exposure of a point, NULL where it had none. */
static const struct point_phase *exposed(const struct point *point)
{
	const struct point_phase *e = flush_exposure(point);

	return e && e->stats.max > 0 ? e : NULL;
}

/* Steps: the share that is exposed for longer than the time before each of them. */
static void put_shares(FILE *f, const struct zero_axis *a, const struct point_phase *e)
{
	double left, count, last = 0;
	unsigned int i;

	fputs("NaN NaN\n", f);
	if (!e) {
		fputs("\n\n", f);
		return;
	}
	count = (double)e->hist->count;
	left = count - (double)e->hist->buckets[0];
	fprintf(f, "%.6g %.6g\n", a->zero, 100 * left / count);
	for (i = 1; i < IOMMUBENCH_HIST_BUCKETS && left > 0; i++) {
		double ns = (double)iommubench_hist_bucket_low(i) * e->scale;

		if (!e->hist->buckets[i])
			continue;
		/* Of the steps that are too close to be seen, only the last counts. */
		if (ns > last * pow(10, (a->max - a->band) / CURVE_POINTS))
			fprintf(f, "%.6g %.6g\n", place_of(a, ns), 100 * left / count);
		left -= (double)e->hist->buckets[i];
		last = ns;
		if (left > 0)
			fprintf(f, "%.6g %.6g\n", place_of(a, ns), 100 * left / count);
		else
			fprintf(f, "%.6g 1e-9\n", place_of(a, e->stats.max));
	}
	fputs("\n\n", f);
}

/* Return: rounds of a strategy in a panel where none was exposed; 0 when one was. */
static uint64_t closed_rounds(const struct flush_panels *p, unsigned int panel, unsigned int i)
{
	const struct point_phase *e = flush_exposure(flush_panel_point(p, panel, i));

	return e && !(e->stats.max > 0) ? e->stats.count : 0;
}

/* "No access after unmap had returned: strict (1000 rounds), ...", or NULL. */
static char *describe_closed(const struct flush_panels *p)
{
	const char *comma = "No access after unmap had returned: ";
	unsigned int panel, i;
	struct plot_text t;

	plot_text_begin(&t);
	for (i = 0; i < FLUSH_STRATEGIES; i++) {
		uint64_t rounds = 0;
		bool open = false;

		for (panel = 0; panel < p->n; panel++) {
			rounds += closed_rounds(p, panel, i);
			open = open || exposed(flush_panel_point(p, panel, i));
		}
		if (rounds && !open) {
			fprintf(t.f, "%s%s (%" PRIu64 " rounds)", comma, flush_strategies[i],
				rounds);
			comma = ", ";
		}
		/* Where a line is in some panels, the others say why it is not there. */
		for (panel = 0; panel < p->n && open; panel++) {
			char *name = flush_round_name(&p->setting[panel]);

			rounds = closed_rounds(p, panel, i);
			if (rounds) {
				fprintf(t.f, "%s%s with %s (%" PRIu64 " rounds)", comma,
					flush_strategies[i], name, rounds);
				comma = ", ";
			}
			free(name);
		}
	}
	plot_text_end(&t);
	if (*t.text)
		return t.text;
	free(t.text);
	return NULL;
}

char *flush_describe_exposure(const struct flush_panels *p)
{
	unsigned int panel, i;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("Rounds that are still exposed, by time.", t.f);
	for (panel = 0; panel < p->n; panel++) {
		char *name = flush_round_name(&p->setting[panel]);

		for (i = 0; i < FLUSH_STRATEGIES; i++) {
			const struct point *point = flush_panel_point(p, panel, i);
			const struct point_phase *e = flush_exposure(point);

			if (!e)
				continue;
			fprintf(t.f, " %s, %s: %.4g %% at all,", name, flush_strategies[i],
				100 - 100 * (double)e->hist->buckets[0] / (double)e->hist->count);
			fprintf(t.f, " p50 %s,", units_time_utf8(e->stats.p50).text);
			fprintf(t.f, " p99 %s,", units_time_utf8(e->stats.p99).text);
			fprintf(t.f, " longest %s.", units_time_utf8(e->stats.max).text);
		}
		free(name);
	}
	return plot_text_end(&t);
}

/* A single decade has tics in between. */
static void put_share_tics(FILE *f, double least)
{
	double percent;

	fputs("set ytics (", f);
	for (percent = 100; percent >= least; percent /= 10)
		fprintf(f, "%s'%g %%%%' %g", percent < 100 ? ", " : "", percent, percent);
	if (least > 1)
		fputs(", '50 %%' 50, '20 %%' 20", f);
	fputs(")\n", f);
}

int flush_draw_exposure(struct picture *picture, const struct flush_panels *p, struct error *e)
{
	struct plot_layout layout = flush_panel_layout(p, PANEL_Y);
	struct plot_line line[FLUSH_STRATEGIES];
	unsigned int strategy[FLUSH_STRATEGIES], n, panel, i;
	double rounds = 0, least;
	struct plot_text script;
	struct zero_axis x;
	char *closed;

	n = flush_find_lines(p, exposed, strategy, line);
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < n; i++) {
			const struct point_phase *ph;

			ph = exposed(flush_panel_point(p, panel, strategy[i]));
			rounds = fmax(rounds, ph ? (double)ph->stats.count : 0);
		}
	if (!n)
		return 0;
	least = pow(10, floor(log10(fmin(100 / rounds, 10))));
	find_exposures(&x, p);
	closed = describe_closed(p);
	if (closed)
		plot_note(&layout, closed);
	flush_note_choice(&layout, p);
	note_error(&layout, &x);
	flush_note_lacking(&layout, p, flush_exposure, "exposure", "Exposure not measured: ",
			   false);
	layout.line = line;
	layout.nr_lines = n;
	plot_lay_out(&layout, picture, p->plot->folder);
	lay_out_exposures(&x, &layout);
	plot_begin(&script, &layout, picture, p->plot);
	flush_put_headings(script.f, p);
	put_exposure_axis(script.f, &x);
	fprintf(script.f, "y_min = %g\n", least);
	put_share_tics(script.f, least);
	fputs("$shares << END_OF_DATA\n", script.f);
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < n; i++)
			put_shares(script.f, &x,
				   exposed(flush_panel_point(p, panel, strategy[i])));
	fputs("END_OF_DATA\n", script.f);
	return plot_end(&script, &layout, picture, p->plot, "flush-exposure.gp", e);
}
