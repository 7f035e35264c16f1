// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the engine driver for a device. A new engine is one file, its name in types.h, and one row
 * here; or in the table of lab/lab.c, if only virtual boards have it.
 */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pci.h>

#include <uapi/iommubench.h>

#include "clock.h"
#include "engine/engine.h"
#include "engine/elsewhere.h"
#include "engine/soft_watch.h"

/* Of so many readings of an engine's clock the one that took least counts. */
#define ENGINE_SYNC_READS	16

/* Any device will do: nothing but the CPU's side of its mappings is exercised. */
static int none_probe(struct bench_engine *engine)
{
	engine->dma_bits = 64;
	engine->max_bytes = 0;
	return 0;
}

static const struct bench_engine_ops bench_engine_none = {
	.name = "none",
	.probe = none_probe,
};

static const struct bench_engine_ops *const bench_engines[] = {
	&bench_engine_nvme,
	&bench_engine_dmaengine,
	&bench_engine_igb,
	NULL
};

static struct bench_engine_set bench_engines_own = {
	.engines = bench_engines,
	.node = LIST_HEAD_INIT(bench_engines_own.node),
};

/* Guards the sets of other modules, which are in one list with our own. */
static DEFINE_MUTEX(bench_engines_lock);

/**
 * bench_engines_register() - make the engines of another module known
 * @set: the engines, with their owner; stays until bench_engines_unregister()
 *
 * Devices that are bound from now on may get them.
 *
 * Context: the owner's init; sleeps.
 */
void bench_engines_register(struct bench_engine_set *set)
{
	mutex_lock(&bench_engines_lock);
	list_add_tail(&set->node, &bench_engines_own.node);
	mutex_unlock(&bench_engines_lock);
}
EXPORT_SYMBOL_GPL(bench_engines_register);

/**
 * bench_engines_unregister() - forget the engines of another module
 * @set: the engines; none is in use, as each use holds a reference to the owner
 *
 * Context: the owner's exit; sleeps.
 */
void bench_engines_unregister(struct bench_engine_set *set)
{
	mutex_lock(&bench_engines_lock);
	list_del(&set->node);
	mutex_unlock(&bench_engines_lock);
}
EXPORT_SYMBOL_GPL(bench_engines_unregister);

static const struct bench_engine_ops *find_in_set(const struct bench_engine_set *set,
						  struct device *dev, bool user_dma)
{
	const struct bench_engine_ops *const *ops;

	for (ops = set->engines; *ops; ops++)
		if (!(user_dma && (*ops)->maps) && (*ops)->match(dev))
			return *ops;
	return NULL;
}

/* Sets the driver and holds its module, unless that is just being unloaded. */
static bool find_engine(struct bench_engine *engine, bool user_dma)
{
	const struct bench_engine_ops *ops = find_in_set(&bench_engines_own, engine->dev, user_dma);
	struct bench_engine_set *set;

	mutex_lock(&bench_engines_lock);
	list_for_each_entry(set, &bench_engines_own.node, node) {
		if (ops)
			break;
		ops = find_in_set(set, engine->dev, user_dma);
		if (ops && try_module_get(set->owner))
			engine->owner = set->owner;
		else
			ops = NULL;
	}
	mutex_unlock(&bench_engines_lock);
	if (ops)
		engine->ops = ops;
	return ops;
}

/**
 * bench_engine_probe() - find and start the engine of a device
 * @engine: receives; zeroed by the caller
 * @dev: the device, bound to this module
 * @user_dma: the device's DMA is user space's, so no mapping may be made for it
 *
 * A device that no driver knows, or none that may have it, gets the engine "none", and a hint in
 * the kernel's log if a driver in a module that is not loaded would know it.
 *
 * Context: may sleep.
 * Return: 0 or the negative errno of the driver that knows the device.
 */
int bench_engine_probe(struct bench_engine *engine, struct device *dev, bool user_dma)
{
	int err;

	engine->dev = dev;
	engine->ops = &bench_engine_none;
	mutex_init(&engine->lock);
	init_waitqueue_head(&engine->wait);
	if (!find_engine(engine, user_dma) && bench_engine_elsewhere(dev))
		dev_notice(dev, "bound without its DMA engine, which is in %s: to have it, load that and bind again\n",
			   BENCH_ENGINES_ELSEWHERE);
	engine->mark_mask = U64_MAX;
	err = engine->ops->probe(engine);
	if (err)
		goto put;
	if (!engine->ops->read_probe || engine->ops->watch_start)
		return 0;
	engine->soft = bench_soft_watch_new(engine);
	if (engine->soft)
		return 0;
	err = -ENOMEM;
	engine->ops->remove(engine);
put:
	module_put(engine->owner);
	return err;
}

/**
 * bench_engine_remove() - stop the engine of a device
 * @engine: as bench_engine_probe() left it
 *
 * Context: may sleep; no copy is under way.
 */
void bench_engine_remove(struct bench_engine *engine)
{
	bench_soft_watch_free(engine->soft);
	engine->soft = NULL;
	if (engine->ops->remove)
		engine->ops->remove(engine);
	mutex_destroy(&engine->lock);
	/* Who still has the device's file open finds no code that may be gone. */
	engine->ops = &bench_engine_none;
	module_put(engine->owner);
}

/**
 * bench_engine_copy() - have the device move data
 * @engine: the engine
 * @dst: device address to write to
 * @src: device address to read from
 * @bytes: how much, a multiple of 4, at most @engine->max_bytes
 *
 * Context: may sleep.
 * Return: as &bench_engine_ops.copy; -EOPNOTSUPP when there is no engine.
 */
int bench_engine_copy(struct bench_engine *engine, u64 dst, u64 src, size_t bytes)
{
	int ret;

	if (!engine->ops->copy)
		return -EOPNOTSUPP;
	if (!bytes || bytes > engine->max_bytes || bytes % 4)
		return -EINVAL;
	mutex_lock(&engine->lock);
	ret = engine->ops->copy(engine, dst, src, bytes);
	mutex_unlock(&engine->lock);
	return ret;
}

/**
 * bench_engine_fill() - have the device write what is known to it
 * @engine: the engine
 * @iova: device address of @engine->max_bytes, a multiple of them
 *
 * Context: may sleep. What was to be written is at @engine->filled until the next call.
 * Return: as &bench_engine_ops.fill; -EOPNOTSUPP when the engine cannot.
 */
int bench_engine_fill(struct bench_engine *engine, u64 iova)
{
	int ret;

	if (!engine->ops->fill)
		return -EOPNOTSUPP;
	mutex_lock(&engine->lock);
	ret = engine->ops->fill(engine, iova);
	mutex_unlock(&engine->lock);
	return ret;
}

/**
 * bench_engine_features() - what an engine can
 * @engine: the engine
 *
 * Return: IOMMUBENCH_FEATURE_* that are the engine's.
 */
u64 bench_engine_features(const struct bench_engine *engine)
{
	const struct bench_engine_ops *ops = engine->ops;

	return (ops->read_probe ? IOMMUBENCH_FEATURE_PROBE : 0) |
	       (ops->watch_start || engine->soft ? IOMMUBENCH_FEATURE_WATCH : 0) |
	       (ops->clock ? IOMMUBENCH_FEATURE_DEVICE_CLOCK : 0) |
	       (ops->copy || ops->read_probe ? IOMMUBENCH_FEATURE_READS : 0) |
	       (ops->copy || ops->fill ? IOMMUBENCH_FEATURE_WRITES : 0) |
	       (ops->by_data ? IOMMUBENCH_FEATURE_BY_DATA : 0);
}

/* Return: 0 with the engine's lock held; -EINTR when the caller was killed, -ENODEV at the end. */
static int engine_take(struct bench_engine *engine)
{
	int err = mutex_lock_killable(&engine->lock);

	if (err)
		return -EINTR;
	if (!bench_engine_hurried(engine))
		return 0;
	mutex_unlock(&engine->lock);
	return READ_ONCE(engine->closing) ? -ENODEV : -EINTR;
}

/**
 * bench_engine_close() - have no process wait for an engine any longer
 * @engine: the engine of a device that is being given back
 *
 * Watches of commands that are under way end, as if their time had passed, and none is begun any
 * more. Those of runs are as before.
 *
 * Context: any.
 */
void bench_engine_close(struct bench_engine *engine)
{
	WRITE_ONCE(engine->closing, true);
}

/* Can the engine read so? */
static bool engine_reads(const struct bench_engine *engine, int pasid, u64 mark)
{
	const struct bench_engine_ops *ops = engine->ops;

	return (mark & engine->mark_mask || !ops->by_data) &&
	       (pasid == BENCH_NO_PASID || ops->pasids);
}

/**
 * bench_engine_read_probe() - have the device read one word
 * @engine: the engine
 * @iova: device address, a multiple of BENCH_PROBE_BYTES
 * @pasid: to read with, or BENCH_NO_PASID
 * @mark: what is to be found there, 0 for anything
 * @latency_ns: receives how long that took by the engine's clock, 0 without one
 *
 * Context: may sleep.
 * Return: as &bench_engine_ops.read_probe; -EOPNOTSUPP when the engine cannot, or not without a
 * mark, or not with a PASID; -EINTR when the caller is killed, -ENODEV after bench_engine_close().
 */
int bench_engine_read_probe(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			    u64 *latency_ns)
{
	int ret;

	if (!engine->ops->read_probe || !engine_reads(engine, pasid, mark))
		return -EOPNOTSUPP;
	ret = engine_take(engine);
	if (ret)
		return ret;
	ret = engine->ops->read_probe(engine, iova, pasid, mark, latency_ns);
	mutex_unlock(&engine->lock);
	return ret;
}

/**
 * bench_engine_watch_start() - have the device read one word until it is refused
 * @engine: the engine; it belongs to the caller until bench_engine_watch_end()
 * @iova: device address, a multiple of BENCH_PROBE_BYTES
 * @pasid: to read with, or BENCH_NO_PASID
 * @mark: what is to be found there, and ends the watch when it is not; 0 for anything
 * @interval_ns: from one access to the next, 0 for the engine's own choice
 *
 * Context: may sleep; the same task must end the watch.
 * Return: 0; a negative errno when nothing was started: -EOPNOTSUPP when the engine cannot, -EBUSY
 * while accesses of a run may be under way that fault, -EINTR when the caller is killed, -ENODEV
 * after bench_engine_close().
 */
int bench_engine_watch_start(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			     u32 interval_ns)
{
	int ret;

	if ((!engine->ops->watch_start && !engine->soft) || !engine_reads(engine, pasid, mark))
		return -EOPNOTSUPP;
	ret = engine_take(engine);
	if (ret)
		return ret;
	if (engine->faulting)
		ret = -EBUSY;
	else
		ret = engine->soft ?
		      bench_soft_watch_start(engine->soft, iova, pasid, mark, interval_ns) :
		      engine->ops->watch_start(engine, iova, pasid, mark, interval_ns);
	if (ret)
		mutex_unlock(&engine->lock);
	return ret;
}

/**
 * bench_engine_watch_count() - how often a watch got through so far
 * @engine: the engine, with a watch under way
 *
 * Context: the task that started it; does not sleep.
 */
u64 bench_engine_watch_count(struct bench_engine *engine)
{
	return engine->soft ? bench_soft_watch_count(engine->soft) :
	       engine->ops->watch_count(engine);
}

/**
 * bench_engine_watch_end() - wait until a watch is refused
 * @engine: the engine, with a watch under way
 * @limit_ns: from now on; when it has passed, or bench_engine_hurried(), the watch is stopped
 * @watch: receives what happened
 *
 * Context: the task that started it; sleeps.
 * Return: as &bench_engine_ops.watch_end.
 */
int bench_engine_watch_end(struct bench_engine *engine, u64 limit_ns, struct bench_watch *watch)
{
	int ret = engine->soft ? bench_soft_watch_end(engine->soft, limit_ns, watch) :
		  engine->ops->watch_end(engine, limit_ns, watch);

	mutex_unlock(&engine->lock);
	return ret;
}

/**
 * bench_engine_faults_begin() - make an engine ready for accesses that may fault
 * @engine: the engine, which can
 * @page_requests: as &bench_engine_ops.access_prepare
 * @pasids: as &bench_engine_ops.access_prepare
 *
 * Context: process; sleeps.
 * Return: as &bench_engine_ops.access_prepare; -EINTR when the caller is killed, -ENODEV after
 * bench_engine_close().
 */
int bench_engine_faults_begin(struct bench_engine *engine, bool page_requests, bool pasids)
{
	int err = engine_take(engine);

	if (err)
		return err;
	err = engine->ops->access_prepare(engine, page_requests, pasids);
	engine->faulting = !err;
	mutex_unlock(&engine->lock);
	return err;
}

/**
 * bench_engine_faults_end() - undo bench_engine_faults_begin()
 * @engine: the engine, with no access under way
 *
 * Context: process; sleeps.
 */
void bench_engine_faults_end(struct bench_engine *engine)
{
	mutex_lock(&engine->lock);
	engine->ops->access_finish(engine);
	engine->faulting = false;
	mutex_unlock(&engine->lock);
}

/**
 * bench_engine_sync() - compare an engine's clock with ours
 * @engine: the engine; without a clock of its own, its moments are ours in nanoseconds
 * @sync: receives the two, as close together as they could be read
 *
 * Context: any; disables interrupts for some microseconds at a time.
 */
void bench_engine_sync(struct bench_engine *engine, struct bench_engine_sync *sync)
{
	unsigned int i;

	if (!engine->ops->clock) {
		sync->ticks = bench_clock();
		sync->device_ns = bench_ticks_to_ns(sync->ticks);
		/* What is lost when ticks become nanoseconds and come back. */
		sync->error_ticks = 2;
		return;
	}
	sync->error_ticks = U64_MAX;
	for (i = 0; i < ENGINE_SYNC_READS; i++) {
		unsigned long flags;
		u64 before, now, after, error;

		local_irq_save(flags);
		before = bench_clock();
		now = engine->ops->clock(engine);
		after = bench_clock();
		local_irq_restore(flags);
		/* Half of the way, and what both clocks leave out between two ticks. */
		error = (after - before + 1) / 2 + 1;
		if (error >= sync->error_ticks)
			continue;
		sync->device_ns = now;
		sync->ticks = before + (after - before) / 2;
		sync->error_ticks = error;
	}
}

/**
 * bench_engine_ticks() - a moment of an engine's clock in ours
 * @sync: how they go together, not long before or after it
 * @device_ns: the moment, in nanoseconds of the engine's clock
 *
 * Return: what bench_clock() said, but for @sync->error_ticks.
 */
u64 bench_engine_ticks(const struct bench_engine_sync *sync, u64 device_ns)
{
	if (device_ns >= sync->device_ns)
		return sync->ticks + bench_ns_to_ticks(device_ns - sync->device_ns);
	return sync->ticks - bench_ns_to_ticks(sync->device_ns - device_ns);
}
