/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errata of SoCs and IOMMUs, a row each.
 */
#ifndef IOMMUBENCH_SILICON_ERRATA_H
#define IOMMUBENCH_SILICON_ERRATA_H

#include <stddef.h>
#include <stdint.h>

/**
 * silicon_erratum() - what else is known of a SoC's IOMMUs
 * @soc_id: as in soc_id there
 * @revision: as in revision there
 * @n: 0, and then one more than it was
 *
 * From the drivers of Linux and from Trusted Firmware-A.
 *
 * Return: a sentence, NULL after the last one.
 */
const char *silicon_erratum(const char *soc_id, const char *revision, size_t n);

/**
 * silicon_smmu_erratum() - what is known of an SMMUv3
 * @iidr: the register IIDR of an SMMU or its counters
 * @n: 0, and then one more than it was
 *
 * Return: a sentence, NULL after the last one.
 */
const char *silicon_smmu_erratum(uint32_t iidr, size_t n);

#endif
