// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters beside several devices at once. What follows threads, what an IOMMU can tell by a
 * device's number, and the device's interrupts are counted for each; the rest once, and said to be
 * of all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "counters/counters.h"
#include "measure/group.h"
#include "run/area.h"

void group_iommu_kind(const struct group *g, char *kind, size_t n)
{
	unsigned int i;
	size_t used;
	char one[64];

	device_iommu_kind(&g->members[0].s->device, kind, n);
	for (i = 1; i < g->nr; i++) {
		device_iommu_kind(&g->members[i].s->device, one, sizeof(one));
		used = strlen(kind);
		if (!strstr(kind, one))
			snprintf(kind + used, n - used, " and %s", one);
	}
}

void group_counters_reset(struct group *g)
{
	char kind[128];
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		if (g->members[i].absent)
			continue;
		g->members[i].s->part = COUNTERS_OWN;
		session_begin_counters(g->members[i].s, true);
	}
	group_iommu_kind(g, kind, sizeof(kind));
	if (!g->common)
		g->common = session_new_counters(g->members[0].s, true, COUNTERS_COMMON, kind);
	if (g->common)
		counters_reset(g->common);
}

void group_counters_begin(struct group *g)
{
	unsigned int i, k;
	uint32_t *tids;

	if (g->kind == COUNTERS_RUNS)
		return;
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (!m->counting || !counters_wants(m->s->counters, g->kind))
			continue;
		tids = xcalloc(m->run.threads, sizeof(*tids));
		for (k = 0; k < m->run.threads; k++)
			tids[k] = run_thread(&m->run, m->area, k)->tid;
		counters_begin(m->s->counters, g->kind, tids, m->run.threads, 0, false);
		free(tids);
	}
	/* Last, and so nearest to what it counts. */
	g->counting = counters_wants(g->common, g->kind);
	if (g->counting)
		counters_begin(g->common, g->kind, NULL, 0, g->commands, g->anyone);
}

void group_counters_end(struct group *g, struct group_member *m)
{
	if (g->kind == COUNTERS_RUNS)
		return;
	if (m && counters_wants(m->s->counters, g->kind))
		counters_end(m->s->counters);
	if (!m && g->counting) {
		counters_end(g->common);
		g->counting = false;
	}
}

void group_counters_add_ops(struct group *g, const struct group_member *m)
{
	unsigned int i;

	if (g->kind == COUNTERS_RUNS)
		return;
	for (i = 0; i < m->outcome.nr_threads; i++) {
		uint64_t ops = m->outcome.threads[i].ops;

		if (m->s->counters)
			counters_add_ops(m->s->counters, g->kind, i, ops);
		if (g->common)
			counters_add_ops(g->common, g->kind, 0, ops);
	}
}

void group_counters_take(struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (m->absent)
			continue;
		if (m->s->counters)
			totals_set_counters(m->t, m->s->counters);
		if (m->s->counters && g->common)
			totals_add_counters(m->t, g->common);
	}
}
