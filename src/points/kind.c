// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the report knows about the results of each subcommand.
 */
#include "points/kind.h"

#include <string.h>

#include "flush/pictures/plot.h"
#include "flush/view/points.h"
#include "flush/view/report.h"
#include "io/view/plot.h"
#include "io/view/report.h"
#include "iopf/view/plot.h"
#include "iopf/view/report.h"
#include "map_unmap/view/plot.h"
#include "map_unmap/view/report.h"
#include "pasid/view/plot.h"
#include "pasid/view/report.h"
#include "result/read.h"

/* The cells of --placement-matrix, which any subcommand may have. */
#define PLACEMENT_KEYS \
	{ "CPU node", FAMILY_PLACEMENT ".cpu_node", NULL, true }, \
	{ "memory node", FAMILY_PLACEMENT ".memory_node", NULL, true }

static const char *const apis[] = { "dma-single", "dma-sg", "iommu", "iommu-fast", NULL };

static const char *const domain_types[] = {
	"strict", "lazy", "identity", "no IOMMU", "own domain", "other", NULL,
};

static const char *const flush_domains[] = { "shared", "per-thread", NULL };

static const struct family_key map_unmap_keys[] = {
	{ "API", "params.api", apis },
	{ "size", "params.size_bytes", NULL },
	{ "threads", "params.threads", NULL },
	{ "domain", "", domain_types },
	PLACEMENT_KEYS,
	{ NULL },
};

static const struct family_key tlb_flush_keys[] = {
	{ "mapping", "params.size_bytes", NULL },
	{ "domains", "params.domains", flush_domains },
	{ "threads", "params.threads", NULL },
	{ "mappings", "params.mappings", NULL },
	{ "strategy", "params.strategy", flush_strategies },
	PLACEMENT_KEYS,
	{ NULL },
};

static const char *const fault_kinds[] = {
	"zero", "anon", "cow", "file-cold", "file-warm", "huge", "mprotect", "unmapped", "inflight",
	"exit", "killed", NULL,
};

static const char *const access_words[] = { "read", "write", NULL };

static const char *const fault_modes[] = { "stall", "pri", "iommufd", NULL };

static const char *const memory_words[] = { "mmap", "malloc", "stack", "file", NULL };

static const struct family_key iopf_keys[] = {
	{ "fault", "params.fault", fault_kinds },
	{ "access", "params.access", access_words },
	{ "mode", "params.mode", fault_modes },
	{ "memory", "params.memory", memory_words, true },
	{ "stride", "params.stride_bytes", NULL, true },
	{ "spaces", "params.address_spaces", NULL, true },
	{ "pages at once", "params.group", NULL, true },
	{ "present, %", "params.prefault_percent", NULL, true },
	{ "rate", "params.rate_per_s", NULL, true },
	{ "threads", "params.threads", NULL },
	{ "outstanding", "params.outstanding", NULL },
	PLACEMENT_KEYS,
	{ NULL },
};

static const char *const pasid_kinds[] = { "sva", "domain", NULL };

static const char *const pasid_binds[] = { "fresh", "shared", NULL };

static const char *const pasid_uses[] = { "none", "read", "live", NULL };

static const struct family_key pasid_keys[] = {
	{ "kind", "params.kind", pasid_kinds },
	{ "bind", "params.bind", pasid_binds },
	{ "use", "params.use", pasid_uses, true },
	{ "reuse distance", "params.reuse_distance", NULL, true },
	{ "processes", "params.processes", NULL },
	{ "threads", "params.threads", NULL },
	{ "live", "params.live", NULL },
	PLACEMENT_KEYS,
	{ NULL },
};

static const char *const io_accesses[] = { "read", "write", "mixed", NULL };

static const char *const io_patterns[] = { "random", "sequential", NULL };

static const struct family_key io_keys[] = {
	{ "access", "params.access", io_accesses },
	{ "pattern", "params.pattern", io_patterns },
	{ "writes, %", "params.write_percent", NULL, true },
	{ "size", "params.size_bytes", NULL },
	{ "threads", "params.threads", NULL },
	{ "depth", "params.queue_depth", NULL },
	{ "domain", "", domain_types },
	PLACEMENT_KEYS,
	{ NULL },
};

static const struct family families[] = {
	{
		.subcommand = "map-unmap",
		.key = map_unmap_keys,
		.sample = "Of one operation; a sample of several operations counts with their mean.",
		.anchor = "headline",
		.title = "Strict against lazy",
		.plot = plot_map_unmap,
		.page = report_map_unmap_page,
		.print = report_map_unmap_print,
		.json = report_map_unmap_json,
	},
	{
		.subcommand = "tlb-flush",
		.key = tlb_flush_keys,
		.sample = "Of one round, which maps and unmaps all its mappings; device_* are of one access.",
		.anchor = "flush",
		.title = "Flush strategies",
		.plot = plot_tlb_flush,
		.page = report_tlb_flush_page,
		.print = report_tlb_flush_print,
		.json = report_tlb_flush_json,
	},
	{
		.subcommand = "io",
		.key = io_keys,
		.sample = "Of one request, from handing it to the kernel (with a rate: from when it was due) until its completion is seen.",
		.anchor = "io",
		.title = "Real I/O",
		.plot = plot_io,
		.page = report_io_page,
		.print = report_io_print,
		.json = report_io_json,
	},
	{
		.subcommand = "iopf",
		.key = iopf_keys,
		.sample = "Of one access; stages are of those that faulted once, cpu_fault is of the same faults taken by the CPU.",
		.anchor = "iopf",
		.title = "I/O page faults",
		.plot = plot_iopf,
		.page = report_iopf_page,
		.print = report_iopf_print,
		.json = report_iopf_json,
	},
	{
		.subcommand = "pasid",
		.key = pasid_keys,
		.sample = "Of one PASID: its bind, the device's first access with it, its unbind.",
		.anchor = "pasid",
		.title = "PASIDs",
		.plot = plot_pasid,
		.page = report_pasid_page,
		.print = report_pasid_print,
		.json = report_pasid_json,
	},
};

#define FAMILIES	(sizeof(families) / sizeof(families[0]))

const struct family *family_of(const json_t *result)
{
	const char *subcommand = result_text(result, "tool.subcommand");
	size_t i;

	for (i = 0; i < FAMILIES; i++)
		if (!strcmp(families[i].subcommand, subcommand))
			return &families[i];
	return NULL;
}

const struct family_key *family_keys(const json_t *result)
{
	const struct family *family = family_of(result);

	return (family ? family : families)->key;
}

static bool same_value(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

bool family_key_shown(const struct runs *runs, const struct family_key *key,
		      const json_t *result)
{
	const json_t *value = result_get(result, key->path);
	size_t i;

	if (!key->detail)
		return true;
	for (i = 0; i < runs->n; i++)
		if (family_of(runs->run[i].json) == family_of(result) &&
		    !same_value(result_get(runs->run[i].json, key->path), value))
			return true;
	return false;
}

const struct family *family_of_group(const struct runs *runs, unsigned int group)
{
	size_t i;

	for (i = 0; i < runs->points; i++)
		if (runs->point[i].group == group)
			return family_of(runs->point[i].run->json);
	return NULL;
}

bool family_present(const struct runs *runs, const struct family *family)
{
	size_t i;

	for (i = 0; i < runs->n; i++)
		if (family_of(runs->run[i].json) == family)
			return true;
	return false;
}

const struct family *family_next(const struct family *last)
{
	if (!last)
		return families;
	return last + 1 < families + FAMILIES ? last + 1 : NULL;
}
