/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much memory a run is going to take, all of it together and before any of it is taken.
 */
#ifndef IOMMUBENCH_MEMORY_NEED_H
#define IOMMUBENCH_MEMORY_NEED_H

#include <linux/types.h>

struct bench_message;
struct device;

/**
 * enum bench_need_kind - what memory is needed for
 * @BENCH_NEED_BUFFERS: what is mapped for the device, and the lists of it
 * @BENCH_NEED_TABLES: page tables of the IOMMU, and addresses in it
 * @BENCH_NEED_THREADS: threads and what they count in
 * @BENCH_NEED_KINDS: number of these kinds
 */
enum bench_need_kind {
	BENCH_NEED_BUFFERS = 0,
	BENCH_NEED_TABLES,
	BENCH_NEED_THREADS,
	BENCH_NEED_KINDS,
};

/**
 * struct bench_need - an estimate: as much as it is at worst, or a little more
 * @of: bytes, by enum bench_need_kind; U64_MAX for more than can be counted
 */
struct bench_need {
	u64 of[BENCH_NEED_KINDS];
};

/**
 * struct bench_need_map - mappings of one size
 * @spans: number of parts of an address space, or address spaces, that have such mappings
 * @mappings: how many are made in different places of each
 * @bytes: size of a mapping
 * @step_bytes: from one place to the next at least, which @bytes do not cross; a multiple of a
 *	power of two that is not below @bytes
 * @span_bytes: size of each part; 0 when it is @mappings times @step_bytes
 * @block_bytes: a power of two that addresses and physical memory are aligned to alike
 */
struct bench_need_map {
	u64 spans;
	u64 mappings;
	u64 bytes;
	u64 step_bytes;
	u64 span_bytes;
	u64 block_bytes;
};

void bench_need_array(struct bench_need *need, enum bench_need_kind kind, u64 count, u64 bytes);
void bench_need_pieces(struct bench_need *need, u64 count, u64 piece_bytes);
void bench_need_tables(struct bench_need *need, struct device *dev,
		       const struct bench_need_map *map);
int bench_need_check(const struct bench_need *need, struct bench_message *msg);
u64 bench_memory_free_bytes(void);
u64 bench_memory_reserve_bytes(void);

#endif /* IOMMUBENCH_MEMORY_NEED_H */
