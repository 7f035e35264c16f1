// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/spaces.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"

/**
 * struct answer - what a process says when its arena is ready
 * @failed: the arena is not ready
 * @base: address of the arena
 * @e: why it is not ready
 */
struct answer {
	int failed;
	char *base;
	struct error e;
};

/* In the process: ends with its last command, or with its parent. */
static void serve(struct arena a, int from, int to, pid_t parent)
{
	struct answer answer = { 0 };
	char word;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	answer.failed = arena_open(&a, &answer.e);
	while (read(from, &word, 1) == 1) {
		if (!answer.failed)
			answer.failed = arena_arm(&a, &answer.e);
		if (!answer.failed && a.kind == ARENA_MPROTECT)
			answer.failed = arena_upgrade(&a, &answer.e);
		answer.base = a.base;
		if (write(to, &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	_exit(0);
}

/* Nothing of the parent's may stay open: neither the device nor others' pipes. */
static void keep_only(int *from, int *to)
{
	int keep[2] = { fcntl(*from, F_DUPFD, 3), fcntl(*to, F_DUPFD, 3) };
	int fd, last = (int)sysconf(_SC_OPEN_MAX);

	for (fd = 3; fd < last && fd < 65536; fd++)
		if (fd != keep[0] && fd != keep[1])
			close(fd);
	*from = keep[0];
	*to = keep[1];
}

int spaces_start(struct spaces *s, unsigned int nr, const struct arena *arena, struct error *e)
{
	int to[2], from[2];
	pid_t pid, parent = getpid();

	*s = (struct spaces){
		.pids = xcalloc(nr, sizeof(*s->pids)),
		.to = xcalloc(nr, sizeof(*s->to)),
		.from = xcalloc(nr, sizeof(*s->from)),
	};
	while (s->nr < nr) {
		if (pipe2(to, O_CLOEXEC))
			return error_set(e, "no pipe for process %u: %s", s->nr, strerror(errno));
		if (pipe2(from, O_CLOEXEC)) {
			close(to[0]);
			close(to[1]);
			return error_set(e, "no pipe for process %u: %s", s->nr, strerror(errno));
		}
		pid = fork();
		if (pid == 0) {
			keep_only(&to[0], &from[1]);
			serve(arena_of_space(arena, s->nr), to[0], from[1], parent);
		}
		close(to[0]);
		close(from[1]);
		if (pid < 0) {
			close(to[1]);
			close(from[0]);
			return error_set(e, "process %u of %u cannot be started: %s", s->nr + 1,
					 nr, strerror(errno));
		}
		s->to[s->nr] = to[1];
		s->from[s->nr] = from[0];
		s->pids[s->nr++] = (uint32_t)pid;
	}
	return 0;
}

int spaces_arm(struct spaces *s, struct arena *arena, struct error *e)
{
	struct answer answer;
	unsigned int i;

	/* All at once, then wait for all. */
	for (i = 0; i < s->nr; i++)
		if (write(s->to[i], "a", 1) != 1)
			return error_set(e, "process %u has gone: %s", s->pids[i], strerror(errno));
	for (i = 0; i < s->nr; i++) {
		if (read(s->from[i], &answer, sizeof(answer)) != sizeof(answer))
			return error_set(e, "process %u has gone", s->pids[i]);
		if (answer.failed) {
			*e = answer.e;
			return -1;
		}
		if (i && answer.base != arena->base)
			return error_set(e, "the processes' memory is not at the same address");
		arena->base = answer.base;
	}
	return 0;
}

void spaces_stop(struct spaces *s)
{
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		close(s->to[i]);
		close(s->from[i]);
		kill((pid_t)s->pids[i], SIGKILL);
	}
	for (i = 0; i < s->nr; i++)
		while (waitpid((pid_t)s->pids[i], NULL, 0) < 0 && errno == EINTR)
			;
	free(s->pids);
	free(s->to);
	free(s->from);
	*s = (struct spaces){ 0 };
}
