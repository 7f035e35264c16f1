/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device to measure with: find it, open it, and say plainly why it cannot
 * be used. Everything that the tool reads from sysfs about it goes through here.
 */
#ifndef IOMMUBENCH_DEVICE_DEVICE_H
#define IOMMUBENCH_DEVICE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <iommubench.h>

#define DEVICE_DRIVER	"kmod_iommu_test"
/* What has the engines of virtual boards, also in words that follow a refusal. */
#define DEVICE_LAB_MODULE	DEVICE_DRIVER "_lab"
#define DEVICE_LAB_HINT	"those of virtual boards come with 'modprobe " DEVICE_LAB_MODULE "' before the bind"
/* The module's other one, which leaves a device's DMA to user space. */
#define REBIND_DRIVER	DEVICE_DRIVER "_iommufd"
#define DEVICE_NAME_BYTES	256

/**
 * struct device - an open device
 * @name: as under /dev/iommubench
 * @on_bus: what its bus calls it: @name, or the controller of the channel that @name is
 * @bus: "pci", "platform", ...
 * @group: number of its IOMMU group, -1 without one
 * @fd: the open file, -1 when closed
 * @info: what the module says about it
 */
struct device {
	char name[DEVICE_NAME_BYTES];
	char on_bus[DEVICE_NAME_BYTES];
	char bus[32];
	int group;
	int fd;
	struct iommubench_info info;
};

/**
 * device_find() - settle which device is meant, and where it is
 * @d: receives name, bus and group; nothing is opened
 * @wanted: its name, or NULL for the only one there is
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int device_find(struct device *d, const char *wanted);

/**
 * device_list() - all devices that are bound
 * @names: receives an array on the heap, of strings that are there too
 * @nr: receives the number of entries at @names, at least one
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int device_list(char ***names, unsigned int *nr);

/**
 * device_open() - open the device and ask the module about it
 * @d: as device_find() left it
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int device_open(struct device *d);

/**
 * device_close() - close the file; a run that is still going ends
 * @d: the device, open or not
 */
void device_close(struct device *d);

/**
 * device_check_engine() - is the DMA engine there that was asked for?
 * @d: an open device
 * @engine: "auto", "none" or the name of an engine
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int device_check_engine(const struct device *d, const char *engine);

/**
 * device_locate() - find a device on any bus
 * @name: name of the device on its bus, or of a channel as under /dev/iommubench
 * @d: receives names, bus and group
 *
 * Return: whether there is such a device.
 */
bool device_locate(struct device *d, const char *name);

/**
 * device_smmu() - which SMMU a device is behind
 * @d: the device
 *
 * Return: address of the SMMU's registers, by which the kernel names it; 0 when it is behind none.
 */
uint64_t device_smmu(const struct device *d);

/**
 * device_iommu_kind() - the kind of its IOMMU
 * @d: a located device
 * @kind: receives what machine.iommu.kind is in a result: the IOMMU's driver, or its name
 *	without the number, "unknown" or "none"
 * @n: room at @kind
 */
void device_iommu_kind(const struct device *d, char *kind, size_t n);

/**
 * device_driver() - the driver that holds a device
 * @d: a located device
 * @driver: receives its name, "" when there is none
 * @n: room at @driver
 *
 * Return: whether one holds it.
 */
bool device_driver(const struct device *d, char *driver, size_t n);

/**
 * device_silicon() - why this SoC's IOMMU driver admits no device, or not this one
 * @d: a located device that is behind no IOMMU, or NULL for any PCI device
 * @buf: receives a clause for a message, "" when nothing is known
 * @n: room at @buf
 *
 * Return: whether anything is known.
 */
bool device_silicon(const struct device *d, char *buf, size_t n);

#endif
