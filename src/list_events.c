// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench list-events: what can be counted on this machine beside a measurement.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "cli/standard.h"
#include "events/table.h"
#include "output/path.h"
#include "subcommand.h"
#include "text/parse.h"

/**
 * struct listing - one invocation
 * @word: part of the names that are wanted, NULL for all
 * @output: file for the list as JSON, NULL for none
 * @format: format of what is printed
 * @quiet: print nothing but errors
 */
struct listing {
	const char *word;
	const char *output;
	int format;
	bool quiet;
};

#define OPT_FORMAT	0x100

static const struct argp_option option_table[] = {
	{ "output", 'o', "FILE", 0, "write the list as JSON to FILE", 0 },
	{ "format", OPT_FORMAT, "FORMAT", 0,
	  "print the list as human, json or csv (default: human)", 0 },
	{ NULL }
};

static const char doc_before[] =
	"List what --events can count on this machine, and why the rest cannot be.";

static const char doc_after[] =
	"Each event is tried: opened as a measurement would, and given back. Works without root and "
	"without an IOMMU; what that rules out is told with its reason. With WORD, only events "
	"with it in their own or their PMU's name are listed.\n"
	"\n"
	"Examples:\n"
	"  iommubench list-events\n"
	"  iommubench list-events smmuv3\n"
	"  iommubench list-events tlb --format json\n"
	"\n"
	"Exit status: 0 done; 2 wrong use; 3 nothing has that name, or output cannot be written.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct listing *l = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &l->quiet;
		break;
	case 'o':
		if (!strcmp(arg, "-"))
			options_refuse(state, "--output",
				       "'-' is no file, use --format json for standard output");
		l->output = arg;
		break;
	case OPT_FORMAT:
		l->format = options_word(arg, result_format_choices, "--format", state);
		break;
	case ARGP_KEY_ARG:
		if (l->word || !*arg)
			options_refuse(state, NULL,
				       "unexpected argument '%s', expected at most one part of a name",
				       arg);
		l->word = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int show(const struct listing *l, const json_t *table)
{
	char *text = xcheck(json_dumps(table, JSON_INDENT(1)));
	char *line = xasprintf("%s\n", text);
	int ret = EXIT_DONE;

	if (l->output && file_replace(l->output, line, strlen(line)))
		ret = EXIT_UNABLE;
	if (!l->quiet && l->format == RESULT_JSON)
		fputs(line, stdout);
	else if (!l->quiet && l->format == RESULT_CSV)
		events_table_csv(table, stdout);
	else if (!l->quiet)
		events_table_print(table, stdout);
	free(line);
	free(text);
	return ret;
}

int list_events_main(int argc, char **argv)
{
	static const struct argp_child children[] = { { &standard_argp }, { NULL } };
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.args_doc = "[WORD]",
		.children = children,
	};
	struct listing l = { .format = RESULT_HUMAN };
	json_t *table;
	int ret;

	options_parse(&argp, doc_before, doc_after, argc, argv, &l);
	if (l.output) {
		ret = output_probe(l.output);
		if (ret)
			return ret;
	}
	table = events_table();
	if (l.word && !events_table_select(table, l.word))
		ret = error_fail(EXIT_UNABLE, "no event or PMU of this machine has '%s' in its name: leave it out to see all",
				 l.word);
	else
		ret = show(&l, table);
	json_decref(table);
	return ret;
}
