// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device by its configuration space. A user without rights gets the first 64 bytes of it, in
 * which there are no extended capabilities.
 */
#include "topo/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "base/fs.h"

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
	{ 0x080100, 0xffff00, "DMA controller" },
	{ 0x080600, 0xffff00, "IOMMU" },
	{ 0x080000, 0xff0000, "system peripheral" },
	{ 0x090000, 0xff0000, "input device" },
	{ 0x0b4000, 0xffff00, "co-processor" },
	{ 0x0b0000, 0xff0000, "processor" },
	{ 0x0c0300, 0xffff00, "USB controller" },
	{ 0x0c0500, 0xffff00, "SMBus controller" },
	{ 0x0c0000, 0xff0000, "serial bus controller" },
	{ 0x0d0000, 0xff0000, "wireless controller" },
	{ 0x100000, 0xff0000, "encryption controller" },
	{ 0x110000, 0xff0000, "signal processing device" },
	{ 0x120000, 0xff0000, "accelerator" },
};

/*
 * DMA controllers that PCI knows as a peripheral of some other kind: by vendor and device, all of
 * the numbers from the first to the last. Their drivers are idxd, ioatdma and hisi_dma.
 */
static const struct {
	uint32_t first;
	uint32_t last;
	const char *what;
} dma_controllers[] = {
	{ 0x80860b25, 0x80860b25, "DMA controller (Intel DSA)" },
	{ 0x808611fb, 0x808611fb, "DMA controller (Intel DSA)" },
	{ 0x80861212, 0x80861212, "DMA controller (Intel DSA)" },
	{ 0x80860cfe, 0x80860cfe, "DMA controller (Intel IAA)" },
	{ 0x80861a38, 0x80861a38, "DMA controller (Intel I/OAT)" },
	{ 0x8086360b, 0x8086360b, "DMA controller (Intel I/OAT)" },
	{ 0x808665ff, 0x808665ff, "DMA controller (Intel I/OAT)" },
	{ 0x8086402f, 0x8086402f, "DMA controller (Intel I/OAT)" },
	{ 0x80863429, 0x80863433, "DMA controller (Intel I/OAT)" },
	{ 0x80863710, 0x80863719, "DMA controller (Intel I/OAT)" },
	{ 0x80863c20, 0x80863c2f, "DMA controller (Intel I/OAT)" },
	{ 0x80860e20, 0x80860e2f, "DMA controller (Intel I/OAT)" },
	{ 0x80862f20, 0x80862f2f, "DMA controller (Intel I/OAT)" },
	{ 0x80860c50, 0x80860c53, "DMA controller (Intel I/OAT)" },
	{ 0x80866f20, 0x80866f2f, "DMA controller (Intel I/OAT)" },
	{ 0x80866f50, 0x80866f53, "DMA controller (Intel I/OAT)" },
	{ 0x80862021, 0x80862021, "DMA controller (Intel I/OAT)" },
	{ 0x80860b00, 0x80860b00, "DMA controller (Intel I/OAT)" },
	{ 0x19e5a122, 0x19e5a122, "DMA controller (HiSilicon)" },
};

/* Return: what a DMA controller is, NULL when it is none of those. */
static const char *dma_controller(unsigned int class, const char *id)
{
	unsigned int vendor, device;
	uint32_t number;
	size_t i;

	/* Their neighbours by number are often the chipset's. */
	if (class >> 8 != 0x0880 && class >> 16 != 0x11)
		return NULL;
	if (sscanf(id, "%4x:%4x", &vendor, &device) != 2)
		return NULL;
	number = vendor << 16 | device;
	for (i = 0; i < sizeof(dma_controllers) / sizeof(dma_controllers[0]); i++)
		if (number >= dma_controllers[i].first && number <= dma_controllers[i].last)
			return dma_controllers[i].what;
	return NULL;
}

bool topo_is_dma_controller(const struct topo_device *d)
{
	size_t i;

	/* Whatever it is called: who gives channels away is one. */
	for (i = 0; i < d->offers.n; i++)
		if (!strncmp(d->offers.line[i], "DMA channel ", 12) ||
		    !strncmp(d->offers.line[i], "dmaengine:", 10))
			return true;
	return d->pci_class >> 8 == 0x0801 || dma_controller(d->pci_class, d->id);
}

/* What a PCI device is, in words. */
static const char *what_of(unsigned int class, const char *id)
{
	const char *what = dma_controller(class, id);
	size_t i;

	if (what)
		return what;
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
	long long size = fs_size(t->root, "%s/config", d->path);
	char *vendor, *device;
	struct config c;
	uint8_t *data;

	vendor = fs_text(t->root, "%s/vendor", d->path);
	device = fs_text(t->root, "%s/device", d->path);
	if (!strncmp(vendor, "0x", 2) && !strncmp(device, "0x", 2)) {
		free(d->id);
		d->id = xasprintf("%s:%s", vendor + 2, device + 2);
	}
	free(vendor);
	free(device);
	d->pci_class = (unsigned int)fs_number(t->root, 0, "%s/class", d->path);
	free(d->what);
	d->what = xasprintf("%s%s", fs_there(t->root, "%s/physfn", d->path) ?
			    "virtual function, " : "", what_of(d->pci_class, d->id));
	d->stall.state = TOPO_ABSENT;
	data = fs_bytes(t->root, &c.n, "%s/config", d->path);
	if (!data)
		return;
	c.data = data;
	d->bridge = c.n > HEADER_TYPE && (data[HEADER_TYPE] & 0x7f) == HEADER_BRIDGE;
	/* A file of 256 bytes is all that a device without extended capabilities has. */
	if (c.n > EXTENDED_BEGIN || size == CONVENTIONAL_BYTES)
		read_extended(&c, d);
	free(data);
}
