// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drivers of IOMMUs say of refused accesses, in the words of each, and whose they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "device/fault_log.h"
#include "measure/params.h"

#include <cmocka.h>

#define SECOND_US	1000000ULL
/* Later than any test's begin. */
#define LATER_US	(1ULL << 60)

static const struct device pci = {
	.name = "0000:01:00.0", .on_bus = "0000:01:00.0", .bus = "pci",
	.info = { .nr_ids = 1, .ids = { 0x108 } },
};

static const struct device platform = {
	.name = "ee100000.mmc", .on_bus = "ee100000.mmc", .bus = "platform",
	.info = { .nr_ids = 2, .ids = { 0x20, 0x21 } },
};

static void told(const struct device *d, const char *const *lines, unsigned int of_device,
		 unsigned int of_others, unsigned int of_unknown)
{
	struct fault_log *log = fault_log_new(d, -1);
	const struct fault_reports *sum;

	for (; *lines; lines++)
		fault_log_take(log, LATER_US, *lines);
	sum = fault_log_read(log, false);
	assert_int_equal(sum->of_device, of_device);
	assert_int_equal(sum->of_others, of_others);
	assert_int_equal(sum->of_unknown, of_unknown);
	fault_log_free(log);
}

#define TOLD(d, of_device, of_others, of_unknown, ...)					\
	told(d, (const char *const []){ __VA_ARGS__, NULL }, of_device, of_others, of_unknown)

static void test_smmu3(void **state)
{
	(void)state;
	TOLD(&pci, 1, 0, 0, "arm-smmu-v3 a000000.iommu: event 0x10 received:",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000010800000010",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000020000000000",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000010800000010",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000000000000000");
	TOLD(&pci, 0, 1, 0, "arm-smmu-v3 a000000.iommu: event 0x10 received:",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000010900000010");
	/* With a PASID; the lines of another SMMU in between. */
	TOLD(&pci, 1, 0, 0, "arm-smmu-v3 a000000.iommu: event 0x13 received:",
	     "arm-smmu-v3 b000000.iommu: \\x090x0000010900000010",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000010800003813");
	/* Since 6.14 the same lines are followed by one in words, of the same fault. */
	TOLD(&pci, 1, 0, 0, "arm-smmu-v3 a000000.iommu: event 0x10 received:",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000010800000010",
	     "arm-smmu-v3 a000000.iommu: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x108 ssid: 0x0 iova: 0x0 ipa: 0x0");
	TOLD(&platform, 2, 0, 0, "arm-smmu-v3 a000000.iommu: event 0x10 received:",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000002000000010",
	     "arm-smmu-v3 a000000.iommu: event 0x10 received:",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000002100000010");
	TOLD(&pci, 0, 0, 0, "arm-smmu-v3 a000000.iommu: EVTQ overflow detected -- events lost",
	     "arm-smmu-v3 a000000.iommu: \\x090x0000010800000010");
}

static void test_others(void **state)
{
	(void)state;
	TOLD(&pci, 1, 1, 0,
	     "arm-smmu 12600000.iommu: Unhandled context fault: fsr=0x402, iova=0x00001000, fsynr=0x1, cbfrsynra=0x108, cb=2",
	     "arm-smmu 12600000.iommu: Unhandled context fault: fsr=0x402, iova=0x00001000, fsynr=0x1, cbfrsynra=0x88, cb=2");
	TOLD(&platform, 0, 0, 1,
	     "ipmmu-vmsa fd800000.iommu: Unhandled fault: status 0x00000001 iova 0x1000");
	TOLD(&pci, 2, 1, 0,
	     "DMAR: [DMA Write NO_PASID] Request device [01:00.0] fault addr 0x1000 [fault reason 0x05] PTE Write access is not set",
	     "DMAR: [DMA Read PASID 0x1] Request device [01:00.0] fault addr 0x1000 [fault reason 0x06] PTE Read access is not set",
	     "DMAR: [DMA Write NO_PASID] Request device [01:00.1] fault addr 0x1000 [fault reason 0x05] PTE Write access is not set",
	     "DMAR: [INTR-REMAP] Request device [01:00.0] fault index 0x1 [fault reason 0x22] Present field in the IRTE entry is clear",
	     "DMAR: DRHD: handling fault status reg 2");
	TOLD(&platform, 0, 1, 0,
	     "DMAR: [DMA Write NO_PASID] Request device [01:00.0] fault addr 0x1000 [fault reason 0x05] PTE Write access is not set");
	TOLD(&pci, 3, 3, 0,
	     "kmod_iommu_test 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0007 address=0x1000 flags=0x0000]",
	     "AMD-Vi: Event logged [IO_PAGE_FAULT device=01:00.0 domain=0x0007 address=0x1000 flags=0x0000]",
	     "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:00.0 domain=0x0007 address=0x1000 flags=0x0000]",
	     "AMD-Vi: Event logged [IO_PAGE_FAULT device=0001:01:00.0 domain=0x0007 address=0x1000 flags=0x0000]",
	     "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x0007 address=0x1000 flags=0x0000]",
	     "nvme 0000:02:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0007 address=0x1000 flags=0x0000]");
	TOLD(&pci, 0, 0, 0, "", "ipmmu-vmsa: probed", "usb 1-1: event 0x10 received:",
	     "nvme nvme0: I/O 12 QID 0 timeout", "AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=01:00.0]");
}

/* Ten in five seconds are as many as a driver may write; what was said before is not told. */
static void test_limit(void **state)
{
	struct fault_log *log = fault_log_new(&platform, -1);
	unsigned int i;

	(void)state;
	for (i = 0; i < 9; i++)
		fault_log_take(log, LATER_US, "ipmmu-vmsa f: Unhandled fault: status 0x1 iova 0x0");
	assert_false(fault_log_read(log, false)->limited);
	fault_log_take(log, LATER_US + 6 * SECOND_US,
		       "ipmmu-vmsa f: Unhandled fault: status 0x1 iova 0x0");
	assert_false(fault_log_read(log, false)->limited);
	assert_int_equal(fault_log_read(log, false)->of_unknown, 10);
	fault_log_begin(log);
	assert_int_equal(fault_log_read(log, true)->of_unknown, 0);
	for (i = 0; i < 9; i++)
		fault_log_take(log, LATER_US + 7 * SECOND_US,
			       "ipmmu-vmsa f: Unhandled fault: status 0x1 iova 0x0");
	assert_true(fault_log_read(log, false)->limited);
	fault_log_free(log);
}

/* Those of a run that has just ended leave no room for the next one's. */
static void test_limit_before(void **state)
{
	struct fault_log *log = fault_log_new(&platform, -1);
	unsigned int i;

	(void)state;
	for (i = 0; i < 10; i++)
		fault_log_take(log, LATER_US, "ipmmu-vmsa f: Unhandled fault: status 0x1 iova 0x0");
	fault_log_begin(log);
	assert_true(fault_log_read(log, false)->limited);
	assert_int_equal(fault_log_read(log, false)->of_unknown, 0);
	fault_log_free(log);
	log = fault_log_new(&platform, -1);
	/* Long ago, at the boot. */
	for (i = 0; i < 10; i++)
		fault_log_take(log, 1, "ipmmu-vmsa f: Unhandled fault: status 0x1 iova 0x0");
	fault_log_begin(log);
	assert_false(fault_log_read(log, false)->limited);
	fault_log_free(log);
}

static size_t warnings(const struct device *d, uint64_t refused, const char *line)
{
	struct session s = { .device = *d, .faults = fault_log_new(&s.device, -1) };
	struct totals t = {
		.checks[IOMMUBENCH_CHECK_READ_REFUSED] = { .count = refused + 1, .failures = 1 },
	};
	struct result *r = result_new("map-unmap");
	size_t n;

	if (line)
		fault_log_take(s.faults, LATER_US, line);
	params_put_faults(r, &s, &t);
	assert_int_equal(!refused, !json_object_get(result_json(r), "fault_reports"));
	n = json_array_size(json_object_get(result_json(r), "warnings"));
	result_free(r);
	fault_log_free(s.faults);
	return n;
}

/* An engine that is said to have been refused, and no fault. */
static void test_warning(void **state)
{
	struct device asks = pci;

	(void)state;
	assert_int_equal(warnings(&platform, 3, NULL), 1);
	assert_int_equal(warnings(&platform, 0, NULL), 0);
	assert_int_equal(warnings(&platform, 3,
				  "ipmmu-vmsa f: Unhandled fault: status 0x1 iova 0x0"), 0);
	assert_int_equal(warnings(&pci, 3, "DMAR: [DMA Read NO_PASID] Request device [01:00.0] "),
			 0);
	assert_int_equal(warnings(&pci, 3, "DMAR: [DMA Read NO_PASID] Request device [02:00.0] "),
			 1);
	asks.info.features |= IOMMUBENCH_FEATURE_ATS;
	assert_int_equal(warnings(&asks, 3, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smmu3),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_limit_before),
		cmocka_unit_test(test_warning),
	};

	return cmocka_run_group_tests_name("fault_log", tests, NULL, NULL);
}
