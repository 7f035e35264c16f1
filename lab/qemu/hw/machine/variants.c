// SPDX-License-Identifier: GPL-2.0-only
/* The boards that the machine "iommubench" can be, a row each. */
#include "qemu/osdep.h"
#include "internal.h"

/* R-Car product register, R-Car Gen3 hardware manual: product and cut numbers */
#define PRR_H3_ES2	0x00004f10
#define PRR_H3_ES3	0x00004f20
#define PRR_M3W_ES11	0x00005210
#define PRR_M3W_PLUS	0x00005220

static const struct IobIpmmuInfo h3_ipmmus[] = {
	{ 0xe67b0000, "mm" },
	{ 0xe6740000, "ds0" },
	{ 0xe7740000, "ds1" },
	{ 0xe6570000, "hc" },
	{ 0xec670000, "mp0" },
	{ 0xfd800000, "pv0" },
	{ 0xfd950000, "pv1" },
	{ 0xfd960000, "pv2" },
	{ 0xfd970000, "pv3" },
	{ 0xffc80000, "rt" },
	{ 0xfebd0000, "vi0" },
	{ 0xfebe0000, "vi1" },
	{ }
};

static const struct IobIpmmuInfo m3w_ipmmus[] = {
	{ 0xe67b0000, "mm" },
	{ 0xe6740000, "ds0" },
	{ 0xe7740000, "ds1" },
	{ 0xe6570000, "hc" },
	{ 0xec670000, "mp0" },
	{ 0xfd800000, "pv0" },
	{ 0xfd950000, "pv1" },
	{ 0xffc80000, "rt" },
	{ 0xfebd0000, "vi0" },
	{ }
};

/*
 * The engines stand where the SoC has its SDHI controllers: the stock driver
 * admits those by device name (ee100000.mmc and so on). The first one is at the
 * SDHI's own micro-TLB; the others are behind other IPMMUs than on the SoC, as the
 * stock driver puts all devices of one IPMMU into one group.
 */
static const struct IobEngineInfo rcar_engines[] = {
	{ 0xee100000, "ds1", 32 },
	{ 0xee120000, "ds0", 33 },
	{ 0xee140000, "mp0", 34 },
	{ 0xee160000, "rt", 35 },
	{ }
};

const IobVariant iob_variants[] = {
	{
		.name = "smmuv3",
		.compatible = { "iommubench,smmuv3" },
		.model = "iommubench SMMUv3 board",
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
		.engine = rcar_engines,
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
		.engine = rcar_engines,
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
		.engine = rcar_engines,
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
		.engine = rcar_engines,
		.no_snoop = true,
		.create = iob_rcar_create,
		.fdt = iob_rcar_fdt,
	},
	{ }
};
