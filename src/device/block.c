// SPDX-License-Identifier: GPL-2.0-only
#include "device/block.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/sysfs.h"
#include "users/users.h"

/* How long a driver may take to find its disks: 1000 looks 10 ms apart. */
#define LOOKS		1000
#define LOOK_NS		10000000
/* What /sys and the interface of io_uring call a sector. */
#define SECTOR_BYTES	512
/* Of a virtio device: its DMA goes the way of all other devices' DMA. */
#define VIRTIO_F_ACCESS_PLATFORM	33

static uint64_t read_number(const struct block *b, const char *file)
{
	char text[32];

	if (sysfs_read(text, sizeof(text), "/sys/block/%s/%s", b->name, file))
		return 0;
	return strtoull(text, NULL, 10);
}

/* The last component becomes the one before it; false when there is none in /sys/devices. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return !strncmp(path, "/sys/devices/", strlen("/sys/devices/"));
}

static bool has(const char *path, const char *file)
{
	char full[PATH_MAX];

	return snprintf(full, sizeof(full), "%s/%s", path, file) < (int)sizeof(full) &&
	       !access(full, F_OK);
}

/*
 * With several paths to an NVMe namespace, its block device belongs to none of the
 * controllers. Goes to the only controller of its subsystem; false when there are several.
 */
static bool go_to_controller(char *path)
{
	char found[PATH_MAX] = "", link[PATH_MAX];
	struct dirent *entry;
	unsigned int n = 0;
	DIR *dir;

	go_up(path);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		if (entry->d_type != DT_LNK || strncmp(entry->d_name, "nvme", 4))
			continue;
		if (snprintf(link, sizeof(link), "%s/%s", path, entry->d_name) <
		    (int)sizeof(link) && realpath(link, found))
			n++;
	}
	closedir(dir);
	if (n != 1)
		return false;
	snprintf(path, PATH_MAX, "%s", found);
	return true;
}

/* A virtio device in a group may all the same go around the IOMMU. */
static void check_virtio(struct block *b, const char *path)
{
	char bus[32], features[80];

	if (sysfs_link(bus, sizeof(bus), "%s/subsystem", path) || strcmp(bus, "virtio") ||
	    sysfs_read(features, sizeof(features), "%s/features", path))
		return;
	if (strlen(features) <= VIRTIO_F_ACCESS_PLATFORM ||
	    features[VIRTIO_F_ACCESS_PLATFORM] == '1')
		return;
	snprintf(b->untranslated, sizeof(b->untranslated),
		 "its virtio device goes around the IOMMU (no access_platform)");
}

/* The device that does DMA for what is at @path, from the block device upwards. */
static bool find_device(struct block *b, char *path)
{
	char bus[32];

	if (strstr(path, "/virtual/nvme-subsystem/") && !go_to_controller(path))
		return false;
	while (go_up(path)) {
		check_virtio(b, path);
		if (sysfs_link(bus, sizeof(bus), "%s/subsystem", path) ||
		    (!has(path, "iommu_group") && strcmp(bus, "pci") && strcmp(bus, "platform")))
			continue;
		if (!device_locate(&b->device, strrchr(path, '/') + 1))
			return false;
		device_driver(&b->device, b->driver, sizeof(b->driver));
		if (*b->untranslated)
			b->device.group = -1;
		return true;
	}
	return false;
}

static void read_identity(struct block *b)
{
	if (!sysfs_read(b->identity, sizeof(b->identity), "/sys/block/%s/wwid", b->name) &&
	    *b->identity)
		return;
	if (!sysfs_read(b->identity, sizeof(b->identity), "/sys/block/%s/device/wwid", b->name) &&
	    *b->identity)
		return;
	snprintf(b->identity, sizeof(b->identity), "%" PRIu64 " bytes", b->bytes);
}

/* Return: false when it is no device of its own, or gone. */
static bool describe(struct block *b, const char *name)
{
	char path[PATH_MAX], link[PATH_MAX], text[32];

	*b = (struct block){ .device = { .fd = -1, .group = -1 } };
	snprintf(b->name, sizeof(b->name), "%s", name);
	snprintf(link, sizeof(link), "/sys/block/%s", name);
	if (!realpath(link, path) || !find_device(b, path))
		return false;
	b->bytes = read_number(b, "size") * SECTOR_BYTES;
	b->logical_bytes = (unsigned int)read_number(b, "queue/logical_block_size");
	if (!b->logical_bytes)
		b->logical_bytes = SECTOR_BYTES;
	b->can_poll = !sysfs_read(text, sizeof(text), "/sys/block/%s/queue/io_poll", name) &&
		      !strcmp(text, "1");
	if (sysfs_read(text, sizeof(text), "/sys/bus/%s/devices/%s/numa_node", b->device.bus,
		       b->device.name))
		snprintf(text, sizeof(text), "-1");
	b->device.info.numa_node = atoi(text);
	read_identity(b);
	return true;
}

/* --- who uses it -------------------------------------------------------------- */

/* Puts the users of a disk into one line. Return: whether there are any. */
static bool find_users(const char *name, char *user, size_t n)
{
	struct lines uses = { 0 };
	char *text;

	users_of_disk(name, &uses);
	text = lines_join(&uses, ", ");
	snprintf(user, n, "%s", text);
	free(text);
	lines_free(&uses);
	return *user;
}

int block_open(const struct block *b, bool write, char *user, size_t n)
{
	int flags = O_CLOEXEC | O_DIRECT | (write ? O_RDWR : O_RDONLY), fd;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/dev/%s", b->name);
	/* Nobody else can have an exclusive file. Who shares it with everybody was looked for. */
	fd = find_users(b->name, user, n) ? -1 : open(path, flags | O_EXCL);
	if (fd >= 0)
		return fd;
	if (!*user && errno == EBUSY && !find_users(b->name, user, n))
		snprintf(user, n, "another program has it for itself");
	if (*user && write) {
		error_fail(EXIT_UNABLE, "%s is in use, and what is in use is never written to: %s",
			   b->name, user);
		return -1;
	}
	if (*user)
		fd = open(path, flags);
	if (fd >= 0)
		return fd;
	if (errno == EACCES || errno == EPERM)
		error_fail(EXIT_UNABLE, "cannot open /dev/%s: %m; %s", b->name,
			   geteuid() ? "run as root" : "is it write-protected?");
	else
		error_fail(EXIT_UNABLE, "cannot open /dev/%s: %m", b->name);
	return -1;
}

int block_check_idle(const struct device *d, struct error *e)
{
	struct lines uses = { 0 }, notes = { 0 };
	char driver[64], link[PATH_MAX], path[PATH_MAX], *text;
	int ret = 0;

	/* The module is asked by itself whether it is at work, and has no disks. */
	if (device_driver(d, driver, sizeof(driver)) &&
	    !strncmp(driver, DEVICE_DRIVER, strlen(DEVICE_DRIVER)))
		return 0;
	snprintf(link, sizeof(link), "/sys/bus/%s/devices/%s", d->bus, d->name);
	if (!realpath(link, path))
		return 0;
	users_wait(path, &uses, &notes);
	if (uses.n) {
		text = lines_join(&uses, ", ");
		ret = error_set(e, "%s is in use: %s", d->name, text);
		free(text);
	}
	lines_free(&uses);
	lines_free(&notes);
	return ret;
}

/* --- which one ---------------------------------------------------------------- */

/* Adds a word to a list if there is room. */
static void list(char *text, size_t n, const char *word)
{
	size_t used = strlen(text);

	if (used + strlen(word) + 3 < n)
		snprintf(text + used, n - used, "%s%s", used ? ", " : "", word);
}

/* Behind an IOMMU, with something on it, and nobody's. */
static bool is_candidate(const struct block *b, char *busy, size_t n)
{
	char user[256];

	if (b->device.group < 0 || !b->bytes || read_number(b, "hidden") ||
	    read_number(b, "removable"))
		return false;
	/* One that cannot be opened is named as the one that is meant; why comes later. */
	if (!find_users(b->name, user, sizeof(user)))
		return true;
	list(busy, n, user);
	return false;
}

static int find_only(struct block *b)
{
	char names[256] = "", busy[300] = "";
	struct dirent **entries;
	struct block one;
	int n, i, found = 0;

	n = scandir("/sys/block", &entries, NULL, alphasort);
	for (i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.' && describe(&one, entries[i]->d_name) &&
		    is_candidate(&one, busy, sizeof(busy))) {
			list(names, sizeof(names), one.name);
			if (!found++)
				*b = one;
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	if (found == 1)
		return EXIT_DONE;
	if (found)
		return error_fail(EXIT_USAGE, "there are %d block devices behind an IOMMU: choose one with --device: %s",
				  found, names);
	if (*busy)
		return error_fail(EXIT_UNABLE, "all block devices behind an IOMMU are in use (%s): add one, or read one that is in use with --device",
				  busy);
	return error_fail(EXIT_UNABLE, "there is no block device behind an IOMMU: add one such as an NVMe disk, or see with --device why one is not");
}

/* Which disk a path leads to. Return: an enum exit_status. */
static int name_of(const char *wanted, char *name, size_t n)
{
	char path[PATH_MAX], link[64];
	struct stat st;

	if (strchr(wanted, '/'))
		snprintf(path, sizeof(path), "%s", wanted);
	else
		snprintf(path, sizeof(path), "/dev/%s", wanted);
	if (stat(path, &st)) {
		if (errno == ENOENT)
			return error_fail(EXIT_UNABLE, "there is no block device %s: 'ls /sys/block' shows which there are",
					  path);
		return error_fail(EXIT_UNABLE, "cannot look at %s: %m", path);
	}
	if (!S_ISBLK(st.st_mode))
		return error_fail(EXIT_UNABLE, "%s is no block device, expected one such as /dev/nvme0n1",
				  path);
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(st.st_rdev),
		 minor(st.st_rdev));
	if (!realpath(link, path))
		return error_fail(EXIT_UNABLE, "%s went away: %m", wanted);
	if (has(path, "partition")) {
		char part[64];

		snprintf(part, sizeof(part), "%.63s", strrchr(path, '/') + 1);
		go_up(path);
		return error_fail(EXIT_UNABLE, "%s is a partition: give the whole device %s", part,
				  strrchr(path, '/') + 1);
	}
	snprintf(name, n, "%s", strrchr(path, '/') + 1);
	return EXIT_DONE;
}

int block_find(struct block *b, const char *wanted)
{
	char name[BLOCK_NAME_BYTES];
	int ret;

	if (!wanted)
		return find_only(b);
	ret = name_of(wanted, name, sizeof(name));
	if (ret)
		return ret;
	if (!describe(b, name))
		return error_fail(EXIT_UNABLE, "%s does no DMA of its own, or by several controllers: give a disk such as nvme0n1",
				  name);
	if (!b->bytes)
		return error_fail(EXIT_UNABLE, "%s has no size: is there a medium in it?", name);
	return EXIT_DONE;
}

/* Is it there, by any name, with its node? */
static bool look_again(struct block *b)
{
	struct dirent *entry;
	char path[PATH_MAX];
	bool found = false;
	struct block one;
	DIR *dir;

	dir = opendir("/sys/block");
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !describe(&one, entry->d_name) ||
		    strcmp(one.device.name, b->device.name) ||
		    strcmp(one.identity, b->identity) || one.bytes != b->bytes ||
		    read_number(&one, "hidden"))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", one.name);
		found = !access(path, F_OK);
	}
	closedir(dir);
	if (found)
		*b = one;
	return found;
}

int block_again(struct block *b)
{
	const struct timespec moment = { .tv_nsec = LOOK_NS };
	int i;

	for (i = 0; i < LOOKS; i++) {
		if (look_again(b))
			return EXIT_DONE;
		nanosleep(&moment, NULL);
	}
	return error_fail(EXIT_UNABLE, "%s did not come back after %s was bound to %s again: see dmesg",
			  b->name, b->device.name, b->driver);
}
