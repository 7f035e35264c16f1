// SPDX-License-Identifier: GPL-2.0-only
#include "measure/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "device/rebind.h"
#include "measure/phased_run.h"
#include "output/placement_matrix.h"

/* Operations of a thread in the run that explains, about. */
#define EXPLAINED_OPS		512
/* Lists of commands that one of them causes at most. */
#define EXPLAINED_LISTS		4
/* A flush queue has to be watched over several of its timer's periods, which are 10 ms. */
#define EXPLAINED_LAZY_NS	200000000

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
	if (!ret && s->o.placement_matrix)
		ret = placement_matrix(&s->o, &s->device, s->signals);
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

int session_choose_cpus(struct session *s, unsigned int threads)
{
	return placement_choose(&s->placement, s->o.cpus, s->o.numa_node,
				s->device.info.numa_node, threads);
}

/* With the CPUs chosen, what goes with them. */
static int take_place(struct session *s)
{
	int ret = memory_policy_apply(&s->o.memory);

	if (ret)
		return ret;
	s->watch = xcalloc(1, sizeof(*s->watch));
	*s->watch = (struct placement_watch){
		.root = "",
		.bus = s->device.bus,
		.device = s->device.name,
		.placement = &s->placement,
	};
	placement_watch_begin(s->watch);
	return EXIT_DONE;
}

static int connect_link(struct session *s)
{
	int ret = run_connect(&s->link, &s->device, s->signals, s->o.transport);

	s->link.memory = &s->memory;
	return ret;
}

int session_place(struct session *s, unsigned int threads)
{
	int ret = session_choose_cpus(s, threads);

	if (ret)
		return ret;
	placement_step_aside(&s->placement);
	return take_place(s);
}

int session_settle(struct session *s)
{
	int ret = take_place(s);

	return ret ? ret : connect_link(s);
}

int session_connect(struct session *s, unsigned int threads)
{
	int ret = session_place(s, threads);

	if (!ret)
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

static struct counters *new_counters(const struct session *s, bool kernel_threads, bool apart,
				     enum counters_part part, const char *kind)
{
	const struct device *d = &s->device;
	char own[64];
	struct counters_target target = {
		.part = part,
		.device = part == COUNTERS_COMMON ? NULL : d->name,
		.kind = kind ? kind : own,
		.has_stream = d->info.nr_ids == 1,
		.stream_id = d->info.ids[0],
		.cpus = s->placement.cpus,
		.nr_cpus = s->placement.nr,
		.probes = s->probes,
		.kernel_threads = kernel_threads,
		.phase = s->only_phase,
		.apart = apart,
	};

	device_iommu_kind(d, own, sizeof(own));
	return counters_new(&s->o.events, &target);
}

struct counters *session_new_counters(const struct session *s, bool kernel_threads,
				      enum counters_part part, const char *kind)
{
	return new_counters(s, kernel_threads, false, part, kind);
}

static void begin_counters(struct session *s, bool kernel_threads, bool apart)
{
	if (!s->counters)
		s->counters = new_counters(s, kernel_threads, apart, s->part, NULL);
	if (s->counters)
		counters_reset(s->counters);
	counters_series(s->counters, &s->series.source);
}

void session_begin_counters(struct session *s, bool kernel_threads)
{
	begin_counters(s, kernel_threads, false);
}

void session_begin_own_counters(struct session *s)
{
	begin_counters(s, false, true);
}

/* A run whose counters are read at its gates. */
struct counted_run {
	struct session *s;
	enum counters_run kind;
	uint64_t commands;
	bool anyone;
};

static void at_gate(void *arg, enum run_gate gate, const uint32_t *tids, unsigned int nr)
{
	struct counted_run *c = arg;

	if (gate == RUN_GATE_BEFORE)
		counters_begin(c->s->counters, c->kind, tids, nr, c->commands, c->anyone);
	else
		counters_end(c->s->counters);
}

static int execute_counted(struct counted_run *c, struct iommubench_run *run, const char *label,
			   bool quiet, struct run_outcome *o)
{
	struct run_link *link = &c->s->link;
	unsigned int i;
	int ret;

	if (counters_wants(c->s->counters, c->kind)) {
		link->gate = at_gate;
		link->gate_arg = c;
	}
	ret = run_execute(link, run, label, quiet, o);
	link->gate = NULL;
	for (i = 0; c->s->counters && !ret && i < o->nr_threads; i++)
		counters_add_ops(c->s->counters, c->kind, i, o->threads[i].ops);
	return ret;
}

int session_execute(struct session *s, struct iommubench_run *run, const char *label, bool quiet,
		    struct run_outcome *o)
{
	struct counted_run c = { .s = s, .kind = COUNTERS_MEASURED };

	return execute_counted(&c, run, label, quiet, o);
}

struct iommubench_run session_explaining(const struct session *s, const struct iommubench_run *desc,
					 const struct totals *t, uint64_t *commands, bool *anyone)
{
	uint64_t round = s->round_ops ? s->round_ops : 1;
	uint64_t ops = (EXPLAINED_OPS + round - 1) / round * round * desc->threads;
	bool lazy = s->device.info.domain_type == IOMMUBENCH_DOMAIN_LAZY;
	struct iommubench_run run = *desc;

	run.warmup_ns = 0;
	run.duration_ns = lazy ? EXPLAINED_LAZY_NS : 0;
	run.count = lazy ? 0 : ops;
	run.batch = t->batch;
	run.flags &= ~(__u64)IOMMUBENCH_RUN_VERIFY;
	*commands = ops * EXPLAINED_LISTS;
	*anyone = lazy;
	return run;
}

static void explain(struct session *s, const struct iommubench_run *desc, const char *label,
		    struct totals *t)
{
	struct counted_run c = { .s = s, .kind = COUNTERS_EXPLAINING };
	struct iommubench_run run;
	struct error why = { "" };
	struct run_outcome o;
	char what[128];

	if (!counters_wants(s->counters, COUNTERS_EXPLAINING) || !run_ended_well(t->end))
		return;
	run = session_explaining(s, desc, t, &c.commands, &c.anyone);
	snprintf(what, sizeof(what), "%s, explaining", label);
	detail("%s on %s", what, s->device.name);
	error_keep(&why);
	if (execute_counted(&c, &run, what, s->o.quiet, &o))
		detail("%s: %s", what, why.text);
	else
		run_outcome_free(&o);
	error_keep(NULL);
}

int session_repeat(struct session *s, const struct iommubench_run *desc, const char *label,
		   struct totals *t)
{
	struct counted_run c = { .s = s, .kind = COUNTERS_MEASURED };
	struct iommubench_run run;
	struct run_outcome outcome;
	char numbered[128];
	unsigned int i;
	int ret = EXIT_DONE;

	session_begin_counters(s, true);
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
		ret = execute_counted(&c, &run, numbered, s->o.quiet, &outcome);
		if (ret)
			break;
		series_cut(&s->series);
		totals_add(t, &outcome);
		run_outcome_free(&outcome);
		if (!run_ended_well(t->end))
			break;
	}
	s->link.series = NULL;
	if (!ret)
		explain(s, desc, label, t);
	if (!ret && s->counters && run_ended_well(t->end))
		phased_run(s, desc, label, t);
	if (s->counters)
		totals_set_counters(t, s->counters);
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
	counters_free(s->counters);
	perf_pmu_names_free(&s->o.events);
	series_free(&s->series);
	close(s->signals);
	return ret;
}
