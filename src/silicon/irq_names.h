/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the drivers of IOMMUs call their interrupts.
 */
#ifndef IOMMUBENCH_SILICON_IRQ_NAMES_H
#define IOMMUBENCH_SILICON_IRQ_NAMES_H

#include <stdbool.h>

/**
 * irq_name_is_iommu() - is an interrupt one of an IOMMU?
 * @what: what follows the counts in its line of /proc/interrupts: the controller, how it is
 *	triggered, and what the driver calls it
 *
 * Letters count alike, whether large or small.
 */
bool irq_name_is_iommu(const char *what);

#endif
