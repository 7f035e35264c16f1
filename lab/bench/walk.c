// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long the DMA test engine waits for translations, by its own clock: `walk GROUP DEVICE`.
 *
 * Runs in the lab's guest on a device that a VFIO driver holds, so that neither our module nor
 * the kernel's DMA API has a part in it. A page is mapped, read twice and unmapped, several
 * times: the first read finds nothing in the IOMMU's TLB, the second one does. Prints a line
 * "COLD WARM" each time: from issued to done, in the engine's nanoseconds.
 */
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iommubench/dmatest-regs.h>

#define ROUNDS		8
#define RING_LOG2	2
#define IOVA		0x40000000ULL
#define PATTERN		0x646e756f72476f54ULL

static void *regs;
static __u32 tail;

static void die(const char *what)
{
	perror(what);
	exit(3);
}

/* One access each, in whole words; the compiler adds and leaves out none. */
static __u32 read32(unsigned int offset)
{
	return __atomic_load_n((__u32 *)(regs + offset), __ATOMIC_RELAXED);
}

static void write32(unsigned int offset, __u32 value)
{
	__atomic_store_n((__u32 *)(regs + offset), value, __ATOMIC_RELAXED);
}

static int open_device(const char *group_number, const char *name, int *container)
{
	char path[64];
	int group, device;

	*container = open("/dev/vfio/vfio", O_RDWR);
	snprintf(path, sizeof(path), "/dev/vfio/%s", group_number);
	group = open(path, O_RDWR);
	if (*container < 0 || group < 0)
		die(path);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, container) ||
	    ioctl(*container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("VFIO container");
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, name);
	if (device < 0)
		die(name);
	return device;
}

static void start_engine(int device)
{
	struct vfio_region_info region = { .argsz = sizeof(region) };

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region))
		die("VFIO region");
	regs = mmap(NULL, DMATEST_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, device,
		    region.offset);
	if (regs == MAP_FAILED)
		die("registers");
	if (read32(DMATEST_ID) != DMATEST_ID_VALUE) {
		fprintf(stderr, "walk: this is no DMA test engine\n");
		exit(3);
	}
	write32(DMATEST_CONTROL, DMATEST_CONTROL_RESET);
	write32(DMATEST_RING_LOG2, RING_LOG2);
	write32(DMATEST_CONTROL, DMATEST_CONTROL_ENABLE | DMATEST_CONTROL_RING_LOCAL);
}

static void map_page(int container, void *page, size_t bytes)
{
	struct vfio_iommu_type1_dma_map dma = {
		.argsz = sizeof(dma),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)page,
		.iova = IOVA,
		.size = bytes,
	};

	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &dma))
		die("VFIO map");
}

static void unmap_page(int container, size_t bytes)
{
	struct vfio_iommu_type1_dma_unmap dma = {
		.argsz = sizeof(dma),
		.iova = IOVA,
		.size = bytes,
	};

	if (ioctl(container, VFIO_IOMMU_UNMAP_DMA, &dma))
		die("VFIO unmap");
}

static __u64 read_probe(void)
{
	const unsigned int slot = tail & ((1u << RING_LOG2) - 1);
	__u64 *words = regs + DMATEST_LOCAL + slot * DMATEST_SLOT_BYTES;
	struct dmatest_slot s = {
		.desc.op = DMATEST_OP_READ_PROBE,
		.desc.flags = DMATEST_F_NO_STALL,
		.desc.bytes = sizeof(__u64),
		.desc.src = IOVA,
	};
	__u64 copy[DMATEST_SLOT_BYTES / sizeof(__u64)];
	unsigned int i;

	memcpy(copy, &s, sizeof(copy));
	for (i = 0; i < DMATEST_SLOT_BYTES / sizeof(__u64); i++)
		__atomic_store_n(&words[i], copy[i], __ATOMIC_RELAXED);
	/* The descriptor is there before the doorbell rings. */
	__sync_synchronize();
	write32(DMATEST_TAIL, ++tail);
	while (read32(DMATEST_DONE) != tail)
		;
	__sync_synchronize();
	for (i = 0; i < DMATEST_SLOT_BYTES / sizeof(__u64); i++)
		copy[i] = __atomic_load_n(&words[i], __ATOMIC_RELAXED);
	memcpy(&s, copy, sizeof(s));
	if (s.done.status != DMATEST_OK || s.done.value != PATTERN) {
		fprintf(stderr, "walk: read: status %u fault %u value 0x%llx\n", s.done.status,
			s.done.fault, (unsigned long long)s.done.value);
		exit(1);
	}
	return s.done.done_ns - s.done.issued_ns;
}

int main(int argc, char **argv)
{
	const size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
	int container;
	__u64 *page;
	unsigned int i;

	if (argc != 3) {
		fprintf(stderr, "Usage: walk GROUP DEVICE\n");
		return 2;
	}
	start_engine(open_device(argv[1], argv[2], &container));
	page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		die("page");
	*page = PATTERN;
	for (i = 0; i < ROUNDS; i++) {
		unsigned long long cold, warm;

		map_page(container, page, bytes);
		cold = read_probe();
		warm = read_probe();
		unmap_page(container, bytes);
		printf("%llu %llu\n", cold, warm);
	}
	return 0;
}
