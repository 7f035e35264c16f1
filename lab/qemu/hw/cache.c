// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPUs' caches for devices that do not snoop: see cache.h.
 *
 * Maintenance by address is hooked in the CPUs' tables of system instructions. CPUs execute it
 * without the big QEMU lock, side by side (MTTCG), so that the state has a lock of its own. Nothing
 * here takes virtual time.
 */
#include "qemu/osdep.h"
#include "qemu/bitmap.h"
#include "qemu/thread.h"
#include "cpu.h"
#include "exec/address-spaces.h"
#include "exec/exec-all.h"
#include "system/reset.h"
#include "system/tcg.h"
#include "target/arm/cpregs.h"
#include "target/arm/internals.h"
#include "cache.h"

/* Of all CPUs that the machine takes; one with shorter lines only does more than is needed. */
#define LINE		64
#define MAX_RAM		2

/* Bits of what an instruction does to a line. */
#define CLEAN		BIT(0)
#define INVALIDATE	BIT(1)

/**
 * struct CacheRam - one piece of RAM
 * @view:	what masters see of it
 * @before:	what CPUs had when a master wrote
 * @known:	a bit for each line: @view holds it
 * @written:	a bit for each line: a master wrote it, and CPUs do not see that yet
 */
typedef struct CacheRam {
	hwaddr base;
	uint64_t bytes;
	uint8_t *view;
	uint8_t *before;
	unsigned long *known;
	unsigned long *written;
} CacheRam;

static CacheRam ram[MAX_RAM];
static unsigned int num_ram;
static bool cache_on;
static QemuMutex lock;

static CacheRam *ram_at(hwaddr addr)
{
	for (unsigned int i = 0; i < num_ram; i++)
		if (addr - ram[i].base < ram[i].bytes)
			return &ram[i];
	return NULL;
}

/* The CPUs' memory, a line of it. */
static void cpu_line(hwaddr addr, uint8_t *buf, bool write)
{
	address_space_rw(&address_space_memory, addr, MEMTXATTRS_UNSPECIFIED, buf, LINE, write);
}

/*
 * A line that is cleaned and invalidated after a master wrote it: what CPUs stored meanwhile is
 * dirty and wins, as on silicon. If they stored nothing, there is nothing to be cleaned.
 */
static void maintain(CacheRam *r, hwaddr addr, unsigned int what)
{
	uint64_t n = (addr - r->base) / LINE;
	uint8_t *view = r->view + n * LINE;
	bool written = test_bit(n, r->written);
	uint8_t now[LINE];

	if ((what & CLEAN) && (what & INVALIDATE) && written) {
		cpu_line(addr, now, false);
		what = memcmp(now, r->before + n * LINE, LINE) ? CLEAN : INVALIDATE;
	}
	if (what & CLEAN) {
		cpu_line(addr, view, false);
		set_bit(n, r->known);
	} else if (written) {
		cpu_line(addr, view, true);
	}
	clear_bit(n, r->written);
}

/* Where there is no translation, silicon would fault; QEMU never did here. */
static void dc_op(CPUARMState *env, uint64_t va, unsigned int what)
{
	CPUTLBEntryFull *full;
	hwaddr addr;
	CacheRam *r;
	int flags;

	flags = probe_access_full_mmu(env, va, 1, MMU_DATA_LOAD, arm_env_mmu_index(env), NULL,
				      &full);
	if (flags & (TLB_INVALID_MASK | TLB_MMIO))
		return;
	addr = (full->phys_addr & TARGET_PAGE_MASK) | (va & ~TARGET_PAGE_MASK & -LINE);
	r = ram_at(addr);
	if (!r)
		return;
	qemu_mutex_lock(&lock);
	maintain(r, addr, what);
	qemu_mutex_unlock(&lock);
}

static void dc_clean(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
	dc_op(env, va, CLEAN);
}

static void dc_invalidate(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
	dc_op(env, va, INVALIDATE);
}

static void dc_clean_invalidate(CPUARMState *env, const ARMCPRegInfo *ri, uint64_t va)
{
	dc_op(env, va, CLEAN | INVALIDATE);
}

/* Op1, CRm and op2 of a DC instruction, whose op0 is 1 and CRn 7. */
static const struct DcHook {
	uint8_t opc1;
	uint8_t crm;
	uint8_t opc2;
	CPWriteFn *fn;
} dc_hooks[] = {
	{ 0, 6, 1, dc_invalidate },		/* IVAC */
	{ 3, 10, 1, dc_clean },			/* CVAC */
	{ 3, 12, 1, dc_clean },			/* CVAP */
	{ 3, 13, 1, dc_clean },			/* CVADP */
	{ 3, 14, 1, dc_clean_invalidate },	/* CIVAC */
};

/* Who may use them stays as it is: only "does nothing" is replaced. */
static void hook_cpu(ARMCPU *cpu)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(dc_hooks); i++) {
		const struct DcHook *h = &dc_hooks[i];
		uint32_t key = ENCODE_AA64_CP_REG(CP_REG_ARM64_SYSREG_CP, 7, h->crm, 1, h->opc1,
						  h->opc2);
		ARMCPRegInfo *ri = g_hash_table_lookup(cpu->cp_regs, (gpointer)(uintptr_t)key);

		if (!ri)
			continue;
		ri->type = (ri->type & ~ARM_CP_SPECIAL_MASK) | ARM_CP_NO_RAW |
			   ARM_CP_SUPPRESS_TB_END;
		ri->writefn = h->fn;
	}
}

/* Software that starts anew has to clean anew. */
static void cache_reset(void *opaque)
{
	for (unsigned int i = 0; i < num_ram; i++) {
		bitmap_zero(ram[i].known, ram[i].bytes / LINE);
		bitmap_zero(ram[i].written, ram[i].bytes / LINE);
	}
}

void iob_cache_init(void)
{
	CPUState *cpu;

	if (!tcg_enabled())
		return;
	qemu_mutex_init(&lock);
	CPU_FOREACH(cpu)
		hook_cpu(ARM_CPU(cpu));
	qemu_register_reset(cache_reset, NULL);
	cache_on = true;
}

/* Host memory is taken where lines are touched only. */
void iob_cache_add_ram(hwaddr base, uint64_t bytes)
{
	CacheRam *r = &ram[num_ram];

	if (!cache_on || !bytes)
		return;
	g_assert(num_ram < MAX_RAM);
	r->base = base;
	r->bytes = bytes;
	r->view = qemu_anon_ram_alloc(bytes, NULL, false, true);
	r->before = qemu_anon_ram_alloc(bytes, NULL, false, true);
	r->known = bitmap_new(bytes / LINE);
	r->written = bitmap_new(bytes / LINE);
	g_assert(r->view && r->before);
	num_ram++;
}

static void master_read(const CacheRam *r, hwaddr addr, uint8_t *buf, hwaddr bytes)
{
	hwaddr at = addr - r->base;

	if (test_bit(at / LINE, r->known))
		memcpy(buf, r->view + at, bytes);
	else
		memset(buf, IOB_CACHE_NEVER, bytes);
}

/* What it does not write of a line that was never cleaned is as the CPUs have it. */
static void master_write(CacheRam *r, hwaddr addr, const uint8_t *buf, hwaddr bytes)
{
	hwaddr at = addr - r->base;
	uint64_t n = at / LINE;

	if (!test_and_set_bit(n, r->written))
		cpu_line(r->base + n * LINE, r->before + n * LINE, false);
	if (!test_and_set_bit(n, r->known))
		memcpy(r->view + n * LINE, r->before + n * LINE, LINE);
	memcpy(r->view + at, buf, bytes);
}

MemTxResult iob_memory_rw(AddressSpace *as, hwaddr addr, void *buf, hwaddr bytes, bool write)
{
	CacheRam *r = ram_at(addr);
	hwaddr done, part;

	if (!r || bytes > r->bytes - (addr - r->base))
		return address_space_rw(as, addr, MEMTXATTRS_UNSPECIFIED, buf, bytes, write);
	qemu_mutex_lock(&lock);
	for (done = 0; done < bytes; done += part) {
		part = MIN(bytes - done, LINE - (addr + done) % LINE);
		if (write)
			master_write(r, addr + done, (uint8_t *)buf + done, part);
		else
			master_read(r, addr + done, (uint8_t *)buf + done, part);
	}
	qemu_mutex_unlock(&lock);
	return MEMTX_OK;
}
