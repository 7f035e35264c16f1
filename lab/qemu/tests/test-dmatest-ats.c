// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine, PCI form, behind the SMMUv3: PASID, ATS with a cache that only
 * invalidations empty, page requests. Expectations: IHI 0070 (STE.EATS, PRI queue,
 * CMD_ATC_INV, CMD_PRI_RESP), PCI Express base specification (ATS, PRI).
 */
#include <stdio.h>

#include "board.h"
#include "engine.h"

#define SLOT		0x11
#define RID		(SLOT << 3)
#define DEVICE		"-device iob-dmatest-pci,addr=0x11 "

#define IOVA		0x123000ULL
#define PAGE(n)		(DATA + (n) * 0x1000ULL)
#define MARK(n)		(0xda7a000000000000ULL + (n))
#define EATS_FULL	(1ULL << 28)	/* of STE word 1: ATS, without stage 2 */

/* Capabilities of the engine, by ID */
#define ATS		0x0f
#define PRI		0x13
#define PASID		0x1b

/* CMD_PRI_RESP */
#define RESP_FAILURE	(0ULL << 12)
#define RESP_INVALID	(1ULL << 12)
#define RESP_SUCCESS	(2ULL << 12)

static struct engine e;
static struct tables t;

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
	qtest_writel(ext_cap(PRI) + 12, 512);	/* requests outstanding */
	qtest_writew(ext_cap(PRI) + 4, 1);
}

/* One page mapped at IOVA for substreams 0 and 3, ATS on. */
static void begin(const char *options)
{
	char all[256] = DEVICE;
	uint64_t ste[8];
	struct cd cd;

	snprintf(all, sizeof(all), "%s%s", DEVICE, options);
	smmu_start(all);
	for (unsigned int i = 0; i < 8; i++)
		qtest_writeq(PAGE(i), MARK(i));
	t = tables_new(12, 39);
	tables_set(&t, IOVA, 3, PAGE(1) | D_RW_PAGE);
	cd = cd_default(&t, 1);
	cd_write(CDTAB, &cd);
	cd_write(CDTAB + 3 * 64, &cd);
	ste_s1(RID, CDTAB, 2);
	qtest_memread(STRTAB + RID * 64, ste, sizeof(ste));
	ste[1] |= EATS_FULL;
	ste_write(RID, ste);
	ste_inv(RID);
	engine_pci_start(&e, SLOT);
	qtest_writew(ext_cap(PASID) + 6, 1);
	qtest_writew(ext_cap(ATS) + 6, 0x8000);
}

static uint64_t count(unsigned int reg)
{
	return qtest_readq(e.base + reg);
}

static void tlbi(void)
{
	cmd(NSNH_ALL, 0);
	cmd_sync();
}

static void atc_inv(uint64_t ssid, uint64_t iova, unsigned int log2_pages)
{
	cmd(ATC_INV | CMD_SID(RID) | ssid, iova | log2_pages);
	cmd_sync();
}

static void is_read(uint32_t flags, uint64_t want, const char *what)
{
	struct dmatest_done d = engine_read(&e, IOVA, flags);

	ok(d.status == DMATEST_OK, "%s: is not refused", what);
	eq(d.value, want, "%s", what);
}

static void test_atc(void)
{
	begin("");
	is_read(DMATEST_F_ATS, MARK(1), "translated by ATS");
	eq(count(DMATEST_COUNT_ATC_MISSES), 1, "one miss");
	is_read(DMATEST_F_ATS, MARK(1), "again");
	eq(count(DMATEST_COUNT_ATC_HITS), 1, "one hit");

	tables_set(&t, IOVA, 3, PAGE(2) | D_RW_PAGE);
	tlbi();
	is_read(0, MARK(2), "SMMU invalidated, access without the cache");
	is_read(DMATEST_F_ATS, MARK(1), "the device's cache is stale");
	atc_inv(0, IOVA + 0x1000, 0);
	is_read(DMATEST_F_ATS, MARK(1), "another page invalidated: still stale");
	atc_inv(0, IOVA, 0);
	is_read(DMATEST_F_ATS, MARK(2), "this page invalidated: fresh");
	eq(count(DMATEST_COUNT_ATC_INVALIDATIONS), 2, "two invalidations arrived");

	tables_set(&t, IOVA, 3, PAGE(3) | D_RW_PAGE);
	tlbi();
	atc_inv(0, 0, 52);
	is_read(DMATEST_F_ATS, MARK(3), "everything invalidated: fresh");

	tables_set(&t, IOVA, 3, PAGE(4) | D_RW_PAGE);
	tlbi();
	qtest_writew(ext_cap(ATS) + 6, 0);
	qtest_writew(ext_cap(ATS) + 6, 0x8000);
	is_read(DMATEST_F_ATS, MARK(4), "ATS off and on: an empty cache");
}

static void test_pasid(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_READ_PROBE, .bytes = 8, .src = IOVA, .src_pasid = 3,
		.flags = DMATEST_F_SRC_PASID,
	};

	begin("");
	eq(engine_do(&e, &d).value, MARK(1), "PASID 3");
	d.flags |= DMATEST_F_ATS;
	eq(engine_do(&e, &d).value, MARK(1), "PASID 3 by ATS");
	tables_set(&t, IOVA, 3, PAGE(2) | D_RW_PAGE);
	tlbi();
	atc_inv(0, IOVA, 0);
	eq(engine_do(&e, &d).value, MARK(1), "invalidated without PASID: stale");
	atc_inv(CMD_SSID(3), IOVA, 0);
	eq(engine_do(&e, &d).value, MARK(2), "invalidated for PASID 3: fresh");
	d.src_pasid = 1u << 16;
	eq(engine_do(&e, &d).status, DMATEST_BAD_DESC, "PASID with too many bits");
}

static void test_no_permission(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_WRITE_PROBE, .bytes = 8, .dst = IOVA,
		.flags = DMATEST_F_ATS,
	};
	struct dmatest_done r;

	begin("");
	tables_set(&t, IOVA, 3, PAGE(1) | D_RW_PAGE | D_RO);
	r = engine_do(&e, &d);
	eq(r.status, DMATEST_REFUSED, "write to a read-only page");
	eq(r.fault, DMATEST_FAULT_PERMISSION, "permission");
	is_read(DMATEST_F_ATS, MARK(1), "reading it");
	r = engine_read(&e, IOVA + 0x1000, DMATEST_F_ATS);
	eq(r.fault, DMATEST_FAULT_TRANSLATION, "unmapped, without page requests");
	expect_no_event("an unmapped ATS request is no event");
}

/* Submits a read of an unmapped page and takes its page request. */
static unsigned int request(uint64_t iova, uint64_t pri[2])
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_READ_PROBE, .bytes = 8, .src = iova, .src_pasid = 3,
		.flags = DMATEST_F_ATS | DMATEST_F_SRC_PASID,
	};
	unsigned int slot = engine_submit(&e, &d);
	uint32_t cons = qtest_readl(PRIQ_CONS);

	qtest_step(500);
	eq(engine_result(&e, slot).status, DMATEST_PENDING, "waits for the page");
	ok(qtest_readl(PRIQ_PROD) != cons, "a record in the PRI queue");
	qtest_memread(PRIQ + (cons & ((1u << PRIQ_LOG2) - 1)) * 16, pri, 16);
	qtest_writel(PRIQ_CONS, (cons + 1) & ((2u << PRIQ_LOG2) - 1));
	return slot;
}

static void respond(const uint64_t pri[2], uint64_t code)
{
	cmd(PRI_RESP | CMD_SID(RID) | CMD_SSID(3), (pri[1] & 0x1ff) | code);
	cmd_sync();
}

static void test_page_request(void)
{
	struct dmatest_done d;
	uint64_t pri[2];
	unsigned int slot;

	begin("-global iob-dmatest-pci.lat-page-request-ns=400");
	pri_on();
	slot = request(IOVA + 0x1000, pri);
	eq(pri[0] & 0xffffffff, RID, "stream ID");
	eq(pri[0] >> 32 & 0xfffff, 3, "PASID");
	eq(pri[0] >> 58, 0x34, "PASID valid, last, read");
	eq(pri[1] & ~0xfffULL, IOVA + 0x1000, "address");
	ok(qtest_irqs(SPI_PRIQ), "interrupt");
	tables_set(&t, IOVA + 0x1000, 3, PAGE(5) | D_RW_PAGE);
	qtest_step(1000);
	respond(pri, RESP_SUCCESS);
	qtest_step(1);
	d = engine_result(&e, slot);
	eq(d.status, DMATEST_OK, "answered: done");
	eq(d.value, MARK(5), "the right page");
	eq(d.faults, 1, "one page request");
	eq(d.fault_ns - d.issued_ns, 400, "when it was sent");
	eq(d.resumed_ns - d.issued_ns, 1500, "when it was answered");
	eq(d.done_ns, d.resumed_ns, "when it was done");
	eq(count(DMATEST_COUNT_PAGE_REQUESTS), 1, "counted");

	slot = request(IOVA + 0x2000, pri);
	respond(pri, RESP_INVALID);
	qtest_step(1);
	d = engine_result(&e, slot);
	eq(d.status, DMATEST_REFUSED, "invalid request: refused");
	eq(d.fault, DMATEST_FAULT_PAGE_REQUEST, "the fault says so");
	ok(!(qtest_readl(ext_cap(PRI) + 4) >> 24 & 1), "invalid request: the interface goes on");

	slot = request(IOVA + 0x2000, pri);
	respond(pri, RESP_FAILURE);
	qtest_step(1);
	eq(engine_result(&e, slot).status, DMATEST_REFUSED, "response failure: refused");
	ok(qtest_readl(ext_cap(PRI) + 4) >> 24 & 1, "the interface has stopped");
	ok(qtest_readl(ext_cap(PRI) + 4) >> 16 & 1, "and says response failure");

	pri_on();
	slot = request(IOVA + 0x2000, pri);
	qtest_writel(e.base + DMATEST_CONTROL, DMATEST_CONTROL_RESET);
	respond(pri, RESP_SUCCESS);
	qtest_step(1000);
	eq(engine_result(&e, slot).status, DMATEST_PENDING,
	   "an answer after a reset goes nowhere");
	ok(qtest_alive(), "QEMU is still there");
}

static void test_faulty_cache(void)
{
	struct dmatest_done d;

	begin("-global iob-dmatest-pci.atc-ignore-inv=on");
	is_read(DMATEST_F_ATS, MARK(1), "page 1");
	tables_set(&t, IOVA, 3, PAGE(2) | D_RW_PAGE);
	tlbi();
	atc_inv(0, 0, 52);
	is_read(DMATEST_F_ATS, MARK(1), "invalidations are ignored: stale");

	begin("-global iob-dmatest-pci.atc-entries=0");
	is_read(DMATEST_F_ATS, MARK(1), "a cache without entries");
	tables_set(&t, IOVA, 3, PAGE(2) | D_RW_PAGE);
	tlbi();
	is_read(DMATEST_F_ATS, MARK(2), "is never stale");

	begin("-global iob-dmatest-pci.lat-atc-hit-ns=30");
	engine_read(&e, IOVA, DMATEST_F_ATS);
	d = engine_read(&e, IOVA, DMATEST_F_ATS);
	eq(d.done_ns - d.issued_ns, 30, "lookup's latency");
}

int main(void)
{
	test_atc();
	test_pasid();
	test_no_permission();
	test_page_request();
	test_faulty_cache();
	plan_done();
}
