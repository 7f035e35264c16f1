// SPDX-License-Identifier: GPL-2.0-only
/* SMMUv3: stage 2 alone, and stage 1 behind stage 2. */
#include "board.h"

#define S2_RW_BLOCK	((S2_RW_PAGE & ~3ULL) | D_BLOCK)

static const uint64_t marker = 0x5151515151515151;

static void inv_all(void)
{
	cmd(NSNH_ALL, 0);
	cmd(CFGI_ALL, 31);
	cmd_sync();
}

/* Granule, input bits and first level; concatenated tables where levels are short */
static void test_formats(void)
{
	static const struct {
		unsigned int gbits, ibits, level;
	} f[] = {
		{ 12, 48, 0 }, { 12, 39, 1 }, { 12, 40, 1 }, { 12, 43, 1 }, { 12, 34, 2 },
		{ 12, 30, 2 }, { 14, 47, 1 }, { 14, 40, 2 }, { 14, 36, 2 }, { 14, 29, 3 },
		{ 16, 48, 1 }, { 16, 46, 2 }, { 16, 42, 2 }, { 16, 33, 3 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(f) / sizeof(f[0]); i++) {
		struct tables t;
		uint64_t top = (1ULL << f[i].ibits) - (1ULL << f[i].gbits);

		smmu_start(NULL);
		t = tables_new_s2(f[i].gbits, f[i].ibits, f[i].level);
		tables_set(&t, 0, 3, DATA | S2_RW_PAGE);
		tables_set(&t, top, 3, (DATA + 0x10000) | S2_RW_PAGE);
		ste_s2(SID(0), &t, 1);
		qtest_writeq(DATA + 8, marker);
		qtest_writeq(DATA + 0x10008, marker + 1);
		ok(reads(0, 8, SSID_NONE, marker) && reads(0, top + 8, SSID_NONE, marker + 1),
		   "granule %u, %u bits, first level %u", f[i].gbits, f[i].ibits, f[i].level);
		if (f[i].ibits < 48)
			faults(0, 1ULL << f[i].ibits, SSID_NONE, false, F_TRANSLATION,
			       "beyond the input size");
	}
}

static void bad_ste(const char *what, unsigned int shift, unsigned int bits,
		    uint64_t value)
{
	struct tables t = tables_new_s2(12, 39, 1);
	uint64_t w[8] = { 1 | STE_S2 << 1 };

	ste_s2_words(w, &t, 1);
	w[2] = (w[2] & ~(((1ULL << bits) - 1) << shift)) | value << shift;
	ste_write(SID(0), w);
	ste_inv(SID(0));
	faults(0, 0, SSID_NONE, false, C_BAD_STE, what);
}

static void test_bad(void)
{
	smmu_start(NULL);
	bad_ste("S2AA64 0", 51, 1, 0);
	bad_ste("S2TG reserved", 46, 2, 3);
	bad_ste("S2SL0 reserved", 38, 2, 3);
	bad_ste("S2T0SZ 40", 32, 6, 40);
	bad_ste("S2T0SZ below what the SMMU has", 32, 6, 15);
	bad_ste("S2SL0 that leaves too many tables", 38, 2, 0);
	bad_ste("S2SL0 above what the input has", 38, 2, 2);
	bad_ste("S2HD without S2HA", 55, 1, 1);
	smmu_start("-global iob-smmuv3.s2p=off");
	bad_ste("stage 2 where there is none", 51, 1, 1);
}

static void test_faults(void)
{
	struct tables t;
	uint64_t w[4], at;
	struct dmatest_done d;

	smmu_start(NULL);
	t = tables_new_s2(12, 39, 1);
	at = tables_set(&t, 0x1000, 3, (DATA | S2_RW_PAGE) & ~S2_W);
	ste_s2(SID(0), &t, 7);
	read_at(0, 0x5678, SSID_NONE);
	if (expect_event(F_TRANSLATION, SID(0), w, "not mapped")) {
		eq(w[1], 1ULL << 35 | 1ULL << 39 | 2ULL << 40, "word 1: RnW, S2, class IN");
		eq(w[2], 0x5678, "input address");
		eq(w[3], 0x5000, "IPA");
	}
	ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "read-only: read");
	faults(0, 0x1000, SSID_NONE, true, F_PERMISSION, "read-only: write");
	qtest_writeq(at, S2_RW_PAGE | DATA);
	faults(0, 0x1000, SSID_NONE, true, F_PERMISSION, "writable now, not invalidated");
	cmd(S2_IPA | VMID(8), 0x1000);
	cmd(S2_IPA | VMID(7), 0x2000);
	cmd(NH_ALL | VMID(7), 0);
	cmd_sync();
	faults(0, 0x1000, SSID_NONE, true, F_PERMISSION, "others' invalidations leave it");
	cmd(S2_IPA | VMID(7), 0x1000);
	cmd_sync();
	ok(write_at(0, 0x1000, SSID_NONE, 1).status == DMATEST_OK, "S2_IPA ends it");
	qtest_writeq(at, 0);
	ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "unmapped, stale");
	cmd(S12_VMALL | VMID(7), 0);
	cmd_sync();
	faults(0, 0x1000, SSID_NONE, false, F_TRANSLATION, "S12_VMALL ends it");
	/* Ranges of two pages */
	qtest_writeq(at, S2_RW_PAGE | DATA);
	read_at(0, 0x1000, SSID_NONE);
	qtest_writeq(at, 0);
	cmd(S2_IPA | VMID(7) | 1 << 12, 1 << 10 | 0x2000);
	cmd_sync();
	ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "range of others leaves it");
	cmd(S2_IPA | VMID(7) | 1 << 12, 1 << 10 | 0);
	cmd_sync();
	faults(0, 0x1000, SSID_NONE, false, F_TRANSLATION, "range ends it");

	qtest_writeq(at, (S2_RW_PAGE | DATA) & ~D_AF);
	faults(0, 0x1000, SSID_NONE, false, F_ACCESS, "AF 0");
	{
		uint64_t ste[8] = { 1 | STE_S2 << 1 };

		ste_s2_words(ste, &t, 7);
		ste[2] |= 1ULL << 56 | 1ULL << 55;	/* S2HA, S2HD */
		ste_write(SID(0), ste);
		inv_all();
		ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "S2HA");
		eq(qtest_readq(at), S2_RW_PAGE | DATA, "access flag set in memory");
		qtest_writeq(at, (S2_RW_PAGE | DATA | D_DBM) & ~S2_W);
		inv_all();
		ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "DBM: read");
		eq(qtest_readq(at) & S2_W, 0, "stays clean");
		ok(write_at(0, 0x1000, SSID_NONE, 1).status == DMATEST_OK, "DBM: write");
		eq(qtest_readq(at) & S2_W, S2_W, "made dirty");

		/* S2S: stall */
		ste[2] |= 1ULL << 57;
		ste_write(SID(0), ste);
		qtest_writeq(at, 0);
		inv_all();
		d = read_at(0, 0x1000, SSID_NONE);
		eq(d.status, DMATEST_PENDING, "S2S: stalled");
		if (expect_event(F_TRANSLATION, SID(0), w, "S2S"))
			eq(w[1] >> 31 & 1, 1, "Stall in the record");
		cmd(STALL_TERM | CMD_SID(SID(0)), 0);
	}
}

/*
 * Stage 1 maps 0x10000 to IPA 0x200000, stage 2 that to DATA. Stage 1's tables and
 * the CD are seen through stage 2 at IPA 0x80000000 + their own offset.
 */
static struct tables s1, s2;
static uint64_t s1_block, s2_leaf;

static uint64_t ipa_of(uint64_t pa)
{
	return pa - 0x40000000 + 0x80000000;
}

static void nested(uint64_t s1_desc, uint64_t s2_desc)
{
	struct cd cd;
	uint64_t l3, l2;

	smmu_start(NULL);
	s2 = tables_new_s2(12, 39, 1);
	tables_set(&s2, 0x80000000, 2, 0x40000000 | S2_RW_BLOCK);
	tables_set(&s2, 0x80200000, 2, 0x40200000 | S2_RW_BLOCK);
	tables_set(&s2, 0x80400000, 2, 0x40400000 | S2_RW_BLOCK);
	tables_set(&s2, 0x80600000, 2, 0x40600000 | S2_RW_BLOCK);
	s2_leaf = tables_set(&s2, 0x200000, 3, DATA | s2_desc);
	s1 = tables_new(12, 39);
	tables_set(&s1, 0x10000, 3, 0x200000 | s1_desc);
	/* The table pointers are IPAs. */
	l2 = tables_find(&s1, 0x10000, 1);
	s1_block = l3 = tables_find(&s1, 0x10000, 2);
	qtest_writeq(l3, ipa_of(qtest_readq(l3) & ~3ULL) | D_TABLE);
	qtest_writeq(l2, ipa_of(qtest_readq(l2) & ~3ULL) | D_TABLE);
	cd = cd_default(&s1, 3);
	cd.ttb0 = ipa_of(s1.root);
	cd_write(CDTAB, &cd);
	ste_nested(SID(0), ipa_of(CDTAB), &s2, 9);
	qtest_writeq(DATA, marker);
}

static void test_nested(void)
{
	uint64_t w[4];
	struct dmatest_done d;

	nested(D_RW_PAGE, S2_RW_PAGE);
	ok(reads(0, 0x10000, SSID_NONE, marker), "both stages");
	ok(write_at(0, 0x10000, SSID_NONE, marker).status == DMATEST_OK, "write");

	/* Combined entries belong to ASID and VMID; S2_IPA does not end them. */
	qtest_writeq(DATA + 0x1000, 2);
	qtest_writeq(s2_leaf, (DATA + 0x1000) | S2_RW_PAGE);
	cmd(S2_IPA | VMID(9), 0x200000);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, marker), "S2_IPA alone: stale");
	cmd(NH_ALL | VMID(9), 0);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, 2), "and NH_ALL: new");
	qtest_writeq(s2_leaf, DATA | S2_RW_PAGE);
	cmd(NH_ALL | VMID(9), 0);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, 2), "NH_ALL alone: stage 2 is stale");
	cmd(S12_VMALL | VMID(9), 0);
	cmd_sync();
	ok(reads(0, 0x10000, SSID_NONE, marker), "S12_VMALL: new");

	/* Faults of each stage and class */
	read_at(0, 0x20000, SSID_NONE);
	if (expect_event(F_TRANSLATION, SID(0), w, "stage 1 not mapped"))
		eq(w[1] >> 39 & 7, 4, "S2 0, class IN");
	qtest_writeq(s2_leaf, 0);
	cmd(S12_VMALL | VMID(9), 0);
	cmd_sync();
	read_at(0, 0x10008, SSID_NONE);
	if (expect_event(F_TRANSLATION, SID(0), w, "stage 2 not mapped")) {
		eq(w[1] >> 39 & 7, 5, "S2 1, class IN");
		eq(w[2], 0x10008, "input address");
		eq(w[3], 0x200000, "IPA");
	}
	nested(D_RW_PAGE, S2_RW_PAGE & ~S2_W);
	faults(0, 0x10000, SSID_NONE, true, F_PERMISSION, "stage 2 read-only, first access");
	ok(reads(0, 0x10000, SSID_NONE, marker), "read");
	access_at(0, 0x10000, SSID_NONE, true, 0);
	if (expect_event(F_PERMISSION, SID(0), w, "stage 2 read-only, from the TLB")) {
		eq(w[1] >> 39 & 7, 5, "S2 1, class IN");
		eq(w[3], 0x200000, "IPA");
	}
	nested(D_RW_PAGE | D_RO, S2_RW_PAGE & ~S2_W);
	access_at(0, 0x10000, SSID_NONE, true, 0);
	if (expect_event(F_PERMISSION, SID(0), w, "both read-only"))
		eq(w[1] >> 39 & 1, 0, "stage 1's fault comes first");
	nested(D_RW_PAGE, S2_RW_PAGE);
	tables_set(&s2, 0x80400000, 2, 0);
	read_at(0, 0x10000, SSID_NONE);
	if (expect_event(F_TRANSLATION, SID(0), w, "tables not mapped")) {
		eq(w[1] >> 39 & 7, 3, "S2 1, class TT");
		eq(w[3], ipa_of(s1.root), "IPA of the table");
	}
	nested(D_RW_PAGE, S2_RW_PAGE);
	tables_set(&s2, 0x80200000, 2, 0);
	read_at(0, 0x10000, SSID_NONE);
	if (expect_event(F_TRANSLATION, SID(0), w, "CD not mapped")) {
		eq(w[1] >> 39 & 7, 1, "S2 1, class CD");
		eq(w[3], ipa_of(CDTAB), "IPA of the CD");
	}

	/* A stage 1 block over small stage 2 pages */
	nested(D_RW_PAGE, S2_RW_PAGE);
	tables_set(&s2, 0x201000, 3, (DATA + 0x5000) | S2_RW_PAGE);
	qtest_writeq(DATA + 0x5000, 5);
	qtest_writeq(s1_block, 0x200000 | D_RW_BLOCK);
	ok(reads(0, 0, SSID_NONE, marker), "block over pages: first page");
	ok(reads(0, 0x1000, SSID_NONE, 5), "second page is elsewhere");
	d = read_at(0, 0x2000, SSID_NONE);
	eq(d.syndrome, F_TRANSLATION, "third page is not mapped");
	event(w);
	qtest_writeq(s1_block, 0);
	ok(reads(0, 0x1000, SSID_NONE, 5), "block unmapped, stale");
	cmd(NH_VA | VMID(9) | ASID(3), 0x1ff000);
	cmd_sync();
	faults(0, 0, SSID_NONE, false, F_TRANSLATION, "TLBI in the block ends its first piece");
	faults(0, 0x1000, SSID_NONE, false, F_TRANSLATION, "and its second");
}

int main(void)
{
	test_formats();
	test_bad();
	test_faults();
	test_nested();
	plan_done();
}
