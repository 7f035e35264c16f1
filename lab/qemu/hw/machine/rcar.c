// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car variants of the machine: product register, IPMMUs, engines behind them, and
 * their nodes.
 *
 * Addresses, interrupt and bindings: the SoCs' device trees in Linux
 * (arch/arm64/boot/dts/renesas/r8a77951.dtsi), renesas,ipmmu-vmsa.yaml.
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "qapi/error.h"
#include "system/device_tree.h"
#include "hw/iommubench/ipmmu/ipmmu.h"
#include "internal.h"

#define SPI_IPMMU_MM		196

/*
 * PCI devices in these slots are behind IPMMU-HC, at the micro-TLB with the same
 * number. The others have no iommu-map entry and so bypass it: the stock driver
 * puts all devices of an IPMMU into one group.
 */
#define PCI_IPMMU		"hc"
#define PCI_FIRST_SLOT		16
#define PCI_LAST_SLOT		31

static uint64_t prr_read(void *opaque, hwaddr addr, unsigned int size)
{
	IobMachine *m = opaque;

	return m->variant->prr;
}

/* The product register is read-only. */
static void prr_write(void *opaque, hwaddr addr, uint64_t value, unsigned int size)
{
}

static const MemoryRegionOps prr_ops = {
	.read = prr_read,
	.write = prr_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void create_prr(IobMachine *m)
{
	memory_region_init_io(&m->prr, OBJECT(m), &prr_ops, m, "iob-prr", 4);
	memory_region_add_subregion(get_system_memory(), IOB_PRR_BASE, &m->prr);
}

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

static unsigned int num_engines(IobMachine *m)
{
	unsigned int n = 0;

	while (n < m->engines && m->variant->engine[n].base)
		n++;
	return n;
}

void iob_rcar_create(IobMachine *m)
{
	create_prr(m);
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

void iob_rcar_fdt(IobMachine *m, void *fdt, const char *pci, uint32_t its)
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
