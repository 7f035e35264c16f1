// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows that mappings work, and that they are gone when they should be: data
 * that the engine moves through a mapping arrives, and after unmap and
 * invalidation neither a read nor a write of the device gets through. Judged by
 * the data, because not every engine can tell that an access was refused.
 *
 * A device that does not snoop sees what was cleaned, and the CPU sees what that wrote when it
 * has invalidated. With a DMA API both are part of what is verified: the first transfer of a
 * round is of data that was there before the map, and the last one is looked at after the
 * unmap, so that what these leave out (IOMMUBENCH_SYNC_NO) shows. All else is
 * bench_maintain_*().
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "device.h"
#include "engine/engine.h"
#include "iommu/maintain.h"
#include "map_unmap/internal.h"
#include "run/run.h"

/*
 * Enough to tell a refused access from one that got through; each refused one costs
 * the IOMMU a fault report, which the kernel logs.
 */
#define VERIFY_REFUSED_BYTES	32UL
/* The kernel's flush queue is emptied every 10 ms (drivers/iommu/dma-iommu.c). */
#define VERIFY_LAZY_WAIT_MS	30
/* An invalidation left to a flush queue must have happened by then. */
#define VERIFY_LAZY_LIMIT_MS	1000

/**
 * mu_verify_possible() - can this run be verified?
 * @run: about to be prepared
 * @work: its state as far as it is known
 * @msg: receives the reason why not
 *
 * Return: 0 or a negative errno.
 */
int mu_verify_possible(struct bench_run *run, const struct mu_work *work,
		       struct bench_message *msg)
{
	if (!run->bd->engine.max_bytes)
		return bench_refuse(msg, -EOPNOTSUPP,
				    "verification needs a DMA engine, and the module has none for %s",
				    dev_name(work->dev));
	if (!bench_maintain_possible(work->dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "verification needs a device that snoops or reaches all memory, and %s does neither",
				    dev_name(work->dev));
	return 0;
}

static u64 pattern_word(u64 seed, size_t index)
{
	u64 x = seed + (index + 1) * 0x9e3779b97f4a7c15ULL;

	/* The finaliser of splitmix64 (Steele, Lea and Flood, 2014). */
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static void pattern_fill(u64 *words, size_t bytes, u64 seed)
{
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		words[i] = pattern_word(seed, i);
}

/* Return: the number of words that carry the pattern. */
static size_t pattern_count(const u64 *words, size_t bytes, u64 seed)
{
	size_t i, n = 0;

	for (i = 0; i < bytes / sizeof(*words); i++)
		n += READ_ONCE(words[i]) == pattern_word(seed, i);
	return n;
}

/**
 * struct verify_side - one of a round's two buffers
 * @slot: its mapping
 * @words: where the checked part is for the CPU
 * @iova: where that is for the device
 * @mapped: it is mapped
 * @maintained: that part, to be cleaned and invalidated
 */
struct verify_side {
	struct mu_slot *slot;
	u64 *words;
	u64 iova;
	bool mapped;
	struct bench_maintained maintained;
};

/**
 * struct verify_round - one pass of mu_verify()
 * @run: the run
 * @mt: the verifier's state
 * @target: what is checked
 * @witness: what tells of it
 * @bytes: size of the checked part
 * @seed: seed of this round's patterns
 */
struct verify_round {
	struct bench_run *run;
	struct mu_thread *mt;
	struct verify_side target;
	struct verify_side witness;
	size_t bytes;
	u64 seed;
};

/**
 * struct verify_seen - what came of an access of the device to the target
 * @words: words that were to be read or written
 * @hits: those that arrived; of a write after the unmap, those of the target that are not as before
 */
struct verify_seen {
	size_t words;
	size_t hits;
};

/*
 * What the CPU wrote is what the device reads. The DMA API may have given the device a copy of
 * the memory, and knows that by the mapping itself.
 */
static void verify_clean(const struct verify_round *v, const struct verify_side *side)
{
	const struct mu_work *work = v->mt->work;

	if (side->maintained.dev)
		bench_maintain_clean(&side->maintained);
	else if (side->mapped && !work->domain)
		dma_sync_single_for_device(work->dev, side->iova, v->bytes, v->mt->dir);
}

/* What the device wrote is what the CPU reads. */
static void verify_invalidate(const struct verify_round *v, const struct verify_side *side)
{
	const struct mu_work *work = v->mt->work;

	if (side->maintained.dev)
		bench_maintain_invalidate(&side->maintained);
	else if (side->mapped && !work->domain)
		dma_sync_single_for_cpu(work->dev, side->iova, v->bytes, v->mt->dir);
}

static bool verify_can(const struct verify_round *v, u64 feature)
{
	return bench_engine_features(&v->run->bd->engine) & feature;
}

/* Does the engine take data from place to place? Or does it look for a mark, and write its own? */
static bool verify_copies(const struct verify_round *v)
{
	return v->run->bd->engine.ops->copy;
}

static int verify_copy(struct verify_round *v, const struct verify_side *dst,
		       const struct verify_side *src, size_t bytes)
{
	int err;

	/* All that the CPU wrote must be there before the device looks, and back. */
	dma_wmb();
	err = bench_engine_copy(&v->run->bd->engine, dst->iova, src->iova, bytes);
	dma_rmb();
	return err == -EFAULT ? 0 : err;
}

/* An engine that does not finish cannot check anything: that ends the run. */
static int verify_engine_failed(struct verify_round *v, int err)
{
	return bench_run_fail(v->run, err, "the DMA engine did not finish a transfer of %zu bytes: error %d",
			      v->bytes, err);
}

static void verify_unmap(struct verify_round *v, struct verify_side *side)
{
	struct mu_thread *mt = v->mt;

	side->mapped = false;
	mt->work->api->unmap(mt, side->slot);
	if (mt->work->api->sync)
		mt->work->api->sync(mt);
}

static int verify_map(struct verify_round *v, struct verify_side *side, size_t offset)
{
	struct mu_thread *mt = v->mt;
	struct mu_slot *slot = side->slot;
	size_t left = slot->buffer->bytes - offset;
	int err;

	if (mt->work->domain)
		slot->iova = bench_iova_next(&mt->iova);
	err = mt->work->api->map(mt, slot);
	if (err)
		return bench_run_fail(v->run, err, "the verifier's mapping of %zu bytes failed: error %d",
				      slot->buffer->bytes, err);
	side->iova = mt->work->api->at ? mt->work->api->at(slot, offset, &left) :
					 slot->iova + offset;
	side->mapped = true;
	if (left >= v->bytes)
		return 0;
	verify_unmap(v, side);
	return bench_run_fail(v->run, -EIO, "the verifier's mapping of %zu bytes ends before byte %zu for the device",
			      slot->buffer->bytes, offset + v->bytes);
}

/* What map has to have cleaned, and the IOMMU API does not: see the top. */
static void verify_mapped(struct verify_round *v)
{
	if (!v->mt->work->domain)
		return;
	verify_clean(v, &v->target);
	verify_clean(v, &v->witness);
}

static u64 verify_mark(const struct verify_round *v, u64 seed)
{
	return (pattern_word(seed, 0) & v->run->bd->engine.mark_mask) | 1;
}

/* What verify_get() has the device look for: a pattern, or a mark at the start. */
static void verify_put(struct verify_round *v, size_t bytes, u64 seed)
{
	pattern_fill(v->target.words, bytes, seed);
	if (!verify_copies(v))
		*(__le64 *)v->target.words = cpu_to_le64(verify_mark(v, seed));
}

/* The device reads the target. The witness has something else. */
static int verify_get(struct verify_round *v, size_t bytes, u64 seed, struct verify_seen *seen)
{
	u64 latency_ns;
	int err;

	if (verify_copies(v)) {
		err = verify_copy(v, &v->witness, &v->target, bytes);
		verify_invalidate(v, &v->witness);
		seen->words = bytes / sizeof(u64);
		seen->hits = pattern_count(v->witness.words, bytes, seed);
		return err;
	}
	dma_wmb();
	err = bench_engine_read_probe(&v->run->bd->engine, v->target.iova, BENCH_NO_PASID,
				      verify_mark(v, seed), &latency_ns);
	seen->words = 1;
	seen->hits = !err;
	return bench_engine_answered(err) ? 0 : err;
}

/* The device writes to the target, which has pattern @seed before; the witness has the next one. */
static int verify_set(struct verify_round *v, size_t bytes, u64 seed)
{
	int err;

	pattern_fill(v->target.words, bytes, seed);
	pattern_fill(v->witness.words, bytes, seed + 1);
	verify_clean(v, &v->target);
	verify_clean(v, &v->witness);
	if (verify_copies(v))
		return verify_copy(v, &v->target, &v->witness, bytes);
	dma_wmb();
	err = bench_engine_fill(&v->run->bd->engine, v->target.iova);
	dma_rmb();
	return err;
}

/* Target and witness are as verify_put() and memset() left them before they were mapped. */
static int verify_read(struct verify_round *v)
{
	struct verify_seen seen;
	int err;

	if (!verify_can(v, IOMMUBENCH_FEATURE_READS))
		return 0;
	err = verify_get(v, v->bytes, v->seed, &seen);
	if (err)
		return verify_engine_failed(v, err);
	bench_run_check(v->run, IOMMUBENCH_CHECK_TRANSFER, seen.hits == seen.words ? NULL :
			"device read %zu of %zu words right at mapped IOVA 0x%llx",
			seen.hits, seen.words, v->target.iova);
	return 0;
}

/* What comes of it is looked at after the unmap, by verify_written(). */
static int verify_write(struct verify_round *v)
{
	int err;

	if (!verify_can(v, IOMMUBENCH_FEATURE_WRITES))
		return 0;
	err = verify_set(v, v->bytes, v->seed);
	return err ? verify_engine_failed(v, err) : 0;
}

static void verify_written(struct verify_round *v)
{
	size_t words = v->bytes / sizeof(u64), good = 0, i;
	const u64 *filled = v->run->bd->engine.filled;

	if (!verify_can(v, IOMMUBENCH_FEATURE_WRITES))
		return;
	if (v->mt->work->domain)
		verify_invalidate(v, &v->target);
	if (verify_copies(v))
		good = pattern_count(v->target.words, v->bytes, v->seed + 1);
	else
		for (i = 0; i < words; i++)
			good += READ_ONCE(v->target.words[i]) == filled[i];
	bench_run_check(v->run, IOMMUBENCH_CHECK_TRANSFER, good == words ? NULL :
			"device wrote %zu of %zu words right at mapped IOVA 0x%llx",
			good, words, v->target.iova);
}

/* One access that is to be refused. */
static int verify_try(struct verify_round *v, bool read, struct verify_seen *seen)
{
	size_t bytes = min(v->bytes, VERIFY_REFUSED_BYTES);
	u64 seed = v->seed + 2;
	int err;

	/* What an engine writes of its own has a size of its own. */
	if (!verify_copies(v))
		bytes = v->bytes;
	if (read) {
		verify_put(v, bytes, seed);
		pattern_fill(v->witness.words, bytes, seed + 1);
		verify_clean(v, &v->target);
		verify_clean(v, &v->witness);
		return verify_get(v, bytes, seed, seen);
	}
	err = verify_set(v, bytes, seed);
	verify_invalidate(v, &v->target);
	seen->words = bytes / sizeof(u64);
	seen->hits = seen->words - pattern_count(v->target.words, bytes, seed);
	return err;
}

/* Try an access until it is refused or @deadline has passed. */
static int verify_refused(struct verify_round *v, enum iommubench_check_id id,
			  unsigned long unmapped, unsigned long deadline)
{
	bool read = id == IOMMUBENCH_CHECK_READ_REFUSED;
	struct verify_seen seen;
	int err;

	if (!verify_can(v, read ? IOMMUBENCH_FEATURE_READS : IOMMUBENCH_FEATURE_WRITES))
		return 0;
	for (;;) {
		err = verify_try(v, read, &seen);
		if (err)
			return verify_engine_failed(v, err);
		if (!seen.hits || time_after(jiffies, deadline) || bench_run_stopped(v->run))
			break;
		msleep(VERIFY_LAZY_WAIT_MS);
	}
	bench_run_check(v->run, id, !seen.hits ? NULL :
			"device could still %s %zu of %zu words at IOVA 0x%llx, %u ms after unmap",
			read ? "read" : "write", seen.hits, seen.words, v->target.iova,
			jiffies_to_msecs(jiffies - unmapped));
	return 0;
}

static int verify_maintain(struct verify_round *v)
{
	struct device *dev = v->mt->work->dev;
	int err;

	err = bench_maintain_begin(&v->target.maintained, dev, v->target.words, PAGE_SIZE) ?:
	      bench_maintain_begin(&v->witness.maintained, dev, v->witness.words, PAGE_SIZE);
	if (err)
		bench_run_fail(v->run, err, "the verifier's buffers cannot be mapped a second time for their caches: error %d",
			       err);
	return err;
}

/* Transfers through the target's mapping, then its unmap, and what the device gets then. */
static int verify_target(struct verify_round *v)
{
	enum iommubench_domain_type type = bench_device_domain_type(v->mt->work->dev);
	unsigned long unmapped, deadline;
	int err;

	verify_mapped(v);
	err = verify_read(v) ?: verify_write(v);
	verify_unmap(v, &v->target);
	unmapped = jiffies;
	deadline = unmapped;
	if (err)
		return err;
	verify_written(v);
	if (!v->mt->work->domain && type == IOMMUBENCH_DOMAIN_LAZY) {
		msleep(VERIFY_LAZY_WAIT_MS);
		deadline += msecs_to_jiffies(VERIFY_LAZY_LIMIT_MS);
	}
	/* Without translation there is nothing that could refuse. */
	if (!v->mt->work->domain && type != IOMMUBENCH_DOMAIN_STRICT &&
	    type != IOMMUBENCH_DOMAIN_LAZY)
		return 0;
	return verify_refused(v, IOMMUBENCH_CHECK_READ_REFUSED, unmapped, deadline) ?:
	       verify_refused(v, IOMMUBENCH_CHECK_WRITE_REFUSED, unmapped, deadline);
}

/**
 * mu_verify() - one round of checks
 * @t: the verifier
 *
 * Context: the verifier's kernel thread, beside the load.
 * Return: 0, or a negative errno when no further round makes sense.
 */
int mu_verify(struct bench_thread *t)
{
	struct mu_thread *mt = t->work;
	struct bench_run *run = t->run;
	struct verify_round v = {
		.run = run,
		.mt = mt,
		.target.slot = &mt->slots[MU_VERIFY_TARGET],
		.witness.slot = &mt->slots[MU_VERIFY_WITNESS],
		.bytes = min(run->bd->engine.max_bytes, PAGE_SIZE),
	};
	u64 round = run->checks[IOMMUBENCH_CHECK_TRANSFER].count;
	size_t chunks, offset;
	int err;

	v.seed = pattern_word(run->desc.seed, round);
	/* A different part of the mapping each round; the first and the last come first. */
	chunks = v.target.slot->buffer->bytes / PAGE_SIZE;
	offset = (round == 0 ? 0 : round == 2 ? chunks - 1 : (u32)v.seed % chunks) * PAGE_SIZE;
	v.target.words = bench_buffer_at(v.target.slot->buffer, offset);
	v.witness.words = bench_buffer_at(v.witness.slot->buffer, 0);
	verify_put(&v, v.bytes, v.seed);
	memset(v.witness.words, 0, v.bytes);

	err = verify_map(&v, &v.target, offset);
	if (err)
		return err;
	err = verify_map(&v, &v.witness, 0);
	if (err) {
		verify_unmap(&v, &v.target);
		return err;
	}
	err = verify_maintain(&v);
	if (err)
		verify_unmap(&v, &v.target);
	else
		err = verify_target(&v);
	bench_maintain_end(&v.target.maintained);
	bench_maintain_end(&v.witness.maintained);
	verify_unmap(&v, &v.witness);
	return err;
}
