// SPDX-License-Identifier: GPL-2.0-only
/*
 * File systems of several disks: a mount names one of them at most, and their own folders in /sys
 * name all. ZFS has no such folder, so what nobody may look at may be part of a pool.
 */
#include "users/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmount/libmount.h>

#include "base/fs.h"
#include "base/xalloc.h"

/* What there is while a file system is mounted, with an entry for each of its disks. */
static const struct {
	const char *entries;
	/* The entry's name is the disk's; otherwise its link leads to the disk. */
	bool by_name;
	const char *words;
} systems[] = {
	{ "/sys/fs/btrfs/*/devices/*", true, "a Btrfs file system" },
	{ "/sys/fs/bcachefs/*/dev-*/block", false, "a bcachefs file system" },
};

/* Options of mounts that name a disk beside the one that is mounted. */
static const char *const options[] = { "logdev", "rtdev", "journal_path" };

static bool is_entry(const char *path, bool by_name, const char *name)
{
	char *link = by_name ? NULL : fs_link("", "%s", path);
	bool same = !strcmp(link ? link : strrchr(path, '/') + 1, name);

	free(link);
	return same;
}

static void see_members(const char *root, const char *name, struct lines *uses)
{
	size_t i, k;

	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		glob_t found;

		if (!fs_glob(root, systems[i].entries, &found)) {
			for (k = 0; k < found.gl_pathc; k++)
				if (is_entry(found.gl_pathv[k], systems[i].by_name, name)) {
					lines_add(uses, "%s is part of %s that is mounted", name,
						  systems[i].words);
					break;
				}
			globfree(&found);
		}
	}
}

/* "/dev/sda:/dev/sdb", as bcachefs has its disks in one word. */
static bool names_disk(const char *root, const char *text, size_t n, const char *name)
{
	char *copy = xcheck(strndup(text, n)), *rest = copy, *word;
	bool found = false;

	while (!found && (word = strsep(&rest, ":")))
		found = users_is_disk(root, word, name);
	free(copy);
	return found;
}

static bool has_disk(struct libmnt_fs *fs, const char *root, const char *name)
{
	const char *source = mnt_fs_get_srcpath(fs);
	char *value;
	size_t i, n;

	if (source && names_disk(root, source, strlen(source), name))
		return true;
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!mnt_fs_get_option(fs, options[i], &value, &n) && value &&
		    names_disk(root, value, n, name))
			return true;
	return false;
}

/* Looks through the mounts for a disk, and for ZFS. */
static void see_mounts(const char *root, const char *name, struct lines *uses, char **pool)
{
	char *path = xasprintf("%s/proc/self/mountinfo", root);
	struct libmnt_table *table = access(path, R_OK) ? NULL : mnt_new_table_from_file(path);
	struct libmnt_iter *i = xcheck(mnt_new_iter(MNT_ITER_FORWARD));
	struct libmnt_fs *fs;

	while (table && !mnt_table_next_fs(table, i, &fs)) {
		const char *type = mnt_fs_get_fstype(fs), *source = mnt_fs_get_source(fs);
		const char *target = mnt_fs_get_target(fs);

		if (has_disk(fs, root, name))
			lines_add(uses, "%s is part of what is mounted on %s", name,
				  target ? target : "somewhere");
		if (!*pool && type && source && !strcmp(type, "zfs"))
			*pool = xasprintf("%.*s", (int)strcspn(source, "/"), source);
	}
	mnt_free_iter(i);
	mnt_unref_table(table);
	free(path);
}

/* A pool that is imported need not be mounted. */
static char *imported_pool(const char *root)
{
	static const char folder[] = "/proc/spl/kstat/zfs";
	char *pool = NULL;
	struct lines names;
	size_t i;

	fs_list(root, &names, folder);
	for (i = 0; i < names.n && !pool; i++)
		if (fs_there(root, "%s/%s/state", folder, names.line[i]))
			pool = xstrdup(names.line[i]);
	lines_free(&names);
	return pool;
}

void users_see_filesystems(const char *root, const char *name, bool unseen, struct lines *uses)
{
	size_t before = uses->n;
	char *pool = NULL;

	see_members(root, name, uses);
	if (uses->n == before)
		see_mounts(root, name, uses, &pool);
	if (!pool && unseen && uses->n == before)
		pool = imported_pool(root);
	if (pool && unseen && uses->n == before)
		lines_add(uses, "%s may be part of the ZFS pool %s, %s", name, pool,
			  *root ? "which only the running machine tells" :
			  "which only root may see");
	free(pool);
}
