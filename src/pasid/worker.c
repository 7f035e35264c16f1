// SPDX-License-Identifier: GPL-2.0-only
/*
 * One process of a churn, and its threads.
 */
#include "pasid/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "pasid/commands.h"
#include "pasid/plan.h"
#include "text/progress.h"

#define POLL_US			200
/* PASIDs of killed processes come back after a grace period. */
#define RETRY_US		1000
#define RETRY_LIMIT_NS		5000000000ULL
/* An unbound PASID that is read for longer will never be refused. */
#define LIVE_LIMIT_NS		1000000000ULL

/**
 * struct thread - one thread of this process
 * @plan: the plan
 * @d: the device
 * @shared: the shared memory
 * @worker: its place there
 * @index: its number over all processes
 * @budget: binds that it is to count, where the plan has a count; with few of them some have none
 * @fd: its own file
 * @page: SVA: what the device reads, at the same address in all processes
 * @held: SVA, shared: the bind that the others only take references to; DOMAIN, shared: the
 *	one that keeps the domain
 * @reserved: ids of its reservations
 * @next: which of them is next
 * @live: the device reads through its unbinds
 */
struct thread {
	const struct churn_plan *plan;
	const struct device *d;
	struct churn_shared *shared;
	struct churn_worker *worker;
	unsigned int index;
	uint64_t budget;
	int fd;
	struct pasid_page page;
	struct iommubench_pasid_bind held;
	uint32_t *reserved;
	unsigned int next;
	bool live;
};

static uint32_t stage(const struct thread *t)
{
	return __atomic_load_n(&t->shared->stage, __ATOMIC_ACQUIRE);
}

/* Waits when the caller is behind; the sample is there as a whole once head has moved. */
static void put_sample(struct thread *t, uint32_t what, uint64_t value, uint32_t pasid)
{
	struct churn_worker *w = t->worker;

	while (w->head - __atomic_load_n(&w->tail, __ATOMIC_ACQUIRE) == CHURN_RING)
		usleep(POLL_US);
	w->ring[w->head % CHURN_RING] = (struct churn_sample){
		.what = what,
		.pasid = pasid,
		.value = value,
	};
	__atomic_store_n(&w->head, w->head + 1, __ATOMIC_RELEASE);
}

static int failed(struct thread *t, int err, const char *what)
{
	if (!*t->worker->message)
		snprintf(t->worker->message, sizeof(t->worker->message), "%s: %s", what,
			 strerror(-err));
	__atomic_store_n(&t->worker->error, -err, __ATOMIC_RELEASE);
	return err;
}

/* Binds; waits for PASIDs that are on their way back when that can help. */
static int bind_one(struct thread *t, struct iommubench_pasid_bind *bind)
{
	uint64_t deadline = 0;
	int ret;

	for (;;) {
		ret = pasid_bind(t->fd, bind, t->worker->message);
		if (ret != -ENOSPC && ret != -EBUSY)
			break;
		if (!deadline)
			deadline = monotonic_ns() + RETRY_LIMIT_NS;
		if (!t->plan->kill_mhz || monotonic_ns() > deadline || stage(t) == CHURN_STOP)
			break;
		put_sample(t, CHURN_RETRY, 1, 0);
		usleep(RETRY_US);
	}
	return ret ? failed(t, ret, "cannot bind") : 0;
}

/* What each bind of this thread asks for. */
static struct iommubench_pasid_bind next_bind(struct thread *t)
{
	struct iommubench_pasid_bind bind = { .kind = t->plan->kind };

	if (t->plan->kind != IOMMUBENCH_PASID_DOMAIN)
		return bind;
	if (t->plan->shared)
		bind.flags = IOMMUBENCH_PASID_SAME_DOMAIN;
	if (t->plan->reuse) {
		bind.reserved_id = t->reserved[t->next] + 1;
		t->next = (t->next + 1) % t->plan->reuse;
	}
	return bind;
}

/* What the device has to find with a PASID: in no other address space the same is there. */
static uint64_t mark_of(const struct thread *t, const struct iommubench_pasid_bind *bind)
{
	return t->page.word ? *t->page.word : bind->mark;
}

/* Reads once; @count: it is the first use that is measured. */
static int use(struct thread *t, const struct iommubench_pasid_bind *bind, uint64_t address,
	       bool count)
{
	struct iommubench_pasid_access access = {
		.pasid = bind->pasid,
		.address = address,
		.mark = mark_of(t, bind),
	};
	int ret = pasid_access(t->fd, &access);

	if (ret)
		return failed(t, ret, "cannot have the device read");
	if (count && access.mark && access.refused != IOMMUBENCH_PASID_REFUSED)
		put_sample(t, access.refused == IOMMUBENCH_PASID_OTHER ? CHURN_WRONG_SPACE :
			   CHURN_RIGHT_SPACE, 1, 0);
	if (access.refused == IOMMUBENCH_PASID_REFUSED) {
		snprintf(t->worker->message, sizeof(t->worker->message),
			 "the device was refused with PASID %u, which is bound", bind->pasid);
		return failed(t, -EFAULT, "");
	}
	if (count)
		put_sample(t, CHURN_FIRST_USE, access.device_ns, 0);
	return 0;
}

static void put_unbind(struct thread *t, const struct iommubench_pasid_unbind *unbind)
{
	if (unbind->refused != IOMMUBENCH_PASID_NOT_TRIED)
		put_sample(t, unbind->refused == IOMMUBENCH_PASID_REFUSED ? CHURN_REFUSED :
			   CHURN_GOT_THROUGH, 1, 0);
	if (t->live) {
		put_sample(t, CHURN_EXPOSURE, unbind->exposure_ticks, 0);
		put_sample(t, CHURN_ACCESSES, unbind->accesses, 0);
		put_sample(t, CHURN_ERROR_TICKS, unbind->error_ticks, 0);
	}
	put_sample(t, CHURN_UNBIND, unbind->ticks, 0);
}

static int churn_once(struct thread *t, bool count)
{
	struct iommubench_pasid_bind bind = next_bind(t);
	struct iommubench_pasid_unbind unbind = {
		.limit_ns = LIVE_LIMIT_NS,
		.interval_ns = t->plan->interval_ns,
	};
	int ret;

	ret = bind_one(t, &bind);
	if (ret)
		return ret;
	if (count)
		put_sample(t, CHURN_BIND, bind.ticks, bind.pasid);
	unbind.id = bind.id;
	unbind.mark = mark_of(t, &bind);
	unbind.address = t->page.word ? (uintptr_t)t->page.word : bind.address;
	if (t->plan->use == CHURN_USE_READ) {
		ret = use(t, &bind, unbind.address, count);
		if (ret)
			return ret;
		if (churn_may_check(t->plan))
			unbind.flags = IOMMUBENCH_PASID_PROBE;
	}
	if (t->live)
		unbind.flags = IOMMUBENCH_PASID_WATCH | IOMMUBENCH_PASID_PROBE;
	ret = pasid_unbind(t->fd, &unbind);
	if (ret)
		return failed(t, ret, "cannot unbind");
	if (count)
		put_unbind(t, &unbind);
	return 0;
}

static void pin(const struct thread *t)
{
	const struct placement *p = t->plan->placement;
	uint32_t cpu = p->cpus[t->index % p->nr];
	cpu_set_t *set = CPU_ALLOC(cpu + 1);

	if (!set)
		return;
	CPU_ZERO_S(CPU_ALLOC_SIZE(cpu + 1), set);
	CPU_SET_S(cpu, CPU_ALLOC_SIZE(cpu + 1), set);
	/* A CPU that went offline meanwhile: anywhere then. */
	(void)sched_setaffinity(0, CPU_ALLOC_SIZE(cpu + 1), set);
	CPU_FREE(set);
}

static int reserve(struct thread *t)
{
	unsigned int i;
	int ret;

	if (!t->plan->reuse)
		return 0;
	t->reserved = calloc(t->plan->reuse, sizeof(*t->reserved));
	if (!t->reserved)
		return failed(t, -ENOMEM, "no memory");
	for (i = 0; i < t->plan->reuse; i++) {
		struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_RESERVE };

		ret = bind_one(t, &bind);
		if (ret)
			return ret;
		t->reserved[i] = bind.id;
	}
	return 0;
}

static int prepare(struct thread *t)
{
	int ret;

	pin(t);
	t->fd = pasid_open(t->d, O_CLOEXEC);
	if (t->fd < 0)
		return failed(t, t->fd, "cannot open the device");
	if (t->plan->kind == IOMMUBENCH_PASID_SVA) {
		ret = pasid_page_get(&t->page);
		if (ret)
			return failed(t, ret, "cannot lock a page");
		*t->page.word = (uint64_t)getpid() << 32 | t->index << 1 | 1;
	}
	ret = reserve(t);
	if (ret || !t->plan->shared)
		return ret;
	t->held.kind = t->plan->kind;
	return bind_one(t, &t->held);
}

static void churn(struct thread *t)
{
	struct churn_worker *w = t->worker;
	uint32_t now;

	while ((now = stage(t)) != CHURN_STOP) {
		if (now == CHURN_WAIT) {
			usleep(POLL_US);
			continue;
		}
		if (now == CHURN_COUNTING && t->plan->count && w->ops >= t->budget)
			break;
		if (now == CHURN_COUNTING && !w->started_ns)
			w->started_ns = monotonic_ns();
		if (churn_once(t, now == CHURN_COUNTING))
			break;
		if (now == CHURN_COUNTING) {
			w->ended_ns = monotonic_ns();
			__atomic_store_n(&w->ops, w->ops + 1, __ATOMIC_RELAXED);
		}
	}
}

static void *thread_main(void *arg)
{
	struct thread *t = arg;

	if (!prepare(t)) {
		__atomic_store_n(&t->worker->state, CHURN_READY, __ATOMIC_RELEASE);
		churn(t);
	}
	if (t->fd >= 0)
		close(t->fd);
	free(t->reserved);
	__atomic_store_n(&t->worker->state, CHURN_DONE, __ATOMIC_RELEASE);
	return NULL;
}

/* @n shares of @total; the first ones get what is left over. */
static uint64_t share(uint64_t total, unsigned int n, unsigned int i)
{
	uint64_t part = total / n + (i < total % n);

	return total && !part ? 1 : part;
}

void churn_process(const struct churn_plan *plan, const struct device *d,
		   struct churn_shared *shared, unsigned int process, int parent)
{
	struct thread *threads = calloc(plan->threads, sizeof(*threads));
	pthread_t *ids = calloc(plan->threads, sizeof(*ids));
	unsigned int i, started;
	bool bad = !threads || !ids;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	/* What the caller has open, a lock among it, does not last as long as this. */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	for (i = 0; !bad && i < plan->threads; i++) {
		struct thread *t = &threads[i];

		t->plan = plan;
		t->d = d;
		t->shared = shared;
		t->index = process * plan->threads + i;
		t->worker = &shared->workers[t->index];
		t->budget = share(plan->count, plan->processes * plan->threads, t->index);
		t->fd = -1;
		t->live = plan->use == CHURN_USE_LIVE && !t->index;
	}
	for (started = 1; !bad && started < plan->threads; started++)
		if (pthread_create(&ids[started], NULL, thread_main, &threads[started])) {
			failed(&threads[started], -EAGAIN, "cannot start a thread");
			bad = true;
			break;
		}
	if (!bad)
		thread_main(&threads[0]);
	for (i = 1; !bad && i < started; i++)
		pthread_join(ids[i], NULL);
	_exit(bad ? 1 : 0);
}
