// SPDX-License-Identifier: GPL-2.0-only
#include "measure/devices_counters.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "counters/counters.h"
#include "run/area.h"

void devices_counters_reset(struct devices *d)
{
	char kind[128];
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		if (d->members[i].absent)
			continue;
		if (d->together)
			d->members[i].s->part = COUNTERS_OWN;
		session_begin_counters(d->members[i].s, true);
	}
	if (!d->together)
		return;
	devices_iommu_kind(d, kind, sizeof(kind));
	if (!d->common)
		d->common = session_new_counters(d->members[0].s, true, COUNTERS_COMMON, kind);
	if (d->common)
		counters_reset(d->common);
}

bool devices_counters_wanted(const struct devices *d, enum counters_run kind)
{
	unsigned int i;

	if (kind == COUNTERS_RUNS)
		return false;
	for (i = 0; i < d->nr; i++)
		if (counters_wants(d->members[i].s->counters, kind))
			return true;
	return counters_wants(d->common, kind);
}

static void begin(void *arg, const struct run_awaited *runs, unsigned int nr)
{
	struct devices *d = arg;
	unsigned int i, k;
	uint32_t *tids;

	if (d->kind == COUNTERS_RUNS)
		return;
	for (i = 0; i < nr; i++) {
		const struct run_awaited *r = &runs[i];
		struct counters *c = d->members[i].s->counters;

		if (!r->counting || !counters_wants(c, d->kind))
			continue;
		tids = xcalloc(r->desc->threads, sizeof(*tids));
		for (k = 0; k < r->desc->threads; k++)
			tids[k] = run_thread(r->desc, r->area, k)->tid;
		counters_begin(c, d->kind, tids, r->desc->threads,
			       d->together ? 0 : d->commands, !d->together && d->anyone);
		free(tids);
	}
	/* Last, and so nearest to what it counts. */
	d->counting = counters_wants(d->common, d->kind);
	if (d->counting)
		counters_begin(d->common, d->kind, NULL, 0, d->commands, d->anyone);
}

static void end(void *arg, unsigned int i)
{
	struct devices *d = arg;

	if (d->kind != COUNTERS_RUNS && counters_wants(d->members[i].s->counters, d->kind))
		counters_end(d->members[i].s->counters);
}

static void end_all(void *arg)
{
	struct devices *d = arg;

	if (d->counting)
		counters_end(d->common);
	d->counting = false;
}

struct run_gates devices_counters_gates(struct devices *d)
{
	return (struct run_gates){ .arg = d, .begin = begin, .end = end, .end_all = end_all };
}

void devices_counters_add_ops(struct devices *d, const struct devices_member *m)
{
	unsigned int i;

	if (d->kind == COUNTERS_RUNS)
		return;
	for (i = 0; i < m->outcome.nr_threads; i++) {
		uint64_t ops = m->outcome.threads[i].ops;

		if (m->s->counters)
			counters_add_ops(m->s->counters, d->kind, i, ops);
		if (d->common)
			counters_add_ops(d->common, d->kind, 0, ops);
	}
}

void devices_counters_take(struct devices *d)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		if (m->absent || !m->s->counters)
			continue;
		totals_set_counters(m->t, m->s->counters);
		if (d->common)
			totals_add_counters(m->t, d->common);
	}
}
