/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of topo_read(), each a file of its own.
 */
#ifndef IOMMUBENCH_TOPO_INTERNAL_H
#define IOMMUBENCH_TOPO_INTERNAL_H

#include "topo/model.h"

/**
 * topo_kind() - what an IOMMU is, its revision, features and errata
 * @t: the machine, its SoC known
 * @i: the IOMMU; name, driver, hardware, path and compatible are known
 */
void topo_kind(const struct topo *t, struct topo_iommu *i);

/**
 * topo_pci() - what a PCI device's configuration space says
 * @t: the machine
 * @d: the device; name and path are known
 */
void topo_pci(const struct topo *t, struct topo_device *d);

/**
 * topo_tree_ids() - how IOMMUs know a device, by the device tree
 * @t: the machine, its IOMMUs known
 * @d: the device; its IDs are filled in, and its IOMMU unless the kernel told
 *
 * Return: whether the device tree says that the device is behind any IOMMU.
 */
bool topo_tree_ids(const struct topo *t, struct topo_device *d);

/**
 * topo_iort_ids() - same for all devices, by ACPI's IORT
 * @t: the machine
 */
void topo_iort_ids(struct topo *t);

/**
 * topo_iort_parse() - same, of a table in memory
 * @t: the machine
 * @table: the table; what is damaged in it is passed over
 * @n: size of that in bytes
 *
 * Return: whether it is an IORT.
 */
bool topo_iort_parse(struct topo *t, const uint8_t *table, size_t n);

/**
 * topo_coherence() - does a device snoop the CPUs' caches?
 * @t: the machine, its IOMMUs known
 * @d: the device, whose IOMMU is known; left as it is when nothing tells
 */
void topo_coherence(const struct topo *t, struct topo_device *d);

/**
 * topo_uses() - who needs the devices, and what to mind
 * @t: the machine, its devices known
 */
void topo_uses(struct topo *t);

/**
 * topo_judge() - which devices can be spared, and why others cannot
 * @t: the machine, all else known
 */
void topo_judge(struct topo *t);

/**
 * topo_spared() - may a device be spared, whatever its group and its IOMMU?
 * @t: the machine, its IOMMUs known
 * @d: the device, its users known; when it may not be, verdict and reason are set
 *
 * Return: whether it may be.
 */
bool topo_spared(const struct topo *t, struct topo_device *d);

/**
 * topo_in_the_way() - who keeps the kernel from giving a device's group away
 * @t: the machine, its devices known
 * @d: the device
 * @ours: whether those count that are bound to the module and idle, as for PASIDs they do
 *
 * Return: another member whose driver does DMA, NULL for none.
 */
const struct topo_device *topo_in_the_way(const struct topo *t, const struct topo_device *d,
					  bool ours);

/**
 * topo_measure() - what can be measured with the devices, and what it would take for the rest
 * @t: the machine, judged
 */
void topo_measure(struct topo *t);

/**
 * topo_plain() - make all texts of the machine fit to be shown
 * @t: the machine, after which no more is read of it, as names may have changed
 */
void topo_plain(struct topo *t);

/**
 * topo_is_dma_controller() - is it a PCI device that does nothing but DMA for others?
 * @d: the device, its class and ID known
 *
 * Whoever has a channel of it is one of its users.
 *
 * Return: whether it is.
 */
bool topo_is_dma_controller(const struct topo_device *d);

/**
 * topo_pci_address() - read a name such as 0000:00:1f.3
 * @name: the name
 * @domain: receives the number of the PCI domain
 * @rid: receives bus, device and function as one number
 *
 * Return: whether it is one.
 */
bool topo_pci_address(const char *name, unsigned int *domain, unsigned int *rid);

#endif
