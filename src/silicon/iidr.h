/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The register IIDR of an SMMU, which names who made it (SMMUv3 specification, SMMU_IIDR).
 */
#ifndef IOMMUBENCH_SILICON_IIDR_H
#define IOMMUBENCH_SILICON_IIDR_H

/* Fields of an SMMU's IIDR. */
#define IIDR_PRODUCT(iidr)	((iidr) >> 20)
#define IIDR_VARIANT(iidr)	((iidr) >> 16 & 0xf)
#define IIDR_REVISION(iidr)	((iidr) >> 12 & 0xf)
#define IIDR_IMPLEMENTER(iidr)	((iidr) & 0xfff)

#define IMPLEMENTER_ARM		0x43b
#define MMU_600			0x483
#define MMU_700			0x487
#define MMU_L1			0x48a
#define MMU_S3			0x498

#endif
