/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for the ends of runs of one or more devices, all from one thread: through one ring, or by
 * ioctl for one device after the other. Meanwhile signals stop them, gates are passed, intervals
 * end, and a line tells how far they are.
 */
#ifndef IOMMUBENCH_RUN_WAIT_H
#define IOMMUBENCH_RUN_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include <iommubench.h>

#include "run/link.h"
#include "run/ring.h"
#include "text/progress.h"

/**
 * struct run_awaited - a run of one device that is waited for
 * @link: the way to the device; that of the first run counts the signals
 * @desc: the run
 * @area: its pages from run_prepare(); NULL: the device has no run, and nothing is done for it
 * @limit_ns: the run is cancelled if it has not ended so long after its start, 0 for never
 * @err: why it could not be started, 0 or a negative errno
 * @waited: set at the end, for run_collect()
 * @waiting: its end is awaited
 * @asked: the ring has a WAIT for it
 * @counting: it is between the gate where counting begins and the one where it is over
 * @late: it was cancelled because of @limit_ns
 */
struct run_awaited {
	struct run_link *link;
	const struct iommubench_run *desc;
	void *area;
	uint64_t limit_ns;
	int err;
	int waited;
	bool waiting;
	bool asked;
	bool counting;
	bool late;
};

/**
 * struct run_phase - what comes behind a gate of a run by phases
 * @phase: by the numbers of the workload's histograms, or IOMMUBENCH_PHASE_NONE
 * @over: nothing does any more
 * @early: because the run ends early: what was behind the gate before was not done as a whole
 * @nr: entries at @tids and at @ops, the threads that stand at the gate
 * @tids: thread numbers of those threads
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
 * struct run_gates - what is done while all threads stand still
 * @arg: handed to the functions
 * @begin: all runs have warmed up that are @counting, and go on together afterwards; runs that
 *	ended before have nothing to count
 * @end: run @i has counted all and not given anything back yet, or it has ended
 * @end_all: so have all of them; may be called more than once, or NULL
 * @phase: instead of the others, for a run by phases: called at each gate, and once more when the
 *	run ends before the last one. There is one such run at a time
 */
struct run_gates {
	void *arg;
	void (*begin)(void *arg, const struct run_awaited *runs, unsigned int nr);
	void (*end)(void *arg, unsigned int i);
	void (*end_all)(void *arg);
	void (*phase)(void *arg, const struct run_phase *next);
};

/**
 * struct run_wait - runs that are awaited together
 * @runs: the runs, one of each device
 * @nr: entries at @runs
 * @ring: what the commands go through, if it is open
 * @gates: of the runs, which all have them; NULL: none has
 * @progress: the line on the terminal
 * @together: devices are measured together, so the line does not tell the states of threads
 * @shown_ns: when it was shown last, by monotonic_ns()
 * @waiting: runs whose end is awaited
 * @open: all have begun to count
 * @over: no gate is left in a run by phases
 * @gate: number of the next gate of such a run, from 1
 * @look_ns: from one look whether threads stand at a gate to the next
 */
struct run_wait {
	struct run_awaited *runs;
	unsigned int nr;
	struct ring *ring;
	const struct run_gates *gates;
	struct progress *progress;
	bool together;
	uint64_t shown_ns;
	unsigned int waiting;
	bool open;
	bool over;
	uint32_t gate;
	uint64_t look_ns;
};

/**
 * run_start_all() - start prepared runs at once
 * @w: has all but what is set during a wait
 *
 * Through a ring they are submitted together, and its workers do them side by side.
 *
 * Return: 0, with @err of each run that could not be started; otherwise a negative errno of the
 * ring.
 */
int run_start_all(struct run_wait *w);

/**
 * run_wait_all() - wait until all runs have ended that were started
 * @w: the runs, all started
 *
 * The first signal stops all of them; with the second one no end is awaited any more.
 */
void run_wait_all(struct run_wait *w);

#endif
