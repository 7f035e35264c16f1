// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared virtual addressing: switching it on for a device, with a line that says
 * which of kernel, device and IOMMU lacks it, and binding address spaces.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/pid.h>
#include <linux/property.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

#include "compat.h"
#include "iommu/sva.h"
#include "message.h"

/**
 * bench_sva_init() - nothing is switched on
 * @sva: the device's state, all zeroes
 * @dev: the device
 */
void bench_sva_init(struct bench_sva *sva, struct device *dev)
{
	sva->dev = dev;
	mutex_init(&sva->lock);
}

static bool device_has_pasids(struct device *dev)
{
	u32 bits;

	if (dev_is_pci(dev))
		return pci_find_ext_capability(to_pci_dev(dev), PCI_EXT_CAP_ID_PASID);
	return !device_property_read_u32(dev, "pasid-num-bits", &bits) && bits;
}

/* What firmware or hardware would have to offer, so that a fault can wait for its answer. */
static bool device_can_wait(struct device *dev)
{
	if (dev_is_pci(dev))
		return pci_find_ext_capability(to_pci_dev(dev), PCI_EXT_CAP_ID_PRI);
	return device_property_read_bool(dev, "dma-can-stall");
}

static int refuse_pasids(struct device *dev, struct bench_message *msg)
{
	if (dev_is_pci(dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "device %s has no PASIDs: it lacks the PCI capability PASID",
				    dev_name(dev));
	return bench_refuse(msg, -EOPNOTSUPP,
			    "device %s has no PASIDs: its firmware node lacks the property pasid-num-bits",
			    dev_name(dev));
}

static int refuse_faults(struct device *dev, int err, struct bench_message *msg)
{
	if (!device_can_wait(dev) && dev_is_pci(dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "device %s cannot wait for a page: it lacks the PCI capability PRI",
				    dev_name(dev));
	if (!device_can_wait(dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "device %s cannot wait for a page: its firmware node lacks the property dma-can-stall",
				    dev_name(dev));
	if (dev_is_pci(dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "the IOMMU's driver does not answer page requests of device %s (error %d): mainline arm-smmu-v3 denies them all, or the IOMMU has no PRI queue",
				    dev_name(dev), err);
	return bench_refuse(msg, -EOPNOTSUPP,
			    "the IOMMU of device %s cannot stall faulting accesses (error %d): an SMMUv3 says so in IDR0.STALL_MODEL",
			    dev_name(dev), err);
}

/* Takes all that it did back when it fails. */
static int sva_switch_on(struct bench_sva *sva, bool faults, struct bench_message *msg)
{
	struct device *dev = sva->dev;
	int err;

	if (!IS_ENABLED(CONFIG_IOMMU_SVA))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "this kernel shares no address spaces with devices: it was built without CONFIG_IOMMU_SVA, which comes with CONFIG_ARM_SMMU_V3_SVA=y");
	if (!device_iommu_mapped(dev))
		return bench_refuse(msg, -EOPNOTSUPP, "no IOMMU translates device %s",
				    dev_name(dev));
	if (!device_has_pasids(dev))
		return refuse_pasids(dev, msg);
	err = bench_enable_iopf(dev);
	if (err && faults)
		return refuse_faults(dev, err, msg);
	sva->faults = !err;
	err = bench_enable_sva(dev);
	if (!err)
		return 0;
	if (sva->faults)
		bench_disable_iopf(dev);
	return bench_refuse(msg, -EOPNOTSUPP,
			    "the IOMMU of device %s shares no address spaces (error %d): it lacks substreams, the CPUs' page or address size, or coherent table walks",
			    dev_name(dev), err);
}

/**
 * bench_sva_enable() - let a device work in the address spaces of processes
 * @sva: the device's state
 * @faults: refuse when the kernel does not answer faults of the device, as far as it says so
 *	before an address space is bound
 * @msg: receives one line when it is refused
 *
 * Calls may be nested, each is undone by bench_sva_disable().
 *
 * Context: process, may sleep.
 * Return: 0, or -EOPNOTSUPP with a line that says which of kernel, device and IOMMU lacks
 * what.
 */
int bench_sva_enable(struct bench_sva *sva, bool faults, struct bench_message *msg)
{
	int err = 0;

	mutex_lock(&sva->lock);
	if (!sva->users)
		err = sva_switch_on(sva, faults, msg);
	else if (faults && !sva->faults)
		err = refuse_faults(sva->dev, -EINVAL, msg);
	if (!err)
		sva->users++;
	mutex_unlock(&sva->lock);
	return err;
}

/**
 * bench_sva_disable() - undo one bench_sva_enable()
 * @sva: the device's state; nothing is bound any more when the last one is undone
 *
 * Context: process, may sleep.
 */
void bench_sva_disable(struct bench_sva *sva)
{
	mutex_lock(&sva->lock);
	if (!--sva->users) {
		bench_disable_sva(sva->dev);
		if (sva->faults)
			bench_disable_iopf(sva->dev);
	}
	mutex_unlock(&sva->lock);
}

/**
 * bench_sva_bind() - give a device an address space
 * @sva: the device's state, switched on
 * @mm: the address space; the caller holds a reference to its users
 *
 * Context: process, may sleep.
 * Return: a handle, or an ERR_PTR().
 */
struct iommu_sva *bench_sva_bind(struct bench_sva *sva, struct mm_struct *mm)
{
	struct iommu_sva *handle = bench_iommu_sva_bind(sva->dev, mm);

	/*
	 * Kernels from 6.9 on hand out the one handle of device and address space before they put
	 * the device into it. An unbind that comes in between brings the kernel down.
	 */
	while (!IS_ERR(handle) && !READ_ONCE(handle->dev))
		cond_resched();
	return handle;
}

/**
 * bench_sva_unbind() - take an address space away again
 * @handle: from bench_sva_bind(); the device makes no access with its PASID any more
 *
 * Context: process, may sleep: waits for the answers to faults under way.
 */
void bench_sva_unbind(struct iommu_sva *handle)
{
	iommu_sva_unbind_device(handle);
}

/**
 * bench_sva_pasid() - what the device knows an address space by
 * @handle: from bench_sva_bind()
 */
u32 bench_sva_pasid(struct iommu_sva *handle)
{
	return iommu_sva_get_pasid(handle);
}

/**
 * bench_sva_answers() - whether the kernel answers faults of the device's accesses
 * @sva: the device's state, with an address space bound: since 6.16 that is what decides it
 */
bool bench_sva_answers(const struct bench_sva *sva)
{
	return sva->faults && bench_faults_taken(sva->dev);
}

/**
 * bench_sva_need_answers() - refuse a device whose faults the kernel does not answer
 * @sva: the device's state, with an address space bound
 * @msg: receives one line when it is refused
 *
 * Return: 0, or -EOPNOTSUPP with a line that says which of device and IOMMU lacks what.
 */
int bench_sva_need_answers(const struct bench_sva *sva, struct bench_message *msg)
{
	return bench_sva_answers(sva) ? 0 : refuse_faults(sva->dev, -EOPNOTSUPP, msg);
}

/**
 * bench_sva_mm() - the address space of a process
 * @pid: its number as the caller sees it, 0 for the caller itself
 *
 * Return: with a reference to its users, to be given back by mmput(); ERR_PTR(-ESRCH) when
 * there is no such process or it has ended.
 */
struct mm_struct *bench_sva_mm(pid_t pid)
{
	struct task_struct *task;
	struct mm_struct *mm;
	struct pid *ref;

	if (!pid)
		return get_task_mm(current) ?: ERR_PTR(-ESRCH);
	ref = find_get_pid(pid);
	task = get_pid_task(ref, PIDTYPE_PID);
	put_pid(ref);
	if (!task)
		return ERR_PTR(-ESRCH);
	mm = get_task_mm(task);
	put_task_struct(task);
	return mm ?: ERR_PTR(-ESRCH);
}
