// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: what silicon gets wrong, put in on purpose by properties:
 *   drop-tlbi=NAME		invalidations that are accepted and not done, a row of drops[]
 *   sync-required=N		TLBI commands after the Nth without a SYNC are lost
 *				(MMU-700 2812531 and its workaround made visible; 0: off)
 *   page1-at-page0=on		registers of page 1 are at page 0 (Cavium 74)
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "smmuv3.h"

static const struct {
	const char *name;
	uint32_t kinds;
} drops[] = {
	{ "none", 0 },
	/* by address */
	{ "va", SMMU_DROP_VA },
	/* of more than one page */
	{ "range", SMMU_DROP_RANGE },
	{ "asid", SMMU_DROP_ASID },
	{ "vmid", SMMU_DROP_VMID },
	/* every TLBI */
	{ "all", SMMU_DROP_VA | SMMU_DROP_ASID | SMMU_DROP_VMID | SMMU_DROP_ALL },
	/* ATC_INV */
	{ "atc", SMMU_DROP_ATC },
};

bool iob_smmu_silicon_init(IobSmmu *s, Error **errp)
{
	g_autoptr(GString) names = g_string_new(NULL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(drops); i++) {
		if (!g_strcmp0(s->drop_name ?: "none", drops[i].name)) {
			s->drop = drops[i].kinds;
			return true;
		}
		if (i)
			g_string_append(names, i + 1 < ARRAY_SIZE(drops) ? ", " : " or ");
		g_string_append(names, drops[i].name);
	}
	error_setg(errp, "drop-tlbi=%s: use %s", s->drop_name, names->str);
	return false;
}

bool iob_smmu_silicon_loses(IobSmmu *s, uint32_t kinds)
{
	/* Too many in one batch */
	if (kinds != SMMU_DROP_ATC && s->sync_required && ++s->since_sync > s->sync_required)
		return true;
	return s->drop & kinds;
}
