// SPDX-License-Identifier: GPL-2.0-only
/*
 * Made-up machines: what is read of them, judged of them, and written of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Before cmocka.h, which has a macro error_fail(). */
#include "topo/boxes.h"
#include "topo/internal.h"
#include "topo/model.h"
#include "topo/read.h"

#include <cmocka.h>

#include "../capture.h"
#include "../tree.h"
#include "machine.h"

/* --- PCI configuration space --------------------------------------------------- */

static void config_space(void **state)
{
	uint8_t config[4096];
	struct topo t;

	tree_pci("0000:01:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	full_config(config);
	tree_bytes(config, 4096, "/sys/devices/pci0000:00/0000:01:00.0/config");
	/* What a user without rights gets of the same. */
	tree_pci("0000:02:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_bytes(config, 64, "/sys/devices/pci0000:00/0000:02:00.0/config");
	/* All that there is of a device without extended capabilities. */
	tree_pci("0000:03:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_bytes(config, 256, "/sys/devices/pci0000:00/0000:03:00.0/config");
	/* A list that leads back into itself, and one that leads out. */
	tree_pci("0000:04:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	put32(config + 0x180, 0x03 | 1 << 16 | 0x180U << 20);
	tree_bytes(config, 4096, "/sys/devices/pci0000:00/0000:04:00.0/config");
	tree_pci("0000:05:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	put32(config + 0x100, 0x03 | 1 << 16 | 0xffcU << 20);
	tree_bytes(config, 1024, "/sys/devices/pci0000:00/0000:05:00.0/config");

	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_int_equal(t.nr_devices, 5);
	assert_int_equal(device(&t, "0000:01:00.0")->ats.state, TOPO_ON);
	assert_int_equal(device(&t, "0000:01:00.0")->ats.value, 8);
	assert_int_equal(device(&t, "0000:01:00.0")->pri.state, TOPO_OFF);
	assert_int_equal(device(&t, "0000:01:00.0")->pri.value, 64);
	assert_int_equal(device(&t, "0000:01:00.0")->pasid.state, TOPO_ON);
	assert_int_equal(device(&t, "0000:01:00.0")->pasid.value, 20);
	assert_int_equal(device(&t, "0000:01:00.0")->acs.state, TOPO_ON);
	assert_int_equal(device(&t, "0000:02:00.0")->pasid.state, TOPO_UNKNOWN);
	assert_int_equal(device(&t, "0000:03:00.0")->pasid.state, TOPO_ABSENT);
	assert_int_equal(device(&t, "0000:04:00.0")->acs.state, TOPO_ABSENT);
	assert_int_equal(device(&t, "0000:04:00.0")->pasid.state, TOPO_ON);
	assert_int_equal(device(&t, "0000:05:00.0")->ats.state, TOPO_ABSENT);
	assert_true(has_line(&t.warnings, "PASID of 1 PCI device are unknown"));
	topo_free(&t);
}

static void addresses(void **state)
{
	unsigned int domain, rid;

	assert_true(topo_pci_address("0001:02:1f.3", &domain, &rid));
	assert_int_equal(domain, 1);
	assert_int_equal(rid, 0x2fb);
	assert_true(topo_pci_address("10000:e1:00.0", &domain, &rid));
	assert_int_equal(domain, 0x10000);
	assert_false(topo_pci_address("0000:00:20.0", &domain, &rid));
	assert_false(topo_pci_address("0000:00:00.8", &domain, &rid));
	assert_false(topo_pci_address("0000:00:00.0x", &domain, &rid));
	assert_false(topo_pci_address("ee100000.mmc", &domain, &rid));
}

/* --- a host with VT-d and two nodes --------------------------------------------- */

static void vtd_host(void)
{
	uint8_t config[4096] = { 0 };
	int group;

	tree_nodes(2);
	dmar("dmar0", 0);
	dmar("dmar1", 1);
	for (group = 0; group < 10; group++)
		tree_text("DMA-FQ", "/sys/kernel/iommu_groups/%d/type", group);
	tree_pci("0000:00:01.0", 0x80866f02, 0x060400, "pcieport", "dmar0", 0, 0);
	config[0x0e] = 1;
	tree_bytes(config, 4096, "/sys/devices/pci0000:00/0000:00:01.0/config");
	/* Behind that bridge, without ACS. */
	tree_pci("0000:01:00.0", 0x10de1db4, 0x030200, "nouveau", "dmar0", 0, 0);
	/* Three functions that nothing keeps apart: free, ours, and with a driver. */
	tree_pci("0000:03:00.0", 0x10de1db4, 0x030200, NULL, "dmar0", 9, 0);
	tree_pci("0000:03:00.1", 0x10de1db5, 0x0c0330, "kmod_iommu_test", "dmar0", 9, 0);
	tree_pci("0000:03:00.2", 0x10de1db6, 0x040300, "snd_hda_intel", "dmar0", 9, 0);
	tree_pci("0000:02:00.0", 0x80861533, 0x020000, "igb", "dmar0", 1, 0);
	tree_text("0x1003", "/sys/devices/pci0000:00/0000:02:00.0/net/eth0/flags");
	tree_link("../../devices/pci0000:00/0000:02:00.0/net/eth0", "/sys/class/net/eth0");
	tree_pci("0000:02:00.1", 0x80861533, 0x020000, "igb", "dmar0", 2, 0);
	tree_text("0x1002", "/sys/devices/pci0000:00/0000:02:00.1/net/eth1/flags");
	tree_link("../../devices/pci0000:00/0000:02:00.1/net/eth1", "/sys/class/net/eth1");
	tree_pci("0000:81:00.0", 0x144da808, 0x010802, "nvme", "dmar1", 3, 1);
	tree_text("259:1",
		  "/sys/devices/pci0000:00/0000:81:00.0/nvme/nvme0/nvme0n1/nvme0n1p1/dev");
	tree_text("1",
		  "/sys/devices/pci0000:00/0000:81:00.0/nvme/nvme0/nvme0n1/nvme0n1p1/partition");
	tree_text("259:0", "/sys/devices/pci0000:00/0000:81:00.0/nvme/nvme0/nvme0n1/dev");
	tree_link("../../devices/pci0000:00/0000:81:00.0/nvme/nvme0/nvme0n1",
		  "/sys/class/block/nvme0n1");
	tree_link("../../devices/pci0000:00/0000:81:00.0/nvme/nvme0/nvme0n1/nvme0n1p1",
		  "/sys/class/block/nvme0n1p1");
	tree_text("28 1 259:1 / /srv rw - ext4 /dev/root rw", "/proc/self/mountinfo");
	/* Two paths to one disk, which is swap space. */
	tree_pci("0000:82:00.0", 0x144da808, 0x010802, "nvme", "dmar1", 4, 1);
	tree_text("0:0", "/sys/devices/pci0000:00/0000:82:00.0/nvme/nvme1/nvme1c1n1/dev");
	tree_link("../../devices/pci0000:00/0000:82:00.0/nvme/nvme1/nvme1c1n1",
		  "/sys/class/block/nvme1c1n1");
	tree_text("259:2", "/sys/devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1/dev");
	tree_link("../../devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1",
		  "/sys/class/block/nvme1n1");
	tree_text("/dev/nvme1n1 partition 1 0 -2", "/proc/swaps");
	/* A peripheral of the chipset; its neighbours are DMA controllers by class and number. */
	tree_pci("0000:83:00.0", 0x80866f1d, 0x088000, NULL, "dmar1", 5, 1);
	tree_pci("0000:84:00.0", 0x80861533, 0x020000, NULL, "dmar1", 6, 1);
	full_config(config);
	tree_bytes(config, 4096, "/sys/devices/pci0000:00/0000:84:00.0/config");
	tree_pci("0000:85:00.0", 0x80861533, 0x020000, "kmod_iommu_test", "dmar1", 7, 1);
	tree_pci("0000:86:00.0", 0x80861533, 0x020000, "ixgbe", "dmar1", 8, 1);
	tree_text("4", "/sys/devices/pci0000:00/0000:86:00.0/sriov_numvfs");
	tree_pci("0000:87:00.0", 0x80861533, 0x020000, NULL, NULL, -1, 1);
}

static void vtd(void **state)
{
	struct topo t;
	char *s;

	vtd_host();
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_int_equal(t.nr_iommus, 2);
	assert_string_equal(t.iommus[0].kind, "Intel VT-d");
	assert_string_equal(t.iommus[0].revision, "architecture 1:0");
	assert_true(has_line(&t.iommus[0].features, "65536 domains"));
	assert_true(has_line(&t.iommus[0].features, "48-bit guest addresses"));
	assert_true(has_line(&t.iommus[0].features, "1 GiB pages"));
	assert_true(has_line(&t.iommus[0].features, "page requests (PRI)"));
	assert_true(has_line(&t.iommus[0].features, "20-bit PASIDs"));
	assert_false(has_line(&t.iommus[0].features, "caching mode"));
	/* Its walks are coherent in the one mode and not in the other. */
	assert_int_equal(t.iommus[0].walks, IOMMUBENCH_COHERENCE_UNKNOWN);
	assert_int_equal(t.nr_nodes, 2);
	assert_string_equal(t.nodes[1].cpus, "2-3");
	assert_int_equal(t.nodes[1].memory_bytes, 1 << 30);
	assert_int_equal(t.iommus[0].node, 0);
	assert_int_equal(t.iommus[1].node, 1);
	assert_string_equal(device(&t, "0000:84:00.0")->cpus, "2-3");

	judged(&t, "0000:00:01.0", TOPO_NEEDED, "bridge");
	/* A bridge is nobody to share with. */
	judged(&t, "0000:01:00.0", TOPO_RELEASE, "the driver nouveau holds it");
	assert_null(strstr(device(&t, "0000:01:00.0")->reason, "shares"));
	judged(&t, "0000:03:00.0", TOPO_FREE,
	       "no driver holds it; it shares IOMMU group 9 with 0000:03:00.1, 0000:03:00.2: runs over the DMA API only, as long as 0000:03:00.2 has the driver snd_hda_intel");
	judged(&t, "0000:03:00.1", TOPO_READY, "as long as 0000:03:00.2 has the driver");
	judged(&t, "0000:03:00.2", TOPO_RELEASE,
	       "shares IOMMU group 9 with 0000:03:00.0, 0000:03:00.1, where no driver is in the way");
	judged(&t, "0000:02:00.0", TOPO_NEEDED, "network eth0 is up");
	judged(&t, "0000:02:00.1", TOPO_RELEASE, "the driver igb holds it");
	judged(&t, "0000:81:00.0", TOPO_NEEDED, "nvme0n1p1 is mounted on /srv");
	judged(&t, "0000:82:00.0", TOPO_NEEDED, "nvme1n1 is swap space");
	judged(&t, "0000:83:00.0", TOPO_NEEDED, "own buses");
	judged(&t, "0000:84:00.0", TOPO_FREE, "no driver");
	judged(&t, "0000:85:00.0", TOPO_READY, "");
	judged(&t, "0000:86:00.0", TOPO_NEEDED, "4 virtual functions");
	judged(&t, "0000:87:00.0", TOPO_NEEDED, "behind no IOMMU");
	s = topo_bind_command(device(&t, "0000:02:00.1"));
	assert_string_equal(s, "iommubench-bind --release igb 0000:02:00.1");
	free(s);
	assert_null(topo_bind_command(device(&t, "0000:02:00.0")));
	assert_string_equal(topo_type_text(&t.groups[0]), "lazy");
	s = topo_headline(&t);
	assert_string_equal(s, "2 IOMMUs, 10 groups with 13 devices, 7 that can be spared");
	free(s);
	topo_free(&t);
}

/* --- what is written ------------------------------------------------------------- */

static hwloc_obj_t misc(hwloc_topology_t h, const char *name)
{
	hwloc_obj_t o = NULL;

	while ((o = hwloc_get_next_obj_by_type(h, HWLOC_OBJ_MISC, o)))
		if (o->name && !strcmp(o->name, name))
			return o;
	return NULL;
}

static void xml(void **state)
{
	hwloc_topology_t h;
	struct error e;
	struct topo t;
	hwloc_obj_t o;
	char *text;
	size_t n;

	vtd_host();
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_int_equal(topo_xml(&t, &text, &n, &e), 0);
	assert_int_equal(strlen(text), n);
	/* As anyone would read it. */
	assert_int_equal(hwloc_topology_init(&h), 0);
	hwloc_topology_set_io_types_filter(h, HWLOC_TYPE_FILTER_KEEP_ALL);
	hwloc_topology_set_type_filter(h, HWLOC_OBJ_MISC, HWLOC_TYPE_FILTER_KEEP_ALL);
	assert_int_equal(hwloc_topology_set_xmlbuffer(h, text, (int)n + 1), 0);
	assert_int_equal(hwloc_topology_load(h), 0);
	assert_int_equal(hwloc_get_nbobjs_by_type(h, HWLOC_OBJ_NUMANODE), 2);
	o = misc(h, "dmar1");
	assert_non_null(o);
	assert_string_equal(hwloc_obj_get_info_by_name(o, "IOMMUKind"), "Intel VT-d");
	/* It hangs where its node's CPUs are. */
	assert_true(hwloc_bitmap_isset(hwloc_get_non_io_ancestor_obj(h, o->parent)->cpuset, 2));
	assert_false(hwloc_bitmap_isset(hwloc_get_non_io_ancestor_obj(h, o->parent)->cpuset, 0));
	o = hwloc_get_pcidev_by_busid(h, 0, 0x84, 0, 0);
	if (!o)
		o = misc(h, "0000:84:00.0");
	assert_non_null(o);
	assert_string_equal(hwloc_obj_get_info_by_name(o, "IOMMU"), "dmar1");
	assert_string_equal(hwloc_obj_get_info_by_name(o, "IOMMUGroup"), "6");
	assert_string_equal(hwloc_obj_get_info_by_name(o, "IOMMUPASID"), "on 20");
	assert_string_equal(hwloc_obj_get_info_by_name(o, "IOMMUVerdict"), "free");
	hwloc_topology_destroy(h);
	free(text);
	/* The model is as before. */
	assert_int_equal(topo_xml(&t, &text, &n, &e), 0);
	free(text);
	topo_free(&t);
}

/* Nodes of neither CPUs nor memory are in no list, and yet something is there. */
static void unlisted_nodes(void **state)
{
	struct topo t;
	char *text;
	size_t n;
	FILE *f;

	tree_nodes(2);
	dmar("dmar0", 0);
	dmar("dmar1", 1);
	tree_pci("0000:01:00.0", 0x80861533, 0x020000, NULL, "dmar0", 1, 1);
	tree_pci("0000:02:00.0", 0x80861533, 0x020000, NULL, "dmar1", 2, 5);
	tree_pci("0000:03:00.0", 0x80861533, 0x020000, NULL, "dmar1", 3, 5);
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_int_equal(t.nr_nodes, 3);
	assert_int_equal(t.nodes[2].number, 5);
	assert_false(t.nodes[2].listed);
	f = open_memstream(&text, &n);
	topo_print(&t, f);
	fclose(f);
	assert_non_null(strstr(text, "\nNUMA node 5, CPUs and memory unknown\n"));
	assert_non_null(strstr(text, "dmar1"));
	assert_non_null(strstr(text, "0000:03:00.0"));
	free(text);
	text = topo_svg(&t, &n);
	assert_non_null(strstr(text, "NUMA node 5, CPUs and memory unknown"));
	assert_non_null(strstr(text, "0000:03:00.0"));
	free(text);
	topo_free(&t);
}

static void without_nodes(void **state)
{
	struct error e;
	struct topo t;
	char *text;
	size_t n;

	tree_pci("0000:01:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_true(has_line(&t.warnings, "CPUs and NUMA nodes are unknown"));
	assert_int_equal(topo_xml(&t, &text, &n, &e), -1);
	assert_non_null(strstr(e.text, "json"));
	text = topo_svg(&t, &n);
	assert_non_null(strstr(text, "No IOMMU"));
	assert_non_null(strstr(text, "0000:01:00.0"));
	free(text);
	topo_free(&t);
}

/* Hundreds of virtual functions take no more room than a few. */
static void many(void **state)
{
	struct topo_boxes boxes;
	struct topo t;
	char name[32], *svg;
	size_t n;
	int i;

	tree_nodes(1);
	dmar("dmar0", 0);
	for (i = 0; i < 300; i++) {
		tree_text("DMA", "/sys/kernel/iommu_groups/%d/type", i);
		snprintf(name, sizeof(name), "0000:%02x:%02x.%d", 0x10 + i / 256, i / 8 % 32,
			 i % 8);
		tree_pci(name, 0x80861889, 0x020000, "vfio-pci", "dmar0", i, 0);
	}
	tree_pci("0000:20:00.0", 0x80861592, 0x020000, "ice", "dmar0", 300, 0);
	/* One group of eight with two kinds of devices. */
	for (i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "0000:30:00.%d", i);
		tree_pci(name, i ? 0x80861111 : 0x80862222, 0x0c0300, NULL, "dmar0", 301, 0);
	}
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	topo_boxes_make(&t, 0, &boxes);
	assert_int_equal(boxes.devices, 309);
	assert_int_equal(boxes.n, 3);
	assert_int_equal(boxes.box[0].groups, 300);
	assert_int_equal(boxes.box[0].rows[0].n, 300);
	assert_int_equal(boxes.box[1].rows[0].n, 1);
	assert_int_equal(boxes.box[2].nr_rows, 2);
	assert_int_equal(boxes.box[2].rows[1].n, 7);
	topo_boxes_free(&boxes);
	svg = topo_svg(&t, &n);
	assert_int_equal(strlen(svg), n);
	assert_in_range(n, 1000, 20000);
	assert_non_null(strstr(svg, "300 groups, 0 \u2026 299"));
	free(svg);
	topo_free(&t);
}

/* --- other IOMMUs ------------------------------------------------------------------ */

static void amd(void **state)
{
	struct topo t;

	tree_pci("0000:00:00.2", 0x10221451, 0x080600, NULL, NULL, -1, 0);
	tree_text("190b640f", "/sys/devices/pci0000:00/0000:00:00.2/iommu/ivhd0/amd-iommu/cap");
	/* PRI, PASID of 16 bits, 6-level tables */
	tree_text("f0000081a:0",
		  "/sys/devices/pci0000:00/0000:00:00.2/iommu/ivhd0/amd-iommu/features");
	tree_link("../../../0000:00:00.2",
		  "/sys/devices/pci0000:00/0000:00:00.2/iommu/ivhd0/device");
	tree_link("../../devices/pci0000:00/0000:00:00.2/iommu/ivhd0", "/sys/class/iommu/ivhd0");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_int_equal(t.nr_iommus, 1);
	assert_string_equal(t.iommus[0].kind, "AMD IOMMU");
	assert_string_equal(t.iommus[0].hardware, "0000:00:00.2");
	assert_true(has_line(&t.iommus[0].features, "page requests (PRI)"));
	assert_true(has_line(&t.iommus[0].features, "16-bit PASIDs"));
	assert_true(has_line(&t.iommus[0].features, "6-level host tables"));
	judged(&t, "0000:00:00.2", TOPO_NEEDED, "an IOMMU itself");
	topo_free(&t);
}

static void platform(const char *name, const char *node)
{
	char target[128];

	snprintf(target, sizeof(target), "../../../firmware/devicetree/base/%s", node);
	tree_link(target, "/sys/devices/platform/%s/of_node", name);
	snprintf(target, sizeof(target), "../../../devices/platform/%s", name);
	tree_link(target, "/sys/bus/platform/devices/%s", name);
}

/* The device tree: devices by "iommus", PCI by "iommu-map"; and counters that tell who made it. */
static void device_tree(void **state)
{
	static const char base[] = "/sys/firmware/devicetree/base";
	struct topo t;
	char *s;

	tree_bytes(CELLS(C(7)), "%s/smmu/phandle", base);
	tree_bytes(CELLS(C(1)), "%s/smmu/#iommu-cells", base);
	platform("2b400000.iommu", "smmu");
	smmu3("2b400000.iommu", "smmu3.0x000000002b400000");
	/* MMU-700 r1p0 */
	tree_text("0x4871043b", "/sys/bus/event_source/devices/smmuv3_pmcg_2b402/identifier");
	platform("1000.dma", "dma");
	tree_bytes(CELLS(C(7), C(0x10), C(7), C(0x11)), "%s/dma/iommus", base);
	tree_bytes(CELLS(C(16)), "%s/dma/pasid-num-bits", base);
	tree_bytes("", 0, "%s/dma/dma-can-stall", base);
	/* Longer than it says, an IOMMU that is not there, and half a word. */
	platform("2000.dma", "odd");
	tree_bytes(CELLS(C(9), C(1), 0, 0), "%s/odd/iommus", base);
	platform("3000.uart", "uart");
	tree_bytes("uart", 5, "%s/uart/compatible", base);

	tree_link("../../firmware/devicetree/base/pcie", "/sys/devices/pci0000:00/of_node");
	tree_bytes(CELLS(C(0x100), C(7), C(0x2000), C(0x100), C(0x200), C(7)),
		   "%s/pcie/iommu-map", base);
	tree_bytes("", 0, "%s/pcie/dma-coherent", base);
	tree_pci("0000:01:02.1", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_bytes(CELLS(0), "/sys/devices/pci0000:00/0000:01:02.1/config");
	tree_pci("0000:02:00.0", 0x80861533, 0x020000, NULL, NULL, -1, -1);

	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_int_equal(t.nr_devices, 4);
	assert_string_equal(t.iommus[0].kind, "Arm SMMUv3");
	assert_string_equal(t.iommus[0].revision, "Arm MMU-700 r1p0");
	assert_true(has_line(&t.iommus[0].notes, "2812531: each batch"));
	s = topo_ids_text(&t, device(&t, "1000.dma"));
	assert_string_equal(s, "stream IDs 0x10, 0x11");
	free(s);
	assert_int_equal(device(&t, "1000.dma")->pasid.state, TOPO_ABLE);
	assert_int_equal(device(&t, "1000.dma")->pasid.value, 16);
	assert_int_equal(device(&t, "1000.dma")->stall.state, TOPO_ABLE);
	assert_int_equal(t.iommus[0].walks, IOMMUBENCH_COHERENCE_NO);
	assert_int_equal(device(&t, "1000.dma")->coherence, IOMMUBENCH_COHERENCE_NO);
	assert_int_equal(device(&t, "2000.dma")->coherence, IOMMUBENCH_COHERENCE_UNKNOWN);
	assert_int_equal(device(&t, "0000:01:02.1")->coherence, IOMMUBENCH_COHERENCE_YES);
	judged(&t, "1000.dma", TOPO_MAYBE, "formed when a driver is first bound");
	judged(&t, "2000.dma", TOPO_NEEDED, "behind no IOMMU");
	s = topo_ids_text(&t, device(&t, "0000:01:02.1"));
	assert_string_equal(s, "stream ID 0x2011");
	free(s);
	judged(&t, "0000:01:02.1", TOPO_MAYBE, "");
	judged(&t, "0000:02:00.0", TOPO_NEEDED, "behind no IOMMU");
	topo_free(&t);
}

/* --- ACPI ------------------------------------------------------------------------- */

#define SMMU_AT		48
#define ROOT_AT		(SMMU_AT + 68)
#define NAMED_AT	(ROOT_AT + 32 + 20)
#define IORT_BYTES	(NAMED_AT + 52 + 20)

static void mapping(uint8_t *at, uint32_t input, uint32_t count, uint32_t output, uint32_t flags)
{
	put32(at, input);
	put32(at + 4, count - 1);
	put32(at + 8, output);
	put32(at + 12, SMMU_AT);
	put32(at + 16, flags);
}

static void make_iort(uint8_t *table)
{
	memset(table, 0, IORT_BYTES);
	memcpy(table, "IORT", 4);
	put32(table + 4, IORT_BYTES);
	put32(table + 36, 3);
	put32(table + 40, SMMU_AT);

	table[SMMU_AT] = 4;
	put16(table + SMMU_AT + 1, 68);
	put32(table + SMMU_AT + 16, 0x2b400000);
	put32(table + SMMU_AT + 24, 1);
	put32(table + SMMU_AT + 40, 1);

	table[ROOT_AT] = 2;
	put16(table + ROOT_AT + 1, 52);
	put32(table + ROOT_AT + 8, 1);
	put32(table + ROOT_AT + 12, 32);
	put32(table + ROOT_AT + 28, 1);
	mapping(table + ROOT_AT + 32, 0x100, 0x100, 0x30000, 0);

	table[NAMED_AT] = 1;
	put16(table + NAMED_AT + 1, 72);
	put32(table + NAMED_AT + 8, 1);
	put32(table + NAMED_AT + 12, 52);
	memcpy(table + NAMED_AT + 29, "\\_SB.DMA0", 10);
	mapping(table + NAMED_AT + 52, 0, 1, 0x77, 1);
}

static void acpi_machine(void)
{
	smmu3("arm-smmu-v3.0.auto", "smmu3.0x000000002b400000");
	tree_link("../../../devices/platform/arm-smmu-v3.0.auto",
		  "/sys/bus/platform/devices/arm-smmu-v3.0.auto");
	tree_pci("0001:01:00.1", 0x80861533, 0x020000, NULL, "smmu3.0x000000002b400000", 0, -1);
	tree_pci("0000:01:00.1", 0x80861533, 0x020000, NULL, NULL, -1, -1);
	tree_text("\\_SB.DMA0", "/sys/devices/platform/ARMH0330:00/firmware_node/path");
	tree_link("../../../kernel/iommu_groups/1",
		  "/sys/devices/platform/ARMH0330:00/iommu_group");
	tree_text("DMA", "/sys/kernel/iommu_groups/1/type");
	tree_text("DMA", "/sys/kernel/iommu_groups/0/type");
	tree_link("../../../devices/platform/ARMH0330:00",
		  "/sys/bus/platform/devices/ARMH0330:00");
}

static void acpi(void **state)
{
	uint8_t table[IORT_BYTES];
	struct topo t;

	acpi_machine();
	make_iort(table);
	tree_bytes(table, sizeof(table), "/sys/firmware/acpi/tables/IORT");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_int_equal(device(&t, "0001:01:00.1")->nr_ids, 1);
	assert_int_equal(device(&t, "0001:01:00.1")->ids[0], 0x30001);
	assert_int_equal(device(&t, "0000:01:00.1")->nr_ids, 0);
	assert_int_equal(device(&t, "ARMH0330:00")->nr_ids, 1);
	assert_int_equal(device(&t, "ARMH0330:00")->ids[0], 0x77);
	assert_true(has_line(&t.iommus[0].notes, "Hip08"));
	assert_true(has_line(&t.iommus[0].features, "coherent walks (IORT)"));
	assert_int_equal(t.iommus[0].walks, IOMMUBENCH_COHERENCE_YES);
	assert_int_equal(device(&t, "ARMH0330:00")->coherence, IOMMUBENCH_COHERENCE_UNKNOWN);
	topo_free(&t);
}

/* Whatever is in the table, it is not read beyond its end, and it ends. */
static void damaged_acpi(void **state)
{
	uint8_t table[IORT_BYTES], *copy;
	struct topo t;
	size_t n;
	int i;

	acpi_machine();
	tree_bytes("nonsense", 8, "/sys/firmware/acpi/tables/IORT");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	assert_true(has_line(&t.warnings, "IORT is damaged"));
	srand(1);
	for (i = 0; i < 4000; i++) {
		make_iort(table);
		n = (size_t)rand() % (IORT_BYTES + 1);
		for (int k = rand() % 8; k; k--)
			table[36 + rand() % (IORT_BYTES - 36)] = (uint8_t)rand();
		/* As long as it is and no longer, so that a sanitizer sees what goes beyond. */
		copy = malloc(n ? n : 1);
		memcpy(copy, table, n);
		topo_iort_parse(&t, copy, n);
		free(copy);
		assert_in_range(device(&t, "ARMH0330:00")->nr_ids, 0, TOPO_MAX_IDS);
	}
	topo_free(&t);
}

/* --- the rest ------------------------------------------------------------------------ */

static void no_tree(void **state)
{
	struct topo t;
	unsigned int lines;

	capture_begin();
	assert_int_equal(topo_read(&t, "/nowhere"), EXIT_USAGE);
	assert_non_null(strstr(capture_end(&lines), "--root: cannot open /nowhere"));
	assert_int_equal(lines, 1);
	topo_free(&t);
	capture_begin();
	assert_int_equal(topo_read(&t, tree_root), EXIT_UNABLE);
	assert_non_null(strstr(capture_end(&lines), "there is no"));
	topo_free(&t);
}

/* Names that would be markup, or break a line. */
static void odd_names(void **state)
{
	struct topo t;
	char *svg, *text;
	json_t *json;
	size_t n;
	FILE *f;

	tree_text("<b>\"&\x01 model\n\033[2J\xc2\x9b", "/sys/firmware/devicetree/base/model");
	dmar("dmar0", 0);
	tree_pci("0000:01:00.0", 0x80861533, 0x020000, "a<b>&\xff \033c $x'", "dmar0", 0, -1);
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	f = open_memstream(&text, &n);
	topo_print(&t, f);
	fclose(f);
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, 0xff));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_non_null(strstr(text, "<b>\"&  model  [2J?,"));
	/* A command takes the name as one word. */
	assert_non_null(strstr(text, "$ iommubench-bind --release 'a<b>&? ?c $x'\\''' 0000:01"));
	free(text);
	svg = topo_svg(&t, &n);
	assert_null(strstr(svg, "<b>"));
	assert_non_null(strstr(svg, "&lt;b&gt;&quot;&amp;"));
	assert_null(strstr(svg, "\xff"));
	free(svg);
	json = topo_json(&t);
	assert_non_null(json);
	json_decref(json);
	topo_free(&t);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(config_space),
		cmocka_unit_test(addresses),
		IN_TREE(vtd),
		IN_TREE(xml),
		IN_TREE(unlisted_nodes),
		IN_TREE(without_nodes),
		IN_TREE(many),
		IN_TREE(amd),
		IN_TREE(device_tree),
		IN_TREE(acpi),
		IN_TREE(damaged_acpi),
		IN_TREE(no_tree),
		IN_TREE(odd_names),
	};

	return cmocka_run_group_tests_name("topo", tests, NULL, NULL);
}
