// SPDX-License-Identifier: GPL-2.0-only
#include "lib/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/error.h"
#include "lib/rebind.h"
#include "lib/xalloc.h"

int session_init(struct session *s)
{
	*s = (struct session){
		.device.fd = -1,
		.domain.lock = -1,
	};
	options_init(&s->o);
	s->signals = run_catch_signals();
	return s->signals < 0 ? EXIT_UNABLE : EXIT_DONE;
}

int session_begin(struct session *s, int type)
{
	int ret;

	ret = device_find(&s->device, s->o.device);
	if (ret)
		return ret;
	ret = domain_type_lock(&s->domain, &s->device);
	if (ret)
		return ret;
	if (type >= 0)
		ret = domain_type_switch(&s->domain, type);
	return ret ? ret : device_open(&s->device);
}

int session_rebind(struct session *s, const char *what)
{
	int ret;

	device_close(&s->device);
	ret = rebind_away(&s->device, what);
	s->rebound = !ret;
	return ret ? ret : device_open(&s->device);
}

static int connect_link(struct session *s)
{
	int ret = run_connect(&s->link, &s->device, s->signals, s->o.transport);

	s->link.memory = &s->memory;
	return ret;
}

int session_connect(struct session *s, unsigned int threads)
{
	int ret;

	ret = placement_choose(&s->placement, s->o.cpus, s->o.numa_node, s->device.info.numa_node,
			       threads);
	if (!ret)
		ret = memory_policy_apply(&s->o.memory);
	if (ret)
		return ret;
	placement_step_aside(&s->placement);
	s->watch = xcalloc(1, sizeof(*s->watch));
	*s->watch = (struct placement_watch){
		.root = "",
		.bus = s->device.bus,
		.device = s->device.name,
		.placement = &s->placement,
	};
	placement_watch_begin(s->watch);
	ret = background_start(&s->background, &s->o.background, &s->placement);
	return ret ? ret : connect_link(s);
}

int session_switch(struct session *s, int type)
{
	struct progress *line = s->link.progress;
	int ret, opened;

	run_disconnect(&s->link);
	device_close(&s->device);
	ret = domain_type_switch(&s->domain, type);
	opened = device_open(&s->device);
	if (!opened)
		opened = connect_link(s);
	s->link.progress = line;
	return ret ? ret : opened;
}

struct iommubench_run session_describe(const struct session *s, enum iommubench_workload workload,
				       void *params)
{
	return (struct iommubench_run){
		.size = sizeof(struct iommubench_run),
		.workload = workload,
		.params = (uintptr_t)params,
		.cpus = (uintptr_t)s->placement.cpus,
		.nr_cpus = s->placement.nr,
		.threads = s->o.threads,
		.duration_ns = s->o.duration_ns,
		.count = s->o.count,
		.warmup_ns = s->o.warmup_ns,
		.rate_mhz = s->o.rate_mhz,
		.seed = s->o.seed,
		.memory = memory_policy_abi(&s->o.memory),
	};
}

int session_repeat(struct session *s, const struct iommubench_run *desc, const char *label,
		   struct totals *t)
{
	struct iommubench_run run;
	struct run_outcome outcome;
	char numbered[128];
	unsigned int i;
	int ret = EXIT_DONE;

	series_begin(&s->series, s->o.interval_ns, s->device.info.clock_hz, t->nr_phases);
	t->series = &s->series;
	s->link.series = &s->series;
	for (i = 0; i < s->o.repeat; i++) {
		run = *desc;
		run.seed += i;
		/* Histograms of different batches could not be merged. */
		if (i && t->batch)
			run.batch = t->batch;
		if (s->o.repeat > 1)
			snprintf(numbered, sizeof(numbered), "%s, run %u of %u", label, i + 1,
				 s->o.repeat);
		else
			snprintf(numbered, sizeof(numbered), "%s", label);
		detail("%s on %s by %s", numbered, s->device.name, run_transport(&s->link));
		ret = run_execute(&s->link, &run, numbered, s->o.quiet, &outcome);
		if (ret)
			break;
		series_cut(&s->series);
		totals_add(t, &outcome);
		run_outcome_free(&outcome);
		if (!run_ended_well(t->end))
			break;
	}
	s->link.series = NULL;
	if (!ret || !i)
		return ret;
	t->end = IOMMUBENCH_END_ERROR;
	snprintf(t->message, sizeof(t->message), "run %u of %u could not be done", i + 1,
		 s->o.repeat);
	return EXIT_DONE;
}

int session_end(struct session *s)
{
	int ret, back = EXIT_DONE;

	background_stop(s->background);
	run_disconnect(&s->link);
	device_close(&s->device);
	if (s->rebound)
		back = rebind_back(&s->device);
	ret = domain_type_release(&s->domain);
	ret = ret ? ret : back;
	free(s->watch);
	placement_free(&s->placement);
	series_free(&s->series);
	close(s->signals);
	return ret;
}
