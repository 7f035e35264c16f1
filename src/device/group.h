/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other members of a device's IOMMU group: the IOMMU translates for all of them alike.
 */
#ifndef IOMMUBENCH_DEVICE_GROUP_H
#define IOMMUBENCH_DEVICE_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "device/device.h"

/**
 * struct group_member - another member of a group
 * @name: name on its bus
 * @bus: such as "pci"
 * @driver: driver that holds it, or ""
 * @bridge: it is a PCI bridge or a root port, which does no DMA of its own
 */
struct group_member {
	char name[DEVICE_NAME_BYTES];
	char bus[32];
	char driver[64];
	bool bridge;
};

/**
 * struct group_others - all other members
 * @member: in the order of their names, freed by group_others_free()
 * @n: entries at @member
 */
struct group_others {
	struct group_member *member;
	size_t n;
};

/**
 * group_others_read() - look who else is in a device's group
 * @others: receives them; empty when the device is alone or in no group
 * @d: the device, found
 */
void group_others_read(struct group_others *others, const struct device *d);

/**
 * group_others_free() - forget them
 * @others: empty afterwards
 */
void group_others_free(struct group_others *others);

/**
 * group_others_describe() - the others as the "group_others" of a result
 * @others: them
 *
 * Return: a new array.
 */
json_t *group_others_describe(const struct group_others *others);

/**
 * group_others_text() - those that are no bridges, as "0000:00:08.1 (driver nvme), 0000:00:08.2 (no driver)"
 * @others: them
 *
 * Return: on the heap, or NULL when there are bridges only.
 */
char *group_others_text(const struct group_others *others);

/**
 * group_user() - the first of the others that keeps the kernel from giving the group away
 * @others: them
 *
 * Return: it, or NULL when nobody is in the way.
 */
const struct group_member *group_user(const struct group_others *others);

/**
 * group_how_to_unbind() - the command that takes a member from its driver
 * @member: it, with a driver
 * @buf: receives the command
 * @n: room at @buf
 *
 * Return: @buf.
 */
const char *group_how_to_unbind(const struct group_member *member, char *buf, size_t n);

/**
 * group_driver_does_dma() - whether a driver counts as a user of its group's DMA
 * @driver: name of the driver, "" for none
 *
 * The kernel asks whether a driver declares driver_managed_dma, of which sysfs tells nothing: these
 * are port drivers, those of VFIO, pci-stub, and our own one for user space.
 */
bool group_driver_does_dma(const char *driver);

#endif
