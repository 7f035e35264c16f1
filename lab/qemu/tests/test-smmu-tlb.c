// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3: the TLB. A stale translation is seen when, and only when, the invalidation
 * that would have ended it was withheld.
 */
#include <stdio.h>

#include "board.h"

#define NR		4
#define OLD(i)		(DATA + (i) * 0x10000ULL)
#define NEW(i)		(DATA + 0x200000 + (i) * 0x10000ULL)

/*
 * Engine 0 has substreams 1 to 3 with ASIDs 1 to 3, engine 1 stage 1 with ASID 1 and
 * VMID 5. All of them map IOVA 0x4000.
 */
static struct tables tab[NR];
static uint64_t leaf[NR];
static unsigned int gbits, level;
static uint64_t extra;		/* descriptor bits */

static void set_up(const char *options, unsigned int g, unsigned int l, uint64_t bits)
{
	uint64_t w[8] = { 1 | STE_S1 << 1 | (CDTAB + 0x1000), 0, 5 };
	unsigned int i;

	smmu_start(options);
	gbits = g;
	level = l;
	extra = bits;
	for (i = 0; i < NR; i++) {
		struct cd cd;

		tab[i] = tables_new(g, 39);
		leaf[i] = tables_set(&tab[i], 0x200000000, l,
				     (l == 3 ? OLD(i) | D_RW_PAGE : 0x40000000 | D_RW_BLOCK) | bits);
		cd = cd_default(&tab[i], i < 3 ? i + 1 : 1);
		cd_write(i < 3 ? CDTAB + (i + 1) * 64 : CDTAB + 0x1000, &cd);
		qtest_writeq(OLD(i), i);
		qtest_writeq(NEW(i), 100 + i);
	}
	ste_s1(SID(0), CDTAB, 2);
	ste_write(SID(1), w);
	ste_inv(SID(1));
}

static struct dmatest_done look(unsigned int i)
{
	return i < 3 ? read_at(0, 0x200000000, i + 1) : read_at(1, 0x200000000, SSID_NONE);
}

/* Fill the TLB, change all tables behind its back. */
static bool change(void)
{
	unsigned int i;
	bool good = true;

	for (i = 0; i < NR; i++) {
		struct dmatest_done d = look(i);

		good &= d.status == DMATEST_OK && d.value == i;
		qtest_writeq(leaf[i], NEW(i) | D_RW_PAGE | extra);
	}
	return good;
}

/* Bit i: stream i sees the new page */
static unsigned int news(void)
{
	unsigned int i, mask = 0;

	for (i = 0; i < NR; i++) {
		struct dmatest_done d = look(i);

		if (d.status == DMATEST_OK && d.value == 100 + i)
			mask |= 1u << i;
	}
	return mask;
}

static void put_back(void)
{
	unsigned int i;

	for (i = 0; i < NR; i++)
		qtest_writeq(leaf[i], OLD(i) | D_RW_PAGE | extra);
	cmd(NSNH_ALL, 0);
	cmd(EL2_ALL, 0);
	cmd_sync();
}

static void check(uint64_t w0, uint64_t w1, unsigned int want, const char *what)
{
	if (!change())
		ok(false, "%s: translated before", what);
	if (news())
		ok(false, "%s: stale without invalidation", what);
	cmd(w0, w1);
	if (!cmd_sync())
		ok(false, "%s: consumed", what);
	eq(news(), want, "%s: who sees the change", what);
	put_back();
}

#define VA	0x200000000ULL
/* Range fields */
#define NUM(n)	((uint64_t)(n) << 12)
#define SCALE(n) ((uint64_t)(n) << 20)
#define TG(n)	((uint64_t)(n) << 10)
#define TTL(n)	((uint64_t)(n) << 8)
#define LEAF	1ULL

static void test_commands(void)
{
	set_up(NULL, 12, 3, 0);
	check(NSNH_ALL, 0, 0xf, "NSNH_ALL");
	check(NH_ALL, 0, 0x7, "NH_ALL of VMID 0");
	check(NH_ALL | VMID(5), 0, 0x8, "NH_ALL of VMID 5");
	check(NH_ASID | ASID(1), 0, 0x1, "NH_ASID 1, VMID 0");
	check(NH_ASID | ASID(1) | VMID(5), 0, 0x8, "NH_ASID 1, VMID 5");
	check(NH_ASID | ASID(2) | VMID(5), 0, 0, "NH_ASID 2, VMID 5");
	check(NH_VA | ASID(2), VA, 0x2, "NH_VA, ASID 2");
	check(NH_VA | ASID(2), VA | LEAF, 0x2, "NH_VA, leaf only");
	check(NH_VA | ASID(2), VA + 0x1000, 0, "NH_VA, next page");
	check(NH_VA | ASID(1) | VMID(5), VA, 0x8, "NH_VA, VMID 5");
	check(NH_VAA, VA, 0x7, "NH_VAA");
	check(NH_VAA, VA - 0x1000, 0, "NH_VAA, page before");
	check(EL2_ALL, 0, 0, "EL2_ALL does not touch EL1");
	check(EL2_VA | ASID(1), VA, 0, "EL2_VA does not touch EL1");
	check(S12_VMALL | VMID(5), 0, 0x8, "S12_VMALL of VMID 5");
	check(S12_VMALL, 0, 0x7, "S12_VMALL of VMID 0");
	check(S2_IPA, VA, 0, "S2_IPA does not touch stage 1");
	check(CFGI_ALL, 31, 0, "CFGI_ALL does not touch translations");
}

static void test_ranges(void)
{
	static const struct {
		unsigned int gbits, tg;
	} g[] = { { 12, 1 }, { 14, 2 }, { 16, 3 } };
	unsigned int i;
	uint64_t size;

	for (i = 0; i < 3; i++) {
		set_up(NULL, g[i].gbits, 3, 0);
		size = 1ULL << gbits;
		printf("# granule of %llu KiB\n", (unsigned long long)size >> 10);
		check(NH_VA | ASID(1), VA | TG(g[i].tg), 1, "NH_VA with granule");
		check(NH_VA | ASID(1), VA | TG(g[i].tg) | TTL(3), 1, "level 3 hint");
		check(NH_VA | ASID(1), VA | TG(g[i].tg) | TTL(2), 0, "wrong level hint");
		check(NH_VA | ASID(1), VA | TG(g[(i + 1) % 3].tg), 0, "wrong granule");
		check(NH_VA | ASID(1) | NUM(3), (VA - 3 * size) | TG(g[i].tg), 1,
		      "range of 4 that ends with the page");
		check(NH_VA | ASID(1) | NUM(3), (VA - 4 * size) | TG(g[i].tg), 0,
		      "range of 4 that ends before the page");
		check(NH_VA | ASID(1) | NUM(31) | SCALE(5), (VA - 1023 * size) | TG(g[i].tg), 1,
		      "range of 1024 that ends with the page");
		check(NH_VA | ASID(1) | NUM(31) | SCALE(5), (VA - 1024 * size) | TG(g[i].tg), 0,
		      "range of 1024 that ends before the page");
		check(NH_VAA | NUM(31) | SCALE(31), TG(g[i].tg), 7, "range of everything");
	}
	set_up("-global iob-smmuv3.ril=off", 12, 3, 0);
	check(NH_VA | ASID(1) | NUM(3), (VA - 0x3000) | TG(1), 0, "range without RIL: one address");
	check(NH_VA | ASID(1) | NUM(3), VA | TG(1), 1, "same, its own address");
}

static void test_global(void)
{
	set_up(NULL, 12, 3, 0);
	extra = 0;
	/* One set of tables with nG 0 for two ASIDs */
	{
		struct cd cd = cd_default(&tab[0], 2);

		cd_write(CDTAB + 2 * 64, &cd);
		cmd(CFGI_CD_ALL | CMD_SID(SID(0)), 0);
		cmd_sync();
	}
	qtest_writeq(leaf[0], (OLD(0) | D_RW_PAGE) & ~D_NG);
	ok(reads(0, VA, 1, 0), "global page");
	qtest_writeq(leaf[0], NEW(0) | D_RW_PAGE);
	ok(reads(0, VA, 2, 0), "another ASID has it from the TLB");
	cmd(NH_ASID | ASID(1), 0);
	cmd(NH_ASID | ASID(2), 0);
	cmd_sync();
	ok(reads(0, VA, 2, 0), "NH_ASID leaves global entries");
	cmd(NH_VA | ASID(2), VA);
	cmd_sync();
	ok(reads(0, VA, 2, 100), "NH_VA ends them");
}

static void test_blocks(void)
{
	struct dmatest_done d;

	set_up(NULL, 12, 2, 0);
	qtest_writeq(0x40012340, 77);
	ok(reads(0, VA + 0x12340, 1, 77), "block");
	qtest_writeq(leaf[0], 0);
	ok(reads(0, VA + 0x12340, 1, 77), "stale");
	cmd(NH_VA | ASID(1), (VA + 0x1ff000) | TG(1) | TTL(3));
	cmd_sync();
	ok(reads(0, VA + 0x12340, 1, 77), "hint of level 3 leaves the block");
	cmd(NH_VA | ASID(1), (VA + 0x1ff000) | TG(1) | TTL(2));
	cmd_sync();
	d = read_at(0, VA + 0x12340, 1);
	eq(d.syndrome, F_TRANSLATION, "any address of the block ends it");
}

static void test_not_cached(void)
{
	struct dmatest_done d;

	set_up(NULL, 12, 3, 0);
	d = read_at(0, VA + 0x5000, 1);
	eq(d.syndrome, F_TRANSLATION, "not mapped");
	tables_set(&tab[0], VA + 0x5000, 3, NEW(0) | D_RW_PAGE);
	ok(reads(0, VA + 0x5000, 1, 100), "mapped: faults are not cached");
	/* Permissions are */
	tables_set(&tab[0], VA + 0x6000, 3, OLD(0) | D_RW_PAGE | D_RO);
	ok(reads(0, VA + 0x6000, 1, 0), "read-only");
	tables_set(&tab[0], VA + 0x6000, 3, OLD(0) | D_RW_PAGE);
	d = write_at(0, VA + 0x6000, 1, 0);
	eq(d.syndrome, F_PERMISSION, "permissions are cached");
	cmd(NH_VA | ASID(1), VA + 0x6000);
	cmd_sync();
	d = write_at(0, VA + 0x6000, 1, 0);
	eq(d.status, DMATEST_OK, "and end with the entry");
}

static void test_el2(void)
{
	uint64_t w[8] = { 0 };
	unsigned int e2h;

	for (e2h = 0; e2h < 2; e2h++) {
		struct tables t;
		struct cd cd;
		uint64_t at;

		smmu_start(NULL);
		qtest_writel(CR0, 0x1e);
		qtest_writel(CR2, 2 | e2h);
		qtest_writel(CR0, 0x1f);
		t = tables_new(12, 39);
		cd = cd_default(&t, 9);
		cd_write(CDTAB, &cd);
		at = tables_set(&t, VA, 3, OLD(0) | D_RW_PAGE);
		w[0] = 1 | STE_S1 << 1 | CDTAB;
		w[1] = 2ULL << 30;		/* STRW EL2 */
		ste_write(SID(0), w);
		ste_inv(SID(0));
		qtest_writeq(OLD(0), 1);
		qtest_writeq(NEW(0), 2);
		ok(reads(0, VA, SSID_NONE, 1), "EL2, E2H %u", e2h);
		qtest_writeq(at, NEW(0) | D_RW_PAGE);
		cmd(NSNH_ALL, 0);
		cmd(NH_ALL, 0);
		cmd(NH_VA | ASID(9), VA);
		cmd_sync();
		ok(reads(0, VA, SSID_NONE, 1), "EL1's commands leave EL2");
		if (e2h) {
			cmd(EL2_ASID | ASID(8), 0);
			cmd(EL2_VA | ASID(8), VA);
			cmd_sync();
			ok(reads(0, VA, SSID_NONE, 1), "another ASID's leave it, too");
			cmd(EL2_ASID | ASID(9), 0);
		} else {
			cmd(EL2_VA | ASID(3), VA);	/* without E2H there are no ASIDs */
		}
		cmd_sync();
		ok(reads(0, VA, SSID_NONE, 2), "its own ends it");
		qtest_writeq(at, OLD(0) | D_RW_PAGE);
		cmd(EL2_ALL, 0);
		cmd_sync();
		ok(reads(0, VA, SSID_NONE, 1), "EL2_ALL ends it");
		if (e2h) {
			qtest_writeq(at, NEW(0) | D_RW_PAGE);
			cmd(EL2_VAA, VA);
			cmd_sync();
			ok(reads(0, VA, SSID_NONE, 2), "EL2_VAA ends it");
		}
	}
}

/* Errors that are put in */
static void test_drop(void)
{
	static const struct {
		const char *drop;
		unsigned int va, range, asid, vmid, all;
	} c[] = {
		{ "none", 7, 7, 1, 7, 15 },
		{ "va", 0, 0, 1, 7, 15 },
		{ "range", 7, 0, 1, 7, 15 },
		{ "asid", 7, 7, 0, 7, 15 },
		{ "vmid", 7, 7, 1, 0, 15 },
		{ "all", 0, 0, 0, 0, 0 },
	};
	unsigned int i;
	char option[64];

	for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		snprintf(option, sizeof(option), "-global iob-smmuv3.drop-tlbi=%s", c[i].drop);
		set_up(option, 12, 3, 0);
		printf("# drop-tlbi=%s\n", c[i].drop);
		change();
		cmd(NH_VAA, VA);
		cmd_sync();
		eq(news(), c[i].va, "by address");
		set_up(option, 12, 3, 0);
		change();
		cmd(NH_VAA | NUM(1), VA | TG(1));
		cmd_sync();
		eq(news(), c[i].range, "range");
		set_up(option, 12, 3, 0);
		change();
		cmd(NH_ASID | ASID(1), 0);
		cmd_sync();
		eq(news(), c[i].asid, "by ASID");
		set_up(option, 12, 3, 0);
		change();
		cmd(NH_ALL, 0);
		cmd_sync();
		eq(news(), c[i].vmid, "by VMID");
		set_up(option, 12, 3, 0);
		change();
		cmd(NSNH_ALL, 0);
		cmd_sync();
		eq(news(), c[i].all, "everything");
	}

	set_up("-global iob-smmuv3.sync-required=2", 12, 3, 0);
	change();
	cmd(NH_ASID | ASID(1), 0);
	cmd(NH_ASID | ASID(2), 0);
	cmd(NH_ASID | ASID(3), 0);
	cmd_sync();
	eq(news(), 3, "sync-required=2: the third without a SYNC is lost");
	put_back();
	change();
	cmd(NH_ASID | ASID(1), 0);
	cmd(NH_ASID | ASID(2), 0);
	cmd_sync();
	cmd(NH_ASID | ASID(3), 0);
	cmd_sync();
	eq(news(), 7, "sync-required=2: not after a SYNC");
}

/*
 * A walk cache keeps tables, so that a table that was replaced is still walked until it is
 * invalidated other than as a leaf, however often its leaves are.
 */
static void test_walk_cache(void)
{
	static const struct {
		uint64_t w0, w1;
		bool ends;
		const char *what;
	} c[] = {
		{ NH_VA | ASID(1), VA | LEAF, false, "leaf only" },
		{ NH_VA | ASID(1), VA | TG(1) | TTL(3) | LEAF, false, "leaf only, level 3" },
		{ NH_VA | ASID(1) | NUM(31) | SCALE(4), VA | TG(1) | LEAF, false, "leaf only, 2 MiB" },
		{ NH_VAA, VA | LEAF, false, "leaf only, any ASID" },
		{ NH_VA | ASID(1), VA, true, "address" },
		{ NH_VA | ASID(1), VA | TG(1) | TTL(3), true, "address and level 3" },
		{ NH_VA | ASID(1), VA + 0x1ff000, true, "another address of the same table" },
		{ NH_VA | ASID(1), VA + 0x200000, false, "the next table" },
		{ NH_VA | ASID(2), VA, false, "another ASID" },
		{ NH_VA | ASID(1) | NUM(31) | SCALE(4), VA | TG(1), true, "2 MiB" },
		{ NH_VAA, VA, true, "any ASID" },
		{ NH_ASID | ASID(1), 0, true, "ASID" },
		{ NH_ASID | ASID(2), 0, false, "another ASID as a whole" },
		{ NH_ALL, 0, true, "VMID" },
		{ NSNH_ALL, 0, true, "everything" },
		{ EL2_ALL, 0, false, "EL2" },
		{ CFGI_ALL, 31, false, "configuration" },
	};
	unsigned int on, i;

	for (on = 0; on < 2; on++) {
		printf("# walk cache %s\n", on ? "on" : "off");
		for (i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
			struct dmatest_done d;
			struct tables other;
			uint64_t table;
			bool ends = c[i].ends || !on;

			set_up(on ? "-global iob-smmuv3.walk-cache-entries=16" : NULL, 12, 3, 0);
			/* The same page elsewhere, in tables of which the last takes the old one's place. */
			other = tables_new(12, 39);
			tables_set(&other, VA, 3, NEW(0) | D_RW_PAGE);
			tables_set(&other, VA + 0x1000, 3, NEW(1) | D_RW_PAGE);
			if (!reads(0, VA, 1, 0))
				ok(false, "%s: translated before", c[i].what);
			table = qtest_readq(tables_find(&other, VA, 2));
			qtest_writeq(tables_find(&tab[0], VA, 2), table);
			cmd(c[i].w0, c[i].w1);
			cmd_sync();
			/* The TLB does not know the page beside it, which only the new table has. */
			d = read_at(0, VA + 0x1000, 1);
			eq(d.syndrome, ends ? 0 : F_TRANSLATION, "%s: the new table is walked: %d", c[i].what,
			   ends);
			if (ends)
				eq(d.value, 101, "%s: and its page found", c[i].what);
		}
	}
}

/* Stage 2 has tables of its own: stage 1's are at addresses that it translates. */
static void test_walk_cache_stage2(void)
{
	static const uint64_t ends[] = { S2_IPA | VMID(5), S12_VMALL | VMID(5), NSNH_ALL };
	static const uint64_t stays[] = { NH_VAA | VMID(5), NH_ALL | VMID(5), S2_IPA | VMID(6) };
	unsigned int i;

	for (i = 0; i < 6; i++) {
		uint64_t c = i < 3 ? ends[i] : stays[i - 3];
		struct tables t, other;
		struct dmatest_done d;

		smmu_start("-global iob-smmuv3.walk-cache-entries=16");
		t = tables_new_s2(12, 39, 1);
		other = tables_new_s2(12, 39, 1);
		tables_set(&t, VA, 3, OLD(0) | S2_RW_PAGE);
		tables_set(&other, VA + 0x1000, 3, NEW(1) | S2_RW_PAGE);
		qtest_writeq(OLD(0), 7);
		qtest_writeq(NEW(1), 101);
		ste_s2(SID(0), &t, 5);
		ok(reads(0, VA, SSID_NONE, 7), "stage 2");
		qtest_writeq(tables_find(&t, VA, 2), qtest_readq(tables_find(&other, VA, 2)));
		cmd(c, i == 0 || i == 3 || i == 5 ? VA : 0);
		cmd_sync();
		d = read_at(0, VA + 0x1000, SSID_NONE);
		eq(d.syndrome, i < 3 ? 0 : F_TRANSLATION, "command %#llx %s its tables",
		   (unsigned long long)c & 0xff, i < 3 ? "ends" : "leaves");
	}
}

/* More pages than the cache holds: replaced, never wrong */
static void test_capacity(void)
{
	struct tables t;
	struct cd cd;
	unsigned int i, bad = 0, round;

	smmu_start("-global iob-smmuv3.tlb-entries=16");
	t = tables_new(12, 39);
	cd = cd_default(&t, 1);
	cd_write(CDTAB, &cd);
	ste_s1(SID(0), CDTAB, 0);
	for (i = 0; i < 100; i++) {
		tables_set(&t, i << 12, 3, (DATA + (i << 12)) | D_RW_PAGE);
		qtest_writeq(DATA + (i << 12), i);
	}
	for (round = 0; round < 2; round++)
		for (i = 0; i < 100; i++)
			bad += !reads(0, i << 12, SSID_NONE, i);
	eq(bad, 0, "100 pages through 16 entries, wrong");
}

int main(void)
{
	test_commands();
	test_ranges();
	test_global();
	test_blocks();
	test_not_cached();
	test_el2();
	test_drop();
	test_walk_cache();
	test_walk_cache_stage2();
	test_capacity();
	plan_done();
}
