/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Renesas IPMMU-VMSA of R-Car Gen3, for the machine: a sysbus device with one memory
 * region and one interrupt. Properties: see struct IobIpmmu; "soc" and "name" say
 * which one it is, and "main" (link) is to be set for all but IPMMU-MM.
 */
#ifndef IOMMUBENCH_IPMMU_IPMMU_H
#define IOMMUBENCH_IPMMU_IPMMU_H

#define TYPE_IOB_IPMMU		"iob-ipmmu"

/* Node size in the SoCs' device trees. */
#define IPMMU_BYTES		0x1000

#endif
