// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared virtual addressing: switching it on for a device, with a line that says
 * which of kernel, device and IOMMU lacks it, and binding address spaces.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pid.h>
#include <linux/property.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/uidgid.h>

#include "compat.h"
#include "iommu/sva.h"
#include "message.h"

/*
 * Kernels from 6.9 on hand out the one handle of device and address space before they put the
 * device into it, and an unbind that comes in between brings the kernel down. Nobody binds such a
 * device but this module, so one bind at a time keeps anybody from getting a handle too early. The
 * kernel does not bind two at a time either.
 */
static DEFINE_MUTEX(bind_lock);

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
	if (!err) {
		bench_drain_init(&sva->drain, dev);
		return 0;
	}
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
	struct iommu_sva *handle;

	mutex_lock(&bind_lock);
	handle = bench_iommu_sva_bind(sva->dev, mm);
	mutex_unlock(&bind_lock);
	return handle;
}

/**
 * bench_sva_settle() - wait until all faults of a device are answered
 * @sva: the device's state, switched on; the device makes no access any more with the PASIDs that
 *	are about to be taken away
 *
 * Not every kernel does so in an unbind, and to handle a fault takes what that frees.
 *
 * Context: process, may sleep.
 */
void bench_sva_settle(struct bench_sva *sva)
{
	if (sva->faults)
		bench_drain_faults(&sva->drain, sva->dev);
}

/**
 * bench_sva_unbind() - take an address space away again
 * @handle: from bench_sva_bind(); bench_sva_settle() was called since the device's last access with
 *	its PASID
 *
 * Context: process, may sleep.
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

/*
 * Forked by the caller, with all of the caller's identity. The lists of parents do not change under
 * RCU while one looks.
 */
static bool is_own_child(struct task_struct *task)
{
	const struct cred *own = current_cred(), *cred;
	bool child;

	rcu_read_lock();
	cred = __task_cred(task);
	child = same_thread_group(rcu_dereference(task->real_parent), current) &&
		uid_eq(own->uid, cred->uid) && uid_eq(own->uid, cred->euid) &&
		uid_eq(own->uid, cred->suid) && gid_eq(own->gid, cred->gid) &&
		gid_eq(own->gid, cred->egid) && gid_eq(own->gid, cred->sgid);
	rcu_read_unlock();
	return child;
}

/* May the caller trace both the process and whoever it was when its address space was made? */
static bool may_trace_any(struct task_struct *task, struct mm_struct *mm)
{
	bool may;

	rcu_read_lock();
	may = ns_capable(__task_cred(task)->user_ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	return may && ns_capable(mm->user_ns, CAP_SYS_PTRACE);
}

/*
 * What ptrace() asks for, and no less: the kernel does not let modules call its own check. So where
 * that would ask a security module, here it takes the capability or a child of one's own, which
 * is the most that Yama asks for by default.
 */
static bool may_access(struct task_struct *task, struct mm_struct *mm)
{
	if (mm == current->mm || same_thread_group(task, current))
		return true;
	if (is_own_child(task) && get_dumpable(mm) == SUID_DUMP_USER)
		return true;
	return may_trace_any(task, mm);
}

/* Identity and address space of a process change together, under its exec_update_lock. */
static struct mm_struct *accessible_mm(struct task_struct *task)
{
	struct rw_semaphore *lock = &task->signal->exec_update_lock;
	struct mm_struct *mm;

	if (down_read_killable(lock))
		return ERR_PTR(-EINTR);
	mm = get_task_mm(task) ?: ERR_PTR(-ESRCH);
	if (!IS_ERR(mm) && !may_access(task, mm)) {
		mmput(mm);
		mm = ERR_PTR(-EACCES);
	}
	up_read(lock);
	return mm;
}

/**
 * bench_sva_mm() - the address space of a process
 * @pid: its number as the caller sees it, 0 for the caller itself
 *
 * Context: process, may sleep; who calls must be allowed to trace the process.
 * Return: with a reference to its users, to be given back by mmput(); ERR_PTR(-ESRCH) when
 * there is no such process or it has ended, ERR_PTR(-EACCES) when the caller may not access its
 * memory, ERR_PTR(-EINTR) when the caller was killed.
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
	mm = accessible_mm(task);
	put_task_struct(task);
	return mm;
}
