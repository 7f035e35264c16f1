// SPDX-License-Identifier: GPL-2.0-only
#include "flush/devices.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "device/machine.h"
#include "flush/measure.h"
#include "measure/devices_report.h"
#include "measure/devices_run.h"
#include "measure/repeat.h"
#include "run/area.h"
#include "text/json.h"

/**
 * struct together - a point under way
 * @d: the devices
 * @m: the measuring on each device
 * @machines: from machine_describe()
 * @got: for the caller
 */
struct together {
	struct devices *d;
	struct flush_measuring *m;
	json_t **machines;
	struct flush_device *got;
};

static void leave_out(struct together *w, unsigned int i, int status)
{
	w->d->members[i].absent = true;
	w->got[i].status = status;
}

/* Domain types are switched one after the other; nothing runs meanwhile. */
static void begin(struct together *w)
{
	struct devices *d = w->d;
	unsigned int i;
	int ret;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];
		struct flush_device *got = &w->got[i];

		m->out = false;
		m->absent = false;
		m->alone_ops_per_s = 0;
		m->t = &got->t;
		if (m->s->device.fd < 0) {
			error_set(&got->why, "the device has gone away");
			leave_out(w, i, EXIT_UNABLE);
			continue;
		}
		ret = flush_begin(&w->m[i], &got->why);
		devices_rejoin(d, i);
		if (ret) {
			leave_out(w, i, ret);
			continue;
		}
		w->machines[i] = machine_describe(&m->s->device);
		m->desc = flush_begin_cost(&w->m[i]);
	}
	d->cpus = devices_count_cpus(d);
}

static int repeat(struct together *w)
{
	const struct options *o = &w->d->members[0].s->o;
	struct devices *d = w->d;
	unsigned int i;
	int ret = EXIT_DONE;

	if (o->alone)
		ret = devices_alone(d, "tlb-flush");
	if (!ret)
		ret = devices_repeat(d, "tlb-flush");
	/* One that the module has refused alone or together has no part in this. */
	for (i = 0; i < d->nr && !ret; i++) {
		struct devices_member *m = &d->members[i];

		if (m->absent || !m->refused || m->t->runs)
			continue;
		w->got[i].why = m->why;
		leave_out(w, i, m->refused);
	}
	return ret;
}

/* Devices share what makes rounds long: when one has seen none, all measure one. */
static int measure_costs(struct together *w)
{
	struct devices *d = w->d;
	bool again = false;
	unsigned int i;
	int ret = repeat(w);

	for (i = 0; i < d->nr && !ret; i++)
		again = again || (!d->members[i].absent && flush_nothing_seen(&w->m[i]));
	if (!again)
		return ret;
	for (i = 0; i < d->nr; i++) {
		if (d->members[i].absent || !run_ended_well(d->members[i].t->end))
			continue;
		flush_make_long(&w->m[i], &d->members[i].desc);
	}
	return repeat(w);
}

static bool is_in(const struct devices_member *m)
{
	return !m->absent && !m->out;
}

static void look(struct together *w, enum flush_look which)
{
	struct devices *d = w->d;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];
		json_t **j = &w->m[i].looked[which];

		m->taking_part = false;
		if (m->absent || (which == FLUSH_LOOK_STALE && !w->m[i].x->stale))
			continue;
		*j = flush_plan(&w->m[i], which, &m->run);
		if (!*j && m->out)
			*j = flush_not_measured("the runs were cut short before");
		m->taking_part = !*j;
	}
	if (devices_once(d, flush_look_labels[which], COUNTERS_RUNS))
		error_detail("%s could not be done", flush_look_labels[which]);
	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];
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
static json_t *count_commands(struct together *w, struct iommu_commands *probes, uint64_t room,
			      bool anyone, const struct flush_measuring *first)
{
	struct devices *d = w->d;
	struct iommu_commands_count count;
	uint64_t rounds = 0;
	unsigned int i;
	int lost;
	json_t *j;

	if (iommu_commands_start(probes, !anyone, room))
		return flush_not_measured("%s", probes->reason);
	if (devices_once(d, "tlb-flush, commands", COUNTERS_RUNS))
		error_detail("tlb-flush, commands, could not be done");
	lost = iommu_commands_stop(probes, &count);
	if (!d->together && d->members[0].refused)
		return flush_not_measured("%s", d->members[0].why.text);
	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

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
	if (d->together)
		json_put_text(j, "scope", "group");
	return j;
}

static void look_at_commands(struct together *w, struct iommu_commands *probes)
{
	const struct flush_measuring *first = NULL;
	struct devices *d = w->d;
	uint64_t room = 0, one;
	bool anyone = false, any;
	unsigned int i;
	json_t *all;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

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
	for (i = 0; i < d->nr; i++) {
		run_outcome_free(&d->members[i].outcome);
		if (!d->members[i].absent && !w->m[i].commands)
			w->m[i].commands = json_deep_copy(all);
	}
	json_decref(all);
}

static void make_results(struct together *w)
{
	struct devices *d = w->d;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		if (d->members[i].absent)
			continue;
		w->got[i].r = flush_make_result(&w->m[i], w->machines[i]);
		w->machines[i] = NULL;
	}
	for (i = 0; i < d->nr && d->together; i++)
		if (w->got[i].r)
			devices_report(d, i, w->got[i].r);
}

int flush_measure(struct devices *d, const struct flush_point *p, const struct flush_extras *x,
		  struct iommu_commands *probes, struct flush_device *got)
{
	struct together w = {
		.d = d,
		.m = xcalloc(d->nr, sizeof(*w.m)),
		.machines = xcalloc(d->nr, sizeof(json_t *)),
		.got = got,
	};
	unsigned int i;
	int ret, which;

	for (i = 0; i < d->nr; i++) {
		got[i] = (struct flush_device){ .status = EXIT_DONE };
		w.m[i] = (struct flush_measuring){
			.s = d->members[i].s,
			.p = p,
			.x = x,
			.probes = probes,
			.t = &got[i].t,
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
	for (i = 0; i < d->nr; i++)
		json_decref(w.machines[i]);
	free(w.machines);
	free(w.m);
	return ret;
}
