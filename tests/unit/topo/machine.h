/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parts of made-up machines, and what is judged of them. Included after tree.h and the topo's own
 * headers.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_TOPO_MACHINE_H
#define IOMMUBENCH_TESTS_UNIT_TOPO_MACHINE_H

static inline const struct topo_device *device(const struct topo *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->nr_devices; i++)
		if (!strcmp(t->devices[i].name, name))
			return &t->devices[i];
	fail_msg("no device %s", name);
	return NULL;
}

static inline void judged(const struct topo *t, const char *name, enum topo_verdict verdict,
			  const char *reason)
{
	const struct topo_device *d = device(t, name);

	if (d->verdict != verdict || !strstr(d->reason, reason))
		fail_msg("%s is %s: '%s', expected %s: '%s'", name, topo_verdict_word(d->verdict),
			 d->reason, topo_verdict_word(verdict), reason);
}

static inline void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value & 0xffff);
	put16(at + 2, value >> 16);
}

/* One with ATS (enabled), PRI (not), PASID of 20 bits (enabled) and ACS. */
static inline void full_config(uint8_t *config)
{
	memset(config, 0, 4096);
	put32(config + 0x100, 0x0f | 1 << 16 | 0x140U << 20);
	put16(config + 0x104, 8);
	put16(config + 0x106, 0x8000);
	put32(config + 0x140, 0x13 | 1 << 16 | 0x160U << 20);
	put16(config + 0x144, 0);
	put32(config + 0x148, 64);
	put32(config + 0x160, 0x1b | 1 << 16 | 0x180U << 20);
	put16(config + 0x164, 20 << 8);
	put16(config + 0x166, 1);
	put32(config + 0x180, 0x0d | 1 << 16);
	put16(config + 0x186, 0x1d);
}

static inline void dmar(const char *name, int number)
{
	char target[64];

	tree_text("1:0", "/sys/devices/virtual/iommu/%s/intel-iommu/version", name);
	/* 2 ^ 16 domains, 48-bit addresses, 2 MiB and 1 GiB pages */
	tree_text("0xc002f0006", "/sys/devices/virtual/iommu/%s/intel-iommu/cap", name);
	/* Queued invalidation, ATS, interrupt remapping, PRI, 20-bit PASIDs, scalable mode */
	tree_text("0x9982000000f", "/sys/devices/virtual/iommu/%s/intel-iommu/ecap", name);
	snprintf(target, sizeof(target), "../../devices/virtual/iommu/%s", name);
	tree_link(target, "/sys/class/iommu/%s", name);
}

/* An NVMe drive in the group of its number, with one disk and one partition. */
static inline void drive(unsigned int n)
{
	char name[32], target[256], disk[128];

	snprintf(name, sizeof(name), "0000:%02x:00.0", n + 1);
	tree_pci(name, 0x144da808, 0x010802, "nvme", "dmar0", (int)n, -1);
	snprintf(disk, sizeof(disk), "devices/pci0000:00/%s/nvme/nvme%u/nvme%un1", name, n, n);
	snprintf(target, sizeof(target), "259:%u\n", 2 * n);
	tree_bytes(target, strlen(target), "/sys/%s/dev", disk);
	snprintf(target, sizeof(target), "259:%u\n", 2 * n + 1);
	tree_bytes(target, strlen(target), "/sys/%s/nvme%un1p1/dev", disk, n);
	tree_text("1", "/sys/%s/nvme%un1p1/partition", disk, n);
	snprintf(target, sizeof(target), "../../%s", disk);
	tree_link(target, "/sys/class/block/nvme%un1", n);
	snprintf(target, sizeof(target), "../../%s/nvme%un1p1", disk, n);
	tree_link(target, "/sys/class/block/nvme%un1p1", n);
	snprintf(target, sizeof(target), "../../devices/pci0000:00/%s/nvme/nvme%u", name, n);
	tree_link(target, "/sys/class/nvme/nvme%u", n);
}

static inline bool has_line(const struct lines *list, const char *words)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strstr(list->line[i], words))
			return true;
	return false;
}

static inline void smmu3(const char *device_name, const char *name)
{
	char target[160];

	tree_text("", "/sys/devices/platform/%s/iommu/%s/uevent", device_name, name);
	tree_link("../../../../bus/platform/drivers/arm-smmu-v3",
		  "/sys/devices/platform/%s/driver", device_name);
	snprintf(target, sizeof(target), "../../../%s", device_name);
	tree_link(target, "/sys/devices/platform/%s/iommu/%s/device", device_name, name);
	snprintf(target, sizeof(target), "../../devices/platform/%s/iommu/%s", device_name, name);
	tree_link(target, "/sys/class/iommu/%s", name);
}

/* Bytes of a property of the device tree, made of cells. */
#define CELLS(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })
#define C(x) 0, 0, (x) >> 8, (x) & 0xff

#endif
