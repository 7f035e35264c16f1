/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a SoC's IOMMU: silicon on which it cannot be used, and whom its
 * driver admits.
 */
#ifndef IOMMUBENCH_SILICON_SILICON_H
#define IOMMUBENCH_SILICON_SILICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * silicon_explain() - why Linux lets no device of this SoC behind the IOMMU
 * @buf: receives a clause that names SoC and revision, such as "this SoC is ...", or ""
 * @n: room at @buf
 * @family: content of /sys/bus/soc/devices/soc0/family
 * @soc_id: content of soc_id in that folder
 * @revision: content of revision in that folder
 * @platform: name of the device in question if it is a platform device, or NULL
 *
 * Return: whether anything is known.
 */
bool silicon_explain(char *buf, size_t n, const char *family, const char *soc_id,
		     const char *revision, const char *platform);

/**
 * struct silicon_ipmmu - what Linux' ipmmu-vmsa makes of an IPMMU
 * @contexts: address spaces, 0 where it uses one of them and knows of no more
 * @kept: how many of these it leaves alone
 * @micro_tlbs: masters that can be told apart
 */
struct silicon_ipmmu {
	unsigned int contexts;
	unsigned int kept;
	unsigned int micro_tlbs;
};

/**
 * silicon_ipmmu() - what an IPMMU has
 * @ipmmu: receives
 * @compatible: words of the device tree, with blanks between them
 *
 * Return: whether the driver knows any of them.
 */
bool silicon_ipmmu(struct silicon_ipmmu *ipmmu, const char *compatible);

/**
 * silicon_smmu_name() - which SMMUv3 an identification register means
 * @iidr: the register IIDR of an SMMU or its counters
 *
 * Return: such as "Arm MMU-600 r0p2", which the caller frees.
 */
char *silicon_smmu_name(uint32_t iidr);

#endif
