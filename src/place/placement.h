/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which CPUs the threads of a run are pinned to.
 */
#ifndef IOMMUBENCH_PLACE_PLACEMENT_H
#define IOMMUBENCH_PLACE_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "place/sites.h"

/* No kernel numbers its CPUs higher. */
#define PLACEMENT_MAX_CPU	65535

/**
 * enum placement_how - how CPUs are chosen
 * @PLACEMENT_NEAR: the device's node first, then the nodes nearest to it
 * @PLACEMENT_FAR: the nodes farthest from the device first
 * @PLACEMENT_SPREAD: as far apart as can be: all nodes in turn, and in a node all groups of
 *	cores in turn
 * @PLACEMENT_PACK: as close together as can be: neighbouring cores, node by node, from the
 *	device's on
 * @PLACEMENT_LIST: as they are named: CPUs, cores and nodes
 */
enum placement_how {
	PLACEMENT_NEAR = 0,
	PLACEMENT_FAR,
	PLACEMENT_SPREAD,
	PLACEMENT_PACK,
	PLACEMENT_LIST,
};

/**
 * enum placement_kind - what an item of a list names
 * @PLACEMENT_CPU: a CPU
 * @PLACEMENT_CORE: the first CPU of a core, numbered in hwloc's order
 * @PLACEMENT_NODE: the CPUs of a NUMA node
 */
enum placement_kind {
	PLACEMENT_CPU = 0,
	PLACEMENT_CORE,
	PLACEMENT_NODE,
};

/**
 * struct placement_item - a part of a list
 * @kind: enum placement_kind
 * @first: first number
 * @last: last number; @first for a single one
 */
struct placement_item {
	enum placement_kind kind;
	uint32_t first;
	uint32_t last;
};

/**
 * struct placement_wish - what --cpus says
 * @how: how CPUs are chosen
 * @given: the user said so
 * @item: items of a list, on the heap
 * @nr: entries at @item
 */
struct placement_wish {
	enum placement_how how;
	bool given;
	struct placement_item *item;
	unsigned int nr;
};

/**
 * struct placement - CPUs in the order in which threads take them
 * @cpus: CPU numbers, on the heap
 * @nr: entries at @cpus; thread i takes number i modulo @nr
 * @how: one word for the result: "cpus", "core", "node", "near", "far", "spread" or "pack"
 * @shared_cores: two of the CPUs belong to one core
 * @siblings: the first two of them
 * @node_unknown: there are several nodes, and nobody knows which one the device is near
 * @barred: near was asked for, and the process may use none of the CPUs that are nearest
 */
struct placement {
	uint32_t *cpus;
	unsigned int nr;
	const char *how;
	bool shared_cores;
	uint32_t siblings[2];
	bool node_unknown;
	bool barred;
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
 * cpu_list_text() - write a list such as "0,2-3"
 * @cpus: numbers of CPUs, in any order
 * @nr: entries at @cpus
 *
 * Return: a string that the caller frees, "" for none.
 */
char *cpu_list_text(const uint32_t *cpus, unsigned int nr);

/**
 * placement_parse() - read what --cpus says
 * @text: near-device, far, spread, pack, or a list such as "0,2-3", "node:1" or "core:0-3,node:2"
 * @w: receives, give it back with placement_wish_free()
 * @e: receives what is wrong
 *
 * Return: 0, or -1 with nothing allocated.
 */
int placement_parse(const char *text, struct placement_wish *w, struct error *e);

/**
 * placement_wish_free() - give a wish back
 * @w: the wish, may be all zeroes
 */
void placement_wish_free(struct placement_wish *w);

/**
 * placement_order() - put CPUs into the order in which threads should take them
 * @p: receives, give it back with placement_free()
 * @s: the CPUs that there are
 * @w: how to choose
 * @device_node: node of the device, -1 when unknown
 * @e: receives why it cannot be done on this machine
 *
 * In all but lists of single CPUs, one CPU of every core comes before the
 * second CPU of any, and only those are taken that the process may use.
 *
 * Return: 0, or -1 with nothing allocated.
 */
int placement_order(struct placement *p, const struct sites *s, const struct placement_wish *w,
		    int device_node, struct error *e);

/**
 * placement_choose() - find the CPUs for a run
 * @p: receives, give it back with placement_free()
 * @list: what --cpus says, or NULL
 * @node: what --numa-node says, or -1
 * @device_node: node of the device, -1 when unknown
 * @threads: CPUs that are of use
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
