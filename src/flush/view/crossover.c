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

/* Where the two straight lines between neighbours meet, both axes being logarithmic. */
static double meet(const struct crossover_sample *a, const struct crossover_sample *b)
{
	double left = log(a->full_ns / a->other_ns), right = log(b->full_ns / b->other_ns);
	double part = left != right ? left / (left - right) : 0;

	part = fmin(fmax(part, 0), 1);
	return exp(log((double)a->range_bytes) * (1 - part) + log((double)b->range_bytes) * part);
}

/* Between two samples that differ there may be some that are too close to tell. */
static void locate(struct crossover *c, const struct crossover_sample *s, size_t before,
		   size_t after)
{
	bool dearer = s[before].full_ns > s[before].other_ns;
	size_t i;

	for (i = before; i + 1 < after; i++) {
		bool next = s[i + 1].full_ns > s[i + 1].other_ns;

		if (next != dearer)
			break;
	}
	c->below = s[before].range_bytes;
	c->above = s[after].range_bytes;
	c->range_bytes = meet(&s[i], &s[i + 1]);
}

/* First and last sample with a verdict; @first is past the end when there is none. */
struct span {
	size_t first;
	size_t last;
};

static struct span find_span(const struct crossover_sample *s, size_t n, int wanted)
{
	struct span span = { .first = n };
	size_t i;

	for (i = 0; i < n; i++) {
		if (verdict(&s[i]) != wanted)
			continue;
		if (span.first == n)
			span.first = i;
		span.last = i;
	}
	return span;
}

struct crossover crossover_find(const struct crossover_sample *s, size_t n)
{
	struct span dearer = find_span(s, n, -1), cheaper = find_span(s, n, 1);
	struct crossover c = { .kind = CROSSOVER_UNKNOWN };

	if (!n)
		return c;
	c.below = s[0].range_bytes;
	c.above = s[n - 1].range_bytes;
	c.ratio = s[n - 1].other_ns > 0 ? s[n - 1].full_ns / s[n - 1].other_ns : 0;
	if (dearer.first == n) {
		c.kind = cheaper.first == n ? CROSSOVER_SAME_COST : CROSSOVER_ALWAYS;
	} else if (cheaper.first == n) {
		c.kind = CROSSOVER_NEVER;
	} else if (dearer.last < cheaper.first) {
		c.kind = CROSSOVER_FOUND;
		locate(&c, s, dearer.last, cheaper.first);
	} else if (cheaper.last < dearer.first) {
		c.kind = CROSSOVER_REVERSED;
		locate(&c, s, cheaper.last, dearer.first);
	} else {
		c.kind = CROSSOVER_UNCLEAR;
	}
	return c;
}

/* Return: a number of whole mappings, because there is nothing between them. */
static uint64_t in_mappings(double bytes, uint64_t size)
{
	/* What arithmetic alone may have added is no mapping more. */
	const double slack = 1.0 / (1 << 20);
	uint64_t n = size ? (uint64_t)ceil(bytes / (double)size - slack) : 0;

	return n ? n : 1;
}

static char *how_much(const struct crossover *c)
{
	if (c->ratio >= 1)
		return xasprintf("takes %.2f times as long", c->ratio);
	return xasprintf("takes %.0f %% of the time", 100 * c->ratio);
}

char *crossover_sentence(const struct crossover *c, const char *other, uint64_t size)
{
	struct units below = units_size(c->below), above = units_size(c->above);
	bool single = c->below == c->above;
	char *ratio = how_much(c), *text;
	uint64_t n;

	switch (c->kind) {
	case CROSSOVER_FOUND:
		n = in_mappings(c->range_bytes, size);
		text = xasprintf("a full flush beats %s from about %s on (%ju mappings of %s; interpolated: %s was measured as dearer, %s as cheaper)",
				 other, units_size(n * size).text, (uintmax_t)n,
				 units_size(size).text, below.text, above.text);
		break;
	case CROSSOVER_ALWAYS:
		text = single ?
		       xasprintf("a full flush beats %s at %s, the only size measured: it %s; sweep the range to see from where on",
				 other, above.text, ratio) :
		       xasprintf("a full flush is nowhere dearer than %s from %s to %s, so it pays at all sizes measured; at %s it %s",
				 other, below.text, above.text, above.text, ratio);
		break;
	case CROSSOVER_NEVER:
		text = single ?
		       xasprintf("a full flush does not beat %s at %s, the only size measured: it %s; sweep the range to see if it ever does",
				 other, above.text, ratio) :
		       xasprintf("a full flush never beats %s from %s to %s: there is no crossover; at %s it %s",
				 other, below.text, above.text, above.text, ratio);
		break;
	case CROSSOVER_SAME_COST:
		text = single ?
		       xasprintf("a full flush and %s cost the same within %.0f %% at %s, the only size measured",
				 other, 100 * CROSSOVER_SAME, above.text) :
		       xasprintf("a full flush and %s cost the same within %.0f %% from %s to %s: there is no crossover",
				 other, 100 * CROSSOVER_SAME, below.text, above.text);
		break;
	case CROSSOVER_REVERSED:
		n = in_mappings(c->range_bytes, size);
		text = xasprintf("a full flush beats %s only below about %s (%ju mappings of %s; interpolated: %s was measured as cheaper, %s as dearer)",
				 other, units_size(n * size).text, (uintmax_t)n,
				 units_size(size).text, below.text, above.text);
		break;
	case CROSSOVER_UNCLEAR:
		text = xasprintf("a full flush is cheaper than %s at some sizes from %s to %s and dearer at others, in no order: there is no clear crossover; measure longer, or with --repeat",
				 other, below.text, above.text);
		break;
	default:
		text = xstrdup("");
		break;
	}
	free(ratio);
	return text;
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

static bool is_strategy(const json_t *result, const char *strategy)
{
	return !strcmp(result_text(result, "params.strategy"), strategy);
}

/* Do they differ in nothing but strategy and range? */
static bool comparable(const json_t *a, const json_t *b)
{
	return result_number(a, "params.size_bytes") == result_number(b, "params.size_bytes") &&
	       result_number(a, "params.threads") == result_number(b, "params.threads") &&
	       !strcmp(result_text(a, "params.domains"), result_text(b, "params.domains"));
}

static int by_range(const void *a, const void *b)
{
	const struct crossover_sample *left = a, *right = b;

	return left->range_bytes < right->range_bytes ? -1 :
	       left->range_bytes > right->range_bytes;
}

/* Both costs at all sizes that were measured with both, for what is comparable to @like. */
static size_t collect(json_t *const *results, size_t n, const json_t *like, const char *other,
		      struct crossover_sample *samples)
{
	size_t i, j, nr = 0;

	for (i = 0; i < n; i++) {
		if (!is_strategy(results[i], "full") || !comparable(results[i], like))
			continue;
		for (j = 0; j < n; j++) {
			double range = result_number(results[i], "params.range_bytes");
			struct crossover_sample s = {
				.range_bytes = (uint64_t)range,
				.full_ns = total_ns(results[i]),
				.other_ns = total_ns(results[j]),
			};

			if (is_strategy(results[j], other) && comparable(results[j], like) &&
			    result_number(results[j], "params.range_bytes") == range &&
			    s.full_ns > 0 && s.other_ns > 0) {
				samples[nr++] = s;
				break;
			}
		}
	}
	qsort(samples, nr, sizeof(*samples), by_range);
	return nr;
}

/* What sets this comparison apart from the others of the sweep. */
static char *setting(json_t *const *results, size_t n, const json_t *like)
{
	bool size = false, threads = false, domains = false;
	char *text;
	size_t i;

	for (i = 0; i < n; i++) {
		size |= result_number(results[i], "params.size_bytes") !=
			result_number(like, "params.size_bytes");
		threads |= result_number(results[i], "params.threads") !=
			   result_number(like, "params.threads");
		/* The strategies of the DMA API know shared domains only. */
		domains |= strcmp(result_text(results[i], "params.domains"), "shared");
	}
	if (!size && !threads && !domains)
		return xstrdup("");
	text = xasprintf("%s%s%.0f thread%s%s%s: ",
			 size ? units_size((uint64_t)result_number(like, "params.size_bytes")).text
			      : "", size ? ", " : "", result_number(like, "params.threads"),
			 result_number(like, "params.threads") == 1 ? "" : "s",
			 domains ? ", domains " : "",
			 domains ? result_text(like, "params.domains") : "");
	return text;
}

json_t *crossover_sentences(json_t *const *results, size_t n)
{
	static const char *const others[] = { "per-page", "gather", "range" };
	struct crossover_sample *samples = xcalloc(n, sizeof(*samples));
	json_t *sentences = xjson(json_array());
	size_t i, j, k;

	for (i = 0; i < n; i++) {
		const json_t *like = results[i];

		for (j = 0; j < i && !comparable(results[j], like); j++)
			;
		/* Only the first of those that belong together speaks for them. */
		if (j < i)
			continue;
		for (k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
			struct crossover c = crossover_find(samples, collect(results, n, like,
									     others[k], samples));
			char *where, *sentence, *whole;

			if (c.kind == CROSSOVER_UNKNOWN)
				continue;
			where = setting(results, n, like);
			sentence = crossover_sentence(&c, others[k], (uint64_t)
						      result_number(like, "params.size_bytes"));
			whole = xasprintf("%s%s", where, sentence);
			xjson_add(sentences, xjson_text(whole));
			free(whole);
			free(sentence);
			free(where);
		}
	}
	free(samples);
	return sentences;
}
