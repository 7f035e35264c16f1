/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Renesas IPMMU-VMSA of R-Car Gen3, for the machine: a sysbus device with one memory
 * region and one interrupt. Properties: see struct IobIpmmu; "soc" and "name" say
 * which one it is, and "main" (link) is to be set for all but IPMMU-MM.
 */
#ifndef IOMMUBENCH_IPMMU_IPMMU_H
#define IOMMUBENCH_IPMMU_IPMMU_H

#include "hw/pci/pci.h"

#define TYPE_IOB_IPMMU		"iob-ipmmu"

/* Node size in the SoCs' device trees. */
#define IPMMU_BYTES		0x1000

/**
 * iob_ipmmu_pci_sid() - micro-TLB of a PCI requester
 *
 * That with the number of its slot. In the device tree: iommu-map-mask 0xf8, and one
 * iommu-map row for each slot.
 */
static inline uint32_t iob_ipmmu_pci_sid(uint16_t requester_id)
{
	return PCI_SLOT(requester_id & 0xff);
}

#endif
