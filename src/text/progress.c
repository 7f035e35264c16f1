// SPDX-License-Identifier: GPL-2.0-only
#include "text/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Shorter runs are over before a line is read. */
#define SHORT_RUN_NS	2000000000ULL

uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void progress_start(struct progress *p, const char *label, uint64_t duration_ns, uint64_t count,
		    bool quiet)
{
	*p = (struct progress){
		.on = !quiet && isatty(STDERR_FILENO) &&
		      (!duration_ns || duration_ns > SHORT_RUN_NS),
		.label = label,
		.duration_ns = duration_ns,
		.count = count,
		.started_ns = monotonic_ns(),
	};
}

void progress_show(struct progress *p, const char *state, uint64_t ops)
{
	double elapsed, part = 0, by_count;

	if (!p->on)
		return;
	elapsed = (double)(monotonic_ns() - p->started_ns);
	/* A run of unknown length has to prove first that it is a long one. */
	if (!p->duration_ns && elapsed < SHORT_RUN_NS)
		return;
	if (p->duration_ns)
		part = elapsed / (double)p->duration_ns;
	if (p->count) {
		by_count = (double)ops / (double)p->count;
		if (by_count > part)
			part = by_count;
	}
	if (p->steps)
		part = (double)p->step / (double)p->steps;
	if (part > 1)
		part = 1;
	fprintf(stderr, "\r\033[K%s: %s, %3.0f %%, %.1f s, %" PRIu64 " operations", p->label, state,
		part * 100, elapsed / 1e9, ops);
	fflush(stderr);
	p->shown = true;
}

void progress_end(struct progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->shown = false;
}
