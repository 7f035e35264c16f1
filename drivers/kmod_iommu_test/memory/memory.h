/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which NUMA nodes a run takes its memory from, and where it then was.
 */
#ifndef IOMMUBENCH_MEMORY_MEMORY_H
#define IOMMUBENCH_MEMORY_MEMORY_H

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/types.h>

#include "message.h"

/**
 * enum bench_memory_use - what memory is for
 * @BENCH_MEMORY_BUFFER: mapped for the device
 * @BENCH_MEMORY_COUNTS: what the threads count in
 * @BENCH_MEMORY_USES: number of uses
 */
enum bench_memory_use {
	BENCH_MEMORY_BUFFER = 0,
	BENCH_MEMORY_COUNTS,
	BENCH_MEMORY_USES,
};

/**
 * struct bench_node_bytes - what was taken from a node
 * @of: by enum bench_memory_use
 */
struct bench_node_bytes {
	atomic64_t of[BENCH_MEMORY_USES];
};

/**
 * struct bench_memory - a run's memory
 * @nodes: to take it from, in turn; NULL: from each thread's own
 * @nr_nodes: entries at @nodes
 * @next_page: number of nodes that pages were taken from so far, so that they take turns
 * @next_list: the same for all else, which is of other sizes and has turns of its own
 * @bytes: for each node what was taken there so far
 * @leaving: set when nobody wants it any more, as the device is about to be given back
 */
struct bench_memory {
	int *nodes;
	unsigned int nr_nodes;
	atomic_t next_page;
	atomic_t next_list;
	struct bench_node_bytes *bytes;
	const bool *leaving;
};

int bench_memory_init(struct bench_memory *m, u32 wanted, struct bench_message *msg);
void bench_memory_free(struct bench_memory *m);
int bench_memory_wanted(const struct bench_memory *m);
struct page *bench_memory_alloc(struct bench_memory *m, enum bench_memory_use use, int node,
				gfp_t flags, unsigned int order);
void *bench_memory_zalloc(struct bench_memory *m, int node, size_t n, size_t bytes);
u64 bench_memory_bytes(const struct bench_memory *m, enum bench_memory_use use, int node);

#endif /* IOMMUBENCH_MEMORY_MEMORY_H */
