// SPDX-License-Identifier: GPL-2.0-only
#include "counters/derive.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"
#include "text/json.h"

/* What one thing is called by libpfm4 on different CPUs, or by a PMU. */
static const char *const cycles[] = { "cycles", "CPU_CYCLES", "UNHALTED_CORE_CYCLES", NULL };
static const char *const instructions[] = { "instructions", "INST_RETIRED", "INSTRUCTION_RETIRED",
					    NULL };
static const char *const cache_misses[] = { "cache-misses", "L1D_CACHE_REFILL",
					    "LAST_LEVEL_CACHE_MISSES", NULL };
static const char *const cpu_tlb_misses[] = { "dTLB-load-misses", "L1D_TLB_REFILL", NULL };
static const char *const tlb_misses[] = { "tlb_miss", NULL };
static const char *const transactions[] = { "transaction", NULL };
static const char *const walks[] = { "trans_table_walk_access", NULL };
static const char *const commands[] = { "commands", NULL };
static const char *const syncs[] = { "syncs", NULL };

/**
 * struct ratio - a figure that follows from one or two counters
 * @name: of the figure; with the name of a phase at its end where it is of one and per operation
 * @of: what is counted
 * @per: what it is divided by, NULL for operations
 * @unit: unit of the figure
 */
struct ratio {
	const char *name;
	const char *const *of;
	const char *const *per;
	const char *unit;
};

static const struct ratio ratios[] = {
	{ "instructions_per_cycle", instructions, cycles, "instructions/cycle" },
	{ "instructions_per_op", instructions, NULL, "instructions/operation" },
	{ "cache_misses_per_op", cache_misses, NULL, "misses/operation" },
	{ "cpu_tlb_misses_per_op", cpu_tlb_misses, NULL, "misses/operation" },
	{ "tlb_misses_per_op", tlb_misses, NULL, "misses/operation" },
	{ "tlb_misses_per_transaction", tlb_misses, transactions, "misses/transaction" },
	{ "walk_accesses_per_op", walks, NULL, "accesses/operation" },
	{ "commands_per_unmap", commands, NULL, "commands/unmap" },
	{ "syncs_per_unmap", syncs, NULL, "syncs/unmap" },
};

bool counters_is_total(const json_t *counter)
{
	return !json_object_get(counter, "thread") && !json_object_get(counter, "cpu");
}

double counters_ratio(const json_t *counter)
{
	const json_t *ratio = json_object_get(counter, "running_ratio");

	return ratio ? json_number_value(ratio) : 1;
}

bool counters_of_phase(const json_t *counter)
{
	return !strcmp(result_text(counter, "run"), "by-phase");
}

/* "PMU/EVENT/" is meant by EVENT. */
static bool is_one_of(const json_t *counter, const char *const *names)
{
	const char *name = result_text(counter, "name"), *pmu = result_text(counter, "pmu");
	size_t n = strlen(pmu);
	char event[128];

	if (n && !strncmp(name, pmu, n) && name[n] == '/') {
		snprintf(event, sizeof(event), "%.*s", (int)strcspn(name + n + 1, "/"),
			 name + n + 1);
		name = event;
	}
	for (; *names; names++)
		if (!strcasecmp(name, *names))
			return true;
	return false;
}

/* The other counter of the same PMU, run and phase. */
static const json_t *partner(const json_t *all, size_t nr, const json_t *counter,
			     const char *const *names)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		const json_t *other = json_array_get(all, i);

		if (counters_is_total(other) && is_one_of(other, names) &&
		    !strcmp(result_text(other, "pmu"), result_text(counter, "pmu")) &&
		    !strcmp(result_text(other, "run"), result_text(counter, "run")) &&
		    !strcmp(result_text(other, "phase"), result_text(counter, "phase")))
			return other;
	}
	return NULL;
}

/* "instructions_per_op" becomes "instructions_per_map", and "misses/operation" "misses/map". */
static char *of_phase(const char *text, const char *separator, const char *phase)
{
	const char *end = strstr(text, separator);

	/* Unmaps and their flushes together. */
	if (!strcmp(phase, "total"))
		phase = "unmap";
	return xasprintf("%.*s%s%s", (int)(end - text), text, separator, phase);
}

static void derive(json_t *all, size_t nr, const json_t *counter, const struct ratio *ratio)
{
	const json_t *other = ratio->per ? partner(all, nr, counter, ratio->per) : NULL;
	const char *pmu = result_text(counter, "pmu"), *phase = result_text(counter, "phase");
	char *name, *unit;
	double value;
	json_t *j;

	if (ratio->per) {
		if (!other || result_number(other, "value") <= 0)
			return;
		value = result_number(counter, "value") / result_number(other, "value");
	} else {
		if (!json_object_get(counter, "per_op"))
			return;
		value = result_number(counter, "per_op");
	}
	if (counters_of_phase(counter) && !ratio->per) {
		name = of_phase(ratio->name, "_per_", phase);
		unit = of_phase(ratio->unit, "/", phase);
	} else {
		name = xstrdup(ratio->name);
		unit = xstrdup(ratio->unit);
	}
	j = xjson(json_object());
	xjson_put(j, "name", xjson_text(name));
	xjson_put(j, "source", xjson_text("derived"));
	xjson_put(j, "scope", xjson_text(result_text(counter, "scope")));
	xjson_put(j, "run", xjson_text(result_text(counter, "run")));
	xjson_put(j, "phase", xjson_text(phase));
	xjson_put(j, "value", xjson(json_real(value)));
	xjson_put(j, "unit", xjson_text(unit));
	/* What follows from an estimate is one too. */
	xjson_put(j, "running_ratio", xjson(json_real(fmin(counters_ratio(counter),
							   other ? counters_ratio(other) : 1))));
	if (*pmu)
		xjson_put(j, "pmu", xjson_text(pmu));
	xjson_add(all, j);
	free(name);
	free(unit);
}

void counters_derive(json_t *all)
{
	size_t nr = json_array_size(all), i, k;

	for (k = 0; k < sizeof(ratios) / sizeof(ratios[0]); k++)
		for (i = 0; i < nr; i++) {
			const json_t *counter = json_array_get(all, i);

			if (counters_is_total(counter) && is_one_of(counter, ratios[k].of))
				derive(all, nr, counter, &ratios[k]);
		}
}
