/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run on one device: describe it to the module, start it, wait for its end
 * while watching for signals, and collect what it left.
 */
#ifndef IOMMUBENCH_RUN_RUN_H
#define IOMMUBENCH_RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include <liburing.h>

#include <iommubench.h>

#include "cli/options.h"
#include "device/device.h"
#include "iommubench/hist.h"
#include "run/memory_report.h"
#include "text/progress.h"

/* From one look whether all threads stand at a gate to the next, first and at most. */
#define GATE_LOOK_NS		1000000
#define GATE_LOOK_MAX_NS	10000000

struct series;

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
 * struct run_outcome - what a run left
 * @end: enum iommubench_end
 * @abandoned: the user did not want to wait for the end; what is here are the
 *	figures as they stood then
 * @error: errno of the operation that failed, 0 if none
 * @message: what went wrong, in plain words; empty if nothing
 * @batch: operations in a sample
 * @window: mappings that one thread kept alive
 * @checks: by enum iommubench_check_id
 * @nr_threads: entries at @threads
 * @threads: as the module left them, on the heap
 * @nr_phases: entries at @phases
 * @phases: histograms of all threads together, on the heap
 */
struct run_outcome {
	int end;
	bool abandoned;
	int error;
	char message[IOMMUBENCH_MESSAGE_BYTES];
	unsigned int batch;
	unsigned int window;
	struct iommubench_check checks[IOMMUBENCH_CHECKS];
	unsigned int nr_threads;
	struct iommubench_thread *threads;
	unsigned int nr_phases;
	struct iommubench_hist *phases;
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

/**
 * run_execute() - do one run from PREPARE to RESULT
 * @link: connected
 * @desc: the run; the module's answers are put there
 * @label: for the progress line
 * @quiet: no progress line
 * @o: receives, give it back with run_outcome_free()
 *
 * A run that ended early is no failure of this function: see @o->end.
 *
 * Return: EXIT_DONE when there is an outcome; otherwise another enum
 * exit_status after one line on stderr.
 */
int run_execute(struct run_link *link, struct iommubench_run *desc, const char *label, bool quiet,
		struct run_outcome *o);

/**
 * run_prepare() - first step of run_execute(), for who starts several runs together
 * @link: connected
 * @desc: the run; the module's answers are put there
 * @area: receives what the module shows of it, for run_collect()
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int run_prepare(struct run_link *link, struct iommubench_run *desc, void **area);

/**
 * run_start_failed() - say that a prepared run cannot be started
 * @err: negative errno
 *
 * Return: an enum exit_status, after one line on stderr.
 */
int run_start_failed(int err);

/**
 * run_collect() - last step of run_execute(): take over what a run left
 * @link: connected
 * @desc: the run
 * @area: from run_prepare(); it is gone afterwards
 * @waited: 0 when it has ended, -ECANCELED when its end is not awaited, another negative errno
 *	when that could not be done
 * @o: initialised; receives, give it back with run_outcome_free()
 */
void run_collect(struct run_link *link, const struct iommubench_run *desc, void *area, int waited,
		 struct run_outcome *o);

/**
 * run_thread() - what one thread of a run shows
 * @desc: the run, prepared
 * @area: from run_prepare()
 * @i: which thread
 */
const struct iommubench_thread *run_thread(const struct iommubench_run *desc, const void *area,
					   unsigned int i);

/**
 * run_all_at() - do all threads of a run stand at a gate?
 * @desc: the run, started
 * @area: from run_prepare()
 * @gate: number of the gate of a run by phases, from 1; 0 in other runs, whose two gates are known
 *	by the state there, as older modules do not number them
 * @wanted: that state, enum iommubench_thread_state
 *
 * Return: 1 when they do, -1 when the run is past it because it ends, 0 otherwise.
 */
int run_all_at(const struct iommubench_run *desc, const void *area, uint32_t gate,
	       uint32_t wanted);

/**
 * run_outcome_free() - give an outcome back
 * @o: the outcome, may be all zeroes
 */
void run_outcome_free(struct run_outcome *o);

/**
 * run_ended_well() - did a run do all that was asked for?
 * @end: enum iommubench_end
 */
bool run_ended_well(int end);

/**
 * run_end_word() - the word for why a run ended, as a result has it
 * @end: enum iommubench_end
 */
const char *run_end_word(int end);

/**
 * run_total_ops() - operations of all threads
 * @o: the outcome
 */
uint64_t run_total_ops(const struct run_outcome *o);

/**
 * run_ticks() - clock ticks from the first thread's start to the last one's end
 * @o: the outcome
 *
 * Return: 0 when no thread came that far.
 */
uint64_t run_ticks(const struct run_outcome *o);

#endif
