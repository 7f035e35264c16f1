// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of contention: throughput, tail and fairness by number of threads.
 */
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
#define PANEL_Y			220
#define GAP_Y			44

static const char scaling_reading[] =
	"Top: a line that doubles with the threads scales; a flat or falling one waits for the IOMMU's one command queue, or for a lock.\n"
	"Middle: where the tail rises faster than the threads, they queue up behind each other (a convoy).\n"
	"Bottom: the slowest and the fastest thread of a run, 100 % is the mean; a short "
	"bar is fair, a long one is not.";

/* The points of a strategy that differ from a panel's only in their threads. */
static const struct point *thread_point(const struct flush_panels *p, unsigned int panel,
					unsigned int strategy, unsigned int threads)
{
	struct flush_setting s = p->setting[panel];
	const struct point *point;
	bool several = flush_find(p->plot->folder, p->set, &s, strategy);

	s.threads = threads;
	point = flush_find(p->plot->folder, p->set, &s, strategy);
	/* One thread has one domain, however many there are for more. */
	if (!point && several && threads == 1) {
		s.domains = "shared";
		point = flush_find(p->plot->folder, p->set, &s, strategy);
	}
	return point;
}

static unsigned int find_threads(const struct flush_panels *p, unsigned int *threads)
{
	unsigned int n = 0, i, j;
	size_t settings, k;
	struct flush_setting *all = flush_settings(p->plot->folder, p->set, &settings);

	for (k = 0; k < settings; k++) {
		for (i = 0; i < n && threads[i] < all[k].threads; i++)
			;
		if (i < n && threads[i] == all[k].threads)
			continue;
		for (j = n++; j > i; j--)
			threads[j] = threads[j - 1];
		threads[i] = all[k].threads;
	}
	free(all);
	return n;
}

/**
 * struct scaling - what the picture of contention shows
 * @p: columns of the picture
 * @threads: numbers of threads
 * @nr_threads: entries at @threads
 * @strategy: numbers of the strategies
 * @line: how they look
 * @nr_lines: entries of @strategy and of @line
 */
struct scaling {
	const struct flush_panels *p;
	unsigned int *threads;
	unsigned int nr_threads;
	unsigned int strategy[FLUSH_STRATEGIES];
	struct plot_line line[FLUSH_STRATEGIES];
	unsigned int nr_lines;
};

static void find_scaling(struct scaling *s)
{
	unsigned int i, panel, k;

	for (i = 0; i < FLUSH_STRATEGIES; i++) {
		bool used = false;

		for (panel = 0; panel < s->p->n; panel++)
			for (k = 0; k < s->nr_threads; k++)
				used = used || thread_point(s->p, panel, i, s->threads[k]);
		if (!used)
			continue;
		s->strategy[s->nr_lines] = i;
		s->line[s->nr_lines++] = flush_look(i);
	}
}

static void put_row_axis(FILE *f, unsigned int row, struct plot_range y, const char *tics)
{
	fprintf(f, "y_min[%u] = %g\ny_max[%u] = %g\n", row, y.min, row, y.max);
	plot_put_element(f, "y_tics", row, tics);
}

static void put_scaling_axes(FILE *f, const struct scaling *s)
{
	double rate_low = INFINITY, rate_high = 0, tail_low = INFINITY, tail_high = 0, share = 150;
	struct plot_range y = { 0 };
	unsigned int panel, i, k;
	struct plot_text t;
	char *tics;

	for (panel = 0; panel < s->p->n; panel++)
		for (i = 0; i < s->nr_lines; i++)
			for (k = 0; k < s->nr_threads; k++) {
				const struct point *at = thread_point(s->p, panel, s->strategy[i],
								      s->threads[k]);
				const struct point_phase *cost = flush_cost(at);

				if (!at || !(at->ops_per_s > 0))
					continue;
				rate_low = fmin(rate_low, at->ops_per_s);
				rate_high = fmax(rate_high, at->ops_per_s);
				if (at->even > 0)
					share = fmax(share, 100 * at->fastest / at->even);
				if (!cost || !(cost->stats.p99_9 > 0))
					continue;
				tail_low = fmin(tail_low, cost->stats.p99_9);
				tail_high = fmax(tail_high, cost->stats.p99_9);
			}
	fputs("array y_min[3]\narray y_max[3]\narray y_tics[3]\n", f);
	y = plot_log_range(rate_high > 0 ? rate_low : 1, fmax(rate_high, 1));
	tics = plot_rate_tics("y", y, "");
	put_row_axis(f, 1, y, tics);
	free(tics);
	y = tail_high > 0 ? plot_log_range(tail_low, tail_high) : plot_log_range(1, 10);
	tics = plot_time_tics("y", y, "");
	put_row_axis(f, 2, y, tics);
	free(tics);
	y = (struct plot_range){ .min = 0, .max = ceil(share * 1.05 / 50) * 50 };
	plot_text_begin(&t);
	fputs("set ytics (\"0 %%\" 0", t.f);
	for (i = 1; i * 50 <= y.max; i += y.max > 250 ? 2 : 1)
		fprintf(t.f, ", \"%u %%%%\" %u", i * 50, i * 50);
	fputc(')', t.f);
	put_row_axis(f, 3, y, plot_text_end(&t));
	free(t.text);
}

static char *column_name(const struct flush_setting *s)
{
	char *round = flush_round_name(s);
	char *name = xasprintf("%s; %s", round, strcmp(s->domains, "shared") ?
			       "a domain for each thread" : "one domain");

	free(round);
	return name;
}

static char *describe_scaling(const struct scaling *s)
{
	unsigned int panel, i, k;
	struct plot_text t;

	plot_text_begin(&t);
	fputs("Throughput, tail and fairness by number of threads.", t.f);
	for (panel = 0; panel < s->p->n; panel++)
		for (i = 0; i < s->nr_lines; i++)
			for (k = 0; k < s->nr_threads; k++) {
				const struct point *at = thread_point(s->p, panel, s->strategy[i],
								      s->threads[k]);
				const struct point_phase *cost = flush_cost(at);
				char *name;

				if (!at)
					continue;
				name = column_name(&s->p->setting[panel]);
				fprintf(t.f, " %s, %s, %u threads: %s mappings a second", name,
					s->line[i].name, at->threads,
					units_rate(at->ops_per_s).text);
				free(name);
				if (cost)
					fprintf(t.f, ", p99.9 %s",
						units_time_utf8(cost->stats.p99_9).text);
				fputc('.', t.f);
			}
	return plot_text_end(&t);
}

static int draw_scaling(struct picture *picture, const struct scaling *s, struct error *e)
{
	struct plot_layout layout = flush_panel_layout(s->p, PANEL_Y);
	unsigned int panel, i, k;
	struct plot_line looks[FLUSH_STRATEGIES];
	struct plot_text script;
	FILE *f;

	memcpy(looks, s->line, sizeof(looks));
	layout.rows = 3;
	layout.gap_y = GAP_Y;
	layout.line = looks;
	layout.nr_lines = s->nr_lines;
	plot_lay_out(&layout, picture, s->p->plot->folder);
	plot_begin(&script, &layout, picture, s->p->plot);
	f = script.f;
	fprintf(f, "array heading[%u]\n", s->p->n);
	for (panel = 0; panel < s->p->n; panel++) {
		char *text = column_name(&s->p->setting[panel]);

		plot_put_element(f, "heading", panel + 1, text);
		free(text);
	}
	put_scaling_axes(f, s);
	fprintf(f, "x_max = %u.5\nset xtics (", s->nr_threads);
	for (k = 0; k < s->nr_threads; k++)
		fprintf(f, "%s'%u' %u", k ? ", " : "", s->threads[k], k + 1);
	fputs(")\n$scaling << END_OF_DATA\n", f);
	for (panel = 0; panel < s->p->n; panel++)
		for (i = 0; i < s->nr_lines; i++) {
			fputs("NaN NaN NaN NaN NaN\n", f);
			for (k = 0; k < s->nr_threads; k++) {
				const struct point *at = thread_point(s->p, panel, s->strategy[i],
								      s->threads[k]);
				const struct point_phase *cost = flush_cost(at);

				if (!at || !(at->ops_per_s > 0))
					continue;
				fprintf(f, "%u %.6g %.6g ", k + 1, at->ops_per_s,
					cost && cost->stats.p99_9 > 0 ? cost->stats.p99_9 :
					(double)NAN);
				if (at->even > 0)
					fprintf(f, "%.6g %.6g\n", 100 * at->slowest / at->even,
						100 * at->fastest / at->even);
				else
					fputs("NaN NaN\n", f);
			}
			fputs("\n\n", f);
		}
	fputs("END_OF_DATA\n", f);
	return plot_end(&script, &layout, picture, s->p->plot, "flush-scaling.gp", e);
}

/* A column for each round that was measured with several numbers of threads. */
int flush_scaling_pictures(const struct plot *plot, unsigned int set, struct error *e)
{
	size_t n, i;
	struct flush_setting *all = flush_settings(plot->folder, set, &n);
	struct flush_setting *base = xcalloc(n, sizeof(*base));
	struct flush_panels p = { .plot = plot, .set = set };
	unsigned int found = 0, first, k;
	int bad = 0;

	for (i = 0; i < n; i++) {
		if (all[i].threads < 2)
			continue;
		for (k = 0; k < found; k++)
			if (base[k].size == all[i].size && base[k].mappings == all[i].mappings &&
			    !strcmp(base[k].domains, all[i].domains))
				break;
		if (k == found)
			base[found++] = all[i];
	}
	for (first = 0; !bad && first < found; first += PLOT_COLUMNS) {
		struct scaling s = { .p = &p, .threads = xcalloc(n, sizeof(unsigned int)) };
		struct picture picture;

		p.n = found - first < PLOT_COLUMNS ? found - first : PLOT_COLUMNS;
		for (k = 0; k < p.n; k++)
			p.setting[k] = base[first + k];
		s.nr_threads = find_threads(&p, s.threads);
		find_scaling(&s);
		picture = plot_name(plot->folder, "flush-scaling", set, first / PLOT_COLUMNS,
				    xstrdup("Contention by number of threads"));
		picture.reading = scaling_reading;
		picture.tail = 999000;
		picture.shows = describe_scaling(&s);
		bad = draw_scaling(&picture, &s, e);
		plot_add(plot, picture);
		free(s.threads);
	}
	free(base);
	free(all);
	return bad;
}
