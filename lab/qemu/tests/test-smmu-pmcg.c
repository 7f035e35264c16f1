// SPDX-License-Identifier: GPL-2.0-only
/* SMMUv3: performance monitor counter groups (IHI 0070, chapter 10). */
#include "board.h"

#define SPI_PMCG(n)	(20 + (n))
#define G0		PMCG(0)
#define G0_1		(PMCG(0) + 0x10000)	/* page 1: counters, overflow status */
#define EVTYPER(n)	(0x400 + 4 * (n))
#define SMR(n)		(0xa00 + 4 * (n))
#define COUNTER(n)	(8 * (n))
#define SPAN		(1u << 29)

static struct tables t0;

/* Counter n counts event n, of all streams. */
static void start(const char *options)
{
	struct cd cd;
	unsigned int i;

	smmu_start(options);
	t0 = tables_new(12, 39);
	for (i = 0; i < 16; i++)
		tables_set(&t0, i << 12, 3, (DATA + (i << 12)) | D_RW_PAGE);
	cd = cd_default(&t0, 1);
	cd_write(CDTAB, &cd);
	ste_s1(SID(0), CDTAB, 0);
	ste_s1(SID(1), CDTAB, 0);
	for (i = 0; i < 8; i++) {
		qtest_writel(G0 + EVTYPER(i), i | SPAN);
		qtest_writel(G0 + SMR(i), 0xffffffff);
	}
	qtest_writeq(G0 + 0xc00, 0xff);
	qtest_writel(G0 + 0xe04, 1);
}

static uint64_t counter(unsigned int n)
{
	return qtest_readq(G0_1 + COUNTER(n));
}

static void test_registers(void)
{
	board_start(NULL);
	eq(qtest_readl(G0 + 0xe00) & 0x3f, 7, "CFGR: 8 counters");
	eq(qtest_readl(G0 + 0xe00) >> 8 & 0x3f, 63, "CFGR: of 64 bits");
	eq(qtest_readl(G0 + 0xe00) >> 20 & 1, 1, "CFGR: on page 1");
	eq(qtest_readq(G0 + 0xe20), 0xff, "CEID0: the table walker's events");
	eq(qtest_readq(PMCG(1) + 0xe20), 0xc7, "CEID0: the other group's events");
	qtest_writeq(G0 + 0xc00, 0xfff);
	eq(qtest_readq(G0 + 0xc00), 0xff, "CNTENSET: counters that are there");
	qtest_writeq(G0 + 0xc20, 0x0f);
	eq(qtest_readq(G0 + 0xc00), 0xf0, "CNTENCLR");
	qtest_writeq(G0 + 0xc40, 3);
	qtest_writeq(G0 + 0xc60, 1);
	eq(qtest_readq(G0 + 0xc40), 2, "INTENSET, INTENCLR");
	qtest_writeq(G0_1 + COUNTER(3), 0x123456789abcdef0);
	eq(counter(3), 0x123456789abcdef0, "counter, 64 bits");
	board_start("-global iob-smmuv3-pmcg.counter-bits=32 -global iob-smmuv3-pmcg.counters=3");
	eq(qtest_readl(G0 + 0xe00) & 0x3f, 2, "property counters");
	qtest_writel(G0_1 + 4, 0xffffffff);
	eq(qtest_readl(G0_1 + 4), 0xffffffff, "32 bits: 4 bytes apart");
}

static void test_events(void)
{
	start(NULL);
	read_at(0, 0, SSID_NONE);
	eq(counter(1), 1, "transactions");
	eq(counter(2), 1, "TLB misses");
	eq(counter(3), 2, "configuration misses: STE, CD");
	eq(counter(4), 3, "walk accesses: three levels");
	eq(counter(5), 2, "configuration accesses");
	read_at(0, 8, SSID_NONE);
	eq(counter(1), 2, "transactions");
	eq(counter(2), 1, "TLB hit: no more misses");
	eq(counter(3), 2, "configuration cached: no more misses");
	eq(counter(4), 3, "no more walks");
	cmd(NH_ALL, 0);
	cmd_sync();
	read_at(0, 8, SSID_NONE);
	eq(counter(2), 2, "miss after TLBI");
	eq(counter(4), 6, "walk after TLBI");

	qtest_writel(G0 + 0xe04, 0);
	read_at(0, 8, SSID_NONE);
	eq(counter(1), 3, "CR.E 0: stands still");
	qtest_writel(G0 + 0xe04, 1);
	qtest_writeq(G0 + 0xc20, 2);
	read_at(0, 8, SSID_NONE);
	eq(counter(1), 3, "CNTENCLR: stands still");
	qtest_writeq(G0 + 0xc00, 2);

	qtest_writel(G0 + EVTYPER(6), 0x80 | SPAN);
	qtest_writel(G0 + EVTYPER(7), 0x81 | SPAN);
	qtest_writeq(G0_1 + COUNTER(6), 0);
	qtest_writeq(G0_1 + COUNTER(7), 0);
	cmd(NH_ALL, 0);
	cmd(NH_ASID, 0);
	cmd_sync();
	eq(counter(6), 3, "event 0x80: commands");
	eq(counter(7), 2, "event 0x81: TLBI commands");

	qtest_writeq(G0_1 + COUNTER(0), 0);
	qtest_step(1000);
	eq(counter(0), 1000, "cycles, at 1 GHz of virtual time");
}

static uint64_t counted(uint32_t smr, uint32_t span)
{
	qtest_writel(G0 + EVTYPER(1), 1 | span);
	qtest_writel(G0 + SMR(1), smr);
	qtest_writeq(G0_1 + COUNTER(1), 0);
	read_at(0, 0, SSID_NONE);
	read_at(1, 0, SSID_NONE);
	read_at(1, 0, SSID_NONE);
	return counter(1);
}

static void test_filter(void)
{
	start(NULL);
	eq(counted(SID(0), 0), 1, "one stream");
	eq(counted(SID(1), 0), 2, "another");
	eq(counted(SID(2), 0), 0, "one that does nothing");
	eq(counted(SID(0), SPAN), 3, "span of two: lowest bit is clear");
	eq(counted(SID(0) + 7, SPAN), 3, "span of sixteen");
	eq(counted(SID(0) + 0x17, SPAN), 0, "span beside them");
	eq(counted(0xffffffff, SPAN), 3, "all");
	qtest_writel(G0 + EVTYPER(6), 0x80);
	qtest_writel(G0 + SMR(6), SID(0));
	qtest_writeq(G0_1 + COUNTER(6), 0);
	cmd_sync();
	eq(counter(6), 0, "commands belong to no stream");

	start("-global iob-smmuv3-pmcg.global-filter=on");
	qtest_writel(G0 + SMR(0), SID(0));
	qtest_writel(G0 + EVTYPER(0), 0);
	eq(counted(SID(1), 0), 1, "global filter: counter 0's is everybody's");
}

static void test_overflow(void)
{
	start(NULL);
	qtest_writel(G0 + 0xe50, 1);		/* IRQ_CTRL */
	qtest_writeq(G0 + 0xc40, 2);
	qtest_writeq(G0_1 + COUNTER(1), ~0ULL);
	qtest_irqs(SPI_PMCG(0));
	read_at(0, 0, SSID_NONE);
	eq(counter(1), 0, "wraps");
	eq(qtest_readq(G0_1 + 0xcc0), 2, "OVSSET tells it");
	eq(qtest_irqs(SPI_PMCG(0)), 1, "interrupt");
	qtest_writeq(G0_1 + 0xc80, 2);
	eq(qtest_readq(G0_1 + 0xcc0), 0, "OVSCLR");
	qtest_writeq(G0 + 0xc60, 2);
	qtest_writeq(G0_1 + COUNTER(1), ~0ULL);
	read_at(0, 0, SSID_NONE);
	eq(qtest_irqs(SPI_PMCG(0)), 0, "INTENCLR: no interrupt");
	eq(qtest_readq(G0_1 + 0xcc0), 2, "but the status");

	/* Cycles overflow on time. */
	qtest_writeq(G0_1 + 0xc80, 0xff);
	qtest_writeq(G0 + 0xc40, 1);
	qtest_writeq(G0_1 + COUNTER(0), -500ULL);
	qtest_step(499);
	eq(qtest_irqs(SPI_PMCG(0)), 0, "cycles: 499 ns before");
	qtest_step(1);
	eq(qtest_irqs(SPI_PMCG(0)), 1, "cycles: 500 ns, interrupt");

	/* Capture */
	qtest_writeq(G0_1 + COUNTER(1), 0x55);
	qtest_writel(G0 + 0xd88, 1);
	qtest_writeq(G0_1 + COUNTER(1), 0x66);
	eq(qtest_readq(G0_1 + 0x600 + COUNTER(1)), 0x55, "CAPR: SVR keeps the value");
	qtest_writel(G0 + EVTYPER(1), 1 | SPAN | 1u << 31);
	qtest_writeq(G0_1 + COUNTER(1), ~0ULL);
	qtest_writeq(G0_1 + COUNTER(2), 0x77);
	read_at(0, 0, SSID_NONE);
	eq(qtest_readq(G0_1 + 0x600 + COUNTER(2)), 0x77, "OVFCAP: overflow captures");
}

int main(void)
{
	test_registers();
	test_events();
	test_filter();
	test_overflow();
	plan_done();
}
