// SPDX-License-Identifier: GPL-2.0-only
#include "topo/model.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "text/shell.h"

void topo_device_free(struct topo_device *d)
{
	size_t i;

	free(d->name);
	free(d->path);
	free(d->driver);
	free(d->what);
	free(d->id);
	free(d->cpus);
	free(d->reason);
	lines_free(&d->offers);
	lines_free(&d->uses);
	lines_free(&d->notes);
	for (i = 0; i < d->nr_measurements; i++) {
		free(d->measurements[i].needs);
		free(d->measurements[i].command);
	}
	free(d->measurements);
}

static void free_iommu(struct topo_iommu *i)
{
	free(i->name);
	free(i->driver);
	free(i->hardware);
	free(i->path);
	free(i->compatible);
	free(i->revision);
	free(i->main);
	lines_free(&i->features);
	lines_free(&i->notes);
}

void topo_free(struct topo *t)
{
	size_t i;

	for (i = 0; i < t->nr_devices; i++)
		topo_device_free(&t->devices[i]);
	for (i = 0; i < t->nr_iommus; i++)
		free_iommu(&t->iommus[i]);
	for (i = 0; i < t->nr_nodes; i++)
		free(t->nodes[i].cpus);
	free(t->devices);
	free(t->iommus);
	free(t->groups);
	free(t->nodes);
	free(t->kernel);
	free(t->model);
	lines_free(&t->silicon);
	lines_free(&t->warnings);
	if (t->hwloc)
		hwloc_topology_destroy(t->hwloc);
	free((char *)t->root);
	*t = (struct topo){ 0 };
}

/* --- the model in words -------------------------------------------------------- */

const char *topo_verdict_word(enum topo_verdict verdict)
{
	static const char *const words[TOPO_VERDICTS] = {
		"ready", "free", "release", "maybe", "needed",
	};

	return words[verdict];
}

const char *topo_verdict_text(enum topo_verdict verdict)
{
	static const char *const words[TOPO_VERDICTS] = {
		"ready to measure with", "can be spared",
		"can be spared if its driver lets go", "can be spared, its group is not formed yet",
		"leave it alone",
	};

	return words[verdict];
}

const char *topo_state_word(enum topo_state state)
{
	static const char *const words[] = { "unknown", "absent", "able", "off", "on" };

	return words[state];
}

const char *topo_can_word(enum topo_can can)
{
	static const char *const words[] = { "now", "bound", "no" };

	return words[can];
}

char *topo_bind_command(const struct topo_device *d)
{
	char *name = shell_word(d->name), *driver = shell_word(d->driver), *command = NULL;

	switch (d->verdict) {
	case TOPO_FREE:
	case TOPO_MAYBE:
		command = xasprintf("iommubench-bind %s", name);
		break;
	case TOPO_RELEASE:
		command = xasprintf("iommubench-bind --release %s %s", driver, name);
		break;
	default:
		break;
	}
	free(driver);
	free(name);
	return command;
}

char *topo_ids_text(const struct topo *t, const struct topo_device *d)
{
	const char *word = d->iommu < 0 ? "ID" : t->iommus[d->iommu].ids;
	/* Renesas' manuals count micro-TLBs in decimal, Arm's stream IDs are hexadecimal. */
	const char *form = strcmp(word, "micro-TLB") ? "0x%x" : "%u";
	size_t bytes;
	char *text;
	unsigned int i;
	FILE *f;

	if (!d->nr_ids)
		return xstrdup("");
	f = xcheck(open_memstream(&text, &bytes));
	fprintf(f, "%s%s ", word, d->nr_ids > 1 ? "s" : "");
	for (i = 0; i < d->nr_ids; i++) {
		fprintf(f, "%s", i ? ", " : "");
		fprintf(f, form, d->ids[i]);
	}
	if (fclose(f))
		xcheck(NULL);
	return text;
}

const char *topo_type_text(const struct topo_group *g)
{
	if (!strcmp(g->type, "DMA"))
		return "strict";
	if (!strcmp(g->type, "DMA-FQ"))
		return "lazy";
	return *g->type ? g->type : "unknown";
}

char *topo_node_text(const struct topo_node *node)
{
	const uint64_t gib = 1ULL << 30;

	if (!node)
		return xstrdup("NUMA node unknown");
	if (!node->listed)
		return xasprintf("NUMA node %d, CPUs and memory unknown", node->number);
	return xasprintf("NUMA node %d, %s%s, %" PRIu64 " %s", node->number,
			 *node->cpus ? "CPUs " : "no CPUs", node->cpus,
			 node->memory_bytes / (node->memory_bytes >= 10 * gib ? gib : gib / 1024),
			 node->memory_bytes >= 10 * gib ? "GiB" : "MiB");
}

int topo_iommu_node(const struct topo *t, const struct topo_iommu *i)
{
	if (i->node >= 0)
		return i->node;
	return t->nr_nodes == 1 ? t->nodes[0].number : -1;
}

int topo_device_node(const struct topo *t, const struct topo_device *d)
{
	if (d->node >= 0)
		return d->node;
	if (d->iommu >= 0)
		return topo_iommu_node(t, &t->iommus[d->iommu]);
	return t->nr_nodes == 1 ? t->nodes[0].number : -1;
}

size_t topo_devices_behind(const struct topo *t, int iommu)
{
	size_t i, n = 0;

	for (i = 0; i < t->nr_devices; i++)
		n += t->devices[i].iommu == iommu;
	return n;
}

char *topo_idle(const struct topo *t, int node)
{
	struct lines names = { 0 };
	const char *kind = "";
	char *text;
	size_t i;

	/* They are in the order of their names, of which a kind has one form. */
	for (i = 0; i < t->nr_iommus; i++) {
		const struct topo_iommu *iommu = &t->iommus[i];

		if (topo_iommu_node(t, iommu) != node || topo_devices_behind(t, (int)i))
			continue;
		if (strcmp(kind, iommu->kind))
			lines_add(&names, "%s %s", iommu->kind, iommu->name);
		else
			lines_add(&names, "%s", iommu->name);
		kind = iommu->kind;
	}
	text = lines_join(&names, ", ");
	lines_free(&names);
	return text;
}

char *topo_headline(const struct topo *t)
{
	unsigned int spare = 0, behind = 0;
	size_t i;

	for (i = 0; i < t->nr_devices; i++) {
		spare += t->devices[i].verdict != TOPO_NEEDED;
		behind += t->devices[i].group >= 0;
	}
	if (!t->nr_iommus)
		return xasprintf("No IOMMU: none is there, or it is switched off in firmware or on the kernel's command line; nothing translates what devices access");
	return xasprintf("%zu IOMMU%s, %zu group%s with %u device%s, %u that can be spared",
			 t->nr_iommus, t->nr_iommus == 1 ? "" : "s", t->nr_groups,
			 t->nr_groups == 1 ? "" : "s", behind, behind == 1 ? "" : "s", spare);
}
