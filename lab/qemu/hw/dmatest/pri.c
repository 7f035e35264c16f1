// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine: page requests (PCIe PRI).
 *
 * An operation that finds no page takes a page request group: an index, and as many
 * of the requests that may be outstanding as the group has. Both return with the answer,
 * whether the operation still waits for it or not.
 */
#include "qemu/osdep.h"
#include "dmatest.h"

/*
 * A page that was answered but is not there is asked for again: at once, then after
 * 1 us and twice as long each time up to 1 ms, as the IOMMU's queue may have been full.
 * After some seconds it will not come.
 */
#define MAX_RETRIES		4096
#define FIRST_RETRY_NS		1000ull
#define LAST_DOUBLING		10

/**
 * dmatest_pri_may_ask() - may an operation ask for the page it cannot reach?
 */
bool dmatest_pri_may_ask(const DmaOp *op)
{
	return op->dev->backend->pri_on(op->dev) && op->retries < MAX_RETRIES;
}

static void put_prg(DmaTest *dev, DmaPrg *prg)
{
	dev->page_requests -= prg->requests;
	if (prg->op)
		prg->op->prgi = -1;
	*prg = (DmaPrg) { 0 };
}

static uint64_t retry_ns(const DmaOp *op)
{
	return op->retries > 1 ? FIRST_RETRY_NS << MIN(op->retries - 2, LAST_DOUBLING) : 0;
}

static void answer(DmaOp *op, unsigned int code, uint64_t wait_ns)
{
	op->now = MAX(op->now, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
	op->done.resumed_ns = op->now;
	op->answered(op, code == IOB_PRG_SUCCESS ? DMATEST_FAULT_NONE : DMATEST_FAULT_PAGE_REQUEST,
		     code, wait_ns);
}

/* All that wait are told: the interface has failed or was reset. */
static void drop_prgs(DmaTest *dev)
{
	for (DmaPrg *prg = dev->prg; prg < dev->prg + DMATEST_NUM_PRGI; prg++) {
		DmaOp *op = prg->op;

		if (!prg->requests)
			continue;
		put_prg(dev, prg);
		if (op)
			answer(op, IOB_PRG_FAILURE, 0);
	}
}

/**
 * dmatest_pri_response() - a page request group is answered
 */
void dmatest_pri_response(void *opaque, uint32_t ssid, uint16_t prgi,
			  unsigned int code)
{
	DmaTest *dev = opaque;
	DmaPrg *prg = &dev->prg[prgi % DMATEST_NUM_PRGI];
	uint32_t want = dev->prg_pasid ? prg->ssid : IOB_NO_SSID;
	DmaOp *op = prg->op;

	/* An IOMMU that is off knows nothing of PASIDs. */
	if (!prg->sent || (ssid != want && code != IOB_PRG_FAILURE)) {
		dev->backend->pri_changed(dev, false, true);
		return;
	}
	put_prg(dev, prg);
	if (op)
		answer(op, code, retry_ns(op));
	if (code == IOB_PRG_FAILURE)
		drop_prgs(dev);
	dev->backend->pri_changed(dev, code == IOB_PRG_FAILURE, false);
	dmatest_pri_wake(dev);
}

/* As many as the operation goes on to need, and the device may ask for */
static uint32_t pages_of(const DmaOp *op)
{
	uint64_t end = op->txn.iova - op->offset + MAX(op->desc.bytes, 1) - 1;
	uint64_t pages = (end >> 12) - (op->txn.iova >> 12) + 1;

	pages = MIN(pages, op->dev->pri_group);
	return MIN(pages, op->dev->backend->pri_limit(op->dev));
}

/* Returns false if all indexes are taken, or too many requests outstanding. */
static bool take_prg(DmaOp *op)
{
	DmaTest *dev = op->dev;
	uint32_t requests = pages_of(op);

	if (dev->page_requests + requests > dev->backend->pri_limit(dev))
		return false;
	for (unsigned int i = 0; i < DMATEST_NUM_PRGI; i++) {
		uint16_t prgi = dev->next_prgi++ % DMATEST_NUM_PRGI;

		if (dev->prg[prgi].requests)
			continue;
		dev->prg[prgi] = (DmaPrg) {
			.op = op, .ssid = op->txn.ssid, .requests = requests,
		};
		dev->page_requests += requests;
		op->prgi = prgi;
		return true;
	}
	return false;
}

static bool may_request(DmaTest *dev)
{
	return dev->client_of && dev->backend->pri_on(dev) && dev->backend->pri_limit(dev);
}

/**
 * dmatest_pri_wake() - let those go on that waited to send page requests
 */
void dmatest_pri_wake(DmaTest *dev)
{
	DmaOp *op;

	while ((op = QTAILQ_FIRST(&dev->pri_queue))) {
		if (may_request(dev) && !take_prg(op))
			return;
		QTAILQ_REMOVE(&dev->pri_queue, op, queue);
		op->queued = false;
		op->now = MAX(op->now, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
		timer_mod(op->timer, op->now);
	}
}

/**
 * dmatest_pri_forget() - an operation ends that may have asked for a page
 *
 * The answer may still come, and counts as outstanding until then.
 */
void dmatest_pri_forget(DmaOp *op)
{
	DmaTest *dev = op->dev;

	if (op->queued)
		QTAILQ_REMOVE(&dev->pri_queue, op, queue);
	op->queued = false;
	if (op->prgi < 0)
		return;
	if (dev->prg[op->prgi].sent)
		dev->prg[op->prgi].op = NULL;
	else
		put_prg(dev, &dev->prg[op->prgi]);
	op->prgi = -1;
}

/**
 * dmatest_pri_reset() - forget what is outstanding
 */
void dmatest_pri_reset(DmaTest *dev)
{
	drop_prgs(dev);
	dmatest_pri_wake(dev);
}

/**
 * dmatest_pri_stop() - stop using a PASID, and send the marker that says so
 *
 * Accesses with it that wait for a page end. Returns false if there is no PRI.
 */
bool dmatest_pri_stop(DmaTest *dev, uint32_t ssid)
{
	uint32_t sid;
	IobPageRequest marker = { .ssid = ssid, .last = true };
	DmaOp *op;

	if (!may_request(dev) || !dev->backend->iommu(dev, &sid))
		return false;
	QTAILQ_FOREACH(op, &dev->ops, next) {
		if ((!op->queued && op->prgi < 0) || op->txn.ssid != ssid)
			continue;
		dmatest_pri_forget(op);
		op->now = MAX(op->now, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
		op->answered(op, DMATEST_FAULT_TERMINATED, 0, 0);
	}
	marker.sid = sid;
	iob_iommu_page_request(dev->client_of, &marker);
	dmatest_pri_wake(dev);
	return true;
}

static void send_group(DmaOp *op)
{
	DmaTest *dev = op->dev;
	DmaPrg *prg = &dev->prg[op->prgi];
	uint32_t left = prg->requests;
	IobPageRequest req = {
		.sid = op->txn.sid,
		.ssid = op->txn.ssid,
		.iova = op->txn.iova & ~0xfffull,
		.read = !op->txn.write,
		.write = op->txn.write,
		.priv = op->txn.priv,
		.prgi = op->prgi,
	};

	prg->sent = true;
	op->retries++;
	op->done.faults++;
	if (!op->done.fault_ns)
		op->done.fault_ns = op->now;
	dev->backend->pri_changed(dev, false, false);
	/* The last one may be answered at once. */
	while (left--) {
		req.last = !left;
		dmatest_count(dev, DMATEST_COUNT_PAGE_REQUESTS);
		if (!iob_iommu_page_request(dev->client_of, &req))
			dmatest_pri_response(dev, IOB_NO_SSID, req.prgi,
					     IOB_PRG_FAILURE);
		req.iova += 0x1000;
	}
}

/**
 * dmatest_pri_request() - ask for the page that @op->txn could not reach
 */
void dmatest_pri_request(DmaOp *op)
{
	DmaTest *dev = op->dev;

	if (!may_request(dev)) {
		dmatest_pri_forget(op);
		op->answered(op, DMATEST_FAULT_TRANSLATION, 0, 0);
		return;
	}
	if (op->prgi < 0 && (!QTAILQ_EMPTY(&dev->pri_queue) || !take_prg(op))) {
		op->step = DMA_STEP_PAGE_REQUEST;
		op->queued = true;
		QTAILQ_INSERT_TAIL(&dev->pri_queue, op, queue);
		return;
	}
	send_group(op);
}
