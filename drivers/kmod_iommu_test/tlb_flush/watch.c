// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device still sees of a round that was undone: it reads, and never
 * writes, so that an access that should not have got through does no harm.
 */
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/scatterlist.h>

#include "clock.h"
#include "device.h"
#include "engine/engine.h"
#include "memory/maintain.h"
#include "run/run.h"
#include "tlb_flush/round.h"

/* A device that reads at a mapped address gets through at once. */
#define TF_FIRST_ACCESS_NS	NSEC_PER_SEC
/* However lazy the strategy, by then the device must have lost its access. */
#define TF_REFUSED_NS		NSEC_PER_SEC

/**
 * tf_watch_possible() - can this device be watched as the run wants it?
 * @run: about to be prepared
 * @work: its state as far as it is known
 * @msg: receives the reason why not
 *
 * Return: 0 or a negative errno.
 */
int tf_watch_possible(struct bench_run *run, struct tf_work *work, struct bench_message *msg)
{
	static const u64 needs[] = {
		[IOMMUBENCH_FLUSH_EXPOSURE] = IOMMUBENCH_FEATURE_WATCH,
		[IOMMUBENCH_FLUSH_STALE] = IOMMUBENCH_FEATURE_PROBE,
		[IOMMUBENCH_FLUSH_DEVICE] = IOMMUBENCH_FEATURE_PROBE |
					    IOMMUBENCH_FEATURE_DEVICE_CLOCK,
	};
	static const char *const verbs[] = {
		[IOMMUBENCH_FLUSH_EXPOSURE] = "watch an address until it is refused",
		[IOMMUBENCH_FLUSH_STALE] = "tell a refused access",
		[IOMMUBENCH_FLUSH_DEVICE] = "time its accesses",
	};
	const struct bench_engine *engine = &run->bd->engine;

	if (work->mode == IOMMUBENCH_FLUSH_COST)
		return 0;
	if (needs[work->mode] & ~bench_engine_features(engine))
		return bench_refuse(msg, -EOPNOTSUPP, "engine %s of %s cannot %s: only costs can be measured",
				    engine->ops->name, dev_name(work->dev), verbs[work->mode]);
	if (work->pasid_domains && !engine->ops->pasids)
		return bench_refuse(msg, -EOPNOTSUPP,
				    "engine %s of %s has no PASIDs, which domains of each thread's own are told by: only costs can be measured there",
				    engine->ops->name, dev_name(work->dev));
	if (work->strategy->own_domain && engine->ops->by_data &&
	    !bench_maintain_possible(work->dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "engine %s tells by data, for which %s has to snoop or to reach all memory, and does neither: only costs can be measured",
				    engine->ops->name, dev_name(work->dev));
	if (work->mode == IOMMUBENCH_FLUSH_DEVICE)
		return 0;
	if (!tf_translates(work->strategy))
		return bench_refuse(msg, -EINVAL,
				    "strategy %s: nothing translates, so no access is ever refused",
				    work->strategy->name);
	if (work->mode == IOMMUBENCH_FLUSH_STALE && !work->strategy->waits)
		return bench_refuse(msg, -EINVAL,
				    "strategy %s lets accesses through for a while by design: look at its exposure",
				    work->strategy->name);
	return 0;
}

/* An engine that does not answer cannot tell anything: that ends the run. */
static int tf_engine_failed(struct bench_thread *t, int err)
{
	return bench_run_fail(t->run, err, "the DMA engine did not finish a read: error %d", err);
}

/* Data alone do not tell a refused read from one of memory that is all zero. */
static const char *tf_or_zeros(const struct bench_thread *t)
{
	return t->run->bd->engine.ops->by_data ? ", or read zeros" : "";
}

/*
 * The device got through to where its address does not lead any more: by a translation from before,
 * if anything translates.
 */
static void tf_found_other(struct bench_thread *t, u64 iova)
{
	struct tf_thread *tt = t->work;
	const struct tf_strategy *strategy = tt->work->strategy;

	if (tf_translates(strategy))
		bench_run_check(t->run, IOMMUBENCH_CHECK_STALE_ACCESS,
				"device read other memory than what strategy %s has mapped at IOVA 0x%llx: a translation from before is still used (round %llu)",
				strategy->name, iova, tt->rounds);
	else
		bench_run_check(t->run, IOMMUBENCH_CHECK_TRANSFER,
				"device did not read what is at address 0x%llx", iova);
}

/*
 * Return: 0; 1 when it found something else, which is counted then; a negative errno after which no
 * further round makes sense.
 */
static int tf_read_mapped(struct bench_thread *t, u64 iova, u64 *latency_ns)
{
	struct tf_thread *tt = t->work;
	int err = bench_engine_read_probe(&t->run->bd->engine, iova, tt->pasid, tt->mark,
					  latency_ns);

	if (!bench_engine_answered(err))
		return tf_engine_failed(t, err);
	if (err == -EBADMSG) {
		tf_found_other(t, iova);
		return 1;
	}
	bench_run_check(t->run, IOMMUBENCH_CHECK_TRANSFER, !err ? NULL :
			"device was refused at mapped IOVA 0x%llx%s", iova, tf_or_zeros(t));
	return 0;
}

static int tf_map(struct bench_thread *t, unsigned int n)
{
	struct tf_thread *tt = t->work;
	struct tf_times times;
	int err = tf_timed_map(tt, tt->work->strategy, n, &times);

	return err ? tf_map_failed(t, err) : 0;
}

static int tf_unmap(struct bench_thread *t, unsigned int n)
{
	struct tf_thread *tt = t->work;
	struct tf_times times;

	return tf_timed_unmap(tt, tt->work->strategy, n, &times) ? tf_unmap_failed(t) : 0;
}

static void tf_stale(struct bench_thread *t, u64 iova, u64 age)
{
	struct tf_thread *tt = t->work;

	bench_run_check(t->run, IOMMUBENCH_CHECK_STALE_ACCESS,
			"device still read IOVA 0x%llx %llu ns after strategy %s had unmapped it (round %llu, %u mappings of %zu bytes)",
			iova, bench_ticks_to_ns(age), tt->work->strategy->name, tt->rounds,
			tt->work->mappings, tt->work->bytes);
}

static u64 tf_last_page(const struct tf_work *work, u64 iova)
{
	return iova + work->bytes - PAGE_SIZE;
}

/* Return: whether the device still gets through, or a negative errno after bench_run_fail(). */
static int tf_probe_unmapped(struct bench_thread *t, u64 iova, u64 *age)
{
	struct tf_thread *tt = t->work;
	u64 latency_ns;
	int err;

	err = bench_engine_read_probe(&t->run->bd->engine, iova, tt->pasid, tt->mark, &latency_ns);
	*age = bench_clock() - tt->now;
	if (!bench_engine_answered(err))
		return tf_engine_failed(t, err);
	return !err;
}

/*
 * Another mapping each time, so that all of them have their turn; and the round's last one, where
 * an invalidation of a range ends. Of each the first page and the last.
 */
static int tf_stale_round(struct bench_thread *t, unsigned int n)
{
	struct tf_thread *tt = t->work;
	u64 first, last, latency_ns, age, pages[3];
	unsigned int i, k = 0;
	int err;

	err = tf_map(t, n);
	if (err)
		return err;
	/* The DMA API chooses addresses when it maps. */
	first = tt->iova[(u32)tt->rounds % n];
	last = tf_last_page(tt->work, tt->iova[n - 1]);
	pages[k++] = first;
	if (tf_last_page(tt->work, first) != first)
		pages[k++] = tf_last_page(tt->work, first);
	if (last != pages[k - 1])
		pages[k++] = last;
	for (i = 0; i < k && !err; i++)
		err = tf_read_mapped(t, pages[i], &latency_ns);
	err = tf_unmap(t, n) ?: err;
	if (err)
		return min(err, 0);
	for (i = 0; i < k && !err; i++)
		err = tf_probe_unmapped(t, pages[i], &age);
	if (err > 0)
		tf_stale(t, pages[i - 1], age);
	else if (!err)
		bench_run_check(t->run, IOMMUBENCH_CHECK_STALE_ACCESS, NULL);
	return min(err, 0);
}

/* The device must have its translation before it can be taken from it. */
static bool tf_wait_first_access(struct bench_thread *t)
{
	struct bench_engine *engine = &t->run->bd->engine;
	u64 limit = bench_clock() + bench_ns_to_ticks(TF_FIRST_ACCESS_NS);

	while (!bench_engine_watch_count(engine)) {
		if (bench_clock() > limit || bench_run_stopped(t->run))
			return false;
		cpu_relax();
		cond_resched();
	}
	return true;
}

/**
 * struct tf_exposure - how long the device got through
 * @mapped: it did before the unmap began, as it should
 * @other: it read other memory than what was mapped
 * @refused: it was refused at last
 * @unmapping: when the unmap began
 * @returned: when the last unmap or flush had returned
 * @counted: accesses until just after that
 * @ticks: from then to the last access
 * @accesses: accesses that got through in @ticks
 */
struct tf_exposure {
	bool mapped;
	bool other;
	bool refused;
	u64 unmapping;
	u64 returned;
	u64 counted;
	u64 ticks;
	u64 accesses;
};

static int tf_watch_finish(struct bench_thread *t, struct tf_exposure *exposure)
{
	struct bench_engine *engine = &t->run->bd->engine;
	struct bench_engine_sync sync;
	struct bench_watch watch;
	u64 last, refused;
	int err;

	err = bench_engine_watch_end(engine, TF_REFUSED_NS, &watch);
	if (err && err != -ETIMEDOUT)
		return tf_engine_failed(t, err);
	exposure->refused = !err;
	if (err) {
		exposure->ticks = bench_clock() - exposure->returned;
		exposure->accesses = watch.accesses - exposure->counted;
		return 0;
	}
	bench_engine_sync(engine, &sync);
	last = bench_engine_ticks(&sync, watch.last_ns);
	refused = bench_engine_ticks(&sync, watch.refused_ns);
	/* What may be an error of the clock is neither a loss nor an exposure. */
	if ((s64)(exposure->unmapping - refused) > (s64)sync.error_ticks) {
		exposure->mapped = false;
		exposure->other = watch.other;
	}
	if (!watch.accesses || (s64)(last - exposure->returned) <= (s64)sync.error_ticks)
		return 0;
	exposure->ticks = last - exposure->returned;
	exposure->accesses = max(watch.accesses, exposure->counted + 1) - exposure->counted;
	return 0;
}

static void tf_check_exposure(struct bench_thread *t, u64 iova, const struct tf_exposure *exposure)
{
	struct tf_thread *tt = t->work;
	const struct tf_strategy *strategy = tt->work->strategy;

	if (exposure->other) {
		tf_found_other(t, iova);
		return;
	}
	bench_run_check(t->run, IOMMUBENCH_CHECK_TRANSFER, exposure->mapped ? NULL :
			"device was refused at mapped IOVA 0x%llx%s", iova, tf_or_zeros(t));
	if (!exposure->mapped)
		return;
	if (strategy->waits && exposure->ticks)
		tf_stale(t, iova, exposure->ticks);
	else if (strategy->waits)
		bench_run_check(t->run, IOMMUBENCH_CHECK_STALE_ACCESS, NULL);
	bench_run_check(t->run, IOMMUBENCH_CHECK_REFUSED_IN_TIME, exposure->refused ? NULL :
			"device could still read IOVA 0x%llx %llu ms after strategy %s had unmapped it",
			iova, bench_ticks_to_ns(exposure->ticks) / NSEC_PER_MSEC, strategy->name);
}

static int tf_exposure_round(struct bench_thread *t, unsigned int n, bool record)
{
	struct tf_thread *tt = t->work;
	struct bench_engine *engine = &t->run->bd->engine;
	struct tf_exposure exposure = {};
	u64 iova;
	int err, ended;

	err = tf_map(t, n);
	if (err)
		return err;
	iova = tf_last_page(tt->work, tt->iova[n - 1]);
	err = bench_engine_watch_start(engine, iova, tt->pasid, tt->mark,
				       tt->work->interval_ns);
	if (err) {
		tf_unmap(t, n);
		return tf_engine_failed(t, err);
	}
	exposure.mapped = tf_wait_first_access(t);
	exposure.unmapping = bench_clock();
	err = tf_unmap(t, n);
	exposure.counted = bench_engine_watch_count(engine);
	exposure.returned = tt->now;
	ended = tf_watch_finish(t, &exposure);
	tt->now = bench_clock();
	if (err || ended)
		return err ?: ended;
	/* Stopped before the device came by: that tells nothing. */
	if (!exposure.mapped && bench_run_stopped(t->run))
		return 0;
	tf_check_exposure(t, iova, &exposure);
	if (!record || !exposure.mapped)
		return 0;
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_EXPOSURE], exposure.ticks);
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_ACCESSES], exposure.accesses);
	return 0;
}

static int tf_device_round(struct bench_thread *t, unsigned int n, bool record)
{
	struct tf_thread *tt = t->work;
	u64 cold, warm, bystander, iova;
	int err;

	err = tf_map(t, n);
	if (err)
		return err;
	iova = tt->iova[(u32)tt->rounds % n];
	/* The last one only warms the bystander's translation up. */
	err = tf_read_mapped(t, iova, &cold) ?: tf_read_mapped(t, iova, &warm) ?:
	      tf_read_mapped(t, tt->bystander, &bystander);
	err = tf_unmap(t, n) ?: err;
	if (!err)
		err = tf_read_mapped(t, tt->bystander, &bystander);
	if (err || !record)
		return min(err, 0);
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_COLD], cold);
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_WARM], warm);
	iommubench_hist_add(t->hist[IOMMUBENCH_PHASE_FLUSH_BYSTANDER], bystander);
	return 0;
}

static int tf_mark_page(struct bench_thread *t, void *memory)
{
	struct tf_thread *tt = t->work;
	struct bench_maintained maintained;
	int err;

	*(__le64 *)memory = cpu_to_le64(tt->mark);
	if (!tt->work->strategy->own_domain)
		return 0;
	err = bench_maintain_begin(&maintained, tt->work->dev, memory, PAGE_SIZE);
	if (err)
		return bench_run_fail(t->run, err, "the watched memory cannot be mapped a second time for its caches: error %d",
				      err);
	bench_maintain_clean(&maintained);
	bench_maintain_end(&maintained);
	return 0;
}

/*
 * Once the DMA API has an address back, another thread may map its own memory there,
 * which the device then reads rightly. What it must not read any more is ours.
 * In an own domain each thread has addresses of its own; there, a mark is only for engines that
 * tell by it whether they were refused.
 *
 * A device that does not snoop sees the mark, for the DMA API cleans what it maps. The IOMMU API
 * does not, so that it is done here, once, as nobody writes there any more. First and last page
 * are looked at.
 */
static int tf_mark(struct bench_thread *t, const struct bench_engine *engine)
{
	struct tf_thread *tt = t->work;
	void *memory = sg_virt(tt->buffer.sgt.sgl);

	if (tt->work->strategy->own_domain && !engine->ops->by_data)
		return 0;
	tt->mark = (get_random_u64() & engine->mark_mask) | 1;
	return tf_mark_page(t, memory) ?:
	       tf_mark_page(t, memory + tt->work->piece_bytes - PAGE_SIZE);
}

/**
 * tf_watch_begin() - what the watching thread does before the barrier
 * @t: the worker
 *
 * Return: 0 or a negative errno after bench_run_fail().
 */
int tf_watch_begin(struct bench_thread *t)
{
	struct tf_thread *tt = t->work;
	int err;

	err = tf_mark(t, &t->run->bd->engine);
	if (err || tt->work->mode != IOMMUBENCH_FLUSH_DEVICE)
		return err;
	err = tt->work->strategy->map(tt, &tt->bystander);
	if (err)
		return tf_map_failed(t, err);
	tt->bystander_mapped = true;
	return 0;
}

/**
 * tf_watch_end() - undo tf_watch_begin(), and end the load as well
 * @t: the worker
 */
void tf_watch_end(struct bench_thread *t)
{
	struct tf_thread *tt = t->work;
	const struct tf_strategy *strategy = tt->work->strategy;

	bench_run_stop(t->run, t->count ? IOMMUBENCH_END_COUNT : IOMMUBENCH_END_TIME);
	if (!tt->bystander_mapped)
		return;
	tt->bystander_mapped = false;
	if (strategy->unmap(tt, tt->bystander, tt->work->bytes))
		tf_unmap_failed(t);
	if (strategy->flush)
		strategy->flush(tt);
}

/**
 * tf_watch_round() - a round with the engine, in the run's mode
 * @t: the worker that watches
 * @n: number of mappings in the round
 * @record: add it to the histograms
 *
 * Return: 0, or a negative errno after bench_run_fail().
 */
int tf_watch_round(struct bench_thread *t, unsigned int n, bool record)
{
	const struct tf_thread *tt = t->work;

	switch (tt->work->mode) {
	case IOMMUBENCH_FLUSH_EXPOSURE:
		return tf_exposure_round(t, n, record);
	case IOMMUBENCH_FLUSH_STALE:
		return tf_stale_round(t, n);
	default:
		return tf_device_round(t, n, record);
	}
}
