// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/view/points.h"

#include <string.h>

#include "points/kind.h"
#include "result/read.h"

const struct point_setting pasid_settings[] = {
	{ "params.kind", "", "", true },
	{ "params.bind", "", "", true },
	{ "params.use", "use: ", "" },
	{ "params.reuse_distance", "in turn: ", "" },
	{ "params.processes", "processes: ", "" },
	{ "params.threads", "threads: ", "" },
	{ NULL },
};

bool pasid_is(const struct folder *folder, unsigned int set)
{
	const struct result_kind *kind = folder_set_kind(folder, set);

	return kind && !strcmp(kind->subcommand, "pasid");
}

double pasid_live(const struct point *point)
{
	return result_number(point->entry->json, "params.live");
}

bool pasid_fewer(const struct point *a, const struct point *b)
{
	return pasid_live(a) < pasid_live(b);
}

bool pasid_measured(const struct point *point)
{
	return point_phase(point, "bind") || point_phase(point, "unbind");
}
