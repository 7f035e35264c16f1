// SPDX-License-Identifier: GPL-2.0-only
/*
 * Throws nonsense at the IPMMUs and DMA engines: registers, descriptors, tables.
 * QEMU must survive all of it, and the engine must work after a reset.
 *
 * fuzz [SECONDS [SEED]]: without arguments, a short run with fixed seeds. A seed
 * that once crashed the model belongs into seeds[].
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine.h"
#include "qtest.h"

#define PLATFORM	0xee100000ULL
#define RAM		0x44000000ULL
#define RAM_BYTES	0x40000u
#define STEPS		1500

static const uint64_t seeds[] = { 1, 2, 3, 4, 5, 6 };

static uint64_t state;

/* xorshift64*, so that a seed means the same everywhere */
static uint64_t rnd(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

static uint64_t below(uint64_t n)
{
	return rnd() % n;
}

/* Often something that leads somewhere. */
static uint64_t address(uint64_t base)
{
	switch (below(8)) {
	case 0:
		return rnd();
	case 1:
		return base + below(DMATEST_BYTES);	/* the engine itself */
	case 2:
		return 0xe67b0000ULL + below(0x1000);
	case 3:
		return below(0x200000);
	default:
		return RAM + below(RAM_BYTES);
	}
}

static uint64_t descriptor(void)
{
	uint64_t type = below(4);

	if (!below(8))
		return rnd();
	return (RAM + (below(RAM_BYTES) & ~0xfffULL)) | type | (rnd() & 0xffc) |
	       (rnd() & 0xff8ULL << 52);
}

static void random_desc(struct dmatest_desc *d, uint64_t base)
{
	*d = (struct dmatest_desc) {
		.op = below(DMATEST_OP_MAX + 2),
		.flags = rnd() & (below(16) ? DMATEST_F_ALL : UINT32_MAX),
		.bytes = below(16) ? below(20000) : rnd(),
		.src_pasid = below(4),
		.dst_pasid = below(4) ? below(4) : rnd(),
		.interval_ns = below(1000),
		.src = address(base),
		.dst = address(base),
		.pattern = rnd(),
		.count = below(8) ? 1 + below(100) : 0,
		.reserved = !below(64),
	};
	if (!below(2))
		d->bytes = 1 + below(8);
	/* A gigabyte at a time would only take long. */
	if (d->bytes > 1u << 22 && d->bytes <= 1u << 30)
		d->bytes >>= 10;
	if (d->flags & DMATEST_F_SRC_LOCAL)
		d->src = below(DMATEST_LOCAL_BYTES + 100);
	if (d->flags & DMATEST_F_DST_LOCAL)
		d->dst = below(DMATEST_LOCAL_BYTES + 100);
}

static void poke_ipmmu(void)
{
	static const uint64_t bases[] = { 0xe67b0000, 0xe7740000, 0xe6570000 };
	uint64_t base = bases[below(3)];
	uint64_t value = below(2) ? rnd() : below(16) | below(8) << 4 | 1u << 31;

	switch (below(4)) {
	case 0:
		qtest_writel(base + below(0x400) * 4, value);
		break;
	case 1:		/* a context register */
		qtest_writel(base + below(8) * 0x40 + below(16) * 4,
			     below(2) ? value : RAM + (below(RAM_BYTES) & ~0xfffULL));
		break;
	case 2:		/* micro-TLBs that are in use */
		qtest_writel(base + 0x600, below(8) << 4 | below(4));
		qtest_writel(base + 0x300, below(8) << 4 | below(4));
		break;
	default:
		qtest_readl(base + below(0x400) * 4);
	}
}

static void poke_engine(struct engine *e)
{
	struct dmatest_desc d;

	switch (below(8)) {
	case 0:
		qtest_writel(e->base + below(0x40) * 4, below(2) ? rnd() : below(64));
		break;
	case 1:
		engine_start(e, e->base);
		break;
	case 2:
		qtest_readl(e->base + below(0x400) * 4);
		break;
	default:
		random_desc(&d, e->base);
		engine_submit(e, &d);
	}
}

static void poke_config(void)
{
	/* Capabilities only: a device whose BAR moved cannot be reached. */
	qtest_writel(engine_rcar_config(0) + 0x80 + below(0x100) / 4 * 4, rnd());
}

static void run(uint64_t seed)
{
	struct engine e[2];

	engine_board("r8a7795-es3", "-device iob-dmatest-pci,bus=pcie0 "
		     "-global iob-dmatest.lat-issue-ns=10");
	state = seed * 0x9e3779b97f4a7c15ULL + 1;
	engine_start(&e[0], PLATFORM);
	engine_rcar_start(&e[1], 0);
	for (unsigned int i = 0; i < STEPS; i++) {
		switch (below(8)) {
		case 0:
			poke_ipmmu();
			break;
		case 1:
			qtest_writeq(RAM + below(RAM_BYTES / 8) * 8, descriptor());
			break;
		case 2:
			qtest_step(1 + below(5000));
			break;
		case 3:
			if (!below(4))
				poke_config();
			break;
		default:
			poke_engine(&e[below(2)]);
		}
	}
	/* The IPMMU off, the engine reset: all works as ever. */
	qtest_writel(0xe7740000 + 0x600, 0);
	engine_start(&e[0], PLATFORM);
	qtest_step(1000);
	qtest_writeq(RAM, seed);
	engine_start(&e[0], PLATFORM);
	eq(engine_read(&e[0], RAM, 0).value, seed, "seed %llu: works after a reset",
	   (unsigned long long)seed);
}

int main(int argc, char **argv)
{
	time_t end = argc > 1 ? time(NULL) + atoi(argv[1]) : 0;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1000;

	if (!end)
		for (unsigned int i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
			run(seeds[i]);
	while (end && time(NULL) < end)
		run(seed++);
	plan_done();
}
