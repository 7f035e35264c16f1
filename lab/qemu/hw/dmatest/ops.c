// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine: one operation, from its descriptor to its completion.
 *
 * Time: @now of an operation is the virtual time that it has come to. A step
 * that takes time sets the operation's timer. Bursts look at the clock for each
 * access, as what they are for is to know when an access really happened.
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "dmatest.h"
#include "hw/iommubench/trace.h"

static bool has_src(const DmaOp *op)
{
	switch (op->desc.op) {
	case DMATEST_OP_COPY:
	case DMATEST_OP_CHECK:
	case DMATEST_OP_COMPARE:
	case DMATEST_OP_READ_PROBE:
	case DMATEST_OP_READ_BURST:
		return true;
	default:
		return false;
	}
}

static bool has_dst(const DmaOp *op)
{
	switch (op->desc.op) {
	case DMATEST_OP_COPY:
	case DMATEST_OP_FILL:
	case DMATEST_OP_COMPARE:
	case DMATEST_OP_WRITE_PROBE:
	case DMATEST_OP_WRITE_BURST:
		return true;
	default:
		return false;
	}
}

static bool is_burst(const DmaOp *op)
{
	return op->desc.op == DMATEST_OP_READ_BURST ||
	       op->desc.op == DMATEST_OP_WRITE_BURST;
}

static bool is_probe(const DmaOp *op)
{
	return is_burst(op) || op->desc.op == DMATEST_OP_READ_PROBE ||
	       op->desc.op == DMATEST_OP_WRITE_PROBE;
}

static bool side_is_valid(const DmaOp *op, DmaSide side)
{
	uint64_t addr = side == DMA_SRC ? op->desc.src : op->desc.dst;
	uint32_t pasid = side == DMA_SRC ? op->desc.src_pasid : op->desc.dst_pasid;
	uint32_t with_pasid = side == DMA_SRC ? DMATEST_F_SRC_PASID :
						DMATEST_F_DST_PASID;

	if (is_probe(op) && (addr & 0xfff) + op->desc.bytes > 0x1000)
		return false;
	if (addr + (op->desc.bytes - 1) < addr)
		return false;
	if (dmatest_is_local(op, side))
		return addr <= DMATEST_LOCAL_BYTES &&
		       op->desc.bytes <= DMATEST_LOCAL_BYTES - addr;
	if (op->desc.flags & with_pasid)
		return op->dev->pasid_bits && pasid < 1u << op->dev->pasid_bits;
	return true;
}

static bool desc_is_valid(const DmaOp *op)
{
	const struct dmatest_desc *d = &op->desc;

	if (d->op > DMATEST_OP_MAX || (d->flags & ~DMATEST_F_ALL) || d->reserved)
		return false;
	if (d->op == DMATEST_OP_NOP)
		return true;
	if (d->op == DMATEST_OP_STOP_PASID)
		return (d->flags & DMATEST_F_SRC_PASID) && op->dev->pasid_bits &&
		       d->src_pasid < 1u << op->dev->pasid_bits;
	if ((d->flags & DMATEST_F_LAST_TIME) && !is_burst(op))
		return false;
	if ((d->flags & DMATEST_F_MATCH) && (!is_probe(op) || !has_src(op)))
		return false;
	if (!d->bytes || d->bytes > 1u << DMATEST_MAX_BYTES_LOG2 ||
	    (is_probe(op) && d->bytes > 8))
		return false;
	return (!has_src(op) || side_is_valid(op, DMA_SRC)) &&
	       (!has_dst(op) || side_is_valid(op, DMA_DST));
}

/* Returns true if the next step may follow at once. */
static bool advance(DmaOp *op, uint64_t ns)
{
	if (ns) {
		op->now += ns;
		timer_mod(op->timer, op->now);
		return false;
	}
	op->dev->sync_bytes += MAX(op->chunk, 256);
	if (op->dev->sync_bytes > DMATEST_SYNC_BYTES) {
		timer_mod(op->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
		return false;
	}
	return true;
}

/* An access was refused, the operation ends. */
static void refuse(DmaOp *op, uint32_t fault, uint32_t syndrome)
{
	DmaTest *dev = op->dev;

	dmatest_count(dev, DMATEST_COUNT_REFUSED);
	op->done.status = DMATEST_REFUSED;
	op->done.fault = fault;
	op->done.syndrome = syndrome;
	if (!op->done.fault_ns)
		op->done.fault_ns = op->txn.fault_ns ?: op->now + op->txn.cost_ns;
	if (!is_probe(op))
		op->done.value = dmatest_addr(op, op->side);
	op->step = DMA_STEP_FINISH;
}

static void mismatch(DmaOp *op, uint32_t at)
{
	op->done.status = DMATEST_MISMATCH;
	op->done.value = op->offset + at;
}

static bool access_memory(DmaOp *op, void *buf, bool write)
{
	if (!dmatest_is_local(op, op->side)) {
		if (dmatest_access(op, buf, write))
			return true;
		refuse(op, DMATEST_FAULT_MEMORY, 0);
		return false;
	}
	if (write)
		memcpy(op->dev->local_ptr + dmatest_addr(op, op->side), buf, op->chunk);
	else
		memcpy(buf, op->dev->local_ptr + dmatest_addr(op, op->side), op->chunk);
	return true;
}

/* A probe's or burst's access: what was read, and is it what was to be read? */
static void probe_src(DmaOp *op)
{
	uint8_t want[8];
	uint64_t value = 0;

	for (uint32_t i = 0; i < op->chunk; i++)
		value |= (uint64_t)op->buf[i] << 8 * i;
	if (!(op->desc.flags & DMATEST_F_LAST_TIME))
		op->done.value = value;
	if (!(op->desc.flags & DMATEST_F_MATCH))
		return;
	dmatest_pattern(&op->desc, 0, want, op->chunk);
	if (dmatest_first_difference(op->buf, want, op->chunk) < op->chunk)
		op->done.status = DMATEST_MISMATCH;
}

/* QEMU's compiler flags clear a buffer wherever it is declared: only where it is used. */
static void check_src(DmaOp *op)
{
	uint8_t want[DMATEST_CHUNK];
	uint32_t at;

	dmatest_pattern(&op->desc, op->offset, want, op->chunk);
	at = dmatest_first_difference(op->buf, want, op->chunk);
	if (at < op->chunk)
		mismatch(op, at);
}

static void access_src(DmaOp *op)
{
	if (!access_memory(op, op->buf, false))
		return;
	if (is_probe(op))
		probe_src(op);
	else if (op->desc.op == DMATEST_OP_CHECK)
		check_src(op);
}

static void compare_dst(DmaOp *op)
{
	uint8_t other[DMATEST_CHUNK];
	uint32_t at;

	if (!access_memory(op, other, false))
		return;
	at = dmatest_first_difference(op->buf, other, op->chunk);
	if (at < op->chunk)
		mismatch(op, at);
}

static void access_dst(DmaOp *op)
{
	if (op->desc.op == DMATEST_OP_COMPARE) {
		compare_dst(op);
		return;
	}
	if (op->desc.op != DMATEST_OP_COPY)
		dmatest_pattern(&op->desc, op->offset, op->buf, op->chunk);
	access_memory(op, op->buf, true);
}

/*
 * A chunk crosses no 4 KiB boundary on either side, the smallest page there is.
 * So one translation is enough for each side of it.
 */
static void begin_chunk(DmaOp *op)
{
	op->retries = 0;
	op->step = has_src(op) ? DMA_STEP_SRC : DMA_STEP_DST;
	if (is_burst(op)) {
		op->chunk = op->desc.bytes;
		return;
	}
	op->chunk = MIN(op->desc.bytes - op->offset, DMATEST_CHUNK);
	if (has_src(op))
		op->chunk = MIN(op->chunk, 0x1000 - (dmatest_addr(op, DMA_SRC) & 0xfff));
	if (has_dst(op))
		op->chunk = MIN(op->chunk, 0x1000 - (dmatest_addr(op, DMA_DST) & 0xfff));
}

/* The time is a difference between two sums of bytes, so that no rounding adds up. */
static uint64_t transfer_ns(const DmaOp *op)
{
	uint64_t lat = op->dev->lat_kib;

	return lat * (op->offset + op->chunk) / 1024 - lat * op->offset / 1024;
}

static uint64_t burst_interval(const DmaOp *op)
{
	return MAX(op->desc.interval_ns ?: op->dev->lat_burst, 1);
}

/* The access of @op->side is done. Sets the next step, returns its cost. */
static uint64_t after_access(DmaOp *op)
{
	uint64_t cost = op->txn.cost_ns;

	if (op->done.status) {
		op->step = DMA_STEP_FINISH;
		return is_burst(op) ? 0 : cost;
	}
	if (op->side == DMA_SRC && has_dst(op)) {
		op->step = DMA_STEP_DST;
		op->retries = 0;
		return cost;
	}
	if (is_burst(op)) {
		op->done.count++;
		if (op->desc.flags & DMATEST_F_LAST_TIME)
			op->done.value = op->now;
		if (op->done.count == op->desc.count) {
			op->step = DMA_STEP_FINISH;
			return cost;
		}
		begin_chunk(op);
		return MAX(cost, burst_interval(op));
	}
	cost += transfer_ns(op);
	op->offset += op->chunk;
	op->done.count = op->offset;
	if (op->offset < op->desc.bytes)
		begin_chunk(op);
	else
		op->step = DMA_STEP_FINISH;
	return cost;
}

static void access_side(DmaOp *op)
{
	if (op->side == DMA_SRC)
		access_src(op);
	else
		access_dst(op);
}

static bool do_side(DmaOp *op, DmaSide side)
{
	op->side = side;
	if (is_burst(op))
		op->now = MAX(op->now, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
	if (dmatest_is_local(op, side)) {
		op->txn.cost_ns = 0;
		access_side(op);
		return advance(op, after_access(op));
	}
	switch (dmatest_translate(op, side)) {
	case IOB_DONE:
		access_side(op);
		break;
	case IOB_REFUSED:
		refuse(op, op->txn.fault, op->txn.syndrome);
		break;
	case IOB_STALLED:
		if (op->step == DMA_STEP_PAGE_REQUEST)
			return advance(op, op->txn.cost_ns + op->dev->lat_page_request);
		dmatest_count(op->dev, DMATEST_COUNT_STALLED);
		op->done.faults++;
		return false;
	}
	return advance(op, after_access(op));
}

/*
 * The IOMMU ends a stalled translation. It may be in the middle of a command. So
 * only the access is done here; the operation goes on by its timer.
 */
static void resumed(IobTxn *txn, IobResult result)
{
	DmaOp *op = txn->opaque;
	int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

	op->stalled = false;
	op->done.faults += txn->stalls - 1;
	op->now = MAX(op->now, MAX(now, txn->resume_ns));
	op->done.resumed_ns = txn->resume_ns ?: op->now;
	if (!op->done.fault_ns)
		op->done.fault_ns = txn->fault_ns;
	if (result == IOB_DONE)
		access_side(op);
	else
		refuse(op, txn->fault, txn->syndrome);
	op->now += after_access(op);
	timer_mod(op->timer, op->now);
}

/* The page that it waits for is there, or will not come: it goes on by its timer. */
static void answered(DmaOp *op, uint32_t fault, uint32_t syndrome, uint64_t wait_ns)
{
	if (fault == DMATEST_FAULT_NONE)
		op->step = op->side == DMA_SRC ? DMA_STEP_SRC : DMA_STEP_DST;
	else
		refuse(op, fault, syndrome);
	op->now += wait_ns;
	timer_mod(op->timer, op->now);
}

static void stop_pasid(DmaOp *op)
{
	op->step = DMA_STEP_FINISH;
	if (!dmatest_pri_stop(op->dev, op->desc.src_pasid))
		refuse(op, DMATEST_FAULT_NO_MASTER, 0);
}

static bool do_step(DmaOp *op)
{
	switch (op->step) {
	case DMA_STEP_ISSUE:
		op->done.issued_ns = op->now;
		if (op->desc.op == DMATEST_OP_NOP)
			op->step = DMA_STEP_FINISH;
		else if (op->desc.op == DMATEST_OP_STOP_PASID)
			stop_pasid(op);
		else
			begin_chunk(op);
		return true;
	case DMA_STEP_SRC:
		return do_side(op, DMA_SRC);
	case DMA_STEP_DST:
		return do_side(op, DMA_DST);
	case DMA_STEP_PAGE_REQUEST:
		op->step = DMA_STEP_WAIT;
		dmatest_pri_request(op);
		return false;
	case DMA_STEP_WAIT:
		return false;
	case DMA_STEP_FINISH:
		if (!op->done.status)
			op->done.status = DMATEST_OK;
		op->done.done_ns = op->now;
		trace_iob_dmatest_done(op->index, op->done.status, op->done.fault);
		op->complete(op);
		return false;
	}
	g_assert_not_reached();
}

/**
 * dmatest_op_run() - go on with an operation until it has to wait or is done
 */
void dmatest_op_run(DmaOp *op)
{
	DmaTest *dev = op->dev;

	dev->depth++;
	while (do_step(op))
		;
	dev->depth--;
}

/**
 * dmatest_op_start() - start an operation whose descriptor was fetched
 *
 * @op->now is the time of the first step.
 */
void dmatest_op_start(DmaOp *op)
{
	trace_iob_dmatest_start(op->index, op->desc.op, op->desc.src, op->desc.dst);
	op->offset = 0;
	op->chunk = 0;
	op->prgi = -1;
	op->queued = false;
	op->stalled = false;
	op->resumed = resumed;
	op->answered = answered;
	op->done = (struct dmatest_done) { 0 };
	op->txn = (IobTxn) { 0 };
	op->step = DMA_STEP_ISSUE;
	if (!desc_is_valid(op)) {
		op->done.status = DMATEST_BAD_DESC;
		op->done.issued_ns = op->now;
		op->step = DMA_STEP_FINISH;
		dmatest_op_run(op);
		return;
	}
	if (advance(op, op->dev->lat_issue + op->fetch_ns))
		dmatest_op_run(op);
}
