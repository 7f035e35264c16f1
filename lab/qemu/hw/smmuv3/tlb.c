// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: the translation cache.
 *
 * Set associative, filled by walks, emptied by nothing but commands (and by
 * replacement): a missing invalidation shows as a stale translation. Entries of
 * stage 1 hold the final address (stage 2 included); stage 2 has entries of its
 * own, tagged with the VMID only.
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "smmuv3.h"

static uint32_t hash(const SmmuTlb *tlb, const SmmuTlbKey *key, bool global,
		     uint64_t va, unsigned int ebits)
{
	uint64_t h = va >> ebits;

	h ^= (uint64_t)key->vmid << 40;
	h ^= (uint64_t)(global ? 0xffffff : key->asid) << 20;
	h ^= (uint64_t)(key->regime << 6 | ebits) << 56;
	h *= 0x9e3779b97f4a7c15ULL;
	return (h >> 32) & (tlb->num_sets - 1);
}

void iob_smmu_tlb_init(SmmuTlb *tlb, uint32_t entries)
{
	tlb->num_sets = pow2ceil(MAX(entries / SMMU_TLB_WAYS, 1));
	tlb->entry = g_new0(SmmuTlbEntry, (size_t)tlb->num_sets * SMMU_TLB_WAYS);
	iob_smmu_tlb_clear(tlb);
}

void iob_smmu_tlb_clear(SmmuTlb *tlb)
{
	memset(tlb->entry, 0, sizeof(*tlb->entry) * tlb->num_sets * SMMU_TLB_WAYS);
	memset(tlb->count, 0, sizeof(tlb->count));
	tlb->sizes = 0;
	tlb->victim = 0;
	tlb->num_global = 0;
	tlb->num_split = 0;
	tlb->num_valid = 0;
}

static void drop(SmmuTlb *tlb, SmmuTlbEntry *e)
{
	e->valid = false;
	tlb->num_valid--;
	tlb->num_global -= e->global;
	tlb->num_split -= e->ebits < e->lbits;
	if (!--tlb->count[e->ebits])
		tlb->sizes &= ~BIT_ULL(e->ebits);
}

static SmmuTlbEntry *find(SmmuTlb *tlb, const SmmuTlbKey *key, bool global,
			  uint64_t va, unsigned int ebits)
{
	SmmuTlbEntry *e = tlb->entry + hash(tlb, key, global, va, ebits) * SMMU_TLB_WAYS;
	unsigned int i;

	for (i = 0; i < SMMU_TLB_WAYS; i++, e++) {
		if (e->valid && e->ebits == ebits && !((e->va ^ va) >> ebits) &&
		    e->vmid == key->vmid && e->regime == key->regime &&
		    e->global == global && (global || e->asid == key->asid))
			return e;
	}
	return NULL;
}

SmmuTlbEntry *iob_smmu_tlb_lookup(SmmuTlb *tlb, const SmmuTlbKey *key, uint64_t va)
{
	uint64_t sizes = tlb->sizes;

	while (sizes) {
		unsigned int ebits = ctz64(sizes);
		SmmuTlbEntry *e = find(tlb, key, false, va, ebits);

		if (!e && tlb->num_global)
			e = find(tlb, key, true, va, ebits);
		if (e)
			return e;
		sizes &= sizes - 1;
	}
	return NULL;
}

void iob_smmu_tlb_insert(SmmuTlb *tlb, const SmmuTlbEntry *new)
{
	SmmuTlbKey key = { .regime = new->regime, .asid = new->asid, .vmid = new->vmid };
	SmmuTlbEntry *set, *e;
	unsigned int i;

	e = find(tlb, &key, new->global, new->va, new->ebits);
	if (!e) {
		set = tlb->entry + hash(tlb, &key, new->global, new->va, new->ebits) *
		      SMMU_TLB_WAYS;
		for (i = 0; i < SMMU_TLB_WAYS && set[i].valid; i++)
			;
		/* Replacement takes turns: the same run always does the same. */
		e = i < SMMU_TLB_WAYS ? &set[i] : &set[tlb->victim++ % SMMU_TLB_WAYS];
	}
	if (e->valid)
		drop(tlb, e);
	*e = *new;
	e->valid = true;
	tlb->num_valid++;
	tlb->num_global += e->global;
	tlb->num_split += e->ebits < e->lbits;
	tlb->count[e->ebits]++;
	tlb->sizes |= BIT_ULL(e->ebits);
}

static bool matches(const SmmuTlbi *inv, const SmmuTlbEntry *e)
{
	if (!e->valid || !(inv->regimes & BIT(e->regime)))
		return false;
	if (inv->by_vmid && e->vmid != inv->vmid)
		return false;
	if (inv->by_asid) {
		if (e->global ? !inv->by_va : e->asid != inv->asid)
			return false;
	}
	if (inv->by_va) {
		uint64_t size = MAKE_64BIT_MASK(0, MAX(e->ebits, e->lbits));
		uint64_t first = e->va & ~size;

		if (first > inv->last || (first | size) < inv->first)
			return false;
		/*
		 * With a hint, entries of another granule or level need
		 * not go, so they stay: a wrong hint must be noticed.
		 */
		if (inv->gbits && e->gbits != inv->gbits)
			return false;
		if (inv->level && e->level != inv->level)
			return false;
	}
	return true;
}

/* A few pages: look where they would be instead of everywhere. */
static bool invalidate_pages(SmmuTlb *tlb, const SmmuTlbi *inv)
{
	uint64_t sizes;
	unsigned int regime;

	if (!inv->by_va || !inv->by_asid || tlb->num_split ||
	    !is_power_of_2(inv->regimes) || inv->last - inv->first > 0x7fff)
		return false;
	regime = ctz32(inv->regimes);
	for (sizes = tlb->sizes; sizes; sizes &= sizes - 1) {
		unsigned int ebits = ctz64(sizes);
		SmmuTlbKey key = {
			.regime = regime,
			.asid = inv->asid,
			.vmid = inv->by_vmid ? inv->vmid : 0,
		};
		uint64_t page = inv->first >> ebits;
		uint64_t last = inv->last >> ebits;

		for (;; page++) {
			SmmuTlbEntry *e = find(tlb, &key, false, page << ebits, ebits);

			if (e && matches(inv, e))
				drop(tlb, e);
			if (tlb->num_global) {
				e = find(tlb, &key, true, page << ebits, ebits);
				if (e && matches(inv, e))
					drop(tlb, e);
			}
			if (page == last)
				break;
		}
	}
	return true;
}

void iob_smmu_tlb_invalidate(SmmuTlb *tlb, const SmmuTlbi *inv)
{
	uint32_t i, left;

	if (!tlb->num_valid || invalidate_pages(tlb, inv))
		return;
	left = tlb->num_valid;
	for (i = 0; left; i++) {
		if (!tlb->entry[i].valid)
			continue;
		left--;
		if (matches(inv, &tlb->entry[i]))
			drop(tlb, &tlb->entry[i]);
	}
}
