// SPDX-License-Identifier: GPL-2.0-only
#include "place/sites.h"

#include <stdlib.h>

#include <hwloc/distances.h>

#include "base/xalloc.h"

#define SAME_NODE	10
#define OTHER_NODE	20

static unsigned int cores_below(hwloc_topology_t topology, hwloc_obj_t o)
{
	int n = hwloc_get_nbobjs_inside_cpuset_by_type(topology, o->cpuset, HWLOC_OBJ_CORE);

	return (unsigned int)(n > 0 ? n : hwloc_bitmap_weight(o->cpuset));
}

/* The smallest group of cores has the number of its first CPU. */
static unsigned int cluster_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t o = pu;

	while (o->parent && cores_below(topology, o) < 2)
		o = o->parent;
	return (unsigned int)hwloc_bitmap_first(o->cpuset);
}

static void count_siblings(struct sites *s)
{
	unsigned int i, j;

	for (i = 0; i < s->nr; i++)
		for (j = 0; j < s->nr; j++)
			if (s->site[j].core == s->site[i].core && s->site[j].usable &&
			    s->site[j].cpu < s->site[i].cpu)
				s->site[i].sibling++;
}

static void read_distances(struct sites *s, hwloc_topology_t topology)
{
	struct hwloc_distances_s *d;
	unsigned int n = 1, i, j;

	if (hwloc_distances_get_by_type(topology, HWLOC_OBJ_NUMANODE, &n, &d,
					HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) || !n)
		return;
	s->distance = xcalloc((size_t)s->nr_nodes * s->nr_nodes, sizeof(*s->distance));
	for (i = 0; i < s->nr_nodes * s->nr_nodes; i++)
		s->distance[i] = i % (s->nr_nodes + 1) ? OTHER_NODE : SAME_NODE;
	for (i = 0; i < d->nbobjs; i++)
		for (j = 0; j < d->nbobjs; j++)
			if (d->objs[i] && d->objs[j])
				s->distance[d->objs[i]->logical_index * s->nr_nodes +
					    d->objs[j]->logical_index] =
					d->values[i * d->nbobjs + j];
	hwloc_distances_release(topology, d);
}

void sites_of(struct sites *s, hwloc_topology_t topology, hwloc_const_bitmap_t usable)
{
	int cpus = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	int nodes = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE);
	hwloc_const_cpuset_t allowed = hwloc_topology_get_allowed_cpuset(topology);
	hwloc_obj_t o = NULL, core;

	*s = (struct sites){
		.site = xcalloc(cpus > 0 ? (size_t)cpus : 0, sizeof(*s->site)),
		.node = xcalloc(nodes > 0 ? (size_t)nodes : 0, sizeof(*s->node)),
	};
	while ((o = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, o)))
		s->node[s->nr_nodes++] = (int)o->os_index;
	while ((o = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, o))) {
		core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, o);
		s->site[s->nr++] = (struct cpu_site){
			.cpu = o->os_index,
			/* Without cores in the description, every CPU is one. */
			.core = core ? core->logical_index : o->logical_index,
			.cluster = cluster_of(topology, o),
			.node = o->nodeset ? hwloc_bitmap_first(o->nodeset) : 0,
			.allowed = hwloc_bitmap_isset(allowed, o->os_index),
			.usable = hwloc_bitmap_isset(allowed, o->os_index) &&
				  hwloc_bitmap_isset(usable, o->os_index),
		};
	}
	count_siblings(s);
	if (s->nr_nodes > 1)
		read_distances(s, topology);
}

int sites_read(struct sites *s)
{
	hwloc_topology_t topology;
	hwloc_bitmap_t usable;

	*s = (struct sites){ NULL };
	/* It would print about odd firmware on its own. */
	setenv("HWLOC_HIDE_ERRORS", "2", 0);
	if (hwloc_topology_init(&topology))
		return error_fail(EXIT_UNABLE, "hwloc cannot describe this machine: %m");
	/* Where the process may not go there is a device's node all the same. */
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	if (hwloc_topology_load(topology)) {
		hwloc_topology_destroy(topology);
		return error_fail(EXIT_UNABLE, "hwloc cannot describe this machine: %m; is /sys mounted?");
	}
	usable = hwloc_bitmap_alloc();
	if (!usable || hwloc_get_cpubind(topology, usable, HWLOC_CPUBIND_PROCESS)) {
		hwloc_bitmap_free(usable);
		hwloc_topology_destroy(topology);
		return error_fail(EXIT_UNABLE, "cannot tell which CPUs this process may use: %m");
	}
	sites_of(s, topology, usable);
	hwloc_bitmap_free(usable);
	hwloc_topology_destroy(topology);
	return EXIT_DONE;
}

static int place_of_node(const struct sites *s, int node)
{
	unsigned int i;

	for (i = 0; i < s->nr_nodes; i++)
		if (s->node[i] == node)
			return (int)i;
	return -1;
}

bool sites_has_node(const struct sites *s, int node)
{
	return place_of_node(s, node) >= 0;
}

uint64_t sites_distance(const struct sites *s, int from, int to)
{
	int a = place_of_node(s, from), b = place_of_node(s, to);

	if (s->distance && a >= 0 && b >= 0)
		return s->distance[(unsigned int)a * s->nr_nodes + (unsigned int)b];
	return from == to ? SAME_NODE : OTHER_NODE;
}

const struct cpu_site *sites_find(const struct sites *s, uint32_t cpu)
{
	unsigned int i;

	for (i = 0; i < s->nr; i++)
		if (s->site[i].cpu == cpu)
			return &s->site[i];
	return NULL;
}

void sites_free(struct sites *s)
{
	free(s->site);
	free(s->node);
	free(s->distance);
	*s = (struct sites){ NULL };
}
