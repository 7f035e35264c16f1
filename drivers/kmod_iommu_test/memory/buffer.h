/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IOMMUBENCH_MEMORY_BUFFER_H
#define IOMMUBENCH_MEMORY_BUFFER_H

#include <linux/scatterlist.h>
#include <linux/types.h>

struct bench_memory;

/**
 * struct bench_buffer - memory to be mapped for a device
 * @bytes: size of all pieces together
 * @piece_bytes: size of its physically contiguous pieces
 * @pieces: number of pieces, and of entries in @sgt
 * @sgt: all pieces in order, one entry each
 */
struct bench_buffer {
	size_t bytes;
	size_t piece_bytes;
	unsigned int pieces;
	struct sg_table sgt;
};

int bench_table_alloc(struct sg_table *table, struct bench_memory *memory, unsigned int n,
		      int node);
void bench_table_free(struct sg_table *table);
size_t bench_buffer_contig_max(void);
int bench_buffer_alloc(struct bench_buffer *buffer, struct bench_memory *memory, size_t bytes,
		       size_t piece_bytes, int node);
void bench_buffer_free(struct bench_buffer *buffer);
u64 bench_buffer_keep(struct bench_buffer *buffer);
void *bench_buffer_at(const struct bench_buffer *buffer, size_t offset);
dma_addr_t bench_buffer_dma_at(const struct bench_buffer *buffer, size_t offset, size_t *left);

/* Where the first piece, and so a contiguous buffer, starts. */
static inline phys_addr_t bench_buffer_phys(const struct bench_buffer *buffer)
{
	return sg_phys(buffer->sgt.sgl);
}

#endif /* IOMMUBENCH_MEMORY_BUFFER_H */
