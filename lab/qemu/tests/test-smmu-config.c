// SPDX-License-Identifier: GPL-2.0-only
/* SMMUv3: stream table entries, context descriptors, and their caches. */
#include <string.h>

#include "board.h"

static struct tables t0;
static struct cd cd0;
static const uint64_t marker = 0xc0ffee0000000001;

/* Engine 0 translates IOVA 0x10000 to DATA. */
static void usual(void)
{
	t0 = tables_new(12, 39);
	tables_set(&t0, 0x10000, 3, DATA | D_RW_PAGE);
	cd0 = cd_default(&t0, 1);
	cd_write(CDTAB, &cd0);
	ste_s1(SID(0), CDTAB, 0);
	qtest_writeq(DATA, marker);
}

static void test_off_and_gbpa(void)
{
	struct dmatest_done d;

	board_start(NULL);
	qtest_writeq(DATA, marker);
	ok(reads(0, DATA, SSID_NONE, marker), "SMMUEN 0: bypass");
	qtest_writel(GBPA, 1u << 20);
	ok(reads(0, DATA, SSID_NONE, marker), "GBPA without UPDATE is not taken");
	qtest_writel(GBPA, 1u << 31 | 1u << 20);
	eq(qtest_readl(GBPA) >> 31, 0, "GBPA.UPDATE is cleared");
	d = read_at(0, DATA, SSID_NONE);
	eq(d.status, DMATEST_REFUSED, "GBPA.ABORT: refused");
	eq(d.fault, DMATEST_FAULT_DISABLED, "GBPA.ABORT: for being off");
	board_start("-global iob-smmuv3.gbpa-abort=on");
	eq(read_at(0, DATA, SSID_NONE).status, DMATEST_REFUSED, "gbpa-abort=on: refused after reset");
}

static void test_ste(void)
{
	uint64_t w[8] = { 0 }, e[4];
	struct dmatest_done d;

	smmu_start(NULL);
	qtest_writeq(DATA, marker);
	faults(0, DATA, SSID_NONE, false, C_BAD_STE, "STE.V 0");
	ste_config(SID(0), STE_ABORT);
	d = read_at(0, DATA, SSID_NONE);
	eq(d.status, DMATEST_REFUSED, "Config abort: refused");
	expect_no_event("Config abort");
	ste_config(SID(0), STE_BYPASS);
	ok(reads(0, DATA, SSID_NONE, marker), "Config bypass: as it is");
	faults(0, DATA, 5, false, C_BAD_SUBSTREAMID, "Config bypass, with a substream");
	faults(0, 1ULL << 52, SSID_NONE, false, F_ADDR_SIZE, "Config bypass, address too big");

	usual();
	ok(reads(0, 0x10000, SSID_NONE, marker), "stage 1: translated");
	faults(0, 0x10000, 0, false, C_BAD_SUBSTREAMID, "S1CDMax 0, substream 0");

	w[0] = 1 | STE_S1 << 1 | CDTAB | 17ULL << 59;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	faults(0, 0x10000, SSID_NONE, false, C_BAD_STE, "S1CDMax above SSIDSIZE");
	w[0] = 1 | STE_S1 << 1 | CDTAB | 2ULL << 59 | 3 << 4;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	faults(0, 0x10000, SSID_NONE, false, C_BAD_STE, "S1Fmt reserved");
	w[0] = 1 | STE_S1 << 1 | CDTAB;
	w[1] = 1ULL << 30;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	faults(0, 0x10000, SSID_NONE, false, C_BAD_STE, "STRW reserved");
	w[1] = 3ULL << 28;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	faults(0, 0x10000, SSID_NONE, false, C_BAD_STE, "EATS reserved");
	w[0] = 1 | STE_S1 << 1 | (NOTHING & 0xffffffffffc0);
	w[1] = 0;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	read_at(0, 0x10000, SSID_NONE);
	if (expect_event(F_CD_FETCH, SID(0), e, "CD where no memory is"))
		eq(e[3], NOTHING, "CD where no memory is: address in the record");
}

static void test_stream_ids(void)
{
	uint64_t e[4], w[8] = { 1 | STE_BYPASS << 1 }, l1;

	smmu_start(NULL);
	qtest_writeq(DATA, marker);
	qtest_writel(CR0, 0x1e);
	qtest_writel(STRTAB_CFG, 12);
	qtest_writel(CR0, 0x1f);
	faults(0, DATA, SSID_NONE, false, C_BAD_STREAMID, "stream ID beyond LOG2SIZE");
	qtest_writel(CR0, 0x1e);
	qtest_writel(CR2, 0);
	qtest_writel(CR0, 0x1f);
	read_at(0, DATA, SSID_NONE);
	expect_no_event("same, RECINVSID 0");

	qtest_writel(CR0, 0x1e);
	qtest_writel(CR2, 2);
	qtest_writeq(STRTAB_BASE, NOTHING);
	qtest_writel(STRTAB_CFG, 13);
	qtest_writel(CR0, 0x1f);
	read_at(0, DATA, SSID_NONE);
	if (expect_event(F_STE_FETCH, SID(0), e, "stream table where no memory is"))
		eq(e[3], NOTHING + SID(0) * 64, "address in the record");

	/* Two levels, split 8: SID 0x1000 is entry 0 of the 16th second level */
	qtest_writel(CR0, 0x1e);
	qtest_writeq(STRTAB_BASE, STRTAB);
	qtest_writel(STRTAB_CFG, 1 << 16 | 8 << 6 | 13);
	qtest_memset(STRTAB, 0, 0x1000);
	cmd(CFGI_ALL, 31);
	cmd_sync();
	qtest_writel(CR0, 0x1f);
	faults(0, DATA, SSID_NONE, false, C_BAD_STREAMID, "two levels, Span 0");
	l1 = CDTAB | 1;
	qtest_writeq(STRTAB + 16 * 8, l1);
	qtest_memwrite(CDTAB, w, sizeof(w));
	ok(reads(0, DATA, SSID_NONE, marker), "two levels, Span 1, entry 0");
	faults(1, DATA, SSID_NONE, false, C_BAD_STREAMID, "two levels, Span 1, entry 1");
	qtest_writeq(STRTAB + 16 * 8, CDTAB | 2);
	qtest_memwrite(CDTAB + 64, w, sizeof(w));
	ok(reads(1, DATA, SSID_NONE, marker), "two levels, Span 2, entry 1");
	qtest_writeq(STRTAB + 16 * 8, CDTAB | 10);
	ste_inv(SID(0));
	faults(0, DATA, SSID_NONE, false, C_BAD_STREAMID, "two levels, Span beyond the split");
	qtest_writeq(STRTAB + 16 * 8, NOTHING | 9);
	ste_inv(SID(0));
	read_at(0, DATA, SSID_NONE);
	expect_event(F_STE_FETCH, SID(0), NULL, "second level where no memory is");
}

static void test_substreams(void)
{
	static const struct {
		unsigned int fmt, split;
	} format[] = { { 1, 6 }, { 2, 10 } };
	uint64_t w[8] = { 0 };
	struct tables t7;
	struct cd cd7;
	unsigned int i;

	smmu_start(NULL);
	usual();
	t7 = tables_new(12, 39);
	tables_set(&t7, 0x10000, 3, (DATA + 0x1000) | D_RW_PAGE);
	cd7 = cd_default(&t7, 7);
	cd_write(CDTAB + 7 * 64, &cd7);
	qtest_writeq(DATA + 0x1000, 7);

	ste_s1(SID(0), CDTAB, 4);
	ok(reads(0, 0x10000, SSID_NONE, marker), "S1DSS substream 0: without a substream");
	ok(reads(0, 0x10000, 7, 7), "substream 7 has its own address space");
	faults(0, 0x10000, 0, false, F_STREAM_DISABLED, "S1DSS substream 0: substream 0");
	faults(0, 0x10000, 16, false, C_BAD_SUBSTREAMID, "substream beyond S1CDMax");
	faults(0, 0x10000, 5, false, C_BAD_CD, "CD.V 0");

	w[0] = 1 | STE_S1 << 1 | CDTAB | 4ULL << 59;
	w[1] = 0;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	faults(0, 0x10000, SSID_NONE, false, F_STREAM_DISABLED, "S1DSS terminate");
	ok(reads(0, 0x10000, 0, marker), "S1DSS terminate: substream 0 is usual");
	w[1] = 1;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	ok(reads(0, DATA, SSID_NONE, marker), "S1DSS bypass: as it is");
	ok(reads(0, 0x10000, 7, 7), "S1DSS bypass: substream 7 is translated");

	for (i = 0; i < 2; i++) {
		uint64_t l1 = page_alloc(12), l2 = page_alloc(16), e[4];
		unsigned int ssid = 3u << format[i].split | 7;

		qtest_writeq(l1 + 3 * 8, l2 | 1);
		cd_write(l2 + 7 * 64, &cd7);
		w[0] = 1 | STE_S1 << 1 | l1 | 16ULL << 59 | format[i].fmt << 4;
		w[1] = 2;
		ste_write(SID(0), w);
		ste_inv(SID(0));
		ok(reads(0, 0x10000, ssid, 7), "CD table of two levels, format %u",
		   format[i].fmt);
		faults(0, 0x10000, 7, false, C_BAD_SUBSTREAMID, "first level not valid");
		qtest_writeq(l1 + 3 * 8, NOTHING | 1);
		cmd(CFGI_CD | CMD_SID(SID(0)) | CMD_SSID(ssid), 0);
		cmd_sync();
		read_at(0, 0x10000, ssid);
		if (expect_event(F_CD_FETCH, SID(0), e, "second level where no memory is")) {
			eq(e[0] >> 11 & 1, 1, "SSV in the record");
			eq(e[0] >> 12 & 0xfffff, ssid, "substream ID in the record");
		}
	}
}

static void bad_cd(const char *what, void (*change)(uint64_t *w), bool stalld)
{
	uint64_t w[8], s[8] = { 1 | STE_S1 << 1 | CDTAB, stalld ? 1ULL << 27 : 0 };

	cd_words(w, &cd0);
	change(w);
	qtest_memwrite(CDTAB, w, sizeof(w));
	ste_write(SID(0), s);
	ste_inv(SID(0));
	faults(0, 0x10000, SSID_NONE, false, C_BAD_CD, what);
}

static void cd_v(uint64_t *w) { w[0] &= ~(1ULL << 31); }
static void cd_aa64(uint64_t *w) { w[0] &= ~(1ULL << 41); }
static void cd_a(uint64_t *w) { w[0] &= ~(1ULL << 46); }
static void cd_t0sz_small(uint64_t *w) { w[0] = (w[0] & ~0x3fULL) | 15; }
static void cd_t0sz_big(uint64_t *w) { w[0] = (w[0] & ~0x3fULL) | 40; }
static void cd_tg0(uint64_t *w) { w[0] |= 3 << 6; }
static void cd_ttb0(uint64_t *w) { w[0] &= ~(7ULL << 32); w[1] |= 1ULL << 40; }
static void cd_stall(uint64_t *w) { w[0] |= 1ULL << 44; }
static void cd_hd(uint64_t *w) { w[0] |= 1ULL << 42; }

static void test_cd(void)
{
	smmu_start(NULL);
	usual();
	bad_cd("CD.V 0", cd_v, false);
	bad_cd("CD.AA64 0", cd_aa64, false);
	bad_cd("CD.A 0 with TERM_MODEL 1", cd_a, false);
	bad_cd("T0SZ 15", cd_t0sz_small, false);
	bad_cd("T0SZ 40", cd_t0sz_big, false);
	bad_cd("TG0 reserved", cd_tg0, false);
	bad_cd("TTB0 beyond IPS", cd_ttb0, false);
	bad_cd("CD.S with STE.S1STALLD", cd_stall, true);
	bad_cd("HD without HA", cd_hd, false);
	smmu_start("-global iob-smmuv3.gran64k=off");
	usual();
	cd0.tg0 = 1;
	cd_write(CDTAB, &cd0);
	ste_inv(SID(0));
	faults(0, 0x10000, SSID_NONE, false, C_BAD_CD, "granule that is not there");
	smmu_start("-global iob-smmuv3.stall-model=1");
	usual();
	bad_cd("CD.S with STALL_MODEL 1", cd_stall, false);
}

/* Configuration is cached: changes show after an invalidation, and not before. */
static void test_caches(void)
{
	uint64_t w[8] = { 1 | STE_BYPASS << 1 };
	struct tables other;
	struct cd cd1;

	smmu_start(NULL);
	usual();
	ok(reads(0, 0x10000, SSID_NONE, marker), "before the change");
	other = tables_new(12, 39);
	tables_set(&other, 0x10000, 3, (DATA + 0x2000) | D_RW_PAGE);
	qtest_writeq(DATA + 0x2000, 2);
	cd1 = cd_default(&other, 2);
	cd_write(CDTAB, &cd1);
	ok(reads(0, 0x10000, SSID_NONE, marker), "CD changed, not invalidated: stale");
	cmd(CFGI_CD | CMD_SID(SID(1)), 1);
	cmd(CFGI_CD | CMD_SID(SID(0)) | CMD_SSID(1), 1);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, marker), "CFGI_CD of others: stale");
	cmd(CFGI_CD | CMD_SID(SID(0)), 1);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, 2), "CFGI_CD: new");
	cd_write(CDTAB, &cd0);
	cmd(CFGI_CD_ALL | CMD_SID(SID(0)), 0);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, marker), "CFGI_CD_ALL: new");

	qtest_writeq(DATA + 0x10, 3);
	ste_write(SID(0), w);
	ok(reads(0, 0x10000, SSID_NONE, marker), "STE changed, not invalidated: stale");
	cmd(CFGI_STE | CMD_SID(SID(1)), 1);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, marker), "CFGI_STE of another stream: stale");
	cmd(CFGI_ALL | CMD_SID(SID(0) + 4), 1);	/* 4 streams, 0x1004 to 0x1007 */
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, marker), "CFGI_STE_RANGE beside it: stale");
	cmd(CFGI_ALL | CMD_SID(SID(0) + 4), 2);	/* 8 streams, from 0x1000 */
	cmd_sync();
	ok(reads(0, DATA + 0x10, SSID_NONE, 3), "CFGI_STE_RANGE: new");
	ste_write(SID(0), (uint64_t[8]) { 1 | STE_S1 << 1 | CDTAB });
	cmd(CFGI_ALL, 31);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, marker), "CFGI_ALL: new");
}

int main(void)
{
	test_off_and_gbpa();
	test_ste();
	test_stream_ids();
	test_substreams();
	test_cd();
	test_caches();
	plan_done();
}
