/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is used of the kernel's /dev/iommu: an address space, a domain with a fault
 * queue, and mappings. The numbers and structs are the kernel's, as its headers are
 * newer than those that this is built with.
 */
#ifndef IOMMUBENCH_DEVICE_IOMMUFD_H
#define IOMMUBENCH_DEVICE_IOMMUFD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/**
 * struct iommufd_fault - a page that a device waits for, as the fault queue gives it
 * @flags: IOMMUFD_FAULT_*
 * @dev_id: the device
 * @pasid: with IOMMUFD_FAULT_PASID
 * @grpid: group of page requests
 * @perm: IOMMUFD_PERM_*
 * @reserved: zero
 * @addr: where
 * @length: a hint, 0 for none
 * @cookie: what a response says that it answers: the whole group
 */
struct iommufd_fault {
	uint32_t flags;
	uint32_t dev_id;
	uint32_t pasid;
	uint32_t grpid;
	uint32_t perm;
	uint32_t reserved;
	uint64_t addr;
	uint32_t length;
	uint32_t cookie;
};

#define IOMMUFD_FAULT_PASID	0x1U
#define IOMMUFD_FAULT_LAST	0x2U
#define IOMMUFD_PERM_WRITE	0x2U

/**
 * struct iommufd_response - an answer, to be written to the fault queue
 * @cookie: the group's
 * @code: IOMMUFD_RESPONSE_*
 */
struct iommufd_response {
	uint32_t cookie;
	uint32_t code;
};

#define IOMMUFD_RESPONSE_SUCCESS	0
#define IOMMUFD_RESPONSE_INVALID	1

/**
 * struct iommufd - an open /dev/iommu with one address space
 * @fd: the file, -1 when closed
 * @faults: the fault queue's file, -1 without
 * @ioas: the address space
 * @queue: the fault queue
 */
struct iommufd {
	int fd;
	int faults;
	uint32_t ioas;
	uint32_t queue;
};

/**
 * iommufd_open() - open it, with an empty address space and a fault queue
 * @i: receives, give it back with iommufd_close() in any case
 * @e: receives what the kernel lacks
 *
 * Return: 0, or -1.
 */
int iommufd_open(struct iommufd *i, struct error *e);

/**
 * iommufd_alloc_domain() - make a domain for a device, whose faults go to the queue
 * @i: the iommufd, open
 * @dev_id: the device, bound to it
 * @id: receives the domain
 * @e: receives why there is none
 *
 * Return: 0, or -1.
 */
int iommufd_alloc_domain(struct iommufd *i, uint32_t dev_id, uint32_t *id, struct error *e);

/**
 * iommufd_find_room() - a place in the address space that the device can reach
 * @i: open, with a domain
 * @bytes: size of what is mapped
 * @align: a power of two
 * @iova: receives; never 0
 *
 * Return: 0, or -1 when there is none.
 */
int iommufd_find_room(struct iommufd *i, uint64_t bytes, uint64_t align, uint64_t *iova);

/**
 * iommufd_map() - make own memory present for the device, and pin it
 * @i: the iommufd, open
 * @iova: where; what is mapped there already stays when it is enough
 * @at: the memory
 * @bytes: size of that memory, whole pages
 * @write: the device may write
 *
 * Return: 0, or a negative errno.
 */
int iommufd_map(struct iommufd *i, uint64_t iova, const void *at, uint64_t bytes, bool write);

/**
 * iommufd_close() - give it back, with all its mappings
 * @i: open or not, or with files of -1
 */
void iommufd_close(struct iommufd *i);

#endif
