/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device given over to tests: what it is, and what is bound to it. docs/module.md says in which
 * order locks are taken.
 */
#ifndef IOMMUBENCH_DEVICE_H
#define IOMMUBENCH_DEVICE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include <uapi/iommubench.h>

#include "borrow.h"
#include "engine/types.h"
#include "iommu/ownership.h"
#include "iommu/sva.h"

struct bench_file;
struct bench_group_hold;
struct bench_message;
struct bench_run;
struct device;
struct iommufd_device;
struct pasid_domain;

/**
 * struct bench_pasids - a device's PASIDs
 * @alive: held for reading while a command uses the device, for writing when that ends
 * @gone: the device was given back; nothing is bound any more
 * @sva_lock: guards @sva_on
 * @sva_on: address spaces can be bound; stays so until the device is given back or claimed for what
 *	excludes PASIDs
 * @claim: taken once for each of @live and for those that are about to be
 * @lock: guards what follows
 * @binds: all that is bound, by all files
 * @live: entries of @binds that are bound to something
 * @reserved: entries of @binds that only keep a PASID from others
 * @bound: binds since the device was given over
 * @unbound: unbinds since the device was given over
 * @domains: domains that exist
 */
struct bench_pasids {
	struct rw_semaphore alive;
	bool gone;
	struct mutex sva_lock;
	bool sva_on;
	struct bench_claim claim;
	spinlock_t lock;
	struct list_head binds;
	u64 live;
	u64 reserved;
	u64 bound;
	u64 unbound;
	u64 domains;
};

/**
 * struct bench_iommufd - a device's iommufd, guarded by the device's lock
 * @idev: what the iommufd knows the device by, NULL when it is not bound to one
 * @owner: the file through which it was bound
 * @attached: to a domain with a fault queue
 */
struct bench_iommufd {
	struct iommufd_device *idev;
	struct bench_file *owner;
	bool attached;
};

/**
 * struct bench_device - a device given over to tests
 * @dev: the device that does the DMA, valid until @gone
 * @misc: /dev/iommubench/<device>
 * @name: name of @misc, for sysfs
 * @node: path of @misc below /dev
 * @ref: held by the binding and by every open file
 * @lock: guards @gone and @run, and is held while a command changes them
 * @gone: the device was unbound: nothing may touch @dev any more
 * @run: the run that owns the device, NULL when it is free
 * @borrowed: what the device had before, to be given back to it
 * @engine: its DMA engine
 * @sva: whether it may work in the address spaces of processes
 * @pasids: what is bound to its PASIDs by commands
 * @user_dma: its driver makes no DMA mappings, so that user space may have the device's DMA
 * @iommufd: the iommufd that has the device's DMA, and through which file
 * @iommufd_claim: taken while @iommufd has it
 */
struct bench_device {
	struct device *dev;
	struct miscdevice misc;
	char name[64];
	char node[64];
	struct kref ref;
	struct mutex lock;
	bool gone;
	struct bench_run *run;
	struct bench_borrowed borrowed;
	struct bench_engine engine;
	struct bench_sva sva;
	struct bench_pasids pasids;
	bool user_dma;
	struct bench_iommufd iommufd;
	struct bench_claim iommufd_claim;
};

/**
 * struct bench_pasid_file - what one file has bound
 * @binds: the file's binds, by their number
 * @lock: guards @last and the users of domains and reservations; taken within &bench_pasids.alive
 * @last: the domain made last, NULL when it is gone
 */
struct bench_pasid_file {
	struct xarray binds;
	struct mutex lock;
	struct pasid_domain *last;
};

/**
 * struct bench_file - an open /dev/iommubench/<device>
 * @bd: its device, a reference is held
 * @run_lock: for who cannot take the device's lock: mmap, under which user memory
 *	may be touched
 * @run: the run prepared through this file; changed with both locks held, read with
 *	either
 * @owner: process that opened it
 * @pasid: what it has bound to PASIDs
 */
struct bench_file {
	struct bench_device *bd;
	spinlock_t run_lock;
	struct bench_run *run;
	pid_t owner;
	struct bench_pasid_file pasid;
};

struct bench_device *bench_device_new(struct device *dev, bool user_dma);
void bench_device_retire(struct bench_device *bd);
int bench_device_claim(struct bench_device *bd, struct bench_claim *claim, enum bench_use use,
		       struct bench_group_hold *hold, struct bench_message *msg);
void bench_device_get(struct bench_device *bd);
void bench_device_put(struct bench_device *bd);
enum iommubench_domain_type bench_device_domain_type(struct device *dev);

#endif /* IOMMUBENCH_DEVICE_H */
