// SPDX-License-Identifier: GPL-2.0-only
#include "run/memory_report.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <numa.h>

#include "base/sysfs.h"
#include "text/json.h"

/* Pages that drivers of IOMMUs have of a node, -1 where the kernel does not say. */
static int64_t table_pages(unsigned int node)
{
	static const char key[] = "nr_iommu_pages ";
	long long pages = -1;
	char path[64], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/vmstat", node);
	f = fopen(path, "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			sscanf(line + strlen(key), "%lld", &pages);
	fclose(f);
	return pages;
}

static unsigned int last_node(void)
{
	int last = numa_available() < 0 ? 0 : numa_max_node();

	return last < MEMORY_REPORT_NODES ? (unsigned int)last : MEMORY_REPORT_NODES - 1;
}

/* Return: whether the kernel counts them at all. */
static bool read_tables(int64_t *bytes)
{
	unsigned int node, last = last_node();
	bool counted = false;
	char nothing[8];

	/* Until then each CPU keeps what it has counted lately to itself. */
	sysfs_read(nothing, sizeof(nothing), "/proc/sys/vm/stat_refresh");
	for (node = 0; node <= last; node++) {
		int64_t pages = table_pages(node);

		counted = counted || pages >= 0;
		bytes[node] = pages > 0 ? pages * sysconf(_SC_PAGESIZE) : 0;
	}
	return counted;
}

void memory_report_begin(struct memory_report *m)
{
	m->nr = 0;
	m->counted = read_tables(m->table_before);
}

void memory_report_end(struct memory_report *m, int fd)
{
	struct iommubench_memory told = {
		.size = sizeof(told),
		.nodes = (uintptr_t)m->node,
		.nr_nodes = MEMORY_REPORT_NODES,
	};

	if (ioctl(fd, IOMMUBENCH_IOC_MEMORY, &told))
		return;
	m->nr = told.nr_nodes < MEMORY_REPORT_NODES ? told.nr_nodes : MEMORY_REPORT_NODES;
	read_tables(m->table_after);
}

static void add_node(json_t *list, unsigned int node, uint64_t bytes)
{
	json_t *j;

	if (!bytes)
		return;
	j = xjson(json_object());
	xjson_put(j, "node", xjson(json_integer(node)));
	xjson_put(j, "bytes", xjson(json_integer((json_int_t)bytes)));
	xjson_add(list, j);
}

static json_t *describe_tables(const struct memory_report *m)
{
	json_t *j = xjson(json_object()), *nodes = xjson(json_array());
	unsigned int node, last = last_node();
	const char *why = NULL;

	for (node = 0; m->counted && m->nr && node <= last; node++)
		if (m->table_after[node] > m->table_before[node])
			add_node(nodes, node, (uint64_t)(m->table_after[node] -
							 m->table_before[node]));
	if (!m->nr)
		why = "the run was not asked in time";
	else if (!m->counted)
		why = "this kernel does not count the pages of IOMMUs by node; 6.11 and later do";
	else if (!json_array_size(nodes))
		why = "no new page was counted: older tables served the run, or the driver does "
		      "not count";
	/* Where there is one node only, all of it is there. */
	if (why && !last)
		why = "there is one node only";
	xjson_put(j, "known", xjson(json_boolean(json_array_size(nodes))));
	xjson_put(j, "nodes", nodes);
	if (why)
		xjson_put(j, "reason", xjson_text(why));
	return j;
}

json_t *memory_report_describe(const struct memory_report *m)
{
	json_t *j = xjson(json_object());
	json_t *buffers = xjson(json_array()), *histograms = xjson(json_array());
	unsigned int node;

	for (node = 0; node < m->nr; node++) {
		add_node(buffers, node, m->node[node].buffer_bytes);
		add_node(histograms, node, m->node[node].count_bytes);
	}
	xjson_put(j, "buffers", buffers);
	xjson_put(j, "histograms", histograms);
	xjson_put(j, "page_tables", describe_tables(m));
	return j;
}
