/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options that every subcommand has, as an argp child: -h, -V and -q; and the words of --format of
 * those that print results.
 */
#ifndef IOMMUBENCH_CLI_STANDARD_H
#define IOMMUBENCH_CLI_STANDARD_H

#include <argp.h>
#include <stdbool.h>

#include "text/parse.h"

/* The group of options that -q stands in where a subcommand sorts its options into groups. */
#define STANDARD_OUTPUT_GROUP	20

/**
 * enum result_format - what --format makes of results on standard output
 * @RESULT_HUMAN: lines for people
 * @RESULT_JSON: JSON objects
 * @RESULT_CSV: rows of CSV
 */
enum result_format {
	RESULT_HUMAN = 0,
	RESULT_JSON,
	RESULT_CSV,
};

/* Words for enum result_format, as --format takes them. */
extern const struct choice result_format_choices[];

/*
 * An argp child with -h, -V and -q. Its input is the bool that -q sets: the parser above it puts
 * its address into child_inputs at ARGP_KEY_INIT. It also keeps argp from adding a second line to
 * what getopt says of a wrong option.
 */
extern const struct argp standard_argp;

/* As standard_argp, for a subcommand that prints warnings in spite of -q. */
extern const struct argp standard_warning_argp;

/* As standard_argp, with -q in STANDARD_OUTPUT_GROUP. */
extern const struct argp standard_grouped_argp;

#endif
