// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a machine does to the module while it is used: its users are killed, its devices are unbound
 * and bound again to either of its drivers, CPUs go and come. The users are two abi_fuzz, which
 * are started again with the next seed. Whatever is done here has to come to an end.
 *
 * Usage: abi_storm SECONDS SEED BUS/DEVICE...
 *
 * Prints what it does, line by line, with the seconds since the beginning; with the same seed it
 * does the same. The last line tells the next seed. Exit status: 0 when all went on and ended, 1
 * when something hung or a user ended otherwise than killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define USERS		2
/* Nothing takes as long as this, not even on a kernel for finding faults on a busy host. */
#define LIMIT_S		240

static const char *const drivers[] = { "kmod_iommu_test", "kmod_iommu_test_iommufd" };

static unsigned long next_seed;
static pid_t users[USERS];
static uint64_t state;
static time_t started;

static uint64_t rng(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static void say(const char *fmt, ...)
{
	va_list args;

	printf("#   %4ld s: ", (long)(now() - started));
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* Have the kernel's log tell who waits for what, and give up. */
static void hung(const char *what)
{
	say("HANG: %s, for %d s", what, LIMIT_S);
	put("/proc/sysrq-trigger", "w");
	put("/proc/sysrq-trigger", "d");
	exit(1);
}

/* Waits for a process that has to end. Return: its status. */
static int ended(pid_t pid, const char *what)
{
	time_t limit = now() + LIMIT_S;
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (now() > limit)
			hung(what);
		usleep(5000);
	}
	return status;
}

/* A write that may sleep for ever is done by a process that can be left alone. */
static int put_slowly(const char *path, const char *text)
{
	char what[500];
	pid_t pid;
	int status;

	snprintf(what, sizeof(what), "%s >%s", text, path);
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(-put(path, text) & 0xff);
	status = ended(pid, what);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

static void start_user(unsigned int i)
{
	char seed[32];

	snprintf(seed, sizeof(seed), "%lu", next_seed++);
	fflush(stdout);
	users[i] = fork();
	if (!users[i]) {
		execlp("abi_fuzz", "abi_fuzz", "100000", seed, "wild", NULL);
		_exit(127);
	}
	say("abi_fuzz 100000 %s wild", seed);
}

/* @how is the signal that ends it, SIGKILL mostly. */
static void end_user(unsigned int i, int how)
{
	int status;

	say("kill -%d abi_fuzz", how);
	kill(users[i], how);
	status = ended(users[i], "the end of a killed process");
	users[i] = 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == how)
		return;
	say("FAILED: abi_fuzz ended with status 0x%x before it was killed", status);
	exit(1);
}

static void look_at_users(void)
{
	unsigned int i;
	int status;

	for (i = 0; i < USERS; i++) {
		if (!users[i] || waitpid(users[i], &status, WNOHANG) != users[i])
			continue;
		say("FAILED: abi_fuzz ended by itself with status 0x%x", status);
		exit(1);
	}
}

/* @device: BUS/DEVICE */
static void bind_to(const char *device, const char *driver)
{
	const char *name = strchr(device, '/') + 1;
	int bus = (int)(name - 1 - device);
	char path[400];
	int err;

	say("%s to %s", name, driver);
	snprintf(path, sizeof(path), "/sys/bus/%.*s/devices/%s/driver/unbind", bus, device, name);
	put_slowly(path, name);
	snprintf(path, sizeof(path), "/sys/bus/%.*s/devices/%s/driver_override", bus, device,
		 name);
	put(path, driver);
	snprintf(path, sizeof(path), "/sys/bus/%.*s/drivers_probe", bus, device);
	err = put_slowly(path, name);
	if (err) {
		say("FAILED: %s cannot be bound to %s: %s", name, driver, strerror(-err));
		exit(1);
	}
}

/* CPU 0 stays. Kernels that refuse it, for what is pinned there, are right. */
static void switch_cpu(bool all)
{
	unsigned int cpu, n = (unsigned int)sysconf(_SC_NPROCESSORS_CONF);
	char path[100], online = '1';
	int fd;

	for (cpu = 1; cpu < n; cpu++) {
		if (!all && cpu != 1 + rng() % (n - 1))
			continue;
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, &online, 1) != 1)
			online = '1';
		close(fd);
		if (all && online == '1')
			continue;
		say("CPU %u %s", cpu, online == '1' ? "off" : "on");
		put_slowly(path, online == '1' ? "0" : "1");
	}
}

int main(int argc, char **argv)
{
	unsigned int i, nr = (unsigned int)argc - 3;
	time_t seconds;

	if (argc < 4) {
		fprintf(stderr, "usage: abi_storm SECONDS SEED BUS/DEVICE...\n");
		return 2;
	}
	seconds = (time_t)strtoul(argv[1], NULL, 10);
	next_seed = strtoul(argv[2], NULL, 10);
	state = next_seed;
	started = now();
	for (i = 0; i < USERS; i++)
		start_user(i);
	while (now() - started < seconds) {
		/* Between the storms there is time for whole runs. */
		usleep(rng() % 8 ? rng() % 500000 : rng() % 4000000);
		look_at_users();
		switch (rng() % 4) {
		case 0:
			i = rng() % USERS;
			end_user(i, rng() % 4 ? SIGKILL : SIGTERM);
			start_user(i);
			break;
		case 1:
			bind_to(argv[3 + rng() % nr], drivers[rng() % 2]);
			break;
		case 2:
			switch_cpu(false);
			break;
		default:
			break;
		}
	}
	look_at_users();
	for (i = 0; i < USERS; i++)
		end_user(i, SIGKILL);
	switch_cpu(true);
	for (i = 0; i < nr; i++)
		bind_to(argv[3 + i], drivers[0]);
	say("the next seed would be %lu", next_seed);
	return 0;
}
