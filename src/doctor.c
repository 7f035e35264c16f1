// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench doctor: can this machine be measured, and if not, what to type?
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
#include "doctor/doctor.h"
#include "output/path.h"
#include "subcommand.h"
#include "text/parse.h"

enum doctor_format {
	FORMAT_HUMAN,
	FORMAT_JSON,
};

/**
 * struct doctor_options - one invocation
 * @format: format of what is printed
 * @output: file for the report as JSON, NULL for none
 * @quiet: print nothing but errors
 */
struct doctor_options {
	int format;
	const char *output;
	bool quiet;
};

#define OPT_FORMAT	0x100

static const struct choice formats[] = {
	{ "human", FORMAT_HUMAN },
	{ "json", FORMAT_JSON },
	{ NULL }
};

static const struct argp_option option_table[] = {
	{ "format", OPT_FORMAT, "FORMAT", 0,
	  "human, a line for each check; or json (default: human)", 0 },
	{ "output", 'o', "FILE", 0, "write the report as JSON to FILE", 0 },
	{ NULL }
};

static const char doc_before[] =
	"Look whether this machine can be measured, and say what to type where it cannot.";

static const char doc_after[] =
	"Each line is one check: \"ok\"; \"warn\", when something is not possible, or figures "
	"would differ by it from one time to the next; or \"FAIL\", when nothing can be measured "
	"with the module as long as it is like this. Below a line, behind a $, is what mends it. "
	"What an earlier line lacks may be why a later one fails: begin at the top, and look "
	"again.\n"
	"\n"
	"It looks at the IOMMU and whether it translates, what the kernel thinks of modules that "
	"nobody signed, headers, the module and its ABI, a device to measure with, how CPUs are "
	"set up, and what may be seen and counted. Nothing is changed; run it as root, or much "
	"stays unknown.\n"
	"\n"
	"Examples:\n"
	"  sudo iommubench doctor\n"
	"  iommubench doctor -q && iommubench map-unmap\n"
	"  iommubench doctor --format json | jq -r '.checks[] | .commands[]'\n"
	"\n"
	"Exit status: 0 measuring can begin, whatever the warnings; 2 wrong use; 3 nothing can be "
	"measured with the module, or a file cannot be written.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct doctor_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->quiet;
		break;
	case OPT_FORMAT:
		o->format = options_word(arg, formats, "--format", state);
		break;
	case 'o':
		if (!*arg)
			options_refuse(state, "--output",
				       "the name is empty, expected that of a file");
		if (!strcmp(arg, "-"))
			options_refuse(state, "--output",
				       "'-' is no file, use --format json for standard output");
		o->output = arg;
		break;
	case ARGP_KEY_ARG:
		options_refuse(state, NULL, "'%s' is one word too many", arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int show(const struct doctor_options *o, const struct doctor_report *report,
		const struct doctor_facts *facts)
{
	json_t *json = doctor_json(report, facts);
	char *text = xcheck(json_dumps(json, JSON_INDENT(1)));
	char *line = xasprintf("%s\n", text);
	int status = report->count[DOCTOR_FAIL] ? EXIT_UNABLE : EXIT_DONE;

	if (o->output && file_replace(o->output, line, strlen(line)))
		status = EXIT_UNABLE;
	if (!o->quiet && o->format == FORMAT_JSON)
		fputs(line, stdout);
	else if (!o->quiet)
		doctor_print(report, facts, stdout);
	free(line);
	free(text);
	json_decref(json);
	return status;
}

int doctor_main(int argc, char **argv)
{
	static const struct argp_child children[] = { { &standard_argp }, { NULL } };
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};
	struct doctor_options o = { .format = FORMAT_HUMAN };
	struct doctor_report report;
	struct doctor_facts facts;
	int status;

	options_parse(&argp, doc_before, doc_after, argc, argv, &o);
	file_end_on_signals();
	status = o.output ? output_probe(o.output) : EXIT_DONE;
	if (status)
		return status;
	status = doctor_facts_read(&facts, "");
	if (!status) {
		doctor_examine(&report, &facts);
		status = show(&o, &report, &facts);
		doctor_report_free(&report);
	}
	doctor_facts_free(&facts);
	return status;
}
