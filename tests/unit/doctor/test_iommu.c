// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor on made-up machines: is there an IOMMU, and does it translate?
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

#define UPDATE	"\nupdate-grub && reboot"

static void none_on_a_pc(void **state)
{
	pc();
	finds("iommu", DOCTOR_FAIL, "switch VT-d or AMD-Vi", "");
	tree_text("", "/sys/firmware/efi/runtime");
	finds("iommu", DOCTOR_FAIL, "switch VT-d or AMD-Vi", "systemctl reboot --firmware-setup");
	tree_text("vendor_id : AuthenticAMD flags : fpu hypervisor lm", "/proc/cpuinfo");
	finds("iommu", DOCTOR_FAIL, "this virtual machine has none",
	      "lab/run --board virt-smmuv3 -- iommubench map-unmap");
	tree_text("", "/sys/firmware/acpi/tables/IVRS");
	finds("iommu", DOCTOR_FAIL, "AMD-Vi is there", "dmesg | grep -i -e amd-vi -e iommu");
}

static void not_asked_for(void **state)
{
	pc();
	tree_text("", "/sys/firmware/acpi/tables/DMAR");
	finds("iommu", DOCTOR_FAIL, "start it with intel_iommu=on",
	      "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&intel_iommu=on /' /etc/default/grub" UPDATE);
	/* What starts the kernel is not known without GRUB. */
	gone(GRUB);
	finds("iommu", DOCTOR_FAIL, "start it with intel_iommu=on", "");
}

static void switched_off(void **state)
{
	pc();
	tree_text("", "/sys/firmware/acpi/tables/DMAR");
	tree_text("ro intel_iommu=off quiet", "/proc/cmdline");
	finds("iommu", DOCTOR_FAIL, "switched off by intel_iommu=off on",
	      "sed -i 's/\\bintel_iommu=off\\b//' /etc/default/grub" UPDATE);
	tree_text("ro iommu=off", "/proc/cmdline");
	finds("iommu", DOCTOR_FAIL, "switched off by iommu=off on",
	      "sed -i 's/\\biommu=off\\b//' /etc/default/grub" UPDATE);
	/* Another word that only ends or begins like it. */
	tree_text("my_iommu=off iommu=offline", "/proc/cmdline");
	finds("iommu", DOCTOR_FAIL, "VT-d is there",
	      "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&intel_iommu=on /' /etc/default/grub" UPDATE);
}

static void none_on_arm(void **state)
{
	pc();
	tree_text("CPU implementer : 0x41", "/proc/cpuinfo");
	finds("iommu", DOCTOR_FAIL, "neither device tree nor ACPI", "dmesg | grep -i iommu");
	tree_text("", "/sys/firmware/acpi/tables/IORT");
	finds("iommu", DOCTOR_FAIL, "no SMMU of it", "dmesg | grep -i -e smmu -e iort");
	tree_text("", "/sys/bus/platform/devices/9050000.smmuv3/of_node/#iommu-cells");
	tree_text("arm,smmu-v3", "/sys/bus/platform/devices/9050000.smmuv3/of_node/compatible");
	finds("iommu", DOCTOR_FAIL, "9050000.smmuv3 (arm,smmu-v3), but no driver",
	      "dmesg | grep -F 9050000.smmuv3");
	tree_link("../../drivers/arm-smmu-v3", "/sys/bus/platform/devices/9050000.smmuv3/driver");
	/* A driver is where the link leads. */
	tree_text("", "/sys/bus/platform/drivers/arm-smmu-v3/bind");
	finds("iommu", DOCTOR_FAIL, "no SMMU of it", "dmesg | grep -i -e smmu -e iort");
}

static void there(void **state)
{
	pc();
	behind_iommu("0000:01:00.0", 0x80861533, 0x020000, NULL, 1);
	behind_iommu("0000:02:00.0", 0x80861533, 0x020000, NULL, 2);
	finds("iommu", DOCTOR_OK, "1, Intel VT-d, with 2 devices behind it", "");
	finds("translation", DOCTOR_OK, "translates (lazy)", "");
}

static void nothing_behind(void **state)
{
	pc();
	tree_text("1:0", "/sys/devices/virtual/iommu/dmar0/intel-iommu/version");
	tree_link("../../devices/virtual/iommu/dmar0", "/sys/class/iommu/dmar0");
	finds("iommu", DOCTOR_FAIL, "1, Intel VT-d, but no device is behind it",
	      "dmesg | grep -i -e iommu -e smmu");
	finds("translation", DOCTOR_OK, "no device is in an IOMMU group yet", "");
	/* One whose driver refuses all devices of the SoC, which is known. */
	tree_text("R-Car Gen3", "/sys/bus/soc/devices/soc0/family");
	tree_text("r8a7795", "/sys/bus/soc/devices/soc0/soc_id");
	tree_text("ES2.0", "/sys/bus/soc/devices/soc0/revision");
	finds("iommu", DOCTOR_FAIL, "behind it: this SoC is R-Car H3 (r8a7795) ES2.0", "dmesg | grep -i -e iommu -e smmu");
}

/* With a device tree, a group is formed when a driver is first bound, unless that is refused. */
static void not_yet_behind(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	behind_iommu("0000:01:00.0", 0x80861533, 0x020000, NULL, 1);
	assert_int_equal(doctor_facts_read(&facts, tree_root), EXIT_DONE);
	assert_int_equal(facts.topo.nr_devices, 1);
	facts.topo.devices[0].group = -1;
	facts.topo.devices[0].verdict = TOPO_MAYBE;
	doctor_examine(&report, &facts);
	found(&report, "iommu", DOCTOR_OK, "with 1 device behind it", "");
	doctor_report_free(&report);
	facts.topo.devices[0].verdict = TOPO_NEEDED;
	doctor_examine(&report, &facts);
	found(&report, "iommu", DOCTOR_FAIL, "no device is behind it",
	      "dmesg | grep -i -e iommu -e smmu");
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

static void bound_without(void **state)
{
	pc();
	tree_pci("0000:01:00.0", 0x80861533, 0x020000, "kmod_iommu_test", NULL, -1, -1);
	finds("iommu", DOCTOR_WARN, "switch VT-d or AMD-Vi", "");
	finds("device", DOCTOR_WARN, "0000:01:00.0 is bound, but it is behind no IOMMU",
	      "iommubench-bind --list");
}

static void identity_domains(void **state)
{
	pc();
	behind_iommu("0000:01:00.0", 0x80861533, 0x020000, NULL, 1);
	behind_iommu("0000:02:00.0", 0x80861533, 0x020000, NULL, 2);
	tree_text("identity", "/sys/kernel/iommu_groups/1/type");
	finds("translation", DOCTOR_OK, "1 of 2 groups have an identity domain", "");
	tree_text("identity", "/sys/kernel/iommu_groups/2/type");
	finds("translation", DOCTOR_WARN, "all groups have an identity domain: ",
	      "iommubench map-unmap --domain-type strict");
	tree_text("ro iommu.passthrough=1", "/proc/cmdline");
	finds("translation", DOCTOR_WARN, "identity domain, by iommu.passthrough=1: ",
	      "iommubench map-unmap --domain-type strict\n"
	      "sed -i 's/\\biommu.passthrough=1\\b//' /etc/default/grub" UPDATE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(none_on_a_pc),
		TEST(not_asked_for),
		TEST(switched_off),
		TEST(none_on_arm),
		TEST(there),
		TEST(nothing_behind),
		TEST(not_yet_behind),
		TEST(bound_without),
		TEST(identity_domains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
