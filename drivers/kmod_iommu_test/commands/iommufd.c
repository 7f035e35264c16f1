// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handing a device's DMA to an iommufd, as VFIO does: user space makes the domain
 * and its fault queue, and the engine stays in the module.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>

#include "commands/copy.h"
#include "commands/iommufd.h"
#include "compat.h"
#include "device.h"
#include "iommu/detach.h"
#include "iommu/group.h"
#include "message.h"
#include "run/run.h"

#if BENCH_HAS_IOMMUFD
BENCH_IMPORT_NS(IOMMUFD);

static int refuse_bind(struct device *dev, int err, struct bench_message *msg)
{
	switch (err) {
	case -EPERM:
		return bench_refuse(msg, err, "iommufd does not take device %s: its writes could raise any interrupt; if that may be, echo 1 >/sys/module/iommufd/parameters/allow_unsafe_interrupts",
				    dev_name(dev));
	case -EINVAL:
		return bench_refuse(msg, -EOPNOTSUPP, "device %s cannot be given to user space: its DMA is not coherent",
				    dev_name(dev));
	default:
		return bench_refuse(msg, err, "device %s cannot be bound to the iommufd: error %d",
				    dev_name(dev), err);
	}
}

static int give_device(struct bench_file *bf, struct iommubench_iommufd_bind *b,
		       struct bench_message *msg)
{
	struct bench_device *bd = bf->bd;
	struct bench_group_hold hold;
	struct iommufd_device *idev;
	struct iommufd_ctx *ctx;
	int err;

	if (!bd->user_dma)
		return bench_refuse(msg, -EOPNOTSUPP, "the DMA of device %s is the kernel's: bind it to the driver kmod_iommu_test_iommufd",
				    dev_name(bd->dev));
	if (bd->run || bd->iommufd.idev)
		return bench_refuse(msg, -EBUSY, "device %s has a run or an iommufd already",
				    dev_name(bd->dev));
	ctx = iommufd_ctx_from_fd(b->iommufd);
	if (IS_ERR(ctx))
		return bench_refuse(msg, PTR_ERR(ctx), "file %d is no iommufd", b->iommufd);
	err = bench_device_claim(bd, &bd->iommufd_claim, BENCH_USE_IOMMUFD, &hold, msg);
	if (err) {
		iommufd_ctx_put(ctx);
		return err;
	}
	idev = iommufd_device_bind(ctx, bd->dev, &b->dev_id);
	bench_group_let_go(&hold);
	/* The device holds its own reference. */
	iommufd_ctx_put(ctx);
	if (IS_ERR(idev)) {
		bench_claim_drop(&bd->iommufd_claim);
		return refuse_bind(bd->dev, PTR_ERR(idev), msg);
	}
	bd->iommufd = (struct bench_iommufd){ .idev = idev, .owner = bf };
	return 0;
}

/* The kernel puts the default domain back in these two, and only warns where it cannot. */
static void detach_device(void *idev)
{
	bench_iommufd_device_detach(idev);
}

static void let_go(void *arg)
{
	struct bench_iommufd *iommufd = arg;

	if (iommufd->attached)
		detach_device(iommufd->idev);
	iommufd_device_unbind(iommufd->idev);
}

static int attach_device(struct bench_file *bf, u32 hwpt_id, struct bench_message *msg)
{
	struct bench_device *bd = bf->bd;
	struct bench_iommufd *iommufd = &bd->iommufd;
	int err;

	if (!iommufd->idev || iommufd->owner != bf || iommufd->attached)
		return bench_refuse(msg, -EINVAL, "device %s is not bound to an iommufd of this file, or attached already",
				    dev_name(bd->dev));
	err = bench_iommufd_device_attach(iommufd->idev, &hwpt_id);
	if (err)
		return bench_refuse(msg, err == -EINVAL || err == -ENODEV ? -EOPNOTSUPP : err,
				    "device %s cannot be attached to a domain with a fault queue: error %d, it can neither stall nor ask for pages, or its IOMMU's driver does not let it",
				    dev_name(bd->dev), err);
	if (bench_faults_taken(bd->dev)) {
		iommufd->attached = true;
		return 0;
	}
	bench_detach_call(detach_device, iommufd->idev);
	return bench_refuse(msg, -EOPNOTSUPP, "the IOMMU's driver hands no faults of device %s on, neither stalls nor page requests",
			    dev_name(bd->dev));
}

/**
 * bench_iommufd_unbind() - take a device's DMA back from user space
 * @bd: the device, with an iommufd or without one; no run is on it any more
 *
 * Faults that nobody has answered are answered: refused.
 *
 * Context: process, with the device's lock held; sleeps.
 */
void bench_iommufd_unbind(struct bench_device *bd)
{
	struct bench_iommufd *iommufd = &bd->iommufd;

	lockdep_assert_held(&bd->lock);
	if (!iommufd->idev)
		return;
	bench_detach_call(let_go, iommufd);
	*iommufd = (struct bench_iommufd){};
	bench_claim_drop(&bd->iommufd_claim);
}
#else
static int give_device(struct bench_file *bf, struct iommubench_iommufd_bind *b,
		       struct bench_message *msg)
{
	return bench_refuse(msg, -EOPNOTSUPP, "this kernel has no fault queues for user space: they come with 6.11 and CONFIG_IOMMUFD");
}

static int attach_device(struct bench_file *bf, u32 hwpt_id, struct bench_message *msg)
{
	return -EINVAL;
}

void bench_iommufd_unbind(struct bench_device *bd)
{
}
#endif

/**
 * bench_iommufd_bind() - IOMMUBENCH_IOC_IOMMUFD_BIND
 * @call: the command
 *
 * Context: process, with the device's lock held; sleeps.
 * Return: 0 or a negative errno.
 */
int bench_iommufd_bind(struct bench_call *call)
{
	return give_device(call->bf, &call->arg.iommufd_bind, &call->msg);
}

/**
 * bench_iommufd_bind_undo() - take bench_iommufd_bind() back
 * @call: the command
 *
 * Context: process, with the device's lock held; sleeps.
 */
void bench_iommufd_bind_undo(struct bench_call *call)
{
	bench_iommufd_unbind(call->bf->bd);
}

/**
 * bench_iommufd_attach() - IOMMUBENCH_IOC_IOMMUFD_ATTACH
 * @call: the command
 *
 * Context: process, with the device's lock held; sleeps.
 * Return: 0 or a negative errno.
 */
int bench_iommufd_attach(struct bench_call *call)
{
	const struct iommubench_iommufd_attach *a = &call->arg.iommufd_attach;

	return a->reserved ? -EINVAL : attach_device(call->bf, a->hwpt_id, &call->msg);
}

/**
 * bench_iommufd_give_back() - IOMMUBENCH_IOC_IOMMUFD_UNBIND
 * @call: the command
 *
 * Context: process, with the device's lock held; sleeps.
 * Return: 0, or -EINVAL when the file has no iommufd bound.
 */
int bench_iommufd_give_back(struct bench_call *call)
{
	struct bench_device *bd = call->bf->bd;

	if (!bd->iommufd.idev || bd->iommufd.owner != call->bf)
		return -EINVAL;
	bench_run_evict(bd, IOMMUBENCH_END_STOPPED);
	bench_iommufd_unbind(bd);
	return 0;
}
