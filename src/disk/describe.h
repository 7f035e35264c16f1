/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words on a disk for results.
 */
#ifndef IOMMUBENCH_DISK_DESCRIBE_H
#define IOMMUBENCH_DISK_DESCRIBE_H

#include "device/device.h"
#include "disk/load.h"

/**
 * disk_describe() - fill in what machine_describe() asks the module about for others
 * @d: located
 * @driver: what drives it
 */
void disk_describe(struct device *d, const char *driver);

/**
 * disk_access_word() - "read", "write" or "mixed"
 * @job: the job
 */
const char *disk_access_word(const struct io_job *job);

#endif
