// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3: what ATS and PRI traffic it refuses, page request queue overflow, ATC
 * invalidations that are not answered. (test-dmatest-ats.c has the device's side.)
 */
#include <stdio.h>

#include "board.h"
#include "engine.h"

#define SLOT		0x11
#define RID		(SLOT << 3)
#define IOVA		0x123000ULL
#define ATS_CAP		0x0f
#define PRI_CAP		0x13

static struct engine e;
static struct tables t;
static uint64_t leaf;

static uint64_t ext_cap(unsigned int id)
{
	uint64_t config = engine_pci_config(SLOT);
	unsigned int at = 0x100;

	while (at && (qtest_readl(config + at) & 0xffff) != id)
		at = qtest_readl(config + at) >> 20;
	return config + at;
}

static void pri_on(void)
{
	qtest_writel(ext_cap(PRI_CAP) + 12, 512);	/* requests outstanding */
	qtest_writew(ext_cap(PRI_CAP) + 4, 1);
}

static void set_eats(uint64_t eats)
{
	uint64_t w[8] = { 1 | STE_S1 << 1 | CDTAB, eats << 28 };

	ste_write(RID, w);
	ste_inv(RID);
}

static void begin(const char *options)
{
	char all[256];
	struct cd cd;

	snprintf(all, sizeof(all), "-device iob-dmatest-pci,addr=0x11 %s", options);
	smmu_start(all);
	t = tables_new(12, 39);
	leaf = tables_set(&t, IOVA, 3, DATA | D_RW_PAGE);
	cd = cd_default(&t, 1);
	cd_write(CDTAB, &cd);
	set_eats(1);
	qtest_writeq(DATA, 1);
	qtest_writeq(DATA + 0x1000, 2);
	engine_pci_start(&e, SLOT);
	qtest_writew(ext_cap(ATS_CAP) + 6, 0x8000);
}

static void test_refused(void)
{
	struct dmatest_done d;
	uint64_t w[4];

	begin("");
	set_eats(0);
	d = engine_read(&e, IOVA, DMATEST_F_ATS);
	eq(d.status, DMATEST_REFUSED, "translation request with EATS 0: refused");
	if (expect_event(F_BAD_ATS_TREQ, RID, w, "EATS 0"))
		eq(w[2], IOVA, "its address");
	d = engine_read(&e, IOVA, 0);
	eq(d.value, 1, "untranslated goes through");

	set_eats(1);
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 1, "EATS 1: translated by the device");
	set_eats(0);
	d = engine_read(&e, IOVA, DMATEST_F_ATS);
	eq(d.status, DMATEST_REFUSED, "translated access with EATS 0: refused");
	if (expect_event(F_TRANSL_FORBIDDEN, RID, w, "ATSCHK"))
		eq(w[1] >> 35 & 1, 1, "a read");
	qtest_writel(CR0, 0xf);
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 1, "ATSCHK 0: it is trusted");
	qtest_writel(CR0, 0x1e);
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).status, DMATEST_REFUSED,
	   "SMMUEN 0: translated access refused");
	expect_no_event("SMMUEN 0");
}

static void test_invalidation(void)
{
	uint32_t at;

	begin("");
	engine_read(&e, IOVA, DMATEST_F_ATS);
	qtest_writeq(leaf, (DATA + 0x1000) | D_RW_PAGE);
	cmd(NSNH_ALL, 0);
	cmd_sync();
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 1, "TLBI leaves the device's cache");
	cmd(ATC_INV | CMD_SID(RID), IOVA + 0x1000);
	cmd_sync();
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 1, "ATC_INV of the next page, too");
	cmd(ATC_INV | CMD_SID(RID + 8), 52);
	cmd_sync();
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 1, "ATC_INV of another stream, too");
	cmd(ATC_INV | CMD_SID(RID), IOVA | 0);
	cmd_sync();
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 2, "ATC_INV ends it");
	qtest_writeq(leaf, DATA | D_RW_PAGE);
	cmd(NSNH_ALL, 0);
	cmd(ATC_INV | CMD_SID(RID), 52);
	cmd_sync();
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 1, "ATC_INV of everything");

	begin("-global iob-smmuv3.drop-tlbi=atc");
	engine_read(&e, IOVA, DMATEST_F_ATS);
	qtest_writeq(leaf, (DATA + 0x1000) | D_RW_PAGE);
	cmd(NSNH_ALL, 0);
	cmd(ATC_INV | CMD_SID(RID), 52);
	cmd_sync();
	eq(engine_read(&e, IOVA, DMATEST_F_ATS).value, 1, "drop-tlbi=atc: stale");

	/* A device that does not answer */
	begin("-global iob-dmatest-pci.atc-no-answer=on -global iob-smmuv3.lat-atc-timeout-ns=1000");
	cmd(ATC_INV | CMD_SID(RID), 52);
	at = qtest_readl(CMDQ_CONS) & 0xfffff;
	cmd(SYNC, 0);
	qtest_step(999);
	eq(cmd_error(), 0, "no answer: the SYNC waits");
	qtest_step(1);
	eq(cmd_error(), 3, "timeout: CERROR_ATC_INV_SYNC");
	eq(qtest_readl(CMDQ_CONS) & 0xfffff, at, "CONS is at the SYNC");
	eq(qtest_readl(GERROR) ^ qtest_readl(GERRORN), 1, "GERROR.CMDQ_ERR");
	qtest_writel(GERRORN, qtest_readl(GERROR));
	eq(qtest_readl(CMDQ_CONS) & 0xfffff, at + 1, "acknowledged: the SYNC again, done");

	begin("-global iob-dmatest-pci.lat-atc-inv-ns=500");
	cmd(ATC_INV | CMD_SID(RID), 52);
	at = qtest_readl(CMDQ_CONS) & 0xfffff;
	cmd(SYNC, 0);
	qtest_step(499);
	eq(qtest_readl(CMDQ_CONS) & 0xfffff, at, "answer after 500 ns: the SYNC waits");
	qtest_step(1);
	eq(qtest_readl(CMDQ_CONS) & 0xfffff, at + 1, "and is done with it");
}

static unsigned int ask(unsigned int page)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_READ_PROBE, .bytes = 8, .flags = DMATEST_F_ATS,
		.src = IOVA + (page + 1) * 0x1000ULL,
	};

	return engine_submit(&e, &d);
}

static void test_overflow(void)
{
	unsigned int slot[5], i;
	uint64_t w[2];
	uint32_t prod;

	begin("-global iob-dmatest-pci.lat-page-request-ns=100000");
	pri_on();
	qtest_irqs(SPI_PRIQ);
	for (i = 0; i < 4; i++)
		slot[i] = ask(i);
	qtest_step(100000);
	eq(qtest_irqs(SPI_PRIQ), 1, "four requests: one interrupt");
	prod = qtest_readl(PRIQ_PROD);
	eq(prod, 4, "four records, the queue is full, OVFLG clear");
	slot[4] = ask(4);
	qtest_step(100000);
	eq(qtest_readl(PRIQ_PROD), 0x80000004, "fifth: discarded, OVFLG set");
	eq(engine_result(&e, slot[4]).status, DMATEST_PENDING,
	   "answered with success: the device tries again");
	for (i = 0; i < 4; i++) {
		tables_set(&t, IOVA + (i + 1) * 0x1000, 3, DATA | D_RW_PAGE);
		qtest_memread(PRIQ + i * 16, w, 16);
		eq(w[1] & ~0xfffULL, IOVA + (i + 1) * 0x1000, "record %u", i);
		cmd(PRI_RESP | CMD_SID(RID), (w[1] & 0x1ff) | 2 << 12);
	}
	cmd_sync();
	qtest_writel(PRIQ_CONS, 0x80000004);
	qtest_step(100000);
	for (i = 0; i < 4; i++)
		eq(engine_result(&e, slot[i]).value, 1, "request %u: answered, done", i);
	eq(qtest_readl(PRIQ_PROD), 0x80000005, "acknowledged: the fifth comes in");
	tables_set(&t, IOVA + 5 * 0x1000, 3, DATA | D_RW_PAGE);
	qtest_memread(PRIQ, w, 16);
	cmd(PRI_RESP | CMD_SID(RID), (w[1] & 0x1ff) | 2 << 12);
	cmd_sync();
	qtest_step(100000);
	eq(engine_result(&e, slot[4]).value, 1, "and is done");

	begin("");
	pri_on();
	qtest_writel(CR0, 0x1d);
	slot[0] = ask(0);
	qtest_step(1000);
	eq(engine_result(&e, slot[0]).status, DMATEST_REFUSED, "PRIQEN 0: response failure");
	eq(engine_result(&e, slot[0]).fault, DMATEST_FAULT_PAGE_REQUEST, "the device knows");

	begin("");
	pri_on();
	qtest_writel(CR0, 0x1d);
	qtest_writeq(PRIQ_BASE, NOTHING | PRIQ_LOG2);
	qtest_writel(CR0, 0x1f);
	ask(0);
	qtest_step(1000);
	eq(qtest_readl(GERROR), 1 << 3, "queue where no memory is: GERROR.PRIQ_ABT_ERR");
}

int main(void)
{
	test_refused();
	test_invalidation();
	test_overflow();
	plan_done();
}
