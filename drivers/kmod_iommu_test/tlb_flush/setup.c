// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before and after a tlb-flush run: parameters and the machine are checked, and
 * everything that the threads will need is taken, so that the timed path
 * allocates nothing but page tables.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/iova.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "clock.h"
#include "device.h"
#include "engine/engine.h"
#include "engine/pages.h"
#include "iommu/domain.h"
#include "iommu/iova.h"
#include "memory/need.h"
#include "tlb_flush/internal.h"

/* Mappings in an empty round at most: enough to see what one costs. */
#define TF_EMPTY_MAPPINGS	64U
/* Mappings of each CPU that are undone and still in the kernel's flush queue, at most. */
#define TF_FLUSH_QUEUE		256
/* What is mapped or unmapped before others may use the CPU, in pages. */
#define TF_BREATH_PAGES		4096U
/* No call unmaps more: it takes so long by itself that others must have the CPU in between. */
#define TF_CHUNK_BYTES		(16ULL * SZ_1G)

static struct iommubench_tlb_flush *tf_params(const struct bench_run *run)
{
	return run->params;
}

static void tf_thread_free(struct tf_thread *tt)
{
	if (tt->domain && tt->domain != tt->work->domain)
		bench_domain_disown(tt->domain, tt->work->dev, tt->pasid);
	kvfree(tt->iova);
	bench_table_free(&tt->pieces);
	bench_buffer_free(&tt->buffer);
}

/**
 * tf_release() - give back what tf_prepare() took
 * @run: the run; its threads have ended
 */
void tf_release(struct bench_run *run)
{
	struct tf_work *work = run->work;
	unsigned int i;

	for (i = 0; work->threads && i < work->nr_threads && work->threads[i]; i++) {
		tf_thread_free(work->threads[i]);
		kvfree(work->threads[i]);
	}
	kvfree(work->threads);
	if (work->domain) {
		bench_engine_leave(&run->bd->engine);
		bench_domain_disown(work->domain, work->dev, 0);
	}
	kfree(work);
	run->work = NULL;
}

static int tf_check_run(const struct bench_run *run, struct bench_message *msg)
{
	if (run->desc.rate_mhz)
		return bench_refuse(msg, -EINVAL, "tlb-flush has no rate: a round follows the other");
	if (run->desc.batch > 1)
		return bench_refuse(msg, -EINVAL, "batch of %u, but a sample of tlb-flush is a round: give its mappings",
				    run->desc.batch);
	if (run->desc.flags & IOMMUBENCH_RUN_PHASES && tf_params(run)->mode)
		return bench_refuse(msg, -EINVAL, "a run by phases has no engine at work: choose the mode that looks at costs");
	return 0;
}

static int tf_check_params(const struct bench_run *run, const struct tf_work *work,
			   struct bench_message *msg)
{
	const struct iommubench_tlb_flush *p = tf_params(run);

	if (!work->strategy)
		return bench_refuse(msg, -EINVAL, "unknown flush strategy %u", p->strategy);
	if (p->reserved)
		return bench_refuse(msg, -EINVAL, "a reserved field of the parameters is not zero");
	if (!p->mapping_bytes || p->mapping_bytes > IOMMUBENCH_MAX_MAPPING_BYTES ||
	    !PAGE_ALIGNED(p->mapping_bytes))
		return bench_refuse(msg, -EINVAL,
				    "mapping of %llu bytes, expected a multiple of %lu up to %llu",
				    p->mapping_bytes, PAGE_SIZE, IOMMUBENCH_MAX_MAPPING_BYTES);
	if (!p->mappings || p->mappings > IOMMUBENCH_MAX_FLUSH_MAPPINGS)
		return bench_refuse(msg, -EINVAL, "%u mappings in a round, expected 1 to %u",
				    p->mappings, IOMMUBENCH_MAX_FLUSH_MAPPINGS);
	if (p->mode > IOMMUBENCH_FLUSH_DEVICE)
		return bench_refuse(msg, -EINVAL, "unknown tlb-flush mode %u", p->mode);
	if (p->domains > IOMMUBENCH_FLUSH_PER_THREAD)
		return bench_refuse(msg, -EINVAL, "unknown choice of domains %u", p->domains);
	if (p->domains == IOMMUBENCH_FLUSH_PER_THREAD && !work->strategy->own_domain)
		return bench_refuse(msg, -EINVAL, "strategy %s uses the device's default domain, of which there is one",
				    work->strategy->name);
	if (p->domains == IOMMUBENCH_FLUSH_PER_THREAD &&
	    run->desc.threads > IOMMUBENCH_MAX_PASID_DOMAINS)
		return bench_refuse(msg, -EINVAL,
				    "%u threads with a domain each, expected at most %u: an IOMMU may have few address space identifiers, and some kernels crash when they run out",
				    run->desc.threads, IOMMUBENCH_MAX_PASID_DOMAINS);
	if (p->watch_interval_ns && p->mode != IOMMUBENCH_FLUSH_EXPOSURE)
		return bench_refuse(msg, -EINVAL, "an interval of accesses is for the exposure mode only");
	return 0;
}

/* The strategies of the DMA API are what the default domain makes of it. */
static int tf_check_domain_type(const struct tf_work *work, struct bench_message *msg)
{
	static const char *const names[] = {
		[IOMMUBENCH_DOMAIN_NONE] = "none",
		[IOMMUBENCH_DOMAIN_IDENTITY] = "identity",
		[IOMMUBENCH_DOMAIN_STRICT] = "strict",
		[IOMMUBENCH_DOMAIN_LAZY] = "lazy",
		[IOMMUBENCH_DOMAIN_OTHER] = "other",
	};
	const struct tf_strategy *strategy = work->strategy;
	enum iommubench_domain_type type;

	if (strategy->own_domain)
		return 0;
	type = bench_device_domain_type(work->dev);
	if (type == strategy->default_type ||
	    (type == IOMMUBENCH_DOMAIN_NONE && !tf_translates(strategy)))
		return 0;
	return bench_refuse(msg, -EOPNOTSUPP,
			    "strategy %s needs a default domain of type %s, and that of %s is %s: set the type of its IOMMU group while no driver is bound",
			    strategy->name, names[strategy->default_type], dev_name(work->dev),
			    names[type]);
}

/* All of it together, before any of it is taken. */
static int tf_check_memory(const struct bench_run *run, const struct tf_work *work,
			   struct bench_message *msg)
{
	u64 threads = run->desc.threads, range = (u64)work->bytes * work->mappings;
	struct bench_need need = run->need;
	struct bench_need_map map = {
		.spans = threads,
		.mappings = 1,
		.bytes = range,
		.step_bytes = roundup_pow_of_two(range),
		.block_bytes = work->piece_bytes & -work->piece_bytes,
	};

	bench_need_array(&need, BENCH_NEED_THREADS, threads,
			 roundup_pow_of_two(sizeof(**work->threads)));
	bench_need_array(&need, BENCH_NEED_BUFFERS, threads * work->mappings, sizeof(u64));
	bench_need_array(&need, BENCH_NEED_BUFFERS,
			 threads * (work->bytes / work->piece_bytes), sizeof(struct scatterlist));
	bench_need_pieces(&need, threads, work->piece_bytes);
	if (!work->strategy->own_domain) {
		map.spans = 1;
		map.mappings = threads * work->mappings;
		map.bytes = work->bytes;
		map.step_bytes = bench_iova_align(work->bytes);
		if (work->strategy->default_type == IOMMUBENCH_DOMAIN_LAZY)
			map.mappings += TF_FLUSH_QUEUE * num_possible_cpus();
		if (tf_translates(work->strategy))
			bench_need_array(&need, BENCH_NEED_TABLES, map.mappings,
					 sizeof(struct iova));
	}
	if (tf_translates(work->strategy))
		bench_need_tables(&need, work->dev, &map);
	return bench_need_check(&need, msg);
}

/* Sets the sizes of mapping, piece and round, and whether there is memory for them. */
static int tf_choose_sizes(struct bench_run *run, struct tf_work *work, struct bench_message *msg)
{
	const struct iommubench_tlb_flush *p = tf_params(run);
	u64 bytes = p->mapping_bytes, power = bytes & -bytes, breath;
	size_t contig_max = bench_buffer_contig_max();

	work->bytes = bytes;
	work->mappings = p->mappings;
	work->piece_bytes = bytes <= contig_max ? bytes : min_t(u64, contig_max, power);
	if (!work->strategy->own_domain &&
	    (work->piece_bytes != bytes || bytes > dma_max_mapping_size(work->dev)))
		return bench_refuse(msg, -ENOMEM,
				    "strategy %s maps contiguous memory, and %llu bytes of it are more than the %zu that can be had or mapped: use a smaller size",
				    work->strategy->name, bytes,
				    min(contig_max, dma_max_mapping_size(work->dev)));
	breath = TF_BREATH_PAGES / (bytes >> PAGE_SHIFT);
	work->breath = breath ? rounddown_pow_of_two(breath) - 1 : 0;
	work->chunk = min_t(u64, rounddown_pow_of_two(max(TF_CHUNK_BYTES / bytes, 1ULL)),
			    IOMMUBENCH_MAX_FLUSH_MAPPINGS);
	return tf_check_memory(run, work, msg);
}

static int tf_share_domain(struct bench_run *run, struct tf_work *work, struct bench_message *msg)
{
	struct iommu_domain *domain;

	if (!work->strategy->own_domain || tf_params(run)->domains == IOMMUBENCH_FLUSH_PER_THREAD)
		return 0;
	domain = bench_domain_own(work->dev, msg);
	if (IS_ERR(domain))
		return PTR_ERR(domain);
	work->domain = domain;
	if (work->mode == IOMMUBENCH_FLUSH_COST)
		return 0;
	return bench_engine_enter(&run->bd->engine, domain, msg);
}

/* The one buffer, mapped as often as it takes. */
static int tf_alloc_memory(struct tf_thread *tt, struct bench_memory *memory, int node)
{
	const struct tf_work *work = tt->work;
	struct scatterlist *sg;
	unsigned int i;
	int err;

	tt->iova = bench_memory_zalloc(memory, node, work->mappings, sizeof(*tt->iova));
	if (!tt->iova)
		return -ENOMEM;
	err = bench_buffer_alloc(&tt->buffer, memory, work->piece_bytes, work->piece_bytes, node);
	if (err)
		return err;
	err = bench_table_alloc(&tt->pieces, memory, work->bytes / work->piece_bytes, node);
	if (err)
		return err;
	for_each_sgtable_sg(&tt->pieces, sg, i)
		sg_set_page(sg, sg_page(tt->buffer.sgt.sgl), work->piece_bytes, 0);
	return 0;
}

static int tf_own_domain(struct bench_thread *t, struct tf_thread *tt, struct bench_message *msg)
{
	struct tf_work *work = t->run->work;
	struct iommu_domain *domain = work->domain;
	u32 pasid = 0;

	tt->pasid = BENCH_NO_PASID;
	if (!work->strategy->own_domain)
		return 0;
	if (!domain) {
		domain = bench_domain_own_pasid(work->dev, &pasid, msg);
		if (IS_ERR(domain))
			return PTR_ERR(domain);
		tt->pasid = pasid;
	}
	tt->domain = domain;
	return 0;
}

/*
 * Each thread has its round's range, aligned so that it can be unmapped in the
 * largest pieces, also where the others have domains of their own; one mapping
 * that stays is behind them all.
 */
static int tf_choose_iova(struct bench_run *run, struct tf_work *work, struct bench_message *msg)
{
	struct iommu_domain *domain = work->threads[0]->domain;
	u64 range = (u64)work->bytes * work->mappings, align, total;
	unsigned int i, k;

	if (!domain)
		return 0;
	align = roundup_pow_of_two(range);
	work->thread_span_bytes = align;
	if (check_mul_overflow(align, (u64)work->nr_threads, &total) ||
	    check_add_overflow(total, (u64)work->bytes, &total) ||
	    bench_iova_find_span(work->dev, domain, run->bd->engine.dma_bits,
				 &run->bd->engine.pages.range, total, align, &work->span))
		return bench_refuse(msg, -ENOSPC,
				    "no room for %u ranges of %u x %zu bytes in the IOVA space: the device drives %u address bits",
				    work->nr_threads, work->mappings, work->bytes,
				    run->bd->engine.dma_bits);
	for (i = 0; i < work->nr_threads; i++) {
		struct tf_thread *tt = work->threads[i];

		for (k = 0; k < work->mappings; k++)
			tt->iova[k] = work->span + i * align + (u64)k * work->bytes;
		tt->bystander = work->span + work->nr_threads * align;
	}
	return 0;
}

static int tf_alloc_threads(struct bench_run *run, struct tf_work *work, struct bench_message *msg)
{
	unsigned int i;
	int err;

	work->threads = kvcalloc(run->desc.threads, sizeof(*work->threads), GFP_KERNEL);
	if (!work->threads)
		return -ENOMEM;
	work->nr_threads = run->desc.threads;
	for (i = 0; i < work->nr_threads; i++) {
		struct bench_thread *t = &run->threads[i];
		struct tf_thread *tt;

		/* Where the thread is, or where it was told to be, in cache lines of its own. */
		tt = bench_memory_zalloc(&run->memory, t->node, 1,
					 roundup_pow_of_two(sizeof(*tt)));
		if (!tt)
			return -ENOMEM;
		work->threads[i] = tt;
		tt->work = work;
		tt->prot = bench_domain_prot(work->dev, DMA_TO_DEVICE);
		iommu_iotlb_gather_init(&tt->gather);
		tt->gather.queued = work->strategy->queued;
		err = tf_alloc_memory(tt, &run->memory, t->node);
		if (err)
			return bench_refuse(msg, err, "no memory for %u mappings of %zu bytes in thread %u",
					    work->mappings, work->bytes, i);
		err = tf_own_domain(t, tt, msg);
		if (err)
			return err;
		t->work = tt;
	}
	return 0;
}

/* Who watches does all that is to be done, and the load goes on until then. */
static void tf_share_count(struct bench_run *run, const struct tf_work *work)
{
	unsigned int i;

	if (work->mode == IOMMUBENCH_FLUSH_COST || !run->desc.count)
		return;
	for (i = 0; i < work->nr_threads; i++)
		run->threads[i].count = i ? U64_MAX : run->desc.count;
}

static void tf_tell_clock_error(struct bench_run *run)
{
	struct bench_engine_sync sync;

	tf_params(run)->watch_error_ns = 0;
	if (tf_params(run)->mode != IOMMUBENCH_FLUSH_EXPOSURE)
		return;
	bench_engine_sync(&run->bd->engine, &sync);
	/* Where the CPU starts each access, it is one such that cannot be looked into. */
	tf_params(run)->watch_error_ns = bench_ticks_to_ns(sync.error_ticks) +
					 run->bd->engine.probe_ns;
}

/**
 * tf_use() - what a run needs the device's DMA for
 * @params: the run's parameters, unchecked
 */
enum bench_use tf_use(const void *params)
{
	const struct iommubench_tlb_flush *p = params;
	const struct tf_strategy *strategy = tf_strategy_find(p->strategy);

	if (!strategy || !strategy->own_domain)
		return BENCH_USE_DMA_API;
	return p->domains == IOMMUBENCH_FLUSH_PER_THREAD ? BENCH_USE_PASIDS : BENCH_USE_OWN_DOMAIN;
}

/**
 * tf_prepare() - check a run's parameters and take all that it needs
 * @run: the run
 * @msg: receives one line when it is refused
 *
 * Return: 0, or a negative errno with nothing taken.
 */
int tf_prepare(struct bench_run *run, struct bench_message *msg)
{
	const struct iommubench_tlb_flush *p = tf_params(run);
	struct tf_work *work = kzalloc(sizeof(*work), GFP_KERNEL);
	int err;

	if (!work)
		return -ENOMEM;
	run->work = work;
	work->run = run;
	work->dev = run->bd->dev;
	work->strategy = tf_strategy_find(p->strategy);
	work->mode = p->mode;
	work->pasid_domains = p->domains == IOMMUBENCH_FLUSH_PER_THREAD;
	work->interval_ns = p->watch_interval_ns;

	if (work->strategy)
		tf_strategy_empty(work->strategy, &work->empty);

	err = tf_check_run(run, msg) ?:
	      tf_check_params(run, work, msg) ?:
	      tf_watch_possible(run, work, msg) ?:
	      tf_check_domain_type(work, msg) ?:
	      tf_choose_sizes(run, work, msg) ?:
	      tf_share_domain(run, work, msg) ?:
	      tf_alloc_threads(run, work, msg) ?:
	      tf_choose_iova(run, work, msg);
	if (err) {
		tf_release(run);
		return err;
	}
	tf_share_count(run, work);
	run->batch = 1;
	run->empty_batch = min(work->mappings, TF_EMPTY_MAPPINGS);
	run->window = work->mappings;
	tf_tell_clock_error(run);
	return 0;
}
