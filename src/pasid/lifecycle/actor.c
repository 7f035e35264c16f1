// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that have their address space bound: their own side first, then the caller's.
 */
#include "pasid/lifecycle/actor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pasid/commands.h"

/* A process that does not answer for so long never will. */
#define ANSWER_MS		20000

int lifecycle_after_exec(void)
{
	/* Whoever started this kills it. */
	for (;;)
		pause();
}

static void actor_exec(const struct device *d)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
	int fd = pasid_open(d, O_CLOEXEC);

	if (fd < 0 || pasid_bind(fd, &bind, NULL))
		_exit(1);
	execl("/proc/self/exe", "iommubench", "pasid", LIFECYCLE_AFTER_EXEC, (char *)NULL);
	_exit(1);
}

static void actor_fork(int out)
{
	pid_t pid = fork();

	if (!pid)
		lifecycle_after_exec();
	if (write(out, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	pause();
}

static void actor_unbind(int fd, uint32_t id, int out)
{
	struct iommubench_pasid_unbind unbind = { .id = id };
	int ret = pasid_unbind(fd, &unbind);

	if (write(out, &ret, sizeof(ret)) != sizeof(ret))
		_exit(1);
	pause();
}

static void actor_churn(int fd, uint32_t id)
{
	struct iommubench_pasid_unbind first = { .id = id };

	/* As long as it is bound, others would only take a reference. */
	if (pasid_unbind(fd, &first))
		_exit(1);
	for (;;) {
		struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
		struct iommubench_pasid_unbind unbind = { 0 };

		if (pasid_bind(fd, &bind, NULL))
			_exit(1);
		unbind.id = bind.id;
		if (pasid_unbind(fd, &unbind))
			_exit(1);
	}
}

static void actor_main(const struct device *d, enum role as, int in, int out, pid_t parent)
	__attribute__((noreturn));

static void actor_main(const struct device *d, enum role as, int in, int out, pid_t parent)
{
	struct iommubench_pasid_bind bind = { .kind = IOMMUBENCH_PASID_SVA };
	struct hello hello = { 0 };
	struct pasid_page page = { NULL };
	char go;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	/* Only the two pipes of all that the caller has open; they are the last ones. */
	dup2(in, 3);
	dup3(out, 4, O_CLOEXEC);
	close_range(5, ~0U, 0);
	fd = pasid_open(d, 0);
	hello.error = fd < 0 ? fd : pasid_page_get(&page);
	if (!hello.error)
		hello.error = pasid_bind(fd, &bind, NULL);
	hello.id = bind.id;
	hello.pasid = bind.pasid;
	hello.address = (uintptr_t)page.word;
	hello.mark = (uint64_t)getpid() << 32 | 1;
	if (page.word)
		*page.word = hello.mark;
	if (write(4, &hello, sizeof(hello)) != sizeof(hello) || hello.error)
		_exit(1);
	if (as == ROLE_CHURN)
		actor_churn(fd, hello.id);
	if (read(3, &go, 1) != 1)
		_exit(1);
	switch (as) {
	case ROLE_EXEC:
		actor_exec(d);
		break;
	case ROLE_FORK:
		actor_fork(4);
		break;
	case ROLE_UNBIND:
		actor_unbind(fd, hello.id, 4);
		break;
	default:
		break;
	}
	_exit(as == ROLE_EXIT ? 0 : 1);
}

bool actor_answer(int fd, void *buf, size_t n)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, ANSWER_MS) > 0 && read(fd, buf, n) == (ssize_t)n;
}

void actor_end(struct actor *a, struct lifecycle_outcome *o)
{
	if (a->pid <= 0)
		return;
	kill(a->pid, SIGKILL);
	waitpid(a->pid, NULL, 0);
	close(a->to);
	close(a->from);
	a->pid = 0;
	o->processes++;
}

int actor_start(struct actor *a, const struct device *d, enum role as, struct lifecycle_outcome *o)
{
	int in[2], out[2], err;
	pid_t parent = getpid();

	memset(a, 0, sizeof(*a));
	if (pipe2(in, O_CLOEXEC))
		return -errno;
	if (pipe2(out, O_CLOEXEC)) {
		err = -errno;
		close(in[0]);
		close(in[1]);
		return err;
	}
	fflush(NULL);
	a->pid = fork();
	err = -errno;
	if (!a->pid)
		actor_main(d, as, in[0], out[1], parent);
	close(in[0]);
	close(out[1]);
	a->to = in[1];
	a->from = out[0];
	if (a->pid < 0) {
		close(a->to);
		close(a->from);
		return err;
	}
	err = actor_answer(a->from, &a->hello, sizeof(a->hello)) ? a->hello.error : -ETIMEDOUT;
	if (err)
		actor_end(a, o);
	return err;
}

bool actor_must_start(struct actor *a, const struct device *d, enum role as,
		      struct lifecycle_outcome *o)
{
	int err = actor_start(a, d, as, o);

	if (err)
		FAILED(o, "a process cannot be bound: %s", strerror(-err));
	return !err;
}

bool actor_go_on(const struct actor *a, struct lifecycle_outcome *o)
{
	if (write(a->to, "", 1) == 1)
		return true;
	FAILED(o, "process %d does not listen", a->pid);
	return false;
}
