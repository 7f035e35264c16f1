// SPDX-License-Identifier: GPL-2.0-only
/*
 * iommubench tlb-flush: what each way to invalidate costs, and how long a device
 * still gets through to memory that was unmapped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <iommubench.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "cli/refuse.h"
#include "events/iommu_commands.h"
#include "flush/devices.h"
#include "flush/point.h"
#include "flush/skipped.h"
#include "flush/sweep.h"
#include "flush/view/crossover.h"
#include "flush/view/group_table.h"
#include "flush/view/strategies.h"
#include "flush/view/table.h"
#include "measure/devices.h"
#include "measure/invocation.h"
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
 * struct tlb_flush - one invocation
 * @s: options, device and CPUs
 * @extras: what is looked at besides the cost
 * @sweep: what is asked for
 * @count: what --count says
 * @points: what is to be measured
 * @nr_points: entries at @points
 * @probes: to count commands with
 * @files: what was measured, and where it goes
 * @skipped: points that were not measured
 * @progress: line for the whole sweep
 * @failed: points with a failed check
 * @unable: a device of several could not end a point; a line has told of it
 * @end: enum iommubench_end of the last point
 * @v: the devices
 * @cpus: of each device, CPUs for the most threads of all points
 */
struct tlb_flush {
	struct session s;
	struct flush_extras extras;
	struct flush_sweep sweep;
	uint64_t count;
	struct flush_point *points;
	size_t nr_points;
	struct iommu_commands probes;
	struct point_files files;
	struct flush_skipped skipped;
	struct progress progress;
	size_t failed;
	bool unable;
	int end;
	struct invocation v;
	unsigned int *cpus;
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

#define AS_LISTED(word, name, domain, waits, style)	word ", "

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "What is unmapped, and how:", 1 },
	{ "strategy", OPT_STRATEGY, "LIST", 0,
	  FLUSH_STRATEGY_ROWS(AS_LISTED) "or all of them "
	  "(default: all)", 0 },
	{ "range", OPT_RANGE, "SIZE", 0,
	  "bytes that a round maps and unmaps, a multiple of --size (default: one mapping; "
	  "of all strategies also 37)", 0 },
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
static void add_point(struct tlb_flush *m, const struct flush_point *p)
{
	struct error why;

	if (flush_senseless(p, &why)) {
		if (!m->sweep.all || p->domains == IOMMUBENCH_FLUSH_SHARED)
			flush_skip(&m->skipped, p, NULL, &why, EXIT_USAGE);
		return;
	}
	m->points = xgrow(m->points, m->nr_points + 1, sizeof(*m->points));
	m->points[m->nr_points++] = *p;
}

static void check_together(struct tlb_flush *m, const struct argp_state *state)
{
	size_t n, i;

	n = flush_sweep_settle(&m->sweep, &m->s.o, state);
	if (m->extras.stale && !strcmp(m->s.o.engine, "none"))
		options_refuse(state, "--check-stale",
			       "needs a DMA engine, but --engine none rules it out");
	for (i = 0; i < n; i++) {
		struct flush_point p;

		flush_sweep_point(&m->sweep, i, &p);
		add_point(m, &p);
	}
	if (!m->nr_points)
		options_refuse(state, NULL, "%s", m->skipped.n ? m->skipped.entries[0].why.text :
			       "no strategy works with these domains");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct tlb_flush *m = state->input;
	struct flush_extras *x = &m->extras;
	uint64_t ns;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &m->s.o;
		state->child_inputs[1] = &m->s.o;
		state->child_inputs[2] = &m->s.o;
		break;
	case OPT_STRATEGY:
		flush_sweep_option(&m->sweep, FLUSH_KEY_STRATEGY, arg, state);
		break;
	case OPT_RANGE:
		flush_sweep_option(&m->sweep, FLUSH_KEY_RANGE, arg, state);
		break;
	case OPT_DOMAINS:
		flush_sweep_option(&m->sweep, FLUSH_KEY_DOMAINS, arg, state);
		break;
	case OPT_SWEEP:
		flush_sweep_list(&m->sweep, arg, state);
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
		check_together(m, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void parse_command_line(struct tlb_flush *m, int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &options_devices_argp }, { &options_argp }, { &options_series_argp }, { NULL },
	};
	static const struct argp argp = {
		.options = option_table,
		.parser = parse_option,
		.children = children,
	};

	m->extras = (struct flush_extras){
		.exposure_ns = 500000000,
		.device_ns = 200000000,
		.commands = true,
	};
	/* What no option gives, a sweep may. */
	m->s.o.size = UINT64_MAX;
	m->s.o.threads = 0;
	options_parse(&argp, doc_before, doc_after, argc, argv, m);
	error_set_verbose(m->s.o.verbose);
	m->count = m->s.o.count;
}

static void take_failures(struct tlb_flush *m, const char *name, const struct result *r,
			  const struct totals *t)
{
	if (!result_failures(r))
		return;
	error_fail(EXIT_CHECK_FAILED, "%s: %d check%s failed: %s", name, result_failures(r),
		   result_failures(r) == 1 ? "" : "s", *t->message ? t->message : "no reason is known");
	m->failed++;
}

/* Labels the progress line; the caller keeps @label as long as the line may be shown. */
static void label_point(struct tlb_flush *m, const char *name, char *label, size_t n)
{
	snprintf(label, n, "tlb-flush, %zu of %zu points done, %s", m->progress.step, m->nr_points,
		 name);
	m->progress.label = label;
}

/* Takes over how the only device did the point. */
static void take_end(struct tlb_flush *m, const char *name, const struct flush_device *got)
{
	m->end = got->t.end;
	if (got->t.end == IOMMUBENCH_END_ERROR && !result_failures(got->r))
		error_fail(EXIT_UNABLE, "%s: the run failed: %s; the result holds what was measured until then",
			   name, *got->t.message ? got->t.message : "no reason is known");
}

/* How one of several devices did it; what happened to it takes nothing from the others. */
static void take_end_of(struct tlb_flush *m, const struct devices_member *member, const char *name,
			const struct flush_device *got)
{
	const char *device = member->s->device.name;

	if (got->t.end == IOMMUBENCH_END_REMOVED) {
		error_fail(EXIT_UNABLE, "device %s went away during the run: its results hold what was measured until then",
			   device);
		m->unable = true;
		/* Whatever comes back under its name is not what was opened. */
		device_close(&member->s->device);
	} else if (got->t.end == IOMMUBENCH_END_STOPPED && !member->late) {
		m->end = IOMMUBENCH_END_STOPPED;
	} else if (!run_ended_well(got->t.end) && !result_failures(got->r)) {
		error_fail(EXIT_UNABLE, "%s: %s; the result holds what was measured until then",
			   name,
			   *got->t.message ? got->t.message : "the run failed, no reason is known");
		m->unable = true;
	}
}

static void take_device(struct tlb_flush *m, const struct flush_point *p, unsigned int i,
			struct flush_device *got)
{
	const struct devices *d = &m->v.devices;
	const struct devices_member *member = &d->members[i];
	const char *device = d->together ? member->s->device.name : NULL;
	char *word, *name;

	if (!got->r) {
		flush_skip(&m->skipped, p, device, &got->why, got->status);
		return;
	}
	word = flush_point_name(p);
	name = device ? xasprintf("%s-%s", word, device) : xstrdup(word);
	free(word);
	take_failures(m, name, got->r, &got->t);
	if (d->together)
		take_end_of(m, member, name, got);
	else
		take_end(m, name, got);
	point_files_add(&m->files, got->r, name);
	got->r = NULL;
}

/* One point of all devices. Return: whether the sweep goes on. */
static bool do_point(struct tlb_flush *m, const struct flush_point *p)
{
	struct devices *d = &m->v.devices;
	struct flush_device *got = xcalloc(d->nr, sizeof(*got));
	char *name = flush_point_name(p), label[256];
	unsigned int i, left = 0;
	int ret;

	label_point(m, name, label, sizeof(label));
	for (i = 0; i < d->nr; i++) {
		struct session *s = d->members[i].s;

		s->o.count = m->count;
		s->placement.nr = m->cpus[i] < p->threads ? m->cpus[i] : p->threads;
	}
	if (d->together)
		m->end = IOMMUBENCH_END_TIME;
	ret = flush_measure(d, p, &m->extras, &m->probes, got);
	m->progress.step++;
	for (i = 0; i < d->nr && !ret; i++) {
		take_device(m, p, i, &got[i]);
		left += d->members[i].s->device.fd >= 0;
	}
	for (i = 0; i < d->nr; i++)
		totals_free(&got[i].t);
	free(got);
	free(name);
	m->unable = m->unable || ret;
	return left && m->end != IOMMUBENCH_END_STOPPED && m->end != IOMMUBENCH_END_REMOVED;
}

static uint64_t expected_ns(const struct tlb_flush *m)
{
	uint64_t point = (m->s.o.duration_ns + m->s.o.warmup_ns) * m->s.o.repeat +
			 m->extras.exposure_ns + m->extras.device_ns;

	if (!m->s.o.duration_ns)
		return 0;
	if (m->extras.stale)
		point += m->s.o.duration_ns + m->s.o.warmup_ns;
	return point * m->nr_points;
}

/* What --check-stale cannot do without; the other looks are left out where they cannot be had. */
static int check_device(void *arg, struct session *s)
{
	const struct tlb_flush *m = arg;
	const struct device *d = &s->device;
	int ret = device_check_engine(d, m->s.o.engine);

	if (!ret && m->extras.stale && !(d->info.features & IOMMUBENCH_FEATURE_PROBE))
		return error_fail(EXIT_UNABLE,
				  "--check-stale: the engine of device %s (%s) cannot tell a refused access: leave it out, or bind a device that can",
				  d->name, d->info.engine);
	return ret;
}

static void open_probes(struct tlb_flush *m)
{
	const struct devices *d = &m->v.devices;
	char kind[128];

	devices_iommu_kind(d, kind, sizeof(kind));
	iommu_commands_open(&m->probes, kind);
	if (m->probes.usable)
		d->members[0].s->probes = &m->probes;
	else
		error_detail("commands are not counted: %s", m->probes.reason);
}

static unsigned int most_threads(const void *arg)
{
	const struct tlb_flush *m = arg;
	unsigned int most = 0;
	size_t i;

	for (i = 0; i < m->nr_points; i++)
		if (m->points[i].threads > most)
			most = m->points[i].threads;
	return most;
}

static int measure(void *arg)
{
	struct tlb_flush *m = arg;
	struct devices *d = &m->v.devices;
	struct run_link *first = &d->members[0].s->link;
	size_t i;

	m->cpus = xcalloc(d->nr, sizeof(*m->cpus));
	for (i = 0; i < d->nr; i++)
		m->cpus[i] = d->members[i].s->placement.nr;
	if (!strcmp(m->s.o.engine, "none")) {
		m->extras.exposure_ns = 0;
		m->extras.device_ns = 0;
	}
	if (m->extras.commands)
		open_probes(m);
	progress_start(&m->progress, "tlb-flush", expected_ns(m), 0, m->s.o.quiet);
	m->progress.steps = m->nr_points;
	d->line = &m->progress;
	first->progress = &m->progress;
	for (i = 0; i < m->nr_points; i++)
		if (!do_point(m, &m->points[i]))
			break;
	first->progress = NULL;
	progress_end(&m->progress);
	iommu_commands_close(&m->probes);
	return EXIT_DONE;
}

/* The index says what belongs together, what was left out, and what the sweep says as a whole. */
static int write_index(const struct tlb_flush *m)
{
	static const char *const keys[] = {
		"strategy", "size_bytes", "range_bytes", "threads", "domains", NULL,
	};
	json_t **results = point_files_json(&m->files);
	json_t *more = xjson(json_object()), *sentences;

	sentences = m->v.devices.together ? flush_group_sentences(results, m->files.n) :
					    crossover_sentences(results, m->files.n);
	xjson_put(more, "crossover", sentences);
	free(results);
	return point_files_index(&m->files, "tlb-flush", keys,
				 run_ended_well(m->end) && !m->unable &&
				 m->progress.step == m->nr_points,
				 flush_skipped_json(&m->skipped), more);
}

static int print_all(const struct tlb_flush *m)
{
	json_t **results;

	if (m->s.o.quiet)
		return EXIT_DONE;
	if (m->s.o.format == RESULT_HUMAN && m->v.devices.together) {
		results = point_files_json(&m->files);
		flush_group_table_print(results, m->files.n, stdout);
		free(results);
	} else if (m->s.o.format == RESULT_HUMAN && !m->files.several && m->files.n) {
		if (result_print(m->files.results[0], RESULT_HUMAN, stdout))
			return EXIT_UNABLE;
		delivery_spread(m->files.results[0]);
	} else if (m->s.o.format == RESULT_HUMAN) {
		results = point_files_json(&m->files);
		flush_table_print(results, m->files.n, stdout);
		free(results);
	}
	flush_skipped_print(&m->skipped, m->s.o.format == RESULT_HUMAN);
	return EXIT_DONE;
}

/* How the invocation ends, as far as the measurement goes. */
static int judge(const struct tlb_flush *m)
{
	const struct flush_skipped_entry *skipped = m->skipped.entries;

	if (m->failed)
		return EXIT_CHECK_FAILED;
	if (!m->files.n && m->skipped.n == 1)
		return error_fail((enum exit_status)skipped->status, "%s", skipped->why.text);
	if (!m->files.n)
		return error_fail(EXIT_UNABLE, "none of %zu points can be measured here; the first reason: %s",
				  m->nr_points, skipped->why.text);
	if (m->end == IOMMUBENCH_END_STOPPED)
		return error_fail(EXIT_INTERRUPTED, "interrupted: %zu of %zu points are done, and the last one holds what was measured until then",
				  m->progress.step - 1, m->nr_points);
	if (m->end == IOMMUBENCH_END_REMOVED)
		return error_fail(EXIT_UNABLE, "device %s went away during the run: the results hold what was measured until then",
				  m->s.device.name);
	return m->unable || m->end == IOMMUBENCH_END_ERROR ? EXIT_UNABLE : EXIT_DONE;
}

static int conclude(void *arg)
{
	struct tlb_flush *m = arg;
	int judged = judge(m), printed, indexed;

	printed = m->files.n ? print_all(m) : EXIT_DONE;
	indexed = write_index(m);
	return judged ? judged : m->files.lost ? m->files.lost : printed ? printed : indexed;
}

static void free_all(struct tlb_flush *m)
{
	flush_sweep_free(&m->sweep);
	point_files_free(&m->files);
	free(m->points);
	free(m->skipped.entries);
	free(m->cpus);
	invocation_free(&m->v);
}

int tlb_flush_main(int argc, char **argv)
{
	static struct tlb_flush tlb_flush;
	struct tlb_flush *m = &tlb_flush;
	int ret;

	ret = session_init(&m->s);
	if (ret)
		return ret;
	parse_command_line(m, argc, argv);
	m->files = (struct point_files){
		.o = &m->s.o,
		.several = options_several(&m->s.o) || m->nr_points + m->skipped.n > 1,
	};
	m->v = (struct invocation){
		.s = &m->s,
		.domain_type = -1,
		.points = m->files.several,
		.lenient = true,
		.arg = m,
		.check = check_device,
		.threads = most_threads,
		.measure = measure,
		.conclude = conclude,
	};
	ret = invocation_run(&m->v);
	free_all(m);
	return ret;
}
