// SPDX-License-Identifier: GPL-2.0-only
#include "pasid/view/points.h"

#include <string.h>

#include "base/xalloc.h"
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

void *pasid_params_load(const json_t *result)
{
	struct pasid_params *params = xcalloc(1, sizeof(*params));

	params->kind = result_text(result, "params.kind");
	params->bind = result_text(result, "params.bind");
	params->live = result_number(result, "params.live");
	return params;
}

const struct pasid_params *pasid_of(const struct point *point)
{
	return point->params;
}

bool pasid_fewer(const struct point *a, const struct point *b)
{
	return pasid_of(a)->live < pasid_of(b)->live;
}

bool pasid_measured(const struct point *point)
{
	return point_phase(point, "bind") || point_phase(point, "unbind");
}
