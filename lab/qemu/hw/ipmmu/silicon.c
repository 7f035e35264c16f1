// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPMMU-VMSA: what each SoC revision's silicon gets wrong, and what its firmware
 * does about it before Linux starts.
 *
 * Stage 2: not before H3 ES3.0, nor on M3-W [xen]. A refused translation kept
 * until FLUSH: Xen's driver flushes after every fault; "the newest SoC revisions
 * (ES 3.0) are not affected" [xen]. Own TLB: H3 ES2.0's list in [tf-a].
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "ipmmu.h"

/*
 * @stale_cache: IPMMUs whose own TLB firmware switches off, separated and
 *	enclosed by spaces
 */
typedef struct Silicon {
	const char *soc;
	bool stage2;
	bool sticky_fault;
	const char *stale_cache;
} Silicon;

static const Silicon silicon[] = {
	{ .soc = "r8a7795-es2", .stage2 = false, .sticky_fault = true,
	  .stale_cache = " vi0 vi1 pv0 pv1 pv2 pv3 hc rt mp0 ds0 ds1 " },
	{ .soc = "r8a7796", .stage2 = false, .sticky_fault = true },
	{ .soc = "r8a7795-es3", .stage2 = true },
	{ .soc = "r8a77961", .stage2 = true },
};

static bool in_list(const char *list, const char *name)
{
	g_autofree char *word = g_strdup_printf(" %s ", name);

	return list && strstr(list, word);
}

static const Silicon *find(const char *soc)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(silicon); i++)
		if (!strcmp(silicon[i].soc, soc))
			return &silicon[i];
	return NULL;
}

static bool choose(OnOffAuto prop, bool automatic)
{
	return prop == ON_OFF_AUTO_AUTO ? automatic : prop == ON_OFF_AUTO_ON;
}

/**
 * ipmmu_silicon_init() - resolve the properties that depend on the SoC
 */
bool ipmmu_silicon_init(IobIpmmu *s, Error **errp)
{
	static const Silicon sound = { .stage2 = true };
	const Silicon *si = s->soc ? find(s->soc) : &sound;
	bool stale;

	if (!si) {
		error_setg(errp, "ipmmu: soc '%s' is not known", s->soc);
		return false;
	}
	stale = s->name && in_list(si->stale_cache, s->name);
	s->stage2 = choose(s->stage2_prop, si->stage2);
	s->sticky_fault = choose(s->sticky_fault_prop, si->sticky_fault);
	s->stale_cache = choose(s->stale_cache_prop, stale);
	if (s->imsctlr_reset == IPMMU_AS_FIRMWARE) {
		s->imsctlr_reset = stale ? IMSCTLR_FW_DISCACHE : 0;
		if (s->soc && !s->main)
			s->imsctlr_reset = IMSCTLR_FW_MM;
	}
	if (s->imsauxctlr_reset == IPMMU_AS_FIRMWARE)
		s->imsauxctlr_reset = s->soc && !s->main ? IMSAUXCTLR_FW_MM : 0;
	return true;
}
