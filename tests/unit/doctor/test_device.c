// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor on made-up machines: is there a device to measure with?
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Before cmocka.h, which has a macro error_fail(). */
#include "base/fs.h"
#include "doctor/doctor.h"

#include <cmocka.h>

#include "../tree.h"
#include "look.h"

static void none(void **state)
{
	pc();
	finds("device", DOCTOR_FAIL, "none is bound and none can be spared", "iommubench topo");
	/* A channel is taken from behind an IOMMU only, and only if nobody has it. */
	tree_text("0", "/sys/class/dma/dma0chan0/in_use");
	tree_text("1", "/sys/class/dma/dma0chan1/in_use");
	tree_text("", "/sys/class/dma/dma0chan1/device/iommu_group/type");
	finds("device", DOCTOR_FAIL, "none is bound and none can be spared", "iommubench topo");
	tree_text("0", "/sys/class/dma/dma0chan2/in_use");
	tree_text("", "/sys/class/dma/dma0chan2/device/iommu_group/type");
	finds("device", DOCTOR_FAIL, "DMA channel", "iommubench-bind dmaengine:dma0chan2");
}

/* From what suits least to what suits best; each is preferred to all before it. */
static void choice(void **state)
{
	pc();
	/* The only network device. */
	behind_iommu("0000:01:00.0", 0x808610c9, 0x020000, "igb", 1);
	tree_text("", "/sys/devices/pci0000:00/0000:01:00.0/net/eth0/address");
	tree_link("../../devices/pci0000:00/0000:01:00.0/net/eth0", "/sys/class/net/eth0");
	finds("device", DOCTOR_FAIL, "only network device",
	      "iommubench-bind --release igb 0000:01:00.0");
	behind_iommu("0000:02:00.0", 0x8086abcd, 0x118000, "thermal", 2);
	finds("device", DOCTOR_FAIL, "0000:02:00.0 (", "iommubench-bind --release thermal 0000:02:00.0");
	behind_iommu("0000:03:00.0", 0x8086abcd, 0x118000, NULL, 3);
	finds("device", DOCTOR_FAIL, "can be, without an engine: no driver holds it",
	      "iommubench-bind 0000:03:00.0");
	behind_iommu("0000:04:00.0", 0x808610c9, 0x118000, "igb", 4);
	finds("device", DOCTOR_FAIL, "with the engine igb", "iommubench-bind --release igb 0000:04:00.0");
	behind_iommu("0000:05:00.0", 0x123411e8, 0x00ff00, NULL, 5);
	finds("device", DOCTOR_FAIL, "with the engine edu: no driver holds it",
	      "modprobe kmod_iommu_test_lab\niommubench-bind 0000:05:00.0");
}

static void bound(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	loaded();
	behind_iommu("0000:01:00.0", 0x8086abcd, 0x118000, "kmod_iommu_test", 1);
	finds("device", DOCTOR_OK, "0000:01:00.0 is bound, without an engine: ", "");
	finds("device", DOCTOR_OK, "which takes an engine that moves data", "");
	behind_iommu("0000:02:00.0", 0x808610c9, 0x020000, "kmod_iommu_test", 2);
	finds("device", DOCTOR_OK, "0000:01:00.0 is bound (and 1 more)", "");

	examine(&report, &facts);
	assert_int_equal(report.count[DOCTOR_FAIL], 0);
	assert_string_equal(report.first, "iommubench map-unmap -d 0000:01:00.0");
	assert_null(report.disk);
	doctor_report_free(&report);
	/* While anything fails, there is nothing to begin with. */
	facts.is_root = false;
	doctor_examine(&report, &facts);
	found(&report, "rights", DOCTOR_FAIL, "not root", "sudo iommubench doctor");
	assert_null(report.first);
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

static void disk(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	behind_iommu("0000:01:00.0", 0x144da808, 0x010802, "nvme", 1);
	tree_text("259:0", "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1/dev");
	tree_link("../../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1", "/sys/class/block/nvme0n1");
	examine(&report, &facts);
	assert_string_equal(report.disk, "iommubench io -d nvme0n1");
	assert_null(report.first);
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

static void left(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	finds("left", DOCTOR_OK, "no killed run", "");
	assert_int_equal(doctor_facts_read(&facts, tree_root), EXIT_DONE);
	lines_add(&facts.left, "0000:01:00.0");
	doctor_examine(&report, &facts);
	found(&report, "left", DOCTOR_WARN, "of 0000:01:00.0 changed", "iommubench map-unmap -n 1 -q");
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(none),
		TEST(choice),
		TEST(bound),
		TEST(disk),
		TEST(left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
