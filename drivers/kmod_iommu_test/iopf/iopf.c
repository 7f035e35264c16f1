// SPDX-License-Identifier: GPL-2.0-only
/*
 * The iopf workload. The engine accesses pages of processes that are not there;
 * worker threads start accesses and look when they have ended. All that is timed
 * happens in the device and in the kernel's own fault path, so that how often a
 * worker looks changes no latency.
 */
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "clock.h"
#include "device.h"
#include "iopf/internal.h"
#include "iopf/iopf.h"
#include "run/due.h"
#include "run/gate.h"
#include "run/run.h"

/*
 * An engine that wakes nobody is looked at this often; in between, the CPU may be the one
 * that faults are handled on. With one that does, a worker looks whether it should stop.
 */
#define IOPF_LOOK_NS	(20 * NSEC_PER_USEC)
#define IOPF_STOP_NS	(50 * NSEC_PER_MSEC)
/* A run that was stopped waits so long for answers, however long its own limit is. */
#define IOPF_LEAVE_NS	NSEC_PER_SEC

static const struct iommubench_iopf *iopf_params(const struct bench_run *run)
{
	return run->params;
}

static u64 iopf_sample_empty(struct bench_thread *t)
{
	u64 start = bench_clock();

	return bench_clock() - start;
}

static void count(struct bench_thread *t, enum iommubench_iopf_count what, u64 n)
{
	WRITE_ONCE(t->page->counts[what], t->page->counts[what] + n);
}

struct space_name {
	char text[24];
};

static struct space_name space_name(const struct bench_run *run, const struct iopf_place *place)
{
	const struct iopf_work *work = run->work;
	int pasid = work->spaces[place->space].pasid;
	struct space_name name;

	if (pasid == BENCH_NO_PASID)
		strscpy(name.text, "without a PASID", sizeof(name.text));
	else
		scnprintf(name.text, sizeof(name.text), "PASID %d", pasid);
	return name;
}

static void check(struct bench_thread *t, enum iommubench_check_id id, bool held,
		  const struct iopf_place *place, const char *failure)
{
	struct iopf_thread *it = t->work;
	struct bench_run *run = t->run;

	it->checks[id].count++;
	if (held)
		return;
	it->checks[id].failures++;
	spin_lock(&run->lock);
	if (!run->message.text[0])
		scnprintf(run->message.text, sizeof(run->message.text),
			  "the access %llu bytes into the range, %s, %s",
			  place->index * iopf_params(run)->step_bytes,
			  space_name(run, place).text, failure);
	spin_unlock(&run->lock);
}

/* A moment of ours by the device's clock. */
static u64 device_ns(const struct iopf_work *work, u64 tick)
{
	const struct bench_engine_sync *sync = &work->sync;

	if (tick >= sync->ticks)
		return sync->device_ns + bench_ticks_to_ns(tick - sync->ticks);
	return sync->device_ns - bench_ticks_to_ns(sync->ticks - tick);
}

/* The clocks may differ by less than a stage takes: a stage takes no negative time. */
static u64 since(u64 to, u64 from)
{
	return to > from ? to - from : 0;
}

static void record(struct bench_thread *t, unsigned int phase, u64 ns)
{
	iommubench_hist_add(t->hist[phase], ns);
}

static void record_stage(struct bench_thread *t, enum iommubench_iopf_stage stage, u64 ns)
{
	record(t, IOMMUBENCH_PHASE_IOPF_STAGE + stage, ns);
}

/* Return: whether all that can be seen in this kernel was. */
static bool record_kernel_stages(struct bench_thread *t, const struct iopf_mark *mark,
				 const struct bench_access_done *done)
{
	const struct iopf_work *work = t->run->work;
	u64 report = READ_ONCE(mark->report), mm = READ_ONCE(mark->mm);
	u64 response = READ_ONCE(mark->response);
	u32 unseen = 0;

	if (!report)
		unseen |= BIT(IOMMUBENCH_IOPF_STAGE_HANDLER) | BIT(IOMMUBENCH_IOPF_STAGE_MM);
	if (!mm)
		unseen |= BIT(IOMMUBENCH_IOPF_STAGE_MM) | BIT(IOMMUBENCH_IOPF_STAGE_FAULT);
	if (!response)
		unseen |= BIT(IOMMUBENCH_IOPF_STAGE_FAULT) | BIT(IOMMUBENCH_IOPF_STAGE_RESPONSE);
	if (work->seen & unseen)
		return false;
	if (work->seen & BIT(IOMMUBENCH_IOPF_STAGE_HANDLER))
		record_stage(t, IOMMUBENCH_IOPF_STAGE_HANDLER,
			     since(device_ns(work, report), done->fault_ns));
	if (work->seen & BIT(IOMMUBENCH_IOPF_STAGE_MM))
		record_stage(t, IOMMUBENCH_IOPF_STAGE_MM, bench_ticks_to_ns(since(mm, report)));
	if (work->seen & BIT(IOMMUBENCH_IOPF_STAGE_FAULT))
		record_stage(t, IOMMUBENCH_IOPF_STAGE_FAULT,
			     bench_ticks_to_ns(since(response, mm)));
	if (work->seen & BIT(IOMMUBENCH_IOPF_STAGE_RESPONSE))
		record_stage(t, IOMMUBENCH_IOPF_STAGE_RESPONSE,
			     since(done->resumed_ns, device_ns(work, response)));
	return true;
}

/*
 * The stages where user space answers. Its marks are as good as user space; nothing depends on
 * them but what it gets to see.
 */
static bool record_user_stages(struct bench_thread *t, const struct iopf_place *place,
			       const struct bench_access_done *done)
{
	const struct iopf_work *work = t->run->work;
	const struct iommubench_iopf_mark *mark = &work->user_marks[place->index];
	u64 read = READ_ONCE(mark->read), answered = READ_ONCE(mark->answered);
	bool handler = work->seen & BIT(IOMMUBENCH_IOPF_STAGE_HANDLER);
	u64 report = 0, record = done->fault_ns;

	if (handler)
		report = READ_ONCE(iopf_stages_mark(&work->stages, 0, place->index)->report);
	if (!read || !answered || (handler && !report))
		return false;
	if (handler) {
		record_stage(t, IOMMUBENCH_IOPF_STAGE_HANDLER,
			     since(device_ns(work, report), record));
		record = device_ns(work, report);
	}
	record_stage(t, IOMMUBENCH_IOPF_STAGE_READ, since(device_ns(work, read), record));
	record_stage(t, IOMMUBENCH_IOPF_STAGE_MAP, bench_ticks_to_ns(since(answered, read)));
	record_stage(t, IOMMUBENCH_IOPF_STAGE_RESPONSE,
		     since(done->resumed_ns, device_ns(work, answered)));
	return true;
}

/* Return: whether all stages between the record of a fault and its answer were recorded. */
static bool record_inner_stages(struct bench_thread *t, const struct iopf_place *place,
				const struct bench_access_done *done)
{
	struct iopf_work *work = t->run->work;

	if (work->user_marks)
		return record_user_stages(t, place, done);
	return !work->stages.marks ||
	       record_kernel_stages(t, iopf_stages_mark(&work->stages, place->space, place->index),
				    done);
}

/*
 * Stages add up for an access that faulted once; of one that came back more
 * often, or was overtaken by a reset, it is not known which time was which.
 */
static void record_stages(struct bench_thread *t, const struct iopf_place *place,
			  const struct bench_access_done *done)
{
	if (done->faults != 1 || !done->resumed_ns)
		return;
	if (!record_inner_stages(t, place, done)) {
		count(t, IOMMUBENCH_IOPF_UNSEEN, 1);
		return;
	}
	record(t, IOMMUBENCH_PHASE_IOPF_ANSWER, since(done->resumed_ns, done->fault_ns));
	record_stage(t, IOMMUBENCH_IOPF_STAGE_EVENT, since(done->fault_ns, done->issued_ns));
	record_stage(t, IOMMUBENCH_IOPF_STAGE_RESTART, since(done->done_ns, done->resumed_ns));
}

/* What an access writes, or must read. */
static u64 value_of(const struct iommubench_iopf *p, const struct iopf_place *place)
{
	u64 number = place->index;

	if (p->flags & IOMMUBENCH_IOPF_OWN_DATA)
		number += (u64)place->space * IOMMUBENCH_MAX_IOPF_ACCESSES;
	return p->data + number * p->data_step;
}

static void check_access(struct bench_thread *t, const struct iopf_place *place,
			 const struct bench_access_done *done)
{
	const struct iommubench_iopf *p = iopf_params(t->run);

	check(t, IOMMUBENCH_CHECK_FAULT_ANSWERED, true, place, NULL);
	/* Where all page requests are denied, no page can be had. */
	if (p->flags & IOMMUBENCH_IOPF_MUST_SUCCEED && p->answered)
		check(t, IOMMUBENCH_CHECK_FAULT_SERVED, !done->refused, place,
		      "was refused, although the page could be had");
	if (p->flags & IOMMUBENCH_IOPF_MUST_FAIL)
		check(t, IOMMUBENCH_CHECK_FAULT_REFUSED, done->refused, place,
		      "got through, although it had to be refused");
	if (p->flags & IOMMUBENCH_IOPF_DATA && !(p->flags & IOMMUBENCH_IOPF_WRITE) &&
	    !done->refused)
		check(t, IOMMUBENCH_CHECK_FAULT_DATA,
		      done->value == value_of(p, place), place,
		      "read something else than what was there");
}

static void access_ended(struct bench_thread *t, const struct iopf_place *place,
			 const struct bench_access_done *done)
{
	const struct iopf_work *work = t->run->work;
	u64 service = since(done->done_ns, done->issued_ns), total = service;

	if (t->run->desc.rate_mhz)
		total = since(done->done_ns, device_ns(work, place->due));
	if (done->faults) {
		count(t, IOMMUBENCH_IOPF_FAULTED, 1);
		count(t, IOMMUBENCH_IOPF_FAULTS, done->faults);
	}
	if (done->faults > 1)
		count(t, IOMMUBENCH_IOPF_REFAULTED, 1);
	if (done->refused) {
		count(t, IOMMUBENCH_IOPF_REFUSED, 1);
		record(t, IOMMUBENCH_PHASE_IOPF_REFUSED, service);
	} else if (done->faults) {
		record(t, IOMMUBENCH_PHASE_IOPF_FAULT, total);
		if (t->run->desc.rate_mhz)
			record(t, IOMMUBENCH_PHASE_IOPF_SERVICE, service);
	} else {
		record(t, IOMMUBENCH_PHASE_IOPF_HIT, service);
	}
	record_stages(t, place, done);
	check_access(t, place, done);
	WRITE_ONCE(t->page->ops, t->page->ops + 1);
}

/* When the access of that number is due; counted over all threads, it has no rounding to add up. */
static u64 due_tick(const struct bench_run *run, u64 number)
{
	return READ_ONCE(run->start) +
	       mul_u64_u64_div_u64(number, bench_clock_hz() * 1000, run->desc.rate_mhz);
}

/* How many accesses of all threads are due before a tick. */
static u64 due_before(const struct bench_run *run, u64 end)
{
	const struct iopf_work *work = run->work;
	u64 low = 0, high = work->total;

	while (low < high) {
		u64 middle = low + (high - low) / 2;

		if (due_tick(run, middle) < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* At a rate: waits for the end of the time, and tells what was due in it and never begun. */
static void account_due(struct bench_thread *t, u64 until)
{
	u64 all = due_before(t->run, until), begun = t->page->begun, mine;
	unsigned int threads = t->run->desc.threads;
	const struct iopf_work *work = t->run->work;

	if (all < work->total)
		bench_sleep_until(t->run, until);
	all = due_before(t->run, bench_due_end(t->run, until));
	mine = all > t->index ? div_u64(all - t->index - 1, threads) + 1 : 0;
	mine = max(mine, begun);
	bench_due_account(t, mine - begun, mine - begun);
}

/* Gives free places their next accesses. Return: whether there is one to come yet. */
static bool take_next(struct bench_thread *t, struct iopf_place *place, u64 until)
{
	const struct iopf_work *work = t->run->work;
	unsigned int threads = t->run->desc.threads;
	struct iopf_thread *it = t->work;

	if (it->next >= work->total || bench_run_stopped(t->run))
		return false;
	if (t->run->desc.rate_mhz) {
		place->due = due_tick(t->run, it->next);
		place->late_from = due_tick(t->run, it->next + threads);
		if (place->due >= until || bench_clock() >= bench_due_last(t->run, until, true))
			return false;
	} else if (max(place->due, bench_clock()) >= until) {
		return false;
	}
	place->index = div_u64_rem(it->next, work->nr_spaces, &place->space);
	place->state = IOPF_DUE;
	it->next += threads;
	it->busy++;
	return true;
}

static void start_access(struct bench_thread *t, struct iopf_place *place)
{
	const struct iommubench_iopf *p = iopf_params(t->run);
	struct bench_engine *engine = &t->run->bd->engine;
	struct iopf_work *work = t->run->work;
	struct bench_access access = {
		.addr = p->start + place->index * p->step_bytes,
		.pasid = work->spaces[place->space].pasid,
		.write = p->flags & IOMMUBENCH_IOPF_WRITE,
		.value = value_of(p, place),
		.pages = p->group,
	};
	int number = -EAGAIN;
	u64 now;

	mutex_lock(&engine->lock);
	now = bench_clock();
	/* Nothing may be under way after the reset. */
	if (!work->reset)
		number = engine->ops->access_start(engine, &access);
	mutex_unlock(&engine->lock);
	if (number < 0)
		return;
	if (t->run->desc.rate_mhz) {
		WRITE_ONCE(t->page->begun, t->page->begun + 1);
		if (now > place->late_from)
			WRITE_ONCE(t->page->late, t->page->late + 1);
	}
	place->number = number;
	place->deadline = now + work->timeout;
	place->state = IOPF_FLYING;
}

static void give_up(struct bench_thread *t, const struct iopf_place *place)
{
	struct bench_engine *engine = &t->run->bd->engine;
	struct iopf_work *work = t->run->work;
	char words[64];

	mutex_lock(&engine->lock);
	if (!work->reset)
		engine->ops->access_reset(engine);
	WRITE_ONCE(work->reset, true);
	mutex_unlock(&engine->lock);
	count(t, IOMMUBENCH_IOPF_TIMED_OUT, 1);
	scnprintf(words, sizeof(words), "was not answered in %llu ms: the engine was reset",
		  div_u64(iopf_params(t->run)->timeout_ns, NSEC_PER_MSEC));
	check(t, IOMMUBENCH_CHECK_FAULT_ANSWERED, false, place, words);
	bench_run_fail(t->run, -ETIMEDOUT, "an access %s", words);
}

/* Somebody else's reset has taken what was under way here. */
static void lose_accesses(struct bench_thread *t)
{
	struct bench_engine *engine = &t->run->bd->engine;
	struct iopf_work *work = t->run->work;

	mutex_lock(&engine->lock);
	if (!work->reset)
		bench_run_fail(t->run, -EIO,
			       "the engine was reset by another command, and accesses under way are lost");
	WRITE_ONCE(work->reset, true);
	mutex_unlock(&engine->lock);
}

/* Return: whether no access that was under way comes to an end any more. */
static bool accesses_lost(struct bench_thread *t)
{
	const struct iopf_work *work = t->run->work;

	if (!READ_ONCE(work->reset) && READ_ONCE(t->run->bd->engine.resets) != work->resets)
		lose_accesses(t);
	return READ_ONCE(work->reset);
}

static void free_place(struct bench_thread *t, struct iopf_place *place)
{
	const struct iopf_work *work = t->run->work;
	struct iopf_thread *it = t->work;

	place->state = IOPF_FREE;
	place->due = work->think ? bench_clock() + work->think : 0;
	it->busy--;
}

/* Return: whether anything has changed. */
static bool attend(struct bench_thread *t, struct iopf_place *place, u64 until)
{
	struct bench_engine *engine = &t->run->bd->engine;
	struct bench_access_done done;
	bool ended;

	switch (place->state) {
	case IOPF_FREE:
		return take_next(t, place, until);
	case IOPF_DUE:
		if (bench_run_stopped(t->run)) {
			free_place(t, place);
			return true;
		}
		if (bench_clock() < place->due)
			return false;
		start_access(t, place);
		return place->state == IOPF_FLYING;
	case IOPF_FLYING:
		ended = engine->ops->access_poll(engine, place->number, &done);
		if (accesses_lost(t)) {
			free_place(t, place);
			return true;
		}
		if (ended) {
			access_ended(t, place, &done);
			free_place(t, place);
			return true;
		}
		if (bench_clock() > place->deadline)
			give_up(t, place);
		return false;
	}
	return false;
}

/* When there is something to do for a thread unless the engine calls first. */
static u64 next_tick(struct bench_thread *t)
{
	u64 now = bench_clock(), soon = now + bench_ns_to_ticks(IOPF_LOOK_NS), tick = soon;
	unsigned int i, outstanding = iopf_params(t->run)->outstanding;
	struct iopf_thread *it = t->work;

	if (t->run->bd->engine.wakes)
		tick += bench_ns_to_ticks(IOPF_STOP_NS);
	for (i = 0; i < outstanding; i++) {
		/* What is due already waits for room in the engine. */
		if (it->places[i].state == IOPF_DUE)
			tick = min(tick, it->places[i].due > now ? it->places[i].due : soon);
		if (it->places[i].state == IOPF_FLYING)
			tick = min(tick, it->places[i].deadline);
	}
	return tick;
}

static bool something_ended(struct bench_thread *t)
{
	struct bench_engine *engine = &t->run->bd->engine;
	unsigned int i, outstanding = iopf_params(t->run)->outstanding;
	struct iopf_thread *it = t->work;
	const struct iopf_work *work = t->run->work;

	if (READ_ONCE(work->reset) || READ_ONCE(engine->resets) != work->resets)
		return true;
	for (i = 0; i < outstanding; i++)
		if (it->places[i].state == IOPF_FLYING &&
		    engine->ops->access_ended(engine, it->places[i].number))
			return true;
	return false;
}

static void wait_for_something(struct bench_thread *t)
{
	u64 now = bench_clock(), tick = next_tick(t);

	if (tick <= now)
		return;
	wait_event_hrtimeout(t->run->bd->engine.wait, something_ended(t),
			     ns_to_ktime(bench_ticks_to_ns(tick - now)));
}

/* What is under way is lost, and all threads may end. */
static void let_go(struct bench_run *run)
{
	struct bench_engine *engine = &run->bd->engine;
	struct iopf_work *work = run->work;

	mutex_lock(&engine->lock);
	if (!work->reset)
		engine->ops->access_reset(engine);
	WRITE_ONCE(work->reset, true);
	mutex_unlock(&engine->lock);
	wake_up_all(&engine->wait);
}

static void leave_in_time(struct bench_thread *t)
{
	const struct iopf_work *work = t->run->work;
	struct iopf_thread *it = t->work;

	if (!bench_run_stopped(t->run) || READ_ONCE(work->reset))
		return;
	if (!it->leave)
		it->leave = bench_clock() + bench_ns_to_ticks(IOPF_LEAVE_NS);
	else if (bench_clock() > it->leave)
		let_go(t->run);
}

static void iopf_loop(struct bench_thread *t, u64 until, u64 count_unused, bool record_unused)
{
	struct iopf_thread *it = t->work;
	unsigned int i, outstanding = iopf_params(t->run)->outstanding;
	bool changed;

	do {
		changed = false;
		leave_in_time(t);
		for (i = 0; i < outstanding; i++)
			changed |= attend(t, &it->places[i], until);
		if (!changed && it->busy)
			wait_for_something(t);
		cond_resched();
	} while (changed || it->busy);
	if (t->run->desc.rate_mhz)
		account_due(t, until);
}

static int iopf_begin(struct bench_thread *t)
{
	/* What is due is due now, and not when it is cheap for timers. */
	current->timer_slack_ns = 1;
	/* By one thread; the others wait for it at the barrier. */
	return t == t->run->threads ? iopf_look_before(t->run) : 0;
}

static void iopf_end(struct bench_thread *t)
{
	struct iopf_thread *it = t->work;
	struct bench_run *run = t->run;
	struct iopf_work *work = run->work;
	unsigned int i;

	spin_lock(&run->lock);
	for (i = 0; i < IOMMUBENCH_CHECKS; i++) {
		run->checks[i].count += it->checks[i].count;
		run->checks[i].failures += it->checks[i].failures;
	}
	if (++work->ended == run->desc.threads)
		iopf_pri_end(run);
	spin_unlock(&run->lock);
}

/* An answer may never come, and nobody is left who would want it. */
static void iopf_abandon(struct bench_run *run)
{
	let_go(run);
}

const struct bench_workload_ops bench_iopf = {
	.params_bytes = sizeof(struct iommubench_iopf),
	.params_least = offsetofend(struct iommubench_iopf, marks_offset),
	.phases = IOMMUBENCH_IOPF_PHASES,
	.makes_no_mappings = true,
	.use = iopf_use,
	.prepare = iopf_prepare,
	.release = iopf_release,
	.sample_empty = iopf_sample_empty,
	.begin = iopf_begin,
	.loop = iopf_loop,
	.end = iopf_end,
	.abandon = iopf_abandon,
};
