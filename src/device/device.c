// SPDX-License-Identifier: GPL-2.0-only
#include "device/device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sysfs.h"
#include "base/xalloc.h"
#include "device/channel.h"
#include "silicon/silicon.h"

#define NODE_DIR	"/dev/iommubench"

static bool find_on_bus(struct device *d)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *buses = opendir("/sys/bus");

	if (!buses)
		return false;
	snprintf(d->on_bus, sizeof(d->on_bus), "%s", d->name);
	while (!found && (entry = readdir(buses))) {
		if (entry->d_name[0] == '.' || strlen(entry->d_name) >= sizeof(d->bus))
			continue;
		snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s", entry->d_name, d->name);
		if (access(path, F_OK))
			continue;
		found = true;
		snprintf(d->bus, sizeof(d->bus), "%.31s", entry->d_name);
	}
	closedir(buses);
	return found;
}

bool device_locate(struct device *d, const char *name)
{
	char group[32];
	bool found;

	*d = (struct device){ .fd = -1, .group = -1 };
	snprintf(d->name, sizeof(d->name), "%s", name);
	found = channel_is(name) ? channel_locate(name, d->on_bus, sizeof(d->on_bus), d->bus,
						  sizeof(d->bus)) : find_on_bus(d);
	if (found && !sysfs_link(group, sizeof(group), "/sys/bus/%s/devices/%s/iommu_group",
				 d->bus, d->on_bus))
		d->group = atoi(group);
	return found;
}

uint64_t device_smmu(const struct device *d)
{
	static const char prefix[] = "smmu3.0x";
	char name[64];

	if (sysfs_link(name, sizeof(name), "/sys/bus/%s/devices/%s/iommu", d->bus, d->name) ||
	    strncmp(name, prefix, strlen(prefix)))
		return 0;
	return strtoull(name + strlen(prefix), NULL, 16);
}

void device_iommu_kind(const struct device *d, char *kind, size_t n)
{
	char name[128];

	if (sysfs_link(name, sizeof(name), "/sys/bus/%s/devices/%s/iommu", d->bus, d->on_bus))
		snprintf(kind, n, "%s", d->group >= 0 ? "unknown" : "none");
	else if (sysfs_link(kind, n, "/sys/class/iommu/%s/device/driver", name))
		snprintf(kind, n, "%.*s", (int)strcspn(name, "0123456789"), name);
}

bool device_driver(const struct device *d, char *driver, size_t n)
{
	return !sysfs_link(driver, n, "/sys/bus/%s/devices/%s/driver", d->bus, d->on_bus);
}

/* Bound devices by name, in order; at most what fits is listed, the number is exact. */
static int list_nodes(char *first, size_t first_bytes, char *list, size_t n)
{
	struct dirent **entries;
	size_t used = 0;
	int nr, i, found = 0;

	*first = '\0';
	*list = '\0';
	nr = scandir(NODE_DIR, &entries, NULL, alphasort);
	if (nr < 0)
		return 0;
	for (i = 0; i < nr; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.') {
			if (!found++)
				snprintf(first, first_bytes, "%s", name);
			if (used + strlen(name) + 3 < n)
				used += (size_t)snprintf(list + used, n - used, "%s%s",
							 used ? ", " : "", name);
		}
		free(entries[i]);
	}
	free(entries);
	return found;
}

static bool module_loaded(void)
{
	return access("/sys/module/" DEVICE_DRIVER, F_OK) == 0;
}

static int fail_not_loaded(void)
{
	return error_fail(EXIT_UNABLE,
			  "the module " DEVICE_DRIVER " is not loaded: load it ('modprobe "
			  DEVICE_DRIVER "' or insmod), then bind a device with 'iommubench-bind DEVICE'");
}

bool device_silicon(const struct device *d, char *buf, size_t n)
{
	static const char soc[] = "/sys/bus/soc/devices/soc0";
	char family[64], id[64], revision[64];

	sysfs_read(family, sizeof(family), "%s/family", soc);
	sysfs_read(id, sizeof(id), "%s/soc_id", soc);
	sysfs_read(revision, sizeof(revision), "%s/revision", soc);
	return silicon_explain(buf, n, family, id, revision,
			       d && !strcmp(d->bus, "platform") ? d->on_bus : NULL);
}

static int explain_no_channel(const struct device *d)
{
	char user[160];

	if (channel_user(d->name, user, sizeof(user)))
		return error_fail(EXIT_UNABLE, "channel %s of %s is in use by %s: take another one",
				  d->name, d->on_bus, user);
	return error_fail(EXIT_UNABLE,
			  "channel %s of %s is not taken by " DEVICE_DRIVER ": take it with 'iommubench-bind %s'",
			  d->name, d->on_bus, d->name);
}

/* There is no node for the device: the most useful single reason. */
static int explain_no_node(const struct device *d)
{
	char driver[64], silicon[256];

	if (d->group < 0 && device_silicon(d, silicon, sizeof(silicon)))
		return error_fail(EXIT_UNABLE, "device %s is behind no IOMMU: %s", d->name,
				  silicon);
	if (channel_is(d->name))
		return explain_no_channel(d);
	if (!device_driver(d, driver, sizeof(driver)))
		return error_fail(EXIT_UNABLE,
				  "device %s is not bound to " DEVICE_DRIVER ": bind it with 'iommubench-bind %s'",
				  d->name, d->name);
	if (!strcmp(driver, DEVICE_DRIVER))
		return error_fail(EXIT_UNABLE,
				  "device %s is bound but has no " NODE_DIR "/%s: is devtmpfs mounted on /dev?",
				  d->name, d->name);
	return error_fail(EXIT_UNABLE,
			  "device %s is held by the driver %s, expected " DEVICE_DRIVER ": if it can be spared, bind it with 'iommubench-bind --release %s %s'",
			  d->name, driver, driver, d->name);
}

int device_find(struct device *d, const char *wanted)
{
	char first[DEVICE_NAME_BYTES], list[256], path[PATH_MAX], silicon[256];
	int nr;

	*d = (struct device){ .fd = -1, .group = -1 };
	nr = list_nodes(first, sizeof(first), list, sizeof(list));
	if (wanted) {
		snprintf(path, sizeof(path), NODE_DIR "/%s", wanted);
		if (!device_locate(d, wanted)) {
			if (!nr && !module_loaded())
				return fail_not_loaded();
			if (channel_is(wanted))
				return error_fail(EXIT_UNABLE,
						  "there is no channel %s: see 'ls /sys/class/dma' for those that there are",
						  wanted);
			return error_fail(EXIT_UNABLE,
					  "there is no device %s on any bus, expected %s%s", wanted,
					  nr ? "one of the bound devices " :
					  "a name such as 0000:00:02.0, see 'ls /sys/bus/pci/devices'",
					  nr ? list : "");
		}
		if (access(path, F_OK) == 0)
			return EXIT_DONE;
		if (!module_loaded())
			return fail_not_loaded();
		return explain_no_node(d);
	}
	if (!nr) {
		if (!module_loaded())
			return fail_not_loaded();
		if (device_silicon(NULL, silicon, sizeof(silicon)))
			return error_fail(EXIT_UNABLE, "no device is bound to " DEVICE_DRIVER ": %s",
					  silicon);
		return error_fail(EXIT_UNABLE,
				  "no device is bound to " DEVICE_DRIVER ": bind one that nothing else needs with 'iommubench-bind DEVICE'");
	}
	if (nr > 1)
		return error_fail(EXIT_USAGE, "there are %d devices: choose one with --device: %s",
				  nr, list);
	if (!device_locate(d, first))
		return error_fail(EXIT_UNABLE, "device %s went away: is it being unbound?", first);
	return EXIT_DONE;
}

int device_list(char ***names, unsigned int *nr)
{
	struct dirent **entries;
	struct device d;
	int found = scandir(NODE_DIR, &entries, NULL, alphasort), i;

	*names = NULL;
	*nr = 0;
	for (i = 0; i < found; i++) {
		if (entries[i]->d_name[0] != '.') {
			*names = xgrow(*names, *nr + 1, sizeof(**names));
			(*names)[(*nr)++] = xstrdup(entries[i]->d_name);
		}
		free(entries[i]);
	}
	if (found >= 0)
		free(entries);
	/* It knows why there is none. */
	return *nr ? EXIT_DONE : device_find(&d, NULL);
}

static int explain_open(const struct device *d)
{
	switch (errno) {
	case EACCES:
	case EPERM:
		return error_fail(EXIT_UNABLE, "cannot open " NODE_DIR "/%s: %m; run as root",
				  d->name);
	case EBUSY:
		return error_fail(EXIT_UNABLE,
				  "device %s is in use by another program: wait for its end or choose another device",
				  d->name);
	case ENOENT:
		return explain_no_node(d);
	case ENODEV:
	case ENXIO:
		return error_fail(EXIT_UNABLE, "device %s went away: is it being unbound?",
				  d->name);
	default:
		return error_fail(EXIT_UNABLE, "cannot open " NODE_DIR "/%s: %m", d->name);
	}
}

int device_open(struct device *d)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), NODE_DIR "/%s", d->name);
	d->fd = open(path, O_RDWR | O_CLOEXEC);
	if (d->fd < 0)
		return explain_open(d);
	d->info = (struct iommubench_info){ .size = sizeof(d->info) };
	if (ioctl(d->fd, IOMMUBENCH_IOC_INFO, &d->info)) {
		int err = errno;

		device_close(d);
		if (err == ENOTTY || err == EINVAL || err == E2BIG)
			return error_fail(EXIT_UNABLE,
					  NODE_DIR "/%s does not speak ABI %d: install module and tool of the same version",
					  path + strlen(NODE_DIR) + 1, IOMMUBENCH_ABI_VERSION);
		errno = err;
		return error_fail(EXIT_UNABLE, "cannot ask device %s what it is: %m", d->name);
	}
	d->info.engine[sizeof(d->info.engine) - 1] = '\0';
	d->info.clock[sizeof(d->info.clock) - 1] = '\0';
	if (d->info.abi_version != IOMMUBENCH_ABI_VERSION) {
		unsigned int abi = d->info.abi_version;

		device_close(d);
		return error_fail(EXIT_UNABLE,
				  "the module speaks ABI %u and this tool ABI %d: install both of the same version",
				  abi, IOMMUBENCH_ABI_VERSION);
	}
	if (!d->info.clock_hz) {
		device_close(d);
		return error_fail(EXIT_UNABLE, "the module has no clock: this machine cannot be measured");
	}
	return EXIT_DONE;
}

void device_close(struct device *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

int device_check_engine(const struct device *d, const char *engine)
{
	if (!strcmp(engine, "auto") || !strcmp(engine, "none") || !strcmp(engine, d->info.engine))
		return EXIT_DONE;
	/* A channel is the device as well, and the options have seen to it that both are one. */
	if (channel_is(engine) && !strcmp(engine, d->name))
		return EXIT_DONE;
	return error_fail(EXIT_UNABLE, "--engine %s: device %s has %s%s, expected %s: bind a device that has it; "
			  DEVICE_LAB_HINT,
			  engine, d->name, strcmp(d->info.engine, "none") ? "the engine " :
			  "no DMA engine that the module can drive",
			  strcmp(d->info.engine, "none") ? d->info.engine : "", engine);
}
