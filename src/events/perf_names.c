// SPDX-License-Identifier: GPL-2.0-only
#include "events/perf_names.h"

#include <stdlib.h>
#include <string.h>

#include <perfmon/pfmlib_perf_event.h>

/* The library looks the machine over once. Return: 0, or -1 with @e set. */
static int begin(struct error *e)
{
	static int state;
	static pfm_err_t err;

	if (!state) {
		err = pfm_initialize();
		state = 1;
	}
	if (err == PFM_SUCCESS)
		return 0;
	return error_set(e, "libpfm4 knows no event of this machine: %s", pfm_strerror(err));
}

static pfm_pmu_info_t pmu_info(int pmu)
{
	pfm_pmu_info_t info;

	memset(&info, 0, sizeof(info));
	info.size = sizeof(info);
	if (pfm_get_pmu_info((pfm_pmu_t)pmu, &info) != PFM_SUCCESS)
		info.name = NULL;
	return info;
}

bool perf_names_next_pmu(int *at, struct perf_names_pmu *pmu)
{
	pfm_pmu_info_t info;
	struct error e;

	if (begin(&e))
		return false;
	while (*at < PFM_PMU_MAX) {
		info = pmu_info((*at)++);
		if (!info.name || !info.is_present)
			continue;
		*pmu = (struct perf_names_pmu){
			.name = info.name,
			.what = info.desc,
			.present = true,
			.events = (unsigned int)info.nevents,
		};
		return true;
	}
	return false;
}

/* perf_raw takes numbers, so that it has no names. */
static bool has_names(const char *pmu)
{
	return strcmp(pmu, "perf_raw");
}

void perf_names_events(const char *pmu, struct perf_pmu_names *names)
{
	pfm_event_info_t event;
	pfm_pmu_info_t info;
	int i, index;

	*names = (struct perf_pmu_names){ 0 };
	for (i = 0; i < PFM_PMU_MAX; i++) {
		info = pmu_info(i);
		if (!info.name || strcmp(info.name, pmu) || !has_names(pmu))
			continue;
		for (index = info.first_event; index != -1; index = pfm_get_event_next(index)) {
			memset(&event, 0, sizeof(event));
			event.size = sizeof(event);
			if (pfm_get_event_info(index, PFM_OS_PERF_EVENT, &event) == PFM_SUCCESS)
				perf_pmu_names_add(names, event.name);
		}
	}
}

static int unknown_name(const char *name, pfm_err_t err, struct error *e)
{
	struct perf_pmu_names all = { 0 }, some;
	struct perf_names_pmu pmu;
	char near[256];
	unsigned int i;
	int at = 0;

	while (perf_names_next_pmu(&at, &pmu)) {
		perf_names_events(pmu.name, &some);
		for (i = 0; i < some.nr; i++)
			perf_pmu_names_add(&all, some.names[i]);
		perf_pmu_names_free(&some);
	}
	perf_pmu_nearest(&all, name, near, sizeof(near));
	perf_pmu_names_free(&all);
	return error_set(e, "libpfm4 does not know '%s' on this CPU (%s)%s%s", name,
			 pfm_strerror(err), *near ? ": " : "", near);
}

int perf_names_encode(const char *name, struct perf_code *code, struct error *e)
{
	struct perf_event_attr attr;
	pfm_err_t err;

	if (begin(e))
		return -1;
	memset(&attr, 0, sizeof(attr));
	err = pfm_get_perf_event_encoding(name, PFM_PLM0 | PFM_PLM3, &attr, NULL, NULL);
	if (err != PFM_SUCCESS)
		return unknown_name(name, err, e);
	*code = (struct perf_code){
		.type = attr.type,
		.config = { attr.config, attr.config1, attr.config2 },
		.exclude_user = attr.exclude_user,
		.exclude_kernel = attr.exclude_kernel,
		.exclude_hv = attr.exclude_hv,
	};
	return 0;
}
