// SPDX-License-Identifier: GPL-2.0-only
/*
 * The points of a set of tlb-flush results, and which of them belong side by side.
 */
#include "flush/view/points.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "flush/view/strategies.h"
#include "result/read.h"

#define MAX_SIZE	0x10000000000ULL
#define MAX_MAPPINGS	0x100000

void *flush_params_load(const json_t *result)
{
	struct flush_params *params = xcalloc(1, sizeof(*params));
	uint64_t size = (uint64_t)result_number(result, "params.size_bytes");
	double mappings = result_number(result, "params.mappings");

	params->strategy = result_text(result, "params.strategy");
	/* What a file says beyond that is no measurement, but must do no harm. */
	params->setting = (struct flush_setting){
		.size = size < 1 ? 1 : size > MAX_SIZE ? MAX_SIZE : size,
		.mappings = (uint64_t)fmin(fmax(mappings, 1), MAX_MAPPINGS),
		.threads = (unsigned int)result_number(result, "params.threads"),
		.domains = result_text(result, "params.domains"),
	};
	return params;
}

const struct flush_params *flush_of(const struct point *point)
{
	return point->params;
}

static bool same_setting(const struct flush_setting *a, const struct flush_setting *b)
{
	return a->size == b->size && a->mappings == b->mappings && a->threads == b->threads &&
	       !strcmp(a->domains, b->domains);
}

const struct point *flush_find(const struct folder *folder, unsigned int set,
			       const struct flush_setting *setting, unsigned int strategy)
{
	size_t i;

	folder_for_points(folder, set, i) {
		const struct point *p = &folder->point[i];

		if (!strcmp(flush_of(p)->strategy, flush_strategies[strategy]) &&
		    same_setting(&flush_of(p)->setting, setting))
			return p;
	}
	return NULL;
}

struct flush_setting *flush_settings(const struct folder *folder, unsigned int set, size_t *n)
{
	struct flush_setting *settings = xcalloc(folder->points, sizeof(*settings));
	size_t i;

	*n = 0;
	folder_for_points(folder, set, i) {
		const struct flush_setting *setting;

		/* Sorted by strategy last: the same settings follow each other. */
		setting = &flush_of(&folder->point[i])->setting;
		if (!*n || !same_setting(setting, &settings[*n - 1]))
			settings[(*n)++] = *setting;
	}
	return settings;
}

const struct point_phase *flush_cost(const struct point *point)
{
	return point_phase(point, "total");
}

const struct point_phase *flush_exposure(const struct point *point)
{
	if (!point || !json_is_true(result_get(point->json, "exposure.measured")))
		return NULL;
	return point_phase(point, "exposure");
}

struct crossover flush_crossover(const struct folder *folder, unsigned int set,
				 const struct flush_setting *setting)
{
	size_t n, i, samples = 0;
	struct flush_setting *all = flush_settings(folder, set, &n);
	struct crossover_sample *sample = xcalloc(n, sizeof(*sample));
	struct crossover crossover;

	for (i = 0; i < n; i++) {
		const struct point_phase *page, *full;

		if (all[i].size != setting->size || all[i].threads != setting->threads ||
		    strcmp(all[i].domains, setting->domains))
			continue;
		page = flush_cost(flush_find(folder, set, &all[i], FLUSH_AT_PER_PAGE));
		full = flush_cost(flush_find(folder, set, &all[i], FLUSH_AT_FULL));
		if (page && full && page->stats.p50 > 0 && full->stats.p50 > 0)
			sample[samples++] = (struct crossover_sample){
				.range_bytes = all[i].size * all[i].mappings,
				.other_ns = page->stats.p50,
				.full_ns = full->stats.p50,
			};
	}
	crossover = crossover_find(sample, samples);
	free(sample);
	free(all);
	return crossover;
}

const char *flush_why_no(const struct point *point, const char *part)
{
	const char *reason = result_text(result_get(point->json, part), "reason");

	return *reason ? reason : "no reason given";
}
