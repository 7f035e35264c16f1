// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench tlb-flush: what each way to invalidate costs, and how long a device
 * still gets through to memory that was unmapped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <iommubench.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "events/commands.h"
#include "flush/group.h"
#include "flush/measure.h"
#include "flush/skipped.h"
#include "flush/sweep.h"
#include "flush/view/crossover.h"
#include "flush/view/group_table.h"
#include "flush/view/table.h"
#include "measure/group.h"
#include "measure/session.h"
#include "output/delivery.h"
#include "output/point_files.h"
#include "output/print.h"
#include "result/result.h"
#include "run/area.h"
#include "subcommand.h"
#include "text/json.h"
#include "text/progress.h"

/**
 * struct several - one of several devices
 * @s: its options, device and CPUs
 * @cpus: CPUs for the most threads of all points
 */
struct several {
	struct session s;
	unsigned int cpus;
};

/**
 * struct bench - one invocation
 * @s: options, device and CPUs
 * @extras: what is looked at besides the cost
 * @sweep: what is asked for
 * @count: what --count says
 * @cpus: CPUs for the most threads of all points
 * @points: what is to be measured
 * @nr_points: how many
 * @probes: to count commands with
 * @files: what was measured, and where it goes
 * @skipped: what was not
 * @progress: line for the whole sweep
 * @failed: points with a failed check
 * @unable: a device of several could not end a point; a line has told of it
 * @end: enum iommubench_end of the last point
 * @group: several devices
 * @devices: of each of them
 */
struct bench {
	struct session s;
	struct flush_extras extras;
	struct flush_sweep sweep;
	uint64_t count;
	unsigned int cpus;
	struct flush_point *points;
	size_t nr_points;
	struct commands probes;
	struct point_files files;
	struct flush_skipped skipped;
	struct progress progress;
	size_t failed;
	bool unable;
	int end;
	struct group group;
	struct several *devices;
};

enum {
	OPT_STRATEGY = 0x200,
	OPT_RANGE,
	OPT_DOMAINS,
	OPT_SWEEP,
	OPT_EXPOSURE,
	OPT_NO_EXPOSURE,
	OPT_WATCH_INTERVAL,
	OPT_DEVICE_LATENCY,
	OPT_NO_DEVICE_LATENCY,
	OPT_CHECK_STALE,
	OPT_NO_COMMANDS,
};

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "What is unmapped, and how:", 1 },
	{ "strategy", OPT_STRATEGY, "LIST", 0,
	  "strict, lazy, gather, range, per-page, full, per-map-full, none, or all of them "
	  "(default: all)", 0 },
	{ "range", OPT_RANGE, "SIZE", 0,
	  "bytes that a round maps and unmaps, a multiple of --size (default: one mapping)", 0 },
	{ "domains", OPT_DOMAINS, "WHICH", 0,
	  "shared: all threads unmap from one address space; per-thread: each has its own, "
	  "attached to a PASID (default: shared)", 0 },
	{ "sweep", OPT_SWEEP, "KEY=LIST", 0,
	  "measure with each value: KEY is range, size, threads, domains or strategy; LIST is "
	  "as 4K,64K or 4K..1G (doubling) or 4K..1Gx4; may be given for several keys", 0 },
	{ NULL, 0, NULL, 0, "What is looked at besides the cost:", 2 },
	{ "exposure", OPT_EXPOSURE, "TIME", 0,
	  "watch this long how long the device still gets through after an unmap; needs a DMA "
	  "engine (default: 500ms where there is one)", 0 },
	{ "no-exposure", OPT_NO_EXPOSURE, NULL, 0, "do not", 0 },
	{ "watch-interval", OPT_WATCH_INTERVAL, "TIME", 0,
	  "from one access to the next while watching (default: the engine's choice)", 0 },
	{ "device-latency", OPT_DEVICE_LATENCY, "TIME", 0,
	  "time the device's own accesses this long: cold, warm, and just after a flush of "
	  "other mappings (default: 200ms where the engine has a clock)", 0 },
	{ "no-device-latency", OPT_NO_DEVICE_LATENCY, NULL, 0, "do not", 0 },
	{ "check-stale", OPT_CHECK_STALE, NULL, 0,
	  "also unmap for as long as the cost is measured with the device probing after each "
	  "round; an access that gets through is a failed check", 0 },
	{ "no-commands", OPT_NO_COMMANDS, NULL, 0,
	  "do not count what the IOMMU is sent, which takes a short run more", 0 },
	{ NULL },
};

static const char doc_before[] =
	"Measure what each way to invalidate the IOMMU's TLB costs, and how long the device "
	"still reaches memory that was unmapped.";

static const char doc_after[] =
	"Strategies:\n"
	"  strict        each unmap waits for its invalidation (DMA API)\n"
	"  lazy          a flush queue, emptied by a timer or when full (DMA API)\n"
	"  gather        each mapping unmapped by itself, one sync for all of a round\n"
	"  range         one unmap of the whole range\n"
	"  per-page      each mapping unmapped and waited for by itself\n"
	"  full          each mapping unmapped, then one flush of the whole domain\n"
	"  per-map-full  a full flush after every single map and unmap\n"
	"  none          no translation: the floor\n"
	"\n"
	"Examples (as root, with a device bound by iommubench-bind):\n"
	"  iommubench tlb-flush                        all strategies, 4 KiB\n"
	"  iommubench tlb-flush --sweep range=4K..4Mx4 -T 500ms -o flush/\n"
	"  iommubench tlb-flush --strategy per-page,full --sweep range=4K..1M\n"
	"                                              from where on a full flush pays\n"
	"  iommubench tlb-flush --strategy gather --range 64K --sweep threads=1..8\n"
	"                                              contention\n"
	"  iommubench tlb-flush --strategy lazy --exposure 5s\n"
	"  iommubench tlb-flush --strategy strict --check-stale -n 10M\n"
	"  iommubench tlb-flush -d all --alone -o DIR/ all devices at once, a result each\n"
	"\n"
	"The device's group is switched to strict, lazy or identity as a strategy needs it, "
	"and back afterwards. With several points, -o NAME.json becomes NAME-POINT.json for "
	"each of them, and -o FOLDER/ a file in it; with several devices POINT-DEVICE.\n"
	"Units: sizes in bytes or K, M, G (1024); times with ns, us, ms, s, m, h; counts with "
	"k, M, G (1000).\n"
	"Exit status: 0 done, 1 a check failed (a stale access), 2 wrong use, 3 this machine "
	"can do none of it, 4 interrupted; points that were finished until then are kept.";

/* Of what makes no sense, only that is noted which was asked for by name. */
static void add_point(struct bench *b, const struct flush_point *p)
{
	struct error why;

	if (flush_senseless(p, &why)) {
		if (!b->sweep.all || p->domains == IOMMUBENCH_FLUSH_SHARED)
			flush_skip(&b->skipped, p, NULL, &why, EXIT_USAGE);
		return;
	}
	b->points = xgrow(b->points, b->nr_points + 1, sizeof(*b->points));
	b->points[b->nr_points++] = *p;
}

static void check_together(struct bench *b, const struct argp_state *state)
{
	size_t n, i;

	n = flush_sweep_settle(&b->sweep, &b->s.o, state);
	if (b->extras.stale && !strcmp(b->s.o.engine, "none"))
		options_refuse(state, "--check-stale",
			       "needs a DMA engine, but --engine none rules it out");
	for (i = 0; i < n; i++) {
		struct flush_point p;

		flush_sweep_point(&b->sweep, i, &p);
		add_point(b, &p);
	}
	if (!b->nr_points)
		options_refuse(state, NULL, "%s", b->skipped.n ? b->skipped.entries[0].why.text :
			       "no strategy works with these domains");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct bench *b = state->input;
	struct flush_extras *x = &b->extras;
	uint64_t ns;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &b->s.o;
		state->child_inputs[1] = &b->s.o;
		state->child_inputs[2] = &b->s.o;
		break;
	case OPT_STRATEGY:
		flush_sweep_option(&b->sweep, FLUSH_KEY_STRATEGY, arg, state);
		break;
	case OPT_RANGE:
		flush_sweep_option(&b->sweep, FLUSH_KEY_RANGE, arg, state);
		break;
	case OPT_DOMAINS:
		flush_sweep_option(&b->sweep, FLUSH_KEY_DOMAINS, arg, state);
		break;
	case OPT_SWEEP:
		flush_sweep_list(&b->sweep, arg, state);
		break;
	case OPT_EXPOSURE:
		x->exposure_ns = options_time(arg, 1, "--exposure", state);
		break;
	case OPT_NO_EXPOSURE:
		x->exposure_ns = 0;
		break;
	case OPT_WATCH_INTERVAL:
		ns = options_time(arg, 1, "--watch-interval", state);
		if (ns > UINT32_MAX)
			options_refuse(state, "--watch-interval",
				       "'%s' is too long, expected at most 4s", arg);
		x->interval_ns = (uint32_t)ns;
		break;
	case OPT_DEVICE_LATENCY:
		x->device_ns = options_time(arg, 1, "--device-latency", state);
		break;
	case OPT_NO_DEVICE_LATENCY:
		x->device_ns = 0;
		break;
	case OPT_CHECK_STALE:
		x->stale = true;
		break;
	case OPT_NO_COMMANDS:
		x->commands = false;
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
	static const struct argp_child children[] = {
		{ &options_devices_argp }, { &options_argp }, { &options_series_argp }, { NULL },
	};
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};

	b->extras = (struct flush_extras){
		.exposure_ns = 500000000,
		.device_ns = 200000000,
		.commands = true,
	};
	/* What no option gives, a sweep may. */
	b->s.o.size = UINT64_MAX;
	b->s.o.threads = 0;
	options_parse(&argp, doc_before, doc_after, argc, argv, b);
	error_set_verbose(b->s.o.verbose);
	b->count = b->s.o.count;
}

static void take_failures(struct bench *b, const char *name, const struct result *r,
			  const struct totals *t)
{
	if (!result_failures(r))
		return;
	fail(EXIT_CHECK_FAILED, "%s: %d check%s failed: %s", name, result_failures(r),
	     result_failures(r) == 1 ? "" : "s", *t->message ? t->message : "no reason is known");
	b->failed++;
}

/* The label stays at @label. */
static void label_point(struct bench *b, const char *name, char *label, size_t n)
{
	snprintf(label, n, "tlb-flush, %zu of %zu points done, %s", b->progress.step, b->nr_points,
		 name);
	b->progress.label = label;
}

/* Return: whether the sweep goes on. */
static bool do_point(struct bench *b, const struct flush_point *p)
{
	char *name = flush_point_name(p), label[256];
	struct error why = { "" };
	struct totals t;
	struct result *r;
	int ret;

	label_point(b, name, label, sizeof(label));
	b->s.o.count = b->count;
	b->s.placement.nr = b->cpus < p->threads ? b->cpus : p->threads;
	ret = flush_measure(&b->s, p, &b->extras, &b->probes, &r, &t, &why);
	b->progress.step++;
	if (ret) {
		flush_skip(&b->skipped, p, NULL, &why, ret);
		free(name);
		totals_free(&t);
		return b->s.device.fd >= 0;
	}
	take_failures(b, name, r, &t);
	b->end = t.end;
	if (t.end == IOMMUBENCH_END_ERROR && !result_failures(r))
		fail(EXIT_UNABLE, "%s: the run failed: %s; the result holds what was measured until then",
		     name, *t.message ? t.message : "no reason is known");
	point_files_add(&b->files, r, name);
	totals_free(&t);
	return b->end != IOMMUBENCH_END_STOPPED && b->end != IOMMUBENCH_END_REMOVED;
}

/* What one of several devices gave; what happened to it takes nothing from the others. */
static void take_device(struct bench *b, const struct flush_point *p, unsigned int i,
			struct flush_device *d)
{
	const struct group_member *m = &b->group.members[i];
	const char *device = m->s->device.name;
	char *word, *name;

	if (!d->r) {
		flush_skip(&b->skipped, p, device, &d->why, d->status);
		return;
	}
	word = flush_point_name(p);
	name = xasprintf("%s-%s", word, device);
	free(word);
	take_failures(b, name, d->r, &d->t);
	if (d->t.end == IOMMUBENCH_END_REMOVED) {
		fail(EXIT_UNABLE, "device %s went away during the run: its results hold what was measured until then",
		     device);
		b->unable = true;
		/* Whatever comes back under its name is not what was opened. */
		device_close(&b->devices[i].s.device);
	} else if (d->t.end == IOMMUBENCH_END_STOPPED && !m->late) {
		b->end = IOMMUBENCH_END_STOPPED;
	} else if (!run_ended_well(d->t.end) && !result_failures(d->r)) {
		fail(EXIT_UNABLE, "%s: %s; the result holds what was measured until then", name,
		     *d->t.message ? d->t.message : "the run failed, no reason is known");
		b->unable = true;
	}
	point_files_add(&b->files, d->r, name);
	d->r = NULL;
}

/* Return: whether the sweep goes on. */
static bool do_point_together(struct bench *b, const struct flush_point *p)
{
	char *name = flush_point_name(p), label[256];
	struct flush_device *devices = xcalloc(b->group.nr, sizeof(*devices));
	unsigned int i, left = 0;
	int ret;

	label_point(b, name, label, sizeof(label));
	for (i = 0; i < b->group.nr; i++) {
		struct several *one = &b->devices[i];

		one->s.o.count = b->count;
		one->s.placement.nr = one->cpus < p->threads ? one->cpus : p->threads;
	}
	b->end = IOMMUBENCH_END_TIME;
	ret = flush_group_measure(&b->group, p, &b->extras, &b->probes, devices);
	b->progress.step++;
	for (i = 0; i < b->group.nr && !ret; i++) {
		take_device(b, p, i, &devices[i]);
		left += b->devices[i].s.device.fd >= 0;
	}
	for (i = 0; i < b->group.nr; i++)
		totals_free(&devices[i].t);
	free(devices);
	free(name);
	b->unable = b->unable || ret;
	return left && b->end != IOMMUBENCH_END_STOPPED;
}

static uint64_t expected_ns(const struct bench *b)
{
	uint64_t point = (b->s.o.duration_ns + b->s.o.warmup_ns) * b->s.o.repeat +
			 b->extras.exposure_ns + b->extras.device_ns;

	if (!b->s.o.duration_ns)
		return 0;
	if (b->extras.stale)
		point += b->s.o.duration_ns + b->s.o.warmup_ns;
	return point * b->nr_points;
}

/* What --check-stale cannot do without; the other looks are left out where they cannot be had. */
static int check_device(const struct bench *b, const struct device *d)
{
	int ret = device_check_engine(d, b->s.o.engine);

	if (!ret && b->extras.stale && !(d->info.features & IOMMUBENCH_FEATURE_PROBE))
		return fail(EXIT_UNABLE,
			    "--check-stale: the engine of device %s (%s) cannot tell a refused access: leave it out, or bind a device that can",
			    d->name, d->info.engine);
	return ret;
}

static void open_probes(struct bench *b, struct session *s)
{
	char kind[128];

	if (b->group.nr)
		group_iommu_kind(&b->group, kind, sizeof(kind));
	else
		device_iommu_kind(&s->device, kind, sizeof(kind));
	commands_open(&b->probes, kind);
	if (b->probes.usable)
		s->probes = &b->probes;
	else
		detail("commands are not counted: %s", b->probes.reason);
}

static unsigned int most_threads(const struct bench *b)
{
	unsigned int most = 0;
	size_t i;

	for (i = 0; i < b->nr_points; i++)
		if (b->points[i].threads > most)
			most = b->points[i].threads;
	return most;
}

/* With all devices connected; @s is the first one's. */
static void sweep(struct bench *b, struct session *s)
{
	bool together = b->group.nr;
	size_t i;

	if (!strcmp(b->s.o.engine, "none")) {
		b->extras.exposure_ns = 0;
		b->extras.device_ns = 0;
	}
	if (b->extras.commands)
		open_probes(b, s);
	progress_start(&b->progress, "tlb-flush", expected_ns(b), 0, b->s.o.quiet);
	b->progress.steps = b->nr_points;
	b->group.line = &b->progress;
	s->link.progress = &b->progress;
	for (i = 0; i < b->nr_points; i++)
		if (!(together ? do_point_together : do_point)(b, &b->points[i]))
			break;
	s->link.progress = NULL;
	progress_end(&b->progress);
	commands_close(&b->probes);
}

static int do_points(struct bench *b)
{
	int ret;

	ret = check_device(b, &b->s.device);
	if (ret)
		return ret;
	b->s.o.threads = most_threads(b);
	ret = session_connect(&b->s, b->s.o.threads);
	if (ret)
		return ret;
	b->cpus = b->s.placement.nr;
	sweep(b, &b->s);
	return EXIT_DONE;
}

/* Locks and opens each of several devices; before any runs. */
static int begin_devices(struct bench *b, char **names, unsigned int nr)
{
	struct group *g = &b->group;
	int ret;

	b->devices = xcalloc(nr, sizeof(*b->devices));
	g->members = xcalloc(nr, sizeof(*g->members));
	g->limit_ns = b->s.o.run_limit_ns;
	g->lenient = true;
	b->s.o.threads = most_threads(b);
	while (g->nr < nr) {
		struct session *s = &b->devices[g->nr].s;

		*s = b->s;
		s->o.device = names[g->nr];
		g->members[g->nr++] = (struct group_member){ .s = s };
		ret = session_begin(s, -1);
		if (!ret)
			ret = check_device(b, &s->device);
		if (ret)
			return ret;
	}
	return EXIT_DONE;
}

static int do_points_together(struct bench *b)
{
	char **names = NULL;
	unsigned int i, nr = 0;
	int ret = EXIT_DONE;

	if (b->s.o.all_devices)
		ret = device_list(&names, &nr);
	if (!ret)
		ret = names ? begin_devices(b, names, nr) :
			      begin_devices(b, (char **)b->s.o.devices, b->s.o.nr_devices);
	if (!ret)
		ret = group_connect(&b->group, &b->s.o);
	for (i = 0; i < b->group.nr && !ret; i++)
		b->devices[i].cpus = b->devices[i].s.placement.nr;
	if (!ret)
		sweep(b, &b->devices[0].s);
	for (i = 0; i < nr; i++)
		free(names[i]);
	free(names);
	return ret;
}

/* What belongs together, what was left out, and what it says as a whole. */
static int write_index(const struct bench *b)
{
	static const char *const keys[] = {
		"strategy", "size_bytes", "range_bytes", "threads", "domains", NULL,
	};
	json_t **results = point_files_json(&b->files);
	json_t *more = xjson(json_object());

	xjson_put(more, "crossover", b->group.nr ? flush_group_sentences(results, b->files.n) :
						   crossover_sentences(results, b->files.n));
	free(results);
	return point_files_index(&b->files, "tlb-flush", keys,
				 run_ended_well(b->end) && !b->unable &&
				 b->progress.step == b->nr_points,
				 flush_skipped_json(&b->skipped), more);
}

static int print_all(const struct bench *b)
{
	json_t **results;

	if (b->s.o.quiet)
		return EXIT_DONE;
	if (b->s.o.format == RESULT_HUMAN && b->group.nr) {
		results = point_files_json(&b->files);
		flush_group_table_print(results, b->files.n, stdout);
		free(results);
	} else if (b->s.o.format == RESULT_HUMAN && !b->files.several && b->files.n) {
		if (result_print(b->files.results[0], RESULT_HUMAN, stdout))
			return EXIT_UNABLE;
		delivery_spread(b->files.results[0]);
	} else if (b->s.o.format == RESULT_HUMAN) {
		results = point_files_json(&b->files);
		flush_table_print(results, b->files.n, stdout);
		free(results);
	}
	flush_skipped_print(&b->skipped, b->s.o.format == RESULT_HUMAN);
	return EXIT_DONE;
}

/* How the invocation ends, as far as the measurement goes. */
static int judge(const struct bench *b)
{
	const struct flush_skipped_entry *skipped = b->skipped.entries;

	if (b->failed)
		return EXIT_CHECK_FAILED;
	if (!b->files.n && b->skipped.n == 1)
		return fail((enum exit_status)skipped->status, "%s", skipped->why.text);
	if (!b->files.n)
		return fail(EXIT_UNABLE, "none of %zu points can be measured here; the first reason: %s",
			    b->nr_points, skipped->why.text);
	if (b->end == IOMMUBENCH_END_STOPPED)
		return fail(EXIT_INTERRUPTED, "interrupted: %zu of %zu points are done, and the last one holds what was measured until then",
			    b->progress.step - 1, b->nr_points);
	if (b->end == IOMMUBENCH_END_REMOVED)
		return fail(EXIT_UNABLE, "device %s went away during the run: the results hold what was measured until then",
			    b->s.device.name);
	return b->unable || b->end == IOMMUBENCH_END_ERROR ? EXIT_UNABLE : EXIT_DONE;
}

static int conclude(struct bench *b)
{
	int judged = judge(b), printed, indexed = EXIT_DONE;

	printed = b->files.n ? print_all(b) : EXIT_DONE;
	indexed = write_index(b);
	return judged ? judged : b->files.lost ? b->files.lost : printed ? printed : indexed;
}

/* Devices keep their names until the messages are written. */
static int end(struct bench *b, bool together)
{
	int ret;

	if (!together)
		return session_end(&b->s);
	ret = group_end(&b->group);
	perf_pmu_names_free(&b->s.o.events);
	close(b->s.signals);
	return ret;
}

static void free_all(struct bench *b)
{
	flush_sweep_free(&b->sweep);
	point_files_free(&b->files);
	free(b->points);
	free(b->skipped.entries);
	free(b->group.members);
	free(b->devices);
}

int tlb_flush_main(int argc, char **argv)
{
	static struct bench bench;
	struct bench *b = &bench;
	int ret, released;
	bool together;

	ret = session_init(&b->s);
	if (ret)
		return ret;
	parse_command_line(b, argc, argv);
	together = options_several(&b->s.o);
	b->files = (struct point_files){
		.o = &b->s.o,
		.several = together || b->nr_points + b->skipped.n > 1,
	};
	ret = point_files_probe(&b->files);
	if (!ret && together) {
		ret = do_points_together(b);
	} else if (!ret) {
		ret = session_begin(&b->s, -1);
		if (!ret)
			ret = do_points(b);
	}
	released = end(b, together);
	if (!ret)
		ret = conclude(b);
	if (!ret)
		ret = released;
	free_all(b);
	return ret;
}
