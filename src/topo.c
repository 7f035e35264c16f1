// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench topo: the machine's IOMMUs, what is behind them, and what of that can be spared.
 */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "cli/standard.h"
#include "output/path.h"
#include "subcommand.h"
#include "text/parse.h"
#include "topo/model.h"
#include "topo/read.h"

enum topo_format {
	FORMAT_HUMAN,
	FORMAT_JSON,
	FORMAT_XML,
	FORMAT_SVG,
};

/**
 * struct topo_options - one invocation
 * @format: format of what is printed
 * @output: file for it, NULL for standard output
 * @svg: file for the picture, NULL for none
 * @root: folder with sys and proc of another machine, NULL for this one
 * @judge: device that alone is judged, NULL for none
 * @quiet: print nothing but errors
 */
struct topo_options {
	int format;
	const char *output;
	const char *svg;
	const char *root;
	const char *judge;
	bool quiet;
};

enum {
	OPT_FORMAT = 0x100,
	OPT_SVG,
	OPT_ROOT,
	OPT_JUDGE,
};

static const struct choice formats[] = {
	{ "human", FORMAT_HUMAN },
	{ "json", FORMAT_JSON },
	{ "xml", FORMAT_XML },
	{ "svg", FORMAT_SVG },
	{ NULL }
};

static const struct argp_option option_table[] = {
	{ "format", OPT_FORMAT, "FORMAT", 0,
	  "human, a tree of lines; json; xml, as hwloc reads it; or svg, a picture (default: "
	  "human, or what the name given with -o ends in)", 0 },
	{ "output", 'o', "FILE", 0, "write it to FILE instead of printing it", 0 },
	{ "svg", OPT_SVG, "FILE", 0, "write a picture to FILE as well", 0 },
	{ "root", OPT_ROOT, "DIR", 0,
	  "read DIR/sys and DIR/proc, saved on another machine, instead of /sys and /proc", 0 },
	{ "judge", OPT_JUDGE, "DEVICE", 0,
	  "say in one line whether DEVICE is in use, whatever its IOMMU group, and nothing else; all: "
	  "a line for each device that could be given", 0 },
	{ NULL }
};

static const char doc_before[] =
	"Show this machine's IOMMUs, the devices behind them, which of those can be given to "
	"iommubench, and what can be measured with each.";

static const char doc_after[] =
	"Reads what the kernel tells in /sys and /proc and the signatures on disks, and changes "
	"nothing. Without root, extended PCI capabilities (ATS, PRI, PASID), open files, what is "
	"on disks and ACPI's stream IDs are unknown; all else is told.\n"
	"\n"
	"Examples:\n"
	"  iommubench topo\n"
	"  iommubench topo --svg machine.svg\n"
	"  iommubench topo -o machine.json\n"
	"  iommubench topo -o machine.xml && lstopo -i machine.xml\n"
	"  iommubench topo --root saved-tree\n"
	"  iommubench topo --judge 0000:03:00.0\n"
	"\n"
	"Exit status: 0 done, also when there is no IOMMU; 1 --judge: it is in use; 2 wrong use; 3 sysfs cannot be read or "
	"a file cannot be written.";

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && !strcmp(name + n - m, end);
}

static int format_of(const char *name)
{
	if (ends_in(name, ".json"))
		return FORMAT_JSON;
	if (ends_in(name, ".xml"))
		return FORMAT_XML;
	if (ends_in(name, ".svg"))
		return FORMAT_SVG;
	return FORMAT_HUMAN;
}

static void check_file(const char *name, const char *option, const struct argp_state *state)
{
	if (!*name)
		options_refuse(state, option, "the name is empty, expected that of a file");
	if (!strcmp(name, "-"))
		options_refuse(state, option,
			       "'-' is no file, use --format for what goes to standard output");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct topo_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->quiet;
		break;
	case OPT_FORMAT:
		o->format = options_word(arg, formats, "--format", state);
		break;
	case 'o':
		check_file(arg, "--output", state);
		o->output = arg;
		break;
	case OPT_SVG:
		check_file(arg, "--svg", state);
		o->svg = arg;
		break;
	case OPT_ROOT:
		if (!*arg)
			options_refuse(state, "--root", "the name is empty, expected a folder");
		o->root = arg;
		break;
	case OPT_JUDGE:
		if (!*arg)
			options_refuse(state, "--judge", "the name is empty, expected a device");
		o->judge = arg;
		break;
	case ARGP_KEY_ARG:
		options_refuse(state, NULL, "'%s' is one word too many", arg);
	case ARGP_KEY_END:
		if (o->judge && (o->root || o->output || o->svg || o->format >= 0))
			options_refuse(state, "--judge",
				       "it prints one line about this machine: leave out all but --quiet");
		if (o->format < 0)
			o->format = o->output ? format_of(o->output) : FORMAT_HUMAN;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Return: the whole output, or NULL after one line on stderr. */
static char *make(const struct topo *t, int format, size_t *n)
{
	struct error e;
	char *text;
	json_t *json;
	FILE *f;

	switch (format) {
	case FORMAT_JSON:
		json = topo_json(t);
		f = xcheck(open_memstream(&text, n));
		if (json_dumpf(json, f, JSON_INDENT(1)) || fputc('\n', f) < 0 || fclose(f))
			xcheck(NULL);
		json_decref(json);
		return text;
	case FORMAT_XML:
		if (!topo_xml(t, &text, n, &e))
			return text;
		error_fail(EXIT_UNABLE, "%s", e.text);
		return NULL;
	case FORMAT_SVG:
		return topo_svg(t, n);
	default:
		f = xcheck(open_memstream(&text, n));
		topo_print(t, f);
		if (fclose(f))
			xcheck(NULL);
		return text;
	}
}

static int write_one(const struct topo *t, int format, const char *path)
{
	size_t n;
	char *text = make(t, format, &n);
	int bad;

	if (!text)
		return EXIT_UNABLE;
	bad = file_replace(path, text, n);
	free(text);
	return bad ? EXIT_UNABLE : EXIT_DONE;
}

static int print(const struct topo *t, int format)
{
	size_t n;
	char *text;

	/* A terminal may have colours, memory has none. */
	if (format == FORMAT_HUMAN) {
		topo_print(t, stdout);
		return EXIT_DONE;
	}
	text = make(t, format, &n);
	if (!text)
		return EXIT_UNABLE;
	fwrite(text, 1, n, stdout);
	free(text);
	return EXIT_DONE;
}

static void print_judgement(const struct topo_device *d)
{
	char *notes = lines_join(&d->notes, ", ");

	if (d->verdict == TOPO_NEEDED)
		printf("%s is in use: %s\n", d->name, d->reason);
	else
		printf("%s can be spared%s%s\n", d->name, *notes ? ", but mind: " : "", notes);
	free(notes);
}

/* Of all devices, only those can be given that are behind an IOMMU; whoever is not is left out. */
static int judge_all(const struct topo_options *o)
{
	struct topo topo;
	int status = topo_read(&topo, NULL);
	size_t i;

	for (i = 0; !status && !o->quiet && i < topo.nr_devices; i++)
		if (topo.devices[i].iommu >= 0 || topo.devices[i].group >= 0)
			print_judgement(&topo.devices[i]);
	topo_free(&topo);
	return status;
}

static int judge(const struct topo_options *o)
{
	const struct topo_device *d;
	struct topo topo;
	int status;

	if (!strcmp(o->judge, "all"))
		return judge_all(o);
	status = topo_read_device(&topo, o->judge, &d);
	if (!status && d->verdict == TOPO_NEEDED)
		status = EXIT_CHECK_FAILED;
	if (!o->quiet && status != EXIT_UNABLE)
		print_judgement(d);
	topo_free(&topo);
	return status;
}

int topo_main(int argc, char **argv)
{
	static const struct argp_child children[] = { { &standard_argp }, { NULL } };
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};
	struct topo_options o = { .format = -1 };
	struct topo topo;
	int status;

	options_parse(&argp, doc_before, doc_after, argc, argv, &o);
	file_end_on_signals();
	if (o.judge)
		return judge(&o);
	status = o.output ? output_probe(o.output) : EXIT_DONE;
	if (!status && o.output && o.svg && !strcmp(o.output, o.svg))
		status = error_fail(EXIT_USAGE,
				    "--svg: %s is that of --output, expected another file", o.svg);
	if (!status && o.svg)
		status = output_probe(o.svg);
	if (status)
		return status;
	status = topo_read(&topo, o.root);
	if (!status && o.output)
		status = write_one(&topo, o.format, o.output);
	else if (!status && !o.quiet)
		status = print(&topo, o.format);
	if (!status && o.svg)
		status = write_one(&topo, FORMAT_SVG, o.svg);
	topo_free(&topo);
	return status;
}
