/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusing an option that is wrong, and options whose value is checked at once.
 */
#ifndef IOMMUBENCH_CLI_REFUSE_H
#define IOMMUBENCH_CLI_REFUSE_H

#include <argp.h>
#include <stdint.h>

#include "base/error.h"
#include "text/parse.h"

/**
 * options_try() - would this be taken?
 * @argp: options, parser and children
 * @option: with its value, such as "--size=4K"
 * @input: for the parser
 *
 * The program goes on, whatever the answer is. What a parser that refuses has allocated is lost, so
 * this is for a process that ends soon.
 *
 * Return: 0, or -1 if it is refused.
 */
int options_try(const struct argp *argp, char *option, void *input);

/**
 * options_usage_error() - end the program over a wrong option, with one line
 * @state: argp's state of the parser
 * @option: as the user typed it, such as "--size"; NULL for none
 * @e: what is wrong with its value
 */
void options_usage_error(const struct argp_state *state, const char *option,
			 const struct error *e) __attribute__((noreturn));

/**
 * options_refuse() - same
 * @state: argp's state of the parser
 * @option: as the user typed it
 * @fmt: what is wrong with its value, as printf
 */
void options_refuse(const struct argp_state *state, const char *option, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/**
 * options_require() - end the program if an option's value could not be parsed
 * @state: argp's state of the parser
 * @option: as the user typed it
 * @ret: what the parser returned
 * @e: what it says
 */
void options_require(const struct argp_state *state, const char *option, int ret,
		     const struct error *e);

/**
 * options_word() - one of a few words, or the end of the program
 * @text: what the user typed
 * @choices: the words
 * @option: as the user typed it
 * @state: argp's state of the parser
 *
 * Return: what the word stands for.
 */
int options_word(const char *text, const struct choice *choices, const char *option,
		 const struct argp_state *state);

/**
 * options_number() - a plain number within limits, or the end of the program
 * @text: what the user typed
 * @min: smallest that is accepted
 * @max: largest that is accepted
 * @option: as the user typed it
 * @state: argp's state of the parser
 */
uint64_t options_number(const char *text, uint64_t min, uint64_t max, const char *option,
			const struct argp_state *state);

/**
 * options_count() - a whole number that may have a suffix, or the end of the program
 * @text: what the user typed
 * @min: smallest that is accepted
 * @max: largest that is accepted
 * @option: as the user typed it
 * @state: argp's state of the parser
 */
uint64_t options_count(const char *text, uint64_t min, uint64_t max, const char *option,
		       const struct argp_state *state);

/**
 * options_time() - a time, or the end of the program
 * @text: what the user typed
 * @min: smallest that is accepted, in nanoseconds
 * @option: as the user typed it
 * @state: argp's state of the parser
 *
 * Return: nanoseconds, at most IOMMUBENCH_MAX_TIME_NS.
 */
uint64_t options_time(const char *text, uint64_t min, const char *option,
		      const struct argp_state *state);

/**
 * options_rate() - operations a second, more than none, or the end of the program
 * @text: what the user typed
 * @option: as the user typed it
 * @state: argp's state of the parser
 *
 * Return: operations in 1000 seconds.
 */
uint64_t options_rate(const char *text, const char *option, const struct argp_state *state);

/**
 * options_size() - a size above 0, or the end of the program
 * @text: what the user typed
 * @option: as the user typed it
 * @state: argp's state of the parser
 *
 * Return: bytes.
 */
uint64_t options_size(const char *text, const char *option, const struct argp_state *state);

/**
 * options_mapping_size() - check the size of a mapping, or end the program
 * @bytes: the size
 * @option: as the user typed it
 * @state: argp's state of the parser
 */
void options_mapping_size(uint64_t bytes, const char *option, const struct argp_state *state);

#endif
