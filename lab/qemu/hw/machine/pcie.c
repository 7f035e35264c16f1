// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCIe controllers of the R-Car variants: where the SoC has them, each with a root port
 * on bus 0 and what is plugged in behind it on bus 1, and all of that at one micro-TLB.
 *
 * The registers are not those of the SoC's controller: configuration space is reached
 * by ECAM, and there are neither I/O ports nor message signalled interrupts. What is in
 * front of the memory is as on the SoC.
 *
 * Addresses, interrupts, bindings: the SoCs' device trees in Linux
 * (arch/arm64/boot/dts/renesas/r8a77951.dtsi), pci-host-ecam-generic in
 * Documentation/devicetree/bindings/pci/host-generic-pci.yaml.
 */
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "exec/address-spaces.h"
#include "hw/pci-host/gpex.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pcie_port.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "monitor/qdev.h"
#include "qapi/error.h"
#include "system/device_tree.h"
#include "internal.h"

/* Bus 0 and bus 1: there is no room for more below the first window. */
#define BUSES			2
#define ECAM_BYTES		(BUSES * MiB)
/* The requester's ID does not count (iommu-map-mask). */
#define RID_MASK		0

/* PCI address space codes of "ranges" and "dma-ranges" */
#define RANGE_MEM32		0x02000000
#define RANGE_PREFETCH		0x40000000

/**
 * struct IobPcieHost - a PCIe controller
 * @number:	tells its devices from those of other hosts by their paths in QEMU, from 1
 *		on, as the machine's own host has 0
 */
typedef struct IobPcieHost {
	GPEXHost parent;

	unsigned int number;
	char path[8];
} IobPcieHost;

#define TYPE_IOB_PCIE_HOST	"iob-pcie-host"
DECLARE_INSTANCE_CHECKER(IobPcieHost, IOB_PCIE_HOST, TYPE_IOB_PCIE_HOST)

static const char *host_path(PCIHostState *host, PCIBus *root)
{
	IobPcieHost *h = IOB_PCIE_HOST(host);

	snprintf(h->path, sizeof(h->path), "%04x:00", h->number & 0xffff);
	return h->path;
}

static void host_class_init(ObjectClass *klass, void *data)
{
	PCI_HOST_BRIDGE_CLASS(klass)->root_bus_path = host_path;
}

static const TypeInfo host_info = {
	.name = TYPE_IOB_PCIE_HOST,
	.parent = TYPE_GPEX_HOST,
	.instance_size = sizeof(IobPcieHost),
	.class_init = host_class_init,
};

static void host_register(void)
{
	type_register_static(&host_info);
}

type_init(host_register)

static void map_alias(DeviceState *dev, int region, hwaddr offset, hwaddr base,
		      hwaddr size)
{
	MemoryRegion *alias = g_new0(MemoryRegion, 1);

	memory_region_init_alias(alias, OBJECT(dev), "iob-pcie",
				 sysbus_mmio_get_region(SYS_BUS_DEVICE(dev), region),
				 offset, size);
	memory_region_add_subregion(get_system_memory(), base, alias);
}

/* The root port takes the place of the device that QEMU puts there. */
static void create_root_port(PCIBus *root, unsigned int i)
{
	g_autofree char *name = g_strdup_printf("pcie%u", i);
	PCIDevice *port = pci_new(PCI_DEVFN(0, 0), "pcie-root-port");

	qdev_prop_set_uint8(DEVICE(port), "chassis", i + 1);
	qdev_prop_set_bit(DEVICE(port), "hotplug", false);
	qdev_set_id(DEVICE(port), g_steal_pointer(&name), &error_fatal);
	pci_realize_and_unref(port, root, &error_fatal);
}

void iob_pcie_create(IobMachine *m, unsigned int i, IobIommu *iommu)
{
	const struct IobPcieInfo *info = &m->variant->pcie[i];
	DeviceState *dev = qdev_new(TYPE_IOB_PCIE_HOST);

	IOB_PCIE_HOST(dev)->number = i + 1;
	/* Whichever pin a device pulls, there is one line. */
	qdev_prop_set_uint8(dev, "num-irqs", 1);
	sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
	object_unparent(OBJECT(&GPEX_HOST(dev)->gpex_root));
	map_alias(dev, 0, 0, info->base, ECAM_BYTES);
	for (unsigned int w = 0; w < IOB_PCIE_WINDOWS; w++)
		map_alias(dev, 1, info->window[w].base, info->window[w].base,
			  info->window[w].size);
	sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0, qdev_get_gpio_in(m->gic, info->spi));
	gpex_set_irq_num(GPEX_HOST(dev), 0, info->spi);
	m->pcie[i] = PCI_HOST_BRIDGE(dev)->bus;
	if (iommu)
		iob_iommu_set_pci(iommu, m->pcie[i], info->utlb, RID_MASK);
	create_root_port(m->pcie[i], i);
}

static void ranges_fdt(void *fdt, const char *node, const struct IobPcieInfo *info)
{
	uint32_t ranges[IOB_PCIE_WINDOWS][7];

	for (unsigned int w = 0; w < IOB_PCIE_WINDOWS; w++) {
		uint64_t base = info->window[w].base;
		uint64_t size = info->window[w].size;
		uint32_t type = RANGE_MEM32;

		if (info->window[w].prefetch)
			type |= RANGE_PREFETCH;
		stl_be_p(&ranges[w][0], type);
		stq_be_p(&ranges[w][1], base);
		stq_be_p(&ranges[w][3], base);
		stq_be_p(&ranges[w][5], size);
	}
	qemu_fdt_setprop(fdt, node, "ranges", ranges, sizeof(ranges));
}

void iob_pcie_fdt(IobMachine *m, void *fdt, unsigned int i, uint32_t phandle)
{
	const struct IobPcieInfo *info = &m->variant->pcie[i];
	g_autofree char *node = g_strdup_printf("/soc/pcie@%" PRIx64, info->base);
	uint32_t gic = qemu_fdt_getprop_cell(fdt, "/", "interrupt-parent", NULL, NULL);

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop_string(fdt, node, "compatible", "pci-host-ecam-generic");
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, info->base, 2, ECAM_BYTES);
	qemu_fdt_setprop_string(fdt, node, "device_type", "pci");
	qemu_fdt_setprop_cell(fdt, node, "#address-cells", 3);
	qemu_fdt_setprop_cell(fdt, node, "#size-cells", 2);
	qemu_fdt_setprop_cell(fdt, node, "#interrupt-cells", 1);
	qemu_fdt_setprop_cell(fdt, node, "linux,pci-domain", i);
	qemu_fdt_setprop_cells(fdt, node, "bus-range", 0, BUSES - 1);
	ranges_fdt(fdt, node, info);
	qemu_fdt_setprop_sized_cells(fdt, node, "dma-ranges",
				     1, RANGE_MEM32 | RANGE_PREFETCH, 2, 0, 2, 0,
				     2, 4 * GiB);
	qemu_fdt_setprop_cells(fdt, node, "interrupts", GIC_SPI, info->spi, IRQ_LEVEL,
			       GIC_SPI, info->spi + 1, IRQ_LEVEL,
			       GIC_SPI, info->spi + 2, IRQ_LEVEL);
	qemu_fdt_setprop_cells(fdt, node, "interrupt-map-mask", 0, 0, 0, 0);
	/* The address of the interrupt in the GIC, which has two cells of it here */
	qemu_fdt_setprop_cells(fdt, node, "interrupt-map", 0, 0, 0, 0, gic, 0, 0,
			       GIC_SPI, info->spi, IRQ_LEVEL);
	if (phandle) {
		qemu_fdt_setprop_cells(fdt, node, "iommu-map", 0, phandle, info->utlb, 1);
		qemu_fdt_setprop_cell(fdt, node, "iommu-map-mask", RID_MASK);
	}
}
