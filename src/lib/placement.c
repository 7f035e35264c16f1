// SPDX-License-Identifier: GPL-2.0-only
#include "lib/placement.h"

#include <ctype.h>
#include <inttypes.h>
#include <numa.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hwloc.h>

#include "lib/device.h"
#include "lib/xalloc.h"

/* One number; moves the text on. */
static int parse_cpu(const char **text, uint32_t max, uint32_t *cpu)
{
	uint64_t n = 0;

	if (!isdigit((unsigned char)**text))
		return -1;
	for (; isdigit((unsigned char)**text); (*text)++) {
		n = n * 10 + (unsigned int)(**text - '0');
		if (n > max)
			return -1;
	}
	*cpu = (uint32_t)n;
	return 0;
}

int parse_cpu_list(const char *text, uint32_t max, uint32_t **cpus, unsigned int *nr,
		   struct error *e)
{
	uint32_t first, last, *list;
	unsigned int used = 0;
	const char *p = text;
	bool *seen;

	seen = xcalloc((size_t)max + 1, sizeof(*seen));
	list = xcalloc((size_t)max + 1, sizeof(*list));
	for (;;) {
		if (parse_cpu(&p, max, &first))
			goto bad;
		last = first;
		if (*p == '-') {
			p++;
			if (parse_cpu(&p, max, &last) || last < first)
				goto bad;
		}
		for (; first <= last; first++) {
			if (seen[first]) {
				error_set(e, "'%s' names CPU %" PRIu32 " twice, expected each once",
					  text, first);
				goto free;
			}
			seen[first] = true;
			list[used++] = first;
		}
		if (!*p)
			break;
		if (*p++ != ',')
			goto bad;
	}
	free(seen);
	*cpus = list;
	*nr = used;
	return 0;
bad:
	error_set(e, "'%s' is not a list of CPUs such as 0,2-3 with numbers up to %" PRIu32, text,
		  max);
free:
	free(seen);
	free(list);
	return -1;
}

/* A CPU with its place in the order: far or near, and how many of its core come before it. */
struct ranked {
	struct cpu_site site;
	bool far;
	unsigned int sibling;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->far != y->far)
		return x->far - y->far;
	if (x->sibling != y->sibling)
		return x->sibling < y->sibling ? -1 : 1;
	return x->site.cpu < y->site.cpu ? -1 : x->site.cpu > y->site.cpu;
}

void placement_sort(struct cpu_site *sites, unsigned int nr, int node)
{
	struct ranked *ranked;
	unsigned int i, j;

	ranked = xcalloc(nr, sizeof(*ranked));
	for (i = 0; i < nr; i++) {
		ranked[i].site = sites[i];
		ranked[i].far = node >= 0 && sites[i].node != node;
		for (j = 0; j < nr; j++)
			if (sites[j].core == sites[i].core && sites[j].cpu < sites[i].cpu)
				ranked[i].sibling++;
	}
	if (nr)
		qsort(ranked, nr, sizeof(*ranked), compare_ranked);
	for (i = 0; i < nr; i++)
		sites[i] = ranked[i].site;
	free(ranked);
}

/* Reads a list that the kernel wrote, such as /sys/devices/system/cpu/online. */
static int read_online(uint32_t **cpus, unsigned int *nr)
{
	char text[4096];
	struct error e;

	if (sysfs_read(text, sizeof(text), "/sys/devices/system/cpu/online"))
		return fail(EXIT_UNABLE, "cannot read /sys/devices/system/cpu/online: %m; is /sys mounted?");
	if (parse_cpu_list(text, PLACEMENT_MAX_CPU, cpus, nr, &e))
		return fail(EXIT_UNABLE, "/sys/devices/system/cpu/online: %s", e.text);
	return EXIT_DONE;
}

static int choose_from_list(struct placement *p, const char *list)
{
	uint32_t *online;
	unsigned int nr_online, i, j;
	struct error e;
	char text[4096];
	int ret;

	if (parse_cpu_list(list, PLACEMENT_MAX_CPU, &p->cpus, &p->nr, &e))
		return fail(EXIT_USAGE, "--cpus: %s", e.text);
	ret = read_online(&online, &nr_online);
	if (ret)
		return ret;
	for (i = 0; i < p->nr; i++) {
		for (j = 0; j < nr_online; j++)
			if (online[j] == p->cpus[i])
				break;
		if (j < nr_online)
			continue;
		free(online);
		sysfs_read(text, sizeof(text), "/sys/devices/system/cpu/online");
		return fail(EXIT_UNABLE, "--cpus: CPU %" PRIu32 " is not there or not online, expected some of %s",
			    p->cpus[i], text);
	}
	free(online);
	p->how = "cpus";
	return EXIT_DONE;
}

/* The CPUs that this process may use, with their cores and nodes. */
static int list_sites(struct cpu_site **sites, unsigned int *nr)
{
	hwloc_topology_t topology;
	hwloc_bitmap_t allowed;
	hwloc_obj_t pu, core;
	unsigned int room;

	/* It would print about odd firmware on its own. */
	setenv("HWLOC_HIDE_ERRORS", "2", 0);
	if (hwloc_topology_init(&topology))
		return fail(EXIT_UNABLE, "hwloc cannot describe this machine: %m; give --cpus");
	if (hwloc_topology_load(topology)) {
		hwloc_topology_destroy(topology);
		return fail(EXIT_UNABLE, "hwloc cannot describe this machine: %m; give --cpus");
	}
	allowed = hwloc_bitmap_alloc();
	if (!allowed || hwloc_get_cpubind(topology, allowed, HWLOC_CPUBIND_PROCESS)) {
		hwloc_bitmap_free(allowed);
		hwloc_topology_destroy(topology);
		return fail(EXIT_UNABLE, "cannot tell which CPUs this process may use: %m; give --cpus");
	}
	room = (unsigned int)hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	*sites = xcalloc(room, sizeof(**sites));
	*nr = 0;
	for (pu = NULL; (pu = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, pu));) {
		if (!hwloc_bitmap_isset(allowed, pu->os_index))
			continue;
		core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);
		(*sites)[*nr] = (struct cpu_site){
			.cpu = pu->os_index,
			/* Without cores in the description, every CPU is one. */
			.core = core ? core->logical_index : pu->logical_index,
			.node = pu->nodeset ? hwloc_bitmap_first(pu->nodeset) : 0,
		};
		(*nr)++;
	}
	hwloc_bitmap_free(allowed);
	hwloc_topology_destroy(topology);
	if (*nr)
		return EXIT_DONE;
	free(*sites);
	*sites = NULL;
	return fail(EXIT_UNABLE, "this process may use no CPU that hwloc knows; give --cpus");
}

/* Keeps only the CPUs that libnuma counts to the node. */
static int keep_node(struct cpu_site *sites, unsigned int *nr, int node)
{
	struct bitmask *mask;
	unsigned int i, kept = 0;

	if (numa_available() < 0) {
		if (node == 0)
			return EXIT_DONE;
		return fail(EXIT_UNABLE, "--numa-node %d: this kernel knows no NUMA nodes, expected 0",
			    node);
	}
	if (node > numa_max_node() || !numa_bitmask_isbitset(numa_nodes_ptr, (unsigned int)node))
		return fail(EXIT_UNABLE, "--numa-node %d: there is no such node, expected one of 0 to %d",
			    node, numa_max_node());
	mask = numa_allocate_cpumask();
	if (numa_node_to_cpus(node, mask)) {
		numa_free_cpumask(mask);
		return fail(EXIT_UNABLE, "--numa-node %d: cannot list its CPUs: %m", node);
	}
	for (i = 0; i < *nr; i++)
		if (numa_bitmask_isbitset(mask, sites[i].cpu))
			sites[kept++] = sites[i];
	numa_free_cpumask(mask);
	*nr = kept;
	if (!kept)
		return fail(EXIT_UNABLE, "--numa-node %d: none of its CPUs may be used by this process; give --cpus or another node",
			    node);
	return EXIT_DONE;
}

int placement_choose(struct placement *p, const char *list, int node, int device_node,
		     unsigned int threads)
{
	struct cpu_site *sites;
	unsigned int nr, i;
	int ret;

	*p = (struct placement){ 0 };
	if (list) {
		ret = choose_from_list(p, list);
		goto out;
	}
	ret = list_sites(&sites, &nr);
	if (ret)
		return ret;
	if (node >= 0)
		ret = keep_node(sites, &nr, node);
	if (ret) {
		free(sites);
		return ret;
	}
	placement_sort(sites, nr, node >= 0 ? node : device_node);
	p->how = node >= 0 ? "node" : "near";
	p->nr = nr < threads ? nr : threads;
	p->cpus = xcalloc(p->nr, sizeof(*p->cpus));
	for (i = 0; i < p->nr; i++)
		p->cpus[i] = sites[i].cpu;
	free(sites);
out:
	if (ret) {
		placement_free(p);
		return ret;
	}
	if (p->nr > threads)
		p->nr = threads;
	return EXIT_DONE;
}

void placement_step_aside(const struct placement *p)
{
	unsigned int i;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (i = 0; i < p->nr; i++)
		if (p->cpus[i] < CPU_SETSIZE)
			CPU_CLR(p->cpus[i], &set);
	if (CPU_COUNT(&set))
		sched_setaffinity(0, sizeof(set), &set);
}

void placement_free(struct placement *p)
{
	free(p->cpus);
	p->cpus = NULL;
	p->nr = 0;
}
