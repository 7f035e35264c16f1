// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's counters for one event: which of them it takes, and what becomes of what they say.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "base/sysfs.h"
#include "base/xalloc.h"
#include "counters/internal.h"
#include "events/perf_open.h"

/* From this bit of an event's number on is which PMU is meant, for what all PMUs have. */
#define TYPE_SHIFT	32

bool counters_know_threads(const struct counters *c, const uint32_t *tids, unsigned int nr)
{
	char name[32];
	unsigned int i;

	if (!c->target.kernel_threads)
		return true;
	for (i = 0; i < nr; i++)
		if (sysfs_read(name, sizeof(name), "/proc/%" PRIu32 "/comm", tids[i]) ||
		    strncmp(name, "iommubench/", strlen("iommubench/")))
			return false;
	return true;
}

/* Threads of the module are pinned; of others nobody knows where they will run. */
static int cpu_of(const struct counters *c, unsigned int thread)
{
	if (!c->target.kernel_threads || !c->target.nr_cpus)
		return -1;
	return (int)c->target.cpus[thread % c->target.nr_cpus];
}

static bool has_cpu(const struct event *e, int cpu)
{
	unsigned int i;

	for (i = 0; i < e->nr_cpus; i++)
		if ((int)e->cpus[i] == cpu)
			return true;
	return !e->nr_cpus;
}

unsigned int counters_parts(const struct counters *c, const struct event *e)
{
	bool anywhere = e->follows && !c->by_cpu && !c->target.kernel_threads;

	return anywhere && e->nr_types ? e->nr_types : 1;
}

bool counters_plan(const struct counters *c, const struct event *e, unsigned int thread,
		   unsigned int part, int tid, struct counter_plan *plan)
{
	*plan = (struct counter_plan){ .code = e->code, .tid = tid, .cpu = -1 };
	if (c->by_cpu) {
		plan->tid = -1;
		plan->cpu = (int)c->target.cpus[thread];
		return has_cpu(e, plan->cpu);
	}
	if (cpu_of(c, thread) >= 0 && !has_cpu(e, cpu_of(c, thread)))
		return false;
	if (!e->nr_types)
		return true;
	if (counters_parts(c, e) == 1)
		/* The kernel takes the PMU of that CPU. */
		plan->cpu = cpu_of(c, thread);
	else if (e->code.type == PERF_TYPE_RAW)
		plan->code.type = e->types[part];
	else
		plan->code.config[0] |= (uint64_t)e->types[part] << TYPE_SHIFT;
	return true;
}

static void open_one(const struct counters *c, struct counter *counter, unsigned int i,
		     const struct counter_plan *plan)
{
	counter->fds[i] = perf_open(&plan->code, plan->tid, plan->cpu,
				    plan->tid >= 0 && !c->target.kernel_threads);
	if (counter->fds[i] >= 0 || *counter->problem.text)
		return;
	counter->missing = perf_missing(errno);
	perf_refused(&plan->code, errno, &counter->problem);
}

static void make_sums(struct counter *counter, unsigned int nr)
{
	unsigned int i;

	if (nr <= counter->nr_sums)
		return;
	counter->sums = xgrow(counter->sums, nr, sizeof(*counter->sums));
	for (i = counter->nr_sums; i < nr; i++)
		counter->sums[i] = (struct sum){ 0 };
	counter->nr_sums = nr;
}

/* All of it, or what is counted would be less than what was done. */
void counters_open(const struct counters *c, struct counter *counter, const uint32_t *tids,
		   unsigned int nr)
{
	const struct event *e = counter->event;
	unsigned int i, opened = 0;

	counter->parts = counters_parts(c, e);
	if (!e->follows)
		counter->nr_fds = e->nr_cpus;
	else
		counter->nr_fds = (c->by_cpu ? c->target.nr_cpus : nr) * counter->parts;
	counter->fds = xcalloc(counter->nr_fds, sizeof(*counter->fds));
	for (i = 0; i < counter->nr_fds; i++) {
		unsigned int thread = i / counter->parts;
		struct counter_plan plan = { .code = e->code, .tid = -1 };

		counter->fds[i] = -1;
		if (!e->follows)
			plan.cpu = (int)e->cpus[i];
		else if (!counters_plan(c, e, thread, i % counter->parts,
					c->by_cpu ? -1 : (int)tids[thread], &plan))
			continue;
		open_one(c, counter, i, &plan);
		opened++;
	}
	if (counter->nr_fds && !opened && !*counter->problem.text)
		error_set(&counter->problem,
			  "its PMU is part of other CPUs than those that were measured");
	make_sums(counter, counter->nr_fds / counter->parts);
}

/*
 * Of the PMUs of several types of CPU, one counts while the others cannot: together they were to
 * count as long as one of them was.
 */
void counters_read(struct counter *counter)
{
	struct perf_value v;
	unsigned int i;

	for (i = 0; i < counter->nr_fds; i++) {
		struct sum *sum = &counter->sums[i / counter->parts];

		if (counter->fds[i] < 0)
			continue;
		if (perf_read(counter->fds[i], &v)) {
			if (!*counter->problem.text)
				error_set(&counter->problem, "it cannot be read: %s",
					  strerror(errno));
		} else {
			if (i % counter->parts)
				v.enabled_ns = 0;
			counters_add_past(&counter->past, counter->event, &v);
			sum->value += (double)v.count * counter->event->scale;
			sum->enabled_ns += v.enabled_ns;
			sum->running_ns += v.running_ns;
		}
		close(counter->fds[i]);
	}
	free(counter->fds);
	counter->fds = NULL;
	counter->nr_fds = 0;
}
