// SPDX-License-Identifier: GPL-2.0-only
/* SMMUv3: registers, command errors, completion, event queue, stalls, latencies. */
#include <stdio.h>
#include <string.h>

#include "board.h"

static struct tables t0;
static struct cd cd0;
static uint64_t leaf0;

static void usual(bool stall)
{
	unsigned int i;

	t0 = tables_new(12, 39);
	leaf0 = tables_set(&t0, 0x10000, 3, DATA | D_RW_PAGE);
	cd0 = cd_default(&t0, 1);
	cd0.stall = stall;
	cd_write(CDTAB, &cd0);
	for (i = 0; i < 2; i++)
		ste_s1(SID(i), CDTAB, 0);
	qtest_writeq(DATA, 42);
}

static uint32_t idr(unsigned int n)
{
	return qtest_readl(SMMU + 4 * n);
}

static void test_registers(void)
{
	board_start(NULL);
	eq(idr(0) & 3, 3, "IDR0: both stages");
	eq(idr(0) >> 2 & 3, 2, "IDR0: AArch64 tables");
	eq(idr(0) >> 24 & 3, 0, "IDR0: stall model");
	eq(idr(0) >> 27 & 3, 1, "IDR0: two-level stream table");
	eq(idr(1) & 0x3f, 16, "IDR1: stream ID bits");
	eq(idr(1) >> 6 & 0x1f, 16, "IDR1: substream ID bits");
	eq(idr(5) & 7, 5, "IDR5: 48 bits");
	eq(qtest_readl(CR0), 0, "CR0 after reset");
	qtest_writel(CR0, 0xffffffff & ~1u);
	eq(qtest_readl(CR0), 0x1e, "CR0: only what there is");
	eq(qtest_readl(CR0ACK), 0x1e, "CR0ACK follows");
	qtest_writeq(CMDQ_BASE, CMDQ | 4);
	eq(qtest_readq(CMDQ_BASE), 0, "CMDQ_BASE is locked while the queue is on");
	qtest_writel(CR0, 0);
	qtest_writeq(CMDQ_BASE, CMDQ | 31);
	eq(qtest_readq(CMDQ_BASE) & 31, 12, "LOG2SIZE is at most CMDQS");
	qtest_writel(CMDQ_BASE + 4, 0x12);
	eq(qtest_readq(CMDQ_BASE) >> 32, 0x12, "half of a 64-bit register");
	qtest_writel(IRQ_CTRL, 7);
	eq(qtest_readl(IRQ_CTRL + 4), 7, "IRQ_CTRLACK follows");
	qtest_writel(GERRORN, 0xff);
	eq(qtest_readl(GERRORN), 0, "GERRORN: only active errors can be acknowledged");

	board_start("-global iob-smmuv3.stall-model=1 -global iob-smmuv3.ats=off "
		    "-global iob-smmuv3.pri=off -global iob-smmuv3.ssid-bits=0 "
		    "-global iob-smmuv3.iidr=0x4870043b -global iob-smmuv3.oas-bits=44 "
		    "-global iob-smmuv3.st2l=off -global iob-smmuv3.httu=0 "
		    "-global iob-smmuv3.s2p=off -global iob-smmuv3.ril=off");
	eq(idr(0) >> 24 & 3, 1, "property stall-model");
	eq(idr(0) & 0x10400, 0, "properties ats, pri");
	eq(idr(0) & 3, 2, "property s2p");
	eq(idr(0) >> 6 & 3, 0, "property httu");
	eq(idr(0) >> 27 & 3, 0, "property st2l");
	eq(idr(1) >> 6 & 0x1f, 0, "property ssid-bits");
	eq(idr(3) >> 10 & 1, 0, "property ril");
	eq(idr(5) & 7, 4, "property oas-bits");
	eq(qtest_readl(SMMU + 0x18), 0x4870043b, "property iidr");
	qtest_writel(CR0, 0x1e);
	eq(qtest_readl(CR0), 0xc, "CR0: neither PRIQEN nor ATSCHK");

	board_start("-global iob-smmuv3.page1-at-page0=on");
	qtest_writel(SMMU + 0xac, 5);
	eq(qtest_readl(SMMU + 0xac), 5, "page1-at-page0: EVENTQ_CONS");
	eq(qtest_readl(EVENTQ_CONS), 0, "page1-at-page0: nothing on page 1");
}

static void bad_command(const char *what, uint64_t w0, uint64_t w1)
{
	uint32_t at = qtest_readl(CMDQ_CONS) & 0xfffff;

	qtest_irqs(SPI_GERROR);
	cmd(w0, w1);
	eq(cmd_error(), 1, "%s: CERROR_ILL", what);
	eq(qtest_readl(CMDQ_CONS) & 0xfffff, at, "%s: CONS stays at it", what);
	eq(qtest_readl(GERROR) ^ qtest_readl(GERRORN), 1, "%s: GERROR.CMDQ_ERR", what);
	eq(qtest_irqs(SPI_GERROR), 1, "%s: one interrupt", what);
	/* As software goes on: a SYNC in its place, then acknowledge */
	qtest_memwrite(CMDQ + (at & ((1u << CMDQ_LOG2) - 1)) * 16,
		       (uint64_t[2]) { SYNC, 0 }, 16);
	qtest_writel(GERRORN, qtest_readl(GERROR));
	eq(qtest_readl(CMDQ_CONS), (at + 1) & ((2u << CMDQ_LOG2) - 1),
	   "%s: goes on after GERRORN", what);
}

static void test_command_errors(void)
{
	uint32_t at;

	smmu_start(NULL);
	usual(false);
	bad_command("opcode 0", 0, 0);
	bad_command("opcode 0xff", 0xff, 0);
	bad_command("EL3 command", 0x18, 0);
	bad_command("secure stream", CFGI_STE | 1 << 10, 0);
	bad_command("SYNC with a reserved signal", SYNC | 3 << 12, 0);
	bad_command("EL2_ASID without E2H", EL2_ASID, 0);
	bad_command("PRI_RESP with a reserved code", PRI_RESP, 3 << 12);
	smmu_start("-global iob-smmuv3.ats=off -global iob-smmuv3.pri=off "
		   "-global iob-smmuv3.stall-model=1 -global iob-smmuv3.s2p=off "
		   "-global iob-smmuv3.hyp=off");
	bad_command("ATC_INV without ATS", ATC_INV, 0);
	bad_command("PRI_RESP without PRI", PRI_RESP, 0);
	bad_command("RESUME without stalls", RESUME, 0);
	bad_command("STALL_TERM without stalls", STALL_TERM, 0);
	bad_command("S12_VMALL without stage 2", S12_VMALL, 0);
	bad_command("S2_IPA without stage 2", S2_IPA, 0);
	bad_command("EL2_ALL without EL2", EL2_ALL, 0);

	smmu_start(NULL);
	qtest_writel(CR0, 0x17);
	qtest_writeq(CMDQ_BASE, NOTHING | CMDQ_LOG2);
	qtest_writel(CR0, 0x1f);
	at = qtest_readl(CMDQ_CONS);
	qtest_writel(CMDQ_PROD, at + 1);
	eq(cmd_error(), 2, "queue where no memory is: CERROR_ABT");
	ok(qtest_alive(), "and QEMU is well");
}

static void test_sync(void)
{
	unsigned int i;
	bool good = true;

	smmu_start(NULL);
	qtest_irqs(SPI_SYNC);
	cmd(SYNC, 0);
	eq(qtest_irqs(SPI_SYNC), 0, "SYNC without signal: no interrupt");
	cmd(SYNC | 2 << 12, 0);
	eq(qtest_irqs(SPI_SYNC), 0, "SYNC with SEV: no interrupt");
	cmd(SYNC | 1 << 12, 0);
	eq(qtest_irqs(SPI_SYNC), 1, "SYNC with a wired interrupt");
	qtest_writel(DATA, 0);
	cmd(SYNC | 1 << 12 | 0x600d600dULL << 32, DATA);
	eq(qtest_readl(DATA), 0x600d600d, "SYNC with a message");
	eq(qtest_irqs(SPI_SYNC), 0, "then no wired interrupt");
	cmd(SYNC | 1 << 12, NOTHING);
	eq(qtest_readl(GERROR), 1 << 4, "message where nothing is: GERROR.MSI_CMDQ_ABT_ERR");
	for (i = 0; i < 200; i++)
		good &= cmd_sync();
	ok(good, "the queue wraps");
	cmd(CMD_PREFETCH | CMD_SID(SID(0)), 0);
	cmd(0x02 | CMD_SID(SID(0)), 0x1000);
	cmd(0x07, 0);
	ok(cmd_sync() && !cmd_error(), "PREFETCH_CONFIG, PREFETCH_ADDR, CFGI_VMS_PIDM");

	smmu_start("-global iob-smmuv3.msi=off");
	qtest_irqs(SPI_SYNC);
	qtest_writel(DATA, 0);
	cmd(SYNC | 1 << 12 | 1ULL << 32, DATA);
	eq(qtest_irqs(SPI_SYNC), 1, "without MSI: wired");
	eq(qtest_readl(DATA), 0, "and no message");
}

static void test_events(void)
{
	uint64_t w[4];
	unsigned int i;

	smmu_start(NULL);
	usual(false);
	qtest_irqs(SPI_EVENTQ);
	access_at(0, 0x7654321000, SSID_NONE, true, DMATEST_F_PRIV);
	eq(qtest_irqs(SPI_EVENTQ), 1, "event: interrupt");
	if (expect_event(F_TRANSLATION, SID(0), w, "write, privileged")) {
		eq(w[0], (uint64_t)SID(0) << 32 | F_TRANSLATION, "word 0");
		eq(w[1], 1ULL << 33 | 2ULL << 40, "word 1: PnU, class IN");
		eq(w[2], 0x7654321000, "word 2: address");
		eq(w[3], 0, "word 3");
	}
	read_at(1, 0x1234560008, SSID_NONE);
	if (expect_event(F_TRANSLATION, SID(1), w, "read")) {
		eq(w[1], 1ULL << 35 | 2ULL << 40, "word 1: RnW, class IN");
		eq(w[2], 0x1234560008, "word 2: address");
	}
	qtest_irqs(SPI_EVENTQ);
	for (i = 0; i < 3; i++)
		read_at(0, i << 20, SSID_NONE);
	eq(qtest_irqs(SPI_EVENTQ), 1, "three events: one interrupt, the queue was empty once");
	for (i = 0; i < 3; i++)
		ok(event(w) && w[2] == i << 20, "in order");

	cd0.no_record = true;
	cd_write(CDTAB, &cd0);
	ste_inv(SID(0));
	read_at(0, 0, SSID_NONE);
	expect_no_event("CD.R 0");

	/* Overflow: 8 fit */
	cd0.no_record = false;
	cd_write(CDTAB, &cd0);
	ste_inv(SID(0));
	for (i = 0; i < 8; i++)
		read_at(0, i << 20, SSID_NONE);
	eq(qtest_readl(EVENTQ_PROD) >> 31, 0, "full: no overflow yet");
	read_at(0, 9 << 20, SSID_NONE);
	eq(qtest_readl(EVENTQ_PROD) >> 31, 1, "one more: OVFLG");
	read_at(0, 10 << 20, SSID_NONE);
	eq(qtest_readl(EVENTQ_PROD) >> 31, 1, "two more: OVFLG stays");
	for (i = 0; i < 8; i++)
		ok(event(w) && w[2] == i << 20, "record %u is whole", i);
	ok(!event(w), "no more");
	for (i = 0; i < 9; i++)
		read_at(0, i << 20, SSID_NONE);
	eq(qtest_readl(EVENTQ_PROD) >> 31, 0, "acknowledged, again full: OVFLG toggles");
	while (event(w))
		;

	qtest_writel(CR0, 0x1b);
	read_at(0, 0, SSID_NONE);
	qtest_writel(CR0, 0x1f);
	expect_no_event("EVENTQEN 0: lost");

	qtest_writel(CR0, 0x1b);
	qtest_writeq(EVENTQ_BASE, NOTHING | EVENTQ_LOG2);
	qtest_writel(CR0, 0x1f);
	read_at(0, 0, SSID_NONE);
	eq(qtest_readl(GERROR), 1 << 2, "queue where no memory is: GERROR.EVENTQ_ABT_ERR");
}

static uint32_t resume(uint32_t sid, uint64_t stag, unsigned int how)
{
	cmd(RESUME | CMD_SID(sid) | (uint64_t)how << 12, stag);
	return cmd_sync();
}

static unsigned int submit_read(unsigned int engine, uint64_t iova)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_READ_PROBE, .bytes = 8, .src = iova,
	};

	return submit(engine, &d);
}

static void test_stall(void)
{
	struct dmatest_done d;
	unsigned int slot[12], i;
	uint64_t w[4], stag;

	smmu_start(NULL);
	usual(true);
	slot[0] = submit_read(0, 0x20000);
	eq(done_of(0, slot[0]).status, DMATEST_PENDING, "stalled");
	if (expect_event(F_TRANSLATION, SID(0), w, "stall")) {
		eq(w[1] >> 31 & 1, 1, "Stall in the record");
		eq(w[2], 0x20000, "address in the record");
	}
	stag = w[1] & 0xffff;
	ok(reads(0, 0x10000, SSID_NONE, 42), "others go on");
	resume(SID(1), stag, 1);
	eq(done_of(0, slot[0]).status, DMATEST_PENDING, "RESUME of another stream is ignored");
	resume(SID(0), stag + 100, 1);
	eq(done_of(0, slot[0]).status, DMATEST_PENDING, "RESUME with another tag is ignored");
	resume(SID(0), stag, 1);
	eq(done_of(0, slot[0]).status, DMATEST_PENDING, "retry, still not mapped: stalls again");
	expect_event(F_TRANSLATION, SID(0), w, "stall again");
	tables_set(&t0, 0x20000, 3, (DATA + 0x1000) | D_RW_PAGE);
	qtest_writeq(DATA + 0x1000, 43);
	resume(SID(0), w[1] & 0xffff, 1);
	d = done_of(0, slot[0]);
	eq(d.status, DMATEST_OK, "retry, mapped now: done");
	eq(d.value, 43, "with the data");
	eq(d.faults, 2, "after two faults");

	for (i = 0; i < 3; i += 2) {
		slot[0] = submit_read(0, 0x30000);
		expect_event(F_TRANSLATION, SID(0), w, "stall");
		resume(SID(0), w[1] & 0xffff, i);
		d = done_of(0, slot[0]);
		eq(d.status, DMATEST_REFUSED, i ? "abort: refused" : "terminate: refused");
		eq(d.fault, DMATEST_FAULT_TERMINATED, "for being ended by software");
		expect_no_event("end of a stall");
	}

	/* More than the queue holds: none is lost */
	for (i = 0; i < 12; i++)
		slot[i] = submit_read(0, 0x40000 + i * 0x1000);
	eq(qtest_readl(EVENTQ_PROD) >> 31, 0, "12 stalls, 8 records fit: no overflow");
	for (i = 0; i < 12; i++) {
		tables_set(&t0, 0x40000 + i * 0x1000, 3, DATA | D_RW_PAGE);
		if (!ok(event(w) && w[2] == 0x40000 + i * 0x1000, "record %u", i))
			break;
		resume(SID(0), w[1] & 0xffff, 1);
		eq(done_of(0, slot[i]).value, 42, "its transaction");
	}

	slot[0] = submit_read(0, 0x80000);
	slot[1] = submit_read(0, 0x81000);
	slot[2] = submit_read(1, 0x82000);
	cmd(STALL_TERM | CMD_SID(SID(0)), 0);
	cmd_sync();
	eq(done_of(0, slot[0]).status, DMATEST_REFUSED, "STALL_TERM ends the stream's stalls");
	eq(done_of(0, slot[1]).status, DMATEST_REFUSED, "all of them");
	eq(done_of(1, slot[2]).status, DMATEST_PENDING, "and no others");
	while (event(w))
		if (w[0] >> 32 == SID(1))
			resume(SID(1), w[1] & 0xffff, 0);
	eq(done_of(1, slot[2]).status, DMATEST_REFUSED, "the other stream's, by RESUME");

	/* A transaction that may not stall */
	d = access_at(0, 0x90000, SSID_NONE, false, DMATEST_F_NO_STALL);
	eq(d.status, DMATEST_REFUSED, "no stall: refused");
	if (expect_event(F_TRANSLATION, SID(0), w, "no stall"))
		eq(w[1] >> 31 & 1, 0, "no Stall in the record");
	/* Configuration errors do not stall */
	ste_config(SID(1), STE_ABORT);
	eq(read_at(1, 0, SSID_NONE).status, DMATEST_REFUSED, "STE abort does not stall");
}

static void test_latency(void)
{
	struct dmatest_done d;
	unsigned int slot;
	uint64_t w[4];

	smmu_start("-global iob-smmuv3.lat-tlbi-ns=5000 -global iob-smmuv3.lat-sync-ns=700 "
		   "-global iob-smmuv3.lat-cmd-ns=10");
	qtest_writeq(DATA, 42);
	cmd(NH_ALL, 0);
	cmd(SYNC, 0);
	qtest_step(5009);
	eq(qtest_readl(CMDQ_CONS), 0, "5009 ns: TLBI not done");
	qtest_step(1);
	eq(qtest_readl(CMDQ_CONS), 1, "5010 ns: TLBI done");
	qtest_step(709);
	eq(qtest_readl(CMDQ_CONS), 1, "5719 ns: SYNC not done");
	qtest_step(1);
	eq(qtest_readl(CMDQ_CONS), 2, "5720 ns: SYNC done");

	smmu_start("-global iob-smmuv3.lat-walk-level-ns=100 -global iob-smmuv3.lat-tlb-hit-ns=7 "
		   "-global iob-smmuv3.lat-config-ns=1000");
	usual(false);
	slot = submit_read(0, 0x10000);
	qtest_step(100000);
	d = done_of(0, slot);
	eq(d.done_ns - d.issued_ns, 2 * 1000 + 3 * 100, "first access: STE, CD, three levels");
	slot = submit_read(0, 0x10000);
	qtest_step(100000);
	d = done_of(0, slot);
	eq(d.done_ns - d.issued_ns, 7, "second access: TLB hit");

	smmu_start("-global iob-smmuv3.lat-fault-event-ns=3000 -global iob-smmuv3.lat-resume-ns=400");
	usual(true);
	slot = submit_read(0, 0x20000);
	qtest_step(2999);
	expect_no_event("2999 ns");
	qtest_step(1);
	expect_event(F_TRANSLATION, SID(0), w, "3000 ns");
	tables_set(&t0, 0x20000, 3, DATA | D_RW_PAGE);
	qtest_step(50);
	resume(SID(0), w[1] & 0xffff, 1);
	qtest_step(399);
	eq(done_of(0, slot).status, DMATEST_PENDING, "399 ns after RESUME");
	qtest_step(1);
	d = done_of(0, slot);
	eq(d.status, DMATEST_OK, "400 ns after RESUME");
	eq(d.fault_ns - d.issued_ns, 3000, "device's time stamps: fault");
	eq(d.resumed_ns - d.fault_ns, 50, "resumed");
	eq(d.done_ns - d.resumed_ns, 400, "done");
}

int main(void)
{
	test_registers();
	test_command_errors();
	test_sync();
	test_events();
	test_stall();
	test_latency();
	plan_done();
}
