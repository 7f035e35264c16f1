/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way to the module: ioctl or io_uring, and the signals that end a run.
 */
#ifndef IOMMUBENCH_RUN_LINK_H
#define IOMMUBENCH_RUN_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <liburing.h>

#include "device/device.h"
#include "run/memory_report.h"
#include "run/series.h"
#include "text/progress.h"

/**
 * enum run_gate - when all threads of a run stand still
 * @RUN_GATE_BEFORE: warmed up, nothing is counted yet
 * @RUN_GATE_AFTER: all is counted, nothing is given back yet
 */
enum run_gate {
	RUN_GATE_BEFORE,
	RUN_GATE_AFTER,
};

/**
 * struct run_phase - what comes behind a gate of a run by phases
 * @phase: by the numbers of the workload's histograms, or IOMMUBENCH_PHASE_NONE
 * @over: nothing does any more
 * @early: because the run ends early: what was behind the gate before was not done as a whole
 * @nr: how many threads stand there
 * @tids: their numbers
 * @ops: operations that each of them is going to do
 */
struct run_phase {
	uint32_t phase;
	bool over;
	bool early;
	unsigned int nr;
	const uint32_t *tids;
	const uint32_t *ops;
};

/**
 * struct run_link - how commands reach the module, for as long as the device is open
 * @fd: the open device
 * @signals: file that SIGINT, SIGTERM and SIGHUP come from
 * @uring: whether @ring is used
 * @shared: what takes long goes through the ring of a group, the rest by ioctl
 * @watching: whether @ring already waits for @signals
 * @ring: the ring
 * @ended: WAIT has completed through @ring
 * @wait_result: and with this
 * @interrupts: signals seen so far
 * @progress: line of a measurement that has many runs, NULL for a line for each run
 * @series: gets the intervals of the runs, NULL for none
 * @prepared: called between PREPARE and START, or NULL
 * @prepared_arg: what it gets
 * @memory: receives where each run's memory was, or NULL
 * @gate: called with the numbers of all threads while they stand still, once for each enum
 *	run_gate; NULL: they never do
 * @gate_arg: what it gets
 * @phase: called at each gate of a run by phases, which it makes of the next run; NULL: it is none
 * @phase_arg: what it gets
 */
struct run_link {
	int fd;
	int signals;
	bool uring;
	bool shared;
	bool watching;
	struct io_uring ring;
	bool ended;
	int wait_result;
	unsigned int interrupts;
	struct progress *progress;
	struct series *series;
	void (*prepared)(void *arg);
	void *prepared_arg;
	struct memory_report *memory;
	void (*gate)(void *arg, enum run_gate gate, const uint32_t *tids, unsigned int nr);
	void *gate_arg;
	void (*phase)(void *arg, const struct run_phase *next);
	void *phase_arg;
};

/**
 * enum transport_choice - how commands go to the module
 * @TRANSPORT_AUTO: io_uring where the kernel has it
 * @TRANSPORT_URING: io_uring, or fail
 * @TRANSPORT_IOCTL: plain ioctl
 */
enum transport_choice {
	TRANSPORT_AUTO = 0,
	TRANSPORT_URING,
	TRANSPORT_IOCTL,
};

/**
 * run_catch_signals() - take SIGINT, SIGTERM and SIGHUP as input from now on
 *
 * Return: the file to read them from, or -1 after one line on stderr.
 */
int run_catch_signals(void);

/**
 * run_connect() - settle how commands reach the module
 * @link: receives, give it back with run_disconnect() before the device is closed
 * @d: an open device
 * @signals: from run_catch_signals()
 * @choice: enum transport_choice
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int run_connect(struct run_link *link, const struct device *d, int signals, int choice);

/**
 * run_disconnect() - give the ring back
 * @link: connected or all zeroes
 */
void run_disconnect(struct run_link *link);

/**
 * run_transport() - the word for how commands go
 * @link: connected
 */
const char *run_transport(const struct run_link *link);

/**
 * run_interrupted() - has the user asked to stop?
 * @link: connected
 */
bool run_interrupted(struct run_link *link);

/* What a completion of the ring belongs to. */
enum run_tag {
	TAG_COMMAND = 1,
	TAG_WAIT,
	TAG_SIGNAL,
	TAG_CANCEL,
};

/**
 * run_read_signals() - count the signals that have come
 * @link: connected
 */
void run_read_signals(struct run_link *link);

/**
 * run_command() - send one command that does not wait
 * @link: connected
 * @cmd: an IOMMUBENCH_IOC_*
 * @arg: its struct, or NULL
 *
 * Return: 0, or a negative errno.
 */
int run_command(struct run_link *link, unsigned int cmd, void *arg);

/**
 * run_queue() - put a command into the ring
 * @link: connected, with a ring, which is never full: at most one request of each tag is under way
 * @cmd: an IOMMUBENCH_IOC_*
 * @arg: its struct, which stays until the completion
 * @tag: comes back with the completion
 */
void run_queue(struct run_link *link, unsigned int cmd, const void *arg, enum run_tag tag);

/**
 * run_next_completion() - wait for a completion of the ring
 * @link: connected, with a ring
 * @timeout_ns: how long at most, UINT64_MAX for ever
 * @tag: receives what it belongs to
 * @res: receives its result
 *
 * Return: 0, -ETIME, or another negative errno.
 */
int run_next_completion(struct run_link *link, uint64_t timeout_ns, uint64_t *tag, int *res);

/**
 * run_take_event() - note a completion that comes on its own, whoever happens to see it
 * @link: connected, with a ring
 * @tag: what it belongs to
 * @res: its result
 */
void run_take_event(struct run_link *link, uint64_t tag, int res);

#endif
