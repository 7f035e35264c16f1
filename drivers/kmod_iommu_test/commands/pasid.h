/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PASIDs bound by commands: what is bound belongs to an open file, and goes with
 * it or with the device.
 */
#ifndef IOMMUBENCH_PASID_H
#define IOMMUBENCH_PASID_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct bench_device;
struct bench_file;
struct pasid_domain;

/**
 * struct bench_pasids - a device's PASIDs
 * @alive: held for reading while a command uses the device, for writing when that ends
 * @gone: the device was given back; nothing is bound any more
 * @sva_lock: guards @sva_on
 * @sva_on: address spaces can be bound; stays so until the device is given back
 * @lock: guards what follows
 * @binds: all that is bound, by all files
 * @live: how many of those are bound to something
 * @reserved: how many are not
 * @bound: binds so far
 * @unbound: unbinds so far
 * @domains: domains that exist
 */
struct bench_pasids {
	struct rw_semaphore alive;
	bool gone;
	struct mutex sva_lock;
	bool sva_on;
	spinlock_t lock;
	struct list_head binds;
	u64 live;
	u64 reserved;
	u64 bound;
	u64 unbound;
	u64 domains;
};

/**
 * struct bench_pasid_file - what one file has bound
 * @binds: by id
 * @lock: guards @last and the users of domains and reservations; taken within &bench_pasids.alive
 * @last: the domain made last, NULL when it is gone
 */
struct bench_pasid_file {
	struct xarray binds;
	struct mutex lock;
	struct pasid_domain *last;
};

void bench_pasids_init(struct bench_pasids *pasids);
void bench_pasids_remove(struct bench_device *bd);

void bench_pasid_open(struct bench_pasid_file *pf);
void bench_pasid_release(struct bench_file *bf);

bool bench_pasid_is_command(unsigned int cmd);
long bench_pasid_command(struct bench_file *bf, unsigned int cmd, void __user *arg);

#endif /* IOMMUBENCH_PASID_H */
