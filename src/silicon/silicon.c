// SPDX-License-Identifier: GPL-2.0-only
#include "silicon/silicon.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"

#define IPMMU_UNUSABLE \
	"whose IPMMU devices cannot use: the driver ipmmu-vmsa refuses them all"

/* SoCs that Linux' ipmmu-vmsa refuses, from its deny list; and what their successors can do. */
static const struct {
	const char *soc_id;
	const char *revision;
	const char *name;
	const char *fine;
} unusable[] = {
	{ "r8a7795", "ES1.*", "R-Car H3",
	  "ES3.0 and later of this SoC are fine, and so is R-Car M3-W+ (r8a77961)" },
	{ "r8a7795", "ES2.*", "R-Car H3",
	  "ES3.0 and later of this SoC are fine, and so is R-Car M3-W+ (r8a77961)" },
	{ "r8a7796", "*", "R-Car M3-W",
	  "no revision of it is fine, but R-Car M3-W+ (r8a77961) "
	  "and R-Car H3 from ES3.0 (r8a7795) are" },
	{ "r8a774a1", "*", "RZ/G2M",
	  "no revision of it is fine, but R-Car M3-W+ (r8a77961) "
	  "and R-Car H3 from ES3.0 (r8a7795) are" },
};

/* Who else than PCI devices gets through ipmmu-vmsa's allow list on R-Car Gen3. */
static const char *const sdhi[] = {
	"ee100000.mmc", "ee120000.mmc", "ee140000.mmc", "ee160000.mmc",
};

static bool admitted(const char *platform)
{
	size_t i;

	for (i = 0; i < sizeof(sdhi) / sizeof(sdhi[0]); i++)
		if (!strcmp(platform, sdhi[i]))
			return true;
	return false;
}

bool silicon_explain(char *buf, size_t n, const char *family, const char *soc_id,
		     const char *revision, const char *platform)
{
	size_t i;

	*buf = '\0';
	for (i = 0; i < sizeof(unusable) / sizeof(unusable[0]); i++) {
		if (strcmp(soc_id, unusable[i].soc_id) ||
		    fnmatch(unusable[i].revision, revision, 0))
			continue;
		snprintf(buf, n, "this SoC is %s (%s)%s%s, " IPMMU_UNUSABLE "; %s",
			 unusable[i].name, soc_id, *revision ? " " : "", revision,
			 unusable[i].fine);
		return true;
	}
	if (platform && !strcmp(family, "R-Car Gen3") && !admitted(platform)) {
		snprintf(buf, n,
			 "on this SoC, %s%s%s, the driver ipmmu-vmsa admits only PCI devices and the SDHI controllers %s, %s, %s and %s",
			 soc_id, *revision ? " " : "", revision, sdhi[0], sdhi[1], sdhi[2],
			 sdhi[3]);
		return true;
	}
	return false;
}

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

/* Fields of an SMMU's IIDR. */
#define IIDR_PRODUCT(iidr)	((iidr) >> 20)
#define IIDR_VARIANT(iidr)	((iidr) >> 16 & 0xf)
#define IIDR_REVISION(iidr)	((iidr) >> 12 & 0xf)
#define IIDR_IMPLEMENTER(iidr)	((iidr) & 0xfff)

#define IMPLEMENTER_ARM		0x43b
#define MMU_600			0x483
#define MMU_700			0x487
#define MMU_L1			0x48a
#define MMU_S3			0x498

char *silicon_smmu_name(uint32_t iidr)
{
	static const struct {
		unsigned int product;
		const char *name;
	} names[] = {
		{ MMU_600, "Arm MMU-600" }, { MMU_700, "Arm MMU-700" },
		{ MMU_L1, "Arm MMU-L1" }, { MMU_S3, "Arm MMU-S3" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (IIDR_IMPLEMENTER(iidr) == IMPLEMENTER_ARM &&
		    IIDR_PRODUCT(iidr) == names[i].product)
			return xasprintf("%s r%up%u", names[i].name, IIDR_VARIANT(iidr),
					 IIDR_REVISION(iidr));
	return xasprintf("implementer 0x%03x product 0x%03x r%up%u", IIDR_IMPLEMENTER(iidr),
			 IIDR_PRODUCT(iidr), IIDR_VARIANT(iidr), IIDR_REVISION(iidr));
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
