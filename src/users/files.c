// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that have files of a device open: emulators that were given a raw disk, drivers in user
 * space, programs that talk to a character device.
 */
#include "users/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/xalloc.h"

/*
 * The file by which VFIO gives a group away hangs on none of the group's devices, and whoever has
 * it open has all of them, those with another driver or with none as well.
 */
static void add_vfio_group(struct users *u, const char *number, const char *group)
{
	size_t i;

	for (i = 0; i < u->nr; i++) {
		char *own = fs_link(u->root, "%s/iommu_group", u->devices[i].path);

		if (!strcmp(own, group)) {
			char *name = xasprintf("vfio/%s", group);

			users_add_node(u, i, S_IFCHR, number, name);
			free(name);
		}
		free(own);
	}
}

/* Without an IOMMU, groups are marked so. */
static const char *group_of(const char *name)
{
	static const char prefix[] = "noiommu-";

	return strncmp(name, prefix, strlen(prefix)) ? name : name + strlen(prefix);
}

/* Disks are known by now. */
static void add_characters(struct users *u)
{
	static const char folder[] = "/sys/dev/char", vfio[] = "/sys/devices/virtual/vfio/";
	struct lines numbers;
	size_t i;

	fs_list(u->root, &numbers, folder);
	for (i = 0; i < numbers.n; i++) {
		char *path = fs_real(u->root, "%s/%s", folder, numbers.line[i]);
		int owner = users_owner(u, path);

		if (owner >= 0)
			users_add_node(u, (size_t)owner, S_IFCHR, numbers.line[i],
				       strrchr(path, '/') + 1);
		else if (path && !strncmp(path, vfio, strlen(vfio)))
			add_vfio_group(u, numbers.line[i], group_of(path + strlen(vfio)));
		free(path);
	}
	lines_free(&numbers);
}

static void see_file(struct users *u, const char *process, const struct stat *st)
{
	char *command;
	size_t i;

	for (i = 0; i < u->nr_nodes; i++) {
		struct users_node *node = &u->nodes[i];

		if (node->seen || node->number != st->st_rdev ||
		    node->type != (st->st_mode & S_IFMT))
			continue;
		node->seen = true;
		command = fs_text(u->root, "/proc/%s/comm", process);
		lines_add(u->devices[node->device].uses, "process %s (%s) has it open (%s)",
			  process, command, node->name);
		free(command);
	}
}

static void see_files_of(struct users *u, const char *process)
{
	char *folder = xasprintf("/proc/%s/fd", process), path[64];
	struct lines files;
	struct stat st;
	size_t i;

	fs_list(u->root, &files, folder);
	for (i = 0; i < files.n; i++) {
		snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", process, files.line[i]);
		if (!stat(path, &st) && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)))
			see_file(u, process, &st);
	}
	lines_free(&files);
	free(folder);
}

void users_see_files(struct users *u)
{
	struct lines processes;
	char own[32];
	size_t i;

	add_characters(u);
	/* What this process has open, it opened itself. */
	snprintf(own, sizeof(own), "%d", (int)getpid());
	fs_list(u->root, &processes, "/proc");
	for (i = 0; u->nr_nodes && i < processes.n; i++)
		if (strspn(processes.line[i], "0123456789") == strlen(processes.line[i]) &&
		    strcmp(processes.line[i], own))
			see_files_of(u, processes.line[i]);
	lines_free(&processes);
	if (u->nr_nodes && geteuid())
		lines_add(u->warnings,
			  "who has a device's files open is seen of this user's processes only; run as root to see all");
}
