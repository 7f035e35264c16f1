// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of pasid as a kind.
 */
#include "pasid/kind.h"

#include "pasid/view/plot.h"
#include "pasid/view/points.h"
#include "pasid/view/report.h"

static const char *const kinds[] = { "sva", "domain", NULL };

static const char *const binds[] = { "fresh", "shared", NULL };

static const char *const uses[] = { "none", "read", "live", NULL };

static const struct kind_key keys[] = {
	{ "kind", "params.kind", kinds },
	{ "bind", "params.bind", binds },
	{ "use", "params.use", uses, true },
	{ "reuse distance", "params.reuse_distance", NULL, true },
	{ "processes", "params.processes", NULL },
	{ "threads", "params.threads", NULL },
	{ "live", "params.live", NULL },
	KIND_PLACEMENT_KEYS,
	{ NULL },
};

static const struct kind_variant variants[] = {
	KIND_MACHINE_VARIANTS,
	{ "params.rate_per_s", "rate" },
	KIND_PLACE_VARIANTS,
	{ "params.kill_rate_per_s", "kills" },
	{ "machine.iommu.domain_type", "default domain" },
	{ NULL },
};

static const struct kind_figure figures[] = {
	{ "exposure.error_ns", FIGURE_MOST },
	{ "exposure.unbinds", FIGURE_SUM },
	{ "exposure.exposed_unbinds", FIGURE_SUM },
	{ "exposure.accesses.max", FIGURE_MOST },
	{ "churn.processes", FIGURE_SUM },
	{ "churn.kills", FIGURE_SUM },
	{ "churn.retries", FIGURE_SUM },
	{ NULL }
};

const struct result_kind pasid_kind = {
	.subcommand = "pasid",
	.anchor = "pasid",
	.title = "PASIDs",
	.sample = "Of one PASID: its bind, the device's first access with it, its unbind.",
	.keys = keys,
	.variants = variants,
	.figures = figures,
	.load = pasid_params_load,
	.plot = plot_pasid,
	.page = report_pasid_page,
	.tables = report_pasid_tables,
	.json = report_pasid_json,
};
