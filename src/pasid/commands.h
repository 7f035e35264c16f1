/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands about PASIDs, from whatever process calls. They go by ioctl: what
 * is bound depends on who calls.
 */
#ifndef IOMMUBENCH_PASID_COMMANDS_H
#define IOMMUBENCH_PASID_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

#include <iommubench.h>

#include "device/device.h"

/**
 * pasid_open() - open the device once more
 * @d: a device that was found
 * @flags: O_CLOEXEC or 0
 *
 * What is bound through a file lasts at most as long as that.
 *
 * Return: the file, or a negative errno.
 */
int pasid_open(const struct device *d, int flags);

/**
 * pasid_bind() - bind a PASID
 * @fd: the open device
 * @p: has kind, flags and reserved_id; receives id, pasid, address and ticks
 * @message: room for IOMMUBENCH_MESSAGE_BYTES, or NULL; receives why it was refused
 *
 * Return: 0 or a negative errno.
 */
int pasid_bind(int fd, struct iommubench_pasid_bind *p, char *message);

/**
 * pasid_unbind() - undo a bind
 * @fd: where it was bound
 * @p: has id and, for accesses of the device, flags, address and limits; receives the rest
 *
 * Return: 0 or a negative errno.
 */
int pasid_unbind(int fd, struct iommubench_pasid_unbind *p);

/**
 * pasid_access() - have the device read with a PASID
 * @fd: the open device
 * @p: has pasid, address and limit_ns; receives the rest
 *
 * Return: 0 or a negative errno.
 */
int pasid_access(int fd, struct iommubench_pasid_access *p);

/**
 * pasid_info() - what is bound on the device by anybody
 * @fd: the open device
 * @info: receives the numbers
 *
 * Return: 0 or a negative errno.
 */
int pasid_info(int fd, struct iommubench_pasid_info *info);

/**
 * struct pasid_page - memory that the device may read in this process
 * @word: first word of the page; it has this address in the device's view, too, once it is bound
 */
struct pasid_page {
	uint64_t *word;
};

/**
 * pasid_page_get() - a page of the calling process that is and stays present
 * @page: receives the page, which stays until the process ends
 *
 * Return: 0 or a negative errno.
 */
int pasid_page_get(struct pasid_page *page);

/**
 * pasid_try_process() - bind a new process, which ends at once
 * @d: the device
 * @pasid: receives its PASID, 0 when it got none
 * @message: room for IOMMUBENCH_MESSAGE_BYTES, or NULL; receives why it was refused
 *
 * Return: 0 or a negative errno.
 */
int pasid_try_process(const struct device *d, unsigned int *pasid, char *message);

/**
 * pasid_fill() - bind domains to PASIDs until enough or none is left
 * @fd: the open device, which holds them
 * @wanted: number of PASIDs to bind; they share few domains
 * @got: receives the number of PASIDs that were bound
 * @message: room for IOMMUBENCH_MESSAGE_BYTES; receives why there were no more
 *
 * Return: 0 when all were had, else the negative errno of the bind that failed.
 */
int pasid_fill(int fd, uint64_t wanted, uint64_t *got, char *message);

#endif
