/* SPDX-License-Identifier: GPL-2.0-only */
/* SMMUv3 performance monitor counter group, IHI 0070 chapter 10 */
#ifndef IOMMUBENCH_SMMUV3_PMCG_H
#define IOMMUBENCH_SMMUV3_PMCG_H

/*
 * Sysbus device: two memory regions (page 0, and page 1 with the counters), one
 * interrupt. Properties: see pmcg.c; "smmu" (link) must be set.
 */
#define TYPE_IOB_PMCG		"iob-smmuv3-pmcg"
#define PMCG_PAGE_BYTES		0x1000

#endif
