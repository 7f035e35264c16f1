// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows that mappings work, and that they are gone when they should be. A round looks at one thing,
 * and rounds take turns: data that the engine moves through a mapping arrives; through a mapping
 * for one direction nothing gets in the other one; an address that is used again leads to its new
 * memory at once; and after unmap and invalidation neither a read nor a write of the device gets
 * through, be it to one page, to each page of a mapping, or to several that were invalidated
 * together.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "device.h"
#include "engine/engine.h"
#include "iommu/group.h"
#include "map_unmap/internal.h"
#include "map_unmap/verify_side.h"
#include "memory/maintain.h"
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
/* An engine without probes takes too long to look at more at a time. */
#define VERIFY_SLOW_TARGETS	2U
#define VERIFY_SLOW_PAGES	4U

/* How large mappings may be so that there are so many of them to look at, witness included. */
#define VERIFY_MANY_BYTES	SZ_1M
#define VERIFY_SOME		4U
#define VERIFY_SOME_BYTES	SZ_64M
#define VERIFY_FEW		2U

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

/**
 * mu_verify_slots() - how many mappings the verifier has
 * @bytes: size of each but the last one, the witness, which is a page
 *
 * Return: a power of two, from 2 up to MU_VERIFY_SLOTS.
 */
unsigned int mu_verify_slots(size_t bytes)
{
	if (bytes <= VERIFY_MANY_BYTES)
		return MU_VERIFY_SLOTS;
	return bytes <= VERIFY_SOME_BYTES ? VERIFY_SOME : VERIFY_FEW;
}

/**
 * mu_verify_new() - make a verifier
 * @run: the run
 * @mt: its mappings: as many as mu_verify_slots() says, of which the last one is the witness
 *
 * Return: the verifier, for kfree(), or NULL without memory.
 */
struct mu_verify *mu_verify_new(struct bench_run *run, struct mu_thread *mt)
{
	struct mu_verify *v = kzalloc(sizeof(*v), GFP_KERNEL);
	unsigned int i;

	if (!v)
		return NULL;
	v->run = run;
	v->mt = mt;
	v->engine = &run->bd->engine;
	v->bytes = min(v->engine->max_bytes, PAGE_SIZE);
	v->nr_targets = mt->window - 1;
	for (i = 0; i < v->nr_targets; i++)
		v->targets[i].slot = &mt->slots[i];
	v->witness.slot = &mt->slots[v->nr_targets];
	return v;
}

/* An engine that does not finish cannot check anything: that ends the run. */
static int engine_failed(struct mu_verify *v, int err)
{
	return bench_run_fail(v->run, err, "the DMA engine did not finish a transfer of %zu bytes: error %d",
			      v->bytes, err);
}

static size_t pages_of(const struct verify_side *side)
{
	return side->slot->buffer->bytes >> PAGE_SHIFT;
}

/* The first page, the last one, and any page take turns. */
static void choose_page(struct mu_verify *v, struct verify_side *side, u64 turn)
{
	size_t pages = pages_of(side), page = 0;

	if (turn % 3 == 1)
		page = pages - 1;
	else if (turn % 3 == 2)
		page = (u32)verify_next_seed(v) % pages;
	side->offset = page << PAGE_SHIFT;
}

static int check_read(struct mu_verify *v, struct verify_side *side, enum iommubench_check_id id)
{
	struct verify_seen seen;
	int err;

	if (!verify_can(v, IOMMUBENCH_FEATURE_READS))
		return 0;
	err = verify_read(v, side, v->bytes, &seen);
	if (err)
		return engine_failed(v, err);
	side->proved = seen.hits == seen.words;
	bench_run_check(v->run, id, side->proved ? NULL :
			"device read %zu of %zu words right at mapped IOVA 0x%llx%s",
			seen.hits, seen.words, side->iova, verify_whose(v, &seen));
	if (side->proved || !(v->mt->work->attrs & DMA_ATTR_SKIP_CPU_SYNC))
		return 0;
	/* What map has not cleaned is cleaned now: does the address lead there, at least? */
	err = verify_read_again(v, side, v->bytes, &seen);
	side->proved = seen.hits == seen.words;
	return err ? engine_failed(v, err) : 0;
}

static bool may_write(const struct mu_verify *v, const struct verify_side *side)
{
	return verify_can(v, IOMMUBENCH_FEATURE_WRITES) &&
	       (side->proved || !verify_can(v, IOMMUBENCH_FEATURE_READS));
}

/* What comes of it is looked at after the unmap, by check_written(). */
static int write_mapped(struct mu_verify *v, struct verify_side *side)
{
	struct verify_seen seen;
	int err;

	if (!may_write(v, side))
		return 0;
	err = verify_write(v, side, v->bytes, &seen);
	side->written = !err;
	return err ? engine_failed(v, err) : 0;
}

static void check_written(struct mu_verify *v, struct verify_side *side)
{
	size_t good, words = v->bytes / sizeof(u64);

	if (!side->written)
		return;
	side->written = false;
	good = verify_written(v, side);
	bench_run_check(v->run, IOMMUBENCH_CHECK_TRANSFER, good == words ? NULL :
			"device wrote %zu of %zu words right at mapped IOVA 0x%llx",
			good, words, side->iova);
}

/* One access that is to be refused. Return: 1 when it was not, 0, or a negative errno. */
static int try_refused(struct mu_verify *v, struct verify_side *side, bool read,
		       struct verify_seen *seen)
{
	size_t bytes = min(v->bytes, VERIFY_REFUSED_BYTES);
	int err;

	if (read) {
		err = verify_read_again(v, side, bytes, seen);
		return err ?: seen->hits || verify_elsewhere(v, seen);
	}
	err = verify_write(v, side, bytes, seen);
	seen->hits = seen->words - verify_untouched(v, side, seen->words * sizeof(u64));
	if (err || seen->hits || !seen->through)
		return err ?: !!seen->hits;
	/* With a DMA API a worker may have the address by now. */
	v->smeared = true;
	return !!v->mt->work->domain;
}

/* Try an access until it is refused or @deadline has passed. */
static int check_refused(struct mu_verify *v, struct verify_side *side, bool read,
			 unsigned long unmapped, unsigned long deadline)
{
	struct verify_seen seen;
	int ret;

	for (;;) {
		ret = try_refused(v, side, read, &seen);
		if (ret < 0)
			return engine_failed(v, ret);
		if (!ret || time_after(jiffies, deadline) || bench_run_stopped(v->run))
			break;
		msleep(VERIFY_LAZY_WAIT_MS);
	}
	bench_run_check(v->run, read ? IOMMUBENCH_CHECK_READ_REFUSED :
				       IOMMUBENCH_CHECK_WRITE_REFUSED, !ret ? NULL :
			seen.hits ?
			"device could still %s %zu of %zu words at IOVA 0x%llx, %u ms after unmap" :
			"device could %s other memory, %zu of %zu words of ours, at IOVA 0x%llx, %u ms after unmap",
			read ? "read" : "write", seen.hits, seen.words, side->iova,
			jiffies_to_msecs(jiffies - unmapped));
	return 0;
}

/*
 * Whoever shares the device's addresses may be given this one by the DMA API: what is written there
 * would be written to his memory.
 */
static bool may_write_unmapped(const struct mu_verify *v, const struct verify_side *side)
{
	return may_write(v, side) && v->alone;
}

/* When an access must be refused at last that was just unmapped. */
static unsigned long refused_by(const struct mu_verify *v, unsigned long unmapped)
{
	if (!v->lazy)
		return unmapped;
	msleep(VERIFY_LAZY_WAIT_MS);
	return unmapped + msecs_to_jiffies(VERIFY_LAZY_LIMIT_MS);
}

/* Unmap the first @n of @sides, invalidate once, and see that nothing gets through any more. */
static int take_away(struct mu_verify *v, struct verify_side *sides, unsigned int n)
{
	unsigned long unmapped, deadline;
	unsigned int i;
	int err = 0;

	for (i = 0; i < n; i++)
		err = verify_side_unmap(v, &sides[i]) ?: err;
	verify_side_sync(v);
	unmapped = jiffies;
	for (i = 0; i < n; i++)
		check_written(v, &sides[i]);
	/* Without translation there is nothing that could refuse. */
	if (err || !v->translated)
		return err;
	deadline = refused_by(v, unmapped);
	for (i = 0; i < n && !err; i++) {
		if (verify_can(v, IOMMUBENCH_FEATURE_READS))
			err = check_refused(v, &sides[i], true, unmapped, deadline);
		if (!err && may_write_unmapped(v, &sides[i]))
			err = check_refused(v, &sides[i], false, unmapped, deadline);
	}
	return err;
}

/* A mapping for both directions. */
static int look_plain(struct mu_verify *v)
{
	struct verify_side *side = v->targets;

	return verify_side_open(v, side, DMA_BIDIRECTIONAL) ?:
	       check_read(v, side, IOMMUBENCH_CHECK_TRANSFER) ?:
	       write_mapped(v, side) ?:
	       take_away(v, side, 1);
}

/* A mapping goes, and the next one, of other memory, has its address at once. */
static int look_reused(struct mu_verify *v)
{
	struct verify_side *old = &v->targets[0], *new = &v->targets[1];
	enum iommubench_check_id id = IOMMUBENCH_CHECK_TRANSFER;
	size_t words = v->bytes / sizeof(u64), left;
	int err;

	if (v->nr_targets < 2)
		return look_plain(v);
	err = verify_side_open(v, old, DMA_BIDIRECTIONAL) ?:
	      check_read(v, old, IOMMUBENCH_CHECK_TRANSFER) ?:
	      verify_side_unmap(v, old);
	verify_side_sync(v);
	if (err)
		return err;
	new->offset = old->offset;
	err = verify_side_open_at(v, new, DMA_BIDIRECTIONAL, old);
	/* The DMA API need not have given the same one. */
	if (!err && new->iova == old->iova)
		id = IOMMUBENCH_CHECK_REUSED;
	err = err ?: check_read(v, new, id) ?: write_mapped(v, new) ?: take_away(v, new, 1);
	if (err)
		return err;
	left = verify_untouched(v, old, v->bytes);
	if (id == IOMMUBENCH_CHECK_REUSED)
		bench_run_check(v->run, id, left == words ? NULL :
				"%zu of %zu words of memory that was unmapped from IOVA 0x%llx were changed, when other memory was mapped there",
				words - left, words, old->iova);
	/* It has just been refused there. */
	err = verify_side_open_at(v, old, DMA_BIDIRECTIONAL, new);
	id = old->iova == new->iova && v->translated ? IOMMUBENCH_CHECK_REUSED :
						       IOMMUBENCH_CHECK_TRANSFER;
	return err ?: check_read(v, old, id) ?: take_away(v, old, 1);
}

/* Has the device write through a mapping that it may only read. */
static int check_write_denied(struct mu_verify *v, struct verify_side *side)
{
	struct verify_seen seen;
	size_t left;
	int err;

	if (!v->translated || !may_write(v, side))
		return 0;
	err = verify_write(v, side, v->bytes, &seen);
	if (err)
		return engine_failed(v, err);
	left = verify_untouched(v, side, v->bytes);
	bench_run_check(v->run, IOMMUBENCH_CHECK_WRITE_DENIED,
			left == seen.words && !seen.through ? NULL :
			"device wrote %zu of %zu words at IOVA 0x%llx, which is mapped for reads only",
			seen.words - left, seen.words, side->iova);
	return 0;
}

/*
 * Has the device read through a mapping that it may only write. Not every table can say so: stage 1
 * of Arm, for one, has no bit for it. So that counts only where it was seen before.
 */
static int check_read_denied(struct mu_verify *v, struct verify_side *side)
{
	struct verify_seen seen;
	int err;

	if (!v->translated || !verify_can(v, IOMMUBENCH_FEATURE_READS))
		return 0;
	err = verify_read(v, side, v->bytes, &seen);
	if (err)
		return engine_failed(v, err);
	side->proved = side->proved || seen.hits == seen.words;
	if (!seen.hits && !seen.through)
		v->denies_reads = true;
	if (v->denies_reads)
		bench_run_check(v->run, IOMMUBENCH_CHECK_READ_DENIED,
				!seen.hits && !seen.through ? NULL :
				"device read %zu of %zu words at IOVA 0x%llx, which is mapped for writes only, and was refused that before",
				seen.hits, seen.words, side->iova);
	return 0;
}

/* A mapping for both directions, and at once one of the same memory at the same address for one. */
static int open_for_one(struct mu_verify *v, struct verify_side *side, enum dma_data_direction dir)
{
	bool proved;
	u64 iova;
	int err;

	err = verify_side_open(v, side, DMA_BIDIRECTIONAL) ?:
	      check_read(v, side, IOMMUBENCH_CHECK_TRANSFER) ?:
	      write_mapped(v, side) ?:
	      verify_side_unmap(v, side);
	verify_side_sync(v);
	if (err)
		return err;
	check_written(v, side);
	iova = side->iova;
	proved = side->proved;
	err = verify_side_open_at(v, side, dir, side);
	/* Whatever is used there now leads to the same memory. */
	side->proved = proved && side->iova == iova;
	return err;
}

/* What the device may only read. */
static int look_read_only(struct mu_verify *v)
{
	struct verify_side *side = v->targets;

	return open_for_one(v, side, DMA_TO_DEVICE) ?:
	       check_read(v, side, IOMMUBENCH_CHECK_TRANSFER) ?:
	       check_write_denied(v, side) ?:
	       take_away(v, side, 1);
}

/* What the device may only write. */
static int look_write_only(struct mu_verify *v)
{
	struct verify_side *side = v->targets;

	return open_for_one(v, side, DMA_FROM_DEVICE) ?:
	       check_read_denied(v, side) ?:
	       write_mapped(v, side) ?:
	       take_away(v, side, 1);
}

/* Several mappings, here and there, of any page each, and one invalidation for all. */
static int look_gathered(struct mu_verify *v)
{
	unsigned int i, n = v->nr_targets;
	int err = 0;

	if (!v->engine->ops->read_probe)
		n = min(n, VERIFY_SLOW_TARGETS);
	for (i = 0; i < n && !err; i++) {
		choose_page(v, &v->targets[i], v->rounds + i);
		err = verify_side_open(v, &v->targets[i], DMA_BIDIRECTIONAL) ?:
		      check_read(v, &v->targets[i], IOMMUBENCH_CHECK_TRANSFER);
	}
	return err ?: take_away(v, v->targets, n);
}

/* Which page of @pages is the @i-th that is looked at of @n: the first and the last one are. */
static size_t page_at(size_t pages, unsigned int i, unsigned int n)
{
	return n < 2 ? 0 : div_u64((u64)(pages - 1) * i, n - 1);
}

/* A mark for each page that is looked at; the CPU's, as the device is to find it. */
static int put_marks(struct mu_verify *v, const struct verify_side *side, unsigned int n, u64 seed)
{
	const struct mu_work *work = v->mt->work;
	struct bench_maintained maintained;
	unsigned int i;
	int err;

	for (i = 0; i < n; i++) {
		void *page = bench_buffer_at(side->slot->buffer,
					     page_at(pages_of(side), i, n) << PAGE_SHIFT);

		*(__le64 *)page = cpu_to_le64(verify_mark(v, seed + i));
		cond_resched();
		if (!work->domain)
			continue;
		err = bench_maintain_begin(&maintained, work->dev, page, PAGE_SIZE);
		if (err)
			return bench_run_fail(v->run, err, "the verifier's buffers cannot be mapped a second time for their caches: error %d",
					      err);
		bench_maintain_clean(&maintained);
		bench_maintain_end(&maintained);
	}
	return 0;
}

static int check_pages(struct mu_verify *v, const struct verify_side *side, unsigned int n,
		       u64 seed)
{
	struct verify_seen seen;
	unsigned int i;
	int err;

	for (i = 0; i < n && !bench_run_stopped(v->run); i++) {
		v->at[i] = verify_side_at(v, side, page_at(pages_of(side), i, n) << PAGE_SHIFT);
		if (v->at[i] == DMA_MAPPING_ERROR)
			return bench_run_broken(v->run, -EIO, "a mapping of %zu bytes has an end before its last page for the device",
						side->slot->buffer->bytes);
		err = verify_probe(v, v->at[i], seed + i, &seen);
		if (err)
			return engine_failed(v, err);
		bench_run_check(v->run, IOMMUBENCH_CHECK_TRANSFER, seen.hits ? NULL :
				"device did not read what is in page %zu of %zu at mapped IOVA 0x%llx%s",
				page_at(pages_of(side), i, n), pages_of(side), v->at[i],
				verify_whose(v, &seen));
	}
	return i;
}

static int check_pages_refused(struct mu_verify *v, const struct verify_side *side,
			       unsigned int all, unsigned int n, u64 seed)
{
	unsigned long unmapped = jiffies, deadline = refused_by(v, unmapped);
	struct verify_seen seen;
	unsigned int i;
	int err;

	for (i = 0; i < n; i++) {
		for (;;) {
			err = verify_probe(v, v->at[i], seed + i, &seen);
			if (err)
				return engine_failed(v, err);
			if (!seen.hits || time_after(jiffies, deadline) ||
			    bench_run_stopped(v->run))
				break;
			msleep(VERIFY_LAZY_WAIT_MS);
		}
		bench_run_check(v->run, IOMMUBENCH_CHECK_READ_REFUSED, !seen.hits ? NULL :
				"device could still read page %zu of %zu at IOVA 0x%llx, %u ms after all of it was unmapped",
				page_at(pages_of(side), i, all), pages_of(side), v->at[i],
				jiffies_to_msecs(jiffies - unmapped));
	}
	return 0;
}

/* Each page of a mapping, or if it has very many, as many of them, all over it. */
static int look_whole(struct mu_verify *v)
{
	struct verify_side *side = v->targets;
	unsigned int all = min_t(size_t, pages_of(side), v->engine->ops->read_probe ?
				 VERIFY_PAGES : VERIFY_SLOW_PAGES);
	u64 seed = verify_next_seed(v);
	int n, err;

	if (!verify_can(v, IOMMUBENCH_FEATURE_READS))
		return look_plain(v);
	side->offset = 0;
	err = put_marks(v, side, all, seed) ?: verify_side_open_as_is(v, side);
	if (err)
		return err;
	n = check_pages(v, side, all, seed);
	err = verify_side_unmap(v, side);
	verify_side_sync(v);
	if (n < 0 || err || !v->translated)
		return min(n, err);
	/* An engine that was refused may still have what it read last. */
	if (v->engine->ops->by_data && verify_copies(v)) {
		seed = verify_next_seed(v);
		err = put_marks(v, side, all, seed);
	}
	return err ?: check_pages_refused(v, side, all, n, seed);
}

/**
 * mu_verify_suspects() - may the device still get through to memory that a run has unmapped?
 * @run: its threads have ended
 *
 * If so, that memory must not become anybody else's: a translation that was left may be used by
 * whatever the device is told to do next, by whomever.
 *
 * Return: whether a check has failed that gives reason to think so.
 */
bool mu_verify_suspects(const struct bench_run *run)
{
	static const enum iommubench_check_id ids[] = {
		IOMMUBENCH_CHECK_READ_REFUSED, IOMMUBENCH_CHECK_WRITE_REFUSED,
		IOMMUBENCH_CHECK_REUSED, IOMMUBENCH_CHECK_MAPPING,
	};
	const struct mu_work *work = run->work;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		if (run->checks[ids[i]].failures)
			return true;
	/* Without cache maintenance, data go astray that are in the right place. */
	return run->checks[IOMMUBENCH_CHECK_TRANSFER].failures &&
	       !(work->attrs & DMA_ATTR_SKIP_CPU_SYNC);
}

static int (*const looks[])(struct mu_verify *v) = {
	look_plain, look_reused, look_read_only, look_gathered, look_whole, look_write_only,
};

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
	const struct mu_work *work = mt->work;
	struct mu_verify *v = mt->verify;
	enum iommubench_domain_type type = bench_device_domain_type(work->dev);
	unsigned int look = v->rounds % ARRAY_SIZE(looks), i;
	int err;

	v->lazy = !work->domain && type == IOMMUBENCH_DOMAIN_LAZY;
	v->translated = work->domain || v->lazy || type == IOMMUBENCH_DOMAIN_STRICT;
	v->alone = work->domain || (!v->engine->hosted && bench_group_alone(work->dev));
	choose_page(v, v->targets, div_u64(v->rounds, ARRAY_SIZE(looks)) + look);
	err = verify_side_open(v, &v->witness, DMA_BIDIRECTIONAL) ?: looks[look](v);
	for (i = 0; i < v->nr_targets; i++)
		verify_side_close(v, &v->targets[i]);
	verify_side_close(v, &v->witness);
	v->rounds++;
	return err;
}
