// SPDX-License-Identifier: GPL-2.0-only
/*
 * Made-up Arm machines: ranges of stream IDs in ACPI's IORT, and R-Car's IPMMUs by generation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Before cmocka.h, which has a macro error_fail(). */
#include "topo/internal.h"
#include "topo/read.h"

#include <cmocka.h>

#include "../tree.h"
#include "machine.h"

/* --- ACPI ---------------------------------------------------------------------------- */

/* An SMMU's node, or the head of one with mappings. Return: where the next one is. */
static size_t iort_node(uint8_t *table, size_t at, unsigned int type, unsigned int head,
			unsigned int mappings)
{
	table[at] = (uint8_t)type;
	put16(table + at + 1, head + 20 * mappings);
	put32(table + at + 8, mappings);
	put32(table + at + 12, mappings ? head : 0);
	put32(table + 36, table[36] + 1U);
	return at + head + (size_t)20 * mappings;
}

static void iort_map(uint8_t *at, uint32_t input, uint32_t count, uint32_t output, size_t smmu,
		     uint32_t flags)
{
	put32(at, input);
	put32(at + 4, count);
	put32(at + 8, output);
	put32(at + 12, (uint32_t)smmu);
	put32(at + 16, flags);
}

/*
 * Two SMMUs behind neighbouring buses, and one whose ranges lead far apart. @more: what the
 * firmware has for a range of 256: 255 as is right, or 256.
 */
static size_t make_ranges(uint8_t *table, uint32_t more)
{
	size_t a = 48, b, root, second, named, end;

	memset(table, 0, 1024);
	memcpy(table, "IORT", 4);
	put32(table + 40, 48);
	b = iort_node(table, a, 4, 68, 0);
	put32(table + a + 16, 0x48000000);
	root = iort_node(table, b, 4, 68, 0);
	put32(table + b + 16, 0x50000000);
	second = iort_node(table, root, 2, 36, 4);
	iort_map(table + root + 36, 0x7b00, more, 0x7b00, a, 0);
	iort_map(table + root + 56, 0x7c00, more, 0x7c00, b, 0);
	iort_map(table + root + 76, 0x100, more, 0x10000, a, 0);
	iort_map(table + root + 96, 0x200, more, 0x20000, a, 0);
	/* A second node for the same segment counts for nothing. */
	named = iort_node(table, second, 2, 36, 1);
	iort_map(table + second + 36, 0x300, 0xff, 0x30000, a, 0);
	/* Of a named device, what comes behind a range counts for nothing. */
	end = iort_node(table, named, 1, 52, 4);
	memcpy(table + named + 29, "\\_SB.DMA0", 10);
	iort_map(table + named + 52, 0, 0, 0x77, a, 1);
	iort_map(table + named + 72, 0, 0, 0x78, a, 1);
	iort_map(table + named + 92, 0, 0xff, 0x100, a, 0);
	iort_map(table + named + 112, 0, 0, 0x79, a, 1);
	return end;
}

static void has_id(const struct topo *t, const char *name, int iommu, uint32_t id)
{
	const struct topo_device *d = device(t, name);

	assert_int_equal(d->iommu, iommu);
	assert_int_equal(d->nr_ids, 1);
	assert_int_equal(d->ids[0], id);
}

/* Linux reads it so, and what it says is what an SMMU sees. */
static void acpi_ranges(void **state)
{
	uint8_t table[1024];
	struct topo t;
	uint32_t more;
	size_t n;

	smmu3("arm-smmu-v3.0.auto", "smmu3.0x0000000048000000");
	smmu3("arm-smmu-v3.1.auto", "smmu3.0x0000000050000000");
	tree_pci("0000:7b:1f.7", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_pci("0000:7c:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_pci("0000:7c:00.1", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_pci("0000:02:00.0", 0x80861533, 0x020000, NULL, "smmu3.0x0000000048000000", 0, -1);
	tree_pci("0000:02:00.1", 0x80861533, 0x020000, NULL, "smmu3.0x0000000048000000", 1, -1);
	tree_pci("0000:03:00.1", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_pci("0000:04:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_text("\\_SB.DMA0", "/sys/devices/platform/ARMH0330:00/firmware_node/path");
	tree_link("../../../kernel/iommu_groups/2",
		  "/sys/devices/platform/ARMH0330:00/iommu_group");
	tree_text("DMA", "/sys/kernel/iommu_groups/2/type");
	tree_link("../../../devices/platform/ARMH0330:00",
		  "/sys/bus/platform/devices/ARMH0330:00");
	for (more = 255; more <= 256; more++) {
		assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
		n = make_ranges(table, more);
		assert_true(topo_iort_parse(&t, table, n));
		has_id(&t, "0000:7b:1f.7", 0, 0x7bff);
		has_id(&t, "0000:7c:00.0", 1, 0x7c00);
		has_id(&t, "0000:7c:00.1", 1, 0x7c01);
		has_id(&t, "0000:02:00.0", 0, 0x20000);
		has_id(&t, "0000:02:00.1", 0, 0x20001);
		assert_int_equal(device(&t, "0000:03:00.1")->nr_ids, 0);
		assert_int_equal(device(&t, "0000:04:00.0")->nr_ids, 0);
		assert_int_equal(device(&t, "ARMH0330:00")->nr_ids, 2);
		assert_int_equal(device(&t, "ARMH0330:00")->ids[1], 0x78);
		topo_free(&t);
	}
}

/* --- R-Car --------------------------------------------------------------------------- */

static const struct topo_iommu *rcar(struct topo *t, const char *family, const char *soc_id,
				     const char *compatible)
{
	static const char dma[] = "/sys/devices/platform/e7350000.dma-controller";
	static const char mmc[] = "/sys/devices/platform/ee140000.mmc";
	static const char at[] = "/sys/devices/platform/eed00000.iommu";

	tree_bytes(family, strlen(family), "/sys/bus/soc/devices/soc0/family");
	tree_bytes(soc_id, strlen(soc_id), "/sys/bus/soc/devices/soc0/soc_id");
	tree_text("ES3.0", "/sys/bus/soc/devices/soc0/revision");
	tree_text("", "/sys/bus/platform/drivers/ipmmu-vmsa/uevent");
	tree_text("", "%s/iommu/eed00000.iommu/uevent", at);
	tree_link("../../../bus/platform/drivers/ipmmu-vmsa", "%s/driver", at);
	tree_link("../..", "%s/iommu/eed00000.iommu/device", at);
	tree_link("../../devices/platform/eed00000.iommu/iommu/eed00000.iommu",
		  "/sys/class/iommu/eed00000.iommu");
	tree_bytes(compatible, strlen(compatible) + 1, "%s/of_node/compatible", at);
	tree_bytes(CELLS(C(2)), "%s/of_node/phandle", at);
	tree_bytes(CELLS(C(2), C(0)), "%s/of_node/iommus", dma);
	tree_bytes(CELLS(C(2), C(32)), "%s/of_node/iommus", mmc);
	tree_link("../../../devices/platform/e7350000.dma-controller",
		  "/sys/bus/platform/devices/e7350000.dma-controller");
	tree_link("../../../devices/platform/ee140000.mmc",
		  "/sys/bus/platform/devices/ee140000.mmc");
	assert_int_equal(topo_read(t, tree_root), EXIT_DONE);
	assert_int_equal(t->nr_iommus, 1);
	return &t->iommus[0];
}

static const char refused[] = "admits only PCI devices and the SDHI controllers";

static void rcar_gen4(void **state)
{
	struct topo t;
	const struct topo_iommu *i = rcar(&t, "R-Car Gen4", "r8a779f0",
					  "renesas,rcar-gen4-ipmmu-vmsa");

	judged(&t, "e7350000.dma-controller", TOPO_NEEDED, refused);
	judged(&t, "ee140000.mmc", TOPO_MAYBE, "");
	assert_true(has_line(&i->features, "16 contexts, of which Linux keeps 1"));
	assert_true(has_line(&i->features, "64 micro-TLBs"));
	topo_free(&t);
}

static void rcar_gen3(void **state)
{
	struct topo t;
	const struct topo_iommu *i = rcar(&t, "R-Car Gen3", "r8a77961", "renesas,ipmmu-r8a77961");

	judged(&t, "e7350000.dma-controller", TOPO_NEEDED, refused);
	judged(&t, "ee140000.mmc", TOPO_MAYBE, "");
	assert_true(has_line(&i->features, "8 contexts, of which Linux keeps 1"));
	assert_true(has_line(&i->features, "48 micro-TLBs"));
	topo_free(&t);
}

static void rcar_gen2(void **state)
{
	struct topo t;
	const struct topo_iommu *i = rcar(&t, "R-Car Gen2", "r8a7791", "renesas,ipmmu-vmsa");

	judged(&t, "e7350000.dma-controller", TOPO_MAYBE, "");
	assert_true(has_line(&i->features, "1 of which software uses"));
	assert_true(has_line(&i->features, "32 micro-TLBs"));
	topo_free(&t);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(acpi_ranges),
		IN_TREE(rcar_gen2),
		IN_TREE(rcar_gen3),
		IN_TREE(rcar_gen4),
	};

	return cmocka_run_group_tests_name("arm", tests, NULL, NULL);
}
