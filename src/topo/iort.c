// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stream IDs as ACPI has them: the I/O Remapping Table (Arm document DEN0049). It maps what comes
 * from PCI root complexes and named devices to numbers that an SMMU knows.
 */
#include "topo/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"

#define TABLE_HEADER		36
#define NODE_HEADER		16
#define MAPPING_BYTES		20

#define NODE_NAMED		1
#define NODE_ROOT_COMPLEX	2
#define NODE_SMMU		3
#define NODE_SMMU_V3		4

/* The mapping has one output, whatever comes in. */
#define MAPPING_SINGLE		1

struct table {
	const uint8_t *data;
	size_t n;
};

static uint32_t get32(const struct table *s, size_t at)
{
	if (at > s->n || s->n - at < 4)
		return 0;
	return s->data[at] | (uint32_t)s->data[at + 1] << 8 | (uint32_t)s->data[at + 2] << 16 |
	       (uint32_t)s->data[at + 3] << 24;
}

static uint64_t get64(const struct table *s, size_t at)
{
	return get32(s, at) | (uint64_t)get32(s, at + 4) << 32;
}

static unsigned int get16(const struct table *s, size_t at)
{
	return get32(s, at) & 0xffff;
}

/* A node that is whole within the table. */
static bool node_at(const struct table *s, size_t at, size_t *length)
{
	if (at < TABLE_HEADER || at > s->n || s->n - at < NODE_HEADER)
		return false;
	*length = get16(s, at + 1);
	return *length >= NODE_HEADER && *length <= s->n - at;
}

/* Which of our IOMMUs the node at an offset is, -1 for none. */
static int find_smmu(const struct topo *t, const struct table *s, size_t at)
{
	size_t length, i;

	if (!node_at(s, at, &length))
		return -1;
	if (s->data[at] != NODE_SMMU && s->data[at] != NODE_SMMU_V3)
		return -1;
	for (i = 0; i < t->nr_iommus; i++)
		if (t->iommus[i].base && t->iommus[i].base == get64(s, at + NODE_HEADER))
			return (int)i;
	return -1;
}

/* The mapping with a number, 0 when it is not whole within its node. */
static size_t mapping_at(const struct table *s, size_t node, size_t length, uint32_t i)
{
	uint32_t first = get32(s, node + 12);

	if (i >= get32(s, node + 8) || !first ||
	    first + ((size_t)i + 1) * MAPPING_BYTES > length)
		return 0;
	return node + first + (size_t)i * MAPPING_BYTES;
}

static bool is_single(const struct table *s, size_t mapping)
{
	return get32(s, mapping + 16) & MAPPING_SINGLE;
}

static void add_id(struct topo_device *d, int iommu, uint32_t id)
{
	if (d->iommu < 0) {
		d->iommu = iommu;
		d->by_tree = true;
	}
	if (d->nr_ids < TOPO_MAX_IDS)
		d->ids[d->nr_ids++] = id;
}

/*
 * As Linux reads it: the first range that has the number decides. A range counts one less than how
 * many there are, but some firmware counts all: so at the end of one range another that begins
 * there goes before.
 */
static size_t find_range(const struct table *s, size_t node, size_t length, uint32_t input,
			 uint32_t *id)
{
	size_t found = 0, at;
	uint32_t i;

	for (i = 0; (at = mapping_at(s, node, length, i)); i++) {
		uint32_t base = get32(s, at), more = get32(s, at + 4);

		if (is_single(s, at)) {
			*id = get32(s, at + 8);
			return at;
		}
		if (input < base || input - base > more || (found && input != base))
			continue;
		found = at;
		*id = get32(s, at + 8) + input - base;
		if (!more || input - base < more)
			break;
	}
	return found;
}

/* What comes from a root complex; nothing is known where the kernel says another SMMU. */
static void map_requester(const struct topo *t, const struct table *s, size_t node, size_t length,
			  uint32_t input, struct topo_device *d)
{
	uint32_t id;
	size_t range = find_range(s, node, length, input, &id);
	int iommu = range ? find_smmu(t, s, get32(s, range + 12)) : -1;

	if (iommu >= 0 && (d->iommu < 0 || d->iommu == iommu))
		add_id(d, iommu, id);
}

/* A named device has an ID for each of its mappings, up to the first that is a range. */
static void map_named(const struct topo *t, const struct table *s, size_t node, size_t length,
		      struct topo_device *d)
{
	size_t at;
	uint32_t i;

	for (i = 0; (at = mapping_at(s, node, length, i)) && is_single(s, at); i++) {
		int iommu = find_smmu(t, s, get32(s, at + 12));

		if (iommu >= 0 && (d->iommu < 0 || d->iommu == iommu))
			add_id(d, iommu, get32(s, at + 8));
	}
}

/* Linux takes the first node of a segment for all of it. */
static bool is_first(const struct table *s, size_t node)
{
	size_t at = get32(s, TABLE_HEADER + 4), length;

	for (; at < node && node_at(s, at, &length); at += length)
		if (s->data[at] == NODE_ROOT_COMPLEX && length >= NODE_HEADER + 16 &&
		    get32(s, at + NODE_HEADER + 12) == get32(s, node + NODE_HEADER + 12))
			return false;
	return true;
}

static void read_root_complex(struct topo *t, const struct table *s, size_t node, size_t length)
{
	unsigned int domain, rid;
	size_t i;

	for (i = 0; i < t->nr_devices; i++) {
		struct topo_device *d = &t->devices[i];

		if (strcmp(d->bus, "pci") || !topo_pci_address(d->name, &domain, &rid) ||
		    domain != get32(s, node + NODE_HEADER + 12) || d->nr_ids)
			continue;
		map_requester(t, s, node, length, rid, d);
	}
}

static void read_named(struct topo *t, const struct table *s, size_t node, size_t length)
{
	size_t at = NODE_HEADER + 13, end, i;
	char *name;

	for (end = at; end < length && s->data[node + end]; end++)
		;
	if (end >= length)
		return;
	name = xstrdup((const char *)s->data + node + at);
	for (i = 0; i < t->nr_devices; i++) {
		struct topo_device *d = &t->devices[i];
		char *path;

		if (!strcmp(d->bus, "pci") || d->nr_ids)
			continue;
		path = fs_text(t->root, "%s/firmware_node/path", d->path);
		if (*path && !strcmp(path, name))
			map_named(t, s, node, length, d);
		free(path);
	}
	free(name);
}

/* The models that have errata of their own. */
static void read_smmu3(struct topo *t, const struct table *s, size_t node)
{
	int iommu = find_smmu(t, s, node);
	struct topo_iommu *i;

	if (iommu < 0)
		return;
	i = &t->iommus[iommu];
	if (get32(s, node + NODE_HEADER + 8) & 1)
		lines_add(&i->features, "coherent walks (IORT)");
	i->walks = get32(s, node + NODE_HEADER + 8) & 1 ? IOMMUBENCH_COHERENCE_YES :
							  IOMMUBENCH_COHERENCE_NO;
	switch (get32(s, node + NODE_HEADER + 24)) {
	case 1:
		lines_add(&i->notes,
			  "erratum of HiSilicon Hip08: prefetch commands must not be used");
		break;
	case 2:
		lines_add(&i->notes,
			  "errata 74 and 126 of ThunderX2: registers of page 1 are in page 0, and interrupt lines are shared");
		break;
	}
}

bool topo_iort_parse(struct topo *t, const uint8_t *table, size_t n)
{
	struct table s = { .data = table, .n = n };
	size_t at, length;
	uint32_t i, nodes;

	if (n < TABLE_HEADER + 12 || memcmp(table, "IORT", 4))
		return false;
	nodes = get32(&s, TABLE_HEADER);
	at = get32(&s, TABLE_HEADER + 4);
	for (i = 0; i < nodes && node_at(&s, at, &length); i++, at += length) {
		if (table[at] == NODE_NAMED && length > NODE_HEADER + 13)
			read_named(t, &s, at, length);
		else if (table[at] == NODE_ROOT_COMPLEX && length >= NODE_HEADER + 16 &&
			 is_first(&s, at))
			read_root_complex(t, &s, at, length);
		else if (table[at] == NODE_SMMU_V3 && length >= NODE_HEADER + 28)
			read_smmu3(t, &s, at);
	}
	return true;
}

void topo_iort_ids(struct topo *t)
{
	static const char path[] = "/sys/firmware/acpi/tables/IORT";
	uint8_t *table;
	size_t n;

	if (!fs_there(t->root, path))
		return;
	table = fs_bytes(t->root, &n, path);
	if (!table)
		lines_add(&t->warnings, "stream IDs are unknown: cannot read %s: %s; run as root",
			  path, strerror(errno));
	else if (!topo_iort_parse(t, table, n))
		lines_add(&t->warnings, "stream IDs are unknown: %s is damaged", path);
	free(table);
}
