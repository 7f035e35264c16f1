// SPDX-License-Identifier: GPL-2.0-only
#include "points/intervals.h"

#include <stdio.h>
#include <string.h>

#include "result/read.h"

/* These are what one wants to see first; whatever else was counted follows in its order. */
static const char *const preferred[] = {
	"tlb_miss", "transaction", "trans_table_walk_access", "iotlb_lookup", "iotlb_hit",
	"mem_trans_total", "mem_iommu_tlb_pte_mis", "context-switches", "cache-misses",
	"dTLB-load-misses",
};

/* What only goes with time, and needs an axis of its own: when there is nothing else. */
static const char *const plain[] = {
	"cycles", "cpu-cycles", "CPU_CYCLES", "instructions", "INST_RETIRED", "task-clock",
	"cpu-clock",
};

static bool is_plain(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(name, plain[i]))
			return true;
	return false;
}

/* "PMU/EVENT/" is EVENT, and "PMU/EVENT,FIELD=VALUE/" stays apart from it. */
static void short_name(const json_t *column, char *name)
{
	const char *full = result_text(column, "name"), *pmu = result_text(column, "pmu");
	size_t n = strlen(pmu);

	if (n && !strncmp(full, pmu, n) && full[n] == '/')
		snprintf(name, SERIES_COUNTS_NAME, "%.*s", (int)strcspn(full + n + 1, "/"),
			 full + n + 1);
	else
		snprintf(name, SERIES_COUNTS_NAME, "%s", full);
}

bool series_counts_rate(const json_t *series, const char *name, size_t first, size_t last,
			double *rate)
{
	const json_t *columns = json_object_get(series, "counters");
	const json_t *intervals = json_object_get(series, "intervals");
	double sum = 0, ns = 0;
	char other[SERIES_COUNTS_NAME];
	json_t *column;
	size_t i, k;

	for (i = first; i <= last && i < json_array_size(intervals); i++) {
		const json_t *interval = json_array_get(intervals, i);
		const json_t *counts = json_object_get(interval, "counters");
		bool known = false;

		json_array_foreach((json_t *)columns, k, column) {
			const json_t *count = json_object_get(counts, result_text(column, "name"));

			short_name(column, other);
			if (strcmp(other, name) || !json_is_number(count))
				continue;
			sum += json_number_value(count);
			known = true;
		}
		if (known)
			ns += result_number(interval, "length_ns");
	}
	*rate = ns > 0 ? sum / ns * 1e9 : 0;
	return ns > 0 && sum >= 0;
}

static void add(const json_t *series, const char *name, struct series_counts *to)
{
	size_t n = json_array_size(json_object_get(series, "intervals"));
	unsigned int i;
	double rate;

	for (i = 0; i < to->nr; i++)
		if (!strcmp(to->name[i], name))
			return;
	if (to->nr < SERIES_COUNTS_MAX && n &&
	    series_counts_rate(series, name, 0, n - 1, &rate) && rate > 0)
		snprintf(to->name[to->nr++], SERIES_COUNTS_NAME, "%s", name);
}

void series_counts_choose(const json_t *series, struct series_counts *to)
{
	const json_t *columns = json_object_get(series, "counters");
	char name[SERIES_COUNTS_NAME];
	json_t *column;
	size_t i;

	*to = (struct series_counts){ 0 };
	for (i = 0; i < sizeof(preferred) / sizeof(preferred[0]); i++)
		add(series, preferred[i], to);
	json_array_foreach((json_t *)columns, i, column) {
		short_name(column, name);
		if (!is_plain(name))
			add(series, name, to);
	}
	if (to->nr)
		return;
	json_array_foreach((json_t *)columns, i, column) {
		short_name(column, name);
		add(series, name, to);
	}
}
