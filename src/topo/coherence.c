// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which devices snoop the CPUs' caches.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "topo/internal.h"

/* Cuts the last component off. Return: whether there was one. */
static bool parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return false;
	*slash = '\0';
	return true;
}

/*
 * The nearest word of a device tree node and those above it, as the kernel looks for it
 * (of_dma_is_coherent()). Without one a device of an Arm machine does not snoop.
 */
static enum iommubench_coherence of_node(const struct topo *t, char *node)
{
	do {
		if (fs_there(t->root, "%s/dma-coherent", node))
			return IOMMUBENCH_COHERENCE_YES;
		if (fs_there(t->root, "%s/dma-noncoherent", node))
			return IOMMUBENCH_COHERENCE_NO;
	} while (parent(node) && fs_there(t->root, "%s/name", node));
	return IOMMUBENCH_COHERENCE_UNKNOWN;
}

/* A PCI device has its host bridge's node. */
static char *node_above(const struct topo *t, const struct topo_device *d)
{
	char *path = xstrdup(d->path), *node = NULL;

	do
		node = fs_real(t->root, "%s/of_node", path);
	while (!node && parent(path));
	free(path);
	return node;
}

void topo_coherence(const struct topo *t, struct topo_device *d)
{
	const char *kind = d->iommu < 0 ? "" : t->iommus[d->iommu].kind;
	char *node;

	if (!strcmp(kind, "Intel VT-d") || !strcmp(kind, "AMD IOMMU")) {
		d->coherence = IOMMUBENCH_COHERENCE_YES;
		return;
	}
	node = node_above(t, d);
	if (!node)
		return;
	d->coherence = of_node(t, node);
	if (d->coherence == IOMMUBENCH_COHERENCE_UNKNOWN &&
	    (!strncmp(kind, "Arm ", 4) || !strncmp(kind, "Renesas ", 8)))
		d->coherence = IOMMUBENCH_COHERENCE_NO;
	free(node);
}
