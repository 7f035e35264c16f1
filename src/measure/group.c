// SPDX-License-Identifier: GPL-2.0-only
#include "measure/group.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/xalloc.h"
#include "measure/repeat.h"
#include "run/area.h"
#include "run/link.h"
#include "run/wait.h"
#include "text/progress.h"

/* How long one device is waited for by ioctl before the next one's turn. */
#define TURN_NS			5000000ULL
/* What a cancelled run may need to end: the operation under way, and giving back. */
#define DRAIN_NS		10000000000ULL
/* After this many signals the ends of the runs are not awaited any more. */
#define INTERRUPTS_TO_ABANDON	2

/* What a completion belongs to, beside the number of its member. */
enum tag {
	TAG_START = 1,
	GROUP_TAG_WAIT,
	TAG_LIMIT,
	TAG_STOP,
	GROUP_TAG_CANCEL,
	GROUP_TAG_SIGNAL,
	TAG_GATE,
};

#define TAG_BITS	8

/**
 * struct cpu_use - a CPU that devices' threads were given
 * @cpu: its number
 * @threads: how many
 */
struct cpu_use {
	uint32_t cpu;
	unsigned int threads;
};

static unsigned int *use_of(struct cpu_use *use, unsigned int *nr, uint32_t cpu)
{
	unsigned int i;

	for (i = 0; i < *nr; i++)
		if (use[i].cpu == cpu)
			return &use[i].threads;
	use[*nr] = (struct cpu_use){ .cpu = cpu };
	return &use[(*nr)++].threads;
}

unsigned int group_share_cpus(struct placement *const *p, unsigned int nr, unsigned int threads)
{
	unsigned int i, k, got, room = 0, used = 0, least, taken = 0;
	struct cpu_use *use;
	uint32_t cpu;

	for (i = 0; i < nr; i++)
		room += p[i]->nr;
	use = xcalloc(room, sizeof(*use));
	for (i = 0; i < nr; i++) {
		for (got = 0; got < threads && got < p[i]->nr; got++) {
			/* Of those that are left to it, the first of the least used. */
			least = got;
			for (k = got + 1; k < p[i]->nr; k++)
				if (*use_of(use, &used, p[i]->cpus[k]) <
				    *use_of(use, &used, p[i]->cpus[least]))
					least = k;
			cpu = p[i]->cpus[least];
			for (k = least; k > got; k--)
				p[i]->cpus[k] = p[i]->cpus[k - 1];
			p[i]->cpus[got] = cpu;
			++*use_of(use, &used, cpu);
		}
		p[i]->nr = got;
	}
	for (i = 0; i < used; i++)
		taken += use[i].threads > 0;
	free(use);
	return taken;
}

/* All CPUs that are in use, on the heap; those that are shared are there more than once. */
static struct placement all_cpus(const struct group *g)
{
	struct placement all = { 0 };
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		const struct placement *p = &g->members[i].s->placement;

		all.cpus = xgrow(all.cpus, all.nr + p->nr, sizeof(*all.cpus));
		memcpy(all.cpus + all.nr, p->cpus, p->nr * sizeof(*all.cpus));
		all.nr += p->nr;
	}
	return all;
}

unsigned int group_count_cpus(const struct group *g)
{
	struct placement all = all_cpus(g);
	unsigned int i, k, n = 0;

	for (i = 0; i < all.nr; i++) {
		for (k = 0; k < i && all.cpus[k] != all.cpus[i]; k++)
			;
		n += k == i;
	}
	placement_free(&all);
	return n;
}

static int place(struct group *g, const struct options *o)
{
	struct placement **p = xcalloc(g->nr, sizeof(struct placement *)), all;
	unsigned int i;
	int ret = EXIT_DONE;

	for (i = 0; i < g->nr && !ret; i++) {
		ret = session_choose_cpus(g->members[i].s, o->threads * g->nr);
		p[i] = &g->members[i].s->placement;
	}
	if (!ret) {
		g->cpus = group_share_cpus(p, g->nr, o->threads);
		all = all_cpus(g);
		placement_step_aside(&all);
		placement_free(&all);
	}
	free(p);
	return ret;
}

/* Return: whether the ring is there; if not, after a line when the user wants one. */
static int open_ring(struct group *g, int choice)
{
	/* A WAIT keeps a worker busy until its run ends; there must be others to stop it. */
	unsigned int workers[2] = { g->nr * 2 + 2, 0 };
	unsigned int i;
	int err = 0;

	if (choice == TRANSPORT_IOCTL)
		return EXIT_DONE;
	for (i = 0; i < g->nr; i++)
		if (!(g->members[i].s->device.info.features & IOMMUBENCH_FEATURE_URING_CANCEL))
			err = -EOPNOTSUPP;
	if (!err)
		err = io_uring_queue_init(g->nr * 4 + 2, &g->ring, 0);
	if (err && choice == TRANSPORT_URING)
		return fail(EXIT_UNABLE, "--transport uring: cannot set up io_uring: %s; use --transport ioctl",
			    strerror(-err));
	if (err) {
		detail("cannot set up io_uring: %s; devices are looked after in turn",
		       strerror(-err));
		return EXIT_DONE;
	}
	g->uring = true;
	io_uring_register_iowq_max_workers(&g->ring, workers);
	return EXIT_DONE;
}

void group_rejoin(struct group *g, unsigned int i)
{
	struct run_link *link = &g->members[i].s->link;

	/* The kernel counts the page tables of all devices together. */
	link->memory = NULL;
	link->shared = g->uring;
}

int group_connect(struct group *g, const struct options *o)
{
	unsigned int i;
	int ret;

	g->kind = COUNTERS_RUNS;

	ret = place(g, o);
	if (!ret)
		ret = open_ring(g, o->transport);
	for (i = 0; i < g->nr && !ret; i++) {
		struct session *s = g->members[i].s;

		s->o.transport = TRANSPORT_IOCTL;
		ret = session_settle(s);
		group_rejoin(g, i);
	}
	return ret;
}

int group_end(struct group *g)
{
	int ret = EXIT_DONE, ended;
	unsigned int i;

	if (g->uring)
		io_uring_queue_exit(&g->ring);
	g->uring = false;
	counters_free(g->common);
	g->common = NULL;
	for (i = 0; i < g->nr; i++) {
		struct session *s = g->members[i].s;

		s->signals = -1;
		s->o.events = (struct perf_pmu_names){ NULL };
		ended = session_end(s);
		ret = ret ? ret : ended;
	}
	return ret;
}

static uint64_t tag_of(const struct group *g, const struct group_member *m, enum tag tag)
{
	return (uint64_t)(m - g->members) << TAG_BITS | tag;
}

/* The ring has room for all that a device can have under way. */
static struct io_uring_sqe *queue(struct group *g, const struct group_member *m, enum tag tag)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&g->ring);

	if (!sqe) {
		io_uring_submit(&g->ring);
		sqe = xcheck(io_uring_get_sqe(&g->ring));
	}
	memset(sqe, 0, sizeof(*sqe));
	sqe->user_data = m ? tag_of(g, m, tag) : (uint64_t)tag;
	return sqe;
}

static struct io_uring_sqe *queue_command(struct group *g, const struct group_member *m,
					  unsigned int cmd, const void *arg, enum tag tag)
{
	struct io_uring_sqe *sqe = queue(g, m, tag);
	uint64_t data = sqe->user_data, address = (uintptr_t)arg;

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, m->s->link.fd, NULL, 0, 0);
	sqe->cmd_op = cmd;
	memcpy((char *)sqe + offsetof(struct io_uring_sqe, cmd), &address, sizeof(address));
	sqe->user_data = data;
	return sqe;
}

/* A WAIT, and linked to it the time after which it is cancelled. */
static void queue_wait(struct group *g, const struct group_member *m, uint64_t limit_ns)
{
	/* The module may read it until the completion, which may come after we have left. */
	static struct iommubench_wait wait = { .size = sizeof(wait) };
	struct __kernel_timespec ts = {
		.tv_sec = (long long)(limit_ns / 1000000000),
		.tv_nsec = (long long)(limit_ns % 1000000000),
	};
	struct io_uring_sqe *sqe;
	uint64_t data;

	/* The two must be submitted together. */
	if (io_uring_sq_space_left(&g->ring) < 2)
		io_uring_submit(&g->ring);
	sqe = queue_command(g, m, IOMMUBENCH_IOC_WAIT, &wait, GROUP_TAG_WAIT);
	if (!limit_ns)
		return;
	sqe->flags |= IOSQE_IO_LINK;
	sqe = queue(g, m, TAG_LIMIT);
	data = sqe->user_data;
	io_uring_prep_link_timeout(sqe, &ts, 0);
	sqe->user_data = data;
	io_uring_submit(&g->ring);
}

static uint64_t limit_of(const struct group *g, const struct group_member *m)
{
	if (g->limit_ns || !m->run.duration_ns)
		return g->limit_ns;
	return m->run.warmup_ns + m->run.duration_ns + GROUP_SPARE_NS;
}

static void watch_signals(struct group *g)
{
	struct io_uring_sqe *sqe;

	if (g->watching)
		return;
	sqe = queue(g, NULL, GROUP_TAG_SIGNAL);
	io_uring_prep_poll_add(sqe, g->members[0].s->signals, POLLIN);
	sqe->user_data = GROUP_TAG_SIGNAL;
	g->watching = true;
}

/* Return: 0, -ETIME, or another negative errno. */
static int next_completion(struct group *g, uint64_t timeout_ns, uint64_t *data, int *res)
{
	struct __kernel_timespec ts = {
		.tv_sec = (long long)(timeout_ns / 1000000000),
		.tv_nsec = (long long)(timeout_ns % 1000000000),
	};
	struct io_uring_cqe *cqe;
	int ret;

	do
		ret = io_uring_submit_and_wait_timeout(&g->ring, &cqe, 1,
						       timeout_ns < UINT64_MAX ? &ts : NULL, NULL);
	while (ret == -EINTR);
	if (ret < 0)
		return ret;
	ret = io_uring_peek_cqe(&g->ring, &cqe);
	if (ret)
		return ret == -EAGAIN ? -ETIME : ret;
	*data = cqe->user_data;
	*res = cqe->res;
	io_uring_cqe_seen(&g->ring, cqe);
	return 0;
}

static void ended(struct group *g, struct group_member *m, int waited)
{
	m->waited = waited;
	m->waiting = false;
	g->waiting--;
}

static void stop(struct group *g, struct group_member *m)
{
	if (g->uring)
		queue_command(g, m, IOMMUBENCH_IOC_STOP, NULL, TAG_STOP);
	else
		ioctl(m->s->link.fd, IOMMUBENCH_IOC_STOP);
}

/* The first signal stops all runs; with the second one nobody waits for their ends. */
static void heed_signals(struct group *g)
{
	struct run_link *link = &g->members[0].s->link;
	unsigned int i;

	run_interrupted(link);
	if (link->interrupts == g->handled)
		return;
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (!m->waiting)
			continue;
		if (!g->handled)
			stop(g, m);
		if (link->interrupts < INTERRUPTS_TO_ABANDON)
			continue;
		if (g->uring) {
			struct io_uring_sqe *sqe = queue(g, m, GROUP_TAG_CANCEL);
			uint64_t data = sqe->user_data;

			io_uring_prep_cancel64(sqe, tag_of(g, m, GROUP_TAG_WAIT), 0);
			sqe->user_data = data;
		}
		ended(g, m, -ECANCELED);
	}
	g->handled = link->interrupts;
}

/* A WAIT has completed: with the end of the run, or because it was cancelled. */
static void wait_over(struct group *g, struct group_member *m, int res)
{
	/* Given up before. */
	if (!m->waiting)
		return;
	if (res != -ECANCELED && res != -EINTR) {
		ended(g, m, res < 0 ? res : 0);
		return;
	}
	if (m->late) {
		ended(g, m, -ECANCELED);
		return;
	}
	/*
	 * The module stops a run whose waiter goes, but not if it was cancelled before it waited.
	 * The end is awaited once more, and not for ever.
	 */
	m->late = true;
	stop(g, m);
	queue_wait(g, m, DRAIN_NS);
}

static struct progress *line_of(struct group *g)
{
	return g->line ? g->line : &g->progress;
}

static void show_progress(struct group *g)
{
	uint64_t ops = 0;
	unsigned int i, k;

	if (!line_of(g)->on || monotonic_ns() - g->shown_ns < PROGRESS_INTERVAL_NS)
		return;
	g->shown_ns = monotonic_ns();
	for (i = 0; i < g->nr; i++) {
		const struct group_member *m = &g->members[i];

		for (k = 0; m->area && k < m->run.threads; k++)
			ops += __atomic_load_n(&run_thread(&m->run, m->area, k)->ops,
					       __ATOMIC_RELAXED);
	}
	progress_show(line_of(g), "running", ops);
}

static void look(struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (m->waiting && m->s->link.series)
			series_look(m->s->link.series, &m->run, m->area, clock_ticks());
	}
	show_progress(g);
}

/* Until the next look. Return: nanoseconds, at most @most. */
static uint64_t until_look(struct group *g, uint64_t most)
{
	unsigned int i;
	uint64_t ns;

	if (line_of(g)->on && most > PROGRESS_INTERVAL_NS)
		most = PROGRESS_INTERVAL_NS;
	for (i = 0; i < g->nr; i++) {
		const struct group_member *m = &g->members[i];

		if (!m->waiting || !m->s->link.series)
			continue;
		ns = series_wait_ns(m->s->link.series, clock_ticks());
		if (ns < most)
			most = ns;
	}
	return most;
}

static void not_started(struct group_member *m, int err)
{
	m->out = true;
	m->taking_part = false;
	m->outcome.end = err == -ENODEV ? IOMMUBENCH_END_REMOVED : IOMMUBENCH_END_ERROR;
	m->outcome.error = -err;
	snprintf(m->outcome.message, sizeof(m->outcome.message), "cannot start the run: %s",
		 strerror(-err));
	munmap(m->area, m->run.mmap_bytes);
	m->area = NULL;
}

/* All STARTs are submitted at once; workers of the ring do them side by side. */
static int start_by_uring(struct group *g)
{
	unsigned int i, under_way = 0;
	uint64_t data;
	int res, ret;

	for (i = 0; i < g->nr; i++) {
		if (!g->members[i].taking_part)
			continue;
		queue_command(g, &g->members[i], IOMMUBENCH_IOC_START, NULL, TAG_START);
		under_way++;
	}
	while (under_way) {
		ret = next_completion(g, UINT64_MAX, &data, &res);
		if (ret == -ETIME)
			continue;
		if (ret)
			return ret;
		if ((data & ((1 << TAG_BITS) - 1)) == GROUP_TAG_SIGNAL)
			g->watching = false;
		if ((data & ((1 << TAG_BITS) - 1)) != TAG_START)
			continue;
		under_way--;
		if (res < 0)
			not_started(&g->members[data >> TAG_BITS], res);
	}
	return 0;
}

/* A gate that stays closed would keep the run for ever. */
static void gate_opened(struct group *g, struct group_member *m, int res)
{
	if (res < 0 && m->waiting)
		stop(g, m);
}

static void open_gate(struct group *g, struct group_member *m)
{
	if (g->uring)
		queue_command(g, m, IOMMUBENCH_IOC_START, NULL, TAG_GATE);
	else
		gate_opened(g, m, ioctl(m->s->link.fd, IOMMUBENCH_IOC_START));
}

/* When all devices stand still that have not ended before, all begin to count. */
static void open_first_gates(struct group *g)
{
	unsigned int i;
	int at;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		m->counting = false;
		if (!m->waiting)
			continue;
		at = run_all_at(&m->run, m->area, 0, IOMMUBENCH_THREAD_READY);
		if (!at)
			return;
		m->counting = at > 0;
	}
	group_counters_begin(g);
	g->open = true;
	g->look_ns = GATE_LOOK_NS;
	for (i = 0; i < g->nr; i++)
		if (g->members[i].counting)
			open_gate(g, &g->members[i]);
	if (g->uring)
		io_uring_submit(&g->ring);
}

/* Each device goes on as soon as its counters are read; those of all stop with the last one. */
static void open_last_gates(struct group *g)
{
	bool counting = false;
	unsigned int i;
	int at;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (!m->counting)
			continue;
		at = m->waiting ? run_all_at(&m->run, m->area, 0, IOMMUBENCH_THREAD_COUNTED) : -1;
		counting = counting || !at;
		if (!at)
			continue;
		m->counting = false;
		group_counters_end(g, m);
		if (at > 0)
			open_gate(g, m);
	}
	if (!counting)
		group_counters_end(g, NULL);
}

static void pass_gates(struct group *g)
{
	if (g->open)
		open_last_gates(g);
	else
		open_first_gates(g);
	if (g->look_ns < GATE_LOOK_MAX_NS)
		g->look_ns += GATE_LOOK_NS;
}

/* Until the next look at gates: nothing tells of those. */
static uint64_t until_gate(const struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++)
		if (g->members[i].waiting && (g->members[i].counting || !g->open))
			return g->look_ns;
	return UINT64_MAX;
}

/* Return: 0, or a negative errno when the ring fails; then no end is awaited any more. */
static int wait_by_uring(struct group *g)
{
	unsigned int i;
	uint64_t data;
	int res, ret;

	for (i = 0; i < g->nr; i++)
		if (g->members[i].waiting)
			queue_wait(g, &g->members[i], limit_of(g, &g->members[i]));
	heed_signals(g);
	while (g->waiting) {
		watch_signals(g);
		ret = next_completion(g, until_look(g, until_gate(g)), &data, &res);
		look(g);
		pass_gates(g);
		if (ret == -ETIME)
			continue;
		if (ret)
			return ret;
		switch (data & ((1 << TAG_BITS) - 1)) {
		case GROUP_TAG_WAIT:
			wait_over(g, &g->members[data >> TAG_BITS], res);
			break;
		case TAG_GATE:
			gate_opened(g, &g->members[data >> TAG_BITS], res);
			break;
		case GROUP_TAG_SIGNAL:
			g->watching = false;
			heed_signals(g);
			break;
		}
	}
	/* Cancellations are on their way before anything is closed. */
	io_uring_submit(&g->ring);
	return 0;
}

static void start_by_ioctl(struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++)
		if (g->members[i].taking_part &&
		    ioctl(g->members[i].s->link.fd, IOMMUBENCH_IOC_START))
			not_started(&g->members[i], -errno);
}

/* One turn of one device. */
static void turn(struct group *g, struct group_member *m, uint64_t since)
{
	struct iommubench_wait wait = {
		.size = sizeof(wait),
		.timeout_ns = until_look(g, g->open ? TURN_NS : GATE_LOOK_NS),
	};
	uint64_t passed = monotonic_ns() - since, limit = limit_of(g, m);

	if (!ioctl(m->s->link.fd, IOMMUBENCH_IOC_WAIT, &wait)) {
		ended(g, m, 0);
	} else if (errno != ETIME && errno != EINTR) {
		ended(g, m, -errno);
	} else if (limit && m->late && passed > limit + DRAIN_NS) {
		ended(g, m, -ECANCELED);
	} else if (limit && !m->late && passed > limit) {
		m->late = true;
		stop(g, m);
	}
}

static void wait_by_ioctl(struct group *g)
{
	uint64_t since = monotonic_ns();
	unsigned int i;

	while (g->waiting) {
		for (i = 0; i < g->nr && g->waiting; i++) {
			heed_signals(g);
			if (g->members[i].waiting)
				turn(g, &g->members[i], since);
			pass_gates(g);
			look(g);
		}
	}
}

/* Lets go what was prepared; it is given back with the next PREPARE, or with the file. */
static void forget(struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		if (g->members[i].area)
			munmap(g->members[i].area, g->members[i].run.mmap_bytes);
		g->members[i].area = NULL;
	}
}

/* Before anything runs. Return: EXIT_DONE, or why a device that has never run cannot. */
static int prepare(struct group *g)
{
	unsigned int i;
	int ret;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (!m->taking_part)
			continue;
		m->outcome = (struct run_outcome){ .end = IOMMUBENCH_END_STOPPED };
		m->late = false;
		m->waiting = false;
		m->why.text[0] = '\0';
		m->run.flags |= IOMMUBENCH_RUN_GATES;
		error_keep(&m->why);
		ret = run_prepare(&m->s->link, &m->run, &m->area);
		error_keep(NULL);
		m->refused = ret;
		if (!ret)
			continue;
		m->area = NULL;
		if (!g->lenient && !g->extra && !m->t->runs) {
			forget(g);
			return fail((enum exit_status)ret, "device %s: %s", m->s->device.name,
				    m->why.text);
		}
		m->out = m->out || !g->extra;
		m->taking_part = false;
		m->outcome.end = IOMMUBENCH_END_ERROR;
		snprintf(m->outcome.message, sizeof(m->outcome.message), "%.*s",
			 (int)sizeof(m->outcome.message) - 1, m->why.text);
	}
	return EXIT_DONE;
}

static void collect(struct group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (!m->taking_part)
			continue;
		run_collect(&m->s->link, &m->run, m->area, m->waited, &m->outcome);
		m->area = NULL;
		group_counters_add_ops(g, m);
		if (m->late)
			snprintf(m->outcome.message, sizeof(m->outcome.message),
				 "the run had not ended %.3g s after its start and was cancelled",
				 (double)limit_of(g, m) / 1e9);
	}
}

/* One run of all that take part, at the same time. Return: an enum exit_status. */
static int execute(struct group *g, const char *label, bool quiet)
{
	const struct iommubench_run *run = &g->members[0].desc;
	unsigned int i;
	int ret;

	ret = prepare(g);
	if (ret)
		return ret;
	if (!g->line)
		progress_start(&g->progress, label,
			       run->duration_ns ? run->duration_ns + run->warmup_ns : 0,
			       run->count * g->nr, quiet);
	g->open = false;
	g->look_ns = GATE_LOOK_NS;
	ret = 0;
	if (g->uring)
		ret = start_by_uring(g);
	else
		start_by_ioctl(g);
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		m->waiting = m->taking_part && !ret;
		m->waited = ret;
		g->waiting += m->waiting;
	}
	if (!ret && g->uring)
		ret = wait_by_uring(g);
	else if (!ret)
		wait_by_ioctl(g);
	for (i = 0; i < g->nr; i++)
		if (g->members[i].waiting)
			ended(g, &g->members[i], ret);
	/* What was cut short is read as it stands. */
	if (g->open)
		open_last_gates(g);
	progress_end(line_of(g));
	collect(g);
	return EXIT_DONE;
}

static uint64_t first_tick(const struct run_outcome *o)
{
	uint64_t first = 0;
	unsigned int i;

	for (i = 0; i < o->nr_threads; i++)
		if (o->threads[i].start_tick && (!first || o->threads[i].start_tick < first))
			first = o->threads[i].start_tick;
	return first;
}

/* How far apart the devices began. */
static void add_starts(struct group *g)
{
	uint64_t first = UINT64_MAX, last = 0, tick, skew;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		tick = m->taking_part ? first_tick(&m->outcome) : 0;
		if (!tick)
			continue;
		if (!m->start_tick)
			m->start_tick = tick;
		first = tick < first ? tick : first;
		last = tick > last ? tick : last;
	}
	if (!last)
		return;
	if (!g->begin_tick)
		g->begin_tick = first;
	skew = clock_to_ns(last - first, g->members[0].t->clock_hz);
	if (skew > g->skew_ns)
		g->skew_ns = skew;
}

static bool interrupted(const struct group *g)
{
	return run_interrupted(&g->members[0].s->link);
}

/* Prepares the next run of who still takes part. Return: how many do. */
static unsigned int line_up(struct group *g, unsigned int repeat)
{
	unsigned int i, n = 0;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		m->taking_part = !m->out && !m->absent;
		m->run = m->desc;
		m->run.seed += repeat;
		/* Histograms of different batches could not be merged. */
		if (repeat && m->t->batch)
			m->run.batch = m->t->batch;
		n += m->taking_part;
	}
	return n;
}

static int once(struct group *g, const char *label)
{
	unsigned int i, n = 0;
	int ret;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		m->refused = EXIT_DONE;
		m->why.text[0] = '\0';
		m->taking_part = m->taking_part && !m->out && !m->absent;
		n += m->taking_part;
	}
	if (!n)
		return EXIT_DONE;
	g->extra = true;
	ret = execute(g, label, g->members[0].s->o.quiet);
	g->extra = false;
	return ret;
}

int group_once(struct group *g, const char *label)
{
	detail("%s on several devices", label);
	return once(g, label);
}

int group_pass(struct group *g, const char *label, enum counters_run kind)
{
	int ret;

	g->kind = kind;
	ret = once(g, label);
	g->kind = COUNTERS_RUNS;
	if (!ret && kind != COUNTERS_RUNS)
		add_starts(g);
	return ret;
}

void group_begin_runs(struct group *g)
{
	unsigned int i;

	g->begin_tick = 0;
	g->skew_ns = 0;
	for (i = 0; i < g->nr; i++)
		g->members[i].start_tick = 0;
	group_counters_reset(g);
}

/* What would disturb is counted in a run of its own, of all devices together as well. */
static void explain(struct group *g, const char *label)
{
	bool wanted = counters_wants(g->common, COUNTERS_EXPLAINING);
	uint64_t commands;
	unsigned int i;
	char what[128];
	bool anyone;

	g->commands = 0;
	g->anyone = false;
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		wanted = wanted || counters_wants(m->s->counters, COUNTERS_EXPLAINING);
		m->taking_part = !m->out && !m->absent && run_ended_well(m->t->end);
		if (!m->taking_part)
			continue;
		m->run = session_explaining(m->s, &m->desc, m->t, &commands, &anyone);
		g->commands += commands;
		g->anyone = g->anyone || anyone;
	}
	if (!wanted)
		return;
	snprintf(what, sizeof(what), "%s, explaining", label);
	g->kind = COUNTERS_EXPLAINING;
	group_once(g, what);
	g->kind = COUNTERS_RUNS;
	for (i = 0; i < g->nr; i++)
		run_outcome_free(&g->members[i].outcome);
}

int group_repeat(struct group *g, const char *label)
{
	const struct options *o = &g->members[0].s->o;
	unsigned int i, repeat;
	char numbered[128];
	int ret = EXIT_DONE;

	group_begin_runs(g);
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		if (m->absent || m->out)
			continue;
		series_begin(&m->s->series, o->interval_ns, m->t->clock_hz, m->t->nr_phases);
		m->t->series = &m->s->series;
		m->t->end = IOMMUBENCH_END_STOPPED;
		m->s->link.series = &m->s->series;
	}
	for (repeat = 0; repeat < o->repeat && line_up(g, repeat) && !interrupted(g); repeat++) {
		snprintf(numbered, sizeof(numbered), "%s on %u devices, run %u of %u", label, g->nr,
			 repeat + 1, o->repeat);
		detail("%s by %s", numbered, g->uring ? "uring" : "ioctl");
		g->kind = COUNTERS_MEASURED;
		ret = execute(g, numbered, o->quiet);
		g->kind = COUNTERS_RUNS;
		if (ret)
			break;
		add_starts(g);
		for (i = 0; i < g->nr; i++) {
			struct group_member *m = &g->members[i];

			/* Out since an earlier run, which has told why. */
			if (m->absent || (m->out && !m->outcome.end))
				continue;
			series_cut(&m->s->series);
			totals_add(m->t, &m->outcome);
			run_outcome_free(&m->outcome);
			m->out = m->out || !run_ended_well(m->t->end);
		}
	}
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->members[i];

		m->s->link.series = NULL;
		/* Between two runs. */
		if (!m->out && !m->absent && repeat < o->repeat && interrupted(g))
			m->t->end = IOMMUBENCH_END_STOPPED;
	}
	if (!ret) {
		explain(g, label);
		group_counters_take(g);
	}
	return ret;
}

int group_alone(struct group *g, const char *label)
{
	const struct options *o = &g->members[0].s->o;
	unsigned int i, k;
	char what[320];
	int ret = EXIT_DONE;

	for (i = 0; i < g->nr && !ret && !interrupted(g); i++) {
		struct group_member *m = &g->members[i];
		uint64_t ticks;

		if (m->absent)
			continue;
		for (k = 0; k < g->nr; k++)
			g->members[k].taking_part = k == i;
		m->run = m->desc;
		snprintf(what, sizeof(what), "%s on %s alone", label, m->s->device.name);
		detail("%s", what);
		ret = execute(g, what, o->quiet);
		if (ret)
			break;
		ticks = run_ticks(&m->outcome);
		if (ticks && run_ended_well(m->outcome.end))
			m->alone_ops_per_s = (double)run_total_ops(&m->outcome) *
					     (double)m->t->clock_hz / (double)ticks;
		m->out = false;
		run_outcome_free(&m->outcome);
	}
	return ret;
}
