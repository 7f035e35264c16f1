/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and writes of a block device by threads of this process, each with a ring
 * of its own (liburing) and its own histograms.
 *
 * A latency is from just before the system call that hands a request to the kernel
 * until the thread sees its completion. A request counts when it was begun in the
 * time that is measured, however late it completes, so that slow ones are not lost.
 *
 * With a rate, requests are due at fixed moments, and a latency is from then on: what
 * a slow request keeps from being begun has waited, and that shows.
 */
#ifndef IOMMUBENCH_DISK_LOAD_H
#define IOMMUBENCH_DISK_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "run/area.h"
#include "text/progress.h"

/* Requests that one ring may have under way. */
#define IO_MAX_DEPTH	4096
/* Bytes of one request: what a kernel splits further is another measurement. */
#define IO_MAX_BYTES	(64U << 20)

/* What a request does; also the order of the phases in a result. */
enum io_direction {
	IO_READ = 0,
	IO_WRITE,
	IO_DIRECTIONS,
};

/* With a rate, histograms from when requests began are behind those from when they were due. */
#define IO_PHASES	(2 * IO_DIRECTIONS)

struct series;

/**
 * enum io_gate - when all threads of a load stand still
 * @IO_GATE_BEFORE: warmed up, nothing is counted yet
 * @IO_GATE_AFTER: all is counted, nothing is given back yet
 */
enum io_gate {
	IO_GATE_BEFORE,
	IO_GATE_AFTER,
};

/**
 * struct io_job - what the threads do
 * @fd: the block device, open for direct I/O
 * @span: bytes of it that are used, from its beginning
 * @bytes: size of a request
 * @depth: requests that each thread keeps under way
 * @write_percent: share of requests that write
 * @random: requests are at random places; otherwise each thread goes through its own part of @span
 * @fixed: buffers and file are registered with the ring
 * @polled: completions are polled for
 * @threads: threads of the load
 * @cpus: thread i is pinned to number i modulo @nr_cpus
 * @nr_cpus: entries at @cpus, 0: threads are not pinned
 * @warmup_ns: time before anything is counted
 * @duration_ns: time that is measured, 0: until the count is done or io_stop()
 * @count: requests over all threads, 0: no limit
 * @rate_mhz: requests due in 1000 seconds over all threads, 0: the next one comes when one has
 *	completed
 * @seed: of places, directions and what is written
 * @series: gets the intervals of what is measured, NULL for none
 * @gate: called by io_wait() while all threads stand still, once for each enum io_gate, unless
 *	the load was stopped before the first one; NULL: they never do
 * @gate_arg: first argument of @gate
 */
struct io_job {
	int fd;
	uint64_t span;
	uint32_t bytes;
	unsigned int depth;
	unsigned int write_percent;
	bool random;
	bool fixed;
	bool polled;
	unsigned int threads;
	const uint32_t *cpus;
	unsigned int nr_cpus;
	uint64_t warmup_ns;
	uint64_t duration_ns;
	uint64_t count;
	uint64_t rate_mhz;
	uint64_t seed;
	struct series *series;
	void (*gate)(void *arg, enum io_gate gate, const uint32_t *tids, unsigned int nr);
	void *gate_arg;
};

/**
 * struct io_cpu - what the CPUs did while requests were counted
 * @busy_ns: all CPUs together, as the kernel counts idle time: with interrupts, and with
 *	whatever else ran
 * @thread_ns: the threads themselves, user and kernel
 * @resolution_ns: step of @busy_ns
 * @cpus: CPUs that @busy_ns is the sum of
 */
struct io_cpu {
	double busy_ns;
	double thread_ns;
	double resolution_ns;
	unsigned int cpus;
};

/**
 * struct io_outcome - what a run left
 * @run: end, message, threads, and IO_PHASES histograms
 * @bytes: moved by the requests that count
 * @failed: requests that failed or came back short
 * @cpu: what the CPUs did
 */
struct io_outcome {
	struct run_outcome run;
	uint64_t bytes;
	uint64_t failed;
	struct io_cpu cpu;
};

struct io_load;

/**
 * io_start() - set up rings and buffers and let the threads go
 * @job: what they do; must stay until io_finish()
 * @e: receives what could not be set up
 *
 * Return: the load, or NULL.
 */
struct io_load *io_start(const struct io_job *job, struct error *e);

/**
 * io_stop() - let no thread begin another request
 * @load: the load
 */
void io_stop(struct io_load *load);

/**
 * io_wait() - wait for the end of the load
 * @load: the load
 * @signals: file that becomes readable when the user wants it to end, as of
 *	run_catch_signals(); what is in it is left there
 * @line: line to show how far it is
 *
 * Return: whether the user has ended it.
 */
bool io_wait(struct io_load *load, int signals, struct progress *line);

/**
 * io_finish() - wait for what is under way, and collect
 * @load: stopped or at its end; given back
 * @o: receives, give it back with io_outcome_free()
 */
void io_finish(struct io_load *load, struct io_outcome *o);

/**
 * io_outcome_free() - give an outcome back
 * @o: the outcome, may be all zeroes
 */
void io_outcome_free(struct io_outcome *o);

#endif
