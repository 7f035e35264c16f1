// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of bind and unbind by percentile.
 */
#include "base/xalloc.h"
#include "pasid/view/internal.h"
#include "pasid/view/points.h"
#include "plot/curves.h"
#include "plot/draw.h"
#include "text/units.h"

/* In pixels. */
#define PANEL_X			460
#define PANEL_Y			280
#define GAP			60

static const char percentile_reading[] =
	"What it takes to bind a PASID and to unbind it again, for the CPU that does it; lower is better, both axes are logarithmic and the same in both panels.\n"
	"At p99, 99 of 100 took this long or less; lines end at the slowest of all. A line that rises late has few but long delays, such as waiting for an invalidation or for another CPU.\n"
	"Fresh binds make and give back an address space's context; shared ones only "
	"take a reference: what lies between the lines is what sharing saves.";

static const char *const phases[] = { "bind", "unbind" };

#define PHASES	(sizeof(phases) / sizeof(phases[0]))

static char *describe(const struct folder *folder, const struct point **points, unsigned int n)
{
	unsigned int i, k;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("Bind and unbind by percentile.", t.f);
	for (i = 0; i < n; i++) {
		char *name = point_name(folder, points[i], pasid_settings);

		for (k = 0; k < PHASES; k++) {
			const struct point_phase *phase = point_phase(points[i], phases[k]);

			if (phase)
				fprintf(t.f, " %s, %s: p50 %s, p99 %s, p99.9 %s.", name, phases[k],
					units_time_utf8(phase->stats.p50).text,
					units_time_utf8(phase->stats.p99).text,
					units_time_utf8(phase->stats.p99_9).text);
		}
		free(name);
	}
	return plot_text_end(&t);
}

static int draw(struct picture *picture, const struct plot *plot, const struct point **points,
		unsigned int n, struct error *e)
{
	struct plot_line line[PLOT_MAX_LINES] = { 0 };
	const struct point_phase *lines[PHASES * PLOT_MAX_LINES];
	struct plot_curves curves = { .phase = lines, .panels = PHASES, .lines = n };
	struct plot_layout layout = {
		.columns = PHASES,
		.rows = 1,
		.panel_x = PANEL_X,
		.panel_y = PANEL_Y,
		.gap_x = GAP,
		.gap_y = GAP,
		.line = line,
		.nr_lines = n,
	};
	double least = pasid_of(points[0])->live, most = least;
	struct plot_text s;
	unsigned int i, k;

	for (i = 0; i < n; i++) {
		char *name = point_name(plot->folder, points[i], pasid_settings);

		line[i].style = i + 1;
		snprintf(line[i].name, sizeof(line[i].name), "%s", name);
		free(name);
		for (k = 0; k < PHASES; k++)
			lines[k * n + i] = point_phase(points[i], phases[k]);
		least = pasid_of(points[i])->live < least ? pasid_of(points[i])->live : least;
		most = pasid_of(points[i])->live > most ? pasid_of(points[i])->live : most;
	}
	if (!plot_curves_any(&curves))
		return 0;
	if (most > 0)
		plot_note(&layout, least < most ?
			  xasprintf("While %.0f to %.0f other PASIDs were live.", least, most) :
			  xasprintf("While %.0f other PASIDs were live.", most));
	plot_lay_out(&layout, picture, plot->folder);
	plot_begin(&s, &layout, picture, plot);
	fprintf(s.f, "array heading[%zu]\n", PHASES);
	for (k = 0; k < PHASES; k++)
		plot_put_element(s.f, "heading", k + 1, phases[k]);
	plot_curves_put(s.f, &curves);
	return plot_end(&s, &layout, picture, plot, "latency.gp", e);
}

int pasid_percentile_pictures(const struct plot *plot, unsigned int set, struct error *e)
{
	size_t n, first;
	const struct point **points = points_first(plot->folder, set, pasid_settings,
						   pasid_measured, pasid_fewer, &n);
	int bad = 0;

	for (first = 0; !bad && first < n; first += PLOT_MAX_LINES) {
		unsigned int some = n - first < PLOT_MAX_LINES ? (unsigned int)(n - first) :
								  PLOT_MAX_LINES;
		struct picture picture = plot_name(plot->folder, "pasid-latency", set,
						   (unsigned int)(first / PLOT_MAX_LINES),
						   xstrdup("Bind and unbind by percentile"));

		picture.reading = percentile_reading;
		picture.shows = describe(plot->folder, points + first, some);
		bad = draw(&picture, plot, points + first, some, e);
		plot_add(plot, picture);
	}
	free(points);
	return bad;
}
