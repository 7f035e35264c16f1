// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pass goes over the arena once, because a page faults once. Before it the
 * arena is made ready, after it the sums are taken; passes go on until there are
 * as many faults, or as much time, as was asked for.
 */
#include "iopf/measure.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/kmsg.h"
#include "base/xalloc.h"
#include "measure/repeat.h"
#include "run/link.h"
#include "run/run.h"
#include "text/progress.h"

static bool must_succeed(const struct iopf_point *p)
{
	return !iopf_must_fail(p) && !arena_may_refuse(p->arena.kind);
}

/* The address spaces are those of other processes. */
static bool of_others(const struct iopf_point *p)
{
	return p->nr_spaces > 1 || arena_process_ends(p->arena.kind);
}

static void read_log(struct iopf_work *w)
{
	struct kmsg_record *record = xcalloc(1, sizeof(*record));

	while (kmsg_next(w->kmsg, record)) {
		if (strstr(record->text, "EVTQ overflow"))
			w->p->lost_events++;
		if (strstr(record->text, "PRIQ overflow"))
			w->p->lost_requests++;
	}
	free(record);
}

static void *unmap_thread(void *arg)
{
	arena_unmap_under_way(arg);
	return NULL;
}

/* When some accesses have been there, and some have not. */
static void *kill_thread(void *arg)
{
	struct iopf_work *w = arg;

	arena_wait_reached(&w->p->arena, (int)w->spaces.pids[0], w->params.accesses / 4);
	spaces_stop(&w->spaces);
	return NULL;
}

/* The run is prepared, the address spaces are bound: what shall happen to them happens now. */
static void on_prepared(void *arg)
{
	struct iopf_work *w = arg;

	if (w->paging)
		pager_watch(&w->pager, w->params.marks_offset, w->params.accesses);
	if (w->p->arena.kind == ARENA_EXIT)
		spaces_stop(&w->spaces);
	if (w->p->arena.kind == ARENA_INFLIGHT)
		w->meddling = !pthread_create(&w->meddler, NULL, unmap_thread, &w->p->arena);
	if (w->p->arena.kind == ARENA_KILLED)
		w->meddling = !pthread_create(&w->meddler, NULL, kill_thread, w);
}

static void add_sums(struct iopf_work *w, const struct run_outcome *o)
{
	struct run_outcome *run = &w->run;
	unsigned int i, c;

	run->end = o->end;
	run->abandoned = o->abandoned;
	run->batch = o->batch;
	run->window = o->window;
	if (*o->message && !*run->message)
		snprintf(run->message, sizeof(run->message), "%s", o->message);
	for (i = 0; i < IOMMUBENCH_CHECKS; i++) {
		run->checks[i].count += o->checks[i].count;
		run->checks[i].failures += o->checks[i].failures;
	}
	for (i = 0; i < o->nr_threads && i < run->nr_threads; i++) {
		struct iommubench_thread *to = &run->threads[i];
		const struct iommubench_thread *from = &o->threads[i];
		uint64_t start = to->start_tick, ticks = to->end_tick - start, ops = to->ops;
		uint64_t late = to->late, offered = to->offered, begun = to->begun;

		*to = *from;
		to->ops += ops;
		to->late += late;
		to->offered += offered;
		to->begun += begun;
		/* All passes one after the other, as if nothing were between them. */
		to->start_tick = 1;
		to->end_tick = 1 + ticks + run_ticks(o);
		for (c = 0; c < IOMMUBENCH_IOPF_COUNTS; c++)
			w->p->counts[c] += from->counts[c];
	}
	for (i = 0; i < o->nr_phases && i < IOMMUBENCH_IOPF_PHASES; i++)
		iommubench_hist_merge(&w->p->phases[i], &o->phases[i]);
}

static bool has_file_data(const struct arena *a)
{
	return a->kind == ARENA_FILE_COLD || a->kind == ARENA_FILE_WARM;
}

uint32_t iopf_flags(const struct iopf_point *p)
{
	uint32_t flags = p->stages ? IOMMUBENCH_IOPF_PROBES : 0;

	if (p->arena.write)
		flags |= IOMMUBENCH_IOPF_WRITE;
	if (must_succeed(p))
		flags |= IOMMUBENCH_IOPF_MUST_SUCCEED;
	if (iopf_must_fail(p))
		flags |= IOMMUBENCH_IOPF_MUST_FAIL;
	/* What is asked for together is read by the device alone. */
	if (!p->arena.write && must_succeed(p) && p->prg_pages == 1)
		flags |= IOMMUBENCH_IOPF_DATA;
	if (of_others(p))
		flags |= IOMMUBENCH_IOPF_OWN_DATA;
	if (arena_is_absent(&p->arena))
		flags |= IOMMUBENCH_IOPF_ABSENT;
	/* Data that was touched before is the CPU's. */
	if (p->arena.prefault && !has_file_data(&p->arena))
		flags &= ~(uint32_t)IOMMUBENCH_IOPF_DATA;
	return flags;
}

static bool asks_for_pages(const struct iopf_point *p, const struct session *s)
{
	if (p->mode == IOPF_MODE_AUTO || p->mode == IOPF_MODE_IOMMUFD)
		return !strcmp(s->device.bus, "pci");
	return p->mode == IOPF_MODE_PRI;
}

static struct pager describe_pager(const struct iopf_work *w)
{
	const struct iopf_point *p = w->p;

	return (struct pager){
		.device = w->s->device.fd,
		.arena = &p->arena,
		.place_bytes = p->arena.kind == ARENA_HUGE ? p->arena.step :
			       (uint64_t)sysconf(_SC_PAGESIZE) * p->prg_pages,
		.nr_threads = p->pagers,
		.delay_ns = p->pager_delay_ns,
	};
}

struct iommubench_run iopf_describe(struct iopf_work *w, uint64_t slots, uint32_t flags)
{
	struct iopf_point *p = w->p;
	bool data = p->arena.write || has_file_data(&p->arena);
	struct iommubench_run desc;

	w->params = (struct iommubench_iopf){
		.size = sizeof(w->params),
		.mode = asks_for_pages(p, w->s) ? IOMMUBENCH_IOPF_PRI : IOMMUBENCH_IOPF_STALL,
		.flags = flags,
		.outstanding = p->outstanding,
		.start = w->paging ? w->pager.iova : (uintptr_t)p->arena.base,
		.step_bytes = p->arena.step,
		.accesses = slots,
		.pids = of_others(p) ? (uintptr_t)w->spaces.pids : 0,
		.nr_pids = of_others(p) ? w->spaces.nr : 0,
		.group = p->prg_pages,
		.think_ns = p->think_ns,
		.timeout_ns = p->timeout_ns,
		.data = data ? p->arena.data : 0,
		.data_step = data ? p->arena.data_step : 0,
	};
	desc = session_describe(w->s, IOMMUBENCH_WORKLOAD_IOPF, &w->params);
	desc.warmup_ns = 0;
	desc.duration_ns = 0;
	desc.count = slots * p->nr_spaces;
	w->s->link.prepared = on_prepared;
	w->s->link.prepared_arg = w;
	return desc;
}

void iopf_ran(struct iopf_work *w, const struct run_outcome *o)
{
	struct iopf_point *p = w->p;

	w->s->link.prepared = NULL;
	if (w->meddling)
		pthread_join(w->meddler, NULL);
	w->meddling = false;
	/* A run that was interrupted before it began says nothing. */
	if (!o || !o->nr_threads)
		return;
	/* Nor does one that is only there to be compared with. */
	if (p->mode == IOPF_MODE_IOMMUFD && !w->paging)
		return;
	p->shown = w->params.stages;
	p->answered = w->params.answered;
	p->clock_error_ns = w->params.clock_error_ns;
	p->probe_ns = w->params.probe_ns;
}

/* One run of the module over all of the arena. Return: as run_execute(). */
static int execute_run(struct iopf_work *w, uint64_t slots, uint32_t flags, struct run_outcome *o)
{
	struct iommubench_run desc = iopf_describe(w, slots, flags);
	int ret;

	ret = w->counted ? session_execute(w->s, &desc, "iopf", true, o) :
			   run_execute(&w->s->link, &desc, "iopf", true, NULL, o);
	iopf_ran(w, ret ? NULL : o);
	return ret;
}

/* Executes a run with its pager, where user space answers in this mode. */
static int execute(struct iopf_work *w, uint64_t slots, uint32_t flags, struct run_outcome *o)
{
	/* What must be refused is not there before it is allowed. */
	bool present = !(flags & IOMMUBENCH_IOPF_MUST_FAIL);
	int ret;

	if (w->p->mode != IOPF_MODE_IOMMUFD)
		return execute_run(w, slots, flags, o);
	w->pager = describe_pager(w);
	ret = pager_open(&w->pager, present);
	w->paging = true;
	if (!ret)
		ret = execute_run(w, slots, flags | IOMMUBENCH_IOPF_IOMMUFD, o);
	w->paging = false;
	pager_close(&w->pager);
	return ret;
}

static int arm(struct iopf_work *w)
{
	struct iopf_point *p = w->p;
	struct error e;
	int ret;

	/* An address space that has ended is of no use a second time. */
	if (arena_process_ends(p->arena.kind)) {
		spaces_stop(&w->spaces);
		if (spaces_start(&w->spaces, p->nr_spaces, &p->arena, &e))
			return error_fail(EXIT_UNABLE, "%s", e.text);
	}
	ret = of_others(p) ? spaces_arm(&w->spaces, &p->arena, &e) : arena_arm(&p->arena, &e);
	return ret ? error_fail(EXIT_UNABLE, "%s", e.text) : EXIT_DONE;
}

/* Before mprotect() allows writes, they must be refused. */
static int deny_first(struct iopf_work *w, uint64_t slots)
{
	uint32_t flags = IOMMUBENCH_IOPF_WRITE | IOMMUBENCH_IOPF_MUST_FAIL;
	struct run_outcome o;
	unsigned int i;
	struct error e;
	int ret;

	if (!w->p->passes) {
		ret = execute(w, slots, flags, &o);
		if (ret)
			return ret;
		for (i = 0; i < IOMMUBENCH_CHECKS; i++) {
			w->run.checks[i].count += o.checks[i].count;
			w->run.checks[i].failures += o.checks[i].failures;
		}
		w->run.end = o.end;
		if (*o.message)
			snprintf(w->run.message, sizeof(w->run.message), "%s", o.message);
		run_outcome_free(&o);
	}
	if (arena_upgrade(&w->p->arena, &e))
		return error_fail(EXIT_UNABLE, "%s", e.text);
	return EXIT_DONE;
}

/* Did what the device wrote arrive? */
static void look_after(struct iopf_work *w, uint64_t slots)
{
	struct iopf_point *p = w->p;
	struct arena own;
	unsigned int i;
	int64_t wrong;

	if (p->arena.kind == ARENA_HUGE && !of_others(p)) {
		p->huge_bytes = arena_huge(&p->arena);
		p->huge_missing = slots * p->arena.step > p->huge_bytes;
	}
	if (!p->arena.write || !must_succeed(p) || !p->answered || !run_ended_well(w->run.end))
		return;
	for (i = 0; i < p->nr_spaces; i++) {
		own = arena_of_space(&p->arena, of_others(p) ? i : 0);
		wrong = arena_wrong(&own, of_others(p) ? (int)w->spaces.pids[i] : 0, slots);
		if (wrong < 0) {
			p->unread = true;
			return;
		}
		p->written += slots;
		p->wrong += (uint64_t)wrong;
		if (wrong && !*w->run.message)
			snprintf(w->run.message, sizeof(w->run.message),
				 "%" PRId64 " of %" PRIu64 " words that the device was to write are not in address space %u",
				 wrong, slots, i);
	}
}

int iopf_touch_by_cpu(struct iopf_work *w, uint64_t slots)
{
	struct iopf_point *p = w->p;
	struct arena *a = &p->arena;
	struct arena own;
	struct error e;
	int ret = 0;

	if (iopf_no_cpu_reason(p))
		return EXIT_DONE;
	if (of_others(p)) {
		/* The CPU runs into an arena alike in our own address space. */
		own = *a;
		if (arena_open(&own, &e))
			return error_fail(EXIT_UNABLE, "%s", e.text);
		a = &own;
	}
	ret = arena_arm(a, &e);
	if (!ret && a->kind == ARENA_MPROTECT)
		ret = arena_upgrade(a, &e);
	if (!ret)
		arena_touch(a, slots, &p->cpu_hist);
	if (a == &own)
		arena_close(&own);
	return ret ? error_fail(EXIT_UNABLE, "%s", e.text) : EXIT_DONE;
}

/* Lets the kernel answer faults in these slots, too. That it cannot is no failure. */
static int answer_by_kernel(struct iopf_work *w, uint64_t slots)
{
	struct iopf_point *p = w->p;
	struct run_outcome o;
	struct error e = { "" };
	int ret;

	if (p->mode != IOPF_MODE_IOMMUFD || *p->kernel_reason)
		return EXIT_DONE;
	ret = arm(w);
	if (!ret && p->arena.kind == ARENA_MPROTECT && arena_upgrade(&p->arena, &e))
		ret = error_fail(EXIT_UNABLE, "%s", e.text);
	if (ret)
		return ret;
	error_keep(&e);
	ret = execute_run(w, slots, p->arena.write ? IOMMUBENCH_IOPF_WRITE : 0, &o);
	error_keep(NULL);
	if (ret) {
		snprintf(p->kernel_reason, sizeof(p->kernel_reason), "%.*s",
			 (int)sizeof(p->kernel_reason) - 1, e.text);
		return EXIT_DONE;
	}
	if (o.nr_phases > IOMMUBENCH_PHASE_IOPF_FAULT)
		iommubench_hist_merge(&p->kernel_hist, &o.phases[IOMMUBENCH_PHASE_IOPF_FAULT]);
	w->run.end = o.end;
	run_outcome_free(&o);
	return EXIT_DONE;
}

int iopf_ready(struct iopf_work *w, uint64_t slots)
{
	int ret = arm(w);

	if (!ret && w->p->arena.kind == ARENA_MPROTECT && !of_others(w->p))
		ret = deny_first(w, slots);
	return ret;
}

void iopf_add_pass(struct iopf_work *w, const struct run_outcome *o, uint64_t slots)
{
	add_sums(w, o);
	look_after(w, slots);
	read_log(w);
	w->p->passes++;
}

/* Return: EXIT_DONE with a sum that says how it ended, or why there is none. */
static int do_pass(struct iopf_work *w, uint64_t slots, bool count)
{
	struct run_outcome o;
	int ret = iopf_ready(w, slots);

	if (ret)
		return ret;
	if (count)
		w->s->link.series = &w->s->series;
	w->counted = count;
	ret = execute(w, slots, iopf_flags(w->p), &o);
	w->counted = false;
	w->s->link.series = NULL;
	if (ret)
		return ret;
	if (count) {
		iopf_add_pass(w, &o, slots);
	} else {
		w->run.end = o.end;
		read_log(w);
		w->p->passes++;
	}
	run_outcome_free(&o);
	return EXIT_DONE;
}

uint64_t iopf_slots(const struct iopf_work *w, uint64_t done)
{
	const struct iopf_point *p = w->p;
	uint64_t all = arena_slots(&p->arena), left;

	if (!w->s->o.count)
		return all;
	left = (w->s->o.count - done + p->nr_spaces - 1) / p->nr_spaces;
	return left < all ? left : all;
}

static bool device_is_gone(const struct session *s)
{
	struct iommubench_info info = { .size = sizeof(info) };

	return ioctl(s->device.fd, IOMMUBENCH_IOC_INFO, &info) < 0 && errno == ENODEV;
}

/* A pass that cannot be done ends the run, but what was measured before it counts. */
static int next_pass(struct iopf_work *w, uint64_t slots)
{
	struct error e = { "" };
	int ret;

	if (!w->p->passes)
		return do_pass(w, slots, true);
	error_keep(&e);
	ret = do_pass(w, slots, true);
	error_keep(NULL);
	if (!ret)
		return EXIT_DONE;
	w->run.end = device_is_gone(w->s) ? IOMMUBENCH_END_REMOVED : IOMMUBENCH_END_ERROR;
	snprintf(w->run.message, sizeof(w->run.message), "%.*s",
		 (int)sizeof(w->run.message) - 1, e.text);
	return EXIT_DONE;
}

/* Does all passes of one run. */
static int do_run(struct iopf_work *w, const char *label)
{
	const struct options *o = &w->s->o;
	struct progress progress;
	uint64_t slots, now, done = 0, start = monotonic_ns();
	int ret = EXIT_DONE;

	progress_start(&progress, label, o->duration_ns, o->count, o->quiet);
	do {
		slots = iopf_slots(w, done);
		ret = next_pass(w, slots);
		if (!ret && run_ended_well(w->run.end))
			ret = iopf_touch_by_cpu(w, slots);
		if (!ret && run_ended_well(w->run.end))
			ret = answer_by_kernel(w, slots);
		if (ret || !run_ended_well(w->run.end))
			break;
		done += slots * w->p->nr_spaces;
		progress_show(&progress, "running", done);
		now = monotonic_ns();
	} while ((!o->count || done < o->count) &&
		 (!o->duration_ns || now - start < o->duration_ns) &&
		 !run_interrupted(&w->s->link));
	progress_end(&progress);
	if (!ret && run_interrupted(&w->s->link))
		w->run.end = IOMMUBENCH_END_STOPPED;
	else if (!ret && w->run.end == IOMMUBENCH_END_COUNT && (!o->count || done < o->count))
		w->run.end = IOMMUBENCH_END_TIME;
	return ret;
}

static int warm_up(struct iopf_work *w)
{
	uint64_t start = monotonic_ns();
	int ret = EXIT_DONE;

	while (!ret && monotonic_ns() - start < w->s->o.warmup_ns &&
	       !run_interrupted(&w->s->link)) {
		ret = do_pass(w, iopf_slots(w, 0), false);
		if (!run_ended_well(w->run.end))
			break;
	}
	w->p->passes = 0;
	return ret;
}

void iopf_begin_run(struct iopf_work *w)
{
	w->run = (struct run_outcome){
		.end = IOMMUBENCH_END_STOPPED,
		.nr_threads = w->s->o.threads,
		.threads = xcalloc(w->s->o.threads, sizeof(*w->run.threads)),
	};
}

void iopf_begin_series(struct iopf_work *w)
{
	series_begin(&w->s->series, w->s->o.interval_ns, w->s->device.info.clock_hz,
		     IOMMUBENCH_IOPF_PHASES);
}

static int do_runs(struct iopf_work *w)
{
	struct iopf_point *p = w->p;
	char label[64] = "iopf";
	unsigned int i;
	int ret;

	ret = warm_up(w);
	session_begin_counters(w->s, true);
	iopf_begin_series(w);
	for (i = 0; i < w->s->o.repeat && !ret; i++) {
		iopf_begin_run(w);
		if (w->s->o.repeat > 1)
			snprintf(label, sizeof(label), "iopf, run %u of %u", i + 1,
				 w->s->o.repeat);
		ret = do_run(w, label);
		series_cut(&w->s->series);
		if (!ret)
			totals_add(&p->totals, &w->run);
		run_outcome_free(&w->run);
		if (!ret && !run_ended_well(p->totals.end))
			break;
	}
	if (w->s->counters)
		totals_set_counters(&p->totals, w->s->counters);
	return ret;
}

int iopf_open(struct iopf_work *w)
{
	struct iopf_point *p = w->p;
	struct error e;
	int ret = 0;

	w->kmsg = kmsg_open(true);
	w->s->only_phase = "fault";
	p->totals = (struct totals){
		.clock_hz = w->s->device.info.clock_hz,
		.repeat = w->s->o.repeat,
		.nr_threads = w->s->o.threads,
	};
	totals_init(&p->totals);
	if (!p->kernel)
		snprintf(p->kernel_reason, sizeof(p->kernel_reason), "not asked for");
	else if (iopf_must_fail(p) || arena_may_refuse(p->arena.kind))
		snprintf(p->kernel_reason, sizeof(p->kernel_reason),
			 "accesses are refused there");
	if (arena_process_ends(p->arena.kind))
		p->arena.fd = -1;
	else if (of_others(p))
		ret = spaces_start(&w->spaces, p->nr_spaces, &p->arena, &e);
	else
		ret = arena_open(&p->arena, &e);
	return ret ? error_fail(EXIT_UNABLE, "%s", e.text) : EXIT_DONE;
}

void iopf_close(struct iopf_work *w)
{
	spaces_stop(&w->spaces);
	/* Where it is in another process, it is not ours to give back. */
	if (of_others(w->p))
		w->p->arena.base = NULL;
	arena_close(&w->p->arena);
	if (w->kmsg >= 0)
		close(w->kmsg);
}

int iopf_measure(struct iopf_point *p, struct session *s)
{
	struct iopf_work w = { .p = p, .s = s };
	int ret = iopf_open(&w);

	if (!ret)
		ret = do_runs(&w);
	iopf_close(&w);
	return ret;
}
