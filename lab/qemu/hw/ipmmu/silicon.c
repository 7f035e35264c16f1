// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPMMU-VMSA: what silicon gets wrong, and what firmware does about it before Linux
 * starts.
 */
#include "qemu/osdep.h"
#include "internal.h"

#define LIST(...)	((const char * const []) { __VA_ARGS__, NULL })
/* A property of struct IobIpmmu, and what became of it */
#define PROPERTY(field)	.set = offsetof(IobIpmmu, field##_prop), .state = offsetof(IobIpmmu, field)

/**
 * struct Fault - what some SoCs' silicon gets wrong
 * @set:	offset of the property, an OnOffAuto: "auto" is as on the SoC
 * @state:	offset of what became of it, a bool
 * @value:	what that is on silicon with the fault
 * @discache:	firmware switches an IPMMU's own TLB off that has it
 * @socs:	that have it, by the names of the machine's variants
 * @ipmmus:	of these SoCs, NULL for all
 */
typedef struct Fault {
	size_t set;
	size_t state;
	bool value;
	bool discache;
	const char * const *socs;
	const char * const *ipmmus;
} Fault;

static const Fault faults[] = {
	{
		/* stage2=off: not before H3 ES3.0, nor on M3-W [xen] */
		PROPERTY(stage2),
		.value = false,
		.socs = LIST("r8a7795-es2", "r8a7796"),
	}, {
		/*
		 * sticky-fault=on: Xen's driver flushes after every fault; "the newest SoC
		 * revisions (ES 3.0) are not affected" [xen]
		 */
		PROPERTY(sticky_fault),
		.value = true,
		.socs = LIST("r8a7795-es2", "r8a7796"),
	}, {
		/* stale-cache=on: H3 ES2.0's list in [tf-a] */
		PROPERTY(stale_cache),
		.value = true,
		.discache = true,
		.socs = LIST("r8a7795-es2"),
		.ipmmus = LIST("vi0", "vi1", "pv0", "pv1", "pv2", "pv3", "hc", "rt", "mp0",
			       "ds0", "ds1"),
	},
};

static bool has(const IobIpmmu *s, const Fault *f)
{
	return s->soc && g_strv_contains(f->socs, s->soc) &&
	       (!f->ipmmus || (s->name && g_strv_contains(f->ipmmus, s->name)));
}

/**
 * ipmmu_silicon_init() - resolve the properties that depend on the SoC
 */
void ipmmu_silicon_init(IobIpmmu *s)
{
	bool discache = false;

	for (unsigned int i = 0; i < ARRAY_SIZE(faults); i++) {
		const Fault *f = &faults[i];
		OnOffAuto set = *(OnOffAuto *)((char *)s + f->set);
		bool *state = (bool *)((char *)s + f->state);

		*state = set == ON_OFF_AUTO_AUTO ? has(s, f) == f->value :
						   set == ON_OFF_AUTO_ON;
		discache |= f->discache && has(s, f);
	}
	if (s->imsctlr_reset == IPMMU_AS_FIRMWARE) {
		s->imsctlr_reset = discache ? IMSCTLR_FW_DISCACHE : 0;
		if (s->soc && !s->main)
			s->imsctlr_reset = IMSCTLR_FW_MM;
	}
	if (s->imsauxctlr_reset == IPMMU_AS_FIRMWARE)
		s->imsauxctlr_reset = s->soc && !s->main ? IMSAUXCTLR_FW_MM : 0;
}
