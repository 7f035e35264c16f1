// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's PL330 behind an IOMMU, and its node (arm,pl330.yaml): a DMA controller that Linux
 * drives and offers to others by its dmaengine.
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "system/device_tree.h"
#include "internal.h"

#define PL330_BYTES	0x1000

/* The line for faults and one for each event; the binding knows no more than eight. */
#define PL330_IRQS	9

void iob_pl330_create(IobMachine *m, hwaddr base, IobIommu *iommu, uint32_t sid)
{
	DeviceState *dev = qdev_new("pl330");
	Object *memory = OBJECT(get_system_memory());
	unsigned int i;

	if (iommu) {
		/* Linux maps what the controller fetches for privileged accesses only. */
		iob_iommu_set_privileged(iommu, sid);
		memory = OBJECT(iob_iommu_address_space(iommu, sid)->root);
	}
	object_property_add_child(OBJECT(m), "dma-controller", OBJECT(dev));
	object_property_set_link(OBJECT(dev), "memory", memory, &error_fatal);
	sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
	sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
	for (i = 0; i < PL330_IRQS; i++)
		sysbus_connect_irq(SYS_BUS_DEVICE(dev), i,
				   qdev_get_gpio_in(m->gic, IOB_SPI_PL330 + i));
}

void iob_pl330_fdt(void *fdt, const char *name, hwaddr base, uint32_t phandle, uint32_t sid)
{
	static const char compatible[] = "arm,pl330\0arm,primecell";
	g_autofree char *node = g_strdup_printf("/%s@%" PRIx64, name, base);
	uint32_t irqs[PL330_IRQS][3];
	unsigned int i;

	for (i = 0; i < PL330_IRQS; i++) {
		irqs[i][0] = cpu_to_be32(GIC_SPI);
		irqs[i][1] = cpu_to_be32(IOB_SPI_PL330 + i);
		irqs[i][2] = cpu_to_be32(IRQ_LEVEL);
	}
	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop(fdt, node, "compatible", compatible, sizeof(compatible));
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, base, 2, PL330_BYTES);
	qemu_fdt_setprop(fdt, node, "interrupts", irqs, sizeof(irqs));
	qemu_fdt_setprop_cell(fdt, node, "clocks", qemu_fdt_get_phandle(fdt, "/apb-pclk"));
	qemu_fdt_setprop_string(fdt, node, "clock-names", "apb_pclk");
	qemu_fdt_setprop_cell(fdt, node, "#dma-cells", 1);
	qemu_fdt_setprop(fdt, node, "dma-coherent", NULL, 0);
	if (phandle)
		qemu_fdt_setprop_cells(fdt, node, "iommus", phandle, sid);
}
