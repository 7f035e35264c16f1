// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: stream table entries and context descriptors.
 *
 * A stream's configuration is read from memory once and kept until a CFGI
 * command, whatever software does to the tables meanwhile.
 */
#include "qemu/osdep.h"
#include "hw/iommubench/trace.h"
#include "smmuv3.h"

#define FIELD(word, shift, len)	extract64(word, shift, len)

static bool fail(SmmuFault *f, unsigned int type, uint64_t fetch)
{
	*f = (SmmuFault) {
		.type = type, .class = EVT_CLASS_IN, .fetch = fetch, .record = true,
	};
	return false;
}

unsigned int iob_smmu_oas_bits(const IobSmmu *s)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52 };

	return bits[MIN(s->idr[5] & 7, ARRAY_SIZE(bits) - 1)];
}

/* Encoding of CD.IPS and STE.S2PS; values above the SMMU's own size mean that size. */
static unsigned int output_bits(const IobSmmu *s, unsigned int code)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52, 52 };

	return MIN(bits[code & 7], iob_smmu_oas_bits(s));
}

static bool granule_ok(const IobSmmu *s, unsigned int gbits)
{
	switch (gbits) {
	case 12:
		return s->gran4k;
	case 14:
		return s->gran16k;
	case 16:
		return s->gran64k;
	}
	return false;
}

static void count_fetch(SmmuStream *st, IobTxn *txn)
{
	iob_smmu_count(st->smmu, SMMU_PMU_CONFIG_ACCESS, st->sid, 1);
	txn->cost_ns += st->smmu->lat_config;
}

/* Chapter 3, stream table lookup: where the stream's entry is */
static bool find_ste(SmmuStream *st, IobTxn *txn, uint64_t *addr, SmmuFault *f)
{
	IobSmmu *s = st->smmu;
	unsigned int log2size = s->strtab_cfg & 0x3f;
	unsigned int split = FIELD(s->strtab_cfg, 6, 5);
	uint64_t base = s->strtab_base & MAKE_64BIT_MASK(6, 46);
	uint64_t l1;
	unsigned int span;
	bool two_level = FIELD(s->strtab_cfg, 16, 2) == STRTAB_FMT_2LVL && s->st2l;

	log2size = MIN(log2size, s->sidsize);
	if ((uint64_t)st->sid >> log2size)
		return fail(f, C_BAD_STREAMID, 0);
	if (!two_level) {
		base &= ~MAKE_64BIT_MASK(0, log2size + 6);
		*addr = base + st->sid * 64ULL;
		return true;
	}

	/* Other values of SPLIT are reserved and work like 6. */
	if (split != 6 && split != 8 && split != 10)
		split = 6;
	base &= ~MAKE_64BIT_MASK(0, MAX(log2size > split ? log2size - split : 0, 3) + 3);
	base += (st->sid >> split) * 8ULL;
	count_fetch(st, txn);
	if (!iob_smmu_mem_read(base, &l1, sizeof(l1)))
		return fail(f, F_STE_FETCH, base);
	l1 = le64_to_cpu(l1);
	span = l1 & 0x1f;
	if (!span || span > split + 1 ||
	    (st->sid & MAKE_64BIT_MASK(0, split)) >> (span - 1))
		return fail(f, C_BAD_STREAMID, 0);
	*addr = (l1 & MAKE_64BIT_MASK(6, 46) & ~MAKE_64BIT_MASK(0, span - 1 + 6)) +
		(st->sid & MAKE_64BIT_MASK(0, split)) * 64ULL;
	return true;
}

/* 5.2, S2T0SZ and S2SL0: is this a walk that can be done? */
static bool parse_s2(const IobSmmu *s, SmmuSte *ste, const uint64_t *w)
{
	static const uint8_t granule[] = { 12, 16, 14, 0 };
	SmmuTable *t = &ste->s2;
	unsigned int t0sz = FIELD(w[2], 32, 6);
	unsigned int sl0 = FIELD(w[2], 38, 2);
	int top;

	if (!FIELD(w[2], 51, 1))	/* AArch32 tables are not offered */
		return false;
	t->gbits = granule[FIELD(w[2], 46, 2)];
	if (!t->gbits || !granule_ok(s, t->gbits))
		return false;
	if (t0sz < 64 - MIN(iob_smmu_oas_bits(s), 48) || t0sz > 39)
		return false;
	t->ibits = 64 - t0sz;
	t->level = t->gbits == 12 ? 2 - sl0 : 3 - sl0;
	if (sl0 == 3)
		return false;
	/* Bits that the first level resolves, up to 16 concatenated tables */
	top = t->ibits - (t->gbits + (t->gbits - 3) * (3 - t->level));
	if (top < 1 || top > t->gbits - 3 + 4)
		return false;
	t->obits = MIN(output_bits(s, FIELD(w[2], 48, 3)), t->gbits == 16 ? 52 : 48);
	t->ttb = w[3] & MAKE_64BIT_MASK(4, 48);
	/* Tables are aligned to their size. */
	t->ttb &= ~MAKE_64BIT_MASK(0, MAX(top + 3, 4));
	if (t->ttb >> t->obits)
		return false;
	t->valid = true;
	ste->s2_big_endian = FIELD(w[2], 52, 1);
	if (s->ttendian != 0 && ste->s2_big_endian != (s->ttendian == 3))
		return false;
	ste->s2affd = FIELD(w[2], 53, 1);
	ste->s2ptw = FIELD(w[2], 54, 1);
	ste->s2hd = FIELD(w[2], 55, 1) && s->httu > 1;
	ste->s2ha = FIELD(w[2], 56, 1) && s->httu > 0;
	if (ste->s2hd && !ste->s2ha)
		return false;
	ste->s2stall = FIELD(w[2], 57, 1);
	ste->s2record = FIELD(w[2], 58, 1);
	/* 5.2: S2S with a stall model that cannot, or that knows nothing else */
	if (ste->s2stall && s->stall_model == 1)
		return false;
	if (!ste->s2stall && s->stall_model == 2)
		return false;
	return true;
}

static bool parse_ste(const IobSmmu *s, SmmuSte *ste, const uint64_t *w)
{
	unsigned int config = FIELD(w[0], 1, 3);

	memset(ste, 0, sizeof(*ste));
	ste->config = config;
	ste->ppar = FIELD(w[1], 18, 1);
	if (!(config & STE_CONFIG_ON))
		return true;		/* aborts, without a record */

	ste->privcfg = FIELD(w[1], 48, 2);
	ste->instcfg = FIELD(w[1], 50, 2);
	ste->eats = s->ats ? FIELD(w[1], 28, 2) : 0;
	ste->strw = FIELD(w[1], 30, 2);
	ste->vmid = s->s2p ? FIELD(w[2], 0, 16) : 0;
	if (!s->vmid16)
		ste->vmid &= 0xff;
	if (ste->eats == 3)
		return false;
	if (ste->eats == STE_EATS_S1CHK &&
	    (config != (STE_CONFIG_ON | STE_CONFIG_S1 | STE_CONFIG_S2)))
		return false;

	ste->regime = SMMU_REGIME_EL1;
	if (config & STE_CONFIG_S1) {
		if (!s->s1p)
			return false;
		if (ste->strw == STE_STRW_EL2) {
			if (!s->hyp)
				return false;
			ste->regime = s->cr2 & CR2_E2H ? SMMU_REGIME_EL2H :
							 SMMU_REGIME_EL2;
		} else if (ste->strw != STE_STRW_EL1) {
			return false;
		}
		/* 5.2: with stage 2, stage 1 is EL1's */
		if ((config & STE_CONFIG_S2) && ste->regime != SMMU_REGIME_EL1)
			return false;
		if (ste->regime != SMMU_REGIME_EL1)
			ste->vmid = 0;
		ste->s1fmt = FIELD(w[0], 4, 2);
		ste->s1ctxptr = w[0] & MAKE_64BIT_MASK(6, 46);
		ste->s1cdmax = FIELD(w[0], 59, 5);
		ste->s1dss = FIELD(w[1], 0, 2);
		ste->s1stalld = FIELD(w[1], 27, 1);
		if (ste->s1stalld && s->stall_model != 0)
			return false;
		if (ste->s1cdmax > s->ssidsize)
			return false;
		if (ste->s1cdmax) {
			if (ste->s1fmt == 3 || ste->s1dss == 3)
				return false;
			if (ste->s1fmt && !s->cd2l)
				return false;
		}
		if (!(config & STE_CONFIG_S2) && ste->s1ctxptr >> iob_smmu_oas_bits(s))
			return false;
	}
	if (config & STE_CONFIG_S2) {
		if (!s->s2p || !parse_s2(s, ste, w))
			return false;
	}
	return true;
}

const SmmuSte *iob_smmu_config_ste(SmmuStream *st, IobTxn *txn, SmmuFault *f)
{
	IobSmmu *s = st->smmu;
	uint64_t w[STE_WORDS], addr;
	unsigned int i;

	if (st->ste.valid)
		return &st->ste;

	iob_smmu_count(s, SMMU_PMU_CONFIG_MISS, st->sid, 1);
	if (!find_ste(st, txn, &addr, f))
		return NULL;
	count_fetch(st, txn);
	if (!iob_smmu_mem_read(addr, w, sizeof(w))) {
		fail(f, F_STE_FETCH, addr);
		return NULL;
	}
	for (i = 0; i < STE_WORDS; i++)
		w[i] = le64_to_cpu(w[i]);
	if (!(w[0] & 1) || !parse_ste(s, &st->ste, w)) {
		fail(f, C_BAD_STE, 0);
		return NULL;
	}
	trace_iob_smmuv3_ste(st->sid, st->ste.config, st->ste.vmid, st->ste.s1ctxptr);
	st->ste.valid = true;
	return &st->ste;
}

/* 5.4, the half of a CD that belongs to one table base */
static bool parse_table(const IobSmmu *s, const SmmuCd *cd, SmmuTable *t,
			unsigned int tsz, unsigned int gbits, uint64_t ttb)
{
	unsigned int stride, levels, top;

	if (!t->valid)
		return true;
	if (!gbits || !granule_ok(s, gbits) || tsz < 16 || tsz > 39)
		return false;
	t->gbits = gbits;
	t->ibits = 64 - tsz;
	stride = gbits - 3;
	levels = DIV_ROUND_UP(t->ibits - gbits, stride);
	t->level = 4 - levels;
	top = t->ibits - gbits - (levels - 1) * stride;
	t->ttb = ttb & MAKE_64BIT_MASK(4, 48);
	t->ttb &= ~MAKE_64BIT_MASK(0, MAX(top + 3, 4));
	return !(t->ttb >> t->obits);
}

static bool parse_cd(const IobSmmu *s, const SmmuSte *ste, SmmuCd *cd,
		     const uint64_t *w)
{
	static const uint8_t tg0[] = { 12, 16, 14, 0 };
	static const uint8_t tg1[] = { 0, 14, 12, 16 };
	unsigned int ips = FIELD(w[0], 32, 3);
	unsigned int i;

	memset(cd, 0, sizeof(*cd));
	if (!FIELD(w[0], 31, 1))	/* V */
		return false;
	if (!FIELD(w[0], 41, 1))	/* AArch32 tables are not offered */
		return false;
	/* CD.A: without TERM_MODEL 0, an abort is the only way to end a transaction */
	if (!FIELD(w[0], 46, 1))
		return false;
	cd->stall = FIELD(w[0], 44, 1);
	cd->record = FIELD(w[0], 45, 1);
	if (cd->stall && (s->stall_model == 1 || ste->s1stalld))
		return false;
	if (!cd->stall && s->stall_model == 2)
		return false;
	cd->big_endian = FIELD(w[0], 15, 1);
	if (s->ttendian != 0 && cd->big_endian != (s->ttendian == 3))
		return false;
	cd->asid = FIELD(w[0], 48, 16);
	if (!s->asid16)
		cd->asid &= 0xff;
	if (ste->regime == SMMU_REGIME_EL2)
		cd->asid = 0;
	cd->affd = FIELD(w[0], 35, 1);
	cd->wxn = FIELD(w[0], 36, 1);
	cd->uwxn = FIELD(w[0], 37, 1);
	cd->pan = FIELD(w[0], 40, 1);
	cd->hd = FIELD(w[0], 42, 1) && s->httu > 1;
	cd->ha = FIELD(w[0], 43, 1) && s->httu > 0;
	if (cd->hd && !cd->ha)
		return false;

	for (i = 0; i < 2; i++) {
		SmmuTable *t = &cd->tt[i];

		t->valid = !FIELD(w[0], i ? 30 : 14, 1);
		t->tbi = FIELD(w[0], 38 + i, 1);
		t->had = FIELD(w[1 + i], 1, 1) && s->had;
		t->obits = output_bits(s, ips);
	}
	/* EL2 without E2H has no second base. */
	if (ste->regime == SMMU_REGIME_EL2)
		cd->tt[1].valid = false;
	for (i = 0; i < 2; i++) {
		unsigned int code = FIELD(w[0], i ? 22 : 6, 2);

		if (cd->tt[i].valid && (i ? tg1 : tg0)[code] != 16)
			cd->tt[i].obits = MIN(cd->tt[i].obits, 48);
		if (!parse_table(s, cd, &cd->tt[i], FIELD(w[0], i ? 16 : 0, 6),
				 (i ? tg1 : tg0)[code], w[1 + i]))
			return false;
	}
	return true;
}

/* With stage 2, CDs are at intermediate physical addresses. */
static bool cd_read(SmmuStream *st, const SmmuSte *ste, uint64_t addr, void *buf,
		    unsigned int size, IobTxn *txn, SmmuFault *f)
{
	count_fetch(st, txn);
	if (ste->config & STE_CONFIG_S2) {
		SmmuTlbEntry e;

		if (!iob_smmu_walk_s2(st->smmu, ste, addr, IOB_PERM_R, EVT_CLASS_CD, txn,
				  &e, f))
			return false;
		addr = e.pa + (addr - e.va);
	}
	if (!iob_smmu_mem_read(addr, buf, size))
		return fail(f, F_CD_FETCH, addr);
	return true;
}

/* Chapter 3, CD lookup: where the descriptor is */
static bool find_cd(SmmuStream *st, const SmmuSte *ste, uint32_t ssid, IobTxn *txn,
		    uint64_t *addr, SmmuFault *f)
{
	unsigned int split = ste->s1fmt == 1 ? 6 : 10;
	uint64_t l1, base = ste->s1ctxptr;

	if (!ste->s1cdmax) {
		*addr = base;
		return true;
	}
	if (!ste->s1fmt) {
		*addr = (base & ~MAKE_64BIT_MASK(0, ste->s1cdmax + 6)) + ssid * 64ULL;
		return true;
	}
	base += (ssid >> split) * 8ULL;
	if (!cd_read(st, ste, base, &l1, sizeof(l1), txn, f))
		return false;
	l1 = le64_to_cpu(l1);
	if (!(l1 & 1))
		return fail(f, C_BAD_SUBSTREAMID, 0);
	*addr = (l1 & MAKE_64BIT_MASK(12, 40) & ~MAKE_64BIT_MASK(0, split + 6)) +
		(ssid & MAKE_64BIT_MASK(0, split)) * 64ULL;
	return true;
}

const SmmuCd *iob_smmu_config_cd(SmmuStream *st, const SmmuSte *ste, uint32_t ssid,
			     IobTxn *txn, SmmuFault *f)
{
	SmmuCd *cd = iob_smmu_stream_cd(st, ssid);
	uint64_t w[CD_WORDS], addr;
	unsigned int i;

	if (cd->valid && cd->ssid == ssid)
		return cd;

	iob_smmu_count(st->smmu, SMMU_PMU_CONFIG_MISS, st->sid, 1);
	if (!find_cd(st, ste, ssid, txn, &addr, f) ||
	    !cd_read(st, ste, addr, w, sizeof(w), txn, f))
		return NULL;
	for (i = 0; i < CD_WORDS; i++)
		w[i] = le64_to_cpu(w[i]);
	if (!parse_cd(st->smmu, ste, cd, w)) {
		cd->valid = false;
		fail(f, C_BAD_CD, 0);
		return NULL;
	}
	trace_iob_smmuv3_cd(st->sid, ssid, cd->asid, cd->tt[0].ttb, cd->tt[1].ttb);
	cd->ssid = ssid;
	cd->valid = true;
	return cd;
}
