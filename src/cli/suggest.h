/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was meant by a word that was mistyped.
 */
#ifndef IOMMUBENCH_CLI_SUGGEST_H
#define IOMMUBENCH_CLI_SUGGEST_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * suggest_is_near() - may a word be a mistyped form of another?
 * @typed: what was typed
 * @word: what it could have been
 * @least: slips that it takes at most to be of interest; receives how many it takes, when that is
 *	fewer and few enough for the word's length. A slip is a letter that is missing, superfluous
 *	or another one, or two neighbours that changed places
 */
bool suggest_is_near(const char *typed, const char *word, unsigned int *least);

/**
 * suggest_option() - end the program over a long option that is not there but nearly is
 * @argp: the options that there are, with those of its children
 * @argc: number of words
 * @argv: the command line; argv[0] is the name in the message
 *
 * All other mistakes are left to getopt, whose line has no room for a suggestion.
 */
void suggest_option(const struct argp *argp, int argc, char **argv);

#endif
