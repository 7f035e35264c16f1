// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results of map-unmap as a kind.
 */
#include "map_unmap/kind.h"

#include <string.h>

#include "base/xalloc.h"
#include "map_unmap/view/plot.h"
#include "map_unmap/view/points.h"
#include "map_unmap/view/report.h"
#include "result/read.h"
#include "result/words.h"

static const char *const apis[] = { "dma-single", "dma-sg", "iommu", "iommu-fast", NULL };

static const struct kind_key keys[] = {
	{ "API", "params.api", apis },
	{ "size", "params.size_bytes", NULL },
	{ "threads", "params.threads", NULL },
	{ "domain", "", words_domains },
	KIND_PLACEMENT_KEYS,
	{ NULL },
};

/* A DMA API leaves the addresses to the kernel's allocator. */
static char *words_iova(const json_t *result, const json_t *value)
{
	if (!strcmp(result_text(result, "params.iova"), "allocator"))
		return NULL;
	return words_value("iova", value);
}

static char *words_sg_entries(const json_t *result, const json_t *value)
{
	if (strcmp(result_text(result, "params.api"), "dma-sg"))
		return NULL;
	return words_value("sg_entries", value);
}

/* Only that something was left out sets a run apart. */
static char *words_sync(const json_t *result, const json_t *value)
{
	(void)result;
	return xstrdup(value && !strcmp(json_string_value(value) ?: "", "no") ? "no sync" : "");
}

/* Without a window of its own, a run's window is its batch, which depends on speed. */
static char *words_window(const json_t *result, const json_t *value)
{
	if (json_number_value(value) > 0 && json_equal(value, result_get(result, "params.batch")))
		return xstrdup("of one batch");
	return words_value("window", value);
}

static const struct kind_variant variants[] = {
	KIND_MACHINE_VARIANTS,
	{ "params.buffer", "buffer" },
	{ "params.direction", "direction" },
	{ "params.sync", "cache maintenance", words_sync },
	{ "params.iova", "IOVA", words_iova },
	{ "params.stride_bytes", "stride" },
	{ "params.iova_span_bytes", "IOVA span" },
	{ "params.sg_entries", "entries", words_sg_entries },
	{ "params.window", "window", words_window },
	{ "params.prefill", "prefill" },
	{ "params.hold_ns", "hold" },
	{ "params.rate_per_s", "rate" },
	{ "params.verify", "verify" },
	KIND_PLACE_VARIANTS,
	{ NULL },
};

static const char *fault(const json_t *result)
{
	if (!*result_text(result, "params.api"))
		return "params.api is missing";
	if (!result_has_number(result, "params.size_bytes") ||
	    !result_has_number(result, "params.threads"))
		return "params.size_bytes or params.threads is missing";
	return NULL;
}

const struct result_kind map_unmap_kind = {
	.subcommand = "map-unmap",
	.anchor = "headline",
	.title = "Strict against lazy",
	.sample = "Of one operation; a sample of several operations counts with their mean.",
	.keys = keys,
	.variants = variants,
	.fault = fault,
	.load = map_unmap_params_load,
	.plot = plot_map_unmap,
	.page = report_map_unmap_page,
	.tables = report_map_unmap_tables,
	.json = report_map_unmap_json,
};
