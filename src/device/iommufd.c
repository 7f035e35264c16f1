// SPDX-License-Identifier: GPL-2.0-only
#include "device/iommufd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/ioctl.h>

#include "base/xalloc.h"

#define DEVICE_FILE	"/dev/iommu"

#define IOAS_ALLOC	_IO(';', 0x81)
#define IOAS_RANGES	_IO(';', 0x84)
#define IOAS_MAP	_IO(';', 0x85)
#define IOAS_UNMAP	_IO(';', 0x86)
#define HWPT_ALLOC	_IO(';', 0x89)
#define QUEUE_ALLOC	_IO(';', 0x8e)

#define MAP_FIXED_IOVA	0x1U
#define MAP_WRITEABLE	0x2U
#define MAP_READABLE	0x4U
#define HWPT_FAULTS	0x4U

struct ioas_alloc {
	uint32_t size;
	uint32_t flags;
	uint32_t id;
};

struct iova_range {
	uint64_t first;
	uint64_t last;
};

struct ioas_ranges {
	uint32_t size;
	uint32_t ioas;
	uint32_t nr;
	uint32_t reserved;
	uint64_t ranges;
	uint64_t alignment;
};

struct ioas_map {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
	uint32_t reserved;
	uint64_t at;
	uint64_t bytes;
	uint64_t iova;
};

struct ioas_unmap {
	uint32_t size;
	uint32_t ioas;
	uint64_t iova;
	uint64_t bytes;
};

struct hwpt_alloc {
	uint32_t size;
	uint32_t flags;
	uint32_t dev_id;
	uint32_t ioas;
	uint32_t id;
	uint32_t reserved;
	uint32_t data_type;
	uint32_t data_bytes;
	uint64_t data;
	uint32_t queue;
	uint32_t reserved2;
};

struct queue_alloc {
	uint32_t size;
	uint32_t flags;
	uint32_t id;
	uint32_t fd;
};

static int open_device(struct iommufd *i, struct error *e)
{
	i->fd = open(DEVICE_FILE, O_RDWR | O_CLOEXEC);
	if (i->fd >= 0)
		return 0;
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		return error_set(e, "there is no " DEVICE_FILE ": this kernel was built without CONFIG_IOMMUFD, or its module iommufd is not loaded");
	return error_set(e, "cannot open " DEVICE_FILE ": %s; run as root", strerror(errno));
}

int iommufd_open(struct iommufd *i, struct error *e)
{
	struct ioas_alloc ioas = { .size = sizeof(ioas) };
	struct queue_alloc queue = { .size = sizeof(queue) };

	i->faults = -1;
	if (open_device(i, e))
		return -1;
	if (ioctl(i->fd, QUEUE_ALLOC, &queue)) {
		if (errno == ENOTTY || errno == EOPNOTSUPP)
			return error_set(e, "this kernel's iommufd has no fault queues: they come with 6.11");
		return error_set(e, "the iommufd gives no fault queue: %s", strerror(errno));
	}
	i->faults = (int)queue.fd;
	i->queue = queue.id;
	if (ioctl(i->fd, IOAS_ALLOC, &ioas))
		return error_set(e, "the iommufd gives no address space: %s", strerror(errno));
	i->ioas = ioas.id;
	return 0;
}

int iommufd_alloc_domain(struct iommufd *i, uint32_t dev_id, uint32_t *id, struct error *e)
{
	struct hwpt_alloc hwpt = {
		.size = sizeof(hwpt),
		.flags = HWPT_FAULTS,
		.dev_id = dev_id,
		.ioas = i->ioas,
		.queue = i->queue,
	};

	if (ioctl(i->fd, HWPT_ALLOC, &hwpt)) {
		if (errno == EOPNOTSUPP || errno == EINVAL)
			return error_set(e, "this kernel lets no plain domain of this IOMMU have a fault queue: before 6.13 only nested domains may, in the lab the kernel variant pri");
		return error_set(e, "the iommufd gives no domain: %s", strerror(errno));
	}
	*id = hwpt.id;
	return 0;
}

int iommufd_find_room(struct iommufd *i, uint64_t bytes, uint64_t align, uint64_t *iova)
{
	struct ioas_ranges r = { .size = sizeof(r), .ioas = i->ioas };
	struct iova_range *ranges;
	uint32_t n;
	int ret = -1;

	/* Without room for them it only says how many there are. */
	if (ioctl(i->fd, IOAS_RANGES, &r) && errno != EMSGSIZE)
		return -1;
	ranges = xcalloc(r.nr, sizeof(*ranges));
	r.ranges = (uintptr_t)ranges;
	if (!ioctl(i->fd, IOAS_RANGES, &r)) {
		for (n = 0; n < r.nr && ret; n++) {
			uint64_t first = ranges[n].first ? ranges[n].first : 1;

			first = (first + align - 1) & ~(align - 1);
			if (first < ranges[n].first || first > ranges[n].last ||
			    ranges[n].last - first < bytes - 1)
				continue;
			*iova = first;
			ret = 0;
		}
	}
	free(ranges);
	return ret;
}

int iommufd_map(struct iommufd *i, uint64_t iova, const void *at, uint64_t bytes, bool write)
{
	struct ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas = i->ioas,
		.iova = iova,
		.bytes = bytes,
	};
	struct ioas_map map = {
		.size = sizeof(map),
		.flags = MAP_FIXED_IOVA | MAP_READABLE | (write ? MAP_WRITEABLE : 0),
		.ioas = i->ioas,
		.at = (uintptr_t)at,
		.bytes = bytes,
		.iova = iova,
	};

	if (!ioctl(i->fd, IOAS_MAP, &map))
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (!write)
		return 0;
	/* What is there may be for reading only. */
	if (ioctl(i->fd, IOAS_UNMAP, &unmap) || ioctl(i->fd, IOAS_MAP, &map))
		return -errno;
	return 0;
}

void iommufd_close(struct iommufd *i)
{
	if (i->faults >= 0)
		close(i->faults);
	if (i->fd >= 0)
		close(i->fd);
	i->faults = -1;
	i->fd = -1;
}
