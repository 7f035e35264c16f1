// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPMMU-VMSA model, register by register. What is expected comes from the stock
 * Linux driver, Xen's driver and its review, Trusted Firmware-A (named in
 * hw/ipmmu/internal.h) and the Arm ARM's long-descriptor format.
 */
#include <string.h>

#include "engine.h"
#include "qtest.h"

/* Board: IPMMU-MM, IPMMU-DS1 and its micro-TLB 32, IPMMU-HC */
#define MM		0xe67b0000ULL
#define DS1		0xe7740000ULL
#define HC		0xe6570000ULL
#define ENGINE		0xee100000ULL
#define UTLB		32
#define SPI_MM		196

#define CTX(n)		((n) * 0x40)
#define IMCTR		0x00
#define IMTTBCR		0x08
#define IMTTLBR0	0x10
#define IMTTUBR0	0x14
#define IMSTR		0x20
#define IMELAR		0x30
#define IMEUAR		0x34
#define IMUCTR32(n)	(0x600 + ((n) - 32) * 16)
#define IMUCTR0(n)	(0x300 + (n) * 16)
#define IMUASID32(n)	(0x608 + ((n) - 32) * 16)
#define IMSCTLR		0x500
#define IMSAUXCTLR	0x504

#define INTEN		(1u << 2)
#define FLUSH		(1u << 1)
#define MMUEN		(1u << 0)
#define VA64		(1u << 29)
#define AFE		(1u << 16)
#define EAE		(1u << 31)
#define PMB		(1u << 30)
#define SL0_LEVEL1	(2u << 6)	/* two bits wide, Linux */
#define SL0_LEVEL2	(1u << 6)
#define STR_TF		(1u << 0)
#define STR_PF		(1u << 1)
#define STR_ABORT	(1u << 2)
#define STR_CODE(n)	((n) << 8)
#define STR_LEVEL(n)	((n) << 12)
#define S2PTE		(1u << 3)
#define DISCACHE	0xe0000000u

/* Descriptors as Linux' io-pgtable makes them for this IPMMU */
#define TABLE		(1ULL << 63 | 3)
#define PAGE		(1ULL << 10 | 1ULL << 11 | 1ULL << 6 | 1ULL << 5 | 3)
#define BLOCK		(PAGE & ~2ULL)
#define READ_ONLY	(1ULL << 7)
#define USER		(1ULL << 6)
#define NS		(1ULL << 5)
#define AF		(1ULL << 10)

/* Guest memory: tables, then data. Every page starts with its own number. */
#define L1		0x44000000ULL
#define L2		0x44001000ULL
#define L3		0x44002000ULL
#define DATA(n)		(0x45000000ULL + (n) * 0x1000ULL)
#define MARK(n)		(0xda7a000000000000ULL + (n))

#define IOVA		0x00003000ULL

static struct engine engine;

static void flush(uint64_t ipmmu, unsigned int ctx)
{
	uint64_t reg = ipmmu + CTX(ctx) + IMCTR;

	qtest_writel(reg, qtest_readl(reg) | FLUSH);
}

/* As the stock driver does it: the cache IPMMU, then the root. */
static void flush_both(unsigned int ctx)
{
	flush(DS1, ctx);
	flush(MM, ctx);
}

static void set_page(uint64_t iova, uint64_t desc)
{
	qtest_writeq(L3 + (iova >> 12 & 511) * 8, desc);
}

static void context_on(unsigned int ctx, uint32_t ttbcr, uint32_t more)
{
	qtest_writel(MM + CTX(ctx) + IMTTLBR0, (uint32_t)L1);
	qtest_writel(MM + CTX(ctx) + IMTTUBR0, 0);
	qtest_writel(MM + CTX(ctx) + IMTTBCR, ttbcr);
	qtest_writel(DS1 + CTX(ctx) + IMCTR, INTEN | FLUSH | MMUEN);
	qtest_writel(MM + CTX(ctx) + IMCTR, more | INTEN | FLUSH | MMUEN);
}

static void utlb_on(unsigned int ctx)
{
	qtest_writel(DS1 + IMUASID32(UTLB), 0);
	qtest_writel(DS1 + IMUCTR32(UTLB), ctx << 4 | FLUSH | MMUEN);
}

/* A board with tables for [0, 2M), IOVA mapped to DATA(1), context 1. */
static void begin(const char *variant, const char *options)
{
	engine_board(variant, options);
	for (unsigned int i = 0; i < 8; i++)
		qtest_writeq(DATA(i), MARK(i));
	qtest_writeq(L1, L2 | TABLE);
	qtest_writeq(L2, L3 | TABLE);
	set_page(IOVA, DATA(1) | PAGE);
	engine_start(&engine, ENGINE);
}

static void translate(void)
{
	context_on(1, EAE | SL0_LEVEL1, 0);
	utlb_on(1);
}

static void end(void)
{
	ok(qtest_alive(), "QEMU is still there");
}

static bool reads(uint64_t iova, uint64_t want, const char *what)
{
	struct dmatest_done d = engine_read(&engine, iova, 0);

	if (!ok(d.status == DMATEST_OK, "%s: is not refused", what))
		return false;
	return eq(d.value, want, "%s: the right page", what);
}

/* Also clears the fault. */
static void faults(uint64_t iova, uint32_t flags, uint32_t str, const char *what)
{
	struct dmatest_done d = engine_read(&engine, iova, flags);

	eq(d.status, DMATEST_REFUSED, "%s: refused", what);
	eq(qtest_readl(MM + CTX(1) + IMSTR), str, "%s: IMSTR", what);
	eq(qtest_readl(MM + CTX(1) + IMELAR), (uint32_t)iova, "%s: IMELAR", what);
	eq(qtest_readl(MM + CTX(1) + IMEUAR), iova >> 32, "%s: IMEUAR", what);
	qtest_writel(MM + CTX(1) + IMSTR, 0);
}

static void test_reset_values(void)
{
	begin("r8a7795-es2", NULL);
	eq(qtest_readl(MM + IMSCTLR), 0xc0000000, "firmware's IMSCTLR of IPMMU-MM");
	eq(qtest_readl(MM + IMSAUXCTLR), 0x01000000, "firmware's IMAUXCTLR");
	eq(qtest_readl(DS1 + IMSCTLR), DISCACHE, "H3 ES2.0: firmware sets DISCACHE");
	eq(qtest_readl(MM + CTX(1) + IMCTR), 0, "contexts are off");
	end();
	begin("r8a7795-es3", NULL);
	eq(qtest_readl(DS1 + IMSCTLR), 0, "H3 ES3.0: firmware leaves DISCACHE");
	end();
}

static void test_bypass(void)
{
	begin("r8a7795-es3", NULL);
	reads(DATA(2), MARK(2), "micro-TLB off");
	utlb_on(1);
	reads(DATA(2), MARK(2), "context off");
	end();
}

static void test_stage1(void)
{
	struct dmatest_done d;

	begin("r8a7795-es3", NULL);
	translate();
	reads(IOVA, MARK(1), "4 KiB page");
	d = engine_write(&engine, IOVA + 8, 77);
	eq(d.status, DMATEST_OK, "write is admitted");
	eq(qtest_readq(DATA(1) + 8), 77, "write arrives");

	/* 2 MiB block at 2 MiB, 1 GiB block at 1 GiB */
	qtest_writeq(L2 + 8, 0x45000000ULL | BLOCK);
	reads(0x200000 + 0x2000, MARK(2), "2 MiB block");
	qtest_writeq(L1 + 8, 0x40000000ULL | BLOCK);
	reads(0x40000000ULL + 0x5003000, MARK(3), "1 GiB block");
	eq(qtest_readl(MM + CTX(1) + IMSTR), 0, "no fault so far");
	end();
}

static void test_start_level(void)
{
	begin("r8a7795-es3", NULL);
	context_on(1, EAE | SL0_LEVEL2 | 7, 0);	/* 25 bits, 16 entries */
	qtest_writel(MM + CTX(1) + IMTTLBR0, (uint32_t)L2);
	utlb_on(1);
	reads(IOVA, MARK(1), "walk from level 2");
	end();
	begin("r8a7795-es3", NULL);
	context_on(1, EAE | 3u << 6, 0);
	utlb_on(1);
	faults(IOVA, 0, STR_TF | STR_CODE(1), "reserved start level");
	context_on(1, SL0_LEVEL1, 0);
	faults(IOVA, 0, STR_TF | STR_CODE(1), "EAE clear");
	end();
}

static void test_translation_faults(void)
{
	begin("r8a7795-es3", NULL);
	translate();
	faults(0x80000000ULL, 0, STR_TF | STR_LEVEL(1), "nothing at level 1");
	faults(0x00400000ULL, 0, STR_TF | STR_LEVEL(2), "nothing at level 2");
	faults(0x00005000ULL, 0, STR_TF | STR_LEVEL(3), "nothing at level 3");
	set_page(0x5000, (DATA(1) | PAGE) & ~2ULL);
	faults(0x00005000ULL, 0, STR_TF | STR_LEVEL(3), "reserved at level 3");
	faults(0x100003000ULL, 0, STR_TF | STR_LEVEL(1), "IOVA above 4 GiB");
	qtest_writeq(L1 + 8, 0xf000000000ULL | TABLE);
	faults(0x40000000ULL, 0, STR_ABORT | STR_LEVEL(2), "tables that do not answer");
	reads(IOVA, MARK(1), "after all that, a mapped page");
	end();
}

static void test_permissions(void)
{
	struct dmatest_done d;

	begin("r8a7795-es3", NULL);
	translate();
	set_page(0x5000, DATA(2) | PAGE | READ_ONLY);
	reads(0x5000, MARK(2), "read-only page, read");
	d = engine_write(&engine, 0x5000, 1);
	eq(d.status, DMATEST_REFUSED, "read-only page, write: refused");
	eq(d.fault, DMATEST_FAULT_PERMISSION, "the engine knows why");
	eq(qtest_readl(MM + CTX(1) + IMSTR), STR_PF | STR_CODE(4) | STR_LEVEL(3),
	   "permission fault at level 3");
	eq(qtest_readq(DATA(2)), MARK(2), "memory is not changed");
	qtest_writel(MM + CTX(1) + IMSTR, 0);

	set_page(0x6000, (DATA(2) | PAGE) & ~USER);
	faults(0x6000, 0, STR_PF | STR_CODE(4) | STR_LEVEL(3), "privileged page");
	d = engine_read(&engine, 0x6000, DMATEST_F_PRIV);
	eq(d.status, DMATEST_OK, "privileged access to a privileged page");

	set_page(0x7000, (DATA(2) | PAGE) & ~NS);
	faults(0x7000, 0, STR_PF | STR_CODE(5) | STR_LEVEL(3), "NS clear in a page");
	qtest_writeq(L2 + 8, (L3 | TABLE) & ~(1ULL << 63));
	faults(0x203000, 0, STR_PF | STR_CODE(5) | STR_LEVEL(2), "NSTable clear");

	set_page(0x8000, (DATA(2) | PAGE) & ~AF);
	reads(0x8000, MARK(2), "AF clear, not checked");
	context_on(1, EAE | SL0_LEVEL1, AFE);
	faults(0x8000, 0, STR_PF | STR_LEVEL(3), "AF clear, checked");
	end();
}

static void test_interrupt(void)
{
	begin("r8a7795-es3", NULL);
	translate();
	ok(!qtest_level(SPI_MM), "no interrupt before a fault");
	engine_read(&engine, 0x5000, 0);
	ok(qtest_level(SPI_MM), "fault: interrupt");
	engine_read(&engine, 0x9000, 0);
	eq(qtest_readl(MM + CTX(1) + IMELAR), 0x5000, "the first fault is kept");
	qtest_writel(MM + CTX(1) + IMSTR, qtest_readl(MM + CTX(1) + IMSTR));
	ok(qtest_level(SPI_MM), "writing ones does not clear it");
	qtest_writel(MM + CTX(1) + IMSTR, 0);
	ok(!qtest_level(SPI_MM), "writing zeros does");
	eq(qtest_readl(MM + CTX(1) + IMELAR), 0, "then the address reads as 0");
	qtest_writel(MM + CTX(1) + IMCTR, MMUEN);
	engine_read(&engine, 0x5000, 0);
	eq(qtest_readl(MM + CTX(1) + IMSTR), STR_TF | STR_LEVEL(3), "INTEN clear: fault");
	ok(!qtest_level(SPI_MM), "INTEN clear: no interrupt");
	end();
}

static void test_flush_bit(void)
{
	begin("r8a7795-es3", "-global iob-ipmmu.lat-flush-ns=5000");
	translate();
	qtest_step(6000);
	reads(IOVA, MARK(1), "before");
	set_page(IOVA, DATA(2) | PAGE);
	flush_both(1);
	ok(qtest_readl(MM + CTX(1) + IMCTR) & FLUSH, "FLUSH is set at first");
	qtest_step(4990);
	ok(qtest_readl(MM + CTX(1) + IMCTR) & FLUSH, "still set short before its time");
	reads(IOVA, MARK(1), "until then the old page");
	qtest_step(10);
	ok(!(qtest_readl(MM + CTX(1) + IMCTR) & FLUSH), "clears itself in time");
	ok(!(qtest_readl(DS1 + CTX(1) + IMCTR) & FLUSH), "in the cache IPMMU, too");
	eq(qtest_readl(MM + CTX(1) + IMCTR), INTEN | MMUEN, "the rest stays");
	reads(IOVA, MARK(2), "then the new page");

	/* Two CPUs at it: the second is between its two writes. */
	set_page(IOVA, DATA(3) | PAGE);
	flush_both(1);
	qtest_step(2000);
	flush(DS1, 1);
	qtest_step(3000);
	ok(!(qtest_readl(MM + CTX(1) + IMCTR) & FLUSH), "first flush done");
	ok(qtest_readl(DS1 + CTX(1) + IMCTR) & FLUSH, "second one under way");
	reads(IOVA, MARK(3), "what the first one asked for is done");
	end();
}

static void test_stale(void)
{
	begin("r8a7795-es3", NULL);
	translate();
	reads(IOVA, MARK(1), "page 1");
	set_page(IOVA, DATA(2) | PAGE);
	reads(IOVA, MARK(1), "page 2 without a flush: stale");
	flush(MM, 1);
	reads(IOVA, MARK(1), "root flushed only: the cache IPMMU is stale");
	flush_both(1);
	reads(IOVA, MARK(2), "both flushed");

	set_page(IOVA, DATA(3) | PAGE);
	flush(DS1, 1);
	reads(IOVA, MARK(2), "cache IPMMU flushed only: the root is stale");
	flush(MM, 1);
	reads(IOVA, MARK(3), "cache IPMMU, access, root: fresh");

	set_page(IOVA, DATA(4) | PAGE);
	flush_both(2);
	reads(IOVA, MARK(3), "another context flushed: stale");
	flush_both(1);
	reads(IOVA, MARK(4), "this context flushed");

	set_page(IOVA, 0);
	reads(IOVA, MARK(4), "unmapped without a flush: still there");
	flush_both(1);
	faults(IOVA, 0, STR_TF | STR_LEVEL(3), "unmapped and flushed");
	set_page(IOVA, DATA(5) | PAGE);
	reads(IOVA, MARK(5), "mapped again needs no flush");

	set_page(IOVA, DATA(6) | PAGE);
	flush(MM, 1);
	utlb_on(1);
	reads(IOVA, MARK(6), "IMUCTR.FLUSH empties the micro-TLB");
	end();
}

static void test_withheld_flush(void)
{
	begin("r8a7795-es3", "-global iob-ipmmu.drop-flush=on");
	translate();
	reads(IOVA, MARK(1), "page 1");
	set_page(IOVA, DATA(2) | PAGE);
	flush_both(1);
	ok(!(qtest_readl(MM + CTX(1) + IMCTR) & FLUSH), "FLUSH clears itself as ever");
	reads(IOVA, MARK(1), "withheld flush: stale");
	end();
}

static void test_discache(void)
{
	begin("r8a7795-es2", "-global iob-ipmmu.imsctlr=0");
	translate();
	reads(IOVA, MARK(1), "H3 ES2.0 without DISCACHE, page 1");
	set_page(IOVA, DATA(2) | PAGE);
	flush_both(1);
	reads(IOVA, MARK(1), "silicon fault: stale after a flush");
	qtest_writel(DS1 + IMSCTLR, DISCACHE);
	reads(IOVA, MARK(2), "DISCACHE: the root's translation");
	set_page(IOVA, DATA(3) | PAGE);
	flush_both(1);
	reads(IOVA, MARK(3), "DISCACHE: fresh after a flush");
	end();
	begin("r8a7795-es2", NULL);
	translate();
	reads(IOVA, MARK(1), "H3 ES2.0 as firmware leaves it, page 1");
	set_page(IOVA, DATA(2) | PAGE);
	reads(IOVA, MARK(1), "stale without a flush, as anywhere");
	flush_both(1);
	reads(IOVA, MARK(2), "fresh after it");
	end();
}

static void test_sticky_fault(void)
{
	begin("r8a7796", NULL);
	translate();
	faults(0x5000, 0, STR_TF | STR_LEVEL(3), "M3-W, unmapped");
	set_page(0x5000, DATA(2) | PAGE);
	faults(0x5000, 0, STR_TF | STR_LEVEL(3), "mapped, not flushed: still refused");
	flush_both(1);
	reads(0x5000, MARK(2), "mapped and flushed");
	end();
}

static void test_stage2(void)
{
	struct dmatest_done d;
	/* 40 bits from level 1, as Xen sets it up */
	uint32_t ttbcr = EAE | PMB | 1u << 6 | (64 - 40);

	begin("r8a7795-es3", NULL);
	qtest_writel(MM + IMSAUXCTLR, qtest_readl(MM + IMSAUXCTLR) | S2PTE);
	ok(qtest_readl(MM + IMSAUXCTLR) & S2PTE, "H3 ES3.0 has stage 2");
	context_on(1, ttbcr, VA64);
	utlb_on(1);
	/* CPU's stage 2: no NS bits, S2AP read and write in bits 6 and 7 */
	qtest_writeq(L1, L2 | 3);
	qtest_writeq(L2, L3 | 3);
	set_page(IOVA, DATA(1) | AF | 3ULL << 6 | 3);
	reads(IOVA, MARK(1), "stage 2 page");
	d = engine_write(&engine, IOVA + 8, 5);
	eq(d.status, DMATEST_OK, "stage 2 write");
	set_page(0x5000, DATA(2) | AF | 1ULL << 6 | 3);
	reads(0x5000, MARK(2), "stage 2 read-only page, read");
	d = engine_write(&engine, 0x5000, 5);
	eq(d.status, DMATEST_REFUSED, "stage 2 read-only page, write");
	qtest_writel(MM + CTX(1) + IMSTR, 0);
	set_page(0x6000, DATA(2) | AF | 3);
	faults(0x6000, 0, STR_PF | STR_CODE(4) | STR_LEVEL(3), "stage 2 no access");
	/* Entry 1023 of two concatenated level 1 tables */
	qtest_writeq(L1 + 1023 * 8, (DATA(0) & ~0x3fffffffULL) | AF | 3ULL << 6 | 1);
	reads(0xffc0000000ULL + 0x5003000, MARK(3), "40-bit address");
	faults(0x10000000000ULL, 0, STR_TF | STR_LEVEL(1), "41-bit address");
	end();

	begin("r8a7796", NULL);
	qtest_writel(MM + IMSAUXCTLR, S2PTE);
	eq(qtest_readl(MM + IMSAUXCTLR), 0, "M3-W: stage 2 cannot be switched on");
	context_on(1, ttbcr, VA64);
	utlb_on(1);
	set_page(IOVA, DATA(1) | AF | 3ULL << 6 | NS | 3);
	d = engine_write(&engine, IOVA, 5);
	eq(d.status, DMATEST_REFUSED, "M3-W: the CPU's stage 2 table does not work");
	end();
}

static void test_contexts(void)
{
	begin("r8a7795-es3", NULL);
	context_on(7, EAE | SL0_LEVEL1, 0);
	utlb_on(7);
	reads(IOVA, MARK(1), "context 7");
	engine_read(&engine, 0x5000, 0);
	eq(qtest_readl(MM + CTX(7) + IMSTR), STR_TF | STR_LEVEL(3), "fault in context 7");
	eq(qtest_readl(MM + CTX(1) + IMSTR), 0, "none in context 1");
	qtest_writel(DS1 + CTX(1) + IMTTBCR, EAE);
	eq(qtest_readl(DS1 + CTX(1) + IMTTBCR), 0,
	   "a cache IPMMU has no context registers but IMCTR");
	qtest_writel(DS1 + CTX(1) + IMCTR, VA64 | MMUEN);
	eq(qtest_readl(DS1 + CTX(1) + IMCTR), MMUEN, "of that, three bits");
	end();
}

static void test_asid(void)
{
	begin("r8a7795-es3", NULL);
	translate();
	reads(IOVA, MARK(1), "ASID 0");
	set_page(IOVA, DATA(2) | PAGE);
	qtest_writel(DS1 + IMUASID32(UTLB), 5);
	reads(IOVA, MARK(2), "ASID 5 does not see ASID 0's entries");
	qtest_writel(DS1 + IMUASID32(UTLB), 0);
	reads(IOVA, MARK(1), "ASID 0 still has its own");
	end();
}

static void test_latencies(void)
{
	struct dmatest_done d;

	begin("r8a7795-es3", "-global iob-ipmmu.lat-walk-level-ns=100 "
	      "-global iob-ipmmu.lat-tlb-hit-ns=10 -global iob-ipmmu.lat-fault-ns=700");
	translate();
	d = engine_read(&engine, IOVA, 0);
	eq(d.done_ns - d.issued_ns, 10 + 10 + 3 * 100, "both TLBs miss, three levels");
	d = engine_read(&engine, IOVA, 0);
	eq(d.done_ns - d.issued_ns, 10, "cache IPMMU hits");
	qtest_writel(DS1 + CTX(1) + IMCTR, MMUEN | FLUSH);
	d = engine_read(&engine, IOVA, 0);
	eq(d.done_ns - d.issued_ns, 20, "root hits");

	d = engine_read(&engine, 0x5000, 0);
	eq(d.done_ns - d.issued_ns, 320, "refused after the walk");
	eq(d.fault_ns - d.issued_ns, 320 + 700, "fault reported later");
	qtest_step(2000);
	eq(qtest_readl(MM + CTX(1) + IMSTR), STR_TF | STR_LEVEL(3), "IMSTR in the end");
	end();
}

/* On a controller of the SoC: whatever its number there, at the controller's micro-TLB. */
static void test_pci(void)
{
	begin("r8a7795-es3", "-device iob-dmatest-pci,bus=pcie0,addr=0.0,multifunction=on "
	      "-device iob-dmatest-pci,bus=pcie0,addr=0.1 -device iob-dmatest-pci,bus=pcie1 "
	      "-device iob-dmatest-pci,addr=0x11");
	eq(qtest_readl(0xfe000008ULL) >> 8, 0x060400, "bus 0 has a root port");
	eq(qtest_readl(0xfe008000ULL), UINT32_MAX, "and nothing else");
	engine_rcar_start(&engine, 0);
	reads(DATA(3), MARK(3), "PCI device, micro-TLB off");
	context_on(1, EAE | SL0_LEVEL1, 0);
	qtest_writel(HC + CTX(1) + IMCTR, INTEN | FLUSH | MMUEN);
	qtest_writel(HC + IMUCTR0(0), 1 << 4 | FLUSH | MMUEN);
	reads(IOVA, MARK(1), "PCI device at micro-TLB 0");
	eq(engine_read(&engine, 0x5000, 0).fault, DMATEST_FAULT_TRANSLATION,
	   "PCI device, unmapped");

	/* The other function's registers take the place of the first one's. */
	qtest_writew(engine_rcar_config(0) + 4, 0);
	qtest_writel(engine_rcar_config(0) + 0x1010, engine.base);
	qtest_writew(engine_rcar_config(0) + 0x1004, 6);
	engine_start(&engine, engine.base);
	reads(IOVA, MARK(1), "another function at the same one");

	engine_rcar_start(&engine, 1);
	reads(DATA(3), MARK(3), "the other controller, micro-TLB 1 off");
	qtest_writel(HC + IMUCTR0(1), 1 << 4 | FLUSH | MMUEN);
	reads(IOVA, MARK(1), "the other controller at micro-TLB 1");
	engine_pci_start(&engine, 0x11);
	reads(DATA(3), MARK(3), "the machine's own PCIe host is behind no IPMMU");
	end();
}

/* An ordinary device of QEMU sees the same translations. */
static void test_edu(void)
{
	uint64_t config = engine_rcar_config(0);
	uint64_t bar;

	begin("r8a7795-es3", "-device edu,bus=pcie0,dma_mask=0xffffffff");
	bar = engine_rcar_window(0);
	context_on(1, EAE | SL0_LEVEL1, 0);
	qtest_writel(HC + CTX(1) + IMCTR, INTEN | FLUSH | MMUEN);
	qtest_writel(HC + IMUCTR0(0), 1 << 4 | FLUSH | MMUEN);
	qtest_writel(config + 0x10, bar);
	qtest_writew(config + 4, 6);
	/* Into its buffer and out again one word further; 100 ms each */
	for (unsigned int out = 0; out < 2; out++) {
		qtest_writeq(bar + 0x80, out ? 0x40000 : IOVA);
		qtest_writeq(bar + 0x88, out ? IOVA + 8 : 0x40000);
		qtest_writeq(bar + 0x90, 8);
		qtest_writeq(bar + 0x98, 1 | out << 1);
		qtest_step(200000000);
	}
	eq(qtest_readq(DATA(1) + 8), MARK(1), "edu copies through the IPMMU");
	qtest_writeq(bar + 0x88, 0x5000);
	qtest_writeq(bar + 0x98, 3);
	qtest_step(200000000);
	eq(qtest_readl(MM + CTX(1) + IMSTR), STR_TF | STR_LEVEL(3), "and faults there");
	end();
}

int main(void)
{
	test_reset_values();
	test_bypass();
	test_stage1();
	test_start_level();
	test_translation_faults();
	test_permissions();
	test_interrupt();
	test_flush_bit();
	test_stale();
	test_withheld_flush();
	test_discache();
	test_sticky_fault();
	test_stage2();
	test_contexts();
	test_asid();
	test_latencies();
	test_pci();
	test_edu();
	plan_done();
}
