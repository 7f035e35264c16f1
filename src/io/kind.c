// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of io as a kind.
 */
#include "io/kind.h"

#include "io/view/plot.h"
#include "io/view/points.h"
#include "io/view/report.h"
#include "io/view/summary.h"
#include "result/words.h"

static const char *const accesses[] = { "read", "write", "mixed", NULL };

static const char *const patterns[] = { "random", "sequential", NULL };

static const struct kind_key keys[] = {
	{ "access", "params.access", accesses },
	{ "pattern", "params.pattern", patterns },
	{ "writes, %", "params.write_percent", NULL, true },
	{ "size", "params.size_bytes", NULL },
	{ "threads", "params.threads", NULL },
	{ "depth", "params.queue_depth", NULL },
	{ "domain", "", words_domains },
	KIND_PLACEMENT_KEYS,
	{ NULL },
};

static const struct kind_variant variants[] = {
	KIND_MACHINE_VARIANTS,
	{ "params.rate_per_s", "rate" },
	KIND_PLACE_VARIANTS,
	{ "params.fixed_buffers", "registered buffers" },
	{ "params.polled", "polled" },
	{ "params.span_bytes", "span" },
	{ "params.block_device", "disk" },
	{ "io.disk.model", "model" },
	{ "io.disk.bytes", "disk of" },
	{ "io.disk.driver", "disk's driver" },
	{ "io.disk.scheduler", "scheduler" },
	{ NULL },
};

static const struct kind_figure figures[] = {
	{ "io.bytes", FIGURE_SUM },
	{ "io.bytes_per_s", FIGURE_MEAN, "throughput.seconds" },
	{ "io.cpu_ns_per_op", FIGURE_MEAN, "throughput.ops" },
	{ "io.cpu.busy_ns_per_op", FIGURE_MEAN, "throughput.ops" },
	{ "io.cpu.thread_ns_per_op", FIGURE_MEAN, "throughput.ops" },
	{ "io.cpu.resolution_ns_per_op", FIGURE_MEAN, "throughput.ops" },
	{ NULL }
};

const struct result_kind io_kind = {
	.subcommand = "io",
	.anchor = "io",
	.title = "Real I/O",
	.sample = "Of one request, from handing it to the kernel (with a rate: from when it was due) until its completion is seen.",
	.keys = keys,
	.variants = variants,
	.figures = figures,
	.headline = io_summary_params,
	.print = io_summary_print,
	.load = io_params_load,
	.plot = plot_io,
	.page = report_io_page,
	.tables = report_io_tables,
	.json = report_io_json,
};
