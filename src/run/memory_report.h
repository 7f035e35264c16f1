/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the memory of a run was: its buffers and histograms as the module tells, and the
 * IOMMU's page tables as far as the kernel counts them.
 */
#ifndef IOMMUBENCH_RUN_MEMORY_REPORT_H
#define IOMMUBENCH_RUN_MEMORY_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include <iommubench.h>

#define MEMORY_REPORT_NODES	1024

/**
 * struct memory_report - what is known of a run's memory
 * @nr: nodes that there can be, 0 when the module was not asked yet
 * @node: what the run took of each
 * @table_before: bytes of all page tables of IOMMUs before the run, by node
 * @table_after: bytes of all page tables of IOMMUs at the end of the run, by node
 * @counted: whether the kernel counts them
 */
struct memory_report {
	unsigned int nr;
	struct iommubench_node_memory node[MEMORY_REPORT_NODES];
	int64_t table_before[MEMORY_REPORT_NODES];
	int64_t table_after[MEMORY_REPORT_NODES];
	bool counted;
};

/**
 * memory_report_begin() - look at the page tables before a run
 * @m: receives the page tables; memory_report_end() adds the rest
 */
void memory_report_begin(struct memory_report *m);

/**
 * memory_report_end() - ask the module and look again, while the run's domains are still there
 * @m: from memory_report_begin()
 * @fd: the open device
 */
void memory_report_end(struct memory_report *m, int fd);

/**
 * memory_report_describe() - the "memory" object of a result
 * @m: ended, or not
 *
 * Return: a new reference.
 */
json_t *memory_report_describe(const struct memory_report *m);

#endif
