// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points that differ in one setting, side by side.
 */
#include "map_unmap/view/pairs.h"

#include <string.h>

#include "base/stats.h"
#include "base/xalloc.h"
#include "map_unmap/view/points.h"

struct pair *map_unmap_pairs(const struct folder *folder, const struct result_kind *kind,
			     size_t *n)
{
	struct pair *pairs = xcalloc(folder->points, sizeof(*pairs));
	size_t i, found = 0;

	for (i = 0; i < folder->points; i++) {
		const struct point *p = &folder->point[i];
		const struct map_unmap_params *params = map_unmap_of(p);
		struct pair *last = found ? &pairs[found - 1] : NULL;
		bool strict, lazy;

		if (p->entry->kind != kind)
			continue;
		strict = !strcmp(params->domain, "strict");
		lazy = !strcmp(params->domain, "lazy");
		if (!strict && !lazy)
			continue;
		/* Sorted so that lazy comes right after its strict. */
		if (lazy && last && last->strict && !last->lazy &&
		    map_unmap_find(folder, p->set, params->api, "strict", params->size,
				   p->threads) == last->strict)
			last->lazy = p;
		else
			pairs[found++] = (struct pair){
				.strict = strict ? p : NULL,
				.lazy = lazy ? p : NULL,
			};
	}
	*n = found;
	return pairs;
}

double pair_ratio(const struct pair *pair, const char *phase, unsigned int ppm)
{
	const struct point_phase *strict, *lazy;
	double s, l;

	if (phase) {
		strict = point_phase(pair->strict, phase);
		lazy = point_phase(pair->lazy, phase);
		s = strict ? stats_percentile(strict->hist, ppm, strict->scale) : 0;
		l = lazy ? stats_percentile(lazy->hist, ppm, lazy->scale) : 0;
	} else {
		s = pair->strict ? pair->strict->ops_per_s : 0;
		l = pair->lazy ? pair->lazy->ops_per_s : 0;
	}
	return s > 0 && l > 0 ? s / l : 0;
}
