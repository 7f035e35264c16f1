/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPUs that there are: which cores and NUMA nodes they belong to, and how
 * far the nodes are from each other.
 */
#ifndef IOMMUBENCH_PLACE_SITES_H
#define IOMMUBENCH_PLACE_SITES_H

#include <stdbool.h>
#include <stdint.h>

#include <hwloc.h>

#include "base/error.h"

/**
 * struct cpu_site - where a CPU sits
 * @cpu: number of the CPU
 * @core: number of its core in hwloc's order; SMT siblings share it
 * @cluster: number of the smallest group of several cores that it belongs to, such as those
 *	that share a cache
 * @node: number of its NUMA node
 * @sibling: CPUs of its core that come before it
 * @allowed: it is in the process's cpuset
 * @usable: that, and the process is not kept off it by an affinity either
 */
struct cpu_site {
	uint32_t cpu;
	unsigned int core;
	unsigned int cluster;
	int node;
	unsigned int sibling;
	bool allowed;
	bool usable;
};

/**
 * struct sites - all CPUs that are online, in hwloc's order; the process may not use some of them
 * @site: the CPUs, freed by sites_free()
 * @nr: entries at @site
 * @node: numbers of the NUMA nodes, on the heap
 * @nr_nodes: entries at @node
 * @distance: from the node at one place of @node to that at another, @nr_nodes squared,
 *	on the heap; NULL when it is not known
 */
struct sites {
	struct cpu_site *site;
	unsigned int nr;
	int *node;
	unsigned int nr_nodes;
	uint64_t *distance;
};

/**
 * sites_read() - look at this machine
 * @s: receives, give it back with sites_free()
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int sites_read(struct sites *s);

/**
 * sites_of() - look at any machine
 * @s: receives, give it back with sites_free()
 * @topology: loaded; what it does not allow is in no cpuset of the process
 * @usable: CPUs that no affinity keeps the process off
 */
void sites_of(struct sites *s, hwloc_topology_t topology, hwloc_const_bitmap_t usable);

/**
 * sites_has_node() - is there such a node?
 * @s: the sites
 * @node: number of the node, may be -1
 */
bool sites_has_node(const struct sites *s, int node);

/**
 * sites_distance() - how far a node is from another
 * @s: the sites
 * @from: number of a node
 * @to: number of another
 *
 * Return: in the firmware's units, 10 for the same node; where these are not known, 20 for
 * any other.
 */
uint64_t sites_distance(const struct sites *s, int from, int to);

/**
 * sites_find() - look a CPU up
 * @s: the sites
 * @cpu: number of the CPU
 *
 * Return: NULL when it is not among them.
 */
const struct cpu_site *sites_find(const struct sites *s, uint32_t cpu);

/**
 * sites_free() - give them back
 * @s: the sites, may be all zeroes
 */
void sites_free(struct sites *s);

#endif
