// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine as hwloc writes it, so that lstopo and whoever reads hwloc's XML sees IOMMUs too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "topo/internal.h"
#include "topo/model.h"

static void add(hwloc_obj_t o, const char *name, const char *value)
{
	if (*value && hwloc_obj_add_info(o, name, value))
		xcheck(NULL);
}

static void add_number(hwloc_obj_t o, const char *name, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	add(o, name, text);
}

static void add_list(hwloc_obj_t o, const char *name, const struct lines *list)
{
	char *text = lines_join(list, "; ");

	add(o, name, text);
	free(text);
}

static void add_ability(hwloc_obj_t o, const char *name, const struct topo_ability *a)
{
	char *text;

	if (a->value)
		text = xasprintf("%s %u", topo_state_word(a->state), a->value);
	else
		text = xstrdup(topo_state_word(a->state));
	add(o, name, text);
	free(text);
}

static void annotate(const struct topo *t, hwloc_obj_t o, const struct topo_device *d)
{
	char *ids = topo_ids_text(t, d), *command = topo_bind_command(d);

	if (d->iommu >= 0)
		add(o, "IOMMU", t->iommus[d->iommu].name);
	if (d->group >= 0) {
		add_number(o, "IOMMUGroup", t->groups[d->group].number);
		add(o, "IOMMUDomainType", topo_type_text(&t->groups[d->group]));
	}
	add(o, "IOMMUIDs", ids);
	add(o, "IOMMUDriver", d->driver);
	add_ability(o, "IOMMUATS", &d->ats);
	add_ability(o, "IOMMUPRI", &d->pri);
	add_ability(o, "IOMMUPASID", &d->pasid);
	add_ability(o, "IOMMUStall", &d->stall);
	if (d->coherence != IOMMUBENCH_COHERENCE_UNKNOWN)
		add(o, "IOMMUCoherent", d->coherence == IOMMUBENCH_COHERENCE_YES ? "yes" : "no");
	add(o, "IOMMUVerdict", topo_verdict_word(d->verdict));
	add(o, "IOMMUReason", d->reason);
	add(o, "IOMMUBind", command ? command : "");
	free(command);
	free(ids);
}

/* What an object of a NUMA node hangs on: that which all of its CPUs are in. */
static hwloc_obj_t place(hwloc_topology_t h, int node)
{
	hwloc_obj_t o = node < 0 ? NULL : hwloc_get_numanode_obj_by_os_index(h, (unsigned int)node);

	/* Misc objects may hang on a node itself, but lstopo shows them better above it. */
	return o && o->parent ? o->parent : hwloc_get_root_obj(h);
}

static hwloc_obj_t find_pci(hwloc_topology_t h, const char *name)
{
	unsigned int domain, rid;

	if (!topo_pci_address(name, &domain, &rid))
		return NULL;
	return hwloc_get_pcidev_by_busid(h, domain, rid >> 8, rid >> 3 & 0x1f, rid & 7);
}

static hwloc_obj_t put_iommu(const struct topo *t, hwloc_topology_t h, const struct topo_iommu *i)
{
	hwloc_obj_t o = hwloc_topology_insert_misc_object(h, place(h, topo_iommu_node(t, i)),
							  i->name);

	if (!o)
		return NULL;
	add(o, "IOMMUKind", i->kind);
	add(o, "IOMMUDriver", i->driver);
	add(o, "IOMMUDevice", i->hardware);
	add(o, "IOMMURevision", i->revision);
	add(o, "IOMMUMain", i->main);
	add_list(o, "IOMMUFeatures", &i->features);
	add_list(o, "IOMMUNotes", &i->notes);
	return o;
}

static int put_all(const struct topo *t, hwloc_topology_t h)
{
	hwloc_obj_t root = hwloc_get_root_obj(h), o, *iommus;
	char *headline = topo_headline(t), *soc;
	int ret = -1;
	size_t i;

	iommus = xcalloc(t->nr_iommus, sizeof(*iommus));
	add(root, "IOMMUSummary", headline);
	soc = xasprintf("%s %s", t->soc_id, t->soc_revision);
	if (*t->soc_id)
		add(root, "SoC", soc);
	add_list(root, "IOMMUKnown", &t->silicon);
	add_list(root, "IOMMUWarnings", &t->warnings);
	for (i = 0; i < t->nr_iommus; i++) {
		iommus[i] = put_iommu(t, h, &t->iommus[i]);
		if (!iommus[i])
			goto out;
	}
	for (i = 0; i < t->nr_devices; i++) {
		const struct topo_device *d = &t->devices[i];

		o = strcmp(d->bus, "pci") ? NULL : find_pci(h, d->name);
		if (!o)
			o = hwloc_topology_insert_misc_object(h, d->iommu < 0 ?
				place(h, topo_device_node(t, d)) : iommus[d->iommu], d->name);
		if (!o)
			goto out;
		annotate(t, o, d);
	}
	ret = 0;
out:
	free(soc);
	free(headline);
	free(iommus);
	return ret;
}

int topo_xml(const struct topo *t, char **text, size_t *n, struct error *e)
{
	hwloc_topology_t h;
	char *buffer;
	int bytes, ret = -1;

	if (!t->hwloc)
		return error_set(e, "hwloc cannot describe this machine, and without that there is no XML; json has the same");
	/* The model stays as it is. */
	if (hwloc_topology_dup(&h, t->hwloc))
		return error_set(e, "hwloc cannot copy its description of the machine: %m");
	if (put_all(t, h)) {
		error_set(e, "hwloc takes no Misc objects: %m");
	} else if (hwloc_topology_export_xmlbuffer(h, &buffer, &bytes, 0)) {
		error_set(e, "hwloc cannot write XML: %m");
	} else {
		/* The zero byte at its end is counted. */
		*text = xcalloc((size_t)bytes + 1, 1);
		memcpy(*text, buffer, (size_t)bytes);
		*n = strlen(*text);
		hwloc_free_xmlbuffer(h, buffer);
		ret = 0;
	}
	hwloc_topology_destroy(h);
	return ret;
}
