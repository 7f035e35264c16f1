/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI: user space takes the device's DMA over, by iommufd. For devices bound to the driver
 * kmod_iommu_test_iommufd, see IOMMUBENCH_FEATURE_IOMMUFD. One file of a device has it at a time;
 * closing that file and unbinding the device give it back. Included by iommubench.h.
 */
#ifndef _UAPI_IOMMUBENCH_IOMMUFD_H
#define _UAPI_IOMMUBENCH_IOMMUFD_H

#include <linux/types.h>

/**
 * struct iommubench_iommufd_bind - bind the device to an iommufd
 * @size: in: sizeof(struct iommubench_iommufd_bind)
 * @iommufd: in: an open /dev/iommu
 * @message: in: user address where a refusal is explained
 * @message_bytes: in: room at @message
 * @dev_id: out: ID by which the iommufd knows the device
 *
 * All DMA of the device is blocked until it is attached.
 */
struct iommubench_iommufd_bind {
	__u32 size;
	__s32 iommufd;
	__u64 message;
	__u32 message_bytes;
	__u32 dev_id;
};

/**
 * struct iommubench_iommufd_attach - attach the device to a domain of its iommufd
 * @size: in: sizeof(struct iommubench_iommufd_attach)
 * @hwpt_id: in: the iommufd's ID of the domain, which has a fault queue
 * @message: in: user address where a refusal is explained
 * @message_bytes: in: room at @message
 * @reserved: zero
 */
struct iommubench_iommufd_attach {
	__u32 size;
	__u32 hwpt_id;
	__u64 message;
	__u32 message_bytes;
	__u32 reserved;
};

#endif /* _UAPI_IOMMUBENCH_IOMMUFD_H */
