// SPDX-License-Identifier: GPL-2.0-only
#include "device/rebind.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sysfs.h"
#include "device/channel.h"
#include "device/domain_type.h"
#include "device/saved_state.h"

static int set_override(const struct device *d, const char *driver)
{
	return sysfs_write(driver, "/sys/bus/%s/devices/%s/driver_override", d->bus, d->name);
}

static int take_up(const struct device *d, const char *driver)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	char node[PATH_MAX];
	int i;

	if (sysfs_write(d->name, "/sys/bus/%s/drivers/%s/bind", d->bus, driver))
		return -1;
	/* A device manager may take a while to set up the node. */
	snprintf(node, sizeof(node), "/dev/iommubench/%s", d->name);
	for (i = 0; i < 200 && access(node, F_OK); i++)
		nanosleep(&moment, NULL);
	return 0;
}

/* The user may have decided about it meanwhile. */
static bool still_ours(const struct device *d)
{
	char driver[64], override[64];

	if (device_driver(d, driver, sizeof(driver)) && strcmp(driver, DEVICE_DRIVER) &&
	    strcmp(driver, REBIND_DRIVER))
		return false;
	return !sysfs_read(override, sizeof(override), "/sys/bus/%s/devices/%s/driver_override",
			   d->bus, d->name) &&
	       (!strcmp(override, REBIND_DRIVER) || !strcmp(override, DEVICE_DRIVER));
}

/* Only a driver of ours loses the device. Return: 0, or -1 with errno. */
static int move_to(const struct device *d, const char *driver)
{
	char now[64];

	if (device_driver(d, now, sizeof(now))) {
		if (!strcmp(now, driver))
			return set_override(d, driver);
		if (strcmp(now, DEVICE_DRIVER) && strcmp(now, REBIND_DRIVER)) {
			errno = EBUSY;
			return -1;
		}
	}
	if (set_override(d, driver))
		return -1;
	if (*now && sysfs_write(d->name, "/sys/bus/%s/drivers/%s/unbind", d->bus, now))
		return -1;
	return take_up(d, driver);
}

/* A running tool never leaves the device without a driver: then the user has unbound it. */
static int back(const struct device *d, bool after_crash)
{
	char driver[64];

	if (still_ours(d) && !after_crash && !device_driver(d, driver, sizeof(driver)))
		set_override(d, DEVICE_DRIVER);
	else if (still_ours(d) && move_to(d, DEVICE_DRIVER))
		return error_fail(EXIT_UNABLE, "cannot bind %s to " DEVICE_DRIVER
				  " again: %m; try 'iommubench-bind %s'", d->name, d->name);
	saved_state_forget(d->name, SAVED_STATE_DRIVER);
	return EXIT_DONE;
}

int rebind_away(const struct device *d, const char *what)
{
	char path[PATH_MAX];
	int err;

	if (channel_is(d->name))
		return error_fail(EXIT_UNABLE, "%s: %s of channel %s stays with its own driver: bind a device that can be spared",
				  what, d->on_bus, d->name);
	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/" REBIND_DRIVER, d->bus);
	if (access(path, F_OK))
		return error_fail(EXIT_UNABLE, "%s: the module has no driver for devices whose DMA is user space's: that takes a kernel from 6.11 on, built with CONFIG_IOMMUFD",
				  what);
	if (geteuid())
		return error_fail(EXIT_UNABLE, "%s: only root may bind device %s to another driver: run as root",
				  what, d->name);
	if (saved_state_keep(d->name, SAVED_STATE_DRIVER, ""))
		return error_fail(EXIT_UNABLE, "%s: cannot keep in " SAVED_STATE_DIR " that the device is away: %m",
				  what);
	if (!move_to(d, REBIND_DRIVER)) {
		error_detail("bound %s to " REBIND_DRIVER, d->name);
		return EXIT_DONE;
	}
	err = errno;
	back(d, true);
	errno = err;
	return error_fail(EXIT_UNABLE, "%s: cannot bind %s to " REBIND_DRIVER ": %m", what,
			  d->name);
}

int rebind_back(const struct device *d)
{
	return saved_state_kept(d->name, SAVED_STATE_DRIVER) ? back(d, false) : EXIT_DONE;
}

static void repair_device(const char *name)
{
	struct domain_type t;
	struct device d;
	struct error e;
	int ret;

	if (!device_locate(&d, name)) {
		saved_state_forget(name, SAVED_STATE_DRIVER);
		return;
	}
	/* Not to be had: its owner lives and will put things back. */
	error_keep(&e);
	ret = domain_type_lock(&t, &d);
	error_keep(NULL);
	if (ret || t.lock < 0)
		return;
	if (!back(&d, true))
		error_note("%s is with " DEVICE_DRIVER " again, a run that was killed had left it with "
			   REBIND_DRIVER, name);
	domain_type_release(&t);
}

void rebind_repair(void)
{
	saved_state_repair(SAVED_STATE_DRIVER, repair_device);
}
