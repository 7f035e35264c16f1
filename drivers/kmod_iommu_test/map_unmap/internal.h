/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the map/unmap workload share.
 */
#ifndef IOMMUBENCH_MAP_UNMAP_INTERNAL_H
#define IOMMUBENCH_MAP_UNMAP_INTERNAL_H

#include <linux/dma-direction.h>
#include <linux/iommu.h>

#include "iommu/iova.h"
#include "memory/buffer.h"
#include "run/types.h"

struct device;
struct mu_thread;
struct mu_verify;

/**
 * struct mu_slot - one mapping, made or to be made
 * @buffer: what is mapped
 * @iova: where; chosen before the map with an own domain, by it otherwise
 */
struct mu_slot {
	struct bench_buffer *buffer;
	u64 iova;
};

/**
 * struct mu_api - one kernel interface to map with
 * @own_domain: maps in a domain of the run, attached to the device
 * @contig_only: cannot map a buffer of several pieces
 * @map: make the mapping. Return: 0 or a negative errno
 * @unmap: undo it. Return: 0 or a negative errno
 * @sync: invalidate for all unmaps since the last, NULL when unmap does that
 * @at: where a byte of the buffer of a mapping is for the device, and how many after it are
 *	contiguous there, or DMA_MAPPING_ERROR; NULL when the whole mapping is contiguous
 */
struct mu_api {
	bool own_domain;
	bool contig_only;
	int (*map)(struct mu_thread *mt, struct mu_slot *slot);
	int (*unmap)(struct mu_thread *mt, struct mu_slot *slot);
	void (*sync)(struct mu_thread *mt);
	u64 (*at)(const struct mu_slot *slot, size_t offset, size_t *left);
};

/* Maps nothing: what remains is the harness. */
extern const struct mu_api mu_api_null;

const struct mu_api *mu_api_find(enum iommubench_api api);

/**
 * struct mu_work - a run's state that its threads share and only read
 * @api: how to map
 * @dev: device that is mapped for
 * @domain: the own domain, attached; NULL when the API needs none
 * @dir: direction of the buffers' data, for the DMA APIs
 * @prot: direction of the buffers' data as IOMMU_READ and IOMMU_WRITE, for the IOMMU API
 * @attrs: DMA_ATTR_*, for the DMA APIs
 * @bytes: size of a mapping
 * @piece_bytes: size of its physically contiguous pieces
 * @hold: ticks from a map to its unmap
 * @span: start of all threads' IOVA space in the own domain
 * @thread_span_bytes: what a thread has of it
 * @step_bytes: distance between its places
 * @places: places that a thread chooses among
 * @prefill: mappings that each thread makes beforehand
 * @interval: ticks from one sample's due time to the next, 0 without a rate
 * @interval_rest: what is left over of it, in 1/@interval_scale ticks
 * @interval_scale: denominator of @interval_rest
 * @cookie: what the workers' buffers are marked with, by which one address space is told from
 *	another; 0 in a run that is not verified
 * @pilot: what was mapped while the run was prepared, if it is verified
 * @threads: the workers', and last the verifier's, state, each on its thread's node
 * @nr_threads: entries at @threads, the verifier's counted
 */
struct mu_work {
	const struct mu_api *api;
	struct device *dev;
	struct iommu_domain *domain;
	enum dma_data_direction dir;
	int prot;
	unsigned long attrs;
	size_t bytes;
	size_t piece_bytes;
	u64 hold;
	u64 span;
	u64 thread_span_bytes;
	u64 step_bytes;
	u64 places;
	u64 prefill;
	u64 interval;
	u64 interval_rest;
	u64 interval_scale;
	u64 cookie;
	struct bench_buffer pilot;
	struct mu_thread **threads;
	unsigned int nr_threads;
};

/**
 * struct mu_group - what is mapped in one sample and unmapped in one
 * @slots: where its mappings are, a batch of them
 * @size: entries at @slots that are mapped
 * @tick: when they were mapped, in ticks
 * @next: the group after it in the ring
 */
struct mu_group {
	struct mu_slot *slots;
	unsigned int size;
	u64 tick;
	struct mu_group *next;
};

/**
 * struct mu_thread - one thread's state, touched by it alone
 * @work: what all threads of the run share
 * @dir: direction of its buffers' data
 * @prot: direction of its buffers' data as IOMMU_READ and IOMMU_WRITE, for the IOMMU API
 * @gather: unmapped and not yet invalidated, see &mu_api.sync
 * @buffers: one for each of @slots
 * @slots: its mappings
 * @window: entries at @slots
 * @batch: operations in one sample
 * @groups: a ring of them, which @slots are cut into
 * @head: group to map next
 * @tail: group to unmap next
 * @live: mappings alive in @slots
 * @iova: its choice of addresses
 * @prefill_buffers: what is mapped beforehand
 * @prefill_slots: where that is mapped
 * @prefill_live: entries at @prefill_slots that are mapped
 * @due: when the next map is due, with a rate
 * @due_rest: fraction of a tick owed to @due
 * @now: end of the last sample
 * @until: when to end
 * @last: with a rate: when to end, should something be due from before @until
 * @verify: the verifier, NULL for a worker
 * @number: among the threads of the run
 */
struct mu_thread {
	const struct mu_work *work;
	enum dma_data_direction dir;
	int prot;
	struct iommu_iotlb_gather gather;
	struct bench_buffer *buffers;
	struct mu_slot *slots;
	unsigned int window;
	unsigned int batch;
	struct mu_group *groups;
	struct mu_group *head;
	struct mu_group *tail;
	unsigned int live;
	struct bench_iova iova;
	struct bench_buffer *prefill_buffers;
	struct mu_slot *prefill_slots;
	u64 prefill_live;
	u64 due;
	u64 due_rest;
	u64 now;
	u64 until;
	u64 last;
	struct mu_verify *verify;
	unsigned int number;
} ____cacheline_aligned_in_smp;

void mu_by_phase(struct bench_thread *t);

enum bench_use mu_use(const void *params);
int mu_prepare(struct bench_run *run, struct bench_message *msg);
void mu_release(struct bench_run *run);

/* The verifier's mappings at most: what is checked, and last what tells of it. A power of two. */
#define MU_VERIFY_SLOTS		8

int mu_verify_possible(struct bench_run *run, const struct mu_work *work,
		       struct bench_message *msg);
unsigned int mu_verify_slots(size_t bytes);
struct mu_verify *mu_verify_new(struct bench_run *run, struct mu_thread *mt);
int mu_verify(struct bench_thread *t);
bool mu_verify_suspects(const struct bench_run *run);
void mu_mark(const struct mu_thread *mt, const struct bench_buffer *buffer);

#endif /* IOMMUBENCH_MAP_UNMAP_INTERNAL_H */
