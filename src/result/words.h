/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What parameters of a result are called where people read them.
 */
#ifndef IOMMUBENCH_RESULT_WORDS_H
#define IOMMUBENCH_RESULT_WORDS_H

#include <stdbool.h>

#include <jansson.h>

/* What words_domain() says, in the order in which tables list them; ended by NULL. */
extern const char *const words_domains[];

/**
 * words_domain() - what translated the addresses of a run
 * @result: a result
 *
 * Return: one of words_domains, or a type that a newer kernel may have.
 */
const char *words_domain(const json_t *result);

/**
 * words_value() - a value from a result in words
 * @key: its key, whose end tells the unit: _ns, _bytes, _hz, _per_s
 * @value: the value
 *
 * Return: a string that the caller frees; "" for what is empty.
 */
char *words_value(const char *key, const json_t *value);

/**
 * words_runs() - how many runs a result is of, and how far they are apart
 * @result: a result, or what several say together
 *
 * Return: a string that the caller frees, such as "3 runs, 4.2 % apart"; "" for a single run.
 */
char *words_runs(const json_t *result);

/**
 * words_end_with() - whether a key says so of its unit
 * @s: the key
 * @end: such as "_ns"
 */
bool words_end_with(const char *s, const char *end);

#endif
