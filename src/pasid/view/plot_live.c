// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of what live PASIDs do to a bind, the first use and an unbind.
 */
#include <string.h>

#include "base/xalloc.h"
#include "pasid/view/internal.h"
#include "pasid/view/points.h"
#include "plot/axis.h"
#include "plot/draw.h"
#include "text/units.h"

/* In pixels. */
#define PANEL_X			400
#define LONE_PANEL_X		560
#define PANEL_Y			220
#define GAP_X			60
#define GAP_Y			44

static const char live_reading[] =
	"Latency by how many other PASIDs were bound all the time; all panels have the same axes, and both are logarithmic. Without any is in the grey band.\n"
	"Flat lines are what one hopes for: a PASID costs the same beside one other or beside thousands. Where a line rises, a search, a lock or a cache depends on their number.\n"
	"Bind and unbind are by the CPU's clock. First use is the device's own: its first "
	"access, which walks page tables and fetches the PASID's context.";

static const struct {
	const char *phase;
	struct plot_line look;
} operations[] = {
	{ "bind", { .name = "bind", .style = 1 } },
	{ "first_use", { .name = "first use", .style = 3 } },
	{ "unbind", { .name = "unbind", .style = 2 } },
};

#define OPERATIONS	(sizeof(operations) / sizeof(operations[0]))

static const struct {
	const char *name;
	unsigned int ppm;
} rows[] = {
	{ "p50", 500000 },
	{ "p99", 990000 },
};

#define ROWS	(sizeof(rows) / sizeof(rows[0]))

/**
 * struct live - a picture
 * @plot: where it goes
 * @set: whose points it shows
 * @panel: any point of each column
 * @panels: entries at @panel
 */
struct live {
	const struct plot *plot;
	unsigned int set;
	const struct point **panel;
	unsigned int panels;
};

static bool belongs(const struct live *l, const struct point *point, const struct point *panel)
{
	return point->set == l->set && pasid_measured(point) &&
	       point_alike(point, panel, pasid_settings);
}

/* Points are sorted by what is live last of all: those of a panel follow each other. */
static size_t points_of(const struct live *l, const struct point *panel)
{
	const struct folder *folder = l->plot->folder;
	size_t n = 0, i;

	for (i = 0; i < folder->points; i++)
		n += belongs(l, &folder->point[i], panel);
	return n;
}

static double figure(const struct point *point, unsigned int operation, unsigned int row)
{
	const struct point_phase *phase = point_phase(point, operations[operation].phase);

	return phase ? stats_percentile(phase->hist, rows[row].ppm, phase->scale) : -1;
}

static char *describe(const struct live *l)
{
	const struct folder *folder = l->plot->folder;
	unsigned int panel, k;
	struct plot_text t;
	size_t i;

	plot_text_begin(&t);
	fputs("Latency by number of live PASIDs.", t.f);
	for (panel = 0; panel < l->panels; panel++)
		for (i = 0; i < folder->points; i++) {
			const struct point *p = &folder->point[i];
			char *name;

			if (!belongs(l, p, l->panel[panel]))
				continue;
			name = point_name(folder, p, pasid_settings);
			fprintf(t.f, " %s, %.0f live:", name, pasid_of(p)->live);
			free(name);
			for (k = 0; k < OPERATIONS; k++)
				if (figure(p, k, 0) >= 0)
					fprintf(t.f, " %s p50 %s,", operations[k].look.name,
						units_time_utf8(figure(p, k, 0)).text);
			fprintf(t.f, " %s binds a second.", units_rate(p->ops_per_s).text);
		}
	return plot_text_end(&t);
}

static void find_axes(const struct live *l, struct plot_axis *x, struct plot_axis *y)
{
	const struct folder *folder = l->plot->folder;
	unsigned int panel, k, row;
	size_t i;

	for (panel = 0; panel < l->panels; panel++)
		for (i = 0; i < folder->points; i++) {
			if (!belongs(l, &folder->point[i], l->panel[panel]))
				continue;
			plot_axis_add(x, pasid_of(&folder->point[i])->live);
			for (row = 0; row < ROWS; row++)
				for (k = 0; k < OPERATIONS; k++)
					if (figure(&folder->point[i], k, row) >= 0)
						plot_axis_add(y, figure(&folder->point[i], k, row));
		}
}

static void put_line(FILE *f, const struct live *l, unsigned int panel, unsigned int operation,
		     const struct plot_axis *x, const struct plot_axis *y)
{
	const struct folder *folder = l->plot->folder;
	unsigned int row;
	size_t i;

	fputs("NaN NaN NaN\n", f);
	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];

		if (!belongs(l, p, l->panel[panel]) || figure(p, operation, 0) < 0)
			continue;
		fprintf(f, "%.6g", plot_axis_place(x, pasid_of(p)->live));
		for (row = 0; row < ROWS; row++)
			fprintf(f, " %.6g", plot_axis_place(y, figure(p, operation, row)));
		fputc('\n', f);
	}
	fputs("\n\n", f);
}

static int draw(struct picture *picture, const struct live *l, struct error *e)
{
	struct plot_line line[OPERATIONS];
	struct plot_layout layout = {
		.columns = l->panels,
		.rows = ROWS,
		.panel_x = l->panels > 1 ? PANEL_X : LONE_PANEL_X,
		.panel_y = PANEL_Y,
		.gap_x = GAP_X,
		.gap_y = GAP_Y,
		.line = line,
		.nr_lines = OPERATIONS,
	};
	struct plot_axis x = { .unit = PLOT_NUMBER }, y = { .unit = PLOT_TIME };
	unsigned int panel, k;
	struct plot_text s;

	for (k = 0; k < OPERATIONS; k++)
		line[k] = operations[k].look;
	find_axes(l, &x, &y);
	plot_lay_out(&layout, picture, l->plot->folder);
	plot_begin(&s, &layout, picture, l->plot);
	fprintf(s.f, "array heading[%u]\narray quantity[%zu]\n", l->panels, ROWS);
	for (k = 0; k < ROWS; k++)
		plot_put_element(s.f, "quantity", k + 1, rows[k].name);
	for (panel = 0; panel < l->panels; panel++) {
		char *name = point_name(l->plot->folder, l->panel[panel], pasid_settings);

		plot_put_element(s.f, "heading", panel + 1, name);
		free(name);
	}
	plot_axis_put_arrays(s.f, "x", 1);
	plot_axis_put(s.f, "x", 1, &x);
	plot_axis_put_arrays(s.f, "y", 1);
	plot_axis_put(s.f, "y", 1, &y);
	fputs("$live << END_OF_DATA\n", s.f);
	for (panel = 0; panel < l->panels; panel++)
		for (k = 0; k < OPERATIONS; k++)
			put_line(s.f, l, panel, k, &x, &y);
	fputs("END_OF_DATA\n", s.f);
	return plot_end(&s, &layout, picture, l->plot, "pasid-live.gp", e);
}

int pasid_live_pictures(const struct plot *plot, unsigned int set, struct error *e)
{
	struct live l = { .plot = plot, .set = set };
	size_t n, first, i, found = 0;
	const struct point **points = points_first(plot->folder, set, pasid_settings,
						   pasid_measured, pasid_fewer, &n);
	int bad = 0;

	/* One number of them is no line. */
	for (i = 0; i < n; i++)
		if (points_of(&l, points[i]) > 1)
			points[found++] = points[i];
	for (first = 0; !bad && first < found; first += PLOT_COLUMNS) {
		struct picture picture = plot_name(plot->folder, "pasid-live", set,
						   (unsigned int)(first / PLOT_COLUMNS),
						   xstrdup("Latency by live PASIDs"));

		l.panel = points + first;
		l.panels = found - first < PLOT_COLUMNS ? (unsigned int)(found - first) :
							  PLOT_COLUMNS;
		picture.reading = live_reading;
		picture.tail = 990000;
		picture.shows = describe(&l);
		bad = draw(&picture, &l, e);
		plot_add(plot, picture);
	}
	free(points);
	return bad;
}
