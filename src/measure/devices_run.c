// SPDX-License-Identifier: GPL-2.0-only
#include "measure/devices_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/xalloc.h"
#include "measure/devices_counters.h"
#include "run/run.h"
#include "run/wait.h"
#include "text/progress.h"

/* A run that has a duration may take so much longer, unless the user says otherwise. */
#define SPARE_NS	30000000000ULL

static uint64_t limit_of(const struct devices *d, const struct devices_member *m)
{
	if (!d->together || d->limit_ns || !m->run.duration_ns)
		return d->limit_ns;
	return m->run.warmup_ns + m->run.duration_ns + SPARE_NS;
}

/* Return: EXIT_DONE, or why a device that has never run cannot. */
static int refuse(const struct devices *d, struct devices_member *m, int status)
{
	m->refused = status;
	m->taking_part = false;
	if (!d->lenient && !d->extra && !m->t->runs)
		return error_fail((enum exit_status)status, "%s%s%s%s", d->together ? "device " : "",
				  d->together ? m->s->device.name : "", d->together ? ": " : "",
				  m->why.text);
	m->out = m->out || !d->extra;
	m->outcome.end = IOMMUBENCH_END_ERROR;
	snprintf(m->outcome.message, sizeof(m->outcome.message), "%.*s",
		 (int)sizeof(m->outcome.message) - 1, m->why.text);
	return EXIT_DONE;
}

/* Before anything runs. Return: EXIT_DONE, or why a device that has never run cannot. */
static int prepare(struct devices *d, struct run_wait *w)
{
	unsigned int i;
	void *area;
	int ret;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		if (!m->taking_part)
			continue;
		m->outcome = (struct run_outcome){ .end = IOMMUBENCH_END_STOPPED };
		m->late = false;
		m->why.text[0] = '\0';
		if (w->gates)
			m->run.flags |= IOMMUBENCH_RUN_GATES;
		error_keep(&m->why);
		m->refused = run_prepare(&m->s->link, &m->run, &area);
		error_keep(NULL);
		if (!m->refused) {
			w->runs[i].area = area;
			continue;
		}
		ret = refuse(d, m, m->refused);
		if (ret)
			return ret;
	}
	return EXIT_DONE;
}

/* What was prepared is given back with the next PREPARE, or with the file. */
static void forget(struct run_awaited *r)
{
	if (r->area)
		munmap(r->area, r->desc->mmap_bytes);
	r->area = NULL;
}

static int not_started(const struct devices *d, struct devices_member *m, int err)
{
	if (!d->together) {
		error_keep(&m->why);
		m->refused = run_start_failed(err);
		error_keep(NULL);
		return refuse(d, m, m->refused);
	}
	m->out = true;
	m->taking_part = false;
	m->outcome.end = err == -ENODEV ? IOMMUBENCH_END_REMOVED : IOMMUBENCH_END_ERROR;
	m->outcome.error = -err;
	snprintf(m->outcome.message, sizeof(m->outcome.message), "cannot start the run: %s",
		 strerror(-err));
	return EXIT_DONE;
}

static int start(struct devices *d, struct run_wait *w)
{
	int ret = run_start_all(w), failed = EXIT_DONE;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct run_awaited *r = &w->runs[i];

		if (!r->area)
			continue;
		r->err = ret ? ret : r->err;
		if (!r->err)
			continue;
		failed = not_started(d, &d->members[i], r->err);
		forget(r);
	}
	return failed;
}

static void collect(struct devices *d, struct run_wait *w)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];
		struct run_awaited *r = &w->runs[i];

		if (!r->area)
			continue;
		run_collect(&m->s->link, &m->run, r->area, r->waited, &m->outcome);
		m->late = r->late;
		devices_counters_add_ops(d, m);
		if (m->late)
			snprintf(m->outcome.message, sizeof(m->outcome.message),
				 "the run had not ended %.3g s after its start and was cancelled",
				 (double)limit_of(d, m) / 1e9);
	}
}

/* Nothing runs after an interruption. */
static void leave_out(struct devices *d)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		if (!m->taking_part)
			continue;
		m->outcome = (struct run_outcome){ .end = IOMMUBENCH_END_STOPPED };
		m->refused = EXIT_DONE;
		m->why.text[0] = '\0';
	}
}

static const struct iommubench_run *first_run(const struct devices *d)
{
	unsigned int i;

	for (i = 0; i + 1 < d->nr && !d->members[i].taking_part; i++)
		;
	return &d->members[i].run;
}

static int run_all(struct devices *d, struct run_wait *w, const char *label)
{
	const struct iommubench_run *run = first_run(d);
	unsigned int i;
	int ret;

	ret = prepare(d, w);
	if (!ret)
		ret = start(d, w);
	if (ret) {
		for (i = 0; i < d->nr; i++)
			forget(&w->runs[i]);
		return ret;
	}
	if (w->progress == &d->progress)
		progress_start(&d->progress, label,
			       run->duration_ns ? run->duration_ns + run->warmup_ns : 0,
			       run->count * d->nr, d->members[0].s->o.quiet);
	run_wait_all(w);
	progress_end(w->progress);
	collect(d, w);
	return EXIT_DONE;
}

static uint64_t first_tick(const struct run_outcome *o)
{
	uint64_t first = 0;
	unsigned int i;

	for (i = 0; i < o->nr_threads; i++)
		if (o->threads[i].start_tick && (!first || o->threads[i].start_tick < first))
			first = o->threads[i].start_tick;
	return first;
}

/* Notes how far apart the devices began. */
static void add_starts(struct devices *d)
{
	uint64_t first = UINT64_MAX, last = 0, tick, skew;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		tick = m->taking_part ? first_tick(&m->outcome) : 0;
		if (!tick)
			continue;
		if (!m->start_tick)
			m->start_tick = tick;
		first = tick < first ? tick : first;
		last = tick > last ? tick : last;
	}
	if (!last)
		return;
	if (!d->begin_tick)
		d->begin_tick = first;
	skew = clock_to_ns(last - first, d->members[0].t->clock_hz);
	if (skew > d->skew_ns)
		d->skew_ns = skew;
}

int devices_execute(struct devices *d, const char *label, enum counters_run kind)
{
	struct run_gates gates = devices_counters_gates(d);
	struct run_wait w = {
		.runs = xcalloc(d->nr, sizeof(*w.runs)),
		.nr = d->nr,
		.ring = d->together ? &d->ring : &d->members[0].s->link.ring,
		.progress = d->line ? d->line : &d->progress,
		.together = d->together,
	};
	unsigned int i;
	int ret = EXIT_DONE;

	/* Devices wait for each other there, also when nothing is counted. */
	if (d->together || devices_counters_wanted(d, kind))
		w.gates = &gates;
	for (i = 0; i < d->nr; i++)
		w.runs[i] = (struct run_awaited){
			.link = &d->members[i].s->link,
			.desc = &d->members[i].run,
			.limit_ns = limit_of(d, &d->members[i]),
		};
	d->kind = kind;
	if (devices_interrupted(d))
		leave_out(d);
	else
		ret = run_all(d, &w, label);
	d->kind = COUNTERS_RUNS;
	free(w.runs);
	if (!ret && kind == COUNTERS_MEASURED)
		add_starts(d);
	return ret;
}

unsigned int devices_line_up(struct devices *d, unsigned int repeat)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		m->taking_part = !m->out && !m->absent;
		m->run = m->desc;
		m->run.seed += repeat;
		/* Histograms of different batches could not be merged. */
		if (repeat && m->t->batch)
			m->run.batch = m->t->batch;
		n += m->taking_part;
	}
	return n;
}

int devices_pass(struct devices *d, const char *label, enum counters_run kind)
{
	unsigned int i, n = 0;
	int ret;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		m->refused = EXIT_DONE;
		m->why.text[0] = '\0';
		m->taking_part = m->taking_part && !m->out && !m->absent;
		n += m->taking_part;
	}
	if (!n)
		return EXIT_DONE;
	d->extra = true;
	ret = devices_execute(d, label, kind);
	d->extra = false;
	return ret;
}

int devices_once(struct devices *d, const char *label, enum counters_run kind)
{
	if (d->together)
		error_detail("%s on several devices", label);
	else if (d->members[0].taking_part)
		error_detail("%s on %s", label, d->members[0].s->device.name);
	return devices_pass(d, label, kind);
}

void devices_begin_runs(struct devices *d)
{
	unsigned int i;

	d->begin_tick = 0;
	d->skew_ns = 0;
	for (i = 0; i < d->nr; i++) {
		d->members[i].start_tick = 0;
		session_begin_faults(d->members[i].s);
	}
	devices_counters_reset(d);
}

int devices_alone(struct devices *d, const char *label)
{
	unsigned int i, k;
	char what[320];
	int ret = EXIT_DONE;

	for (i = 0; i < d->nr && !ret && !devices_interrupted(d); i++) {
		struct devices_member *m = &d->members[i];
		uint64_t ticks;

		if (m->absent)
			continue;
		for (k = 0; k < d->nr; k++)
			d->members[k].taking_part = k == i;
		m->run = m->desc;
		snprintf(what, sizeof(what), "%s on %s alone", label, m->s->device.name);
		error_detail("%s", what);
		ret = devices_execute(d, what, COUNTERS_RUNS);
		if (ret)
			break;
		ticks = run_ticks(&m->outcome);
		if (ticks && run_ended_well(m->outcome.end))
			m->alone_ops_per_s = (double)run_total_ops(&m->outcome) *
					     (double)m->t->clock_hz / (double)ticks;
		m->out = false;
		run_outcome_free(&m->outcome);
	}
	return ret;
}
