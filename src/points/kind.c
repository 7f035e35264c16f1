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
	{ "CPU node", KIND_PLACEMENT ".cpu_node", NULL, true }, \
	{ "memory node", KIND_PLACEMENT ".memory_node", NULL, true }

static const char *const apis[] = { "dma-single", "dma-sg", "iommu", "iommu-fast", NULL };

static const char *const domain_types[] = {
	"strict", "lazy", "identity", "no IOMMU", "own domain", "other", NULL,
};

static const char *const flush_domains[] = { "shared", "per-thread", NULL };

static const struct kind_key map_unmap_keys[] = {
	{ "API", "params.api", apis },
	{ "size", "params.size_bytes", NULL },
	{ "threads", "params.threads", NULL },
	{ "domain", "", domain_types },
	PLACEMENT_KEYS,
	{ NULL },
};

static const struct kind_key tlb_flush_keys[] = {
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

static const struct kind_key iopf_keys[] = {
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

static const struct kind_key pasid_keys[] = {
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

static const struct kind_key io_keys[] = {
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

static const struct result_kind kinds[] = {
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

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

const struct result_kind *kind_of(const json_t *result)
{
	const char *subcommand = result_text(result, "tool.subcommand");
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i].subcommand, subcommand))
			return &kinds[i];
	return NULL;
}

const struct kind_key *kind_keys(const json_t *result)
{
	const struct result_kind *kind = kind_of(result);

	return (kind ? kind : kinds)->key;
}

static bool same_value(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

bool folder_key_shown(const struct folder *folder, const struct kind_key *key,
		      const json_t *result)
{
	const json_t *value = result_get(result, key->path);
	size_t i;

	if (!key->detail)
		return true;
	for (i = 0; i < folder->n; i++)
		if (kind_of(folder->entry[i].json) == kind_of(result) &&
		    !same_value(result_get(folder->entry[i].json, key->path), value))
			return true;
	return false;
}

const struct result_kind *folder_set_kind(const struct folder *folder, unsigned int set)
{
	size_t i;

	for (i = 0; i < folder->points; i++)
		if (folder->point[i].set == set)
			return kind_of(folder->point[i].entry->json);
	return NULL;
}

bool folder_has_kind(const struct folder *folder, const struct result_kind *kind)
{
	size_t i;

	for (i = 0; i < folder->n; i++)
		if (kind_of(folder->entry[i].json) == kind)
			return true;
	return false;
}

const struct result_kind *kind_next(const struct result_kind *last)
{
	if (!last)
		return kinds;
	return last + 1 < kinds + KINDS ? last + 1 : NULL;
}
