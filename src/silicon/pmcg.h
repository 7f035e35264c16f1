/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of an SMMUv3: performance monitor counter groups, and whose they are.
 */
#ifndef IOMMUBENCH_SILICON_PMCG_H
#define IOMMUBENCH_SILICON_PMCG_H

#include <stdint.h>

/* Linux' driver names their PMUs so, with the number of the 4 KiB page that they are in. */
#define PMCG_PMU	"smmuv3_pmcg"

/**
 * pmcg_smmu() - the SMMU that counters belong to
 * @root: where the machine's /sys is, "" for this one's
 * @pmu: name of the PMU
 *
 * The kernel does not tell. Counters are in the pages of their SMMU or in those behind it that its
 * TLBs have, so they are those of the last SMMU before them; of the only one, wherever they are.
 *
 * Return: address of the SMMU's registers, as its name in /sys/class/iommu has it; 0 when @pmu is
 * none of an SMMU's or nobody knows.
 */
uint64_t pmcg_smmu(const char *root, const char *pmu);

#endif
