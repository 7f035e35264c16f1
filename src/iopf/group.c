// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "iopf/internal.h"
#include "run/area.h"
#include "run/link.h"
#include "text/progress.h"

/**
 * struct together - a point under way on several devices
 * @g: the devices
 * @w: of each
 * @counting: passes are reported; otherwise they are the warm-up
 */
struct together {
	struct group *g;
	struct iopf_work *w;
	bool counting;
};

static bool goes_on(const struct group_member *m)
{
	return !m->absent && !m->out;
}

static unsigned int how_many(const struct group *g)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr; i++)
		n += goes_on(&g->members[i]);
	return n;
}

/* What was measured before it counts. */
static void ends_over(struct iopf_work *w, struct group_member *m, int end, const char *why)
{
	m->out = true;
	w->run.end = end;
	snprintf(w->run.message, sizeof(w->run.message), "%.*s",
		 (int)sizeof(w->run.message) - 1, why);
}

/* Return: EXIT_DONE, or why a device that has done nothing yet cannot. */
static int make_ready(struct together *t, uint64_t places)
{
	struct group *g = t->g;
	struct error e;
	unsigned int i;
	int ret;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];
		struct iopf_work *w = &t->w[i];

		m->taking_part = false;
		if (!goes_on(m))
			continue;
		e.text[0] = '\0';
		error_keep(&e);
		ret = iopf_ready(w, places);
		error_keep(NULL);
		if (ret && !w->p->passes)
			return fail((enum exit_status)ret, "device %s: %s", m->s->device.name,
				    e.text);
		if (ret) {
			ends_over(w, m, IOMMUBENCH_END_ERROR, e.text);
			continue;
		}
		m->run = iopf_describe(w, places, iopf_flags(w->p));
		m->taking_part = true;
		if (t->counting)
			m->s->link.series = &m->s->series;
	}
	return EXIT_DONE;
}

static int take_pass(struct together *t, unsigned int i, uint64_t places)
{
	struct group_member *m = &t->g->members[i];
	struct iopf_work *w = &t->w[i];
	int ret = EXIT_DONE;

	m->s->link.series = NULL;
	iopf_ran(w, m->taking_part ? &m->outcome : NULL);
	if (m->refused && !w->p->passes)
		ret = fail((enum exit_status)m->refused, "device %s: %s", m->s->device.name,
			   m->why.text);
	else if (m->refused)
		ends_over(w, m, IOMMUBENCH_END_ERROR, m->why.text);
	else if (!m->taking_part)
		ends_over(w, m, m->outcome.end, m->outcome.message);
	else if (t->counting)
		iopf_add_pass(w, &m->outcome, places);
	else
		w->run.end = m->outcome.end;
	if (m->taking_part && !run_ended_well(w->run.end))
		m->out = true;
	run_outcome_free(&m->outcome);
	return ret;
}

/* A pass of all that go on. */
static int do_pass(struct together *t, uint64_t places)
{
	struct group *g = t->g;
	bool *tried = xcalloc(g->nr, sizeof(*tried));
	unsigned int i;
	int ret, taken;

	ret = make_ready(t, places);
	for (i = 0; i < g->nr; i++)
		tried[i] = g->members[i].taking_part;
	if (!ret)
		ret = group_pass(g, "iopf", t->counting ? COUNTERS_MEASURED : COUNTERS_RUNS);
	for (i = 0; i < g->nr; i++) {
		if (!tried[i])
			continue;
		taken = take_pass(t, i, places);
		ret = ret ? ret : taken;
	}
	free(tried);
	return ret;
}

static int touch_by_cpu(struct together *t, uint64_t places)
{
	struct group *g = t->g;
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < g->nr && !ret; i++)
		if (goes_on(&g->members[i]))
			ret = iopf_touch_by_cpu(&t->w[i], places);
	return ret;
}

static struct run_link *first_link(const struct group *g)
{
	return &g->members[0].s->link;
}

/* All passes of one run. */
static int do_run(struct together *t, const char *label)
{
	struct group *g = t->g;
	const struct options *o = &g->members[0].s->o;
	unsigned int i, spaces = t->w[0].p->nr_spaces;
	uint64_t places, done = 0, start = monotonic_ns();
	struct progress progress;
	int ret;

	progress_start(&progress, label, o->duration_ns, o->count, o->quiet);
	/* The passes are too short for a line each. */
	g->line = &progress;
	do {
		places = iopf_places(&t->w[0], done);
		ret = do_pass(t, places);
		if (!ret)
			ret = touch_by_cpu(t, places);
		done += places * spaces;
	} while (!ret && how_many(g) && (!o->count || done < o->count) &&
		 (!o->duration_ns || monotonic_ns() - start < o->duration_ns) &&
		 !run_interrupted(first_link(g)));
	g->line = NULL;
	progress_end(&progress);
	for (i = 0; i < g->nr; i++) {
		struct run_outcome *run = &t->w[i].run;

		if (!goes_on(&g->members[i]))
			continue;
		if (run_interrupted(first_link(g)))
			run->end = IOMMUBENCH_END_STOPPED;
		else if (run->end == IOMMUBENCH_END_COUNT && (!o->count || done < o->count))
			run->end = IOMMUBENCH_END_TIME;
	}
	return ret;
}

static int warm_up(struct together *t)
{
	struct group *g = t->g;
	uint64_t start = monotonic_ns();
	int ret = EXIT_DONE;

	while (!ret && how_many(g) &&
	       monotonic_ns() - start < g->members[0].s->o.warmup_ns &&
	       !run_interrupted(first_link(g)))
		ret = do_pass(t, iopf_places(&t->w[0], 0));
	return ret;
}

static int do_runs(struct together *t, unsigned int repeat, const char *label)
{
	struct group *g = t->g;
	char numbered[96];
	unsigned int i, k;
	int ret;

	ret = warm_up(t);
	group_begin_runs(g);
	for (k = 0; k < g->nr; k++)
		if (!g->members[k].absent)
			iopf_begin_series(&t->w[k]);
	t->counting = true;
	for (i = 0; i < repeat && !ret && how_many(g); i++) {
		for (k = 0; k < g->nr; k++)
			if (goes_on(&g->members[k]))
				iopf_begin_run(&t->w[k]);
		snprintf(numbered, sizeof(numbered), "%s, run %u of %u", label, i + 1, repeat);
		ret = do_run(t, numbered);
		for (k = 0; k < g->nr; k++) {
			struct iopf_work *w = &t->w[k];

			/* Out since an earlier run. */
			if (!w->run.threads)
				continue;
			series_cut(&w->s->series);
			totals_add(&w->p->totals, &w->run);
			run_outcome_free(&w->run);
			if (!run_ended_well(w->p->totals.end))
				g->members[k].out = true;
		}
	}
	t->counting = false;
	if (!ret)
		group_counters_take(g);
	return ret;
}

static int begin(struct together *t, struct iopf_point *const *p)
{
	struct group *g = t->g;
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < g->nr && !ret; i++) {
		struct group_member *m = &g->members[i];

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

	for (i = 0; i < t->g->nr; i++)
		if (t->w[i].p && !t->g->members[i].absent)
			iopf_close(&t->w[i]);
	free(t->w);
}

static int measure(struct group *g, struct iopf_point *const *p, unsigned int repeat,
		   const char *label)
{
	struct together t = { .g = g, .w = xcalloc(g->nr, sizeof(*t.w)) };
	int ret = begin(&t, p);

	if (!ret)
		ret = do_runs(&t, repeat, label);
	end(&t);
	return ret;
}

/* A run of one device on a point of its own, of which nothing is kept but the throughput. */
static int measure_alone(struct group *g, struct iopf_point *const *p, unsigned int i)
{
	struct iopf_point **own = xcalloc(g->nr, sizeof(struct iopf_point *));
	bool *absent = xcalloc(g->nr, sizeof(*absent));
	struct group_member *m = &g->members[i];
	char label[320];
	unsigned int k;
	int ret;

	for (k = 0; k < g->nr; k++) {
		own[k] = xcheck(malloc(sizeof(*own[k])));
		*own[k] = *p[k];
		absent[k] = g->members[k].absent;
		g->members[k].absent = k != i;
	}
	snprintf(label, sizeof(label), "iopf on %s alone", m->s->device.name);
	ret = measure(g, own, 1, label);
	if (!ret && run_ended_well(own[i]->totals.end))
		m->alone_ops_per_s = group_ops_per_s(m);
	for (k = 0; k < g->nr; k++) {
		g->members[k].absent = absent[k];
		iopf_point_free(own[k]);
		free(own[k]);
	}
	free(absent);
	free(own);
	return ret;
}

int iopf_group_measure(struct group *g, struct iopf_point *const *p, bool alone)
{
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < g->nr; i++)
		g->members[i].alone_ops_per_s = 0;
	for (i = 0; alone && i < g->nr && !ret && !run_interrupted(first_link(g)); i++)
		if (!g->members[i].absent)
			ret = measure_alone(g, p, i);
	return ret ? ret : measure(g, p, g->members[0].s->o.repeat, "iopf on several devices");
}
