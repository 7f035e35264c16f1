// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an IOMMU is: by its driver, and by what that driver or the firmware tells of it.
 */
#include "base/fs.h"
#include "base/xalloc.h"
#include "device/machine.h"
#include "silicon/errata.h"
#include "silicon/pmcg.h"
#include "silicon/silicon.h"
#include "topo/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A kind is known by the driver's name, or without a driver by how the IOMMU's name begins. */
static const struct {
	const char *driver;
	const char *name;
	const char *kind;
	const char *ids;
} kinds[] = {
	{ "arm-smmu-v3", "smmu3.", "Arm SMMUv3", "stream ID" },
	{ "arm-smmu", "smmu.", "Arm SMMU (v1 or v2)", "stream ID" },
	{ "ipmmu-vmsa", NULL, "Renesas IPMMU-VMSA", "micro-TLB" },
	{ NULL, "dmar", "Intel VT-d", "requester ID" },
	{ NULL, "ivhd", "AMD IOMMU", "requester ID" },
	{ "virtio_iommu", "virtio", "virtio-iommu", "endpoint ID" },
	{ "tegra194-smmu", NULL, "NVIDIA SMMU (two Arm SMMUs as one)", "stream ID" },
	{ "apple-dart", NULL, "Apple DART", "stream ID" },
	{ "mtk-iommu", NULL, "MediaTek M4U", "port" },
	{ "rk_iommu", NULL, "Rockchip IOMMU", "ID" },
	{ "sun50i-iommu", NULL, "Allwinner IOMMU", "master ID" },
	{ "exynos-sysmmu", NULL, "Samsung SYSMMU", "ID" },
	{ "msm_iommu", NULL, "Qualcomm IOMMU (before SMMU)", "ID" },
	{ "qcom-iommu", NULL, "Qualcomm IOMMU", "context" },
	{ "omap-iommu", NULL, "TI OMAP IOMMU", "ID" },
	{ "sprd-iommu", NULL, "Unisoc IOMMU", "ID" },
	{ "riscv,iommu", "riscv", "RISC-V IOMMU", "device ID" },
	{ NULL, "s390", "s390 PCI translation", "ID" },
};

/* A field of a register, and what it means to have it. */
struct bit {
	unsigned int bit;
	const char *word;
};

static const struct bit vtd_cap[] = {
	{ 7, "caching mode (a hypervisor's)" },
	{ 34, "2 MiB pages" },
	{ 35, "1 GiB pages" },
	{ 39, "page-selective invalidation" },
	{ 56, "first-stage 1 GiB pages" },
	{ 60, "first-stage 5 levels" },
};

static const struct bit vtd_ecap[] = {
	{ 0, "coherent walks" },
	{ 1, "queued invalidation" },
	{ 2, "device TLBs (ATS)" },
	{ 3, "interrupt remapping" },
	{ 4, "extended interrupt mode" },
	{ 6, "pass-through" },
	{ 7, "snoop control" },
	{ 26, "nested translation" },
	{ 29, "page requests (PRI)" },
	{ 40, "PASID" },
	{ 43, "scalable mode" },
	{ 45, "second-stage dirty bits" },
	{ 46, "second stage in scalable mode" },
	{ 47, "first stage in scalable mode" },
};

static const struct bit amd_features[] = {
	{ 0, "prefetch" },
	{ 1, "page requests (PRI)" },
	{ 2, "x2APIC" },
	{ 3, "no-execute" },
	{ 4, "guest translation (PASID)" },
	{ 6, "invalidate all" },
	{ 7, "guest virtual APIC" },
	{ 9, "performance counters" },
	{ 47, "enhanced PPR handling" },
	{ 52, "dirty bits in host tables" },
};

/* The SMMUv3 driver's own numbers, the same in all kernels since 5.12. */
static const struct bit smmu3_features[] = {
	{ 0, "two-level stream tables" },
	{ 1, "two-level context tables" },
	{ 4, "page requests (PRI)" },
	{ 5, "ATS" },
	{ 6, "wake-up event" },
	{ 7, "interrupts as messages" },
	{ 8, "coherent walks" },
	{ 9, "stage 1" },
	{ 10, "stage 2" },
	{ 11, "stall" },
	{ 13, "stall always" },
	{ 14, "52-bit addresses" },
	{ 15, "range invalidation" },
	{ 16, "broadcast TLB maintenance" },
	{ 17, "shared virtual addressing" },
};

static void add_bits(struct topo_iommu *i, uint64_t value, const struct bit *bits, size_t n)
{
	size_t b;

	for (b = 0; b < n; b++)
		if (value >> bits[b].bit & 1)
			lines_add(&i->features, "%s", bits[b].word);
}

#define ADD_BITS(i, value, bits) add_bits(i, value, bits, sizeof(bits) / sizeof(bits[0]))

static unsigned int field(uint64_t value, unsigned int low, unsigned int bits)
{
	return (unsigned int)(value >> low & ((1ULL << bits) - 1));
}

/* sysfs has these numbers as hexadecimal digits without 0x. */
static bool read_hex(const struct topo *t, const struct topo_iommu *i, const char *file,
		     uint64_t *value)
{
	char text[64], *end;

	if (!fs_into(t->root, text, sizeof(text), "/sys/class/iommu/%s/%s", i->name, file))
		return false;
	*value = strtoull(text, &end, 16);
	return end != text && (!*end || *end == ':');
}

static void tell_walks(struct topo_iommu *i, bool snoop)
{
	i->walks = snoop ? IOMMUBENCH_COHERENCE_YES : IOMMUBENCH_COHERENCE_NO;
}

static void read_vtd(const struct topo *t, struct topo_iommu *i)
{
	uint64_t cap, ecap;
	char version[32];

	if (fs_into(t->root, version, sizeof(version), "/sys/class/iommu/%s/intel-iommu/version",
		    i->name) && *version) {
		free(i->revision);
		i->revision = xasprintf("architecture %s", version);
	}
	read_hex(t, i, "intel-iommu/address", &i->base);
	if (read_hex(t, i, "intel-iommu/cap", &cap)) {
		/* Number of domains: 2 ^ (4 + 2 * field). */
		lines_add(&i->features, "%u domains", 1U << (4 + 2 * field(cap, 0, 3)));
		lines_add(&i->features, "%u-bit guest addresses", field(cap, 16, 6) + 1);
		ADD_BITS(i, cap, vtd_cap);
	}
	if (!read_hex(t, i, "intel-iommu/ecap", &ecap))
		return;
	ADD_BITS(i, ecap, vtd_ecap);
	/* With PASIDs bit 48 counts, if it has them; which mode is in use is not told. */
	if (!(ecap >> 43 & 1) || (ecap & 1) == (ecap >> 48 & 1))
		tell_walks(i, ecap & 1);
	if (ecap >> 40 & 1)
		lines_add(&i->features, "%u-bit PASIDs", field(ecap, 35, 5) + 1);
}

static void read_amd(const struct topo *t, struct topo_iommu *i)
{
	uint64_t features;

	/* "EFR:EFR2" */
	if (!read_hex(t, i, "amd-iommu/features", &features))
		return;
	ADD_BITS(i, features, amd_features);
	lines_add(&i->features, "%u-level host tables", field(features, 10, 2) + 4);
	if (features >> 4 & 1)
		lines_add(&i->features, "%u-bit PASIDs", field(features, 32, 5) + 1);
}

/* The driver of the SMMU's counters shows who made them, where they say so. */
static bool read_counters(const struct topo *t, struct topo_iommu *i)
{
	static const char folder[] = "/sys/bus/event_source/devices";
	struct lines names;
	bool told = false;
	size_t n;

	fs_list(t->root, &names, folder);
	for (n = 0; n < names.n && !told; n++) {
		const struct erratum *e;
		long long iidr;

		if (!i->base || pmcg_smmu(t->root, names.line[n]) != i->base)
			continue;
		iidr = fs_number(t->root, 0, "%s/%s/identifier", folder, names.line[n]);
		if (iidr <= 0)
			continue;
		told = true;
		free(i->revision);
		i->revision = silicon_smmu_name((uint32_t)iidr);
		for (e = errata_next(NULL); e; e = errata_next(e))
			if (erratum_is_of_smmu(e, (uint32_t)iidr))
				lines_add(&i->notes, "%s", e->text);
	}
	lines_free(&names);
	return told;
}

/* sysfs has nothing of an SMMU's; its driver tells in the kernel's log what it found. */
static void read_smmu3(const struct topo *t, struct topo_iommu *i)
{
	char log[256], *features;
	uint64_t value;

	if (!*t->root &&
	    machine_log_line("arm-smmu-v3", i->hardware, "features 0x", log, sizeof(log))) {
		features = strstr(log, "features 0x");
		value = strtoull(features + strlen("features "), NULL, 16);
		ADD_BITS(i, value, smmu3_features);
		tell_walks(i, value >> 8 & 1);
		/* "ias 44-bit, oas 44-bit (features 0x...)" */
		log[strcspn(log, "(")] = '\0';
		while (*log && log[strlen(log) - 1] == ' ')
			log[strlen(log) - 1] = '\0';
		lines_add(&i->features, "%s", log);
	} else {
		lines_add(&i->notes,
			  "features are unknown: only the kernel's log has them%s",
			  *t->root ? ", which is not saved" :
			  geteuid() ? "; run as root" : ", and no longer");
	}
	if (!read_counters(t, i))
		lines_add(&i->notes,
			  "implementation and revision are unknown, and so are their errata: no counters tell");
}

/* What the device tree says of an SMMU besides. Its driver obeys that, as its log shows. */
static void read_smmu_tree(const struct topo *t, struct topo_iommu *i)
{
	const struct erratum *e;

	if (fs_there(t->root, "%s/of_node", i->path))
		tell_walks(i, fs_there(t->root, "%s/of_node/dma-coherent", i->path));
	if (fs_there(t->root, "%s/of_node/dma-coherent", i->path))
		lines_add(&i->features, "coherent walks (device tree)");
	for (e = errata_next(NULL); e; e = errata_next(e))
		if (e->silicon.property &&
		    fs_there(t->root, "%s/of_node/%s", i->path, e->silicon.property))
			lines_add(&i->notes, "%s", e->text);
}

static void read_ipmmu(const struct topo *t, struct topo_iommu *i)
{
	struct silicon_ipmmu ipmmu;

	if (silicon_ipmmu(&ipmmu, i->compatible)) {
		if (ipmmu.contexts)
			lines_add(&i->features, "%u contexts, of which Linux keeps %u",
				  ipmmu.contexts, ipmmu.kept);
		else
			lines_add(&i->features, "contexts, 1 of which software uses");
		lines_add(&i->features, "%u micro-TLBs", ipmmu.micro_tlbs);
	}
	/* Linux' driver cleans tables in any case. */
	tell_walks(i, false);
	if (*t->soc_revision) {
		free(i->revision);
		i->revision = xasprintf("%s %s", t->soc_id, t->soc_revision);
	}
}

static bool matches(const struct topo_iommu *i, size_t k)
{
	if (*i->driver && kinds[k].driver)
		return !strcmp(i->driver, kinds[k].driver);
	return kinds[k].name && !strncmp(i->name, kinds[k].name, strlen(kinds[k].name));
}

void topo_kind(const struct topo *t, struct topo_iommu *i)
{
	const char *address = strstr(i->name, "0x");
	size_t k;

	i->kind = "unknown kind of IOMMU";
	i->ids = "ID";
	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (matches(i, k)) {
			i->kind = kinds[k].kind;
			i->ids = kinds[k].ids;
			break;
		}
	if (address)
		i->base = strtoull(address, NULL, 16);
	else if (strchr(i->hardware, '.') && strspn(i->hardware, "0123456789abcdef") ==
		 strcspn(i->hardware, "."))
		i->base = strtoull(i->hardware, NULL, 16);
	if (!strcmp(i->kind, "Intel VT-d"))
		read_vtd(t, i);
	else if (!strcmp(i->kind, "AMD IOMMU"))
		read_amd(t, i);
	else if (!strcmp(i->kind, "Arm SMMUv3"))
		read_smmu3(t, i);
	else if (!strcmp(i->kind, "Renesas IPMMU-VMSA"))
		read_ipmmu(t, i);
	if (!strncmp(i->kind, "Arm SMMU", 8))
		read_smmu_tree(t, i);
}
