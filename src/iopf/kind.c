// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of iopf as a kind.
 */
#include "iopf/kind.h"

#include "iopf/view/plot.h"
#include "iopf/view/points.h"
#include "iopf/view/report.h"

static const char *const faults[] = {
	"zero", "anon", "cow", "file-cold", "file-warm", "huge", "mprotect", "unmapped", "inflight",
	"exit", "killed", NULL,
};

static const char *const accesses[] = { "read", "write", NULL };

static const char *const modes[] = { "stall", "pri", "iommufd", NULL };

static const char *const memories[] = { "mmap", "malloc", "stack", "file", NULL };

static const struct kind_key keys[] = {
	{ "fault", "params.fault", faults },
	{ "access", "params.access", accesses },
	{ "mode", "params.mode", modes },
	{ "memory", "params.memory", memories, true },
	{ "stride", "params.stride_bytes", NULL, true },
	{ "spaces", "params.address_spaces", NULL, true },
	{ "pages at once", "params.group", NULL, true },
	{ "present, %", "params.prefault_percent", NULL, true },
	{ "rate", "params.rate_per_s", NULL, true },
	{ "threads", "params.threads", NULL },
	{ "outstanding", "params.outstanding", NULL },
	KIND_PLACEMENT_KEYS,
	{ NULL },
};

static const struct kind_variant variants[] = {
	KIND_MACHINE_VARIANTS,
	KIND_PLACE_VARIANTS,
	{ "params.locked", "locked" },
	{ "params.think_ns", "think" },
	{ "params.stages", "stages" },
	{ "machine.iommu.domain_type", "default domain" },
	{ NULL },
};

static const struct kind_figure figures[] = {
	{ "iopf.passes", FIGURE_SUM },
	{ "iopf.faults", FIGURE_SUM },
	{ "iopf.faulted", FIGURE_SUM },
	{ "iopf.faulted_again", FIGURE_SUM },
	{ "iopf.refused", FIGURE_SUM },
	{ "iopf.unseen", FIGURE_SUM },
	{ "iopf.never_answered", FIGURE_SUM },
	{ "iopf.faults_per_s", FIGURE_MEAN, "throughput.seconds" },
	{ "iopf.queue_overflows.event", FIGURE_SUM },
	{ "iopf.queue_overflows.page_request", FIGURE_SUM },
	{ "iopf.clock_error_ns", FIGURE_MOST },
	{ "iopf.probe_ns", FIGURE_MOST },
	{ NULL }
};

const struct result_kind iopf_kind = {
	.subcommand = "iopf",
	.anchor = "iopf",
	.title = "I/O page faults",
	.sample = "Of one access; stages are of those that faulted once, cpu_fault is of the same faults taken by the CPU.",
	.keys = keys,
	.variants = variants,
	.figures = figures,
	.load = iopf_params_load,
	.plot = plot_iopf,
	.page = report_iopf_page,
	.tables = report_iopf_tables,
	.json = report_iopf_json,
};
