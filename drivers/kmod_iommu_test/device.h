/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_DEVICE_H
#define IOMMUBENCH_DEVICE_H

#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include <uapi/iommubench.h>

#include "commands/iommufd.h"
#include "commands/pasid.h"
#include "engine/engine.h"
#include "iommu/sva.h"

struct bench_run;
struct device;
struct file;

/**
 * struct bench_device - a device given over to tests
 * @dev: the device, valid until @gone
 * @misc: /dev/iommubench/<device>
 * @name: of @misc, for sysfs
 * @node: of @misc, below /dev
 * @ref: held by the binding and by every open file
 * @lock: guards @gone and @run, and is held while a command changes them
 * @gone: the device was unbound: nothing may touch @dev any more
 * @run: the run that owns the device, NULL when it is free
 * @engine: its DMA engine
 * @sva: whether it may work in the address spaces of processes
 * @pasids: what is bound to its PASIDs by commands
 * @user_dma: its driver makes no DMA mappings, so that user space may have the device's DMA
 * @iommufd: who has it
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
	struct bench_engine engine;
	struct bench_sva sva;
	struct bench_pasids pasids;
	bool user_dma;
	struct bench_iommufd iommufd;
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

int bench_device_probe(struct device *dev, bool user_dma);
void bench_device_remove(struct device *dev);
void bench_device_put(struct bench_device *bd);
enum iommubench_domain_type bench_device_domain_type(struct device *dev);

int bench_copy_struct(void *dst, size_t bytes, size_t least, void __user *arg);
struct bench_run *bench_file_wait(struct bench_file *bf, void __user *arg, u64 *timeout_ns);
long bench_file_command(struct bench_file *bf, unsigned int cmd, void __user *arg);
int bench_file_open_gate(struct bench_file *bf);

#endif /* IOMMUBENCH_DEVICE_H */
