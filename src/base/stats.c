// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics of a histogram, in nanoseconds.
 */
#include "base/stats.h"

#include <math.h>
#include <string.h>

#define MILLION	1000000U
/* What rounding may add to a sum of squares, relative to it. */
#define EXACT_SLACK	(1 / 1e9)

uint64_t stats_rank(uint64_t count, unsigned int ppm)
{
	uint64_t whole = count / MILLION * ppm;
	uint64_t part = count % MILLION * ppm;
	uint64_t rank = whole + (part + MILLION - 1) / MILLION;

	return rank ? rank : 1;
}

bool stats_tell(uint64_t count, unsigned int ppm)
{
	return count && (ppm <= MILLION / 2 || stats_rank(count, ppm) < count);
}

unsigned int stats_ppm(const char *name)
{
	static const struct {
		const char *name;
		unsigned int ppm;
	} all[] = {
		{ "p50", 500000 }, { "p90", 900000 }, { "p99", 990000 }, { "p99_9", 999000 },
		{ "p99_99", 999900 },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(name, all[i].name))
			return all[i].ppm;
	return 0;
}

double stats_percentile(const struct iommubench_hist *h, unsigned int ppm, double scale)
{
	if (h->count && !stats_tell(h->count, ppm))
		return NAN;
	return (double)iommubench_hist_value_at(h, stats_rank(h->count, ppm)) * scale;
}

static double middle(const struct iommubench_hist *h, unsigned int i)
{
	double low = (double)iommubench_hist_bucket_low(i);
	double mid = low + (double)(iommubench_hist_bucket_width(i) - 1) / 2;

	/* The last bucket has no upper end. */
	if (i == IOMMUBENCH_HIST_BUCKETS - 1)
		return (low + (double)h->max) / 2;
	return fmin(fmax(mid, (double)h->min), (double)h->max);
}

/*
 * The squares of the distances from the mean, added up, from the exact sums: around the whole
 * number next to the mean all of it is exact, and what that is off is small. Snapshots of a
 * histogram that is being written may not fit together: then, and without squares, -1.
 */
static double exact_squares(const struct iommubench_hist *h)
{
	__uint128_t around, squares;
	uint64_t center = h->sum / h->count;
	double away, range = (double)(h->max - h->min), total, count = (double)h->count;

	if (!iommubench_hist_squares_known(h))
		return -1;
	center += h->sum % h->count > h->count / 2;
	squares = h->squares_high;
	squares = squares << 64 | h->squares_low;
	around = squares - 2 * (__uint128_t)center * h->sum +
		 (__uint128_t)h->count * center * center;
	away = (double)(int64_t)(h->sum - center * h->count);
	total = (double)around - away * away / count;
	/* No more than with half of the samples at either end. */
	return total <= count * range * range / 4 * (1 + EXACT_SLACK) + 1 ? fmax(total, 0) : -1;
}

static double deviation(const struct iommubench_hist *h, double mean)
{
	double squares;
	unsigned int i;

	if (h->count < 2)
		return 0;
	squares = exact_squares(h);
	if (squares >= 0)
		return sqrt(squares / (double)(h->count - 1));
	squares = 0;
	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		double away;

		if (!h->buckets[i])
			continue;
		away = middle(h, i) - mean;
		squares += away * away * (double)h->buckets[i];
	}
	return sqrt(squares / (double)(h->count - 1));
}

void stats_compute(struct stats *s, const struct iommubench_hist *h, double scale)
{
	double mean;

	*s = (struct stats){ .count = h->count };
	if (!h->count)
		return;
	mean = (double)h->sum / (double)h->count;
	s->min = (double)h->min * scale;
	s->mean = mean * scale;
	s->stddev = deviation(h, mean) * scale;
	s->p50 = stats_percentile(h, 500000, scale);
	s->p90 = stats_percentile(h, 900000, scale);
	s->p99 = stats_percentile(h, 990000, scale);
	s->p99_9 = stats_percentile(h, 999000, scale);
	s->p99_99 = stats_percentile(h, 999900, scale);
	s->max = (double)h->max * scale;
}
