// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/devices.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "iopf/measure.h"
#include "measure/devices_counters.h"
#include "measure/devices_run.h"
#include "run/area.h"
#include "text/progress.h"

/**
 * struct together - a point under way on several devices
 * @d: the devices
 * @w: the point being measured, on each device
 * @counting: passes are reported; otherwise they are the warm-up
 */
struct together {
	struct devices *d;
	struct iopf_work *w;
	bool counting;
};

static bool goes_on(const struct devices_member *m)
{
	return !m->absent && !m->out;
}

static unsigned int how_many(const struct devices *d)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->nr; i++)
		n += goes_on(&d->members[i]);
	return n;
}

/* A device takes no more part. What it measured before counts. */
static void ends_over(struct iopf_work *w, struct devices_member *m, int end, const char *why)
{
	m->out = true;
	w->run.end = end;
	snprintf(w->run.message, sizeof(w->run.message), "%.*s",
		 (int)sizeof(w->run.message) - 1, why);
}

/* Return: EXIT_DONE, or why a device that has done nothing yet cannot. */
static int make_ready(struct together *t, uint64_t slots)
{
	struct devices *d = t->d;
	struct error e;
	unsigned int i;
	int ret;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];
		struct iopf_work *w = &t->w[i];

		m->taking_part = false;
		if (!goes_on(m))
			continue;
		e.text[0] = '\0';
		error_keep(&e);
		ret = iopf_ready(w, slots);
		error_keep(NULL);
		if (ret && !w->p->passes)
			return error_fail((enum exit_status)ret, "device %s: %s", m->s->device.name,
					  e.text);
		if (ret) {
			ends_over(w, m, IOMMUBENCH_END_ERROR, e.text);
			continue;
		}
		m->run = iopf_describe(w, slots, iopf_flags(w->p));
		m->taking_part = true;
		if (t->counting)
			m->s->link.series = &m->s->series;
	}
	return EXIT_DONE;
}

static int take_pass(struct together *t, unsigned int i, uint64_t slots)
{
	struct devices_member *m = &t->d->members[i];
	struct iopf_work *w = &t->w[i];
	int ret = EXIT_DONE;

	m->s->link.series = NULL;
	iopf_ran(w, m->taking_part ? &m->outcome : NULL);
	if (m->refused && !w->p->passes)
		ret = error_fail((enum exit_status)m->refused, "device %s: %s", m->s->device.name,
				 m->why.text);
	else if (m->refused)
		ends_over(w, m, IOMMUBENCH_END_ERROR, m->why.text);
	else if (!m->taking_part)
		ends_over(w, m, m->outcome.end, m->outcome.message);
	else if (t->counting)
		iopf_add_pass(w, &m->outcome, slots);
	else
		w->run.end = m->outcome.end;
	if (m->taking_part && !run_ended_well(w->run.end))
		m->out = true;
	run_outcome_free(&m->outcome);
	return ret;
}

/* Does a pass on all devices that go on. */
static int do_pass(struct together *t, uint64_t slots)
{
	struct devices *d = t->d;
	bool *tried = xcalloc(d->nr, sizeof(*tried));
	unsigned int i;
	int ret, taken;

	ret = make_ready(t, slots);
	for (i = 0; i < d->nr; i++)
		tried[i] = d->members[i].taking_part;
	if (!ret)
		ret = devices_pass(d, "iopf", t->counting ? COUNTERS_MEASURED : COUNTERS_RUNS);
	for (i = 0; i < d->nr; i++) {
		if (!tried[i])
			continue;
		taken = take_pass(t, i, slots);
		ret = ret ? ret : taken;
	}
	free(tried);
	return ret;
}

static int touch_by_cpu(struct together *t, uint64_t slots)
{
	struct devices *d = t->d;
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < d->nr && !ret; i++)
		if (goes_on(&d->members[i]))
			ret = iopf_touch_by_cpu(&t->w[i], slots);
	return ret;
}

/* Does all passes of one run. */
static int do_run(struct together *t, const char *label)
{
	struct devices *d = t->d;
	const struct options *o = &d->members[0].s->o;
	unsigned int i, spaces = t->w[0].p->nr_spaces;
	uint64_t slots, done = 0, start = monotonic_ns();
	struct progress progress;
	int ret;

	progress_start(&progress, label, o->duration_ns, o->count, o->quiet);
	/* The passes are too short for a line each. */
	d->line = &progress;
	do {
		slots = iopf_slots(&t->w[0], done);
		ret = do_pass(t, slots);
		if (!ret)
			ret = touch_by_cpu(t, slots);
		done += slots * spaces;
	} while (!ret && how_many(d) && (!o->count || done < o->count) &&
		 (!o->duration_ns || monotonic_ns() - start < o->duration_ns) &&
		 !devices_interrupted(d));
	d->line = NULL;
	progress_end(&progress);
	for (i = 0; i < d->nr; i++) {
		struct run_outcome *run = &t->w[i].run;

		if (!goes_on(&d->members[i]))
			continue;
		if (devices_interrupted(d))
			run->end = IOMMUBENCH_END_STOPPED;
		else if (run->end == IOMMUBENCH_END_COUNT && (!o->count || done < o->count))
			run->end = IOMMUBENCH_END_TIME;
	}
	return ret;
}

static int warm_up(struct together *t)
{
	struct devices *d = t->d;
	uint64_t start = monotonic_ns();
	int ret = EXIT_DONE;

	while (!ret && how_many(d) &&
	       monotonic_ns() - start < d->members[0].s->o.warmup_ns &&
	       !devices_interrupted(d))
		ret = do_pass(t, iopf_slots(&t->w[0], 0));
	return ret;
}

static int do_runs(struct together *t, unsigned int repeat, const char *label)
{
	struct devices *d = t->d;
	char numbered[96];
	unsigned int i, k;
	int ret;

	ret = warm_up(t);
	devices_begin_runs(d);
	for (k = 0; k < d->nr; k++)
		if (!d->members[k].absent)
			iopf_begin_series(&t->w[k]);
	t->counting = true;
	for (i = 0; i < repeat && !ret && how_many(d); i++) {
		for (k = 0; k < d->nr; k++)
			if (goes_on(&d->members[k]))
				iopf_begin_run(&t->w[k]);
		snprintf(numbered, sizeof(numbered), "%s, run %u of %u", label, i + 1, repeat);
		ret = do_run(t, numbered);
		for (k = 0; k < d->nr; k++) {
			struct iopf_work *w = &t->w[k];

			/* Out since an earlier run. */
			if (!w->run.threads)
				continue;
			series_cut(&w->s->series);
			totals_add(&w->p->totals, &w->run);
			run_outcome_free(&w->run);
			if (!run_ended_well(w->p->totals.end))
				d->members[k].out = true;
		}
	}
	t->counting = false;
	if (!ret)
		devices_counters_take(d);
	return ret;
}

static int begin(struct together *t, struct iopf_point *const *p)
{
	struct devices *d = t->d;
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < d->nr && !ret; i++) {
		struct devices_member *m = &d->members[i];

		t->w[i] = (struct iopf_work){ .p = p[i], .s = m->s, .kmsg = -1 };
		m->t = &p[i]->totals;
		m->out = false;
		m->desc.threads = m->s->o.threads;
		if (!m->absent)
			ret = iopf_open(&t->w[i]);
	}
	return ret;
}

static void end(struct together *t)
{
	unsigned int i;

	for (i = 0; i < t->d->nr; i++)
		if (t->w[i].p && !t->d->members[i].absent)
			iopf_close(&t->w[i]);
	free(t->w);
}

static int measure(struct devices *d, struct iopf_point *const *p, unsigned int repeat,
		   const char *label)
{
	struct together t = { .d = d, .w = xcalloc(d->nr, sizeof(*t.w)) };
	int ret = begin(&t, p);

	if (!ret)
		ret = do_runs(&t, repeat, label);
	end(&t);
	return ret;
}

/* A run of one device on a point of its own, of which nothing is kept but the throughput. */
static int measure_alone(struct devices *d, struct iopf_point *const *p, unsigned int i)
{
	struct iopf_point **own = xcalloc(d->nr, sizeof(struct iopf_point *));
	bool *absent = xcalloc(d->nr, sizeof(*absent));
	struct devices_member *m = &d->members[i];
	char label[320];
	unsigned int k;
	int ret;

	for (k = 0; k < d->nr; k++) {
		own[k] = xcheck(malloc(sizeof(*own[k])));
		*own[k] = *p[k];
		absent[k] = d->members[k].absent;
		d->members[k].absent = k != i;
	}
	snprintf(label, sizeof(label), "iopf on %s alone", m->s->device.name);
	ret = measure(d, own, 1, label);
	if (!ret && run_ended_well(own[i]->totals.end))
		m->alone_ops_per_s = devices_ops_per_s(m);
	for (k = 0; k < d->nr; k++) {
		d->members[k].absent = absent[k];
		iopf_point_free(own[k]);
		free(own[k]);
	}
	free(absent);
	free(own);
	return ret;
}

int iopf_devices_measure(struct devices *d, struct iopf_point *const *p, bool alone)
{
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < d->nr; i++)
		d->members[i].alone_ops_per_s = 0;
	for (i = 0; alone && i < d->nr && !ret && !devices_interrupted(d); i++)
		if (!d->members[i].absent)
			ret = measure_alone(d, p, i);
	return ret ? ret : measure(d, p, d->members[0].s->o.repeat, "iopf on several devices");
}
