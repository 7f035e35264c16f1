// SPDX-License-Identifier: GPL-2.0-only
#include "silicon/pmcg.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"

#define PAGE_SHIFT	12
/* How far behind its SMMU's registers counters may be: an MMU-600 with 64 TLBs has 8 MiB. */
#define REACH		0x1000000

/* The driver names an SMMU by its first register. Return: 0 for another kind of IOMMU. */
static uint64_t smmu_base(const char *name)
{
	static const char prefix[] = "smmu3.0x";

	if (strncmp(name, prefix, strlen(prefix)))
		return 0;
	return strtoull(name + strlen(prefix), NULL, 16);
}

uint64_t pmcg_smmu(const char *root, const char *pmu)
{
	static const char prefix[] = PMCG_PMU "_";
	uint64_t at, found = 0, any = 0;
	unsigned int smmus = 0;
	struct lines names;
	char *end;
	size_t i;

	if (strncmp(pmu, prefix, strlen(prefix)))
		return 0;
	at = strtoull(pmu + strlen(prefix), &end, 16) << PAGE_SHIFT;
	if (*end || !at)
		return 0;
	fs_list(root, &names, "/sys/class/iommu");
	for (i = 0; i < names.n; i++) {
		uint64_t base = smmu_base(names.line[i]);

		if (!base)
			continue;
		smmus++;
		any = base;
		if (base <= at && at - base < REACH && base > found)
			found = base;
	}
	lines_free(&names);
	return smmus == 1 ? any : found;
}
