// SPDX-License-Identifier: GPL-2.0-only
/*
 * Histograms as bars of a terminal.
 */
#include "output/bars.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "points/kind.h"
#include "result/read.h"
#include "text/terminal.h"
#include "text/units.h"

#define BAR_CELLS	24
#define MAX_BINS	12
#define MAX_BARS	2

/* Steps of a scale within a decade, from fine to coarse. */
static const struct {
	unsigned int n;
	double step[10];
} scales[] = {
	{ 10, { 1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8 } },
	{ 5, { 1, 1.6, 2.5, 4, 6.4 } },
	{ 3, { 1, 2, 5 } },
	{ 1, { 1 } },
};

struct bins {
	unsigned int n;
	double edge[MAX_BINS + 1];
};

/* The finest scale that covers min to max with few enough bins. */
static void choose_bins(struct bins *bins, double min, double max)
{
	size_t s;

	for (s = 0; s < sizeof(scales) / sizeof(scales[0]); s++) {
		double decade = pow(10, floor(log10(min)) - 1);
		unsigned int i = 0, n = 0;

		for (;;) {
			double edge = scales[s].step[i] * decade;

			/* Of the edges up to min, only the last counts. */
			if (edge <= min)
				n = 0;
			bins->edge[n] = edge;
			if (edge > max)
				break;
			if (++n > MAX_BINS)
				break;
			if (++i == scales[s].n) {
				i = 0;
				decade *= 10;
			}
		}
		bins->n = n;
		if (n <= MAX_BINS)
			return;
	}
	/* More decades than bins: the last one takes the rest. */
	bins->n = MAX_BINS;
	bins->edge[MAX_BINS] = INFINITY;
}

static void count_bins(const struct bins *bins, const struct iommubench_hist *h, double scale,
		       double *share)
{
	unsigned int i, bin = 0;

	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		double value = (double)iommubench_hist_bucket_low(i) +
			       (double)iommubench_hist_bucket_width(i) / 2;

		if (!h->buckets[i])
			continue;
		value = fmin(fmax(value, (double)h->min), (double)h->max) * scale;
		while (bin < bins->n - 1 && value >= bins->edge[bin + 1])
			bin++;
		share[bin] += (double)h->buckets[i] / (double)h->count;
	}
}

/* A bar of at most BAR_CELLS cells, in eighths of a cell where the letters allow it. */
static void print_bar(FILE *out, double share, struct terminal_style style)
{
	static const char *const eighths[] = {
		"", "▏", "▎", "▍", "▌", "▋", "▊", "▉",
	};
	int full, part = 0, i;

	if (style.utf8) {
		int cells8 = (int)lround(share * BAR_CELLS * 8);

		if (share > 0 && !cells8)
			cells8 = 1;
		full = cells8 / 8;
		part = cells8 % 8;
	} else {
		full = (int)lround(share * BAR_CELLS);
	}
	fputs(terminal_on(style, "36"), out);
	for (i = 0; i < full; i++)
		fputs(style.utf8 ? "█" : "#", out);
	if (part)
		fputs(eighths[part], out);
	else if (share > 0 && !full)
		fputc('.', out);
	fputs(terminal_off(style), out);
	for (i = full + (part || (share > 0 && !full)); i < BAR_CELLS; i++)
		fputc(' ', out);
}

static void print_share(FILE *out, double share)
{
	if (share <= 0)
		fprintf(out, " %8s", "");
	else if (share < 0.0001)
		fprintf(out, " %8s", "<0.01 %");
	else
		fprintf(out, " %6.2f %%", share * 100);
}

/* Not all fit: those that a kind names, or the first ones. */
static bool has_bars(const struct result_kind *kind, const char *phase)
{
	const char *const *name;

	if (!kind || !kind->bars)
		return true;
	for (name = kind->bars; *name; name++)
		if (!strcmp(*name, phase))
			return true;
	return false;
}

void bars_print(const json_t *result, struct terminal_style style, FILE *out)
{
	struct iommubench_hist *h = xcalloc(MAX_BARS, sizeof(*h));
	double share[MAX_BARS][MAX_BINS] = { 0 };
	const char *name[MAX_BARS];
	double min = INFINITY, max = 0, scale[MAX_BARS];
	unsigned int n = 0, i, bin;
	struct bins bins;
	json_t *phase;
	size_t p;

	json_array_foreach(result_get(result, "phases"), p, phase) {
		if (n == MAX_BARS)
			break;
		if (!has_bars(kind_of(result), result_text(phase, "name")))
			continue;
		if (!result_phase_hist(phase, &h[n], &scale[n]) || !h[n].count)
			continue;
		min = fmin(min, (double)h[n].min * scale[n]);
		max = fmax(max, (double)h[n].max * scale[n]);
		name[n++] = result_text(phase, "name");
	}
	if (!n)
		goto out;
	/* A clock too coarse to see the shortest ones shows them as 0. */
	choose_bins(&bins, fmax(min, 1), fmax(max, 1));
	for (i = 0; i < n; i++)
		count_bins(&bins, &h[i], scale[i], share[i]);

	fprintf(out, "\n%s%-19s", terminal_on(style, "1"), "samples from..to");
	for (i = 0; i < n; i++)
		fprintf(out, " %-*s", BAR_CELLS + 10, name[i]);
	fprintf(out, "%s\n", terminal_off(style));
	for (bin = 0; bin < bins.n; bin++) {
		fprintf(out, "%8s", units_time(bins.edge[bin]).text);
		fprintf(out, " %9s ", isinf(bins.edge[bin + 1]) ? "more" :
			units_time(bins.edge[bin + 1]).text);
		for (i = 0; i < n; i++) {
			fputc(' ', out);
			print_bar(out, share[i][bin], style);
			print_share(out, share[i][bin]);
		}
		fputc('\n', out);
	}
out:
	free(h);
}
