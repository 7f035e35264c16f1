// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device can reach with translations that are none any more: at addresses whose pages went
 * before the run, and in address spaces that are bound no more after it. It reads only, and does
 * not wait for a page. What it would write there otherwise may be anybody's memory by now.
 */
#include <linux/minmax.h>
#include <linux/spinlock.h>

#include "device.h"
#include "engine/engine.h"
#include "iopf/internal.h"
#include "run/run.h"

/* Address spaces that are looked at; there may be a thousand. */
#define IOPF_LOOK_SPACES	16U

static const struct iommubench_iopf *look_params(const struct bench_run *run)
{
	return run->params;
}

/* A PCI function that may ask for pages would do so, and get them. */
static bool may_look(const struct bench_run *run)
{
	const struct iopf_work *work = run->work;

	return !work->user_marks && look_params(run)->mode == IOMMUBENCH_IOPF_STALL &&
	       bench_engine_features(&run->bd->engine) & IOMMUBENCH_FEATURE_PROBE;
}

/**
 * struct iopf_look - what came of it
 * @refused: looks at which the device was refused
 * @reached: one at which it was not; it was the last one
 * @space: number of the address space where
 * @index: number of the address where
 */
struct iopf_look {
	unsigned int refused;
	bool reached;
	unsigned int space;
	u64 index;
};

static void look_at(struct bench_run *run, struct iopf_look *look, unsigned int space, u64 index)
{
	const struct iommubench_iopf *p = look_params(run);
	const struct iopf_work *work = run->work;
	u64 latency_ns;
	int err;

	err = bench_engine_read_probe(&run->bd->engine, p->start + index * p->step_bytes,
				      work->spaces[space].pasid, 0, &latency_ns);
	/* An engine that has no time for it, or a process that has none, says nothing of it. */
	if (err && err != -EFAULT)
		return;
	if (err) {
		look->refused++;
		return;
	}
	look->reached = true;
	look->space = space;
	look->index = index;
}

/* The first address of each, the last one and one between. */
static struct iopf_look look_at_spaces(struct bench_run *run)
{
	const struct iopf_work *work = run->work;
	u64 last = look_params(run)->accesses - 1;
	struct iopf_look look = {};
	unsigned int i, k;

	for (i = 0; i < min(work->nr_spaces, IOPF_LOOK_SPACES); i++)
		for (k = 0; k < 3 && !look.reached; k++)
			if (!k || last / 2 * k > last / 2 * (k - 1))
				look_at(run, &look, i, k == 2 ? last : last / 2 * k);
	return look;
}

static void note(struct bench_run *run, const struct iopf_look *look, const char *when)
{
	const struct iopf_work *work = run->work;
	unsigned int i;

	for (i = 0; i < look->refused; i++)
		bench_run_check(run, IOMMUBENCH_CHECK_OLD_TRANSLATION, NULL);
	if (look->reached)
		bench_run_check(run, IOMMUBENCH_CHECK_OLD_TRANSLATION,
				"the device could read %llu bytes into the range with PASID %d %s",
				look->index * look_params(run)->step_bytes,
				work->spaces[look->space].pasid, when);
}

/**
 * iopf_look_before() - can the device reach what was at the run's addresses before?
 * @run: the run, at its beginning
 *
 * Context: one of the run's threads, before any access of the run.
 * Return: 0; -EIO after bench_run_fail() when it can: it must not write then.
 */
int iopf_look_before(struct bench_run *run)
{
	struct iopf_look look;

	if (!(look_params(run)->flags & IOMMUBENCH_IOPF_ABSENT) || !may_look(run))
		return 0;
	look = look_at_spaces(run);
	note(run, &look, "where no page is");
	if (!look.reached)
		return 0;
	return bench_run_fail(run, -EIO, "the device reaches what was mapped %llu bytes into the range before: no access was made, as it might overwrite anything",
			      look.index * look_params(run)->step_bytes);
}

/* Return: whether commands have an address space bound, or had one since @bound was set. */
static bool others_bind(struct bench_pasids *pasids, u64 *bound)
{
	u64 before = *bound;
	bool live;

	spin_lock(&pasids->lock);
	live = pasids->live;
	*bound = pasids->bound;
	spin_unlock(&pasids->lock);
	return live || before != *bound;
}

/**
 * iopf_look_after() - can the device still reach address spaces that are bound no more?
 * @run: the run, its threads have ended and its address spaces are unbound
 *
 * Where commands have some bound, these may be among them, and it cannot be told.
 *
 * Context: process; sleeps.
 */
void iopf_look_after(struct bench_run *run)
{
	struct bench_pasids *pasids = &run->bd->pasids;
	struct iopf_look look;
	u64 bound = 0;

	if (!may_look(run))
		return;
	others_bind(pasids, &bound);
	look = look_at_spaces(run);
	if (!others_bind(pasids, &bound))
		note(run, &look, "after its address space was unbound");
}
