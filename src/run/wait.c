// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for a run: progress, gates, signals.
 */
#include "run/wait.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/xalloc.h"
#include "run/area.h"
#include "run/link.h"
#include "run/series.h"
#include "text/progress.h"

/* How long one WAIT by ioctl lasts: what Ctrl-C may have to wait there. */
#define WAIT_SLICE_NS	100000000ULL

/* After this many signals the end of the run is not awaited any more. */
#define INTERRUPTS_TO_ABANDON	2

static void show_progress(struct run_watch *w)
{
	static const char * const states[] = {
		[IOMMUBENCH_THREAD_IDLE] = "starting",
		[IOMMUBENCH_THREAD_PREPARING] = "preparing",
		[IOMMUBENCH_THREAD_WARMUP] = "warming up",
		[IOMMUBENCH_THREAD_RUNNING] = "running",
		[IOMMUBENCH_THREAD_DRAINING] = "draining",
		[IOMMUBENCH_THREAD_DONE] = "ending",
		[IOMMUBENCH_THREAD_READY] = "ready",
		[IOMMUBENCH_THREAD_COUNTED] = "counted",
	};
	const struct iommubench_thread *t;
	uint32_t state, least = IOMMUBENCH_THREAD_COUNTED;
	uint64_t ops = 0;
	unsigned int i;

	if (!w->progress->on || monotonic_ns() - w->shown_ns < PROGRESS_INTERVAL_NS)
		return;
	w->shown_ns = monotonic_ns();
	for (i = 0; i < w->desc->threads; i++) {
		t = run_thread(w->desc, w->area, i);
		ops += __atomic_load_n(&t->ops, __ATOMIC_RELAXED);
		state = __atomic_load_n(&t->state, __ATOMIC_RELAXED);
		if (state < least)
			least = state;
	}
	progress_show(w->progress, states[least], ops);
}

static void look(struct run_watch *w)
{
	if (w->link->series)
		series_look(w->link->series, w->desc, w->area, clock_ticks());
	show_progress(w);
}

/* Until the next look. Return: nanoseconds, at most @most. */
static uint64_t until_look(const struct run_watch *w, uint64_t most)
{
	uint64_t ns = UINT64_MAX;

	if (w->link->series)
		ns = series_wait_ns(w->link->series, clock_ticks());
	if (w->progress->on && ns > PROGRESS_INTERVAL_NS)
		ns = PROGRESS_INTERVAL_NS;
	return ns < most ? ns : most;
}

/* Reacts to signals. Return: whether the end is still awaited. */
static bool heed_signals(struct run_watch *w)
{
	struct run_link *link = w->link;
	int ret;

	run_read_signals(link);
	if (link->interrupts == w->handled)
		return w->handled < INTERRUPTS_TO_ABANDON;
	if (!w->handled) {
		ret = run_command(link, IOMMUBENCH_IOC_STOP, NULL);
		/* -ENODEV: the device is on its way out, and the run with it. */
		if (ret && ret != -ENODEV)
			note("cannot stop the run: %s; interrupt once more to leave without its end",
			     strerror(-ret));
	}
	w->handled = link->interrupts;
	return w->handled < INTERRUPTS_TO_ABANDON;
}

int run_wait_by_ioctl(struct run_watch *w)
{
	struct iommubench_wait wait = { .size = sizeof(wait) };

	for (;;) {
		if (!heed_signals(w))
			return -ECANCELED;
		wait.timeout_ns = until_look(w, WAIT_SLICE_NS);
		if (!ioctl(w->link->fd, IOMMUBENCH_IOC_WAIT, &wait))
			return 0;
		if (errno != ETIME && errno != EINTR)
			return -errno;
		look(w);
	}
}

/*
 * Waits until all threads stand at a gate. Nothing tells of that, so it is looked for, ever less
 * often. Return: whether they do; otherwise the run is ending, or not awaited any more.
 */
static bool wait_for_gate(struct run_watch *w, uint32_t gate, uint32_t state)
{
	struct pollfd signals = { .fd = w->link->signals, .events = POLLIN };
	uint64_t ns, pause = GATE_LOOK_NS;
	struct timespec ts;
	int at;

	for (;;) {
		if (!heed_signals(w))
			return false;
		at = run_all_at(w->desc, w->area, gate, state);
		if (at)
			return at > 0;
		ns = until_look(w, pause);
		ts = (struct timespec){ .tv_nsec = (long)(ns % 1000000000) };
		ppoll(&signals, 1, &ts, NULL);
		look(w);
		if (pause < GATE_LOOK_MAX_NS)
			pause += GATE_LOOK_NS;
	}
}

void run_pass_gates(struct run_watch *w)
{
	static const uint32_t states[] = {
		[RUN_GATE_BEFORE] = IOMMUBENCH_THREAD_READY,
		[RUN_GATE_AFTER] = IOMMUBENCH_THREAD_COUNTED,
	};
	struct run_link *link = w->link;
	uint32_t *tids = xcalloc(w->desc->threads, sizeof(*tids));
	unsigned int gate, i;
	bool there;

	for (gate = RUN_GATE_BEFORE; gate <= RUN_GATE_AFTER; gate++) {
		there = wait_for_gate(w, 0, states[gate]);
		if (!there && gate == RUN_GATE_BEFORE)
			break;
		for (i = 0; i < w->desc->threads; i++)
			tids[i] = run_thread(w->desc, w->area, i)->tid;
		link->gate(link->gate_arg, (enum run_gate)gate, tids, w->desc->threads);
		/* A gate that stays closed would keep the run for ever. */
		if (there && run_command(link, IOMMUBENCH_IOC_START, NULL))
			run_command(link, IOMMUBENCH_IOC_STOP, NULL);
	}
	free(tids);
}

void run_pass_phases(struct run_watch *w)
{
	const struct iommubench_thread *first = run_thread(w->desc, w->area, 0);
	unsigned int nr = w->desc->threads, i;
	struct run_link *link = w->link;
	uint32_t *tids = xcalloc(nr, sizeof(*tids)), *ops = xcalloc(nr, sizeof(*ops));
	struct run_phase next = { .nr = nr, .tids = tids, .ops = ops };
	uint32_t gate;

	for (gate = 1; !next.over; gate++) {
		next.early = !wait_for_gate(w, gate, 0);
		next.over = next.early || first->state == IOMMUBENCH_THREAD_COUNTED;
		next.phase = next.over ? IOMMUBENCH_PHASE_NONE : first->phase;
		for (i = 0; i < nr; i++) {
			const struct iommubench_thread *t = run_thread(w->desc, w->area, i);

			tids[i] = t->tid;
			ops[i] = next.over ? 0 : t->phase_ops;
		}
		link->phase(link->phase_arg, &next);
		/* A gate that stays closed would keep the run for ever. */
		if (!next.early && run_command(link, IOMMUBENCH_IOC_START, NULL))
			run_command(link, IOMMUBENCH_IOC_STOP, NULL);
	}
	free(tids);
	free(ops);
}

static void watch_signals(struct run_link *link)
{
	struct io_uring_sqe *sqe;

	if (link->watching)
		return;
	sqe = io_uring_get_sqe(&link->ring);
	io_uring_prep_poll_add(sqe, link->signals, POLLIN);
	io_uring_sqe_set_data64(sqe, TAG_SIGNAL);
	link->watching = true;
}

/* Gives a WAIT up, so that nothing is left in the ring; a second is enough or hopeless. */
static void cancel_wait(struct run_link *link)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&link->ring);
	uint64_t tag, deadline = monotonic_ns() + 1000000000;
	int res;

	io_uring_prep_cancel64(sqe, TAG_WAIT, 0);
	io_uring_sqe_set_data64(sqe, TAG_CANCEL);
	while (!link->ended && monotonic_ns() < deadline)
		if (!run_next_completion(link, WAIT_SLICE_NS, &tag, &res))
			run_take_event(link, tag, res);
}

int run_wait_by_uring(struct run_watch *w)
{
	/* The module may read it until the completion, which may come after we have left. */
	static struct iommubench_wait wait = { .size = sizeof(wait) };
	struct run_link *link = w->link;
	uint64_t tag;
	int res, ret;

	link->ended = false;
	run_queue(link, IOMMUBENCH_IOC_WAIT, &wait, TAG_WAIT);
	while (!link->ended) {
		watch_signals(link);
		ret = run_next_completion(link, until_look(w, UINT64_MAX), &tag, &res);
		if (ret == -ETIME) {
			look(w);
			continue;
		}
		if (ret)
			return ret;
		run_take_event(link, tag, res);
		if (tag == TAG_SIGNAL && !heed_signals(w)) {
			cancel_wait(link);
			return -ECANCELED;
		}
	}
	return link->wait_result;
}
