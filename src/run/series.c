// SPDX-License-Identifier: GPL-2.0-only
#include "run/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "result/read.h"
#include "run/area.h"
#include "text/json.h"
#include "text/units.h"

/* While there is nothing to be counted, it is looked this often whether there is. */
#define IDLE_NS		10000000ULL
/* No look comes later after the start than this; if so, the clocks differ. */
#define CLOCKS_AGREE_NS	60000000000ULL

/**
 * struct phase_part - what an interval has of a phase
 * @n: entries at @entries
 * @entries: buckets that were hit, in order
 * @sum: what was seen of the samples' sum, modulo 2^64
 */
struct phase_part {
	unsigned int n;
	struct iommubench_hist_entry *entries;
	uint64_t sum;
};

/**
 * struct series_interval - one of them
 * @at: tick of its first bound
 * @ticks: length in ticks
 * @run: number of the run
 * @ops: operations that were seen in it
 * @parts: histograms of the interval, by phase
 * @counts: numbers of the source
 */
struct series_interval {
	uint64_t at;
	uint64_t ticks;
	unsigned int run;
	uint64_t ops;
	struct phase_part *parts;
	struct series_count *counts;
};

void series_begin(struct series *s, uint64_t interval_ns, uint64_t clock_hz,
		  unsigned int nr_phases)
{
	struct series_source source = s->source;

	series_free(s);
	if (!interval_ns)
		return;
	*s = (struct series){
		.asked_ns = interval_ns,
		.interval_ns = interval_ns,
		.clock_hz = clock_hz,
		.source = source,
		.nr_phases = nr_phases,
		.past = xcalloc(nr_phases, sizeof(*s->past)),
		.seen = xcalloc(nr_phases, sizeof(*s->seen)),
		.now = xcalloc(nr_phases, sizeof(*s->now)),
		.seen_counts = xcalloc(source.n, sizeof(*s->seen_counts)),
	};
	if (source.n)
		source.read(source.arg, s->seen_counts);
}

static void free_interval(const struct series *s, struct series_interval *i)
{
	unsigned int p;

	for (p = 0; p < s->nr_phases; p++)
		free(i->parts[p].entries);
	free(i->parts);
	free(i->counts);
}

void series_free(struct series *s)
{
	struct series_source source = s->source;
	size_t i;

	for (i = 0; i < s->nr; i++)
		free_interval(s, &s->intervals[i]);
	free(s->intervals);
	free(s->past);
	free(s->seen);
	free(s->now);
	free(s->seen_counts);
	*s = (struct series){ .source = source };
}

static uint64_t interval_ticks(const struct series *s)
{
	uint64_t ticks = clock_from_ns(s->interval_ns, s->clock_hz);

	return ticks ? ticks : 1;
}

/* The first bound after the last one; those that were missed are left out. */
static uint64_t next_bound(const struct series *s)
{
	uint64_t step = interval_ticks(s);

	return s->grid + ((s->bound - s->grid) / step + 1) * step;
}

static uint64_t idle_ns(const struct series *s)
{
	return s->interval_ns < IDLE_NS ? s->interval_ns : IDLE_NS;
}

uint64_t series_wait_ns(const struct series *s, uint64_t now)
{
	uint64_t next;

	if (!s->asked_ns)
		return UINT64_MAX;
	if (!s->counting)
		return idle_ns(s);
	next = next_bound(s);
	now += s->offset;
	/* One more, so that the bound is not missed by a fraction of a tick. */
	if (now < next)
		return clock_to_ns(next - now, s->clock_hz) + 1;
	/* The bound is over, but the run has not begun yet or ends just now. */
	return idle_ns(s);
}

static uint64_t read_once(const __u64 *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

/*
 * Adds a histogram that is being written. Outside its extremes there is nothing
 * to see yet; its count is what its buckets hold.
 */
static void add_live(struct iommubench_hist *into, const struct iommubench_hist *from)
{
	uint64_t min, max, n;
	unsigned int i, last;

	if (!read_once(&from->count))
		return;
	min = read_once(&from->min);
	max = read_once(&from->max);
	last = iommubench_hist_index(max);
	into->sum += read_once(&from->sum);
	for (i = iommubench_hist_index(min); i <= last; i++) {
		n = read_once(&from->buckets[i]);
		into->buckets[i] += n;
		into->count += n;
	}
}

/* What all runs together have counted so far, into @s->now. Return: their operations. */
static uint64_t read_all(struct series *s, const struct iommubench_run *desc, const void *area)
{
	unsigned int phases = desc->phases < s->nr_phases ? desc->phases : s->nr_phases;
	uint64_t ops = s->past_ops;
	unsigned int i, p;

	memcpy(s->now, s->past, s->nr_phases * sizeof(*s->now));
	for (i = 0; i < desc->threads; i++) {
		const struct iommubench_thread *t = run_thread(desc, area, i);
		const char *hist = (const char *)t + desc->hist_offset;

		ops += read_once(&t->ops);
		for (p = 0; p < phases; p++)
			add_live(&s->now[p], (const void *)(hist + p * desc->hist_bytes));
	}
	return ops;
}

static unsigned int difference(const struct iommubench_hist *now,
			       const struct iommubench_hist *seen,
			       struct iommubench_hist_entry *entries)
{
	unsigned int i, n = 0;

	for (i = 0; i < IOMMUBENCH_HIST_BUCKETS; i++) {
		if (now->buckets[i] == seen->buckets[i])
			continue;
		if (entries)
			entries[n] = (struct iommubench_hist_entry){
				.index = i,
				.count = now->buckets[i] - seen->buckets[i],
			};
		n++;
	}
	return n;
}

/* Joins what two intervals have of a phase; both are given back. */
static struct phase_part join_parts(struct phase_part *a, struct phase_part *b)
{
	struct phase_part both = {
		.entries = xcalloc(a->n + b->n, sizeof(*both.entries)),
		.sum = a->sum + b->sum,
	};
	unsigned int i = 0, j = 0;

	while (i < a->n || j < b->n) {
		struct iommubench_hist_entry *e = &both.entries[both.n++];

		if (j == b->n || (i < a->n && a->entries[i].index < b->entries[j].index)) {
			*e = a->entries[i++];
		} else if (i == a->n || b->entries[j].index < a->entries[i].index) {
			*e = b->entries[j++];
		} else {
			*e = a->entries[i++];
			e->count += b->entries[j++].count;
		}
	}
	free(a->entries);
	free(b->entries);
	return both;
}

/* Adds the later of two neighbours to the other, and gives it back. */
static void join(struct series *s, struct series_interval *a, struct series_interval *b)
{
	unsigned int p, before;
	size_t i;

	a->ticks += b->ticks;
	a->ops += b->ops;
	for (p = 0; p < s->nr_phases; p++) {
		before = a->parts[p].n + b->parts[p].n;
		a->parts[p] = join_parts(&a->parts[p], &b->parts[p]);
		s->entries -= before - a->parts[p].n;
	}
	for (i = 0; i < s->source.n; i++) {
		a->counts[i].value += b->counts[i].value;
		a->counts[i].enabled_ns += b->counts[i].enabled_ns;
		a->counts[i].running_ns += b->counts[i].running_ns;
	}
	free(b->parts);
	free(b->counts);
}

/* Makes intervals twice as long; joins those of different runs where there is no other way. */
static void coarsen(struct series *s)
{
	bool runs = false;
	size_t from, to, before = s->nr;

	do {
		for (from = to = 0; from < s->nr; to++) {
			s->intervals[to] = s->intervals[from++];
			if (from < s->nr &&
			    (runs || s->intervals[from].run == s->intervals[to].run))
				join(s, &s->intervals[to], &s->intervals[from++]);
		}
		s->nr = to;
		runs = !runs;
	} while (s->nr > before - before / 4 && runs);
	s->interval_ns *= 2;
}

/* What the source has counted since the last bound, into @to. */
static void count_on(struct series *s, struct series_count *to)
{
	struct series_count *now, *seen = s->seen_counts;
	size_t i;

	if (!s->source.n)
		return;
	now = xcalloc(s->source.n, sizeof(*now));
	s->source.read(s->source.arg, now);
	for (i = 0; i < s->source.n; i++)
		to[i] = (struct series_count){
			.value = now[i].value - seen[i].value,
			.enabled_ns = now[i].enabled_ns - seen[i].enabled_ns,
			.running_ns = now[i].running_ns - seen[i].running_ns,
		};
	free(seen);
	s->seen_counts = now;
}

/* Ends the interval at a tick; @s->now and @ops are what there is in all. */
static void close_interval(struct series *s, uint64_t tick, uint64_t ops)
{
	struct series_interval *i;
	struct iommubench_hist *swap;
	unsigned int p;

	s->intervals = xgrow(s->intervals, s->nr + 1, sizeof(*s->intervals));
	i = &s->intervals[s->nr++];
	*i = (struct series_interval){
		.at = s->bound,
		.ticks = tick > s->bound ? tick - s->bound : 0,
		.run = s->run,
		.ops = ops - s->seen_ops,
		.parts = xcalloc(s->nr_phases, sizeof(*i->parts)),
		.counts = xcalloc(s->source.n, sizeof(*i->counts)),
	};
	for (p = 0; p < s->nr_phases; p++) {
		struct phase_part *part = &i->parts[p];

		part->n = difference(&s->now[p], &s->seen[p], NULL);
		part->entries = xcalloc(part->n, sizeof(*part->entries));
		difference(&s->now[p], &s->seen[p], part->entries);
		part->sum = s->now[p].sum - s->seen[p].sum;
		s->entries += part->n;
	}
	count_on(s, i->counts);
	swap = s->seen;
	s->seen = s->now;
	s->now = swap;
	s->seen_ops = ops;
	s->bound = tick > s->bound ? tick : s->bound;
	while (s->nr > SERIES_MAX_INTERVALS || (s->entries > SERIES_MAX_ENTRIES && s->nr > 1))
		coarsen(s);
}

static void start_counting(struct series *s, uint64_t start)
{
	s->counting = true;
	s->grid = start;
	s->bound = start;
	if (!s->begin)
		s->begin = start;
}

/* Sees whether threads have begun to count, and whether all have ended. */
static uint64_t find_start(const struct iommubench_run *desc, const void *area, bool *ended)
{
	uint64_t start = 0, tick;
	unsigned int i;

	*ended = true;
	for (i = 0; i < desc->threads; i++) {
		const struct iommubench_thread *t = run_thread(desc, area, i);

		tick = read_once(&t->start_tick);
		if (tick && (!start || tick < start))
			start = tick;
		if (!read_once(&t->end_tick))
			*ended = false;
	}
	return start;
}

void series_look(struct series *s, const struct iommubench_run *desc, const void *area,
		 uint64_t now)
{
	uint64_t start, ops;
	bool ended;

	if (!s->asked_ns)
		return;
	start = find_start(desc, area, &ended);
	if (!start || ended)
		return;
	if (!s->counting) {
		start_counting(s, start);
		/* Where we cannot read the same counter, ours is set by what is seen here. */
		s->offset = 0;
		if (now < start || now - start > clock_from_ns(CLOCKS_AGREE_NS, s->clock_hz))
			s->offset = start - now;
	}
	now += s->offset;
	if (now < next_bound(s))
		return;
	ops = read_all(s, desc, area);
	close_interval(s, now, ops);
}

void series_run_ended(struct series *s, const struct run_outcome *o)
{
	uint64_t start = 0, end = 0;
	unsigned int i, p, b;

	if (!s->asked_ns)
		return;
	for (i = 0; i < o->nr_threads; i++) {
		const struct iommubench_thread *t = &o->threads[i];

		if (t->start_tick && (!start || t->start_tick < start))
			start = t->start_tick;
		if (t->end_tick > end)
			end = t->end_tick;
	}
	if (start && !s->counting)
		start_counting(s, start);
	/* Without an end, the threads were left at work. */
	s->end = end ? end : clock_ticks() + s->offset;
	s->past_ops += run_total_ops(o);
	for (p = 0; p < o->nr_phases && p < s->nr_phases; p++) {
		const struct iommubench_hist *h = &o->phases[p];
		struct iommubench_hist *past = &s->past[p];

		if (!h->count)
			continue;
		if (!past->count || h->min < past->min)
			past->min = h->min;
		if (h->max > past->max)
			past->max = h->max;
		past->sum += h->sum;
		for (b = 0; b < IOMMUBENCH_HIST_BUCKETS; b++) {
			past->buckets[b] += h->buckets[b];
			past->count += h->buckets[b];
		}
	}
}

static bool anything_new(const struct series *s)
{
	unsigned int p;

	for (p = 0; p < s->nr_phases; p++)
		if (s->past[p].count != s->seen[p].count || s->past[p].sum != s->seen[p].sum)
			return true;
	return s->past_ops != s->seen_ops;
}

void series_cut(struct series *s)
{
	struct series_interval *last;

	if (!s->asked_ns || !s->counting)
		return;
	last = s->nr ? &s->intervals[s->nr - 1] : NULL;
	/* The last look may have come after the end. */
	if (last && last->run == s->run && s->bound > s->end && s->end > last->at)
		last->ticks -= s->bound - s->end;
	if (anything_new(s) || s->source.n || s->end > s->bound) {
		memcpy(s->now, s->past, s->nr_phases * sizeof(*s->now));
		close_interval(s, s->end, s->past_ops);
	}
	/* What was there before the last look, but was not seen by it, gets no time of its own. */
	last = s->nr > 1 ? &s->intervals[s->nr - 1] : NULL;
	if (last && !last->ticks && last[-1].run == last->run) {
		join(s, last - 1, last);
		s->nr--;
	}
	s->counting = false;
	s->run++;
}

/*
 * An interval's histogram. The extremes are as tight as buckets and the whole
 * series tell.
 */
static void unpack_part(const struct series *s, unsigned int phase, const struct phase_part *part,
			struct iommubench_hist *h)
{
	const struct iommubench_hist *all = &s->past[phase];
	unsigned int i, first, last;
	uint64_t high;

	iommubench_hist_init(h);
	if (!part->n)
		return;
	for (i = 0; i < part->n; i++) {
		h->buckets[part->entries[i].index] = part->entries[i].count;
		h->count += part->entries[i].count;
	}
	first = part->entries[0].index;
	last = part->entries[part->n - 1].index;
	high = iommubench_hist_bucket_low(last) + iommubench_hist_bucket_width(last) - 1;
	h->min = iommubench_hist_bucket_low(first);
	if (all->min > h->min)
		h->min = all->min;
	h->max = last == IOMMUBENCH_HIST_BUCKETS - 1 || all->max < high ? all->max : high;
}

static json_t *describe_part(const struct iommubench_hist *h, double ns_per_unit,
			     unsigned int batch)
{
	json_t *j = xjson(json_object());

	xjson_put(j, "count", xjson(json_integer((json_int_t)h->count)));
	xjson_put(j, "latency_ns", result_stats(h, ns_per_unit / batch,
						RESULT_P50 | RESULT_P99 | RESULT_MAX));
	xjson_put(j, "histogram", result_hist(h, ns_per_unit, batch));
	return j;
}

/* What the source counts, in its order; null where it does not, or where a name comes again. */
static json_t *describe_source(const struct series *s)
{
	json_t *columns = xjson(json_array()), *names = xjson(json_object()), *column;
	const char *name;
	size_t i;

	for (i = 0; i < s->source.n; i++) {
		column = s->source.describe(s->source.arg, i);
		name = result_text(column, "name");
		if (column && json_object_get(names, name)) {
			json_decref(column);
			column = NULL;
		}
		if (column)
			xjson_put(names, name, json_true());
		xjson_add(columns, column ? column : json_null());
	}
	json_decref(names);
	return columns;
}

/* A number, or null; in @scaled how much of the time is behind what is an estimate. */
static json_t *describe_count(const struct series_count *c, const char *name, json_t *scaled)
{
	double value = fmax(c->value, 0);

	if (c->running_ns >= c->enabled_ns)
		return xjson_count(value);
	xjson_put(scaled, name,
		  xjson(json_real((double)c->running_ns / (double)c->enabled_ns)));
	if (!c->running_ns)
		return json_null();
	return xjson(json_real(value * ((double)c->enabled_ns / (double)c->running_ns)));
}

static json_t *describe_interval(const struct series *s, const struct series_interval *i,
				 json_t *phases, const json_t *columns)
{
	json_t *j = xjson(json_object()), *counts, *scaled;
	uint64_t at = i->at > s->begin ? i->at - s->begin : 0;
	size_t c;

	xjson_put(j, "at_ns", xjson(json_integer((json_int_t)clock_to_ns(at, s->clock_hz))));
	xjson_put(j, "length_ns",
		  xjson(json_integer((json_int_t)clock_to_ns(i->ticks, s->clock_hz))));
	xjson_put(j, "run", xjson(json_integer(i->run)));
	xjson_put(j, "ops", xjson(json_integer((json_int_t)i->ops)));
	xjson_put(j, "phases", phases);
	if (!s->source.n)
		return j;
	counts = xjson(json_object());
	scaled = xjson(json_object());
	for (c = 0; c < s->source.n; c++) {
		const char *name = result_text(json_array_get(columns, c), "name");

		if (*name)
			xjson_put(counts, name, describe_count(&i->counts[c], name, scaled));
	}
	xjson_put(j, "counters", counts);
	if (json_object_size(scaled))
		xjson_put(j, "scaled", scaled);
	else
		json_decref(scaled);
	return j;
}

/* Return: an array of the columns that were counted. */
static json_t *describe_counters(const json_t *columns)
{
	json_t *all = xjson(json_array()), *column;
	size_t i;

	json_array_foreach((json_t *)columns, i, column)
		if (!json_is_null(column))
			xjson_add(all, json_incref(column));
	return all;
}

/*
 * A sum goes with the samples that it belongs to: where those were seen later
 * than it, with the next interval that has any, or the last one that had.
 */
static void settle_sums(const struct series *s, unsigned int phase)
{
	struct phase_part *last = NULL;
	uint64_t waiting = 0;
	size_t i;

	for (i = 0; i < s->nr; i++) {
		struct phase_part *part = &s->intervals[i].parts[phase];

		waiting += part->sum;
		part->sum = 0;
		if (!part->n)
			continue;
		part->sum = waiting;
		waiting = 0;
		last = part;
	}
	if (last)
		last->sum += waiting;
}

void series_report(const struct series *s, struct result *r, const char *const *names,
		   double ns_per_unit, unsigned int batch, unsigned int whole)
{
	struct iommubench_hist *h;
	json_t *j, *intervals, *columns;
	unsigned int p;
	size_t i;

	if (!s->asked_ns)
		return;
	columns = describe_source(s);
	if (!batch)
		batch = 1;
	h = xcalloc(1, sizeof(*h));
	intervals = xjson(json_array());
	for (p = 0; p < s->nr_phases; p++)
		settle_sums(s, p);
	for (i = 0; i < s->nr; i++) {
		json_t *phases = xjson(json_object());

		for (p = 0; p < s->nr_phases; p++) {
			const struct phase_part *part = &s->intervals[i].parts[p];

			if (!part->n)
				continue;
			unpack_part(s, p, part, h);
			h->sum = part->sum;
			xjson_put(phases, names[p],
				  describe_part(h, ns_per_unit, p < whole ? 1 : batch));
		}
		xjson_add(intervals, describe_interval(s, &s->intervals[i], phases, columns));
	}
	free(h);
	j = xjson(json_object());
	xjson_put(j, "interval_ns", xjson(json_integer((json_int_t)s->interval_ns)));
	xjson_put(j, "asked_ns", xjson(json_integer((json_int_t)s->asked_ns)));
	xjson_put(j, "begin_ns",
		  xjson(json_integer((json_int_t)clock_to_ns(s->begin, s->clock_hz))));
	xjson_put(j, "counters", describe_counters(columns));
	json_decref(columns);
	xjson_put(j, "intervals", intervals);
	xjson_put(result_json(r), "series", j);
	if (s->interval_ns > s->asked_ns)
		result_add_warning(r, "intervals of %s instead of %s: a series has at most %d",
				   units_time(s->interval_ns).text, units_time(s->asked_ns).text,
				   SERIES_MAX_INTERVALS);
}
