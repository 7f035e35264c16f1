// SPDX-License-Identifier: GPL-2.0-only
#include "run/ring.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

#include <iommubench.h>

#include "base/xalloc.h"

/* Above them a completion has the number of its run. */
#define TAG_BITS	8

static uint64_t data_of(enum ring_tag tag, unsigned int i)
{
	return (uint64_t)i << TAG_BITS | tag;
}

static struct __kernel_timespec timespec_of(uint64_t ns)
{
	return (struct __kernel_timespec){
		.tv_sec = (long long)(ns / 1000000000),
		.tv_nsec = (long long)(ns % 1000000000),
	};
}

int ring_open(struct ring *r, unsigned int entries)
{
	int err = io_uring_queue_init(entries, &r->uring, 0);

	r->open = !err;
	r->watching = false;
	return err;
}

void ring_close(struct ring *r)
{
	if (r->open)
		io_uring_queue_exit(&r->uring);
	r->open = false;
}

static struct io_uring_sqe *new_entry(struct ring *r)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&r->uring);

	if (!sqe) {
		io_uring_submit(&r->uring);
		sqe = xcheck(io_uring_get_sqe(&r->uring));
	}
	return sqe;
}

static struct io_uring_sqe *queue(struct ring *r, int fd, unsigned int cmd, const void *arg,
				  enum ring_tag tag, unsigned int i)
{
	struct io_uring_sqe *sqe = new_entry(r);
	uint64_t address = (uintptr_t)arg;

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	/* Shares its place with the offset that prep_rw() has cleared. */
	sqe->cmd_op = cmd;
	memcpy((char *)sqe + offsetof(struct io_uring_sqe, cmd), &address, sizeof(address));
	io_uring_sqe_set_data64(sqe, data_of(tag, i));
	return sqe;
}

void ring_command(struct ring *r, int fd, unsigned int cmd, const void *arg, enum ring_tag tag,
		  unsigned int i)
{
	queue(r, fd, cmd, arg, tag, i);
}

void ring_wait_command(struct ring *r, int fd, uint64_t limit_ns, unsigned int i)
{
	/* The module may read it until the completion, which may come after we have left. */
	static struct iommubench_wait wait = { .size = sizeof(wait) };
	struct __kernel_timespec ts = timespec_of(limit_ns);
	struct io_uring_sqe *sqe;

	/* The two must be submitted together. */
	if (limit_ns && io_uring_sq_space_left(&r->uring) < 2)
		io_uring_submit(&r->uring);
	sqe = queue(r, fd, IOMMUBENCH_IOC_WAIT, &wait, RING_WAIT, i);
	if (!limit_ns)
		return;
	sqe->flags |= IOSQE_IO_LINK;
	sqe = new_entry(r);
	io_uring_prep_link_timeout(sqe, &ts, 0);
	io_uring_sqe_set_data64(sqe, data_of(RING_LIMIT, i));
	/* While the kernel can still read @ts. */
	io_uring_submit(&r->uring);
}

void ring_cancel_wait(struct ring *r, unsigned int i)
{
	struct io_uring_sqe *sqe = new_entry(r);

	io_uring_prep_cancel64(sqe, data_of(RING_WAIT, i), 0);
	io_uring_sqe_set_data64(sqe, data_of(RING_CANCEL, i));
}

void ring_watch(struct ring *r, int signals)
{
	struct io_uring_sqe *sqe;

	if (r->watching)
		return;
	sqe = new_entry(r);
	io_uring_prep_poll_add(sqe, signals, POLLIN);
	io_uring_sqe_set_data64(sqe, data_of(RING_SIGNAL, 0));
	r->watching = true;
}

void ring_submit(struct ring *r)
{
	io_uring_submit(&r->uring);
}

int ring_next(struct ring *r, uint64_t timeout_ns, struct ring_event *e)
{
	struct __kernel_timespec ts = timespec_of(timeout_ns);
	struct io_uring_cqe *cqe;
	uint64_t data;
	int ret;

	do
		ret = io_uring_submit_and_wait_timeout(&r->uring, &cqe, 1,
						       timeout_ns < UINT64_MAX ? &ts : NULL, NULL);
	while (ret == -EINTR);
	if (ret < 0)
		return ret;
	/* Without a timeout it may have submitted only. */
	ret = io_uring_peek_cqe(&r->uring, &cqe);
	if (ret)
		return ret == -EAGAIN ? -ETIME : ret;
	data = io_uring_cqe_get_data64(cqe);
	*e = (struct ring_event){
		.tag = (enum ring_tag)(data & ((1 << TAG_BITS) - 1)),
		.i = (unsigned int)(data >> TAG_BITS),
		.res = cqe->res,
	};
	io_uring_cqe_seen(&r->uring, cqe);
	if (e->tag == RING_SIGNAL)
		r->watching = false;
	return 0;
}
