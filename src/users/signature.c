// SPDX-License-Identifier: GPL-2.0-only
#include "users/signature.h"

#include <stdbool.h>
#include <string.h>

#include <blkid/blkid.h>

/* By the names that libblkid has for them. */
static const struct {
	const char *type;
	const char *words;
} members[] = {
	{ "LVM1_member", "an LVM physical volume" },
	{ "LVM2_member", "an LVM physical volume" },
	{ "linux_raid_member", "a part of an md array" },
	{ "zfs_member", "a part of a ZFS pool" },
	{ "btrfs", "a part of a Btrfs file system" },
	{ "bcachefs", "a part of a bcachefs file system" },
	{ "bcache", "a part of a bcache set" },
	{ "crypto_LUKS", "a LUKS volume" },
	{ "BitLocker", "a BitLocker volume" },
	{ "ceph_bluestore", "storage of Ceph" },
	{ "stratis", "a part of a Stratis pool" },
	{ "drbd", "a replica of DRBD" },
	{ "swap", "swap space" },
	{ "swsuspend", "an image of a sleeping system" },
};

static void name_one(blkid_probe probe, struct lines *parts, struct lines *systems)
{
	const char *type, *usage;
	size_t i;

	if (blkid_probe_lookup_value(probe, "TYPE", &type, NULL))
		return;
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!strcmp(type, members[i].type)) {
			lines_add(parts, "%s", members[i].words);
			return;
		}
	if (blkid_probe_lookup_value(probe, "USAGE", &usage, NULL))
		return;
	if (!strcmp(usage, "filesystem"))
		lines_add(systems, "%s", type);
	else
		lines_add(parts, "a part of something else (%s)", type);
}

void signature_read(int fd, struct lines *parts, struct lines *systems)
{
	blkid_probe probe = blkid_new_probe();

	if (!probe)
		return;
	if (!blkid_probe_set_device(probe, fd, 0, 0)) {
		blkid_probe_enable_superblocks(probe, true);
		blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE);
		/* Each call finds one more: an old signature may have been left beside a new. */
		while (!blkid_do_probe(probe))
			name_one(probe, parts, systems);
	}
	blkid_free_probe(probe);
}
