// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device by its configuration space. A user without rights gets the first 64 bytes of it, in
 * which there are no extended capabilities.
 */
#include "topo/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "topo/fs.h"

/* Offsets, capability numbers and bits as in the PCI Express base specification. */
#define HEADER_TYPE		0x0e
#define HEADER_BRIDGE		0x01
#define CONVENTIONAL_BYTES	256
#define EXTENDED_BEGIN		0x100

#define CAP_ACS			0x0d
#define CAP_ATS			0x0f
#define CAP_PRI			0x13
#define CAP_PASID		0x1b

static const struct {
	unsigned int class;
	unsigned int mask;
	const char *what;
} classes[] = {
	{ 0x010000, 0xffff00, "SCSI controller" },
	{ 0x010400, 0xffff00, "RAID controller" },
	{ 0x010600, 0xffff00, "SATA controller" },
	{ 0x010700, 0xffff00, "SAS controller" },
	{ 0x010800, 0xffff00, "NVMe drive" },
	{ 0x010000, 0xff0000, "storage controller" },
	{ 0x020000, 0xffff00, "Ethernet controller" },
	{ 0x020700, 0xffff00, "InfiniBand controller" },
	{ 0x020000, 0xff0000, "network controller" },
	{ 0x030000, 0xff0000, "display controller" },
	{ 0x040000, 0xff0000, "multimedia device" },
	{ 0x050000, 0xff0000, "memory controller" },
	{ 0x060000, 0xffff00, "host bridge" },
	{ 0x060100, 0xffff00, "ISA bridge" },
	{ 0x060400, 0xffff00, "PCI bridge" },
	{ 0x060000, 0xff0000, "bridge" },
	{ 0x070000, 0xff0000, "communication controller" },
	{ 0x080600, 0xffff00, "IOMMU" },
	{ 0x080000, 0xff0000, "system peripheral" },
	{ 0x090000, 0xff0000, "input device" },
	{ 0x0b0000, 0xff0000, "processor" },
	{ 0x0c0300, 0xffff00, "USB controller" },
	{ 0x0c0500, 0xffff00, "SMBus controller" },
	{ 0x0c0000, 0xff0000, "serial bus controller" },
	{ 0x0d0000, 0xff0000, "wireless controller" },
	{ 0x100000, 0xff0000, "encryption controller" },
	{ 0x110000, 0xff0000, "signal processing device" },
	{ 0x120000, 0xff0000, "accelerator" },
};

/* What a PCI device is, in words. */
static const char *what_of(unsigned int class)
{
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if ((class & classes[i].mask) == classes[i].class)
			return classes[i].what;
	return "unclassified device";
}

bool topo_pci_address(const char *name, unsigned int *domain, unsigned int *rid)
{
	unsigned int bus, slot, function;
	int end = 0;

	/* Of the letters that it has, only these: sscanf() would take signs, blanks and 0x. */
	if (strspn(name, "0123456789abcdefABCDEF:.") != strlen(name))
		return false;
	if (sscanf(name, "%x:%x:%x.%x%n", domain, &bus, &slot, &function, &end) != 4 ||
	    name[end] || bus > 0xff || slot > 0x1f || function > 7)
		return false;
	*rid = bus << 8 | slot << 3 | function;
	return true;
}

/* Part of what can be read of a device. */
struct config {
	const uint8_t *data;
	size_t n;
};

static unsigned int get16(const struct config *c, size_t at)
{
	return at + 2 <= c->n ? c->data[at] | (unsigned int)c->data[at + 1] << 8 : 0;
}

static uint32_t get32(const struct config *c, size_t at)
{
	return at + 4 <= c->n ? get16(c, at) | (uint32_t)get16(c, at + 2) << 16 : 0;
}

/* Offset of an extended capability, 0 when the device has none. */
static size_t find(const struct config *c, unsigned int number)
{
	size_t at = EXTENDED_BEGIN, steps;

	/* The list may be damaged, but not longer than there is room for. */
	for (steps = 0; steps < (4096 - EXTENDED_BEGIN) / 4; steps++) {
		uint32_t header = get32(c, at);

		if (!header || header == UINT32_MAX)
			return 0;
		if ((header & 0xffff) == number)
			return at;
		at = header >> 20;
		if (at < EXTENDED_BEGIN)
			return 0;
	}
	return 0;
}

static struct topo_ability ability(bool on, unsigned int value)
{
	return (struct topo_ability){ .state = on ? TOPO_ON : TOPO_OFF, .value = value };
}

static void read_extended(const struct config *c, struct topo_device *d)
{
	size_t at;

	d->ats.state = TOPO_ABSENT;
	d->pri.state = TOPO_ABSENT;
	d->pasid.state = TOPO_ABSENT;
	d->acs.state = TOPO_ABSENT;
	at = find(c, CAP_ATS);
	if (at) {
		unsigned int depth = get16(c, at + 4) & 0x1f;

		d->ats = ability(get16(c, at + 6) & 0x8000, depth ? depth : 32);
	}
	at = find(c, CAP_PRI);
	if (at)
		d->pri = ability(get16(c, at + 4) & 1, get32(c, at + 8));
	at = find(c, CAP_PASID);
	if (at)
		d->pasid = ability(get16(c, at + 6) & 1, get16(c, at + 4) >> 8 & 0x1f);
	at = find(c, CAP_ACS);
	if (at)
		/* Source validation, and peers' requests and completions go up. */
		d->acs = ability((get16(c, at + 6) & 0x1d) == 0x1d, 0);
}

void topo_pci(const struct topo *t, struct topo_device *d)
{
	long long size = topo_fs_size(t, "%s/config", d->path);
	char *vendor, *device;
	struct config c;
	uint8_t *data;

	vendor = topo_fs_text(t, "%s/vendor", d->path);
	device = topo_fs_text(t, "%s/device", d->path);
	if (!strncmp(vendor, "0x", 2) && !strncmp(device, "0x", 2)) {
		free(d->id);
		d->id = xasprintf("%s:%s", vendor + 2, device + 2);
	}
	free(vendor);
	free(device);
	d->pci_class = (unsigned int)topo_fs_number(t, 0, "%s/class", d->path);
	free(d->what);
	d->what = xasprintf("%s%s", topo_fs_there(t, "%s/physfn", d->path) ?
			    "virtual function, " : "", what_of(d->pci_class));
	d->stall.state = TOPO_ABSENT;
	data = topo_fs_bytes(t, &c.n, "%s/config", d->path);
	if (!data)
		return;
	c.data = data;
	d->bridge = c.n > HEADER_TYPE && (data[HEADER_TYPE] & 0x7f) == HEADER_BRIDGE;
	/* A file of 256 bytes is all that a device without extended capabilities has. */
	if (c.n > EXTENDED_BEGIN || size == CONVENTIONAL_BYTES)
		read_extended(&c, d);
	free(data);
}
