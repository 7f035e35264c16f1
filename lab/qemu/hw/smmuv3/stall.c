// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: how stalled transactions end.
 */
#include "qemu/osdep.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

#define RESUME_TERMINATE	0
#define RESUME_RETRY		1

/* Takes a transaction out of all lists. */
void iob_smmu_stall_end(IobSmmu *s, IobTxn *txn)
{
	IobTxn *t, *n;

	if (txn->stag < SMMU_MAX_STALLS && s->stall[txn->stag] == txn)
		s->stall[txn->stag] = NULL;
	txn->stag = UINT32_MAX;
	iob_smmu_event_drop(s, txn);
	QTAILQ_FOREACH_SAFE(t, &s->resumed, next, n) {
		if (t == txn)
			QTAILQ_REMOVE(&s->resumed, t, next);
	}
}

static void resume_now(IobSmmu *s, IobTxn *txn, bool retry)
{
	IobResult res = IOB_REFUSED;

	if (retry) {
		txn->cost_ns = 0;
		txn->walk_levels = 0;
		txn->fault = IOB_FAULT_NONE;
		txn->syndrome = 0;
		res = iob_smmu_translate(iob_smmu_stream(s, txn->sid), txn);
	} else {
		txn->fault = IOB_FAULT_TERMINATED;
	}
	if (res != IOB_STALLED)
		txn->resumed(txn, res);
}

/* While it waits for lat-resume-ns, stag says what shall become of it. */
#define STAG_RETRY	(UINT32_MAX - 1)

static void start_resume(IobSmmu *s, IobTxn *txn, bool retry)
{
	iob_smmu_stall_end(s, txn);
	txn->resume_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	if (!s->lat_resume) {
		resume_now(s, txn, retry);
		return;
	}
	txn->stag = retry ? STAG_RETRY : UINT32_MAX;
	QTAILQ_INSERT_TAIL(&s->resumed, txn, next);
	if (!timer_pending(s->resume_timer))
		timer_mod(s->resume_timer, txn->resume_ns + s->lat_resume);
}

void iob_smmu_resume_timer(void *opaque)
{
	IobSmmu *s = opaque;
	int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	IobTxn *txn;

	while ((txn = QTAILQ_FIRST(&s->resumed))) {
		int64_t due = txn->resume_ns + s->lat_resume;

		if (due > now) {
			timer_mod(s->resume_timer, due);
			return;
		}
		QTAILQ_REMOVE(&s->resumed, txn, next);
		resume_now(s, txn, txn->stag == STAG_RETRY);
	}
}

void iob_smmu_resume(IobSmmu *s, uint32_t sid, uint32_t stag, unsigned int response)
{
	IobTxn *txn = stag < SMMU_MAX_STALLS ? s->stall[stag] : NULL;

	/* CMD_RESUME: what does not match is ignored. */
	if (!txn || txn->sid != sid)
		return;
	trace_iob_smmuv3_resume(sid, stag, response);
	start_resume(s, txn, response == RESUME_RETRY);
	iob_smmu_event_flush(s);
}

void iob_smmu_stall_term(IobSmmu *s, uint32_t sid)
{
	SmmuEvent *ev;
	unsigned int i;

	for (i = 0; i < SMMU_MAX_STALLS; i++) {
		if (s->stall[i] && s->stall[i]->sid == sid)
			start_resume(s, s->stall[i], false);
	}
	/* Those whose record has not been written yet */
again:
	QTAILQ_FOREACH(ev, &s->events, next) {
		if (ev->txn && ev->txn->sid == sid) {
			start_resume(s, ev->txn, false);
			goto again;
		}
	}
	iob_smmu_event_flush(s);
}
