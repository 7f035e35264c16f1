/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Block devices: which device does their DMA, who uses them, and how to have one
 * for oneself.
 *
 * Who uses one is for users/ to say. The kernel itself gives an exclusive open file to one user
 * only, and file systems, swap, RAID and device mapper are such users.
 */
#ifndef IOMMUBENCH_DEVICE_BLOCK_H
#define IOMMUBENCH_DEVICE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "device/device.h"

#define BLOCK_NAME_BYTES	64

/**
 * struct block - a whole block device
 * @name: such as "nvme0n1"
 * @identity: tells it again after its driver was bound anew, when its name may be another
 * @device: what does its DMA; its group is -1 when no IOMMU translates it
 * @driver: of @device, such as "nvme"; "" when it has none
 * @untranslated: why no IOMMU translates it although it is in a group, "" otherwise
 * @bytes: size in bytes
 * @logical_bytes: of a logical block: offsets and sizes of I/O are multiples of it
 * @can_poll: it has queues whose completions can be polled for
 */
struct block {
	char name[BLOCK_NAME_BYTES];
	char identity[256];
	struct device device;
	char driver[64];
	char untranslated[160];
	uint64_t bytes;
	unsigned int logical_bytes;
	bool can_poll;
};

/**
 * block_find() - settle which block device is meant
 * @b: receives the device; holds nothing that has to be given back
 * @wanted: a name such as "nvme0n1", a path such as "/dev/nvme0n1", or NULL for the only
 *	one behind an IOMMU that nobody uses
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int block_find(struct block *b, const char *wanted);

/**
 * block_again() - find a block device again after its driver was bound anew
 * @b: as it was; receives what it is called now
 *
 * Drivers look for their disks in the background: it is waited for, ten seconds at most.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int block_again(struct block *b);

/**
 * block_open() - open a block device for direct I/O
 * @b: the device
 * @write: for writing too; never of a device that anybody uses, or only has open
 * @user: receives who else uses it, "" when nobody does
 * @n: room at @user
 *
 * Nobody else can begin to use it until the file is closed, unless @user is not empty.
 *
 * Return: the open file, or -1 after one line on stderr.
 */
int block_open(const struct block *b, bool write, char *user, size_t n);

/**
 * block_check_idle() - does anybody use a device?
 * @d: the device
 * @e: receives by whom it is used
 *
 * Taking a disk away from under a file system loses data, so this comes right before its
 * driver is unbound. Nothing is held from then on: some kernels (6.1) crash when the last
 * file of an NVMe disk is closed after that. Whoever has just a file of it open is given
 * two seconds, as device managers look at each new disk. A device of the module's own is idle.
 *
 * Return: 0, or -1.
 */
int block_check_idle(const struct device *d, struct error *e);

#endif
