/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What shells need to complete command lines, made from the tables of options themselves: each
 * subcommand is called in a process of its own, which tells its options instead of reading any. The
 * words that an option takes are those that its parser would rather have had than what it refused.
 */
#ifndef IOMMUBENCH_CLI_COMPLETION_H
#define IOMMUBENCH_CLI_COMPLETION_H

#include <argp.h>
#include <stdbool.h>

/**
 * completion_begin() - begin to print to standard output
 * @shell: bash or zsh
 *
 * Return: 0, or -1 if that is another shell.
 */
int completion_begin(const char *shell);

/**
 * completion_of() - print what one subcommand takes
 * @name: its name
 * @run: its main function, which has to get as far as options_parse() without anything given
 *
 * Ends the program if that cannot be done.
 */
void completion_of(const char *name, int (*run)(int argc, char **argv));

/**
 * completion_list_begin() - begin the list of subcommands
 */
void completion_list_begin(void);

/**
 * completion_list() - print one subcommand of the list
 * @name: its name
 * @summary: what it does, in a line
 */
void completion_list(const char *name, const char *summary);

/**
 * completion_end() - print what puts all of it together
 */
void completion_end(void);

/**
 * completion_wanted() - is this the process of completion_of()?
 */
bool completion_wanted(void);

/**
 * completion_take() - print the options of a subcommand and end the process
 * @argp: options, parser and children
 * @input: for the parser
 */
void completion_take(const struct argp *argp, void *input) __attribute__((noreturn));

#endif
