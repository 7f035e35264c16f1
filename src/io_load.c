// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench io: real I/O on a block device behind the IOMMU, so that what a flush
 * strategy costs is seen as operations per second, CPU time and tail latency.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sysfs.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "cli/sweep.h"
#include "device/block.h"
#include "device/domain_type.h"
#include "disk/describe.h"
#include "disk/load.h"
#include "io/counted.h"
#include "io/result.h"
#include "io/view/summary.h"
#include "measure/session.h"
#include "output/delivery.h"
#include "output/placement_matrix.h"
#include "output/point_files.h"
#include "output/print.h"
#include "run/area.h"
#include "run/link.h"
#include "subcommand.h"
#include "text/json.h"
#include "text/parse.h"
#include "text/progress.h"

/* More points than this are a slip of the hand. */
#define MAX_POINTS	10000
/* Memory for all buffers together. */
#define MAX_BUFFER_BYTES	1073741824ULL

/**
 * struct point - one combination of what can be swept
 * @type: enum iommubench_domain_type, -1 for what the group has
 * @bytes: of a request
 * @depth: requests under way, of each thread
 */
struct point {
	int type;
	uint32_t bytes;
	unsigned int depth;
};

/**
 * struct skipped - points that this machine cannot do
 * @point: the first of them
 * @points: how many have the same domain type and the same reason
 * @why: the reason
 * @status: enum exit_status that it deserves
 */
struct skipped {
	struct point point;
	size_t points;
	struct error why;
	int status;
};

/**
 * struct bench - one invocation
 * @s: options, device and CPUs
 * @job: what is the same at all points
 * @disk: what --device says
 * @overwrite: the device that may be written to, as the user typed it
 * @types: domain types; empty: what the group has
 * @sizes: bytes of a request
 * @depths: requests under way
 * @block: the disk
 * @user: who else uses it
 * @name: of the disk when it was found; a new binding may give it another
 * @switched: its driver was bound anew
 * @files: what was measured, and where it goes
 * @skipped: what was not
 * @nr_skipped: how many
 * @nr_points: points in all
 * @progress: line for all of them
 * @failed: points with failed requests
 * @end: enum iommubench_end of the last point
 */
struct bench {
	struct session s;
	struct io_job job;
	const char *disk;
	const char *overwrite;
	struct sweep types;
	struct sweep sizes;
	struct sweep depths;
	struct block block;
	char user[160];
	char name[BLOCK_NAME_BYTES];
	bool switched;
	struct point_files files;
	struct skipped *skipped;
	size_t nr_skipped;
	size_t nr_points;
	struct progress progress;
	size_t failed;
	int end;
};

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

static void check_together(struct bench *b, const struct argp_state *state)
{
	uint64_t most = 0;
	size_t i, k;

	if (!b->sizes.n)
		sweep_one(&b->sizes, 4096);
	if (!b->depths.n)
		sweep_one(&b->depths, 32);
	if (b->overwrite && !b->job.write_percent)
		options_refuse(state, "--overwrite", "nothing is written without --write");
	if (b->job.write_percent && !b->overwrite)
		options_refuse(state, "--write",
			       "this destroys what is on the disk: add --overwrite with the disk's name to say that it may");
	for (i = 0; i < b->sizes.n; i++)
		for (k = 0; k < b->depths.n; k++)
			if (b->sizes.values[i] * b->depths.values[k] > most)
				most = b->sizes.values[i] * b->depths.values[k];
	if (most > MAX_BUFFER_BYTES / b->s.o.threads)
		options_refuse(state, NULL,
			       "the buffers of all threads would take more than 1G: take fewer threads, a smaller --size or less --queue-depth");
	b->nr_points = (b->types.n ? b->types.n : 1) * b->sizes.n * b->depths.n;
	if (b->nr_points > MAX_POINTS)
		options_refuse(state, NULL, "more than %d points: take fewer values", MAX_POINTS);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct bench *b = state->input;
	struct error e;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &b->s.o;
		state->child_inputs[1] = &b->s.o;
		break;
	case 'd':
		if (!*arg)
			options_refuse(state, "--device",
				       "the name is empty, expected one such as nvme0n1");
		if (b->disk || strchr(arg, ',') || !strcmp(arg, "all"))
			options_refuse(state, "--device",
				       "io works with one disk, give one; map-unmap, tlb-flush and iopf take several devices");
		b->disk = arg;
		break;
	case OPT_DOMAIN_TYPE:
		options_require(state, "--domain-type",
				sweep_words(&b->types, arg, domain_type_choices, &e), &e);
		break;
	case 's':
		options_require(state, "--size", sweep_numbers(&b->sizes, arg, parse_bytes, &e),
				&e);
		break;
	case OPT_QUEUE_DEPTH:
		options_require(state, "--queue-depth",
				sweep_numbers(&b->depths, arg, parse_depth, &e), &e);
		break;
	case OPT_RATE:
		b->s.o.rate_mhz = options_rate(arg, "--rate", state);
		break;
	case OPT_PATTERN:
		b->job.random = options_word(arg, pattern_choices, "--pattern", state);
		break;
	case OPT_SPAN:
		b->job.span = options_size(arg, "--span", state);
		break;
	case OPT_FIXED_BUFFERS:
		b->job.fixed = true;
		break;
	case OPT_POLLED:
		b->job.polled = true;
		break;
	case 't':
		b->s.o.threads = (unsigned int)options_number(arg, 1, IOMMUBENCH_MAX_THREADS,
							      "--threads", state);
		break;
	case OPT_WRITE:
		b->job.write_percent = (unsigned int)options_number(arg, 0, 100, "--write", state);
		break;
	case OPT_OVERWRITE:
		b->overwrite = arg;
		break;
	case ARGP_KEY_ARG:
		options_refuse(state, NULL, "unexpected argument '%s': try '%s --help'", arg,
			       state->name);
	case ARGP_KEY_SUCCESS:
		check_together(b, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void parse_command_line(struct bench *b, int argc, char **argv)
{
	const struct argp_child children[] = {
		{ options_argp_only(common_options) }, { &options_series_argp }, { NULL },
	};
	const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};

	b->job.random = true;
	options_parse(&argp, doc_before, doc_after, argc, argv, b);
	error_set_verbose(b->s.o.verbose);
}

/* --- the disk ----------------------------------------------------------------- */

static int check_disk(struct bench *b)
{
	const struct block *disk = &b->block;
	uint64_t span = b->job.span ? b->job.span : disk->bytes;
	char size[32];
	size_t i;

	if (b->overwrite && strcmp(b->overwrite, disk->name))
		return fail(EXIT_USAGE, "--overwrite names %s, but the disk is %s: nothing was written",
			    b->overwrite, disk->name);
	if (b->job.polled && !disk->can_poll)
		return fail(EXIT_UNABLE, "--polled: %s has no queues to poll: have its driver make some, such as by nvme.poll_queues=2 on the kernel's command line",
			    disk->name);
	if (span > disk->bytes)
		return fail(EXIT_USAGE, "--span: %s has only %s", disk->name,
			    format_size(disk->bytes, size, sizeof(size)));
	for (i = 0; i < b->sizes.n; i++) {
		uint64_t bytes = b->sizes.values[i];

		if (bytes % disk->logical_bytes)
			return fail(EXIT_USAGE, "--size: %s is not a multiple of %u bytes, a block of %s",
				    format_size(bytes, size, sizeof(size)), disk->logical_bytes,
				    disk->name);
		if (span / bytes < b->s.o.threads)
			return fail(EXIT_USAGE, "requests of %s do not fit into %" PRIu64 " bytes of %s once for each thread",
				    format_size(bytes, size, sizeof(size)), span, disk->name);
	}
	b->job.span = span;
	return EXIT_DONE;
}

static int find_disk(struct bench *b)
{
	int ret = block_find(&b->block, b->disk);

	if (!ret)
		ret = check_disk(b);
	if (ret)
		return ret;
	snprintf(b->name, sizeof(b->name), "%s", b->block.name);
	b->s.device = b->block.device;
	if (b->s.o.placement_matrix)
		ret = placement_matrix(&b->s.o, &b->s.device, b->s.signals);
	if (ret)
		return ret;
	return domain_type_lock(&b->s.domain, &b->s.device);
}

static int choose_cpus(struct bench *b)
{
	struct session *s = &b->s;
	int ret;

	ret = session_place(s, s->o.threads);
	if (ret)
		return ret;
	s->watch->works = true;
	b->job.threads = s->o.threads;
	b->job.cpus = s->placement.cpus;
	b->job.nr_cpus = s->placement.nr;
	b->job.warmup_ns = s->o.warmup_ns;
	b->job.duration_ns = s->o.duration_ns;
	b->job.count = s->o.count;
	b->job.rate_mhz = s->o.rate_mhz;
	b->job.series = s->o.interval_ns ? &s->series : NULL;
	return EXIT_DONE;
}

/* Leaves the disk open in a domain type; nobody else can take it then. */
static int enter_domain(struct bench *b, int type)
{
	int ret = EXIT_DONE;

	if (type >= 0) {
		b->switched = true;
		ret = domain_type_switch(&b->s.domain, type);
		/* It comes back when another type could not be had as well. */
		if (block_again(&b->block))
			return EXIT_UNABLE;
		b->s.device = b->block.device;
	}
	if (ret)
		return ret;
	b->job.fd = block_open(&b->block, b->job.write_percent, b->user, sizeof(b->user));
	if (b->job.fd < 0)
		return EXIT_UNABLE;
	disk_describe(&b->s.device, b->block.driver);
	return EXIT_DONE;
}

static void leave_domain(struct bench *b)
{
	if (b->job.fd >= 0)
		close(b->job.fd);
	b->job.fd = -1;
}

/* --- points ------------------------------------------------------------------- */

static const char *type_word(int type)
{
	return type < 0 ? "asis" : choice_word(domain_type_choices, type);
}

static char *point_name(const struct point *p)
{
	char size[32];

	return xasprintf("%s-%s-qd%u", type_word(p->type),
			 format_size(p->bytes, size, sizeof(size)), p->depth);
}

static void skip(struct bench *b, const struct point *p, size_t points, const struct error *why,
		 int status)
{
	b->skipped = xgrow(b->skipped, b->nr_skipped + 1, sizeof(*b->skipped));
	b->skipped[b->nr_skipped++] = (struct skipped){
		.point = *p,
		.points = points,
		.why = *why,
		.status = status,
	};
}

/* A request that failed because the disk is gone is no failed check. */
static void judge_removal(const struct bench *b, struct io_outcome *o)
{
	char text[32];

	if (o->run.end != IOMMUBENCH_END_ERROR)
		return;
	if (sysfs_read(text, sizeof(text), "/sys/block/%s/size", b->block.name) ||
	    !strcmp(text, "0")) {
		o->run.end = IOMMUBENCH_END_REMOVED;
		o->failed = 0;
	}
}

/* One run. Return: an enum exit_status; unless EXIT_DONE, @why says what cannot be done. */
static int run_once(struct bench *b, const struct io_job *job, struct totals *t,
		    struct io_sums *sums, struct error *why)
{
	struct io_outcome o;
	int ret = io_execute(&b->s, job, &b->progress, &o, why);

	if (ret)
		return ret;
	series_cut(&b->s.series);
	judge_removal(b, &o);
	totals_add(t, &o.run);
	io_sums_add(sums, &o);
	io_outcome_free(&o);
	return EXIT_DONE;
}

static int run_point(struct bench *b, const struct point *p, struct totals *t,
		     struct io_sums *sums, struct error *why)
{
	struct io_job job = b->job;
	unsigned int i;
	int ret;

	job.bytes = p->bytes;
	job.depth = p->depth;
	session_begin_own_counters(&b->s);
	series_begin(&b->s.series, b->s.o.interval_ns, t->clock_hz, t->nr_phases);
	t->series = &b->s.series;
	for (i = 0; i < b->s.o.repeat; i++) {
		job.seed = b->s.o.seed + i;
		ret = run_once(b, &job, t, sums, why);
		if (ret && !i)
			return ret;
		if (ret) {
			t->end = IOMMUBENCH_END_ERROR;
			snprintf(t->message, sizeof(t->message), "run %u of %u could not be done",
				 i + 1, b->s.o.repeat);
			return EXIT_DONE;
		}
		if (!run_ended_well(t->end))
			return EXIT_DONE;
	}
	io_explain(&b->s, &job, &b->progress);
	return EXIT_DONE;
}

static void keep_point(struct bench *b, const struct point *p, const struct totals *t,
		       const struct io_sums *sums)
{
	struct io_job job = b->job;
	char *name = point_name(p);
	struct result *r;

	job.bytes = p->bytes;
	job.depth = p->depth;
	r = io_report(&b->s, &b->block, &job, p->type, b->user, t, sums);
	if (result_failures(r)) {
		fail(EXIT_CHECK_FAILED, "%s: %s; the result holds what was measured until then",
		     name, t->message);
		b->failed++;
	} else if (t->end == IOMMUBENCH_END_ERROR) {
		fail(EXIT_UNABLE, "%s: the run failed: %s; the result holds what was measured until then",
		     name, *t->message ? t->message : "no reason is known");
	}
	b->end = t->end;
	point_files_add(&b->files, r, name);
}

/* Return: whether the sweep goes on. */
static bool do_point(struct bench *b, const struct point *p)
{
	struct totals t = {
		.clock_hz = 1000000000,
		.names = io_phase_names,
		.nr_phases = IO_PHASES,
		.split = IO_DIRECTIONS,
		.repeat = b->s.o.repeat,
		.nr_threads = b->s.o.threads,
	};
	struct io_sums sums = { 0 };
	struct error why = { "" };
	char label[256], *name;
	int ret;

	name = point_name(p);
	snprintf(label, sizeof(label), "io, %zu of %zu points done, %s", b->progress.step,
		 b->nr_points, name);
	free(name);
	b->progress.label = label;
	totals_init(&t);
	ret = run_point(b, p, &t, &sums, &why);
	if (b->s.counters)
		totals_set_counters(&t, b->s.counters);
	b->progress.step++;
	b->progress.label = "io";
	if (ret)
		skip(b, p, 1, &why, ret);
	else
		keep_point(b, p, &t, &sums);
	totals_free(&t);
	return ret || (b->end != IOMMUBENCH_END_STOPPED && b->end != IOMMUBENCH_END_REMOVED);
}

/* All points in one domain type. Return: whether the sweep goes on. */
static bool do_domain(struct bench *b, int type)
{
	size_t points = b->sizes.n * b->depths.n, i;
	struct error why = { "" };
	struct point p = { .type = type };
	bool on = true;
	int ret;

	error_keep(&why);
	ret = enter_domain(b, type);
	error_keep(NULL);
	for (i = 0; on && i < points; i++) {
		p.bytes = (uint32_t)b->sizes.values[i / b->depths.n];
		p.depth = (unsigned int)b->depths.values[i % b->depths.n];
		if (ret) {
			skip(b, &p, points, &why, ret);
			b->progress.step += points;
			break;
		}
		on = do_point(b, &p);
	}
	leave_domain(b);
	return on;
}

static int do_points(struct bench *b)
{
	const struct options *o = &b->s.o;
	uint64_t point_ns = (o->duration_ns + o->warmup_ns) * o->repeat;
	size_t i;
	int ret;

	ret = choose_cpus(b);
	if (ret)
		return ret;
	progress_start(&b->progress, "io", o->duration_ns ? point_ns * b->nr_points : 0, 0,
		       o->quiet);
	b->progress.steps = b->nr_points;
	if (!b->types.n)
		do_domain(b, -1);
	for (i = 0; i < b->types.n; i++)
		if (run_interrupted(&b->s.link) || !do_domain(b, (int)b->types.values[i]))
			break;
	progress_end(&b->progress);
	return EXIT_DONE;
}

/* The disk is there again when the tool has ended, for what comes next in a script. */
static int put_back(struct bench *b)
{
	int ret = session_end(&b->s);

	if (b->switched && block_again(&b->block) && !ret)
		ret = EXIT_UNABLE;
	return ret;
}

/* --- the end ------------------------------------------------------------------ */

static json_t *describe_skipped(const struct skipped *s)
{
	json_t *j = xjson(json_object());

	if (s->point.type >= 0)
		json_put_text(j, "domain_type", type_word(s->point.type));
	else
		xjson_put(j, "domain_type", json_null());
	json_put_number(j, "size_bytes", s->point.bytes);
	json_put_number(j, "queue_depth", s->point.depth);
	json_put_number(j, "points", s->points);
	json_put_text(j, "reason", s->why.text);
	return j;
}

static int write_index(const struct bench *b)
{
	static const char *const keys[] = { "domain_type", "size_bytes", "queue_depth", NULL };
	json_t *skipped = xjson(json_array());
	size_t i;

	for (i = 0; i < b->nr_skipped; i++)
		xjson_add(skipped, describe_skipped(&b->skipped[i]));
	return point_files_index(&b->files, "io", keys, run_ended_well(b->end) &&
				 b->progress.step == b->nr_points, skipped, NULL);
}

static void tell_skipped(const struct bench *b)
{
	bool table = b->s.o.format == RESULT_HUMAN;
	size_t i;

	for (i = 0; i < b->nr_skipped; i++) {
		const struct skipped *s = &b->skipped[i];

		if (table)
			printf("%sskipped     %s: %s\n", i ? "" : "\n", type_word(s->point.type),
			       s->why.text);
		else
			note("skipped %s: %s", type_word(s->point.type), s->why.text);
	}
}

static int print_all(const struct bench *b)
{
	json_t **results;

	if (b->s.o.quiet)
		return EXIT_DONE;
	if (b->s.o.format == RESULT_HUMAN && !b->files.several) {
		if (result_print(b->files.results[0], RESULT_HUMAN, stdout))
			return EXIT_UNABLE;
		delivery_spread(b->files.results[0]);
	} else if (b->s.o.format == RESULT_HUMAN) {
		results = point_files_json(&b->files);
		io_table_print(results, b->files.n, stdout);
		free(results);
	}
	tell_skipped(b);
	return EXIT_DONE;
}

/* How the invocation ends, as far as the measurement goes. */
static int judge(const struct bench *b)
{
	if (b->failed)
		return EXIT_CHECK_FAILED;
	if (!b->files.n && b->nr_skipped)
		return fail((enum exit_status)b->skipped[0].status, "%s", b->skipped[0].why.text);
	if (!b->files.n || b->end == IOMMUBENCH_END_STOPPED)
		return fail(EXIT_INTERRUPTED, "interrupted: %zu of %zu points are done%s",
			    b->files.n ? b->files.n - 1 : 0, b->nr_points,
			    b->files.n ? ", and the last one holds what was measured until then" : "");
	if (b->end == IOMMUBENCH_END_REMOVED)
		return fail(EXIT_UNABLE, "%s went away during the run: the results hold what was measured until then",
			    b->block.name);
	return b->end == IOMMUBENCH_END_ERROR ? EXIT_UNABLE : EXIT_DONE;
}

static int conclude(struct bench *b)
{
	int judged = judge(b), printed, indexed;

	printed = b->files.n ? print_all(b) : EXIT_DONE;
	indexed = write_index(b);
	return judged ? judged : b->files.lost ? b->files.lost : printed ? printed : indexed;
}

static void free_all(struct bench *b)
{
	sweep_free(&b->types);
	sweep_free(&b->sizes);
	sweep_free(&b->depths);
	point_files_free(&b->files);
	free(b->skipped);
}

int io_main(int argc, char **argv)
{
	static struct bench bench;
	struct bench *b = &bench;
	int ret, released;

	ret = session_init(&b->s);
	if (ret)
		return ret;
	parse_command_line(b, argc, argv);
	b->s.link.signals = b->s.signals;
	b->job.fd = -1;
	b->files = (struct point_files){ .o = &b->s.o, .several = b->nr_points > 1 };
	ret = point_files_probe(&b->files);
	if (!ret)
		ret = find_disk(b);
	if (!ret)
		ret = do_points(b);
	released = put_back(b);
	if (!ret)
		ret = conclude(b);
	if (!ret)
		ret = released;
	free_all(b);
	return ret;
}
