/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device whose DMA belongs to user space: bound to an iommufd, attached to a
 * domain that user space made there.
 */
#ifndef IOMMUBENCH_IOMMUFD_H
#define IOMMUBENCH_IOMMUFD_H

#include <linux/types.h>

#include <uapi/iommubench.h>

struct bench_device;
struct bench_file;
struct iommufd_device;

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

long bench_iommufd_bind(struct bench_file *bf, void __user *arg);
long bench_iommufd_attach(struct bench_file *bf, void __user *arg);
void bench_iommufd_unbind(struct bench_device *bd);

#endif /* IOMMUBENCH_IOMMUFD_H */
