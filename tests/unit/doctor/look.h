/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machines for doctor, made of files, and what is found on them. Included after tree.h and doctor's
 * own headers.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_DOCTOR_LOOK_H
#define IOMMUBENCH_TESTS_UNIT_DOCTOR_LOOK_H

#define KERNEL	"/lib/modules/6.12.0"
#define GRUB	"/etc/default/grub"

/* A PC with what every kernel has; no IOMMU, no module, no device. */
static inline void pc(void)
{
	tree_text("vendor_id : GenuineIntel", "/proc/cpuinfo");
	tree_text("BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet", "/proc/cmdline");
	tree_text("", "/proc/modules");
	tree_text("2", "/proc/sys/kernel/perf_event_paranoid");
	tree_text("ID=debian", "/etc/os-release");
	tree_text("0-3", "/sys/devices/system/cpu/online");
	tree_text("always [madvise] never", "/sys/kernel/mm/transparent_hugepage/enabled");
	tree_text("", "/sys/kernel/tracing/events/enable");
	tree_text("", "/dev/kmsg");
	tree_text("", GRUB);
	tree_text("", "/sys/bus/pci/rescan");
}

/* An IOMMU with a device of its own group behind it. */
static inline void behind_iommu(const char *device, uint32_t id, unsigned int class,
				const char *driver, int group)
{
	static const char iommu[] = "/sys/devices/virtual/iommu/dmar0/intel-iommu";

	if (!fs_there(tree_root, "%s", iommu)) {
		tree_text("1:0", "%s/version", iommu);
		tree_text("0xc002f0006", "%s/cap", iommu);
		tree_text("0x9982000000f", "%s/ecap", iommu);
		tree_link("../../devices/virtual/iommu/dmar0", "/sys/class/iommu/dmar0");
	}
	tree_pci(device, id, class, driver, "dmar0", group, -1);
	tree_text("DMA-FQ", "/sys/kernel/iommu_groups/%d/type", group);
}

static inline void loaded(void)
{
	tree_text("", "/sys/module/kmod_iommu_test/refcnt");
}

static inline void gone(const char *file)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", tree_root, file);
	assert_int_equal(remove(path), 0);
}

static inline void examine(struct doctor_report *report, struct doctor_facts *facts)
{
	assert_int_equal(doctor_facts_read(facts, tree_root), EXIT_DONE);
	doctor_examine(report, facts);
}

static inline const struct doctor_finding *finding(const struct doctor_report *report,
						   const char *name)
{
	size_t i;

	for (i = 0; i < report->n; i++)
		if (!strcmp(report->findings[i].name, name))
			return &report->findings[i];
	fail_msg("no check %s", name);
	return NULL;
}

/* A check found this, with those words, and all of these commands, one a line. */
static inline void found(const struct doctor_report *report, const char *name,
			 enum doctor_state state, const char *words, const char *commands)
{
	const struct doctor_finding *f = finding(report, name);
	char *typed = lines_join(&f->commands, "\n");

	if (f->state != state || !strstr(f->text, words) || strcmp(typed, commands))
		fail_msg("%s is %s: '%s' with\n%s\nexpected %s: '%s' with\n%s", name,
			 doctor_state_word(f->state), f->text, typed, doctor_state_word(state),
			 words, commands);
	free(typed);
}

/* All of that at once, of the machine as it is. */
static inline void finds(const char *name, enum doctor_state state, const char *words,
			 const char *commands)
{
	struct doctor_report report;
	struct doctor_facts facts;

	examine(&report, &facts);
	found(&report, name, state, words, commands);
	doctor_report_free(&report);
	doctor_facts_free(&facts);
}

#endif
