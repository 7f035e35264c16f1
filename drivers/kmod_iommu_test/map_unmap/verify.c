// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows that mappings work, and that they are gone when they should be: data
 * that the engine moves through a mapping arrives, and after unmap and
 * invalidation neither a read nor a write of the device gets through. Judged by
 * the data, because not every engine can tell that an access was refused.
 */
#include <linux/delay.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "device.h"
#include "engine/engine.h"
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
	if (!dev_is_dma_coherent(work->dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "verification needs a cache-coherent device, and %s is not",
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
 * struct verify_round - one pass of mu_verify()
 * @run: the run
 * @target: where the checked part of the target is for the CPU
 * @target_iova: where that is for the device
 * @witness: the second buffer for the CPU
 * @witness_iova: where that is for the device
 * @bytes: size of the checked part
 * @seed: seed of this round's patterns
 */
struct verify_round {
	struct bench_run *run;
	u64 *target;
	u64 target_iova;
	u64 *witness;
	u64 witness_iova;
	size_t bytes;
	u64 seed;
};

static int verify_copy(struct verify_round *v, u64 dst, u64 src, size_t bytes)
{
	int err;

	/* All that the CPU wrote must be there before the device looks, and back. */
	dma_wmb();
	err = bench_engine_copy(&v->run->bd->engine, dst, src, bytes);
	dma_rmb();
	return err;
}

/* An engine that does not finish cannot check anything: that ends the run. */
static int verify_engine_failed(struct verify_round *v, int err)
{
	return bench_run_fail(v->run, err, "the DMA engine did not finish a transfer of %zu bytes: error %d",
			      v->bytes, err);
}

static int verify_transfers(struct verify_round *v)
{
	size_t words = v->bytes / sizeof(u64), good;
	int err;

	pattern_fill(v->target, v->bytes, v->seed);
	memset(v->witness, 0, v->bytes);
	err = verify_copy(v, v->witness_iova, v->target_iova, v->bytes);
	if (err && err != -EFAULT)
		return verify_engine_failed(v, err);
	good = pattern_count(v->witness, v->bytes, v->seed);
	bench_run_check(v->run, IOMMUBENCH_CHECK_TRANSFER, good == words ? NULL :
			"device read %zu of %zu words right at mapped IOVA 0x%llx",
			good, words, v->target_iova);

	memset(v->target, 0, v->bytes);
	pattern_fill(v->witness, v->bytes, v->seed + 1);
	err = verify_copy(v, v->target_iova, v->witness_iova, v->bytes);
	if (err && err != -EFAULT)
		return verify_engine_failed(v, err);
	good = pattern_count(v->target, v->bytes, v->seed + 1);
	bench_run_check(v->run, IOMMUBENCH_CHECK_TRANSFER, good == words ? NULL :
			"device wrote %zu of %zu words right at mapped IOVA 0x%llx",
			good, words, v->target_iova);
	return 0;
}

/* Try an access until it is refused or @deadline has passed. */
static int verify_refused(struct verify_round *v, enum iommubench_check_id id,
			  unsigned long unmapped, unsigned long deadline)
{
	bool read = id == IOMMUBENCH_CHECK_READ_REFUSED;
	size_t bytes = min(v->bytes, VERIFY_REFUSED_BYTES), words = bytes / sizeof(u64), leaked;
	int err;

	for (;;) {
		pattern_fill(v->target, bytes, v->seed + 2);
		pattern_fill(v->witness, bytes, v->seed + 3);
		err = read ? verify_copy(v, v->witness_iova, v->target_iova, bytes) :
			     verify_copy(v, v->target_iova, v->witness_iova, bytes);
		if (err && err != -EFAULT)
			return verify_engine_failed(v, err);
		leaked = read ? pattern_count(v->witness, bytes, v->seed + 2) :
				words - pattern_count(v->target, bytes, v->seed + 2);
		if (!leaked || time_after(jiffies, deadline) || bench_run_stopped(v->run))
			break;
		msleep(VERIFY_LAZY_WAIT_MS);
	}
	bench_run_check(v->run, id, !leaked ? NULL :
			"device could still %s %zu of %zu words at IOVA 0x%llx, %u ms after unmap",
			read ? "read" : "write", leaked, words, v->target_iova,
			jiffies_to_msecs(jiffies - unmapped));
	return 0;
}

static int verify_map(struct bench_thread *t, struct mu_slot *slot)
{
	struct mu_thread *mt = t->work;
	int err;

	if (mt->work->domain)
		slot->iova = bench_iova_next(&mt->iova);
	err = mt->work->api->map(mt, slot);
	if (err)
		bench_run_fail(t->run, err, "the verifier's mapping of %zu bytes failed: error %d",
			       slot->buffer->bytes, err);
	return err;
}

static void verify_unmap(struct mu_thread *mt, struct mu_slot *slot)
{
	mt->work->api->unmap(mt, slot);
	if (mt->work->api->sync)
		mt->work->api->sync(mt);
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
	struct mu_slot *target = &mt->slots[MU_VERIFY_TARGET];
	struct mu_slot *witness = &mt->slots[MU_VERIFY_WITNESS];
	struct bench_run *run = t->run;
	enum iommubench_domain_type type = bench_device_domain_type(mt->work->dev);
	unsigned long unmapped, deadline;
	struct verify_round v = { .run = run };
	u64 round = run->checks[IOMMUBENCH_CHECK_TRANSFER].count;
	size_t chunks, offset;
	int err;

	v.bytes = min(run->bd->engine.max_bytes, PAGE_SIZE);
	v.seed = pattern_word(run->desc.seed, round);
	/* A different part of the mapping each round; the first and the last come first. */
	chunks = target->buffer->bytes / PAGE_SIZE;
	offset = (round == 0 ? 0 : round == 2 ? chunks - 1 : (u32)v.seed % chunks) * PAGE_SIZE;

	err = verify_map(t, target);
	if (err)
		return err;
	err = verify_map(t, witness);
	if (err) {
		verify_unmap(mt, target);
		return err;
	}
	v.target = bench_buffer_at(target->buffer, offset);
	v.target_iova = target->iova + offset;
	v.witness = bench_buffer_at(witness->buffer, 0);
	v.witness_iova = witness->iova;

	err = verify_transfers(&v);
	verify_unmap(mt, target);
	unmapped = jiffies;
	deadline = unmapped;
	if (!mt->work->domain && type == IOMMUBENCH_DOMAIN_LAZY) {
		msleep(VERIFY_LAZY_WAIT_MS);
		deadline += msecs_to_jiffies(VERIFY_LAZY_LIMIT_MS);
	}
	/* Without translation there is nothing that could refuse. */
	if (!err && (mt->work->domain || type == IOMMUBENCH_DOMAIN_STRICT ||
		     type == IOMMUBENCH_DOMAIN_LAZY))
		err = verify_refused(&v, IOMMUBENCH_CHECK_READ_REFUSED, unmapped, deadline) ?:
		      verify_refused(&v, IOMMUBENCH_CHECK_WRITE_REFUSED, unmapped, deadline);
	verify_unmap(mt, witness);
	return err;
}
