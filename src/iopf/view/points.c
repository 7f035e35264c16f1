// SPDX-License-Identifier: GPL-2.0-only
#include "iopf/view/points.h"

#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "result/read.h"

const struct point_setting iopf_settings[] = {
	{ "params.fault", "", "", true },
	{ "params.access", "", "" },
	{ "params.mode", "", "" },
	{ "params.memory", "", "" },
	{ "params.stride_bytes", "every ", "" },
	{ "params.address_spaces", "spaces: ", "" },
	{ "params.group", "pages at once: ", "" },
	{ "params.prefault_percent", "", " % present" },
	{ NULL },
};

void *iopf_params_load(const json_t *result)
{
	struct iopf_params *params = xcalloc(1, sizeof(*params));

	params->fault = result_text(result, "params.fault");
	params->mode = result_text(result, "params.mode");
	params->rate = result_number(result, "params.rate_per_s");
	params->outstanding = result_number(result, "params.outstanding");
	return params;
}

const struct iopf_params *iopf_of(const struct point *point)
{
	return point->params;
}

const struct point_phase *iopf_device(const struct point *point)
{
	static const char *const names[] = { "fault_service", "fault", "refused" };
	const struct point_phase *phase = NULL;
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !phase; i++)
		phase = point_phase(point, names[i]);
	return phase;
}

bool iopf_refused(const struct point *point)
{
	return point_phase(point, "refused") && !point_phase(point, "fault");
}

double iopf_under_way(const struct point *point)
{
	double outstanding = iopf_of(point)->outstanding;

	return (outstanding > 1 ? outstanding : 1) * (point->threads > 1 ? point->threads : 1);
}

bool iopf_lower_load(const struct point *a, const struct point *b)
{
	if (iopf_of(a)->rate != iopf_of(b)->rate)
		return iopf_of(a)->rate < iopf_of(b)->rate;
	return iopf_under_way(a) < iopf_under_way(b);
}

unsigned int iopf_stages(const struct point *point, struct iopf_stage *stages)
{
	json_t *all = result_get(point->json, "iopf.stages"), *stage;
	unsigned int n = 0;
	const char *name;
	char phase[64];

	json_object_foreach(all, name, stage) {
		if (n == IOPF_MAX_STAGES)
			break;
		snprintf(phase, sizeof(phase), "stage_%s", name);
		stages[n] = (struct iopf_stage){
			.name = name,
			.phase = point_phase(point, phase),
		};
		if (!json_is_true(json_object_get(stage, "shown")))
			stages[n].reason = result_text(stage, "reason");
		n++;
	}
	return n;
}

bool iopf_has_stages(const struct point *point)
{
	struct iopf_stage stages[IOPF_MAX_STAGES];
	unsigned int n = iopf_stages(point, stages);

	while (n && !stages[n - 1].phase)
		n--;
	return n;
}

const char *iopf_no_cpu(const struct point *point)
{
	const char *reason = result_text(point->json, "iopf.cpu.reason");

	if (point_phase(point, "cpu_fault"))
		return NULL;
	return *reason ? reason : "not measured";
}

double iopf_ratio(const struct point *point, unsigned int ppm)
{
	const struct point_phase *device = iopf_device(point);
	const struct point_phase *cpu = point_phase(point, "cpu_fault");
	double ns = cpu ? stats_percentile(cpu->hist, ppm, cpu->scale) : 0;

	if (!device || iopf_refused(point) || !(ns > 0))
		return 0;
	return stats_percentile(device->hist, ppm, device->scale) / ns;
}
