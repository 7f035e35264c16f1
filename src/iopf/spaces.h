/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that lend their address spaces: each has an arena of its own at the
 * same address, and does nothing but make it ready again when it is told to.
 */
#ifndef IOMMUBENCH_IOPF_SPACES_H
#define IOMMUBENCH_IOPF_SPACES_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "iopf/arena.h"

/**
 * struct spaces - the processes
 * @nr: number of processes
 * @pids: their numbers, as the module wants them
 * @to: pipes to the processes
 * @from: pipes from the processes
 */
struct spaces {
	unsigned int nr;
	uint32_t *pids;
	int *to;
	int *from;
};

/**
 * spaces_start() - start the processes
 * @s: receives; give it back with spaces_stop() in any case
 * @nr: number of processes
 * @arena: what each of them makes for itself; described, not open
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int spaces_start(struct spaces *s, unsigned int nr, const struct arena *arena, struct error *e);

/**
 * spaces_arm() - have all of them make their arenas ready
 * @s: the processes, from spaces_start()
 * @arena: receives where the arenas are, which is one address in all of the processes
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int spaces_arm(struct spaces *s, struct arena *arena, struct error *e);

/**
 * spaces_stop() - end the processes, and wait until nothing is left of them
 * @s: started, or all zeroes
 */
void spaces_stop(struct spaces *s);

#endif
