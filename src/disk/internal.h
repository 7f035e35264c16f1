/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the threads of a load and who starts them share.
 */
#ifndef IOMMUBENCH_DISK_INTERNAL_H
#define IOMMUBENCH_DISK_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <iommubench.h>
#include <liburing.h>

#include "base/error.h"
#include "disk/load.h"
#include "disk/pace.h"
#include "iommubench/hist.h"

/*
 * Between two threads' data: a page of any kernel, so that what a thread touches first is on its
 * node.
 */
#define APART		65536

/* One request's place: when it was due (0 without a rate) and begun, where, and what. */
struct slot {
	uint64_t due;
	uint64_t begun;
	uint64_t offset;
	enum io_direction direction;
};

/* Where all threads stand still; the last two only if somebody has to see it. */
enum gate {
	GATE_READY = 0,
	GATE_WARM,
	GATE_COUNTED,
};

/**
 * struct worker - all that a thread writes, which it also touches first
 * @load: what it belongs to
 * @ring: io_uring of the thread
 * @buffers: of all slots, one after the other
 * @buffer_bytes: size of @buffers
 * @random: state of its generator
 * @first: first block of its part, when it goes through it
 * @blocks: blocks of its part of the disk
 * @next: block that comes next
 * @quota: requests that it may count, where the job has a count; with few of them some have none
 * @counting: what is begun now counts
 * @until: when no request is begun any more, 0: never; with a rate, when none is due any more
 * @last: with a rate: when none is begun any more that was due before @until, 0: never
 * @pace: with a rate: when they are due
 * @issued: requests that count, begun so far
 * @completed: when the last one of them was
 * @failed: requests that failed
 * @cpu_ns: its CPU time while it counted
 * @told: what it tells for the result, as a thread of the module does
 * @hist: by enum io_direction, from when requests were due; then as many from when they began
 * @error: what went wrong
 * @slots: its requests, the first ones in use, as many as the queue is deep
 * @idle: numbers of those slots that have none
 * @nr_idle: entries at @idle
 * @fresh: room for the numbers of those that are begun together
 */
struct worker {
	struct io_load *load;
	struct io_uring ring;
	char *buffers;
	size_t buffer_bytes;
	uint64_t random;
	uint64_t first;
	uint64_t blocks;
	uint64_t next;
	uint64_t quota;
	bool counting;
	uint64_t until;
	uint64_t last;
	struct pace pace;
	uint64_t issued;
	uint64_t completed;
	uint64_t failed;
	uint64_t cpu_ns;
	struct iommubench_thread told;
	struct iommubench_hist hist[IO_PHASES];
	struct error error;
	struct slot slots[IO_MAX_DEPTH];
	unsigned int idle[IO_MAX_DEPTH];
	unsigned int nr_idle;
	unsigned int fresh[IO_MAX_DEPTH];
} __attribute__((aligned(APART)));

/**
 * struct member - a thread as who starts it knows it
 * @load: what it belongs to
 * @worker: its data
 * @thread: the thread, valid if @started
 * @started: @thread exists
 */
struct member {
	struct io_load *load;
	struct worker *worker;
	pthread_t thread;
	bool started;
};

/* Idle time of all CPUs, and when it was read. */
struct idle {
	double ns;
	uint64_t at_ns;
};

/**
 * struct io_load - threads at work
 * @job: what they do
 * @workers: the threads' data
 * @area: memory that @workers is in
 * @area_bytes: size of @area
 * @members: the threads
 * @lock: guards @opened, @ready and @bad
 * @change: signals that any of those has changed
 * @opened: gates that are open
 * @ready: threads that are set up, or could not be
 * @bad: they are not to work
 * @begin_ns: when counting begins
 * @end_ns: when no request is begun any more, 0: never
 * @stop: no request is to be begun any more
 * @told: eventfd that each thread adds 1 to at each gate but the first, and at its end
 * @nr_told: read from it since the last gate was opened
 * @counted: @job's gate was called when counting began
 * @stopped_by_user: io_wait() has seen a signal
 * @counting: @idle is that of the begin
 * @idle: idle time of the CPUs when counting began
 * @idle_end: of the CPUs when all threads had counted; all zeroes before
 * @desc: the threads as the module would describe them, for a series
 */
struct io_load {
	const struct io_job *job;
	struct worker *workers;
	void *area;
	size_t area_bytes;
	struct member *members;
	pthread_mutex_t lock;
	pthread_cond_t change;
	unsigned int opened;
	unsigned int ready;
	bool bad;
	uint64_t begin_ns;
	uint64_t end_ns;
	bool stop;
	int told;
	unsigned int nr_told;
	bool counted;
	bool stopped_by_user;
	bool counting;
	struct idle idle;
	struct idle idle_end;
	struct iommubench_run desc;
};

/* The time of a clock in nanoseconds. */
static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* splitmix64: one multiplication a step is enough for places. */
static inline uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* No request is to be begun any more. */
static inline bool should_stop(const struct io_load *load)
{
	return __atomic_load_n(&load->stop, __ATOMIC_RELAXED);
}

/**
 * disk_worker_main() - what a thread of a load does, as pthread_create() wants it
 * @arg: its struct member; its struct worker is all zeroes and untouched
 *
 * Return: NULL.
 */
void *disk_worker_main(void *arg);

#endif
