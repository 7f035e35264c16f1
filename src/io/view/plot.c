// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of io: what a domain type costs real I/O, by queue depth and by percentile.
 */
#include "io/view/plot.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "io/view/points.h"
#include "plot/axis.h"
#include "plot/curves.h"
#include "text/units.h"

/* In pixels. */
#define PANEL_X			400
#define LONE_PANEL_X		560
#define PANEL_Y			200
#define CURVES_Y		260
#define GAP_X			70
#define GAP_Y			44
#define CURVES_GAP_Y		62

/* Domain types that have a line. */
#define MAX_DOMAINS		5

static const char depth_reading[] =
	"What the same disk does in each domain type, by requests that each thread keeps under way; all axes are logarithmic.\n"
	"Top: higher is better. Where the lines part, the IOMMU costs operations; where they meet, the disk or its link is the limit. Middle: 99 of 100 requests took this long or less.\n"
	"Bottom: time of all CPUs for one request, with the interrupts in which completions "
	"unmap; the distance from identity is the price of translation and its invalidation.";

static const char latency_reading[] =
	"At p99, 99 of 100 requests took this long or less; further right are the rare, slow ones.\n"
	"Lower is better. Both axes are logarithmic and the same in all panels: heights compare.\n"
	"With more requests under way, each waits for those before it. Where strict leaves the "
	"others, it is the wait for invalidations.";

/* A figure of a point, 0 when it is not known. */
static double rate_of(const struct point *p)
{
	return p->ops_per_s;
}

static double tail_of(const struct point *p)
{
	return io_phase(p)->stats.p99;
}

static double cpu_of(const struct point *p)
{
	return io_cpu(p, "busy");
}

static const struct {
	const char *name;
	enum plot_unit unit;
	double (*figure)(const struct point *p);
} rows[] = {
	{ "requests per second", PLOT_NUMBER, rate_of },
	{ "p99 of one request", PLOT_TIME, tail_of },
	{ "CPU time of one request", PLOT_TIME, cpu_of },
};

#define ROWS	(sizeof(rows) / sizeof(rows[0]))

/**
 * struct panels - what a picture shows
 * @plot: where it goes
 * @set: whose points it shows
 * @panel: any point of each column
 * @n: entries at @panel, the columns
 * @domain: domain types that have a line
 * @look: their lines
 * @lines: entries of @domain and of @look
 * @depth: queue depths of all columns, in order
 * @depths: entries at @depth
 */
struct panels {
	const struct plot *plot;
	unsigned int set;
	const struct point **panel;
	unsigned int n;
	const char *domain[MAX_DOMAINS];
	struct plot_line look[MAX_DOMAINS];
	unsigned int lines;
	double *depth;
	unsigned int depths;
};

static void add_depth(struct panels *p, double depth)
{
	unsigned int i, j;

	for (i = 0; i < p->depths && p->depth[i] < depth; i++)
		;
	if (i < p->depths && p->depth[i] == depth)
		return;
	for (j = p->depths++; j > i; j--)
		p->depth[j] = p->depth[j - 1];
	p->depth[i] = depth;
}

static bool in_panel(const struct panels *p, const struct point *point)
{
	unsigned int i;

	for (i = 0; i < p->n; i++)
		if (point->set == p->set && io_measured(point) &&
		    point_alike(point, p->panel[i], io_settings))
			return true;
	return false;
}

static void find_lines(struct panels *p)
{
	const struct folder *folder = p->plot->folder;
	unsigned int d;
	size_t i;

	p->lines = 0;
	p->depths = 0;
	p->depth = xcalloc(folder->points, sizeof(*p->depth));
	for (d = 0; io_domains[d]; d++) {
		bool used = false;

		for (i = 0; i < folder->points; i++) {
			if (!in_panel(p, &folder->point[i]) ||
			    strcmp(io_of(&folder->point[i])->domain, io_domains[d]))
				continue;
			used = true;
			add_depth(p, io_of(&folder->point[i])->depth);
		}
		if (!used)
			continue;
		p->domain[p->lines] = io_domains[d];
		/* Strict and lazy look as they do in other pictures. */
		p->look[p->lines] = (struct plot_line){ .style = d + 1 };
		snprintf(p->look[p->lines].name, sizeof(p->look[0].name), "%s", io_domains[d]);
		p->lines++;
	}
}

static const struct point *at(const struct panels *p, unsigned int panel, unsigned int line,
			      unsigned int depth)
{
	return io_find(p->plot->folder, p->panel[panel], p->domain[line], p->depth[depth]);
}

static char *describe(const struct panels *p, const char *what)
{
	unsigned int panel, i, k;
	struct plot_text t;

	plot_text_begin(&t);
	fputs(what, t.f);
	for (panel = 0; panel < p->n; panel++)
		for (k = 0; k < p->depths; k++)
			for (i = 0; i < p->lines; i++) {
				const struct point *point = at(p, panel, i, k);
				char *name;

				if (!point)
					continue;
				name = point_name(p->plot->folder, point, io_settings);
				fprintf(t.f, " %s, depth %.0f, %s:", name, p->depth[k],
					p->domain[i]);
				free(name);
				fprintf(t.f, " %s requests a second,",
					units_rate(point->ops_per_s).text);
				fprintf(t.f, " p50 %s,",
					units_time_utf8(io_phase(point)->stats.p50).text);
				fprintf(t.f, " p99 %s",
					units_time_utf8(io_phase(point)->stats.p99).text);
				if (cpu_of(point) > 0)
					fprintf(t.f, ", CPU %s",
						units_time_utf8(cpu_of(point)).text);
				fputc('.', t.f);
			}
	return plot_text_end(&t);
}

static void put_axes(FILE *f, const struct panels *p)
{
	struct plot_axis x = { .unit = PLOT_DOUBLES }, y[ROWS] = { 0 };
	unsigned int panel, i, k, row;

	for (row = 0; row < ROWS; row++)
		y[row].unit = rows[row].unit;
	for (k = 0; k < p->depths; k++)
		plot_axis_add(&x, p->depth[k]);
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < p->lines; i++)
			for (k = 0; k < p->depths; k++) {
				const struct point *point = at(p, panel, i, k);

				for (row = 0; point && row < ROWS; row++)
					if (rows[row].figure(point) > 0)
						plot_axis_add(&y[row], rows[row].figure(point));
			}
	plot_axis_put_arrays(f, "x", 1);
	plot_axis_put(f, "x", 1, &x);
	plot_axis_put_arrays(f, "y", ROWS);
	for (row = 0; row < ROWS; row++)
		plot_axis_put(f, "y", row + 1, &y[row]);
}

static void put_line(FILE *f, const struct panels *p, unsigned int panel, unsigned int line)
{
	unsigned int k, row;

	fputs("NaN NaN NaN NaN\n", f);
	for (k = 0; k < p->depths; k++) {
		const struct point *point = at(p, panel, line, k);

		if (!point)
			continue;
		fprintf(f, "%.6g", p->depth[k]);
		for (row = 0; row < ROWS; row++) {
			double value = rows[row].figure(point);

			fprintf(f, " %.6g", value > 0 ? value : (double)NAN);
		}
		fputc('\n', f);
	}
	fputs("\n\n", f);
}

static void put_headings(FILE *f, const struct panels *p)
{
	unsigned int panel;

	fprintf(f, "array heading[%u]\n", p->n);
	for (panel = 0; panel < p->n; panel++) {
		char *name = point_name(p->plot->folder, p->panel[panel], io_settings);

		plot_put_element(f, "heading", panel + 1, name);
		free(name);
	}
}

static int draw_depths(struct picture *picture, struct panels *p, struct error *e)
{
	struct plot_layout layout = {
		.columns = p->n,
		.rows = ROWS,
		.panel_x = p->n > 1 ? PANEL_X : LONE_PANEL_X,
		.panel_y = PANEL_Y,
		.gap_x = GAP_X,
		.gap_y = GAP_Y,
		.line = p->look,
		.nr_lines = p->lines,
	};
	unsigned int panel, i, row;
	struct plot_text s;

	plot_lay_out(&layout, picture, p->plot->folder);
	plot_begin(&s, &layout, picture, p->plot);
	put_headings(s.f, p);
	fprintf(s.f, "array quantity[%zu]\n", ROWS);
	for (row = 0; row < ROWS; row++)
		plot_put_element(s.f, "quantity", row + 1, rows[row].name);
	put_axes(s.f, p);
	fputs("$io << END_OF_DATA\n", s.f);
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < p->lines; i++)
			put_line(s.f, p, panel, i);
	fputs("END_OF_DATA\n", s.f);
	return plot_end(&s, &layout, picture, p->plot, "io-depth.gp", e);
}

static int depth_picture(struct panels *p, unsigned int chunk, struct error *e)
{
	struct picture picture = plot_name(p->plot->folder, "io-depth", p->set, chunk,
					   xstrdup("I/O by queue depth and domain type"));
	int bad;

	picture.reading = depth_reading;
	picture.tail = 990000;
	picture.shows = describe(p, "Requests per second, p99 and CPU time by queue depth.");
	bad = draw_depths(&picture, p, e);
	plot_add(p->plot, picture);
	return bad;
}

/* The least of many depths, one between and the most have a column each. */
static unsigned int column_depth(const struct panels *p, unsigned int column, unsigned int columns)
{
	return columns > 1 ? column * (p->depths - 1) / (columns - 1) : 0;
}

static int draw_curves(struct picture *picture, struct panels *p, struct error *e)
{
	unsigned int columns = p->depths < PLOT_COLUMNS ? p->depths : PLOT_COLUMNS, c, i;
	struct plot_curves curves = { .panels = columns, .lines = p->lines };
	struct plot_layout layout = {
		.columns = columns,
		.rows = 1,
		.panel_x = columns > 1 ? PANEL_X : LONE_PANEL_X,
		.panel_y = CURVES_Y,
		.gap_x = GAP_X,
		.gap_y = CURVES_GAP_Y,
		.line = p->look,
		.nr_lines = p->lines,
	};
	struct plot_text s;
	char *heading;
	int bad;

	curves.phase = xcalloc((size_t)columns * p->lines, sizeof(*curves.phase));
	for (c = 0; c < columns; c++)
		for (i = 0; i < p->lines; i++) {
			const struct point *point = at(p, 0, i, column_depth(p, c, columns));

			curves.phase[c * p->lines + i] = point ? io_phase(point) : NULL;
		}
	if (!plot_curves_any(&curves)) {
		free(curves.phase);
		return 0;
	}
	if (columns < p->depths)
		plot_note(&layout, xasprintf("Of %u queue depths: the least, one between, the most. The tables have all.",
					     p->depths));
	plot_lay_out(&layout, picture, p->plot->folder);
	plot_begin(&s, &layout, picture, p->plot);
	fprintf(s.f, "array heading[%u]\n", columns);
	for (c = 0; c < columns; c++) {
		heading = xasprintf("queue depth %.0f", p->depth[column_depth(p, c, columns)]);
		plot_put_element(s.f, "heading", c + 1, heading);
		free(heading);
	}
	plot_curves_put(s.f, &curves);
	bad = plot_end(&s, &layout, picture, p->plot, "latency.gp", e);
	free(curves.phase);
	return bad;
}

static int latency_picture(struct panels *p, unsigned int chunk, struct error *e)
{
	char *name = point_name(p->plot->folder, p->panel[0], io_settings);
	struct picture picture = plot_name(p->plot->folder, "io-latency", p->set, chunk,
					   xasprintf("Latency of a request by percentile, %s",
						     name));
	int bad;

	free(name);
	picture.reading = latency_reading;
	picture.shows = describe(p, "Latency of a request by percentile.");
	bad = draw_curves(&picture, p, e);
	plot_add(p->plot, picture);
	return bad;
}

int plot_io(const struct plot *plot, unsigned int set, struct error *e)
{
	size_t n, first;
	const struct point **points = points_first(plot->folder, set, io_settings, io_measured,
						   io_shallower, &n);
	struct panels p = { .plot = plot, .set = set };
	int bad = 0;

	for (first = 0; !bad && first < n; first += PLOT_COLUMNS) {
		p.panel = points + first;
		p.n = n - first < PLOT_COLUMNS ? (unsigned int)(n - first) : PLOT_COLUMNS;
		find_lines(&p);
		/* Of a domain type that nobody knows. */
		if (p.lines)
			bad = depth_picture(&p, (unsigned int)(first / PLOT_COLUMNS), e);
		free(p.depth);
	}
	for (first = 0; !bad && first < n; first++) {
		p.panel = points + first;
		p.n = 1;
		find_lines(&p);
		if (p.lines)
			bad = latency_picture(&p, (unsigned int)first, e);
		free(p.depth);
	}
	free(points);
	return bad;
}
