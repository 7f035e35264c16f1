/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who uses a device: the one judgement for all that would take it from them.
 *
 * It is made of mounts and swap (libmount), signatures on disks (libblkid), what the kernel answers
 * to an exclusive open, what is built on a disk or exported from it, network interfaces, consoles,
 * displays, DMA channels, and files that processes have open. Nothing is changed, but a disk is
 * read to see its signatures, and is claimed for the moment of the exclusive open.
 */
#ifndef IOMMUBENCH_USERS_USERS_H
#define IOMMUBENCH_USERS_USERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lines.h"

/**
 * struct users_device - a device, and who uses it
 * @path: real path in sysfs
 * @offers: receives what hangs on it, such as "disk sda"
 * @uses: receives who uses it, a clause each; empty: it can be spared
 * @notes: receives what to mind all the same, a clause each
 * @lasting: receives how many entries of @uses, the first ones, are more than open files: a device
 *	manager has those open of each new disk for a moment
 */
struct users_device {
	const char *path;
	struct lines *offers;
	struct lines *uses;
	struct lines *notes;
	size_t lasting;
};

/**
 * users_find() - who uses devices
 * @root: where the machine's /sys and /proc are, "" for this one's; of another, files that are
 *	open and what is on disks are unknown
 * @devices: the devices, each of which has what is nearer to it than to others
 * @nr: entries at @devices
 * @warnings: receives what could not be seen, and how it could be
 */
void users_find(const char *root, struct users_device *devices, size_t nr,
		struct lines *warnings);

/**
 * users_wait() - who still uses a device of this machine after a moment
 * @path: its real path in sysfs
 * @uses: receives who uses it, a clause each
 * @notes: receives what to mind all the same, a clause each
 *
 * Whoever has just a file of it open is given two seconds.
 */
void users_wait(const char *path, struct lines *uses, struct lines *notes);

/**
 * users_of_disk() - who still uses a disk of this machine, or a partition of it, after a moment
 * @name: name of the disk, such as "nvme0n1"
 * @uses: receives who uses it, a clause each
 *
 * Other disks of its controller are none of it. Whoever has just a file of it open is given two
 * seconds.
 */
void users_of_disk(const char *name, struct lines *uses);

#endif
