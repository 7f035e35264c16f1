// SPDX-License-Identifier: GPL-2.0-only
/* IPMMU-VMSA: a transaction's way through micro-TLB, cache IPMMU, root, tables. */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "qemu/host-utils.h"
#include "internal.h"

#define PERM_RWX	(IOB_PERM_R | IOB_PERM_W | IOB_PERM_X)
/* Granularity that untranslated addresses are reported with. */
#define FLAT_MASK	MAKE_64BIT_MASK(0, 30)

/* What an IOMMUMemoryRegion has to know about its micro-TLB. */
typedef struct IpmmuMr {
	IOMMUMemoryRegion parent;
	IobIpmmu *mmu;
	uint32_t sid;
} IpmmuMr;

#define TYPE_IOB_IPMMU_MR	"iob-ipmmu-memory-region"
DECLARE_INSTANCE_CHECKER(IpmmuMr, IPMMU_MR, TYPE_IOB_IPMMU_MR)

/*
 * The outcome of a lookup.
 * @entry: perm, pa, mask, or status of a kept refusal
 * @flat: not translated
 * @ctx: in the root, where a fault is reported
 */
typedef struct Lookup {
	IpmmuEntry entry;
	IpmmuContext *ctx;
	bool flat;
	uint32_t status;
	IobFault fault;
	uint32_t levels;
	uint64_t cost_ns;
} Lookup;

static unsigned int entry_level(const IpmmuEntry *e)
{
	return 3 - (ctz64(e->mask + 1) - 12) / 9;
}

static IobFault fault_of(uint32_t status)
{
	if (status & IMSTR_ABORT)
		return IOB_FAULT_EXTERNAL;
	if (status & IMSTR_PF)
		return IOB_FAULT_PERMISSION;
	return IOB_FAULT_TRANSLATION;
}

/*
 * The TLB keeps a refusal only on silicon that does so (sticky-fault). It is
 * kept for the page, whatever the reason was.
 */
static void keep_refusal(Lookup *l, uint64_t iova)
{
	l->entry.mask = 0xfff;
	l->entry.iova = iova & ~0xfffull;
	l->entry.perm = 0;
	l->entry.status = l->status;
}

static void from_entry(Lookup *l, const IpmmuEntry *e)
{
	l->entry = *e;
	l->status = e->status;
	if (e->status)
		l->fault = fault_of(e->status);
}

/* Root: main TLB, then tables. Returns false if there is nothing to be kept. */
static bool lookup_root(IobIpmmu *root, Lookup *l, uint8_t n, uint8_t asid,
			uint64_t iova)
{
	IpmmuEntry *e = ipmmu_tlb_find(&root->tlb, n, asid, 0, 0, iova);
	IpmmuWalk w = { .iova = iova };

	l->cost_ns += root->lat_tlb_hit;
	if (e) {
		from_entry(l, e);
		return true;
	}
	ipmmu_walk(root, l->ctx, &w);
	l->cost_ns += w.levels * root->lat_walk_level;
	l->levels = w.levels;
	l->status = w.status;
	l->fault = w.fault;
	l->entry = w.entry;
	l->entry.ctx = n;
	l->entry.asid = asid;
	if (w.status) {
		if (!root->sticky_fault)
			return false;
		keep_refusal(l, iova);
	}
	ipmmu_tlb_put(&root->tlb, &l->entry);
	return true;
}

/* Cache IPMMU: its own TLB, then the root. */
static void lookup(IobIpmmu *mmu, uint32_t sid, uint64_t iova, Lookup *l)
{
	IobIpmmu *root = mmu->main ?: mmu;
	IpmmuUtlb *u = &mmu->utlb[sid];
	uint8_t n = IMUCTR_TTSEL(u->ctr);
	uint8_t asid = u->asid & IMUASID_MASK;
	bool own_tlb = mmu != root && !(mmu->sctlr & IMSCTLR_DISCACHE);
	IpmmuEntry *e;

	/* Disabled anywhere on the way: addresses go through as they are. */
	if (!(u->ctr & IMUCTR_MMUEN)) {
		l->flat = true;
		return;
	}
	if (n >= IPMMU_CONTEXTS) {	/* the PMB and reserved settings */
		l->fault = IOB_FAULT_CONFIG;
		return;
	}
	if (!(root->ctx[n].ctr & mmu->ctx[n].ctr & IMCTR_MMUEN)) {
		l->flat = true;
		return;
	}
	l->ctx = &root->ctx[n];

	if (own_tlb) {
		l->cost_ns += mmu->lat_tlb_hit;
		e = ipmmu_tlb_find(&mmu->tlb, n, asid, sid, u->gen, iova);
		if (e) {
			from_entry(l, e);
			return;
		}
	}
	if (lookup_root(root, l, n, asid, iova) && own_tlb) {
		l->entry.utlb = sid;
		l->entry.utlb_gen = u->gen;
		ipmmu_tlb_put(&mmu->tlb, &l->entry);
	}
}

static uint8_t perm_of(const Lookup *l, bool priv)
{
	if (l->flat)
		return PERM_RWX;
	return priv ? IPMMU_PERM_PRIV(l->entry.perm) : IPMMU_PERM_USER(l->entry.perm);
}

/* Checks the access; reports what the software has to know. */
static bool admit(IobIpmmu *mmu, Lookup *l, uint64_t iova, uint8_t need, bool priv)
{
	IobIpmmu *root = mmu->main ?: mmu;

	if (l->fault == IOB_FAULT_NONE && (perm_of(l, priv) & need) != need) {
		l->fault = IOB_FAULT_PERMISSION;
		l->status = IMSTR_PF | IMSTR_ERRCODE_PERM |
			    entry_level(&l->entry) << IMSTR_ERRLVL_SHIFT;
	}
	if (l->fault == IOB_FAULT_NONE)
		return true;
	if (l->ctx)
		ipmmu_fault(root, l->ctx, l->status, iova,
			    l->cost_ns + root->lat_fault);
	return false;
}

IobResult ipmmu_translate(IobIommu *iommu, IobTxn *txn)
{
	/* Called for each transaction: a checked cast costs as much as the rest. */
	IobIpmmu *mmu = (IobIpmmu *)iommu;
	IobIpmmu *root = mmu->main ?: mmu;
	Lookup l = { 0 };
	uint8_t need = txn->write ? IOB_PERM_W : IOB_PERM_R;

	/* Neither PASIDs nor ATS nor that many micro-TLBs. */
	if (txn->ssid != IOB_NO_SSID || txn->kind != IOB_UNTRANSLATED ||
	    txn->sid >= IPMMU_UTLBS) {
		txn->fault = IOB_FAULT_CONFIG;
		return IOB_REFUSED;
	}
	if (txn->exec)
		need |= IOB_PERM_X;
	lookup(mmu, txn->sid, txn->iova, &l);
	txn->cost_ns = l.cost_ns;
	txn->walk_levels = l.levels;
	if (!admit(mmu, &l, txn->iova, need, txn->priv)) {
		txn->fault = l.fault;
		txn->syndrome = l.status;
		if (l.ctx)
			txn->fault_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
					l.cost_ns + root->lat_fault;
		return IOB_REFUSED;
	}
	txn->page_mask = l.flat ? FLAT_MASK : l.entry.mask;
	txn->pa = l.flat ? txn->iova :
			   l.entry.pa | (txn->iova & l.entry.mask);
	txn->perm = perm_of(&l, txn->priv);
	return IOB_DONE;
}

static IOMMUTLBEntry mr_translate(IOMMUMemoryRegion *iommu, hwaddr addr,
				  IOMMUAccessFlags flag, int index)
{
	IpmmuMr *mr = IPMMU_MR(iommu);
	bool priv = mr->mmu->utlb[mr->sid].priv;
	Lookup l = { 0 };
	uint8_t need = 0;
	uint8_t perm;
	IOMMUTLBEntry out = {
		.target_as = &address_space_memory,
		.iova = addr & ~0xfffull,
		.addr_mask = 0xfff,
		.perm = IOMMU_NONE,
	};

	if (flag & IOMMU_RO)
		need |= IOB_PERM_R;
	if (flag & IOMMU_WO)
		need |= IOB_PERM_W;
	lookup(mr->mmu, mr->sid, addr, &l);
	/* QEMU looks without an access: nothing to be reported then. */
	if (!need && l.fault != IOB_FAULT_NONE)
		return out;
	if (need && !admit(mr->mmu, &l, addr, need, priv))
		return out;
	out.addr_mask = l.flat ? FLAT_MASK : l.entry.mask;
	out.iova = addr & ~out.addr_mask;
	out.translated_addr = l.flat ? out.iova : l.entry.pa;
	perm = perm_of(&l, priv);
	out.perm = IOMMU_ACCESS_FLAG(perm & IOB_PERM_R, perm & IOB_PERM_W);
	return out;
}

AddressSpace *ipmmu_address_space(IobIpmmu *mmu, uint32_t sid)
{
	IpmmuUtlb *u = &mmu->utlb[MIN(sid, IPMMU_UTLBS - 1)];
	g_autofree char *name = NULL;
	IpmmuMr *mr;

	if (u->as)
		return u->as;
	name = g_strdup_printf("iob-ipmmu-utlb%u", sid);
	mr = g_new0(IpmmuMr, 1);
	memory_region_init_iommu(mr, sizeof(*mr), TYPE_IOB_IPMMU_MR, OBJECT(mmu),
				 name, UINT64_MAX);
	mr->mmu = mmu;
	mr->sid = MIN(sid, IPMMU_UTLBS - 1);
	u->mr = &mr->parent;
	u->as = g_new0(AddressSpace, 1);
	address_space_init(u->as, MEMORY_REGION(mr), name);
	return u->as;
}

static void mr_class_init(ObjectClass *klass, void *data)
{
	IOMMUMemoryRegionClass *k = IOMMU_MEMORY_REGION_CLASS(klass);

	k->translate = mr_translate;
}

static const TypeInfo mr_info = {
	.parent = TYPE_IOMMU_MEMORY_REGION,
	.name = TYPE_IOB_IPMMU_MR,
	.instance_size = sizeof(IpmmuMr),
	.class_init = mr_class_init,
};

static void mr_register(void)
{
	type_register_static(&mr_info);
}

type_init(mr_register)
