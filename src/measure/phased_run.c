// SPDX-License-Identifier: GPL-2.0-only
#include "measure/phased_run.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "counters/counters.h"
#include "measure/session.h"
#include "measure/totals.h"
#include "run/area.h"
#include "run/run.h"
#include "run/wait.h"

/* Operations of a thread that are counted, about, and in how many rounds and bytes at most. */
#define COUNTED_OPS		512U
#define COUNTED_BYTES		(4ULL << 30)
#define MAX_ROUNDS		16U
/* Of counters that disturb: they are exact, and switching them takes long. */
#define MAX_EXPLAINING_ROUNDS	4U
/* Lists of commands that an operation causes at most. */
#define LISTS_PER_OP		4
/* A flush queue is emptied by a timer, after 10 ms and what the kernel's tick adds. */
#define LAZY_PAUSE_NS		40000000

/**
 * struct phased - a run by phases under way
 * @counters: for all of its phases
 * @t: names the phases
 * @rounds: rounds that are counted, by kind of counter; there is one more before them, so that
 *	page tables and caches are as in all others
 * @round: that the threads are in, from 1
 * @lists: of commands in a phase, at most
 * @lazy: unmaps leave their invalidation to a timer
 * @open: counters of the phase that the threads are in, or NULL
 * @leaves: invalidations may be due when it ends
 * @early: the run ended before its last gate
 */
struct phased {
	struct counters *counters;
	const struct totals *t;
	unsigned int rounds[COUNTERS_RUNS];
	unsigned int round;
	uint64_t lists;
	bool lazy;
	struct counters *open;
	bool leaves;
	bool early;
};

/* What was done behind the gate before has come to its end. */
static void end_phase(struct phased *p, const struct run_phase *next)
{
	const struct timespec pause = { .tv_nsec = LAZY_PAUSE_NS };

	if (!p->open)
		return;
	if (p->lazy && p->leaves && !next->early)
		nanosleep(&pause, NULL);
	counters_end(p->open);
	p->open = NULL;
}

static void begin_phase(struct phased *p, const struct run_phase *next)
{
	bool nothing = next->phase == IOMMUBENCH_PHASE_NONE;
	enum counters_run kind = COUNTERS_EXPLAINING;
	unsigned int i;

	if (nothing)
		p->round++;
	if (p->round <= 1 || (!nothing && next->phase >= p->t->nr_phases))
		return;
	if (p->round - 1 <= p->rounds[COUNTERS_MEASURED])
		kind = COUNTERS_MEASURED;
	p->open = counters_phase(p->counters, nothing ? COUNTERS_NOTHING :
				 p->t->names[next->phase]);
	p->leaves = !nothing;
	for (i = 0; i < next->nr; i++)
		counters_add_ops(p->open, kind, i, next->ops[i]);
	counters_begin(p->open, kind, next->tids, next->nr, p->lists, p->lazy);
}

static unsigned int choose_rounds(unsigned int block, uint64_t mapping_bytes)
{
	uint64_t rounds = COUNTED_OPS / block, most = COUNTED_BYTES / mapping_bytes / block;

	if (rounds > most)
		rounds = most;
	if (rounds > MAX_ROUNDS)
		rounds = MAX_ROUNDS;
	return rounds ? (unsigned int)rounds : 1;
}

static void at_gate(void *arg, const struct run_phase *next)
{
	struct phased *p = arg;

	end_phase(p, next);
	p->early = next->early;
	if (!next->over)
		begin_phase(p, next);
}

/* Every struct of the ABI begins with its size. */
static void *copy_params(const struct iommubench_run *desc)
{
	const void *params = (const void *)(uintptr_t)desc->params;
	uint32_t bytes = *(const uint32_t *)params;

	return memcpy(xcheck(malloc(bytes)), params, bytes);
}

void phased_run(struct session *s, const struct iommubench_run *desc, const char *label,
		const struct totals *t)
{
	struct phased p = {
		.counters = s->counters,
		.t = t,
		.lazy = s->device.info.domain_type == IOMMUBENCH_DOMAIN_LAZY,
	};
	unsigned int block = s->round_ops ? (unsigned int)s->round_ops : 1, rounds, kind;
	const struct run_gates gates = { .arg = &p, .phase = at_gate };
	struct memory_report *memory = s->link.memory;
	struct iommubench_run run = *desc;
	void *params = NULL;
	struct error why = { "" };
	struct run_outcome o;
	char what[128];
	int ret;

	run.batch = t->batch;
	if (s->phase_block) {
		params = copy_params(desc);
		block = s->phase_block(params, desc->threads, t->batch ? t->batch : 1);
		run.params = (uintptr_t)params;
	}
	rounds = choose_rounds(block, s->o.size);
	for (kind = 0; kind < COUNTERS_RUNS; kind++)
		if (counters_wants(p.counters, (enum counters_run)kind))
			p.rounds[kind] = rounds;
	if (p.rounds[COUNTERS_EXPLAINING] > MAX_EXPLAINING_ROUNDS)
		p.rounds[COUNTERS_EXPLAINING] = MAX_EXPLAINING_ROUNDS;
	p.lists = (uint64_t)block * desc->threads * LISTS_PER_OP;
	run.count = (uint64_t)block * desc->threads *
		    (1 + p.rounds[COUNTERS_MEASURED] + p.rounds[COUNTERS_EXPLAINING]);
	run.duration_ns = 0;
	run.warmup_ns = 0;
	run.rate_mhz = 0;
	run.flags &= ~(__u64)IOMMUBENCH_RUN_VERIFY;
	snprintf(what, sizeof(what), "%s, by phase", label);
	error_detail("%s on %s: %u rounds of %u operations", what, s->device.name, rounds, block);
	/* What is told of memory is about the runs that were measured. */
	s->link.memory = NULL;
	error_keep(&why);
	ret = run_execute(&s->link, &run, what, s->o.quiet, &gates, &o);
	error_keep(NULL);
	s->link.memory = memory;
	counters_end_phases(p.counters);
	if (ret)
		counters_drop_phases(p.counters, "nothing is counted by phase: %s", why.text);
	else if (p.early || !run_ended_well(o.end))
		counters_drop_phases(p.counters, "nothing is counted by phase: that run %s%s",
				     o.end == IOMMUBENCH_END_STOPPED ? "was stopped" : "failed: ",
				     o.end == IOMMUBENCH_END_STOPPED ? "" : o.message);
	if (!ret)
		run_outcome_free(&o);
	free(params);
}
