// SPDX-License-Identifier: GPL-2.0-only
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat.h"
#include "memory/buffer.h"
#include "memory/memory.h"

/**
 * bench_buffer_contig_max() - the largest physically contiguous piece
 *
 * Return: bytes that the page allocator gives in one piece, when it has them.
 */
size_t bench_buffer_contig_max(void)
{
	return PAGE_SIZE << BENCH_MAX_ORDER;
}

/**
 * bench_table_alloc() - get a table of pieces of memory, which it is told later
 * @table: receives it; give it back with bench_table_free()
 * @memory: of the run that it belongs to
 * @n: number of pieces, at least one
 * @node: NUMA node of the thread that works with it
 *
 * The kernel's own sg_alloc_table() takes no node.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int bench_table_alloc(struct sg_table *table, struct bench_memory *memory, unsigned int n,
		      int node)
{
	table->sgl = bench_memory_zalloc(memory, node, n, sizeof(*table->sgl));
	if (!table->sgl)
		return -ENOMEM;
	sg_init_table(table->sgl, n);
	table->nents = n;
	table->orig_nents = n;
	return 0;
}

/**
 * bench_table_free() - give a table back, and not what it tells of
 * @table: as bench_table_alloc() left it, or all zeroes
 */
void bench_table_free(struct sg_table *table)
{
	kvfree(table->sgl);
}

/**
 * bench_buffer_alloc() - get zeroed memory in equal pieces
 * @buffer: receives the memory; give it back with bench_buffer_free()
 * @memory: of the run that it belongs to
 * @bytes: total size, a multiple of @piece_bytes
 * @piece_bytes: a multiple of the page size, at most bench_buffer_contig_max();
 *	pieces are aligned to their size rounded up to a power of two
 * @node: NUMA node of the thread that works with it
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or an error of bench_memory_wanted().
 */
int bench_buffer_alloc(struct bench_buffer *buffer, struct bench_memory *memory, size_t bytes,
		       size_t piece_bytes, int node)
{
	unsigned int order = get_order(piece_bytes);
	struct scatterlist *sg;
	unsigned int i;
	int err;

	buffer->bytes = bytes;
	buffer->piece_bytes = piece_bytes;
	buffer->pieces = bytes / piece_bytes;
	err = bench_table_alloc(&buffer->sgt, memory, buffer->pieces, node);
	if (err)
		return err;
	for_each_sgtable_sg(&buffer->sgt, sg, i) {
		struct page *page;

		err = bench_memory_wanted(memory);
		if (err)
			goto free;
		page = bench_memory_alloc(memory, BENCH_MEMORY_BUFFER, node,
					  GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
					  __GFP_RETRY_MAYFAIL, order);
		if (!page) {
			err = -ENOMEM;
			goto free;
		}
		sg_set_page(sg, page, piece_bytes, 0);
		cond_resched();
	}
	return 0;

free:
	bench_buffer_free(buffer);
	return err;
}

/**
 * bench_buffer_free() - give memory back
 * @buffer: as bench_buffer_alloc() left it, or all zeroes; becomes all zeroes
 */
void bench_buffer_free(struct bench_buffer *buffer)
{
	unsigned int order = get_order(buffer->piece_bytes);
	struct scatterlist *sg;
	unsigned int i;

	if (!buffer->sgt.sgl)
		return;
	for_each_sgtable_sg(&buffer->sgt, sg, i) {
		if (sg_page(sg))
			__free_pages(sg_page(sg), order);
		cond_resched();
	}
	bench_table_free(&buffer->sgt);
	memset(buffer, 0, sizeof(*buffer));
}

/**
 * bench_buffer_keep() - leave memory to the device until the machine is booted again
 * @buffer: as bench_buffer_alloc() left it, or all zeroes; becomes all zeroes
 *
 * For what a device may still get through to.
 *
 * Return: bytes that nobody will have any more.
 */
u64 bench_buffer_keep(struct bench_buffer *buffer)
{
	u64 bytes = 0;

	if (buffer->sgt.sgl)
		bytes = (u64)buffer->pieces << get_order(buffer->piece_bytes) << PAGE_SHIFT;
	bench_table_free(&buffer->sgt);
	memset(buffer, 0, sizeof(*buffer));
	return bytes;
}

/**
 * bench_buffer_at() - where a byte of a buffer is for the CPU
 * @buffer: the buffer
 * @offset: below its size; what follows is contiguous up to the piece's end
 */
void *bench_buffer_at(const struct bench_buffer *buffer, size_t offset)
{
	unsigned int piece = offset / buffer->piece_bytes;
	struct scatterlist *sg = buffer->sgt.sgl;

	while (piece--)
		sg = sg_next(sg);
	return sg_virt(sg) + offset % buffer->piece_bytes;
}

/**
 * bench_buffer_dma_at() - where a byte of a buffer is for the device
 * @buffer: the buffer, mapped by dma_map_sgtable()
 * @offset: below its size
 * @left: receives the bytes from there on that are contiguous for the device
 *
 * What is contiguous for the device need not be so for the CPU, and the other way round: an IOMMU
 * joins pieces, and where nothing translates each stays where it is, or has a copy of its own.
 *
 * Return: the address, or DMA_MAPPING_ERROR when the mapping ends before that.
 */
dma_addr_t bench_buffer_dma_at(const struct bench_buffer *buffer, size_t offset, size_t *left)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_dma_sg(&buffer->sgt, sg, i) {
		if (offset < sg_dma_len(sg)) {
			*left = sg_dma_len(sg) - offset;
			return sg_dma_address(sg) + offset;
		}
		offset -= sg_dma_len(sg);
	}
	*left = 0;
	return DMA_MAPPING_ERROR;
}
