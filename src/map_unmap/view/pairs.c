// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points that differ in one setting, side by side.
 */
#include "map_unmap/view/pairs.h"

#include <string.h>

#include "base/stats.h"
#include "base/xalloc.h"
#include "result/read.h"

const struct point *runs_find(const struct runs *runs, unsigned int group, const char *api,
			      const char *domain, uint64_t size, unsigned int threads)
{
	size_t i;

	for (i = 0; i < runs->points; i++) {
		const struct point *p = &runs->point[i];

		if (p->group == group && p->size == size && p->threads == threads &&
		    !strcmp(p->api, api) && !strcmp(p->domain, domain))
			return p;
	}
	return NULL;
}

struct pair *runs_pairs(const struct runs *runs, size_t *n)
{
	struct pair *pairs = xcalloc(runs->points, sizeof(*pairs));
	size_t i, found = 0;

	for (i = 0; i < runs->points; i++) {
		const struct point *p = &runs->point[i];
		struct pair *last = found ? &pairs[found - 1] : NULL;
		bool strict = !strcmp(p->domain, "strict"), lazy = !strcmp(p->domain, "lazy");

		if ((!strict && !lazy) ||
		    strcmp(result_text(p->run->json, "tool.subcommand"), "map-unmap"))
			continue;
		/* Sorted so that lazy comes right after its strict. */
		if (lazy && last && last->strict && !last->lazy &&
		    runs_find(runs, p->group, p->api, "strict", p->size, p->threads) ==
		    last->strict)
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
