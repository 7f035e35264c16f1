// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: event records and their queue (IHI 0070, chapter 7).
 */
#include "qemu/osdep.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

static bool eventq_usable(IobSmmu *s)
{
	return (s->cr0 & CR0_EVENTQEN) &&
	       !((s->gerror ^ s->gerrorn) & GERROR_EVENTQ_ABT);
}

static void eventq_write(IobSmmu *s, SmmuEvent *ev)
{
	SmmuQueue *q = &s->eventq;
	uint64_t addr = iob_smmu_queue_entry(q, q->prod, 5);
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
		iob_smmu_queue_irq(s, SMMU_IRQ_EVENTQ, q, GERROR_MSI_EVENTQ_ABT);
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
			iob_smmu_queue_overflow(&s->eventq);
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
