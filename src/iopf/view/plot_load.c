// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of faults under load: by the rate that was offered, and by accesses under way at once.
 */
#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "iopf/view/internal.h"
#include "iopf/view/points.h"
#include "plot/axis.h"
#include "plot/draw.h"
#include "text/units.h"

/* In pixels. */
#define PANEL_X			420
#define LONE_PANEL_X		620
#define PANEL_Y			190
#define GAP_X			70
#define GAP_Y			44

#define ROWS			3

static const char load_reading[] =
	"Top and middle: what an access that faults takes; at an offered rate, from the moment when it was due, so that waiting for others counts.\n"
	"Bottom: accesses that came to their end; where a line leaves the grey one, less was served than was offered, and latencies are those of a queue that grows.\n"
	"Accesses under way at once fill the pause between faults: as long as the bottom line "
	"rises, more are worth it; where it stays flat, they only wait longer.";

enum {
	BY_RATE = 0,
	BY_OUTSTANDING,
	LOADS,
};

static const char *const headings[LOADS] = {
	"by offered rate", "by accesses under way at once",
};

static const char *const x_names[LOADS] = {
	"accesses offered each second", "accesses under way at once, all threads",
};

/**
 * struct load - a picture
 * @plot: where it goes
 * @set: whose points it shows
 * @line: any point of each line
 * @lines: entries at @line
 * @column: enum of those that have anything to show
 * @columns: entries of @column that are in use
 */
struct load {
	const struct plot *plot;
	unsigned int set;
	const struct point **line;
	unsigned int lines;
	unsigned int column[LOADS];
	unsigned int columns;
};

static double load_of(const struct point *point, unsigned int load)
{
	return load == BY_RATE ? iopf_of(point)->rate : iopf_under_way(point);
}

/* Latencies from the moment when an access was due. */
static const struct point_phase *latency(const struct point *point)
{
	const struct point_phase *fault = point_phase(point, "fault");

	return fault ? fault : iopf_device(point);
}

static bool has_latency(const struct point *point)
{
	return latency(point);
}

static bool belongs(const struct point *point, const struct point *line, unsigned int load)
{
	return has_latency(point) && (iopf_of(point)->rate > 0) == (load == BY_RATE) &&
	       point_alike(point, line, iopf_settings);
}

static bool same_load(const struct point *a, const struct point *b, unsigned int load)
{
	return load_of(a, load) == load_of(b, load);
}

/*
 * The points of a line, by load; of several at the same one, that with the fewest threads: it
 * is sorted first. The caller frees the array.
 */
static const struct point **points_of(const struct load *l, const struct point *line,
				      unsigned int load, size_t *n)
{
	const struct folder *folder = l->plot->folder;
	const struct point **found = xcalloc(folder->points, sizeof(*found));
	size_t i, k, m;

	*n = 0;
	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];

		if (p->set != l->set || !belongs(p, line, load))
			continue;
		for (k = 0; k < *n && load_of(found[k], load) < load_of(p, load); k++)
			;
		if (k < *n && same_load(found[k], p, load))
			continue;
		for (m = (*n)++; m > k; m--)
			found[m] = found[m - 1];
		found[k] = p;
	}
	return found;
}

static bool is_line(const struct load *l, const struct point *point, unsigned int load)
{
	size_t n;

	free(points_of(l, point, load, &n));
	return n > 1;
}

static void find_columns(struct load *l)
{
	unsigned int load, i;

	l->columns = 0;
	for (load = 0; load < LOADS; load++) {
		for (i = 0; i < l->lines && !is_line(l, l->line[i], load); i++)
			;
		if (i < l->lines)
			l->column[l->columns++] = load;
	}
}

static char *describe(const struct load *l)
{
	unsigned int c, i;
	struct plot_text t;
	size_t n, k;

	plot_text_begin(&t);
	fputs("Latency and throughput of faults under load.", t.f);
	for (c = 0; c < l->columns; c++)
		for (i = 0; i < l->lines; i++) {
			const struct point **points = points_of(l, l->line[i], l->column[c], &n);
			char *name = point_name(l->plot->folder, l->line[i], iopf_settings);

			for (k = 0; k < n; k++)
				fprintf(t.f, " %s, %s %s: p50 %s, p99 %s, %s accesses a second.",
					name, units_rate(load_of(points[k], l->column[c])).text,
					l->column[c] == BY_RATE ? "offered a second" : "under way",
					units_time_utf8(latency(points[k])->stats.p50).text,
					units_time_utf8(latency(points[k])->stats.p99).text,
					units_rate(points[k]->ops_per_s).text);
			free(name);
			free(points);
		}
	return plot_text_end(&t);
}

/* Latencies have one scale in both rows, so that heights compare. */
static void find_axes(const struct load *l, struct plot_axis *x, struct plot_axis *y)
{
	unsigned int c, i;
	size_t n, k;

	for (c = 0; c < l->columns; c++)
		for (i = 0; i < l->lines; i++) {
			const struct point **points = points_of(l, l->line[i], l->column[c], &n);

			for (k = 0; k < n; k++) {
				plot_axis_add(&x[c], load_of(points[k], l->column[c]));
				plot_axis_add(&y[0], latency(points[k])->stats.p50);
				plot_axis_add(&y[0], latency(points[k])->stats.p99);
				plot_axis_add(&y[2], points[k]->ops_per_s);
				if (l->column[c] == BY_RATE)
					plot_axis_add(&y[2], load_of(points[k], BY_RATE));
			}
			free(points);
		}
	y[1] = y[0];
}

static void put_axes(FILE *f, const struct load *l, struct plot_axis *y)
{
	struct plot_axis x[LOADS] = {
		{ .unit = l->column[0] == BY_RATE ? PLOT_NUMBER : PLOT_DOUBLES },
		{ .unit = PLOT_DOUBLES },
	};
	unsigned int i;

	y[0].unit = PLOT_TIME;
	y[2].unit = PLOT_NUMBER;
	find_axes(l, x, y);
	fprintf(f, "array heading[%u]\narray x_name[%u]\narray offered[%u]\n", l->columns,
		l->columns, l->columns);
	plot_axis_put_arrays(f, "x", l->columns);
	plot_axis_put_arrays(f, "y", ROWS);
	for (i = 0; i < l->columns; i++) {
		plot_put_element(f, "heading", i + 1, headings[l->column[i]]);
		plot_put_element(f, "x_name", i + 1, x_names[l->column[i]]);
		fprintf(f, "offered[%u] = %d\n", i + 1, l->column[i] == BY_RATE);
		plot_axis_put(f, "x", i + 1, &x[i]);
	}
	for (i = 0; i < ROWS; i++)
		plot_axis_put(f, "y", i + 1, &y[i]);
}

static void put_line(FILE *f, const struct load *l, unsigned int column, unsigned int line,
		     const struct plot_axis *y)
{
	size_t n, k;
	const struct point **points = points_of(l, l->line[line], l->column[column], &n);

	fputs("NaN NaN NaN NaN\n", f);
	for (k = 0; k < n; k++)
		fprintf(f, "%.6g %.6g %.6g %.6g\n", load_of(points[k], l->column[column]),
			plot_axis_place(&y[0], latency(points[k])->stats.p50),
			plot_axis_place(&y[1], latency(points[k])->stats.p99),
			plot_axis_place(&y[2], points[k]->ops_per_s));
	fputs("\n\n", f);
	free(points);
}

static int draw(struct picture *picture, const struct load *l, struct error *e)
{
	struct plot_line line[PLOT_MAX_LINES] = { 0 };
	struct plot_layout layout = {
		.columns = l->columns,
		.rows = ROWS,
		.panel_x = l->columns > 1 ? PANEL_X : LONE_PANEL_X,
		.panel_y = PANEL_Y,
		.gap_x = GAP_X,
		.gap_y = GAP_Y,
		.line = line,
		.nr_lines = l->lines,
	};
	struct plot_axis y[ROWS] = { 0 };
	struct plot_text s;
	unsigned int c, i;

	for (i = 0; i < l->lines; i++) {
		char *name = point_name(l->plot->folder, l->line[i], iopf_settings);

		line[i].style = i + 1;
		snprintf(line[i].name, sizeof(line[i].name), "%s", name);
		free(name);
	}
	plot_lay_out(&layout, picture, l->plot->folder);
	plot_begin(&s, &layout, picture, l->plot);
	put_axes(s.f, l, y);
	fputs("$load << END_OF_DATA\n", s.f);
	for (c = 0; c < l->columns; c++)
		for (i = 0; i < l->lines; i++)
			put_line(s.f, l, c, i, y);
	fputs("END_OF_DATA\n", s.f);
	return plot_end(&s, &layout, picture, l->plot, "iopf-load.gp", e);
}

/* One load is no line. */
static size_t keep_lines(struct load *l, const struct point **points, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++)
		if (is_line(l, points[i], BY_RATE) || is_line(l, points[i], BY_OUTSTANDING))
			points[kept++] = points[i];
	return kept;
}

int iopf_load_pictures(const struct plot *plot, unsigned int set, struct error *e)
{
	struct load l = { .plot = plot, .set = set };
	size_t n, first;
	const struct point **points = points_first(plot->folder, set, iopf_settings, has_latency,
						   iopf_lower_load, &n);
	int bad = 0;

	n = keep_lines(&l, points, n);
	for (first = 0; !bad && first < n; first += PLOT_MAX_LINES) {
		struct picture picture = plot_name(plot->folder, "iopf-load", set,
						   (unsigned int)(first / PLOT_MAX_LINES),
						   xstrdup("Faults under load"));

		l.line = points + first;
		l.lines = n - first < PLOT_MAX_LINES ? (unsigned int)(n - first) :
							PLOT_MAX_LINES;
		find_columns(&l);
		picture.reading = load_reading;
		picture.tail = 990000;
		picture.shows = describe(&l);
		bad = draw(&picture, &l, e);
		plot_add(plot, picture);
	}
	free(points);
	return bad;
}
