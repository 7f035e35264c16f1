/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers, sizes, times, rates and words that people write.
 *
 * The parse_*() functions take the whole text or nothing: no blanks, no sign, no junk behind the
 * number, no value that does not fit. A fraction is fine as long as the value is whole in its
 * smallest unit (1.5M, 0.5s).
 */
#ifndef IOMMUBENCH_TEXT_PARSE_H
#define IOMMUBENCH_TEXT_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What is more than that, these refuse: sums of it, and numbers of JSON, have no end that far. */
#define PARSE_MAX_BYTES		0x1000000000000000ULL
#define PARSE_MAX_COUNT		1000000000000000ULL
#define PARSE_MAX_RATE_MHZ	1000000000000ULL

/**
 * parse_size() - bytes, with K, M, G or T as powers of 1024
 * @text: such as "4096", "4K", "2M"
 * @bytes: receives the number of bytes, at most PARSE_MAX_BYTES
 * @e: receives what is wrong
 *
 * Return: 0, or -1. This is so for all of these.
 */
int parse_size(const char *text, uint64_t *bytes, struct error *e);

/**
 * parse_duration() - a time, with its unit: ns, us, ms, s, m or h
 * @text: such as "2s", "100ms"
 * @ns: receives nanoseconds
 * @e: receives what is wrong
 */
int parse_duration(const char *text, uint64_t *ns, struct error *e);

/**
 * parse_rate() - operations a second, with k, M or G as powers of 1000
 * @text: such as "500", "10k/s", "1.5M"
 * @mhz: receives operations in 1000 seconds, at most PARSE_MAX_RATE_MHZ
 * @e: receives what is wrong
 */
int parse_rate(const char *text, uint64_t *mhz, struct error *e);

/**
 * parse_count() - a number, with k, M or G as powers of 1000
 * @text: such as "1000", "1M"
 * @count: receives the number, at most PARSE_MAX_COUNT
 * @e: receives what is wrong
 */
int parse_count(const char *text, uint64_t *count, struct error *e);

/**
 * parse_number() - a plain number within limits
 * @text: digits only
 * @min: smallest that is accepted
 * @max: largest that is accepted
 * @value: receives the number
 * @e: receives what is wrong
 */
int parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value, struct error *e);

/**
 * struct choice - a word that an option takes
 * @word: what the user types
 * @value: what it stands for
 */
struct choice {
	const char *word;
	int value;
};

/**
 * parse_choice() - one of a few words
 * @text: the word
 * @choices: the words, ended by one that is NULL
 * @value: receives the value of the word
 * @e: receives what is wrong
 */
int parse_choice(const char *text, const struct choice *choices, int *value, struct error *e);

/**
 * parse_choices_missed() - the words of the last parse_choice() that failed
 *
 * For who wants to offer them. They are told once.
 *
 * Return: these words, or NULL when none has failed since this was asked last.
 */
const struct choice *parse_choices_missed(void);

/**
 * choice_word() - the word for a value
 * @choices: the words
 * @value: the value
 */
const char *choice_word(const struct choice *choices, int value);

/**
 * format_size() - write a size as parse_size() reads it
 * @bytes: the size
 * @buf: receives the text
 * @n: room at @buf
 *
 * Return: @buf.
 */
const char *format_size(uint64_t bytes, char *buf, size_t n);

#endif
