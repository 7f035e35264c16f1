// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is whose.
 */
#include "users/internal.h"

#include <stdio.h>
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
