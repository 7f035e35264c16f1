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

bool io_is(const struct runs *runs, unsigned int group)
{
	const struct family *family = family_of_group(runs, group);

	return family && !strcmp(family->subcommand, "io");
}

bool io_measured(const struct point *point)
{
	return io_phase(point) && io_depth(point) > 0 && point->ops_per_s > 0;
}

double io_depth(const struct point *point)
{
	return result_number(point->run->json, "params.queue_depth");
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
	return result_number(point->run->json, path);
}

const struct point *io_find(const struct runs *runs, const struct point *panel,
			    const char *domain, double depth)
{
	size_t i;

	for (i = 0; i < runs->points; i++) {
		const struct point *p = &runs->point[i];

		if (p->group == panel->group && io_measured(p) && !strcmp(p->domain, domain) &&
		    io_depth(p) == depth && point_alike(p, panel, io_settings))
			return p;
	}
	return NULL;
}
