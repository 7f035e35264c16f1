/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From which range size on a full flush of the TLB is cheaper than invalidating
 * what was unmapped.
 */
#ifndef IOMMUBENCH_FLUSH_VIEW_CROSSOVER_H
#define IOMMUBENCH_FLUSH_VIEW_CROSSOVER_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* Costs that are closer than this, as a part of the larger one, count as the same. */
#define CROSSOVER_SAME	0.05

/**
 * struct crossover_sample - both costs at one range size
 * @range_bytes: what a round unmaps
 * @other_ns: what it costs by the other strategy, such as per-page
 * @full_ns: what it costs with a full flush
 */
struct crossover_sample {
	uint64_t range_bytes;
	double other_ns;
	double full_ns;
};

/**
 * enum crossover_kind - what was found
 * @CROSSOVER_UNKNOWN: nothing was measured
 * @CROSSOVER_SAME_COST: the two cost the same wherever they were measured
 * @CROSSOVER_NEVER: the full flush is dearer at several sizes and nowhere cheaper
 * @CROSSOVER_ALWAYS: it is cheaper at several sizes and nowhere dearer
 * @CROSSOVER_FOUND: it is dearer at several sizes and cheaper at several larger ones
 * @CROSSOVER_REVERSED: it is cheaper at several sizes and dearer at several larger ones
 * @CROSSOVER_UNCLEAR: it is cheaper here and there, in no order, or at a single size: another
 *	verdict on one sample would make that something else
 *
 * Whatever the verdict on any one sample were instead, none of these would become another than
 * UNCLEAR.
 */
enum crossover_kind {
	CROSSOVER_UNKNOWN = 0,
	CROSSOVER_SAME_COST,
	CROSSOVER_NEVER,
	CROSSOVER_ALWAYS,
	CROSSOVER_FOUND,
	CROSSOVER_REVERSED,
	CROSSOVER_UNCLEAR,
};

/**
 * struct crossover - where a full flush begins to pay
 * @kind: what was found
 * @sizes: sizes at which both were measured
 * @dearer: sizes at which the full flush was dearer
 * @cheaper: sizes at which it was cheaper
 * @below: FOUND and REVERSED: a measured size that is before it even if any one verdict is wrong;
 *	otherwise the smallest measured
 * @above: FOUND and REVERSED: one that is after it; otherwise the largest measured
 */
struct crossover {
	enum crossover_kind kind;
	size_t sizes;
	size_t dearer;
	size_t cheaper;
	uint64_t below;
	uint64_t above;
};

/**
 * crossover_find() - look for the point where two curves cross
 * @s: the costs, sorted by range size
 * @n: entries at @s
 */
struct crossover crossover_find(const struct crossover_sample *s, size_t n);

/**
 * crossover_sentence() - what was found, in words
 * @c: what was found
 * @other: the strategy that the full flush was compared with
 *
 * Return: a string that the caller frees.
 */
char *crossover_sentence(const struct crossover *c, const char *other);

/**
 * crossover_sentences() - the same for all that a sweep has measured
 * @results: results of tlb-flush
 * @n: entries at @results
 *
 * Results are compared when only strategy and range differ, by the median of a
 * round's unmap and flush together.
 *
 * Return: a new array of strings, empty when no two can be compared.
 */
json_t *crossover_sentences(json_t *const *results, size_t n);

#endif
