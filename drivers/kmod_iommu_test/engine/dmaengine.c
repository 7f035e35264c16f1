// SPDX-License-Identifier: GPL-2.0-only
/*
 * A channel of the kernel's dmaengine: any controller whose driver offers copies of memory. The
 * controller stays with that driver, which has mappings of its own in the domain that it is in, so
 * that domain has to stay as well: what is mapped for the controller is mapped by the DMA API.
 *
 * What becomes of a refused access differs: QEMU's PL330 goes on as if nothing was, others report
 * an error, or never finish. So it is told by the data: what is read goes to a page of the engine's
 * own, where something else was before.
 * Interfaces: the kernel's Documentation/driver-api/dmaengine/client.rst.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "engine/pages.h"

/* PL330 in QEMU takes less than a millisecond for a page, and silicon less than that. */
#define COPY_LIMIT_MS		2000
/* Verification moves so few bytes that a channel must not want more, as a power of two. */
#define COPY_ALIGN_MAX		DMAENGINE_ALIGN_32_BYTES
/* In the engine's page: where a probe's word goes to, and one that is there to be read. */
#define PROBE_TO		0
#define PROBE_FROM		SMP_CACHE_BYTES
/* Of so many probes the fastest says how long one takes. */
#define PROBE_TRIES		4

/**
 * struct channel - a channel that is ours alone
 * @chan: the channel
 * @done: the copy under way has ended
 * @result: how, as the controller's driver tells it
 * @stuck: a copy did not end and could not be stopped, so that no other is begun
 */
struct channel {
	struct dma_chan *chan;
	struct completion done;
	struct dmaengine_result result;
	bool stuck;
};

/**
 * struct wanted - a channel that is looked for
 * @name: its name, such as dma0chan0
 * @free: it is there, and nobody has it
 */
struct wanted {
	const char *name;
	bool free;
};

static bool dmaengine_match(struct device *dev)
{
	return dev->bus && !strcmp(dev->bus->name, BENCH_CLIENT_BUS) &&
	       str_has_prefix(dev_name(dev), BENCH_DMAENGINE_PREFIX);
}

/* It is asked about channels only that nobody has. */
static bool is_wanted(struct dma_chan *chan, void *data)
{
	struct wanted *wanted = data;

	if (strcmp(dma_chan_name(chan), wanted->name))
		return false;
	wanted->free = true;
	return dma_has_cap(DMA_MEMCPY, chan->device->cap_mask);
}

static struct dma_chan *take_channel(struct device *dev)
{
	struct wanted wanted = { .name = dev_name(dev) + strlen(BENCH_DMAENGINE_PREFIX) };
	struct dma_chan *chan;
	dma_cap_mask_t any;

	dma_cap_zero(any);
	chan = dma_request_channel(any, is_wanted, &wanted);
	if (!IS_ERR_OR_NULL(chan))
		return chan;
	if (wanted.free) {
		dev_err(dev, "channel %s cannot be had for copies of memory: its controller offers none, or its driver fails\n",
			wanted.name);
		return ERR_PTR(-EOPNOTSUPP);
	}
	dev_err(dev, "channel %s is not there, or somebody else has it\n", wanted.name);
	return ERR_PTR(-EBUSY);
}

static int check_channel(struct device *dev, struct dma_chan *chan)
{
	if (chan->device->copy_align > COPY_ALIGN_MAX) {
		dev_err(dev, "channel %s copies multiples of %u bytes, expected at most %u\n",
			dma_chan_name(chan), 1U << chan->device->copy_align, 1U << COPY_ALIGN_MAX);
		return -EOPNOTSUPP;
	}
	/*
	 * Then the driver core takes the channel away from us before it takes the controller
	 * away from its driver, which expects that nobody uses a channel any more.
	 */
	if (!chan->device->dev->driver ||
	    !device_link_add(dev, chan->device->dev, DL_FLAG_AUTOREMOVE_CONSUMER)) {
		dev_err(dev, "channel %s has no controller that we can depend on\n",
			dma_chan_name(chan));
		return -ENODEV;
	}
	return 0;
}

static void copy_ended(void *data, const struct dmaengine_result *result)
{
	struct channel *c = data;

	c->result = *result;
	complete(&c->done);
}

static int dmaengine_copy(struct bench_engine *engine, u64 dst, u64 src, size_t bytes)
{
	struct channel *c = engine->priv;
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie;

	if (c->stuck)
		return -EIO;
	tx = dmaengine_prep_dma_memcpy(c->chan, dst, src, bytes,
				       DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	if (!tx)
		return -ENOMEM;
	reinit_completion(&c->done);
	tx->callback_result = copy_ended;
	tx->callback_param = c;
	cookie = dmaengine_submit(tx);
	if (dma_submit_error(cookie))
		return -EIO;
	dma_async_issue_pending(c->chan);
	if (!wait_for_completion_timeout(&c->done, msecs_to_jiffies(COPY_LIMIT_MS))) {
		c->stuck = dmaengine_terminate_sync(c->chan);
		return -ETIMEDOUT;
	}
	return c->result.result == DMA_TRANS_NOERROR ? 0 : -EFAULT;
}

static int dmaengine_read_probe(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
				u64 *latency_ns)
{
	u64 *to = engine->pages.cpu + PROBE_TO, seen;
	int err;

	*latency_ns = 0;
	WRITE_ONCE(*to, ~mark);
	err = dmaengine_copy(engine, engine->pages.range.start + PROBE_TO, iova, sizeof(*to));
	if (err && err != -EFAULT)
		return err;
	seen = READ_ONCE(*to);
	if (seen == mark)
		return 0;
	/* Nothing came, or zeros: QEMU's controllers take those for what was refused. */
	return err || seen == ~mark || !seen ? -EFAULT : -EBADMSG;
}

static void dmaengine_remove(struct bench_engine *engine)
{
	struct channel *c = engine->priv;

	dmaengine_terminate_sync(c->chan);
	bench_engine_pages_free(engine);
	dma_release_channel(c->chan);
	kfree(c);
}

/* Where a channel does not take words, what it reads cannot be looked at while a run goes on. */
static const struct bench_engine_ops dmaengine_copies_only = {
	.name = "dmaengine",
	.by_data = true,
	.maps = true,
	.remove = dmaengine_remove,
	.copy = dmaengine_copy,
};

/* Can it be told what the channel reads? Sets @probe_ns of the engine. */
static bool can_probe(struct bench_engine *engine, const struct channel *c)
{
	const u64 mark = 0x8f1bbcdc5a827999ULL;
	u64 *from, ignored, begun;
	unsigned int i;

	if (1U << c->chan->device->copy_align > BENCH_PROBE_BYTES ||
	    bench_engine_pages_alloc(engine, PAGE_SIZE))
		return false;
	from = engine->pages.cpu + PROBE_FROM;
	WRITE_ONCE(*from, mark);
	engine->probe_ns = U64_MAX;
	for (i = 0; i < PROBE_TRIES; i++) {
		begun = ktime_get_ns();
		if (dmaengine_read_probe(engine, engine->pages.range.start + PROBE_FROM,
					 BENCH_NO_PASID, mark, &ignored))
			return false;
		engine->probe_ns = min(engine->probe_ns, ktime_get_ns() - begun);
	}
	return true;
}

static int dmaengine_probe(struct bench_engine *engine)
{
	struct device *dev = engine->dev;
	struct channel *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return -ENOMEM;
	init_completion(&c->done);
	c->chan = take_channel(dev);
	if (IS_ERR(c->chan)) {
		err = PTR_ERR(c->chan);
		goto free;
	}
	err = check_channel(dev, c->chan);
	if (err)
		goto release;
	engine->priv = c;
	engine->dev = dmaengine_get_dma_device(c->chan);
	engine->hosted = true;
	engine->dma_bits = fls64(dma_get_mask(engine->dev));
	engine->max_bytes = PAGE_SIZE;
	if (!can_probe(engine, c)) {
		engine->ops = &dmaengine_copies_only;
		engine->probe_ns = 0;
	}
	return 0;

release:
	dma_release_channel(c->chan);
free:
	kfree(c);
	return err;
}

const struct bench_engine_ops bench_engine_dmaengine = {
	.name = "dmaengine",
	.by_data = true,
	.maps = true,
	.match = dmaengine_match,
	.probe = dmaengine_probe,
	.remove = dmaengine_remove,
	.copy = dmaengine_copy,
	.read_probe = dmaengine_read_probe,
};
