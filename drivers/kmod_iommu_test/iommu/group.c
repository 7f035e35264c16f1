// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other members of a device's IOMMU group. The kernel translates for all of a group alike, so
 * that nothing may take the group's domain away while another member's driver does DMA in it. By
 * the kernel's rule (iommu_device_use_default_domain() in drivers/iommu/iommu.c) that is each
 * driver that does not declare driver_managed_dma. The kernel looks at it when somebody claims the
 * group, and counts the claimant's own driver as well, so that a driver of the DMA API cannot claim
 * its own group. Hence the rule is applied here, to all other members, while none of them can be
 * bound; from then on the kernel sees to it: with another domain than the default one attached it
 * lets no such driver be bound in the group.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "iommu/group.h"
#include "message.h"

/* A driver that is being bound or unbound is waited for, this often and this long each time. */
#define GROUP_TRIES		100
#define GROUP_PAUSE_MS		10

static int count_member(struct device *dev, void *data)
{
	(*(unsigned int *)data)++;
	return 0;
}

static unsigned int count_members(struct iommu_group *group)
{
	unsigned int members = 0;

	iommu_group_for_each_dev(group, &members, count_member);
	return members;
}

static int add_other(struct device *dev, void *data)
{
	struct bench_group_hold *hold = data;

	if (dev == hold->dev)
		return 0;
	/* One more has joined since they were counted. */
	if (hold->nr == hold->room)
		return -EAGAIN;
	hold->others[hold->nr++] = get_device(dev);
	return 0;
}

static void put_others(struct bench_group_hold *hold)
{
	while (hold->nr)
		put_device(hold->others[--hold->nr]);
	kfree(hold->others);
	hold->others = NULL;
}

/* Return: 0; -EAGAIN or -ENOMEM with nothing listed. */
static int list_others(struct bench_group_hold *hold)
{
	unsigned int members = count_members(hold->group);
	int err;

	hold->nr = 0;
	hold->room = members ? members - 1 : 0;
	hold->others = NULL;
	if (!hold->room)
		return 0;
	hold->others = kcalloc(hold->room, sizeof(*hold->others), GFP_KERNEL);
	if (!hold->others)
		return -ENOMEM;
	err = iommu_group_for_each_dev(hold->group, hold, add_other);
	if (err)
		put_others(hold);
	return err;
}

/*
 * Never waits for a lock: who has one may be waiting for what the caller has.
 *
 * Return: 0, or -EAGAIN with nothing locked when a driver is being bound or unbound.
 */
static int lock_others(struct bench_group_hold *hold)
{
	unsigned int i;

	for (i = 0; i < hold->nr; i++) {
		if (device_trylock(hold->others[i]))
			continue;
		while (i--)
			device_unlock(hold->others[i]);
		return -EAGAIN;
	}
	return 0;
}

static int hold_others(struct bench_group_hold *hold)
{
	int err = list_others(hold);

	if (err)
		return err;
	err = lock_others(hold);
	if (err)
		put_others(hold);
	return err;
}

/* A driver of a bus that is not known here is taken for one that does DMA. */
static bool leaves_dma(const struct device *dev)
{
	if (dev_is_pci(dev))
		return to_pci_driver(dev->driver)->driver_managed_dma;
	if (dev->bus == &platform_bus_type)
		return to_platform_driver(dev->driver)->driver_managed_dma;
	return false;
}

static bool is_ours(const struct device *dev)
{
	return dev->driver->owner == THIS_MODULE;
}

static bool in_the_way(const struct device *dev, bool ours_too)
{
	return dev->driver && !leaves_dma(dev) && (ours_too || !is_ours(dev));
}

static int refuse_user(const struct bench_group_hold *hold, const struct device *user,
		       unsigned int more, const char *what, struct bench_message *msg)
{
	char others[24] = "";

	if (more)
		snprintf(others, sizeof(others), " and %u more", more);
	if (is_ours(user))
		return bench_refuse(msg, -EBUSY,
				    "no %s for %s: IOMMU group %d has %s%s as well, bound to this module: iommubench-unbind %s",
				    what, dev_name(hold->dev), iommu_group_id(hold->group),
				    dev_name(user), others, dev_name(user));
	return bench_refuse(msg, -EBUSY,
			    "no %s for %s: driver %s uses %s%s in its IOMMU group %d: echo %s >/sys/bus/%s/drivers/%s/unbind",
			    what, dev_name(hold->dev), user->driver->name, dev_name(user), others,
			    iommu_group_id(hold->group), dev_name(user), user->bus->name,
			    user->driver->name);
}

static int refuse_users(const struct bench_group_hold *hold, bool ours_too, const char *what,
			struct bench_message *msg)
{
	const struct device *first = NULL;
	unsigned int i, users = 0;

	for (i = 0; i < hold->nr; i++)
		if (in_the_way(hold->others[i], ours_too) && !users++)
			first = hold->others[i];
	return users ? refuse_user(hold, first, users - 1, what, msg) : 0;
}

/**
 * bench_group_hold() - see that no other member of a group does DMA, and keep it so
 * @hold: receives what is held
 * @dev: the device, bound to this module; it may be in no group, and then nothing is held
 * @ours_too: refuse others that are bound to this module as well, because the kernel counts them
 * @what: what the group is wanted for, for the line
 * @msg: receives one line when it is refused, which names who is in the way and how to unbind it
 *
 * Until bench_group_let_go() no driver is bound to any other member nor unbound from it.
 *
 * Context: process, without the device lock of any other member; sleeps.
 * Return: 0; -EBUSY when a driver does DMA, or when one was being bound or unbound for a second;
 * -ENOMEM. After an error nothing is held.
 */
int bench_group_hold(struct bench_group_hold *hold, struct device *dev, bool ours_too,
		     const char *what, struct bench_message *msg)
{
	int err, tries = 0;

	*hold = (struct bench_group_hold){ .dev = dev, .group = iommu_group_get(dev) };
	if (!hold->group)
		return 0;
	for (;;) {
		err = hold_others(hold);
		if (err != -EAGAIN || ++tries == GROUP_TRIES)
			break;
		msleep(GROUP_PAUSE_MS);
	}
	if (err == -EAGAIN)
		err = bench_refuse(msg, -EBUSY,
				   "no %s for %s: a driver is being bound to another device of its IOMMU group %d or unbound: try again",
				   what, dev_name(dev), iommu_group_id(hold->group));
	else if (!err)
		err = refuse_users(hold, ours_too, what, msg);
	else
		bench_refuse(msg, err, "no memory for the members of IOMMU group %d",
			     iommu_group_id(hold->group));
	if (err)
		bench_group_let_go(hold);
	return err;
}

static int member_uses_dma(struct device *dev, void *data)
{
	const struct device *ours = data;
	bool user;

	if (dev == ours || !READ_ONCE(dev->driver))
		return 0;
	/* Is it being bound or unbound? */
	if (!device_trylock(dev))
		return 1;
	user = in_the_way(dev, true);
	device_unlock(dev);
	return user;
}

/**
 * bench_group_alone() - does no other member of a group do DMA at the moment?
 * @dev: the device; it may be in no group
 *
 * The DMA API gives all members addresses of the same space, and one that is unmapped for the one
 * may be mapped for another at once.
 *
 * Context: process; sleeps.
 */
bool bench_group_alone(struct device *dev)
{
	struct iommu_group *group = iommu_group_get(dev);
	int user;

	if (!group)
		return true;
	user = iommu_group_for_each_dev(group, dev, member_uses_dma);
	iommu_group_put(group);
	return !user;
}

/**
 * bench_group_grew() - whether a device has joined a group that is held
 * @hold: from bench_group_hold()
 *
 * With a device tree a device joins its group when a driver is first bound to it.
 */
bool bench_group_grew(const struct bench_group_hold *hold)
{
	return hold->group && count_members(hold->group) > hold->nr + 1;
}

/**
 * bench_group_let_go() - let the other members be bound and unbound again
 * @hold: from bench_group_hold(); may hold nothing
 */
void bench_group_let_go(struct bench_group_hold *hold)
{
	unsigned int i;

	if (!hold->group)
		return;
	for (i = 0; i < hold->nr; i++)
		device_unlock(hold->others[i]);
	put_others(hold);
	iommu_group_put(hold->group);
	hold->group = NULL;
}
