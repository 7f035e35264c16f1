// SPDX-License-Identifier: GPL-2.0-only
/*
 * Made-up machines: what of them is in use, and what the rest is good for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Before cmocka.h, which has a macro error_fail(). */
#include "topo/model.h"
#include "topo/read.h"

#include <cmocka.h>

#include "../tree.h"
#include "machine.h"

/* --- DMA controllers --------------------------------------------------------------- */

/* DMA controllers that PCI calls peripherals: spare parts, unless somebody has a channel. */
static void dma_controllers(void **state)
{
	static const char at[] = "/sys/devices/pci0000:00/0000:01:00.5/dma/dma0chan0";
	struct topo t;

	dmar("dmar0", 0);
	tree_pci("0000:01:00.0", 0x80860b25, 0x088000, "idxd", "dmar0", 0, -1);
	tree_pci("0000:01:00.1", 0x80862021, 0x088000, NULL, "dmar0", 1, -1);
	tree_pci("0000:01:00.2", 0x19e5a122, 0x088000, "hisi_dma", "dmar0", 2, -1);
	tree_pci("0000:01:00.3", 0x80869999, 0x080100, NULL, "dmar0", 3, -1);
	tree_pci("0000:01:00.4", 0x80869999, 0x110100, NULL, "dmar0", 4, -1);
	/* Unknown by number, but with a channel, which is in use. */
	tree_pci("0000:01:00.5", 0x80869999, 0x088000, "made-up", "dmar0", 5, -1);
	tree_text("1", "%s/in_use", at);
	tree_link("../../devices/pci0000:00/0000:01:00.5/dma/dma0chan0",
		  "/sys/class/dma/dma0chan0");
	/* What helps processors, and a processor. */
	tree_pci("0000:02:00.0", 0x808637c8, 0x0b4000, NULL, "dmar0", 8, -1);
	tree_pci("0000:02:00.1", 0x80869999, 0x0b3000, NULL, "dmar0", 9, -1);
	/* The number of a DMA controller, and the class of a memory controller. */
	tree_pci("0000:01:00.6", 0x80866f20, 0x050000, NULL, "dmar0", 6, -1);
	tree_pci("0000:01:00.7", 0x80866f30, 0x088000, NULL, "dmar0", 7, -1);
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	judged(&t, "0000:01:00.0", TOPO_RELEASE, "the driver idxd holds it");
	assert_string_equal(device(&t, "0000:01:00.0")->what, "DMA controller (Intel DSA)");
	judged(&t, "0000:01:00.1", TOPO_FREE, "");
	assert_string_equal(device(&t, "0000:01:00.1")->what, "DMA controller (Intel I/OAT)");
	judged(&t, "0000:01:00.2", TOPO_RELEASE, "hisi_dma");
	judged(&t, "0000:01:00.3", TOPO_FREE, "");
	judged(&t, "0000:01:00.4", TOPO_FREE, "");
	judged(&t, "0000:02:00.0", TOPO_FREE, "");
	judged(&t, "0000:02:00.1", TOPO_NEEDED, "own buses, a processor");
	judged(&t, "0000:01:00.5", TOPO_NEEDED, "DMA channel dma0chan0 is in use");
	judged(&t, "0000:01:00.6", TOPO_NEEDED, "own buses, a memory controller");
	judged(&t, "0000:01:00.7", TOPO_NEEDED, "own buses, a system peripheral");
	topo_free(&t);
}

/* --- who uses disks, of a saved machine ------------------------------------------- */

static void disks(void **state)
{
	static const char nvmet[] = "/sys/kernel/config/nvmet/subsystems";
	unsigned int i;
	struct topo t;

	dmar("dmar0", 0);
	for (i = 0; i < 10; i++)
		drive(i);
	/* By number, by name, by a name with escapes, and by names that only look so. */
	tree_text("28 1 259:1 / /srv\\040x rw - ext4 /dev/root rw\n"
		  "29 1 0:40 / /data rw shared:5 - btrfs /dev/nvme1n1 rw\n"
		  "30 1 0:41 / /tank rw - nfs tank/nvme9n1 rw\n"
		  "31 1 0:42 / /other rw - btrfs /dev/nvme9n1p11 rw", "/proc/self/mountinfo");
	tree_text("Filename Type Size Used Priority\n/dev/nvme2n1p1 partition 1 0 -2",
		  "/proc/swaps");
	tree_text("vg-root", "/sys/devices/virtual/block/dm-0/dm/name");
	tree_text("LVM-AbCd", "/sys/devices/virtual/block/dm-0/dm/uuid");
	tree_link("../../devices/virtual/block/dm-0", "/sys/class/block/dm-0");
	tree_text("", "/sys/class/block/nvme3n1p1/holders/dm-0");
	tree_text("", "/sys/class/block/nvme4n1/holders/md127");
	tree_text("/dev/nvme5n1", "/sys/kernel/config/target/core/iblock_0/disk/udev_path");
	tree_text("/dev/nvme6n1", "%s/a/namespaces/1/device_path", nvmet);
	tree_text("1", "%s/a/namespaces/1/enable", nvmet);
	tree_text("/dev/nvme7n1", "%s/a/namespaces/2/device_path", nvmet);
	tree_text("0", "%s/a/namespaces/2/enable", nvmet);
	tree_text("/dev/nvme8", "%s/b/passthru/device_path", nvmet);
	tree_text("1", "%s/b/passthru/enable", nvmet);
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	judged(&t, "0000:01:00.0", TOPO_NEEDED, "nvme0n1p1 is mounted on /srv x");
	judged(&t, "0000:02:00.0", TOPO_NEEDED, "nvme1n1 is mounted on /data");
	judged(&t, "0000:03:00.0", TOPO_NEEDED, "nvme2n1p1 is swap space");
	judged(&t, "0000:04:00.0", TOPO_NEEDED, "nvme3n1p1 is part of dm-0 (vg-root, LVM)");
	judged(&t, "0000:05:00.0", TOPO_NEEDED, "nvme4n1 is part of md127");
	judged(&t, "0000:06:00.0", TOPO_NEEDED, "nvme5n1 is exported by LIO");
	judged(&t, "0000:07:00.0", TOPO_NEEDED, "nvme6n1 is exported by nvmet");
	judged(&t, "0000:08:00.0", TOPO_RELEASE, "");
	judged(&t, "0000:09:00.0", TOPO_NEEDED, "nvme8 is exported by nvmet");
	judged(&t, "0000:0a:00.0", TOPO_RELEASE, "nothing is seen that needs it");
	topo_free(&t);
}

/* File systems of several disks, of which a mount names one at most. */
static void shared_systems(void **state)
{
	static const char btrfs[] = "/sys/fs/btrfs/11111111-2222-3333-4444-555555555555/devices";
	static const char bcachefs[] = "/sys/fs/bcachefs/66666666-7777-8888-9999-000000000000";
	unsigned int i;
	struct topo t;

	dmar("dmar0", 0);
	for (i = 0; i < 8; i++)
		drive(i);
	tree_link("../../../../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1",
		  "%s/nvme0n1", btrfs);
	tree_link("../../../../devices/pci0000:00/0000:02:00.0/nvme/nvme1/nvme1n1/nvme1n1p1",
		  "%s/nvme1n1p1", btrfs);
	tree_link("../../../../devices/pci0000:00/0000:03:00.0/nvme/nvme2/nvme2n1",
		  "%s/dev-0/block", bcachefs);
	tree_text("30 1 0:41 / /a rw - btrfs /dev/nvme0n1 rw\n"
		  "31 1 0:42 / /b rw - bcachefs /dev/nvme2n1:/dev/nvme3n1:/dev/sdz rw\n"
		  "32 1 8:0 / /c rw - xfs /dev/sda rw,logdev=/dev/nvme4n1p1,rtdev=/dev/nvme5n1\n"
		  "33 1 8:16 / /d rw,x=/dev/nvme7n1 - ext4 /dev/sdb rw,journal_path=/dev/nvme6n1",
		  "/proc/self/mountinfo");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	judged(&t, "0000:01:00.0", TOPO_NEEDED, "nvme0n1 is mounted on /a");
	judged(&t, "0000:02:00.0", TOPO_NEEDED, "nvme1n1p1 is part of a Btrfs file system");
	judged(&t, "0000:03:00.0", TOPO_NEEDED, "nvme2n1 is part of a bcachefs file system");
	judged(&t, "0000:04:00.0", TOPO_NEEDED, "nvme3n1 is part of what is mounted on /b");
	judged(&t, "0000:05:00.0", TOPO_NEEDED, "nvme4n1p1 is part of what is mounted on /c");
	judged(&t, "0000:06:00.0", TOPO_NEEDED, "nvme5n1 is part of what is mounted on /c");
	judged(&t, "0000:07:00.0", TOPO_NEEDED, "nvme6n1 is part of what is mounted on /d");
	judged(&t, "0000:08:00.0", TOPO_RELEASE, "nothing is seen that needs it");
	topo_free(&t);
}

/* Of a saved machine nobody can tell which disks a pool has: any that has no other use. */
static void pools(void **state)
{
	struct topo t;

	dmar("dmar0", 0);
	drive(0);
	drive(1);
	tree_text("28 1 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw\n"
		  "29 1 0:26 / / rw - zfs rpool/ROOT/pve-1 rw,xattr", "/proc/self/mountinfo");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	judged(&t, "0000:01:00.0", TOPO_NEEDED, "nvme0n1p1 is mounted on /srv");
	judged(&t, "0000:02:00.0", TOPO_NEEDED, "nvme1n1 may be part of the ZFS pool rpool,");
	assert_null(strstr(device(&t, "0000:02:00.0")->reason, "nvme1n1p1"));
	topo_free(&t);
	/* Imported, and mounted nowhere. */
	tree_text("28 1 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw", "/proc/self/mountinfo");
	tree_text("ONLINE", "/proc/spl/kstat/zfs/tank/state");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	judged(&t, "0000:02:00.0", TOPO_NEEDED, "nvme1n1 may be part of the ZFS pool tank,");
	topo_free(&t);
}

/* The only disk may be had, but that is told. */
static void only_one(void **state)
{
	struct topo t;

	dmar("dmar0", 0);
	drive(0);
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	judged(&t, "0000:01:00.0", TOPO_RELEASE, "but mind: it is the only device with a disk");
	topo_free(&t);
}

/* --- what can be measured ----------------------------------------------------------- */

static const struct topo_measurement *measurement(const struct topo *t, const char *name,
						  const char *what)
{
	const struct topo_device *d = device(t, name);
	size_t i;

	for (i = 0; i < d->nr_measurements; i++)
		if (!strcmp(d->measurements[i].what, what))
			return &d->measurements[i];
	fail_msg("%s: nothing is said of %s", name, what);
	return NULL;
}

static void can(const struct topo *t, const char *name, const char *what, const char *engine,
		const char *command)
{
	const struct topo_measurement *m = measurement(t, name, what);

	assert_string_equal(m->needs, "");
	assert_string_equal(m->command, command);
	if (engine)
		assert_string_equal(m->engine, engine);
	else
		assert_null(m->engine);
}

static void cannot(const struct topo *t, const char *name, const char *what, const char *needs)
{
	const struct topo_measurement *m = measurement(t, name, what);

	assert_int_equal(m->can, TOPO_CAN_NOT);
	assert_null(m->command);
	if (!strstr(m->needs, needs))
		fail_msg("%s of %s takes '%s', expected '%s'", what, name, m->needs, needs);
}

static void measured(void **state)
{
	uint8_t config[4096];
	struct topo t;
	char *text;
	size_t n;
	FILE *f;

	dmar("dmar0", 0);
	drive(0);
	tree_pci("0000:10:00.0", 0x123411e8, 0x00ff00, NULL, "dmar0", 10, -1);
	full_config(config);
	tree_pci("0000:11:00.0", 0x123410b7, 0x088000, "kmod_iommu_test", "dmar0", 11, -1);
	tree_bytes(config, 4096, "/sys/devices/pci0000:00/0000:11:00.0/config");
	/* All that there is to it is in the first 64 bytes, which anybody may read. */
	tree_pci("0000:12:00.0", 0x123410b7, 0x00ff00, NULL, "dmar0", 12, -1);
	tree_bytes(config, 64, "/sys/devices/pci0000:00/0000:12:00.0/config");
	tree_pci("0000:15:00.0", 0x808610c9, 0x020000, NULL, "dmar0", 15, -1);
	tree_pci("0000:13:00.0", 0x123411e8, 0x00ff00, NULL, NULL, -1, -1);
	tree_pci("0000:14:00.0", 0x80861533, 0x020000, NULL, "dmar0", 14, -1);
	tree_bytes(config, 256, "/sys/devices/pci0000:00/0000:14:00.0/config");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);

	can(&t, "0000:10:00.0", "map-unmap", NULL, "iommubench map-unmap -d 0000:10:00.0");
	can(&t, "0000:10:00.0", "map-unmap --verify", "edu",
	    "iommubench map-unmap -d 0000:10:00.0 --verify");
	cannot(&t, "0000:10:00.0", "tlb-flush --check-stale",
	       "an engine that tells a refused access: nvme or dmaengine or igb or dmatest");
	cannot(&t, "0000:10:00.0", "pasid", "PASIDs: run as root");
	assert_int_equal(measurement(&t, "0000:10:00.0", "map-unmap")->can, TOPO_CAN_BOUND);
	/* What is bound to the module is none of the chipset's, whatever its class. */
	can(&t, "0000:11:00.0", "iopf", "dmatest", "iommubench iopf -d 0000:11:00.0");
	can(&t, "0000:11:00.0", "tlb-flush --check-stale", "dmatest",
	    "iommubench tlb-flush -d 0000:11:00.0 --check-stale");
	assert_int_equal(measurement(&t, "0000:11:00.0", "iopf")->can, TOPO_CAN_NOW);
	cannot(&t, "0000:13:00.0", "map-unmap", "another device: it is behind no IOMMU");
	can(&t, "0000:14:00.0", "tlb-flush", NULL, "iommubench tlb-flush -d 0000:14:00.0");
	cannot(&t, "0000:14:00.0", "map-unmap --verify",
	       "an engine that moves data: nvme or dmaengine or igb or edu (module kmod_iommu_test_lab) or dmatest");
	cannot(&t, "0000:14:00.0", "pasid", "a device with PASIDs");
	cannot(&t, "0000:12:00.0", "iopf", "run as root");
	can(&t, "0000:15:00.0", "tlb-flush --check-stale", "igb",
	    "iommubench tlb-flush -d 0000:15:00.0 --check-stale");
	can(&t, "0000:01:00.0", "io", NULL, "iommubench io -d nvme0n1");
	/* A drive is an engine itself, and what it can besides depends on the drive. */
	can(&t, "0000:01:00.0", "map-unmap --verify", "nvme",
	    "iommubench map-unmap -d 0000:01:00.0 --verify");
	assert_null(measurement(&t, "0000:01:00.0", "map-unmap --verify")->module);
	assert_null(measurement(&t, "0000:01:00.0", "map-unmap --verify")->condition);
	can(&t, "0000:01:00.0", "tlb-flush --check-stale", "nvme",
	    "iommubench tlb-flush -d 0000:01:00.0 --check-stale");
	assert_string_equal(measurement(&t, "0000:01:00.0", "tlb-flush --check-stale")->condition,
			    "the drive has the Timestamp feature");
	cannot(&t, "0000:01:00.0", "tlb-flush --device-latency", "an engine that has a clock");
	cannot(&t, "0000:01:00.0", "iopf", "run as root");

	f = open_memstream(&text, &n);
	assert_non_null(f);
	topo_print(&t, f);
	fclose(f);
	assert_non_null(strstr(text, "measures map-unmap, map-unmap --verify, map-unmap --api"));
	assert_non_null(strstr(text, "--api iommu, tlb-flush --strategy full, tlb-flush; engine"));
	assert_non_null(strstr(text, "; engine nvme; tlb-flush --exposure, tlb-flush --check-stale "
				     "only if the drive has the Timestamp feature\n"));
	assert_non_null(strstr(text, "; engine edu of module kmod_iommu_test_lab\n"));
	assert_non_null(strstr(text, "$ iommubench map-unmap -d 0000:10:00.0 --verify\n"));
	assert_non_null(strstr(text, "$ iommubench map-unmap -d 0000:10:00.0 --api iommu\n"));
	assert_null(strstr(text, "$ iommubench map-unmap -d 0000:10:00.0\n"));
	assert_null(strstr(text, "$ iommubench tlb-flush -d 0000:10:00.0 --strategy full\n"));
	free(text);
	topo_free(&t);

	/* The engine's module, of a device that is bound already. */
	tree_text("live", "/sys/module/kmod_iommu_test/initstate");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	cannot(&t, "0000:11:00.0", "map-unmap --verify", "the module kmod_iommu_test_lab, loaded");
	can(&t, "0000:11:00.0", "map-unmap", NULL, "iommubench map-unmap -d 0000:11:00.0");
	can(&t, "0000:10:00.0", "map-unmap --verify", "edu",
	    "iommubench map-unmap -d 0000:10:00.0 --verify");
	topo_free(&t);
	tree_text("live", "/sys/module/kmod_iommu_test_lab/initstate");
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	can(&t, "0000:11:00.0", "map-unmap --verify", "dmatest",
	    "iommubench map-unmap -d 0000:11:00.0 --verify");
	topo_free(&t);
}

/* What the group rule says of own domains and PASIDs. */
static void grouped(void **state)
{
	static const char *const own[] = { "map-unmap --api iommu", "tlb-flush --strategy full" };
	uint8_t config[4096];
	struct topo t;
	size_t i;

	dmar("dmar0", 0);
	full_config(config);
	/* Beside a driver that does DMA. */
	tree_pci("0000:20:00.0", 0x123410b7, 0x00ff00, NULL, "dmar0", 1, -1);
	tree_bytes(config, 4096, "/sys/devices/pci0000:00/0000:20:00.0/config");
	tree_pci("0000:20:00.1", 0x80861533, 0x020000, "igb", "dmar0", 1, -1);
	/* Beside one that is bound to the module, one that VFIO has and a bridge. */
	tree_pci("0000:21:00.0", 0x123410b7, 0x00ff00, NULL, "dmar0", 2, -1);
	tree_bytes(config, 4096, "/sys/devices/pci0000:00/0000:21:00.0/config");
	tree_pci("0000:21:00.1", 0x123411e8, 0x00ff00, "kmod_iommu_test", "dmar0", 2, -1);
	tree_pci("0000:21:00.2", 0x80861533, 0x020000, "vfio-pci", "dmar0", 2, -1);
	tree_pci("0000:21:00.3", 0x80861901, 0x060400, "pcieport", "dmar0", 2, -1);
	assert_int_equal(topo_read(&t, tree_root), EXIT_DONE);
	judged(&t, "0000:20:00.0", TOPO_FREE,
	       "runs over the DMA API only, as long as 0000:20:00.1 has the driver igb");
	can(&t, "0000:20:00.0", "map-unmap --verify", "dmatest",
	    "iommubench map-unmap -d 0000:20:00.0 --verify");
	can(&t, "0000:20:00.0", "tlb-flush", NULL, "iommubench tlb-flush -d 0000:20:00.0");
	cannot(&t, "0000:20:00.0", "pasid", "0000:20:00.1 has the driver igb");
	judged(&t, "0000:21:00.0", TOPO_FREE, "where no driver is in the way");
	cannot(&t, "0000:21:00.0", "pasid", "0000:21:00.1 has the driver kmod_iommu_test");
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		cannot(&t, "0000:20:00.0", own[i], "0000:20:00.1 has the driver igb");
		assert_int_equal(measurement(&t, "0000:21:00.0", own[i])->can, TOPO_CAN_BOUND);
		assert_int_equal(measurement(&t, "0000:21:00.1", own[i])->can, TOPO_CAN_NOW);
	}
	topo_free(&t);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(dma_controllers),
		IN_TREE(disks),
		IN_TREE(shared_systems),
		IN_TREE(pools),
		IN_TREE(only_one),
		IN_TREE(measured),
		IN_TREE(grouped),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
