// SPDX-License-Identifier: GPL-2.0-only
#include "base/sysfs.h"
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

/* How long a driver may take to find its disks: 1000 looks 10 ms apart. */
#define LOOKS		1000
#define LOOK_NS		10000000
/* How long who has a file of a disk open is given: looks that far apart. */
#define OPENER_LOOKS	200
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

/* Is it the disk, or a partition of it? */
static bool part_of(const char *name, unsigned int major_nr, unsigned int minor_nr)
{
	char path[PATH_MAX], link[64];

	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major_nr, minor_nr);
	if (!realpath(link, path))
		return false;
	if (has(path, "partition"))
		go_up(path);
	return !strcmp(strrchr(path, '/') + 1, name);
}

static bool find_mount(const char *name, char *user, size_t n)
{
	unsigned int major_nr, minor_nr;
	char line[4096], where[1024];
	bool found = false;
	FILE *f;

	f = fopen("/proc/self/mountinfo", "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*u %*u %u:%u %*s %1023s", &major_nr, &minor_nr, where) != 3)
			continue;
		found = part_of(name, major_nr, minor_nr);
		if (found)
			snprintf(user, n, "it is mounted on %.100s", where);
	}
	fclose(f);
	return found;
}

static bool find_swap(const char *name, char *user, size_t n)
{
	char line[4096], path[1024];
	bool found = false;
	struct stat st;
	FILE *f;

	f = fopen("/proc/swaps", "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%1023s", path) != 1 || stat(path, &st) || !S_ISBLK(st.st_mode))
			continue;
		found = part_of(name, major(st.st_rdev), minor(st.st_rdev));
	}
	fclose(f);
	if (found)
		snprintf(user, n, "it is used for swap");
	return found;
}

/* The first entry of a folder that is no dot file. */
static bool first_entry(const char *path, char *name, size_t n)
{
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		found = entry->d_name[0] != '.';
		if (found)
			snprintf(name, n, "%.63s", entry->d_name);
	}
	closedir(dir);
	return found;
}

/* Device mapper, RAID and the like, of the disk or of a partition. */
static bool find_holder(const char *name, char *user, size_t n)
{
	char disk[PATH_MAX], path[PATH_MAX + 300], holder[64];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(disk, sizeof(disk), "/sys/block/%s", name);
	dir = opendir(disk);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, "holders"))
			snprintf(path, sizeof(path), "%s/holders", disk);
		else if (!strncmp(entry->d_name, name, strlen(name)))
			snprintf(path, sizeof(path), "%s/%s/holders", disk, entry->d_name);
		else
			continue;
		found = first_entry(path, holder, sizeof(holder));
	}
	closedir(dir);
	if (found)
		snprintf(user, n, "%s is made of it", holder);
	return found;
}

/* The kernel has said that it is in use. */
static void explain_use(const char *name, char *user, size_t n)
{
	if (!find_mount(name, user, n) && !find_swap(name, user, n) &&
	    !find_holder(name, user, n))
		snprintf(user, n, "another program has it for itself");
}

/* Return: an open file that nobody else can have, or -1 with errno. */
static int open_exclusive(const char *name, int flags)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/dev/%s", name);
	return open(path, flags | O_EXCL | O_CLOEXEC);
}

/* Whether an open file is of what has that name in sysfs, or of what hangs on it. */
static bool is_file_of(const struct stat *st, const char *name)
{
	char link[64], path[PATH_MAX + 1], part[DEVICE_NAME_BYTES + 2];

	if (!S_ISBLK(st->st_mode) && !S_ISCHR(st->st_mode))
		return false;
	snprintf(link, sizeof(link), "/sys/dev/%s/%u:%u", S_ISBLK(st->st_mode) ? "block" : "char",
		 major(st->st_rdev), minor(st->st_rdev));
	snprintf(part, sizeof(part), "/%s/", name);
	return realpath(link, path) && strstr(strcat(path, "/"), part);
}

/* Return: whether a process has such a file open. */
static bool has_file_of(const char *pid, const char *name)
{
	struct dirent *entry;
	bool found = false;
	char path[320];
	struct stat st;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = entry->d_name[0] != '.' && !fstatat(dirfd(dir), entry->d_name, &st, 0) &&
			is_file_of(&st, name);
	closedir(dir);
	return found;
}

/* Looks for another process that has a file open of a device, or of a disk. */
static bool find_opener(const char *name, char *user, size_t n)
{
	struct dirent *entry;
	bool found = false;
	char command[32];
	DIR *dir;

	dir = opendir("/proc");
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9' ||
		    atoi(entry->d_name) == getpid())
			continue;
		found = has_file_of(entry->d_name, name);
		if (found) {
			sysfs_read(command, sizeof(command), "/proc/%.20s/comm", entry->d_name);
			snprintf(user, n, "process %.20s (%s) has it open", entry->d_name, command);
		}
	}
	closedir(dir);
	return found;
}

/* The same, though whoever has just a file of it open is given a moment. */
static bool wait_for_openers(const char *name, char *user, size_t n)
{
	const struct timespec moment = { .tv_nsec = LOOK_NS };
	int i;

	for (i = 0; i < OPENER_LOOKS; i++) {
		if (!find_opener(name, user, n))
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

int block_open(const struct block *b, bool write, char *user, size_t n)
{
	int flags = O_DIRECT | (write ? O_RDWR : O_RDONLY), fd;
	char path[PATH_MAX];

	*user = '\0';
	fd = open_exclusive(b->name, flags);
	/* Who does not ask for it alone shares it all the same, such as a virtual machine. */
	if (fd >= 0 && write && wait_for_openers(b->name, user, n)) {
		close(fd);
		error_fail(EXIT_UNABLE, "%s is in use, and what is in use is never written to: %s",
			   b->name, user);
		return -1;
	}
	if (fd >= 0) {
		*user = '\0';
		return fd;
	}
	if (errno == EBUSY) {
		explain_use(b->name, user, n);
		if (write) {
			error_fail(EXIT_UNABLE, "%s is in use, and what is in use is never written to: %s",
				   b->name, user);
			return -1;
		}
		snprintf(path, sizeof(path), "/dev/%s", b->name);
		fd = open(path, flags | O_CLOEXEC);
		if (fd >= 0)
			return fd;
	}
	if (errno == EACCES || errno == EPERM)
		error_fail(EXIT_UNABLE, "cannot open /dev/%s: %m; %s", b->name,
			   geteuid() ? "run as root" : "is it write-protected?");
	else
		error_fail(EXIT_UNABLE, "cannot open /dev/%s: %m", b->name);
	return -1;
}

/* Return: -1 when a disk of the device has a user that the kernel knows to be its only one. */
static int check_disks(const struct device *d, unsigned int *disks, struct error *e)
{
	struct dirent *entry;
	char user[160];
	struct block b;
	int ret = 0, fd;
	DIR *dir;

	*disks = 0;
	dir = opendir("/sys/block");
	if (!dir)
		return 0;
	while (!ret && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !describe(&b, entry->d_name) ||
		    strcmp(b.device.name, d->name) || strcmp(b.device.bus, d->bus) || !b.bytes)
			continue;
		(*disks)++;
		fd = open_exclusive(b.name, O_RDONLY);
		if (fd >= 0) {
			close(fd);
			continue;
		}
		/* The path of a disk with several has no node of its own. */
		if (errno == ENOENT && read_number(&b, "hidden"))
			continue;
		snprintf(user, sizeof(user), "%s", strerror(errno));
		if (errno == EBUSY)
			explain_use(b.name, user, sizeof(user));
		ret = error_set(e, "%s of %s is in use: %s", b.name, d->name, user);
	}
	closedir(dir);
	return ret;
}

int block_check_idle(const struct device *d, struct error *e)
{
	const struct timespec moment = { .tv_nsec = LOOK_NS };
	unsigned int disks;
	char user[160];
	int i;

	for (i = 0; i < OPENER_LOOKS; i++) {
		if (check_disks(d, &disks, e))
			return -1;
		if (!disks || !find_opener(d->name, user, sizeof(user)))
			return 0;
		nanosleep(&moment, NULL);
	}
	return error_set(e, "%s is in use: %s", d->name, user);
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
	char user[160] = "";
	int fd;

	if (b->device.group < 0 || !b->bytes || read_number(b, "hidden") ||
	    read_number(b, "removable"))
		return false;
	fd = open_exclusive(b->name, O_RDONLY);
	if (fd >= 0) {
		close(fd);
		return true;
	}
	if (errno == EBUSY) {
		char entry[256];

		explain_use(b->name, user, sizeof(user));
		snprintf(entry, sizeof(entry), "%s: %s", b->name, user);
		list(busy, n, entry);
		return false;
	}
	/* It is named as the one that is meant; why it cannot be opened comes later. */
	return errno == EACCES || errno == EPERM;
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
