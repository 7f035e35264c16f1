// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device tree of the machine "iommubench". Bindings: the devicetree
 * specification and the kernel's Documentation/devicetree/bindings.
 */
#include "qemu/osdep.h"
#include "hw/arm/bsa.h"
#include "qemu/error-report.h"
#include "qemu/guest-random.h"
#include "qemu/units.h"
#include "system/device_tree.h"
#include "target/arm/cpu.h"
#include "target/arm/multiprocessing.h"
#include "internal.h"

#include <libfdt.h>

/* Interrupt specifiers of the GIC (arm,gic-v3.yaml), of a CPU */
#define GIC_PPI		1
#define PPI(intid)	((intid) - 16)

/* As much as Linux' generator needs to be ready from the start (BLAKE2S_HASH_SIZE). */
#define RNG_SEED_BYTES	32

/* PCI address space codes of a "ranges" entry */
#define RANGE_IO	0x01000000
#define RANGE_MEM32	0x02000000
#define RANGE_MEM64	0x03000000

static void set_reg(void *fdt, const char *node, hwaddr base, hwaddr size)
{
	qemu_fdt_setprop_sized_cells(fdt, node, "reg", 2, base, 2, size);
}

static void set_flag(void *fdt, const char *node, const char *name)
{
	qemu_fdt_setprop(fdt, node, name, NULL, 0);
}

static char *add_node(void *fdt, const char *name, hwaddr base, hwaddr size)
{
	char *node = g_strdup_printf("/%s@%" PRIx64, name, base);

	qemu_fdt_add_subnode(fdt, node);
	set_reg(fdt, node, base, size);
	return node;
}

static void set_strings(void *fdt, const char *node, const char *name,
			const char * const *s)
{
	int n = 0;

	while (s[n])
		n++;
	qemu_fdt_setprop_string_array(fdt, node, name, (char **)s, n);
}

static void add_cpus(IobMachine *m, void *fdt)
{
	unsigned int cpus = MACHINE(m)->smp.cpus;
	int i;

	qemu_fdt_add_subnode(fdt, "/cpus");
	qemu_fdt_setprop_cell(fdt, "/cpus", "#address-cells", 1);
	qemu_fdt_setprop_cell(fdt, "/cpus", "#size-cells", 0);
	/* libfdt puts each new node in front of the others */
	for (i = cpus - 1; i >= 0; i--) {
		ARMCPU *cpu = ARM_CPU(qemu_get_cpu(i));
		g_autofree char *node = g_strdup_printf("/cpus/cpu@%x", i);

		qemu_fdt_add_subnode(fdt, node);
		qemu_fdt_setprop_string(fdt, node, "device_type", "cpu");
		qemu_fdt_setprop_string(fdt, node, "compatible", cpu->dtb_compatible);
		qemu_fdt_setprop_cell(fdt, node, "reg", arm_cpu_mp_affinity(cpu));
		qemu_fdt_setprop_string(fdt, node, "enable-method", "psci");
	}
}

static void add_timer_and_pmu(void *fdt)
{
	static const char * const timer[] = { "arm,armv8-timer", NULL };
	static const char * const pmu[] = { "arm,armv8-pmuv3", NULL };

	qemu_fdt_add_subnode(fdt, "/timer");
	set_strings(fdt, "/timer", "compatible", timer);
	set_flag(fdt, "/timer", "always-on");
	qemu_fdt_setprop_cells(fdt, "/timer", "interrupts",
			       GIC_PPI, PPI(ARCH_TIMER_S_EL1_IRQ), IRQ_LEVEL,
			       GIC_PPI, PPI(ARCH_TIMER_NS_EL1_IRQ), IRQ_LEVEL,
			       GIC_PPI, PPI(ARCH_TIMER_VIRT_IRQ), IRQ_LEVEL,
			       GIC_PPI, PPI(ARCH_TIMER_NS_EL2_IRQ), IRQ_LEVEL,
			       GIC_PPI, PPI(ARCH_TIMER_NS_EL2_VIRT_IRQ), IRQ_LEVEL);

	qemu_fdt_add_subnode(fdt, "/pmu");
	set_strings(fdt, "/pmu", "compatible", pmu);
	qemu_fdt_setprop_cells(fdt, "/pmu", "interrupts",
			       GIC_PPI, PPI(VIRTUAL_PMU_IRQ), IRQ_LEVEL);
}

/* Returns the phandle of the ITS, 0 if there is none. */
static uint32_t add_gic(IobMachine *m, void *fdt)
{
	uint32_t phandle = qemu_fdt_alloc_phandle(fdt);
	uint32_t its_phandle = 0;
	g_autofree char *node = g_strdup_printf("/interrupt-controller@%llx",
						IOB_GICD_BASE);

	qemu_fdt_add_subnode(fdt, node);
	qemu_fdt_setprop_string(fdt, node, "compatible", "arm,gic-v3");
	qemu_fdt_setprop_sized_cells(fdt, node, "reg",
				     2, IOB_GICD_BASE, 2, IOB_GICD_SIZE,
				     2, IOB_GICR_BASE,
				     2, IOB_GICR_SIZE * MACHINE(m)->smp.cpus);
	qemu_fdt_setprop_cell(fdt, node, "#redistributor-regions", 1);
	qemu_fdt_setprop_cell(fdt, node, "#interrupt-cells", 3);
	qemu_fdt_setprop_cell(fdt, node, "#address-cells", 2);
	qemu_fdt_setprop_cell(fdt, node, "#size-cells", 2);
	set_flag(fdt, node, "interrupt-controller");
	set_flag(fdt, node, "ranges");
	qemu_fdt_setprop_cells(fdt, node, "interrupts",
			       GIC_PPI, PPI(ARCH_GIC_MAINT_IRQ), IRQ_LEVEL);
	qemu_fdt_setprop_cell(fdt, node, "phandle", phandle);
	qemu_fdt_setprop_cell(fdt, "/", "interrupt-parent", phandle);

	if (m->its) {
		g_autofree char *its = g_strdup_printf("%s/its@%llx", node,
						       IOB_ITS_BASE);

		its_phandle = qemu_fdt_alloc_phandle(fdt);
		qemu_fdt_add_subnode(fdt, its);
		qemu_fdt_setprop_string(fdt, its, "compatible", "arm,gic-v3-its");
		set_flag(fdt, its, "msi-controller");
		qemu_fdt_setprop_cell(fdt, its, "#msi-cells", 1);
		set_reg(fdt, its, IOB_ITS_BASE, IOB_ITS_SIZE);
		qemu_fdt_setprop_cell(fdt, its, "phandle", its_phandle);
	}
	return its_phandle;
}

static void add_uart(void *fdt)
{
	static const char * const uart[] = { "arm,pl011", "arm,primecell", NULL };
	static const char clock_names[] = "uartclk\0apb_pclk";
	uint32_t clk = qemu_fdt_alloc_phandle(fdt);
	g_autofree char *node = NULL;

	qemu_fdt_add_subnode(fdt, "/apb-pclk");
	qemu_fdt_setprop_string(fdt, "/apb-pclk", "compatible", "fixed-clock");
	qemu_fdt_setprop_cell(fdt, "/apb-pclk", "#clock-cells", 0);
	qemu_fdt_setprop_cell(fdt, "/apb-pclk", "clock-frequency", 24000000);
	qemu_fdt_setprop_cell(fdt, "/apb-pclk", "phandle", clk);

	node = add_node(fdt, "serial", IOB_UART_BASE, IOB_UART_SIZE);
	set_strings(fdt, node, "compatible", uart);
	qemu_fdt_setprop_cells(fdt, node, "interrupts", GIC_SPI, IOB_SPI_UART, IRQ_LEVEL);
	qemu_fdt_setprop_cells(fdt, node, "clocks", clk, clk);
	qemu_fdt_setprop(fdt, node, "clock-names", clock_names, sizeof(clock_names));
	qemu_fdt_setprop_string(fdt, "/chosen", "stdout-path", node);
}

static char *add_pci(IobMachine *m, void *fdt, uint32_t its)
{
	char *node = add_node(fdt, "pcie", IOB_PCI_ECAM_BASE, IOB_PCI_ECAM_SIZE);
	uint32_t gic = qemu_fdt_getprop_cell(fdt, "/", "interrupt-parent", NULL, NULL);
	uint32_t map[4 * 4][10];
	unsigned int slot, pin;

	qemu_fdt_setprop_string(fdt, node, "compatible", "pci-host-ecam-generic");
	qemu_fdt_setprop_string(fdt, node, "device_type", "pci");
	qemu_fdt_setprop_cell(fdt, node, "#address-cells", 3);
	qemu_fdt_setprop_cell(fdt, node, "#size-cells", 2);
	qemu_fdt_setprop_cell(fdt, node, "#interrupt-cells", 1);
	qemu_fdt_setprop_cell(fdt, node, "linux,pci-domain", 0);
	qemu_fdt_setprop_cells(fdt, node, "bus-range", 0, IOB_PCI_ECAM_SIZE / MiB - 1);
	if (!m->variant->no_snoop)
		set_flag(fdt, node, "dma-coherent");
	qemu_fdt_setprop_sized_cells(fdt, node, "ranges",
		1, RANGE_IO, 2, 0, 2, IOB_PCI_PIO_BASE, 2, IOB_PCI_PIO_SIZE,
		1, RANGE_MEM32, 2, IOB_PCI_MMIO_BASE, 2, IOB_PCI_MMIO_BASE,
		2, IOB_PCI_MMIO_SIZE,
		1, RANGE_MEM64, 2, IOB_PCI_MMIO64_BASE, 2, IOB_PCI_MMIO64_BASE,
		2, IOB_PCI_MMIO64_SIZE);

	/* Pins of the slots are swizzled over the four lines of the host bridge. */
	for (slot = 0; slot < 4; slot++) {
		for (pin = 0; pin < 4; pin++) {
			uint32_t *e = map[slot * 4 + pin];
			unsigned int line = (slot + pin) % 4;
			uint32_t entry[10] = {
				slot << 11, 0, 0, pin + 1, gic, 0, 0,
				GIC_SPI, IOB_SPI_PCI + line, IRQ_LEVEL,
			};
			unsigned int i;

			for (i = 0; i < ARRAY_SIZE(entry); i++)
				e[i] = cpu_to_be32(entry[i]);
		}
	}
	qemu_fdt_setprop(fdt, node, "interrupt-map", map, sizeof(map));
	qemu_fdt_setprop_cells(fdt, node, "interrupt-map-mask", 3 << 11, 0, 0, 7);
	if (its)
		qemu_fdt_setprop_cells(fdt, node, "msi-map", 0, its, 0, 0x1000);
	return node;
}

/*
 * What a boot loader would give (devicetree specification, "/chosen"). Without it the
 * first program that wants random numbers waits two seconds for Linux to make some out
 * of the jitter of its clock.
 */
static void add_chosen(void *fdt)
{
	uint8_t seed[RNG_SEED_BYTES];

	qemu_guest_getrandom_nofail(seed, sizeof(seed));
	qemu_fdt_add_subnode(fdt, "/chosen");
	qemu_fdt_setprop(fdt, "/chosen", "rng-seed", seed, sizeof(seed));
}

void iob_fdt_create(IobMachine *m)
{
	g_autofree char *pci = NULL;
	uint32_t its;
	void *fdt;

	fdt = MACHINE(m)->fdt = create_device_tree(&m->fdt_size);
	if (!fdt) {
		error_report("the device tree could not be created");
		exit(1);
	}
	qemu_fdt_setprop_cell(fdt, "/", "#address-cells", 2);
	qemu_fdt_setprop_cell(fdt, "/", "#size-cells", 2);
	set_strings(fdt, "/", "compatible", m->variant->compatible);
	qemu_fdt_setprop_string(fdt, "/", "model", m->variant->model);
	add_chosen(fdt);
	add_cpus(m, fdt);
	add_timer_and_pmu(fdt);
	its = add_gic(m, fdt);
	add_uart(fdt);
	pci = add_pci(m, fdt, its);
	m->variant->fdt(m, fdt, pci, its);
}

void iob_fdt_finish(IobMachine *m, void *fdt)
{
	uint64_t size = MACHINE(m)->ram_size;
	g_autofree char *node = NULL;

	if (size <= IOB_RAM_LOW_MAX)
		return;
	node = add_node(fdt, "memory", IOB_RAM_HIGH_BASE, size - IOB_RAM_LOW_MAX);
	qemu_fdt_setprop_string(fdt, node, "device_type", "memory");
}
