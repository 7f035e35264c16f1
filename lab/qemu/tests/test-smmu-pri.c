// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page requests: groups, how many a device may have outstanding, what makes an answer one that
 * it accepts, stop markers, and what the SMMU answers by itself. Expectations: IHI 0070, chapter 8
 * and CMD_PRI_RESP; PCI Express base specification, 10.4.
 */
#include <stdio.h>

#include "board.h"
#include "engine.h"

#define SLOT		0x11
#define RID		(SLOT << 3)
#define IOVA		0x100000ULL
#define PAGE		0x1000ULL
#define PASID		3

/* Capabilities of the engine, by ID */
#define CAP_ATS		0x0f
#define CAP_PRI		0x13
#define CAP_PASID	0x1b
#define PRI_CTRL	(pri_cap + 4)
#define PRI_STATUS	(pri_cap + 6)
#define PRI_ALLOC	(pri_cap + 12)
#define STATUS_RF	0x1
#define STATUS_UPRGI	0x2
#define STATUS_STOPPED	0x100
#define STATUS_PASID	0x8000

#define STE1_PPAR	(1ULL << 18)
#define STE1_EATS	(1ULL << 28)

#define RESP_FAILURE	0ULL
#define RESP_INVALID	1ULL
#define RESP_SUCCESS	2ULL

/* A record of the PRI queue */
#define PRI_SSV		(1ULL << 63)
#define PRI_LAST	(1ULL << 62)
#define PRI_WRITE	(1ULL << 61)
#define PRI_READ	(1ULL << 60)

static struct engine e;
static struct tables t;
static uint64_t pri_cap;

static uint64_t ext_cap(unsigned int id)
{
	uint64_t config = engine_pci_config(SLOT);
	unsigned int at = 0x100;

	while (at && (qtest_readl(config + at) & 0xffff) != id)
		at = qtest_readl(config + at) >> 20;
	return config + at;
}

static unsigned int pri_control(void)
{
	return qtest_readl(PRI_CTRL) & 0xffff;
}

static unsigned int pri_status(void)
{
	return qtest_readl(PRI_CTRL) >> 16;
}

static void stream(uint64_t more)
{
	uint64_t w[8] = { 1 | STE_S1 << 1 | CDTAB | 2ULL << 59, 2 | STE1_EATS | more };

	ste_write(RID, w);
	ste_inv(RID);
}

/* Nothing is mapped. The device may have @outstanding requests; the queue holds four. */
static void begin(const char *options, unsigned int outstanding)
{
	char all[256];
	struct cd cd;

	snprintf(all, sizeof(all), "-device iob-dmatest-pci,addr=0x11 %s", options);
	smmu_start(all);
	t = tables_new(12, 39);
	cd = cd_default(&t, 1);
	cd_write(CDTAB, &cd);
	cd_write(CDTAB + PASID * 64, &cd);
	stream(STE1_PPAR);
	engine_pci_start(&e, SLOT);
	pri_cap = ext_cap(CAP_PRI);
	qtest_writew(ext_cap(CAP_PASID) + 6, 1);
	qtest_writew(ext_cap(CAP_ATS) + 6, 0x8000);
	qtest_writel(PRI_ALLOC, outstanding);
	qtest_writew(PRI_CTRL, 1);
}

static unsigned int ask(unsigned int page, unsigned int pages, bool pasid)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_CHECK, .bytes = pages * PAGE, .src = IOVA + page * PAGE,
		.flags = DMATEST_F_ATS | (pasid ? DMATEST_F_SRC_PASID : 0),
		.src_pasid = pasid ? PASID : 0,
	};

	return engine_submit(&e, &d);
}

static unsigned int status_of(unsigned int slot)
{
	return engine_result(&e, slot).status;
}

static void map(unsigned int page)
{
	tables_set(&t, IOVA + page * PAGE, 3, DATA | D_RW_PAGE);
}

static unsigned int records(void)
{
	return (qtest_readl(PRIQ_PROD) - qtest_readl(PRIQ_CONS)) & ((2u << PRIQ_LOG2) - 1);
}

/* Takes the next record. Returns its group's index. */
static unsigned int record(uint64_t w[2])
{
	uint32_t cons = qtest_readl(PRIQ_CONS);

	qtest_memread(PRIQ + (cons & ((1u << PRIQ_LOG2) - 1)) * 16, w, 16);
	qtest_writel(PRIQ_CONS, (cons & 1u << 31) | ((cons + 1) & ((2u << PRIQ_LOG2) - 1)));
	return w[1] & 0x1ff;
}

static void respond(unsigned int prgi, bool pasid, uint64_t code)
{
	cmd(PRI_RESP | CMD_SID(RID) | (pasid ? CMD_SSID(PASID) : 0), prgi | code << 12);
	cmd_sync();
	qtest_step(1);
}

static void test_group(void)
{
	unsigned int slot, prgi, i;
	uint64_t w[2];

	begin("", 512);
	qtest_writel(e.base + DMATEST_PRI_GROUP, 0);
	eq(qtest_readl(e.base + DMATEST_PRI_GROUP), 1, "a group has a page at least");
	qtest_writel(e.base + DMATEST_PRI_GROUP, 1000);
	eq(qtest_readl(e.base + DMATEST_PRI_GROUP), 64, "and 64 at most");
	qtest_writel(e.base + DMATEST_PRI_GROUP, 3);
	qtest_irqs(SPI_PRIQ);
	slot = ask(0, 5, true);
	eq(records(), 3, "three pages at a time: three requests");
	eq(qtest_irqs(SPI_PRIQ), 1, "one interrupt, as the queue was empty once");
	for (i = 0; i < 3; i++) {
		prgi = record(w);
		eq(w[0], PRI_SSV | (i == 2 ? PRI_LAST : 0) | PRI_READ | (uint64_t)PASID << 32 | RID,
		   "request %u: stream, PASID, read, last of the group or not", i);
		eq(w[1] & ~0xfffULL, IOVA + i * PAGE, "its page");
		eq(prgi, 0, "its group");
		map(i);
	}
	respond(prgi, true, RESP_SUCCESS);
	eq(records(), 2, "answered: asks for the two pages that are left of the operation");
	record(w);
	eq(record(w), 1, "in another group");
	ok(w[0] & PRI_LAST, "that ends with the second");
	map(3);
	map(4);
	respond(1, true, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_OK, "done");
	eq(engine_result(&e, slot).faults, 2, "two groups");
	eq(qtest_readq(e.base + DMATEST_COUNT_PAGE_REQUESTS), 5, "of five requests");

	qtest_writel(e.base + DMATEST_CONTROL, DMATEST_CONTROL_RESET);
	eq(qtest_readl(e.base + DMATEST_PRI_GROUP), 1, "a reset sets it to one");
}

static void test_limit(void)
{
	unsigned int slot[3], i;
	uint64_t w[2];

	begin("", 2);
	for (i = 0; i < 3; i++)
		slot[i] = ask(i, 1, true);
	eq(records(), 2, "two may be outstanding: the third waits");
	map(1);
	record(w);
	respond(record(w), true, RESP_SUCCESS);
	eq(status_of(slot[1]), DMATEST_OK, "one is answered");
	eq(records(), 1, "the third is sent");
	eq(record(w), 2, "as a group of its own");
	qtest_writel(e.base + DMATEST_PRI_GROUP, 8);
	map(0);
	map(2);
	respond(0, true, RESP_SUCCESS);
	respond(2, true, RESP_SUCCESS);
	eq(status_of(slot[0]) == DMATEST_OK && status_of(slot[2]) == DMATEST_OK, 1, "both done");
	slot[0] = ask(8, 4, true);
	eq(records(), 2, "a group is not larger than what may be outstanding");
	record(w);
	map(8);
	map(9);
	respond(record(w), true, RESP_SUCCESS);
	eq(records(), 2, "so it takes two");

	/* Switched off with requests outstanding and others waiting for them */
	slot[1] = ask(16, 1, true);
	eq(status_of(slot[1]), DMATEST_PENDING, "a further one waits");
	qtest_writew(PRI_CTRL, 0);
	qtest_step(1);
	eq(status_of(slot[1]), DMATEST_REFUSED, "PRI is switched off: it is refused");
	eq(pri_status() & STATUS_STOPPED, 0, "not stopped, as requests are outstanding");
	record(w);
	map(10);
	map(11);
	respond(record(w), true, RESP_SUCCESS);
	eq(pri_status() & STATUS_STOPPED, STATUS_STOPPED, "answered: stopped");
	eq(status_of(slot[0]), DMATEST_OK, "and done");

	qtest_writel(PRI_ALLOC, 0);
	qtest_writew(PRI_CTRL, 1);
	slot[0] = ask(20, 1, true);
	qtest_step(1);
	eq(status_of(slot[0]), DMATEST_REFUSED, "none may be outstanding: refused");
}

static void test_reset(void)
{
	unsigned int slot[2];
	uint64_t w[2];

	begin("", 1);
	slot[0] = ask(0, 1, true);
	slot[1] = ask(1, 1, true);
	qtest_writew(PRI_CTRL, 3);
	qtest_step(1);
	eq(status_of(slot[0]), DMATEST_PENDING, "a reset while it is on does nothing");
	qtest_writew(PRI_CTRL, 0);
	qtest_writew(PRI_CTRL, 2);
	qtest_step(1);
	eq(status_of(slot[0]), DMATEST_REFUSED, "a reset while it is off forgets what is outstanding");
	eq(status_of(slot[1]), DMATEST_REFUSED, "and what waits");
	eq(pri_control(), 0, "it reads as 0");
	eq(pri_status() & STATUS_STOPPED, STATUS_STOPPED, "stopped");
	respond(record(w), true, RESP_SUCCESS);
	eq(pri_status() & STATUS_UPRGI, STATUS_UPRGI, "its answer is unexpected now");

	/* The engine's own reset leaves requests where they are. */
	begin("", 1);
	ask(0, 1, true);
	qtest_writel(e.base + DMATEST_CONTROL, DMATEST_CONTROL_RESET);
	engine_pci_start(&e, SLOT);
	slot[0] = ask(1, 1, true);
	eq(records(), 1, "reset of the engine: the request is outstanding");
	respond(record(w), true, RESP_SUCCESS);
	eq(records(), 1, "answered: the next one may be sent");
	eq(pri_status() & STATUS_UPRGI, 0, "and the answer was expected");
}

static void test_answer(void)
{
	unsigned int slot, other, prgi;
	uint64_t w[2];

	begin("", 512);
	eq(pri_status() & STATUS_PASID, STATUS_PASID, "answers have to have the PASID");
	slot = ask(0, 1, true);
	prgi = record(w);
	map(0);
	respond(prgi, false, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_PENDING, "without: not accepted");
	eq(pri_status() & STATUS_UPRGI, STATUS_UPRGI, "but noted");
	qtest_writew(PRI_STATUS, STATUS_UPRGI);
	eq(pri_status() & STATUS_UPRGI, 0, "until that is cleared");
	respond(prgi + 1, true, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_PENDING, "of another group: not accepted");
	eq(pri_status() & STATUS_UPRGI, STATUS_UPRGI, "and noted");
	qtest_writew(PRI_STATUS, STATUS_UPRGI);
	respond(prgi, true, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_OK, "accepted");
	respond(prgi, true, RESP_SUCCESS);
	eq(pri_status() & STATUS_UPRGI, STATUS_UPRGI, "answered twice: noted");
	qtest_writew(PRI_STATUS, STATUS_UPRGI);

	slot = ask(1, 1, false);
	prgi = record(w);
	eq(w[0] & PRI_SSV, 0, "a request without PASID");
	map(1);
	respond(prgi, false, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_OK, "is answered without");

	/* What failed once fails for all. */
	slot = ask(2, 1, true);
	other = ask(3, 1, true);
	prgi = record(w);
	respond(prgi, true, RESP_FAILURE);
	eq(status_of(slot), DMATEST_REFUSED, "response failure: refused");
	eq(engine_result(&e, slot).syndrome, 0xf, "for that reason");
	eq(status_of(other), DMATEST_REFUSED, "so are others that wait");
	eq(pri_control(), 0, "the interface is off");
	eq(pri_status(), STATUS_PASID | STATUS_STOPPED | STATUS_RF, "and says why");

	begin("-global iob-dmatest-pci.prg-pasid=off", 512);
	eq(pri_status() & STATUS_PASID, 0, "prg-pasid=off: answers have no PASID");
	slot = ask(0, 1, true);
	prgi = record(w);
	map(0);
	respond(prgi, true, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_PENDING, "with: not accepted");
	respond(prgi, false, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_OK, "without: accepted");

	begin("", 512);
	slot = ask(0, 1, true);
	prgi = record(w);
	map(0);
	qtest_writel(CR0, 0x1e);
	respond(prgi, true, RESP_SUCCESS);
	eq(status_of(slot), DMATEST_PENDING, "SMMUEN 0: CMD_PRI_RESP is ignored");
}

static unsigned int stop(uint32_t pasid)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_STOP_PASID, .src_pasid = pasid, .flags = DMATEST_F_SRC_PASID,
	};

	return status_of(engine_submit(&e, &d));
}

static void test_stop(void)
{
	unsigned int slot, other, prgi;
	uint64_t w[2];

	begin("", 2);
	slot = ask(0, 1, true);
	other = ask(1, 1, false);
	prgi = record(w);
	record(w);
	eq(stop(PASID), DMATEST_OK, "stop using the PASID");
	qtest_step(1);
	eq(status_of(slot), DMATEST_REFUSED, "what waits for a page of it ends");
	eq(engine_result(&e, slot).fault, DMATEST_FAULT_TERMINATED, "for that reason");
	eq(status_of(other), DMATEST_PENDING, "others go on to wait");
	eq(records(), 1, "a marker in the queue");
	record(w);
	eq(w[0], PRI_SSV | PRI_LAST | (uint64_t)PASID << 32 | RID, "PASID, LWR 100");
	slot = ask(2, 1, true);
	eq(records(), 0, "what it stopped to wait for is outstanding still");
	respond(prgi, true, RESP_INVALID);
	eq(records(), 1, "until the answer comes");
	eq(pri_status() & STATUS_UPRGI, 0, "which is expected");
	eq(stop(1 << 16), DMATEST_BAD_DESC, "a PASID with too many bits");
	qtest_writew(PRI_CTRL, 0);
	eq(stop(PASID), DMATEST_REFUSED, "PRI is off: no marker");

	begin("", 512);
	qtest_writel(CR0, 0x1d);
	eq(stop(PASID), DMATEST_OK, "PRIQEN 0");
	eq(pri_status(), STATUS_PASID, "a marker is not answered");
}

/* Four requests fill the queue, the fifth does not fit. */
static unsigned int fill(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		ask(i, 1, true);
	eq(qtest_readl(PRIQ_PROD), 4, "the queue is full");
	return ask(4, 1, true);
}

static void test_auto_response(void)
{
	unsigned int slot, i;
	uint64_t none[8] = { 0 }, w[2];

	begin("", 512);
	slot = fill();
	eq(qtest_readl(PRIQ_PROD), 0x80000004, "overflow");
	eq(pri_status() & STATUS_UPRGI, 0, "PPAR 1: answered with its PASID");
	eq(status_of(slot), DMATEST_PENDING, "with success, so that the device goes on");
	qtest_step(3000);
	eq(engine_result(&e, slot).status, DMATEST_PENDING, "and asks again");
	eq(qtest_readq(e.base + DMATEST_COUNT_PAGE_REQUESTS), 4 + 4,
	   "at once, after 1 us, after 2 us more");
	stop(PASID);
	eq(qtest_readl(PRIQ_PROD), 0x80000004, "a stop marker is discarded");
	eq(pri_status() & STATUS_UPRGI, 0, "and not answered");

	begin("", 512);
	stream(0);
	slot = fill();
	eq(pri_status() & STATUS_UPRGI, STATUS_UPRGI, "PPAR 0: answered without PASID");

	begin("-global iob-smmuv3.pps=on", 512);
	eq(qtest_readl(SMMU + 0xc) >> 5 & 1, 1, "IDR3.PPS");
	stream(0);
	slot = fill();
	eq(pri_status() & STATUS_UPRGI, 0, "PPS 1: with, whatever PPAR says");

	begin("", 512);
	for (i = 0; i < 4; i++)
		ask(i, 1, true);
	stream(STE1_PPAR);
	qtest_writel(e.base + DMATEST_PRI_GROUP, 2);
	qtest_writel(PRI_ALLOC, 5);
	/* Two requests in a group, room for one outstanding: none of it is sent. */
	slot = ask(4, 2, true);
	eq(qtest_readl(PRIQ_PROD), 4, "a group waits as a whole");
	qtest_writel(PRI_ALLOC, 6);
	eq(qtest_readl(PRIQ_PROD), 0x80000004, "given more: sent, overflow");
	for (i = 0; i < 4; i++)
		record(w);
	eq(records(), 0, "the queue is empty");
	qtest_step(1000);
	eq(qtest_readl(PRIQ_PROD), 0x80000004, "but takes nothing before the overflow is acknowledged");
	qtest_writel(PRIQ_CONS, 0x80000004);
	qtest_step(2000);
	eq(records(), 2, "acknowledged: the group comes in");

	/* The device had its answers to translation requests before the entry was gone. */
	begin("-global iob-dmatest-pci.lat-page-request-ns=1000", 512);
	for (i = 0; i < 5; i++)
		slot = ask(i, 1, true);
	ste_write(RID, none);
	ste_inv(RID);
	qtest_step(1001);
	eq(status_of(slot), DMATEST_REFUSED, "overflow without a valid STE: response failure");
	eq(pri_status() & STATUS_RF, STATUS_RF, "for good");

	/* Interrupts of "last only" */
	begin("", 512);
	qtest_writel(IRQ_CTRL, 0);
	qtest_writel(SMMU + 0xdc, 1u << 31);
	qtest_writel(IRQ_CTRL, 7);
	qtest_irqs(SPI_PRIQ);
	qtest_writel(e.base + DMATEST_PRI_GROUP, 4);
	ask(0, 4, true);
	eq(qtest_irqs(SPI_PRIQ), 1, "LO: an interrupt for the end of a group");
	qtest_writel(e.base + DMATEST_PRI_GROUP, 1);
	ask(8, 1, true);
	ok(qtest_irqs(SPI_PRIQ) >= 1, "and for one that is discarded by an overflow");
}

int main(void)
{
	test_group();
	test_limit();
	test_reset();
	test_answer();
	test_stop();
	test_auto_response();
	plan_done();
}
