// SPDX-License-Identifier: GPL-2.0-only
#include "silicon/irq_names.h"

#include <stddef.h>
#include <string.h>

/*
 * Parts of the names that Linux' drivers give. "iommu" is also in the name of our module, whose
 * engines' interrupts count as an IOMMU's by that.
 */
static const char *const words[] = {
	/* "arm-smmu-v3-evtq", "arm-smmu global fault", "smmuv3-pmu" of an SMMU's counters. */
	"smmu",
	/* "fd800000.iommu": Renesas IPMMU, Rockchip and others, by the node in the device tree. */
	"iommu",
	/* "ipmmu-vmsa.0": Renesas IPMMU without a device tree. */
	"ipmmu",
	/* "e67b0000.mmu": Renesas IPMMU by the node that older device trees have. */
	".mmu",
	/* "dmar0", and "DMAR-MSI", which is where it comes from. */
	"dmar",
	/* "AMD-Vi", "AMD-Vi0-Evt". */
	"amd-vi",
};

bool irq_name_is_iommu(const char *what)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(what, words[i]))
			return true;
	return false;
}
