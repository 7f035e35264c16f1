/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPUs the threads of a run are pinned to.
 */
#ifndef IOMMUBENCH_LIB_PLACEMENT_H
#define IOMMUBENCH_LIB_PLACEMENT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

/* No kernel numbers its CPUs higher. */
#define PLACEMENT_MAX_CPU	65535

/**
 * struct placement - CPUs in the order in which threads take them
 * @cpus: CPU numbers, on the heap
 * @nr: how many; thread i takes number i modulo @nr
 * @how: one word for the result: "cpus", "node" or "near"
 */
struct placement {
	uint32_t *cpus;
	unsigned int nr;
	const char *how;
};

/**
 * struct cpu_site - where a CPU sits
 * @cpu: its number
 * @core: number of its core, the same for SMT siblings
 * @node: number of its NUMA node
 */
struct cpu_site {
	uint32_t cpu;
	unsigned int core;
	int node;
};

/**
 * parse_cpu_list() - read a list such as "0,2-3"
 * @text: the list; its order is kept
 * @max: largest CPU number that makes sense
 * @cpus: receives an array on the heap
 * @nr: receives its length
 * @e: receives what is wrong
 *
 * Return: 0, or -1 with nothing allocated.
 */
int parse_cpu_list(const char *text, uint32_t max, uint32_t **cpus, unsigned int *nr,
		   struct error *e);

/**
 * placement_sort() - put CPUs into the order in which threads should take them
 * @sites: the CPUs, sorted in place
 * @nr: how many
 * @node: the device's node, -1 when unknown
 *
 * CPUs on the device's node come first. Within that, one CPU of every core
 * comes before the second CPU of any.
 */
void placement_sort(struct cpu_site *sites, unsigned int nr, int node);

/**
 * placement_choose() - find the CPUs for a run
 * @p: receives, give it back with placement_free()
 * @list: what --cpus says, or NULL
 * @node: what --numa-node says, or -1
 * @device_node: node of the device, -1 when unknown
 * @threads: how many CPUs are of use
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int placement_choose(struct placement *p, const char *list, int node, int device_node,
		     unsigned int threads);

/**
 * placement_step_aside() - keep the calling process off the CPUs of a run
 * @p: the run's CPUs
 *
 * So that the tool does not disturb what it measures. Without effect when no
 * other CPU is left.
 */
void placement_step_aside(const struct placement *p);

/**
 * placement_free() - give the list back
 * @p: the placement, may be all zeroes
 */
void placement_free(struct placement *p);

#endif
