// SPDX-License-Identifier: GPL-2.0-only
#include "place/memory_policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <numa.h>
#include <numaif.h>

#include <iommubench.h>

#include "base/xalloc.h"
#include "text/json.h"
#include "text/parse.h"

/* No kernel numbers its nodes higher. */
#define MAX_NODE	1023

int memory_policy_parse(const char *text, struct memory_policy *m, struct error *e)
{
	static const struct choice words[] = {
		{ "local", MEMORY_LOCAL },
		{ "interleave", MEMORY_INTERLEAVE },
		{ NULL },
	};
	static const char prefix[] = "node:";
	uint64_t node = 0;
	int kind;

	if (!parse_choice(text, words, &kind, e)) {
		*m = (struct memory_policy){ .kind = (enum memory_policy_kind)kind, .given = true };
		return 0;
	}
	if (strncmp(text, prefix, strlen(prefix)) ||
	    parse_number(text + strlen(prefix), 0, MAX_NODE, &node, e))
		return error_set(e, "'%s' is not one of local, node:N with N from 0 to %d, interleave",
				 text, MAX_NODE);
	*m = (struct memory_policy){ .kind = MEMORY_NODE, .node = (int)node, .given = true };
	return 0;
}

static bool has_memory(unsigned int node)
{
	return numa_bitmask_isbitset(numa_nodes_ptr, node) &&
	       numa_node_size64((int)node, NULL) > 0;
}

unsigned int memory_policy_nodes(int **nodes)
{
	struct bitmask *allowed;
	unsigned int n = 0, node;

	if (numa_available() < 0) {
		*nodes = xcalloc(1, sizeof(**nodes));
		return 1;
	}
	allowed = xcheck(numa_get_mems_allowed());
	*nodes = xcalloc((size_t)numa_max_node() + 1, sizeof(**nodes));
	for (node = 0; node <= (unsigned int)numa_max_node(); node++)
		if (numa_bitmask_isbitset(allowed, node) && has_memory(node))
			(*nodes)[n++] = (int)node;
	numa_free_nodemask(allowed);
	return n;
}

/* Return: the nodes of a policy, NULL for all; the caller frees it. */
static struct bitmask *policy_mask(const struct memory_policy *m, int *mode)
{
	struct bitmask *mask = xcheck(numa_allocate_nodemask());
	unsigned int i, n;
	int *nodes;

	numa_bitmask_clearall(mask);
	switch (m->kind) {
	case MEMORY_NODE:
		*mode = MPOL_BIND;
		numa_bitmask_setbit(mask, (unsigned int)m->node);
		break;
	case MEMORY_INTERLEAVE:
		*mode = MPOL_INTERLEAVE;
		n = memory_policy_nodes(&nodes);
		for (i = 0; i < n; i++)
			numa_bitmask_setbit(mask, (unsigned int)nodes[i]);
		free(nodes);
		break;
	default:
		/* What "local" is called by kernels that have no word for it. */
		*mode = MPOL_PREFERRED;
		numa_free_nodemask(mask);
		return NULL;
	}
	return mask;
}

static int check_node(int node)
{
	unsigned int i, n;
	int *nodes;

	n = memory_policy_nodes(&nodes);
	for (i = 0; i < n; i++)
		if (nodes[i] == node)
			break;
	free(nodes);
	if (i < n)
		return EXIT_DONE;
	if (numa_available() < 0)
		return error_fail(EXIT_UNABLE, "--mem node:%d: this kernel knows no NUMA nodes, expected node:0",
				  node);
	if (node > numa_max_node() || !numa_bitmask_isbitset(numa_nodes_ptr, (unsigned int)node))
		return error_fail(EXIT_UNABLE, "--mem node:%d: there is no such node, expected one of 0 to %d",
				  node, numa_max_node());
	return error_fail(EXIT_UNABLE, "--mem node:%d: this node has no memory, or none for this process; give another one",
			  node);
}

int memory_policy_apply(const struct memory_policy *m)
{
	struct bitmask *mask;
	int mode, ret;

	if (!m->given)
		return EXIT_DONE;
	ret = m->kind == MEMORY_NODE ? check_node(m->node) : EXIT_DONE;
	if (ret || numa_available() < 0)
		return ret;
	mask = policy_mask(m, &mode);
	if (set_mempolicy(mode, mask ? mask->maskp : NULL, mask ? mask->size + 1 : 0))
		ret = error_fail(EXIT_UNABLE, "--mem: the kernel refuses the memory policy: %m");
	if (mask)
		numa_free_nodemask(mask);
	return ret;
}

int memory_policy_bind(const struct memory_policy *m, void *start, size_t bytes)
{
	struct bitmask *mask;
	int mode, ret, err;

	if (!m->given || m->kind == MEMORY_LOCAL || numa_available() < 0)
		return 0;
	mask = policy_mask(m, &mode);
	ret = (int)mbind(start, bytes, mode, mask->maskp, mask->size + 1, 0);
	err = errno;
	numa_free_nodemask(mask);
	errno = err;
	return ret;
}

uint32_t memory_policy_abi(const struct memory_policy *m)
{
	switch (m->kind) {
	case MEMORY_NODE:
		return IOMMUBENCH_MEMORY_NODE + (uint32_t)m->node;
	case MEMORY_INTERLEAVE:
		return IOMMUBENCH_MEMORY_INTERLEAVE;
	default:
		return IOMMUBENCH_MEMORY_LOCAL;
	}
}

json_t *memory_policy_describe(const struct memory_policy *m)
{
	static const char *const words[] = { "local", "node", "interleave" };
	json_t *j = xjson(json_object()), *list = xjson(json_array());
	unsigned int i, n = 0;
	int *nodes = NULL;

	if (m->kind == MEMORY_NODE)
		xjson_add(list, xjson(json_integer(m->node)));
	if (m->kind == MEMORY_INTERLEAVE)
		n = memory_policy_nodes(&nodes);
	for (i = 0; i < n; i++)
		xjson_add(list, xjson(json_integer(nodes[i])));
	free(nodes);
	xjson_put(j, "policy", xjson_text(words[m->kind]));
	xjson_put(j, "nodes", list);
	return j;
}
