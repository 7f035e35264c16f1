// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine: what lab/qemu/dmatest.md promises, in both forms. Nothing
 * translates here unless a test says so; the PCI capabilities are expected as in
 * the PCI Express base specification.
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "qtest.h"

#define BOARD		"r8a7795-es3"
#define ENGINE		0xee100000ULL
#define SPI_ENGINE	165
#define SPI_PCI		116	/* of the first controller, for all pins */
#define RAM		0x44000000ULL

static struct engine e;

static void begin(const char *options)
{
	engine_board(BOARD, options);
	engine_start(&e, ENGINE);
}

static void end(void)
{
	ok(qtest_alive(), "QEMU is still there");
}

static uint32_t reg(unsigned int offset)
{
	return qtest_readl(e.base + offset);
}

static void test_identity(void)
{
	begin(NULL);
	eq(reg(DMATEST_ID), DMATEST_ID_VALUE, "identification");
	eq(reg(DMATEST_VERSION) >> 16, 1, "version");
	eq(DMATEST_LIMITS_DMA_BITS(reg(DMATEST_LIMITS)), 64, "64 address bits");
	eq(DMATEST_LIMITS_RING_LOG2(reg(DMATEST_LIMITS)), 16, "ring size limit");
	eq(reg(DMATEST_STATUS), DMATEST_STATUS_IDLE, "idle");
	eq(reg(DMATEST_FEATURES), DMATEST_FEATURE_IOMMU,
	   "behind an IPMMU: no PASIDs, no stall");
	qtest_step(12345);
	eq(qtest_readq(e.base + DMATEST_TIME), 12345, "device clock");
	end();
}

static void fill_ram(uint64_t addr, size_t bytes, unsigned int seed)
{
	uint8_t *buf = malloc(bytes);

	for (size_t i = 0; i < bytes; i++)
		buf[i] = seed + i * 7 + (i >> 8);
	qtest_memwrite(addr, buf, bytes);
	free(buf);
}

static bool same_ram(uint64_t a, uint64_t b, size_t bytes)
{
	uint8_t *x = malloc(bytes), *y = malloc(bytes);
	bool same;

	qtest_memread(a, x, bytes);
	qtest_memread(b, y, bytes);
	same = !memcmp(x, y, bytes);
	free(x);
	free(y);
	return same;
}

static void test_copy(void)
{
	static const struct {
		uint32_t bytes, src, dst;
	} cases[] = {
		{ 1, 0, 0 }, { 4096, 0, 0 }, { 4097, 4095, 1 }, { 12345, 17, 4093 },
		{ 65536, 8, 16 },
	};

	begin(NULL);
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dmatest_desc d = {
			.op = DMATEST_OP_COPY,
			.bytes = cases[i].bytes,
			.src = RAM + cases[i].src,
			.dst = RAM + 0x100000 + cases[i].dst,
		};
		struct dmatest_done r;

		fill_ram(d.src, d.bytes, i);
		qtest_writel(d.dst + d.bytes, 0x600dda7a);
		r = engine_do(&e, &d);
		eq(r.status, DMATEST_OK, "copy of %u bytes", d.bytes);
		eq(r.count, d.bytes, "count");
		ok(same_ram(d.src, d.dst, d.bytes), "data arrives");
		eq(qtest_readl(d.dst + d.bytes), 0x600dda7a, "nothing behind it changes");
		d.op = DMATEST_OP_COMPARE;
		eq(engine_do(&e, &d).status, DMATEST_OK, "compare finds no difference");
		d.src += d.bytes - 1;
		qtest_memwrite(d.src, "\x5a", 1);
		d.src -= d.bytes - 1;
		r = engine_do(&e, &d);
		eq(r.status, DMATEST_MISMATCH, "compare finds one");
		eq(r.value, d.bytes - 1, "and where it is");
	}
	end();
}

static void test_patterns(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_FILL, .bytes = 5000, .dst = RAM + 4, .src = RAM + 4,
		.pattern = 0x1122334455667788ULL, .flags = DMATEST_F_COUNT_UP,
	};
	struct dmatest_done r;

	begin(NULL);
	r = engine_do(&e, &d);
	eq(r.status, DMATEST_OK, "fill");
	eq(qtest_readq(RAM + 4), d.pattern, "first word, little endian");
	eq(qtest_readq(RAM + 4 + 8 * 600), d.pattern + 600, "word 600, counted up");
	d.op = DMATEST_OP_CHECK;
	eq(engine_do(&e, &d).status, DMATEST_OK, "check agrees");
	qtest_memwrite(RAM + 4 + 4321, "\0", 1);
	r = engine_do(&e, &d);
	eq(r.status, DMATEST_MISMATCH, "check finds a difference");
	eq(r.value, 4321, "and where it is");
	d.flags = 0;
	d.op = DMATEST_OP_FILL;
	engine_do(&e, &d);
	eq(qtest_readq(RAM + 4 + 8 * 600), d.pattern, "without counting: the same word");
	end();
}

static void test_probes(void)
{
	struct dmatest_done r;
	struct dmatest_desc d = {
		.op = DMATEST_OP_WRITE_PROBE, .bytes = 3, .dst = RAM,
		.pattern = 0xaabbccddeeff0011ULL,
	};

	begin(NULL);
	qtest_writeq(RAM, UINT64_MAX);
	engine_do(&e, &d);
	eq(qtest_readq(RAM), 0xffffffffffff0011ULL, "write probe of three bytes");
	d = (struct dmatest_desc) { .op = DMATEST_OP_READ_PROBE, .bytes = 5, .src = RAM };
	r = engine_do(&e, &d);
	eq(r.value, 0xffffff0011ULL, "read probe of five bytes");
	r = engine_read(&e, 0xf000000000ULL, 0);
	eq(r.status, DMATEST_REFUSED, "where nothing answers");
	eq(r.fault, DMATEST_FAULT_MEMORY, "the fault says so");
	d = (struct dmatest_desc) { .op = DMATEST_OP_NOP };
	eq(engine_do(&e, &d).status, DMATEST_OK, "no operation");
	end();
}

static void test_local(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_COPY, .flags = DMATEST_F_DST_LOCAL, .bytes = 5000,
		.src = RAM + 3, .dst = ENGINE_LOCAL_FREE + 1,
	};

	begin(NULL);
	fill_ram(RAM + 3, 5000, 1);
	eq(engine_do(&e, &d).status, DMATEST_OK, "copy into the device");
	ok(same_ram(RAM + 3, ENGINE + DMATEST_LOCAL + ENGINE_LOCAL_FREE + 1, 5000),
	   "data arrives");
	d.flags = DMATEST_F_SRC_LOCAL;
	d.src = ENGINE_LOCAL_FREE + 1;
	d.dst = RAM + 0x10000;
	eq(engine_do(&e, &d).status, DMATEST_OK, "copy out of the device");
	ok(same_ram(RAM + 3, RAM + 0x10000, 5000), "data arrives");
	d.src = DMATEST_LOCAL_BYTES - 4999;
	eq(engine_do(&e, &d).status, DMATEST_BAD_DESC, "one byte too far");
	end();
}

static void test_bad_descriptors(void)
{
	static const struct {
		const char *what;
		struct dmatest_desc d;
	} bad[] = {
		{ "unknown operation", { .op = DMATEST_OP_MAX + 1, .bytes = 8, .src = RAM } },
		{ "unknown flag", { .op = DMATEST_OP_NOP, .flags = 1u << 31 } },
		{ "reserved field", { .op = DMATEST_OP_NOP, .reserved = 1 } },
		{ "no bytes", { .op = DMATEST_OP_COPY, .src = RAM, .dst = RAM } },
		{ "too many bytes", { .op = DMATEST_OP_FILL, .dst = RAM,
				      .bytes = (1u << 30) + 1 } },
		{ "probe of 9 bytes", { .op = DMATEST_OP_READ_PROBE, .src = RAM, .bytes = 9 } },
		{ "probe over a page's end", { .op = DMATEST_OP_READ_PROBE, .bytes = 8,
					       .src = RAM + 0xffc } },
		{ "address that wraps", { .op = DMATEST_OP_CHECK, .bytes = 4096,
					  .src = -4ULL } },
		{ "PASID where there is none", { .op = DMATEST_OP_READ_PROBE, .bytes = 8,
						 .src = RAM, .flags = DMATEST_F_SRC_PASID } },
	};

	begin(NULL);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		eq(engine_do(&e, &bad[i].d).status, DMATEST_BAD_DESC, "%s", bad[i].what);
	eq(reg(DMATEST_STATUS), DMATEST_STATUS_IDLE, "the ring goes on");
	eq(reg(DMATEST_DONE), sizeof(bad) / sizeof(bad[0]), "all are done");
	end();
}

static void test_ring_in_memory(void)
{
	struct dmatest_slot slots[4] = { 0 };
	uint64_t ring = RAM + 0x2000;

	begin(NULL);
	for (unsigned int i = 0; i < 4; i++)
		slots[i].desc = (struct dmatest_desc) {
			.op = DMATEST_OP_WRITE_PROBE, .bytes = 8, .dst = RAM + 8 * i,
			.pattern = 100 + i,
		};
	qtest_memwrite(ring, slots, sizeof(slots));
	qtest_writel(ENGINE + DMATEST_CONTROL, 0);
	qtest_writeq(ENGINE + DMATEST_RING_BASE, ring);
	qtest_writel(ENGINE + DMATEST_RING_LOG2, 2);
	qtest_writel(ENGINE + DMATEST_TAIL, 3);
	eq(reg(DMATEST_HEAD), 0, "disabled: nothing is fetched");
	qtest_writel(ENGINE + DMATEST_CONTROL, DMATEST_CONTROL_ENABLE);
	eq(reg(DMATEST_DONE), 3, "enabled: three are done");
	qtest_memread(ring, slots, sizeof(slots));
	eq(slots[2].done.status, DMATEST_OK, "status in memory");
	eq(slots[3].done.status, DMATEST_PENDING, "the fourth is not touched");
	eq(qtest_readq(RAM + 16), 102, "work is done");
	slots[0].desc.pattern = 200;
	qtest_memwrite(ring, &slots[0].desc, sizeof(slots[0].desc));
	qtest_writel(ENGINE + DMATEST_TAIL, 5);
	eq(qtest_readq(RAM + 24), 103, "fourth slot");
	eq(qtest_readq(RAM), 200, "and round to the first");
	qtest_writeq(ENGINE + DMATEST_RING_BASE, 0);
	eq(qtest_readq(ENGINE + DMATEST_RING_BASE), ring, "an enabled ring stays put");

	qtest_writel(ENGINE + DMATEST_TAIL, 10);
	eq(reg(DMATEST_STATUS), DMATEST_STATUS_IDLE | DMATEST_STATUS_RING_ERROR,
	   "tail five ahead of a ring of four: stops");
	eq(reg(DMATEST_RING_FAULT), DMATEST_FAULT_RING, "and says why");
	end();

	begin(NULL);
	qtest_writel(ENGINE + DMATEST_CONTROL, 0);
	qtest_writeq(ENGINE + DMATEST_RING_BASE, 0xf000000000ULL);
	qtest_writel(ENGINE + DMATEST_IRQ_MASK, DMATEST_IRQ_RING_ERROR);
	qtest_writel(ENGINE + DMATEST_CONTROL, DMATEST_CONTROL_ENABLE);
	qtest_writel(ENGINE + DMATEST_TAIL, 1);
	eq(reg(DMATEST_RING_FAULT), DMATEST_FAULT_MEMORY, "ring where nothing answers");
	eq(qtest_readq(ENGINE + DMATEST_RING_FAULT_ADDR), 0xf000000000ULL, "its address");
	ok(qtest_level(SPI_ENGINE), "interrupt");
	engine_start(&e, ENGINE);
	eq(engine_read(&e, RAM, 0).status, DMATEST_OK, "works again after a reset");
	end();
}

static void test_interrupts(void)
{
	struct dmatest_desc d = { .op = DMATEST_OP_NOP, .flags = DMATEST_F_IRQ };

	begin(NULL);
	engine_do(&e, &d);
	eq(reg(DMATEST_IRQ_STATUS), DMATEST_IRQ_DONE | DMATEST_IRQ_IDLE, "status");
	ok(!qtest_level(SPI_ENGINE), "masked: no interrupt");
	qtest_writel(ENGINE + DMATEST_IRQ_MASK, DMATEST_IRQ_DONE);
	ok(qtest_level(SPI_ENGINE), "unmasked: interrupt");
	qtest_writel(ENGINE + DMATEST_IRQ_STATUS, DMATEST_IRQ_DONE);
	ok(!qtest_level(SPI_ENGINE), "cleared by writing 1");
	eq(reg(DMATEST_IRQ_STATUS), DMATEST_IRQ_IDLE, "only that bit");
	d.flags = 0;
	engine_do(&e, &d);
	ok(!qtest_level(SPI_ENGINE), "a descriptor without the flag: none");
	end();
}

static void test_latencies(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_COPY, .bytes = 10240, .src = RAM, .dst = RAM + 0x10000,
	};
	struct dmatest_done r;
	uint32_t i;

	begin("-global iob-dmatest.lat-issue-ns=300 -global iob-dmatest.lat-per-kib-ns=50");
	i = engine_submit(&e, &d);
	eq(engine_result(&e, i).status, DMATEST_PENDING, "not done at once");
	qtest_step(300 + 499);
	eq(engine_result(&e, i).status, DMATEST_PENDING, "nor short before its time");
	qtest_step(1);
	r = engine_result(&e, i);
	eq(r.status, DMATEST_OK, "done in time");
	eq(r.issued_ns, 300, "issued");
	eq(r.done_ns, 300 + 500, "done");
	d.src++;	/* chunks of 4095 and 905 bytes */
	d.dst++;
	d.bytes = 5000;
	r = engine_do(&e, &d);
	eq(r.done_ns - r.issued_ns, 50 * 5000 / 1024, "rounding does not add up");
	end();
}

static void test_in_flight(void)
{
	struct dmatest_desc d = { .op = DMATEST_OP_NOP };

	begin("-global iob-dmatest.lat-issue-ns=1000");
	qtest_writel(ENGINE + DMATEST_IN_FLIGHT, 2);
	for (unsigned int i = 0; i < 5; i++)
		engine_submit(&e, &d);
	eq(reg(DMATEST_HEAD), 2, "two in flight");
	qtest_step(1000);
	eq(reg(DMATEST_DONE), 2, "two done");
	eq(reg(DMATEST_HEAD), 4, "two more in flight");
	qtest_step(2000);
	eq(reg(DMATEST_DONE), 5, "all done");
	eq(engine_result(&e, 4).done_ns, 3000, "the fifth as the third pair's first");
	for (unsigned int i = 0; i < 3; i++)
		engine_submit(&e, &d);
	qtest_writel(ENGINE + DMATEST_CONTROL, DMATEST_CONTROL_RESET);
	eq(reg(DMATEST_STATUS), DMATEST_STATUS_IDLE, "reset with work in flight: idle");
	qtest_step(10000);
	eq(reg(DMATEST_DONE), 0, "which is never completed");
	end();
}

/* Other data than the pattern ends what reads. */
static void test_match(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_READ_PROBE, .flags = DMATEST_F_MATCH | DMATEST_F_SRC_LOCAL,
		.bytes = 4, .src = ENGINE_LOCAL_FREE, .pattern = 0x1122334455667788,
		.interval_ns = 250,
	};
	struct dmatest_done r;
	uint32_t i;

	begin(NULL);
	qtest_writeq(ENGINE + DMATEST_LOCAL + ENGINE_LOCAL_FREE, 0x55667788);
	eq(engine_do(&e, &d).status, DMATEST_OK, "as many bytes as are read");
	d.bytes = 8;
	r = engine_do(&e, &d);
	eq(r.status, DMATEST_MISMATCH, "one of the others is another");
	eq(r.value, 0x55667788, "what was read is told");
	eq(r.count, 0, "and does not count");
	d.op = DMATEST_OP_READ_BURST;
	d.flags |= DMATEST_F_LAST_TIME;
	qtest_writeq(ENGINE + DMATEST_LOCAL + ENGINE_LOCAL_FREE, d.pattern);
	i = engine_submit(&e, &d);
	qtest_step(1000);
	eq(engine_result(&e, i).status, DMATEST_PENDING, "a burst goes on while it matches");
	qtest_writeq(ENGINE + DMATEST_LOCAL + ENGINE_LOCAL_FREE, 0);
	qtest_step(250);
	r = engine_result(&e, i);
	eq(r.status, DMATEST_MISMATCH, "and ends when it does not");
	eq(r.count, 5, "with the accesses until then");
	eq(r.done_ns - r.issued_ns, 1250, "when that was");
	eq(r.value - r.issued_ns, 1000, "and when it last did");
	d.op = DMATEST_OP_CHECK;
	d.flags = DMATEST_F_MATCH | DMATEST_F_SRC_LOCAL;
	eq(engine_do(&e, &d).status, DMATEST_BAD_DESC, "a check matches anyway");
	end();
}

static void test_bursts(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_READ_BURST, .bytes = 8, .src = RAM, .count = 10,
		.interval_ns = 250,
	};
	struct dmatest_done r;
	uint32_t i;

	begin(NULL);
	qtest_writeq(RAM, 41);
	i = engine_submit(&e, &d);
	qtest_step(9 * 250 - 1);
	eq(engine_result(&e, i).status, DMATEST_PENDING, "nine accesses so far");
	qtest_writeq(RAM, 42);
	qtest_step(1);
	r = engine_result(&e, i);
	eq(r.status, DMATEST_OK, "ends with the tenth");
	eq(r.count, 10, "ten accesses");
	eq(r.done_ns - r.issued_ns, 9 * 250, "in time");
	eq(r.value, 42, "what was read last");
	d.flags = DMATEST_F_LAST_TIME;
	i = engine_submit(&e, &d);
	qtest_step(9 * 250);
	r = engine_result(&e, i);
	eq(r.value, r.done_ns, "when it was read last");
	eq(r.done_ns - r.issued_ns, 9 * 250, "in time as well");

	/* Through the IPMMU: refused as soon as the page is gone. */
	qtest_writeq(RAM + 0x1000, (RAM + 0x2000) | 1ULL << 63 | 3);
	qtest_writeq(RAM + 0x2000, (RAM + 0x3000) | 1ULL << 63 | 3);
	qtest_writeq(RAM + 0x3000, RAM | 0xc63);
	qtest_writel(0xe67b0000 + 0x50, RAM + 0x1000);
	qtest_writel(0xe67b0000 + 0x48, 1u << 31 | 2 << 6);
	qtest_writel(0xe67b0000 + 0x40, 3);
	qtest_writel(0xe7740000 + 0x40, 3);
	qtest_writel(0xe7740000 + 0x600, 1 << 4 | 3);
	d.src = 0;
	d.count = 0;
	i = engine_submit(&e, &d);
	qtest_step(2000);
	qtest_writeq(RAM + 0x3000, 0);
	qtest_step(1000);
	eq(engine_result(&e, i).status, DMATEST_PENDING, "unmapped, not flushed: goes on");
	qtest_writel(0xe7740000 + 0x40, 3);
	qtest_writel(0xe67b0000 + 0x40, 3);
	qtest_step(250);
	r = engine_result(&e, i);
	eq(r.status, DMATEST_REFUSED, "flushed: refused");
	eq(r.fault, DMATEST_FAULT_TRANSLATION, "for the right reason");
	eq(r.count, 13, "accesses until then");
	eq(r.done_ns - r.issued_ns, 3250, "time of the refused access");
	eq(r.value - r.issued_ns, 3000, "time of the last that succeeded");
	eq(engine_do(&e, &d).value, 0, "no time when none did");
	d.op = DMATEST_OP_READ_PROBE;
	eq(engine_do(&e, &d).status, DMATEST_BAD_DESC, "a probe has no last access");

	d = (struct dmatest_desc) {
		.op = DMATEST_OP_WRITE_BURST, .bytes = 8, .count = 3,
		.flags = DMATEST_F_DST_LOCAL, .dst = ENGINE_LOCAL_FREE, .pattern = 9,
	};
	r = engine_do(&e, &d);
	eq(r.count, 3, "write burst");
	eq(qtest_readq(ENGINE + DMATEST_LOCAL + ENGINE_LOCAL_FREE), 9, "has written");
	end();
}

static void test_faults(void)
{
	struct dmatest_desc d = {
		.op = DMATEST_OP_COPY, .bytes = 0x3000, .src = 0, .dst = 0x10000000,
	};
	struct dmatest_done r;

	begin(NULL);
	/* First page of two mapped, second not */
	qtest_writeq(RAM + 0x1000, (RAM + 0x2000) | 1ULL << 63 | 3);
	qtest_writeq(RAM + 0x2000, (RAM + 0x3000) | 1ULL << 63 | 3);
	qtest_writeq(RAM + 0x2000 + 128 * 8, (RAM + 0x200000) | 0xc61);
	qtest_writeq(RAM + 0x3000, (RAM + 0x100000) | 0xc63);
	qtest_writel(0xe67b0000 + 0x50, RAM + 0x1000);
	qtest_writel(0xe67b0000 + 0x48, 1u << 31 | 2 << 6);
	qtest_writel(0xe67b0000 + 0x40, 3);
	qtest_writel(0xe7740000 + 0x40, 3);
	qtest_writel(0xe7740000 + 0x600, 1 << 4 | 3);
	qtest_writeq(RAM + 0x100ff8, 7);
	r = engine_do(&e, &d);
	eq(r.status, DMATEST_REFUSED, "copy into the unknown");
	eq(r.count, 0x1000, "bytes until then");
	eq(r.value, 0x1000, "refused address");
	eq(r.syndrome, 0x3001, "the IPMMU's own status");
	eq(qtest_readq(RAM + 0x200ff8), 7, "what came before was copied");
	eq(qtest_readq(ENGINE + DMATEST_COUNT_REFUSED), 1, "counted");
	end();
}

static unsigned int find_ext_cap(uint64_t config, unsigned int id)
{
	unsigned int at = 0x100;

	while (at) {
		uint32_t head = qtest_readl(config + at);

		if ((head & 0xffff) == id)
			return at;
		at = head >> 20;
	}
	return 0;
}

static void test_pci(void)
{
	uint64_t config = engine_rcar_config(0);
	struct dmatest_desc d = { .op = DMATEST_OP_NOP, .flags = DMATEST_F_IRQ };
	unsigned int pasid, pri;

	engine_board(BOARD, "-device iob-dmatest-pci,bus=pcie0,pasid-bits=12");
	engine_rcar_start(&e, 0);
	eq(reg(DMATEST_ID), DMATEST_ID_VALUE, "PCI form");
	eq(reg(DMATEST_FEATURES), DMATEST_FEATURE_PASID | DMATEST_FEATURE_ATS |
	   DMATEST_FEATURE_PRI | DMATEST_FEATURE_MSI | DMATEST_FEATURE_IOMMU, "features");
	ok(find_ext_cap(config, 0x0f), "ATS capability");
	pri = find_ext_cap(config, 0x13);
	ok(pri, "PRI capability");
	pasid = find_ext_cap(config, 0x1b);
	ok(pasid, "PASID capability");
	eq(qtest_readl(config + pasid + 4) >> 8 & 0x1f, 12, "PASID width");
	ok(qtest_readl(config + pri + 4) >> 24 & 1, "PRI is stopped");
	qtest_writew(config + pri + 4, 1);
	ok(!(qtest_readl(config + pri + 4) >> 24 & 1), "PRI enabled: not stopped");
	ok(qtest_readl(config + 0x80 + 0x24) >> 21 & 1, "end-to-end prefixes");

	qtest_writel(e.base + DMATEST_IRQ_MASK, DMATEST_IRQ_DONE);
	engine_do(&e, &d);
	ok(qtest_level(SPI_PCI), "INTA");
	qtest_writel(e.base + DMATEST_IRQ_STATUS, DMATEST_IRQ_DONE);
	ok(!qtest_level(SPI_PCI), "INTA goes away");

	eq(engine_read(&e, RAM, 0).status, DMATEST_OK, "bus master: reads");
	eq(engine_read(&e, RAM, DMATEST_F_SRC_PASID).fault, DMATEST_FAULT_NO_MASTER,
	   "PASID not enabled: refused");
	qtest_writew(config + pasid + 6, 1);
	eq(engine_read(&e, RAM, DMATEST_F_SRC_PASID).fault, DMATEST_FAULT_CONFIG,
	   "enabled: the IPMMU does not take PASIDs");
	qtest_writew(config + 4, 2);
	eq(engine_read(&e, RAM, 0).fault, DMATEST_FAULT_NO_MASTER, "no bus master: refused");
	end();
}

int main(void)
{
	test_identity();
	test_copy();
	test_patterns();
	test_probes();
	test_local();
	test_bad_descriptors();
	test_ring_in_memory();
	test_interrupts();
	test_latencies();
	test_in_flight();
	test_bursts();
	test_match();
	test_faults();
	test_pci();
	plan_done();
}
