// SPDX-License-Identifier: GPL-2.0-only
/* IPMMU-VMSA: how a refused access is reported. */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "internal.h"
#include "hw/iommubench/trace.h"

/**
 * ipmmu_update_irq() - one interrupt for all contexts, as long as an enabled one has a fault
 * @root: IPMMU-MM
 */
void ipmmu_update_irq(IobIpmmu *root)
{
	bool level = false;

	for (unsigned int i = 0; i < IPMMU_CONTEXTS; i++)
		if ((root->ctx[i].ctr & IMCTR_INTEN) &&
		    (root->ctx[i].str & IMSTR_ERRORS))
			level = true;
	qemu_set_irq(root->irq, level);
}

/* The first fault stays until software has cleared it. */
static void record_fault(IobIpmmu *root, IpmmuContext *ctx, uint32_t status,
			 uint64_t iova)
{
	if (ctx->str & IMSTR_ERRORS)
		return;
	ctx->str = status;
	ctx->ear = iova;
	ipmmu_update_irq(root);
}

void ipmmu_fault_timer(void *opaque)
{
	IpmmuContext *ctx = opaque;

	record_fault(ctx->mmu, ctx, ctx->next_str, ctx->next_ear);
}

/**
 * ipmmu_fault() - report a refused access in IMSTR, IMELAR and IMEUAR
 * @root: IPMMU-MM
 * @ctx: one of its contexts
 * @status: IMSTR bits of the fault
 * @iova: I/O virtual address of the access
 * @delay_ns: how long from now
 */
void ipmmu_fault(IobIpmmu *root, IpmmuContext *ctx, uint32_t status,
		 uint64_t iova, uint64_t delay_ns)
{
	trace_iob_ipmmu_fault(ctx - root->ctx, status, iova);
	if (!delay_ns) {
		record_fault(root, ctx, status, iova);
		return;
	}
	if (timer_pending(ctx->fault_timer))
		return;
	ctx->next_str = status;
	ctx->next_ear = iova;
	timer_mod(ctx->fault_timer,
		  qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + delay_ns);
}
