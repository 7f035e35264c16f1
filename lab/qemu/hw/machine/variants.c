// SPDX-License-Identifier: GPL-2.0-only
/* The boards that the machine "iommubench" can be, a row each. */
#include "qemu/osdep.h"
#include "internal.h"

/* R-Car product register, R-Car Gen3 hardware manual: product and cut numbers */
#define PRR_H3_ES2	0x00004f10
#define PRR_H3_ES3	0x00004f20
#define PRR_M3W_ES11	0x00005210
#define PRR_M3W_PLUS	0x00005220

/*
 * What of the SoCs the stock IPMMU driver and its users look at, by
 * arch/arm64/boot/dts/renesas/ of Linux: r8a77951.dtsi (H3 from ES2.0 on), r8a77960.dtsi
 * (M3-W), r8a77961.dtsi (M3-W+). tests/boards/soc.t compares our nodes with theirs.
 */
static const struct IobIpmmuInfo h3_ipmmus[] = {
	{ 0xe67b0000, "mm" },
	{ 0xe6740000, "ds0", 0 },
	{ 0xe7740000, "ds1", 1 },
	{ 0xe6570000, "hc", 2 },
	{ 0xff8b0000, "ir", 3 },
	{ 0xec670000, "mp0", 4 },
	{ 0xfd800000, "pv0", 6 },
	{ 0xfd950000, "pv1", 7 },
	{ 0xfd960000, "pv2", 8 },
	{ 0xfd970000, "pv3", 9 },
	{ 0xffc80000, "rt", 10 },
	{ 0xfe6b0000, "vc0", 12 },
	{ 0xfe6f0000, "vc1", 13 },
	{ 0xfebd0000, "vi0", 14 },
	{ 0xfebe0000, "vi1", 15 },
	{ 0xfe990000, "vp0", 16 },
	{ 0xfe980000, "vp1", 17 },
	{ }
};

static const struct IobIpmmuInfo m3w_ipmmus[] = {
	{ 0xe67b0000, "mm" },
	{ 0xe6740000, "ds0", 0 },
	{ 0xe7740000, "ds1", 1 },
	{ 0xe6570000, "hc", 2 },
	{ 0xff8b0000, "ir", 3 },
	{ 0xec670000, "mp0", 4 },
	{ 0xfd800000, "pv0", 5 },
	{ 0xfd950000, "pv1", 6 },
	{ 0xffc80000, "rt", 7 },
	{ 0xfe6b0000, "vc0", 8 },
	{ 0xfebd0000, "vi0", 9 },
	{ }
};

/*
 * The engines stand for SDHI0 to SDHI3. The stock driver admits those by name
 * (ee100000.mmc and so on) and puts all masters of a cache IPMMU into one group.
 */
static const struct IobEngineInfo rcar_engines[] = {
	{ 0xee100000, 165, "ds1", 32 },
	{ 0xee120000, 166, "ds1", 33 },
	{ 0xee140000, 167, "ds1", 34 },
	{ 0xee160000, 168, "ds1", 35 },
	{ }
};

/* Both controllers are masters of the same IPMMU, and so in one group. */
static const struct IobPcieInfo rcar_pcie[] = {
	{ 0xfe000000, 116, "hc", 0, {
		{ 0xfe200000, 0x00200000 },
		{ 0x30000000, 0x08000000 },
		{ 0x38000000, 0x08000000, true },
	} },
	{ 0xee800000, 148, "hc", 1, {
		{ 0xeea00000, 0x00200000 },
		{ 0xc0000000, 0x08000000 },
		{ 0xc8000000, 0x08000000, true },
	} },
	{ }
};

const IobVariant iob_variants[] = {
	{
		.name = "smmuv3",
		.compatible = { "iommubench,smmuv3" },
		.model = "iommubench SMMUv3 board",
		.engines = 2,
		.create = iob_smmuv3_create,
		.fdt = iob_smmuv3_fdt,
	},
	{
		.name = "r8a7795-es2",
		.compatible = { "iommubench,r8a7795-es2", "renesas,r8a7795" },
		.model = "iommubench R-Car H3 ES2.0 board",
		.prr = PRR_H3_ES2,
		.ipmmu_compatible = "renesas,ipmmu-r8a7795",
		.ipmmu = h3_ipmmus,
		.engines = 4,
		.engine = rcar_engines,
		.pcie = rcar_pcie,
		.no_snoop = true,
		.create = iob_rcar_create,
		.fdt = iob_rcar_fdt,
	},
	{
		.name = "r8a7795-es3",
		.compatible = { "iommubench,r8a7795-es3", "renesas,r8a7795" },
		.model = "iommubench R-Car H3 ES3.0 board",
		.prr = PRR_H3_ES3,
		.ipmmu_compatible = "renesas,ipmmu-r8a7795",
		.ipmmu = h3_ipmmus,
		.engines = 4,
		.engine = rcar_engines,
		.pcie = rcar_pcie,
		.no_snoop = true,
		.create = iob_rcar_create,
		.fdt = iob_rcar_fdt,
	},
	{
		.name = "r8a7796",
		.compatible = { "iommubench,r8a7796", "renesas,r8a7796" },
		.model = "iommubench R-Car M3-W ES1.1 board",
		.prr = PRR_M3W_ES11,
		.ipmmu_compatible = "renesas,ipmmu-r8a7796",
		.ipmmu = m3w_ipmmus,
		.engines = 4,
		.engine = rcar_engines,
		.pcie = rcar_pcie,
		.no_snoop = true,
		.create = iob_rcar_create,
		.fdt = iob_rcar_fdt,
	},
	{
		.name = "r8a77961",
		.compatible = { "iommubench,r8a77961", "renesas,r8a77961" },
		.model = "iommubench R-Car M3-W+ ES3.0 board",
		.prr = PRR_M3W_PLUS,
		.ipmmu_compatible = "renesas,ipmmu-r8a77961",
		.ipmmu = m3w_ipmmus,
		.engines = 4,
		.engine = rcar_engines,
		.pcie = rcar_pcie,
		.no_snoop = true,
		.create = iob_rcar_create,
		.fdt = iob_rcar_fdt,
	},
	{ }
};
