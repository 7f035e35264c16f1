// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of hardware without asking it: SoCs whose IOMMU driver refuses devices, errata, and
 * the names of interrupts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "silicon/errata.h"
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

static void smmu_names(void **state)
{
	char *s;

	s = silicon_smmu_name(0x4830243b);
	assert_string_equal(s, "Arm MMU-600 r0p2");
	free(s);
	s = silicon_smmu_name(0x12345678);
	assert_string_equal(s, "implementer 0x678 product 0x123 r4p5");
	free(s);
}

/* The words in what is said of a SoC or SMMU, one for each erratum and in that order. */
static void expect_errata(const char *soc_id, const char *revision, uint32_t iidr,
			  const char *const *words)
{
	const struct erratum *e;

	for (e = errata_next(NULL); e; e = errata_next(e)) {
		assert_false(erratum_is_of_soc(e, soc_id, revision) && erratum_is_of_smmu(e, iidr));
		if (!erratum_is_of_soc(e, soc_id, revision) && !erratum_is_of_smmu(e, iidr))
			continue;
		if (!*words || !strstr(e->text, *words))
			fail_msg("%s %s 0x%x: '%s' instead of %s", soc_id, revision, iidr, e->text,
				 *words ? *words : "nothing");
		words++;
	}
	if (*words)
		fail_msg("%s %s 0x%x: nothing of %s", soc_id, revision, iidr, *words);
}

#define EXPECT_SOC(soc_id, revision, ...) \
	expect_errata(soc_id, revision, 0, (const char *const []){ __VA_ARGS__ })
#define EXPECT_SMMU(iidr, ...) \
	expect_errata("", "", iidr, (const char *const []){ __VA_ARGS__ })

static void errata_of_silicon(void **state)
{
	EXPECT_SOC("r8a7795", "ES1.1", "stage 2", "firmware sets", NULL);
	EXPECT_SOC("r8a7795", "ES2.0", "stage 2", "0xe0000000): VI0, VI1", "firmware sets", NULL);
	EXPECT_SOC("r8a7795", "ES3.0", "firmware sets", NULL);
	EXPECT_SOC("r8a7796", "", "stage 2", "firmware sets", NULL);
	EXPECT_SOC("r8a77961", "ES3.0", "firmware sets", NULL);
	EXPECT_SOC("r8a77965", "ES1.1", "0xe0000000): VI0, PV0, HC", "firmware sets", NULL);
	EXPECT_SOC("r8a77965", "ES3.0", "firmware sets", NULL);
	EXPECT_SOC("r8a77990", "ES1.0", "VP0, PV0, HC", "firmware sets", NULL);
	EXPECT_SOC("r8a77990", "ES1.1", "VI0, VP0, PV0", "firmware sets", NULL);
	EXPECT_SOC("r8a779a0", "ES1.0", NULL);
	EXPECT_SOC("", "", NULL);
	EXPECT_SMMU(0x4830243b, "1076982", "1209401", NULL);
	EXPECT_SMMU(0x4830343b, "1209401", NULL);
	EXPECT_SMMU(0x4831043b, "1209401", NULL);
	EXPECT_SMMU(0x4832043b, NULL);
	EXPECT_SMMU(0x4870043b, "CMD_SYNC", "no nested", "2133013", NULL);
	EXPECT_SMMU(0x4871043b, "CMD_SYNC", "no nested", "2133013", NULL);
	EXPECT_SMMU(0x4871143b, "2133013", NULL);
	EXPECT_SMMU(0x48a0043b, "3878312", NULL);
	EXPECT_SMMU(0x4980043b, "3995052", NULL);
	/* The same product number of another maker. */
	EXPECT_SMMU(0x48302678, NULL);
	EXPECT_SMMU(0, NULL);
}

static bool is_clause(const char *s)
{
	return *s && !strchr(s, '\n') && s[strlen(s) - 1] != '.' && s[strlen(s) - 1] != ' ';
}

/* Is there a line like that in the files below a folder? The tests run from the top of the tree. */
static bool there(const char *pattern, const char *folder)
{
	char command[256];

	snprintf(command, sizeof(command), "grep -rqE '%s' %s", pattern, folder);
	return !system(command);
}

/* A property of the lab's device models, as "iob-smmuv3.iidr=0x4830243b". */
static void check_property(const char *text)
{
	char device[64], name[64], value[64], pattern[128];

	if (sscanf(text, "%63[a-z0-9-].%63[a-z0-9-]=%63[a-z0-9]", device, name, value) != 3)
		fail_msg("%s is not DEVICE.PROPERTY=VALUE", text);
	snprintf(pattern, sizeof(pattern), "#define TYPE_.*\"%s\"", device);
	if (!there(pattern, "lab/qemu/hw"))
		fail_msg("there is no device model %s", device);
	snprintf(pattern, sizeof(pattern), "DEFINE_PROP_[A-Z0-9_]+\\(\"%s\",", name);
	if (!there(pattern, "lab/qemu/hw"))
		fail_msg("no device model has %s", name);
}

/* All of it is there, or nothing. */
static void check_show(const struct erratum_show *show)
{
	char pattern[128];

	assert_int_equal(!!show->options, !!show->workload);
	assert_int_equal(!!show->check, !!show->workload);
	if (!show->workload)
		return;
	snprintf(pattern, sizeof(pattern), "\\{ \"%s\", ", show->workload);
	if (!there(pattern, "src/iommubench.c"))
		fail_msg("there is no subcommand %s", show->workload);
	snprintf(pattern, sizeof(pattern), "\"%s\"", show->check);
	if (!there(pattern, "--exclude=errata.c src"))
		fail_msg("no result has a check %s", show->check);
}

static void check_board(const struct erratum_board *board)
{
	char path[128], *words, *rest, *word;

	if (!board->name) {
		assert_null(board->properties);
		return;
	}
	snprintf(path, sizeof(path), "lab/boards/%s", board->name);
	if (access(path, F_OK))
		fail_msg("there is no %s", path);
	words = strdup(board->properties ? board->properties : "");
	rest = words;
	while ((word = strsep(&rest, " ")))
		if (board->properties)
			check_property(word);
	free(words);
}

static void errata_rows(void **state)
{
	const struct erratum *e;
	size_t n = 0;

	for (e = errata_next(NULL); e; e = errata_next(e), n++) {
		const struct erratum_silicon *s = &e->silicon;

		assert_int_equal(!!s->soc_id + !!s->product + !!s->property, 1);
		assert_int_equal(!!s->revision, !!s->soc_id);
		assert_int_equal(!!s->fixed, !!s->product);
		assert_non_null(e->text);
		assert_non_null(e->kernel);
		assert_true(is_clause(e->text));
		assert_true(is_clause(e->kernel));
		assert_true(!e->consequence || is_clause(e->consequence));
		check_show(&e->show);
		/* What can be shown can be shown on a board. */
		assert_true(!e->show.workload || e->board.name);
		check_board(&e->board);
	}
	assert_in_range(n, 16, 1000);
}

/* As /proc/interrupts has them after the counts, with the names that Linux' drivers ask for. */
/* What ipmmu-vmsa makes of each generation, by the first word that it knows. */
static void ipmmus(void **state)
{
	static const struct {
		const char *compatible;
		unsigned int contexts, kept, micro_tlbs;
	} known[] = {
		{ "renesas,ipmmu-r8a779f0 renesas,rcar-gen4-ipmmu-vmsa", 16, 1, 64 },
		{ "renesas,ipmmu-r8a779a0 renesas,rcar-gen4-ipmmu-vmsa", 16, 1, 64 },
		{ "renesas,ipmmu-r8a7795", 8, 1, 48 },
		{ "renesas,ipmmu-r8a774e1", 8, 1, 48 },
		{ "renesas,ipmmu-r8a7791 renesas,ipmmu-vmsa", 0, 0, 32 },
	};
	static const char *const unknown[] = {
		"", "renesas,ipmmu", "renesas,ipmmu-r8a77951", "arm,smmu-v3",
	};
	struct silicon_ipmmu i;
	size_t k;

	for (k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
		assert_true(silicon_ipmmu(&i, known[k].compatible));
		assert_int_equal(i.contexts, known[k].contexts);
		assert_int_equal(i.kept, known[k].kept);
		assert_int_equal(i.micro_tlbs, known[k].micro_tlbs);
	}
	for (k = 0; k < sizeof(unknown) / sizeof(unknown[0]); k++)
		assert_false(silicon_ipmmu(&i, unknown[k]));
}

/* The allow list is that of three families, and of no other. */
static void opt_in(void **state)
{
	static const char *const listed[] = { "R-Car Gen3", "R-Car Gen4", "RZ/G2" };
	static const char *const others[] = { "R-Car Gen2", "RZ/G1", "RZ/G2L", "" };
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		assert_true(silicon_explain(text, sizeof(text), listed[i], "x", "ES1.0",
					    "e7350000.dma-controller"));
		assert_false(silicon_explain(text, sizeof(text), listed[i], "x", "ES1.0",
					     "ee140000.mmc"));
		assert_false(silicon_explain(text, sizeof(text), listed[i], "x", "ES1.0", NULL));
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(silicon_explain(text, sizeof(text), others[i], "x", "ES1.0",
					     "e7350000.dma-controller"));
}

static void irqs(void **state)
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
		cmocka_unit_test(smmu_names),
		cmocka_unit_test(errata_of_silicon),
		cmocka_unit_test(errata_rows),
		cmocka_unit_test(ipmmus),
		cmocka_unit_test(opt_in),
		cmocka_unit_test(irqs),
	};

	return cmocka_run_group_tests_name("silicon", tests, NULL, NULL);
}
