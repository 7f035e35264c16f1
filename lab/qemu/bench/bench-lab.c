// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast are translated accesses through our SMMUv3 model, compared with those
 * through QEMU's own in the same program? The same DMA test engine, tables and
 * registers on both machines, no guest: what is measured is host time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../tests/engine.h"
#include "../tests/qtest.h"

#define SLOT		0x11
#define RID		(SLOT << 3)

/* Guest memory of both machines starts at 1 GiB. */
#define STRTAB		0x44000000ULL
#define CMDQ		0x44010000ULL
#define EVENTQ		0x44020000ULL
#define CD		0x44030000ULL
#define L1		0x44040000ULL
#define L2		0x44041000ULL
#define L3(n)		(0x44050000ULL + (n) * 0x1000ULL)
#define DATA		0x45000000ULL
#define DATA_PAGES	4096u
/* Pages behind the data are for a ring in memory. */
#define RING_IOVA	(DATA_PAGES * 0x1000ULL)
#define ALL_PAGES	(DATA_PAGES + 512u)
#define ROUNDS		5
#define SECONDS		0.5

struct machine {
	const char *name;
	const char *options;
	uint64_t smmu;
};

static const struct machine machines[] = {
	{ "ours", "-m 256M -device iob-dmatest-pci,addr=0x11", 0x0a000000 },
	{ "QEMU's", "-M virt,gic-version=3,iommu=smmuv3,highmem-ecam=off "
	  "-cpu cortex-a72 -m 256M -device iob-dmatest-pci,addr=0x11", 0x09050000 },
};

/*
 * A ring in memory is translated, too: three transactions to each operation, and
 * more pages in turn than TLBs have entries. Through QEMU's SMMUv3, the engine
 * always is as any PCI device.
 */
static const struct scene {
	const char *what;
	unsigned int pages;
	unsigned int ring_log2;
	bool local;
	const char *options;
} scenes[] = {
	{ "16 pages, ring in device", 16, 8, true, "" },
	{ "same, as any PCI device", 16, 8, true,
	  " -global iob-dmatest-pci.plain=on" },
	{ "4096 pages, ring in memory", DATA_PAGES, 12, false, "" },
	{ "same, as any PCI device", DATA_PAGES, 12, false,
	  " -global iob-dmatest-pci.plain=on" },
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void make_tables(void)
{
	uint64_t l3[512];

	qtest_writeq(L1, L2 | 3);
	for (unsigned int i = 0; i < ALL_PAGES / 512; i++) {
		qtest_writeq(L2 + i * 8, L3(i) | 3);
		for (unsigned int j = 0; j < 512; j++)
			l3[j] = (DATA + (i * 512 + j) * 0x1000ULL) | 0xc43;
		qtest_memwrite(L3(i), l3, sizeof(l3));
	}
}

/* IHI 0070: stage 1, one context, 39 bits, 4 KiB granule */
static void smmu_on(uint64_t smmu)
{
	uint64_t ste[8] = { 1 | 5 << 1 | CD, 1ULL << 44 };
	uint64_t cd[8] = {
		25 | 1ULL << 30 | 1ULL << 31 | 2ULL << 32 | 1ULL << 41 | 1ULL << 45 |
		1ULL << 46 | 1ULL << 48, L1, 0, 0xff,
	};

	make_tables();
	qtest_memwrite(STRTAB + RID * 64, ste, sizeof(ste));
	qtest_memwrite(CD, cd, sizeof(cd));
	qtest_writeq(smmu + 0x80, STRTAB);
	qtest_writel(smmu + 0x88, 8);
	qtest_writeq(smmu + 0x90, CMDQ | 6);
	qtest_writeq(smmu + 0xa0, EVENTQ | 6);
	qtest_writel(smmu + 0x20, 0xd);
}

static void fill_ring(struct engine *e, const struct scene *sc)
{
	unsigned int slots = 1u << sc->ring_log2;
	struct dmatest_slot *ring = calloc(slots, sizeof(*ring));

	if (!ring)
		exit(1);
	for (unsigned int i = 0; i < slots; i++)
		ring[i].desc = (struct dmatest_desc) {
			.op = DMATEST_OP_READ_PROBE, .bytes = 8,
			.src = (uint64_t)(i % sc->pages) << 12,
		};
	qtest_memwrite(sc->local ? e->base + DMATEST_LOCAL : DATA + RING_IOVA, ring,
		       slots * sizeof(*ring));
	free(ring);
}

static void start_ring(struct engine *e, const struct scene *sc)
{
	fill_ring(e, sc);
	qtest_writel(e->base + DMATEST_CONTROL, DMATEST_CONTROL_RESET);
	qtest_writel(e->base + DMATEST_RING_LOG2, sc->ring_log2);
	qtest_writeq(e->base + DMATEST_RING_BASE, sc->local ? 0 : RING_IOVA);
	qtest_writel(e->base + DMATEST_CONTROL, DMATEST_CONTROL_ENABLE |
		     (sc->local ? DMATEST_CONTROL_RING_LOCAL : 0));
}

/* Operations a second */
static double measure(const struct machine *m, const struct scene *sc)
{
	struct engine e;
	struct dmatest_done d;
	char options[512];
	uint32_t tail = 0;
	double start, t;

	snprintf(options, sizeof(options), "%s%s", m->options, sc->options);
	qtest_start(options);
	smmu_on(m->smmu);
	qtest_writeq(DATA, 0x5eed);
	engine_pci_start(&e, SLOT);
	d = engine_read(&e, 0, 0);
	if (d.status != DMATEST_OK || d.value != 0x5eed) {
		fprintf(stderr, "bench-lab: %s SMMUv3 does not translate\n", m->name);
		exit(1);
	}
	start_ring(&e, sc);
	start = now();
	do {
		tail += 1u << sc->ring_log2;
		qtest_writel(e.base + DMATEST_TAIL, tail);
		t = now() - start;
	} while (t < SECONDS);
	if (qtest_readl(e.base + DMATEST_DONE) != tail ||
	    qtest_readq(e.base + DMATEST_COUNT_REFUSED)) {
		fprintf(stderr, "bench-lab: accesses through %s SMMUv3 were refused\n",
			m->name);
		exit(1);
	}
	return tail / t;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof(*v), compare);
	return v[ROUNDS / 2];
}

int main(void)
{
	bool slower = false;

	printf("8-byte reads of the DMA test engine, operations per second of host time,\n"
	       "median of %d runs of %.1f s in turn\n\n%-28s %12s %12s %7s\n", ROUNDS, SECONDS,
	       "", machines[0].name, machines[1].name, "ratio");
	for (unsigned int c = 0; c < sizeof(scenes) / sizeof(scenes[0]); c++) {
		double v[2][ROUNDS], a, b;

		for (unsigned int i = 0; i < ROUNDS; i++)
			for (unsigned int m = 0; m < 2; m++)
				v[m][i] = measure(&machines[m], &scenes[c]);
		a = median(v[0]);
		b = median(v[1]);
		printf("%-28s %12.0f %12.0f %7.2f\n", scenes[c].what, a, b, a / b);
		slower |= a < b;
	}
	qtest_stop();
	if (slower)
		printf("\nours is slower\n");
	return slower;
}
