// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of tlb-flush as a kind.
 */
#include "flush/kind.h"

#include "flush/pictures/plot.h"
#include "flush/view/points.h"
#include "flush/view/report.h"
#include "flush/view/strategies.h"
#include "flush/view/summary.h"
#include "result/read.h"

static const char *const flush_domains[] = { "shared", "per-thread", NULL };

static const struct kind_key keys[] = {
	{ "mapping", "params.size_bytes", NULL },
	{ "domains", "params.domains", flush_domains },
	{ "threads", "params.threads", NULL },
	{ "mappings", "params.mappings", NULL },
	{ "strategy", "params.strategy", flush_strategies },
	KIND_PLACEMENT_KEYS,
	{ NULL },
};

static const struct kind_variant variants[] = {
	KIND_MACHINE_VARIANTS,
	{ "params.rate_per_s", "rate" },
	KIND_PLACE_VARIANTS,
	{ NULL },
};

static const struct kind_figure figures[] = {
	{ "fairness.min_ops", FIGURE_SUM },
	{ "fairness.max_ops", FIGURE_SUM },
	{ "fairness.ratio", FIGURE_MEAN, "throughput.seconds" },
	{ "exposure.error_ns", FIGURE_MOST },
	{ "exposure.rounds", FIGURE_SUM },
	{ "exposure.exposed_rounds", FIGURE_SUM },
	{ "exposure.accesses.mean", FIGURE_MEAN, "exposure.rounds" },
	{ "exposure.accesses.p50", FIGURE_MEAN, "exposure.rounds" },
	{ "exposure.accesses.p99", FIGURE_MOST },
	{ "exposure.accesses.max", FIGURE_MOST },
	{ "device.rounds", FIGURE_SUM },
	{ "commands.rounds", FIGURE_SUM },
	{ "commands.lists_per_round", FIGURE_MEAN, "commands.rounds" },
	{ "commands.commands_per_round", FIGURE_MEAN, "commands.rounds" },
	{ "commands.syncs_per_round", FIGURE_MEAN, "commands.rounds" },
	{ "commands.flushes_per_round", FIGURE_MEAN, "commands.rounds" },
	{ "commands.commands_per_list_max", FIGURE_MOST },
	{ "commands.queue_full_waits", FIGURE_SUM },
	{ "stale.unmaps", FIGURE_SUM },
	{ "stale.failures", FIGURE_SUM },
	{ NULL }
};

/* The two that a strategy is chosen by. */
static const char *const bars[] = { "total", "exposure", NULL };

static const char *fault(const json_t *result)
{
	static const char *const numbers[] = {
		"params.size_bytes", "params.range_bytes", "params.mappings", "params.threads",
	};
	size_t i;

	if (!*result_text(result, "params.strategy") || !*result_text(result, "params.domains"))
		return "params.strategy or params.domains is missing";
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!result_has_number(result, numbers[i]))
			return "params lacks a size, a range or a number of threads or mappings";
	return NULL;
}

const struct result_kind flush_kind = {
	.subcommand = "tlb-flush",
	.anchor = "flush",
	.title = "Flush strategies",
	.sample = "Of one round, which maps and unmaps all its mappings; device_* are of one access.",
	.latency_of = "of a round",
	.ops = "mappings",
	.bars = bars,
	.keys = keys,
	.variants = variants,
	.figures = figures,
	.fault = fault,
	.headline = flush_summary_params,
	.print = flush_summary_print,
	.load = flush_params_load,
	.plot = plot_tlb_flush,
	.page = report_tlb_flush_page,
	.tables = report_tlb_flush_tables,
	.json = report_tlb_flush_json,
};
