// SPDX-License-Identifier: GPL-2.0-only
#include "flush/view/crossover.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "text/json.h"
#include "text/units.h"

/* -1: the full flush is dearer, 1: it is cheaper, 0: that cannot be told. */
static int verdict(const struct crossover_sample *s)
{
	if (fabs(s->full_ns - s->other_ns) <= CROSSOVER_SAME * fmax(s->full_ns, s->other_ns))
		return 0;
	return s->full_ns < s->other_ns ? 1 : -1;
}

/**
 * struct span - the samples with one verdict
 * @n: how many there are
 * @first: the first of them
 * @last: the last of them
 */
struct span {
	size_t n;
	size_t first;
	size_t last;
};

static struct span find_span(const struct crossover_sample *s, size_t n, int wanted)
{
	struct span span = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (verdict(&s[i]) != wanted)
			continue;
		if (!span.n++)
			span.first = i;
		span.last = i;
	}
	return span;
}

/* Around the change, so far that it is still in between if any one verdict is wrong. */
static void surround(struct crossover *c, const struct crossover_sample *s, int before,
		     struct span below, struct span above)
{
	size_t i;

	for (i = below.last; verdict(&s[--i]) != before;)
		;
	c->below = s[i].range_bytes;
	for (i = above.first; verdict(&s[++i]) != -before;)
		;
	c->above = s[i].range_bytes;
}

struct crossover crossover_find(const struct crossover_sample *s, size_t n)
{
	struct span dearer = find_span(s, n, -1), cheaper = find_span(s, n, 1);
	struct crossover c = { .sizes = n, .dearer = dearer.n, .cheaper = cheaper.n };

	if (!n)
		return c;
	c.below = s[0].range_bytes;
	c.above = s[n - 1].range_bytes;
	/* What a single sample stands for alone is not told. */
	c.kind = CROSSOVER_UNCLEAR;
	if (n < 2 || dearer.n == 1 || cheaper.n == 1)
		return c;
	if (!dearer.n) {
		c.kind = cheaper.n ? CROSSOVER_ALWAYS : CROSSOVER_SAME_COST;
	} else if (!cheaper.n) {
		c.kind = CROSSOVER_NEVER;
	} else if (dearer.last < cheaper.first) {
		c.kind = CROSSOVER_FOUND;
		surround(&c, s, -1, dearer, cheaper);
	} else if (cheaper.last < dearer.first) {
		c.kind = CROSSOVER_REVERSED;
		surround(&c, s, 1, cheaper, dearer);
	}
	return c;
}

char *crossover_sentence(const struct crossover *c, const char *other)
{
	struct units below = units_size(c->below), above = units_size(c->above);

	switch (c->kind) {
	case CROSSOVER_FOUND:
		return xasprintf("a full flush begins to beat %s somewhere between %s and %s: of %zu sizes it was dearer at the %zu smaller and cheaper at the %zu larger ones",
				 other, below.text, above.text, c->sizes, c->dearer, c->cheaper);
	case CROSSOVER_ALWAYS:
		return xasprintf("a full flush was cheaper than %s at %zu of %zu sizes from %s to %s, and dearer at none",
				 other, c->cheaper, c->sizes, below.text, above.text);
	case CROSSOVER_NEVER:
		return xasprintf("a full flush was dearer than %s at %zu of %zu sizes from %s to %s, and cheaper at none",
				 other, c->dearer, c->sizes, below.text, above.text);
	case CROSSOVER_SAME_COST:
		return xasprintf("a full flush and %s cost the same within %.0f %% at all %zu sizes from %s to %s",
				 other, 100 * CROSSOVER_SAME, c->sizes, below.text, above.text);
	case CROSSOVER_REVERSED:
		return xasprintf("a full flush beats %s only up to somewhere between %s and %s: of %zu sizes it was cheaper at the %zu smaller and dearer at the %zu larger ones",
				 other, below.text, above.text, c->sizes, c->cheaper, c->dearer);
	case CROSSOVER_UNCLEAR:
		if (c->sizes < 2)
			return xasprintf("one size, %s, does not tell from where on a full flush beats %s: sweep the range",
					 above.text, other);
		return xasprintf("no clear crossover of a full flush and %s: it was cheaper at %zu and dearer at %zu of %zu sizes from %s to %s; measure more sizes, longer, or with --repeat",
				 other, c->cheaper, c->dearer, c->sizes, below.text, above.text);
	default:
		return xstrdup("");
	}
}

static double total_ns(const json_t *result)
{
	json_t *phase;
	size_t i;

	json_array_foreach(result_get(result, "phases"), i, phase)
		if (!strcmp(result_text(phase, "name"), "total") &&
		    result_number(phase, "latency_ns.count") > 0)
			return result_number(phase, "latency_ns.p50");
	return 0;
}

/**
 * struct row - what is compared of a result
 * @strategy: its word
 * @size: bytes of a mapping
 * @threads: threads that unmap at once
 * @domains: "shared" or "per-thread"
 * @range: bytes of a round
 * @total_ns: what a round costs, 0 when that is not known
 * @told: it has been compared with all like it
 */
struct row {
	const char *strategy;
	double size;
	double threads;
	const char *domains;
	double range;
	double total_ns;
	bool told;
};

static struct row *read_rows(json_t *const *results, size_t n)
{
	struct row *rows = xcalloc(n, sizeof(*rows));
	size_t i;

	for (i = 0; i < n; i++)
		rows[i] = (struct row){
			.strategy = result_text(results[i], "params.strategy"),
			.size = result_number(results[i], "params.size_bytes"),
			.threads = result_number(results[i], "params.threads"),
			.domains = result_text(results[i], "params.domains"),
			.range = result_number(results[i], "params.range_bytes"),
			.total_ns = total_ns(results[i]),
		};
	return rows;
}

/* Do they differ in nothing but strategy and range? */
static bool comparable(const struct row *a, const struct row *b)
{
	return a->size == b->size && a->threads == b->threads && !strcmp(a->domains, b->domains);
}

static int by_range(const void *a, const void *b)
{
	const struct crossover_sample *left = a, *right = b;

	return left->range_bytes < right->range_bytes ? -1 :
	       left->range_bytes > right->range_bytes;
}

/* Both costs at all sizes that were measured with both, for what is comparable to @like. */
static size_t collect(const struct row *rows, size_t n, const struct row *like, const char *other,
		      struct crossover_sample *samples)
{
	size_t i, j, nr = 0;

	for (i = 0; i < n; i++) {
		const struct row *full = &rows[i];

		if (!comparable(full, like) || strcmp(full->strategy, "full"))
			continue;
		for (j = 0; j < n; j++)
			if (rows[j].range == full->range && comparable(&rows[j], like) &&
			    !strcmp(rows[j].strategy, other) && full->total_ns > 0 &&
			    rows[j].total_ns > 0) {
				samples[nr++] = (struct crossover_sample){
					.range_bytes = (uint64_t)full->range,
					.full_ns = full->total_ns,
					.other_ns = rows[j].total_ns,
				};
				break;
			}
	}
	qsort(samples, nr, sizeof(*samples), by_range);
	return nr;
}

/* What sets this comparison apart from the others of the sweep. */
static char *setting(const struct row *rows, size_t n, const struct row *like)
{
	bool size = false, threads = false, domains = false;
	size_t i;

	for (i = 0; i < n; i++) {
		size |= rows[i].size != like->size;
		threads |= rows[i].threads != like->threads;
		/* The strategies of the DMA API know shared domains only. */
		domains |= strcmp(rows[i].domains, "shared");
	}
	if (!size && !threads && !domains)
		return xstrdup("");
	return xasprintf("%s%s%.0f thread%s%s%s: ",
			 size ? units_size((uint64_t)like->size).text : "", size ? ", " : "",
			 like->threads, like->threads == 1 ? "" : "s",
			 domains ? ", domains " : "", domains ? like->domains : "");
}

/* Only the first of those that belong together speaks for them. */
static void tell(struct row *rows, size_t n, struct row *like, struct crossover_sample *samples,
		 json_t *sentences)
{
	static const char *const others[] = { "per-page", "gather", "range" };
	size_t i, k;

	for (i = 0; i < n; i++)
		rows[i].told = rows[i].told || comparable(&rows[i], like);
	for (k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
		struct crossover c = crossover_find(samples, collect(rows, n, like, others[k],
								     samples));
		char *where, *sentence, *whole;

		if (c.kind == CROSSOVER_UNKNOWN)
			continue;
		where = setting(rows, n, like);
		sentence = crossover_sentence(&c, others[k]);
		whole = xasprintf("%s%s", where, sentence);
		xjson_add(sentences, xjson_text(whole));
		free(whole);
		free(sentence);
		free(where);
	}
}

json_t *crossover_sentences(json_t *const *results, size_t n)
{
	struct crossover_sample *samples = xcalloc(n, sizeof(*samples));
	struct row *rows = read_rows(results, n);
	json_t *sentences = xjson(json_array());
	size_t i;

	for (i = 0; i < n; i++)
		if (!rows[i].told)
			tell(rows, n, &rows[i], samples, sentences);
	free(rows);
	free(samples);
	return sentences;
}
