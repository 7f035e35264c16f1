// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine as JSON; results/schema/iommubench-topo-1.schema.json tells what is in it.
 */
#include <stdlib.h>
#include <string.h>

#include "text/json.h"
#include "topo/model.h"

static json_t *text_or_null(const char *s)
{
	return *s ? xjson_text(s) : json_null();
}

static json_t *number_or_null(long long n)
{
	return n < 0 ? json_null() : xjson(json_integer(n));
}

static json_t *list(const struct lines *lines)
{
	json_t *array = xjson(json_array());
	size_t i;

	for (i = 0; i < lines->n; i++)
		xjson_add(array, xjson_text(lines->line[i]));
	return array;
}

static json_t *coherence_or_null(enum iommubench_coherence c)
{
	return c == IOMMUBENCH_COHERENCE_UNKNOWN ? json_null() :
	       xjson(json_boolean(c == IOMMUBENCH_COHERENCE_YES));
}

static json_t *machine(const struct topo *t)
{
	json_t *m = xjson(json_object()), *soc = json_null();

	if (*t->soc_id) {
		soc = xjson(json_object());
		xjson_put(soc, "family", text_or_null(t->soc_family));
		xjson_put(soc, "id", xjson_text(t->soc_id));
		xjson_put(soc, "revision", text_or_null(t->soc_revision));
		xjson_put(soc, "known", list(&t->silicon));
	}
	xjson_put(m, "virtual", xjson(json_boolean(t->is_virtual)));
	xjson_put(m, "saved", xjson(json_boolean(*t->root)));
	xjson_put(m, "kernel", text_or_null(t->kernel));
	xjson_put(m, "model", text_or_null(t->model));
	xjson_put(m, "soc", soc);
	return m;
}

static json_t *nodes(const struct topo *t)
{
	json_t *array = xjson(json_array());
	size_t i;

	for (i = 0; i < t->nr_nodes; i++) {
		json_t *node;

		if (!t->nodes[i].listed)
			continue;
		node = xjson(json_object());
		xjson_put(node, "node", xjson(json_integer(t->nodes[i].number)));
		xjson_put(node, "cpus", xjson_text(t->nodes[i].cpus));
		xjson_put(node, "memory_bytes",
			  xjson(json_integer((json_int_t)t->nodes[i].memory_bytes)));
		xjson_add(array, node);
	}
	return array;
}

static json_t *iommus(const struct topo *t)
{
	json_t *array = xjson(json_array());
	char base[32];
	size_t n;

	for (n = 0; n < t->nr_iommus; n++) {
		const struct topo_iommu *i = &t->iommus[n];
		json_t *iommu = xjson(json_object());

		snprintf(base, sizeof(base), "0x%llx", (unsigned long long)i->base);
		xjson_put(iommu, "name", xjson_text(i->name));
		xjson_put(iommu, "kind", xjson_text(i->kind));
		xjson_put(iommu, "driver", text_or_null(i->driver));
		xjson_put(iommu, "device", text_or_null(i->hardware));
		xjson_put(iommu, "compatible", text_or_null(i->compatible));
		xjson_put(iommu, "revision", text_or_null(i->revision));
		xjson_put(iommu, "main", text_or_null(i->main));
		xjson_put(iommu, "base", text_or_null(i->base ? base : ""));
		xjson_put(iommu, "numa_node", number_or_null(i->node));
		xjson_put(iommu, "ids", xjson_text(i->ids));
		xjson_put(iommu, "coherent_walks", coherence_or_null(i->walks));
		xjson_put(iommu, "features", list(&i->features));
		xjson_put(iommu, "notes", list(&i->notes));
		xjson_add(array, iommu);
	}
	return array;
}

static json_t *groups(const struct topo *t)
{
	json_t *array = xjson(json_array());
	size_t i, k;

	for (i = 0; i < t->nr_groups; i++) {
		json_t *group = xjson(json_object()), *members = xjson(json_array());

		for (k = 0; k < t->nr_devices; k++)
			if (t->devices[k].group == (int)i)
				xjson_add(members, xjson_text(t->devices[k].name));
		xjson_put(group, "group", xjson(json_integer(t->groups[i].number)));
		xjson_put(group, "type", text_or_null(t->groups[i].type));
		xjson_put(group, "domain_type", xjson_text(topo_type_text(&t->groups[i])));
		xjson_put(group, "devices", members);
		xjson_add(array, group);
	}
	return array;
}

static void put_ability(json_t *device, const char *key, const struct topo_ability *a,
			const char *value_key)
{
	json_t *ability = xjson(json_object());

	xjson_put(ability, "state", xjson_text(topo_state_word(a->state)));
	if (value_key)
		xjson_put(ability, value_key,
			  a->value ? xjson(json_integer(a->value)) : json_null());
	xjson_put(device, key, ability);
}

static json_t *measurements(const struct topo_device *d)
{
	json_t *array = xjson(json_array());
	size_t i;

	for (i = 0; i < d->nr_measurements; i++) {
		const struct topo_measurement *m = &d->measurements[i];
		json_t *one = xjson(json_object());

		xjson_put(one, "what", xjson_text(m->what));
		xjson_put(one, "possible", xjson_text(topo_can_word(m->can)));
		xjson_put(one, "engine", text_or_null(m->engine ? m->engine : ""));
		xjson_put(one, "module", text_or_null(m->module ? m->module : ""));
		xjson_put(one, "if", text_or_null(m->condition ? m->condition : ""));
		xjson_put(one, "needs", text_or_null(m->needs));
		xjson_put(one, "command", text_or_null(m->command ? m->command : ""));
		xjson_add(array, one);
	}
	return array;
}

static json_t *device(const struct topo *t, const struct topo_device *d)
{
	json_t *device = xjson(json_object()), *ids = xjson(json_array());
	char *command = topo_bind_command(d);
	unsigned int i;

	for (i = 0; i < d->nr_ids; i++)
		xjson_add(ids, xjson(json_integer(d->ids[i])));
	xjson_put(device, "name", xjson_text(d->name));
	xjson_put(device, "bus", xjson_text(d->bus));
	xjson_put(device, "what", xjson_text(d->what));
	xjson_put(device, "id", text_or_null(d->id));
	xjson_put(device, "driver", text_or_null(d->driver));
	xjson_put(device, "iommu",
		  d->iommu < 0 ? json_null() : xjson_text(t->iommus[d->iommu].name));
	xjson_put(device, "attached", xjson(json_boolean(d->group >= 0)));
	xjson_put(device, "group", d->group < 0 ? json_null() :
		  xjson(json_integer(t->groups[d->group].number)));
	xjson_put(device, "ids", ids);
	xjson_put(device, "numa_node", number_or_null(d->node));
	xjson_put(device, "near_cpus", text_or_null(d->cpus));
	put_ability(device, "ats", &d->ats, "queue");
	put_ability(device, "pri", &d->pri, "requests");
	put_ability(device, "pasid", &d->pasid, "bits");
	put_ability(device, "stall", &d->stall, NULL);
	xjson_put(device, "coherent", coherence_or_null(d->coherence));
	xjson_put(device, "offers", list(&d->offers));
	xjson_put(device, "uses", list(&d->uses));
	xjson_put(device, "verdict", xjson_text(topo_verdict_word(d->verdict)));
	xjson_put(device, "reason", text_or_null(d->reason));
	xjson_put(device, "command", text_or_null(command ? command : ""));
	xjson_put(device, "notes", list(&d->notes));
	xjson_put(device, "measurements", measurements(d));
	free(command);
	return device;
}

json_t *topo_json(const struct topo *t)
{
	json_t *topo = xjson(json_object()), *tool = xjson(json_object());
	json_t *devices = xjson(json_array());
	char *headline = topo_headline(t);
	size_t i;

	for (i = 0; i < t->nr_devices; i++)
		xjson_add(devices, device(t, &t->devices[i]));
	xjson_put(tool, "name", xjson_text("iommubench"));
	xjson_put(tool, "version", xjson_text(IOMMUBENCH_VERSION));
	xjson_put(tool, "subcommand", xjson_text("topo"));
	xjson_put(topo, "schema", xjson_text(TOPO_SCHEMA));
	xjson_put(topo, "tool", tool);
	xjson_put(topo, "summary", xjson_text(headline));
	xjson_put(topo, "machine", machine(t));
	xjson_put(topo, "nodes", nodes(t));
	xjson_put(topo, "iommus", iommus(t));
	xjson_put(topo, "groups", groups(t));
	xjson_put(topo, "devices", devices);
	xjson_put(topo, "warnings", list(&t->warnings));
	free(headline);
	return topo;
}
