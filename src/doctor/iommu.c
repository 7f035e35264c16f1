// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is there an IOMMU, is it switched on, and does it translate?
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "doctor/internal.h"
#include "text/shell.h"

#define ACPI_TABLES	"/sys/firmware/acpi/tables"

/* Words of the kernel's command line that switch an IOMMU off, or have it translate nothing. */
static const char *const words_off[] = { "iommu=off", "intel_iommu=off", "amd_iommu=off" };
static const char *const words_through[] = {
	"iommu=pt", "iommu.passthrough=1", "iommu.passthrough=on", "iommu.passthrough=y",
};

/* Return: the first of those words that the kernel was started with, NULL for none. */
static const char *started_with(const struct doctor_facts *facts, const char *const *words,
				size_t n)
{
	char *line = fs_text(facts->root, "/proc/cmdline");
	const char *found = NULL;
	size_t i;

	for (i = 0; i < n && !found; i++)
		if (line_has_word(line, words[i]))
			found = words[i];
	free(line);
	return found;
}

/* How to start the kernel without a word, or with another; none where GRUB does not start it. */
static void type_command_line(const struct doctor_facts *facts, struct doctor_finding *f,
			      const char *without, const char *with)
{
	if (!fs_there(facts->root, "/etc/default/grub"))
		return;
	if (without)
		doctor_type(f, "sed -i 's/\\b%s\\b//' /etc/default/grub", without);
	if (with)
		doctor_type(f, "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&%s /' /etc/default/grub", with);
	doctor_type(f, "update-grub && reboot");
}

/*
 * An IOMMU of the device tree that no driver has. Return: its name, which the caller frees, NULL
 * for none.
 */
static char *without_driver(const struct doctor_facts *facts, char **compatible)
{
	static const char folder[] = "/sys/bus/platform/devices";
	struct lines names;
	char *name = NULL;
	size_t i;

	fs_list(facts->root, &names, folder);
	for (i = 0; i < names.n && !name; i++) {
		const char *one = names.line[i];

		if (!fs_there(facts->root, "%s/%s/of_node/#iommu-cells", folder, one) ||
		    fs_there(facts->root, "%s/%s/driver", folder, one))
			continue;
		name = xstrdup(one);
		*compatible = fs_text(facts->root, "%s/%s/of_node/compatible", folder, one);
	}
	lines_free(&names);
	return name;
}

/* Of a PC without an IOMMU: firmware that has one says so in a table. */
static void explain_pc(const struct doctor_facts *facts, struct doctor_finding *f)
{
	if (fs_there(facts->root, ACPI_TABLES "/DMAR")) {
		doctor_say(f, DOCTOR_FAIL,
			   "VT-d is there (ACPI table DMAR), but the kernel does not use it: start it with intel_iommu=on");
		type_command_line(facts, f, NULL, "intel_iommu=on");
	} else if (fs_there(facts->root, ACPI_TABLES "/IVRS")) {
		doctor_say(f, DOCTOR_FAIL,
			   "AMD-Vi is there (ACPI table IVRS), but the kernel does not use it: its log says why");
		doctor_type(f, "dmesg | grep -i -e amd-vi -e iommu");
	} else if (facts->topo.is_virtual) {
		doctor_say(f, DOCTOR_FAIL,
			   "this virtual machine has none: its host has to give it one, as QEMU does with -device intel-iommu; the lab's boards have them");
		doctor_type(f, "lab/run --board virt-smmuv3 -- iommubench map-unmap");
	} else {
		doctor_say(f, DOCTOR_FAIL,
			   "firmware tells of none: switch VT-d or AMD-Vi (\"IOMMU\") on in its setup");
		if (fs_there(facts->root, "/sys/firmware/efi"))
			doctor_type(f, "systemctl reboot --firmware-setup");
	}
}

static void explain_arm(const struct doctor_facts *facts, struct doctor_finding *f)
{
	char *compatible = NULL, *name = without_driver(facts, &compatible);

	if (name) {
		char *word = shell_word(name);

		doctor_say(f, DOCTOR_FAIL,
			   "the device tree has %s (%s), but no driver has taken it: the kernel lacks the driver, or its log says more",
			   name, compatible);
		doctor_type(f, "dmesg | grep -F %s", word);
		free(word);
	} else if (facts->topo.is_virtual) {
		doctor_say(f, DOCTOR_FAIL,
			   "this virtual machine has none: its host has to give it one, as QEMU does with -M virt,iommu=smmuv3; the lab's boards have them");
		doctor_type(f, "lab/run --board virt-smmuv3 -- iommubench map-unmap");
	} else if (fs_there(facts->root, ACPI_TABLES "/IORT")) {
		doctor_say(f, DOCTOR_FAIL,
			   "ACPI's table IORT is there, but the kernel has no SMMU of it: look for \"SMMU\" in the firmware's setup, and into the kernel's log");
		doctor_type(f, "dmesg | grep -i -e smmu -e iort");
	} else {
		doctor_say(f, DOCTOR_FAIL, "neither device tree nor ACPI tells of one");
		doctor_type(f, "dmesg | grep -i iommu");
	}
	free(compatible);
	free(name);
}

static void explain_none(const struct doctor_facts *facts, struct doctor_finding *f)
{
	const char *word = started_with(facts, words_off, sizeof(words_off) / sizeof(words_off[0]));
	char *cpuinfo = fs_text(facts->root, "/proc/cpuinfo");

	if (word) {
		doctor_say(f, DOCTOR_FAIL, "switched off by %s on the kernel's command line", word);
		type_command_line(facts, f, word, NULL);
	} else if (strstr(cpuinfo, "GenuineIntel") || strstr(cpuinfo, "AuthenticAMD")) {
		explain_pc(facts, f);
	} else {
		explain_arm(facts, f);
	}
	free(cpuinfo);
}

/*
 * How many devices are behind an IOMMU, or will be when a driver is first bound to them: firmware
 * alone says so of some that the IOMMU's driver refuses, which cannot be spared then.
 */
static size_t devices_behind(const struct topo *t)
{
	size_t i, n = 0;

	for (i = 0; i < t->nr_devices; i++)
		n += t->devices[i].group >= 0 ||
		     (t->devices[i].iommu >= 0 && t->devices[i].verdict != TOPO_NEEDED);
	return n;
}

void doctor_iommu(const struct doctor_facts *facts, struct doctor_finding *f)
{
	const struct topo *t = &facts->topo;
	size_t behind = devices_behind(t);

	if (!t->nr_iommus && !t->nr_groups) {
		explain_none(facts, f);
		/* Mappings without translation can be measured all the same. */
		if (doctor_bound(facts))
			f->state = DOCTOR_WARN;
	} else if (!behind && t->nr_iommus) {
		doctor_say(f, DOCTOR_FAIL, "%zu, %s, but no device is behind %s%s%s", t->nr_iommus,
			   t->iommus[0].kind, t->nr_iommus == 1 ? "it" : "them",
			   t->silicon.n ? ": " : "", t->silicon.n ? t->silicon.line[0] : "");
		doctor_type(f, "dmesg | grep -i -e iommu -e smmu");
	} else if (!t->nr_iommus) {
		doctor_say(f, DOCTOR_OK, "there is one, whose driver does not name itself");
	} else {
		doctor_say(f, DOCTOR_OK, "%zu, %s, with %zu device%s behind %s", t->nr_iommus,
			   t->iommus[0].kind, behind, behind == 1 ? "" : "s",
			   t->nr_iommus == 1 ? "it" : "them");
	}
}

void doctor_translation(const struct doctor_facts *facts, struct doctor_finding *f)
{
	const struct topo *t = &facts->topo;
	const char *word = started_with(facts, words_through,
					sizeof(words_through) / sizeof(words_through[0]));
	size_t i, through = 0;

	for (i = 0; i < t->nr_groups; i++)
		through += !strcmp(t->groups[i].type, "identity");
	if (!t->nr_groups) {
		doctor_say(f, DOCTOR_OK, "no device is in an IOMMU group%s",
			   t->nr_iommus ? " yet" : "");
	} else if (!through) {
		doctor_say(f, DOCTOR_OK, "the default domain of all groups translates (%s)",
			   topo_type_text(&t->groups[0]));
	} else if (through < t->nr_groups) {
		doctor_say(f, DOCTOR_OK, "%zu of %zu groups have an identity domain", through,
			   t->nr_groups);
	} else {
		doctor_say(f, DOCTOR_WARN,
			   "all groups have an identity domain%s%s: the DMA API maps without the IOMMU unless a run changes that",
			   word ? ", by " : "", word ? word : "");
		doctor_type(f, "iommubench map-unmap --domain-type strict");
		if (word)
			type_command_line(facts, f, word, NULL);
	}
}
