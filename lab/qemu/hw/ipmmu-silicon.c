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
#include "hw/qdev-properties.h"
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
	  .stale_cache = " vi0 vi1 pv0 pv1 pv2 pv3 hc rt mp ds0 ds1 " },
	{ .soc = "r8a7796", .stage2 = false, .sticky_fault = true },
	{ .soc = "r8a7795-es3", .stage2 = true },
	{ .soc = "r8a77961", .stage2 = true },
};

static bool in_list(const char *list, const char *name)
{
	g_autofree char *word = g_strdup_printf(" %s ", name);

	return list && strstr(list, word);
}

void iob_ipmmu_set_silicon(DeviceState *dev, const char *soc, const char *name)
{
	bool root = !strcmp(name, "mm");

	for (unsigned int i = 0; i < ARRAY_SIZE(silicon); i++) {
		const Silicon *s = &silicon[i];
		bool stale = in_list(s->stale_cache, name);

		if (strcmp(s->soc, soc))
			continue;
		qdev_prop_set_bit(dev, "stage2", s->stage2);
		qdev_prop_set_bit(dev, "sticky-fault", s->sticky_fault);
		qdev_prop_set_bit(dev, "stale-cache", stale);
		if (stale)
			qdev_prop_set_uint32(dev, "imsctlr", IMSCTLR_FW_DISCACHE);
	}
	if (root) {
		qdev_prop_set_uint32(dev, "imsctlr", IMSCTLR_FW_MM);
		qdev_prop_set_uint32(dev, "imsauxctlr", IMSAUXCTLR_FW_MM);
	}
}
