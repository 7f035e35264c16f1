/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line that is rewritten while a run goes on; only on a terminal.
 */
#ifndef IOMMUBENCH_TEXT_PROGRESS_H
#define IOMMUBENCH_TEXT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How often the line is rewritten. */
#define PROGRESS_INTERVAL_NS	250000000ULL

/**
 * struct progress - the line
 * @on: whether anything is shown
 * @label: what is running
 * @duration_ns: how long it will take, 0 when unknown
 * @count: operations that it will take, 0 when unknown
 * @steps: steps that it has, 0 when time and operations tell how far it is
 * @step: steps that are done
 * @started_ns: when it began
 * @shown: whether there is a line to clear
 */
struct progress {
	bool on;
	const char *label;
	uint64_t duration_ns;
	uint64_t count;
	size_t steps;
	size_t step;
	uint64_t started_ns;
	bool shown;
};

/**
 * progress_start() - begin
 * @p: receives the line
 * @label: what is running
 * @duration_ns: expected time with warm-up, 0 when unknown
 * @count: expected operations, 0 when unknown
 * @quiet: show nothing
 *
 * Nothing is shown either when stderr is no terminal or the run is short.
 */
void progress_start(struct progress *p, const char *label, uint64_t duration_ns, uint64_t count,
		    bool quiet);

/**
 * progress_show() - rewrite the line
 * @p: the line
 * @state: one word for what the threads do
 * @ops: operations so far
 */
void progress_show(struct progress *p, const char *state, uint64_t ops);

/**
 * progress_end() - clear the line; the next progress_show() brings it back
 * @p: the line
 */
void progress_end(struct progress *p);

/**
 * monotonic_ns() - a clock for waiting, not for measuring
 */
uint64_t monotonic_ns(void);

#endif
