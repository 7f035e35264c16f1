/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Renesas IPMMU-VMSA of R-Car Gen3: one root (IPMMU-MM), many cache IPMMUs. State and
 * what its files offer each other.
 *
 * Sources, named in short form below:
 * [linux]	drivers/iommu/ipmmu-vmsa.c, the stock driver
 * [xen]	review of Xen's driver for the same hardware, with remarks from
 *		people who have the hardware manual
 * [tf-a]	Trusted Firmware-A, rcar BL2: what firmware writes before Linux
 * [lpae]	Arm ARM (DDI 0406C B3.6, DDI 0487 D8): long-descriptor format
 *
 * A device is at a micro-TLB (its number is the "stream ID") of a cache IPMMU.
 * The micro-TLB's IMUCTR selects one of 8 contexts, whose registers live in the
 * root. A translation is looked for in the cache IPMMU's own TLB, then in the
 * root's main TLB, then in the tables. Both TLBs keep what they have until a
 * FLUSH is written to the IPMMU they are in.
 *
 * Each file calls only what stands before it:
 *
 * fault.c	how a refused access is reported
 * silicon.c	what silicon gets wrong
 * tlb.c	TLBs
 * walk.c	table walks
 * translate.c	the way of a transaction
 * ipmmu.c	registers, flushes, properties, reset
 */
#ifndef IOMMUBENCH_IPMMU_INTERNAL_H
#define IOMMUBENCH_IPMMU_INTERNAL_H

#include "hw/sysbus.h"
#include "qemu/timer.h"
#include "hw/iommubench/iommu-if.h"

typedef struct IobIpmmu IobIpmmu;

#define IPMMU_CONTEXTS		8	/* [linux] rcar_gen3 */
#define IPMMU_UTLBS		48	/* [linux] rcar_gen3 */
#define IPMMU_MAX_CACHES	16
#define IPMMU_AS_FIRMWARE	UINT32_MAX

/* Context registers, [linux] and [xen]; a context every 0x40 bytes. */
#define IPMMU_CTX_STRIDE	0x40
#define IMCTR			0x00
#define  IMCTR_VA64		BIT(29)	/* [xen] root only: VMSAv8-64 mode */
#define  IMCTR_AFE		BIT(16)	/* [xen] root only: check access flag */
#define  IMCTR_INTEN		BIT(2)
#define  IMCTR_FLUSH		BIT(1)
#define  IMCTR_MMUEN		BIT(0)
#define  IMCTR_CACHE_MASK	7u	/* [xen] what a cache IPMMU implements */
#define IMCAAR			0x04
#define IMTTBCR			0x08
#define  IMTTBCR_EAE		BIT(31)
#define  IMTTBCR_PMB		BIT(30)	/* [xen] bypass stage 1 */
#define  IMTTBCR_TSZ1_SHIFT	16
#define  IMTTBCR_SL0_SHIFT	6	/* two bits, [linux] twobit_imttbcr_sl0 */
#define  IMTTBCR_TSZ0_SHIFT	0
#define  IMTTBCR_TSZ_MASK	0x1f	/* [xen], corrected in its review */
#define IMBUSCR			0x0c
#define IMTTLBR0		0x10
#define IMTTUBR0		0x14
#define IMTTLBR1		0x18
#define IMTTUBR1		0x1c
#define  IMTTLBR_MASK		0xfffff000u	/* [xen] */
#define  IMTTUBR_MASK		0xffu		/* [xen] 40-bit table address */
#define IMSTR			0x20
#define  IMSTR_ERRLVL_SHIFT	12
#define  IMSTR_ERRCODE_FORMAT	(1u << 8)
#define  IMSTR_ERRCODE_PERM	(4u << 8)
#define  IMSTR_ERRCODE_SECURE	(5u << 8)
#define  IMSTR_MHIT		BIT(4)
#define  IMSTR_ABORT		BIT(2)
#define  IMSTR_PF		BIT(1)
#define  IMSTR_TF		BIT(0)
#define  IMSTR_ERRORS		(IMSTR_MHIT | IMSTR_ABORT | IMSTR_PF | IMSTR_TF)
#define IMMAIR0			0x28
#define IMMAIR1			0x2c
#define IMELAR			0x30
#define IMEUAR			0x34

/* Micro-TLB registers: 0 to 31 at 0x300, 32 to 47 at 0x600, 16 bytes each. */
#define IMUCTR_BASE0		0x300
#define IMUCTR_BASE32		0x600
#define IMUCTR			0x0
#define  IMUCTR_TTSEL(v)	(((v) >> 4) & 15)
#define  IMUCTR_FLUSH		BIT(1)
#define  IMUCTR_MMUEN		BIT(0)
#define IMUASID			0x8
#define  IMUASID_MASK		0xffu

#define IMSCTLR			0x500
/*
 * [tf-a] writes 0xc0000000 ("enable") to IPMMU-MM and 0xe0000000 ("DISCACHE") to
 * cache IPMMUs whose own TLB must not be used; so this bit is the difference.
 */
#define  IMSCTLR_DISCACHE	BIT(29)
#define  IMSCTLR_FW_MM		0xc0000000u
#define  IMSCTLR_FW_DISCACHE	0xe0000000u
#define IMSAUXCTLR		0x504
#define  IMSAUXCTLR_S2PTE	BIT(3)	/* [xen] stage 2 table format */
#define  IMSAUXCTLR_FW_MM	0x01000000u	/* [tf-a] NMERGE40 */

/**
 * struct IpmmuEntry - a cached translation
 * @iova:	first address
 * @mask:	size less one
 * @pa:		where it leads
 * @ctx:	context
 * @asid:	the micro-TLB's IMUASID, unless @global
 * @utlb:	micro-TLB (cache IPMMU's TLB only)
 * @global:	descriptor had nG clear
 * @perm:	IOB_PERM_* for a privileged access in bits 2:0, unprivileged 5:3;
 *		both 0 for a refusal that is kept (see @sticky_fault of IobIpmmu)
 * @status:	IMSTR of a kept refusal
 * @gen:	valid as long as this is the context's generation
 * @utlb_gen:	valid as long as this is the micro-TLB's generation
 */
typedef struct IpmmuEntry {
	uint64_t iova;
	uint64_t mask;
	uint64_t pa;
	uint64_t gen;
	uint32_t utlb_gen;
	uint32_t status;
	uint8_t ctx;
	uint8_t asid;
	uint8_t utlb;
	uint8_t perm;
	bool global;
} IpmmuEntry;

#define IPMMU_TLB_WAYS		4

/**
 * struct IpmmuTlb - a set-associative TLB
 * @entries:	@sets times IPMMU_TLB_WAYS
 * @victim:	next way to replace, for each set
 * @sets:	number of sets, a power of two
 * @masks:	bit n: an entry of size 2^n was ever put in
 * @gen:	for each context: entries of another generation are gone
 */
typedef struct IpmmuTlb {
	IpmmuEntry *entries;
	uint8_t *victim;
	uint32_t sets;
	uint64_t masks;
	uint64_t gen[IPMMU_CONTEXTS];
} IpmmuTlb;

typedef struct IpmmuContext {
	uint32_t ctr;
	uint32_t caar;
	uint32_t ttbcr;
	uint32_t buscr;
	uint64_t ttbr[2];
	uint32_t str;
	uint32_t mair[2];
	uint64_t ear;
	QEMUTimer *flush_timer;
	QEMUTimer *fault_timer;
	uint32_t next_str;	/* fault on its way to IMSTR */
	uint64_t next_ear;
	/*
	 * Cache IPMMU: flushed, but the root was not since. What it took from
	 * the root in between is dropped with the root's next flush.
	 */
	bool armed;
	IobIpmmu *mmu;
} IpmmuContext;

typedef struct IpmmuUtlb {
	uint32_t ctr;
	uint32_t asid;
	uint32_t gen;
	bool priv;	/* accesses through @as are privileged */
	IOMMUMemoryRegion *mr;
	AddressSpace *as;
} IpmmuUtlb;

/**
 * struct IobIpmmu - an IPMMU
 * @main:	property "main": IPMMU-MM, not set for IPMMU-MM itself
 * @soc:	property "soc": SoC and revision, which are the name of the machine's
 *		variant, such as "r8a7795-es2"; what the silicon gets wrong is taken from
 *		it, unless set explicitly
 * @name:	property "name": which IPMMU of the SoC, such as "mm" or "vi0"
 * @stage2_prop: property "stage2"=on|off|auto
 * @stale_cache_prop: property "stale-cache"=on|off|auto
 * @sticky_fault_prop: property "sticky-fault"=on|off|auto
 * @stage2:	stage 2 table format works, see silicon.c for where it does not
 * @ns_check:	property "ns-check": NS and NSTable must be set in stage 1 tables,
 *		otherwise secure access fault ([linux] comment on ARM_NS quirk)
 * @stale_cache: silicon fault, the cache IPMMU's own TLB
 *		does not see a FLUSH; DISCACHE is the workaround ([tf-a] list)
 * @sticky_fault: silicon fault, a refused translation is
 *		kept until FLUSH ([xen]: flush after the error status was cleared)
 * @drop_flush:	property "drop-flush": FLUSH completes without effect, a withheld
 *		invalidation put in on purpose
 * @imsctlr_reset: property "imsctlr": IMSCTLR as firmware left it,
 *		IPMMU_AS_FIRMWARE: as the SoC's public firmware does
 * @imsauxctlr_reset: property "imsauxctlr": IMSAUXCTLR as firmware left it,
 * @tlb_entries: property "tlb-entries"
 * @lat_flush:	property "lat-flush-ns": FLUSH written to invalidated and
 *		self-cleared
 * @lat_walk_level: property "lat-walk-level-ns": for each descriptor read
 * @lat_tlb_hit: property "lat-tlb-hit-ns": for each lookup in this IPMMU's TLB
 * @lat_fault:	property "lat-fault-ns": fault found to IMSTR set and interrupt
 */
struct IobIpmmu {
	SysBusDevice parent;

	IobIpmmu *main;
	char *soc;
	char *name;
	OnOffAuto stage2_prop;
	OnOffAuto stale_cache_prop;
	OnOffAuto sticky_fault_prop;
	bool stage2;
	bool ns_check;
	bool stale_cache;
	bool sticky_fault;
	bool drop_flush;
	uint32_t imsctlr_reset;
	uint32_t imsauxctlr_reset;
	uint32_t tlb_entries;
	uint64_t lat_flush;
	uint64_t lat_walk_level;
	uint64_t lat_tlb_hit;
	uint64_t lat_fault;

	MemoryRegion regs;
	qemu_irq irq;
	uint32_t sctlr;
	uint32_t sauxctlr;
	IpmmuContext ctx[IPMMU_CONTEXTS];
	IpmmuUtlb utlb[IPMMU_UTLBS];
	IpmmuTlb tlb;
	IobIpmmu *caches[IPMMU_MAX_CACHES];	/* root: who uses it */
	unsigned int num_caches;
};

/**
 * struct IpmmuWalk - one walk of a context's tables
 * @iova:	in
 * @entry:	out: iova, mask, pa, perm and global are set if @status is 0
 * @status:	out: IMSTR bits of the fault, or 0
 * @fault:	out: the fault in the words that all models of IOMMUs share
 * @levels:	out: descriptors read
 */
typedef struct IpmmuWalk {
	uint64_t iova;
	IpmmuEntry entry;
	uint32_t status;
	IobFault fault;
	uint32_t levels;
} IpmmuWalk;

#define IPMMU_PERM_PRIV(p)	((p) & 7)
#define IPMMU_PERM_USER(p)	((p) >> 3)

/* fault.c */
void ipmmu_update_irq(IobIpmmu *root);
void ipmmu_fault(IobIpmmu *root, IpmmuContext *ctx, uint32_t status,
		 uint64_t iova, uint64_t delay_ns);
void ipmmu_fault_timer(void *opaque);

/* silicon.c */
void ipmmu_silicon_init(IobIpmmu *s);

/* tlb.c */
void ipmmu_tlb_init(IpmmuTlb *tlb, uint32_t entries);
IpmmuEntry *ipmmu_tlb_find(IpmmuTlb *tlb, uint8_t ctx, uint8_t asid,
			   uint8_t utlb, uint32_t utlb_gen, uint64_t iova);
void ipmmu_tlb_put(IpmmuTlb *tlb, const IpmmuEntry *entry);
void ipmmu_tlb_drop(IpmmuTlb *tlb, uint8_t ctx);

/* walk.c */
void ipmmu_walk(IobIpmmu *root, IpmmuContext *ctx, IpmmuWalk *w);

/* translate.c */
IobResult ipmmu_translate(IobIommu *iommu, IobTxn *txn);
AddressSpace *ipmmu_address_space(IobIpmmu *mmu, uint32_t sid);

#endif
