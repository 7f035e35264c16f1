// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose address space a run of faults may be given: what ptrace() would allow, by the identity of
 * who prepares the run. Prints one line a check, in the words of TAP without numbers.
 */
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "../lib/bench_dev.h"

static struct bench b;

static void expect(uint32_t pid, int want, const char *name)
{
	uint32_t pids[1] = { pid };
	int got;

	bench_describe_iopf(&b, (void *)0x10000000, 1);
	b.iopf.pids = address(pids);
	b.iopf.nr_pids = 1;
	got = by_ioctl(&b, IOMMUBENCH_IOC_PREPARE, &b.run);
	if (got == want)
		printf("ok - %s\n", name);
	else
		printf("not ok - %s (got %d %s, expected %d: %s)\n", name, got,
		       strerror(-got), want, b.message);
}

enum who { ALIKE, OTHER_USER, SAVED_USER, OTHER_GROUP, SECRET, GRANDCHILD };

/* A process that is killed with this one. Return: its number, when it is what it is to be. */
static uint32_t start(enum who who)
{
	int ready[2];
	uint32_t pid;

	fflush(stdout);
	if (pipe(ready))
		exit(3);
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (who == GRANDCHILD && fork())
			pause();
		if ((who == OTHER_USER && setresuid(1000, 1000, 1000)) ||
		    (who == SAVED_USER && setresuid(0, 0, 1000)) ||
		    (who == OTHER_GROUP && setresgid(1000, 1000, 1000)))
			_exit(3);
		if (who != ALIKE && who != GRANDCHILD)
			prctl(PR_SET_DUMPABLE, who != SECRET);
		/* What it was before its identity changed does not keep it from being killed. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pid = (uint32_t)getpid();
		if (write(ready[1], &pid, sizeof(pid)) != sizeof(pid))
			_exit(3);
		for (;;)
			pause();
	}
	if (read(ready[0], &pid, sizeof(pid)) != sizeof(pid))
		exit(3);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void drop(int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		exit(3);
	data[CAP_TO_INDEX(capability)].effective &= ~CAP_TO_MASK(capability);
	if (syscall(SYS_capset, &header, data))
		exit(3);
}

int main(void)
{
	uint32_t alike = start(ALIKE), user = start(OTHER_USER), saved = start(SAVED_USER);
	uint32_t group = start(OTHER_GROUP), secret = start(SECRET), grandchild = start(GRANDCHILD);
	pid_t gone;

	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_open(&b);
	expect((uint32_t)getpid(), 0, "one's own memory");
	expect(alike, 0, "a child's");
	expect(user, 0, "with CAP_SYS_PTRACE another user's");
	expect(secret, 0, "that of a process that lets nobody look");
	expect(1, 0, "and that of the first process");
	expect(2, -ESRCH, "a thread of the kernel has none");
	drop(CAP_SYS_PTRACE);
	expect((uint32_t)getpid(), 0, "without it one's own");
	expect(alike, 0, "and a child's");
	expect(user, -EACCES, "but not another user's");
	expect(saved, -EACCES, "nor that of one who can become another user");
	expect(group, -EACCES, "nor another group's");
	expect(secret, -EACCES, "nor that of a child that lets nobody look");
	expect(grandchild, -EACCES, "nor that of somebody else's child");
	expect(1, -EACCES, "nor that of the first process");
	printf("%s - the refusal says what it takes\n",
	       strstr(b.message, "CAP_SYS_PTRACE") ? "ok" : "not ok");
	gone = fork();
	if (!gone)
		_exit(0);
	waitpid(gone, NULL, 0);
	expect((uint32_t)gone, -ESRCH, "who is gone has none");
	bench_close(&b);
	kill((pid_t)grandchild, SIGKILL);
	return 0;
}
