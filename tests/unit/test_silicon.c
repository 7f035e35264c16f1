// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of hardware without asking it: SoCs whose IOMMU driver refuses devices, and the
 * names of interrupts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "silicon/irq_names.h"
#include "silicon/silicon.h"

struct chip {
	const char *soc_id;
	const char *revision;
	/* Words of the explanation, NULL when there is none. */
	const char *said;
	const char *fine;
};

static void revisions(void **state)
{
	static const struct chip chips[] = {
		{ "r8a7795", "ES1.1", "R-Car H3 (r8a7795) ES1.1", "ES3.0" },
		{ "r8a7795", "ES2.0", "R-Car H3 (r8a7795) ES2.0", "ES3.0" },
		{ "r8a7795", "ES3.0", NULL, NULL },
		{ "r8a7796", "ES1.0", "R-Car M3-W (r8a7796) ES1.0", "r8a77961" },
		{ "r8a7796", "", "R-Car M3-W (r8a7796), ", "r8a77961" },
		{ "r8a774a1", "ES1.2", "RZ/G2M (r8a774a1) ES1.2", "r8a77961" },
		{ "r8a77961", "ES3.0", NULL, NULL },
		{ "r8a77965", "ES1.0", NULL, NULL },
		{ "", "", NULL, NULL },
	};
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		const struct chip *c = &chips[i];

		assert_int_equal(silicon_explain(text, sizeof(text), "R-Car Gen3", c->soc_id,
						 c->revision, NULL), !!c->said);
		if (!c->said) {
			assert_string_equal(text, "");
			continue;
		}
		assert_non_null(strstr(text, c->said));
		assert_non_null(strstr(text, c->fine));
		/* Nothing was cut off. */
		assert_in_range(strlen(text), 1, sizeof(text) - 2);
	}
}

static void admission(void **state)
{
	char text[256];

	assert_true(silicon_explain(text, sizeof(text), "R-Car Gen3", "r8a7795", "ES3.0",
				    "e6ef0000.video"));
	assert_non_null(strstr(text, "r8a7795 ES3.0"));
	assert_non_null(strstr(text, "ee160000.mmc"));
	assert_in_range(strlen(text), 1, sizeof(text) - 2);
	assert_false(silicon_explain(text, sizeof(text), "R-Car Gen3", "r8a7795", "ES3.0",
				     "ee140000.mmc"));
	assert_false(silicon_explain(text, sizeof(text), "i.MX", "i.MX8M", "1.0", "30b50000.mmc"));
	/* The deny list comes first. */
	assert_true(silicon_explain(text, sizeof(text), "R-Car Gen3", "r8a7796", "ES1.1",
				    "ee140000.mmc"));
	assert_non_null(strstr(text, "refuses them all"));
}

/* As /proc/interrupts has them after the counts, with the names that Linux' drivers ask for. */
static void interrupts(void **state)
{
	static const char *const iommus[] = {
		"     GICv3 106 Edge      arm-smmu-v3-evtq",
		"     GICv3 109 Edge      arm-smmu-v3-gerror",
		"     GICv3 107 Edge      arm-smmu-v3-priq",
		"     GICv3 108 Edge      arm-smmu-v3-cmdq-sync",
		"     GICv3  97 Edge      arm-smmu-v3-combined-irq",
		"ITS-pMSI   0 Edge      arm-smmu-v3-evtq",
		"     GICv2  55 Level     arm-smmu global fault",
		"     GICv2  56 Level     arm-smmu-context-fault, arm-smmu-context-fault",
		"     GICv3 141 Edge      smmuv3-pmu",
		"     GICv2 227 Level     e67b0000.mmu",
		"     GICv2 228 Level     fd800000.iommu",
		"     GICv2 150 Level     ff650800.iommu",
		"     GICv2  99 Level     ipmmu-vmsa.0",
		" DMAR-MSI    0-edge      dmar0",
		" DMAR-MSI    1-edge      dmar0-prq",
		"  PCI-MSI 3072-edge      AMD-Vi",
		"IOMMU-MSI    0-edge      AMD-Vi0-Evt",
		"IOMMU-MSI    1-edge      AMD-Vi1-PPR",
	};
	static const char *const others[] = {
		"     GICv3  27 Level     arch_timer",
		"     GICv3  34 Level     rtc-pl031",
		"     GICv2 197 Level     ee140000.mmc",
		"     GICv3  80 Level     b000000.dma",
		"ITS-PCI-MSI-0000:00:02.0   0 Edge      edu",
		"ITS-PCI-MSIX-0000:01:00.0   1 Edge      nvme0q1",
		"IR-PCI-MSI 524288-edge      xhci_hcd",
		"IR-IO-APIC    9-fasteoi   acpi",
		"     GICv3  23 Level     arm-pmu",
		"Rescheduling interrupts",
		"",
	};
	size_t i;

	for (i = 0; i < sizeof(iommus) / sizeof(iommus[0]); i++)
		if (!irq_name_is_iommu(iommus[i]))
			fail_msg("not known as an IOMMU's: %s", iommus[i]);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (irq_name_is_iommu(others[i]))
			fail_msg("taken for an IOMMU's: %s", others[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(revisions),
		cmocka_unit_test(admission),
		cmocka_unit_test(interrupts),
	};

	return cmocka_run_group_tests_name("silicon", tests, NULL, NULL);
}
