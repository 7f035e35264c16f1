/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine "iommubench": state and what its files offer each other. Each file calls
 * only what stands before it:
 *
 * engines.c	platform DMA engines
 * pl330.c	a DMA controller that Linux has a driver for
 * smmuv3.c	the SMMUv3 variant
 * pcie.c	PCIe controllers of the R-Car variants
 * rcar.c	R-Car variants
 * variants.c	the table of variants
 * fdt.c	the device tree
 * machine.c	what all variants have, properties
 */
#ifndef IOMMUBENCH_MACHINE_INTERNAL_H
#define IOMMUBENCH_MACHINE_INTERNAL_H

#include "hw/arm/boot.h"
#include "hw/boards.h"
#include "hw/iommubench/iommu-if.h"
#include "hw/pci/pci.h"

#define TYPE_IOB_MACHINE	MACHINE_TYPE_NAME("iommubench")
OBJECT_DECLARE_SIMPLE_TYPE(IobMachine, IOB_MACHINE)

/*
 * Memory map. Everything from 0x30000000 to 0x3fffffff and above 0xc0000000 is left to
 * the R-Car variants, whose PCIe windows, IPMMUs, SDHIs and PRR are at their real
 * addresses.
 */
#define IOB_GICD_BASE		0x08000000ULL
#define IOB_GICD_SIZE		0x00010000ULL
#define IOB_ITS_BASE		0x08080000ULL
#define IOB_ITS_SIZE		0x00020000ULL
#define IOB_GICR_BASE		0x080a0000ULL
#define IOB_GICR_SIZE		0x00020000ULL	/* for each CPU */
#define IOB_UART_BASE		0x09000000ULL
#define IOB_UART_SIZE		0x00001000ULL
#define IOB_SMMU_BASE		0x0a000000ULL
#define IOB_SMMU_SIZE		0x00020000ULL
#define IOB_PMCG_BASE		0x0a040000ULL	/* page 0, then page 1 */
#define IOB_PMCG_STRIDE		0x00020000ULL
#define IOB_ENGINE_BASE		0x0b000000ULL
#define IOB_ENGINE_STRIDE	0x00010000ULL
#define IOB_PL330_BASE		0x0b100000ULL	/* with the SMMUv3 */
#define IOB_PCI_MMIO_BASE	0x10000000ULL
#define IOB_PCI_MMIO_SIZE	0x1eff0000ULL
#define IOB_PCI_PIO_BASE	0x2eff0000ULL
#define IOB_PCI_PIO_SIZE	0x00010000ULL
#define IOB_PCI_ECAM_BASE	0x2f000000ULL
#define IOB_PCI_ECAM_SIZE	0x01000000ULL	/* 16 buses */
#define IOB_RAM_BASE		0x40000000ULL
#define IOB_RAM_LOW_MAX		0x80000000ULL
#define IOB_RAM_HIGH_BASE	0x100000000ULL
#define IOB_PCI_MMIO64_BASE	0x8000000000ULL
#define IOB_PCI_MMIO64_SIZE	0x80000000ULL
#define IOB_PRR_BASE		0xfff00044ULL	/* R-Car product register */

/* Shared peripheral interrupts (INTID less 32) */
#define IOB_SPI_UART		1
#define IOB_SPI_PCI		4	/* INTA to INTD */
#define IOB_SPI_SMMU_EVENTQ	16
#define IOB_SPI_SMMU_PRIQ	17
#define IOB_SPI_SMMU_SYNC	18
#define IOB_SPI_SMMU_GERROR	19
#define IOB_SPI_PMCG		20	/* one for each group */
#define IOB_SPI_ENGINE		32	/* one for each engine */
#define IOB_SPI_PL330		48	/* faults, then its events */
#define IOB_NUM_SPI		480	/* as many as R-Car Gen3 has */

/* Interrupt specifiers of the GIC (arm,gic-v3.yaml) */
#define GIC_SPI			0
#define IRQ_EDGE		1
#define IRQ_LEVEL		4

/* Device IDs at the ITS: PCI requesters come first. */
#define IOB_DEVID_SMMU		0x1000

/* Stream IDs of the SMMU: PCI requesters (16 buses) come first. */
#define IOB_SID_PCI		0x0000
#define IOB_NUM_SID_PCI		0x1000
#define IOB_SID_ENGINE		0x1000
#define IOB_SID_PL330		0x1010

#define IOB_NUM_PMCG		2
#define IOB_MAX_ENGINES		4
#define IOB_MAX_IPMMUS		17
#define IOB_MAX_PCIE		2
#define IOB_PCIE_WINDOWS	3

/* "As many as the board has", of the property "engines" */
#define IOB_ALL_ENGINES		UINT32_MAX

/**
 * struct IobVariant - one board
 * @name:	value of the machine's property "variant", and of its IPMMUs' "soc"
 * @compatible:	of the root node, most exact first
 * @model:	"model" of the root node
 * @prr:	value of the R-Car product register
 * @engines:	how many platform DMA engines there are, unless the property says so
 * @ipmmu_compatible: "compatible" of the IPMMUs' nodes
 * @ipmmu:	IPMMUs, ends with a base of 0; the first one is IPMMU-MM. The bit is that of
 *		a cache IPMMU in the main one's IMSSTR, which its node names
 * @engine:	engines where the SoC has its SDHI controllers, at their micro-TLBs
 * @pcie:	PCIe controllers of the SoC, at their micro-TLBs, with their windows of
 *		memory on the bus; ends with a base of 0
 * @no_snoop:	no master snoops the CPUs' caches, nor do table walks; see cache.h
 * @create:	makes IOMMU and engines, and what else the SoC has; sets
 *		IobMachine.pci_iommu
 * @fdt:	makes their nodes, and the iommu-map of the machine's own PCIe host; @pci is
 *		the path of that one's node, @its the phandle of the ITS or 0
 */
typedef struct IobVariant {
	const char *name;
	const char *compatible[3];
	const char *model;
	uint32_t prr;
	uint32_t engines;
	const char *ipmmu_compatible;
	const struct IobIpmmuInfo {
		hwaddr base;
		const char *name;
		unsigned int bit;
	} *ipmmu;
	const struct IobEngineInfo {
		hwaddr base;
		unsigned int spi;
		const char *ipmmu;
		uint32_t utlb;
	} *engine;
	const struct IobPcieInfo {
		hwaddr base;
		unsigned int spi;
		const char *ipmmu;
		uint32_t utlb;
		struct {
			hwaddr base;
			hwaddr size;
			bool prefetch;
		} window[IOB_PCIE_WINDOWS];
	} *pcie;
	bool no_snoop;
	void (*create)(IobMachine *m);
	void (*fdt)(IobMachine *m, void *fdt, const char *pci, uint32_t its);
} IobVariant;

/**
 * struct IobMachine - the machine's state
 * @variant:	board
 * @its:	with an interrupt translation service (message signalled
 *		interrupts), property "its"
 * @iommu_on:	with an IOMMU, property "iommu"
 * @pl330:	with a PL330 behind the IOMMU, property "pl330"
 * @engines:	number of platform DMA engines, property "engines"
 * @pci:	root bus of the machine's own PCIe host, which the lab's devices are plugged
 *		into
 * @pci_iommu:	what is in front of that, or NULL
 * @pcie:	root buses of the SoC's PCIe controllers
 */
struct IobMachine {
	MachineState parent;

	const IobVariant *variant;
	bool its;
	bool iommu_on;
	bool pl330;
	uint32_t engines;

	struct arm_boot_info boot;
	DeviceState *gic;
	PCIBus *pci;
	IobIommu *pci_iommu;
	PCIBus *pcie[IOB_MAX_PCIE];
	IobIommu *iommu[IOB_MAX_IPMMUS];
	DeviceState *smmu;
	DeviceState *engine[IOB_MAX_ENGINES];
	unsigned int engine_spi[IOB_MAX_ENGINES];
	MemoryRegion ram_low, ram_high, prr;
	int fdt_size;
};

/* engines.c */

/**
 * iob_engine_create() - make platform DMA engine number @i
 * @spi: its interrupt
 * @iommu: NULL for none
 * @stall: the IOMMU stalls; the engine does if its property "stall" says so, too
 * @pasid_bits: of the IOMMU; the engine's property "pasid-bits" may be less
 */
void iob_engine_create(IobMachine *m, unsigned int i, hwaddr base, unsigned int spi,
		       IobIommu *iommu, uint32_t sid, bool stall, uint32_t pasid_bits);

/**
 * iob_engine_fdt() - describe platform DMA engine number @i
 * @name: name of the node, without its address, and the folder it is in, if any
 * @phandle: phandle of its IOMMU's node, 0 for none
 *
 * Returns the node's path. Also says in it whether the engine stalls, and with how
 * many PASID bits it goes.
 */
char *iob_engine_fdt(IobMachine *m, void *fdt, const char *name, unsigned int i,
		     hwaddr base, uint32_t phandle, uint32_t sid);

/* pcie.c */

/**
 * iob_pcie_create() - make PCIe controller number @i of the SoC, with its root port
 * @iommu: NULL for none
 *
 * Call it before the machine's own PCIe host is made: QEMU plugs a device that names
 * no bus into the host that was made last. The bus behind the root port is called
 * "pcie" and @i.
 */
void iob_pcie_create(IobMachine *m, unsigned int i, IobIommu *iommu);

/**
 * iob_pcie_fdt() - describe PCIe controller number @i
 * @phandle: phandle of its IOMMU's node, 0 for none
 */
void iob_pcie_fdt(IobMachine *m, void *fdt, unsigned int i, uint32_t phandle);

/* pl330.c */

/**
 * iob_pl330_create() - make the PL330
 * @iommu: NULL for none
 * @sid: of all its accesses, which are privileged
 */
void iob_pl330_create(IobMachine *m, hwaddr base, IobIommu *iommu, uint32_t sid);

/**
 * iob_pl330_fdt() - describe the PL330
 * @name: name of the node, without its address
 * @phandle: phandle of its IOMMU's node, 0 for none
 */
void iob_pl330_fdt(void *fdt, const char *name, hwaddr base, uint32_t phandle, uint32_t sid);

/* smmuv3.c, rcar.c: see struct IobVariant */
void iob_smmuv3_create(IobMachine *m);
void iob_smmuv3_fdt(IobMachine *m, void *fdt, const char *pci, uint32_t its);
void iob_rcar_create(IobMachine *m);
void iob_rcar_fdt(IobMachine *m, void *fdt, const char *pci, uint32_t its);

/* variants.c: the default comes first, one without a name ends it */
extern const IobVariant iob_variants[];

/* fdt.c */

/**
 * iob_fdt_create() - make the machine's device tree (MachineState.fdt)
 *
 * Call it when all devices exist.
 */
void iob_fdt_create(IobMachine *m);

/**
 * iob_fdt_finish() - what must be added after QEMU wrote the memory node
 */
void iob_fdt_finish(IobMachine *m, void *fdt);

#endif
