// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errata of SoCs and IOMMUs, a row each.
 */
#include "silicon/errata.h"
#include "silicon/iidr.h"

#include <fnmatch.h>

#define OWN_CACHES \
	"the cache IPMMUs' own TLB caches must be off, which firmware does (IMSCTLR = 0xe0000000): "

#define NO_STAGE2 \
	"its IPMMUs do not read stage 2 tables, so a CPU's cannot be shared with them"

/* A SoC's revisions, and what is known of them. */
static const struct {
	const char *soc_id;
	const char *revision;
	const char *text;
} errata[] = {
	{ "r8a7795", "ES[12].*", NO_STAGE2 },
	{ "r8a7796", "*", NO_STAGE2 },
	{ "r8a7795", "ES2.0", OWN_CACHES "VI0, VI1, PV0 to PV3, HC, RT, MP, DS0, DS1" },
	{ "r8a77965", "ES1.[01]", OWN_CACHES "VI0, PV0, HC, RT, MP, DS0, DS1" },
	{ "r8a77990", "ES1.0", OWN_CACHES "VI0, VP0, PV0, HC, RT, MP, DS0, DS1" },
	{ "r8a77990", "ES1.1", OWN_CACHES "VI0, VP0, PV0" },
	{ "r8a779[5-9]*", "*",
	  "firmware sets IMSCTLR (0xe67b0500) and IMAUXCTLR (0xe67b0504) of IPMMU-MM" },
};

const char *silicon_erratum(const char *soc_id, const char *revision, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(errata) / sizeof(errata[0]); i++)
		if (!fnmatch(errata[i].soc_id, soc_id, 0) &&
		    !fnmatch(errata[i].revision, revision, 0) && !n--)
			return errata[i].text;
	return NULL;
}

/* Products, the first release in which an erratum is gone, and what it is. */
static const struct {
	unsigned int product;
	unsigned int fixed;
	const char *text;
} smmu_errata[] = {
	{ MMU_600, 0x03, "erratum 1076982: no wake-up event from the command queue" },
	{ MMU_600, 0x20, "erratum 1209401: no nested translation" },
	{ MMU_700, 0x11, "erratum 2812531: each batch of commands needs a CMD_SYNC of its own" },
	{ MMU_700, 0x11, "errata 2268618 and 2812531: no nested translation" },
	{ MMU_700, 0xff,
	  "errata 2133013, 2268618, 2812531, 3777127: no broadcast TLB maintenance" },
	{ MMU_L1, 0xff, "erratum 3878312: no broadcast TLB maintenance" },
	{ MMU_S3, 0xff, "erratum 3995052: no broadcast TLB maintenance" },
};

const char *silicon_smmu_erratum(uint32_t iidr, size_t n)
{
	unsigned int release = IIDR_VARIANT(iidr) << 4 | IIDR_REVISION(iidr);
	size_t i;

	if (IIDR_IMPLEMENTER(iidr) != IMPLEMENTER_ARM)
		return NULL;
	for (i = 0; i < sizeof(smmu_errata) / sizeof(smmu_errata[0]); i++)
		if (smmu_errata[i].product == IIDR_PRODUCT(iidr) &&
		    release < smmu_errata[i].fixed && !n--)
			return smmu_errata[i].text;
	return NULL;
}
