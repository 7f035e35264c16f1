// SPDX-License-Identifier: GPL-2.0-only
/* Platform DMA test engines of the machine, and their nodes. */
#include "qemu/osdep.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "system/device_tree.h"
#include "hw/iommubench/dmatest/dmatest.h"
#include "internal.h"

void iob_engine_create(IobMachine *m, unsigned int i, hwaddr base, unsigned int spi,
		       IobIommu *iommu, uint32_t sid, bool stall, uint32_t pasid_bits)
{
	DeviceState *dev = qdev_new(TYPE_DMATEST_PLATFORM);

	object_property_add_child(OBJECT(m), g_strdup_printf("engine%u", i),
				  OBJECT(dev));
	if (iommu)
		object_property_set_link(OBJECT(dev), "iommu", OBJECT(iommu),
					 &error_fatal);
	qdev_prop_set_uint32(dev, "sid", sid);
	qdev_prop_set_bit(dev, "can-stall", stall);
	qdev_prop_set_uint32(dev, "max-pasid-bits", pasid_bits);
	sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
	sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
	sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0, qdev_get_gpio_in(m->gic, spi));
	m->engine[i] = dev;
	m->engine_spi[i] = spi;
}

char *iob_engine_fdt(IobMachine *m, void *fdt, const char *name, unsigned int i,
		     hwaddr base, uint32_t phandle, uint32_t sid)
{
	char *node = g_strdup_printf("/%s@%" PRIx64, name, base);
	Object *engine = OBJECT(m->engine[i]);
	unsigned int pasid_bits;

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop_string(fdt, node, "compatible", DMATEST_COMPATIBLE);
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, base, 2, DMATEST_BYTES);
	qemu_fdt_setprop_cells(fdt, node, "interrupts", GIC_SPI, m->engine_spi[i],
			       IRQ_LEVEL);
	if (!m->variant->no_snoop)
		qemu_fdt_setprop(fdt, node, "dma-coherent", NULL, 0);
	if (!phandle)
		return node;
	qemu_fdt_setprop_cells(fdt, node, "iommus", phandle, sid);
	if (object_property_get_bool(engine, "stall", &error_abort))
		qemu_fdt_setprop(fdt, node, "dma-can-stall", NULL, 0);
	pasid_bits = object_property_get_uint(engine, "pasid-bits", &error_abort);
	if (pasid_bits)
		qemu_fdt_setprop_cell(fdt, node, "pasid-num-bits", pasid_bits);
	return node;
}
