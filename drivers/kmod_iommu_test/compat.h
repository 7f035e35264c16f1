/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that differs between the kernels that this module supports (6.1 and later).
 */
#ifndef IOMMUBENCH_COMPAT_H
#define IOMMUBENCH_COMPAT_H

#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pci.h>
#include <linux/pci-ats.h>
#include <linux/property.h>
#include <linux/tracepoint.h>
#include <linux/version.h>
#include <trace/events/iommu.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif

/* The largest order that the page allocator gives. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define BENCH_MAX_ORDER		MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define BENCH_MAX_ORDER		MAX_ORDER
#else
#define BENCH_MAX_ORDER		(MAX_ORDER - 1)
#endif

/*
 * Page tables that cannot be had fail the map: nobody is killed for them. Before 6.3, there is no
 * choice.
 */
#define BENCH_MAP_GFP		(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

static inline int bench_iommu_map(struct iommu_domain *domain, unsigned long iova,
				  phys_addr_t phys, size_t bytes, int prot)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	return iommu_map(domain, iova, phys, bytes, prot, BENCH_MAP_GFP);
#else
	return iommu_map(domain, iova, phys, bytes, prot);
#endif
}

static inline ssize_t bench_iommu_map_sg(struct iommu_domain *domain, unsigned long iova,
					 struct scatterlist *sgl, unsigned int nents, int prot)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	return iommu_map_sg(domain, iova, sgl, nents, prot, BENCH_MAP_GFP);
#else
	return iommu_map_sg(domain, iova, sgl, nents, prot);
#endif
}

/* Return: a domain without mappings, or an ERR_PTR(). */
static inline struct iommu_domain *bench_domain_alloc(struct device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	return iommu_paging_domain_alloc(dev);
#else
	struct iommu_domain *domain = iommu_domain_alloc(dev->bus);

	return domain ? domain : ERR_PTR(-ENOMEM);
#endif
}

/* Each device that gets to a domain is told of by a trace event. */
#if IS_ENABLED(CONFIG_IOMMU_API) && IS_ENABLED(CONFIG_TRACEPOINTS)
#define BENCH_ATTACH_TRACED	true

static inline int bench_trace_attach(void (*probe)(void *data, struct device *dev))
{
	return register_trace_attach_device_to_domain(probe, NULL);
}

static inline void bench_untrace_attach(void (*probe)(void *data, struct device *dev))
{
	unregister_trace_attach_device_to_domain(probe, NULL);
	tracepoint_synchronize_unregister();
}
#else
#define BENCH_ATTACH_TRACED	false

static inline int bench_trace_attach(void (*probe)(void *data, struct device *dev))
{
	return 0;
}

static inline void bench_untrace_attach(void (*probe)(void *data, struct device *dev))
{
}
#endif

/*
 * Until 6.15 what a device is to do had to be switched on by name. Later, I/O page
 * faults come with the domain that wants them, so that only the bind can fail.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
static inline int bench_enable_iopf(struct device *dev)
{
	return 0;
}

static inline void bench_disable_iopf(struct device *dev)
{
}

static inline int bench_enable_sva(struct device *dev)
{
	return 0;
}

static inline void bench_disable_sva(struct device *dev)
{
}
#else
static inline int bench_enable_iopf(struct device *dev)
{
	return iommu_dev_enable_feature(dev, IOMMU_DEV_FEAT_IOPF);
}

static inline void bench_disable_iopf(struct device *dev)
{
	iommu_dev_disable_feature(dev, IOMMU_DEV_FEAT_IOPF);
}

static inline int bench_enable_sva(struct device *dev)
{
	return iommu_dev_enable_feature(dev, IOMMU_DEV_FEAT_SVA);
}

static inline void bench_disable_sva(struct device *dev)
{
	iommu_dev_disable_feature(dev, IOMMU_DEV_FEAT_SVA);
}
#endif

/*
 * Return: whether a device's faults are taken in; where that comes with the domain, only
 * while one is there that wants them.
 */
static inline bool bench_faults_taken(struct device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0) && IS_ENABLED(CONFIG_IOMMU_API)
	return dev->iommu && rcu_access_pointer(dev->iommu->fault_param);
#else
	return true;
#endif
}

/* Return: the hardware that translates for a device, or NULL. */
static inline struct device *bench_iommu_of(struct device *dev)
{
#if IS_ENABLED(CONFIG_IOMMU_API)
	if (dev->iommu && dev->iommu->iommu_dev && dev->iommu->iommu_dev->dev)
		return dev->iommu->iommu_dev->dev->parent;
#endif
	return NULL;
}

/*
 * Waits for the work that handles faults which drivers of IOMMUs have reported. Until 6.8 only they
 * were told that the function is there, though it is for all. Since 6.9 it is built by itself.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
static inline void bench_flush_faults(struct device *dev)
{
#if IS_ENABLED(CONFIG_IOMMU_IOPF)
	if (dev->iommu && rcu_access_pointer(dev->iommu->fault_param))
		iopf_queue_flush_dev(dev);
#endif
}
#else
#if IS_ENABLED(CONFIG_IOMMU_SVA)
int iopf_queue_flush_dev(struct device *dev);
#endif

static inline void bench_flush_faults(struct device *dev)
{
#if IS_ENABLED(CONFIG_IOMMU_SVA)
	iopf_queue_flush_dev(dev);
#endif
}
#endif

/* Return: a handle or an ERR_PTR(). */
static inline struct iommu_sva *bench_iommu_sva_bind(struct device *dev, struct mm_struct *mm)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return iommu_sva_bind_device(dev, mm);
#else
	return iommu_sva_bind_device(dev, mm, NULL);
#endif
}

/*
 * I/O page faults since 6.9: a group of them is a work item that memory management
 * does, then it is answered. Before, groups were the kernel's own secret.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0) && IS_ENABLED(CONFIG_IOMMU_API)
#define BENCH_SYMBOL_FAULT_WORK		"iommu_sva_handle_iopf"
#define BENCH_SYMBOL_FAULT_RESPONSE	"iopf_group_response"

static inline const struct iommu_fault *bench_fault_of_group(const struct iopf_group *group)
{
	return &group->last_fault.fault;
}

static inline const struct device *bench_device_of_group(const struct iopf_group *group)
{
	return group->fault_param->dev;
}

static inline const void *bench_group_of_work(struct work_struct *work)
{
	return container_of(work, struct iopf_group, work);
}
#else
#define BENCH_SYMBOL_FAULT_WORK		NULL
#define BENCH_SYMBOL_FAULT_RESPONSE	NULL

static inline const struct iommu_fault *bench_fault_of_group(const void *group)
{
	return NULL;
}

static inline const struct device *bench_device_of_group(const void *group)
{
	return NULL;
}

static inline const void *bench_group_of_work(struct work_struct *work)
{
	return NULL;
}
#endif

/* User space can be asked to answer faults, and drivers can give it devices for that. */
#define BENCH_HAS_IOMMUFD	\
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0) && IS_ENABLED(CONFIG_IOMMUFD))

#if BENCH_HAS_IOMMUFD
#include <linux/iommufd.h>
#include <linux/stringify.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define BENCH_IMPORT_NS(ns)	MODULE_IMPORT_NS(__stringify(ns))
#else
#define BENCH_IMPORT_NS(ns)	MODULE_IMPORT_NS(ns)
#endif

static inline int bench_iommufd_device_attach(struct iommufd_device *idev, u32 *pt_id)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	return iommufd_device_attach(idev, IOMMU_NO_PASID, pt_id);
#else
	return iommufd_device_attach(idev, pt_id);
#endif
}

static inline void bench_iommufd_device_detach(struct iommufd_device *idev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	iommufd_device_detach(idev, IOMMU_NO_PASID);
#else
	iommufd_device_detach(idev);
#endif
}
#endif

/* Domains can be attached to PASIDs, and PASIDs be had for that. */
#define BENCH_HAS_DOMAIN_PASID	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0))

/*
 * Before 6.2, only the driver of the IOMMU knows how many of the device's PASIDs it has room for:
 * it may be fewer than the device says.
 *
 * Return: PASIDs that a device can use are below this; 0 when it has none.
 */
static inline u32 bench_device_pasids(struct device *dev)
{
#if !IS_ENABLED(CONFIG_IOMMU_API)
	return 0;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return dev->iommu ? dev->iommu->max_pasids : 0;
#else
	u32 bits;

	if (!device_iommu_mapped(dev))
		return 0;
	if (dev_is_pci(dev))
		return max(pci_max_pasids(to_pci_dev(dev)), 0);
	if (device_property_read_u32(dev, "pasid-num-bits", &bits))
		return 0;
	return bits ? 1U << min(bits, 20U) : 0;
#endif
}

static inline int bench_domain_attach_pasid(struct iommu_domain *domain, struct device *dev,
					    u32 pasid)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	return iommu_attach_device_pasid(domain, dev, pasid, NULL);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return iommu_attach_device_pasid(domain, dev, pasid);
#else
	return -EOPNOTSUPP;
#endif
}

static inline void bench_domain_detach_pasid(struct iommu_domain *domain, struct device *dev,
					     u32 pasid)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	iommu_detach_device_pasid(domain, dev, pasid);
#endif
}

/* Return: a PASID that nobody else uses on the device, or 0. */
static inline u32 bench_pasid_alloc(struct device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	ioasid_t pasid = iommu_alloc_global_pasid(dev);

	return pasid == IOMMU_PASID_INVALID ? 0 : pasid;
#else
	return 0;
#endif
}

static inline void bench_pasid_free(u32 pasid)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	iommu_free_global_pasid(pasid);
#endif
}

/* Drivers that keep page tables in a gather free them when it is synced. */
static inline bool bench_gather_has_pages(struct iommu_iotlb_gather *gather)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
	return !list_empty(&gather->freelist.pages);
#else
	return !list_empty(&gather->freelist);
#endif
}

static inline bool bench_pci_ats_enabled(const struct pci_dev *pdev)
{
#ifdef CONFIG_PCI_ATS
	return pdev->ats_enabled;
#else
	return false;
#endif
}

/* The 8 bytes that user space put into the command area of a submission. */
static inline u64 bench_uring_arg(struct io_uring_cmd *cmd)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	const u64 *arg = (const u64 *)cmd->sqe->cmd;
#else
	const u64 *arg = cmd->cmd;
#endif
	return READ_ONCE(*arg);
}

/* mprotect() must not turn a mapping of counters into a writable one. */
static inline void bench_vma_read_only(struct vm_area_struct *vma)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_clear(vma, VM_MAYWRITE);
#else
	vma->vm_flags &= ~VM_MAYWRITE;
#endif
}

/* A platform driver's remove returns nothing since 6.11. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define BENCH_PLATFORM_REMOVE(fn)
#define BENCH_PLATFORM_REMOVE_OP(fn)	.remove = fn
#else
#define BENCH_PLATFORM_REMOVE(fn)				\
	static int fn##_compat(struct platform_device *pdev)	\
	{							\
		fn(pdev);					\
		return 0;					\
	}
#define BENCH_PLATFORM_REMOVE_OP(fn)	.remove = fn##_compat
#endif

#endif /* IOMMUBENCH_COMPAT_H */
