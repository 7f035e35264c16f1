// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3: whatever is in the tables, queues and registers, QEMU goes on. Valid
 * structures with a few bits turned over reach deeper than noise would.
 *
 *	test-fuzz-smmu [SECONDS [SEED]]		default: the seeds below, a second each
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "board.h"

/* Odd ones run with latencies: commands, events and retries then overlap. */
static const unsigned int corpus[] = { 1, 2, 7, 20, 33 };

static uint64_t state;

static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static unsigned int below(unsigned int n)
{
	return rnd() % n;
}

/* Turn over up to n bits */
static void flip(uint64_t *w, unsigned int words, unsigned int n)
{
	for (n = below(n + 1); n; n--)
		w[below(words)] ^= 1ULL << below(64);
}

static uint64_t any_address(void)
{
	static const uint64_t base[] = {
		STRTAB, CMDQ, EVENTQ, PRIQ, CDTAB, DATA, 0x40400000, SMMU, ENGINE(0),
		0x08080000, NOTHING, 0x08000000,
	};

	return base[below(sizeof(base) / sizeof(base[0]))] + (rnd() & 0x3fff8);
}

static struct tables tab[2];

static void random_ste(void)
{
	uint64_t w[8] = { 0 };
	uint32_t sid = SID(below(2));

	w[0] = 1 | (uint64_t)(4 + below(4)) << 1 | CDTAB | (uint64_t)below(12) << 59 |
	       (uint64_t)below(3) << 4;
	w[1] = below(3) | (uint64_t)below(4) << 28;
	ste_s2_words(w, &tab[below(2)], below(4));
	flip(w, 4, 3);
	ste_write(sid, w);
	if (below(4))
		cmd(CFGI_STE | CMD_SID(sid), 1);
}

static void random_cd(void)
{
	struct cd cd = cd_default(&tab[below(2)], below(4));
	uint64_t w[8];

	cd.stall = below(2);
	cd.ha = below(2);
	cd.hd = cd.ha && below(2);
	cd_words(w, &cd);
	flip(w, 4, 3);
	qtest_memwrite(CDTAB + below(64) * 64, w, sizeof(w));
	if (below(4))
		cmd(CFGI_CD_ALL | CMD_SID(SID(below(2))), 0);
}

static void random_descriptor(void)
{
	uint64_t desc = (below(3) ? DATA + (below(64) << 12) : any_address()) |
			D_RW_PAGE | (below(4) ? 0 : D_CONT);

	flip(&desc, 1, 3);
	if (below(3))
		tables_set(&tab[below(2)], (uint64_t)below(64) << 12, 3, desc);
	else
		qtest_writeq(0x40400000 + (rnd() & 0x3ffff8), desc);
}

static void random_command(void)
{
	static const uint64_t op[] = {
		CMD_PREFETCH, 2, CFGI_STE, CFGI_ALL, CFGI_CD, CFGI_CD_ALL, 7, NH_ALL,
		NH_ASID, NH_VA, NH_VAA, EL2_ALL, EL2_ASID, EL2_VA, EL2_VAA, S12_VMALL,
		S2_IPA, NSNH_ALL, ATC_INV, PRI_RESP, RESUME, STALL_TERM, SYNC,
	};
	uint64_t w[2] = {
		op[below(sizeof(op) / sizeof(op[0]))] | CMD_SID(SID(below(2))) |
		(rnd() & 0x3003ff000), rnd() & 0xfffff3,
	};

	if ((w[0] & 0xff) == SYNC) {
		w[0] |= below(4) << 12;
		w[1] = any_address() & ~3ULL;
	}
	flip(w, 2, 2);
	cmd(w[0], w[1]);
}

/* The queue stops at an error: acknowledge it, as a driver does. */
static void recover(void)
{
	qtest_writel(GERRORN, qtest_readl(GERROR));
	if (!below(20) || cmd_error()) {
		uint32_t cr0 = qtest_readl(CR0);

		smmu_setup(cr0 | 0xf);
	}
}

static void random_register(void)
{
	uint64_t reg = SMMU + (below(2) ? 0 : 0x10000) + (rnd() & 0xfc);
	uint64_t value = below(2) ? rnd() : any_address();

	if (below(2))
		qtest_writeq(reg & ~7ULL, value);
	else
		qtest_writel(reg, value);
	(void)qtest_readq(reg & ~7ULL);
	qtest_writeq(PMCG(below(2)) + (below(2) ? 0x10000 : 0) + (rnd() & 0xff8), rnd());
}

static void random_access(void)
{
	struct dmatest_desc d = {
		.op = below(2) ? DMATEST_OP_READ_PROBE : DMATEST_OP_WRITE_PROBE,
		.flags = rnd() & (DMATEST_F_SRC_PASID | DMATEST_F_DST_PASID | DMATEST_F_PRIV |
				  DMATEST_F_NO_STALL),
		.bytes = 1 + below(8),
		.src_pasid = below(64),
		.dst_pasid = below(64),
	};
	uint64_t iova = below(8) ? (uint64_t)below(64) << 12 : rnd();

	d.src = d.dst = iova;
	submit(below(2), &d);
}

static void step_time(void)
{
	uint64_t w[4];
	unsigned int n;

	qtest_step(1 + below(2000));
	/* Not for ever: the queue's registers may be anything by now. */
	for (n = 0; n < 64 && event(w); n++)
		if (w[1] >> 31 & 1)
			cmd(RESUME | (w[0] & ~0xffffffffULL) | (uint64_t)below(3) << 12,
			    w[1] & 0xffff);
}

/* Returns the number of steps, 0 if QEMU died. */
static unsigned long fuzz(unsigned int seed, double seconds)
{
	static void (*const act[])(void) = {
		random_ste, random_cd, random_descriptor, random_command, random_command,
		random_access, random_access, random_access, step_time, recover,
	};
	struct timespec t;
	double end;
	unsigned long steps = 0;
	char last = 0;

	state = 0x9e3779b97f4a7c15ULL * (seed + 1);
	smmu_start(seed & 1 ? "-global iob-smmuv3.lat-cmd-ns=100 -global iob-smmuv3.lat-tlbi-ns=300 "
			      "-global iob-smmuv3.lat-fault-event-ns=200 -global iob-smmuv3.lat-resume-ns=150 "
			      "-global iob-smmuv3.lat-walk-level-ns=20" : NULL);
	tab[0] = tables_new(12, 39);
	tab[1] = tables_new(12, 39);
	clock_gettime(CLOCK_MONOTONIC, &t);
	end = t.tv_sec + t.tv_nsec / 1e9 + seconds;
	do {
		last = below(100);
		if (!last)
			random_register();
		else
			act[below(sizeof(act) / sizeof(act[0]))]();
		if (!(++steps % 1000) && !below(5))
			smmu_setup(0x1f);
		clock_gettime(CLOCK_MONOTONIC, &t);
	} while (t.tv_sec + t.tv_nsec / 1e9 < end);
	return qtest_alive() ? steps : 0;
}

int main(int argc, char **argv)
{
	unsigned int i, seed;
	unsigned long steps;

	/* QEMU warns about what it stops: registers that write themselves. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	if (argc > 1) {
		seed = argc > 2 ? strtoul(argv[2], NULL, 0) : (unsigned long)time(NULL);
		steps = fuzz(seed, atof(argv[1]));
		ok(steps, "seed %u: %lu steps", seed, steps);
		plan_done();
	}
	for (i = 0; i < sizeof(corpus) / sizeof(corpus[0]); i++) {
		steps = fuzz(corpus[i], 1);
		ok(steps, "seed %u: QEMU goes on", corpus[i]);
	}
	plan_done();
}
