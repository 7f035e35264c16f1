// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of devices that worked at the same time: a bar for each, a cluster of bars for what they
 * did together.
 */
#include "plot/devices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "output/summary.h"
#include "result/read.h"
#include "text/units.h"

static const char alone_note[] =
	"A diamond is the device by itself; the figure is what it keeps of that.";

/* In pixels. */
#define PANEL_Y			300
#define LEAST_PANEL_X		420
#define LETTER_X		7.0
#define BAR_X			52

/* Clusters of a picture; the rest goes into further ones. */
#define MAX_CLUSTERS		4
/* At most so many steps of the axis. */
#define STEPS			5

static const char devices_reading[] =
	"Operations per second of devices that worked at the same time; the clusters are what they did together.\n"
	"A diamond is the same device by itself, and the figure is what it kept of that: what is missing the devices take from each other, by the IOMMU that they share or by the CPUs.\n"
	"Bars of different height in a cluster are devices that are not served alike.";

/**
 * struct devices - a picture
 * @plot: where it goes
 * @first: a result of each cluster
 * @n: entries of @first that are in use, the clusters
 * @name: names of the devices, in order
 * @devices: entries of @name that are in use
 * @more: devices that have no bar
 */
struct devices {
	const struct plot *plot;
	const struct entry *first[MAX_CLUSTERS];
	unsigned int n;
	const char *name[PLOT_MAX_LINES];
	unsigned int devices;
	unsigned int more;
};

static const char *id_of(const struct entry *entry)
{
	return result_text(entry->json, "group.id");
}

static const char *device_of(const struct entry *entry)
{
	return result_text(entry->json, "machine.device.name");
}

static bool same_cluster(const struct entry *a, const struct entry *b)
{
	return !strcmp(id_of(a), id_of(b)) &&
	       !strcmp(result_text(a->json, "tool.subcommand"),
		       result_text(b->json, "tool.subcommand"));
}

/* The first of its cluster among all results. */
static bool is_first(const struct folder *folder, size_t entry)
{
	size_t i;

	if (!*id_of(&folder->entry[entry]))
		return false;
	for (i = 0; i < entry && !same_cluster(&folder->entry[i], &folder->entry[entry]); i++)
		;
	return i == entry;
}

static const struct entry *bar_of(const struct devices *d, unsigned int cluster,
				  unsigned int device)
{
	const struct folder *folder = d->plot->folder;
	size_t i;

	for (i = 0; i < folder->n; i++)
		if (same_cluster(&folder->entry[i], d->first[cluster]) &&
		    !strcmp(device_of(&folder->entry[i]), d->name[device]))
			return &folder->entry[i];
	return NULL;
}

static void find_devices(struct devices *d)
{
	const struct folder *folder = d->plot->folder;
	unsigned int c, k;
	size_t i;

	d->devices = 0;
	d->more = 0;
	for (i = 0; i < folder->n; i++) {
		const char *name = device_of(&folder->entry[i]);

		for (c = 0; c < d->n && !same_cluster(&folder->entry[i], d->first[c]); c++)
			;
		for (k = 0; k < d->devices && strcmp(d->name[k], name); k++)
			;
		if (c == d->n || k < d->devices)
			continue;
		if (d->devices < PLOT_MAX_LINES)
			d->name[d->devices++] = name;
		else if (c == 0)
			d->more++;
	}
}

static double rate_of(const struct entry *entry)
{
	return entry ? result_number(entry->json, "throughput.ops_per_s") : 0;
}

static double alone_of(const struct entry *entry)
{
	return entry ? result_number(entry->json, "group.alone_ops_per_s") : 0;
}

static bool any_alone(const struct devices *d)
{
	unsigned int c, k;

	for (c = 0; c < d->n; c++)
		for (k = 0; k < d->devices; k++)
			if (alone_of(bar_of(d, c, k)) > 0)
				return true;
	return false;
}

static double highest(const struct devices *d)
{
	double top = 1;
	unsigned int c, k;

	for (c = 0; c < d->n; c++)
		for (k = 0; k < d->devices; k++) {
			top = fmax(top, rate_of(bar_of(d, c, k)));
			top = fmax(top, alone_of(bar_of(d, c, k)));
		}
	return top;
}

static char *describe(const struct devices *d)
{
	struct plot_text t;
	unsigned int c, k;

	plot_text_begin(&t);
	fputs("Operations per second of devices that worked at the same time.", t.f);
	for (c = 0; c < d->n; c++) {
		char *what = summary_params(d->first[c]->json);

		for (k = 0; k < d->devices; k++) {
			const struct entry *entry = bar_of(d, c, k);

			if (!entry)
				continue;
			fprintf(t.f, " %s, %s: %s", what, d->name[k],
				units_rate(rate_of(entry)).text);
			if (alone_of(entry) > 0)
				fprintf(t.f, " of %s alone", units_rate(alone_of(entry)).text);
			fputc('.', t.f);
		}
		free(what);
	}
	return plot_text_end(&t);
}

/* Zero is at the bottom, because bars are compared by their length. */
static void put_axis(FILE *f, double top)
{
	static const double steps[] = { 1, 2, 2.5, 5, 10 };
	double decade, step, y;
	size_t i;

	top *= 1.12;
	decade = pow(10, floor(log10(top / STEPS)));
	for (i = 0; i < 4 && decade * steps[i] * STEPS < top; i++)
		;
	step = decade * steps[i];
	fputs("set ytics (", f);
	for (y = 0; y - step < top && y < step * (STEPS + 1); y += step) {
		fputs(y > 0 ? ", " : "", f);
		plot_put_tic(f, y > 0 ? units_rate(y).text : "0");
		fprintf(f, " %g", y);
	}
	fprintf(f, ")\ny_max = %g\n", y - step);
}

static void put_bars(FILE *f, const struct devices *d)
{
	unsigned int c, k;

	fputs("$bars << END_OF_DATA\n", f);
	for (k = 0; k < d->devices; k++) {
		fputs("NaN NaN NaN \"\"\n", f);
		for (c = 0; c < d->n; c++) {
			const struct entry *entry = bar_of(d, c, k);

			if (!entry)
				continue;
			fprintf(f, "%u %.6g ", c + 1, rate_of(entry));
			if (alone_of(entry) > 0)
				fprintf(f, "%.6g \"%.0f %%\"\n", alone_of(entry),
					100 * rate_of(entry) / alone_of(entry));
			else
				fputs("NaN \"\"\n", f);
		}
		fputs("\n\n", f);
	}
	fputs("END_OF_DATA\n", f);
}

static void put_clusters(FILE *f, const struct devices *d)
{
	unsigned int c;

	fprintf(f, "x_max = %u.5\nset xtics (", d->n);
	for (c = 0; c < d->n; c++) {
		char *what = summary_params(d->first[c]->json);

		fputs(c ? ", " : "", f);
		plot_put_tic(f, what);
		fprintf(f, " %u", c + 1);
		free(what);
	}
	fputs(")\n", f);
}

static int draw(struct picture *picture, const struct devices *d, struct error *e)
{
	struct plot_line line[PLOT_MAX_LINES];
	struct plot_layout layout = {
		.columns = 1,
		.rows = 1,
		.panel_y = PANEL_Y,
		.line = line,
		.nr_lines = d->devices,
	};
	unsigned int k, widest = d->devices * BAR_X + BAR_X;
	struct plot_text s;
	char *subtitle;

	for (k = 0; k < d->devices; k++) {
		line[k] = (struct plot_line){ .style = k + 1 };
		snprintf(line[k].name, sizeof(line[k].name), "%s", d->name[k]);
	}
	for (k = 0; k < d->n; k++) {
		char *what = summary_params(d->first[k]->json);
		unsigned int needed = 24 + (unsigned int)(LETTER_X * (double)strlen(what));

		widest = needed > widest ? needed : widest;
		free(what);
	}
	layout.panel_x = d->n * widest > LEAST_PANEL_X ? d->n * widest : LEAST_PANEL_X;
	if (any_alone(d))
		plot_note(&layout, xstrdup(alone_note));
	if (d->more)
		plot_note(&layout, xasprintf("%u more device%s in the table only.", d->more,
					     d->more == 1 ? "" : "s"));
	plot_lay_out(&layout, picture, d->plot->folder);
	plot_begin(&s, &layout, picture, d->plot);
	subtitle = xasprintf("Linux %s, %s, %u devices at the same time",
			     result_text(d->first[0]->json, "machine.kernel"),
			     result_text(d->first[0]->json, "machine.iommu.kind"),
			     d->devices + d->more);
	plot_put_setting(s.f, "subtitle", subtitle);
	free(subtitle);
	put_axis(s.f, highest(d));
	put_clusters(s.f, d);
	put_bars(s.f, d);
	return plot_end(&s, &layout, picture, d->plot, "devices.gp", e);
}

/* Is it a result of a point of this set? */
static bool in_set(const struct folder *folder, unsigned int set, const struct entry *entry)
{
	size_t i;

	for (i = 0; i < folder->points; i++)
		if (folder->point[i].set == set &&
		    !strcmp(folder->point[i].entry->variant, entry->variant) &&
		    !strcmp(result_text(folder->point[i].entry->json, "tool.subcommand"),
			    result_text(entry->json, "tool.subcommand")))
			return true;
	return false;
}

static int draw_some(struct devices *d, unsigned int set, unsigned int chunk, struct error *e)
{
	const char *subcommand = result_text(d->first[0]->json, "tool.subcommand");
	char *name = xasprintf("devices-%s", subcommand);
	struct picture picture;
	int bad;

	find_devices(d);
	picture = plot_name(d->plot->folder, name, set, chunk,
			    xasprintf("Several devices at once: %s", subcommand));
	free(name);
	picture.reading = devices_reading;
	picture.single = true;
	picture.shows = describe(d);
	bad = draw(&picture, d, e);
	plot_add(d->plot, picture);
	d->n = 0;
	return bad;
}

int plot_devices(const struct plot *plot, unsigned int set, struct error *e)
{
	struct devices d = { .plot = plot };
	const struct folder *folder = plot->folder;
	unsigned int chunk = 0;
	int bad = 0;
	size_t i;

	for (i = 0; !bad && i < folder->n; i++) {
		if (!is_first(folder, i) || !in_set(folder, set, &folder->entry[i]))
			continue;
		d.first[d.n++] = &folder->entry[i];
		if (d.n == MAX_CLUSTERS)
			bad = draw_some(&d, set, chunk++, e);
	}
	if (!bad && d.n)
		bad = draw_some(&d, set, chunk, e);
	return bad;
}
