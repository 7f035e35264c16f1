/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of users_find(), each a file of its own.
 */
#ifndef IOMMUBENCH_USERS_INTERNAL_H
#define IOMMUBENCH_USERS_INTERNAL_H

#include <sys/types.h>

#include "users/users.h"

/**
 * struct users_node - a device file and whose it is
 * @number: its number
 * @type: S_IFCHR or S_IFBLK
 * @device: whose it is, a number in the list of devices
 * @name: what the kernel calls it
 * @seen: a process that has it open was told of
 */
struct users_node {
	dev_t number;
	mode_t type;
	size_t device;
	char name[64];
	bool seen;
};

/**
 * struct users - a look at devices
 * @root: where the machine's /sys and /proc are, "" for this one's
 * @devices: the devices
 * @nr: entries at @devices
 * @nodes: device files of theirs
 * @nr_nodes: entries at @nodes
 * @warnings: what could not be seen
 * @unread: disks that this user may not open
 */
struct users {
	const char *root;
	struct users_device *devices;
	size_t nr;
	struct users_node *nodes;
	size_t nr_nodes;
	struct lines *warnings;
	unsigned int unread;
};

/**
 * users_owner() - the nearest device above a real path in sysfs
 * @u: the look
 * @path: the path, or NULL
 *
 * Return: its number, -1 when there is none.
 */
int users_owner(const struct users *u, const char *path);

/**
 * users_add_node() - remember a device file
 * @u: the look
 * @owner: whose it is
 * @type: S_IFCHR or S_IFBLK
 * @number: "MAJOR:MINOR"; all else is passed over
 * @name: what the kernel calls it
 */
void users_add_node(struct users *u, size_t owner, mode_t type, const char *number,
		    const char *name);

/**
 * users_see_block() - a block device that hangs on a device
 * @u: the look
 * @d: the device
 * @name: as in /sys/class/block
 */
void users_see_block(struct users *u, struct users_device *d, const char *name);

/**
 * users_is_disk() - does a path lead to a disk or partition?
 * @root: where the machine's /sys and /proc are; on another machine the path's last part tells
 * @path: the path; one that is not below /dev leads to none
 * @name: name of the disk or partition
 */
bool users_is_disk(const char *root, const char *path, const char *name);

/**
 * users_see_filesystems() - is it part of a file system of several disks?
 * @root: where the machine's /sys and /proc are
 * @name: name of the disk or partition
 * @unseen: neither a claim nor what is on it can be looked at
 * @uses: receives by what it is used
 */
void users_see_filesystems(const char *root, const char *name, bool unseen, struct lines *uses);

/**
 * users_see_folders() - folders of another machine that are mounted over virtio
 * @u: the look
 */
void users_see_folders(struct users *u);

/**
 * users_see_exports() - is it given to others, past all claims that the kernel knows of?
 * @root: where the machine's /sys and /proc are
 * @class: "block" or "nvme"
 * @name: name in that class
 * @uses: receives who has it
 */
void users_see_exports(const char *root, const char *class, const char *name,
		       struct lines *uses);

/**
 * users_see_files() - which processes have files of the devices open
 * @u: the look, its device files known; this machine's
 */
void users_see_files(struct users *u);

#endif
