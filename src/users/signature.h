/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is on a disk, by libblkid.
 */
#ifndef IOMMUBENCH_USERS_SIGNATURE_H
#define IOMMUBENCH_USERS_SIGNATURE_H

#include "base/lines.h"

/**
 * signature_read() - what the content of a disk or partition says it is
 * @fd: the block device, or a file in its place, open for reading
 * @parts: receives what it is a part of when it may be in use under another name, as after "is";
 *	such as "an LVM physical volume"
 * @systems: receives the file systems that one device is all of, such as "ext4"
 */
void signature_read(int fd, struct lines *parts, struct lines *systems);

#endif
