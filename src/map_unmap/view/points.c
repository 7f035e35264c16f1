// SPDX-License-Identifier: GPL-2.0-only
/*
 * The points of a set of map-unmap results.
 */
#include "map_unmap/view/points.h"

#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "result/words.h"

void *map_unmap_params_load(const json_t *result)
{
	struct map_unmap_params *params = xcalloc(1, sizeof(*params));

	params->api = result_text(result, "params.api");
	params->domain = words_domain(result);
	params->size = (uint64_t)result_number(result, "params.size_bytes");
	return params;
}

const struct map_unmap_params *map_unmap_of(const struct point *point)
{
	return point->params;
}

const struct point *map_unmap_find(const struct folder *folder, unsigned int set, const char *api,
				   const char *domain, uint64_t size, unsigned int threads)
{
	size_t i;

	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];
		const struct map_unmap_params *params;

		if (p->set != set || p->threads != threads)
			continue;
		params = map_unmap_of(p);
		if (params->size == size && !strcmp(params->api, api) &&
		    !strcmp(params->domain, domain))
			return p;
	}
	return NULL;
}
