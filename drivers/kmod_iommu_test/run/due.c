// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is due at a rate, and what becomes of it when the time is over.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "clock.h"
#include "run/due.h"

/**
 * bench_due_last() - when nothing is begun any more
 * @run: the run, with a rate
 * @until: tick at which its time is over, U64_MAX for never
 * @record: it is the time that counts; nothing is owed to a warm-up
 *
 * Return: a tick. What was due before @until and could not be begun by then has as long as the run
 * lasts, so that one that cannot hold its rate ends as well.
 */
u64 bench_due_last(const struct bench_run *run, u64 until, bool record)
{
	if (!record || until == U64_MAX)
		return until;
	return until + min(run->duration, bench_ns_to_ticks(IOMMUBENCH_MAX_GRACE_NS));
}

/**
 * bench_due_end() - before when an operation has to be due to have been offered
 * @run: the run, with a rate
 * @until: tick at which its time is over, U64_MAX for never
 *
 * Return: that tick, or now if something has ended the run before.
 */
u64 bench_due_end(const struct bench_run *run, u64 until)
{
	return bench_run_stopped(run) ? min(bench_clock(), until) : until;
}

/**
 * bench_due_account() - tell what was offered
 * @t: the worker, at the end of what it counts
 * @left: operations that were due and never begun
 * @samples: what they would have been in samples
 */
void bench_due_account(struct bench_thread *t, u64 left, u64 samples)
{
	WRITE_ONCE(t->page->offered, t->page->begun + left);
	WRITE_ONCE(t->page->late, t->page->late + samples);
}
