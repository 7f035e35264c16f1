// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/churn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "pasid/commands.h"
#include "pasid/plan.h"
#include "pasid/worker.h"
#include "text/progress.h"

/* How often the rings are emptied. */
#define DRAIN_MS		2
/* After this long a process that was told to stop is killed. */
#define STOP_LIMIT_NS		20000000000ULL
#define READY_LIMIT_NS		60000000000ULL

/* Samples of one bind and its unbind. */
#define PENDING		10

/**
 * struct pending - what a thread has told of a bind that is not undone yet
 * @n: entries of @samples that are in use
 * @samples: what it has told, in order
 * @ops: binds that it has told all of
 */
struct pending {
	unsigned int n;
	struct churn_sample samples[PENDING];
	uint64_t ops;
};

/**
 * struct churn - a churn under way
 * @plan: the plan
 * @d: the device
 * @o: what came out
 * @shared: the shared memory
 * @bytes: size of the shared memory
 * @pids: the processes, 0 where there is none
 * @pending: what each thread has told, by thread
 * @last: by thread, then PASID: its bind, from 1, that used the PASID last
 * @max_pasids: entries of each array at @last
 * @binds: by thread: binds whose PASID was noted
 * @random: state of the generator
 * @next_kill_ns: when the next process dies
 */
struct churn {
	const struct churn_plan *plan;
	const struct device *d;
	struct churn_outcome *o;
	struct churn_shared *shared;
	size_t bytes;
	pid_t *pids;
	struct pending *pending;
	uint32_t **last;
	uint32_t max_pasids;
	uint64_t *binds;
	uint64_t random;
	uint64_t next_kill_ns;
};

static unsigned int nr_workers(const struct churn *c)
{
	return c->plan->processes * c->plan->threads;
}

/* xorshift64*, Vigna 2016. */
static uint64_t random_next(struct churn *c)
{
	c->random ^= c->random >> 12;
	c->random ^= c->random << 25;
	c->random ^= c->random >> 27;
	return c->random * 0x2545f4914f6cdd1dULL;
}

static void note_pasid(struct churn *c, unsigned int i, uint32_t pasid)
{
	uint64_t now = ++c->binds[i];

	if (pasid >= c->max_pasids)
		return;
	if (!c->last[i])
		c->last[i] = xcalloc(c->max_pasids, sizeof(*c->last[i]));
	if (c->last[i][pasid])
		iommubench_hist_add(&c->o->phases[CHURN_REUSE],
				    (uint32_t)now - c->last[i][pasid]);
	c->last[i][pasid] = (uint32_t)now;
}

static void take_sample(struct churn *c, unsigned int i, const struct churn_sample *s)
{
	switch (s->what) {
	case CHURN_REFUSED:
		c->o->refused++;
		break;
	case CHURN_GOT_THROUGH:
		c->o->got_through++;
		break;
	case CHURN_RIGHT_SPACE:
		c->o->right_space++;
		break;
	case CHURN_WRONG_SPACE:
		c->o->wrong_space++;
		break;
	case CHURN_RETRY:
		c->o->retries++;
		break;
	case CHURN_ERROR_TICKS:
		if (s->value > c->o->error_ticks)
			c->o->error_ticks = s->value;
		break;
	default:
		if (s->what == CHURN_BIND)
			note_pasid(c, i, s->pasid);
		if (s->what < CHURN_PHASES)
			iommubench_hist_add(&c->o->phases[s->what], s->value);
	}
}

/* Counts a bind when all of it is there: a process may be killed in the middle of one. */
static void keep_sample(struct churn *c, unsigned int i, const struct churn_sample *s)
{
	struct pending *p = &c->pending[i];
	unsigned int n;

	if (s->what == CHURN_RETRY) {
		take_sample(c, i, s);
		return;
	}
	if (s->what == CHURN_BIND)
		p->n = 0;
	if (p->n < PENDING)
		p->samples[p->n++] = *s;
	if (s->what != CHURN_UNBIND)
		return;
	for (n = 0; n < p->n; n++)
		take_sample(c, i, &p->samples[n]);
	p->n = 0;
	p->ops++;
}

static void drain(struct churn *c)
{
	unsigned int i;

	for (i = 0; i < nr_workers(c); i++) {
		struct churn_worker *w = &c->shared->workers[i];
		uint64_t head = __atomic_load_n(&w->head, __ATOMIC_ACQUIRE);

		while (w->tail != head) {
			keep_sample(c, i, &w->ring[w->tail % CHURN_RING]);
			__atomic_store_n(&w->tail, w->tail + 1, __ATOMIC_RELEASE);
		}
	}
}

/* Return: 0 or a negative errno. */
static int start_process(struct churn *c, unsigned int process)
{
	pid_t parent = getpid(), pid;
	unsigned int i;

	for (i = 0; i < c->plan->threads; i++) {
		struct churn_worker *w = &c->shared->workers[process * c->plan->threads + i];

		w->state = CHURN_STARTING;
		*w->message = '\0';
	}
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		churn_process(c->plan, c->d, c->shared, process, parent);
	c->pids[process] = pid;
	c->o->processes++;
	return 0;
}

static void set_stage(struct churn *c, enum churn_stage stage)
{
	__atomic_store_n(&c->shared->stage, stage, __ATOMIC_RELEASE);
}

/* Notes the first error of any thread. Return: whether there is one. */
static bool any_error(struct churn *c)
{
	unsigned int i;

	for (i = 0; i < nr_workers(c) && !c->o->error; i++) {
		struct churn_worker *w = &c->shared->workers[i];

		c->o->error = __atomic_load_n(&w->error, __ATOMIC_ACQUIRE);
		if (c->o->error)
			snprintf(c->o->message, sizeof(c->o->message), "%.*s",
				 (int)sizeof(w->message) - 1, w->message);
	}
	return c->o->error;
}

/* Return: whether all threads have come at least that far. */
static bool all_are(const struct churn *c, enum churn_worker_state state)
{
	unsigned int i;

	for (i = 0; i < nr_workers(c); i++)
		if (__atomic_load_n(&c->shared->workers[i].state, __ATOMIC_ACQUIRE) < state)
			return false;
	return true;
}

static bool interrupted(const struct churn *c)
{
	struct signalfd_siginfo info;

	return read(c->plan->signals, &info, sizeof(info)) == sizeof(info);
}

/* A process that ended by itself before it was done has failed, whatever it says. */
static bool any_died(struct churn *c)
{
	unsigned int i;
	int status;

	for (i = 0; i < c->plan->processes; i++) {
		if (c->pids[i] <= 0 || waitpid(c->pids[i], &status, WNOHANG) != c->pids[i])
			continue;
		c->pids[i] = 0;
		if (WIFEXITED(status) && !WEXITSTATUS(status))
			continue;
		if (!any_error(c)) {
			c->o->error = ECHILD;
			snprintf(c->o->message, sizeof(c->o->message),
				 "process %u of the churn ended unexpectedly, with status 0x%x",
				 i, (unsigned int)status);
		}
		return true;
	}
	return false;
}

static void set_next_kill(struct churn *c)
{
	/* Up to twice the mean, so that it falls anywhere in a bind. */
	uint64_t mean = 1000000000000ULL / c->plan->kill_mhz;

	c->next_kill_ns = monotonic_ns() + random_next(c) % (2 * mean + 1);
}

static int kill_one(struct churn *c)
{
	unsigned int victim = (unsigned int)(random_next(c) % c->plan->processes);

	if (c->pids[victim] > 0) {
		kill(c->pids[victim], SIGKILL);
		waitpid(c->pids[victim], NULL, 0);
		c->pids[victim] = 0;
		c->o->kills++;
	}
	/* All that it wrote is read before another one writes there. */
	drain(c);
	set_next_kill(c);
	return start_process(c, victim);
}

static void show(struct churn *c, struct progress *progress, const char *word)
{
	uint64_t ops = 0;
	unsigned int i;

	for (i = 0; i < nr_workers(c); i++)
		ops += __atomic_load_n(&c->shared->workers[i].ops, __ATOMIC_RELAXED);
	progress_show(progress, word, ops);
}

/*
 * Waits for @until (0: no limit), or until all threads have come as far as @state.
 * Return: enum iommubench_end, NONE when the time is over.
 */
static int wait_for(struct churn *c, uint64_t until, enum churn_worker_state state,
		    struct progress *progress, const char *word)
{
	struct pollfd pollfd = { .fd = c->plan->signals, .events = POLLIN };
	bool killing = c->plan->kill_mhz && c->shared->stage == CHURN_COUNTING;
	uint64_t shown = 0;
	int ret;

	while (!until || monotonic_ns() < until) {
		drain(c);
		if (all_are(c, state))
			return any_error(c) ? IOMMUBENCH_END_ERROR : IOMMUBENCH_END_COUNT;
		if (any_error(c) || any_died(c))
			return IOMMUBENCH_END_ERROR;
		if (poll(&pollfd, 1, DRAIN_MS) > 0 && interrupted(c))
			return IOMMUBENCH_END_STOPPED;
		if (progress->on && monotonic_ns() - shown >= PROGRESS_INTERVAL_NS) {
			show(c, progress, word);
			shown = monotonic_ns();
		}
		if (!killing || monotonic_ns() < c->next_kill_ns)
			continue;
		ret = kill_one(c);
		if (ret) {
			c->o->error = -ret;
			snprintf(c->o->message, sizeof(c->o->message),
				 "cannot start a process: %s", strerror(-ret));
			return IOMMUBENCH_END_ERROR;
		}
	}
	return IOMMUBENCH_END_NONE;
}

/* Does all from the first process to the moment that they are told to stop. */
static int go(struct churn *c, struct progress *progress)
{
	const struct churn_plan *plan = c->plan;
	unsigned int i;
	int end;

	for (i = 0; i < plan->processes; i++) {
		int ret = start_process(c, i);

		if (ret) {
			c->o->error = -ret;
			snprintf(c->o->message, sizeof(c->o->message),
				 "cannot start process %u of %u: %s", i + 1, plan->processes,
				 strerror(-ret));
			return IOMMUBENCH_END_ERROR;
		}
	}
	end = wait_for(c, monotonic_ns() + READY_LIMIT_NS, CHURN_READY, progress, "preparing");
	if (end != IOMMUBENCH_END_COUNT) {
		if (end == IOMMUBENCH_END_NONE)
			snprintf(c->o->message, sizeof(c->o->message),
				 "the processes were not ready in time");
		return end == IOMMUBENCH_END_STOPPED ? end : IOMMUBENCH_END_ERROR;
	}
	if (plan->warmup_ns) {
		set_stage(c, CHURN_WARMUP);
		end = wait_for(c, monotonic_ns() + plan->warmup_ns, CHURN_DONE, progress,
			       "warming up");
		if (end != IOMMUBENCH_END_NONE)
			return end;
	}
	if (plan->kill_mhz)
		set_next_kill(c);
	set_stage(c, CHURN_COUNTING);
	end = wait_for(c, plan->duration_ns ? monotonic_ns() + plan->duration_ns : 0, CHURN_DONE,
		       progress, "running");
	return end == IOMMUBENCH_END_NONE ? IOMMUBENCH_END_TIME : end;
}

static void stop(struct churn *c)
{
	uint64_t deadline = monotonic_ns() + STOP_LIMIT_NS;
	unsigned int i;

	set_stage(c, CHURN_STOP);
	for (i = 0; i < c->plan->processes; i++) {
		while (c->pids[i] > 0 && waitpid(c->pids[i], NULL, WNOHANG) == 0) {
			drain(c);
			if (monotonic_ns() > deadline)
				kill(c->pids[i], SIGKILL);
			usleep(DRAIN_MS * 1000);
		}
		c->pids[i] = 0;
	}
	drain(c);
}

static void sum_up(struct churn *c)
{
	const struct placement *p = c->plan->placement;
	struct churn_outcome *o = c->o;
	uint64_t first = UINT64_MAX, last = 0;
	unsigned int i;

	o->nr_threads = nr_workers(c);
	o->threads = xcalloc(o->nr_threads, sizeof(*o->threads));
	for (i = 0; i < o->nr_threads; i++) {
		const struct churn_worker *w = &c->shared->workers[i];

		o->threads[i].cpu = p->cpus[i % p->nr];
		o->threads[i].ops = c->pending[i].ops;
		o->ops += c->pending[i].ops;
		if (!w->started_ns || w->ended_ns < w->started_ns)
			continue;
		o->threads[i].ns = w->ended_ns - w->started_ns;
		if (w->started_ns < first)
			first = w->started_ns;
		if (w->ended_ns > last)
			last = w->ended_ns;
	}
	o->ns = last > first ? last - first : 0;
}

int churn_run(const struct churn_plan *plan, const struct device *d, struct churn_outcome *o)
{
	struct churn c = { .plan = plan, .d = d, .o = o, .random = plan->seed + 1 };
	struct iommubench_pasid_info info;
	struct progress progress;
	unsigned int i;

	memset(o, 0, sizeof(*o));
	c.bytes = sizeof(*c.shared) + nr_workers(&c) * sizeof(c.shared->workers[0]);
	c.shared = mmap(NULL, c.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c.shared == MAP_FAILED)
		return error_fail(EXIT_UNABLE, "no memory to share with %u processes: %m",
				  plan->processes);
	if (!pasid_info(d->fd, &info))
		c.max_pasids = info.max_pasids;
	c.pids = xcalloc(plan->processes, sizeof(*c.pids));
	c.pending = xcalloc(nr_workers(&c), sizeof(*c.pending));
	c.last = xcalloc(nr_workers(&c), sizeof(*c.last));
	c.binds = xcalloc(nr_workers(&c), sizeof(*c.binds));

	progress_start(&progress, plan->label,
		       plan->duration_ns ? plan->duration_ns + plan->warmup_ns : 0, plan->count,
		       plan->quiet);
	o->end = go(&c, &progress);
	stop(&c);
	progress_end(&progress);
	if (o->error == ENODEV)
		o->end = IOMMUBENCH_END_REMOVED;
	sum_up(&c);

	for (i = 0; i < nr_workers(&c); i++)
		free(c.last[i]);
	free(c.binds);
	free(c.last);
	free(c.pending);
	free(c.pids);
	munmap(c.shared, c.bytes);
	return EXIT_DONE;
}

void churn_free(struct churn_outcome *o)
{
	free(o->threads);
	o->threads = NULL;
}
