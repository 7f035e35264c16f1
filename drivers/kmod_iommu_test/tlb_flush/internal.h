/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the tlb-flush workload share.
 */
#ifndef IOMMUBENCH_TLB_FLUSH_INTERNAL_H
#define IOMMUBENCH_TLB_FLUSH_INTERNAL_H

#include <linux/iommu.h>
#include <linux/scatterlist.h>

#include <uapi/iommubench.h>

#include "memory/buffer.h"
#include "run/types.h"

struct device;
struct tf_thread;

/**
 * struct tf_strategy - one way to unmap and invalidate
 * @name: as the tool knows it
 * @own_domain: maps in an own domain, otherwise by the DMA API in the default one
 * @default_type: what the default domain must be, without @own_domain
 * @waits: no access gets through after a round has returned
 * @whole: one unmap for all of a round's mappings
 * @flush_each: @flush follows each unmap, and not only the last one
 * @queued: unmaps add nothing to the gather, as the kernel's flush queue does it
 * @map: make a mapping. Return: 0 or a negative errno
 * @unmap: undo @bytes from @iova on. Return: 0 or a negative errno
 * @flush: invalidate for the unmaps so far, NULL when they did that
 */
struct tf_strategy {
	const char *name;
	bool own_domain;
	enum iommubench_domain_type default_type;
	bool waits;
	bool whole;
	bool flush_each;
	bool queued;
	int (*map)(struct tf_thread *tt, u64 *iova);
	int (*unmap)(struct tf_thread *tt, u64 iova, size_t bytes);
	void (*flush)(struct tf_thread *tt);
};

/* Can an access be refused at all? */
static inline bool tf_translates(const struct tf_strategy *strategy)
{
	return strategy->own_domain || strategy->default_type != IOMMUBENCH_DOMAIN_IDENTITY;
}

const struct tf_strategy *tf_strategy_find(u32 strategy);
void tf_strategy_empty(const struct tf_strategy *strategy, struct tf_strategy *empty);

/**
 * struct tf_work - a run's state that its threads share and only read
 * @run: the run
 * @strategy: how to unmap
 * @empty: as @strategy, but it maps nothing: what remains is the harness
 * @dev: device that is mapped for
 * @domain: the own domain that the threads share, NULL without one
 * @mode: what is looked at
 * @pasid_domains: each thread has a domain of its own, by a PASID
 * @interval_ns: EXPOSURE: device time from one access to the next, 0 for the engine's
 * @bytes: size of a mapping
 * @piece_bytes: size of the physical memory behind it, mapped again and again
 * @mappings: in a round
 * @breath: mappings after which others may use the CPU, less one; all of a
 *	thread's rounds are interrupted there alike
 * @chunk: mappings that are unmapped in one call at most
 * @span: start of all threads' IOVA space in an own domain
 * @thread_span_bytes: what a thread has of it
 * @threads: state of the run's threads, one entry each
 * @nr_threads: entries at @threads
 */
struct tf_work {
	const struct bench_run *run;
	const struct tf_strategy *strategy;
	struct tf_strategy empty;
	struct device *dev;
	struct iommu_domain *domain;
	enum iommubench_flush_mode mode;
	bool pasid_domains;
	u32 interval_ns;
	size_t bytes;
	size_t piece_bytes;
	unsigned int mappings;
	unsigned int breath;
	unsigned int chunk;
	u64 span;
	u64 thread_span_bytes;
	struct tf_thread **threads;
	unsigned int nr_threads;
};

/**
 * struct tf_thread - one thread's state, touched by it alone
 * @work: what all threads of the run share
 * @domain: where it maps, NULL for the default domain
 * @pasid: of @domain, BENCH_NO_PASID when that is the device's own
 * @prot: for the IOMMU API
 * @gather: unmapped and not yet invalidated
 * @buffer: the one piece of memory behind all its mappings; the device only reads it
 * @pieces: @buffer as often as it takes to fill a mapping
 * @iova: where the round's mappings are
 * @bystander: DEVICE: a mapping that stays
 * @bystander_mapped: @bystander is mapped
 * @mark: what the device finds in the first and the last page of @buffer, where it is to be told
 *	from memory of others; or 0
 * @rounds: rounds that it has done
 * @now: end of the last sample
 */
struct tf_thread {
	const struct tf_work *work;
	struct iommu_domain *domain;
	int pasid;
	int prot;
	struct iommu_iotlb_gather gather;
	struct bench_buffer buffer;
	struct sg_table pieces;
	u64 *iova;
	u64 bystander;
	bool bystander_mapped;
	u64 mark;
	u64 rounds;
	u64 now;
} ____cacheline_aligned_in_smp;

enum bench_use tf_use(const void *params);
int tf_prepare(struct bench_run *run, struct bench_message *msg);
void tf_release(struct bench_run *run);

int tf_watch_possible(struct bench_run *run, struct tf_work *work, struct bench_message *msg);
int tf_watch_begin(struct bench_thread *t);
void tf_watch_end(struct bench_thread *t);
int tf_watch_round(struct bench_thread *t, unsigned int n, bool record);

#endif /* IOMMUBENCH_TLB_FLUSH_INTERNAL_H */
