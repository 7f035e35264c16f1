// SPDX-License-Identifier: GPL-2.0-only
#include "io/counted.h"

#include "counters/counters.h"

/* Requests of a thread in the run that explains. */
#define EXPLAINED_OPS		512
/* Lists of commands that one of them causes at most, or about that for each of its pages. */
#define EXPLAINED_LISTS		4
#define LIST_BYTES		65536
/* A flush queue has to be watched over several of its timer's periods, which are 10 ms. */
#define EXPLAINED_LAZY_NS	200000000

/* A run whose counters are read at its gates. */
struct counted_run {
	struct counters *counters;
	enum counters_run kind;
	uint64_t commands;
};

/* Completions unmap in interrupts, in whatever context those come to: commands count from all. */
static void at_gate(void *arg, enum io_gate gate, const uint32_t *tids, unsigned int nr)
{
	struct counted_run *c = arg;

	if (gate == IO_GATE_BEFORE)
		counters_begin(c->counters, c->kind, tids, nr, c->commands, true);
	else
		counters_end(c->counters);
}

static int execute(struct session *s, const struct io_job *plain, enum counters_run kind,
		   uint64_t commands, struct progress *line, struct io_outcome *o,
		   struct error *why)
{
	struct counted_run c = { .counters = s->counters, .kind = kind, .commands = commands };
	struct io_job job = *plain;
	struct io_load *load;
	unsigned int i;
	bool stopped;

	if (counters_wants(s->counters, kind)) {
		job.gate = at_gate;
		job.gate_arg = &c;
	}
	load = io_start(&job, why);
	if (!load)
		return EXIT_UNABLE;
	stopped = io_wait(load, s->signals, line);
	io_finish(load, o);
	if (stopped && o->run.end == IOMMUBENCH_END_TIME)
		o->run.end = IOMMUBENCH_END_STOPPED;
	for (i = 0; s->counters && i < o->run.nr_threads; i++)
		counters_add_ops(s->counters, kind, i, o->run.threads[i].ops);
	return EXIT_DONE;
}

int io_execute(struct session *s, const struct io_job *job, struct progress *line,
	       struct io_outcome *o, struct error *why)
{
	return execute(s, job, COUNTERS_MEASURED, 0, line, o, why);
}

void io_explain(struct session *s, const struct io_job *job, struct progress *line)
{
	bool lazy = s->device.info.domain_type == IOMMUBENCH_DOMAIN_LAZY;
	uint64_t ops = (uint64_t)EXPLAINED_OPS * job->threads;
	struct io_job run = *job;
	struct io_outcome o;
	struct error why;

	if (!counters_wants(s->counters, COUNTERS_EXPLAINING))
		return;
	run.warmup_ns = 0;
	run.duration_ns = lazy ? EXPLAINED_LAZY_NS : 0;
	run.count = lazy ? 0 : ops;
	run.series = NULL;
	error_detail("%s", "a run that explains");
	if (execute(s, &run, COUNTERS_EXPLAINING,
		    ops * (EXPLAINED_LISTS + job->bytes / LIST_BYTES), line, &o, &why))
		error_detail("there is no run that explains: %s", why.text);
	else
		io_outcome_free(&o);
}
