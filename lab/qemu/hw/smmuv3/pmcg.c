// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 performance monitor counter group (IHI 0070, chapter 10).
 *
 * Properties:
 *   smmu		link to the SMMU
 *   counters		1 to 32, default 8
 *   counter-bits	32 or 64, default 64
 *   events		which events it has: bit n for event n (0 to 7)
 *   impdef		which of ours it has: bit n for event 0x80 + n
 *   global-filter	one stream filter for all counters
 *   iidr		implementer and product
 *
 * Events of ours: 0x80 commands, 0x81 TLBI commands, 0x82 SYNC commands, 0x83 event
 * records, 0x84 stalled transactions, 0x85 page requests, 0x86 ATC invalidations.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "pmcg.h"
#include "smmuv3.h"

#define PMCG_EVTYPER		0x400
#define PMCG_SVR		0x600
#define PMCG_SMR		0xa00
#define PMCG_CNTENSET		0xc00
#define PMCG_CNTENCLR		0xc20
#define PMCG_INTENSET		0xc40
#define PMCG_INTENCLR		0xc60
#define PMCG_OVSCLR		0xc80
#define PMCG_OVSSET		0xcc0
#define PMCG_CAPR		0xd88
#define PMCG_SCR		0xdf8
#define PMCG_CFGR		0xe00
#define  CFGR_SIZE_SHIFT	8
#define  CFGR_RELOC_CTRS	BIT(20)
#define  CFGR_MSI		BIT(21)
#define  CFGR_CAPTURE		BIT(22)
#define  CFGR_SID_FILTER_TYPE	BIT(23)
#define PMCG_CR			0xe04
#define PMCG_IIDR		0xe08
#define PMCG_CEID		0xe20
#define PMCG_IRQ_CTRL		0xe50
#define PMCG_IRQ_CTRLACK	0xe54
#define PMCG_IRQ_CFG0		0xe58
#define PMCG_IRQ_CFG1		0xe60
#define PMCG_IRQ_CFG2		0xe64

#define EVTYPER_EVENT		0xffffu
#define EVTYPER_SPAN		BIT(29)
#define EVTYPER_OVFCAP		BIT(31)

#define PMCG_MAX		32

OBJECT_DECLARE_SIMPLE_TYPE(SmmuPmcg, IOB_PMCG)

/**
 * struct SmmuPmcg - a counter group
 * @since:	virtual time up to which cycle counters are up to date
 */
struct SmmuPmcg {
	SysBusDevice parent;
	MemoryRegion page0, page1;
	qemu_irq irq;
	QEMUTimer *timer;

	IobSmmu *smmu;
	uint32_t num;
	uint32_t bits;
	uint32_t events;
	uint32_t impdef;
	bool global_filter;
	bool msi;
	uint32_t iidr;
	uint32_t msi_devid;

	uint64_t counter[PMCG_MAX];
	uint64_t shadow[PMCG_MAX];
	uint32_t evtyper[PMCG_MAX];
	uint32_t smr[PMCG_MAX];
	uint32_t cnten, inten, ovs, cr, irq_ctrl;
	uint64_t irq_addr;
	uint32_t irq_data, irq_attr;
	int64_t since;
};

static uint64_t counter_mask(const SmmuPmcg *p)
{
	return MAKE_64BIT_MASK(0, p->bits);
}

static void capture(SmmuPmcg *p)
{
	memcpy(p->shadow, p->counter, sizeof(p->shadow));
}

static void raise_irq(SmmuPmcg *p)
{
	MemTxAttrs attrs = { .requester_id = p->msi_devid };
	MemTxResult res;

	if (!(p->irq_ctrl & 1))
		return;
	if (p->msi && p->irq_addr)
		address_space_stl_le(&address_space_memory, p->irq_addr, p->irq_data,
				     attrs, &res);
	else
		qemu_irq_pulse(p->irq);
}

static void add(SmmuPmcg *p, unsigned int i, uint64_t n)
{
	uint64_t old = p->counter[i];

	p->counter[i] = (old + n) & counter_mask(p);
	if (p->counter[i] >= old)
		return;
	p->ovs |= BIT(i);
	if (p->evtyper[i] & EVTYPER_OVFCAP)
		capture(p);
	if (p->inten & BIT(i))
		raise_irq(p);
}

static bool counts(const SmmuPmcg *p, unsigned int i)
{
	return (p->cr & 1) && (p->cnten & BIT(i));
}

static unsigned int event_of(const SmmuPmcg *p, unsigned int i)
{
	return p->evtyper[i] & EVTYPER_EVENT;
}

/* SMR: with a span, the lowest clear bit tells how many bits are free. */
static bool filter_matches(const SmmuPmcg *p, unsigned int i, uint32_t sid)
{
	uint32_t match = p->smr[p->global_filter ? 0 : i];
	bool span = p->evtyper[p->global_filter ? 0 : i] & EVTYPER_SPAN;
	unsigned int low;

	if (!span)
		return sid == match && sid != SMMU_NO_SID;
	low = cto32(match);
	if (low >= 31)
		return true;
	return sid != SMMU_NO_SID && !((sid ^ match) >> (low + 1));
}

/* The clock is 1 GHz of virtual time. */
static void update_cycles(SmmuPmcg *p)
{
	int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	uint64_t left = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < p->num; i++) {
		if (!counts(p, i) || event_of(p, i) != SMMU_PMU_CYCLES)
			continue;
		add(p, i, now - p->since);
		left = MIN(left, counter_mask(p) - p->counter[i]);
	}
	p->since = now;
	if (left < INT64_MAX - now - 1)
		timer_mod(p->timer, now + left + 1);
	else
		timer_del(p->timer);
}

static void cycles_timer(void *opaque)
{
	update_cycles(opaque);
}

static bool has_event(const SmmuPmcg *p, unsigned int event)
{
	if (event < 32)
		return p->events & BIT(event);
	if (event >= SMMU_PMU_IMPDEF && event < SMMU_PMU_END)
		return p->impdef & BIT(event - SMMU_PMU_IMPDEF);
	return false;
}

static void count(IobSmmu *s, unsigned int event, uint32_t sid, unsigned int n)
{
	unsigned int g, i;

	for (g = 0; g < s->num_pmcg; g++) {
		SmmuPmcg *p = s->pmcg[g];

		for (i = 0; i < p->num; i++) {
			if (counts(p, i) && event_of(p, i) == event && has_event(p, event) &&
			    filter_matches(p, i, sid))
				add(p, i, n);
		}
	}
}

static void update_count(IobSmmu *s)
{
	unsigned int g;

	s->count = NULL;
	for (g = 0; g < s->num_pmcg; g++) {
		if ((s->pmcg[g]->cr & 1) && s->pmcg[g]->cnten)
			s->count = count;
	}
}

static unsigned int stride(const SmmuPmcg *p)
{
	return p->bits > 32 ? 8 : 4;
}

static uint64_t part(uint64_t value, hwaddr offset, unsigned int size)
{
	return size == 8 ? value : extract64(value, offset & 4 ? 32 : 0, 32);
}

/* Counter index at an offset within an array of them, or -1 */
static int index_at(const SmmuPmcg *p, hwaddr offset, unsigned int step)
{
	return offset / step < p->num ? offset / step : -1;
}

static uint64_t counter_read(SmmuPmcg *p, const uint64_t *array, hwaddr offset,
			     unsigned int size)
{
	int i = index_at(p, offset, stride(p));

	if (i < 0)
		return 0;
	return stride(p) == 8 ? part(array[i], offset, size) : array[i];
}

static void counter_write(SmmuPmcg *p, hwaddr offset, uint64_t value, unsigned int size)
{
	int i = index_at(p, offset, stride(p));

	if (i < 0)
		return;
	if (stride(p) == 8 && size == 4)
		value = deposit64(p->counter[i], offset & 4 ? 32 : 0, 32, value);
	p->counter[i] = value & counter_mask(p);
}

/* Events 0 to 127 in CEID0 and CEID1, ours have no place there. */
static uint64_t ceid(const SmmuPmcg *p, hwaddr offset, unsigned int size)
{
	return offset < 8 ? part(p->events, offset, size) : 0;
}

static uint32_t cfgr(const SmmuPmcg *p)
{
	return (p->num - 1) | (p->bits - 1) << CFGR_SIZE_SHIFT | CFGR_RELOC_CTRS |
	       CFGR_CAPTURE | (p->msi ? CFGR_MSI : 0) |
	       (p->global_filter ? CFGR_SID_FILTER_TYPE : 0);
}

static uint64_t page0_read(void *opaque, hwaddr offset, unsigned int size)
{
	SmmuPmcg *p = opaque;
	int i;

	switch (offset) {
	case PMCG_EVTYPER ... PMCG_EVTYPER + 4 * PMCG_MAX - 1:
		i = index_at(p, offset - PMCG_EVTYPER, 4);
		return i < 0 ? 0 : p->evtyper[i];
	case PMCG_SMR ... PMCG_SMR + 4 * PMCG_MAX - 1:
		i = index_at(p, offset - PMCG_SMR, 4);
		return i < 0 ? 0 : p->smr[i];
	case PMCG_CNTENSET:
	case PMCG_CNTENCLR:
		return p->cnten;
	case PMCG_INTENSET:
	case PMCG_INTENCLR:
		return p->inten;
	case PMCG_CFGR:
		return cfgr(p);
	case PMCG_CR:
		return p->cr;
	case PMCG_IIDR:
		return p->iidr;
	case PMCG_CEID ... PMCG_CEID + 15:
		return ceid(p, offset - PMCG_CEID, size);
	case PMCG_IRQ_CTRL:
	case PMCG_IRQ_CTRLACK:
		return p->irq_ctrl;
	case PMCG_IRQ_CFG0 ... PMCG_IRQ_CFG0 + 4:
		return part(p->irq_addr, offset, size);
	case PMCG_IRQ_CFG1:
		return p->irq_data;
	case PMCG_IRQ_CFG2:
		return p->irq_attr;
	}
	return 0;
}

static void page0_write(void *opaque, hwaddr offset, uint64_t value, unsigned int size)
{
	SmmuPmcg *p = opaque;
	uint32_t all = MAKE_64BIT_MASK(0, p->num);
	int i;

	update_cycles(p);
	switch (offset) {
	case PMCG_EVTYPER ... PMCG_EVTYPER + 4 * PMCG_MAX - 1:
		i = index_at(p, offset - PMCG_EVTYPER, 4);
		if (i >= 0)
			p->evtyper[i] = value & (EVTYPER_EVENT | EVTYPER_SPAN |
						 EVTYPER_OVFCAP);
		break;
	case PMCG_SMR ... PMCG_SMR + 4 * PMCG_MAX - 1:
		i = index_at(p, offset - PMCG_SMR, 4);
		if (i >= 0)
			p->smr[i] = value;
		break;
	case PMCG_CNTENSET:
		p->cnten |= value & all;
		break;
	case PMCG_CNTENCLR:
		p->cnten &= ~value;
		break;
	case PMCG_INTENSET:
		p->inten |= value & all;
		break;
	case PMCG_INTENCLR:
		p->inten &= ~value;
		break;
	case PMCG_CAPR:
		if (value & 1)
			capture(p);
		break;
	case PMCG_CR:
		p->cr = value & 1;
		break;
	case PMCG_IRQ_CTRL:
		p->irq_ctrl = value & 1;
		break;
	case PMCG_IRQ_CFG0 ... PMCG_IRQ_CFG0 + 4:
		if (!p->msi || (p->irq_ctrl & 1))
			break;
		if (size == 4)
			value = deposit64(p->irq_addr, offset & 4 ? 32 : 0, 32, value);
		p->irq_addr = value & MSI_ADDR_MASK;
		break;
	case PMCG_IRQ_CFG1:
		p->irq_data = value;
		break;
	case PMCG_IRQ_CFG2:
		p->irq_attr = value;
		break;
	}
	update_cycles(p);
	update_count(p->smmu);
}

static uint64_t page1_read(void *opaque, hwaddr offset, unsigned int size)
{
	SmmuPmcg *p = opaque;

	update_cycles(p);
	switch (offset) {
	case 0 ... 8 * PMCG_MAX - 1:
		return counter_read(p, p->counter, offset, size);
	case PMCG_SVR ... PMCG_SVR + 8 * PMCG_MAX - 1:
		return counter_read(p, p->shadow, offset - PMCG_SVR, size);
	case PMCG_OVSCLR:
	case PMCG_OVSSET:
		return p->ovs;
	}
	return 0;
}

static void page1_write(void *opaque, hwaddr offset, uint64_t value, unsigned int size)
{
	SmmuPmcg *p = opaque;

	update_cycles(p);
	switch (offset) {
	case 0 ... 8 * PMCG_MAX - 1:
		counter_write(p, offset, value, size);
		break;
	case PMCG_OVSCLR:
		p->ovs &= ~value;
		break;
	case PMCG_OVSSET:
		p->ovs |= value & MAKE_64BIT_MASK(0, p->num);
		break;
	}
	update_cycles(p);
}

static const MemoryRegionOps page0_ops = {
	.read = page0_read,
	.write = page0_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 4, .max_access_size = 8 },
	.impl = { .min_access_size = 4, .max_access_size = 8 },
};

static const MemoryRegionOps page1_ops = {
	.read = page1_read,
	.write = page1_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 4, .max_access_size = 8 },
	.impl = { .min_access_size = 4, .max_access_size = 8 },
};

static void hold_reset(Object *obj, ResetType type)
{
	SmmuPmcg *p = IOB_PMCG(obj);

	timer_del(p->timer);
	memset(p->counter, 0, sizeof(p->counter));
	memset(p->shadow, 0, sizeof(p->shadow));
	memset(p->evtyper, 0, sizeof(p->evtyper));
	memset(p->smr, 0, sizeof(p->smr));
	p->cnten = p->inten = p->ovs = p->cr = p->irq_ctrl = 0;
	p->irq_addr = 0;
	p->irq_data = p->irq_attr = 0;
	p->since = 0;
	update_count(p->smmu);
}

static void realize(DeviceState *dev, Error **errp)
{
	SmmuPmcg *p = IOB_PMCG(dev);

	if (!p->smmu || p->smmu->num_pmcg == ARRAY_SIZE(p->smmu->pmcg)) {
		error_setg(errp, "property smmu is not set, or it has all its groups");
		return;
	}
	if (!p->num || p->num > PMCG_MAX || (p->bits != 32 && p->bits != 64)) {
		error_setg(errp, "counters=%u counter-bits=%u: use 1 to 32 counters of 32 or 64 bits",
			   p->num, p->bits);
		return;
	}
	p->smmu->pmcg[p->smmu->num_pmcg++] = p;
	p->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, cycles_timer, p);
	memory_region_init_io(&p->page0, OBJECT(p), &page0_ops, p, "iob-pmcg-0",
			      PMCG_PAGE_BYTES);
	memory_region_init_io(&p->page1, OBJECT(p), &page1_ops, p, "iob-pmcg-1",
			      PMCG_PAGE_BYTES);
	sysbus_init_mmio(SYS_BUS_DEVICE(dev), &p->page0);
	sysbus_init_mmio(SYS_BUS_DEVICE(dev), &p->page1);
	sysbus_init_irq(SYS_BUS_DEVICE(dev), &p->irq);
}

static const Property props[] = {
	DEFINE_PROP_LINK("smmu", SmmuPmcg, smmu, TYPE_IOB_SMMUV3, IobSmmu *),
	DEFINE_PROP_UINT32("counters", SmmuPmcg, num, 8),
	DEFINE_PROP_UINT32("counter-bits", SmmuPmcg, bits, 64),
	DEFINE_PROP_UINT32("events", SmmuPmcg, events, 0xff),
	DEFINE_PROP_UINT32("impdef", SmmuPmcg, impdef, 0x7f),
	DEFINE_PROP_BOOL("global-filter", SmmuPmcg, global_filter, false),
	DEFINE_PROP_BOOL("msi", SmmuPmcg, msi, false),
	DEFINE_PROP_UINT32("msi-devid", SmmuPmcg, msi_devid, 0),
	DEFINE_PROP_UINT32("iidr", SmmuPmcg, iidr, 0),
};

static const VMStateDescription vmstate = {
	.name = TYPE_IOB_PMCG,
	.unmigratable = 1,
};

static void class_init(ObjectClass *oc, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(oc);
	ResettableClass *rc = RESETTABLE_CLASS(oc);

	dc->desc = "iommubench SMMUv3 performance monitor counter group";
	dc->realize = realize;
	dc->vmsd = &vmstate;
	device_class_set_props(dc, props);
	rc->phases.hold = hold_reset;
}

static const TypeInfo info = {
	.name = TYPE_IOB_PMCG,
	.parent = TYPE_SYS_BUS_DEVICE,
	.instance_size = sizeof(SmmuPmcg),
	.class_init = class_init,
};

static void register_types(void)
{
	type_register_static(&info);
}

type_init(register_types)
