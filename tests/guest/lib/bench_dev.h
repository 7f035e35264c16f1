/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the C helpers of the guest tests share: a run described by default values,
 * and commands by ioctl and by io_uring that return 0 or a negative errno alike.
 */
#ifndef BENCH_DEV_H
#define BENCH_DEV_H

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iommubench.h>

struct bench {
	int fd;
	struct io_uring ring;
	char message[IOMMUBENCH_MESSAGE_BYTES];
	struct iommubench_run run;
	struct iommubench_map_unmap params;
	struct iommubench_tlb_flush flush;
	struct iommubench_iopf iopf;
};

static inline uint64_t address(const void *pointer)
{
	return (uint64_t)(uintptr_t)pointer;
}

static inline void bench_path(char *path, size_t n)
{
	const char *device = getenv("IOMMUBENCH_DEVICE");

	snprintf(path, n, "/dev/iommubench/%s", device ? device : "");
}

/* A short run that is certain to be accepted. */
static inline void bench_describe(struct bench *b)
{
	memset(b->message, 0, sizeof(b->message));
	b->params = (struct iommubench_map_unmap){
		.size = sizeof(b->params),
		.api = IOMMUBENCH_API_DMA_SINGLE,
		.mapping_bytes = 4096,
	};
	b->run = (struct iommubench_run){
		.size = sizeof(b->run),
		.workload = IOMMUBENCH_WORKLOAD_MAP_UNMAP,
		.params = address(&b->params),
		.threads = 1,
		.count = 100,
		.batch = 1,
		.seed = 1,
		.message_bytes = sizeof(b->message),
		.message = address(b->message),
	};
}

/* Same, of the other workload: two threads, rounds of 16 mappings. */
static inline void bench_describe_flush(struct bench *b)
{
	bench_describe(b);
	b->flush = (struct iommubench_tlb_flush){
		.size = sizeof(b->flush),
		.strategy = IOMMUBENCH_FLUSH_GATHER,
		.mapping_bytes = 4096,
		.mappings = 16,
	};
	b->run.workload = IOMMUBENCH_WORKLOAD_TLB_FLUSH;
	b->run.params = address(&b->flush);
	b->run.batch = 0;
	b->run.threads = 2;
}

/* Reads of @accesses pages from @start on; where there is an engine that can, it is accepted. */
static inline void bench_describe_iopf(struct bench *b, void *start, uint64_t accesses)
{
	bench_describe(b);
	b->iopf = (struct iommubench_iopf){
		.size = sizeof(b->iopf),
		.outstanding = 2,
		.start = address(start),
		.step_bytes = 4096,
		.accesses = accesses,
		.group = 1,
		.timeout_ns = 10000000000,
	};
	b->run.workload = IOMMUBENCH_WORKLOAD_IOPF;
	b->run.params = address(&b->iopf);
	b->run.count = 0;
	b->run.duration_ns = 10000000000;
}

static inline void bench_open(struct bench *b)
{
	char path[300];

	memset(b, 0, sizeof(*b));
	bench_path(path, sizeof(path));
	b->fd = open(path, O_RDWR | O_CLOEXEC);
	if (b->fd < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(3);
	}
	if (io_uring_queue_init(8, &b->ring, 0)) {
		fprintf(stderr, "io_uring cannot be set up\n");
		exit(3);
	}
	bench_describe(b);
}

static inline int by_ioctl(struct bench *b, unsigned int cmd, void *arg)
{
	int ret;

	/* A ring that was closed may still interrupt its task. */
	do
		ret = ioctl(b->fd, cmd, arg) < 0 ? -errno : 0;
	while (ret == -EINTR);
	return ret;
}

static inline struct io_uring_sqe *uring_sqe(struct bench *b, unsigned int cmd, void *arg)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&b->ring);
	uint64_t where = address(arg);

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, b->fd, NULL, 0, 0);
	sqe->cmd_op = cmd;
	memcpy(sqe->cmd, &where, sizeof(where));
	sqe->user_data = cmd;
	return sqe;
}

/* The result of the next completion; its user_data goes to @which. */
static inline int uring_result(struct bench *b, uint64_t *which)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_wait_cqe(&b->ring, &cqe);

	if (ret)
		return ret;
	ret = cqe->res;
	if (which)
		*which = cqe->user_data;
	io_uring_cqe_seen(&b->ring, cqe);
	return ret;
}

static inline int by_uring(struct bench *b, unsigned int cmd, void *arg)
{
	uring_sqe(b, cmd, arg);
	io_uring_submit(&b->ring);
	return uring_result(b, NULL);
}

static inline void bench_close(struct bench *b)
{
	io_uring_queue_exit(&b->ring);
	close(b->fd);
}

#endif /* BENCH_DEV_H */
