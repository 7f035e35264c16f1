// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of the stages of a fault: a bar for each kind, p50 and p99 side by side.
 */
#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "iopf/view/internal.h"
#include "iopf/view/points.h"
#include "plot/axis.h"
#include "plot/draw.h"
#include "text/json.h"
#include "text/units.h"

/* In pixels. */
#define PANEL_X			440
#define BAR_Y			34
#define LEAST_PANEL_Y		90
#define GAP_X			40
#define LEFT_X			92
#define LETTER_X		7.2

#define MAX_BARS		10
#define BAR_HALF		0.34
/* Room for the total behind the longest bar. */
#define WITH_TEXT		1.24

/* What all stages between record and answer take together, where none of them is shown. */
#define WHOLE_STYLE		8
#define TOTAL_STYLE		4

static const char stages_reading[] =
	"Where the time of one fault goes, from the device's access on the left to its end on the right; each panel has a scale of its own.\n"
	"The diamond is the same percentile of whole accesses: percentiles of stages do not add up to it, because no access is the slow one in all stages.\n"
	"A stage that a kernel does not show is not in the bar and is named below; what lies "
	"between record and answer is then one piece, where that was measured.";

static const struct {
	const char *stage;
	unsigned int style;
} styles[] = {
	{ "event", 1 },
	{ "handler", 6 },
	{ "mm", 7 },
	{ "fault", 2 },
	{ "read", 9 },
	{ "map", 4 },
	{ "response", 3 },
	{ "restart", 5 },
};

static const struct {
	const char *name;
	unsigned int ppm;
} panels[] = {
	{ "p50", 500000 },
	{ "p99", 990000 },
};

#define PANELS	(sizeof(panels) / sizeof(panels[0]))

/**
 * struct waterfall - a picture
 * @folder: what it shows a part of
 * @bar: its points, from top to bottom
 * @bars: entries at @bar
 * @name: names of all stages, in the order in which points have them
 * @names: entries of @name that are in use
 * @whole: some bar has a piece for all that is between record and answer
 */
struct waterfall {
	const struct folder *folder;
	const struct point **bar;
	unsigned int bars;
	const char *name[IOPF_MAX_STAGES];
	unsigned int names;
	bool whole;
};

/**
 * struct piece - a part of a bar
 * @line: number of its stage, or waterfall.names for all between record and answer
 * @ns: how long
 */
struct piece {
	unsigned int line;
	double ns;
};

static unsigned int style_of_stage(const char *stage)
{
	size_t i;

	for (i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (!strcmp(styles[i].stage, stage))
			return styles[i].style;
	return WHOLE_STYLE;
}

static double percentile(const struct point_phase *phase, unsigned int ppm)
{
	return phase ? stats_percentile(phase->hist, ppm, phase->scale) : 0;
}

/* All between the first stage and the last one, or NULL when that is known stage by stage. */
static const struct point_phase *whole_of(const struct point *point,
					  const struct iopf_stage *stages, unsigned int n)
{
	unsigned int i;

	for (i = 1; i + 1 < n; i++)
		if (stages[i].phase)
			return NULL;
	return n > 2 ? point_phase(point, "answer") : NULL;
}

static unsigned int line_of(const struct waterfall *w, const char *stage)
{
	unsigned int i;

	for (i = 0; i < w->names && strcmp(w->name[i], stage); i++)
		;
	return i;
}

/* A bar's pieces from left to right; at most IOPF_MAX_STAGES. */
static unsigned int pieces_of(const struct waterfall *w, const struct point *point,
			      unsigned int ppm, struct piece *pieces)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	unsigned int n = iopf_stages(point, stages), i, found = 0;
	const struct point_phase *whole = whole_of(point, stages, n);

	for (i = 0; i < n; i++) {
		if (i == 1 && whole)
			pieces[found++] = (struct piece){
				.line = w->names,
				.ns = percentile(whole, ppm),
			};
		if (stages[i].phase && line_of(w, stages[i].name) < w->names)
			pieces[found++] = (struct piece){
				.line = line_of(w, stages[i].name),
				.ns = percentile(stages[i].phase, ppm),
			};
	}
	return found;
}

static void find_names(struct waterfall *w)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	unsigned int bar, n, i;

	w->names = 0;
	w->whole = false;
	for (bar = 0; bar < w->bars; bar++) {
		n = iopf_stages(w->bar[bar], stages);
		w->whole = w->whole || whole_of(w->bar[bar], stages, n);
		/* One less than there is room for: a line of the key may be for all together. */
		for (i = 0; i < n && w->names < IOPF_MAX_STAGES - 1; i++)
			if (stages[i].phase && line_of(w, stages[i].name) == w->names)
				w->name[w->names++] = stages[i].name;
	}
}

static char *describe(const struct waterfall *w)
{
	unsigned int bar, panel, i, n;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("Stages of a fault.", t.f);
	for (bar = 0; bar < w->bars; bar++) {
		struct piece pieces[IOPF_MAX_STAGES + 1];
		char *name = point_name(w->folder, w->bar[bar], iopf_settings);

		for (panel = 0; panel < PANELS; panel++) {
			n = pieces_of(w, w->bar[bar], panels[panel].ppm, pieces);
			fprintf(t.f, " %s, %s:", name, panels[panel].name);
			for (i = 0; i < n; i++)
				fprintf(t.f, " %s %s,", pieces[i].line == w->names ?
					"record to answer" : w->name[pieces[i].line],
					units_time_utf8(pieces[i].ns).text);
			fprintf(t.f, " whole access %s.",
				units_time_utf8(percentile(iopf_device(w->bar[bar]),
							   panels[panel].ppm)).text);
		}
		free(name);
	}
	return plot_text_end(&t);
}

/* "Not shown: handler, mm (reason) in anon, cow; ..." for all bars. */
static void note_hidden(struct plot_layout *l, const struct waterfall *w)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	json_t *all = xjson(json_object()), *bars, *bar;
	const char *words, *comma;
	unsigned int i, k, n;
	struct plot_text t;
	size_t j;

	for (i = 0; i < w->bars; i++) {
		const char *reason = NULL;
		char *name;

		plot_text_begin(&t);
		n = iopf_stages(w->bar[i], stages);
		for (k = 0, comma = ""; k < n; k++) {
			if (!stages[k].reason || (reason && strcmp(reason, stages[k].reason)))
				continue;
			reason = stages[k].reason;
			fprintf(t.f, "%s%s", comma, stages[k].name);
			comma = ", ";
		}
		if (reason)
			fprintf(t.f, " (%s)", reason);
		plot_text_end(&t);
		if (reason) {
			name = point_name(w->folder, w->bar[i], iopf_settings);
			if (!json_object_get(all, t.text))
				xjson_put(all, t.text, xjson(json_array()));
			xjson_add(json_object_get(all, t.text), xjson_text(name));
			free(name);
		}
		free(t.text);
	}
	json_object_foreach(all, words, bars) {
		plot_text_begin(&t);
		fprintf(t.f, "Not shown: %s", words);
		if (json_array_size(bars) < w->bars)
			json_array_foreach(bars, j, bar)
				fprintf(t.f, "%s%s", j ? "; " : " in ", json_string_value(bar));
		fputc('.', t.f);
		plot_note(l, plot_text_end(&t));
	}
	json_decref(all);
}

/* Its axis, and how far its longest bar goes. */
static double put_panel_axis(FILE *f, const struct waterfall *w, unsigned int panel)
{
	struct piece pieces[IOPF_MAX_STAGES + 1];
	double high = 0, sum;
	unsigned int bar, i, n;

	for (bar = 0; bar < w->bars; bar++) {
		n = pieces_of(w, w->bar[bar], panels[panel].ppm, pieces);
		for (i = 0, sum = 0; i < n; i++)
			sum += pieces[i].ns;
		high = fmax(high, fmax(sum, percentile(iopf_device(w->bar[bar]),
						       panels[panel].ppm)));
	}
	/* A clock too coarse may have seen nothing. */
	high = fmax(high, 1);
	plot_axis_put_linear(f, "x", panel + 1, high, high * WITH_TEXT);
	return high;
}

static void put_pieces(FILE *f, const struct waterfall *w, unsigned int panel, unsigned int line)
{
	struct piece pieces[IOPF_MAX_STAGES + 1];
	unsigned int bar, i, n;
	double from;

	fputs("NaN NaN NaN NaN\n", f);
	for (bar = 0; bar < w->bars; bar++) {
		double y = w->bars - bar;

		n = pieces_of(w, w->bar[bar], panels[panel].ppm, pieces);
		for (i = 0, from = 0; i < n; from += pieces[i++].ns)
			if (pieces[i].line == line)
				fprintf(f, "%.6g %.6g %g %g\n", from, from + pieces[i].ns,
					y - BAR_HALF, y + BAR_HALF);
	}
	fputs("\n\n", f);
}

/* Whole accesses, and where their figure is written. */
static void put_totals(FILE *f, const struct waterfall *w, unsigned int panel, double high)
{
	struct piece pieces[IOPF_MAX_STAGES + 1];
	unsigned int bar, i, n;

	for (bar = 0; bar < w->bars; bar++) {
		double total = percentile(iopf_device(w->bar[bar]), panels[panel].ppm), sum = 0;

		n = pieces_of(w, w->bar[bar], panels[panel].ppm, pieces);
		for (i = 0; i < n; i++)
			sum += pieces[i].ns;
		fprintf(f, "%.6g %u %.6g \"%s\"\n", total, w->bars - bar,
			fmax(sum, total) + high * 0.02, units_time_utf8(total).text);
	}
	fputs("\n\n", f);
}

static int draw(struct picture *picture, const struct waterfall *w, const struct plot *plot,
		struct error *e)
{
	struct plot_line line[IOPF_MAX_STAGES + 2] = { 0 };
	struct plot_layout layout = {
		.columns = PANELS,
		.rows = 1,
		.panel_x = PANEL_X,
		.panel_y = w->bars * BAR_Y > LEAST_PANEL_Y ? w->bars * BAR_Y : LEAST_PANEL_Y,
		.gap_x = GAP_X,
		.gap_y = GAP_X,
		.line = line,
		.nr_lines = w->names + w->whole + 1,
	};
	unsigned int panel, i, left = LEFT_X, pieces = w->names + w->whole;
	double high[PANELS];
	struct plot_text s;

	for (i = 0; i < w->names; i++) {
		line[i].style = style_of_stage(w->name[i]);
		snprintf(line[i].name, sizeof(line[i].name), "%s", w->name[i]);
	}
	line[w->names].style = WHOLE_STYLE;
	snprintf(line[w->names].name, sizeof(line[w->names].name), "record to answer");
	line[pieces].style = TOTAL_STYLE;
	snprintf(line[pieces].name, sizeof(line[pieces].name), "whole access, with its figure");
	note_hidden(&layout, w);
	plot_lay_out(&layout, picture, plot->folder);
	plot_begin(&s, &layout, picture, plot);
	fprintf(s.f, "pieces = %u\npanels = %zu\narray heading[%zu]\n", pieces, PANELS, PANELS);
	plot_axis_put_arrays(s.f, "x", PANELS);
	for (panel = 0; panel < PANELS; panel++) {
		plot_put_element(s.f, "heading", panel + 1, panels[panel].name);
		high[panel] = put_panel_axis(s.f, w, panel);
	}
	fprintf(s.f, "y_max = %u.6\nset ytics (", w->bars);
	for (i = 0; i < w->bars; i++) {
		char *name = point_name(w->folder, w->bar[i], iopf_settings);
		unsigned int needed = 24 + (unsigned int)(LETTER_X * (double)strlen(name));

		left = needed > left ? needed : left;
		fputs(i ? ", " : "", s.f);
		plot_put_tic(s.f, name);
		fprintf(s.f, " %u", w->bars - i);
		free(name);
	}
	/* A third is enough for names; longer ones are cut. */
	fprintf(s.f, ")\nleft = %u\n$pieces << END_OF_DATA\n",
		left < layout.pixels_x / 3 ? left : layout.pixels_x / 3);
	for (panel = 0; panel < PANELS; panel++)
		for (i = 0; i < pieces; i++)
			put_pieces(s.f, w, panel, i);
	fputs("END_OF_DATA\n$totals << END_OF_DATA\n", s.f);
	for (panel = 0; panel < PANELS; panel++)
		put_totals(s.f, w, panel, high[panel]);
	fputs("END_OF_DATA\n", s.f);
	return plot_end(&s, &layout, picture, plot, "iopf-stages.gp", e);
}

int iopf_stage_pictures(const struct plot *plot, unsigned int set, struct error *e)
{
	size_t n, first;
	const struct point **points = points_first(plot->folder, set, iopf_settings,
						   iopf_has_stages, iopf_lower_load, &n);
	int bad = 0;

	for (first = 0; !bad && first < n; first += MAX_BARS) {
		struct waterfall w = {
			.folder = plot->folder,
			.bar = points + first,
			.bars = n - first < MAX_BARS ? (unsigned int)(n - first) : MAX_BARS,
		};
		struct picture picture = plot_name(plot->folder, "iopf-stages", set,
						   (unsigned int)(first / MAX_BARS),
						   xstrdup("Stages of a fault, by kind"));

		find_names(&w);
		picture.reading = stages_reading;
		picture.tail = 990000;
		picture.shows = describe(&w);
		bad = draw(&picture, &w, plot, e);
		plot_add(plot, picture);
	}
	free(points);
	return bad;
}
