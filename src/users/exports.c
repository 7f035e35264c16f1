// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disks that the kernel gives to others. Some of its targets claim a disk, others share it with
 * whoever else opens it, and only their settings tell.
 */
#include "users/internal.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/xalloc.h"

/* Files that hold the path of what is exported. */
static const struct {
	const char *class;
	const char *files;
	const char *words;
} exports[] = {
	{ "block", "/sys/kernel/config/target/core/*/*/udev_path", "is exported by LIO" },
	{ "block", "/sys/kernel/config/nvmet/subsystems/*/namespaces/*/device_path",
	  "is exported by nvmet" },
	{ "nvme", "/sys/kernel/config/nvmet/subsystems/*/passthru/device_path",
	  "is exported by nvmet" },
	{ "block", "/sys/kernel/config/usb_gadget/*/functions/*/lun.*/file",
	  "is exported over USB" },
	{ "block", "/sys/class/block/*/loop/backing_file", "is behind a loop device" },
};

/* Whether the file, of which this is the content, is set to that disk. */
static bool leads_to(const char *root, const char *target, const char *name)
{
	char *real = *root ? NULL : realpath(target, NULL);
	const char *path = real ? real : target, *last = strrchr(path, '/');
	bool same = !strncmp(path, "/dev/", 5) && !strcmp(last + 1, name);

	free(real);
	return same;
}

static bool is_enabled(const char *file)
{
	char *copy = xstrdup(file);
	bool enabled = fs_number("", 1, "%s/enable", dirname(copy)) > 0;

	free(copy);
	return enabled;
}

void users_see_exports(const char *root, const char *class, const char *name, struct lines *uses)
{
	size_t i, k;

	for (i = 0; i < sizeof(exports) / sizeof(exports[0]); i++) {
		glob_t found;

		if (!strcmp(exports[i].class, class) && !fs_glob(root, exports[i].files, &found)) {
			for (k = 0; k < found.gl_pathc; k++) {
				char *target = fs_text("", "%s", found.gl_pathv[k]);

				if (leads_to(root, target, name) && is_enabled(found.gl_pathv[k]))
					lines_add(uses, "%s %s (%s)", name, exports[i].words,
						  found.gl_pathv[k] + strlen(root));
				free(target);
			}
			globfree(&found);
		}
	}
}
