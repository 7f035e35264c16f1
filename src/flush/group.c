// SPDX-License-Identifier: GPL-2.0-only
#include "flush/group.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "device/machine.h"
#include "flush/internal.h"
#include "run/area.h"
#include "text/json.h"

/**
 * struct together - a point under way
 * @g: the devices
 * @m: of each
 * @machines: from machine_describe()
 * @devices: for the caller
 */
struct together {
	struct group *g;
	struct flush_measuring *m;
	json_t **machines;
	struct flush_device *devices;
};

static void leave_out(struct together *w, unsigned int i, int status)
{
	w->g->members[i].absent = true;
	w->devices[i].status = status;
}

/* Domain types are switched one after the other; nothing runs meanwhile. */
static void begin(struct together *w)
{
	struct group *g = w->g;
	unsigned int i;
	int ret;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];
		struct flush_device *d = &w->devices[i];

		m->out = false;
		m->absent = false;
		m->alone_ops_per_s = 0;
		m->t = &d->t;
		if (m->s->device.fd < 0) {
			error_set(&d->why, "the device has gone away");
			leave_out(w, i, EXIT_UNABLE);
			continue;
		}
		ret = flush_begin(&w->m[i], &d->why);
		group_rejoin(g, i);
		if (ret) {
			leave_out(w, i, ret);
			continue;
		}
		w->machines[i] = machine_describe(&m->s->device);
		m->desc = flush_begin_cost(&w->m[i]);
	}
	g->cpus = group_count_cpus(g);
}

static int repeat(struct together *w)
{
	const struct options *o = &w->g->members[0].s->o;
	struct group *g = w->g;
	unsigned int i;
	int ret = EXIT_DONE;

	if (o->alone)
		ret = group_alone(g, "tlb-flush");
	if (!ret)
		ret = group_repeat(g, "tlb-flush");
	/* One that the module has refused alone or together has no part in this. */
	for (i = 0; i < g->nr && !ret; i++) {
		struct group_member *m = &g->members[i];

		if (m->absent || !m->refused || m->t->runs)
			continue;
		w->devices[i].why = m->why;
		leave_out(w, i, m->refused);
	}
	return ret;
}

/* Devices share what makes rounds long: when one has seen none, all measure one. */
static int measure_costs(struct together *w)
{
	struct group *g = w->g;
	bool again = false;
	unsigned int i;
	int ret = repeat(w);

	for (i = 0; i < g->nr && !ret; i++)
		again = again || (!g->members[i].absent && flush_nothing_seen(&w->m[i]));
	if (!again)
		return ret;
	for (i = 0; i < g->nr; i++) {
		if (g->members[i].absent || !run_ended_well(g->members[i].t->end))
			continue;
		flush_make_long(&w->m[i], &g->members[i].desc);
	}
	return repeat(w);
}

static bool is_in(const struct group_member *m)
{
	return !m->absent && !m->out;
}

static void look(struct together *w, enum flush_look which)
{
	struct group *g = w->g;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];
		json_t **j = &w->m[i].looked[which];

		m->taking_part = false;
		if (m->absent || (which == FLUSH_LOOK_STALE && !w->m[i].x->stale))
			continue;
		*j = flush_plan(&w->m[i], which, &m->run);
		if (!*j && m->out)
			*j = flush_not_measured("the runs were cut short before");
		m->taking_part = !*j;
	}
	if (group_once(g, flush_look_labels[which]))
		detail("%s could not be done", flush_look_labels[which]);
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];
		json_t **j = &w->m[i].looked[which];

		if (m->absent || *j || (which == FLUSH_LOOK_STALE && !w->m[i].x->stale)) {
			continue;
		} else if (m->refused || !m->taking_part) {
			*j = flush_not_measured("%s", *m->why.text ? m->why.text :
						m->outcome.message);
			run_outcome_free(&m->outcome);
		} else {
			flush_tell(&w->m[i], which, &m->outcome);
		}
	}
}

/* What is sent cannot be told apart by device. */
static json_t *count_commands(struct together *w, struct commands *probes, uint64_t room,
			      bool anyone, const struct flush_measuring *first)
{
	struct group *g = w->g;
	struct commands_count count;
	uint64_t rounds = 0;
	unsigned int i;
	int lost;
	json_t *j;

	if (commands_start(probes, !anyone, room))
		return flush_not_measured("%s", probes->reason);
	if (group_once(g, "tlb-flush, commands"))
		detail("tlb-flush, commands, could not be done");
	lost = commands_stop(probes, &count);
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (!m->taking_part)
			continue;
		rounds += run_total_ops(&m->outcome) / w->m[i].params.mappings;
		flush_add_end(m->t, &m->outcome);
	}
	if (lost)
		return flush_not_measured("%s", probes->reason);
	if (!rounds)
		return flush_not_measured("no round ended in time");
	j = flush_tell_commands(first, &count, rounds);
	json_put_text(j, "scope", "group");
	return j;
}

static void look_at_commands(struct together *w, struct commands *probes)
{
	const struct flush_measuring *first = NULL;
	struct group *g = w->g;
	uint64_t room = 0, one;
	bool anyone = false, any;
	unsigned int i;
	json_t *all;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		m->taking_part = false;
		if (m->absent)
			continue;
		w->m[i].commands = flush_plan_commands(&w->m[i], &m->run, &one, &any);
		m->taking_part = !w->m[i].commands && is_in(m);
		if (!m->taking_part)
			continue;
		room += one;
		anyone = anyone || any;
		first = first ? first : &w->m[i];
	}
	all = first ? count_commands(w, probes, room, anyone, first) :
		      flush_not_measured("the runs were cut short before");
	for (i = 0; i < g->nr; i++) {
		run_outcome_free(&g->members[i].outcome);
		if (!g->members[i].absent && !w->m[i].commands)
			w->m[i].commands = json_deep_copy(all);
	}
	json_decref(all);
}

static void make_results(struct together *w)
{
	struct group *g = w->g;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		if (g->members[i].absent)
			continue;
		w->devices[i].r = flush_make_result(&w->m[i], w->machines[i]);
		w->machines[i] = NULL;
	}
	for (i = 0; i < g->nr; i++)
		if (w->devices[i].r)
			group_report(g, i, w->devices[i].r);
}

int flush_group_measure(struct group *g, const struct flush_point *p, const struct flush_extras *x,
			struct commands *probes, struct flush_device *devices)
{
	struct together w = {
		.g = g,
		.m = xcalloc(g->nr, sizeof(*w.m)),
		.machines = xcalloc(g->nr, sizeof(json_t *)),
		.devices = devices,
	};
	unsigned int i;
	int ret, which;

	for (i = 0; i < g->nr; i++) {
		devices[i] = (struct flush_device){ .status = EXIT_DONE };
		w.m[i] = (struct flush_measuring){
			.s = g->members[i].s,
			.p = p,
			.x = x,
			.probes = probes,
			.t = &devices[i].t,
		};
	}
	begin(&w);
	ret = measure_costs(&w);
	for (which = 0; which < FLUSH_LOOKS && !ret; which++)
		look(&w, (enum flush_look)which);
	if (!ret) {
		look_at_commands(&w, probes);
		make_results(&w);
	}
	for (i = 0; i < g->nr; i++)
		json_decref(w.machines[i]);
	free(w.machines);
	free(w.m);
	return ret;
}
