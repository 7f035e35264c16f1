// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of faults of the device beside the same faults of the CPU.
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
#define PANEL_Y			300
#define KIND_X			104
#define LETTER_X		7.6
#define LEAST_PANEL_X		420
#define GAP			40

#define MAX_KINDS		10
/* Above the longest line, for the ratios. */
#define RATIO_ROOM		4

static const char cpu_reading[] =
	"What running into a page costs the device and what it costs the CPU, in the same run; the axis is logarithmic, lower is better.\n"
	"Points are medians, lines reach from the fastest one to p99. The figure above is how many times as long the device takes (p50).\n"
	"Kinds that end without a page "
	"have no fault of the CPU beside them: it would get a signal there.";

enum {
	DEVICE = 0,
	REFUSED,
	KERNEL,
	CPU,
	MARKS,
};

static const struct plot_line looks[MARKS] = {
	[DEVICE] = { .name = "device", .style = 2 },
	[REFUSED] = { .name = "device, refused", .style = 5 },
	[KERNEL] = { .name = "device, the kernel answers", .style = 3 },
	[CPU] = { .name = "CPU", .style = 1 },
};

/**
 * struct kinds - a picture
 * @folder: what it shows a part of
 * @kind: its points, from left to right
 * @n: entries at @kind
 */
struct kinds {
	const struct folder *folder;
	const struct point **kind;
	unsigned int n;
};

static const struct point_phase *mark_of(const struct point *point, unsigned int mark)
{
	switch (mark) {
	case DEVICE:
		return iopf_refused(point) ? NULL : iopf_device(point);
	case REFUSED:
		return point_phase(point, "refused");
	case KERNEL:
		return point_phase(point, "kernel_fault");
	default:
		return point_phase(point, "cpu_fault");
	}
}

/* A fault at one load: an access that nothing was in the way of. */
static bool has_fault(const struct point *point)
{
	return iopf_device(point);
}

/* A point with the CPU beside it is better, then one at a lower load. */
static bool better(const struct point *a, const struct point *b)
{
	bool beside_a = !iopf_no_cpu(a), beside_b = !iopf_no_cpu(b);

	return beside_a != beside_b ? beside_a : iopf_lower_load(a, b);
}

static char *describe(const struct kinds *k)
{
	struct plot_text t;
	unsigned int i, mark;

	plot_text_begin(&t);
	fputs("Faults of the device beside those of the CPU.", t.f);
	for (i = 0; i < k->n; i++) {
		char *name = point_name(k->folder, k->kind[i], iopf_settings);

		for (mark = 0; mark < MARKS; mark++) {
			const struct point_phase *phase = mark_of(k->kind[i], mark);

			if (phase)
				fprintf(t.f, " %s, %s: p50 %s, p99 %s.", name, looks[mark].name,
					units_time_utf8(phase->stats.p50).text,
					units_time_utf8(phase->stats.p99).text);
		}
		free(name);
	}
	return plot_text_end(&t);
}

static void note_no_cpu(struct plot_layout *l, const struct kinds *k)
{
	json_t *all = xjson(json_object()), *names, *name;
	const char *reason;
	struct plot_text t;
	unsigned int i;
	size_t j;

	for (i = 0; i < k->n; i++) {
		char *text;

		reason = iopf_no_cpu(k->kind[i]);
		if (!reason)
			continue;
		text = point_name(k->folder, k->kind[i], iopf_settings);
		if (!json_object_get(all, reason))
			xjson_put(all, reason, xjson(json_array()));
		xjson_add(json_object_get(all, reason), xjson_text(text));
		free(text);
	}
	json_object_foreach(all, reason, names) {
		plot_text_begin(&t);
		fputs("No fault of the CPU beside ", t.f);
		json_array_foreach(names, j, name)
			fprintf(t.f, "%s%s", j ? "; " : "", json_string_value(name));
		fprintf(t.f, " (%s).", reason);
		plot_note(l, plot_text_end(&t));
	}
	json_decref(all);
}

static char *ratio_text(const struct point *point)
{
	double ratio = iopf_ratio(point, 500000);

	if (!(ratio > 0))
		return xstrdup("");
	return xasprintf(ratio < 9.95 ? "\u00d7 %.1f" : "\u00d7 %.0f", ratio);
}

static bool any_mark(const struct kinds *k, unsigned int mark)
{
	unsigned int i;

	for (i = 0; i < k->n && !mark_of(k->kind[i], mark); i++)
		;
	return i < k->n;
}

static void put_marks(FILE *f, const struct kinds *k, const struct plot_axis *y)
{
	unsigned int mark, i;

	fputs("$marks << END_OF_DATA\n", f);
	for (mark = 0; mark < MARKS; mark++) {
		if (!any_mark(k, mark))
			continue;
		fputs("NaN NaN NaN NaN\n", f);
		for (i = 0; i < k->n; i++) {
			const struct point_phase *phase = mark_of(k->kind[i], mark);

			/* Too few samples to tell p99: up to the median. */
			if (phase)
				fprintf(f, "%u %.6g %.6g %.6g\n", i + 1,
					plot_axis_place(y, phase->stats.p50),
					plot_axis_place(y, phase->stats.min),
					plot_axis_place(y, fmax(phase->stats.p50,
								phase->stats.p99)));
		}
		fputs("\n\n", f);
	}
	fputs("END_OF_DATA\n$ratios << END_OF_DATA\n", f);
	for (i = 0; i < k->n; i++) {
		char *text = ratio_text(k->kind[i]);

		if (*text)
			fprintf(f, "%u \"%s\"\n", i + 1, text);
		free(text);
	}
	/* One at least, without a text: gnuplot crashes where there is no label at all. */
	fputs("1 \"\"\nEND_OF_DATA\n", f);
}

static int draw(struct picture *picture, const struct kinds *k, const struct plot *plot,
		struct error *e)
{
	struct plot_line line[MARKS];
	struct plot_layout layout = {
		.columns = 1,
		.rows = 1,
		.panel_y = PANEL_Y,
		.gap_x = GAP,
		.gap_y = GAP,
		.line = line,
	};
	struct plot_axis y = { .unit = PLOT_TIME };
	unsigned int i, mark, widest = KIND_X;
	struct plot_text s;

	for (mark = 0; mark < MARKS; mark++)
		if (any_mark(k, mark))
			line[layout.nr_lines++] = looks[mark];
	for (i = 0; i < k->n; i++) {
		char *name = point_name(k->folder, k->kind[i], iopf_settings);
		unsigned int needed = 16 + (unsigned int)(LETTER_X * (double)strlen(name));

		widest = needed > widest ? needed : widest;
		free(name);
		for (mark = 0; mark < MARKS; mark++) {
			const struct point_phase *phase = mark_of(k->kind[i], mark);

			if (!phase)
				continue;
			plot_axis_add(&y, phase->stats.min);
			plot_axis_add(&y, phase->stats.p50);
			plot_axis_add(&y, phase->stats.p99);
		}
	}
	if (y.high > 0)
		plot_axis_add(&y, y.high * RATIO_ROOM);
	layout.panel_x = k->n * widest > LEAST_PANEL_X ? k->n * widest : LEAST_PANEL_X;
	note_no_cpu(&layout, k);
	plot_lay_out(&layout, picture, plot->folder);
	plot_begin(&s, &layout, picture, plot);
	plot_axis_put_arrays(s.f, "y", 1);
	plot_axis_put(s.f, "y", 1, &y);
	fprintf(s.f, "x_max = %u.5\nset xtics (", k->n);
	for (i = 0; i < k->n; i++) {
		char *name = point_name(k->folder, k->kind[i], iopf_settings);

		fputs(i ? ", " : "", s.f);
		plot_put_tic(s.f, name);
		fprintf(s.f, " %u", i + 1);
		free(name);
	}
	fputs(")\n", s.f);
	put_marks(s.f, k, &y);
	return plot_end(&s, &layout, picture, plot, "iopf-cpu.gp", e);
}

static bool any_cpu(const struct point **points, size_t n)
{
	while (n && iopf_no_cpu(points[n - 1]))
		n--;
	return n;
}

int iopf_cpu_pictures(const struct plot *plot, unsigned int set, struct error *e)
{
	size_t n, first;
	const struct point **points = points_first(plot->folder, set, iopf_settings, has_fault,
						   better, &n);
	int bad = 0;

	/* Where the CPU was never asked, there is nothing to compare. */
	if (!any_cpu(points, n))
		n = 0;
	for (first = 0; !bad && first < n; first += MAX_KINDS) {
		struct kinds k = {
			.folder = plot->folder,
			.kind = points + first,
			.n = n - first < MAX_KINDS ? (unsigned int)(n - first) : MAX_KINDS,
		};
		struct picture picture = plot_name(plot->folder, "iopf-cpu", set,
						   (unsigned int)(first / MAX_KINDS),
						   xstrdup("Faults of the device and of the CPU"));

		picture.reading = cpu_reading;
		picture.tail = 990000;
		picture.shows = describe(&k);
		bad = draw(&picture, &k, plot, e);
		plot_add(plot, picture);
	}
	free(points);
	return bad;
}
