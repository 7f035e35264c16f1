// SPDX-License-Identifier: GPL-2.0-only
#include "measure/session.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/xalloc.h"
#include "device/rebind.h"
#include "output/placement_matrix.h"
#include "run/link.h"

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

void session_repair(void)
{
	rebind_repair();
	domain_type_repair();
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

/* Once the CPUs are chosen, the memory policy and the watch follow. */
static int take_place(struct session *s)
{
	int ret = memory_policy_apply(&s->o.memory);

	if (ret)
		return ret;
	s->watch = xcalloc(1, sizeof(*s->watch));
	*s->watch = (struct placement_watch){
		.root = "",
		.bus = s->device.bus,
		.device = s->device.on_bus,
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
		.device = part == COUNTERS_COMMON ? NULL : d->on_bus,
		.kind = kind ? kind : own,
		.has_stream = d->info.nr_ids == 1,
		.stream_id = d->info.ids[0],
		.smmu = device_smmu(d),
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

void session_begin_faults(struct session *s)
{
	uint64_t makes = IOMMUBENCH_FEATURE_READS | IOMMUBENCH_FEATURE_WRITES;

	if (!s->faults && s->device.info.features & makes)
		s->faults = fault_log_open(&s->device);
	else
		fault_log_begin(s->faults);
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
	fault_log_free(s->faults);
	free(s->watch);
	placement_free(&s->placement);
	counters_free(s->counters);
	perf_pmu_names_free(&s->o.events);
	series_free(&s->series);
	close(s->signals);
	return ret;
}
