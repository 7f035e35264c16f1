// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of latency over time: a column for each interval, as dark as samples are frequent there.
 */
#include "plot/heatmap.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "plot/axis.h"
#include "plot/draw.h"
#include "points/intervals.h"
#include "result/read.h"
#include "text/units.h"

/* In pixels. */
/* Results whose series has a picture; with each of them the page grows. */
#define MAX_SERIES	100U

#define PANEL_X			900
#define PANEL_Y			150
#define GAP_Y			44

/* More intervals than that share columns, or a cell would be narrower than the eye. */
#define MAX_COLUMNS		150U
#define MAX_PHASES		4
/* Cells of a column: so many to a power of ten, from a tenth of a nanosecond to some minutes. */
#define CELLS_PER_DECADE	10
#define FIRST_DECADE		(-1)
#define CELLS			(13 * CELLS_PER_DECADE)
/* Of the cell of no time at all, around its place on the axis. */
#define ZERO_LOW		0.75
#define ZERO_HIGH		1.3

static const char series_reading[] =
	"Each column is an interval of the run, and the darker a cell, the more of the interval's samples took that long; the scale of colours is logarithmic.\n"
	"An even band is a run that was the same from its beginning to its end. Steps are something that began or ended: another load, a lower frequency, a filled queue. Single dark columns higher up are stalls.\n"
	"Where operations/s fall while a band above them stays, operations were not slower, but "
	"fewer were done. What was counted meanwhile is in the lowest panel, where grey is 0: what "
	"rises with a stall may be its cause.";

/* The looks of the counters' lines; percentiles and operations/s have others. */
static const unsigned int count_styles[SERIES_COUNTS_MAX] = { 3, 5, 6, 7 };

/**
 * struct column - one or more intervals
 * @from: nanoseconds since the series began
 * @to: end of the column, nanoseconds since the series began
 * @ops: operations in it
 * @first: index of the first of its intervals
 * @last: index of the last of its intervals
 */
struct column {
	double from;
	double to;
	double ops;
	size_t first;
	size_t last;
};

/**
 * struct heat - a picture
 * @entry: what it shows
 * @intervals: intervals of the series, by time
 * @phase: the phases that are there
 * @phases: entries of @phase that are in use
 * @column: from left to right
 * @columns: entries at @column
 * @joined: intervals in a column
 * @counts: the counters that are there
 */
struct heat {
	const struct entry *entry;
	const json_t *intervals;
	const char *phase[MAX_PHASES];
	unsigned int phases;
	struct column *column;
	size_t columns;
	size_t joined;
	struct series_counts counts;
};

static const json_t *interval_phase(const struct heat *h, size_t i, const char *phase)
{
	const json_t *phases = json_object_get(json_array_get(h->intervals, i), "phases");

	return json_object_get(phases, phase);
}

/* The samples of a column. Return: nanoseconds of a unit, or 0 when there are none. */
static double column_hist(const struct heat *h, const struct column *c, const char *phase,
			  struct iommubench_hist *hist, struct iommubench_hist *scratch)
{
	double scale = 0, other;
	size_t i;

	iommubench_hist_init(hist);
	for (i = c->first; i <= c->last; i++) {
		const json_t *p = interval_phase(h, i, phase);

		if (!p || !result_phase_hist(p, scratch, &other) || !scratch->count)
			continue;
		/* Of a unit that another one does not have, nothing could be told. */
		if (scale > 0 && other != scale)
			continue;
		scale = other;
		iommubench_hist_merge(hist, scratch);
	}
	return scale;
}

static bool has_samples(const struct heat *h, const char *phase)
{
	struct iommubench_hist *hist = xcalloc(2, sizeof(*hist));
	bool has = false;
	size_t i;

	for (i = 0; i < h->columns && !has; i++)
		has = column_hist(h, &h->column[i], phase, &hist[0], &hist[1]) > 0;
	free(hist);
	return has;
}

static void find_phases(struct heat *h)
{
	json_t *phases = result_get(h->entry->json, "phases"), *phase;
	size_t i;

	json_array_foreach(phases, i, phase) {
		const char *name = result_text(phase, "name");

		if (h->phases < MAX_PHASES && has_samples(h, name))
			h->phase[h->phases++] = name;
	}
}

/* What a file says may be anything: columns only go on in time. */
static void find_columns(struct heat *h)
{
	size_t n = json_array_size(h->intervals), i;
	double end = 0;

	h->joined = n / MAX_COLUMNS + (n % MAX_COLUMNS > 0);
	h->column = xcalloc(MAX_COLUMNS, sizeof(*h->column));
	for (i = 0; i < n; i++) {
		const json_t *interval = json_array_get(h->intervals, i);
		double at = result_number(interval, "at_ns");
		double length = result_number(interval, "length_ns");
		struct column *c = &h->column[h->columns - !!h->columns];

		if (!(at >= end) || !(length > 0))
			continue;
		end = at + length;
		if (!h->columns || c->first / h->joined != i / h->joined) {
			c = &h->column[h->columns++];
			*c = (struct column){ .from = at, .first = i };
		}
		c->to = end;
		c->last = i;
		c->ops += fmax(result_number(interval, "ops"), 0);
	}
}

/* Samples by cell; the first one is for no time at all. Return: all of them. */
static double count_cells(const struct iommubench_hist *hist, double scale, double *cells)
{
	double all = 0;
	unsigned int i;
	int cell;

	memset(cells, 0, (CELLS + 1) * sizeof(*cells));
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		double ns = (double)iommubench_hist_bucket_low(i) * scale;

		if (!hist->buckets[i])
			continue;
		all += (double)hist->buckets[i];
		if (!(ns > 0)) {
			cells[0] += (double)hist->buckets[i];
			continue;
		}
		cell = (int)floor((log10(ns) - FIRST_DECADE) * CELLS_PER_DECADE);
		cell = cell < 0 ? 0 : cell >= CELLS ? CELLS - 1 : cell;
		cells[cell + 1] += (double)hist->buckets[i];
	}
	return all;
}

static double cell_low(unsigned int cell)
{
	return pow(10, (double)cell / CELLS_PER_DECADE + FIRST_DECADE);
}

static void put_cells(FILE *f, const struct column *c, const struct plot_axis *y,
		      const double *cells, double all)
{
	unsigned int i;

	for (i = 0; i <= CELLS; i++) {
		if (!(cells[i] > 0))
			continue;
		fprintf(f, "%.7g %.7g ", c->from, c->to);
		if (i)
			fprintf(f, "%.5g %.5g", cell_low(i - 1), cell_low(i));
		else
			fprintf(f, "%.5g %.5g", plot_axis_place(y, 0) * ZERO_LOW,
				plot_axis_place(y, 0) * ZERO_HIGH);
		fprintf(f, " %.4g\n", 100 * cells[i] / all);
	}
}

static struct plot_axis panel_axis(const struct heat *h, const char *phase,
				   struct iommubench_hist *hist)
{
	struct plot_axis y = { .unit = PLOT_TIME };
	double cells[CELLS + 1], scale;
	unsigned int cell;
	size_t i;

	for (i = 0; i < h->columns; i++) {
		scale = column_hist(h, &h->column[i], phase, &hist[0], &hist[1]);
		if (!(scale > 0))
			continue;
		count_cells(&hist[0], scale, cells);
		if (cells[0] > 0)
			plot_axis_add(&y, 0);
		for (cell = 1; cell <= CELLS; cell++) {
			if (!(cells[cell] > 0))
				continue;
			plot_axis_add(&y, cell_low(cell - 1));
			plot_axis_add(&y, cell_low(cell));
		}
	}
	return y;
}

/* Does a column begin another repeat than the one before it has? Lines end there. */
static bool is_new_run(const struct heat *h, size_t i)
{
	const char *key = "run";

	return i && result_number(json_array_get(h->intervals, h->column[i].first), key) !=
		    result_number(json_array_get(h->intervals, h->column[i - 1].first), key);
}

/* Puts a panel's axis, cells and lines. */
static void put_panel(FILE *f, const struct heat *h, unsigned int panel)
{
	struct iommubench_hist *hist = xcalloc(2, sizeof(*hist));
	const char *phase = h->phase[panel];
	struct plot_axis y = panel_axis(h, phase, hist);
	double cells[CELLS + 1], scale, all;
	size_t i;

	plot_put_element(f, "quantity", panel + 1, phase);
	plot_axis_put(f, "y", panel + 1, &y);
	fprintf(f, "$cells%u << END_OF_DATA\n", panel + 1);
	for (i = 0; i < h->columns; i++) {
		scale = column_hist(h, &h->column[i], phase, &hist[0], &hist[1]);
		if (!(scale > 0))
			continue;
		all = count_cells(&hist[0], scale, cells);
		put_cells(f, &h->column[i], &y, cells, all);
	}
	fprintf(f, "END_OF_DATA\n$lines%u << END_OF_DATA\n", panel + 1);
	for (i = 0; i < h->columns; i++) {
		const struct column *c = &h->column[i];

		scale = column_hist(h, c, phase, &hist[0], &hist[1]);
		if (is_new_run(h, i))
			fputs("\n", f);
		/* A gap where nothing was done. */
		if (!(scale > 0))
			fputs("\n", f);
		else
			fprintf(f, "%.7g %.5g %.5g\n", (c->from + c->to) / 2,
				plot_axis_place(&y, stats_percentile(&hist[0], 500000, scale)),
				plot_axis_place(&y, stats_percentile(&hist[0], 990000, scale)));
	}
	fputs("END_OF_DATA\n", f);
	free(hist);
}

static void put_rates(FILE *f, const struct heat *h)
{
	struct plot_axis y = { .unit = PLOT_NUMBER };
	size_t i;

	for (i = 0; i < h->columns; i++)
		plot_axis_add(&y, h->column[i].ops /
				  (h->column[i].to - h->column[i].from) * 1e9);
	plot_put_element(f, "quantity", h->phases + 1, "operations/s");
	plot_axis_put(f, "y", h->phases + 1, &y);
	fputs("$rates << END_OF_DATA\n", f);
	for (i = 0; i < h->columns; i++) {
		const struct column *c = &h->column[i];
		double rate = plot_axis_place(&y, c->ops / (c->to - c->from) * 1e9);

		if (is_new_run(h, i))
			fputs("\n", f);
		fprintf(f, "%.7g %.6g\n%.7g %.6g\n", c->from, rate, c->to, rate);
	}
	fputs("END_OF_DATA\n", f);
}

/* Counts a second of a column. Return: whether they are known. */
static bool column_rate(const struct heat *h, size_t column, unsigned int count, double *rate)
{
	const struct column *c = &h->column[column];

	return series_counts_rate(result_get(h->entry->json, "series"), h->counts.name[count],
				  c->first, c->last, rate);
}

/* All counters share one panel. */
static void put_counts(FILE *f, const struct heat *h)
{
	struct plot_axis y = { .unit = PLOT_NUMBER };
	unsigned int count;
	double rate;
	size_t i;

	for (count = 0; count < h->counts.nr; count++)
		for (i = 0; i < h->columns; i++)
			if (column_rate(h, i, count, &rate))
				plot_axis_add(&y, rate);
	plot_put_element(f, "quantity", h->phases + 2, "counted/s");
	plot_axis_put(f, "y", h->phases + 2, &y);
	for (count = 0; count < h->counts.nr; count++) {
		fprintf(f, "$counts%u << END_OF_DATA\n", count + 1);
		for (i = 0; i < h->columns; i++) {
			const struct column *c = &h->column[i];

			if (is_new_run(h, i))
				fputs("\n", f);
			/* A gap where it is not known. */
			if (!column_rate(h, i, count, &rate))
				fputs("\n", f);
			else
				fprintf(f, "%.7g %.6g\n", (c->from + c->to) / 2,
					plot_axis_place(&y, rate));
		}
		fputs("END_OF_DATA\n", f);
	}
}

/* Puts a line where one repeat ends and the next one begins. */
static void put_bounds(FILE *f, const struct heat *h)
{
	size_t i, n = 0;

	fprintf(f, "array bound[%u]\n", MAX_COLUMNS);
	for (i = 0; i < h->columns; i++)
		if (is_new_run(h, i))
			fprintf(f, "bound[%zu] = %.7g\n", ++n, h->column[i].from);
	fprintf(f, "bounds = %zu\n", n);
}

static void describe_counts(const struct heat *h, FILE *f)
{
	double rate, least, most;
	unsigned int count;
	size_t i;

	for (count = 0; count < h->counts.nr; count++) {
		least = INFINITY;
		most = 0;
		for (i = 0; i < h->columns; i++) {
			if (!column_rate(h, i, count, &rate))
				continue;
			least = fmin(least, rate);
			most = fmax(most, rate);
		}
		if (least > most)
			continue;
		fprintf(f, " %s: from %s", h->counts.name[count], units_rate(least).text);
		fprintf(f, " to %s a second.", units_rate(most).text);
	}
}

static char *describe(const struct heat *h)
{
	struct iommubench_hist *hist = xcalloc(2, sizeof(*hist));
	unsigned int panel;
	struct plot_text t;
	size_t i;

	plot_text_begin(&t);
	fprintf(t.f, "Latency over time, in %zu columns.", h->columns);
	for (panel = 0; panel < h->phases; panel++) {
		double least = INFINITY, most = 0;

		for (i = 0; i < h->columns; i++) {
			double scale = column_hist(h, &h->column[i], h->phase[panel], &hist[0],
						   &hist[1]), ns;

			if (!(scale > 0))
				continue;
			ns = stats_percentile(&hist[0], 500000, scale);
			least = fmin(least, ns);
			most = fmax(most, ns);
		}
		fprintf(t.f, " %s: p50 from %s", h->phase[panel], units_time_utf8(least).text);
		fprintf(t.f, " to %s.", units_time_utf8(most).text);
	}
	free(hist);
	describe_counts(h, t.f);
	return plot_text_end(&t);
}

/* Has a column samples, but too few for its p99? */
static bool any_untold(const struct heat *h)
{
	struct iommubench_hist *hist = xcalloc(2, sizeof(*hist));
	bool any = false;
	unsigned int k;
	size_t i;

	for (i = 0; i < h->columns && !any; i++)
		for (k = 0; k < h->phases && !any; k++)
			any = column_hist(h, &h->column[i], h->phase[k], &hist[0], &hist[1]) > 0 &&
			      !stats_tell(hist[0].count, 990000);
	free(hist);
	return any;
}

static int draw(struct picture *picture, const struct heat *h, const struct plot *plot,
		struct error *e)
{
	struct plot_line line[2 + SERIES_COUNTS_MAX] = {
		{ .name = "p50 of an interval", .style = 4 },
		{ .name = "p99 of an interval", .style = 2 },
	};
	struct plot_layout layout = {
		.columns = 1,
		.rows = h->phases + 1 + !!h->counts.nr,
		.panel_x = PANEL_X,
		.panel_y = PANEL_Y,
		.gap_x = GAP_Y,
		.gap_y = GAP_Y,
		.line = line,
		.nr_lines = 2 + h->counts.nr,
	};
	double asked = result_number(h->entry->json, "series.interval_ns");
	double end = h->column[h->columns - 1].to;
	struct plot_text s;
	unsigned int panel, count;

	for (count = 0; count < h->counts.nr; count++) {
		snprintf(line[2 + count].name, sizeof(line[0].name), "%s/s",
			 h->counts.name[count]);
		line[2 + count].style = count_styles[count];
	}
	plot_note(&layout, h->joined > 1 ?
		  xasprintf("Intervals of %s, %zu of them in a column.",
			    units_time_utf8(asked).text, h->joined) :
		  xasprintf("Intervals of %s.", units_time_utf8(asked).text));
	if (any_untold(h))
		plot_note(&layout,
			  xstrdup("p99 is left out where there are fewer than 100 samples."));
	plot_lay_out(&layout, picture, plot->folder);
	plot_begin(&s, &layout, picture, plot);
	fprintf(s.f, "phases = %u\ncounts = %u\narray quantity[%u]\n", h->phases, h->counts.nr,
		layout.rows);
	plot_axis_put_arrays(s.f, "x", 1);
	plot_axis_put_linear(s.f, "x", 1, end, end);
	plot_axis_put_arrays(s.f, "y", layout.rows);
	for (panel = 0; panel < h->phases; panel++)
		put_panel(s.f, h, panel);
	put_rates(s.f, h);
	if (h->counts.nr)
		put_counts(s.f, h);
	put_bounds(s.f, h);
	return plot_end(&s, &layout, picture, plot, "series.gp", e);
}

/* The set of the point that a result is part of. */
static unsigned int set_of(const struct folder *folder, const struct entry *entry)
{
	const char *subcommand = result_text(entry->json, "tool.subcommand");
	size_t i;

	for (i = 0; i < folder->points; i++) {
		const struct entry *other = folder->point[i].entry;

		if (!strcmp(other->variant, entry->variant) &&
		    !strcmp(result_text(other->json, "tool.subcommand"), subcommand))
			return folder->point[i].set;
	}
	return 0;
}

static int draw_entry(const struct plot *plot, const struct entry *entry, struct error *e)
{
	struct heat h = {
		.entry = entry,
		.intervals = result_get(entry->json, "series.intervals"),
	};
	struct picture picture;
	char *name, *file;
	int bad = 0;

	if (!json_array_size(h.intervals))
		return 0;
	find_columns(&h);
	find_phases(&h);
	series_counts_choose(result_get(entry->json, "series"), &h.counts);
	if (h.columns && h.phases) {
		file = xstrdup(entry->file);
		if (strrchr(file, '.'))
			*strrchr(file, '.') = '\0';
		name = xasprintf("series-%s", file);
		picture = plot_name(plot->folder, name, set_of(plot->folder, entry), 0,
				    xasprintf("Latency over time: %s, %s",
					      result_text(entry->json, "tool.subcommand"), file));
		picture.reading = series_reading;
		picture.single = true;
		picture.shows = describe(&h);
		bad = draw(&picture, &h, plot, e);
		plot_add(plot, picture);
		free(name);
		free(file);
	}
	free(h.column);
	return bad;
}

int plot_series(const struct plot *plot, struct error *e)
{
	unsigned int series = 0;
	int bad = 0;
	size_t i;

	for (i = 0; !bad && i < plot->folder->n; i++) {
		const struct entry *entry = &plot->folder->entry[i];

		if (!json_array_size(result_get(entry->json, "series.intervals")))
			continue;
		if (++series <= MAX_SERIES)
			bad = draw_entry(plot, entry, e);
		else
			plot->pictures->left_out++;
	}
	if (plot->pictures->left_out)
		error_note("only the first %u results with a series have a picture of it, of which there are %u more: put them into folders of their own",
			   MAX_SERIES, plot->pictures->left_out);
	return bad;
}
