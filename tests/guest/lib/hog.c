// SPDX-License-Identifier: GPL-2.0-only
/*
 * hog CPU MILLISECONDS: nothing else runs on that CPU for so long, also no thread of the kernel's
 * that is not of real time. Below a second, after which some kernels let others run all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SHARE	"/proc/sys/kernel/sched_rt_runtime_us"

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static ssize_t share(int flags, char *text, size_t n)
{
	int fd = open(SHARE, flags);
	ssize_t done = fd < 0 ? -1 : flags == O_RDONLY ? read(fd, text, n) : write(fd, text, n);

	if (fd >= 0)
		close(fd);
	return done;
}

int main(int argc, char **argv)
{
	const struct sched_param param = { .sched_priority = 90 };
	char before[32], all[] = "-1";
	long long end;
	ssize_t n;
	cpu_set_t set;

	if (argc != 3)
		return 2;
	CPU_ZERO(&set);
	CPU_SET(atoi(argv[1]), &set);
	n = share(O_RDONLY, before, sizeof(before));
	if (n <= 0 || share(O_WRONLY, all, 2) != 2 || sched_setaffinity(0, sizeof(set), &set) ||
	    sched_setscheduler(0, SCHED_FIFO, &param)) {
		fprintf(stderr, "hog: cannot have CPU %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	end = now_ms() + atoi(argv[2]);
	while (now_ms() < end)
		;
	return share(O_WRONLY, before, (size_t)n) != n;
}
