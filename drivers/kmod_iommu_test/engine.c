// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the engine driver for a device. A new engine is one file and one row here.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/pci.h>

#include "engine.h"

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
	&bench_engine_edu,
	&bench_engine_dmatest,
};

/**
 * bench_engine_probe() - find and start the engine of a device
 * @engine: receives; zeroed by the caller
 * @dev: the device, bound to this module
 *
 * A device that no driver knows gets the engine "none".
 *
 * Context: may sleep.
 * Return: 0 or the negative errno of the driver that knows the device.
 */
int bench_engine_probe(struct bench_engine *engine, struct device *dev)
{
	unsigned int i;

	engine->dev = dev;
	engine->ops = &bench_engine_none;
	mutex_init(&engine->lock);
	for (i = 0; i < ARRAY_SIZE(bench_engines); i++)
		if (bench_engines[i]->match(dev))
			engine->ops = bench_engines[i];
	return engine->ops->probe(engine);
}

/**
 * bench_engine_remove() - stop the engine of a device
 * @engine: as bench_engine_probe() left it
 *
 * Context: may sleep; no copy is under way.
 */
void bench_engine_remove(struct bench_engine *engine)
{
	if (engine->ops->remove)
		engine->ops->remove(engine);
	mutex_destroy(&engine->lock);
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
