// SPDX-License-Identifier: GPL-2.0-only
#include "silicon/silicon.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "silicon/iidr.h"

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

/* Families of which ipmmu-vmsa admits what is on its allow list alone; of others it admits all. */
static const char *const opt_in[] = { "R-Car Gen3", "R-Car Gen4", "RZ/G2" };

/* Who else than PCI devices gets through that list. */
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

static bool needs_opt_in(const char *family)
{
	size_t i;

	for (i = 0; i < sizeof(opt_in) / sizeof(opt_in[0]); i++)
		if (!strcmp(family, opt_in[i]))
			return true;
	return false;
}

/* What the driver goes by, the first word that it knows; what is nobody's is Gen2's. */
static const struct {
	const char *compatible;
	struct silicon_ipmmu ipmmu;
} ipmmus[] = {
	{ "renesas,rcar-gen4-ipmmu-vmsa", { .contexts = 16, .kept = 1, .micro_tlbs = 64 } },
	{ "renesas,ipmmu-r8a779a0", { .contexts = 16, .kept = 1, .micro_tlbs = 64 } },
	{ "renesas,ipmmu-r8a774a1", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a774b1", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a774c0", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a774e1", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a7795", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a7796", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a77961", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a77965", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a77970", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a77980", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a77990", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	{ "renesas,ipmmu-r8a77995", { .contexts = 8, .kept = 1, .micro_tlbs = 48 } },
	/* Software uses one of its contexts, whatever hardware has. */
	{ "renesas,ipmmu-vmsa", { .contexts = 0, .kept = 0, .micro_tlbs = 32 } },
};

bool silicon_ipmmu(struct silicon_ipmmu *ipmmu, const char *compatible)
{
	const char *word;
	size_t i, n;

	for (word = compatible; *word; word += n + strspn(word + n, " ")) {
		n = strcspn(word, " ");
		for (i = 0; i < sizeof(ipmmus) / sizeof(ipmmus[0]); i++) {
			if (strncmp(word, ipmmus[i].compatible, n) || ipmmus[i].compatible[n])
				continue;
			*ipmmu = ipmmus[i].ipmmu;
			return true;
		}
	}
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
	if (platform && needs_opt_in(family) && !admitted(platform)) {
		snprintf(buf, n,
			 "on this SoC, %s%s%s, the driver ipmmu-vmsa admits only PCI devices and the SDHI controllers %s, %s, %s and %s",
			 soc_id, *revision ? " " : "", revision, sdhi[0], sdhi[1], sdhi[2],
			 sdhi[3]);
		return true;
	}
	return false;
}

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
