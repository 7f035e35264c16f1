// SPDX-License-Identifier: GPL-2.0-only
/* IPMMU-VMSA: registers, flushes, properties, reset. */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "internal.h"
#include "ipmmu.h"
#include "hw/iommubench/trace.h"

DECLARE_INSTANCE_CHECKER(IobIpmmu, IOB_IPMMU, TYPE_IOB_IPMMU)

static bool is_root(const IobIpmmu *s)
{
	return !s->main;
}

/*
 * The stock driver flushes the cache IPMMU first, then the root, waits for the
 * root only, and does not keep other CPUs from doing the same at the same time. So
 * what was asked of a cache IPMMU is done when the root is done, also if it was
 * asked again in the meantime.
 */
static void flush_asked(IobIpmmu *cache, unsigned int n)
{
	IpmmuContext *ctx = &cache->ctx[n];
	bool pending = ctx->ctr & IMCTR_FLUSH;

	if (cache->drop_flush || cache->stale_cache || !(ctx->armed || pending))
		return;
	ctx->armed = pending;
	ipmmu_tlb_drop(&cache->tlb, n);
}

static void flush_root(IobIpmmu *s, unsigned int n)
{
	ipmmu_tlb_drop(&s->tlb, n);
	for (unsigned int i = 0; i < s->num_caches; i++)
		flush_asked(s->caches[i], n);
}

static void flush_cache(IobIpmmu *s, unsigned int n)
{
	if (s->stale_cache)
		return;
	ipmmu_tlb_drop(&s->tlb, n);
	s->ctx[n].armed = true;
}

static void flush_done(IpmmuContext *ctx)
{
	IobIpmmu *s = ctx->mmu;
	unsigned int n = ctx - s->ctx;

	trace_iob_ipmmu_flush_done(s->main ? "cache" : "root", n);
	ctx->ctr &= ~IMCTR_FLUSH;
	if (s->drop_flush)
		return;
	if (is_root(s))
		flush_root(s, n);
	else
		flush_cache(s, n);
}

static void flush_timer(void *opaque)
{
	flush_done(opaque);
}

static void flush_start(IobIpmmu *s, IpmmuContext *ctx)
{
	trace_iob_ipmmu_flush(s->main ? "cache" : "root", ctx - s->ctx);
	if (s->lat_flush)
		timer_mod(ctx->flush_timer,
			  qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + s->lat_flush);
	else
		flush_done(ctx);
}

static void write_ctr(IobIpmmu *s, IpmmuContext *ctx, uint32_t value)
{
	if (!is_root(s))
		value &= IMCTR_CACHE_MASK;
	/* FLUSH goes by itself only. */
	ctx->ctr = value | (ctx->ctr & IMCTR_FLUSH);
	if (value & IMCTR_FLUSH)
		flush_start(s, ctx);
	if (is_root(s))
		ipmmu_update_irq(s);
}

static uint64_t read_ctx(IobIpmmu *s, IpmmuContext *ctx, unsigned int reg)
{
	if (reg == IMCTR)
		return ctx->ctr;
	if (!is_root(s))
		return 0;
	switch (reg) {
	case IMCAAR:
		return ctx->caar;
	case IMTTBCR:
		return ctx->ttbcr;
	case IMBUSCR:
		return ctx->buscr;
	case IMTTLBR0:
		return (uint32_t)ctx->ttbr[0];
	case IMTTUBR0:
		return ctx->ttbr[0] >> 32;
	case IMTTLBR1:
		return (uint32_t)ctx->ttbr[1];
	case IMTTUBR1:
		return ctx->ttbr[1] >> 32;
	case IMSTR:
		return ctx->str;
	case IMMAIR0:
		return ctx->mair[0];
	case IMMAIR1:
		return ctx->mair[1];
	case IMELAR:
		return (uint32_t)ctx->ear;
	case IMEUAR:
		return ctx->ear >> 32;
	default:
		return 0;
	}
}

static void set_low(uint64_t *reg, uint32_t value)
{
	*reg = deposit64(*reg, 0, 32, value);
}

static void set_high(uint64_t *reg, uint32_t value)
{
	*reg = deposit64(*reg, 32, 32, value);
}

static void write_ctx(IobIpmmu *s, IpmmuContext *ctx, unsigned int reg,
		      uint32_t value)
{
	if (reg == IMCTR) {
		write_ctr(s, ctx, value);
		return;
	}
	/* All else is implemented in the root only. */
	if (!is_root(s))
		return;
	switch (reg) {
	case IMCAAR:
		ctx->caar = value;
		break;
	case IMTTBCR:
		ctx->ttbcr = value;
		break;
	case IMBUSCR:
		ctx->buscr = value;
		break;
	case IMTTLBR0:
		set_low(&ctx->ttbr[0], value & IMTTLBR_MASK);
		break;
	case IMTTUBR0:
		set_high(&ctx->ttbr[0], value & IMTTUBR_MASK);
		break;
	case IMTTLBR1:
		set_low(&ctx->ttbr[1], value & IMTTLBR_MASK);
		break;
	case IMTTUBR1:
		set_high(&ctx->ttbr[1], value & IMTTUBR_MASK);
		break;
	case IMSTR:
		/*
		 * [linux]: cleared by writing 0; the address reads as 0 when the
		 * status was cleared.
		 */
		ctx->str &= value;
		if (!(ctx->str & IMSTR_ERRORS)) {
			ctx->str = 0;
			ctx->ear = 0;
		}
		ipmmu_update_irq(s);
		break;
	case IMMAIR0:
		ctx->mair[0] = value;
		break;
	case IMMAIR1:
		ctx->mair[1] = value;
		break;
	default:
		qemu_log_mask(LOG_GUEST_ERROR, "ipmmu: write to context register 0x%x\n",
			      reg);
	}
}

/* Which micro-TLB is at a register offset? Sets the register's own offset. */
static IpmmuUtlb *utlb_at(IobIpmmu *s, hwaddr addr, unsigned int *reg)
{
	*reg = addr & 0xf;
	if (addr >= IMUCTR_BASE0 && addr < IMUCTR_BASE0 + 32 * 16)
		return &s->utlb[(addr - IMUCTR_BASE0) / 16];
	if (addr >= IMUCTR_BASE32 && addr < IMUCTR_BASE32 + (IPMMU_UTLBS - 32) * 16)
		return &s->utlb[32 + (addr - IMUCTR_BASE32) / 16];
	return NULL;
}

static void write_utlb(IpmmuUtlb *u, unsigned int reg, uint32_t value)
{
	if (reg == IMUASID) {
		u->asid = value;
	} else if (reg == IMUCTR) {
		if (value & IMUCTR_FLUSH)
			u->gen++;
		u->ctr = value & ~IMUCTR_FLUSH;
	}
}

static uint64_t ipmmu_read(void *opaque, hwaddr addr, unsigned int size)
{
	IobIpmmu *s = opaque;
	unsigned int reg;
	IpmmuUtlb *u;

	if (addr < IPMMU_CONTEXTS * IPMMU_CTX_STRIDE)
		return read_ctx(s, &s->ctx[addr / IPMMU_CTX_STRIDE],
				addr % IPMMU_CTX_STRIDE);
	if (addr == IMSCTLR)
		return s->sctlr;
	if (addr == IMSAUXCTLR)
		return s->sauxctlr;
	u = utlb_at(s, addr, &reg);
	if (u && reg == IMUCTR)
		return u->ctr;
	if (u && reg == IMUASID)
		return u->asid;
	return 0;
}

static void ipmmu_write(void *opaque, hwaddr addr, uint64_t value, unsigned int size)
{
	IobIpmmu *s = opaque;
	unsigned int reg;
	IpmmuUtlb *u;

	if (addr < IPMMU_CONTEXTS * IPMMU_CTX_STRIDE) {
		write_ctx(s, &s->ctx[addr / IPMMU_CTX_STRIDE],
			  addr % IPMMU_CTX_STRIDE, value);
		return;
	}
	if (addr == IMSCTLR) {
		s->sctlr = value;
		return;
	}
	if (addr == IMSAUXCTLR) {
		/* Without stage 2 the bit does not stick. */
		s->sauxctlr = s->stage2 ? value : value & ~IMSAUXCTLR_S2PTE;
		return;
	}
	u = utlb_at(s, addr, &reg);
	if (u)
		write_utlb(u, reg, value);
	else
		qemu_log_mask(LOG_GUEST_ERROR, "ipmmu: write to 0x%" HWADDR_PRIx "\n",
			      addr);
}

static const MemoryRegionOps ipmmu_ops = {
	.read = ipmmu_read,
	.write = ipmmu_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 4, .max_access_size = 4 },
	.impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void reset_context(IpmmuContext *ctx)
{
	timer_del(ctx->flush_timer);
	timer_del(ctx->fault_timer);
	ctx->ctr = 0;
	ctx->caar = 0;
	ctx->ttbcr = 0;
	ctx->buscr = 0;
	ctx->ttbr[0] = 0;
	ctx->ttbr[1] = 0;
	ctx->str = 0;
	ctx->mair[0] = 0;
	ctx->mair[1] = 0;
	ctx->ear = 0;
	ctx->armed = false;
}

static void ipmmu_reset(DeviceState *dev)
{
	IobIpmmu *s = IOB_IPMMU(dev);

	for (unsigned int i = 0; i < IPMMU_CONTEXTS; i++) {
		reset_context(&s->ctx[i]);
		ipmmu_tlb_drop(&s->tlb, i);
	}
	for (unsigned int i = 0; i < IPMMU_UTLBS; i++) {
		s->utlb[i].ctr = 0;
		s->utlb[i].asid = 0;
		s->utlb[i].gen++;
	}
	s->sctlr = s->imsctlr_reset;
	s->sauxctlr = s->imsauxctlr_reset;
	if (!s->stage2)
		s->sauxctlr &= ~IMSAUXCTLR_S2PTE;
	qemu_set_irq(s->irq, 0);
}

static bool join_root(IobIpmmu *s, Error **errp)
{
	if (!s->main)
		return true;
	if (s->main->main) {
		error_setg(errp, "ipmmu: property main must name IPMMU-MM, not a cache IPMMU");
		return false;
	}
	if (s->main->num_caches == IPMMU_MAX_CACHES) {
		error_setg(errp, "ipmmu: more than %d cache IPMMUs at one root",
			   IPMMU_MAX_CACHES);
		return false;
	}
	s->main->caches[s->main->num_caches++] = s;
	return true;
}

static void ipmmu_realize(DeviceState *dev, Error **errp)
{
	IobIpmmu *s = IOB_IPMMU(dev);

	if (s->tlb_entries < IPMMU_TLB_WAYS || s->tlb_entries > 65536) {
		error_setg(errp, "ipmmu: tlb-entries=%u, expected %u to 65536",
			   s->tlb_entries, IPMMU_TLB_WAYS);
		return;
	}
	if (!join_root(s, errp))
		return;
	ipmmu_silicon_init(s);
	for (unsigned int i = 0; i < IPMMU_CONTEXTS; i++) {
		IpmmuContext *ctx = &s->ctx[i];

		ctx->mmu = s;
		ctx->flush_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, flush_timer, ctx);
		ctx->fault_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, ipmmu_fault_timer, ctx);
	}
	ipmmu_tlb_init(&s->tlb, s->tlb_entries);
	memory_region_init_io(&s->regs, OBJECT(s), &ipmmu_ops, s, TYPE_IOB_IPMMU,
			      IPMMU_BYTES);
	sysbus_init_mmio(SYS_BUS_DEVICE(s), &s->regs);
	sysbus_init_irq(SYS_BUS_DEVICE(s), &s->irq);
}

static AddressSpace *if_address_space(IobIommu *iommu, uint32_t sid)
{
	return ipmmu_address_space(IOB_IPMMU(iommu), sid);
}

static void if_set_privileged(IobIommu *iommu, uint32_t sid)
{
	IOB_IPMMU(iommu)->utlb[MIN(sid, IPMMU_UTLBS - 1)].priv = true;
}

static const Property ipmmu_properties[] = {
	DEFINE_PROP_LINK("main", IobIpmmu, main, TYPE_IOB_IPMMU, IobIpmmu *),
	DEFINE_PROP_STRING("soc", IobIpmmu, soc),
	DEFINE_PROP_STRING("name", IobIpmmu, name),
	DEFINE_PROP_ON_OFF_AUTO("stage2", IobIpmmu, stage2_prop, ON_OFF_AUTO_AUTO),
	DEFINE_PROP_ON_OFF_AUTO("stale-cache", IobIpmmu, stale_cache_prop,
				ON_OFF_AUTO_AUTO),
	DEFINE_PROP_ON_OFF_AUTO("sticky-fault", IobIpmmu, sticky_fault_prop,
				ON_OFF_AUTO_AUTO),
	DEFINE_PROP_BOOL("ns-check", IobIpmmu, ns_check, true),
	DEFINE_PROP_BOOL("drop-flush", IobIpmmu, drop_flush, false),
	DEFINE_PROP_UINT32("imsctlr", IobIpmmu, imsctlr_reset, IPMMU_AS_FIRMWARE),
	DEFINE_PROP_UINT32("imsauxctlr", IobIpmmu, imsauxctlr_reset,
			   IPMMU_AS_FIRMWARE),
	DEFINE_PROP_UINT32("tlb-entries", IobIpmmu, tlb_entries, 512),
	DEFINE_PROP_UINT64("lat-flush-ns", IobIpmmu, lat_flush, 0),
	DEFINE_PROP_UINT64("lat-walk-level-ns", IobIpmmu, lat_walk_level, 0),
	DEFINE_PROP_UINT64("lat-tlb-hit-ns", IobIpmmu, lat_tlb_hit, 0),
	DEFINE_PROP_UINT64("lat-fault-ns", IobIpmmu, lat_fault, 0),
};

static void ipmmu_class_init(ObjectClass *klass, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);
	IobIommuClass *ic = IOB_IOMMU_CLASS(klass);

	dc->desc = "Renesas IPMMU-VMSA";
	dc->realize = ipmmu_realize;
	device_class_set_legacy_reset(dc, ipmmu_reset);
	device_class_set_props(dc, ipmmu_properties);
	ic->translate = ipmmu_translate;
	ic->address_space = if_address_space;
	ic->set_privileged = if_set_privileged;
}

static const TypeInfo ipmmu_info = {
	.name = TYPE_IOB_IPMMU,
	.parent = TYPE_SYS_BUS_DEVICE,
	.instance_size = sizeof(IobIpmmu),
	.class_init = ipmmu_class_init,
	.interfaces = (InterfaceInfo[]) {
		{ TYPE_IOB_IOMMU },
		{ }
	},
};

static void ipmmu_register(void)
{
	type_register_static(&ipmmu_info);
}

type_init(ipmmu_register)
