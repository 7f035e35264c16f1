// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of map-unmap: latency by percentile, operations per second by threads.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "map_unmap/view/plot.h"
#include "map_unmap/view/points.h"
#include "plot/curves.h"
#include "text/units.h"

#define THROUGHPUT_PANELS	6
#define MAX_PHASES		2

/* The sizes of panels that the scripts lay out. */
#define LATENCY_PANEL_X		400
#define LATENCY_PANEL_Y		250
#define THROUGHPUT_PANEL_X	360
#define THROUGHPUT_PANEL_Y	260

/* What the lines of a picture show, and how they look. */
struct line {
	const char *api;
	const char *domain;
};

struct lines {
	unsigned int n;
	struct line line[PLOT_MAX_LINES];
	struct plot_line look[PLOT_MAX_LINES];
};

static const char latency_reading[] =
	"At p99, 99 of 100 operations took this long or less; further right are the rare, slow ones.\n"
	"Lower is better. Both axes are logarithmic and the same in all panels: heights compare.";

static const char throughput_reading[] =
	"Higher is better; a map with its unmap counts as one operation, over all threads together.\n"
	"A line that doubles with the threads scales; one that stays flat has met a lock, the IOMMU "
	"or the last CPU. Panels may differ in scale.";

static bool own_domain(const char *api)
{
	return !strncmp(api, "iommu", 5);
}

static unsigned int domain_style(const char *domain, const char *api)
{
	static const char *const order[] = { "strict", "lazy", "identity", "no IOMMU" };
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (!strcmp(domain, order[i]))
			return i + 1;
	if (!strcmp(api, "iommu"))
		return 5;
	return strcmp(api, "iommu-fast") ? 7 : 6;
}

/*
 * The distinct lines of a set, in the order of its points: those with a given
 * API, and those with a domain of our own for comparison.
 */
static void find_lines(struct lines *lines, const struct folder *folder, unsigned int set,
		       const char *api)
{
	unsigned int i;
	size_t k;

	lines->n = 0;
	for (k = 0; k < folder->points && lines->n < PLOT_MAX_LINES; k++) {
		const struct point *p = &folder->point[k];
		const struct map_unmap_params *params = map_unmap_of(p);
		struct plot_line *look = &lines->look[lines->n];

		if (p->set != set || (strcmp(params->api, api) && !own_domain(params->api)))
			continue;
		for (i = 0; i < lines->n; i++)
			if (!strcmp(lines->line[i].api, params->api) &&
			    !strcmp(lines->line[i].domain, params->domain))
				break;
		if (i < lines->n)
			continue;
		*look = (struct plot_line){ .style = domain_style(params->domain, params->api) };
		if (own_domain(params->api))
			snprintf(look->name, sizeof(look->name), "%s, %s", params->api,
				 params->domain);
		else
			snprintf(look->name, sizeof(look->name), "%s", params->domain);
		lines->line[lines->n].api = params->api;
		lines->line[lines->n++].domain = params->domain;
	}
}

/* Distinct sizes or numbers of threads among a set's points, in order. */
static unsigned int distinct(const struct folder *folder, unsigned int set, const char *api,
			     unsigned int threads, bool of_sizes, uint64_t *values)
{
	unsigned int n = 0, i, j;
	size_t k;

	for (k = 0; k < folder->points; k++) {
		const struct point *p = &folder->point[k];
		const struct map_unmap_params *params = map_unmap_of(p);
		uint64_t value;

		if (p->set != set || (threads && p->threads != threads) ||
		    (strcmp(params->api, api) && !own_domain(params->api)))
			continue;
		value = of_sizes ? params->size : p->threads;
		for (i = 0; i < n && values[i] < value; i++)
			;
		if (i < n && values[i] == value)
			continue;
		for (j = n++; j > i; j--)
			values[j] = values[j - 1];
		values[i] = value;
	}
	return n;
}

/* --- latency by percentile ----------------------------------------------- */

static unsigned int find_phases(const struct folder *folder, unsigned int set, const char **names)
{
	unsigned int n = 0, i, j;
	size_t k;

	for (k = 0; k < folder->points; k++) {
		const struct point *p = &folder->point[k];

		for (i = 0; p->set == set && i < p->phases; i++) {
			const char *name = p->phase[i].name;

			/* With a rate, service times are a second view on the same phase. */
			if (strstr(name, "service"))
				continue;
			for (j = 0; j < n && strcmp(names[j], name); j++)
				;
			if (j == n && n < MAX_PHASES)
				names[n++] = name;
		}
	}
	return n;
}

struct latency_picture {
	const struct plot *plot;
	unsigned int set;
	const char *api;
	unsigned int threads;
	const uint64_t *sizes;
	unsigned int nr_sizes;
	const char **phases;
	unsigned int nr_phases;
};

static const struct point_phase *panel_phase(const struct latency_picture *l,
					     const struct line *line, unsigned int panel)
{
	return point_phase(map_unmap_find(l->plot->folder, l->set, line->api, line->domain,
					  l->sizes[panel % l->nr_sizes], l->threads),
			   l->phases[panel / l->nr_sizes]);
}

static int latency_picture(struct picture *p, const struct latency_picture *l, struct error *e)
{
	unsigned int panels = l->nr_sizes * l->nr_phases, n = 0, panel, i;
	struct plot_curves curves = { .panels = panels };
	struct plot_layout layout = {
		.columns = l->nr_sizes,
		.rows = l->nr_phases,
		.panel_x = LATENCY_PANEL_X,
		.panel_y = LATENCY_PANEL_Y,
		.gap_x = 60,
		.gap_y = 62,
	};
	struct plot_text s;
	struct lines lines;
	char *heading;

	find_lines(&lines, l->plot->folder, l->set, l->api);
	for (i = 0; i < lines.n; i++) {
		for (panel = 0; panel < panels && !panel_phase(l, &lines.line[i], panel); panel++)
			;
		if (panel == panels)
			continue;
		lines.line[n] = lines.line[i];
		lines.look[n++] = lines.look[i];
	}
	curves.lines = n;
	curves.phase = xcalloc(panels * n, sizeof(*curves.phase));
	for (panel = 0; panel < panels; panel++)
		for (i = 0; i < n; i++)
			curves.phase[panel * n + i] = panel_phase(l, &lines.line[i], panel);
	if (!plot_curves_any(&curves)) {
		free(curves.phase);
		return 0;
	}
	if (l->nr_sizes == 1) {
		layout.columns = l->nr_phases;
		layout.rows = 1;
	}
	layout.line = lines.look;
	layout.nr_lines = n;
	plot_lay_out(&layout, p, l->plot->folder);
	plot_begin(&s, &layout, p, l->plot);
	fprintf(s.f, "array heading[%u]\n", panels);
	for (panel = 0; panel < panels; panel++) {
		heading = xasprintf("%s, %s", l->phases[panel / l->nr_sizes],
				    units_size(l->sizes[panel % l->nr_sizes]).text);
		plot_put_element(s.f, "heading", panel + 1, heading);
		free(heading);
	}
	plot_curves_put(s.f, &curves);
	free(curves.phase);
	return plot_end(&s, &layout, p, l->plot, "latency.gp", e);
}

/* One line for each curve: what a reader would take from it. */
static char *describe(const struct latency_picture *l)
{
	struct lines lines;
	unsigned int i, panel;
	char *text = NULL;
	size_t bytes;
	FILE *f = xcheck(open_memstream(&text, &bytes));

	find_lines(&lines, l->plot->folder, l->set, l->api);
	fputs("Latency by percentile.", f);
	for (panel = 0; panel < l->nr_sizes * l->nr_phases; panel++)
		for (i = 0; i < lines.n; i++) {
			const struct point_phase *phase = panel_phase(l, &lines.line[i], panel);

			if (!phase)
				continue;
			fprintf(f, " %s, %s, %s:", phase->name,
				units_size(l->sizes[panel % l->nr_sizes]).text, lines.look[i].name);
			fprintf(f, " p50 %s,", units_time_utf8(phase->stats.p50).text);
			fprintf(f, " p99 %s.", units_time_utf8(phase->stats.p99).text);
		}
	if (fclose(f))
		xcheck(NULL);
	return text;
}

/* The pictures of one API and number of threads; more sizes than fit make more of them. */
static int latency_pictures(const struct plot *plot, unsigned int set, const char *api,
			    unsigned int threads, struct error *e)
{
	uint64_t *sizes = xcalloc(plot->folder->points, sizeof(*sizes));
	unsigned int n = distinct(plot->folder, set, api, threads, true, sizes), first;
	const char *phases[MAX_PHASES];
	struct latency_picture l = {
		.plot = plot,
		.set = set,
		.api = api,
		.threads = threads,
		.phases = phases,
		.nr_phases = find_phases(plot->folder, set, phases),
	};
	int bad = 0;

	for (first = 0; !bad && l.nr_phases && first < n; first += PLOT_COLUMNS) {
		char *name = xasprintf("latency-%s-%ut", api, threads);
		struct picture p;

		p = plot_name(plot->folder, name, set, first / PLOT_COLUMNS,
			      xasprintf("Latency by percentile: %s, %u thread%s", api, threads,
					threads == 1 ? "" : "s"));
		free(name);
		l.sizes = sizes + first;
		l.nr_sizes = n - first < PLOT_COLUMNS ? n - first : PLOT_COLUMNS;
		p.reading = latency_reading;
		p.shows = describe(&l);
		bad = latency_picture(&p, &l, e);
		plot_add(plot, p);
	}
	free(sizes);
	return bad;
}

/* --- operations per second ------------------------------------------------ */

struct throughput_picture {
	const struct plot *plot;
	unsigned int set;
	const char *api;
	const uint64_t *sizes;
	unsigned int nr_sizes;
	const uint64_t *threads;
	unsigned int nr_threads;
};

static double panel_top(const struct throughput_picture *t, unsigned int panel)
{
	const struct folder *folder = t->plot->folder;
	double top = 0;
	size_t k;

	for (k = 0; k < folder->points; k++) {
		const struct point *p = &folder->point[k];
		const struct map_unmap_params *params = map_unmap_of(p);

		if (p->set == t->set && params->size == t->sizes[panel] &&
		    (!strcmp(params->api, t->api) || own_domain(params->api)))
			top = fmax(top, p->ops_per_s);
	}
	return top;
}

static void put_rate_axis(FILE *f, unsigned int panel, double top)
{
	static const double steps[] = { 1, 2, 2.5, 5, 10 };
	double decade, step, y;
	char *tics = NULL;
	size_t bytes, i;
	FILE *t;

	/* At most five steps, and room above the highest point. */
	top = fmax(top, 1) * 1.05;
	decade = pow(10, floor(log10(top / 5)));
	for (i = 0; i < 4 && decade * steps[i] * 5 < top; i++)
		;
	step = decade * steps[i];
	t = xcheck(open_memstream(&tics, &bytes));
	fputs("set ytics (", t);
	for (y = 0; y < step * 6 && y - step < top; y += step) {
		double unit = step * 5 >= 1e6 ? 1e6 : step * 5 >= 1e3 ? 1e3 : 1;

		fprintf(t, "%s\"%g%s\" %g", y > 0 ? ", " : "", y / unit,
			!(y > 0) ? "" : unit > 1e3 ? " M" : unit > 1 ? " k" : "", y);
	}
	fputs(")", t);
	if (fclose(t))
		xcheck(NULL);
	fprintf(f, "y_max[%u] = %g\ny_tics[%u] = ", panel + 1, y - step, panel + 1);
	plot_put_text(f, tics);
	fputc('\n', f);
	free(tics);
}

/* A place on the axis of threads; NULL where that was not measured. */
static const struct point *rate_point(const struct throughput_picture *t, const struct line *line,
				      unsigned int panel, unsigned int k)
{
	return map_unmap_find(t->plot->folder, t->set, line->api, line->domain, t->sizes[panel],
			      (unsigned int)t->threads[k]);
}

static int throughput_picture(struct picture *p, const struct throughput_picture *t,
			      struct error *e)
{
	struct plot_layout layout = {
		.columns = t->nr_sizes < PLOT_COLUMNS ? t->nr_sizes : PLOT_COLUMNS,
		.rows = (t->nr_sizes + PLOT_COLUMNS - 1) / PLOT_COLUMNS,
		.panel_x = THROUGHPUT_PANEL_X,
		.panel_y = THROUGHPUT_PANEL_Y,
		.gap_x = 70,
		.gap_y = 84,
	};
	double top = 0, least = INFINITY;
	unsigned int panel, i, k;
	struct plot_text s;
	struct lines lines;

	find_lines(&lines, t->plot->folder, t->set, t->api);
	layout.line = lines.look;
	layout.nr_lines = lines.n;
	plot_lay_out(&layout, p, t->plot->folder);
	plot_begin(&s, &layout, p, t->plot);
	fprintf(s.f, "panels = %u\narray heading[%u]\narray y_max[%u]\narray y_tics[%u]\n",
		t->nr_sizes, t->nr_sizes, t->nr_sizes, t->nr_sizes);
	for (panel = 0; panel < t->nr_sizes; panel++) {
		fprintf(s.f, "heading[%u] = '%s'\n", panel + 1, units_size(t->sizes[panel]).text);
		top = fmax(top, panel_top(t, panel));
		least = fmin(least, panel_top(t, panel));
	}
	/* One scale for all, unless that would press a panel flat. */
	for (panel = 0; panel < t->nr_sizes; panel++)
		put_rate_axis(s.f, panel, top > 4 * least ? panel_top(t, panel) : top);
	fprintf(s.f, "x_max = %u.5\nset xtics (", t->nr_threads);
	for (i = 0; i < t->nr_threads; i++)
		fprintf(s.f, "%s'%" PRIu64 "' %u", i ? ", " : "", t->threads[i], i + 1);
	fputs(")\n$rates << END_OF_DATA\n", s.f);
	for (panel = 0; panel < t->nr_sizes; panel++)
		for (i = 0; i < lines.n; i++) {
			fputs("1 NaN\n", s.f);
			for (k = 0; k < t->nr_threads; k++) {
				const struct point *at = rate_point(t, &lines.line[i], panel, k);

				if (at)
					fprintf(s.f, "%u %.6g\n", k + 1, at->ops_per_s);
			}
			fputs("\n\n", s.f);
		}
	fputs("END_OF_DATA\n", s.f);
	return plot_end(&s, &layout, p, t->plot, "throughput.gp", e);
}

static char *describe_rates(const struct throughput_picture *t)
{
	struct lines lines;
	unsigned int i, panel, k;
	char *text = NULL;
	size_t bytes;
	FILE *f = xcheck(open_memstream(&text, &bytes));

	find_lines(&lines, t->plot->folder, t->set, t->api);
	fputs("Operations per second by number of threads.", f);
	for (panel = 0; panel < t->nr_sizes; panel++)
		for (i = 0; i < lines.n; i++)
			for (k = 0; k < t->nr_threads; k++) {
				const struct point *at = rate_point(t, &lines.line[i], panel, k);

				if (at)
					fprintf(f, " %s, %s, %u threads: %s.",
						units_size(t->sizes[panel]).text,
						lines.look[i].name, at->threads,
						units_rate(at->ops_per_s).text);
			}
	if (fclose(f))
		xcheck(NULL);
	return text;
}

static int throughput_pictures(const struct plot *plot, unsigned int set, const char *api,
			       const char *name, struct error *e)
{
	const struct folder *folder = plot->folder;
	uint64_t *sizes = xcalloc(folder->points, sizeof(*sizes));
	uint64_t *threads = xcalloc(folder->points, sizeof(*threads));
	unsigned int n = distinct(folder, set, api, 0, true, sizes), first;
	struct throughput_picture t = {
		.plot = plot,
		.set = set,
		.api = api,
		.threads = threads,
		.nr_threads = distinct(folder, set, api, 0, false, threads),
	};
	int bad = 0;

	for (first = 0; !bad && first < n; first += THROUGHPUT_PANELS) {
		struct picture p = plot_name(folder, name, set, first / THROUGHPUT_PANELS,
			xasprintf("Operations per second by number of threads: %s", api));

		t.sizes = sizes + first;
		t.nr_sizes = n - first < THROUGHPUT_PANELS ? n - first : THROUGHPUT_PANELS;
		p.reading = throughput_reading;
		p.shows = describe_rates(&t);
		bad = throughput_picture(&p, &t, e);
		plot_add(plot, p);
	}
	free(sizes);
	free(threads);
	return bad;
}

/* --- all of it ------------------------------------------------------------ */

/* Whose picture it is: the API itself, or what was measured in its place. */
static const char *lead(const struct folder *folder, unsigned int set, const char *api,
			unsigned int threads)
{
	const char *instead = NULL;
	size_t k;

	for (k = 0; k < folder->points; k++) {
		const struct point *p = &folder->point[k];
		const struct map_unmap_params *params = map_unmap_of(p);

		if (p->set != set || p->threads != threads)
			continue;
		if (!strcmp(params->api, api))
			return api;
		if (!instead && own_domain(params->api))
			instead = params->api;
	}
	return instead;
}

/*
 * Each DMA API has pictures of its own, in which domains of our own are lines for
 * comparison. Without a DMA API, they are all that there is.
 */
int plot_map_unmap(const struct plot *plot, unsigned int set, struct error *e)
{
	const struct folder *folder = plot->folder;
	uint64_t *threads = xcalloc(folder->points, sizeof(*threads));
	const char *first = NULL, *last = NULL, *api;
	unsigned int i, n;
	int bad = 0;
	size_t k;

	for (k = 0; !bad && k < folder->points; k++) {
		const struct point *p = &folder->point[k];
		const struct map_unmap_params *params = map_unmap_of(p);
		char *name;

		/* Points are sorted by API, those of our own domains last. */
		if (p->set != set || !*params->api || (last && !strcmp(params->api, last)) ||
		    (first && own_domain(params->api)))
			continue;
		last = params->api;
		if (!first)
			first = last;
		n = distinct(folder, set, last, 0, false, threads);
		for (i = 0; !bad && i < n; i++) {
			api = lead(folder, set, last, (unsigned int)threads[i]);
			if (api == last || first == last)
				bad = latency_pictures(plot, set, api, (unsigned int)threads[i],
						       e);
		}
		if (bad)
			break;
		name = first == last ? xstrdup("throughput") : xasprintf("throughput-%s", last);
		bad = throughput_pictures(plot, set, last, name, e);
		free(name);
	}
	free(threads);
	return bad;
}
