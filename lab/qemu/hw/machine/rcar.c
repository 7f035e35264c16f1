// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car variants of the machine: IPMMUs and DMA test engines, and their nodes.
 *
 * Addresses, interrupt and bindings: the SoCs' device trees in Linux
 * (arch/arm64/boot/dts/renesas/r8a77951.dtsi), renesas,ipmmu-vmsa.yaml.
 */
#include "qemu/osdep.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "system/device_tree.h"
#include "hw/iommubench/dmatest/dmatest.h"
#include "hw/iommubench/ipmmu/ipmmu.h"
#include "machine.h"

#define SPI_IPMMU_MM		196
#define GIC_SPI			0
#define IRQ_LEVEL		4

/*
 * PCI devices in these slots are behind IPMMU-HC, at the micro-TLB with the same
 * number. The others have no iommu-map entry and so bypass it: the stock driver
 * puts all devices of an IPMMU into one group.
 */
#define PCI_IPMMU		"hc"
#define PCI_FIRST_SLOT		16
#define PCI_LAST_SLOT		31

static int ipmmu_index(IobMachine *m, const char *name)
{
	for (int i = 0; m->variant->ipmmu[i].base; i++)
		if (!strcmp(m->variant->ipmmu[i].name, name))
			return i;
	g_assert_not_reached();
}

static IobIommu *ipmmu_of(IobMachine *m, const char *name)
{
	return m->iommu_on ? m->iommu[ipmmu_index(m, name)] : NULL;
}

static void create_ipmmu(IobMachine *m, unsigned int i)
{
	const struct IobIpmmuInfo *info = &m->variant->ipmmu[i];
	DeviceState *dev = qdev_new(TYPE_IOB_IPMMU);

	object_property_add_child(OBJECT(m), g_strdup_printf("ipmmu-%s", info->name),
				  OBJECT(dev));
	qdev_prop_set_string(dev, "soc", m->variant->name);
	qdev_prop_set_string(dev, "name", info->name);
	if (i)
		object_property_set_link(OBJECT(dev), "main", OBJECT(m->iommu[0]),
					 &error_fatal);
	sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
	sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, info->base);
	if (!i)
		sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
				   qdev_get_gpio_in(m->gic, SPI_IPMMU_MM));
	m->iommu[i] = IOB_IOMMU(dev);
}

/**
 * iob_engine_create() - make platform DMA engine number @i
 * @iommu: NULL for none
 * @stall: the IOMMU stalls; the engine does if its property "stall" says so, too
 * @pasid_bits: of the IOMMU; the engine's property "pasid-bits" may be less
 */
void iob_engine_create(IobMachine *m, unsigned int i, hwaddr base, IobIommu *iommu,
		       uint32_t sid, bool stall, uint32_t pasid_bits)
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
	sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
			   qdev_get_gpio_in(m->gic, IOB_SPI_ENGINE + i));
	m->engine[i] = dev;
}

/**
 * iob_engine_fdt() - describe platform DMA engine number @i
 * @name: of the node, without its address
 * @phandle: of its IOMMU, 0 for none
 *
 * Returns the node's path. Also says in it whether the engine stalls, and with how
 * many PASID bits it goes.
 */
char *iob_engine_fdt(IobMachine *m, void *fdt, const char *name, unsigned int i,
		     hwaddr base, uint32_t phandle, uint32_t sid)
{
	char *node = g_strdup_printf("/%s@%" PRIx64, name, base);
	Object *engine = OBJECT(m->engine[i]);
	unsigned int pasid_bits;

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop_string(fdt, node, "compatible", DMATEST_COMPATIBLE);
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, base, 2, DMATEST_BYTES);
	qemu_fdt_setprop_cells(fdt, node, "interrupts", GIC_SPI, IOB_SPI_ENGINE + i,
			       IRQ_LEVEL);
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

static unsigned int num_engines(IobMachine *m)
{
	unsigned int n = 0;

	while (n < m->engines && m->variant->engine[n].base)
		n++;
	return n;
}

/**
 * iob_rcar_create() - IPMMUs and engines of an R-Car variant
 */
void iob_rcar_create(IobMachine *m)
{
	for (unsigned int i = 0; m->iommu_on && m->variant->ipmmu[i].base; i++)
		create_ipmmu(m, i);
	if (m->iommu_on)
		iob_iommu_set_pci(ipmmu_of(m, PCI_IPMMU), m->pci);
	for (unsigned int i = 0; i < num_engines(m); i++) {
		const struct IobEngineInfo *e = &m->variant->engine[i];

		/* An IPMMU knows neither stalls nor PASIDs. */
		iob_engine_create(m, i, e->base, ipmmu_of(m, e->ipmmu), e->utlb, false,
				  0);
	}
}

static uint32_t ipmmu_fdt(IobMachine *m, void *fdt, unsigned int i, uint32_t mm)
{
	const struct IobIpmmuInfo *info = &m->variant->ipmmu[i];
	g_autofree char *node = g_strdup_printf("/iommu@%" PRIx64, info->base);
	uint32_t phandle = qemu_fdt_alloc_phandle(fdt);

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop_string(fdt, node, "compatible", m->variant->ipmmu_compatible);
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, info->base, 2, IPMMU_BYTES);
	qemu_fdt_setprop_cell(fdt, node, "#iommu-cells", 1);
	qemu_fdt_setprop_cell(fdt, node, "phandle", phandle);
	if (i)
		qemu_fdt_setprop_cells(fdt, node, "renesas,ipmmu-main", mm, i - 1);
	else
		qemu_fdt_setprop_cells(fdt, node, "interrupts", GIC_SPI, SPI_IPMMU_MM,
				       IRQ_LEVEL);
	return phandle;
}

static void pci_fdt(void *fdt, const char *pci, uint32_t phandle)
{
	uint32_t map[PCI_LAST_SLOT - PCI_FIRST_SLOT + 1][4];

	for (unsigned int slot = PCI_FIRST_SLOT; slot <= PCI_LAST_SLOT; slot++) {
		uint32_t *row = map[slot - PCI_FIRST_SLOT];

		row[0] = cpu_to_be32(slot << 3);	/* requester ID */
		row[1] = cpu_to_be32(phandle);
		row[2] = cpu_to_be32(iob_ipmmu_pci_sid(slot << 3));
		row[3] = cpu_to_be32(1);
	}
	qemu_fdt_setprop(fdt, pci, "iommu-map", map, sizeof(map));
	/* Functions of a device share its micro-TLB. */
	qemu_fdt_setprop_cell(fdt, pci, "iommu-map-mask", 0xf8);
}

/**
 * iob_rcar_fdt() - PRR, IPMMU and engine nodes, and PCI's iommu-map
 * @pci: path of the host bridge's node
 */
void iob_rcar_fdt(IobMachine *m, void *fdt, const char *pci)
{
	uint32_t phandle[ARRAY_SIZE(m->iommu)] = { 0 };
	g_autofree char *prr = g_strdup_printf("/chipid@%llx", IOB_PRR_BASE);

	qemu_fdt_add_subnode(fdt, prr);
	qemu_fdt_setprop_string(fdt, prr, "compatible", "renesas,prr");
	qemu_fdt_setprop_sized_cells(fdt, prr, "reg", 2, IOB_PRR_BASE, 2, 4);

	for (unsigned int i = 0; m->iommu_on && m->variant->ipmmu[i].base; i++)
		phandle[i] = ipmmu_fdt(m, fdt, i, phandle[0]);
	if (m->iommu_on)
		pci_fdt(fdt, pci, phandle[ipmmu_index(m, PCI_IPMMU)]);
	for (unsigned int i = 0; i < num_engines(m); i++) {
		const struct IobEngineInfo *e = &m->variant->engine[i];

		/* The stock driver admits devices named as the SoC's SDHIs. */
		g_free(iob_engine_fdt(m, fdt, "mmc", i, e->base,
				      phandle[ipmmu_index(m, e->ipmmu)], e->utlb));
	}
}
