// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who needs the devices, and which would be missed all the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "topo/internal.h"
#include "users/users.h"

/* The last of its kind is missed most. */
static void see_only(struct topo *t, const char *begin, const char *what)
{
	struct topo_device *only = NULL;
	size_t i, k, n = 0;

	for (i = 0; i < t->nr_devices; i++) {
		struct topo_device *d = &t->devices[i];

		for (k = 0; k < d->offers.n; k++)
			if (!strncmp(d->offers.line[k], begin, strlen(begin)))
				break;
		if (k < d->offers.n) {
			only = d;
			n++;
		}
	}
	if (n == 1)
		lines_add(&only->notes, "it is the only %s", what);
}

void topo_uses(struct topo *t)
{
	struct users_device *devices = xcalloc(t->nr_devices, sizeof(*devices));
	size_t i;

	for (i = 0; i < t->nr_devices; i++)
		devices[i] = (struct users_device){
			.path = t->devices[i].path,
			.offers = &t->devices[i].offers,
			.uses = &t->devices[i].uses,
			.notes = &t->devices[i].notes,
		};
	users_find(t->root, devices, t->nr_devices, &t->warnings);
	free(devices);
	see_only(t, "network ", "network device");
	see_only(t, "disk ", "device with a disk");
}
