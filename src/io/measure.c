// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measuring I/O on a disk: its domain types one after the other, and all points in each.
 */
#include "io/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sysfs.h"
#include "base/xalloc.h"
#include "cli/options.h"
#include "device/block.h"
#include "device/domain_type.h"
#include "disk/describe.h"
#include "disk/load.h"
#include "io/counted.h"
#include "io/result.h"
#include "measure/session.h"
#include "output/placement_matrix.h"
#include "output/point_files.h"
#include "run/area.h"
#include "run/link.h"
#include "text/parse.h"
#include "text/progress.h"

static int check_disk(struct io *io)
{
	const struct block *disk = &io->block;
	uint64_t span = io->job.span ? io->job.span : disk->bytes;
	char size[32];
	size_t i;

	if (io->overwrite && strcmp(io->overwrite, disk->name))
		return error_fail(EXIT_USAGE, "--overwrite names %s, but the disk is %s: nothing was written",
				  io->overwrite, disk->name);
	if (io->job.polled && !disk->can_poll)
		return error_fail(EXIT_UNABLE, "--polled: %s has no queues to poll: have its driver make some, such as by nvme.poll_queues=2 on the kernel's command line",
				  disk->name);
	if (span > disk->bytes)
		return error_fail(EXIT_USAGE, "--span: %s has only %s", disk->name,
				  format_size(disk->bytes, size, sizeof(size)));
	for (i = 0; i < io->sizes.n; i++) {
		uint64_t bytes = io->sizes.values[i];

		if (bytes % disk->logical_bytes)
			return error_fail(EXIT_USAGE, "--size: %s is not a multiple of %u bytes, a block of %s",
					  format_size(bytes, size, sizeof(size)),
					  disk->logical_bytes, disk->name);
		if (span / bytes < io->s.o.threads)
			return error_fail(EXIT_USAGE, "requests of %s do not fit into %" PRIu64 " bytes of %s once for each thread",
					  format_size(bytes, size, sizeof(size)), span, disk->name);
	}
	io->job.span = span;
	return EXIT_DONE;
}

int io_find_disk(struct io *io)
{
	int ret = block_find(&io->block, io->disk);

	if (!ret)
		ret = check_disk(io);
	if (ret)
		return ret;
	snprintf(io->name, sizeof(io->name), "%s", io->block.name);
	io->s.device = io->block.device;
	if (io->s.o.placement_matrix)
		ret = placement_matrix(&io->s.o, &io->s.device, io->s.signals);
	if (ret)
		return ret;
	return domain_type_lock(&io->s.domain, &io->s.device);
}

static int choose_cpus(struct io *io)
{
	struct session *s = &io->s;
	int ret;

	ret = session_place(s, s->o.threads);
	if (ret)
		return ret;
	s->watch->works = true;
	io->job.threads = s->o.threads;
	io->job.cpus = s->placement.cpus;
	io->job.nr_cpus = s->placement.nr;
	io->job.warmup_ns = s->o.warmup_ns;
	io->job.duration_ns = s->o.duration_ns;
	io->job.count = s->o.count;
	io->job.rate_mhz = s->o.rate_mhz;
	io->job.series = s->o.interval_ns ? &s->series : NULL;
	return EXIT_DONE;
}

/* Leaves the disk open in a domain type; nobody else can take it then. */
static int enter_domain(struct io *io, int type)
{
	int ret = EXIT_DONE;

	if (type >= 0) {
		io->switched = true;
		ret = domain_type_switch(&io->s.domain, type);
		/* It comes back when another type could not be had as well. */
		if (block_again(&io->block))
			return EXIT_UNABLE;
		io->s.device = io->block.device;
	}
	if (ret)
		return ret;
	io->job.fd = block_open(&io->block, io->job.write_percent, io->user, sizeof(io->user));
	if (io->job.fd < 0)
		return EXIT_UNABLE;
	disk_describe(&io->s.device, io->block.driver);
	return EXIT_DONE;
}

static void leave_domain(struct io *io)
{
	if (io->job.fd >= 0)
		close(io->job.fd);
	io->job.fd = -1;
}

const char *io_type_word(int type)
{
	return type < 0 ? "asis" : choice_word(domain_type_choices, type);
}

static char *point_name(const struct io_point *p)
{
	char size[32];

	return xasprintf("%s-%s-qd%u", io_type_word(p->type),
			 format_size(p->bytes, size, sizeof(size)), p->depth);
}

static void skip(struct io *io, const struct io_point *p, size_t points, const struct error *why,
		 int status)
{
	io->skipped = xgrow(io->skipped, io->nr_skipped + 1, sizeof(*io->skipped));
	io->skipped[io->nr_skipped++] = (struct io_skipped){
		.point = *p,
		.points = points,
		.why = *why,
		.status = status,
	};
}

/* A request that failed because the disk is gone is no failed check. */
static void judge_removal(const struct io *io, struct io_outcome *o)
{
	char text[32];

	if (o->run.end != IOMMUBENCH_END_ERROR)
		return;
	if (sysfs_read(text, sizeof(text), "/sys/block/%s/size", io->block.name) ||
	    !strcmp(text, "0")) {
		o->run.end = IOMMUBENCH_END_REMOVED;
		o->failed = 0;
	}
}

/* One run. Return: an enum exit_status; unless EXIT_DONE, @why says what cannot be done. */
static int run_once(struct io *io, const struct io_job *job, struct totals *t,
		    struct io_sums *sums, struct error *why)
{
	struct io_outcome o;
	int ret = io_execute(&io->s, job, &io->progress, &o, why);

	if (ret)
		return ret;
	series_cut(&io->s.series);
	judge_removal(io, &o);
	totals_add(t, &o.run);
	io_sums_add(sums, &o);
	io_outcome_free(&o);
	return EXIT_DONE;
}

static int run_point(struct io *io, const struct io_point *p, struct totals *t,
		     struct io_sums *sums, struct error *why)
{
	struct io_job job = io->job;
	unsigned int i;
	int ret;

	job.bytes = p->bytes;
	job.depth = p->depth;
	session_begin_own_counters(&io->s);
	series_begin(&io->s.series, io->s.o.interval_ns, t->clock_hz, t->nr_phases);
	t->series = &io->s.series;
	for (i = 0; i < io->s.o.repeat; i++) {
		job.seed = io->s.o.seed + i;
		ret = run_once(io, &job, t, sums, why);
		if (ret && !i)
			return ret;
		if (ret) {
			t->end = IOMMUBENCH_END_ERROR;
			snprintf(t->message, sizeof(t->message), "run %u of %u could not be done",
				 i + 1, io->s.o.repeat);
			return EXIT_DONE;
		}
		if (!run_ended_well(t->end))
			return EXIT_DONE;
	}
	io_explain(&io->s, &job, &io->progress);
	return EXIT_DONE;
}

static void keep_point(struct io *io, const struct io_point *p, const struct totals *t,
		       const struct io_sums *sums)
{
	struct io_job job = io->job;
	char *name = point_name(p);
	struct result *r;

	job.bytes = p->bytes;
	job.depth = p->depth;
	r = io_report(&io->s, &io->block, &job, p->type, io->user, t, sums);
	if (result_failures(r)) {
		error_fail(EXIT_CHECK_FAILED, "%s: %s; the result holds what was measured until then",
			   name, t->message);
		io->failed++;
	} else if (t->end == IOMMUBENCH_END_ERROR) {
		error_fail(EXIT_UNABLE, "%s: the run failed: %s; the result holds what was measured until then",
			   name, *t->message ? t->message : "no reason is known");
	}
	io->end = t->end;
	point_files_add(&io->files, r, name);
}

/* Return: whether the sweep goes on. */
static bool do_point(struct io *io, const struct io_point *p)
{
	struct totals t = {
		.clock_hz = 1000000000,
		.names = io_phase_names,
		.nr_phases = IO_PHASES,
		.split = IO_DIRECTIONS,
		.repeat = io->s.o.repeat,
		.nr_threads = io->s.o.threads,
	};
	struct io_sums sums = { 0 };
	struct error why = { "" };
	char label[256], *name;
	int ret;

	name = point_name(p);
	snprintf(label, sizeof(label), "io, %zu of %zu points done, %s", io->progress.step,
		 io->nr_points, name);
	free(name);
	io->progress.label = label;
	totals_init(&t);
	ret = run_point(io, p, &t, &sums, &why);
	if (io->s.counters)
		totals_set_counters(&t, io->s.counters);
	io->progress.step++;
	io->progress.label = "io";
	if (ret)
		skip(io, p, 1, &why, ret);
	else
		keep_point(io, p, &t, &sums);
	totals_free(&t);
	return ret || (io->end != IOMMUBENCH_END_STOPPED && io->end != IOMMUBENCH_END_REMOVED);
}

/* All points in one domain type. Return: whether the sweep goes on. */
static bool do_domain(struct io *io, int type)
{
	size_t points = io->sizes.n * io->depths.n, i;
	struct error why = { "" };
	struct io_point p = { .type = type };
	bool on = true;
	int ret;

	error_keep(&why);
	ret = enter_domain(io, type);
	error_keep(NULL);
	for (i = 0; on && i < points; i++) {
		p.bytes = (uint32_t)io->sizes.values[i / io->depths.n];
		p.depth = (unsigned int)io->depths.values[i % io->depths.n];
		if (ret) {
			skip(io, &p, points, &why, ret);
			io->progress.step += points;
			break;
		}
		on = do_point(io, &p);
	}
	leave_domain(io);
	return on;
}

int io_measure(struct io *io)
{
	const struct options *o = &io->s.o;
	uint64_t point_ns = (o->duration_ns + o->warmup_ns) * o->repeat;
	size_t i;
	int ret;

	ret = choose_cpus(io);
	if (ret)
		return ret;
	progress_start(&io->progress, "io", o->duration_ns ? point_ns * io->nr_points : 0, 0,
		       o->quiet);
	io->progress.steps = io->nr_points;
	if (!io->types.n)
		do_domain(io, -1);
	for (i = 0; i < io->types.n; i++)
		if (run_interrupted(&io->s.link) || !do_domain(io, (int)io->types.values[i]))
			break;
	progress_end(&io->progress);
	return EXIT_DONE;
}

int io_put_back(struct io *io)
{
	int ret = session_end(&io->s);

	if (io->switched && block_again(&io->block) && !ret)
		ret = EXIT_UNABLE;
	return ret;
}
