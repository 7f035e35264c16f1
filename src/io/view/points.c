// SPDX-License-Identifier: GPL-2.0-only
#include "io/view/points.h"

#include <stdio.h>
#include <string.h>

#include "points/kind.h"
#include "result/read.h"

const struct point_setting io_settings[] = {
	{ "params.pattern", "", "" },
	{ "params.access", "", "" },
	{ "params.write_percent", "writes, %: ", "" },
	{ "params.size_bytes", "", "", true },
	{ "params.threads", "threads: ", "" },
	{ NULL },
};

const char *const io_domains[] = {
	"strict", "lazy", "identity", "no IOMMU", "other", NULL,
};

bool io_is(const struct folder *folder, unsigned int set)
{
	const struct result_kind *kind = folder_set_kind(folder, set);

	return kind && !strcmp(kind->subcommand, "io");
}

bool io_measured(const struct point *point)
{
	return io_phase(point) && io_depth(point) > 0 && point->ops_per_s > 0;
}

double io_depth(const struct point *point)
{
	return result_number(point->entry->json, "params.queue_depth");
}

bool io_shallower(const struct point *a, const struct point *b)
{
	return io_depth(a) < io_depth(b);
}

const struct point_phase *io_phase(const struct point *point)
{
	const struct point_phase *reads = point_phase(point, "read");

	return reads ? reads : point_phase(point, "write");
}

double io_cpu(const struct point *point, const char *part)
{
	char path[64];

	snprintf(path, sizeof(path), "io.cpu.%s_ns_per_op", part);
	return result_number(point->entry->json, path);
}

const struct point *io_find(const struct folder *folder, const struct point *panel,
			    const char *domain, double depth)
{
	size_t i;

	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];

		if (p->set == panel->set && io_measured(p) && !strcmp(p->domain, domain) &&
		    io_depth(p) == depth && point_alike(p, panel, io_settings))
			return p;
	}
	return NULL;
}
