/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ABI: the map/unmap workload. Included by iommubench.h.
 */
#ifndef _UAPI_IOMMUBENCH_MAP_UNMAP_H
#define _UAPI_IOMMUBENCH_MAP_UNMAP_H

#include <linux/types.h>

/**
 * enum iommubench_api - which kernel interface maps
 * @IOMMUBENCH_API_DMA_SINGLE: dma_map_single(), in the device's default domain
 * @IOMMUBENCH_API_DMA_SG: dma_map_sgtable(), in the device's default domain
 * @IOMMUBENCH_API_IOMMU: iommu_map() and iommu_unmap() in an own domain that is
 *	attached to the device for the run
 * @IOMMUBENCH_API_IOMMU_FAST: iommu_map() in such a domain; iommu_unmap_fast() gathers a batch
 *	of unmaps and one iommu_iotlb_sync() invalidates for all of them
 */
enum iommubench_api {
	IOMMUBENCH_API_DMA_SINGLE = 1,
	IOMMUBENCH_API_DMA_SG,
	IOMMUBENCH_API_IOMMU,
	IOMMUBENCH_API_IOMMU_FAST,
};

/**
 * enum iommubench_buffer - what physical memory is mapped
 * @IOMMUBENCH_BUFFER_AUTO: contiguous where the API and the kernel allow it,
 *	otherwise in the largest equal pieces that can be had
 * @IOMMUBENCH_BUFFER_CONTIG: one physically contiguous piece
 * @IOMMUBENCH_BUFFER_SCATTERED: pieces allocated one by one
 */
enum iommubench_buffer {
	IOMMUBENCH_BUFFER_AUTO = 0,
	IOMMUBENCH_BUFFER_CONTIG,
	IOMMUBENCH_BUFFER_SCATTERED,
};

/**
 * enum iommubench_direction - direction of the mapped buffers' data
 * @IOMMUBENCH_DIR_BIDIRECTIONAL: device reads and writes
 * @IOMMUBENCH_DIR_TO_DEVICE: device reads
 * @IOMMUBENCH_DIR_FROM_DEVICE: device writes
 */
enum iommubench_direction {
	IOMMUBENCH_DIR_BIDIRECTIONAL = 0,
	IOMMUBENCH_DIR_TO_DEVICE,
	IOMMUBENCH_DIR_FROM_DEVICE,
};

/**
 * enum iommubench_iova_pattern - where mappings go, with an own domain
 * @IOMMUBENCH_IOVA_REUSE: the same few addresses again and again
 * @IOMMUBENCH_IOVA_FRESH: the next free address, from the start when the span is
 *	used up
 * @IOMMUBENCH_IOVA_RANDOM: random addresses, none twice before all were used
 * @IOMMUBENCH_IOVA_STRIDE: a fixed distance after the last
 */
enum iommubench_iova_pattern {
	IOMMUBENCH_IOVA_REUSE = 0,
	IOMMUBENCH_IOVA_FRESH,
	IOMMUBENCH_IOVA_RANDOM,
	IOMMUBENCH_IOVA_STRIDE,
};

/**
 * enum iommubench_sync - what a DMA API does to caches, for a device that does not snoop
 * @IOMMUBENCH_SYNC_YES: map cleans the buffer's lines, unmap invalidates them
 * @IOMMUBENCH_SYNC_NO: neither (DMA_ATTR_SKIP_CPU_SYNC): a driver does it when it has to. The IOMMU
 *	API never does it, and takes no such choice
 */
enum iommubench_sync {
	IOMMUBENCH_SYNC_YES = 0,
	IOMMUBENCH_SYNC_NO,
};

/**
 * struct iommubench_map_unmap - parameters of the map/unmap workload
 * @size: in: sizeof(struct iommubench_map_unmap)
 * @api: in: enum iommubench_api
 * @mapping_bytes: in: size of a mapping, a multiple of the page size, at most
 *	IOMMUBENCH_MAX_MAPPING_BYTES
 * @buffer: in: enum iommubench_buffer
 * @direction: in: enum iommubench_direction
 * @iova_pattern: in: enum iommubench_iova_pattern; with a DMA API the kernel's
 *	allocator chooses, and only REUSE is accepted
 * @window: in: mappings that one thread keeps alive at once, 0 for one batch;
 *	rounded up to whole batches
 * @stride_bytes: in: distance for IOMMUBENCH_IOVA_STRIDE, at least the mapping; out: as used,
 *	rounded up to how mappings of that size are aligned
 * @iova_span_bytes: in: how much IOVA space FRESH, RANDOM and STRIDE move in, over
 *	all threads; 0 for the module's choice; out: as used, whole places for each thread
 * @prefill: in: mappings over all threads that exist before the first operation and until after the
 *	last one; at most IOMMUBENCH_MAX_PREFILL in one thread; out: as used, the same number in
 *	each thread
 * @hold_ns: in: least nanoseconds from the end of a map to the start of its unmap
 * @sg_entries: in: pieces of a scattered buffer, 0 for pieces of a page
 * @sync: in: enum iommubench_sync
 * @piece_bytes: out: size of the physically contiguous pieces used
 * @batch: out: operations in one timed sample, 0 when that is chosen at START
 * @window_out: out: @window as used, 0 when that is chosen at START
 */
struct iommubench_map_unmap {
	__u32 size;
	__u32 api;
	__u64 mapping_bytes;
	__u32 buffer;
	__u32 direction;
	__u32 iova_pattern;
	__u32 window;
	__u64 stride_bytes;
	__u64 iova_span_bytes;
	__u64 prefill;
	__u64 hold_ns;
	__u32 sg_entries;
	__u32 sync;
	__u64 piece_bytes;
	__u32 batch;
	__u32 window_out;
};

/*
 * The map/unmap workload's histograms. With a rate, MAP and UNMAP count from the
 * moment that the operation was due, and the *_SERVICE ones from its real start.
 */
enum iommubench_map_unmap_phase {
	IOMMUBENCH_PHASE_MAP = 0,
	IOMMUBENCH_PHASE_UNMAP,
	IOMMUBENCH_PHASE_MAP_SERVICE,
	IOMMUBENCH_PHASE_UNMAP_SERVICE,
	IOMMUBENCH_MAP_UNMAP_PHASES,
};

#endif /* _UAPI_IOMMUBENCH_MAP_UNMAP_H */
