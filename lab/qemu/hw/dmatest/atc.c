// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine: address translation cache (PCIe ATS).
 * What is in the cache stays until the IOMMU invalidates it.
 */
#include "qemu/osdep.h"
#include "dmatest.h"

static uint64_t inv_answer(DmaTest *dev)
{
	return dev->atc_no_answer ? IOB_ATC_TIMEOUT : dev->lat_atc_inv;
}

static uint64_t invalidate(void *opaque, uint32_t ssid, bool global, uint64_t iova,
			   uint64_t mask)
{
	DmaTest *dev = opaque;
	uint64_t last = iova + mask < iova ? UINT64_MAX : iova + mask;

	dmatest_count(dev, DMATEST_COUNT_ATC_INVALIDATIONS);
	if (dev->atc_ignore_inv || !dev->atc)
		return inv_answer(dev);
	if (mask == UINT64_MAX)
		iova = 0;
	for (uint32_t i = 0; i < dev->atc_entries; i++) {
		DmaAtcEntry *e = &dev->atc[i];

		if (e->valid && (global || e->ssid == ssid) && e->iova <= last &&
		    e->iova + e->mask >= iova)
			e->valid = false;
	}
	return inv_answer(dev);
}

static const IobClientOps client_ops = {
	.invalidate = invalidate,
	.page_response = dmatest_pri_response,
};

void dmatest_atc_clear(DmaTest *dev)
{
	for (uint32_t i = 0; dev->atc && i < dev->atc_entries; i++)
		dev->atc[i].valid = false;
}

/**
 * dmatest_atc_connect() - ATS was enabled: listen to the IOMMU
 */
void dmatest_atc_connect(DmaTest *dev)
{
	uint32_t sid;
	IobIommu *iommu = dev->backend->iommu(dev, &sid);

	dmatest_atc_disconnect(dev);
	if (!iommu || !iob_iommu_set_client(iommu, sid, &client_ops, dev))
		return;
	dev->client_of = iommu;
	dev->client_sid = sid;
	dev->atc = g_new0(DmaAtcEntry, MAX(dev->atc_entries, 1));
}

void dmatest_atc_disconnect(DmaTest *dev)
{
	if (dev->client_of)
		iob_iommu_set_client(dev->client_of, dev->client_sid, NULL, NULL);
	dev->client_of = NULL;
	g_clear_pointer(&dev->atc, g_free);
	/* No answer will be heard. */
	dmatest_pri_reset(dev);
}

static DmaAtcEntry *find(DmaTest *dev, const IobTxn *txn)
{
	for (uint32_t i = 0; dev->atc && i < dev->atc_entries; i++) {
		DmaAtcEntry *e = &dev->atc[i];

		if (e->valid && e->ssid == txn->ssid && txn->iova >= e->iova &&
		    txn->iova - e->iova <= e->mask)
			return e;
	}
	return NULL;
}

static void put(DmaTest *dev, const IobTxn *txn)
{
	DmaAtcEntry *e = find(dev, txn);

	if (!dev->atc || !dev->atc_entries)
		return;
	if (!e)
		e = &dev->atc[dev->atc_victim++ % dev->atc_entries];
	*e = (DmaAtcEntry) {
		.iova = txn->iova & ~txn->page_mask,
		.mask = txn->page_mask,
		.pa = txn->pa & ~txn->page_mask,
		.ssid = txn->ssid,
		.perm = txn->perm,
		.valid = true,
	};
}

/* Sets txn->pa. IOB_DONE: permitted; IOB_STALLED: ask for the page. */
static IobResult look_up(DmaOp *op, IobIommu *iommu, uint64_t *cost)
{
	DmaTest *dev = op->dev;
	IobTxn *txn = &op->txn;
	uint32_t need = txn->write ? IOB_PERM_W : IOB_PERM_R;
	DmaAtcEntry *e = find(dev, txn);

	*cost = dev->lat_atc_hit;
	if (e && (e->perm & need)) {
		dmatest_count(dev, DMATEST_COUNT_ATC_HITS);
		txn->pa = e->pa | (txn->iova & e->mask);
		return IOB_DONE;
	}
	dmatest_count(dev, DMATEST_COUNT_ATC_MISSES);
	txn->kind = IOB_ATS_REQUEST;
	if (iob_iommu_translate(iommu, txn) != IOB_DONE)
		return IOB_REFUSED;
	*cost += txn->cost_ns;
	if (txn->perm & need) {
		put(dev, txn);
		return IOB_DONE;
	}
	if (dmatest_pri_may_ask(op))
		return IOB_STALLED;
	txn->fault = txn->perm ? IOB_FAULT_PERMISSION : IOB_FAULT_TRANSLATION;
	return IOB_REFUSED;
}

/**
 * dmatest_atc_translate() - translate by ATS
 *
 * IOB_STALLED: @op->step is set to ask for the page.
 */
IobResult dmatest_atc_translate(DmaOp *op, IobIommu *iommu)
{
	IobTxn *txn = &op->txn;
	uint64_t iova = txn->iova;
	uint64_t cost;
	IobResult r;

	txn->resumed = NULL;
	r = look_up(op, iommu, &cost);
	if (r == IOB_DONE) {
		/* The access itself, with the translated address. */
		txn->kind = IOB_TRANSLATED;
		txn->iova = txn->pa;
		r = iob_iommu_translate(iommu, txn);
		txn->iova = iova;
		txn->cost_ns += cost;
		return r;
	}
	txn->cost_ns = cost;
	if (r == IOB_STALLED)
		op->step = DMA_STEP_PAGE_REQUEST;
	return r;
}
