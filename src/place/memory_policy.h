/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which NUMA nodes memory comes from: that of the module's runs, and the tool's own.
 */
#ifndef IOMMUBENCH_PLACE_MEMORY_POLICY_H
#define IOMMUBENCH_PLACE_MEMORY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"

/**
 * enum memory_policy_kind - where memory comes from
 * @MEMORY_LOCAL: the node of the CPU that works with it
 * @MEMORY_NODE: one node and no other
 * @MEMORY_INTERLEAVE: page by page from all nodes that the process may use
 */
enum memory_policy_kind {
	MEMORY_LOCAL = 0,
	MEMORY_NODE,
	MEMORY_INTERLEAVE,
};

/**
 * struct memory_policy - what --mem says
 * @kind: where memory comes from
 * @node: MEMORY_NODE: number of the node
 * @given: the user said so; otherwise the tool's own memory stays as it is
 */
struct memory_policy {
	enum memory_policy_kind kind;
	int node;
	bool given;
};

/**
 * memory_policy_parse() - read what --mem says
 * @text: local, node:N or interleave
 * @m: receives the policy
 * @e: receives what is wrong
 *
 * Return: 0, or -1.
 */
int memory_policy_parse(const char *text, struct memory_policy *m, struct error *e);

/**
 * memory_policy_apply() - let the calling process and what it forks follow a policy
 * @m: the policy
 *
 * It counts for memory that is touched from now on.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int memory_policy_apply(const struct memory_policy *m);

/**
 * memory_policy_bind() - let a part of the address space follow it, whoever touches it first
 * @m: the policy
 * @start: its first byte, at the beginning of a page
 * @bytes: size of that memory
 *
 * Pages that a device finds missing are brought in by a thread of the kernel, for which the
 * process's own policy does not count.
 *
 * Return: 0, or -1 with errno set.
 */
int memory_policy_bind(const struct memory_policy *m, void *start, size_t bytes);

/**
 * memory_policy_abi() - a policy as struct iommubench_run.memory has it
 * @m: the policy
 */
uint32_t memory_policy_abi(const struct memory_policy *m);

/**
 * memory_policy_describe() - a policy for a result's params
 * @m: the policy
 *
 * Return: a new reference.
 */
json_t *memory_policy_describe(const struct memory_policy *m);

/**
 * memory_policy_nodes() - nodes whose memory this process may use
 * @nodes: receives their numbers, on the heap
 *
 * Return: how many; node 0 alone where the kernel knows of none.
 */
unsigned int memory_policy_nodes(int **nodes);

#endif
