/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The points of tlb-flush that are asked for: values by options, or lists of them by --sweep.
 */
#ifndef IOMMUBENCH_FLUSH_SWEEP_H
#define IOMMUBENCH_FLUSH_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include <argp.h>

#include "cli/options.h"
#include "cli/sweep.h"
#include "flush/point.h"

/* What can be swept, also without saying so: each has a list, mostly of one value. */
enum flush_key {
	FLUSH_KEY_STRATEGY,
	FLUSH_KEY_SIZE,
	FLUSH_KEY_RANGE,
	FLUSH_KEY_THREADS,
	FLUSH_KEY_DOMAINS,
	FLUSH_KEYS,
};

/**
 * struct flush_sweep - what is asked for; zeroes at first
 * @lists: values of each key; of ranges none where each round has one mapping
 * @swept: --sweep gave them
 * @all: all strategies are meant, as far as they make sense
 * @in_mappings: values of ranges are numbers of mappings, not bytes
 */
struct flush_sweep {
	struct sweep lists[FLUSH_KEYS];
	bool swept[FLUSH_KEYS];
	bool all;
	bool in_mappings;
};

/**
 * flush_sweep_list() - take what --sweep says
 * @s: receives it
 * @arg: KEY=LIST
 * @state: argp's; what is wrong ends the program
 */
void flush_sweep_list(struct flush_sweep *s, const char *arg, const struct argp_state *state);

/**
 * flush_sweep_option() - take what the option of a key says: one value, or several strategies
 * @s: receives it
 * @key: key that the option is of
 * @arg: the value
 * @state: argp's; what is wrong ends the program
 */
void flush_sweep_option(struct flush_sweep *s, enum flush_key key, const char *arg,
			const struct argp_state *state);

/**
 * flush_sweep_settle() - take what the options of all subcommands say, and defaults
 * @s: the sweep, after all options
 * @o: size UINT64_MAX and threads 0 when they were not given
 * @state: argp's; what is wrong ends the program
 *
 * Return: how many points it takes.
 */
size_t flush_sweep_settle(struct flush_sweep *s, const struct options *o,
			  const struct argp_state *state);

/**
 * flush_sweep_point() - one of the points
 * @s: the sweep, settled
 * @i: which; the strategy changes last, so that the domain type is switched as seldom as can be
 * @p: receives it, whether it makes sense or not
 */
void flush_sweep_point(const struct flush_sweep *s, size_t i, struct flush_point *p);

/**
 * flush_sweep_free() - give the lists back
 * @s: may be all zeroes
 */
void flush_sweep_free(struct flush_sweep *s);

#endif
