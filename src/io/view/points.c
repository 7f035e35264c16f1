// SPDX-License-Identifier: GPL-2.0-only
#include "io/view/points.h"

#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "result/words.h"

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

void *io_params_load(const json_t *result)
{
	struct io_params *params = xcalloc(1, sizeof(*params));

	params->domain = words_domain(result);
	params->size = (uint64_t)result_number(result, "params.size_bytes");
	params->depth = result_number(result, "params.queue_depth");
	return params;
}

const struct io_params *io_of(const struct point *point)
{
	return point->params;
}

bool io_measured(const struct point *point)
{
	return io_phase(point) && io_of(point)->depth > 0 && point->ops_per_s > 0;
}

bool io_shallower(const struct point *a, const struct point *b)
{
	return io_of(a)->depth < io_of(b)->depth;
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
	return result_number(point->json, path);
}

const struct point *io_find(const struct folder *folder, const struct point *panel,
			    const char *domain, double depth)
{
	size_t i;

	points_find_out(folder, panel->set, io_settings);
	folder_for_points(folder, panel->set, i) {
		const struct point *p = &folder->point[i];

		if (io_measured(p) &&
		    !strcmp(io_of(p)->domain, domain) && io_of(p)->depth == depth &&
		    point_alike(p, panel, io_settings))
			return p;
	}
	return NULL;
}
