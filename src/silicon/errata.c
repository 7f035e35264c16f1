// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errata of SoCs and IOMMUs, a row each. To add one is to add its row.
 *
 * Sources, all public:
 * [ipmmu]	Linux, drivers/iommu/ipmmu-vmsa.c
 * [smmu]	Linux, drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, and what its commits say:
 *		f322e8af35c7 for 1076982, 309a15cb16bb for 2812531, 0bfbfc526c70 for nesting
 * [list]	Linux, Documentation/arch/arm64/silicon-errata.rst
 * [binding]	Linux, Documentation/devicetree/bindings/iommu/arm,smmu-v3.yaml
 * [tf-a]	Trusted Firmware-A, BL2 of R-Car and RZ/G
 * [xen]	Xen, xen/drivers/passthrough/arm/ipmmu-vmsa.c
 */
#include "silicon/errata.h"

#include <fnmatch.h>
#include <stddef.h>

#include "silicon/iidr.h"

/*
 * Which SoCs read stage 2 tables, and what that is good for: [xen]. Whom Linux refuses: [ipmmu].
 */
#define NO_STAGE2 \
	.text = "its IPMMUs do not read stage 2 tables, so a CPU's cannot be shared with them", \
	.consequence = "a hypervisor that gives its guests' stage 2 tables to the IPMMU, as Xen " \
		       "does, cannot pass devices through", \
	.kernel = "the driver ipmmu-vmsa uses stage 1 only, and admits no device of this SoC"

/*
 * Which IPMMUs, and what firmware writes: [tf-a], which does not say what goes wrong otherwise.
 * Linux does not know the register: [ipmmu]. The model's caches keep what was invalidated, while
 * they are on; the run was tried on it.
 */
#define OWN_CACHES(which) \
	.text = "the cache IPMMUs' own TLB caches must be off, which firmware does " \
		"(IMSCTLR = 0xe0000000): " which, \
	.kernel = "nothing: the driver ipmmu-vmsa leaves IMSCTLR as firmware has set it", \
	.show = { "map-unmap", "--api iommu -s 64K --verify", "read_after_unmap_refused" }, \
	.board = { "r8a7795-es3", "iob-ipmmu.stale-cache=on iob-ipmmu.imsctlr=0" }

/* What Linux does: [smmu]; it does not say what is wrong with nesting. */
#define NO_NESTING \
	.consequence = "guests cannot have stage 1 tables of their own", \
	.kernel = "the driver arm-smmu-v3 refuses domains that nest (iommufd's NEST_PARENT)"

/* What Linux does: [smmu], which had no use for it yet. */
#define NO_BROADCAST \
	.consequence = "CPUs cannot invalidate its TLB by their own TLBI instructions, only by " \
		       "commands in its queue", \
	.kernel = "the driver arm-smmu-v3 does without (feature BTM)"

static const struct erratum errata[] = {
	{
		.silicon = { .soc_id = "r8a7795", .revision = "ES[12].*" },
		NO_STAGE2,
		.board = { "r8a7795-es2", "iob-ipmmu.stage2=off" },
	},
	{
		.silicon = { .soc_id = "r8a7796", .revision = "*" },
		NO_STAGE2,
		.board = { "r8a7796", "iob-ipmmu.stage2=off" },
	},
	{
		.silicon = { .soc_id = "r8a7795", .revision = "ES2.0" },
		OWN_CACHES("VI0, VI1, PV0 to PV3, HC, RT, MP, DS0, DS1"),
	},
	{
		.silicon = { .soc_id = "r8a77965", .revision = "ES1.[01]" },
		OWN_CACHES("VI0, PV0, HC, RT, MP, DS0, DS1"),
	},
	{
		.silicon = { .soc_id = "r8a77990", .revision = "ES1.0" },
		OWN_CACHES("VI0, VP0, PV0, HC, RT, MP, DS0, DS1"),
	},
	{
		.silicon = { .soc_id = "r8a77990", .revision = "ES1.1" },
		OWN_CACHES("VI0, VP0, PV0"),
	},
	{
		/* [tf-a], which does not say why. The board comes up with the same values. */
		.silicon = { .soc_id = "r8a779[5-9]*", .revision = "*" },
		.text = "firmware sets IMSCTLR (0xe67b0500) and IMAUXCTLR (0xe67b0504) of IPMMU-MM",
		.kernel = "nothing: the driver ipmmu-vmsa leaves both as firmware has set them",
		.board = { "r8a7795-es3", NULL },
	},
	{
		/* [smmu], [list]. The board only claims to be the product: it wakes CPUs. */
		.silicon = { .product = MMU_600, .fixed = 0x03 },
		.text = "erratum 1076982: no wake-up event from the command queue",
		.consequence = "a CPU that waits for the command queue is not woken",
		.kernel = "the driver arm-smmu-v3 polls the queue (no feature SEV)",
		.board = { "smmuv3-sva",
			   "iob-smmuv3.iidr=0x4830243b iob-smmuv3-pmcg.iidr=0x4830243b" },
	},
	{
		/* [smmu], [list]. */
		.silicon = { .product = MMU_600, .fixed = 0x20 },
		.text = "erratum 1209401: no nested translation",
		NO_NESTING,
		.board = { "smmuv3-sva",
			   "iob-smmuv3.iidr=0x4831043b iob-smmuv3-pmcg.iidr=0x4831043b" },
	},
	{
		/*
		 * [smmu], [list]. Which commands go wrong is not public: the model loses those from
		 * the 64th without a CMD_SYNC on. The run was tried. With
		 * iob-smmuv3.iidr=0x4870043b Linux knows the product, and the check passes.
		 */
		.silicon = { .product = MMU_700, .fixed = 0x11 },
		.text = "erratum 2812531: each batch of commands needs a CMD_SYNC of its own",
		.consequence = "certain sequences of commands go wrong without a CMD_SYNC in them",
		.kernel = "the driver arm-smmu-v3 ends each batch that it writes with a CMD_SYNC",
		.show = { "map-unmap", "-s 1M --verify", "read_after_unmap_refused" },
		.board = { "smmuv3-sva", "iob-smmuv3.ril=off iob-smmuv3.sync-required=63" },
	},
	{
		/* [smmu], [list]. */
		.silicon = { .product = MMU_700, .fixed = 0x11 },
		.text = "errata 2268618 and 2812531: no nested translation",
		NO_NESTING,
		.board = { "smmuv3-sva",
			   "iob-smmuv3.iidr=0x4870043b iob-smmuv3-pmcg.iidr=0x4870043b" },
	},
	{
		/* [smmu]; the numbers: [list]. */
		.silicon = { .product = MMU_700, .fixed = ERRATUM_IN_ALL },
		.text = "errata 2133013, 2268618, 2812531, 3777127: no broadcast TLB maintenance",
		NO_BROADCAST,
		.board = { "smmuv3-sva",
			   "iob-smmuv3.iidr=0x4871143b iob-smmuv3-pmcg.iidr=0x4871143b" },
	},
	{
		/* [smmu], [list]. */
		.silicon = { .product = MMU_L1, .fixed = ERRATUM_IN_ALL },
		.text = "erratum 3878312: no broadcast TLB maintenance",
		NO_BROADCAST,
		.board = { "smmuv3-sva",
			   "iob-smmuv3.iidr=0x48a0043b iob-smmuv3-pmcg.iidr=0x48a0043b" },
	},
	{
		/* [smmu], [list]. */
		.silicon = { .product = MMU_S3, .fixed = ERRATUM_IN_ALL },
		.text = "erratum 3995052: no broadcast TLB maintenance",
		NO_BROADCAST,
		.board = { "smmuv3-sva",
			   "iob-smmuv3.iidr=0x4980043b iob-smmuv3-pmcg.iidr=0x4980043b" },
	},
	{
		/* [binding], [smmu]. With ACPI, the IORT's model says so instead. */
		.silicon = { .property = "hisilicon,broken-prefetch-cmd" },
		.text = "erratum of HiSilicon Hip08: prefetch commands must not be used",
		.kernel = "the driver arm-smmu-v3 sends none",
	},
	{
		/* [binding], [smmu]. The board's device tree says so with the property. */
		.silicon = { .property = "cavium,cn9900-broken-page1-regspace" },
		.text = "erratum 74 of ThunderX2: registers of page 1 are in page 0",
		.consequence = "who looks for the event and page request queues' registers in "
			       "page 1 sees neither events nor page requests",
		.kernel = "the driver arm-smmu-v3 looks for them in page 0",
		.board = { "smmuv3-sva", "iob-smmuv3.page1-at-page0=on" },
	},
};

const struct erratum *errata_next(const struct erratum *last)
{
	const struct erratum *e = last ? last + 1 : errata;

	return e < errata + sizeof(errata) / sizeof(errata[0]) ? e : NULL;
}

bool erratum_is_of_soc(const struct erratum *e, const char *soc_id, const char *revision)
{
	return e->silicon.soc_id && !fnmatch(e->silicon.soc_id, soc_id, 0) &&
	       !fnmatch(e->silicon.revision, revision, 0);
}

bool erratum_is_of_smmu(const struct erratum *e, uint32_t iidr)
{
	unsigned int release = IIDR_VARIANT(iidr) << 4 | IIDR_REVISION(iidr);

	return e->silicon.product && IIDR_IMPLEMENTER(iidr) == IMPLEMENTER_ARM &&
	       e->silicon.product == IIDR_PRODUCT(iidr) && release < e->silicon.fixed;
}
