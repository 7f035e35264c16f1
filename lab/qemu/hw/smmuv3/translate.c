// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: the way of a transaction.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

/* What the transaction is after STE.PRIVCFG and STE.INSTCFG */
typedef struct Access {
	unsigned int need;	/* IOB_PERM_* */
	bool priv;
	bool exec;
	bool quiet;		/* a look without an access: no records */
} Access;

static const IobFault fault_kind[] = {
	[F_UUT] = IOB_FAULT_CONFIG,
	[C_BAD_STREAMID] = IOB_FAULT_CONFIG,
	[F_STE_FETCH] = IOB_FAULT_EXTERNAL,
	[C_BAD_STE] = IOB_FAULT_CONFIG,
	[F_BAD_ATS_TREQ] = IOB_FAULT_CONFIG,
	[F_STREAM_DISABLED] = IOB_FAULT_CONFIG,
	[F_TRANSL_FORBIDDEN] = IOB_FAULT_CONFIG,
	[C_BAD_SUBSTREAMID] = IOB_FAULT_CONFIG,
	[F_CD_FETCH] = IOB_FAULT_EXTERNAL,
	[C_BAD_CD] = IOB_FAULT_CONFIG,
	[F_WALK_EABT] = IOB_FAULT_EXTERNAL,
	[F_TRANSLATION] = IOB_FAULT_TRANSLATION,
	[F_ADDR_SIZE] = IOB_FAULT_ADDR_SIZE,
	[F_ACCESS] = IOB_FAULT_ACCESS,
	[F_PERMISSION] = IOB_FAULT_PERMISSION,
};

/* Chapter 7: the record of a fault */
static SmmuEvent *make_event(const SmmuStream *st, const IobTxn *txn, const Access *a,
			     const SmmuFault *f)
{
	SmmuEvent *ev = g_new0(SmmuEvent, 1);

	ev->w[0] = f->type | (uint64_t)st->sid << 32;
	if (txn->ssid != IOB_NO_SSID)
		ev->w[0] |= CMD0_SSV | (uint64_t)(txn->ssid & 0xfffff) << 12;
	switch (f->type) {
	case F_STE_FETCH:
	case F_CD_FETCH:
		ev->w[3] = f->fetch & MAKE_64BIT_MASK(3, 49);
		return ev;
	case F_WALK_EABT:
	case F_TRANSLATION:
	case F_ADDR_SIZE:
	case F_ACCESS:
	case F_PERMISSION:
		if (a->priv)
			ev->w[1] |= EVT1_PNU;
		if (a->exec)
			ev->w[1] |= EVT1_IND;
		if (!txn->write)
			ev->w[1] |= EVT1_RNW;
		if (f->s2)
			ev->w[1] |= EVT1_S2;
		ev->w[1] |= (uint64_t)f->class << EVT1_CLASS_SHIFT;
		ev->w[2] = txn->iova;
		if (f->type == F_WALK_EABT)
			ev->w[3] = f->fetch & MAKE_64BIT_MASK(3, 49);
		else if (f->s2)
			ev->w[3] = f->ipa & MAKE_64BIT_MASK(12, 40);
		return ev;
	case F_TRANSL_FORBIDDEN:
		if (!txn->write)
			ev->w[1] |= EVT1_RNW;
		ev->w[2] = txn->iova;
		return ev;
	case F_BAD_ATS_TREQ:
		ev->w[2] = txn->iova;
		return ev;
	}
	return ev;
}

static IobResult refuse(SmmuStream *st, IobTxn *txn, const Access *a, const SmmuFault *f)
{
	IobSmmu *s = st->smmu;
	bool translation = f->type >= F_TRANSLATION;
	SmmuEvent *ev;

	txn->syndrome = f->type;
	txn->fault = fault_kind[f->type];
	trace_iob_smmuv3_fault(st->sid, txn->ssid, txn->iova, f->type, f->s2);
	if (a->quiet)
		return IOB_REFUSED;

	/* ATS: a translation request learns that there is no access, no more. */
	if (txn->kind == IOB_ATS_REQUEST && translation) {
		txn->perm = 0;
		txn->page_mask = 0xfff;
		return IOB_DONE;
	}
	if (f->stall && txn->kind == IOB_UNTRANSLATED && txn->resumed) {
		iob_smmu_count(s, SMMU_PMU_STALL, st->sid, 1);
		txn->stalls++;
		txn->stag = UINT32_MAX;
		ev = make_event(st, txn, a, f);
		ev->txn = txn;
		iob_smmu_event(s, ev);
		return IOB_STALLED;
	}
	if (f->type == C_BAD_STREAMID && !(s->cr2 & CR2_RECINVSID))
		return IOB_REFUSED;
	if (!f->record && !f->stall)
		return IOB_REFUSED;
	txn->fault_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + s->lat_fault;
	iob_smmu_event(s, make_event(st, txn, a, f));
	return IOB_REFUSED;
}

static IobResult refuse_type(SmmuStream *st, IobTxn *txn, const Access *a,
			     unsigned int type)
{
	SmmuFault f = { .type = type, .record = true, .class = EVT_CLASS_IN };

	return refuse(st, txn, a, &f);
}

/* An abort that leaves no record (SMMU off, STE.Config 0) */
static IobResult refuse_silently(IobTxn *txn)
{
	txn->fault = IOB_FAULT_DISABLED;
	return IOB_REFUSED;
}

static IobResult bypass(SmmuStream *st, IobTxn *txn, const Access *a)
{
	unsigned int bits = iob_smmu_oas_bits(st->smmu);

	if (txn->iova >> bits) {
		if (!(st->smmu->cr0 & CR0_SMMUEN))
			return refuse_silently(txn);
		return refuse_type(st, txn, a, F_ADDR_SIZE);
	}
	txn->pa = txn->iova;
	txn->page_mask = MAKE_64BIT_MASK(0, bits);
	txn->perm = IOB_PERM_R | IOB_PERM_W | IOB_PERM_X;
	return IOB_DONE;
}

static void set_access(const SmmuSte *ste, const IobTxn *txn, Access *a)
{
	a->priv = ste->privcfg & 2 ? ste->privcfg & 1 : txn->priv;
	a->exec = !txn->write && (ste->instcfg & 2 ? ste->instcfg & 1 : txn->exec);
	if (a->quiet)
		a->need = 0;
	else if (txn->kind == IOB_ATS_REQUEST)
		a->need = txn->write ? IOB_PERM_W : 0;
	else if (txn->write)
		a->need = IOB_PERM_W;
	else
		a->need = a->exec ? IOB_PERM_X : IOB_PERM_R;
}

static unsigned int perm_of(unsigned int perm, const Access *a)
{
	return (perm >> (a->priv ? SMMU_PERM_PRIV_SHIFT : 0)) &
	       (IOB_PERM_R | IOB_PERM_W | IOB_PERM_X);
}

static IobResult finish(SmmuStream *st, IobTxn *txn, const Access *a,
			const SmmuTlbEntry *e, uint64_t va)
{
	txn->page_mask = MAKE_64BIT_MASK(0, e->ebits);
	txn->pa = e->pa + (va & txn->page_mask);
	txn->perm = perm_of(e->perm, a);
	return IOB_DONE;
}

/* A stage 2 alone (or behind an ATS translation of stage 1) */
static IobResult translate_s2(SmmuStream *st, const SmmuSte *ste, IobTxn *txn, Access *a)
{
	IobSmmu *s = st->smmu;
	uint64_t cost = txn->cost_ns;
	unsigned int need = a->need;
	SmmuTlbEntry e;
	SmmuFault f;

	if (txn->kind == IOB_ATS_REQUEST)
		need = 0;
	if (!iob_smmu_walk_s2(s, ste, txn->iova, need, EVT_CLASS_IN, txn, &e, &f))
		return refuse(st, txn, a, &f);
	if (txn->cost_ns == cost)
		txn->cost_ns += s->lat_hit;
	return finish(st, txn, a, &e, txn->iova);
}

static IobResult translate_s1(SmmuStream *st, const SmmuSte *ste, const SmmuCd *cd,
			      IobTxn *txn, Access *a)
{
	IobSmmu *s = st->smmu;
	SmmuTlbKey key = { .regime = ste->regime, .asid = cd->asid, .vmid = ste->vmid };
	uint64_t va = txn->iova;
	SmmuTlbEntry *hit, e;
	SmmuFault f;

	if (cd->tt[extract64(va, 55, 1) && ste->regime != SMMU_REGIME_EL2].tbi)
		va = sextract64(va, 0, 56);
	hit = iob_smmu_tlb_lookup(&s->tlb, &key, va);
	/* A write to a clean page has to go and mark it dirty. */
	if (hit && (a->need & perm_of(hit->dbm, a)))
		hit = NULL;
	if (hit) {
		txn->cost_ns += s->lat_hit;
	} else {
		iob_smmu_count(s, SMMU_PMU_TLB_MISS, st->sid, 1);
		if (!iob_smmu_walk(s, ste, cd, &key, va, a->need, a->priv, txn, &e, &f))
			return refuse(st, txn, a, &f);
		iob_smmu_tlb_insert(&s->tlb, &e);
		hit = &e;
	}
	if (txn->kind != IOB_ATS_REQUEST && (a->need & ~perm_of(hit->perm, a))) {
		bool s2 = !(a->need & ~perm_of(hit->s1_perm, a));

		f = (SmmuFault) {
			.type = F_PERMISSION,
			.s2 = s2,
			.class = EVT_CLASS_IN,
			.ipa = s2 ? hit->ipa : 0,
			.stall = s2 ? ste->s2stall : cd->stall,
			.record = s2 ? ste->s2record : cd->record,
		};
		return refuse(st, txn, a, &f);
	}
	return finish(st, txn, a, hit, va);
}

/* 5.2, S1DSS: which context a transaction without a substream uses */
static IobResult translate_config(SmmuStream *st, const SmmuSte *ste, IobTxn *txn,
				  Access *a)
{
	uint32_t ssid = txn->ssid;
	const SmmuCd *cd;
	SmmuFault f;

	if (!(ste->config & STE_CONFIG_S1)) {
		if (ssid != IOB_NO_SSID)
			return refuse_type(st, txn, a, C_BAD_SUBSTREAMID);
		if (ste->config & STE_CONFIG_S2)
			return translate_s2(st, ste, txn, a);
		return bypass(st, txn, a);
	}

	if (ssid == IOB_NO_SSID) {
		ssid = 0;
		if (ste->s1cdmax) {
			if (ste->s1dss == STE_S1DSS_TERMINATE)
				return refuse_type(st, txn, a, F_STREAM_DISABLED);
			if (ste->s1dss == STE_S1DSS_BYPASS) {
				if (ste->config & STE_CONFIG_S2)
					return translate_s2(st, ste, txn, a);
				return bypass(st, txn, a);
			}
		}
	} else {
		if (!ste->s1cdmax || ssid >> ste->s1cdmax)
			return refuse_type(st, txn, a, C_BAD_SUBSTREAMID);
		if (!ssid && ste->s1dss == STE_S1DSS_SSID0)
			return refuse_type(st, txn, a, F_STREAM_DISABLED);
	}
	cd = iob_smmu_config_cd(st, ste, ssid, txn, &f);
	if (!cd)
		return refuse(st, txn, a, &f);
	return translate_s1(st, ste, cd, txn, a);
}

static IobResult translate(SmmuStream *st, IobTxn *txn, bool quiet)
{
	IobSmmu *s = st->smmu;
	Access a = { .quiet = quiet };
	const SmmuSte *ste;
	SmmuFault f;

	iob_smmu_count(s, SMMU_PMU_TRANSACTION, st->sid, 1);
	if (txn->kind == IOB_ATS_REQUEST)
		iob_smmu_count(s, SMMU_PMU_ATS_REQUEST, st->sid, 1);
	else if (txn->kind == IOB_TRANSLATED)
		iob_smmu_count(s, SMMU_PMU_ATS_TRANSLATED, st->sid, 1);

	if (!(s->cr0 & CR0_SMMUEN)) {
		if (txn->kind != IOB_UNTRANSLATED || (s->gbpa & GBPA_ABORT))
			return refuse_silently(txn);
		return bypass(st, txn, &a);
	}
	/* CR0.ATSCHK: without it, translated transactions are trusted. */
	if (txn->kind == IOB_TRANSLATED && s->ats && !(s->cr0 & CR0_ATSCHK))
		return bypass(st, txn, &a);

	ste = iob_smmu_config_ste(st, txn, &f);
	if (!ste)
		return refuse(st, txn, &a, &f);
	if (!(ste->config & STE_CONFIG_ON))
		return refuse_silently(txn);
	set_access(ste, txn, &a);

	if (txn->kind != IOB_UNTRANSLATED) {
		bool none = ste->config == STE_CONFIG_ON || ste->eats == STE_EATS_ABORT;

		if (none)
			return refuse_type(st, txn, &a, txn->kind == IOB_TRANSLATED ?
					   F_TRANSL_FORBIDDEN : F_BAD_ATS_TREQ);
		if (txn->kind == IOB_TRANSLATED) {
			if (ste->eats == STE_EATS_S1CHK)
				return translate_s2(st, ste, txn, &a);
			return bypass(st, txn, &a);
		}
	}
	return translate_config(st, ste, txn, &a);
}

IobResult iob_smmu_translate(SmmuStream *st, IobTxn *txn)
{
	IobResult res = translate(st, txn, false);

	trace_iob_smmuv3_translate(st->sid, txn->ssid, txn->iova, txn->pa, txn->page_mask,
				   res);
	return res;
}

/* What an ordinary device sees: no substream, no stall. */
static IOMMUTLBEntry mr_translate(IOMMUMemoryRegion *mr, hwaddr addr,
				  IOMMUAccessFlags flag, int idx)
{
	SmmuStream *st = container_of(mr, SmmuStream, mr);
	IobTxn txn = {
		.sid = st->sid,
		.ssid = IOB_NO_SSID,
		.iova = addr,
		.write = flag & IOMMU_WO,
		.priv = st->priv,
	};
	IOMMUTLBEntry entry = {
		.target_as = &address_space_memory,
		.iova = addr & ~0xfffULL,
		.addr_mask = 0xfff,
	};
	IobResult res;

	res = translate(st, &txn, flag == IOMMU_NONE);
	trace_iob_smmuv3_translate(st->sid, txn.ssid, addr, txn.pa, txn.page_mask, res);
	if (res != IOB_DONE)
		return entry;
	entry.iova = addr & ~txn.page_mask;
	entry.addr_mask = txn.page_mask;
	entry.translated_addr = txn.pa & ~txn.page_mask;
	entry.perm = IOMMU_ACCESS_FLAG(txn.perm & IOB_PERM_R, txn.perm & IOB_PERM_W);
	return entry;
}

static int mr_notify(IOMMUMemoryRegion *mr, IOMMUNotifierFlag old,
		     IOMMUNotifierFlag new, Error **errp)
{
	error_setg(errp, "%s: devices that keep translations of their own (vhost, vfio) "
		   "cannot be used here", memory_region_name(MEMORY_REGION(mr)));
	return -EINVAL;
}

static void mr_class_init(ObjectClass *oc, void *data)
{
	IOMMUMemoryRegionClass *k = IOMMU_MEMORY_REGION_CLASS(oc);

	k->translate = mr_translate;
	k->notify_flag_changed = mr_notify;
}

static const TypeInfo mr_info = {
	.name = TYPE_IOB_SMMUV3_MR,
	.parent = TYPE_IOMMU_MEMORY_REGION,
	.class_init = mr_class_init,
};

static void register_types(void)
{
	type_register_static(&mr_info);
}

type_init(register_types)
