// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/phases.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sysfs.h"
#include "pasid/commands.h"
#include "pasid/plan.h"
#include "run/link.h"

/* Binds in a round, where one process can have several and there are as many PASIDs. */
#define BLOCK			16U
/* Binds in all rounds that are counted, about, and least of these. */
#define COUNTED_BINDS		16U
#define MIN_ROUNDS		4U
/* Lists of commands that an operation causes at most. */
#define LISTS_PER_OP		16
/* Until the process stands still again: looks, and from one to the next. */
#define STILL_LOOKS		20000
#define STILL_LOOK_US		50

/* What the process is told to do. */
enum step {
	NOTHING,
	BIND,
	FIRST_USE,
	UNBIND,
	STEPS,
};

static const char *const names[STEPS] = {
	[NOTHING] = COUNTERS_NOTHING,
	[BIND] = "bind",
	[FIRST_USE] = "first_use",
	[UNBIND] = "unbind",
};

/**
 * struct answer - how it went
 * @err: negative errno, 0 when it did
 * @block: binds in a round
 * @message: what that says
 */
struct answer {
	int err;
	unsigned int block;
	char message[IOMMUBENCH_MESSAGE_BYTES];
};

/**
 * struct binder - the process that binds
 * @plan: what is bound, and how
 * @fd: its own file
 * @page: SVA: what the device reads
 * @block: binds in a round
 * @binds: the binds that are not undone yet
 */
struct binder {
	const struct churn_plan *plan;
	int fd;
	struct pasid_page page;
	unsigned int block;
	struct iommubench_pasid_bind binds[BLOCK];
};

/* Several binds of a process but the first are references only, so that fresh ones come alone. */
static unsigned int binds_of_round(const struct churn_plan *plan)
{
	return plan->kind == IOMMUBENCH_PASID_SVA && !plan->shared ? 1 : BLOCK;
}

static int get_ready(struct binder *b, const struct device *d, char *message)
{
	struct iommubench_pasid_bind held = { .kind = b->plan->kind };
	const struct placement *p = b->plan->placement;
	uint32_t cpu = p->cpus[0];
	cpu_set_t *set = CPU_ALLOC(cpu + 1);
	int ret;

	if (set) {
		CPU_ZERO_S(CPU_ALLOC_SIZE(cpu + 1), set);
		CPU_SET_S(cpu, CPU_ALLOC_SIZE(cpu + 1), set);
		/* A CPU that went offline meanwhile: anywhere then. */
		(void)sched_setaffinity(0, CPU_ALLOC_SIZE(cpu + 1), set);
		CPU_FREE(set);
	}
	/* By that name its commands are told from others'. */
	prctl(PR_SET_NAME, "iommubench/pasid");
	b->fd = pasid_open(d, O_CLOEXEC);
	if (b->fd < 0)
		return b->fd;
	ret = b->plan->kind == IOMMUBENCH_PASID_SVA ? pasid_page_get(&b->page) : 0;
	if (ret || !b->plan->shared)
		return ret;
	return pasid_bind(b->fd, &held, message);
}

static int do_one(struct binder *b, enum step what, struct iommubench_pasid_bind *bind,
		  char *message)
{
	struct iommubench_pasid_unbind unbind = { .id = bind->id };
	struct iommubench_pasid_access access = {
		.pasid = bind->pasid,
		.address = b->page.word ? (uintptr_t)b->page.word : bind->address,
	};
	int ret;

	switch (what) {
	case BIND:
		*bind = (struct iommubench_pasid_bind){ .kind = b->plan->kind };
		if (b->plan->kind == IOMMUBENCH_PASID_DOMAIN && b->plan->shared)
			bind->flags = IOMMUBENCH_PASID_SAME_DOMAIN;
		return pasid_bind(b->fd, bind, message);
	case FIRST_USE:
		ret = pasid_access(b->fd, &access);
		return !ret && access.refused != IOMMUBENCH_PASID_GOT_THROUGH ? -EFAULT : ret;
	case UNBIND:
		return pasid_unbind(b->fd, &unbind);
	default:
		return 0;
	}
}

/* What is bound all the time may leave fewer PASIDs than a round would like to have. */
static bool few_left(int err)
{
	return err == -ENOSPC || err == -EMFILE || err == -EBUSY;
}

static int do_block(struct binder *b, enum step what, char *message)
{
	unsigned int i;
	int ret;

	for (i = 0; i < b->block; i++) {
		ret = do_one(b, what, &b->binds[i], message);
		if (ret && what == BIND && i && few_left(ret))
			b->block = i;
		else if (ret)
			return ret;
	}
	return 0;
}

static void bind_as_told(struct binder *b, const struct device *d, int channel)
{
	struct answer answer = { 0 };
	uint8_t step;

	answer.err = get_ready(b, d, answer.message);
	answer.block = b->block;
	/* The caller's end of the channel is gone when it is enough. */
	while (write(channel, &answer, sizeof(answer)) == sizeof(answer) &&
	       read(channel, &step, sizeof(step)) == sizeof(step)) {
		answer.err = step == NOTHING ? 0 : do_block(b, (enum step)step, answer.message);
		answer.block = b->block;
	}
}

/* A process of its own, because it must not run while counters are switched. */
static pid_t start(const struct churn_plan *plan, const struct device *d, int *channel)
{
	struct binder b = { .plan = plan, .block = binds_of_round(plan) };
	pid_t parent = getpid(), pid;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent) {
			dup2(ends[1], STDERR_FILENO + 1);
			/* What the caller has open does not last as long as this. */
			close_range(STDERR_FILENO + 2, ~0U, 0);
			bind_as_told(&b, d, STDERR_FILENO + 1);
		}
		_exit(0);
	}
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	*channel = ends[0];
	return pid;
}

static bool is_asleep(pid_t pid)
{
	char text[256];
	const char *state;

	/* The state is behind the name, which may have anything in it. */
	if (sysfs_read(text, sizeof(text), "/proc/%d/stat", (int)pid))
		return false;
	state = strrchr(text, ')');
	return state && state[1] && state[2] == 'S';
}

/* Waits until the process has answered and stands still. Return: 0 or -1 with @why set. */
static int wait_for_answer(pid_t pid, int channel, unsigned int *block, struct error *why)
{
	struct answer answer = { 0 };
	unsigned int i;
	ssize_t n;

	do
		n = recv(channel, &answer, sizeof(answer), MSG_WAITALL);
	while (n < 0 && errno == EINTR);
	answer.message[sizeof(answer.message) - 1] = '\0';
	if (n != sizeof(answer))
		return error_set(why, "the process that binds ended unexpectedly");
	if (answer.err)
		return error_set(why, "%s", *answer.message ? answer.message :
				 strerror(-answer.err));
	*block = answer.block;
	for (i = 0; i < STILL_LOOKS && !is_asleep(pid); i++)
		usleep(STILL_LOOK_US);
	return i < STILL_LOOKS ? 0 : error_set(why, "the process that binds does not stand still");
}

/* @kind is COUNTERS_RUNS in the first round, which warms up and finds @block. */
static int do_step(enum step what, struct counters *c, unsigned int kind, unsigned int *block,
		   pid_t pid, int channel, struct error *why)
{
	const uint32_t tid = (uint32_t)pid;
	struct counters *own = NULL;
	uint8_t told = what;
	int ret;

	if (kind < COUNTERS_RUNS) {
		own = counters_phase(c, names[what]);
		counters_add_ops(own, (enum counters_run)kind, 0, what ? *block : 0);
		counters_begin(own, (enum counters_run)kind, &tid, 1, *block * LISTS_PER_OP,
			       false);
	}
	/* A process that is gone is noticed by its answer. */
	(void)send(channel, &told, sizeof(told), MSG_NOSIGNAL);
	ret = wait_for_answer(pid, channel, block, why);
	if (own)
		counters_end(own);
	return ret;
}

static int do_round(const struct churn_plan *plan, struct counters *c, unsigned int kind,
		    unsigned int *block, pid_t pid, int channel, struct error *why)
{
	enum step step;
	int ret = 0;

	for (step = NOTHING; step < STEPS && !ret; step++)
		if (step != FIRST_USE || plan->use != CHURN_USE_NONE)
			ret = do_step(step, c, kind, block, pid, channel, why);
	return ret;
}

static int do_rounds(const struct churn_plan *plan, struct counters *c, struct run_link *link,
		     pid_t pid, int channel, struct error *why)
{
	unsigned int block, rounds = 0, kind, i;
	int ret = wait_for_answer(pid, channel, &block, why);

	if (!ret)
		ret = do_round(plan, c, COUNTERS_RUNS, &block, pid, channel, why);
	if (!ret)
		rounds = COUNTED_BINDS / block > MIN_ROUNDS ? COUNTED_BINDS / block : MIN_ROUNDS;
	for (kind = 0; kind < COUNTERS_RUNS; kind++)
		for (i = 0; i < rounds && !ret && counters_wants(c, (enum counters_run)kind); i++) {
			if (run_interrupted(link))
				return error_set(why, "that run was stopped");
			ret = do_round(plan, c, kind, &block, pid, channel, why);
		}
	return ret;
}

void pasid_phases(const struct churn_plan *plan, const struct device *d, struct run_link *link,
		  struct counters *c)
{
	struct error why = { "" };
	int channel, ret;
	pid_t pid;

	pid = start(plan, d, &channel);
	if (pid < 0) {
		counters_drop_phases(c, "nothing is counted by phase: cannot start a process: %s",
				     strerror(errno));
		return;
	}
	ret = do_rounds(plan, c, link, pid, channel, &why);
	close(channel);
	counters_end_phases(c);
	/* What it has bound goes with it, before anybody looks for leaks. */
	waitpid(pid, NULL, 0);
	if (ret)
		counters_drop_phases(c, "nothing is counted by phase: %s", why.text);
}
