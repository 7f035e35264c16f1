// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SMMUv3 variant of the machine: SMMU, its counter groups, engines behind it,
 * and their nodes (arm,smmu-v3.yaml, arm,smmu-v3-pmcg.yaml).
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "system/device_tree.h"
#include "hw/iommubench/smmuv3/pmcg.h"
#include "hw/iommubench/smmuv3/smmuv3.h"
#include "internal.h"

/* Enough for processes' address spaces; the SMMU may have fewer (ssid-bits). */
#define ENGINE_PASID_BITS	16

static void create_pmcg(IobMachine *m, unsigned int i)
{
	DeviceState *dev = qdev_new(TYPE_IOB_PMCG);
	hwaddr base = IOB_PMCG_BASE + i * IOB_PMCG_STRIDE;
	g_autofree char *name = g_strdup_printf("pmcg%u", i);

	object_property_add_child(OBJECT(m), name, OBJECT(dev));
	object_property_set_link(OBJECT(dev), "smmu", OBJECT(m->smmu), &error_fatal);
	/*
	 * Group 0 is the table walker's, group 1 the one that sees the
	 * transactions, as with Arm's TCU and TBU.
	 */
	if (i) {
		qdev_prop_set_uint32(dev, "events", 0xc7);
		qdev_prop_set_uint32(dev, "impdef", 0);
	}
	sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
	sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
	sysbus_mmio_map(SYS_BUS_DEVICE(dev), 1, base + IOB_PMCG_STRIDE / 2);
	sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
			   qdev_get_gpio_in(m->gic, IOB_SPI_PMCG + i));
}

void iob_smmuv3_create(IobMachine *m)
{
	static const unsigned int spi[SMMU_NUM_IRQS] = {
		[SMMU_IRQ_EVENTQ] = IOB_SPI_SMMU_EVENTQ,
		[SMMU_IRQ_PRIQ] = IOB_SPI_SMMU_PRIQ,
		[SMMU_IRQ_SYNC] = IOB_SPI_SMMU_SYNC,
		[SMMU_IRQ_GERROR] = IOB_SPI_SMMU_GERROR,
	};
	SysBusDevice *smmu;
	unsigned int i;

	if (m->iommu_on) {
		m->smmu = qdev_new(TYPE_IOB_SMMUV3);
		smmu = SYS_BUS_DEVICE(m->smmu);
		object_property_add_child(OBJECT(m), "smmu", OBJECT(m->smmu));
		qdev_prop_set_uint32(m->smmu, "msi-devid", IOB_DEVID_SMMU);
		sysbus_realize_and_unref(smmu, &error_fatal);
		sysbus_mmio_map(smmu, 0, IOB_SMMU_BASE);
		for (i = 0; i < SMMU_NUM_IRQS; i++)
			sysbus_connect_irq(smmu, i, qdev_get_gpio_in(m->gic, spi[i]));
		m->iommu[0] = IOB_IOMMU(m->smmu);
		m->pci_iommu = m->iommu[0];
		for (i = 0; i < IOB_NUM_PMCG; i++)
			create_pmcg(m, i);
	}
	for (i = 0; i < m->engines; i++)
		iob_engine_create(m, i, IOB_ENGINE_BASE + i * IOB_ENGINE_STRIDE,
				  IOB_SPI_ENGINE + i, m->iommu[0], IOB_SID_ENGINE + i,
				  m->iommu_on, m->iommu_on ? ENGINE_PASID_BITS : 0);
	if (m->pl330)
		iob_pl330_create(m, IOB_PL330_BASE, m->iommu[0], IOB_SID_PL330);
}

static void pmcg_fdt(void *fdt, unsigned int i)
{
	static const char compatible[] = "arm,smmu-v3-pmcg";
	hwaddr base = IOB_PMCG_BASE + i * IOB_PMCG_STRIDE;
	g_autofree char *node = g_strdup_printf("/pmu@%" PRIx64, base);

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop(fdt, node, "compatible", compatible, sizeof(compatible));
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, base, 2, PMCG_PAGE_BYTES,
				     2, base + IOB_PMCG_STRIDE / 2, 2, PMCG_PAGE_BYTES);
	qemu_fdt_setprop_cells(fdt, node, "interrupts", GIC_SPI, IOB_SPI_PMCG + i,
			       IRQ_EDGE);
}

static uint32_t smmu_fdt(IobMachine *m, void *fdt, uint32_t its)
{
	static const char irq_names[] = "eventq\0priq\0cmdq-sync\0gerror";
	g_autofree char *node = g_strdup_printf("/iommu@%llx", IOB_SMMU_BASE);
	uint32_t phandle = qemu_fdt_alloc_phandle(fdt);
	IobSmmu *s = IOB_SMMUV3(m->smmu);

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop_string(fdt, node, "compatible", "arm,smmu-v3");
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, IOB_SMMU_BASE, 2, IOB_SMMU_SIZE);
	qemu_fdt_setprop_cells(fdt, node, "interrupts",
			       GIC_SPI, IOB_SPI_SMMU_EVENTQ, IRQ_EDGE,
			       GIC_SPI, IOB_SPI_SMMU_PRIQ, IRQ_EDGE,
			       GIC_SPI, IOB_SPI_SMMU_SYNC, IRQ_EDGE,
			       GIC_SPI, IOB_SPI_SMMU_GERROR, IRQ_EDGE);
	qemu_fdt_setprop(fdt, node, "interrupt-names", irq_names, sizeof(irq_names));
	qemu_fdt_setprop_cell(fdt, node, "#iommu-cells", 1);
	if (s->cohacc)
		qemu_fdt_setprop(fdt, node, "dma-coherent", NULL, 0);
	if (s->page1_at_page0)
		qemu_fdt_setprop(fdt, node, "cavium,cn9900-broken-page1-regspace",
				 NULL, 0);
	if (its && s->msi)
		qemu_fdt_setprop_cells(fdt, node, "msi-parent", its, IOB_DEVID_SMMU);
	qemu_fdt_setprop_cell(fdt, node, "phandle", phandle);
	return phandle;
}

void iob_smmuv3_fdt(IobMachine *m, void *fdt, const char *pci, uint32_t its)
{
	uint32_t phandle = 0;
	int i;

	/* libfdt puts each new node in front of the others; Linux probes in order. */
	if (m->iommu_on) {
		phandle = smmu_fdt(m, fdt, its);
		qemu_fdt_setprop_cells(fdt, pci, "iommu-map", 0, phandle, IOB_SID_PCI,
				       IOB_NUM_SID_PCI);
		if (IOB_SMMUV3(m->smmu)->ats)
			qemu_fdt_setprop(fdt, pci, "ats-supported", NULL, 0);
		for (i = IOB_NUM_PMCG - 1; i >= 0; i--)
			pmcg_fdt(fdt, i);
	}
	if (m->pl330)
		iob_pl330_fdt(fdt, "dma-controller", IOB_PL330_BASE, phandle, IOB_SID_PL330);
	for (i = m->engines - 1; i >= 0; i--)
		g_free(iob_engine_fdt(m, fdt, "dma", i,
				      IOB_ENGINE_BASE + i * IOB_ENGINE_STRIDE, phandle,
				      IOB_SID_ENGINE + i));
}
