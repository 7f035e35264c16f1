// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to the module: ioctl or io_uring, and the signals that end a run.
 */
#include "run/link.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/error.h"

int run_catch_signals(void)
{
	sigset_t set;
	int fd;

	/*
	 * A script's background jobs start with SIGINT ignored, and what is ignored never
	 * arrives here. SIGHUP stays as it is: nohup means it.
	 */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return error_fail(EXIT_UNABLE, "cannot block signals: %m"), -1;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		error_fail(EXIT_UNABLE, "cannot take signals as input: %m");
	return fd;
}

int run_connect(struct run_link *link, const struct device *d, int signals, int choice)
{
	int err;

	*link = (struct run_link){ .fd = d->fd, .signals = signals };
	if (choice == TRANSPORT_IOCTL)
		return EXIT_DONE;
	if (!(d->info.features & IOMMUBENCH_FEATURE_URING_CMD)) {
		if (choice == TRANSPORT_URING)
			return error_fail(EXIT_UNABLE,
					  "--transport uring: the module takes no commands through io_uring on this kernel; use --transport ioctl");
		return EXIT_DONE;
	}
	err = ring_open(&link->ring, 8);
	if (!err)
		return EXIT_DONE;
	if (choice == TRANSPORT_URING)
		return error_fail(EXIT_UNABLE, "--transport uring: cannot set up io_uring: %s; use --transport ioctl",
				  strerror(-err));
	error_detail("cannot set up io_uring: %s; commands go by ioctl", strerror(-err));
	return EXIT_DONE;
}

void run_disconnect(struct run_link *link)
{
	ring_close(&link->ring);
}

const char *run_transport(const struct run_link *link)
{
	return link->ring.open || link->shared ? "uring" : "ioctl";
}

void run_read_signals(struct run_link *link)
{
	struct signalfd_siginfo info;

	while (read(link->signals, &info, sizeof(info)) == sizeof(info))
		link->interrupts++;
}

bool run_interrupted(struct run_link *link)
{
	run_read_signals(link);
	return link->interrupts;
}

int run_command(struct run_link *link, unsigned int cmd, void *arg)
{
	struct ring_event e;
	int ret;

	if (!link->ring.open)
		return ioctl(link->fd, cmd, arg) < 0 ? -errno : 0;

	ring_command(&link->ring, link->fd, cmd, arg, RING_COMMAND, 0);
	do {
		ret = ring_next(&link->ring, UINT64_MAX, &e);
		if (ret && ret != -ETIME)
			return ret;
	} while (ret || e.tag != RING_COMMAND);
	return e.res < 0 ? e.res : 0;
}
