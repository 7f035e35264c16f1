// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of cost by range, with the crossover from invalidating page by page to a full flush.
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
#include "text/units.h"

/* In pixels. */
#define PANEL_Y			300

#define MAX_RANGE_TICS		7
/* What a logarithm may be off by. */
#define HAIR			0.000001

static const char range_reading[] =
	"What unmapping and invalidating one round costs, by how much memory it covers; lower is better, both axes are logarithmic.\n"
	"Strategies that send a command for each page rise with the range; a full flush costs about the same for any range, until walking the page table counts.\n"
	"Somewhere in the grey band, one full flush begins to be cheaper than invalidating page by page; "
	"what it costs other mappings is in the picture of device latencies.";

/* The settings that differ from a panel's only in how many mappings a round has. */
static struct flush_setting *ranges_of(const struct flush_panels *p, unsigned int panel, size_t *n)
{
	struct flush_setting *all = flush_settings(p->plot->folder, p->set, n);
	const struct flush_setting *like = &p->setting[panel];
	size_t i, found = 0;

	for (i = 0; i < *n; i++)
		if (all[i].size == like->size && all[i].threads == like->threads &&
		    !strcmp(all[i].domains, like->domains) && flush_has(p, &all[i], flush_cost))
			all[found++] = all[i];
	*n = found;
	return all;
}

static double cost_at(const struct flush_panels *p, const struct flush_setting *s,
		      unsigned int strategy)
{
	const struct point_phase *cost = flush_cost(flush_find(p->plot->folder, p->set, s,
							       strategy));

	return cost ? cost->stats.p50 : 0;
}

static void put_range_axis(FILE *f, unsigned int panel, uint64_t first, uint64_t last)
{
	unsigned int steps = (unsigned int)ceil(log2((double)last / (double)first) - HAIR), i;
	unsigned int every = 1 + steps / MAX_RANGE_TICS;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("set xtics (", t.f);
	for (i = 0; i <= steps; i++)
		fprintf(t.f, "%s\"%s\" %.0f %d", i ? ", " : "",
			i % every ? "" : units_size(first << i).text,
			(double)first * pow(2, i), i % every ? 1 : 0);
	fputc(')', t.f);
	plot_text_end(&t);
	fprintf(f, "x_min[%u] = %.0f\nx_max[%u] = %.0f\n", panel + 1, (double)first * 0.8,
		panel + 1, (double)last * 1.25);
	plot_put_element(f, "x_tics", panel + 1, t.text);
	free(t.text);
}

static void put_crossover(FILE *f, const struct flush_panels *p, unsigned int panel)
{
	struct crossover c = flush_crossover(p->plot->folder, p->set, &p->setting[panel]);
	struct units below = units_size(c.below), above = units_size(c.above);
	bool shown = c.kind == CROSSOVER_FOUND || c.kind == CROSSOVER_REVERSED;
	char *text;

	if (shown)
		fprintf(f, "cross_from[%u] = %.0f\ncross_to[%u] = %.0f\n", panel + 1,
			(double)c.below, panel + 1, (double)c.above);
	else
		fprintf(f, "cross_from[%u] = NaN\ncross_to[%u] = NaN\n", panel + 1, panel + 1);
	switch (c.kind) {
	case CROSSOVER_FOUND:
		text = xasprintf("full begins to beat per-page between %s and %s", below.text,
				 above.text);
		break;
	case CROSSOVER_ALWAYS:
		text = xasprintf("full is cheaper than per-page at %zu of %zu ranges", c.cheaper,
				 c.sizes);
		break;
	case CROSSOVER_NEVER:
		text = xasprintf("full is dearer than per-page at %zu of %zu ranges", c.dearer,
				 c.sizes);
		break;
	case CROSSOVER_SAME_COST:
		text = xstrdup("full and per-page cost the same");
		break;
	case CROSSOVER_REVERSED:
		text = xasprintf("full beats per-page only up to between %s and %s", below.text,
				 above.text);
		break;
	case CROSSOVER_UNCLEAR:
		text = xstrdup("no clear crossover of full and per-page");
		break;
	default:
		text = xstrdup("");
		break;
	}
	plot_put_element(f, "cross_text", panel + 1, text);
	free(text);
}

static char *describe_ranges(const struct flush_panels *p)
{
	unsigned int panel, i;
	struct plot_text t;
	size_t n, k;

	plot_text_begin(&t);
	fputs("Cost of one round by range.", t.f);
	for (panel = 0; panel < p->n; panel++) {
		struct flush_setting *range = ranges_of(p, panel, &n);

		for (i = 0; i < FLUSH_STRATEGIES; i++)
			for (k = 0; k < n; k++) {
				char *name;

				if (!(cost_at(p, &range[k], i) > 0))
					continue;
				name = flush_round_name(&range[k]);
				fprintf(t.f, " %s, %s: %s.", flush_strategies[i], name,
					units_time_utf8(cost_at(p, &range[k], i)).text);
				free(name);
			}
		free(range);
	}
	return plot_text_end(&t);
}

static int draw_ranges(struct picture *picture, const struct flush_panels *p, struct error *e)
{
	struct plot_layout layout = flush_panel_layout(p, PANEL_Y);
	struct plot_line line[FLUSH_STRATEGIES];
	struct flush_setting *range[PLOT_COLUMNS];
	double low = INFINITY, high = 0;
	size_t ranges[PLOT_COLUMNS] = { 0 }, k;
	unsigned int strategy[FLUSH_STRATEGIES], nr_lines = 0, panel, i;
	struct plot_text s;
	struct plot_range y;
	int bad;

	for (panel = 0; panel < p->n; panel++)
		range[panel] = ranges_of(p, panel, &ranges[panel]);
	for (i = 0; i < FLUSH_STRATEGIES; i++) {
		bool used = false;

		for (panel = 0; panel < p->n; panel++)
			for (k = 0; k < ranges[panel]; k++) {
				double ns = cost_at(p, &range[panel][k], i);

				used = used || ns > 0;
				low = ns > 0 ? fmin(low, ns) : low;
				high = fmax(high, ns);
			}
		if (used) {
			line[nr_lines] = flush_look(i);
			strategy[nr_lines++] = i;
		}
	}
	/* Room for the words on the crossover. */
	y = plot_log_range(low, high * 2.5);
	layout.line = line;
	layout.nr_lines = nr_lines;
	plot_lay_out(&layout, picture, p->plot->folder);
	plot_begin(&s, &layout, picture, p->plot);
	fprintf(s.f, "y_min = %g\ny_max = %g\npanels = %u\n", y.min, y.max, p->n);
	plot_put_time_tics(s.f, "y", y, false, 1, "");
	fprintf(s.f, "array heading[%u]\narray x_min[%u]\narray x_max[%u]\narray x_tics[%u]\n"
		"array cross_from[%u]\narray cross_to[%u]\narray cross_text[%u]\n", p->n,
		p->n, p->n, p->n, p->n, p->n, p->n);
	for (panel = 0; panel < p->n; panel++) {
		uint64_t size = p->setting[panel].size;

		fprintf(s.f, "heading[%u] = 'mappings of %s'\n", panel + 1, units_size(size).text);
		put_range_axis(s.f, panel, size * range[panel][0].mappings,
			       size * range[panel][ranges[panel] - 1].mappings);
		put_crossover(s.f, p, panel);
	}
	fputs("$costs << END_OF_DATA\n", s.f);
	for (panel = 0; panel < p->n; panel++)
		for (i = 0; i < nr_lines; i++) {
			fputs("1 NaN\n", s.f);
			for (k = 0; k < ranges[panel]; k++) {
				const struct flush_setting *at = &range[panel][k];
				double ns = cost_at(p, at, strategy[i]);

				if (ns > 0)
					fprintf(s.f, "%" PRIu64 " %.6g\n", at->size * at->mappings,
						ns);
			}
			fputs("\n\n", s.f);
		}
	fputs("END_OF_DATA\n", s.f);
	bad = plot_end(&s, &layout, picture, p->plot, "flush-range.gp", e);
	for (panel = 0; panel < p->n; panel++)
		free(range[panel]);
	return bad;
}

/* A panel for each size of a mapping that was measured with several ranges. */
int flush_range_pictures(const struct plot *plot, unsigned int set, struct error *e)
{
	size_t n, i, k;
	struct flush_setting *all = flush_settings(plot->folder, set, &n);
	struct flush_panels p = { .plot = plot, .set = set };
	struct flush_setting *base = xcalloc(n, sizeof(*base));
	unsigned int found = 0, first;
	int bad = 0;

	for (i = 0; i < n; i++) {
		size_t ranges;

		if (found && base[found - 1].size == all[i].size)
			continue;
		/* Sorted by domains and threads: the first are one domain and the fewest. */
		p.n = 1;
		p.setting[0] = all[i];
		free(ranges_of(&p, 0, &ranges));
		if (ranges > 1)
			base[found++] = all[i];
	}
	for (first = 0; !bad && first < found; first += PLOT_COLUMNS) {
		struct picture picture;

		p.n = found - first < PLOT_COLUMNS ? found - first : PLOT_COLUMNS;
		for (k = 0; k < p.n; k++)
			p.setting[k] = base[first + k];
		picture = plot_name(plot->folder, "flush-range", set, first / PLOT_COLUMNS,
				    flush_title("Cost by range", &p.setting[0]));
		picture.reading = range_reading;
		picture.shows = describe_ranges(&p);
		bad = draw_ranges(&picture, &p, e);
		plot_add(plot, picture);
	}
	free(base);
	free(all);
	return bad;
}
