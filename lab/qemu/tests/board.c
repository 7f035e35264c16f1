// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "board.h"

#define SLOTS_LOG2	5

static uint32_t cmd_prod, event_cons;
static uint32_t tail[4];
static bool engine_on[4];
static uint64_t next_page;

static uint32_t advance(uint32_t p, unsigned int log2)
{
	return (p + 1) & ((2u << log2) - 1);
}

void board_start(const char *options)
{
	qtest_start(options);
	memset(tail, 0, sizeof(tail));
	memset(engine_on, 0, sizeof(engine_on));
	next_page = 0x40400000;
}

void smmu_setup(uint32_t cr0)
{
	cmd_prod = event_cons = 0;
	qtest_writel(CR0, 0);
	qtest_writeq(STRTAB_BASE, STRTAB);
	qtest_writel(STRTAB_CFG, 13);
	qtest_writeq(CMDQ_BASE, CMDQ | CMDQ_LOG2);
	qtest_writel(CMDQ_PROD, 0);
	qtest_writel(CMDQ_CONS, 0);
	qtest_writeq(EVENTQ_BASE, EVENTQ | EVENTQ_LOG2);
	qtest_writel(EVENTQ_PROD, 0);
	qtest_writel(EVENTQ_CONS, 0);
	qtest_writeq(PRIQ_BASE, PRIQ | PRIQ_LOG2);
	qtest_writel(PRIQ_PROD, 0);
	qtest_writel(PRIQ_CONS, 0);
	qtest_writel(CR2, 2);			/* RECINVSID */
	qtest_writel(IRQ_CTRL, 7);
	qtest_writel(CR0, cr0);
}

void smmu_start(const char *options)
{
	board_start(options);
	smmu_setup(0x1f);	/* ATSCHK, CMDQEN, EVENTQEN, PRIQEN, SMMUEN */
}

void cmd(uint64_t w0, uint64_t w1)
{
	uint64_t w[2] = { w0, w1 };

	qtest_memwrite(CMDQ + (cmd_prod & ((1u << CMDQ_LOG2) - 1)) * 16, w, sizeof(w));
	cmd_prod = advance(cmd_prod, CMDQ_LOG2);
	qtest_writel(CMDQ_PROD, cmd_prod);
}

bool cmd_sync(void)
{
	cmd(SYNC, 0);
	return (qtest_readl(CMDQ_CONS) & 0xfffff) == cmd_prod;
}

unsigned int cmd_error(void)
{
	return qtest_readl(CMDQ_CONS) >> 24 & 0x7f;
}

bool event(uint64_t w[4])
{
	uint32_t prod = qtest_readl(EVENTQ_PROD);

	if ((prod & 0x7fffffff) == event_cons)
		return false;
	qtest_memread(EVENTQ + (event_cons & ((1u << EVENTQ_LOG2) - 1)) * 32, w, 32);
	event_cons = advance(event_cons, EVENTQ_LOG2);
	/* The overflow flag is acknowledged with it. */
	qtest_writel(EVENTQ_CONS, event_cons | (prod & 0x80000000));
	return true;
}

bool expect_event(unsigned int type, uint32_t sid, uint64_t w[4], const char *what)
{
	uint64_t more[4], *first = w ? w : more;

	if (!event(first))
		return ok(false, "%s: there is an event record", what);
	if ((first[0] & 0xff) != type || first[0] >> 32 != sid) {
		eq(first[0] & 0xff, type, "%s: event type", what);
		return eq(first[0] >> 32, sid, "%s: stream ID of the event", what);
	}
	return ok(!event(more), "%s: event 0x%02x, and no other", what, type);
}

void expect_no_event(const char *what)
{
	uint64_t w[4];
	bool any = event(w);

	ok(!any, "%s: no event record", what);
	if (any)
		printf("# event 0x%02x\n", (unsigned int)(w[0] & 0xff));
}

void ste_write(uint32_t sid, const uint64_t w[8])
{
	qtest_memwrite(STRTAB + sid * 64ULL, w, 64);
}

void ste_inv(uint32_t sid)
{
	cmd(CFGI_STE | CMD_SID(sid), 1);
	cmd_sync();
}

void ste_config(uint32_t sid, unsigned int config)
{
	uint64_t w[8] = { 1 | config << 1 };

	ste_write(sid, w);
	ste_inv(sid);
}

void ste_s1(uint32_t sid, uint64_t cd, unsigned int ssid_bits)
{
	uint64_t w[8] = {
		1 | STE_S1 << 1 | cd | (uint64_t)ssid_bits << 59,
		2,				/* S1DSS: substream 0 */
	};

	ste_write(sid, w);
	ste_inv(sid);
}

void ste_s2_words(uint64_t w[8], const struct tables *t, unsigned int vmid)
{
	/* S2SL0 by granule and first level */
	unsigned int sl0 = t->gbits == 12 ? 2 - t->level : 3 - t->level;
	unsigned int tg = t->gbits == 12 ? 0 : t->gbits == 16 ? 1 : 2;

	w[2] = vmid | (uint64_t)(64 - t->ibits) << 32 | (uint64_t)sl0 << 38 |
	       (uint64_t)tg << 46 |
	       5ULL << 48 |			/* S2PS: 48 bits */
	       1ULL << 51 |			/* S2AA64 */
	       1ULL << 58;			/* S2R */
	w[3] = t->root;
}

void ste_s2(uint32_t sid, const struct tables *t, unsigned int vmid)
{
	uint64_t w[8] = { 1 | STE_S2 << 1 };

	ste_s2_words(w, t, vmid);
	ste_write(sid, w);
	ste_inv(sid);
}

void ste_nested(uint32_t sid, uint64_t cd, const struct tables *t, unsigned int vmid)
{
	uint64_t w[8] = { 1 | STE_NESTED << 1 | cd, 2 };

	ste_s2_words(w, t, vmid);
	ste_write(sid, w);
	ste_inv(sid);
}

static unsigned int tg0_code(unsigned int gbits)
{
	return gbits == 12 ? 0 : gbits == 16 ? 1 : 2;
}

struct cd cd_default(const struct tables *t, unsigned int asid)
{
	return (struct cd) {
		.t0sz = 64 - t->ibits,
		.tg0 = tg0_code(t->gbits),
		.ips = 5,
		.asid = asid,
		.epd1 = true,
		.t1sz = 16,
		.tg1 = 2,
		.ttb0 = t->root,
	};
}

void cd_words(uint64_t w[8], const struct cd *cd)
{
	memset(w, 0, 64);
	w[0] = cd->t0sz | cd->tg0 << 6 | (uint64_t)cd->epd0 << 14 |
	       (uint64_t)cd->t1sz << 16 | (uint64_t)cd->tg1 << 22 |
	       (uint64_t)cd->epd1 << 30 | 1ULL << 31 | (uint64_t)cd->ips << 32 |
	       (uint64_t)cd->affd << 35 | (uint64_t)cd->wxn << 36 |
	       (uint64_t)cd->tbi0 << 38 | (uint64_t)cd->pan << 40 | 1ULL << 41 |
	       (uint64_t)cd->hd << 42 | (uint64_t)cd->ha << 43 |
	       (uint64_t)cd->stall << 44 | (uint64_t)!cd->no_record << 45 | 1ULL << 46 |
	       (uint64_t)cd->asid << 48;
	w[1] = cd->ttb0;
	w[2] = cd->ttb1;
	w[3] = 0xff;				/* MAIR: normal memory */
}

void cd_write(uint64_t addr, const struct cd *cd)
{
	uint64_t w[8];

	cd_words(w, cd);
	qtest_memwrite(addr, w, sizeof(w));
}

uint64_t page_alloc(unsigned int bits)
{
	uint64_t size = 1ULL << bits;
	uint64_t page = (next_page + size - 1) & ~(size - 1);

	next_page = page + size;
	qtest_memset(page, 0, size);
	return page;
}

struct tables tables_new(unsigned int gbits, unsigned int ibits)
{
	unsigned int stride = gbits - 3;
	unsigned int levels = (ibits - gbits + stride - 1) / stride;

	return (struct tables) {
		.root = page_alloc(gbits), .gbits = gbits, .ibits = ibits,
		.level = 4 - levels,
	};
}

struct tables tables_new_s2(unsigned int gbits, unsigned int ibits, unsigned int level)
{
	return (struct tables) {
		.root = page_alloc(gbits + 4), .gbits = gbits, .ibits = ibits,
		.level = level,
	};
}

static uint64_t step(struct tables *t, uint64_t va, unsigned int level, bool make)
{
	unsigned int stride = t->gbits - 3, top = t->ibits, shift, l;
	uint64_t base = t->root, addr, desc;

	for (l = t->level;; l++) {
		shift = t->gbits + stride * (3 - l);
		addr = base + ((va & ((1ULL << top) - 1)) >> shift) * 8;
		if (l == level)
			return addr;
		desc = qtest_readq(addr);
		if ((desc & 3) != D_TABLE) {
			if (!make)
				return 0;
			desc = page_alloc(t->gbits) | D_TABLE;
			qtest_writeq(addr, desc);
		}
		base = desc & 0xfffffffff000ULL & ~((1ULL << t->gbits) - 1);
		top = shift;
	}
}

uint64_t tables_set(struct tables *t, uint64_t va, unsigned int level, uint64_t desc)
{
	uint64_t addr = step(t, va, level, true);

	qtest_writeq(addr, desc);
	return addr;
}

uint64_t tables_find(struct tables *t, uint64_t va, unsigned int level)
{
	return step(t, va, level, false);
}

unsigned int submit(unsigned int n, const struct dmatest_desc *d)
{
	static const struct dmatest_done none;
	unsigned int slot;
	uint64_t at;

	if (!engine_on[n]) {
		qtest_writel(ENGINE(n) + DMATEST_CONTROL, DMATEST_CONTROL_RESET);
		qtest_writeq(ENGINE(n) + DMATEST_RING_BASE, 0);
		qtest_writel(ENGINE(n) + DMATEST_RING_LOG2, SLOTS_LOG2);
		qtest_writel(ENGINE(n) + DMATEST_IN_FLIGHT, 1 << SLOTS_LOG2);
		qtest_writel(ENGINE(n) + DMATEST_CONTROL,
			     DMATEST_CONTROL_ENABLE | DMATEST_CONTROL_RING_LOCAL);
		engine_on[n] = true;
		tail[n] = 0;
	}
	slot = tail[n] & ((1u << SLOTS_LOG2) - 1);
	at = ENGINE(n) + DMATEST_LOCAL + slot * DMATEST_SLOT_BYTES;
	qtest_memwrite(at, d, sizeof(*d));
	qtest_memwrite(at + DMATEST_DESC_BYTES, &none, sizeof(none));
	qtest_writel(ENGINE(n) + DMATEST_TAIL, ++tail[n]);
	return slot;
}

struct dmatest_done done_of(unsigned int n, unsigned int slot)
{
	struct dmatest_done d;

	qtest_memread(ENGINE(n) + DMATEST_LOCAL + slot * DMATEST_SLOT_BYTES +
		      DMATEST_DESC_BYTES, &d, sizeof(d));
	return d;
}

static struct dmatest_done probe(unsigned int n, uint64_t iova, int ssid, bool write,
				 uint32_t flags, uint64_t value)
{
	struct dmatest_desc d = {
		.op = write ? DMATEST_OP_WRITE_PROBE : DMATEST_OP_READ_PROBE,
		.flags = flags,
		.bytes = 8,
		.pattern = value,
	};

	if (write)
		d.dst = iova;
	else
		d.src = iova;
	if (ssid != SSID_NONE) {
		d.flags |= write ? DMATEST_F_DST_PASID : DMATEST_F_SRC_PASID;
		d.src_pasid = d.dst_pasid = ssid;
	}
	return done_of(n, submit(n, &d));
}

struct dmatest_done access_at(unsigned int n, uint64_t iova, int ssid, bool write,
			      uint32_t flags)
{
	return probe(n, iova, ssid, write, flags, 0x1122334455667788);
}

struct dmatest_done read_at(unsigned int n, uint64_t iova, int ssid)
{
	return probe(n, iova, ssid, false, 0, 0);
}

struct dmatest_done write_at(unsigned int n, uint64_t iova, int ssid, uint64_t value)
{
	return probe(n, iova, ssid, true, 0, value);
}

bool reads(unsigned int n, uint64_t iova, int ssid, uint64_t value)
{
	struct dmatest_done d = read_at(n, iova, ssid);

	if (d.status != DMATEST_OK)
		printf("# status %u fault %u syndrome 0x%x\n", d.status, d.fault, d.syndrome);
	else if (d.value != value)
		printf("# read 0x%llx\n", (unsigned long long)d.value);
	return d.status == DMATEST_OK && d.value == value;
}

bool faults(unsigned int n, uint64_t iova, int ssid, bool write, unsigned int type,
	    const char *what)
{
	struct dmatest_done d = access_at(n, iova, ssid, write, 0);

	if (d.status != DMATEST_REFUSED || d.syndrome != type) {
		printf("# status %u fault %u syndrome 0x%x\n", d.status, d.fault, d.syndrome);
		return ok(false, "%s: refused", what);
	}
	return expect_event(type, SID(n), NULL, what);
}
