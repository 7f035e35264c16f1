// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to the module: ioctl or io_uring, and the signals that end a run.
 */
#include "run/link.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
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
		return fail(EXIT_UNABLE, "cannot block signals: %m"), -1;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		fail(EXIT_UNABLE, "cannot take signals as input: %m");
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
			return fail(EXIT_UNABLE,
				    "--transport uring: the module takes no commands through io_uring on this kernel; use --transport ioctl");
		return EXIT_DONE;
	}
	err = io_uring_queue_init(8, &link->ring, 0);
	if (!err) {
		link->uring = true;
		return EXIT_DONE;
	}
	if (choice == TRANSPORT_URING)
		return fail(EXIT_UNABLE, "--transport uring: cannot set up io_uring: %s; use --transport ioctl",
			    strerror(-err));
	detail("cannot set up io_uring: %s; commands go by ioctl", strerror(-err));
	return EXIT_DONE;
}

void run_disconnect(struct run_link *link)
{
	if (link->uring)
		io_uring_queue_exit(&link->ring);
	link->uring = false;
}

const char *run_transport(const struct run_link *link)
{
	return link->uring || link->shared ? "uring" : "ioctl";
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

void run_queue(struct run_link *link, unsigned int cmd, const void *arg, enum run_tag tag)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&link->ring);
	uint64_t address = (uintptr_t)arg;

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, link->fd, NULL, 0, 0);
	/* Shares its place with the offset that prep_rw() has cleared. */
	sqe->cmd_op = cmd;
	memcpy((char *)sqe + offsetof(struct io_uring_sqe, cmd), &address, sizeof(address));
	io_uring_sqe_set_data64(sqe, tag);
}

int run_next_completion(struct run_link *link, uint64_t timeout_ns, uint64_t *tag, int *res)
{
	struct __kernel_timespec ts = {
		.tv_sec = (long long)(timeout_ns / 1000000000),
		.tv_nsec = (long long)(timeout_ns % 1000000000),
	};
	struct io_uring_cqe *cqe;
	int ret;

	do
		ret = io_uring_submit_and_wait_timeout(&link->ring, &cqe, 1,
						       timeout_ns < UINT64_MAX ? &ts : NULL, NULL);
	while (ret == -EINTR);
	if (ret < 0)
		return ret;
	/* Without a timeout it may have submitted only. */
	ret = io_uring_peek_cqe(&link->ring, &cqe);
	if (ret)
		return ret == -EAGAIN ? -ETIME : ret;
	*tag = io_uring_cqe_get_data64(cqe);
	*res = cqe->res;
	io_uring_cqe_seen(&link->ring, cqe);
	return 0;
}

void run_take_event(struct run_link *link, uint64_t tag, int res)
{
	switch (tag) {
	case TAG_WAIT:
		link->ended = true;
		link->wait_result = res < 0 ? res : 0;
		break;
	case TAG_SIGNAL:
		link->watching = false;
		break;
	}
}

int run_command(struct run_link *link, unsigned int cmd, void *arg)
{
	uint64_t tag;
	int res, ret;

	if (!link->uring)
		return ioctl(link->fd, cmd, arg) < 0 ? -errno : 0;

	run_queue(link, cmd, arg, TAG_COMMAND);
	for (;;) {
		ret = run_next_completion(link, UINT64_MAX, &tag, &res);
		if (ret && ret != -ETIME)
			return ret;
		if (ret)
			continue;
		if (tag == TAG_COMMAND)
			return res < 0 ? res : 0;
		run_take_event(link, tag, res);
	}
}
