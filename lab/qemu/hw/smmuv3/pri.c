// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: page requests and their queue (IHI 0070, chapter 8).
 */
#include "qemu/osdep.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

/* Chapter 8: not a request, and never answered */
static bool is_stop_marker(const IobPageRequest *req)
{
	return req->ssid != IOB_NO_SSID && req->last && !req->read && !req->write;
}

/* 8.1, 8.2: what the SMMU answers by itself, at the end of a group */
static bool pri_respond(IobSmmu *s, const IobPageRequest *req, uint32_t ssid,
			unsigned int code)
{
	SmmuStream *st = iob_smmu_stream_find(s, req->sid);

	if (req->last && !is_stop_marker(req) && st && st->ops)
		st->ops->page_response(st->opaque, ssid, req->prgi, code);
	return true;
}

/* The queue is off or cannot be written: the device is to give up. */
static bool pri_fail(IobSmmu *s, const IobPageRequest *req)
{
	return pri_respond(s, req, IOB_NO_SSID, IOB_PRG_FAILURE);
}

static void pri_irq(IobSmmu *s)
{
	if (s->irq_ctrl & IRQ_CTRL_PRIQ)
		iob_smmu_queue_irq(s, SMMU_IRQ_PRIQ, &s->priq, GERROR_MSI_PRIQ_ABT);
}

/*
 * 8.1: the queue has no room, the device is to try again later. Only the stream's
 * configuration tells whether it expects its PASID in the answer.
 */
static bool pri_overflow(IobSmmu *s, const IobPageRequest *req)
{
	IobTxn look = { .sid = req->sid, .ssid = req->ssid };
	uint32_t ssid = req->ssid;
	const SmmuSte *ste;
	SmmuFault f;

	iob_smmu_queue_overflow(&s->priq);
	if (req->last && (s->priq.irq_attr & PRIQ_IRQ_LAST_ONLY))
		pri_irq(s);
	if (ssid != IOB_NO_SSID && !s->pps) {
		ste = iob_smmu_config_ste(iob_smmu_stream(s, req->sid), &look, &f);
		if (!ste)
			return pri_fail(s, req);
		if (!ste->ppar)
			ssid = IOB_NO_SSID;
	}
	return pri_respond(s, req, ssid, IOB_PRG_SUCCESS);
}

bool iob_smmu_page_request(IobSmmu *s, const IobPageRequest *req)
{
	SmmuQueue *q = &s->priq;
	bool was_empty = iob_smmu_queue_empty(q);
	uint64_t w[2];

	if (!s->pri)
		return false;
	iob_smmu_count(s, SMMU_PMU_PAGE_REQUEST, req->sid, 1);
	trace_iob_smmuv3_page_request(req->sid, req->ssid, req->iova, req->prgi, req->last);
	if (!(s->cr0 & CR0_SMMUEN) || !(s->cr0 & CR0_PRIQEN) ||
	    ((s->gerror ^ s->gerrorn) & GERROR_PRIQ_ABT))
		return pri_fail(s, req);
	/* Between an overflow and its acknowledgement all requests are discarded. */
	if (iob_smmu_queue_full(q) || ((q->prod ^ q->cons) & Q_OVFLG))
		return pri_overflow(s, req);

	w[0] = req->sid;
	if (req->ssid != IOB_NO_SSID)
		w[0] |= PRI0_SSV | (uint64_t)(req->ssid & 0xfffff) << 32;
	if (req->read)
		w[0] |= PRI0_READ;
	if (req->write)
		w[0] |= PRI0_WRITE;
	if (req->exec)
		w[0] |= PRI0_EXEC;
	if (req->priv)
		w[0] |= PRI0_PRIV;
	if (req->last)
		w[0] |= PRI0_LAST;
	w[1] = (req->iova & ~0xfffULL) | (req->prgi & 0x1ff);
	w[0] = cpu_to_le64(w[0]);
	w[1] = cpu_to_le64(w[1]);
	if (!iob_smmu_mem_write(iob_smmu_queue_entry(q, q->prod, 4), w, sizeof(w))) {
		iob_smmu_gerror(s, GERROR_PRIQ_ABT);
		return pri_fail(s, req);
	}
	q->prod = iob_smmu_queue_next(q, q->prod);
	/* PRIQ_IRQ_CFG2.LO: at the queue's first entry, or with "last only" at a group's end */
	if (q->irq_attr & PRIQ_IRQ_LAST_ONLY ? req->last : was_empty)
		pri_irq(s);
	return true;
}
