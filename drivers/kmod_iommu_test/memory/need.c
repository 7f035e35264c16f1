// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a run is going to take. A driver of an IOMMU gives page tables back only when a whole one is
 * unmapped at once, so that all that was ever touched counts. What the kernel keeps beside (caches
 * of its allocators) is in what is left free.
 */
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include "memory/need.h"
#include "message.h"

/* An entry of the tables of all IOMMUs that are known, but for those with half as much. */
#define TABLE_ENTRY_BYTES	8
/* Of all memory, that part stays free whatever a run does. */
#define RESERVE_PART		16
#define RESERVE_LEAST		SZ_16M
#define RESERVE_MOST		SZ_256M

static u64 add(u64 a, u64 b)
{
	u64 sum;

	return check_add_overflow(a, b, &sum) ? U64_MAX : sum;
}

static u64 multiply(u64 a, u64 b)
{
	u64 product;

	return check_mul_overflow(a, b, &product) ? U64_MAX : product;
}

static u64 divide_up(u64 a, u64 b)
{
	return div64_u64(a, b) + !!(a % b);
}

/**
 * bench_need_array() - objects that a run takes
 * @need: the estimate, which they are added to
 * @kind: what they are for
 * @count: how many
 * @bytes: size of each
 */
void bench_need_array(struct bench_need *need, enum bench_need_kind kind, u64 count, u64 bytes)
{
	need->of[kind] = add(need->of[kind], multiply(count, bytes));
}

/**
 * bench_need_pieces() - buffers that a run takes, see bench_buffer_alloc()
 * @need: the estimate, which they are added to
 * @count: pieces of all buffers
 * @piece_bytes: size of each, at most bench_buffer_contig_max(); what is taken for it is a power of
 *	two of pages
 */
void bench_need_pieces(struct bench_need *need, u64 count, u64 piece_bytes)
{
	u64 bytes = PAGE_SIZE << get_order(piece_bytes);

	bench_need_array(need, BENCH_NEED_BUFFERS, count, bytes + sizeof(struct scatterlist));
}

static u64 table_bytes(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	return domain && domain->pgsize_bitmap ? BIT_ULL(__ffs64(domain->pgsize_bitmap)) :
						 PAGE_SIZE;
}

/**
 * bench_need_tables() - page tables for mappings
 * @need: the estimate, which they are added to
 * @dev: the device that is mapped for; what its default domain has tells the size of a table
 * @map: the mappings
 *
 * Each level has a table for each of its ranges that is touched: at most as many as the mappings
 * touch where they are far from each other, and at most as many as there are in the span.
 */
void bench_need_tables(struct bench_need *need, struct device *dev,
		       const struct bench_need_map *map)
{
	u64 bytes = table_bytes(dev), entries = bytes / TABLE_ENTRY_BYTES, range = bytes * entries;
	u64 span = map->span_bytes ?: multiply(map->mappings, map->step_bytes);
	u64 apart, dense;

	do {
		if (map->block_bytes < range) {
			apart = multiply(map->mappings, divide_up(map->bytes, range));
			/* A span may begin and end within a table. */
			dense = div64_u64(span, range) + 2;
			bench_need_array(need, BENCH_NEED_TABLES,
					 multiply(map->spans, min(apart, dense)), bytes);
		}
	} while (!check_mul_overflow(range, entries, &range) && range < span);
}

/**
 * bench_memory_free_bytes() - memory that could be had now
 */
u64 bench_memory_free_bytes(void)
{
	return (u64)max(si_mem_available(), 0L) << PAGE_SHIFT;
}

/**
 * bench_memory_reserve_bytes() - memory that is left alone whatever a run does
 *
 * Return: bytes; with less than that free, other processes would begin to be killed.
 */
u64 bench_memory_reserve_bytes(void)
{
	return clamp_t(u64, ((u64)totalram_pages() << PAGE_SHIFT) / RESERVE_PART, RESERVE_LEAST,
		       RESERVE_MOST);
}

/**
 * bench_need_check() - is there memory for all that a run is about to take?
 * @need: the estimate
 * @msg: receives one line when there is not
 *
 * Context: process, before any of it is taken.
 * Return: 0, or -ENOMEM when it would not leave a quarter of what is free, and the reserve.
 */
int bench_need_check(const struct bench_need *need, struct bench_message *msg)
{
	u64 free = bench_memory_free_bytes(), reserve = bench_memory_reserve_bytes(), all = 0;
	unsigned int kind;

	for (kind = 0; kind < BENCH_NEED_KINDS; kind++)
		all = add(all, need->of[kind]);
	if (all <= free / 4 * 3 && add(all, reserve) <= free)
		return 0;
	return bench_refuse(msg, -ENOMEM,
			    "%llu MiB for buffers, %llu MiB for page tables and %llu MiB for threads do not fit in the %llu MiB that are free: fewer threads, window, prefill or mappings, or a smaller size or IOVA span",
			    need->of[BENCH_NEED_BUFFERS] >> 20, need->of[BENCH_NEED_TABLES] >> 20,
			    need->of[BENCH_NEED_THREADS] >> 20, free >> 20);
}
