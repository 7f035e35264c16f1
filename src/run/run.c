// SPDX-License-Identifier: GPL-2.0-only
#include "run/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/xalloc.h"
#include "run/series.h"
#include "text/progress.h"

/* How long one WAIT by ioctl lasts: what Ctrl-C may have to wait there. */
#define WAIT_SLICE_NS	100000000ULL
/* After this many signals the end of the run is not awaited any more. */
#define INTERRUPTS_TO_ABANDON	2

/* What a completion belongs to. */
enum tag {
	TAG_COMMAND = 1,
	TAG_WAIT,
	TAG_SIGNAL,
	TAG_CANCEL,
};

int run_catch_signals(void)
{
	sigset_t set;
	int fd;

	/*
	 * A script's background jobs start with SIGINT ignored, and what is ignored never
	 * arrives here. SIGHUP stays as it is: nohup means it.
	 */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return fail(EXIT_UNABLE, "cannot block signals: %m"), -1;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		fail(EXIT_UNABLE, "cannot take signals as input: %m");
	return fd;
}

int run_connect(struct run_link *link, const struct device *d, int signals, int choice)
{
	int err;

	*link = (struct run_link){ .fd = d->fd, .signals = signals };
	if (choice == TRANSPORT_IOCTL)
		return EXIT_DONE;
	if (!(d->info.features & IOMMUBENCH_FEATURE_URING_CMD)) {
		if (choice == TRANSPORT_URING)
			return fail(EXIT_UNABLE,
				    "--transport uring: the module takes no commands through io_uring on this kernel; use --transport ioctl");
		return EXIT_DONE;
	}
	err = io_uring_queue_init(8, &link->ring, 0);
	if (!err) {
		link->uring = true;
		return EXIT_DONE;
	}
	if (choice == TRANSPORT_URING)
		return fail(EXIT_UNABLE, "--transport uring: cannot set up io_uring: %s; use --transport ioctl",
			    strerror(-err));
	detail("cannot set up io_uring: %s; commands go by ioctl", strerror(-err));
	return EXIT_DONE;
}

void run_disconnect(struct run_link *link)
{
	if (link->uring)
		io_uring_queue_exit(&link->ring);
	link->uring = false;
}

const char *run_transport(const struct run_link *link)
{
	return link->uring || link->shared ? "uring" : "ioctl";
}

/* Reads what signals there are. */
static void read_signals(struct run_link *link)
{
	struct signalfd_siginfo info;

	while (read(link->signals, &info, sizeof(info)) == sizeof(info))
		link->interrupts++;
}

bool run_interrupted(struct run_link *link)
{
	read_signals(link);
	return link->interrupts;
}

/* The ring is never full: at most one request of each tag is under way. */
static void queue_command(struct run_link *link, unsigned int cmd, const void *arg, enum tag tag)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&link->ring);
	uint64_t address = (uintptr_t)arg;

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, link->fd, NULL, 0, 0);
	/* Shares its place with the offset that prep_rw() has cleared. */
	sqe->cmd_op = cmd;
	memcpy((char *)sqe + offsetof(struct io_uring_sqe, cmd), &address, sizeof(address));
	io_uring_sqe_set_data64(sqe, tag);
}

/*
 * Waits for one completion, at most @timeout_ns (UINT64_MAX: forever).
 * Return: 0, -ETIME, or another negative errno.
 */
static int next_completion(struct run_link *link, uint64_t timeout_ns, uint64_t *tag, int *res)
{
	struct __kernel_timespec ts = {
		.tv_sec = (long long)(timeout_ns / 1000000000),
		.tv_nsec = (long long)(timeout_ns % 1000000000),
	};
	struct io_uring_cqe *cqe;
	int ret;

	do
		ret = io_uring_submit_and_wait_timeout(&link->ring, &cqe, 1,
						       timeout_ns < UINT64_MAX ? &ts : NULL, NULL);
	while (ret == -EINTR);
	if (ret < 0)
		return ret;
	/* Without a timeout it may have submitted only. */
	ret = io_uring_peek_cqe(&link->ring, &cqe);
	if (ret)
		return ret == -EAGAIN ? -ETIME : ret;
	*tag = io_uring_cqe_get_data64(cqe);
	*res = cqe->res;
	io_uring_cqe_seen(&link->ring, cqe);
	return 0;
}

/* Notes a completion that comes on its own, whoever happens to see it. */
static void take_event(struct run_link *link, uint64_t tag, int res)
{
	switch (tag) {
	case TAG_WAIT:
		link->ended = true;
		link->wait_result = res < 0 ? res : 0;
		break;
	case TAG_SIGNAL:
		link->watching = false;
		break;
	}
}

/* One command that does not wait. Return: 0 or a negative errno. */
static int command(struct run_link *link, unsigned int cmd, void *arg)
{
	uint64_t tag;
	int res, ret;

	if (!link->uring)
		return ioctl(link->fd, cmd, arg) < 0 ? -errno : 0;

	queue_command(link, cmd, arg, TAG_COMMAND);
	for (;;) {
		ret = next_completion(link, UINT64_MAX, &tag, &res);
		if (ret && ret != -ETIME)
			return ret;
		if (ret)
			continue;
		if (tag == TAG_COMMAND)
			return res < 0 ? res : 0;
		take_event(link, tag, res);
	}
}

/* What is watched while a run goes on. */
struct watch {
	struct run_link *link;
	const struct iommubench_run *desc;
	const char *area;
	struct progress *progress;
	uint64_t shown_ns;
	unsigned int handled;
};

const struct iommubench_thread *run_thread(const struct iommubench_run *desc, const void *area,
					   unsigned int i)
{
	return (const void *)((const char *)area + i * desc->thread_bytes);
}

static void show_progress(struct watch *w)
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

static void look(struct watch *w)
{
	if (w->link->series)
		series_look(w->link->series, w->desc, w->area, clock_ticks());
	show_progress(w);
}

/* Until the next look. Return: nanoseconds, at most @most. */
static uint64_t until_look(const struct watch *w, uint64_t most)
{
	uint64_t ns = UINT64_MAX;

	if (w->link->series)
		ns = series_wait_ns(w->link->series, clock_ticks());
	if (w->progress->on && ns > PROGRESS_INTERVAL_NS)
		ns = PROGRESS_INTERVAL_NS;
	return ns < most ? ns : most;
}

/* Reacts to signals. Return: whether the end is still awaited. */
static bool heed_signals(struct watch *w)
{
	struct run_link *link = w->link;
	int ret;

	read_signals(link);
	if (link->interrupts == w->handled)
		return w->handled < INTERRUPTS_TO_ABANDON;
	if (!w->handled) {
		ret = command(link, IOMMUBENCH_IOC_STOP, NULL);
		/* -ENODEV: the device is on its way out, and the run with it. */
		if (ret && ret != -ENODEV)
			note("cannot stop the run: %s; interrupt once more to leave without its end",
			     strerror(-ret));
	}
	w->handled = link->interrupts;
	return w->handled < INTERRUPTS_TO_ABANDON;
}

/*
 * The two ways to wait. Return: 0 when the run has ended, -ECANCELED when it is
 * not awaited any more, another negative errno when waiting failed.
 */
static int wait_by_ioctl(struct watch *w)
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

int run_all_at(const struct iommubench_run *desc, const void *area, uint32_t gate,
	       uint32_t wanted)
{
	const struct iommubench_thread *t;
	unsigned int i;
	uint32_t state;

	for (i = 0; i < desc->threads; i++) {
		t = run_thread(desc, area, i);
		state = __atomic_load_n(&t->state, __ATOMIC_ACQUIRE);
		if (state == IOMMUBENCH_THREAD_DRAINING || state == IOMMUBENCH_THREAD_DONE)
			return -1;
		if (gate ? __atomic_load_n(&t->gate, __ATOMIC_ACQUIRE) != gate : state != wanted)
			return 0;
	}
	return 1;
}

/*
 * Waits until all threads stand at a gate. Nothing tells of that, so it is looked for, ever less
 * often. Return: whether they do; otherwise the run is ending, or not awaited any more.
 */
static bool wait_for_gate(struct watch *w, uint32_t gate, uint32_t state)
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

/* Calls back at both gates. A run that ends at the first one or before has nothing to count. */
static void pass_gates(struct watch *w)
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
		if (there && command(link, IOMMUBENCH_IOC_START, NULL))
			command(link, IOMMUBENCH_IOC_STOP, NULL);
	}
	free(tids);
}

/* Calls back at each gate, and once more when the run ends before the last one. */
static void pass_phases(struct watch *w)
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
		if (!next.early && command(link, IOMMUBENCH_IOC_START, NULL))
			command(link, IOMMUBENCH_IOC_STOP, NULL);
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
		if (!next_completion(link, WAIT_SLICE_NS, &tag, &res))
			take_event(link, tag, res);
}

static int wait_by_uring(struct watch *w)
{
	/* The module may read it until the completion, which may come after we have left. */
	static struct iommubench_wait wait = { .size = sizeof(wait) };
	struct run_link *link = w->link;
	uint64_t tag;
	int res, ret;

	link->ended = false;
	queue_command(link, IOMMUBENCH_IOC_WAIT, &wait, TAG_WAIT);
	while (!link->ended) {
		watch_signals(link);
		ret = next_completion(link, until_look(w, UINT64_MAX), &tag, &res);
		if (ret == -ETIME) {
			look(w);
			continue;
		}
		if (ret)
			return ret;
		take_event(link, tag, res);
		if (tag == TAG_SIGNAL && !heed_signals(w)) {
			cancel_wait(link);
			return -ECANCELED;
		}
	}
	return link->wait_result;
}

/* Do the module's answers fit together? What it says becomes our pointers. */
static bool layout_ok(const struct iommubench_run *d)
{
	return d->phases && d->phases <= 64 && d->thread_bytes && d->mmap_bytes &&
	       d->thread_bytes % 8 == 0 && d->hist_offset % 8 == 0 && d->hist_bytes % 8 == 0 &&
	       d->thread_bytes <= d->mmap_bytes / d->threads &&
	       d->hist_offset >= sizeof(struct iommubench_thread) &&
	       d->hist_bytes >= sizeof(struct iommubench_hist) &&
	       d->hist_offset <= d->thread_bytes &&
	       d->hist_bytes <= (d->thread_bytes - d->hist_offset) / d->phases;
}

static void collect_pages(struct run_outcome *o, const struct iommubench_run *desc,
			  const char *area)
{
	const char *hist;
	unsigned int i, p;

	o->threads = xcalloc(desc->threads, sizeof(*o->threads));
	o->phases = xcalloc(desc->phases, sizeof(*o->phases));
	o->nr_threads = desc->threads;
	o->nr_phases = desc->phases;
	for (i = 0; i < desc->threads; i++) {
		o->threads[i] = *run_thread(desc, area, i);
		hist = area + i * desc->thread_bytes + desc->hist_offset;
		for (p = 0; p < desc->phases; p++)
			iommubench_hist_merge(&o->phases[p], (const struct iommubench_hist *)
					      (hist + p * desc->hist_bytes));
	}
}

/* Which exit status a refusal of the module deserves. */
static int refusal_status(int err)
{
	switch (err) {
	case -EINVAL:
	case -E2BIG:
	case -ERANGE:
		return EXIT_USAGE;
	default:
		return EXIT_UNABLE;
	}
}

static int fetch_result(struct run_link *link, struct run_outcome *o)
{
	struct iommubench_result result = {
		.size = sizeof(result),
		.message = (uintptr_t)o->message,
		.message_bytes = sizeof(o->message),
	};
	int ret;

	ret = command(link, IOMMUBENCH_IOC_RESULT, &result);
	o->message[sizeof(o->message) - 1] = '\0';
	if (ret == -ENODEV) {
		o->end = IOMMUBENCH_END_REMOVED;
		return 0;
	}
	if (ret)
		return ret;
	o->end = (int)result.end;
	o->error = result.error;
	o->batch = result.batch;
	o->window = result.window;
	memcpy(o->checks, result.checks, sizeof(o->checks));
	return 0;
}

int run_prepare(struct run_link *link, struct iommubench_run *desc, void **area)
{
	char message[IOMMUBENCH_MESSAGE_BYTES] = "";
	int ret;

	desc->message = (uintptr_t)message;
	desc->message_bytes = sizeof(message);
	if (link->memory)
		memory_report_begin(link->memory);
	ret = command(link, IOMMUBENCH_IOC_PREPARE, desc);
	message[sizeof(message) - 1] = '\0';
	desc->message = 0;
	desc->message_bytes = 0;
	if (ret)
		return fail(refusal_status(ret), "%s", *message ? message : strerror(-ret));
	if (!layout_ok(desc))
		return fail(EXIT_UNABLE,
			    "the module describes its pages in a way that cannot be: install module and tool of the same version");
	*area = mmap(NULL, desc->mmap_bytes, PROT_READ, MAP_SHARED, link->fd, 0);
	if (*area == MAP_FAILED)
		return fail(EXIT_UNABLE, "cannot map the module's histograms: %m");
	if (link->prepared)
		link->prepared(link->prepared_arg);
	return EXIT_DONE;
}

int run_start_failed(int err)
{
	return fail(refusal_status(err), "cannot start the run: %s", strerror(-err));
}

void run_collect(struct run_link *link, const struct iommubench_run *desc, void *area, int waited,
		 struct run_outcome *o)
{
	int ret;

	if (waited == -ECANCELED) {
		o->abandoned = true;
	} else if (waited == -ENODEV) {
		o->end = IOMMUBENCH_END_REMOVED;
	} else if (waited) {
		o->end = IOMMUBENCH_END_ERROR;
		o->error = -waited;
		snprintf(o->message, sizeof(o->message), "cannot wait for the end of the run: %s",
			 strerror(-waited));
	}
	/* The result is told once the run's domains are gone. */
	if (!o->abandoned && link->memory)
		memory_report_end(link->memory, link->fd);
	if (!o->abandoned) {
		ret = fetch_result(link, o);
		if (ret) {
			o->end = IOMMUBENCH_END_ERROR;
			o->error = -ret;
			snprintf(o->message, sizeof(o->message),
				 "cannot fetch the result of the run: %s", strerror(-ret));
		}
	}
	collect_pages(o, desc, area);
	if (link->series)
		series_run_ended(link->series, o);
	munmap(area, desc->mmap_bytes);
}

int run_execute(struct run_link *link, struct iommubench_run *desc, const char *label, bool quiet,
		struct run_outcome *o)
{
	struct progress own;
	struct watch w = { .link = link, .desc = desc, .progress = link->progress };
	void *area;
	int ret;

	*o = (struct run_outcome){ .end = IOMMUBENCH_END_STOPPED };
	if (run_interrupted(link))
		return EXIT_DONE;
	if (link->gate || link->phase)
		desc->flags |= IOMMUBENCH_RUN_GATES;
	if (link->phase)
		desc->flags |= IOMMUBENCH_RUN_PHASES;
	ret = run_prepare(link, desc, &area);
	if (ret)
		return ret;
	w.area = area;
	ret = command(link, IOMMUBENCH_IOC_START, NULL);
	if (ret) {
		munmap(area, desc->mmap_bytes);
		return run_start_failed(ret);
	}
	if (!w.progress) {
		w.progress = &own;
		progress_start(&own, label,
			       desc->duration_ns ? desc->duration_ns + desc->warmup_ns : 0,
			       desc->count, quiet);
	}
	if (link->phase)
		pass_phases(&w);
	else if (link->gate)
		pass_gates(&w);
	ret = link->uring ? wait_by_uring(&w) : wait_by_ioctl(&w);
	progress_end(w.progress);
	run_collect(link, desc, area, ret, o);
	return EXIT_DONE;
}

void run_outcome_free(struct run_outcome *o)
{
	free(o->threads);
	free(o->phases);
	*o = (struct run_outcome){ 0 };
}

bool run_ended_well(int end)
{
	return end == IOMMUBENCH_END_TIME || end == IOMMUBENCH_END_COUNT;
}

const char *run_end_word(int end)
{
	switch (end) {
	case IOMMUBENCH_END_TIME:
		return "time";
	case IOMMUBENCH_END_COUNT:
		return "count";
	case IOMMUBENCH_END_STOPPED:
		return "stopped";
	case IOMMUBENCH_END_REMOVED:
		return "removed";
	default:
		return "error";
	}
}

uint64_t run_total_ops(const struct run_outcome *o)
{
	uint64_t ops = 0;
	unsigned int i;

	for (i = 0; i < o->nr_threads; i++)
		ops += o->threads[i].ops;
	return ops;
}

uint64_t run_ticks(const struct run_outcome *o)
{
	uint64_t first = UINT64_MAX, last = 0;
	unsigned int i;

	for (i = 0; i < o->nr_threads; i++) {
		if (!o->threads[i].start_tick || !o->threads[i].end_tick)
			continue;
		if (o->threads[i].start_tick < first)
			first = o->threads[i].start_tick;
		if (o->threads[i].end_tick > last)
			last = o->threads[i].end_tick;
	}
	return last > first ? last - first : 0;
}
