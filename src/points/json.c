// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of points for programs.
 */
#include "points/json.h"

#include "result/read.h"
#include "text/json.h"

void points_json_runs(json_t *to, const struct point *point)
{
	xjson_put(to, "file", xjson_text(point->entry->file));
	xjson_put(to, "complete", xjson(json_boolean(point->complete)));
	xjson_put(to, "repeats", xjson(json_integer(point->repeats)));
	xjson_put(to, "runs", xjson(json_integer(point->runs)));
	xjson_put(to, "cut_short", xjson(json_integer(point->cut)));
	xjson_put(to, "ops_per_s", xjson(json_real(point->ops_per_s)));
	xjson_put(to, "ops_per_s_min", xjson(json_real(point->least)));
	xjson_put(to, "ops_per_s_max", xjson(json_real(point->most)));
}

json_t *points_json_set(const struct folder *folder, unsigned int set, points_json_point point)
{
	const struct entry *first = folder_set_first(folder, set)->entry;
	json_t *j = xjson(json_object()), *points = xjson(json_array());
	size_t i;

	xjson_put(j, "subcommand", xjson_text(result_text(first->json, "tool.subcommand")));
	xjson_put(j, "variant", xjson_text(first->variant));
	folder_for_points(folder, set, i)
		xjson_add(points, point(folder, &folder->point[i]));
	xjson_put(j, "points", points);
	return j;
}

void points_json(const struct folder *folder, const struct result_kind *kind,
		 points_json_point point, json_t *list)
{
	unsigned int set;

	for (set = 0; set < folder->sets; set++)
		if (folder_set_kind(folder, set) == kind)
			xjson_add(list, points_json_set(folder, set, point));
}
