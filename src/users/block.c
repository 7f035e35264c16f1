// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disks: mounted, swapped to, built upon, exported, claimed by anybody, or marked as a part of
 * something that may claim it at any moment.
 */
#include "users/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <libmount/libmount.h>

#include "base/fs.h"
#include "base/xalloc.h"
#include "users/signature.h"

/* --- mounts and swap ------------------------------------------------------------ */

/* Calls a function for each line of a table of libmount's, until it returns true. */
static bool any_of(struct libmnt_table *table, bool (*function)(struct libmnt_fs *fs, void *arg),
		   void *arg)
{
	struct libmnt_iter *i = table ? xcheck(mnt_new_iter(MNT_ITER_FORWARD)) : NULL;
	struct libmnt_fs *fs;
	bool found = false;

	while (table && !found && !mnt_table_next_fs(table, i, &fs))
		found = function(fs, arg);
	mnt_free_iter(i);
	mnt_unref_table(table);
	return found;
}

/* A disk or partition that is looked for, and where it was found. */
struct wanted {
	const char *root;
	const char *name;
	const char *number;
	char *found;
};

static bool is_from(struct libmnt_fs *fs, const struct wanted *w)
{
	const char *source = mnt_fs_get_srcpath(fs);

	return source && users_is_disk(w->root, source, w->name);
}

static bool is_mount(struct libmnt_fs *fs, void *arg)
{
	struct wanted *w = arg;
	dev_t number = mnt_fs_get_devno(fs);
	char text[32];

	snprintf(text, sizeof(text), "%u:%u", major(number), minor(number));
	if (strcmp(text, w->number) && !is_from(fs, w))
		return false;
	w->found = xstrdup(mnt_fs_get_target(fs) ? mnt_fs_get_target(fs) : "somewhere");
	return true;
}

static bool is_swap(struct libmnt_fs *fs, void *arg)
{
	return is_from(fs, arg);
}

/* Who mounts in a name space of its own is seen by that of process 1, or by the claim. */
static char *mount_point(const char *root, const char *name, const char *number)
{
	static const char *const processes[] = { "self", "1" };
	struct wanted w = { .root = root, .name = name, .number = number };
	size_t i;

	for (i = 0; i < 2 && !w.found; i++) {
		char *path = xasprintf("%s/proc/%s/mountinfo", root, processes[i]);

		if (!access(path, R_OK))
			any_of(mnt_new_table_from_file(path), is_mount, &w);
		free(path);
	}
	return w.found;
}

static bool is_swapped_to(const char *root, const char *name)
{
	struct wanted w = { .root = root, .name = name };
	char *path = xasprintf("%s/proc/swaps", root);
	struct libmnt_table *table = xcheck(mnt_new_table());
	bool found = false;

	if (!access(path, R_OK) && !mnt_table_parse_swaps(table, path))
		found = any_of(table, is_swap, &w);
	else
		mnt_unref_table(table);
	free(path);
	return found;
}

/* --- what is built upon it --------------------------------------------------------- */

static void see_holders(const char *root, const char *name, struct lines *uses)
{
	char *folder = xasprintf("/sys/class/block/%s/holders", name);
	struct lines holders;
	size_t i;

	fs_list(root, &holders, folder);
	for (i = 0; i < holders.n; i++) {
		const char *holder = holders.line[i];
		char *called = fs_text(root, "/sys/class/block/%s/dm/name", holder);
		char *id = fs_text(root, "/sys/class/block/%s/dm/uuid", holder);

		/* Who made it begins the ID with its own name: LVM-, CRYPT-, mpath-. */
		if (*called)
			lines_add(uses, "%s is part of %s (%s%s%.*s)", name, holder, called,
				  strchr(id, '-') ? ", " : "", (int)strcspn(id, "-"), id);
		else
			lines_add(uses, "%s is part of %s", name, holder);
		free(id);
		free(called);
	}
	lines_free(&holders);
	free(folder);
}

/* --- the disk itself ------------------------------------------------------------------ */

/* Its file, which lacks the kernel's '!' in place of a slash. */
static int open_node(const char *name, int flags)
{
	char *path = xasprintf("/dev/%s", name), *c;
	int fd, err;

	for (c = path; *c; c++)
		if (*c == '!')
			*c = '/';
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags);
	err = errno;
	free(path);
	errno = err;
	return fd;
}

static bool may_open(const char *name)
{
	int fd = open_node(name, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || (errno != EACCES && errno != EPERM);
}

/* The claims that user space and the kernel's own users make exclude each other. */
static bool is_claimed(const char *name)
{
	int fd = open_node(name, O_EXCL);

	if (fd < 0)
		return errno == EBUSY;
	close(fd);
	return false;
}

static void see_signature(const char *name, bool claimed, struct lines *uses, struct lines *notes)
{
	struct lines parts = { 0 }, systems = { 0 };
	int fd = open_node(name, 0);
	char *text;

	if (fd < 0)
		return;
	signature_read(fd, &parts, &systems);
	close(fd);
	text = lines_join(&parts, " and ");
	if (parts.n && claimed)
		lines_add(uses, "%s is in use as %s", name, text);
	else if (parts.n)
		lines_add(uses, "%s is marked as %s (if that is of no use any more: wipefs -a /dev/%s)",
			  name, text, name);
	free(text);
	text = lines_join(&systems, " and ");
	if (systems.n && !parts.n && notes && !claimed)
		lines_add(notes, "%s has a file system that is not mounted (%s)", name, text);
	free(text);
	lines_free(&parts);
	lines_free(&systems);
}

/* A disk or a partition by itself. @unseen: the kernel could not be asked whether it is claimed. */
static void see_one(const char *root, const char *name, bool claimed, bool unseen,
		    struct lines *uses, struct lines *notes)
{
	char *number = fs_text(root, "/sys/class/block/%s/dev", name);
	char *point = mount_point(root, name, number);
	size_t before = uses->n;

	if (point)
		lines_add(uses, "%s is mounted on %s", name, point);
	if (is_swapped_to(root, name))
		lines_add(uses, "%s is swap space", name);
	see_holders(root, name, uses);
	users_see_exports(root, "block", name, uses);
	if (uses->n == before)
		users_see_filesystems(root, name, unseen, uses);
	/* What is known to use it needs no second name, and a disk in use is better not read. */
	if (!*root && uses->n == before)
		see_signature(name, claimed, uses, notes);
	free(point);
	free(number);
}

/* The partitions of a disk. */
static void list_parts(const char *root, const char *name, struct lines *parts)
{
	char *folder = xasprintf("/sys/class/block/%s", name);
	struct lines names;
	size_t i;

	*parts = (struct lines){ 0 };
	fs_list(root, &names, folder);
	for (i = 0; i < names.n; i++)
		if (fs_there(root, "%s/%s/partition", folder, names.line[i]))
			lines_add(parts, "%s", names.line[i]);
	lines_free(&names);
	free(folder);
}

static void see_disk(const char *root, const char *name, struct lines *uses, struct lines *notes)
{
	bool unseen = *root || !may_open(name), claimed = !unseen && is_claimed(name);
	size_t before = uses->n, i;
	struct lines parts;

	see_one(root, name, claimed, unseen, uses, notes);
	list_parts(root, name, &parts);
	for (i = 0; i < parts.n; i++)
		see_one(root, parts.line[i], claimed, unseen && uses->n == before, uses, notes);
	lines_free(&parts);
	/* A user of a partition has claimed the disk as well. */
	if (claimed && uses->n == before)
		lines_add(uses, "another program or the kernel has %s for itself", name);
}

/* With several paths to an NVMe drive, its disk belongs to none of them; each path is hidden. */
static char *head_of(const char *name)
{
	unsigned int subsystem, path, space;
	char rest[16];

	if (sscanf(name, "nvme%uc%un%u%15s", &subsystem, &path, &space, rest) == 3)
		return xasprintf("nvme%un%u", subsystem, space);
	return xstrdup(name);
}

static void add_block_node(struct users *u, const struct users_device *d, const char *name)
{
	char *number = fs_text(u->root, "/sys/class/block/%s/dev", name);

	users_add_node(u, (size_t)(d - u->devices), S_IFBLK, number, name);
	free(number);
}

void users_see_block(struct users *u, struct users_device *d, const char *name)
{
	struct lines parts;
	char *head;
	size_t i;

	/* Partitions come with their disk. */
	if (fs_there(u->root, "/sys/class/block/%s/partition", name))
		return;
	head = head_of(name);
	lines_add(d->offers, "disk %s", head);
	/* What this user may not open is not known to be idle. */
	if (!*u->root && !may_open(head))
		u->unread++;
	see_disk(u->root, head, d->uses, d->notes);
	add_block_node(u, d, head);
	list_parts(u->root, head, &parts);
	for (i = 0; i < parts.n; i++)
		add_block_node(u, d, parts.line[i]);
	lines_free(&parts);
	free(head);
}

/* --- folders ---------------------------------------------------------------------------- */

static bool is_folder(struct libmnt_fs *fs, void *arg)
{
	const char *type = mnt_fs_get_fstype(fs), *source = mnt_fs_get_source(fs);

	return type && source && !strcmp(type, "9p") && !strcmp(source, arg);
}

/* The mount's source is the device's tag. */
void users_see_folders(struct users *u)
{
	struct lines names;
	size_t i;

	fs_list(u->root, &names, "/sys/bus/virtio/devices");
	for (i = 0; i < names.n; i++) {
		char *path = fs_real(u->root, "/sys/bus/virtio/devices/%s", names.line[i]);
		int owner = users_owner(u, path);
		char *tag = fs_text(u->root, "/sys/bus/virtio/devices/%s/mount_tag",
				    names.line[i]);
		char *mounts = xasprintf("%s/proc/self/mountinfo", u->root);

		if (*tag && owner >= 0 && !access(mounts, R_OK) &&
		    any_of(mnt_new_table_from_file(mounts), is_folder, tag))
			lines_add(u->devices[owner].uses, "its shared folder %s is mounted", tag);
		free(mounts);
		free(tag);
		free(path);
	}
	lines_free(&names);
}
