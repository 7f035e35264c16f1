// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs of a session, repeated and explained.
 */
#include "measure/repeat.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "counters/counters.h"
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

/* A run whose counters are read at its gates. */
struct counted_run {
	struct session *s;
	enum counters_run kind;
	uint64_t commands;
	bool anyone;
};

static void at_gate(void *arg, enum run_gate gate, const uint32_t *tids, unsigned int nr)
{
	struct counted_run *c = arg;

	if (gate == RUN_GATE_BEFORE)
		counters_begin(c->s->counters, c->kind, tids, nr, c->commands, c->anyone);
	else
		counters_end(c->s->counters);
}

static int execute_counted(struct counted_run *c, struct iommubench_run *run, const char *label,
			   bool quiet, struct run_outcome *o)
{
	struct run_link *link = &c->s->link;
	unsigned int i;
	int ret;

	if (counters_wants(c->s->counters, c->kind)) {
		link->gate = at_gate;
		link->gate_arg = c;
	}
	ret = run_execute(link, run, label, quiet, o);
	link->gate = NULL;
	for (i = 0; c->s->counters && !ret && i < o->nr_threads; i++)
		counters_add_ops(c->s->counters, c->kind, i, o->threads[i].ops);
	return ret;
}

int session_execute(struct session *s, struct iommubench_run *run, const char *label, bool quiet,
		    struct run_outcome *o)
{
	struct counted_run c = { .s = s, .kind = COUNTERS_MEASURED };

	return execute_counted(&c, run, label, quiet, o);
}

struct iommubench_run session_explaining(const struct session *s, const struct iommubench_run *desc,
					 const struct totals *t, uint64_t *commands, bool *anyone)
{
	uint64_t round = s->round_ops ? s->round_ops : 1;
	uint64_t ops = (EXPLAINED_OPS + round - 1) / round * round * desc->threads;
	bool lazy = s->device.info.domain_type == IOMMUBENCH_DOMAIN_LAZY;
	struct iommubench_run run = *desc;

	run.warmup_ns = 0;
	run.duration_ns = lazy ? EXPLAINED_LAZY_NS : 0;
	run.count = lazy ? 0 : ops;
	run.batch = t->batch;
	run.flags &= ~(__u64)IOMMUBENCH_RUN_VERIFY;
	*commands = ops * EXPLAINED_LISTS;
	*anyone = lazy;
	return run;
}

static void explain(struct session *s, const struct iommubench_run *desc, const char *label,
		    struct totals *t)
{
	struct counted_run c = { .s = s, .kind = COUNTERS_EXPLAINING };
	struct iommubench_run run;
	struct error why = { "" };
	struct run_outcome o;
	char what[128];

	if (!counters_wants(s->counters, COUNTERS_EXPLAINING) || !run_ended_well(t->end))
		return;
	run = session_explaining(s, desc, t, &c.commands, &c.anyone);
	snprintf(what, sizeof(what), "%s, explaining", label);
	detail("%s on %s", what, s->device.name);
	error_keep(&why);
	if (execute_counted(&c, &run, what, s->o.quiet, &o))
		detail("%s: %s", what, why.text);
	else
		run_outcome_free(&o);
	error_keep(NULL);
}

int session_repeat(struct session *s, const struct iommubench_run *desc, const char *label,
		   struct totals *t)
{
	struct counted_run c = { .s = s, .kind = COUNTERS_MEASURED };
	struct iommubench_run run;
	struct run_outcome outcome;
	char numbered[128];
	unsigned int i;
	int ret = EXIT_DONE;

	session_begin_counters(s, true);
	series_begin(&s->series, s->o.interval_ns, s->device.info.clock_hz, t->nr_phases);
	t->series = &s->series;
	s->link.series = &s->series;
	for (i = 0; i < s->o.repeat; i++) {
		run = *desc;
		run.seed += i;
		/* Histograms of different batches could not be merged. */
		if (i && t->batch)
			run.batch = t->batch;
		if (s->o.repeat > 1)
			snprintf(numbered, sizeof(numbered), "%s, run %u of %u", label, i + 1,
				 s->o.repeat);
		else
			snprintf(numbered, sizeof(numbered), "%s", label);
		detail("%s on %s by %s", numbered, s->device.name, run_transport(&s->link));
		ret = execute_counted(&c, &run, numbered, s->o.quiet, &outcome);
		if (ret)
			break;
		series_cut(&s->series);
		totals_add(t, &outcome);
		run_outcome_free(&outcome);
		if (!run_ended_well(t->end))
			break;
	}
	s->link.series = NULL;
	if (!ret)
		explain(s, desc, label, t);
	if (!ret && s->counters && run_ended_well(t->end))
		phased_run(s, desc, label, t);
	if (s->counters)
		totals_set_counters(t, s->counters);
	if (!ret || !i)
		return ret;
	t->end = IOMMUBENCH_END_ERROR;
	snprintf(t->message, sizeof(t->message), "run %u of %u could not be done", i + 1,
		 s->o.repeat);
	return EXIT_DONE;
}
