// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which IOMMU a device is behind and by what number, as the device tree has it: "iommus" in the
 * device's own node, "iommu-map" in that of its PCI host bridge.
 */
#include "topo/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "base/fs.h"

static uint32_t cell(const uint8_t *data, size_t i)
{
	data += 4 * i;
	return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static int find_phandle(const struct topo *t, uint32_t phandle)
{
	size_t i;

	for (i = 0; i < t->nr_iommus; i++)
		if (t->iommus[i].phandle && t->iommus[i].phandle == phandle)
			return (int)i;
	return -1;
}

/* A number counts for one IOMMU; a second one, which hardly any device has, is left out. */
static void add_id(struct topo_device *d, int iommu, uint32_t id)
{
	if (d->iommu < 0) {
		d->iommu = iommu;
		d->by_tree = true;
	}
	if (d->iommu == iommu && d->nr_ids < TOPO_MAX_IDS)
		d->ids[d->nr_ids++] = id;
}

static bool read_iommus(const struct topo *t, struct topo_device *d)
{
	size_t n, at = 0;
	uint8_t *data;

	data = fs_bytes(t->root, &n, "%s/of_node/iommus", d->path);
	if (!data)
		return false;
	n /= 4;
	while (at < n) {
		int iommu = find_phandle(t, cell(data, at));
		uint32_t cells = iommu < 0 ? 1 : t->iommus[iommu].cells;

		if (cells > n - at - 1)
			break;
		if (iommu >= 0 && cells)
			add_id(d, iommu, cell(data, at + 1));
		at += 1 + cells;
	}
	free(data);
	return true;
}

/* <first requester ID, IOMMU, first ID, how many> */
static bool read_map(const struct topo *t, struct topo_device *d, const char *bridge,
		     unsigned int rid)
{
	uint32_t mask = 0xffff, first, length;
	bool mapped = false;
	size_t n, at;
	uint8_t *data;

	data = fs_bytes(t->root, &n, "%s/of_node/iommu-map-mask", bridge);
	if (data && n == 4)
		mask = cell(data, 0);
	free(data);
	data = fs_bytes(t->root, &n, "%s/of_node/iommu-map", bridge);
	if (!data)
		return false;
	for (at = 0; at + 4 <= n / 4 && !mapped; at += 4) {
		int iommu = find_phandle(t, cell(data, at + 1));

		first = cell(data, at);
		length = cell(data, at + 3);
		if ((rid & mask) < first || (rid & mask) - first >= length)
			continue;
		mapped = true;
		if (iommu >= 0)
			add_id(d, iommu, cell(data, at + 2) + (rid & mask) - first);
	}
	free(data);
	return mapped;
}

bool topo_tree_ids(const struct topo *t, struct topo_device *d)
{
	char *path, *slash;
	unsigned int domain, rid;
	bool told = false;

	if (strcmp(d->bus, "pci"))
		return read_iommus(t, d);
	if (!topo_pci_address(d->name, &domain, &rid))
		return false;
	/* The host bridge is the nearest device above with a map. */
	path = xstrdup(d->path);
	while ((slash = strrchr(path, '/')) && slash != path) {
		*slash = '\0';
		if (!fs_there(t->root, "%s/of_node/iommu-map", path))
			continue;
		told = read_map(t, d, path, rid);
		break;
	}
	free(path);
	return told;
}
