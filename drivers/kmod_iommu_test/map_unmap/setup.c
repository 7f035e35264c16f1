// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before and after a map/unmap run: parameters are checked, what was left open is
 * chosen, and everything that the threads will need is taken, so that the timed
 * path allocates nothing.
 */
#include <linux/cpumask.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/iova.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "clock.h"
#include "device.h"
#include "engine/pages.h"
#include "iommu/domain.h"
#include "map_unmap/sample.h"
#include "memory/need.h"
#include "run/calibrate.h"

/* A sample should last this many steps of the clock, or several operations share one. */
#define MU_SAMPLE_STEPS		16
#define MU_AUTO_BATCH_MAX	64
/* Unmaps that share an invalidation unless told otherwise. */
#define MU_GATHER_BATCH		32
#define MU_PILOT_OPS		64
#define MU_PILOT_NS		(5 * NSEC_PER_MSEC)
/* Mappings of each CPU that are undone and still in the kernel's flush queue, at most. */
#define MU_FLUSH_QUEUE		256
/* IOVA space to move in unless told otherwise; its page tables stay small. */
#define MU_DEFAULT_SPAN		SZ_1G

static struct iommubench_map_unmap *mu_params(const struct bench_run *run)
{
	return run->params;
}

/* Return: bytes that are kept from everybody. */
static u64 mu_buffer_free(struct bench_buffer *buffer, bool keep)
{
	if (keep)
		return bench_buffer_keep(buffer);
	bench_buffer_free(buffer);
	return 0;
}

/* Return: bytes that are kept from everybody. */
static u64 mu_thread_free(struct mu_thread *mt, bool keep)
{
	u64 i, kept = 0;

	for (i = 0; mt->buffers && i < mt->window; i++)
		kept += mu_buffer_free(&mt->buffers[i], keep);
	for (i = 0; mt->prefill_buffers && i < mt->work->prefill; i++)
		kept += mu_buffer_free(&mt->prefill_buffers[i], keep);
	kvfree(mt->buffers);
	kvfree(mt->slots);
	kvfree(mt->groups);
	kvfree(mt->prefill_buffers);
	kvfree(mt->prefill_slots);
	kfree(mt->verify);
	return kept;
}

/* A thread's state is where the thread is, or where it was told to be, in lines of its own. */
static struct mu_thread *mu_thread_new(struct bench_memory *memory, int node)
{
	return bench_memory_zalloc(memory, node, 1, roundup_pow_of_two(sizeof(struct mu_thread)));
}

static int mu_thread_alloc(struct mu_thread *mt, const struct mu_work *work,
			   struct bench_memory *memory, unsigned int window, unsigned int batch,
			   int node)
{
	unsigned int i, groups = window / batch;
	int err;

	mt->work = work;
	mt->dir = work->dir;
	mt->prot = work->prot;
	mt->window = window;
	mt->batch = batch;
	iommu_iotlb_gather_init(&mt->gather);
	/* What the timed path looks at is where the thread is, or where it was told to be. */
	mt->buffers = bench_memory_zalloc(memory, node, window, sizeof(*mt->buffers));
	mt->slots = bench_memory_zalloc(memory, node, window, sizeof(*mt->slots));
	mt->groups = bench_memory_zalloc(memory, node, groups, sizeof(*mt->groups));
	if (!mt->buffers || !mt->slots || !mt->groups)
		return -ENOMEM;
	mt->head = mt->groups;
	mt->tail = mt->groups;
	for (i = 0; i < groups; i++) {
		mt->groups[i].slots = &mt->slots[i * batch];
		mt->groups[i].next = &mt->groups[i + 1 < groups ? i + 1 : 0];
	}
	for (i = 0; i < window; i++) {
		err = bench_buffer_alloc(&mt->buffers[i], memory, work->bytes, work->piece_bytes,
					 node);
		if (err)
			return err;
		mt->slots[i].buffer = &mt->buffers[i];
		mu_mark(mt, &mt->buffers[i]);
	}
	return 0;
}

/* The verifier has targets like the load's, and a one-page witness. */
static int mu_verifier_alloc(struct bench_run *run, struct mu_thread *mt,
			     const struct mu_work *work, int node)
{
	unsigned int witness = mu_verify_slots(work->bytes) - 1;
	int err = mu_thread_alloc(mt, work, &run->memory, witness + 1, 1, node);

	if (err)
		return err;
	mt->verify = mu_verify_new(run, mt);
	if (!mt->verify)
		return -ENOMEM;
	bench_buffer_free(&mt->buffers[witness]);
	return bench_buffer_alloc(&mt->buffers[witness], &run->memory, PAGE_SIZE, PAGE_SIZE, node);
}

/**
 * mu_release() - give back what mu_prepare() took
 * @run: the run; its threads have ended
 */
void mu_release(struct bench_run *run)
{
	struct mu_work *work = run->work;
	bool keep = mu_verify_suspects(run);
	unsigned int i;
	u64 kept;

	/* First what leads to the buffers, with a last invalidation, and then these. */
	if (work->domain) {
		bench_engine_leave(&run->bd->engine);
		bench_domain_disown(work->domain, work->dev, 0);
	}
	kept = mu_buffer_free(&work->pilot, keep);
	for (i = 0; work->threads && i < work->nr_threads && work->threads[i]; i++) {
		kept += mu_thread_free(work->threads[i], keep);
		kvfree(work->threads[i]);
	}
	kvfree(work->threads);
	if (kept)
		dev_warn(work->dev, "%llu KiB stay allocated until the next boot: checks failed, so the device may still get through to what was unmapped\n",
			 kept >> 10);
	kfree(work);
	run->work = NULL;
}

static int mu_check_params(const struct bench_run *run, struct mu_work *work,
			   struct bench_message *msg)
{
	const struct iommubench_map_unmap *p = mu_params(run);

	work->api = mu_api_find(p->api);
	if (!work->api)
		return bench_refuse(msg, -EINVAL, "unknown mapping API %u", p->api);
	if (p->sync > IOMMUBENCH_SYNC_NO)
		return bench_refuse(msg, -EINVAL, "unknown cache maintenance %u", p->sync);
	if (p->sync == IOMMUBENCH_SYNC_NO && work->api->own_domain)
		return bench_refuse(msg, -EINVAL,
				    "the IOMMU API maintains no caches: leaving that out is for a DMA API");
	if (!p->mapping_bytes || p->mapping_bytes > IOMMUBENCH_MAX_MAPPING_BYTES ||
	    !PAGE_ALIGNED(p->mapping_bytes))
		return bench_refuse(msg, -EINVAL,
				    "mapping of %llu bytes, expected a multiple of %lu up to %llu",
				    p->mapping_bytes, PAGE_SIZE, IOMMUBENCH_MAX_MAPPING_BYTES);
	if (p->buffer > IOMMUBENCH_BUFFER_SCATTERED)
		return bench_refuse(msg, -EINVAL, "unknown kind of buffer %u", p->buffer);
	if (p->direction > IOMMUBENCH_DIR_FROM_DEVICE)
		return bench_refuse(msg, -EINVAL, "unknown direction %u", p->direction);
	if (p->iova_pattern > IOMMUBENCH_IOVA_STRIDE)
		return bench_refuse(msg, -EINVAL, "unknown IOVA pattern %u", p->iova_pattern);
	if (!work->api->own_domain &&
	    (p->iova_pattern != IOMMUBENCH_IOVA_REUSE || p->iova_span_bytes))
		return bench_refuse(msg, -EINVAL,
				    "a DMA API chooses IOVAs itself: a pattern or span needs an own domain");
	if (p->window > IOMMUBENCH_MAX_WINDOW)
		return bench_refuse(msg, -EINVAL, "window of %u mappings, expected at most %u",
				    p->window, IOMMUBENCH_MAX_WINDOW);
	if (p->hold_ns > IOMMUBENCH_MAX_TIME_NS)
		return bench_refuse(msg, -EINVAL, "hold time of more than %llu days",
				    IOMMUBENCH_MAX_TIME_NS / NSEC_PER_SEC / 86400);
	if (p->iova_pattern == IOMMUBENCH_IOVA_STRIDE ?
	    p->stride_bytes < p->mapping_bytes || !PAGE_ALIGNED(p->stride_bytes) ||
	    p->stride_bytes > IOMMUBENCH_MAX_MAPPING_BYTES * 1024 : p->stride_bytes)
		return bench_refuse(msg, -EINVAL,
				    "stride of %llu bytes, expected a multiple of %lu from the mapping's size up, and only with the stride pattern",
				    p->stride_bytes, PAGE_SIZE);
	if (p->prefill > (u64)IOMMUBENCH_MAX_PREFILL * run->desc.threads)
		return bench_refuse(msg, -EINVAL, "prefill of %llu mappings, expected at most %u in each of %u threads",
				    p->prefill, IOMMUBENCH_MAX_PREFILL, run->desc.threads);
	return 0;
}

/* How the buffers are cut: sets @work->piece_bytes. */
static int mu_choose_pieces(const struct bench_run *run, struct mu_work *work,
			    struct bench_message *msg)
{
	const struct iommubench_map_unmap *p = mu_params(run);
	size_t contig_max = bench_buffer_contig_max();
	u64 bytes = p->mapping_bytes;
	u64 pieces = p->sg_entries;

	if (p->sg_entries && p->buffer == IOMMUBENCH_BUFFER_CONTIG)
		return bench_refuse(msg, -EINVAL, "a contiguous buffer has one piece, not %u",
				    p->sg_entries);
	if (!pieces) {
		if (p->buffer == IOMMUBENCH_BUFFER_SCATTERED)
			pieces = bytes >> PAGE_SHIFT;
		else if (bytes <= contig_max || p->buffer == IOMMUBENCH_BUFFER_CONTIG ||
			 work->api->contig_only)
			pieces = 1;
		else
			/* The largest power of two that divides it, as far as it can be had. */
			pieces = bytes / min_t(u64, contig_max, bytes & -bytes);
	}
	if (pieces > 1 && work->api->contig_only)
		return bench_refuse(msg, -EINVAL, "dma-single maps one piece, not %llu: use dma-sg",
				    pieces);
	if (pieces > IOMMUBENCH_MAX_SG_ENTRIES)
		return bench_refuse(msg, -EINVAL, "%llu pieces, expected at most %u",
				    pieces, IOMMUBENCH_MAX_SG_ENTRIES);
	if (bytes % (pieces << PAGE_SHIFT))
		return bench_refuse(msg, -EINVAL, "%llu bytes cannot be cut into %llu pieces of whole pages",
				    bytes, pieces);
	work->bytes = bytes;
	work->piece_bytes = bytes / pieces;
	if (work->piece_bytes > contig_max)
		return bench_refuse(msg, -ENOMEM,
				    "pieces of %zu bytes, but this kernel gives at most %zu in one: use smaller pieces, with dma-sg or iommu",
				    work->piece_bytes, contig_max);
	if (!work->api->own_domain && work->piece_bytes > dma_max_mapping_size(work->dev))
		return bench_refuse(msg, -ENOMEM, "pieces of %zu bytes, but the device's DMA maps at most %zu at once",
				    work->piece_bytes, dma_max_mapping_size(work->dev));
	return 0;
}

/* Of parameters that were checked: what is converted is within its bounds. */
static void mu_set_params(const struct bench_run *run, struct mu_work *work)
{
	const struct iommubench_map_unmap *p = mu_params(run);

	work->hold = bench_ns_to_ticks(p->hold_ns);
	if (p->sync == IOMMUBENCH_SYNC_NO)
		work->attrs = DMA_ATTR_SKIP_CPU_SYNC;
}

static void mu_set_direction(const struct bench_run *run, struct mu_work *work)
{
	switch (mu_params(run)->direction) {
	case IOMMUBENCH_DIR_TO_DEVICE:
		work->dir = DMA_TO_DEVICE;
		break;
	case IOMMUBENCH_DIR_FROM_DEVICE:
		work->dir = DMA_FROM_DEVICE;
		break;
	default:
		work->dir = DMA_BIDIRECTIONAL;
	}
	work->prot = bench_domain_prot(work->dev, work->dir);
}

static int mu_domain_alloc(struct bench_run *run, struct mu_work *work, struct bench_message *msg)
{
	struct iommu_domain *domain;

	if (!work->api->own_domain)
		return 0;
	domain = bench_domain_own(work->dev, msg);
	if (IS_ERR(domain))
		return PTR_ERR(domain);
	work->domain = domain;
	if (!(run->desc.flags & IOMMUBENCH_RUN_VERIFY))
		return 0;
	return bench_engine_enter(&run->bd->engine, domain, msg);
}

static u64 mu_pilot_ticks(struct mu_thread *mt, int *err)
{
	u64 limit = bench_clock() + bench_ns_to_ticks(MU_PILOT_NS);
	u64 map = 0, unmap = 0, start;
	unsigned int i;

	for (i = 0; i < MU_PILOT_OPS && bench_clock() < limit; i++) {
		/* The first half warms caches and IOVA allocator. */
		if (i == MU_PILOT_OPS / 2) {
			map = 0;
			unmap = 0;
		}
		*err = mu_timed_map(mt, mt->work->api, mt->slots, 1, &start);
		if (*err)
			return 0;
		map += mt->now - start;
		*err = mu_timed_unmap(mt, mt->work->api, mt->slots, 1, &start);
		if (*err)
			return 0;
		unmap += mt->now - start;
	}
	return div_u64(min(map, unmap), i > MU_PILOT_OPS / 2 ? i - MU_PILOT_OPS / 2 : max(i, 1U));
}

/* Wrong use is what the tool says of -EINVAL, and that it is not. */
static int mu_first_failed(const struct bench_run *run, const struct mu_work *work, int err,
			   struct bench_message *msg)
{
	if (!bench_map_broken(err))
		return bench_refuse(msg, err,
				    "a first mapping of %zu bytes failed: error %d, out of IOVA space (the device drives %u address bits%s) or of memory",
				    work->bytes, err, run->bd->engine.dma_bits,
				    mu_addresses_kept(work));
	return bench_refuse(msg, -EPROTO,
			    "a first mapping of %zu bytes, at a free address, could not be made and undone: error %d, which is neither for want of memory nor of addresses",
			    work->bytes, err);
}

/* Sets run->batch: as told, or so that a sample is long against the clock's step. */
static int mu_choose_batch(struct bench_run *run, struct mu_work *work, struct bench_message *msg)
{
	struct mu_thread pilot = {};
	u64 ticks, least = 1;
	int err;

	run->batch = run->desc.batch;
	if (run->batch)
		return 0;
	err = mu_thread_alloc(&pilot, work, &run->memory, 1, 1, run->threads[0].node);
	if (err) {
		bench_refuse(msg, err, "no memory for a mapping of %zu bytes", work->bytes);
	} else {
		if (work->domain)
			err = bench_iova_find_span(work->dev, work->domain,
						   run->bd->engine.dma_bits,
						   &run->bd->engine.pages.range, work->bytes,
						   bench_iova_align(work->bytes),
						   &pilot.slots[0].iova);
		ticks = err ? 0 : mu_pilot_ticks(&pilot, &err);
		if (err)
			err = mu_first_failed(run, work, err, msg);
		else
			least = DIV_ROUND_UP_ULL(MU_SAMPLE_STEPS * bench_clock_resolution(),
						 max(ticks, 1ULL));
	}
	/* The verifier is at work in the same address space, and may be misled to it. */
	if (work->cookie && pilot.buffers)
		swap(work->pilot, pilot.buffers[0]);
	mu_thread_free(&pilot, false);
	run->batch = min_t(u64, least, MU_AUTO_BATCH_MAX);
	if (work->api->sync)
		run->batch = max_t(u32, run->batch, MU_GATHER_BATCH);
	return err;
}

static int mu_choose_window(struct bench_run *run, struct bench_message *msg)
{
	u64 window = roundup(max(mu_params(run)->window, 1U), run->batch);

	if (window > IOMMUBENCH_MAX_WINDOW)
		return bench_refuse(msg, -EINVAL, "window of %llu mappings in whole batches, expected at most %u",
				    window, IOMMUBENCH_MAX_WINDOW);
	run->window = window;
	return 0;
}

/* Sets the places and step of each thread in the own domain. */
static void mu_choose_places(const struct bench_run *run, struct mu_work *work)
{
	const struct iommubench_map_unmap *p = mu_params(run);
	u64 align = bench_iova_align(work->bytes), span;
	unsigned int threads = run->desc.threads;

	work->prefill = div_u64(p->prefill, threads) + !!(p->prefill % threads);
	work->places = run->window;
	work->step_bytes = p->iova_pattern == IOMMUBENCH_IOVA_STRIDE ?
			   ALIGN(p->stride_bytes, align) : align;
	span = p->iova_span_bytes ?: MU_DEFAULT_SPAN;
	/* The device may not reach that far: then it is as much as there is. */
	while (!p->iova_span_bytes && span > BIT_ULL(min(run->bd->engine.dma_bits, 62U)) / 4)
		span /= 2;
	if (p->iova_pattern != IOMMUBENCH_IOVA_REUSE)
		work->places = max_t(u64, div64_u64(span, work->step_bytes * threads), run->window);
	if (p->iova_pattern == IOMMUBENCH_IOVA_RANDOM)
		work->places = max_t(u64, rounddown_pow_of_two(work->places),
				     roundup_pow_of_two(run->window));
}

/* Page tables: of the places that each thread comes to, and of what is there beforehand. */
static void mu_need_tables(const struct bench_run *run, const struct mu_work *work,
			   struct bench_need *need)
{
	enum iommubench_domain_type type = bench_device_domain_type(work->dev);
	struct bench_need_map map = {
		.spans = run->desc.threads,
		.mappings = work->places,
		.bytes = work->bytes,
		.step_bytes = work->step_bytes,
		.block_bytes = work->piece_bytes & -work->piece_bytes,
	};
	u64 count;

	if (!work->api->own_domain) {
		if (type != IOMMUBENCH_DOMAIN_STRICT && type != IOMMUBENCH_DOMAIN_LAZY)
			return;
		/* Close together, as the allocator of addresses has it. */
		map.spans = 1;
		map.mappings = (run->window + work->prefill) * run->desc.threads;
		map.step_bytes = bench_iova_align(work->bytes);
		if (type == IOMMUBENCH_DOMAIN_LAZY)
			map.mappings += MU_FLUSH_QUEUE * num_possible_cpus();
		bench_need_array(need, BENCH_NEED_TABLES, map.mappings, sizeof(struct iova));
		bench_need_tables(need, work->dev, &map);
		return;
	}
	/* Where random places lie is known, but not how many there are in the end. */
	if (mu_params(run)->iova_pattern == IOMMUBENCH_IOVA_RANDOM)
		map.span_bytes = rounddown_pow_of_two(work->places) * work->step_bytes;
	count = div_u64(run->desc.count, run->desc.threads);
	if (run->desc.count && !run->desc.warmup_ns && count < map.mappings)
		map.mappings = min(map.mappings, count + run->window + 1);
	bench_need_tables(need, work->dev, &map);
	map.mappings = work->prefill;
	map.span_bytes = 0;
	bench_need_tables(need, work->dev, &map);
}

/* All of it together, before any of it is taken. */
static int mu_check_memory(const struct bench_run *run, struct mu_work *work,
			   struct bench_message *msg)
{
	struct bench_need need = run->need;
	u64 mappings;

	mu_choose_places(run, work);
	mappings = (run->window + work->prefill) * run->desc.threads;
	/* The first mapping is kept for the verifier's sake. */
	if (run->desc.flags & IOMMUBENCH_RUN_VERIFY)
		mappings += mu_verify_slots(work->bytes) + 1;
	bench_need_array(&need, BENCH_NEED_THREADS, work->nr_threads,
			 roundup_pow_of_two(sizeof(**work->threads)));
	bench_need_array(&need, BENCH_NEED_BUFFERS, mappings, sizeof(struct bench_buffer) +
			 sizeof(struct mu_slot) + sizeof(struct mu_group));
	bench_need_pieces(&need, mappings * (work->bytes / work->piece_bytes), work->piece_bytes);
	mu_need_tables(run, work, &need);
	return bench_need_check(&need, msg);
}

/* Sets the span of each thread in the own domain. */
static int mu_choose_iova(struct bench_run *run, struct mu_work *work, struct bench_message *msg)
{
	u64 align = bench_iova_align(work->bytes), total;

	if (!work->domain)
		return 0;
	if (check_mul_overflow(max_t(u64, work->places + work->prefill, MU_VERIFY_SLOTS),
			       work->step_bytes, &work->thread_span_bytes) ||
	    check_mul_overflow(work->thread_span_bytes, (u64)work->nr_threads, &total) ||
	    bench_iova_find_span(work->dev, work->domain, run->bd->engine.dma_bits,
				 &run->bd->engine.pages.range, total, align, &work->span))
		return bench_refuse(msg, -ENOSPC,
				    "no room for %u x %llu places of %llu bytes in the IOVA space: the device drives %u address bits",
				    work->nr_threads, work->places + work->prefill,
				    work->step_bytes, run->bd->engine.dma_bits);
	return 0;
}

static int mu_alloc_threads(struct bench_run *run, struct mu_work *work, struct bench_message *msg)
{
	unsigned int i;
	int err;

	work->threads = kvcalloc(work->nr_threads, sizeof(*work->threads), GFP_KERNEL);
	if (!work->threads)
		return -ENOMEM;
	for (i = 0; i < work->nr_threads; i++) {
		struct bench_thread *t = &run->threads[i];
		struct mu_thread *mt = mu_thread_new(&run->memory, t->node);

		if (!mt)
			return -ENOMEM;
		mt->number = i;
		work->threads[i] = mt;
		err = i == run->desc.threads ?
		      mu_verifier_alloc(run, mt, work, t->node) :
		      mu_thread_alloc(mt, work, &run->memory, run->window, run->batch, t->node);
		if (err)
			return bench_refuse(msg, err, "no memory for %u mappings of %zu bytes in pieces of %zu in thread %u",
					    run->window, work->bytes, work->piece_bytes, i);
		if (work->domain)
			bench_iova_init(&mt->iova, mu_params(run)->iova_pattern,
					work->span + i * work->thread_span_bytes, work->step_bytes,
					max_t(u64, work->places, mt->window),
					run->desc.seed + i * 0x9e3779b97f4a7c15ULL);
		t->work = mt;
	}
	return 0;
}

static void mu_set_interval(const struct bench_run *run, struct mu_work *work)
{
	u64 rate = run->desc.rate_mhz, ticks;

	if (!rate)
		return;
	/* Below 2^64: a batch of 4096 in 1024 threads at 2^32 ticks a second, in ms. */
	ticks = bench_clock_hz() * run->batch * run->desc.threads;
	if (ticks > U64_MAX / 1000)
		ticks = U64_MAX / 1000;
	work->interval = div64_u64_rem(ticks * 1000, rate, &work->interval_rest);
	work->interval_scale = rate;
	/* Nothing is due twice in the longest of runs, and all moments can be counted. */
	work->interval = min_t(u64, work->interval, bench_ns_to_ticks(4 * IOMMUBENCH_MAX_TIME_NS));
}

/**
 * mu_use() - what a run needs the device's DMA for
 * @params: the run's parameters, unchecked
 */
enum bench_use mu_use(const void *params)
{
	const struct iommubench_map_unmap *p = params;
	const struct mu_api *api = mu_api_find(p->api);

	return api && api->own_domain ? BENCH_USE_OWN_DOMAIN : BENCH_USE_DMA_API;
}

/**
 * mu_prepare() - check a run's parameters and take all that it needs
 * @run: the run
 * @msg: receives one line when it is refused
 *
 * Return: 0, or a negative errno with nothing taken.
 */
int mu_prepare(struct bench_run *run, struct bench_message *msg)
{
	struct iommubench_map_unmap *p = mu_params(run);
	struct mu_work *work = kzalloc(sizeof(*work), GFP_KERNEL);
	int err;

	if (!work)
		return -ENOMEM;
	run->work = work;
	work->dev = run->bd->dev;
	work->nr_threads = run->desc.threads + !!(run->desc.flags & IOMMUBENCH_RUN_VERIFY);
	if (run->desc.flags & IOMMUBENCH_RUN_VERIFY)
		work->cookie = get_random_u64() | 1;

	err = mu_check_params(run, work, msg);
	if (!err)
		mu_set_params(run, work);
	if (!err && run->desc.flags & IOMMUBENCH_RUN_VERIFY)
		err = mu_verify_possible(run, work, msg);
	if (!err)
		err = mu_choose_pieces(run, work, msg);
	if (!err)
		mu_set_direction(run, work);
	run->window = max(p->window, 1U);
	err = err ?: mu_check_memory(run, work, msg);
	err = err ?: mu_domain_alloc(run, work, msg);
	err = err ?: mu_choose_batch(run, work, msg);
	err = err ?: mu_choose_window(run, msg);
	err = err ?: mu_check_memory(run, work, msg);
	err = err ?: mu_choose_iova(run, work, msg);
	err = err ?: mu_alloc_threads(run, work, msg);
	if (err) {
		mu_release(run);
		return err;
	}
	mu_set_interval(run, work);
	if (p->iova_pattern == IOMMUBENCH_IOVA_STRIDE)
		p->stride_bytes = work->step_bytes;
	if (p->iova_pattern != IOMMUBENCH_IOVA_REUSE)
		p->iova_span_bytes = work->places * work->step_bytes * run->desc.threads;
	p->prefill = (u64)work->prefill * run->desc.threads;
	p->piece_bytes = work->piece_bytes;
	p->batch = run->batch;
	p->window_out = run->window;
	return 0;
}
