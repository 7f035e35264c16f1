// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long who has just a file of a device open is waited for, where each look takes a while.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/lines.h"
#include "users/users.h"

/* What a look and the pause after it take here, and what users_wait() may take by its word. */
#define LOOK_NS		500000000LL
#define WAIT_NS		2000000000LL

/* /dev/null is of this device, and somebody always has it open. */
#define DEVICE		"/sys/devices/virtual/mem"

static long long clock_ns;
static unsigned int pauses;

/* This program's own, in place of the C library's: time passes in pauses only. */
int nanosleep(const struct timespec *pause, struct timespec *rest)
{
	clock_ns += LOOK_NS;
	pauses++;
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	now->tv_sec = clock_ns / 1000000000;
	now->tv_nsec = clock_ns % 1000000000;
	return 0;
}

static pid_t hold(const char *path)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		int fd = open(path, O_RDONLY);

		if (fd < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void test_slow_looks(void **unused)
{
	struct lines uses = { 0 }, notes = { 0 };
	pid_t pid;

	if (access(DEVICE "/null", F_OK))
		skip();
	pid = hold("/dev/null");
	users_wait(DEVICE, &uses, &notes);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(uses.n > 0);
	assert_non_null(strstr(uses.line[0], "has it open"));
	assert_true(pauses > 0);
	assert_true(pauses <= WAIT_NS / LOOK_NS);
	lines_free(&uses);
	lines_free(&notes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slow_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
