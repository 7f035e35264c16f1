// SPDX-License-Identifier: GPL-2.0-only
/* DMA test engine: fetches descriptors, hands back completions. */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "dmatest.h"

static void op_timer(void *opaque)
{
	DmaOp *op = opaque;

	op->dev->sync_bytes = 0;
	dmatest_op_run(op);
}

static DmaOp *op_get(DmaTest *dev)
{
	DmaOp *op = QTAILQ_FIRST(&dev->pool);

	if (op) {
		QTAILQ_REMOVE(&dev->pool, op, next);
	} else {
		op = g_new(DmaOp, 1);
		op->dev = dev;
		op->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, op_timer, op);
	}
	QTAILQ_INSERT_TAIL(&dev->ops, op, next);
	dev->in_flight++;
	return op;
}

static void op_put(DmaOp *op)
{
	DmaTest *dev = op->dev;

	QTAILQ_REMOVE(&dev->ops, op, next);
	QTAILQ_INSERT_HEAD(&dev->pool, op, next);
	dev->in_flight--;
}

/**
 * dmatest_cancel_all() - forget everything in flight
 */
void dmatest_cancel_all(DmaTest *dev)
{
	DmaOp *op, *next;

	QTAILQ_FOREACH_SAFE(op, &dev->ops, next, next) {
		uint32_t sid;
		IobIommu *iommu = dev->backend->iommu(dev, &sid);

		timer_del(op->timer);
		if (op->stalled && iommu)
			iob_iommu_cancel(iommu, &op->txn);
		dmatest_pri_forget(op);
		op_put(op);
	}
}

void dmatest_free_pool(DmaTest *dev)
{
	DmaOp *op, *next;

	QTAILQ_FOREACH_SAFE(op, &dev->pool, next, next) {
		QTAILQ_REMOVE(&dev->pool, op, next);
		timer_free(op->timer);
		g_free(op);
	}
}

static uint64_t slot_addr(DmaTest *dev, uint32_t index)
{
	return dev->ring_base +
	       (uint64_t)(index & ((1u << dev->ring_log2) - 1)) * DMATEST_SLOT_BYTES;
}

static void desc_to_cpu(struct dmatest_desc *d)
{
	le32_to_cpus(&d->op);
	le32_to_cpus(&d->flags);
	le32_to_cpus(&d->bytes);
	le32_to_cpus(&d->src_pasid);
	le32_to_cpus(&d->dst_pasid);
	le32_to_cpus(&d->interval_ns);
	d->src = le64_to_cpu(d->src);
	d->dst = le64_to_cpu(d->dst);
	d->pattern = le64_to_cpu(d->pattern);
	d->count = le64_to_cpu(d->count);
	d->reserved = le64_to_cpu(d->reserved);
}

static void done_to_le(struct dmatest_done *d)
{
	d->status = cpu_to_le32(d->status);
	d->fault = cpu_to_le32(d->fault);
	d->syndrome = cpu_to_le32(d->syndrome);
	d->faults = cpu_to_le32(d->faults);
	d->value = cpu_to_le64(d->value);
	d->count = cpu_to_le64(d->count);
	d->issued_ns = cpu_to_le64(d->issued_ns);
	d->fault_ns = cpu_to_le64(d->fault_ns);
	d->resumed_ns = cpu_to_le64(d->resumed_ns);
	d->done_ns = cpu_to_le64(d->done_ns);
}

static bool write_done(DmaOp *op)
{
	DmaTest *dev = op->dev;
	uint64_t addr = slot_addr(dev, op->index) + DMATEST_DESC_BYTES;
	struct dmatest_done d = op->done;
	uint64_t cost = 0;

	done_to_le(&d);
	if (!dmatest_ring_access(dev, addr + sizeof(d.status),
				 (uint8_t *)&d + sizeof(d.status),
				 sizeof(d) - sizeof(d.status), true, &cost))
		return false;
	/* Software polls the status: all else has to be there before it. */
	smp_wmb();
	return dmatest_ring_access(dev, addr, &d.status, sizeof(d.status), true, &cost);
}

static void complete(DmaOp *op)
{
	DmaTest *dev = op->dev;
	uint32_t irq = 0;

	if (!write_done(op))
		irq |= DMATEST_IRQ_RING_ERROR;
	else if (op->desc.flags & DMATEST_F_IRQ)
		irq |= DMATEST_IRQ_DONE;
	dev->done++;
	op_put(op);
	if (!dev->in_flight && dev->head == dev->tail)
		irq |= DMATEST_IRQ_IDLE;
	if (irq)
		dmatest_raise(dev, irq);
	dmatest_kick(dev);
}

static bool may_fetch(DmaTest *dev)
{
	if (!(dev->control & DMATEST_CONTROL_ENABLE) || dev->ring_error ||
	    dev->reset_pending || dev->head == dev->tail ||
	    dev->in_flight >= dev->in_flight_max)
		return false;
	if (dev->tail - dev->head <= 1u << dev->ring_log2)
		return true;
	dev->ring_error = true;
	dev->ring_fault = DMATEST_FAULT_RING;
	dmatest_raise(dev, DMATEST_IRQ_RING_ERROR);
	return false;
}

static void fetch(DmaTest *dev)
{
	DmaOp *op = op_get(dev);

	op->index = dev->head;
	op->fetch_ns = 0;
	op->now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	op->complete = complete;
	if (!dmatest_ring_access(dev, slot_addr(dev, op->index), &op->desc,
				 sizeof(op->desc), false, &op->fetch_ns)) {
		op_put(op);
		dmatest_raise(dev, DMATEST_IRQ_RING_ERROR);
		return;
	}
	dev->head++;
	desc_to_cpu(&op->desc);
	dmatest_op_start(op);
}

/**
 * dmatest_kick() - fetch what may be fetched
 *
 * Operations that take no virtual time are done when it returns, unless that is
 * so much work that QEMU has to get a chance in between.
 */
void dmatest_kick(DmaTest *dev)
{
	uint32_t budget = DMATEST_SYNC_OPS;

	if (dev->fetching)
		return;
	dev->fetching = true;
	while (may_fetch(dev)) {
		if (!budget--) {
			timer_mod(dev->kick, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
			break;
		}
		fetch(dev);
	}
	dev->fetching = false;
}
