/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine's /sys and /proc, made up in a folder for each test. Included after cmocka.h.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_TREE_H
#define IOMMUBENCH_TESTS_UNIT_TREE_H

#include <ftw.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char tree_root[64];

/* The whole path, with the folders that lead to it. */
static inline void tree_path(char *path, size_t n, const char *fmt, va_list args)
{
	int used = snprintf(path, n, "%s", tree_root);
	char *slash;

	vsnprintf(path + used, n - (size_t)used, fmt, args);
	for (slash = strchr(path + used + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

/**
 * tree_bytes() - a file
 * @data: what is in it
 * @n: bytes of that
 * @fmt: path, as printf
 */
static inline void tree_bytes(const void *data, size_t n, const char *fmt, ...)
{
	char path[512];
	va_list args;
	FILE *f;

	va_start(args, fmt);
	tree_path(path, sizeof(path), fmt, args);
	va_end(args);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	fclose(f);
}

/**
 * tree_text() - a file of one line
 * @text: the line
 * @fmt: path, as printf
 */
#define tree_text(text, ...) tree_bytes(text "\n", strlen(text "\n"), __VA_ARGS__)

/**
 * tree_link() - a link
 * @target: where to
 * @fmt: path, as printf
 */
static inline void tree_link(const char *target, const char *fmt, ...)
{
	char path[512];
	va_list args;

	va_start(args, fmt);
	tree_path(path, sizeof(path), fmt, args);
	va_end(args);
	assert_int_equal(symlink(target, path), 0);
}

/**
 * tree_pci() - a PCI device in /sys/devices/pci0000:00, with its link on the bus
 * @name: such as "0000:01:00.0"
 * @id: vendor and device as one number
 * @class: class code
 * @driver: that holds it, or NULL
 * @iommu: as in /sys/class/iommu, or NULL
 * @group: of it, -1 for none
 * @node: NUMA node, -1 for none
 */
static inline void tree_pci(const char *name, uint32_t id, unsigned int class, const char *driver,
			    const char *iommu, int group, int node)
{
	char at[128], text[256];

	snprintf(at, sizeof(at), "/sys/devices/pci0000:00/%s", name);
	snprintf(text, sizeof(text), "0x%04x\n", id >> 16);
	tree_bytes(text, strlen(text), "%s/vendor", at);
	snprintf(text, sizeof(text), "0x%04x\n", id & 0xffff);
	tree_bytes(text, strlen(text), "%s/device", at);
	snprintf(text, sizeof(text), "0x%06x\n", class);
	tree_bytes(text, strlen(text), "%s/class", at);
	snprintf(text, sizeof(text), "%d\n", node);
	tree_bytes(text, strlen(text), "%s/numa_node", at);
	if (driver) {
		snprintf(text, sizeof(text), "../../../bus/pci/drivers/%s", driver);
		tree_link(text, "%s/driver", at);
	}
	if (iommu) {
		snprintf(text, sizeof(text), "../../virtual/iommu/%s", iommu);
		tree_link(text, "%s/iommu", at);
	}
	if (group >= 0) {
		snprintf(text, sizeof(text), "../../../kernel/iommu_groups/%d", group);
		tree_link(text, "%s/iommu_group", at);
		tree_link(at, "/sys/kernel/iommu_groups/%d/devices/%s", group, name);
	}
	snprintf(text, sizeof(text), "../../../devices/pci0000:00/%s", name);
	tree_link(text, "/sys/bus/pci/devices/%s", name);
}

/**
 * tree_nodes() - CPUs and NUMA nodes, two CPUs to a node
 * @n: how many nodes
 */
static inline void tree_nodes(unsigned int n)
{
	char text[128];
	unsigned int i, k;

	snprintf(text, sizeof(text), "0-%u\n", 2 * n - 1);
	tree_bytes(text, strlen(text), "/sys/devices/system/cpu/online");
	tree_bytes(text, strlen(text), "/sys/devices/system/cpu/possible");
	snprintf(text, sizeof(text), "0-%u\n", n - 1);
	tree_bytes(text, strlen(text), "/sys/devices/system/node/online");
	tree_bytes(text, strlen(text), "/sys/devices/system/node/possible");
	for (i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "%x\n", 3U << (2 * i));
		tree_bytes(text, strlen(text), "/sys/devices/system/node/node%u/cpumap", i);
		snprintf(text, sizeof(text), "Node %u MemTotal: 1048576 kB\n", i);
		tree_bytes(text, strlen(text), "/sys/devices/system/node/node%u/meminfo", i);
		for (k = 2 * i; k < 2 * i + 2; k++) {
			snprintf(text, sizeof(text), "%x\n", 1U << k);
			tree_bytes(text, strlen(text),
				   "/sys/devices/system/cpu/cpu%u/topology/thread_siblings", k);
			snprintf(text, sizeof(text), "%x\n", 3U << (2 * i));
			tree_bytes(text, strlen(text),
				   "/sys/devices/system/cpu/cpu%u/topology/core_siblings", k);
			snprintf(text, sizeof(text), "%u\n", k % 2);
			tree_bytes(text, strlen(text),
				   "/sys/devices/system/cpu/cpu%u/topology/core_id", k);
			snprintf(text, sizeof(text), "%u\n", i);
			tree_bytes(text, strlen(text),
				   "/sys/devices/system/cpu/cpu%u/topology/physical_package_id",
				   k);
		}
	}
}

/**
 * tree_setup() - make it
 * @unused: of cmocka
 */
static inline int tree_setup(void **unused)
{
	snprintf(tree_root, sizeof(tree_root), "/tmp/iommubench-tree[1]*.XXXXXX");
	if (!mkdtemp(tree_root))
		return -1;
	tree_text("Linux version 6.12.0 (made up)", "/proc/version");
	tree_text("made up", "/proc/cpuinfo");
	return 0;
}

static inline int tree_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

/**
 * tree_teardown() - remove it
 * @unused: of cmocka
 */
static inline int tree_teardown(void **unused)
{
	return nftw(tree_root, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
