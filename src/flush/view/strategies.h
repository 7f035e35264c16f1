/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flush strategies: all that the tool knows of one is a row. What it does is in the module.
 */
#ifndef IOMMUBENCH_FLUSH_VIEW_STRATEGIES_H
#define IOMMUBENCH_FLUSH_VIEW_STRATEGIES_H

#include <stdbool.h>
#include <stdint.h>

#include <iommubench.h>

/*
 * Each row has the word that options and results have for the strategy, its name in the ABI, the
 * type that the device's default domain must have (-1: it works in a domain of its own), whether it
 * waits for the invalidation, and its line style in common.gp. Tables and pictures list them in
 * this order; strict and lazy look as they do in other pictures.
 */
#define FLUSH_STRATEGY_ROWS(row)						\
	row("strict",	    STRICT,	  IOMMUBENCH_DOMAIN_STRICT,   true,  1)	\
	row("lazy",	    LAZY,	  IOMMUBENCH_DOMAIN_LAZY,     false, 2)	\
	row("gather",	    GATHER,	  -1,			      true,  3)	\
	row("range",	    RANGE,	  -1,			      true,  5)	\
	row("per-page",	    PER_PAGE,	  -1,			      true,  6)	\
	row("full",	    FULL,	  -1,			      true,  4)	\
	row("per-map-full", PER_MAP_FULL, -1,			      true,  7)	\
	row("none",	    NONE,	  IOMMUBENCH_DOMAIN_IDENTITY, false, 8)

#define FLUSH_ROW_AT(word, name, domain, waits, style)	FLUSH_AT_##name,

/* The place of each strategy in the table, such as FLUSH_AT_FULL, and the number of strategies. */
enum {
	FLUSH_STRATEGY_ROWS(FLUSH_ROW_AT)
	FLUSH_STRATEGIES
};

/**
 * struct flush_strategy - a row
 * @word: what options and results call it
 * @number: enum iommubench_flush_strategy
 * @domain_type: enum iommubench_domain_type of the default domain that it works in, -1 for a
 *	domain of its own
 * @waits: an unmap, or the flush after it, returns when the invalidation is done
 * @style: its line style in common.gp
 */
struct flush_strategy {
	const char *word;
	uint32_t number;
	int domain_type;
	bool waits;
	unsigned int style;
};

/* All rows. */
extern const struct flush_strategy flush_table[FLUSH_STRATEGIES];

/* Their words, ended by NULL. */
extern const char *const flush_strategies[];

/**
 * flush_strategy_of() - find a strategy by its number
 * @number: enum iommubench_flush_strategy, which must have a row
 */
const struct flush_strategy *flush_strategy_of(uint32_t number);

#endif
