// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine "iommubench": an Arm system around an IOMMU.
 *
 * GICv3 with ITS, PL011, PCIe host, generic timers and PMU, PSCI from QEMU, EL2.
 * What is in front of PCIe and of the platform DMA engines depends on the variant.
 *
 * Machine properties:
 *   variant=NAME	board, see variants.c (default smmuv3)
 *   its=on|off		message signalled interrupts (default on)
 *   iommu=on|off	with its IOMMU (default on)
 *   pl330=on|off		a PL330 DMA controller behind the IOMMU (default off)
 *   engines=N		platform DMA engines, 0 to 4 (default: as many as the board has)
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qobject/qlist.h"
#include "exec/address-spaces.h"
#include "hw/arm/bsa.h"
#include "hw/char/pl011.h"
#include "hw/intc/arm_gicv3_common.h"
#include "hw/intc/arm_gicv3_its_common.h"
#include "hw/irq.h"
#include "hw/loader.h"
#include "hw/iommubench/cache.h"
#include "hw/pci-host/gpex.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "net/net.h"
#include "system/system.h"
#include "target/arm/cpu.h"
#include "target/arm/gtimer.h"
#include "internal.h"

static qemu_irq spi(IobMachine *m, unsigned int n)
{
	return qdev_get_gpio_in(m->gic, n);
}

static void create_cpus(IobMachine *m)
{
	MachineState *ms = MACHINE(m);
	unsigned int i;

	for (i = 0; i < ms->smp.cpus; i++) {
		Object *cpu = object_new(ms->cpu_type);

		/* No secure world: PSCI is answered by QEMU at SMC. */
		if (object_property_find(cpu, "has_el3"))
			object_property_set_bool(cpu, "has_el3", false, &error_fatal);
		object_property_set_link(cpu, "memory",
					 OBJECT(get_system_memory()), &error_fatal);
		qdev_realize(DEVICE(cpu), NULL, &error_fatal);
		object_unref(cpu);
	}
}

/* Private peripheral interrupts of one CPU (GIC input numbers follow the SPIs). */
static void connect_cpu(IobMachine *m, unsigned int i)
{
	static const unsigned int timer[] = {
		[GTIMER_PHYS] = ARCH_TIMER_NS_EL1_IRQ,
		[GTIMER_VIRT] = ARCH_TIMER_VIRT_IRQ,
		[GTIMER_HYP] = ARCH_TIMER_NS_EL2_IRQ,
		[GTIMER_SEC] = ARCH_TIMER_S_EL1_IRQ,
		[GTIMER_HYPVIRT] = ARCH_TIMER_NS_EL2_VIRT_IRQ,
	};
	static const unsigned int input[] = {
		ARM_CPU_IRQ, ARM_CPU_FIQ, ARM_CPU_VIRQ, ARM_CPU_VFIQ,
	};
	DeviceState *cpu = DEVICE(qemu_get_cpu(i));
	unsigned int ppi = IOB_NUM_SPI + i * GIC_INTERNAL;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(timer); n++)
		qdev_connect_gpio_out(cpu, n,
				      qdev_get_gpio_in(m->gic, ppi + timer[n]));
	qdev_connect_gpio_out_named(cpu, "gicv3-maintenance-interrupt", 0,
				    qdev_get_gpio_in(m->gic, ppi + ARCH_GIC_MAINT_IRQ));
	qdev_connect_gpio_out_named(cpu, "pmu-interrupt", 0,
				    qdev_get_gpio_in(m->gic, ppi + VIRTUAL_PMU_IRQ));
	for (n = 0; n < ARRAY_SIZE(input); n++)
		sysbus_connect_irq(SYS_BUS_DEVICE(m->gic),
				   n * MACHINE(m)->smp.cpus + i,
				   qdev_get_gpio_in(cpu, input[n]));
}

static void create_gic(IobMachine *m)
{
	unsigned int cpus = MACHINE(m)->smp.cpus;
	QList *regions = qlist_new();
	SysBusDevice *gic;
	unsigned int i;

	m->gic = qdev_new(gicv3_class_name());
	gic = SYS_BUS_DEVICE(m->gic);
	object_property_add_child(OBJECT(m), "gic", OBJECT(m->gic));
	qdev_prop_set_uint32(m->gic, "revision", 3);
	qdev_prop_set_uint32(m->gic, "num-cpu", cpus);
	qdev_prop_set_uint32(m->gic, "num-irq", IOB_NUM_SPI + GIC_INTERNAL);
	qlist_append_int(regions, cpus);
	qdev_prop_set_array(m->gic, "redist-region-count", regions);
	if (m->its) {
		object_property_set_link(OBJECT(m->gic), "sysmem",
					 OBJECT(get_system_memory()), &error_fatal);
		qdev_prop_set_bit(m->gic, "has-lpi", true);
	}
	sysbus_realize_and_unref(gic, &error_fatal);
	sysbus_mmio_map(gic, 0, IOB_GICD_BASE);
	sysbus_mmio_map(gic, 1, IOB_GICR_BASE);
	for (i = 0; i < cpus; i++)
		connect_cpu(m, i);

	if (m->its) {
		DeviceState *its = qdev_new(its_class_name());

		object_property_set_link(OBJECT(its), "parent-gicv3",
					 OBJECT(m->gic), &error_fatal);
		sysbus_realize_and_unref(SYS_BUS_DEVICE(its), &error_fatal);
		sysbus_mmio_map(SYS_BUS_DEVICE(its), 0, IOB_ITS_BASE);
	}
}

static void map_alias(DeviceState *dev, int region, const char *name, hwaddr offset,
		      hwaddr base, hwaddr size)
{
	MemoryRegion *alias = g_new0(MemoryRegion, 1);

	memory_region_init_alias(alias, OBJECT(dev), name,
				 sysbus_mmio_get_region(SYS_BUS_DEVICE(dev), region),
				 offset, size);
	memory_region_add_subregion(get_system_memory(), base, alias);
}

static void create_pci(IobMachine *m)
{
	DeviceState *dev = qdev_new(TYPE_GPEX_HOST);
	unsigned int i;

	sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
	map_alias(dev, 0, "iob-pci-ecam", 0, IOB_PCI_ECAM_BASE, IOB_PCI_ECAM_SIZE);
	map_alias(dev, 1, "iob-pci-mmio", IOB_PCI_MMIO_BASE, IOB_PCI_MMIO_BASE,
		  IOB_PCI_MMIO_SIZE);
	map_alias(dev, 1, "iob-pci-mmio64", IOB_PCI_MMIO64_BASE, IOB_PCI_MMIO64_BASE,
		  IOB_PCI_MMIO64_SIZE);
	sysbus_mmio_map(SYS_BUS_DEVICE(dev), 2, IOB_PCI_PIO_BASE);
	for (i = 0; i < PCI_NUM_PINS; i++) {
		sysbus_connect_irq(SYS_BUS_DEVICE(dev), i, spi(m, IOB_SPI_PCI + i));
		gpex_set_irq_num(GPEX_HOST(dev), i, IOB_SPI_PCI + i);
	}
	m->pci = PCI_HOST_BRIDGE(dev)->bus;
	if (m->pci_iommu)
		iob_iommu_set_pci(m->pci_iommu, m->pci, IOB_SID_PCI, UINT16_MAX);
}

static void create_ram(IobMachine *m)
{
	MachineState *ms = MACHINE(m);
	uint64_t low = MIN(ms->ram_size, IOB_RAM_LOW_MAX);

	memory_region_init_alias(&m->ram_low, OBJECT(m), "iob-ram-low", ms->ram, 0, low);
	memory_region_add_subregion(get_system_memory(), IOB_RAM_BASE, &m->ram_low);
	if (low == ms->ram_size)
		return;
	memory_region_init_alias(&m->ram_high, OBJECT(m), "iob-ram-high", ms->ram, low,
				 ms->ram_size - low);
	memory_region_add_subregion(get_system_memory(), IOB_RAM_HIGH_BASE,
				    &m->ram_high);
}

/* On a machine whose masters do not snoop, what they see goes through the CPUs' caches. */
static void create_caches(IobMachine *m)
{
	uint64_t size = MACHINE(m)->ram_size;
	uint64_t low = MIN(size, IOB_RAM_LOW_MAX);

	if (!m->variant->no_snoop)
		return;
	iob_cache_init();
	iob_cache_add_ram(IOB_RAM_BASE, low);
	iob_cache_add_ram(IOB_RAM_HIGH_BASE, size - low);
}

static void *get_dtb(const struct arm_boot_info *info, int *size)
{
	IobMachine *m = container_of(info, IobMachine, boot);

	*size = m->fdt_size;
	return MACHINE(m)->fdt;
}

static void modify_dtb(const struct arm_boot_info *info, void *fdt)
{
	iob_fdt_finish(container_of(info, IobMachine, boot), fdt);
}

static void machine_init(MachineState *ms)
{
	IobMachine *m = IOB_MACHINE(ms);

	create_ram(m);
	create_cpus(m);
	create_caches(m);
	create_gic(m);
	pl011_create(IOB_UART_BASE, spi(m, IOB_SPI_UART), serial_hd(0));

	if (m->engines == IOB_ALL_ENGINES)
		m->engines = m->variant->engines;
	m->variant->create(m);
	create_pci(m);
	iob_fdt_create(m);

	m->boot.ram_size = MIN(ms->ram_size, IOB_RAM_LOW_MAX);
	m->boot.loader_start = IOB_RAM_BASE;
	m->boot.board_id = -1;
	m->boot.get_dtb = get_dtb;
	m->boot.modify_dtb = modify_dtb;
	m->boot.psci_conduit = QEMU_PSCI_CONDUIT_SMC;
	arm_load_kernel(ARM_CPU(first_cpu), ms, &m->boot);
}

static char *get_variant(Object *obj, Error **errp)
{
	return g_strdup(IOB_MACHINE(obj)->variant->name);
}

static void set_variant(Object *obj, const char *value, Error **errp)
{
	g_autoptr(GString) names = g_string_new(NULL);
	const IobVariant *v;

	for (v = iob_variants; v->name; v++) {
		if (!strcmp(v->name, value)) {
			IOB_MACHINE(obj)->variant = v;
			return;
		}
		g_string_append_printf(names, " %s", v->name);
	}
	error_setg(errp, "variant '%s' is not known, use one of:%s", value, names->str);
}

static bool get_its(Object *obj, Error **errp)
{
	return IOB_MACHINE(obj)->its;
}

static void set_its(Object *obj, bool value, Error **errp)
{
	IOB_MACHINE(obj)->its = value;
}

static bool get_iommu(Object *obj, Error **errp)
{
	return IOB_MACHINE(obj)->iommu_on;
}

static void set_iommu(Object *obj, bool value, Error **errp)
{
	IOB_MACHINE(obj)->iommu_on = value;
}

static bool get_pl330(Object *obj, Error **errp)
{
	return IOB_MACHINE(obj)->pl330;
}

static void set_pl330(Object *obj, bool value, Error **errp)
{
	IOB_MACHINE(obj)->pl330 = value;
}

static void get_engines(Object *obj, Visitor *v, const char *name, void *opaque,
			Error **errp)
{
	visit_type_uint32(v, name, &IOB_MACHINE(obj)->engines, errp);
}

static void set_engines(Object *obj, Visitor *v, const char *name, void *opaque,
			Error **errp)
{
	uint32_t n;

	if (!visit_type_uint32(v, name, &n, errp))
		return;
	if (n > IOB_MAX_ENGINES) {
		error_setg(errp, "engines=%u: at most %u are possible", n, IOB_MAX_ENGINES);
		return;
	}
	IOB_MACHINE(obj)->engines = n;
}

static void machine_instance_init(Object *obj)
{
	IobMachine *m = IOB_MACHINE(obj);

	m->variant = &iob_variants[0];
	m->its = true;
	m->iommu_on = true;
	m->engines = IOB_ALL_ENGINES;
}

static void machine_class_init(ObjectClass *oc, void *data)
{
	static const char * const cpus[] = {
		ARM_CPU_TYPE_NAME("cortex-a53"),
		ARM_CPU_TYPE_NAME("cortex-a57"),
		ARM_CPU_TYPE_NAME("cortex-a72"),
		ARM_CPU_TYPE_NAME("cortex-a76"),
		ARM_CPU_TYPE_NAME("neoverse-n1"),
		ARM_CPU_TYPE_NAME("max"),
		NULL
	};
	MachineClass *mc = MACHINE_CLASS(oc);

	mc->desc = "iommubench board: SMMUv3 or R-Car IPMMU";
	mc->init = machine_init;
	mc->max_cpus = 8;
	mc->default_cpus = 1;
	mc->default_cpu_type = ARM_CPU_TYPE_NAME("cortex-a72");
	mc->valid_cpu_types = cpus;
	mc->default_ram_size = 1 * GiB;
	mc->default_ram_id = "iob-ram";
	mc->minimum_page_bits = 12;
	mc->no_parallel = 1;
	mc->no_floppy = 1;
	mc->no_cdrom = 1;
	mc->block_default_type = IF_VIRTIO;

	object_class_property_add_str(oc, "variant", get_variant, set_variant);
	object_class_property_set_description(oc, "variant", "board to be");
	object_class_property_add_bool(oc, "its", get_its, set_its);
	object_class_property_set_description(oc, "its", "message signalled interrupts");
	object_class_property_add_bool(oc, "iommu", get_iommu, set_iommu);
	object_class_property_set_description(oc, "iommu", "with an IOMMU");
	object_class_property_add_bool(oc, "pl330", get_pl330, set_pl330);
	object_class_property_set_description(oc, "pl330", "with a PL330 DMA controller");
	object_class_property_add(oc, "engines", "uint32", get_engines, set_engines,
				  NULL, NULL);
	object_class_property_set_description(oc, "engines",
					      "number of platform DMA engines");
}

static const TypeInfo machine_info = {
	.name = TYPE_IOB_MACHINE,
	.parent = TYPE_MACHINE,
	.instance_size = sizeof(IobMachine),
	.instance_init = machine_instance_init,
	.class_init = machine_class_init,
};

static void machine_register(void)
{
	type_register_static(&machine_info);
}

type_init(machine_register)
