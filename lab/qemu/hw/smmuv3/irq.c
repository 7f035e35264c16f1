// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: interrupts, wired or as messages, and global errors.
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

static bool send_msi(IobSmmu *s, uint64_t addr, uint32_t data)
{
	MemTxAttrs attrs = { .requester_id = s->msi_devid };
	MemTxResult res;

	address_space_stl_le(&address_space_memory, addr, data, attrs, &res);
	return res == MEMTX_OK;
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

/* A wired interrupt is an edge (chapter 3, interrupts). */
static void raise_irq(IobSmmu *s, unsigned int line, uint64_t addr, uint32_t data,
		      uint32_t abort_bit)
{
	if (!s->msi || !addr)
		qemu_irq_pulse(s->irq[line]);
	else if (!send_msi(s, addr, data))
		iob_smmu_gerror(s, abort_bit);
}

void iob_smmu_queue_irq(IobSmmu *s, unsigned int line, const SmmuQueue *q,
			uint32_t abort_bit)
{
	trace_iob_smmuv3_irq(line, q->irq_addr, q->irq_data);
	raise_irq(s, line, q->irq_addr, q->irq_data, abort_bit);
}

void iob_smmu_sync_irq(IobSmmu *s, uint64_t addr, uint32_t data)
{
	raise_irq(s, SMMU_IRQ_SYNC, addr, data, GERROR_MSI_CMDQ_ABT);
}
