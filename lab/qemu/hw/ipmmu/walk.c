// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPMMU-VMSA: table walks, long-descriptor format, 4 KiB granule, 40-bit output.
 *
 * Two modes: VMSAv8-32 (what [linux] uses: stage 1, 32-bit IOVA) and VMSAv8-64
 * (IMCTR.VA64, what [xen] uses: stage 2, up to 40 bits). There is no level 0:
 * "4-level translation table is not supported in IPMMU" [xen].
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "qemu/bswap.h"
#include "hw/iommubench/cache.h"
#include "internal.h"

/* Descriptor bits, [lpae] */
#define DESC_VALID		BIT_ULL(0)
#define DESC_TABLE		BIT_ULL(1)	/* level 3: page */
#define DESC_NS			BIT_ULL(5)
#define DESC_AP_USER		BIT_ULL(6)	/* stage 1 AP[1] */
#define DESC_AP_RO		BIT_ULL(7)	/* stage 1 AP[2] */
#define DESC_S2_READ		BIT_ULL(6)	/* stage 2 S2AP[0] */
#define DESC_S2_WRITE		BIT_ULL(7)	/* stage 2 S2AP[1] */
#define DESC_AF			BIT_ULL(10)
#define DESC_NG			BIT_ULL(11)
#define DESC_PXN		BIT_ULL(53)
#define DESC_XN			BIT_ULL(54)
#define DESC_PXN_TABLE		BIT_ULL(59)
#define DESC_XN_TABLE		BIT_ULL(60)
#define DESC_AP_TABLE_NO_USER	BIT_ULL(61)
#define DESC_AP_TABLE_RO	BIT_ULL(62)
#define DESC_NS_TABLE		BIT_ULL(63)
#define DESC_ADDR		MAKE_64BIT_MASK(12, 28)

#define LEVEL_SHIFT(level)	(12 + 9 * (3 - (level)))

/* What a walk has to know about its context. */
typedef struct WalkSetup {
	uint64_t table;
	unsigned int level;
	unsigned int bits;	/* of the part of the IOVA that is looked up */
	bool stage2;
} WalkSetup;

static bool walk_fails(IpmmuWalk *w, uint32_t status, IobFault fault,
		       unsigned int level)
{
	w->status = status | level << IMSTR_ERRLVL_SHIFT;
	w->fault = fault;
	return false;
}

/*
 * Which half of the 32-bit space belongs to which table base, [lpae] TTBCR. The
 * stock driver leaves both sizes 0: everything is at IMTTLBR0.
 */
static bool setup_va32(const IpmmuContext *ctx, IpmmuWalk *w, WalkSetup *s)
{
	unsigned int t0 = (ctx->ttbcr >> IMTTBCR_TSZ0_SHIFT) & 7;
	unsigned int t1 = (ctx->ttbcr >> IMTTBCR_TSZ1_SHIFT) & 7;
	unsigned int sl0 = (ctx->ttbcr >> IMTTBCR_SL0_SHIFT) & 3;
	bool low = w->iova < 1ULL << (32 - t0);
	bool high = w->iova >= (t1 ? (1ULL << 32) - (1ULL << (32 - t1)) :
				     1ULL << (32 - t0));

	if (w->iova >> 32 || (!low && !high))
		return walk_fails(w, IMSTR_TF, IOB_FAULT_TRANSLATION, 1);
	if (!sl0) {
		/* Level 3 covers 2 MiB, so much less than any half. */
		s->level = 3;
	} else if (sl0 == 3) {
		return walk_fails(w, IMSTR_TF | IMSTR_ERRCODE_FORMAT,
				  IOB_FAULT_CONFIG, 0);
	} else {
		s->level = 3 - sl0;	/* [linux] two-bit field: 1 level 2, 2 level 1 */
	}
	s->table = ctx->ttbr[!low];
	s->bits = low ? 32 - t0 : 32 - t1;
	return true;
}

static bool setup_va64(const IpmmuContext *ctx, IpmmuWalk *w, WalkSetup *s)
{
	unsigned int tsz = (ctx->ttbcr >> IMTTBCR_TSZ0_SHIFT) & IMTTBCR_TSZ_MASK;
	unsigned int sl0 = (ctx->ttbcr >> IMTTBCR_SL0_SHIFT) & 3;

	/* As VTCR_EL2.SL0 with 4 KiB granule: [xen] has 0 level 2, 1 level 1. */
	if (sl0 > 1 || 64 - tsz > 40)
		return walk_fails(w, IMSTR_TF | IMSTR_ERRCODE_FORMAT,
				  IOB_FAULT_CONFIG, 0);
	s->level = 2 - sl0;
	s->table = ctx->ttbr[0];
	s->bits = 64 - tsz;
	if (w->iova >> s->bits)
		return walk_fails(w, IMSTR_TF, IOB_FAULT_TRANSLATION, s->level);
	return true;
}

static bool setup(const IobIpmmu *root, const IpmmuContext *ctx, IpmmuWalk *w,
		  WalkSetup *s)
{
	if (!(ctx->ttbcr & IMTTBCR_EAE))	/* the short format is not for Gen3 */
		return walk_fails(w, IMSTR_TF | IMSTR_ERRCODE_FORMAT,
				  IOB_FAULT_CONFIG, 0);
	s->stage2 = (ctx->ttbcr & IMTTBCR_PMB) && (root->sauxctlr & IMSAUXCTLR_S2PTE);
	if (ctx->ctr & IMCTR_VA64)
		return setup_va64(ctx, w, s);
	return setup_va32(ctx, w, s);
}

static bool read_desc(IobIpmmu *root, IpmmuWalk *w, uint64_t addr,
		      unsigned int level, uint64_t *desc)
{
	MemTxResult r;

	w->levels++;
	/* Walks of Gen3 never snoop: [linux] has "cache_snoop" for Gen2 only. */
	r = iob_memory_rw(&address_space_memory, addr, desc, sizeof(*desc), false);
	le64_to_cpus(desc);
	if (r == MEMTX_OK)
		return true;
	return walk_fails(w, IMSTR_ABORT, IOB_FAULT_EXTERNAL, level);
}

static uint8_t perm_stage1(uint64_t desc, uint64_t table)
{
	bool user = (desc & DESC_AP_USER) && !(table & DESC_AP_TABLE_NO_USER);
	bool ro = (desc & DESC_AP_RO) || (table & DESC_AP_TABLE_RO);
	uint8_t rw = IOB_PERM_R | (ro ? 0 : IOB_PERM_W);
	bool xn = (desc & DESC_XN) || (table & DESC_XN_TABLE);
	bool pxn = xn || (desc & DESC_PXN) || (table & DESC_PXN_TABLE);
	uint8_t perm = rw | (pxn ? 0 : IOB_PERM_X);

	if (user)
		perm |= (rw | (xn ? 0 : IOB_PERM_X)) << 3;
	return perm;
}

static uint8_t perm_stage2(uint64_t desc)
{
	uint8_t perm = 0;

	if (desc & DESC_S2_READ)
		perm |= IOB_PERM_R;
	if (desc & DESC_S2_WRITE)
		perm |= IOB_PERM_W;
	if (!(desc & DESC_XN))
		perm |= IOB_PERM_X;
	return perm | perm << 3;
}

/* Block or page found: may it be used, and how? */
static bool leaf(const IobIpmmu *root, const IpmmuContext *ctx, IpmmuWalk *w,
		 const WalkSetup *s, uint64_t desc, uint64_t table,
		 unsigned int level)
{
	IpmmuEntry *e = &w->entry;

	if ((ctx->ctr & IMCTR_AFE) && !(desc & DESC_AF))
		return walk_fails(w, IMSTR_PF, IOB_FAULT_ACCESS, level);
	/*
	 * [linux]: "generates a secure access page fault if any of the NStable
	 * and NS bits isn't set when running in non-secure mode".
	 */
	if (root->ns_check && !s->stage2 && !(desc & DESC_NS))
		return walk_fails(w, IMSTR_PF | IMSTR_ERRCODE_SECURE,
				  IOB_FAULT_PERMISSION, level);
	e->mask = MAKE_64BIT_MASK(0, LEVEL_SHIFT(level));
	e->iova = w->iova & ~e->mask;
	e->pa = desc & DESC_ADDR & ~e->mask;
	e->perm = s->stage2 ? perm_stage2(desc) : perm_stage1(desc, table);
	e->global = s->stage2 || !(desc & DESC_NG);
	return true;
}

static bool walk(IobIpmmu *root, IpmmuContext *ctx, IpmmuWalk *w)
{
	WalkSetup s = { 0 };
	uint64_t table_bits = 0;
	uint64_t index_mask;

	if (!setup(root, ctx, w, &s))
		return false;
	/* The first table may be smaller than a page, or several pages. */
	if (s.bits > LEVEL_SHIFT(s.level) + 9 + 4)
		return walk_fails(w, IMSTR_TF | IMSTR_ERRCODE_FORMAT,
				  IOB_FAULT_CONFIG, s.level);
	index_mask = s.bits > LEVEL_SHIFT(s.level) ?
		     MAKE_64BIT_MASK(0, s.bits - LEVEL_SHIFT(s.level)) : 0;

	for (unsigned int level = s.level; ; level++) {
		uint64_t index = (w->iova >> LEVEL_SHIFT(level)) & index_mask;
		uint64_t desc;

		if (!read_desc(root, w, s.table + index * 8, level, &desc))
			return false;
		if (!(desc & DESC_VALID))
			return walk_fails(w, IMSTR_TF, IOB_FAULT_TRANSLATION, level);
		if (level == 3) {
			if (!(desc & DESC_TABLE))	/* reserved encoding */
				return walk_fails(w, IMSTR_TF,
						  IOB_FAULT_TRANSLATION, level);
			return leaf(root, ctx, w, &s, desc, table_bits, level);
		}
		if (!(desc & DESC_TABLE))
			return leaf(root, ctx, w, &s, desc, table_bits, level);
		if (!s.stage2) {
			if (root->ns_check && !(desc & DESC_NS_TABLE))
				return walk_fails(w, IMSTR_PF | IMSTR_ERRCODE_SECURE,
						  IOB_FAULT_PERMISSION, level);
			table_bits |= desc;
		}
		s.table = desc & DESC_ADDR;
		index_mask = 0x1ff;
	}
}

/**
 * ipmmu_walk() - read a context's tables
 * @root: IPMMU-MM
 * @ctx: one of its contexts
 * @w: @w->iova is set
 */
void ipmmu_walk(IobIpmmu *root, IpmmuContext *ctx, IpmmuWalk *w)
{
	w->status = 0;
	w->fault = IOB_FAULT_NONE;
	w->levels = 0;
	walk(root, ctx, w);
}
