// SPDX-License-Identifier: GPL-2.0-only
#include "base/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/sysfs.h"

static int mount_own(void)
{
	int context = fsopen("tracefs", FSOPEN_CLOEXEC), fd = -1, err;

	if (context < 0)
		return -1;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = fsmount(context, FSMOUNT_CLOEXEC, 0);
	err = errno;
	close(context);
	errno = err;
	return fd;
}

int tracefs_open(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	int fd = mount_own(), err = errno;
	size_t i;

	for (i = 0; fd < 0 && i < sizeof(places) / sizeof(places[0]); i++) {
		fd = open(places[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 || !faccessat(fd, "events", F_OK, 0))
			continue;
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		errno = err;
	return fd;
}

int tracefs_event_id(int tracefs, const char *group, const char *event)
{
	char text[32];

	if (sysfs_read(text, sizeof(text), "/proc/self/fd/%d/events/%s/%s/id", tracefs, group,
		       event))
		return -1;
	return atoi(text);
}
