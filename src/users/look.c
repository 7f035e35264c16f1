// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is whose.
 */
#include "users/internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/xalloc.h"

int users_owner(const struct users *u, const char *path)
{
	size_t best = 0, i;
	int owner = -1;

	for (i = 0; path && i < u->nr; i++) {
		size_t n = strlen(u->devices[i].path);

		if (n > best && !strncmp(path, u->devices[i].path, n) && path[n] == '/') {
			best = n;
			owner = (int)i;
		}
	}
	return owner;
}

void users_add_node(struct users *u, size_t owner, mode_t type, const char *number,
		    const char *name)
{
	unsigned int major_nr, minor_nr;
	struct users_node *node;

	if (sscanf(number, "%u:%u", &major_nr, &minor_nr) != 2)
		return;
	/* Room grows by powers of two. */
	if (!(u->nr_nodes & (u->nr_nodes + 1)))
		u->nodes = xgrow(u->nodes, 2 * u->nr_nodes + 1, sizeof(*u->nodes));
	node = &u->nodes[u->nr_nodes++];
	*node = (struct users_node){
		.number = makedev(major_nr, minor_nr),
		.type = type,
		.device = owner,
	};
	snprintf(node->name, sizeof(node->name), "%s", name);
}

/* The last component of where a path leads; on another machine, of the path itself. */
static void last_of(const char *root, const char *path, char *name, size_t n)
{
	char *real = *root ? NULL : realpath(path, NULL);
	const char *last = strrchr(real ? real : path, '/');

	snprintf(name, n, "%s", last ? last + 1 : real ? real : path);
	free(real);
}

bool users_is_disk(const char *root, const char *path, const char *name)
{
	char last[NAME_MAX + 1];

	if (strncmp(path, "/dev/", 5))
		return false;
	last_of(root, path, last, sizeof(last));
	return !strcmp(last, name);
}
