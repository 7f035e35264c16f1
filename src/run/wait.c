// SPDX-License-Identifier: GPL-2.0-only
#include "run/wait.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/xalloc.h"
#include "run/area.h"
#include "run/series.h"

/* From one look whether all threads stand at a gate to the next, first and at most. */
#define GATE_LOOK_NS		1000000ULL
#define GATE_LOOK_MAX_NS	10000000ULL
/* How long one WAIT by ioctl lasts: what Ctrl-C may have to wait there. */
#define WAIT_SLICE_NS		100000000ULL
/* How long one WAIT by ioctl lasts where the next device's turn comes afterwards. */
#define TURN_NS			5000000ULL
/* What a cancelled run may need to end: the operation under way, and giving back. */
#define DRAIN_NS		10000000000ULL
/* A WAIT that is given up takes less, or for ever. */
#define GIVE_UP_NS		1000000000ULL
/* After this many signals the ends of the runs are not awaited any more. */
#define INTERRUPTS_TO_ABANDON	2

static const char *state_word(const struct run_wait *w, uint32_t least)
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

	return states[w->together ? IOMMUBENCH_THREAD_RUNNING : least];
}

static void show_progress(struct run_wait *w)
{
	uint32_t state, least = IOMMUBENCH_THREAD_COUNTED;
	const struct iommubench_thread *t;
	uint64_t ops = 0;
	unsigned int i, k;

	if (!w->progress->on || monotonic_ns() - w->shown_ns < PROGRESS_INTERVAL_NS)
		return;
	w->shown_ns = monotonic_ns();
	for (i = 0; i < w->nr; i++) {
		const struct run_awaited *r = &w->runs[i];

		for (k = 0; r->area && k < r->desc->threads; k++) {
			t = run_thread(r->desc, r->area, k);
			ops += __atomic_load_n(&t->ops, __ATOMIC_RELAXED);
			state = __atomic_load_n(&t->state, __ATOMIC_RELAXED);
			if (state < least)
				least = state;
		}
	}
	progress_show(w->progress, state_word(w, least), ops);
}

static void look(struct run_wait *w)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		struct run_awaited *r = &w->runs[i];

		if (r->waiting && r->link->series)
			series_look(r->link->series, r->desc, r->area, clock_ticks());
	}
	show_progress(w);
}

/* Until the next look. Return: nanoseconds, at most @most. */
static uint64_t until_look(const struct run_wait *w, uint64_t most)
{
	unsigned int i;
	uint64_t ns;

	if (w->progress->on && most > PROGRESS_INTERVAL_NS)
		most = PROGRESS_INTERVAL_NS;
	for (i = 0; i < w->nr; i++) {
		const struct run_awaited *r = &w->runs[i];

		if (!r->waiting || !r->link->series)
			continue;
		ns = series_wait_ns(r->link->series, clock_ticks());
		if (ns < most)
			most = ns;
	}
	return most;
}

static bool by_ring(const struct run_wait *w)
{
	return w->ring && w->ring->open;
}

static void ended(struct run_wait *w, struct run_awaited *r, int waited)
{
	r->waited = waited;
	r->waiting = false;
	w->waiting--;
}

/* -ENODEV: the device is on its way out, and the run with it. */
static void stopped(const struct run_awaited *r, int res)
{
	if (res < 0 && res != -ENODEV && r->waiting)
		error_note("cannot stop the run: %s; interrupt once more to leave without its end",
			   strerror(-res));
}

static void tell(struct run_wait *w, struct run_awaited *r, unsigned int cmd, enum ring_tag tag)
{
	ring_command(w->ring, r->link->fd, cmd, NULL, tag, (unsigned int)(r - w->runs));
}

static void stop(struct run_wait *w, struct run_awaited *r)
{
	if (by_ring(w))
		tell(w, r, IOMMUBENCH_IOC_STOP, RING_STOP);
	else
		stopped(r, ioctl(r->link->fd, IOMMUBENCH_IOC_STOP) ? -errno : 0);
}

/* Reacts to the signals that were read. */
static void heed_signals(struct run_wait *w)
{
	struct run_link *link = w->runs[0].link;
	unsigned int i;

	if (link->interrupts == link->handled)
		return;
	for (i = 0; i < w->nr; i++) {
		struct run_awaited *r = &w->runs[i];

		if (!r->waiting)
			continue;
		if (!link->handled)
			stop(w, r);
		if (link->interrupts < INTERRUPTS_TO_ABANDON)
			continue;
		if (r->asked)
			ring_cancel_wait(w->ring, i);
		ended(w, r, -ECANCELED);
	}
	link->handled = link->interrupts;
}

static void read_signals(struct run_wait *w)
{
	run_read_signals(w->runs[0].link);
	heed_signals(w);
}

/* A gate that stays closed would keep the run for ever. */
static void gate_opened(struct run_wait *w, struct run_awaited *r, int res)
{
	if (res < 0 && r->waiting)
		stop(w, r);
}

static void open_gate(struct run_wait *w, struct run_awaited *r)
{
	if (by_ring(w))
		tell(w, r, IOMMUBENCH_IOC_START, RING_GATE);
	else
		gate_opened(w, r, ioctl(r->link->fd, IOMMUBENCH_IOC_START) ? -errno : 0);
}

/* When all runs stand still that have not ended before, all begin to count. */
static void open_first_gates(struct run_wait *w)
{
	unsigned int i;
	int at;

	for (i = 0; i < w->nr; i++) {
		struct run_awaited *r = &w->runs[i];

		r->counting = false;
		if (!r->waiting)
			continue;
		at = run_all_at(r->desc, r->area, 0, IOMMUBENCH_THREAD_READY);
		if (!at)
			return;
		r->counting = at > 0;
	}
	w->gates->begin(w->gates->arg, w->runs, w->nr);
	w->open = true;
	w->look_ns = 0;
	for (i = 0; i < w->nr; i++)
		if (w->runs[i].counting)
			open_gate(w, &w->runs[i]);
	if (by_ring(w))
		ring_submit(w->ring);
}

/* Each run goes on as soon as it was told of; the last one tells of all. */
static void open_last_gates(struct run_wait *w)
{
	bool counting = false;
	unsigned int i;
	int at;

	for (i = 0; i < w->nr; i++) {
		struct run_awaited *r = &w->runs[i];

		if (!r->counting)
			continue;
		at = r->waiting ? run_all_at(r->desc, r->area, 0, IOMMUBENCH_THREAD_COUNTED) : -1;
		counting = counting || !at;
		if (!at)
			continue;
		r->counting = false;
		w->gates->end(w->gates->arg, i);
		if (at > 0)
			open_gate(w, r);
	}
	if (!counting && w->gates->end_all)
		w->gates->end_all(w->gates->arg);
}

static void tell_phase(struct run_wait *w, bool early)
{
	const struct run_awaited *r = &w->runs[0];
	const struct iommubench_thread *first = run_thread(r->desc, r->area, 0);
	unsigned int nr = r->desc->threads, i;
	uint32_t *tids = xcalloc(nr, sizeof(*tids)), *ops = xcalloc(nr, sizeof(*ops));
	struct run_phase next = { .early = early, .nr = nr, .tids = tids, .ops = ops };

	next.over = early || first->state == IOMMUBENCH_THREAD_COUNTED;
	next.phase = next.over ? IOMMUBENCH_PHASE_NONE : first->phase;
	for (i = 0; i < nr; i++) {
		const struct iommubench_thread *t = run_thread(r->desc, r->area, i);

		tids[i] = t->tid;
		ops[i] = next.over ? 0 : t->phase_ops;
	}
	w->gates->phase(w->gates->arg, &next);
	w->over = next.over;
	free(tids);
	free(ops);
}

static void open_phase_gate(struct run_wait *w)
{
	struct run_awaited *r = &w->runs[0];
	int at = r->waiting ? run_all_at(r->desc, r->area, w->gate, 0) : -1;

	if (!at)
		return;
	tell_phase(w, at < 0);
	if (at < 0)
		return;
	w->gate++;
	w->look_ns = 0;
	open_gate(w, r);
}

static void pass_gates(struct run_wait *w)
{
	if (!w->gates)
		return;
	if (!w->gates->phase && w->open)
		open_last_gates(w);
	else if (!w->gates->phase)
		open_first_gates(w);
	else if (!w->over)
		open_phase_gate(w);
}

/* Nothing tells that threads stand at a gate, so it is looked for, ever less often. */
static void look_less(struct run_wait *w)
{
	if (w->look_ns < GATE_LOOK_MAX_NS)
		w->look_ns += GATE_LOOK_NS;
}

/* Until the next look at gates, UINT64_MAX when no run has one before it. */
static uint64_t until_gate(const struct run_wait *w)
{
	unsigned int i;

	if (!w->gates)
		return UINT64_MAX;
	if (w->gates->phase)
		return w->over ? UINT64_MAX : w->look_ns;
	for (i = 0; i < w->nr; i++)
		if (w->runs[i].waiting && (w->runs[i].counting || !w->open))
			return w->look_ns;
	return UINT64_MAX;
}

/* A WAIT has completed: with the end of the run, or because it was cancelled. */
static void wait_over(struct run_wait *w, struct run_awaited *r, int res)
{
	r->asked = false;
	/* Given up before. */
	if (!r->waiting)
		return;
	if (!w->together || (res != -ECANCELED && res != -EINTR)) {
		ended(w, r, res < 0 ? res : 0);
		return;
	}
	if (r->late) {
		ended(w, r, -ECANCELED);
		return;
	}
	/*
	 * The module stops a run whose waiter goes, but not if it was cancelled before it waited.
	 * The end is awaited once more, and not for ever.
	 */
	r->late = true;
	stop(w, r);
	r->asked = true;
	ring_wait_command(w->ring, r->link->fd, DRAIN_NS, (unsigned int)(r - w->runs));
}

static void take_event(struct run_wait *w, const struct ring_event *e)
{
	struct run_awaited *r = &w->runs[e->i];

	switch (e->tag) {
	case RING_WAIT:
		wait_over(w, r, e->res);
		break;
	case RING_GATE:
		gate_opened(w, r, e->res);
		break;
	case RING_STOP:
		stopped(r, e->res);
		break;
	case RING_SIGNAL:
		read_signals(w);
		break;
	default:
		break;
	}
}

static bool still_asked(const struct run_wait *w)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (w->runs[i].asked)
			return true;
	return false;
}

/* Nothing of what was given up stays in the ring, where it would keep the device open. */
static void give_up(struct run_wait *w)
{
	uint64_t deadline = monotonic_ns() + GIVE_UP_NS;
	struct ring_event e;

	while (still_asked(w) && monotonic_ns() < deadline)
		if (!ring_next(w->ring, WAIT_SLICE_NS, &e) && e.tag == RING_WAIT)
			w->runs[e.i].asked = false;
}

/* Return: 0, or a negative errno when the ring fails; then no end is awaited any more. */
static int wait_by_ring(struct run_wait *w)
{
	struct ring_event e;
	unsigned int i;
	int ret;

	for (i = 0; i < w->nr; i++) {
		struct run_awaited *r = &w->runs[i];

		if (!r->waiting)
			continue;
		r->asked = true;
		ring_wait_command(w->ring, r->link->fd, r->limit_ns, i);
	}
	heed_signals(w);
	while (w->waiting) {
		ring_watch(w->ring, w->runs[0].link->signals);
		ret = ring_next(w->ring, until_look(w, until_gate(w)), &e);
		if (ret && ret != -ETIME)
			return ret;
		if (ret)
			look(w);
		pass_gates(w);
		if (ret || w->together)
			look_less(w);
		if (!ret)
			take_event(w, &e);
	}
	give_up(w);
	return 0;
}

/* Return: how long one device is waited for. */
static uint64_t slice_ns(const struct run_wait *w)
{
	uint64_t gate = until_gate(w);

	if (!w->together)
		return gate < WAIT_SLICE_NS ? gate : WAIT_SLICE_NS;
	return w->open ? TURN_NS : GATE_LOOK_NS;
}

/* Awaits one device's run for its turn. */
static void turn(struct run_wait *w, struct run_awaited *r, uint64_t since)
{
	struct iommubench_wait wait = {
		.size = sizeof(wait),
		.timeout_ns = until_look(w, slice_ns(w)),
	};
	uint64_t passed, limit = r->limit_ns;

	if (!ioctl(r->link->fd, IOMMUBENCH_IOC_WAIT, &wait)) {
		ended(w, r, 0);
		return;
	}
	if (errno != ETIME && errno != EINTR) {
		ended(w, r, -errno);
		return;
	}
	passed = monotonic_ns() - since;
	if (limit && r->late && passed > limit + DRAIN_NS) {
		ended(w, r, -ECANCELED);
	} else if (limit && !r->late && passed > limit) {
		r->late = true;
		stop(w, r);
	}
}

static void wait_by_ioctl(struct run_wait *w)
{
	uint64_t since = monotonic_ns();
	unsigned int i;

	while (w->waiting) {
		for (i = 0; i < w->nr && w->waiting; i++) {
			read_signals(w);
			if (w->runs[i].waiting)
				turn(w, &w->runs[i], since);
			pass_gates(w);
			look_less(w);
			look(w);
		}
	}
}

static int start_by_ring(struct run_wait *w)
{
	unsigned int i, under_way = 0;
	struct ring_event e;
	int ret;

	for (i = 0; i < w->nr; i++) {
		if (!w->runs[i].area)
			continue;
		tell(w, &w->runs[i], IOMMUBENCH_IOC_START, RING_START);
		under_way++;
	}
	while (under_way) {
		ret = ring_next(w->ring, UINT64_MAX, &e);
		if (ret == -ETIME)
			continue;
		if (ret)
			return ret;
		if (e.tag != RING_START)
			continue;
		under_way--;
		if (e.res < 0)
			w->runs[e.i].err = e.res;
	}
	return 0;
}

int run_start_all(struct run_wait *w)
{
	unsigned int i;

	if (by_ring(w))
		return start_by_ring(w);
	for (i = 0; i < w->nr; i++)
		if (w->runs[i].area && ioctl(w->runs[i].link->fd, IOMMUBENCH_IOC_START))
			w->runs[i].err = -errno;
	return 0;
}

void run_wait_all(struct run_wait *w)
{
	unsigned int i;
	int ret = 0;

	w->open = false;
	w->over = false;
	w->gate = 1;
	w->look_ns = GATE_LOOK_NS;
	w->waiting = 0;
	for (i = 0; i < w->nr; i++) {
		w->runs[i].waiting = w->runs[i].area && !w->runs[i].err;
		w->waiting += w->runs[i].waiting;
	}
	if (by_ring(w))
		ret = wait_by_ring(w);
	else
		wait_by_ioctl(w);
	for (i = 0; i < w->nr; i++)
		if (w->runs[i].waiting)
			ended(w, &w->runs[i], ret);
	/* What was cut short is read as it stands. */
	if (w->gates && (w->gates->phase ? !w->over : w->open))
		pass_gates(w);
}
