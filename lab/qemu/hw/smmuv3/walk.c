// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: VMSAv8-64 table walks (Arm ARM DDI 0487, D8), stage 1, stage 2 and
 * both.
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "smmuv3.h"
#include "hw/iommubench/trace.h"

#define DESC_VALID	BIT_ULL(0)
#define DESC_TABLE	BIT_ULL(1)	/* level 3: page */
#define DESC_AP1	BIT_ULL(6)	/* stage 1: unprivileged access */
#define DESC_AP2	BIT_ULL(7)	/* stage 1: read-only */
#define DESC_S2AP_R	BIT_ULL(6)
#define DESC_S2AP_W	BIT_ULL(7)
#define DESC_AF		BIT_ULL(10)
#define DESC_NG		BIT_ULL(11)
#define DESC_DBM	BIT_ULL(51)
#define DESC_CONT	BIT_ULL(52)
#define DESC_PXN	BIT_ULL(53)
#define DESC_XN		BIT_ULL(54)	/* UXN with two privilege levels */
#define TABLE_PXN	BIT_ULL(59)
#define TABLE_XN	BIT_ULL(60)
#define TABLE_AP_NOEL0	BIT_ULL(61)
#define TABLE_AP_RO	BIT_ULL(62)

#define PERM_ALL	(IOB_PERM_R | IOB_PERM_W | IOB_PERM_X)
#define BOTH(perm)	((perm) | (perm) << SMMU_PERM_PRIV_SHIFT)

/**
 * struct Walk - a walk of one stage
 * @leaf:	descriptor that it ended at, as the CPU sees it
 * @addr:	where that is (final physical address)
 * @ipa:	intermediate physical address of the leaf, before stage 2
 * @table:	attributes from the tables above, TABLE_*
 * @key:	what its tables belong to
 * @high:	the address's bits above those that are translated
 */
typedef struct Walk {
	IobSmmu *smmu;
	const SmmuSte *ste;
	const SmmuTable *t;
	IobTxn *txn;
	SmmuFault *fault;
	bool s2;
	bool nested;		/* stage 1 tables are at IPAs */
	bool big_endian;
	unsigned int class;
	const SmmuTlbKey *key;
	uint64_t in;
	uint64_t high;

	uint64_t leaf;
	uint64_t addr;
	uint64_t ipa;
	uint64_t table;
	unsigned int level;
	unsigned int bits;	/* log2 of the leaf's size */
} Walk;

static bool fail(Walk *k, unsigned int type)
{
	*k->fault = (SmmuFault) {
		.type = type,
		.s2 = k->s2,
		.class = k->s2 ? k->class : EVT_CLASS_IN,
		.ipa = k->s2 ? k->in : 0,
	};
	return false;
}

static bool external_abort(Walk *k, uint64_t addr)
{
	fail(k, F_WALK_EABT);
	k->fault->class = EVT_CLASS_TT;
	k->fault->fetch = addr;
	k->fault->record = true;
	return false;
}

static uint64_t desc_to_cpu(const Walk *k, uint64_t raw)
{
	return k->big_endian ? be64_to_cpu(raw) : le64_to_cpu(raw);
}

static uint64_t desc_to_mem(const Walk *k, uint64_t desc)
{
	return k->big_endian ? cpu_to_be64(desc) : cpu_to_le64(desc);
}

/* A stage 1 table's final address; with @write, for a descriptor update. */
static bool table_address(Walk *k, uint64_t ipa, bool write, uint64_t *pa)
{
	SmmuTlbEntry e;

	*pa = ipa;
	if (!k->nested)
		return true;
	if (!iob_smmu_walk_s2(k->smmu, k->ste, ipa, write ? IOB_PERM_R | IOB_PERM_W : IOB_PERM_R,
			  EVT_CLASS_TT, k->txn, &e, k->fault))
		return false;
	*pa = e.pa + (ipa - e.va);
	return true;
}

static bool read_desc(Walk *k, uint64_t ipa, uint64_t *desc)
{
	uint64_t raw;

	if (!table_address(k, ipa, false, &k->addr))
		return false;
	k->ipa = ipa;
	k->txn->walk_levels++;
	k->txn->cost_ns += k->smmu->lat_walk;
	iob_smmu_count(k->smmu, SMMU_PMU_WALK_ACCESS, k->txn->sid, 1);
	if (!iob_smmu_mem_read(k->addr, &raw, sizeof(raw)))
		return external_abort(k, k->addr);
	*desc = desc_to_cpu(k, raw);
	return true;
}

/* Output address; with the 64K granule and 52 bits, bits 51:48 are at 15:12. */
static uint64_t desc_address(const Walk *k, uint64_t desc, unsigned int bits)
{
	uint64_t addr = desc & MAKE_64BIT_MASK(bits, 48 - bits);

	if (k->t->gbits == 16 && k->t->obits > 48)
		addr |= extract64(desc, 12, 4) << 48;
	return addr;
}

static bool is_leaf(const Walk *k, uint64_t desc)
{
	return k->level == 3 || !(desc & DESC_TABLE);
}

/* Blocks: 4K at levels 1 and 2; 16K at level 2; 64K at level 2, 52 bits: 1. */
static bool leaf_allowed(const Walk *k, uint64_t desc)
{
	switch (k->level) {
	case 3:
		return desc & DESC_TABLE;
	case 2:
		return true;
	case 1:
		return k->t->gbits == 12 || (k->t->gbits == 16 && k->t->obits > 48);
	}
	return false;
}

/* Bits 63:59 of a table's descriptor hold for all below it. */
#define TABLE_SHIFT	59

/* Begin at the lowest table that is known; @top: bits that it translates. */
static uint64_t first_table(Walk *k, unsigned int *top)
{
	SmmuTlb *cache = &k->smmu->walks;
	const SmmuTlbEntry *e = k->smmu->walk_entries ?
		iob_smmu_tlb_lookup(cache, k->key, k->high | k->in) : NULL;

	if (!e || e->gbits != k->t->gbits) {
		k->level = k->t->level;
		*top = k->t->ibits;
		return k->t->ttb;
	}
	k->level = e->level;
	k->table = (uint64_t)e->table << TABLE_SHIFT;
	*top = e->ebits;
	return e->pa;
}

static void keep_table(Walk *k, uint64_t base, unsigned int bits)
{
	SmmuTlbEntry e = {
		.regime = k->key->regime, .asid = k->key->asid, .vmid = k->key->vmid,
		.va = (k->high | k->in) & ~MAKE_64BIT_MASK(0, bits), .pa = base,
		.ebits = bits, .lbits = bits, .gbits = k->t->gbits, .level = k->level + 1,
		.table = k->table >> TABLE_SHIFT,
	};

	if (k->smmu->walk_entries)
		iob_smmu_tlb_insert(&k->smmu->walks, &e);
}

static bool walk(Walk *k)
{
	const SmmuTable *t = k->t;
	unsigned int stride = t->gbits - 3;
	unsigned int top;
	uint64_t base = first_table(k, &top);

	for (;; k->level++) {
		unsigned int shift = t->gbits + stride * (3 - k->level);
		uint64_t desc, addr;

		addr = base + extract64(k->in, shift, top - shift) * 8;
		if (!read_desc(k, addr, &desc))
			return false;
		if (!(desc & DESC_VALID) ||
		    (is_leaf(k, desc) && !leaf_allowed(k, desc)))
			return fail(k, F_TRANSLATION);
		if (is_leaf(k, desc)) {
			if (desc_address(k, desc, shift) >> t->obits)
				return fail(k, F_ADDR_SIZE);
			k->leaf = desc;
			k->bits = shift;
			return true;
		}
		base = desc_address(k, desc, t->gbits);
		if (base >> t->obits)
			return fail(k, F_ADDR_SIZE);
		if (!t->had)
			k->table |= desc;
		top = shift;
		keep_table(k, base, shift);
	}
}

/*
 * Set the access flag, and take away "clean", in memory. The table may have been
 * changed by a CPU since it was read: then false, and the walk starts again.
 */
static bool update_leaf(Walk *k, uint64_t set, uint64_t clear, bool *again)
{
	uint64_t new = (k->leaf | set) & ~clear;
	uint64_t old = desc_to_mem(k, k->leaf);
	uint64_t found = old, pa;

	*again = false;
	if (new == k->leaf)
		return true;
	if (!table_address(k, k->ipa, true, &pa))
		return false;
	if (!iob_smmu_mem_cmpxchg(pa, &found, desc_to_mem(k, new)))
		return external_abort(k, pa);
	if (found != old) {
		*again = true;
		return false;
	}
	k->leaf = new;
	return true;
}

/* Entries that a contiguous hint covers, log2 (D8.6.1, "Contiguous bit") */
static unsigned int contiguous_bits(unsigned int gbits, unsigned int level)
{
	switch (gbits) {
	case 12:
		return 4;
	case 14:
		return level == 3 ? 7 : 5;
	}
	return 5;
}

static void set_size(Walk *k, SmmuTlbEntry *e)
{
	uint64_t pa = desc_address(k, k->leaf, k->bits);
	unsigned int bits = k->bits;

	if (k->leaf & DESC_CONT) {
		unsigned int cbits = bits + contiguous_bits(k->t->gbits, k->level);

		/* A hint that cannot be right is ignored. */
		if (cbits <= k->t->ibits &&
		    !((pa ^ k->in) & MAKE_64BIT_MASK(bits, cbits - bits))) {
			bits = cbits;
			pa &= ~MAKE_64BIT_MASK(0, bits);
		}
	}
	e->ebits = bits;
	e->lbits = bits;
	e->va = k->in & ~MAKE_64BIT_MASK(0, bits);
	e->pa = pa;
	e->gbits = k->t->gbits;
	e->level = k->level;
}

static unsigned int s2_perm(uint64_t desc)
{
	unsigned int perm = 0;

	if (desc & DESC_S2AP_R)
		perm |= IOB_PERM_R;
	if (desc & DESC_S2AP_W)
		perm |= IOB_PERM_W;
	if (!(desc & DESC_XN) && (desc & DESC_S2AP_R))
		perm |= IOB_PERM_X;
	return BOTH(perm);
}

/* Each stage's own setting decides about stalls and records (CD.S, STE.S2S). */
static void s2_settings(const SmmuSte *ste, SmmuFault *f)
{
	if (!f->s2)
		return;
	f->stall = ste->s2stall && f->type >= F_TRANSLATION;
	f->record |= ste->s2record;
}

static bool s2_fault(const SmmuSte *ste, uint64_t ipa, unsigned int class,
		     unsigned int type, SmmuFault *f)
{
	*f = (SmmuFault) { .type = type, .s2 = true, .class = class, .ipa = ipa };
	s2_settings(ste, f);
	return false;
}

bool iob_smmu_walk_s2(IobSmmu *s, const SmmuSte *ste, uint64_t ipa, unsigned int need,
		  unsigned int class, IobTxn *txn, SmmuTlbEntry *out, SmmuFault *fault)
{
	SmmuTlbKey key = { .regime = SMMU_REGIME_S2, .vmid = ste->vmid };
	SmmuTlbEntry *hit, e;
	unsigned int perm;
	bool again;
	Walk k = {
		.smmu = s, .ste = ste, .t = &ste->s2, .txn = txn, .fault = fault,
		.s2 = true, .big_endian = ste->s2_big_endian, .class = class,
		.key = &key, .in = ipa,
	};

	/* Accesses of the SMMU itself fetch nothing and are as if privileged. */
	if (ipa >> ste->s2.ibits)
		return s2_fault(ste, ipa, class, F_TRANSLATION, fault);

	hit = iob_smmu_tlb_lookup(&s->tlb, &key, ipa);
	if (hit && ((hit->perm & need) == need || ((hit->perm | hit->dbm) & need) != need)) {
		*out = *hit;
		if ((hit->perm & need) != need)
			return s2_fault(ste, ipa, class, F_PERMISSION, fault);
		return true;
	}

	iob_smmu_count(s, SMMU_PMU_TLB_MISS, txn->sid, 1);
	do {
		if (!walk(&k)) {
			s2_settings(ste, fault);
			return false;
		}
		if (!(k.leaf & DESC_AF) && !ste->s2ha && !ste->s2affd) {
			fail(&k, F_ACCESS);
			s2_settings(ste, fault);
			return false;
		}
		perm = s2_perm(k.leaf);
		again = false;
		if (!update_leaf(&k, ste->s2ha ? DESC_AF : 0, 0, &again)) {
			if (again)
				continue;
			s2_settings(ste, fault);
			return false;
		}
		if (ste->s2hd && (k.leaf & DESC_DBM) && (need & IOB_PERM_W) &&
		    !(perm & IOB_PERM_W)) {
			/* S2AP[1] set means dirty */
			if (!update_leaf(&k, DESC_S2AP_W, 0, &again)) {
				if (again)
					continue;
				s2_settings(ste, fault);
				return false;
			}
			perm = s2_perm(k.leaf);
		}
	} while (again);

	e = (SmmuTlbEntry) {
		.regime = SMMU_REGIME_S2, .vmid = ste->vmid, .perm = perm,
		.s1_perm = BOTH(PERM_ALL),
	};
	if (ste->s2hd && (k.leaf & DESC_DBM))
		e.dbm = BOTH(IOB_PERM_W) & ~perm;
	set_size(&k, &e);
	/* STE.S2PTW: tables in device memory */
	if (class == EVT_CLASS_TT && ste->s2ptw && !extract64(k.leaf, 4, 2))
		return s2_fault(ste, ipa, class, F_PERMISSION, fault);
	iob_smmu_tlb_insert(&s->tlb, &e);
	*out = e;
	if ((perm & need) != need)
		return s2_fault(ste, ipa, class, F_PERMISSION, fault);
	return true;
}

/* D8.4: rights of a stage 1 leaf, unprivileged and privileged */
static unsigned int s1_perm(const Walk *k, const SmmuCd *cd, unsigned int regime)
{
	uint64_t leaf = k->leaf;
	bool ro = (leaf & DESC_AP2) || (k->table & TABLE_AP_RO);
	bool el0 = (leaf & DESC_AP1) && !(k->table & TABLE_AP_NOEL0);
	bool uxn = (leaf & DESC_XN) || (k->table & TABLE_XN);
	bool pxn = (leaf & DESC_PXN) || (k->table & TABLE_PXN);
	unsigned int user = 0, priv = IOB_PERM_R;

	if (regime == SMMU_REGIME_EL2) {
		/* One privilege level, AP[1] is not looked at */
		if (!ro)
			priv |= IOB_PERM_W;
		if (!uxn && !(cd->wxn && !ro))
			priv |= IOB_PERM_X;
		return BOTH(priv);
	}
	if (el0)
		user |= IOB_PERM_R;
	if (!ro) {
		priv |= IOB_PERM_W;
		if (el0)
			user |= IOB_PERM_W;
	}
	if (!uxn && !(cd->wxn && (user & IOB_PERM_W)))
		user |= IOB_PERM_X;
	/* What EL0 can write, EL1 does not execute. */
	if (!pxn && !(user & IOB_PERM_W) && !(cd->wxn && !ro) &&
	    !(cd->uwxn && (user & IOB_PERM_W)))
		priv |= IOB_PERM_X;
	if (cd->pan && el0)
		priv &= ~(IOB_PERM_R | IOB_PERM_W);
	return user | priv << SMMU_PERM_PRIV_SHIFT;
}

/* D8.2.6, TTBRn by the address's top bits; false: neither */
static const SmmuTable *select_table(const SmmuCd *cd, unsigned int regime, uint64_t va,
				     uint64_t *in)
{
	bool upper = regime != SMMU_REGIME_EL2 && extract64(va, 55, 1);
	const SmmuTable *t = &cd->tt[upper];
	uint64_t high;

	if (!t->valid)
		return NULL;
	if (t->tbi)
		va = sextract64(va, 0, 56);
	high = va >> t->ibits;
	if (high != (upper ? MAKE_64BIT_MASK(0, 64 - t->ibits) : 0))
		return NULL;
	*in = extract64(va, 0, t->ibits);
	return t;
}

static bool walk_s1(IobSmmu *s, const SmmuSte *ste, const SmmuCd *cd,
		    const SmmuTlbKey *key, uint64_t va, bool write, IobTxn *txn,
		    SmmuTlbEntry *e, SmmuFault *fault)
{
	Walk k = {
		.smmu = s, .ste = ste, .txn = txn, .fault = fault,
		.nested = ste->config & STE_CONFIG_S2,
		.big_endian = cd->big_endian,
		.key = key,
	};
	unsigned int perm, dirty;
	bool again;

	k.t = select_table(cd, key->regime, va, &k.in);
	if (!k.t)
		return fail(&k, F_TRANSLATION);
	/* Tags have the whole address, with the bits that TBI ignores taken away. */
	k.high = k.t == &cd->tt[1] ? ~MAKE_64BIT_MASK(0, k.t->ibits) : 0;

	do {
		again = false;
		k.table = 0;
		if (!walk(&k))
			return false;
		if (!(k.leaf & DESC_AF) && !cd->ha && !cd->affd)
			return fail(&k, F_ACCESS);
		if (!update_leaf(&k, cd->ha ? DESC_AF : 0, 0, &again)) {
			if (again)
				continue;
			return false;
		}
		perm = s1_perm(&k, cd, key->regime);
		dirty = 0;
		if (cd->hd && (k.leaf & DESC_DBM) && (k.leaf & DESC_AP2) &&
		    !(k.table & TABLE_AP_RO)) {
			uint64_t clean = k.leaf;

			/* What it will be once AP[2] is clear */
			k.leaf &= ~DESC_AP2;
			dirty = s1_perm(&k, cd, key->regime);
			k.leaf = clean;
			if (write && !update_leaf(&k, 0, DESC_AP2, &again)) {
				if (again)
					continue;
				return false;
			}
			if (write) {
				perm = dirty;
				dirty = 0;
			}
		}
	} while (again);

	*e = (SmmuTlbEntry) {
		.regime = key->regime,
		.asid = key->asid,
		.vmid = key->vmid,
		.perm = perm,
		.s1_perm = perm,
		.dbm = dirty & BOTH(IOB_PERM_W) & ~perm,
		.global = key->regime != SMMU_REGIME_EL2 && !(k.leaf & DESC_NG),
	};
	set_size(&k, e);
	e->va |= k.high;
	return true;
}

bool iob_smmu_walk(IobSmmu *s, const SmmuSte *ste, const SmmuCd *cd,
	       const SmmuTlbKey *key, uint64_t va, unsigned int need, bool priv,
	       IobTxn *txn, SmmuTlbEntry *e, SmmuFault *fault)
{
	SmmuTlbEntry s2;

	if (!walk_s1(s, ste, cd, key, va, need & IOB_PERM_W, txn, e, fault)) {
		if (!fault->s2) {
			fault->stall = cd->stall && fault->type >= F_TRANSLATION;
			fault->record |= cd->record;
		}
		return false;
	}
	if (!(ste->config & STE_CONFIG_S2))
		return true;

	e->ipa = (e->pa + (va & MAKE_64BIT_MASK(0, e->ebits))) & ~0xfffULL;
	/* Stage 1's own fault comes first: then stage 2 is asked for nothing. */
	if (need & ~(e->perm >> (priv ? SMMU_PERM_PRIV_SHIFT : 0)))
		need = 0;
	if (!iob_smmu_walk_s2(s, ste, e->ipa, need, EVT_CLASS_IN, txn, &s2, fault))
		return false;
	e->s1_perm = e->perm | e->dbm;
	if (s2.ebits < e->ebits) {
		/* Stage 2 has the smaller pages: keep only this piece. */
		e->va = (e->va & ~MAKE_64BIT_MASK(0, e->ebits)) |
			(va & MAKE_64BIT_MASK(s2.ebits, e->ebits - s2.ebits));
		e->pa = s2.pa;
		e->ebits = s2.ebits;
	} else {
		e->pa = s2.pa + (e->pa - s2.va);
	}
	e->dbm = ((e->perm | e->dbm) & (s2.perm | s2.dbm)) & ~(e->perm & s2.perm);
	e->perm &= s2.perm;
	return true;
}
