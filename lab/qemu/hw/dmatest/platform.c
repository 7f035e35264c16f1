// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine, platform form: one memory region, one wired interrupt, stall.
 *
 * Device tree: compatible "iommubench,dmatest"; iommus with the stream ID, and
 * behind an SMMUv3 dma-can-stall and pasid-num-bits.
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "dmatest.h"

OBJECT_DECLARE_SIMPLE_TYPE(DmaTestPlatform, DMATEST_PLATFORM)

/**
 * struct DmaTestPlatform - a platform engine
 * @iommu:	property "iommu", none: memory is accessed directly
 * @sid:	property "sid": stream ID (IPMMU: micro-TLB)
 * @can_stall:	property "can-stall": the IOMMU stalls; limits property "stall"
 * @max_pasid_bits: property "max-pasid-bits": limits property "pasid-bits"
 */
struct DmaTestPlatform {
	SysBusDevice parent;

	DmaTest dma;
	IobIommu *iommu;
	uint32_t sid;
	bool can_stall;
	uint32_t max_pasid_bits;
	qemu_irq irq;
};

static DmaTestPlatform *of_dma(DmaTest *dev)
{
	return container_of(dev, DmaTestPlatform, dma);
}

static IobIommu *platform_iommu(DmaTest *dev, uint32_t *sid)
{
	*sid = of_dma(dev)->sid;
	return of_dma(dev)->iommu;
}

static AddressSpace *platform_as(DmaTest *dev)
{
	return &address_space_memory;
}

static void platform_set_irq(DmaTest *dev, bool level)
{
	qemu_set_irq(of_dma(dev)->irq, level);
}

static bool platform_may_master(DmaTest *dev)
{
	return true;
}

static bool platform_pasid_on(DmaTest *dev)
{
	return dev->pasid_bits;
}

static bool platform_off(DmaTest *dev)
{
	return false;
}

static const DmaTestBackend platform_backend = {
	.iommu = platform_iommu,
	.as = platform_as,
	.set_irq = platform_set_irq,
	.may_master = platform_may_master,
	.pasid_on = platform_pasid_on,
	.ats_on = platform_off,
	.pri_on = platform_off,
};

static void platform_realize(DeviceState *d, Error **errp)
{
	DmaTestPlatform *s = DMATEST_PLATFORM(d);

	if (s->dma.pasid_bits > 20) {
		error_setg(errp, "dmatest: pasid-bits=%u, expected 0 to 20",
			   s->dma.pasid_bits);
		return;
	}
	/* Without the IOMMU's help the device has no use for either. */
	s->dma.stall &= s->can_stall;
	s->dma.pasid_bits = MIN(s->dma.pasid_bits, s->max_pasid_bits);
	dmatest_init(&s->dma, d, &platform_backend);
	sysbus_init_mmio(SYS_BUS_DEVICE(d), &s->dma.container);
	sysbus_init_irq(SYS_BUS_DEVICE(d), &s->irq);
}

static void platform_unrealize(DeviceState *d)
{
	dmatest_exit(&DMATEST_PLATFORM(d)->dma);
}

static void platform_reset(DeviceState *d)
{
	dmatest_reset(&DMATEST_PLATFORM(d)->dma);
}

static const Property platform_properties[] = {
	DMATEST_PROPERTIES(DmaTestPlatform, dma),
	DEFINE_PROP_LINK("iommu", DmaTestPlatform, iommu, TYPE_IOB_IOMMU, IobIommu *),
	DEFINE_PROP_UINT32("sid", DmaTestPlatform, sid, 0),
	DEFINE_PROP_UINT32("pasid-bits", DmaTestPlatform, dma.pasid_bits, 16),
	DEFINE_PROP_BOOL("stall", DmaTestPlatform, dma.stall, true),
	DEFINE_PROP_BOOL("can-stall", DmaTestPlatform, can_stall, true),
	DEFINE_PROP_UINT32("max-pasid-bits", DmaTestPlatform, max_pasid_bits, 20),
};

static void platform_class_init(ObjectClass *klass, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);

	dc->desc = "iommubench DMA test engine";
	dc->realize = platform_realize;
	dc->unrealize = platform_unrealize;
	device_class_set_legacy_reset(dc, platform_reset);
	device_class_set_props(dc, platform_properties);
}

static const TypeInfo platform_info = {
	.name = TYPE_DMATEST_PLATFORM,
	.parent = TYPE_SYS_BUS_DEVICE,
	.instance_size = sizeof(DmaTestPlatform),
	.class_init = platform_class_init,
};

static void platform_register(void)
{
	type_register_static(&platform_info);
}

type_init(platform_register)
