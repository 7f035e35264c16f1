// SPDX-License-Identifier: GPL-2.0-only
/* SMMUv3: stage 1 table walks, permissions, access flag and dirty state. */
#include <stdio.h>

#include "board.h"

static const unsigned int granule[] = { 12, 14, 16 };

static void use(struct cd *cd)
{
	cd_write(CDTAB, cd);
	ste_s1(SID(0), CDTAB, 0);
	cmd(NH_ALL, 0);
	cmd_sync();
}

static void put(uint64_t addr)
{
	qtest_writeq(addr, addr ^ 0xabcdef);
}

static bool arrives(uint64_t iova, uint64_t pa)
{
	return reads(0, iova, SSID_NONE, pa ^ 0xabcdef);
}

/* Each granule with address sizes that start at each level */
static void test_levels(void)
{
	static const unsigned int ibits[] = { 25, 30, 36, 39, 42, 47, 48 };
	unsigned int g, i;

	put(DATA);
	put(DATA + 0x10008);
	for (g = 0; g < 3; g++) {
		for (i = 0; i < sizeof(ibits) / sizeof(ibits[0]); i++) {
			struct tables t = tables_new(granule[g], ibits[i]);
			struct cd cd = cd_default(&t, 1);
			uint64_t top = (1ULL << ibits[i]) - (1ULL << granule[g]);

			tables_set(&t, 0, 3, DATA | D_RW_PAGE);
			tables_set(&t, top, 3, (DATA + 0x10000) | D_RW_PAGE);
			use(&cd);
			ok(arrives(0, DATA) && arrives(top + 8, DATA + 0x10008),
			   "%uK granule, %u bits, first and last page",
			   1u << (granule[g] - 10), ibits[i]);
			if (ibits[i] < 48)
				faults(0, 1ULL << ibits[i], SSID_NONE, false, F_TRANSLATION,
				       "beyond the input size");
		}
	}
}

static void test_blocks(void)
{
	static const struct {
		unsigned int gbits, level, bits;
	} block[] = {
		{ 12, 2, 21 }, { 12, 1, 30 }, { 14, 2, 25 }, { 16, 2, 29 },
	};
	unsigned int i;

	put(0x40000000 + 0x123450);
	for (i = 0; i < sizeof(block) / sizeof(block[0]); i++) {
		struct tables t = tables_new(block[i].gbits, 48);
		struct cd cd = cd_default(&t, 1);
		uint64_t va = 5ULL << 40;

		tables_set(&t, va, block[i].level, 0x40000000 | D_RW_BLOCK);
		use(&cd);
		ok(arrives(va + 0x123450, 0x40123450), "%uK granule, block at level %u",
		   1u << (block[i].gbits - 10), block[i].level);
		faults(0, va + (1ULL << block[i].bits), SSID_NONE, false, F_TRANSLATION,
		       "behind the block");
	}
	/* Where there are none */
	for (i = 0; i < 3; i++) {
		struct tables t = tables_new(granule[i], 48);
		struct cd cd = cd_default(&t, 1);

		tables_set(&t, 0, i ? 1 : 0, D_RW_BLOCK);
		use(&cd);
		faults(0, 0, SSID_NONE, false, F_TRANSLATION, "block where none may be");
		t = tables_new(granule[i], 48);
		cd = cd_default(&t, 1);
		tables_set(&t, 0, 3, (DATA | D_RW_PAGE) & ~2ULL);
		use(&cd);
		faults(0, 0, SSID_NONE, false, F_TRANSLATION, "level 3, no page");
	}
}

/* A contiguous hint lets one entry stand for all; so it must be seen as one. */
static void test_contiguous(void)
{
	static const struct {
		unsigned int gbits, level, n;
	} set[] = {
		{ 12, 3, 16 }, { 12, 2, 16 }, { 14, 3, 128 }, { 14, 2, 32 }, { 16, 3, 32 },
	};
	unsigned int i, k;

	for (i = 0; i < sizeof(set) / sizeof(set[0]); i++) {
		struct tables t = tables_new(set[i].gbits, 39);
		struct cd cd = cd_default(&t, 1);
		unsigned int bits = set[i].gbits + (3 - set[i].level) * (set[i].gbits - 3);
		uint64_t pa = set[i].level == 3 ? DATA : 0x40000000;
		uint64_t type = set[i].level == 3 ? D_RW_PAGE : D_RW_BLOCK;
		uint64_t last = (set[i].n - 1ULL) << bits;

		for (k = 0; k < set[i].n; k++)
			tables_set(&t, (uint64_t)k << bits, set[i].level,
				   (pa + ((uint64_t)k << bits)) | type | D_CONT);
		use(&cd);
		put(pa + 0x8010);
		ok(arrives(0x8010, pa + 0x8010), "contiguous, granule %u, level %u",
		   set[i].gbits, set[i].level);
		if (pa + last > DATA + 0x3000000)
			continue;
		put(pa + last + 0x18);
		ok(arrives(last + 0x18, pa + last + 0x18), "last of the contiguous set");
		tables_set(&t, last, set[i].level, 0);
		ok(arrives(last + 0x18, pa + last + 0x18), "still there, taken from the one entry");
		cmd(NH_VA | ASID(1), 0);
		cmd_sync();
		faults(0, last + 0x18, SSID_NONE, false, F_TRANSLATION,
		       "TLBI of one address ended the whole set");
	}
}

static void test_ttb1_and_tbi(void)
{
	struct tables t0 = tables_new(12, 39), t1 = tables_new(16, 48);
	struct cd cd = cd_default(&t0, 1);

	put(DATA);
	put(DATA + 0x10000);
	tables_set(&t0, 0x1000, 3, DATA | D_RW_PAGE);
	tables_set(&t1, 0xffffffff0000, 3, (DATA + 0x10000) | D_RW_PAGE);
	cd.epd1 = false;
	cd.t1sz = 16;
	cd.tg1 = 3;
	cd.ttb1 = t1.root;
	use(&cd);
	ok(arrives(0x1000, DATA), "TTB0");
	ok(arrives(0xffffffffffff0000, DATA + 0x10000), "TTB1, other granule");
	faults(0, 0xfff0ffffffff0000, SSID_NONE, false, F_TRANSLATION, "neither TTB0 nor TTB1");
	faults(0, 0xab00000000001000, SSID_NONE, false, F_TRANSLATION, "top byte without TBI");
	cd.tbi0 = true;
	use(&cd);
	ok(arrives(0xab00000000001000, DATA), "top byte is ignored with TBI0");
	ok(arrives(0x1000, DATA), "same page without it");
	cd.epd0 = true;
	use(&cd);
	faults(0, 0x1000, SSID_NONE, false, F_TRANSLATION, "EPD0");
}

static void test_addresses(void)
{
	struct tables t = tables_new(12, 39);
	struct cd cd = cd_default(&t, 1);
	uint64_t w[4];

	cd.ips = 0;		/* 32 bits */
	tables_set(&t, 0x1000, 3, 0x100000000 | D_RW_PAGE);
	use(&cd);
	faults(0, 0x1000, SSID_NONE, false, F_ADDR_SIZE, "page beyond IPS");
	tables_set(&t, 0x40000000, 1, 0x100000000 | D_TABLE);
	faults(0, 0x40000000, SSID_NONE, false, F_ADDR_SIZE, "table beyond IPS");
	cd.ips = 5;
	tables_set(&t, 0x40000000, 1, NOTHING | D_TABLE);
	use(&cd);
	read_at(0, 0x40201000, SSID_NONE);
	if (expect_event(F_WALK_EABT, SID(0), w, "table where no memory is")) {
		eq(w[3], NOTHING + 8, "address of the access in the record");
		eq(w[2], 0x40201000, "input address in the record");
		eq(w[1] >> 40 & 3, 1, "class: table descriptor");
	}
	/* Big endian is another bit of the CD. */
	{
		uint64_t words[8];
		struct tables b = tables_new(12, 30);

		cd = cd_default(&b, 1);
		qtest_writeq(b.root, __builtin_bswap64(page_alloc(12) | D_TABLE));
		qtest_writeq(__builtin_bswap64(qtest_readq(b.root)) - 3 + 8,
			     __builtin_bswap64(DATA | D_RW_PAGE));
		cd_words(words, &cd);
		words[0] |= 1 << 15;
		qtest_memwrite(CDTAB, words, sizeof(words));
		ste_s1(SID(0), CDTAB, 0);
		cmd(NH_ALL, 0);
		put(DATA);
		ok(arrives(0x1000, DATA), "big endian tables");
	}
}

static void check(const struct tables *t0, struct cd *cd, uint64_t desc, const char *what,
		  const char *allowed)
{
	struct tables t = *t0;
	static const struct {
		char c;
		bool write;
		uint32_t flags;
	} kind[] = {
		{ 'r', false, 0 }, { 'w', true, 0 },
		{ 'R', false, DMATEST_F_PRIV }, { 'W', true, DMATEST_F_PRIV },
	};
	char have[5];
	uint64_t w[4];
	unsigned int i, n = 0;
	bool events = true;

	tables_set(&t, 0x1000, 3, DATA | desc);
	use(cd);
	for (i = 0; i < 4; i++) {
		struct dmatest_done d = access_at(0, 0x1000, SSID_NONE, kind[i].write,
						  kind[i].flags);

		if (d.status == DMATEST_OK) {
			have[n++] = kind[i].c;
			continue;
		}
		events &= d.syndrome == F_PERMISSION && event(w) &&
			  (w[0] & 0xff) == F_PERMISSION &&
			  (w[1] >> 35 & 1) == !kind[i].write &&
			  (w[1] >> 33 & 1) == !!kind[i].flags && w[2] == 0x1000;
	}
	have[n] = 0;
	ok(!__builtin_strcmp(have, allowed) && events, "%s: %s", what,
	   *allowed ? allowed : "nothing");
	if (__builtin_strcmp(have, allowed))
		printf("# allowed: %s\n", have);
}

/* Lower case: unprivileged, upper case: privileged */
static void test_permissions(void)
{
	struct tables t = tables_new(12, 39);
	struct cd cd = cd_default(&t, 1);
	uint64_t pg = D_PAGE | D_AF | D_NG, entry;

	check(&t, &cd, pg | D_USER, "AP 01", "rwRW");
	check(&t, &cd, pg, "AP 00", "RW");
	check(&t, &cd, pg | D_USER | D_RO, "AP 11", "rR");
	check(&t, &cd, pg | D_RO, "AP 10", "R");
	cd.pan = true;
	check(&t, &cd, pg | D_USER, "AP 01 and PAN", "rw");
	check(&t, &cd, pg, "AP 00 and PAN", "RW");
	cd.pan = false;
	entry = tables_find(&t, 0x1000, 2);
	qtest_writeq(entry, qtest_readq(entry) | 1ULL << 61);
	check(&t, &cd, pg | D_USER, "APTable 01", "RW");
	qtest_writeq(entry, (qtest_readq(entry) & ~(1ULL << 61)) | 1ULL << 62);
	check(&t, &cd, pg | D_USER, "APTable 10", "rR");
}

static void test_access_flag(void)
{
	struct tables t = tables_new(12, 39);
	struct cd cd = cd_default(&t, 1);
	uint64_t at, desc = DATA | (D_RW_PAGE & ~D_AF);

	at = tables_set(&t, 0x1000, 3, desc);
	use(&cd);
	faults(0, 0x1000, SSID_NONE, false, F_ACCESS, "AF 0");
	cd.affd = true;
	use(&cd);
	ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "AF 0 with AFFD: allowed");
	eq(qtest_readq(at), desc, "AFFD: descriptor as it was");
	cd.affd = false;
	cd.ha = true;
	use(&cd);
	ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "AF 0 with HA: allowed");
	eq(qtest_readq(at), desc | D_AF, "HA: access flag set in memory");

	/* Dirty state */
	desc = DATA | D_RW_PAGE | D_RO | D_DBM;
	qtest_writeq(at, desc);
	use(&cd);
	faults(0, 0x1000, SSID_NONE, true, F_PERMISSION, "DBM without HD: read-only");
	cd.hd = true;
	use(&cd);
	ok(read_at(0, 0x1000, SSID_NONE).status == DMATEST_OK, "DBM, HD: read");
	eq(qtest_readq(at), desc, "a read leaves it clean");
	ok(write_at(0, 0x1000, SSID_NONE, 1).status == DMATEST_OK, "DBM, HD: write after read");
	eq(qtest_readq(at), desc & ~D_RO, "a write makes it dirty");
	qtest_writeq(at, desc & ~D_DBM);
	use(&cd);
	faults(0, 0x1000, SSID_NONE, true, F_PERMISSION, "HD, DBM 0: read-only");
	eq(qtest_readq(at), desc & ~D_DBM, "and stays it");
}

int main(void)
{
	smmu_start(NULL);
	test_levels();
	smmu_start(NULL);
	test_blocks();
	smmu_start(NULL);
	test_contiguous();
	smmu_start(NULL);
	test_ttb1_and_tbi();
	test_addresses();
	test_permissions();
	test_access_flag();
	plan_done();
}
