// SPDX-License-Identifier: GPL-2.0-only
/*
 * R-Car variants of the machine: product register, IPMMUs, engines and PCIe controllers
 * behind them, and their nodes.
 *
 * Addresses, interrupts and bindings: the SoCs' device trees in Linux
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

/* The root's two interrupts: the model, as the stock driver, knows the first only. */
#define SPI_IPMMU_MM		196
#define SPI_IPMMU_MM_2		197

#define PRR_NODE		"/soc/chipid@fff00044"

/*
 * The PL330, which no R-Car has, takes the place of the last engine, where the SoC has
 * SDHI3: the stock driver admits it by that name.
 */
#define PL330_PLACE		3

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
	return m->pl330 ? MIN(n, PL330_PLACE) : n;
}

void iob_rcar_create(IobMachine *m)
{
	create_prr(m);
	for (unsigned int i = 0; m->iommu_on && m->variant->ipmmu[i].base; i++)
		create_ipmmu(m, i);
	for (unsigned int i = 0; m->variant->pcie[i].base; i++)
		iob_pcie_create(m, i, ipmmu_of(m, m->variant->pcie[i].ipmmu));
	for (unsigned int i = 0; i < num_engines(m); i++) {
		const struct IobEngineInfo *e = &m->variant->engine[i];

		/* An IPMMU knows neither stalls nor PASIDs. */
		iob_engine_create(m, i, e->base, e->spi, ipmmu_of(m, e->ipmmu), e->utlb,
				  false, 0);
	}
	if (m->pl330) {
		const struct IobEngineInfo *e = &m->variant->engine[PL330_PLACE];

		iob_pl330_create(m, e->base, ipmmu_of(m, e->ipmmu), e->utlb);
	}
}

static uint32_t ipmmu_fdt(IobMachine *m, void *fdt, unsigned int i, uint32_t mm)
{
	const struct IobIpmmuInfo *info = &m->variant->ipmmu[i];
	g_autofree char *node = g_strdup_printf("/soc/iommu@%" PRIx64, info->base);
	uint32_t phandle = qemu_fdt_alloc_phandle(fdt);

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop_string(fdt, node, "compatible", m->variant->ipmmu_compatible);
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, info->base, 2, IPMMU_BYTES);
	qemu_fdt_setprop_cell(fdt, node, "#iommu-cells", 1);
	qemu_fdt_setprop_cell(fdt, node, "phandle", phandle);
	if (i)
		qemu_fdt_setprop_cells(fdt, node, "renesas,ipmmu-main", mm, info->bit);
	else
		qemu_fdt_setprop_cells(fdt, node, "interrupts",
				       GIC_SPI, SPI_IPMMU_MM, IRQ_LEVEL,
				       GIC_SPI, SPI_IPMMU_MM_2, IRQ_LEVEL);
	return phandle;
}

/* On the SoC, these are all in a node of their own. */
static void soc_fdt(void *fdt)
{
	qemu_fdt_add_subnode(fdt, "/soc");
	qemu_fdt_setprop_string(fdt, "/soc", "compatible", "simple-bus");
	qemu_fdt_setprop_cell(fdt, "/soc", "#address-cells", 2);
	qemu_fdt_setprop_cell(fdt, "/soc", "#size-cells", 2);
	qemu_fdt_setprop(fdt, "/soc", "ranges", NULL, 0);
	qemu_fdt_add_subnode(fdt, PRR_NODE);
	qemu_fdt_setprop_string(fdt, PRR_NODE, "compatible", "renesas,prr");
	qemu_fdt_setprop_sized_cells(fdt, PRR_NODE, "reg", 2, IOB_PRR_BASE, 2, 4);
}

void iob_rcar_fdt(IobMachine *m, void *fdt, const char *pci, uint32_t its)
{
	uint32_t phandle[ARRAY_SIZE(m->iommu)] = { 0 };
	unsigned int i;

	soc_fdt(fdt);
	for (i = 0; m->iommu_on && m->variant->ipmmu[i].base; i++)
		phandle[i] = ipmmu_fdt(m, fdt, i, phandle[0]);
	for (i = 0; m->variant->pcie[i].base; i++) {
		const struct IobPcieInfo *p = &m->variant->pcie[i];

		iob_pcie_fdt(m, fdt, i, phandle[ipmmu_index(m, p->ipmmu)]);
	}
	/* The machine's own PCIe host, which the SoC does not have, is behind no IPMMU. */
	qemu_fdt_setprop_cell(fdt, pci, "linux,pci-domain", i);
	for (i = 0; i < num_engines(m); i++) {
		const struct IobEngineInfo *e = &m->variant->engine[i];

		/* The stock driver admits devices named as the SoC's SDHIs. */
		g_free(iob_engine_fdt(m, fdt, "soc/mmc", i, e->base,
				      phandle[ipmmu_index(m, e->ipmmu)], e->utlb));
	}
	if (m->pl330) {
		const struct IobEngineInfo *e = &m->variant->engine[PL330_PLACE];

		iob_pl330_fdt(fdt, "mmc", e->base, phandle[ipmmu_index(m, e->ipmmu)], e->utlb);
	}
}
