// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench io: real I/O on a block device behind the IOMMU, so that what a flush
 * strategy costs is seen as operations per second, CPU time and tail latency.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "cli/sweep.h"
#include "device/domain_type.h"
#include "disk/load.h"
#include "io/measure.h"
#include "io/view/summary.h"
#include "measure/session.h"
#include "output/delivery.h"
#include "output/point_files.h"
#include "output/print.h"
#include "run/area.h"
#include "subcommand.h"
#include "text/json.h"
#include "text/parse.h"

/* More points than this are a slip of the hand. */
#define MAX_POINTS	10000
/* Memory for all buffers together. */
#define MAX_BUFFER_BYTES	1073741824ULL

enum {
	OPT_DOMAIN_TYPE = 0x200,
	OPT_QUEUE_DEPTH,
	OPT_FIXED_BUFFERS,
	OPT_POLLED,
	OPT_PATTERN,
	OPT_SPAN,
	OPT_WRITE,
	OPT_OVERWRITE,
	OPT_RATE,
};

/* The common options that make sense without the module. */
static const char *const common_options[] = {
	"cpus", "numa-node", "mem", "placement-matrix", "duration", "count", "warmup", "repeat",
	"seed", "events", "output", "format", "verbose", NULL,
};

static const struct choice pattern_choices[] = {
	{ "random", 1 },
	{ "sequential", 0 },
	{ NULL },
};

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "Disk and load:", 1 },
	{ "device", 'd', "NAME", 0,
	  "block device such as nvme0n1 or /dev/nvme0n1 (default: the only one behind an IOMMU "
	  "that nobody uses)", 0 },
	{ "domain-type", OPT_DOMAIN_TYPE, "LIST", 0,
	  "strict, lazy, identity, or several with commas between: measure in each of them, "
	  "with the disk's driver bound anew for it, and put the old one back (default: leave "
	  "it as it is)", 0 },
	{ "size", 's', "LIST", 0,
	  "bytes of a request, such as 4K or 4K,64K or 4K..1Mx4 (default: 4K)", 0 },
	{ "queue-depth", OPT_QUEUE_DEPTH, "LIST", 0,
	  "requests that each thread keeps under way, such as 1,4..32 (default: 32)", 0 },
	{ "rate", OPT_RATE, "RATE", 0,
	  "requests due a second over all threads, such as 10k/s, as far as --queue-depth has "
	  "room; latencies then count from when a request was due (default: the next one "
	  "follows when one has completed)", 0 },
	{ "pattern", OPT_PATTERN, "WORD", 0,
	  "random places, or sequential: each thread goes through its own part (default: random)",
	  0 },
	{ "span", OPT_SPAN, "SIZE", 0, "use only so much of the disk, from its beginning", 0 },
	{ "fixed-buffers", OPT_FIXED_BUFFERS, NULL, 0,
	  "register buffers and file with io_uring beforehand", 0 },
	{ "polled", OPT_POLLED, NULL, 0,
	  "poll for completions instead of waiting for interrupts; the disk's driver must have "
	  "queues for it", 0 },
	{ "threads", 't', "N", 0, "threads, each with its own ring (default: 1)", 0 },
	{ NULL, 0, NULL, 0, "Writing, which destroys what is on the disk:", 2 },
	{ "write", OPT_WRITE, "PERCENT", 0, "share of the requests that write (default: 0)", 0 },
	{ "overwrite", OPT_OVERWRITE, "NAME", 0,
	  "yes, what is on the disk of this name may be lost; needed with --write", 0 },
	{ NULL },
};

static const char doc_before[] =
	"Read from a block device behind the IOMMU by io_uring, past the page cache, and see what a "
	"domain type costs: operations per second, CPU time of a request, tail latency.";

static const char doc_after[] =
	"Examples (as root; the module is not needed):\n"
	"  iommubench io                               4 KiB, queue depth 32\n"
	"  iommubench io --domain-type strict,lazy,identity --queue-depth 1,4..32 -o io/\n"
	"                                              side by side on the same disk\n"
	"  iommubench io -d nvme0n1 -s 4K..1Mx4 --pattern sequential -T 1s\n"
	"  iommubench io --fixed-buffers --polled -t 4 --queue-depth 8\n"
	"  iommubench io --rate 20k/s --interval 100ms -o r.json\n"
	"                                              at a fixed load, and over time\n"
	"  iommubench io -d nvme1n1 --write 30 --overwrite nvme1n1\n"
	"                                              destroys what is on nvme1n1\n"
	"\n"
	"A latency is from handing a request to the kernel until its completion is seen; with "
	"--rate, from when it was due. With several points, -o NAME.json becomes NAME-POINT.json for each of them, and -o FOLDER/ a "
	"file in it.\n"
	"For --domain-type the disk's driver is unbound and bound again; a disk that is mounted, "
	"swapped to, or part of another device is not touched. Nor is one ever written to that "
	"is in use.\n"
	"Units: sizes in bytes or K, M, G (1024); times with ns, us, ms, s, m, h; counts with "
	"k, M, G (1000).\n"
	"Exit status: 0 done, 1 a request failed, 2 wrong use, 3 this machine cannot do it, 4 "
	"interrupted; points that were finished until then are kept.";

static int parse_depth(const char *text, uint64_t *value, struct error *e)
{
	return parse_number(text, 1, IO_MAX_DEPTH, value, e);
}

static int parse_bytes(const char *text, uint64_t *value, struct error *e)
{
	char limit[32];

	if (parse_size(text, value, e))
		return -1;
	if (!*value || *value % 512)
		return error_set(e, "'%s' is not a multiple of 512 bytes", text);
	if (*value > IO_MAX_BYTES)
		return error_set(e, "'%s' is too large, expected at most %s", text,
				 format_size(IO_MAX_BYTES, limit, sizeof(limit)));
	return 0;
}

static void check_together(struct io *io, const struct argp_state *state)
{
	uint64_t most = 0;
	size_t i, k;

	if (!io->sizes.n)
		sweep_one(&io->sizes, 4096);
	if (!io->depths.n)
		sweep_one(&io->depths, 32);
	if (io->overwrite && !io->job.write_percent)
		options_refuse(state, "--overwrite", "nothing is written without --write");
	if (io->job.write_percent && !io->overwrite)
		options_refuse(state, "--write",
			       "this destroys what is on the disk: add --overwrite with the disk's name to say that it may");
	for (i = 0; i < io->sizes.n; i++)
		for (k = 0; k < io->depths.n; k++)
			if (io->sizes.values[i] * io->depths.values[k] > most)
				most = io->sizes.values[i] * io->depths.values[k];
	if (most > MAX_BUFFER_BYTES / io->s.o.threads)
		options_refuse(state, NULL,
			       "the buffers of all threads would take more than 1G: take fewer threads, a smaller --size or less --queue-depth");
	io->nr_points = (io->types.n ? io->types.n : 1) * io->sizes.n * io->depths.n;
	if (io->nr_points > MAX_POINTS)
		options_refuse(state, NULL, "more than %d points: take fewer values", MAX_POINTS);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct io *io = state->input;
	struct error e;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &io->s.o;
		state->child_inputs[1] = &io->s.o;
		break;
	case 'd':
		if (!*arg)
			options_refuse(state, "--device",
				       "the name is empty, expected one such as nvme0n1");
		if (io->disk || strchr(arg, ',') || !strcmp(arg, "all"))
			options_refuse(state, "--device",
				       "io works with one disk, give one; map-unmap, tlb-flush and iopf take several devices");
		io->disk = arg;
		break;
	case OPT_DOMAIN_TYPE:
		options_require(state, "--domain-type",
				sweep_words(&io->types, arg, domain_type_choices, &e), &e);
		break;
	case 's':
		options_require(state, "--size", sweep_numbers(&io->sizes, arg, parse_bytes, &e),
				&e);
		break;
	case OPT_QUEUE_DEPTH:
		options_require(state, "--queue-depth",
				sweep_numbers(&io->depths, arg, parse_depth, &e), &e);
		break;
	case OPT_RATE:
		io->s.o.rate_mhz = options_rate(arg, "--rate", state);
		break;
	case OPT_PATTERN:
		io->job.random = options_word(arg, pattern_choices, "--pattern", state);
		break;
	case OPT_SPAN:
		io->job.span = options_size(arg, "--span", state);
		break;
	case OPT_FIXED_BUFFERS:
		io->job.fixed = true;
		break;
	case OPT_POLLED:
		io->job.polled = true;
		break;
	case 't':
		io->s.o.threads = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_THREADS,
							      "--threads", state);
		break;
	case OPT_WRITE:
		io->job.write_percent = (unsigned int)options_number(arg, 0, 100, "--write", state);
		break;
	case OPT_OVERWRITE:
		io->overwrite = arg;
		break;
	case ARGP_KEY_ARG:
		options_refuse(state, NULL, "unexpected argument '%s': try '%s --help'", arg,
			       state->name);
	case ARGP_KEY_SUCCESS:
		check_together(io, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void parse_command_line(struct io *io, int argc, char **argv)
{
	const struct argp_child children[] = {
		{ options_argp_only(common_options) }, { &options_series_argp }, { NULL },
	};
	const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};

	io->job.random = true;
	options_parse(&argp, doc_before, doc_after, argc, argv, io);
	error_set_verbose(io->s.o.verbose);
}

static json_t *describe_skipped(const struct io_skipped *s)
{
	json_t *j = xjson(json_object());

	if (s->point.type >= 0)
		json_put_text(j, "domain_type", io_type_word(s->point.type));
	else
		xjson_put(j, "domain_type", json_null());
	json_put_number(j, "size_bytes", s->point.bytes);
	json_put_number(j, "queue_depth", s->point.depth);
	json_put_number(j, "points", s->points);
	json_put_text(j, "reason", s->why.text);
	return j;
}

static int write_index(const struct io *io)
{
	static const char *const keys[] = { "domain_type", "size_bytes", "queue_depth", NULL };
	json_t *skipped = xjson(json_array());
	size_t i;

	for (i = 0; i < io->nr_skipped; i++)
		xjson_add(skipped, describe_skipped(&io->skipped[i]));
	return point_files_index(&io->files, "io", keys, run_ended_well(io->end) &&
				 io->progress.step == io->nr_points, skipped, NULL);
}

static void tell_skipped(const struct io *io)
{
	bool table = io->s.o.format == RESULT_HUMAN;
	size_t i;

	for (i = 0; i < io->nr_skipped; i++) {
		const struct io_skipped *s = &io->skipped[i];

		if (table)
			printf("%sskipped     %s: %s\n", i ? "" : "\n", io_type_word(s->point.type),
			       s->why.text);
		else
			error_note("skipped %s: %s", io_type_word(s->point.type), s->why.text);
	}
}

static int print_all(const struct io *io)
{
	json_t **results;

	if (io->s.o.quiet)
		return EXIT_DONE;
	if (io->s.o.format == RESULT_HUMAN && !io->files.several) {
		if (result_print(io->files.results[0], RESULT_HUMAN, stdout))
			return EXIT_UNABLE;
		delivery_spread(io->files.results[0]);
	} else if (io->s.o.format == RESULT_HUMAN) {
		results = point_files_json(&io->files);
		io_table_print(results, io->files.n, stdout);
		free(results);
	}
	tell_skipped(io);
	return EXIT_DONE;
}

/* How the invocation ends, as far as the measurement goes. */
static int judge(const struct io *io)
{
	if (io->failed)
		return EXIT_CHECK_FAILED;
	if (!io->files.n && io->nr_skipped)
		return error_fail((enum exit_status)io->skipped[0].status, "%s",
				  io->skipped[0].why.text);
	if (!io->files.n || io->end == IOMMUBENCH_END_STOPPED)
		return error_fail(EXIT_INTERRUPTED, "interrupted: %zu of %zu points are done%s",
				  io->files.n ? io->files.n - 1 : 0, io->nr_points,
				  io->files.n ?
				  ", and the last one holds what was measured until then" : "");
	if (io->end == IOMMUBENCH_END_REMOVED)
		return error_fail(EXIT_UNABLE, "%s went away during the run: the results hold what was measured until then",
				  io->block.name);
	return io->end == IOMMUBENCH_END_ERROR ? EXIT_UNABLE : EXIT_DONE;
}

static int conclude(struct io *io)
{
	int judged = judge(io), printed, indexed;

	printed = io->files.n ? print_all(io) : EXIT_DONE;
	indexed = write_index(io);
	return judged ? judged : io->files.lost ? io->files.lost : printed ? printed : indexed;
}

static void free_all(struct io *io)
{
	sweep_free(&io->types);
	sweep_free(&io->sizes);
	sweep_free(&io->depths);
	point_files_free(&io->files);
	free(io->skipped);
}

int io_main(int argc, char **argv)
{
	static struct io invocation;
	struct io *io = &invocation;
	int ret, released;

	ret = session_init(&io->s);
	if (ret)
		return ret;
	parse_command_line(io, argc, argv);
	io->s.link.signals = io->s.signals;
	io->job.fd = -1;
	io->files = (struct point_files){ .o = &io->s.o, .several = io->nr_points > 1 };
	ret = point_files_probe(&io->files);
	if (!ret)
		session_repair();
	if (!ret)
		ret = io_find_disk(io);
	if (!ret)
		ret = io_measure(io);
	released = io_put_back(io);
	if (!ret)
		ret = conclude(io);
	if (!ret)
		ret = released;
	free_all(io);
	return ret;
}
