// SPDX-License-Identifier: GPL-2.0-only
#include "device/domain_type.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <iommubench.h>

#include "base/error.h"
#include "base/sysfs.h"
#include "device/block.h"
#include "device/channel.h"
#include "device/group.h"
#include "device/saved_state.h"
#include "text/parse.h"

/* How the kernel spells the types in /sys/kernel/iommu_groups/N/type. */
static const struct choice sysfs_types[] = {
	{ "DMA", IOMMUBENCH_DOMAIN_STRICT },
	{ "DMA-FQ", IOMMUBENCH_DOMAIN_LAZY },
	{ "identity", IOMMUBENCH_DOMAIN_IDENTITY },
	{ NULL },
};

int domain_type_from_sysfs(const char *text)
{
	struct error e;
	int type;

	return parse_choice(text, sysfs_types, &type, &e) ? IOMMUBENCH_DOMAIN_OTHER : type;
}

int domain_type_lock(struct domain_type *t, const struct device *d)
{
	char pid[32];

	*t = (struct domain_type){ .device = *d };
	t->device.fd = -1;
	if (!device_driver(d, t->driver, sizeof(t->driver)))
		snprintf(t->driver, sizeof(t->driver), DEVICE_DRIVER);
	t->lock = saved_state_lock(d->name);
	if (t->lock < 0 && errno == EWOULDBLOCK) {
		saved_state_owner(d->name, pid, sizeof(pid));
		return error_fail(EXIT_UNABLE,
				  "device %s is in use by another iommubench (process %s): wait for its end or choose another device",
				  d->name, pid);
	}
	/* Left over when domain_type_repair() could not do its work. */
	t->switched = t->lock >= 0 && saved_state_kept(d->name, SAVED_STATE_TYPE);
	return EXIT_DONE;
}

static int read_type(const struct device *d, char *type, size_t n)
{
	return sysfs_read(type, n, "/sys/kernel/iommu_groups/%d/type", d->group);
}

static int write_restore(const struct domain_type *t, const char *type)
{
	const struct device *d = &t->device;
	char text[160];

	snprintf(text, sizeof(text), "group %d type %s driver %s\n", d->group, type, t->driver);
	return saved_state_keep(d->name, SAVED_STATE_TYPE, text);
}

/* What a restore file says; false when it is none. */
static bool read_restore(struct domain_type *t, int *group, char *type, size_t n)
{
	char text[160], word[32], driver[64];
	struct error e;
	int value;

	if (saved_state_read(t->device.name, SAVED_STATE_TYPE, text, sizeof(text)) ||
	    sscanf(text, "group %d type %31s driver %63[A-Za-z0-9_-]", group, word, driver) != 3 ||
	    parse_choice(word, sysfs_types, &value, &e))
		return false;
	snprintf(type, n, "%s", word);
	snprintf(t->driver, sizeof(t->driver), "%s", driver);
	return true;
}

static void forget_restore(struct domain_type *t)
{
	saved_state_forget(t->device.name, SAVED_STATE_TYPE);
	t->switched = false;
}

static bool driver_is_ours(const struct domain_type *t)
{
	return !strcmp(t->driver, DEVICE_DRIVER);
}

/* What disks it has must be idle: see block_check_idle(). */
static int unbind(const struct domain_type *t)
{
	return sysfs_write(t->device.name, "/sys/bus/%s/drivers/%s/unbind", t->device.bus,
			   t->driver);
}

/* The driver's own file, so that driver_override may stay as the user left it. */
static int bind(const struct domain_type *t)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	const struct device *d = &t->device;
	char node[PATH_MAX];
	int i;

	if (sysfs_write(d->name, "/sys/bus/%s/drivers/%s/bind", d->bus, t->driver))
		return -1;
	/* A device manager may take a while to set up the node. */
	snprintf(node, sizeof(node), "/dev/iommubench/%s", d->name);
	for (i = 0; driver_is_ours(t) && i < 200 && access(node, F_OK); i++)
		nanosleep(&moment, NULL);
	return 0;
}

/* How the user binds a device that could not be bound again. */
static const char *how_to_bind(const struct domain_type *t, char *buf, size_t n)
{
	const struct device *d = &t->device;

	if (driver_is_ours(t))
		snprintf(buf, n, "try 'iommubench-bind %s'", d->name);
	else
		snprintf(buf, n, "write %s to /sys/bus/%s/drivers/%s/bind", d->name, d->bus,
			 t->driver);
	return buf;
}

static int write_type(const struct device *d, const char *type)
{
	char now[32];

	if (!read_type(d, now, sizeof(now)) && !strcmp(now, type))
		return 0;
	return sysfs_write(type, "/sys/kernel/iommu_groups/%d/type", d->group);
}

/* The kernel switches a group that has no driver for DMA, and this one is unbound for that. */
static int check_group(const struct device *d, struct error *e)
{
	const struct group_member *user;
	struct group_others others;
	char advice[400];
	int ret = 0;

	group_others_read(&others, d);
	user = group_user(&others);
	if (user)
		ret = error_set(e, "the kernel switches IOMMU group %d only while no other device of it has a driver that does DMA, and %s has %s: %s",
				d->group, user->name, user->driver,
				group_how_to_unbind(user, advice, sizeof(advice)));
	group_others_free(&others);
	return ret;
}

int domain_type_switch(struct domain_type *t, int type)
{
	const char *wanted = choice_word(sysfs_types, type);
	const char *word = choice_word(domain_type_choices, type);
	const struct device *d = &t->device;
	char old[32], now[32], silicon[256], advice[400];
	struct error e;
	int err;

	if (d->group < 0) {
		bool known = device_silicon(d, silicon, sizeof(silicon));

		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: device %s is behind no IOMMU, so there is nothing to switch%s%s",
				  word, d->name, known ? ": " : "", silicon);
	}
	if (read_type(d, old, sizeof(old)))
		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: cannot read the type of IOMMU group %d: %m",
				  word, d->group);
	if (!strcmp(old, wanted))
		return EXIT_DONE;
	if (channel_is(d->name))
		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: %s of channel %s stays with its driver %s, and while that is bound IOMMU group %d stays %s",
				  word, d->on_bus, d->name, t->driver, d->group, old);
	if (geteuid())
		return error_fail(EXIT_UNABLE, "--domain-type %s: only root may switch IOMMU group %d: run as root",
				  word, d->group);
	if (t->lock < 0)
		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: cannot keep the old type in " SAVED_STATE_DIR
				  ": is /run writable?", word);
	/* An older restore file knows better what was there in the beginning. */
	if (!t->switched && domain_type_from_sysfs(old) == IOMMUBENCH_DOMAIN_OTHER)
		return error_fail(EXIT_UNABLE, "--domain-type %s: IOMMU group %d has the type %s, which could not be put back afterwards",
				  word, d->group, old);
	if (block_check_idle(d, &e))
		return error_fail(EXIT_UNABLE, "--domain-type %s: %s", word, e.text);
	if (check_group(d, &e))
		return error_fail(EXIT_UNABLE, "--domain-type %s: %s", word, e.text);
	if (!t->switched && write_restore(t, old))
		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: cannot keep the old type in " SAVED_STATE_DIR ": %m",
				  word);
	t->switched = true;

	if (unbind(t))
		return error_fail(EXIT_UNABLE, "--domain-type %s: cannot unbind %s from %s: %m",
				  word, d->name, t->driver);
	if (write_type(d, wanted)) {
		err = errno;
		bind(t);
		errno = err;
		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: the kernel refuses to switch IOMMU group %d from %s to %s: %m",
				  word, d->group, old, wanted);
	}
	if (bind(t))
		return error_fail(EXIT_UNABLE, "--domain-type %s: cannot bind %s to %s again: %m; %s",
				  word, d->name, t->driver, how_to_bind(t, advice, sizeof(advice)));
	if (read_type(d, now, sizeof(now)) || strcmp(now, wanted))
		return error_fail(EXIT_UNABLE,
				  "--domain-type %s: IOMMU group %d is %s although the kernel took %s: this kernel or IOMMU cannot do it",
				  word, d->group, now, wanted);
	error_detail("switched IOMMU group %d from %s to %s", d->group, old, wanted);
	return EXIT_DONE;
}

/* Does the user still want that driver for the device, and is it there to bind it to? */
static bool still_wanted(const struct domain_type *t)
{
	const struct device *d = &t->device;
	char driver[64], path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/%s/drivers/%s", d->bus, t->driver);
	if (access(path, F_OK))
		return false;
	/* "(null)": nobody has said anything, which is enough for a device's usual driver. */
	if (sysfs_read(driver, sizeof(driver), "/sys/bus/%s/devices/%s/driver_override", d->bus,
		       d->name) || !*driver || !strcmp(driver, "(null)"))
		return !driver_is_ours(t);
	return !strcmp(driver, t->driver);
}

/*
 * Puts the old type back. After a crash the device may have been left unbound,
 * which a running tool never does to itself.
 */
static int restore(struct domain_type *t, bool after_crash)
{
	char old[32], now[32], driver[64], advice[400];
	bool bound = false, rebind;
	struct device d;
	struct error e;
	int group;

	/* Torn or foreign: such a file was never followed by a change. */
	if (!read_restore(t, &group, old, sizeof(old))) {
		forget_restore(t);
		return EXIT_DONE;
	}
	/* A device that went away took its group's type along. */
	if (!device_locate(&d, t->device.name) || d.group != group) {
		forget_restore(t);
		return EXIT_DONE;
	}
	t->device = d;
	if (device_driver(&d, driver, sizeof(driver))) {
		bound = !strcmp(driver, t->driver);
		if (!read_type(&d, now, sizeof(now)) && !strcmp(now, old)) {
			forget_restore(t);
			return EXIT_DONE;
		}
		if (!bound)
			return error_fail(EXIT_UNABLE,
					  "IOMMU group %d of %s should be %s again, but the driver %s holds the device: unbind it, then measure once more",
					  d.group, d.name, old, driver);
	}
	rebind = bound || (after_crash && still_wanted(t));
	if (bound && block_check_idle(&d, &e))
		return error_fail(EXIT_UNABLE, "IOMMU group %d of %s should be %s again, but %s: when it is free, measure once more",
				  d.group, d.name, old, e.text);
	if (bound && unbind(t))
		return error_fail(EXIT_UNABLE, "cannot unbind %s to put IOMMU group %d back to %s: %m",
				  d.name, d.group, old);
	if (read_type(&d, now, sizeof(now)))
		snprintf(now, sizeof(now), "unknown");
	if (write_type(&d, old)) {
		int err = errno;

		if (rebind)
			bind(t);
		errno = err;
		return error_fail(EXIT_UNABLE,
				  "cannot put IOMMU group %d of %s back from %s to %s: %m; with the device unbound, write %s to /sys/kernel/iommu_groups/%d/type",
				  d.group, d.name, now, old, old, d.group);
	}
	forget_restore(t);
	if (rebind && bind(t))
		return error_fail(EXIT_UNABLE, "cannot bind %s to %s again: %m; %s", d.name,
				  t->driver, how_to_bind(t, advice, sizeof(advice)));
	if (!strcmp(now, old))
		error_detail("IOMMU group %d of %s is %s as before", d.group, d.name, old);
	else if (after_crash)
		error_note("put IOMMU group %d of %s back from %s to %s, which a run that was killed had left",
			   d.group, d.name, now, old);
	else
		error_detail("put IOMMU group %d back from %s to %s", d.group, now, old);
	return EXIT_DONE;
}

int domain_type_release(struct domain_type *t)
{
	int ret = EXIT_DONE;

	if (t->lock < 0)
		return ret;
	if (t->switched)
		ret = restore(t, false);
	saved_state_unlock(t->device.name, t->lock);
	t->lock = -1;
	return ret;
}

static void repair_device(const char *name)
{
	struct domain_type t = { .lock = saved_state_lock(name) };

	/* Not free: its owner lives and will put things back. */
	if (t.lock < 0)
		return;
	snprintf(t.device.name, sizeof(t.device.name), "%s", name);
	restore(&t, true);
	saved_state_unlock(name, t.lock);
}

void domain_type_repair(void)
{
	saved_state_repair(SAVED_STATE_TYPE, repair_device);
}

const struct choice domain_type_choices[] = {
	{ "strict", IOMMUBENCH_DOMAIN_STRICT },
	{ "lazy", IOMMUBENCH_DOMAIN_LAZY },
	{ "identity", IOMMUBENCH_DOMAIN_IDENTITY },
	{ NULL },
};
