// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches for engines that read once and do not repeat it: a worker of the kernel's starts one
 * probe after the other until one does not get through. Moments are by the CPU's clock, and each
 * is taken so that it cannot make an exposure of what is none: a probe that got through counts from
 * before it was started, one that was refused from when that was known. So the watch is as fine as
 * one probe, which is told as @probe_ns of the engine.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "clock.h"
#include "engine/soft_watch.h"

/* The shortest pause that is slept and not waited for. */
#define SOFT_SLEEP_US	20
/* A pause is cut into such pieces, so that the end of a watch is noticed. */
#define SOFT_SLEEP_MOST_US	10000
/* So often who waits for the end of a watch looks whether it must give up. */
#define SOFT_WAIT		(HZ / 100 + 1)

/**
 * struct bench_soft_watch - the watch of one engine
 * @engine: the engine; while a watch is under way, its probes are the worker's alone
 * @queue: where the worker comes from: any CPU, before ordinary work
 * @work: the watch
 * @done: it has ended
 * @stop: it is to end
 * @iova: what is read
 * @pasid: to read with, or BENCH_NO_PASID
 * @mark: what is to be found
 * @interval_ns: from the start of one probe to the next, in nanoseconds, 0 for none
 * @accesses: probes that got through
 * @last_ns: when the last of them was begun, in nanoseconds of bench_clock()
 * @end_ns: when the one was over that did not
 * @err: how that ended
 */
struct bench_soft_watch {
	struct bench_engine *engine;
	struct workqueue_struct *queue;
	struct work_struct work;
	struct completion done;
	bool stop;
	u64 iova;
	int pasid;
	u64 mark;
	u32 interval_ns;
	u64 accesses;
	u64 last_ns;
	u64 end_ns;
	int err;
};

static u64 soft_now(void)
{
	return bench_ticks_to_ns(bench_clock());
}

static void soft_pause(const struct bench_soft_watch *soft, u64 begun_ns)
{
	u64 due = begun_ns + soft->interval_ns, now, us;

	cond_resched();
	while (soft->interval_ns && !READ_ONCE(soft->stop) && (now = soft_now()) < due) {
		us = div_u64(due - now, NSEC_PER_USEC);
		if (us < SOFT_SLEEP_US)
			cpu_relax();
		else
			usleep_range(min_t(u64, us, SOFT_SLEEP_MOST_US) / 2,
				     min_t(u64, us, SOFT_SLEEP_MOST_US));
	}
}

static void soft_work(struct work_struct *work)
{
	struct bench_soft_watch *soft = container_of(work, struct bench_soft_watch, work);
	struct bench_engine *engine = soft->engine;
	u64 begun, latency_ns;

	do {
		begun = soft_now();
		soft->err = engine->ops->read_probe(engine, soft->iova, soft->pasid, soft->mark,
						    &latency_ns);
		soft->end_ns = soft_now();
		if (soft->err)
			break;
		soft->last_ns = begun;
		WRITE_ONCE(soft->accesses, soft->accesses + 1);
		soft_pause(soft, begun);
	} while (!READ_ONCE(soft->stop));
	complete(&soft->done);
}

/**
 * bench_soft_watch_new() - make watches possible
 * @engine: the engine, which has a read_probe
 *
 * Context: may sleep.
 * Return: for bench_soft_watch_free(), or NULL without memory.
 */
struct bench_soft_watch *bench_soft_watch_new(struct bench_engine *engine)
{
	struct bench_soft_watch *soft = kzalloc(sizeof(*soft), GFP_KERNEL);

	if (!soft)
		return NULL;
	soft->engine = engine;
	soft->queue = alloc_workqueue("iommubench_watch", WQ_UNBOUND | WQ_HIGHPRI, 1);
	if (!soft->queue) {
		kfree(soft);
		return NULL;
	}
	INIT_WORK(&soft->work, soft_work);
	init_completion(&soft->done);
	return soft;
}

/**
 * bench_soft_watch_free() - undo bench_soft_watch_new()
 * @soft: no watch is under way; NULL does nothing
 *
 * Context: may sleep.
 */
void bench_soft_watch_free(struct bench_soft_watch *soft)
{
	if (!soft)
		return;
	destroy_workqueue(soft->queue);
	kfree(soft);
}

/**
 * bench_soft_watch_start() - start a watch
 * @soft: no watch is under way
 * @iova: as &bench_engine_ops.watch_start, as all that follow
 * @pasid: to read with, or BENCH_NO_PASID
 * @mark: what is to be found there
 * @interval_ns: nanoseconds from one probe to the next at least, 0 for none
 *
 * Context: may sleep; the engine's lock is held until the watch was ended.
 * Return: 0.
 */
int bench_soft_watch_start(struct bench_soft_watch *soft, u64 iova, int pasid, u64 mark,
			   u32 interval_ns)
{
	soft->iova = iova;
	soft->pasid = pasid;
	soft->mark = mark;
	soft->interval_ns = interval_ns;
	soft->accesses = 0;
	soft->last_ns = 0;
	soft->err = 0;
	soft->stop = false;
	reinit_completion(&soft->done);
	queue_work(soft->queue, &soft->work);
	return 0;
}

/**
 * bench_soft_watch_count() - how often a watch got through so far
 * @soft: with a watch under way
 *
 * Context: any.
 */
u64 bench_soft_watch_count(const struct bench_soft_watch *soft)
{
	return READ_ONCE(soft->accesses);
}

/**
 * bench_soft_watch_end() - wait for the end of a watch
 * @soft: with a watch under way
 * @limit_ns: nanoseconds from now on, after which it is stopped
 * @watch: receives what happened, by bench_clock() in nanoseconds
 *
 * Context: sleeps.
 * Return: as &bench_engine_ops.watch_end.
 */
int bench_soft_watch_end(struct bench_soft_watch *soft, u64 limit_ns, struct bench_watch *watch)
{
	unsigned long limit = jiffies + nsecs_to_jiffies(limit_ns) + 1;

	while (!wait_for_completion_timeout(&soft->done, SOFT_WAIT) &&
	       time_before(jiffies, limit) && !bench_engine_hurried(soft->engine))
		;
	WRITE_ONCE(soft->stop, true);
	flush_work(&soft->work);
	watch->accesses = soft->accesses;
	if (!soft->err)
		return -ETIMEDOUT;
	if (!bench_engine_answered(soft->err))
		return soft->err == -ETIMEDOUT ? -EIO : soft->err;
	watch->other = soft->err == -EBADMSG;
	watch->last_ns = soft->last_ns;
	watch->refused_ns = soft->end_ns;
	return 0;
}
