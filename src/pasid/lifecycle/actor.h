/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that have their address space bound, and end in the ways that a case is about.
 */
#ifndef IOMMUBENCH_PASID_LIFECYCLE_ACTOR_H
#define IOMMUBENCH_PASID_LIFECYCLE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "device/device.h"
#include "pasid/lifecycle/outcome.h"

/* What a process that runs another program runs; pasid_main() knows it. */
#define LIFECYCLE_AFTER_EXEC	"--after-exec"

/**
 * enum role - what a process does once it is bound and told to go on
 * @ROLE_WAIT: nothing
 * @ROLE_EXIT: ends
 * @ROLE_EXEC: runs another program
 * @ROLE_FORK: forks a process that only waits
 * @ROLE_UNBIND: undoes the bind and tells what came of it
 * @ROLE_CHURN: binds and unbinds all the time, without being told to
 */
enum role {
	ROLE_WAIT,
	ROLE_EXIT,
	ROLE_EXEC,
	ROLE_FORK,
	ROLE_UNBIND,
	ROLE_CHURN,
};

/* What a process tells after its bind. At the address there is the mark, of this process alone. */
struct hello {
	int error;
	uint32_t id;
	uint32_t pasid;
	uint64_t address;
	uint64_t mark;
};

/**
 * struct actor - a process that has its address space bound
 * @pid: number of the process
 * @to: pipe that the process reads from
 * @from: pipe that the process writes to
 * @hello: what the process said when it was bound
 */
struct actor {
	pid_t pid;
	int to;
	int from;
	struct hello hello;
};

/**
 * actor_start() - start a process that binds its address space
 * @a: receives; give it back with actor_end()
 * @d: an open device
 * @as: what it does once it is bound
 * @o: counts it when it has ended
 *
 * Return: 0, or the negative errno of what could not be done; then there is no process.
 */
int actor_start(struct actor *a, const struct device *d, enum role as, struct lifecycle_outcome *o);

/**
 * actor_must_start() - the same as a step of a case, which has failed if that fails
 * @a: receives; give it back with actor_end()
 * @d: an open device
 * @as: what it does once it is bound
 * @o: receives the failure
 *
 * Return: whether there is a process.
 */
bool actor_must_start(struct actor *a, const struct device *d, enum role as,
		      struct lifecycle_outcome *o);

/**
 * actor_go_on() - tell a process to do what its role is
 * @a: the process, started
 * @o: receives the failure when it does not listen
 *
 * Return: whether it was told.
 */
bool actor_go_on(const struct actor *a, struct lifecycle_outcome *o);

/**
 * actor_answer() - wait for what a process tells
 * @fd: @from of the process
 * @buf: receives it
 * @n: bytes of it
 *
 * Return: whether all @n bytes came in time.
 */
bool actor_answer(int fd, void *buf, size_t n);

/**
 * actor_end() - kill a process, whatever state it is in
 * @a: started, or ended already
 * @o: counts it
 */
void actor_end(struct actor *a, struct lifecycle_outcome *o);

/**
 * lifecycle_after_exec() - what a process is after its exec: still there
 */
int lifecycle_after_exec(void);

#endif
