/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An io_uring that commands for one or more devices go through, and that waits for signals.
 */
#ifndef IOMMUBENCH_RUN_RING_H
#define IOMMUBENCH_RUN_RING_H

#include <stdbool.h>
#include <stdint.h>

#include <liburing.h>

/* What a completion belongs to. */
enum ring_tag {
	RING_COMMAND = 1,
	RING_START,
	RING_WAIT,
	RING_LIMIT,
	RING_STOP,
	RING_CANCEL,
	RING_SIGNAL,
	RING_GATE,
};

/**
 * struct ring - the io_uring
 * @uring: the kernel's, when @open
 * @open: @uring is there
 * @watching: it waits for signals
 */
struct ring {
	struct io_uring uring;
	bool open;
	bool watching;
};

/**
 * struct ring_event - a completion
 * @tag: what it belongs to
 * @i: number of the run that the command was for
 * @res: its result, negative errno when it failed
 */
struct ring_event {
	enum ring_tag tag;
	unsigned int i;
	int res;
};

/**
 * ring_open() - set the ring up
 * @r: receives, give it back with ring_close()
 * @entries: requests that can be queued before they have to be submitted
 *
 * Return: 0, or a negative errno.
 */
int ring_open(struct ring *r, unsigned int entries);

/**
 * ring_close() - give the ring back
 * @r: the ring, open, or all zeroes
 */
void ring_close(struct ring *r);

/**
 * ring_command() - queue a command of the module
 * @r: the ring, open
 * @fd: the device
 * @cmd: an IOMMUBENCH_IOC_*
 * @arg: its struct, which stays until the completion, or NULL
 * @tag: comes back with the completion
 * @i: number that comes back with the completion, to tell commands with one tag apart
 */
void ring_command(struct ring *r, int fd, unsigned int cmd, const void *arg, enum ring_tag tag,
		  unsigned int i);

/**
 * ring_wait_command() - queue a WAIT for the end of a run
 * @r: the ring, open
 * @fd: the device
 * @limit_ns: it is cancelled when the end has not come after this time; 0: never
 * @i: number of the run
 */
void ring_wait_command(struct ring *r, int fd, uint64_t limit_ns, unsigned int i);

/**
 * ring_cancel_wait() - queue the cancellation of such a WAIT
 * @r: the ring, open
 * @i: number of the run
 */
void ring_cancel_wait(struct ring *r, unsigned int i);

/**
 * ring_watch() - have a completion come when there are signals, unless one is on its way already
 * @r: the ring, open
 * @signals: file that they come from
 */
void ring_watch(struct ring *r, int signals);

/**
 * ring_submit() - have the kernel take what is queued
 * @r: the ring, open
 */
void ring_submit(struct ring *r);

/**
 * ring_next() - submit what is queued, and wait for a completion
 * @r: the ring, open
 * @timeout_ns: how long at most, UINT64_MAX for ever
 * @e: receives it
 *
 * Return: 0, -ETIME, or another negative errno.
 */
int ring_next(struct ring *r, uint64_t timeout_ns, struct ring_event *e);

#endif
