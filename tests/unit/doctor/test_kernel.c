// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor on made-up machines: how the CPUs are set up, and what the kernel lets see and do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Before cmocka.h, which has a macro error_fail(). */
#include "base/fs.h"
#include "doctor/doctor.h"

#include <errno.h>

#include <cmocka.h>

#include "../tree.h"
#include "look.h"

#define CPU	"/sys/devices/system/cpu/cpu%u/"

static void frequencies(void **state)
{
	unsigned int cpu;

	pc();
	finds("frequency", DOCTOR_OK, "of no CPU", "");
	for (cpu = 0; cpu < 4; cpu++)
		tree_text("performance", CPU "cpufreq/scaling_governor", cpu);
	finds("frequency", DOCTOR_OK, "of no CPU", "");
	tree_text("schedutil", CPU "cpufreq/scaling_governor", 2);
	tree_text("schedutil", CPU "cpufreq/scaling_governor", 3);
	finds("frequency", DOCTOR_WARN, "CPUs 2-3 changes with load (governor schedutil)",
	      "apt install linux-cpupower\ncpupower -c 2-3 frequency-set -g performance");
	tree_text("", "/usr/bin/cpupower");
	finds("frequency", DOCTOR_WARN, "CPUs 2-3", "cpupower -c 2-3 frequency-set -g performance");
	/* Of a CPU that is offline nothing is wanted. */
	tree_text("0-2", "/sys/devices/system/cpu/online");
	finds("frequency", DOCTOR_WARN, "CPU 2 ", "cpupower -c 2 frequency-set -g performance");
	gone("/sys/devices/system/cpu/online");
	finds("frequency", DOCTOR_OK, "unknown", "");
	finds("sleep", DOCTOR_OK, "unknown", "");
}

static void sleeps(void **state)
{
	pc();
	tree_text("", "/usr/bin/cpupower");
	tree_text("2", CPU "cpuidle/state0/latency", 1);
	finds("sleep", DOCTOR_OK, "no CPU takes more than 10 us to wake", "");
	tree_text("133", CPU "cpuidle/state1/latency", 1);
	tree_text("C6", CPU "cpuidle/state1/name", 1);
	finds("sleep", DOCTOR_WARN, "CPU 1 may sleep in state C6, from which waking takes 133 us",
	      "cpupower -c 1 idle-set -D 10");
	tree_text("1", CPU "cpuidle/state1/disable", 1);
	finds("sleep", DOCTOR_OK, "no CPU", "");
}

static void smt(void **state)
{
	pc();
	finds("smt", DOCTOR_OK, "off", "");
	tree_text("1", "/sys/devices/system/cpu/smt/active");
	finds("smt", DOCTOR_OK, "on: ", "");
}

static void hugepages(void **state)
{
	static const char enabled[] = "/sys/kernel/mm/transparent_hugepage/enabled";

	pc();
	finds("hugepages", DOCTOR_OK, "gets them", "");
	tree_text("always madvise [never]", "%s", enabled);
	finds("hugepages", DOCTOR_OK, "no device here", "");
	/* One that stalls, with PASIDs, behind an SMMUv3. */
	tree_text("", "/sys/devices/platform/a000000.iommu/iommu/smmu3.0x1/uevent");
	tree_link("../../../../bus/platform/drivers/arm-smmu-v3",
		  "/sys/devices/platform/a000000.iommu/driver");
	tree_link("../../../a000000.iommu",
		  "/sys/devices/platform/a000000.iommu/iommu/smmu3.0x1/device");
	tree_link("../../devices/platform/a000000.iommu/iommu/smmu3.0x1", "/sys/class/iommu/smmu3.0x1");
	tree_bytes("\0\0\0\x14", 4, "/sys/devices/platform/b000000.dma/of_node/pasid-num-bits");
	tree_text("", "/sys/devices/platform/b000000.dma/of_node/dma-can-stall");
	tree_text("iommubench,dmatest", "/sys/devices/platform/b000000.dma/of_node/compatible");
	tree_link("../a000000.iommu/iommu/smmu3.0x1", "/sys/devices/platform/b000000.dma/iommu");
	tree_link("../../../kernel/iommu_groups/0", "/sys/devices/platform/b000000.dma/iommu_group");
	tree_text("DMA", "/sys/kernel/iommu_groups/0/type");
	tree_link("../../../devices/platform/b000000.dma", "/sys/bus/platform/devices/b000000.dma");
	finds("hugepages", DOCTOR_WARN, "gets small ones",
	      "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled");
	gone(enabled);
	finds("hugepages", DOCTOR_WARN, "cannot be measured", "");
}

static void tracefs(void **state)
{
	pc();
	finds("tracefs", DOCTOR_OK, "can be counted", "");
	gone("/sys/kernel/tracing/events/enable");
	gone("/sys/kernel/tracing/events");
	finds("tracefs", DOCTOR_WARN, "lacks CONFIG_FTRACE", "");
	tree_text("nodev\ttracefs", "/proc/filesystems");
	finds("tracefs", DOCTOR_WARN, "cannot be mounted", "mount -t tracefs nodev /sys/kernel/tracing");
}

static void perf(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	finds("perf", DOCTOR_OK, "is 2, which is no matter to root", "");
	assert_int_equal(doctor_facts_read(&facts, tree_root), EXIT_DONE);
	facts.is_root = false;
	doctor_examine(&report, &facts);
	found(&report, "perf", DOCTOR_WARN, "is 2: only root", "sudo sysctl kernel.perf_event_paranoid=-1");
	doctor_report_free(&report);
	tree_text("-1", "/proc/sys/kernel/perf_event_paranoid");
	doctor_examine(&report, &facts);
	found(&report, "perf", DOCTOR_OK, "lets everybody count", "");
	doctor_report_free(&report);
	doctor_facts_free(&facts);
	gone("/proc/sys/kernel/perf_event_paranoid");
	finds("perf", DOCTOR_WARN, "lacks CONFIG_PERF_EVENTS", "");
}

static void kernel_log(void **state)
{
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	finds("log", DOCTOR_OK, "can be read", "");
	gone("/dev/kmsg");
	finds("log", DOCTOR_WARN, "cannot be read", "mknod -m 644 /dev/kmsg c 1 11");
	assert_int_equal(doctor_facts_read(&facts, tree_root), EXIT_DONE);
	facts.is_root = false;
	doctor_examine(&report, &facts);
	found(&report, "log", DOCTOR_WARN, "only for root", "sudo iommubench doctor");
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

static void uring(void **state)
{
	static const char off[] = "/proc/sys/kernel/io_uring_disabled";
	struct doctor_report report;
	struct doctor_facts facts;

	pc();
	finds("io_uring", DOCTOR_OK, "can be used", "");
	tree_text("1", "%s", off);
	finds("io_uring", DOCTOR_OK, "can be used", "");
	assert_int_equal(doctor_facts_read(&facts, tree_root), EXIT_DONE);
	facts.uring_errno = EPERM;
	doctor_examine(&report, &facts);
	found(&report, "io_uring", DOCTOR_WARN, "(Operation not permitted)", "");
	doctor_report_free(&report);
	facts.is_root = false;
	doctor_examine(&report, &facts);
	found(&report, "io_uring", DOCTOR_WARN, "io_uring_disabled is 1",
	      "sudo sysctl kernel.io_uring_disabled=0");
	doctor_report_free(&report);
	doctor_facts_free(&facts);
	tree_text("2", "%s", off);
	finds("io_uring", DOCTOR_WARN, "io_uring_disabled is 2", "sysctl kernel.io_uring_disabled=0");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frequencies),
		TEST(sleeps),
		TEST(smt),
		TEST(hugepages),
		TEST(tracefs),
		TEST(perf),
		TEST(kernel_log),
		TEST(uring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
