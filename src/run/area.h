/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages of a run that the module fills, and what is taken from them.
 */
#ifndef IOMMUBENCH_RUN_AREA_H
#define IOMMUBENCH_RUN_AREA_H

#include <stdbool.h>
#include <stdint.h>
#include <iommubench.h>

#include "iommubench/hist.h"

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
 * run_thread() - what one thread of a run shows
 * @desc: the run, prepared
 * @area: from run_prepare()
 * @i: number of the thread, from 0
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

/**
 * run_layout_ok() - whether the module's answers fit together: what it says becomes our pointers
 * @desc: prepared
 */
bool run_layout_ok(const struct iommubench_run *desc);

/**
 * run_collect_pages() - take over what the threads left in their pages
 * @o: receives, give it back with run_outcome_free()
 * @desc: the run
 * @area: where the pages are mapped
 */
void run_collect_pages(struct run_outcome *o, const struct iommubench_run *desc, const char *area);

#endif
