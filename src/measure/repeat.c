// SPDX-License-Identifier: GPL-2.0-only
#include "measure/repeat.h"

#include <stdio.h>

#include "base/error.h"
#include "counters/counters.h"
#include "measure/devices_counters.h"
#include "measure/devices_run.h"
#include "measure/phased_run.h"
#include "run/link.h"
#include "run/run.h"
#include "run/series.h"

/* Operations of a thread in the run that explains, about. */
#define EXPLAINED_OPS		512

/* Lists of commands that one of them causes at most. */
#define EXPLAINED_LISTS		4

/* A flush queue has to be watched over several of its timer's periods, which are 10 ms. */
#define EXPLAINED_LAZY_NS	200000000

int session_execute(struct session *s, struct iommubench_run *run, const char *label, bool quiet,
		    struct run_outcome *o)
{
	struct devices_member m = { .s = s };
	struct devices d = { .members = &m, .nr = 1, .kind = COUNTERS_MEASURED };
	struct run_gates gates = devices_counters_gates(&d);
	bool wanted = devices_counters_wanted(&d, d.kind);
	int ret = run_execute(&s->link, run, label, quiet, wanted ? &gates : NULL, o);

	m.outcome = *o;
	if (!ret)
		devices_counters_add_ops(&d, &m);
	return ret;
}

/*
 * The run that explains the others of a device: few operations, so that there is room for all that
 * is recorded of them. What that takes is added to @d->commands and @d->anyone.
 */
static struct iommubench_run explaining(struct devices *d, const struct devices_member *m)
{
	const struct session *s = m->s;
	uint64_t round = s->round_ops ? s->round_ops : 1;
	uint64_t ops = (EXPLAINED_OPS + round - 1) / round * round * m->desc.threads;
	bool lazy = s->device.info.domain_type == IOMMUBENCH_DOMAIN_LAZY;
	struct iommubench_run run = m->desc;

	run.warmup_ns = 0;
	run.duration_ns = lazy ? EXPLAINED_LAZY_NS : 0;
	run.count = lazy ? 0 : ops;
	run.batch = m->t->batch;
	run.flags &= ~(__u64)IOMMUBENCH_RUN_VERIFY;
	d->commands += ops * EXPLAINED_LISTS;
	d->anyone = d->anyone || lazy;
	return run;
}

/* What would disturb is counted in a run of its own. */
static void explain(struct devices *d, const char *label)
{
	struct devices_member *m;
	unsigned int i, n = 0;
	char what[128];

	if (!devices_counters_wanted(d, COUNTERS_EXPLAINING))
		return;
	snprintf(what, sizeof(what), "%s, explaining", label);
	for (i = 0; i < d->nr; i++) {
		m = &d->members[i];
		m->taking_part = !m->out && !m->absent && run_ended_well(m->t->end);
		if (m->taking_part)
			m->run = explaining(d, m);
		n += m->taking_part;
	}
	if (n)
		devices_once(d, what, COUNTERS_EXPLAINING);
	d->commands = 0;
	d->anyone = false;
	for (i = 0; i < d->nr; i++) {
		m = &d->members[i];
		if (n && !d->together && m->refused)
			error_detail("%s: %s", what, m->why.text);
		run_outcome_free(&m->outcome);
	}
}

static void begin_series(struct devices *d)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		if (m->absent || m->out)
			continue;
		series_begin(&m->s->series, m->s->o.interval_ns, m->t->clock_hz, m->t->nr_phases);
		m->t->series = &m->s->series;
		m->t->end = IOMMUBENCH_END_STOPPED;
		m->s->link.series = &m->s->series;
	}
}

static void name_run(const struct devices *d, const char *label, unsigned int repeat, char *name,
		     size_t n)
{
	const struct session *s = d->members[0].s;
	unsigned int all = s->o.repeat;

	if (d->together)
		snprintf(name, n, "%s on %u devices, run %u of %u", label, d->nr, repeat + 1, all);
	else if (all > 1)
		snprintf(name, n, "%s, run %u of %u", label, repeat + 1, all);
	else
		snprintf(name, n, "%s", label);
	if (d->together)
		error_detail("%s by %s", name, d->ring.open ? "uring" : "ioctl");
	else
		error_detail("%s on %s by %s", name, s->device.name, run_transport(&s->link));
}

/* A refusal leaves what the device measured before; the other devices go on. */
static void tell_refusal(const struct devices *d, struct devices_member *m, unsigned int repeat)
{
	if (d->together || !m->refused || !m->t->runs)
		return;
	if (!d->lenient)
		error_fail((enum exit_status)m->refused, "%s", m->why.text);
	snprintf(m->outcome.message, sizeof(m->outcome.message), "run %u of %u could not be done",
		 repeat + 1, m->s->o.repeat);
}

static void add_run(struct devices *d, unsigned int repeat)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		struct devices_member *m = &d->members[i];

		/* Out since an earlier run, which has told why. */
		if (m->absent || (m->out && !m->outcome.end))
			continue;
		tell_refusal(d, m, repeat);
		series_cut(&m->s->series);
		totals_add(m->t, &m->outcome);
		run_outcome_free(&m->outcome);
		m->out = m->out || !run_ended_well(m->t->end);
	}
}

int devices_repeat(struct devices *d, const char *label)
{
	struct devices_member *first = &d->members[0];
	unsigned int i, repeat;
	char numbered[128];
	int ret = EXIT_DONE;

	devices_begin_runs(d);
	begin_series(d);
	for (repeat = 0; !ret && repeat < first->s->o.repeat && devices_line_up(d, repeat);
	     repeat++) {
		name_run(d, label, repeat, numbered, sizeof(numbered));
		ret = devices_execute(d, numbered, COUNTERS_MEASURED);
		if (!ret)
			add_run(d, repeat);
	}
	for (i = 0; i < d->nr; i++)
		d->members[i].s->link.series = NULL;
	if (ret)
		return ret;
	explain(d, label);
	if (!d->together && first->s->counters && !first->s->only_phase &&
	    run_ended_well(first->t->end))
		phased_run(first->s, &first->desc, label, first->t);
	devices_counters_take(d);
	return EXIT_DONE;
}
