// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine: how it reaches memory.
 *
 * Memory is accessed at the very moment of the translation; what the translation
 * costs in virtual time is added afterwards. So there is no access that was
 * translated before an invalidation completed and done after it.
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/iommubench/cache.h"
#include "dmatest.h"

static bool writes(const DmaOp *op, DmaSide side)
{
	return side == DMA_DST && op->desc.op != DMATEST_OP_COMPARE;
}

bool dmatest_is_local(const DmaOp *op, DmaSide side)
{
	return op->desc.flags & (side == DMA_SRC ? DMATEST_F_SRC_LOCAL :
						   DMATEST_F_DST_LOCAL);
}

uint64_t dmatest_addr(const DmaOp *op, DmaSide side)
{
	uint64_t base = side == DMA_SRC ? op->desc.src : op->desc.dst;
	bool burst = op->desc.op == DMATEST_OP_READ_BURST ||
		     op->desc.op == DMATEST_OP_WRITE_BURST;

	return base + (burst ? 0 : op->offset);
}

static uint32_t ssid_of(const DmaOp *op, DmaSide side)
{
	if (side == DMA_SRC)
		return op->desc.flags & DMATEST_F_SRC_PASID ? op->desc.src_pasid :
							      IOB_NO_SSID;
	return op->desc.flags & DMATEST_F_DST_PASID ? op->desc.dst_pasid : IOB_NO_SSID;
}

/**
 * dmatest_translate() - translate the present chunk's address
 * @side: the side of the copy that the address is of
 *
 * Sets up @op->txn. For IOB_STALLED, @op->step says what it waits for.
 */
IobResult dmatest_translate(DmaOp *op, DmaSide side)
{
	DmaTest *dev = op->dev;
	uint32_t sid = 0;
	IobIommu *iommu = dev->backend->iommu(dev, &sid);
	bool stall = dev->stall && !(op->desc.flags & DMATEST_F_NO_STALL);
	IobResult r;

	op->txn = (IobTxn) {
		.sid = sid,
		.ssid = ssid_of(op, side),
		.iova = dmatest_addr(op, side),
		.size = op->chunk,
		.write = writes(op, side),
		.priv = op->desc.flags & DMATEST_F_PRIV,
		.resumed = stall ? op->resumed : NULL,
		.opaque = op,
	};
	if (!dev->backend->may_master(dev) ||
	    (op->txn.ssid != IOB_NO_SSID && !dev->backend->pasid_on(dev))) {
		op->txn.fault = (IobFault)DMATEST_FAULT_NO_MASTER;
		return IOB_REFUSED;
	}
	if (!iommu) {
		op->txn.pa = op->txn.iova;
		return IOB_DONE;
	}
	if ((op->desc.flags & DMATEST_F_ATS) && dev->backend->ats_on(dev))
		return dmatest_atc_translate(op, iommu);
	r = iob_iommu_translate(iommu, &op->txn);
	if (r == IOB_STALLED) {
		op->stalled = true;
		op->step = DMA_STEP_WAIT;
	}
	return r;
}

/**
 * dmatest_access() - access memory at the translated address
 * @buf: data of the present chunk
 *
 * Returns false if nothing answers there.
 */
bool dmatest_access(DmaOp *op, void *buf, bool write)
{
	DmaTest *dev = op->dev;
	uint32_t sid;
	AddressSpace *as = dev->backend->iommu(dev, &sid) ? &address_space_memory :
							    dev->backend->as(dev);

	dmatest_count(dev, write ? DMATEST_COUNT_WRITES : DMATEST_COUNT_READS);
	return iob_memory_rw(as, op->txn.pa, buf, op->chunk, write) == MEMTX_OK;
}

static bool ring_fault(DmaTest *dev, uint64_t addr, uint32_t fault)
{
	dev->ring_error = true;
	dev->ring_fault = fault;
	dev->ring_fault_addr = addr;
	return false;
}

static bool local_access(DmaTest *dev, uint64_t addr, void *buf, uint32_t bytes,
			 bool write)
{
	if (addr > DMATEST_LOCAL_BYTES || bytes > DMATEST_LOCAL_BYTES - addr)
		return ring_fault(dev, addr, DMATEST_FAULT_ADDR_SIZE);
	if (write)
		memcpy(dev->local_ptr + addr, buf, bytes);
	else
		memcpy(buf, dev->local_ptr + addr, bytes);
	return true;
}

/**
 * dmatest_ring_access() - read or write a part of a slot, without PASID
 * @cost_ns: the time of the access is added to this
 *
 * A ring in memory is what drivers have mapped as not cacheable where devices do not snoop, so
 * that no cache is in between.
 *
 * Returns false when that is not possible; the ring has stopped then.
 */
bool dmatest_ring_access(DmaTest *dev, uint64_t addr, void *buf, uint32_t bytes,
			 bool write, uint64_t *cost_ns)
{
	IobTxn txn = { .ssid = IOB_NO_SSID, .iova = addr, .size = bytes, .write = write };
	IobIommu *iommu;
	AddressSpace *as = &address_space_memory;

	if (dev->control & DMATEST_CONTROL_RING_LOCAL)
		return local_access(dev, addr, buf, bytes, write);
	if (!dev->backend->may_master(dev))
		return ring_fault(dev, addr, DMATEST_FAULT_NO_MASTER);
	iommu = dev->backend->iommu(dev, &txn.sid);
	if (iommu) {
		if (iob_iommu_translate(iommu, &txn) != IOB_DONE)
			return ring_fault(dev, addr, txn.fault);
	} else {
		as = dev->backend->as(dev);
		txn.pa = addr;
	}
	*cost_ns += txn.cost_ns;
	if (address_space_rw(as, txn.pa, MEMTXATTRS_UNSPECIFIED, buf, bytes, write) ==
	    MEMTX_OK)
		return true;
	return ring_fault(dev, addr, DMATEST_FAULT_MEMORY);
}
