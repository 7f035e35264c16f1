// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points of results: those that were measured alike are taken together, whatever their clocks,
 * batches and lengths. What was cut short is not, where there is anything else.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "points/internal.h"
#include "points/kind.h"
#include "result/read.h"

/* Clocks that are as close as this tick alike: no percentile can tell. */
#define SAME_CLOCK	0.0001

static bool is_complete(const struct entry *entry)
{
	return json_is_true(result_get(entry->json, "complete"));
}

/* Results of a point are in the order of their files, after the complete ones the others. */
static int compare_for_sort(const void *x, const void *y)
{
	const struct entry *const *a = x, *const *b = y;
	int order = entries_compare(*a, *b);

	if (!order)
		order = (int)is_complete(*b) - (int)is_complete(*a);
	return order ? order : strcmp((*a)->file, (*b)->file);
}

/* --- histograms ------------------------------------------------------------------- */

static uint64_t scaled(double value, double factor)
{
	return (uint64_t)fmin(round(value * factor), 9e18);
}

/* Where the samples of a bucket are, about. */
static double middle(const struct iommubench_hist *h, unsigned int i)
{
	double low = (double)iommubench_hist_bucket_low(i);
	double mid = low + (double)(iommubench_hist_bucket_width(i) - 1) / 2;

	if (i == IOMMUBENCH_HIST_BUCKETS - 1)
		return (double)h->max;
	return fmin(fmax(mid, (double)h->min), (double)h->max);
}

/* Samples in units that are @factor times as long; extremes and mean stay exact within a unit. */
static void rescale(struct iommubench_hist *h, double factor)
{
	struct iommubench_hist *to = xcalloc(1, sizeof(*to));
	unsigned int i;

	iommubench_hist_init(to);
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++)
		if (h->buckets[i])
			to->buckets[iommubench_hist_index(scaled(middle(h, i), factor))] +=
				h->buckets[i];
	to->count = h->count;
	to->sum = scaled((double)h->sum, factor);
	to->min = scaled((double)h->min, factor);
	to->max = scaled((double)h->max, factor);
	*h = *to;
	free(to);
}

/* Adds @from, which is spoilt; the finer of the two units stays. */
static void add_samples(struct point_phase *to, struct iommubench_hist *from, double scale)
{
	if (!from->count)
		return;
	if (!to->hist->count || fabs(scale / to->scale - 1) < SAME_CLOCK) {
		to->scale = to->hist->count ? to->scale : scale;
	} else if (scale < to->scale) {
		rescale(to->hist, to->scale / scale);
		to->scale = scale;
	} else {
		rescale(from, scale / to->scale);
	}
	iommubench_hist_merge(to->hist, from);
}

/* --- points ------------------------------------------------------------------------ */

static struct point_phase *phase_of(struct point *p, const char *name)
{
	struct point_phase *phase;
	unsigned int i;

	for (i = 0; i < p->phases; i++)
		if (!strcmp(p->phase[i].name, name))
			return &p->phase[i];
	p->phase = xgrow(p->phase, p->phases + 1, sizeof(*p->phase));
	phase = &p->phase[p->phases++];
	*phase = (struct point_phase){ .name = name, .hist = xcalloc(1, sizeof(*phase->hist)) };
	iommubench_hist_init(phase->hist);
	return phase;
}

static void add_median(struct point_phase *phase, double p50)
{
	if (!(p50 > 0))
		return;
	phase->p50_least = phase->p50_least > 0 ? fmin(phase->p50_least, p50) : p50;
	phase->p50_most = fmax(phase->p50_most, p50);
}

/* Complete runs of one result: as many as its spread is of, or itself. */
static size_t runs_of(const json_t *result)
{
	size_t n = (size_t)result_number(result, "spread.runs");
	size_t there = json_array_size(result_get(result, "repeats"));

	return n > 1 && n <= there ? n : 1;
}

static void add_phases(struct point *p, const json_t *result, struct iommubench_hist *scratch)
{
	const json_t *repeats = result_get(result, "repeats");
	size_t runs = runs_of(result), i, k;
	json_t *phase;

	json_array_foreach(result_get(result, "phases"), i, phase) {
		struct point_phase *to = phase_of(p, result_text(phase, "name"));
		double scale;

		if (result_phase_hist(phase, scratch, &scale)) {
			if (!(to->scale > 0))
				to->scale = scale;
			add_samples(to, scratch, scale);
		}
		if (runs < 2)
			add_median(to, result_number(phase, "latency_ns.p50"));
		for (k = 0; runs > 1 && k < runs; k++)
			add_median(to, result_number(json_object_get(json_array_get(repeats, k),
								     to->name), "p50"));
	}
}

static double mean_with(double mean, double weight, double value, double more)
{
	return weight + more > 0 ? mean + (value - mean) * (more / (weight + more)) : value;
}

/*
 * Adds how fast it was, by the time that it took. Without that, and only then, each result counts
 * alike.
 */
static void add_rates(struct point *p, const json_t *result, double *weight)
{
	double seconds = result_number(result, "throughput.seconds");
	double rate = result_number(result, "throughput.ops_per_s");
	double more = seconds > 0 ? seconds : 1, slowest = 0, fastest = 0, even = 0;
	json_t *thread;
	size_t i;

	json_array_foreach(result_get(result, "threads"), i, thread) {
		double one = result_number(thread, "ops_per_s");

		slowest = i ? fmin(slowest, one) : one;
		fastest = fmax(fastest, one);
		even += (one - even) / (double)(i + 1);
	}
	p->ops_per_s = mean_with(p->ops_per_s, *weight, rate, more);
	p->slowest = mean_with(p->slowest, *weight, slowest, more);
	p->fastest = mean_with(p->fastest, *weight, fastest, more);
	p->even = mean_with(p->even, *weight, even, more);
	*weight += more;
}

static void add_spread(struct point *p, const json_t *result)
{
	bool several = runs_of(result) > 1;
	double rate = result_number(result, "throughput.ops_per_s");
	double least = several ? result_number(result, "spread.ops_per_s_min") : rate;
	double most = several ? result_number(result, "spread.ops_per_s_max") : rate;

	p->least = p->runs ? fmin(p->least, least) : least;
	p->most = fmax(p->most, most);
	p->runs += (unsigned int)runs_of(result);
}

/* A point of @n results, the first of which has its parameters. */
static void make_point(struct point *p, struct entry **list, size_t n)
{
	const struct entry *first = list[0];
	struct iommubench_hist *scratch = xcalloc(1, sizeof(*scratch));
	double weight = 0;
	unsigned int k;
	size_t i;

	*p = (struct point){
		.entry = first,
		.threads = (unsigned int)result_number(first->json, "params.threads"),
		.complete = is_complete(first),
	};
	for (i = 0; i < n; i++) {
		if (p->complete && !is_complete(list[i])) {
			error_note("%s was cut short: it is not taken together with %s, but in the list of runs",
				   list[i]->file, first->file);
			p->cut++;
			continue;
		}
		add_phases(p, list[i]->json, scratch);
		add_rates(p, list[i]->json, &weight);
		add_spread(p, list[i]->json);
		p->repeats++;
	}
	free(scratch);
	for (k = 0; k < p->phases; k++)
		stats_compute(&p->phase[k].stats, p->phase[k].hist, p->phase[k].scale);
	if (first->kind && first->kind->load)
		p->params = first->kind->load(first->json);
	p->json = results_together(p, list, p->repeats);
	p->told = xcalloc(1, sizeof(*p->told));
}

void points_make(struct folder *folder)
{
	struct entry **list = xcalloc(folder->n, sizeof(*list));
	size_t i, k;

	for (i = 0; i < folder->n; i++)
		list[i] = &folder->entry[i];
	qsort(list, folder->n, sizeof(*list), compare_for_sort);
	folder->point = xcalloc(folder->n, sizeof(*folder->point));
	for (i = 0; i < folder->n; i = k) {
		struct point *p = &folder->point[folder->points++];

		for (k = i + 1; k < folder->n && !entries_compare(list[i], list[k]); k++)
			;
		make_point(p, list + i, k - i);
		if (!i || entries_compare_sets(list[i - 1], list[i])) {
			folder->first = xgrow(folder->first, folder->sets + 1,
					      sizeof(*folder->first));
			folder->first[folder->sets++] = folder->points - 1;
		}
		p->set = folder->sets - 1;
	}
	free(list);
}

void points_free(struct folder *folder)
{
	unsigned int k;
	size_t i;

	for (i = 0; i < folder->points; i++) {
		struct point *p = &folder->point[i];

		for (k = 0; k < p->phases; k++)
			free(p->phase[k].hist);
		free(p->phase);
		free(p->params);
		free(p->told);
		json_decref(p->json);
	}
	free(folder->point);
}
