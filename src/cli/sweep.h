/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of values that a parameter takes one after the other.
 */
#ifndef IOMMUBENCH_CLI_SWEEP_H
#define IOMMUBENCH_CLI_SWEEP_H

#include <stddef.h>
#include <stdint.h>

#include "text/parse.h"

/* More values than this are a slip of the hand. */
#define SWEEP_MAX	1024

/**
 * struct sweep - values in the order in which they were given
 * @values: the values, freed by sweep_free()
 * @n: entries at @values
 */
struct sweep {
	uint64_t *values;
	size_t n;
};

/**
 * sweep_numbers() - read a list such as "4K,64K", "4K..1G" or "4K..1Gx4"
 * @s: what was there is given back; receives
 * @text: values and ranges with commas between; a range goes from its first to its last value by
 *	doubling, or by the factor behind an x, and has the last value in any case
 * @parse: reads one value
 * @e: receives what is wrong
 *
 * Return: 0, or -1 with @s as it was.
 */
int sweep_numbers(struct sweep *s, const char *text,
		  int (*parse)(const char *text, uint64_t *value, struct error *e),
		  struct error *e);

/**
 * sweep_words() - read a list of words
 * @s: what was there is given back; receives
 * @text: words with commas between
 * @choices: the words that there are
 * @e: receives what is wrong
 *
 * Return: 0, or -1 with @s as it was.
 */
int sweep_words(struct sweep *s, const char *text, const struct choice *choices, struct error *e);

/**
 * sweep_one() - make it a single value
 * @s: what was there is given back; receives
 * @value: the value
 */
void sweep_one(struct sweep *s, uint64_t value);

/**
 * sweep_free() - give a list back
 * @s: the list, may be all zeroes
 */
void sweep_free(struct sweep *s);

#endif
