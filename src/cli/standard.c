// SPDX-License-Identifier: GPL-2.0-only
#include "cli/standard.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"

const struct choice result_format_choices[] = {
	{ "human", RESULT_HUMAN },
	{ "json", RESULT_JSON },
	{ "csv", RESULT_CSV },
	{ NULL },
};

/* All of them; they differ in what is said of -q, and in its group. */
#define STANDARD_OPTIONS(quiet, group)				\
{								\
	{ "quiet", 'q', NULL, 0, quiet, group },		\
	{ "help", 'h', NULL, 0, "this text", -1 },		\
	{ "version", 'V', NULL, 0, "the version", -1 },		\
	{ NULL }						\
}

static const struct argp_option plain_table[] = STANDARD_OPTIONS("print nothing but errors", 0);

static const struct argp_option warning_table[] =
	STANDARD_OPTIONS("print nothing but errors and warnings", 0);

static const struct argp_option grouped_table[] =
	STANDARD_OPTIONS("print nothing but errors", STANDARD_OUTPUT_GROUP);

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	bool *quiet = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		/* Keeps argp from adding a second line to what getopt says. */
		state->err_stream = NULL;
		break;
	case 'q':
		*quiet = true;
		break;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		break;
	case 'V':
		printf("iommubench %s\n", IOMMUBENCH_VERSION);
		exit(fflush(stdout) ? EXIT_UNABLE : EXIT_DONE);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp standard_argp = {
	.options = plain_table,
	.parser = parse_option,
};

const struct argp standard_warning_argp = {
	.options = warning_table,
	.parser = parse_option,
};

const struct argp standard_grouped_argp = {
	.options = grouped_table,
	.parser = parse_option,
};
