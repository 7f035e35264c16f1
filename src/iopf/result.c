// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stats.h"
#include "measure/params.h"
#include "result/read.h"
#include "text/json.h"
#include "text/parse.h"
#include "text/units.h"

static const char * const phase_names[IOMMUBENCH_IOPF_PHASES] = {
	[IOMMUBENCH_PHASE_IOPF_FAULT] = "fault",
	[IOMMUBENCH_PHASE_IOPF_SERVICE] = "fault_service",
	[IOMMUBENCH_PHASE_IOPF_HIT] = "hit",
	[IOMMUBENCH_PHASE_IOPF_REFUSED] = "refused",
	[IOMMUBENCH_PHASE_IOPF_ANSWER] = "answer",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_EVENT] = "stage_event",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_HANDLER] = "stage_handler",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_MM] = "stage_mm",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_FAULT] = "stage_fault",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_READ] = "stage_read",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_MAP] = "stage_map",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_RESPONSE] = "stage_response",
	[IOMMUBENCH_PHASE_IOPF_STAGE + IOMMUBENCH_IOPF_STAGE_RESTART] = "stage_restart",
};

static const char * const stage_names[IOMMUBENCH_IOPF_NR_STAGES] = {
	[IOMMUBENCH_IOPF_STAGE_EVENT] = "event",
	[IOMMUBENCH_IOPF_STAGE_HANDLER] = "handler",
	[IOMMUBENCH_IOPF_STAGE_MM] = "mm",
	[IOMMUBENCH_IOPF_STAGE_FAULT] = "fault",
	[IOMMUBENCH_IOPF_STAGE_READ] = "read",
	[IOMMUBENCH_IOPF_STAGE_MAP] = "map",
	[IOMMUBENCH_IOPF_STAGE_RESPONSE] = "response",
	[IOMMUBENCH_IOPF_STAGE_RESTART] = "restart",
};

static const char * const check_names[IOMMUBENCH_CHECKS] = {
	[IOMMUBENCH_CHECK_FAULT_SERVED] = "fault_served",
	[IOMMUBENCH_CHECK_FAULT_REFUSED] = "fault_refused",
	[IOMMUBENCH_CHECK_FAULT_DATA] = "read_data",
	[IOMMUBENCH_CHECK_FAULT_ANSWERED] = "answered",
	[IOMMUBENCH_CHECK_PRI_ANSWERS] = "page_request_answers",
};

static const char * const count_names[IOMMUBENCH_IOPF_COUNTS] = {
	[IOMMUBENCH_IOPF_FAULTS] = "faults",
	[IOMMUBENCH_IOPF_FAULTED] = "faulted",
	[IOMMUBENCH_IOPF_REFAULTED] = "faulted_again",
	[IOMMUBENCH_IOPF_REFUSED] = "refused",
	[IOMMUBENCH_IOPF_UNSEEN] = "unseen",
	[IOMMUBENCH_IOPF_TIMED_OUT] = "never_answered",
};

static bool by_user(const struct iopf_point *p)
{
	return p->mode == IOPF_MODE_IOMMUFD;
}

/* A fault goes through a stage that is the kernel's, or user space's, in its mode only. */
static bool has_stage(const struct iopf_point *p, unsigned int stage)
{
	switch (stage) {
	case IOMMUBENCH_IOPF_STAGE_MM:
	case IOMMUBENCH_IOPF_STAGE_FAULT:
		return !by_user(p);
	case IOMMUBENCH_IOPF_STAGE_READ:
	case IOMMUBENCH_IOPF_STAGE_MAP:
		return by_user(p);
	default:
		return true;
	}
}

static bool asked_for_pages(const struct session *s, const struct iopf_point *p)
{
	return p->mode == IOPF_MODE_AUTO || by_user(p) ? !strcmp(s->device.bus, "pci") :
							 p->mode == IOPF_MODE_PRI;
}

static json_t *describe_params(const struct iopf_point *p, const struct session *s)
{
	json_t *j = xjson(json_object());

	json_put_text(j, "api", by_user(p) ? "iommufd" : "sva");
	json_put_text(j, "fault", choice_word(iopf_kind_choices, p->arena.kind));
	json_put_text(j, "access", p->arena.write ? "write" : "read");
	json_put_text(j, "memory",
		      p->arena.kind == ARENA_FILE_COLD || p->arena.kind == ARENA_FILE_WARM
			      ? "file"
			      : choice_word(iopf_memory_choices, p->arena.memory));
	xjson_put(j, "locked", xjson(json_boolean(p->arena.locked)));
	json_put_text(j, "mode", by_user(p) ? "iommufd" : asked_for_pages(s, p) ? "pri" : "stall");
	json_put_text(j, "waits", asked_for_pages(s, p) ? "pri" : "stall");
	if (by_user(p)) {
		json_put_number(j, "pagers", p->pagers);
		json_put_number(j, "pager_delay_ns", p->pager_delay_ns);
	}
	/* What one access makes present. */
	json_put_number(j, "size_bytes", p->arena.kind == ARENA_HUGE ? p->arena.step :
		      (uint64_t)sysconf(_SC_PAGESIZE) * p->prg_pages);
	json_put_number(j, "range_bytes", p->arena.bytes);
	json_put_number(j, "stride_bytes", p->arena.step);
	json_put_number(j, "outstanding", p->outstanding);
	json_put_number(j, "address_spaces", p->nr_spaces);
	json_put_number(j, "group", p->prg_pages);
	json_put_number(j, "prefault_percent", p->arena.prefault);
	json_put_number(j, "think_ns", p->think_ns);
	json_put_number(j, "timeout_ns", p->timeout_ns);
	xjson_put(j, "stages", xjson(json_boolean(p->stages)));
	params_put_threads(j, s);
	params_put_length(j, s);
	json_put_number(j, "batch", 1);
	params_put_device(j, s);
	return j;
}

/* Why a stage has no histogram. */
static const char *hidden_reason(const struct iopf_point *p, unsigned int stage)
{
	if (p->shown & 1u << stage)
		return NULL;
	if (!p->answered)
		return "the kernel denies page requests before it looks at them";
	if (!p->stages)
		return "not asked for";
	if (by_user(p))
		return "this kernel has no place that could be probed: no CONFIG_KPROBES";
	return "this kernel has no place that could be probed: no CONFIG_KPROBES, or before 6.9";
}

static json_t *describe_stages(const struct iopf_point *p)
{
	json_t *stages = xjson(json_object());
	const char *reason;
	unsigned int i;

	for (i = 0; i < IOMMUBENCH_IOPF_NR_STAGES; i++) {
		json_t *j;

		if (!has_stage(p, i))
			continue;
		j = xjson(json_object());
		reason = hidden_reason(p, i);
		xjson_put(j, "shown", xjson(json_boolean(!reason)));
		if (reason)
			json_put_text(j, "reason", reason);
		xjson_put(stages, stage_names[i], j);
	}
	return stages;
}

static const struct iommubench_hist *device_hist(const struct iopf_point *p)
{
	const struct iommubench_hist *service = &p->phases[IOMMUBENCH_PHASE_IOPF_SERVICE];

	return service->count ? service : &p->phases[IOMMUBENCH_PHASE_IOPF_FAULT];
}

static void put_ratios(json_t *j, const struct stats *device, const struct stats *other)
{
	if (!device->count || other->p50 <= 0)
		return;
	xjson_put(j, "ratio_p50", xjson_figure(device->p50 / other->p50));
	xjson_put(j, "ratio_p99", xjson_figure(device->p99 / other->p99));
	xjson_put(j, "ratio_mean", xjson(json_real(device->mean / other->mean)));
}

static json_t *describe_cpu(const struct iopf_point *p)
{
	const char *reason = iopf_no_cpu_reason(p);
	json_t *j = xjson(json_object());
	struct stats cpu, device;

	stats_compute(&cpu, &p->cpu_hist, 1e9 / ticks_hz());
	stats_compute(&device, device_hist(p), 1);
	if (!reason && !cpu.count)
		reason = "the run ended before";
	xjson_put(j, "measured", xjson(json_boolean(!reason)));
	if (reason)
		json_put_text(j, "reason", reason);
	else
		put_ratios(j, &device, &cpu);
	return j;
}

/* What user space costs more than the kernel, for faults alike. */
static json_t *describe_kernel(const struct iopf_point *p)
{
	const char *reason = *p->kernel_reason ? p->kernel_reason : NULL;
	json_t *j = xjson(json_object());
	struct stats kernel, device;

	stats_compute(&kernel, &p->kernel_hist, 1);
	stats_compute(&device, device_hist(p), 1);
	if (!reason && !kernel.count)
		reason = "the run ended before, or the kernel answers no page requests";
	xjson_put(j, "measured", xjson(json_boolean(!reason)));
	if (reason)
		json_put_text(j, "reason", reason);
	else
		put_ratios(j, &device, &kernel);
	return j;
}

static json_t *describe_iopf(const struct iopf_point *p)
{
	double seconds = (double)p->totals.ticks / (double)p->totals.clock_hz;
	json_t *j = xjson(json_object());
	json_t *lost = xjson(json_object());
	unsigned int i;

	xjson_put(j, "answered", xjson(json_boolean(p->answered)));
	json_put_number(j, "passes", p->passes);
	for (i = 0; i < IOMMUBENCH_IOPF_COUNTS; i++)
		json_put_number(j, count_names[i], p->counts[i]);
	xjson_put(j, "faults_per_s", xjson(json_real(seconds > 0 ?
		  (double)p->counts[IOMMUBENCH_IOPF_FAULTS] / seconds : 0)));
	json_put_number(lost, "event", p->lost_events);
	json_put_number(lost, "page_request", p->lost_requests);
	xjson_put(j, "queue_overflows", lost);
	json_put_number(j, "clock_error_ns", p->clock_error_ns);
	json_put_number(j, "probe_ns", p->probe_ns);
	if (p->arena.kind == ARENA_HUGE)
		json_put_number(j, "huge_bytes", p->huge_bytes);
	xjson_put(j, "stages", describe_stages(p));
	xjson_put(j, "cpu", describe_cpu(p));
	if (by_user(p))
		xjson_put(j, "kernel", describe_kernel(p));
	return j;
}

static void add_warnings(struct result *r, const struct iopf_point *p, const struct session *s)
{
	uint64_t late = 0, ops = 0;
	unsigned int i;

	params_put_placement(r, s, s->o.threads);
	for (i = 0; i < p->totals.nr_threads; i++) {
		late += p->totals.threads[i].late;
		ops += p->totals.threads[i].ops;
	}
	if (late * 100 > ops)
		result_add_warning(r, "%" PRIu64 " of %" PRIu64 " accesses began after the next one was due: the rate is more than can be held",
				   late, ops);
	if (!p->answered)
		result_add_warning(r, "this kernel answers no page requests of PCI devices, it denies them all: what was measured is how long that takes");
	if (p->lost_events)
		result_add_warning(r, "the IOMMU's event queue ran over %" PRIu64 " times, as the kernel tells: stalled accesses wait for room, other records are lost",
				   p->lost_events);
	if (p->lost_requests)
		result_add_warning(r, "the IOMMU's page request queue ran over %" PRIu64 " times, as the kernel tells: the device asks again for what was lost",
				   p->lost_requests);
	if (p->counts[IOMMUBENCH_IOPF_UNSEEN])
		result_add_warning(r, "the kernel's stages of %" PRIu64 " accesses were not all seen; their stages are left out",
				   p->counts[IOMMUBENCH_IOPF_UNSEEN]);
	if (p->unread)
		result_add_warning(r, "what was written in other processes could not be looked at");
	if (p->huge_missing)
		result_add_warning(r, "only %s came in huge pages",
				   units_size(p->huge_bytes).text);
	if (!p->arena.locked && !p->counts[IOMMUBENCH_IOPF_FAULTED] && !iopf_must_fail(p) && ops &&
	    !arena_may_refuse(p->arena.kind))
		result_add_warning(r, "no access faulted");
}

struct result *iopf_result(const struct iopf_point *p, const struct session *s, json_t *machine)
{
	struct result *r = result_new("iopf");
	unsigned int i;

	result_set_params(r, describe_params(p, s));
	totals_report(&p->totals, r, machine);
	for (i = 0; i < IOMMUBENCH_IOPF_PHASES; i++)
		if (p->phases[i].count)
			result_add_phase(r, phase_names[i], &p->phases[i], 1, 1);
	series_report(&s->series, r, phase_names, 1, 1);
	if (p->cpu_hist.count)
		result_add_phase(r, "cpu_fault", &p->cpu_hist, 1e9 / ticks_hz(), 1);
	if (p->kernel_hist.count)
		result_add_phase(r, "kernel_fault", &p->kernel_hist, 1, 1);
	totals_report_checks(&p->totals, r, check_names);
	if (p->written)
		result_add_check(r, "written_data", p->written, p->wrong);
	xjson_put(result_json(r), "iopf", describe_iopf(p));
	add_warnings(r, p, s);
	totals_report_end(&p->totals, r);
	return r;
}

static void print_ratios(const char *slower, const char *faster, const json_t *ratios)
{
	double p99 = result_number(ratios, "ratio_p99");

	printf("%s takes %.1f times as long as one %s (p50", slower,
	       result_number(ratios, "ratio_p50"), faster);
	if (p99 > 0)
		printf("; p99: %.1f times", p99);
	puts(")");
}

void iopf_print(struct result *r)
{
	const json_t *j = result_json(r);
	const char *reason;
	unsigned int i;
	char path[64];

	printf("faults      %s/s", units_rate(result_number(j, "iopf.faults_per_s")).text);
	if (result_number(j, "iopf.faulted_again") > 0)
		printf(", %.0f accesses faulted more than once",
		       result_number(j, "iopf.faulted_again"));
	if (result_number(j, "iopf.refused") > 0)
		printf(", %.0f refused", result_number(j, "iopf.refused"));
	printf("\n");
	if (result_number(j, "iopf.cpu.ratio_p50") > 0)
		print_ratios("price       a fault of the device", "of the CPU",
			     result_get(j, "iopf.cpu"));
	if (result_number(j, "iopf.kernel.ratio_p50") > 0)
		print_ratios("user space  a fault that user space answers",
			     "that the kernel answers", result_get(j, "iopf.kernel"));
	reason = result_text(j, "iopf.kernel.reason");
	if (*reason)
		printf("not shown   the same faults, answered by the kernel: %s\n", reason);
	for (i = 0; i < IOMMUBENCH_IOPF_NR_STAGES; i++) {
		snprintf(path, sizeof(path), "iopf.stages.%s.reason", stage_names[i]);
		reason = result_text(j, path);
		if (*reason)
			printf("not shown   stage %s: %s\n", stage_names[i], reason);
	}
}
