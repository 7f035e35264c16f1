// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: event and page request queues, global errors, interrupts, and
 * access to memory.
 */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/rcu.h"
#include "exec/address-spaces.h"
#include "exec/ram_addr.h"
#include "hw/irq.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

/*
 * Where an address is in host memory, NULL if it is not memory: tables and queues
 * in device registers would let a guest's mistake loop back into the models.
 */
static void *host_pointer(uint64_t addr, unsigned int size, bool write,
			  MemoryRegion **mr, hwaddr *offset)
{
	hwaddr len = size;

	*mr = address_space_translate(&address_space_memory, addr, offset, &len, write,
				      MEMTXATTRS_UNSPECIFIED);
	if (len < size || !memory_access_is_direct(*mr, write, MEMTXATTRS_UNSPECIFIED))
		return NULL;
	return qemu_map_ram_ptr((*mr)->ram_block, *offset);
}

bool iob_smmu_mem_read(uint64_t addr, void *buf, unsigned int size)
{
	RCU_READ_LOCK_GUARD();
	MemoryRegion *mr;
	hwaddr offset;
	void *p = host_pointer(addr, size, false, &mr, &offset);

	if (!p)
		return false;
	/* One access for a descriptor: CPUs change it meanwhile. */
	if (size == 8 && !(addr & 7)) {
		uint64_t v = qatomic_read__nocheck((uint64_t *)p);

		memcpy(buf, &v, 8);
	} else {
		memcpy(buf, p, size);
	}
	return true;
}

bool iob_smmu_mem_write(uint64_t addr, const void *buf, unsigned int size)
{
	RCU_READ_LOCK_GUARD();
	MemoryRegion *mr;
	hwaddr offset;
	void *p = host_pointer(addr, size, true, &mr, &offset);

	if (!p)
		return false;
	memcpy(p, buf, size);
	memory_region_set_dirty(mr, offset, size);
	return true;
}

bool iob_smmu_mem_cmpxchg(uint64_t addr, uint64_t *old, uint64_t new)
{
	RCU_READ_LOCK_GUARD();
	MemoryRegion *mr;
	hwaddr offset;
	void *p = host_pointer(addr, 8, true, &mr, &offset);

	if (!p || (addr & 7))
		return false;
	*old = qatomic_cmpxchg__nocheck((uint64_t *)p, *old, new);
	memory_region_set_dirty(mr, offset, 8);
	return true;
}

static bool send_msi(IobSmmu *s, uint64_t addr, uint32_t data)
{
	MemTxAttrs attrs = { .requester_id = s->msi_devid };
	MemTxResult res;

	address_space_stl_le(&address_space_memory, addr, data, attrs, &res);
	return res == MEMTX_OK;
}

/* A wired interrupt is an edge (chapter 3, interrupts). */
static void raise_irq(IobSmmu *s, unsigned int line, uint64_t addr, uint32_t data,
		      uint32_t abort_bit)
{
	trace_iob_smmuv3_irq(line, addr, data);
	if (!s->msi || !addr)
		qemu_irq_pulse(s->irq[line]);
	else if (!send_msi(s, addr, data))
		iob_smmu_gerror(s, abort_bit);
}

/* GERROR: a bit that differs from GERRORN is an active error. */
void iob_smmu_gerror(IobSmmu *s, uint32_t bits)
{
	uint32_t new = bits & ~(s->gerror ^ s->gerrorn);

	if (!new)
		return;
	trace_iob_smmuv3_gerror(new);
	s->gerror ^= new;
	if (!(s->irq_ctrl & IRQ_CTRL_GERROR))
		return;
	if (s->msi && s->gerror_irq_addr) {
		if (!send_msi(s, s->gerror_irq_addr, s->gerror_irq_data) &&
		    !((s->gerror ^ s->gerrorn) & GERROR_MSI_GERROR_ABT))
			s->gerror ^= GERROR_MSI_GERROR_ABT;
		return;
	}
	qemu_irq_pulse(s->irq[SMMU_IRQ_GERROR]);
}

void iob_smmu_gerrorn_write(IobSmmu *s, uint32_t value)
{
	uint32_t before = s->gerror ^ s->gerrorn;

	/* Only active errors can be acknowledged. */
	s->gerrorn = (s->gerrorn & ~before) | (value & before);
	if (before & ~(s->gerror ^ s->gerrorn) & GERROR_CMDQ) {
		s->cmdq.cons &= ~CMDQ_CONS_ERR_MASK;
		iob_smmu_cmdq_run(s);
	}
	iob_smmu_event_flush(s);
}

void iob_smmu_sync_irq(IobSmmu *s)
{
	qemu_irq_pulse(s->irq[SMMU_IRQ_SYNC]);
}

static void overflow(SmmuQueue *q)
{
	/* Chapter 7: a new overflow is only told when the last one was acknowledged. */
	if (!((q->prod ^ q->cons) & Q_OVFLG))
		q->prod ^= Q_OVFLG;
}

static bool eventq_usable(IobSmmu *s)
{
	return (s->cr0 & CR0_EVENTQEN) &&
	       !((s->gerror ^ s->gerrorn) & GERROR_EVENTQ_ABT);
}

static void eventq_write(IobSmmu *s, SmmuEvent *ev)
{
	SmmuQueue *q = &s->eventq;
	uint64_t addr = (q->base & BASE_ADDR_MASK & ~MAKE_64BIT_MASK(0, iob_smmu_queue_bits(q) + 5)) +
			iob_smmu_queue_index(q, q->prod) * 32ULL;
	bool was_empty = iob_smmu_queue_empty(q);
	uint64_t w[4];
	unsigned int i;

	trace_iob_smmuv3_event(ev->w[0], ev->w[1], ev->w[2], ev->w[3]);
	iob_smmu_count(s, SMMU_PMU_EVENT, ev->w[0] >> 32, 1);
	for (i = 0; i < ARRAY_SIZE(w); i++)
		w[i] = cpu_to_le64(ev->w[i]);
	if (!iob_smmu_mem_write(addr, w, sizeof(w))) {
		iob_smmu_gerror(s, GERROR_EVENTQ_ABT);
		return;
	}
	q->prod = iob_smmu_queue_next(q, q->prod);
	if (was_empty && (s->irq_ctrl & IRQ_CTRL_EVENTQ))
		raise_irq(s, SMMU_IRQ_EVENTQ, q->irq_addr, q->irq_data,
			  GERROR_MSI_EVENTQ_ABT);
}

/* A stalled transaction needs a free tag before its record can be written. */
static bool take_stag(IobSmmu *s, IobTxn *txn)
{
	unsigned int i;

	if (txn->stag < SMMU_MAX_STALLS)
		return true;
	for (i = 0; i < SMMU_MAX_STALLS; i++) {
		uint32_t stag = (s->next_stag + i) % SMMU_MAX_STALLS;

		if (!s->stall[stag]) {
			s->stall[stag] = txn;
			s->next_stag = stag + 1;
			txn->stag = stag;
			return true;
		}
	}
	return false;
}

/*
 * Chapter 7: records of stalled transactions are not lost, they wait for room; others
 * are lost and leave the overflow flag.
 */
void iob_smmu_event_flush(IobSmmu *s)
{
	int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	SmmuEvent *ev, *n;

	QTAILQ_FOREACH_SAFE(ev, &s->events, next, n) {
		if (ev->due > now) {
			timer_mod(s->event_timer, ev->due);
			return;
		}
		if (!eventq_usable(s)) {
			if (ev->txn)
				continue;
		} else if (iob_smmu_queue_full(&s->eventq)) {
			if (ev->txn)
				continue;
			overflow(&s->eventq);
		} else if (ev->txn) {
			if (!take_stag(s, ev->txn))
				continue;
			ev->w[1] |= EVT1_STALL | ev->txn->stag;
			if (!ev->txn->fault_ns)
				ev->txn->fault_ns = now;
			eventq_write(s, ev);
		} else {
			eventq_write(s, ev);
		}
		QTAILQ_REMOVE(&s->events, ev, next);
		g_free(ev);
	}
}

void iob_smmu_event(IobSmmu *s, SmmuEvent *ev)
{
	ev->due = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + s->lat_fault;
	QTAILQ_INSERT_TAIL(&s->events, ev, next);
	iob_smmu_event_flush(s);
}

void iob_smmu_event_drop(IobSmmu *s, IobTxn *txn)
{
	SmmuEvent *ev, *n;

	QTAILQ_FOREACH_SAFE(ev, &s->events, next, n) {
		if (!txn || ev->txn == txn) {
			QTAILQ_REMOVE(&s->events, ev, next);
			g_free(ev);
		}
	}
}

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
		raise_irq(s, SMMU_IRQ_PRIQ, s->priq.irq_addr, s->priq.irq_data,
			  GERROR_MSI_PRIQ_ABT);
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

	overflow(&s->priq);
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
	uint64_t addr, w[2];

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
	addr = (q->base & BASE_ADDR_MASK & ~MAKE_64BIT_MASK(0, iob_smmu_queue_bits(q) + 4)) +
	       iob_smmu_queue_index(q, q->prod) * 16ULL;
	if (!iob_smmu_mem_write(addr, w, sizeof(w))) {
		iob_smmu_gerror(s, GERROR_PRIQ_ABT);
		return pri_fail(s, req);
	}
	q->prod = iob_smmu_queue_next(q, q->prod);
	/* PRIQ_IRQ_CFG2.LO: at the queue's first entry, or with "last only" at a group's end */
	if (q->irq_attr & PRIQ_IRQ_LAST_ONLY ? req->last : was_empty)
		pri_irq(s);
	return true;
}
