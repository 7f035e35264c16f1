// SPDX-License-Identifier: GPL-2.0-only
/* IPMMU-VMSA: TLBs. What is in them stays until it is flushed or pushed out. */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "internal.h"

void ipmmu_tlb_init(IpmmuTlb *tlb, uint32_t entries)
{
	tlb->sets = MAX(pow2floor(entries) / IPMMU_TLB_WAYS, 1);
	tlb->entries = g_new0(IpmmuEntry, tlb->sets * IPMMU_TLB_WAYS);
	tlb->victim = g_new0(uint8_t, tlb->sets);
	tlb->masks = 0;
	for (unsigned int i = 0; i < IPMMU_CONTEXTS; i++)
		tlb->gen[i] = 1;
}

static IpmmuEntry *tlb_set(IpmmuTlb *tlb, uint64_t iova, unsigned int shift,
			   uint32_t *set)
{
	*set = (iova >> shift) & (tlb->sets - 1);
	return &tlb->entries[*set * IPMMU_TLB_WAYS];
}

static bool entry_is_for(const IpmmuEntry *e, const IpmmuTlb *tlb, uint8_t ctx,
			 uint8_t asid, uint8_t utlb, uint32_t utlb_gen,
			 uint64_t iova)
{
	return e->gen == tlb->gen[ctx] && e->ctx == ctx && e->utlb == utlb &&
	       e->utlb_gen == utlb_gen && (iova & ~e->mask) == e->iova &&
	       (e->global || e->asid == asid);
}

/**
 * ipmmu_tlb_find() - look for a translation
 * @utlb: micro-TLB, 0 in the root
 * @utlb_gen: its generation, 0 in the root
 *
 * Returns NULL if there is none.
 */
IpmmuEntry *ipmmu_tlb_find(IpmmuTlb *tlb, uint8_t ctx, uint8_t asid,
			   uint8_t utlb, uint32_t utlb_gen, uint64_t iova)
{
	uint64_t masks = tlb->masks;

	while (masks) {
		unsigned int shift = ctz64(masks);
		uint32_t set;
		IpmmuEntry *e = tlb_set(tlb, iova, shift, &set);

		for (unsigned int i = 0; i < IPMMU_TLB_WAYS; i++, e++)
			if (e->mask + 1 == 1ULL << shift &&
			    entry_is_for(e, tlb, ctx, asid, utlb, utlb_gen, iova))
				return e;
		masks &= masks - 1;
	}
	return NULL;
}

/**
 * ipmmu_tlb_put() - keep a translation
 * @entry: all but its generation, which is the context's present one
 */
void ipmmu_tlb_put(IpmmuTlb *tlb, const IpmmuEntry *entry)
{
	unsigned int shift = ctz64(entry->mask + 1);
	uint32_t set;
	IpmmuEntry *e = tlb_set(tlb, entry->iova, shift, &set);
	unsigned int way;

	for (way = 0; way < IPMMU_TLB_WAYS; way++)
		if (e[way].gen != tlb->gen[e[way].ctx])
			break;
	if (way == IPMMU_TLB_WAYS) {
		way = tlb->victim[set];
		tlb->victim[set] = (way + 1) % IPMMU_TLB_WAYS;
	}
	e[way] = *entry;
	e[way].gen = tlb->gen[entry->ctx];
	tlb->masks |= 1ULL << shift;
}

/**
 * ipmmu_tlb_drop() - forget a context's translations
 */
void ipmmu_tlb_drop(IpmmuTlb *tlb, uint8_t ctx)
{
	tlb->gen[ctx]++;
}
