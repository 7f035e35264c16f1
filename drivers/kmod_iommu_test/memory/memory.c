// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpuset.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <uapi/iommubench.h>

#include "memory/memory.h"

/**
 * bench_memory_init() - settle where a run's memory comes from
 * @m: receives, give it back with bench_memory_free()
 * @wanted: IOMMUBENCH_MEMORY_LOCAL, IOMMUBENCH_MEMORY_INTERLEAVE, or IOMMUBENCH_MEMORY_NODE
 *	plus a node
 * @msg: receives one line when it is refused
 *
 * Context: the process whose cpuset says which nodes are interleaved over.
 * Return: 0 or a negative errno.
 */
int bench_memory_init(struct bench_memory *m, u32 wanted, struct bench_message *msg)
{
	nodemask_t nodes = node_states[N_MEMORY];
	int node;

	m->bytes = kvcalloc(nr_node_ids, sizeof(*m->bytes), GFP_KERNEL);
	if (!m->bytes)
		return -ENOMEM;
	if (wanted == IOMMUBENCH_MEMORY_LOCAL)
		return 0;
	if (wanted == IOMMUBENCH_MEMORY_INTERLEAVE) {
		nodes_and(nodes, nodes, cpuset_current_mems_allowed);
	} else {
		wanted -= IOMMUBENCH_MEMORY_NODE;
		if (wanted >= nr_node_ids || !node_isset(wanted, nodes))
			return bench_refuse(msg, -EINVAL, "node %u is not there or has no memory, expected one below %u",
					    wanted, nr_node_ids);
		nodes = nodemask_of_node(wanted);
	}
	m->nodes = kcalloc(nr_node_ids, sizeof(*m->nodes), GFP_KERNEL);
	if (!m->nodes)
		return -ENOMEM;
	for_each_node_mask(node, nodes)
		m->nodes[m->nr_nodes++] = node;
	return m->nr_nodes ? 0 : bench_refuse(msg, -EINVAL, "this process may use no node's memory");
}

/**
 * bench_memory_free() - give it back
 * @m: as bench_memory_init() left it, or all zeroes
 */
void bench_memory_free(struct bench_memory *m)
{
	kfree(m->nodes);
	kvfree(m->bytes);
}

/**
 * bench_memory_wanted() - is it worth while to take more memory?
 * @m: the run's memory
 *
 * Threads of a run look at what stops the run.
 *
 * Context: process; asked before each piece, so that what takes long to take can be given up.
 * Return: 0, -EINTR when the caller is being killed, -ENODEV when the device is about to be given
 * back.
 */
int bench_memory_wanted(const struct bench_memory *m)
{
	if (fatal_signal_pending(current))
		return -EINTR;
	return m->leaving && READ_ONCE(*m->leaving) && !(current->flags & PF_KTHREAD) ? -ENODEV : 0;
}

/* The node that memory is to come from next, for a thread of @node. */
static int memory_node(const struct bench_memory *m, atomic_t *next, int node)
{
	if (!m->nr_nodes)
		return node;
	return m->nodes[((unsigned int)atomic_inc_return(next) - 1) % m->nr_nodes];
}

/**
 * bench_memory_alloc() - take pages
 * @m: the run's memory
 * @use: what the pages are for
 * @node: that of the thread that needs them
 * @flags: as for alloc_pages()
 * @order: number of pages, as a power of two
 *
 * From a node that was asked for, or not at all; the thread's own is only preferred.
 *
 * Context: as @flags say.
 * Return: the pages, or NULL.
 */
struct page *bench_memory_alloc(struct bench_memory *m, enum bench_memory_use use, int node,
				gfp_t flags, unsigned int order)
{
	struct page *page;

	if (m->nr_nodes)
		flags |= __GFP_THISNODE;
	page = alloc_pages_node(memory_node(m, &m->next_page, node), flags, order);
	if (page)
		atomic64_add(PAGE_SIZE << order, &m->bytes[page_to_nid(page)].of[use]);
	return page;
}

/**
 * bench_memory_zalloc() - take memory for what a thread works with besides pages
 * @m: the run's memory
 * @node: that of the thread
 * @n: number of entries
 * @bytes: size of an entry
 *
 * From a node that was asked for, or the thread's own, while there is room.
 *
 * Context: may sleep.
 * Return: zeroed memory, for kvfree(), or NULL.
 */
void *bench_memory_zalloc(struct bench_memory *m, int node, size_t n, size_t bytes)
{
	return kvzalloc_node(array_size(n, bytes), GFP_KERNEL,
			     memory_node(m, &m->next_list, node));
}

/**
 * bench_memory_bytes() - what was taken from a node so far
 * @m: the run's memory
 * @use: what the memory was taken for
 * @node: the node, below nr_node_ids
 */
u64 bench_memory_bytes(const struct bench_memory *m, enum bench_memory_use use, int node)
{
	return atomic64_read(&m->bytes[node].of[use]);
}
