// SPDX-License-Identifier: GPL-2.0-only
/*
 * One mapping of the verifier's, and one access of the device to it. Judged by the data, because
 * not every engine can tell that an access was refused; where one can, that counts as well.
 *
 * A device that does not snoop sees what was cleaned, and the CPU sees what that wrote when it
 * has invalidated. With a DMA API both are part of what is verified: the first transfer through a
 * mapping is of data that was there before the map, and the last one is looked at after the
 * unmap, so that what these leave out (IOMMUBENCH_SYNC_NO) shows. In between, and where the DMA
 * API does not map, it is done here.
 *
 * A translation that should be gone may lead anywhere: into memory of an earlier run, of the
 * device's former driver, of whoever has it now. A read does no harm there. So the device is told
 * to write only where it has just read what we had put there (&verify_side.proved).
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/minmax.h>

#include "device.h"
#include "engine/engine.h"
#include "iommu/domain.h"
#include "map_unmap/verify_side.h"
#include "run/run.h"

/**
 * verify_can() - is there a kind of access that the engine can be made to do?
 * @v: the verifier
 * @feature: IOMMUBENCH_FEATURE_READS or the like
 */
bool verify_can(const struct mu_verify *v, u64 feature)
{
	return bench_engine_features(v->engine) & feature;
}

/**
 * verify_copies() - does the engine take data from place to place?
 * @v: the verifier
 *
 * Otherwise it looks for a mark, and writes what is its own.
 */
bool verify_copies(const struct mu_verify *v)
{
	return v->engine->ops->copy;
}

static u64 pattern_word(u64 seed, size_t index)
{
	u64 x = seed + (index + 1) * 0x9e3779b97f4a7c15ULL;

	/* The finaliser of splitmix64 (Steele, Lea and Flood, 2014). */
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/**
 * verify_mark() - the first word of a pattern, by which engines that look for a mark know it
 * @v: the verifier
 * @seed: the pattern's
 */
u64 verify_mark(const struct mu_verify *v, u64 seed)
{
	return (pattern_word(seed, 0) & v->engine->mark_mask) | 1;
}

/**
 * verify_next_seed() - a seed for the next pattern, which no other one has had
 * @v: the verifier
 */
u64 verify_next_seed(struct mu_verify *v)
{
	return pattern_word(v->run->desc.seed ^ v->mt->work->cookie, v->serial++);
}

static u64 pattern_at(const struct mu_verify *v, u64 seed, size_t index)
{
	return index ? pattern_word(seed, index) :
		       (__force u64)cpu_to_le64(verify_mark(v, seed));
}

static void pattern_fill(const struct mu_verify *v, u64 *words, size_t bytes, u64 seed)
{
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		words[i] = pattern_at(v, seed, i);
}

/* Return: the number of words that carry the pattern. */
static size_t pattern_count(const struct mu_verify *v, const u64 *words, size_t bytes, u64 seed)
{
	size_t i, n = 0;

	for (i = 0; i < bytes / sizeof(*words); i++)
		n += READ_ONCE(words[i]) == pattern_at(v, seed, i);
	return n;
}

/* What the witness has while the target has pattern @seed: no word is the same. */
static u64 other_seed(u64 seed)
{
	return ~seed;
}

/**
 * mu_mark() - have a buffer tell whose it is
 * @mt: the worker that maps it
 * @buffer: its buffer, of a run that is verified; of another one nothing happens
 *
 * Each page has the run's cookie and the thread's number.
 */
void mu_mark(const struct mu_thread *mt, const struct bench_buffer *buffer)
{
	const struct mu_work *work = mt->work;
	struct scatterlist *sg;
	unsigned int i;
	size_t at;

	if (!work->cookie)
		return;
	for_each_sgtable_sg(&buffer->sgt, sg, i)
		for (at = 0; at < sg->length; at += PAGE_SIZE) {
			u64 *words = sg_virt(sg) + at;

			words[0] = work->cookie;
			words[1] = mt->number;
		}
}

/*
 * What the CPU wrote is what the device reads. The DMA API may have given the device a copy of
 * the memory, and knows that by the mapping itself.
 */
static void side_clean(const struct mu_verify *v, const struct verify_side *side)
{
	const struct mu_work *work = v->mt->work;

	if (side->maintained.dev)
		bench_maintain_clean(&side->maintained);
	else if (side->mapped && !work->domain)
		dma_sync_single_for_device(work->dev, side->iova, v->bytes, side->dir);
}

/* What the device wrote is what the CPU reads. */
static void side_invalidate(const struct mu_verify *v, const struct verify_side *side)
{
	const struct mu_work *work = v->mt->work;

	if (side->maintained.dev)
		bench_maintain_invalidate(&side->maintained);
	else if (side->mapped && !work->domain)
		dma_sync_single_for_cpu(work->dev, side->iova, v->bytes, side->dir);
}

static void side_fill(struct mu_verify *v, struct verify_side *side)
{
	side->seed = verify_next_seed(v);
	pattern_fill(v, side->words, v->bytes, side->seed);
}

/* Return: where the device has @offset, or DMA_MAPPING_ERROR when not all of @bytes are there. */
static u64 side_at(const struct verify_side *side, const struct mu_api *api, size_t offset,
		   size_t bytes)
{
	size_t left = side->slot->buffer->bytes - offset;
	u64 at = api->at ? api->at(side->slot, offset, &left) : side->slot->iova + offset;

	return left < bytes ? DMA_MAPPING_ERROR : at;
}

static int side_map(struct mu_verify *v, struct verify_side *side)
{
	struct mu_thread *mt = v->mt;
	const struct mu_work *work = mt->work;
	size_t bytes = side->slot->buffer->bytes;
	int err;

	mt->dir = side->dir;
	mt->prot = bench_domain_prot(work->dev, side->dir);
	err = work->api->map(mt, side->slot);
	if (err && bench_map_broken(err))
		return bench_run_broken(v->run, err, "mapping %zu bytes at a free address failed: error %d, which is neither for want of memory nor of addresses",
					bytes, err);
	if (err)
		return bench_run_fail(v->run, err, "the verifier's mapping of %zu bytes failed: error %d",
				      bytes, err);
	side->mapped = true;
	side->iova = side_at(side, work->api, side->offset, v->bytes);
	if (side->iova != DMA_MAPPING_ERROR)
		return 0;
	return bench_run_broken(v->run, -EIO, "a mapping of %zu bytes ends before byte %zu for the device",
				bytes, side->offset + v->bytes);
}

static int side_maintain(struct mu_verify *v, struct verify_side *side)
{
	int err = 0;

	if (!side->maintained.dev)
		err = bench_maintain_begin(&side->maintained, v->mt->work->dev, side->words,
					   PAGE_SIZE);
	if (err)
		return bench_run_fail(v->run, err, "the verifier's buffers cannot be mapped a second time for their caches: error %d",
				      err);
	/* What map has to have cleaned, and the IOMMU API does not: see the top. */
	if (v->mt->work->domain)
		bench_maintain_clean(&side->maintained);
	return 0;
}

static int side_open(struct mu_verify *v, struct verify_side *side, enum dma_data_direction dir,
		     bool fill)
{
	u64 *words = bench_buffer_at(side->slot->buffer, side->offset);

	/* Another page than before. */
	if (side->words != words)
		bench_maintain_end(&side->maintained);
	side->words = words;
	side->dir = dir;
	side->proved = false;
	side->written = false;
	if (fill)
		side_fill(v, side);
	return side_map(v, side) ?: side_maintain(v, side);
}

/**
 * verify_side_open_at() - put a new pattern into memory and map it, at an address that was used
 * @v: the verifier
 * @side: what to map, with its @offset; not mapped
 * @dir: what for
 * @place: whose address it is to have; with a DMA API that is up to the kernel
 *
 * Return: 0, or a negative errno after bench_run_fail(); verify_side_close() in each case.
 */
int verify_side_open_at(struct mu_verify *v, struct verify_side *side, enum dma_data_direction dir,
			const struct verify_side *place)
{
	side->slot->iova = place->slot->iova;
	return side_open(v, side, dir, true);
}

/**
 * verify_side_open() - put a new pattern into memory and map it
 * @v: the verifier
 * @side: what to map, with its @offset; not mapped
 * @dir: what for
 *
 * Return: 0, or a negative errno after bench_run_fail(); verify_side_close() in each case.
 */
int verify_side_open(struct mu_verify *v, struct verify_side *side, enum dma_data_direction dir)
{
	if (v->mt->work->domain)
		side->slot->iova = bench_iova_next(&v->mt->iova);
	return side_open(v, side, dir, true);
}

/**
 * verify_side_open_as_is() - map memory for both directions with what is in it
 * @v: the verifier
 * @side: what to map, with its @offset; not mapped
 *
 * Return: 0, or a negative errno after bench_run_fail(); verify_side_close() in each case.
 */
int verify_side_open_as_is(struct mu_verify *v, struct verify_side *side)
{
	if (v->mt->work->domain)
		side->slot->iova = bench_iova_next(&v->mt->iova);
	return side_open(v, side, DMA_BIDIRECTIONAL, false);
}

/**
 * verify_side_at() - where a page of a mapping is for the device
 * @v: the verifier
 * @side: mapped
 * @offset: of the page
 *
 * Return: the address, or DMA_MAPPING_ERROR when it is not mapped.
 */
u64 verify_side_at(const struct mu_verify *v, const struct verify_side *side, size_t offset)
{
	return side_at(side, v->mt->work->api, offset, PAGE_SIZE);
}

/**
 * verify_side_unmap() - undo a mapping
 * @v: the verifier, which calls verify_side_sync() when it has undone all that it wants to
 * @side: mapped
 *
 * Return: 0, or a negative errno after bench_run_broken().
 */
int verify_side_unmap(struct mu_verify *v, struct verify_side *side)
{
	struct mu_thread *mt = v->mt;
	int err;

	side->mapped = false;
	mt->dir = side->dir;
	err = mt->work->api->unmap(mt, side->slot);
	return err ? bench_run_broken(v->run, err, "unmapping the verifier's %zu bytes undid less: error %d",
				      side->slot->buffer->bytes, err) : 0;
}

/**
 * verify_side_sync() - invalidate for all that was unmapped, where unmap does not do that
 * @v: the verifier
 */
void verify_side_sync(struct mu_verify *v)
{
	if (v->mt->work->api->sync)
		v->mt->work->api->sync(v->mt);
}

/**
 * verify_side_close() - be done with a mapping
 * @v: the verifier
 * @side: as verify_side_open() or verify_side_unmap() left it, or unused
 */
void verify_side_close(struct mu_verify *v, struct verify_side *side)
{
	if (side->mapped) {
		verify_side_unmap(v, side);
		verify_side_sync(v);
	}
	bench_maintain_end(&side->maintained);
}

/* Return: 0, also when it was refused; a negative errno when the engine does not work. */
static int copy(struct mu_verify *v, u64 dst, u64 src, size_t bytes, struct verify_seen *seen)
{
	int err;

	/* All that the CPU wrote must be there before the device looks, and back. */
	dma_wmb();
	err = bench_engine_copy(v->engine, dst, src, bytes);
	dma_rmb();
	seen->through = !err && !v->engine->ops->by_data;
	return err == -EFAULT ? 0 : err;
}

/* Has the witness read @iova. The witness had another pattern before. */
static int copy_to_witness(struct mu_verify *v, u64 iova, u64 seed, size_t bytes,
			   struct verify_seen *seen)
{
	struct verify_side *witness = &v->witness;
	int err;

	pattern_fill(v, witness->words, bytes, other_seed(seed));
	side_clean(v, witness);
	err = copy(v, witness->iova, iova, bytes, seen);
	side_invalidate(v, witness);
	seen->told = seen->through;
	seen->found[0] = READ_ONCE(witness->words[0]);
	seen->found[1] = READ_ONCE(witness->words[1]);
	return err;
}

static int probe_mark(struct mu_verify *v, u64 iova, u64 seed, struct verify_seen *seen)
{
	u64 latency_ns;
	int err;

	dma_wmb();
	err = bench_engine_read_probe(v->engine, iova, BENCH_NO_PASID, verify_mark(v, seed),
				      &latency_ns);
	*seen = (struct verify_seen) {
		.words = 1,
		.hits = !err,
		.through = (!err || err == -EBADMSG) && !v->engine->ops->by_data,
	};
	return bench_engine_answered(err) ? 0 : err;
}

/**
 * verify_read() - have the device read what the CPU has put there last
 * @v: the verifier
 * @side: where, mapped or not any more
 * @bytes: how much of it, if the engine can read so much
 * @seen: receives what came of it
 *
 * Return: 0, or a negative errno when the engine does not work.
 */
int verify_read(struct mu_verify *v, struct verify_side *side, size_t bytes,
		struct verify_seen *seen)
{
	int err;

	if (!verify_copies(v))
		return probe_mark(v, side->iova, side->seed, seen);
	*seen = (struct verify_seen) { .words = bytes / sizeof(u64) };
	err = copy_to_witness(v, side->iova, side->seed, bytes, seen);
	seen->hits = pattern_count(v, v->witness.words, bytes, side->seed);
	return err;
}

/**
 * verify_read_again() - the same, of a new pattern
 * @v: the verifier
 * @side: where, mapped or not any more
 * @bytes: how much of it, if the engine can read so much
 * @seen: receives what came of it
 *
 * An engine that was refused may still have what it read before.
 *
 * Return: 0, or a negative errno when the engine does not work.
 */
int verify_read_again(struct mu_verify *v, struct verify_side *side, size_t bytes,
		      struct verify_seen *seen)
{
	side_fill(v, side);
	side_clean(v, side);
	return verify_read(v, side, bytes, seen);
}

/**
 * verify_write() - have the device write
 * @v: the verifier
 * @side: where, mapped or not any more; receives a new pattern before
 * @bytes: how much, if the engine does not write an amount of its own
 * @seen: receives whether it got through, as far as the engine tells
 *
 * Return: 0, or a negative errno when the engine does not work.
 */
int verify_write(struct mu_verify *v, struct verify_side *side, size_t bytes,
		 struct verify_seen *seen)
{
	int err;

	/* What an engine writes of its own has a size of its own. */
	*seen = (struct verify_seen) {
		.words = (verify_copies(v) ? bytes : v->bytes) / sizeof(u64),
	};
	side_fill(v, side);
	side_clean(v, side);
	if (verify_copies(v)) {
		pattern_fill(v, v->witness.words, bytes, other_seed(side->seed));
		side_clean(v, &v->witness);
		return copy(v, side->iova, v->witness.iova, bytes, seen);
	}
	dma_wmb();
	err = bench_engine_fill(v->engine, side->iova);
	dma_rmb();
	return err;
}

/**
 * verify_written() - what has arrived of a write of the device
 * @v: the verifier
 * @side: what it wrote to, unmapped
 *
 * Return: words that are as they should be, of all.
 */
size_t verify_written(struct mu_verify *v, struct verify_side *side)
{
	size_t words = v->bytes / sizeof(u64), good = 0, i;
	const u64 *filled = v->engine->filled;

	/* A DMA API's unmap has done that. */
	if (v->mt->work->domain)
		side_invalidate(v, side);
	if (verify_copies(v))
		return pattern_count(v, side->words, v->bytes, other_seed(side->seed));
	for (i = 0; i < words; i++)
		good += READ_ONCE(side->words[i]) == filled[i];
	return good;
}

/**
 * verify_untouched() - what is still as the CPU has put it there
 * @v: the verifier
 * @side: where
 * @bytes: how much of it
 *
 * Return: words of @bytes.
 */
size_t verify_untouched(struct mu_verify *v, const struct verify_side *side, size_t bytes)
{
	side_invalidate(v, side);
	return pattern_count(v, side->words, bytes, side->seed);
}

/**
 * verify_probe() - have the device look for a mark
 * @v: the verifier
 * @iova: where
 * @seed: whose mark
 * @seen: receives what came of it
 *
 * Return: 0, or a negative errno when the engine does not work.
 */
int verify_probe(struct mu_verify *v, u64 iova, u64 seed, struct verify_seen *seen)
{
	int err;

	if (v->engine->ops->read_probe)
		return probe_mark(v, iova, seed, seen);
	*seen = (struct verify_seen) { .words = 1 };
	err = copy_to_witness(v, iova, seed, 2 * sizeof(u64), seen);
	seen->hits = seen->found[0] == pattern_at(v, seed, 0);
	return err;
}

/**
 * verify_elsewhere() - did an access get through where nothing is mapped, if not to our memory?
 * @v: the verifier
 * @seen: of a read of an address that was unmapped
 *
 * In an own domain, nobody else maps at the verifier's addresses. With a DMA API, a worker may have
 * been given the address since, and then it is the worker's mark that is found.
 */
bool verify_elsewhere(const struct mu_verify *v, const struct verify_seen *seen)
{
	const struct mu_work *work = v->mt->work;

	if (!seen->through)
		return false;
	if (work->domain)
		return true;
	return seen->told && v->alone && !v->smeared && dev_is_dma_coherent(work->dev) &&
	       seen->found[0] != work->cookie;
}

/**
 * verify_whose() - what is said of an access that did not find what it should
 * @v: the verifier
 * @seen: of a read
 *
 * Return: a part of a sentence, until the next call.
 */
const char *verify_whose(struct mu_verify *v, const struct verify_seen *seen)
{
	unsigned int i;

	if (v->engine->ops->by_data)
		return "";
	if (!seen->through)
		return ", as it was refused";
	if (!seen->told || seen->hits)
		return "";
	if (seen->found[0] == v->mt->work->cookie) {
		scnprintf(v->whose, sizeof(v->whose), ", but memory of thread %llu",
			  seen->found[1]);
		return v->whose;
	}
	for (i = 0; i < v->nr_targets; i++)
		if (seen->found[0] == pattern_at(v, v->targets[i].seed, 0))
			return ", but memory that was mapped there before";
	if (!seen->found[0] && !seen->found[1])
		return ", but zeros";
	return ", but memory that this run has not mapped there";
}
