// SPDX-License-Identifier: GPL-2.0-only
#include "cli/options.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <iommubench.h>

#include "base/xalloc.h"
#include "cli/completion.h"
#include "cli/refuse.h"
#include "cli/standard.h"
#include "cli/suggest.h"
#include "device/channel.h"
#include "device/domain_type.h"
#include "disk/background_spec.h"
#include "events/events.h"
#include "place/placement.h"
#include "run/link.h"
#include "text/parse.h"

static const struct choice engine_choices[] = {
	{ "auto", 0 },
	{ "none", 0 },
	{ "edu", 0 },
	{ "dmatest", 0 },
	{ "nvme", 0 },
	{ "igb", 0 },
	{ CHANNEL_ENGINE, 0 },
	{ NULL },
};

static const struct choice transport_choices[] = {
	{ "auto", TRANSPORT_AUTO },
	{ "uring", TRANSPORT_URING },
	{ "ioctl", TRANSPORT_IOCTL },
	{ NULL },
};

void options_init(struct options *o)
{
	*o = (struct options){
		.threads = 1,
		.numa_node = -1,
		.warmup_ns = 100000000,
		.repeat = 1,
		.size = (uint64_t)sysconf(_SC_PAGESIZE),
		.seed = 1,
		.engine = "auto",
		.domain_type = -1,
		.transport = TRANSPORT_AUTO,
		.format = RESULT_HUMAN,
	};
}

enum {
	OPT_CPUS = 0x100,
	OPT_NUMA_NODE,
	OPT_MEM,
	OPT_BACKGROUND,
	OPT_PLACEMENT_MATRIX,
	OPT_WARMUP,
	OPT_REPEAT,
	OPT_RATE,
	OPT_SEED,
	OPT_ENGINE,
	OPT_DOMAIN_TYPE,
	OPT_TRANSPORT,
	OPT_FORMAT,
	OPT_INTERVAL,
	OPT_ALONE,
	OPT_RUN_TIMEOUT,
};

/* The tool wakes up once in it, and copies the histograms. */
#define INTERVAL_MIN_NS	1000000

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "Device and load:", 10 },
	{ "device", 'd', "NAME", 0,
	  "device as listed in /dev/iommubench, such as 0000:00:02.0 (default: the only one)", 0 },
	{ "engine", OPT_ENGINE, "ENGINE", 0,
	  "DMA engine that must be there: auto, none, edu, dmatest, nvme, igb or dmaengine; dmaengine:CHANNEL, "
	  "such as dmaengine:dma0chan0, is that channel as the device (default: auto, what the device has)",
	  0 },
	{ "size", 's', "SIZE", 0, "bytes of one mapping, up to 1G (default: a page)", 0 },
	{ "threads", 't', "N", 0,
	  "kernel threads that work at once; may be more than CPUs (default: 1)", 0 },
	{ "cpus", OPT_CPUS, "LIST|WORD", 0,
	  "CPUs to pin the threads to: in this order 0,2-3 or cores core:0-3 or all of node:1; or "
	  "near-device, far (from it), spread (over nodes and caches) or pack (neighbours), one "
	  "to a core first (default: near-device)", 0 },
	{ "numa-node", OPT_NUMA_NODE, "N", 0, "the same as --cpus node:N", 0 },
	{ "mem", OPT_MEM, "WHERE", 0,
	  "node of what is mapped and of histograms, and of the tool's own memory: local (each "
	  "thread's), node:N (that one alone) or interleave (default: local)", 0 },
	{ "background", OPT_BACKGROUND, "KIND[:KEY=VALUE,...]", 0,
	  "have a load beside it, on other CPUs where there are any: io reads a disk behind an "
	  "IOMMU; KEY is device, size, depth, threads, pattern, span or rate (default: none)",
	  0 },
	{ "placement-matrix", OPT_PLACEMENT_MATRIX, NULL, 0,
	  "measure with CPUs of each NUMA node and memory of each: a result for each pair, an "
	  "index, and a table", 0 },
	{ "duration", 'T', "TIME", 0,
	  "measure this long (default: 2s, or no limit of time with -n)", 0 },
	{ "count", 'n', "N", 0, "measure this many operations over all threads", 0 },
	{ "warmup", OPT_WARMUP, "TIME", 0,
	  "work this long before anything is counted (default: 100ms)", 0 },
	{ "repeat", OPT_REPEAT, "N", 0,
	  "do N runs, merge them and show how far they are apart (default: 1)", 0 },
	{ "seed", OPT_SEED, "N", 0, "seed of everything random (default: 1)", 0 },
	{ "transport", OPT_TRANSPORT, "HOW", 0,
	  "how commands reach the module: auto, uring or ioctl (default: auto)", 0 },
	{ "events", 'e', "LIST", 0,
	  "count these beside, may be given several times: default (what this machine has for it), "
	  "none, CPU and software events, PMU/EVENT/, events of the IOMMU's PMU such as tlb_miss, "
	  "interrupts; in a run of their own GROUP:TRACEPOINT, tracepoints, commands; "
	  "'iommubench list-events' shows what there is (default: default)", 0 },
	{ NULL, 0, NULL, 0, "Output:", STANDARD_OUTPUT_GROUP },
	{ "output", 'o', "FILE", 0, "write the result as JSON to FILE", 0 },
	{ "format", OPT_FORMAT, "FORMAT", 0,
	  "print the result as human, json or csv (default: human)", 0 },
	{ "verbose", 'v', NULL, 0, "say on standard error what is being done", 0 },
	{ NULL, 0, NULL, 0, "Help:", -1 },
	{ NULL },
};

static const struct argp_option series_table[] = {
	{ NULL, 0, NULL, 0, NULL, 10 },
	{ "interval", OPT_INTERVAL, "TIME", 0,
	  "keep histograms and counts of intervals of this length as well, such as 100ms; more "
	  "than 600 of them are joined to longer ones (default: none)", 0 },
	{ NULL },
};

static const struct argp_option load_table[] = {
	{ NULL, 0, NULL, 0, NULL, 10 },
	{ "domain-type", OPT_DOMAIN_TYPE, "TYPE", 0,
	  "switch the device's IOMMU group to strict, lazy or identity for this run and back "
	  "afterwards (default: leave it as it is)", 0 },
	{ "rate", OPT_RATE, "RATE", 0,
	  "operations due a second over all threads, such as 10k/s; latencies then count from "
	  "when an operation was due (default: one after the other, as fast as they come)", 0 },
	{ NULL },
};

static const struct argp_option devices_table[] = {
	{ NULL, 0, NULL, 0, "Several devices (-d A,B or -d all):", 5 },
	{ "alone", OPT_ALONE, NULL, 0,
	  "do a run on each device by itself first, and tell how much of its throughput it keeps "
	  "beside the others", 0 },
	{ "run-timeout", OPT_RUN_TIMEOUT, "TIME", 0,
	  "cancel the run of a device that has not ended so long after its start (default: "
	  "--warmup and --duration and 30s; none with -n alone)", 0 },
	{ NULL },
};

static void check_cpus(const char *text, const struct argp_state *state)
{
	struct placement_wish wish;
	struct error e;

	options_require(state, "--cpus", placement_parse(text, &wish, &e), &e);
	placement_wish_free(&wish);
}

static void check_common(const struct options *o, const struct argp_state *state)
{
	if (o->cpus && o->numa_node >= 0)
		options_refuse(state, NULL,
			       "--cpus and --numa-node both choose CPUs, give one of them");
	if (o->placement_matrix && (o->cpus || o->numa_node >= 0 || o->memory.given))
		options_refuse(state, "--placement-matrix",
			       "it takes CPUs and memory of all nodes: leave --cpus, --numa-node and --mem out");
	if (o->quiet && o->verbose)
		options_refuse(state, NULL,
			       "--quiet and --verbose contradict each other, give one of them");
	if (o->output && !strcmp(o->output, "-"))
		options_refuse(state, "--output",
			       "'-' is no file, use --format json for standard output");
}

static void add_one_device(struct options *o, const char *name, const struct argp_state *state)
{
	unsigned int i;

	if (!*name || strchr(name, '/') || *name == '.')
		options_refuse(state, "--device",
			       "'%s' is not a device name, expected one as listed in /dev/iommubench, such as 0000:00:02.0",
			       name);
	if (!strcmp(name, "all"))
		o->all_devices = true;
	for (i = 0; i < o->nr_devices; i++)
		if (!strcmp(o->devices[i], name))
			options_refuse(state, "--device", "%s is given twice", name);
	o->devices = xgrow(o->devices, o->nr_devices + 1, sizeof(*o->devices));
	o->devices[o->nr_devices++] = name;
	o->device = o->devices[0];
	if (o->nr_devices > 1 && o->all_devices)
		options_refuse(state, "--device", "'all' is all there are, leave the others out");
	if ((o->nr_devices > 1 || o->all_devices) && !o->many_devices)
		options_refuse(state, "--device",
			       "this subcommand works with one device, give one; map-unmap, tlb-flush and iopf take several");
}

/* A channel is engine and device in one. */
static void take_channel(struct options *o, const struct argp_state *state)
{
	if (!channel_is(o->engine))
		return;
	if (!o->nr_devices)
		add_one_device(o, o->engine, state);
	if (o->nr_devices > 1 || strcmp(o->device, o->engine) != 0)
		options_refuse(state, "--engine", "%s is a device of its own: leave --device out",
			       o->engine);
}

/* One name, or several with commas between them. */
static void add_devices(struct options *o, char *names, const struct argp_state *state)
{
	char *name;

	while ((name = strsep(&names, ",")))
		add_one_device(o, name, state);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	struct error e;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->quiet;
		break;
	case 'd':
		add_devices(o, arg, state);
		break;
	case 't':
		o->threads = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_THREADS,
							 "--threads", state);
		break;
	case OPT_CPUS:
		check_cpus(arg, state);
		o->cpus = arg;
		break;
	case OPT_NUMA_NODE:
		o->numa_node = (int)options_number(arg, 0, INT_MAX, "--numa-node", state);
		break;
	case OPT_BACKGROUND:
		options_require(state, "--background",
				background_parse(arg, &o->background, &e), &e);
		break;
	case OPT_PLACEMENT_MATRIX:
		o->placement_matrix = true;
		break;
	case OPT_MEM:
		options_require(state, "--mem", memory_policy_parse(arg, &o->memory, &e), &e);
		break;
	case 'T':
		o->duration_ns = options_time(arg, 1, "--duration", state);
		break;
	case 'n':
		o->count = options_count(arg, 1, PARSE_MAX_COUNT, "--count", state);
		break;
	case OPT_WARMUP:
		o->warmup_ns = options_time(arg, 0, "--warmup", state);
		break;
	case OPT_REPEAT:
		o->repeat = (unsigned int)options_number(arg, 1, 10000, "--repeat", state);
		break;
	case 's':
		options_require(state, "--size", parse_size(arg, &o->size, &e), &e);
		break;
	case OPT_SEED:
		o->seed = options_number(arg, 0, INT64_MAX, "--seed", state);
		break;
	case OPT_ENGINE:
		if (!channel_is(arg))
			options_word(arg, engine_choices, "--engine", state);
		o->engine = arg;
		break;
	case OPT_TRANSPORT:
		o->transport = options_word(arg, transport_choices, "--transport", state);
		break;
	case 'e':
		options_require(state, "--events", events_parse(arg, &o->events, &e), &e);
		break;
	case 'o':
		o->output = arg;
		break;
	case OPT_FORMAT:
		o->format = (enum result_format)options_word(arg, result_format_choices,
							     "--format", state);
		break;
	case 'v':
		o->verbose = true;
		break;
	case ARGP_KEY_END:
		take_channel(o, state);
		check_common(o, state);
		if (!o->duration_ns && !o->count)
			o->duration_ns = 2000000000;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse_load_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case OPT_DOMAIN_TYPE:
		o->domain_type = options_word(arg, domain_type_choices, "--domain-type", state);
		break;
	case OPT_RATE:
		o->rate_mhz = options_rate(arg, "--rate", state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse_series_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	if (key != OPT_INTERVAL)
		return ARGP_ERR_UNKNOWN;
	o->interval_ns = options_time(arg, 1, "--interval", state);
	if (o->interval_ns < INTERVAL_MIN_NS)
		options_refuse(state, "--interval", "'%s' is too short, expected at least 1ms",
			       arg);
	return 0;
}

static void check_devices(const struct options *o, const struct argp_state *state)
{
	if (!options_several(o)) {
		if (o->alone || o->run_limit_ns)
			options_refuse(state, o->alone ? "--alone" : "--run-timeout",
				       "is about several devices: give them, as -d A,B or -d all");
		return;
	}
	if (o->placement_matrix)
		options_refuse(state, "--placement-matrix",
			       "is about one device: give one, or leave --placement-matrix out");
	if (o->background.text)
		options_refuse(state, "--background",
			       "goes beside one device: give one, or leave --background out");
}

static error_t parse_devices_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		o->many_devices = true;
		break;
	case OPT_ALONE:
		o->alone = true;
		break;
	case OPT_RUN_TIMEOUT:
		o->run_limit_ns = options_time(arg, 1, "--run-timeout", state);
		break;
	case ARGP_KEY_SUCCESS:
		check_devices(o, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

bool options_several(const struct options *o)
{
	return o->all_devices || o->nr_devices > 1;
}

/* Leaves a note out that argp would put between the options and what follows. */
static char *help_filter(int key, const char *text, void *input)
{
	return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)text;
}

void options_parse(const struct argp *argp, const char *before, const char *after, int argc,
		   char **argv, void *input)
{
	struct argp whole = *argp;
	char *doc;

	if (completion_wanted())
		completion_take(argp, input);

	suggest_option(argp, argc, argv);
	/* argp's sign for what comes after the options. */
	doc = xasprintf("%s\v%s", before, after);
	whole.doc = doc;
	whole.help_filter = help_filter;
	/* A wrong value ends the program where it is found; the rest getopt has reported. */
	if (argp_parse(&whole, argc, argv, ARGP_NO_HELP, NULL, input))
		exit(EXIT_USAGE);
	free(doc);
}

static const struct argp_child standard_child[] = { { &standard_grouped_argp }, { NULL } };

const struct argp options_argp = {
	.options = option_table,
	.parser = parse_option,
	.children = standard_child,
};

const struct argp *options_argp_only(const char *const *names)
{
	static struct argp_option table[sizeof(option_table) / sizeof(option_table[0])];
	static struct argp only = {
		.options = table,
		.parser = parse_option,
		.children = standard_child,
	};
	const struct argp_option *o;
	const char *const *name;
	size_t n = 0;

	for (o = option_table; o->name || o->key || o->doc; o++) {
		for (name = names; o->name && *name && strcmp(*name, o->name); name++)
			;
		if (!o->name || *name)
			table[n++] = *o;
	}
	table[n] = (struct argp_option){ NULL };
	return &only;
}

const struct argp options_series_argp = {
	.options = series_table,
	.parser = parse_series_option,
};

const struct argp options_load_argp = {
	.options = load_table,
	.parser = parse_load_option,
};

const struct argp options_devices_argp = {
	.options = devices_table,
	.parser = parse_devices_option,
};
