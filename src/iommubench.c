// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench: measure what an IOMMU costs. See iommubench(1).
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/completion.h"
#include "cli/suggest.h"
#include "kinds.h"
#include "points/kind.h"
#include "subcommand.h"

static const struct subcommand subcommands[] = {
	{ "map-unmap", "cost of mapping and unmapping buffers for a device", map_unmap_main },
	{ "tlb-flush", "cost and exposure of ways to invalidate an IOMMU's TLB", tlb_flush_main },
	{ "iopf", "cost of pages that a device finds missing, stage by stage", iopf_main },
	{ "pasid", "cost of binding and unbinding PASIDs, and what they survive", pasid_main },
	{ "doctor", "can this machine be measured, and if not, what to type", doctor_main },
	{ "topo", "IOMMUs, the devices behind them, and which of those can be spared", topo_main },
	{ "io", "cost of real I/O on a disk behind an IOMMU, by domain type", io_main },
	{ "list-events", "what can be counted here beside a measurement", list_events_main },
	{ "report", "pictures and one HTML page from a folder of results", report_main },
};

#define NR_SUBCOMMANDS	(sizeof(subcommands) / sizeof(subcommands[0]))

static void print_help(FILE *out)
{
	size_t i;

	fprintf(out,
		"Usage: iommubench SUBCOMMAND [OPTION...]\n"
		"Benchmarks and stress tests for IOMMUs.\n"
		"\n"
		"Subcommands:\n");
	for (i = 0; i < NR_SUBCOMMANDS; i++)
		fprintf(out, "  %-12s %s\n", subcommands[i].name, subcommands[i].summary);
	fprintf(out,
		"\n"
		"  -h, --help     this text; after a subcommand: its options, with examples\n"
		"  -V, --version  the version\n"
		"  --completion SHELL\n"
		"                 what bash or zsh needs to complete command lines; \"make install\"\n"
		"                 puts it in place, or: eval \"$(iommubench --completion bash)\"\n"
		"\n"
		"A first measurement, as root, with the module loaded and a device bound\n"
		"(iommubench-bind DEVICE takes a device that nothing else needs):\n"
		"  iommubench map-unmap -s 4K -T 2s -o first.json\n"
		"\n"
		"Exit status: 0 done, 1 a check failed, 2 wrong use, 3 this machine cannot do it,\n"
		"4 interrupted.\n");
}

static const struct subcommand *find_subcommand(const char *name)
{
	size_t i;

	for (i = 0; i < NR_SUBCOMMANDS; i++)
		if (!strcmp(subcommands[i].name, name))
			return &subcommands[i];
	return NULL;
}

/* A subcommand that is not there, with the one that may have been meant. */
static int refuse_subcommand(const char *name)
{
	const char *near = NULL;
	unsigned int least = UINT_MAX;
	size_t i;

	for (i = 0; i < NR_SUBCOMMANDS; i++)
		if (suggest_is_near(name, subcommands[i].name, &least))
			near = subcommands[i].name;
	return error_fail(EXIT_USAGE, "unknown subcommand '%s'%s%s: 'iommubench --help' lists them",
			  name, near ? ", perhaps " : "", near ? near : "");
}

static int print_completion(const char *shell)
{
	size_t i;

	if (completion_begin(shell))
		return error_fail(EXIT_USAGE, "--completion: '%s' is not one of bash, zsh", shell);
	for (i = 0; i < NR_SUBCOMMANDS; i++)
		completion_of(subcommands[i].name, subcommands[i].run);
	completion_list_begin();
	for (i = 0; i < NR_SUBCOMMANDS; i++)
		completion_list(subcommands[i].name, subcommands[i].summary);
	completion_end();
	return EXIT_DONE;
}

/* What was printed may still sit in a buffer that the disk has no room for. */
static int close_stdout(int status)
{
	if (status == EXIT_ALREADY_DONE)
		status = EXIT_DONE;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (status == EXIT_DONE)
		return error_fail(EXIT_UNABLE, "cannot write to standard output: %m");
	return status;
}

int main(int argc, char **argv)
{
	const struct subcommand *sub;
	static char name[64];

	/* A closed pipe is an error of write(), seen and reported there. */
	signal(SIGPIPE, SIG_IGN);

	if (argc < 2)
		return error_fail(EXIT_USAGE, "a subcommand is missing: try 'iommubench --help'");
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")) {
		print_help(stdout);
		return close_stdout(EXIT_DONE);
	}
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version")) {
		printf("iommubench %s\n", IOMMUBENCH_VERSION);
		return close_stdout(EXIT_DONE);
	}
	if (!strcmp(argv[1], "--completion")) {
		if (argc != 3)
			return error_fail(EXIT_USAGE, "--completion: expected one of bash, zsh, and nothing else");
		kinds_use(result_kinds);
		return close_stdout(print_completion(argv[2]));
	}
	sub = find_subcommand(argv[1]);
	if (!sub)
		return refuse_subcommand(argv[1]);

	kinds_use(result_kinds);
	snprintf(name, sizeof(name), "iommubench %s", sub->name);
	argv[1] = name;
	return close_stdout(sub->run(argc - 1, argv + 1));
}
