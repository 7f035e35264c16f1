// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channels of the kernel's dmaengine have a controller that stays with its own driver, so there is
 * nothing that could be bound to this module. A device on a bus of the module's own stands for the
 * channel, has its file, and has the channel as long as it is bound:
 *
 *	echo dma0chan0 >/sys/bus/iommubench/drivers/kmod_iommu_test/new_channel
 *	/dev/iommubench/dmaengine:dma0chan0
 *	echo dma0chan0 >/sys/bus/iommubench/drivers/kmod_iommu_test/delete_channel
 *
 * When the controller goes, or is taken away from its driver, the device is unbound before that
 * and stays until it is deleted or wanted again.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "client.h"
#include "commands/chardev.h"
#include "engine/types.h"

/* More than any name of a channel has. */
#define CHANNEL_NAME_BYTES	32

/**
 * struct client - a device that stands for a channel
 * @dev: the device
 * @err: how its last probe ended
 * @bound: it has its channel
 */
struct client {
	struct device dev;
	int err;
	bool bound;
};

/* One at a time makes and deletes devices. */
static DEFINE_MUTEX(clients_lock);

static int client_probe(struct device *dev)
{
	struct client *client = container_of(dev, struct client, dev);

	client->err = bench_chardev_probe(dev, false);
	client->bound = !client->err;
	return client->err;
}

static void client_remove(struct device *dev)
{
	container_of(dev, struct client, dev)->bound = false;
	bench_chardev_remove(dev);
}

static struct bus_type client_bus = {
	.name = BENCH_CLIENT_BUS,
	.probe = client_probe,
	.remove = client_remove,
};

static void client_release(struct device *dev)
{
	kfree(container_of(dev, struct client, dev));
}

static int client_add(const char *channel)
{
	struct client *client = kzalloc(sizeof(*client), GFP_KERNEL);
	int err;

	if (!client)
		return -ENOMEM;
	device_initialize(&client->dev);
	client->dev.bus = &client_bus;
	client->dev.release = client_release;
	err = dev_set_name(&client->dev, BENCH_DMAENGINE_PREFIX "%s", channel);
	/* What the driver core makes of no probe at all: no driver. */
	client->err = -ENODEV;
	err = err ?: device_add(&client->dev);
	if (err) {
		put_device(&client->dev);
		return err;
	}
	err = client->err;
	if (err)
		device_unregister(&client->dev);
	return err;
}

/* Return: the device that stands for a channel, with a reference, or NULL. */
static struct device *client_find(const char *channel)
{
	char name[sizeof(BENCH_DMAENGINE_PREFIX) + CHANNEL_NAME_BYTES];

	snprintf(name, sizeof(name), BENCH_DMAENGINE_PREFIX "%s", channel);
	return bus_find_device_by_name(&client_bus, NULL, name);
}

static void client_delete(struct device *dev)
{
	device_unregister(dev);
	put_device(dev);
}

/* Return: the name of a channel in what was written, or an ERR_PTR(). */
static char *channel_name(const char *text, char *name)
{
	char *trimmed;

	if (strscpy(name, text, CHANNEL_NAME_BYTES) < 0)
		return ERR_PTR(-EINVAL);
	trimmed = strim(name);
	return *trimmed && !strpbrk(trimmed, "/ ") ? trimmed : ERR_PTR(-EINVAL);
}

static ssize_t new_channel_store(struct device_driver *driver, const char *buf, size_t count)
{
	char room[CHANNEL_NAME_BYTES], *name = channel_name(buf, room);
	struct device *old;
	int err = 0;

	if (IS_ERR(name))
		return PTR_ERR(name);
	mutex_lock(&clients_lock);
	old = client_find(name);
	if (old && container_of(old, struct client, dev)->bound) {
		put_device(old);
		err = -EEXIST;
	} else if (old) {
		client_delete(old);
	}
	err = err ?: client_add(name);
	mutex_unlock(&clients_lock);
	return err ?: count;
}
static DRIVER_ATTR_WO(new_channel);

static ssize_t delete_channel_store(struct device_driver *driver, const char *buf, size_t count)
{
	char room[CHANNEL_NAME_BYTES], *name = channel_name(buf, room);
	struct device *old;

	if (IS_ERR(name))
		return PTR_ERR(name);
	mutex_lock(&clients_lock);
	old = client_find(name);
	if (old)
		client_delete(old);
	mutex_unlock(&clients_lock);
	return old ? count : -ENODEV;
}
static DRIVER_ATTR_WO(delete_channel);

static struct attribute *client_driver_attrs[] = {
	&driver_attr_new_channel.attr,
	&driver_attr_delete_channel.attr,
	NULL,
};
ATTRIBUTE_GROUPS(client_driver);

static struct device_driver client_driver = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.bus = &client_bus,
	.groups = client_driver_groups,
};

static int client_end(struct device *dev, void *data)
{
	device_unregister(dev);
	return 0;
}

/**
 * bench_clients_register() - let channels be asked for
 *
 * Context: the module's init.
 * Return: 0 or a negative errno.
 */
int bench_clients_register(void)
{
	int err = bus_register(&client_bus);

	if (err)
		return err;
	err = driver_register(&client_driver);
	if (err)
		bus_unregister(&client_bus);
	return err;
}

/**
 * bench_clients_unregister() - give all channels back
 *
 * Context: the module's exit, or its init when that failed later.
 */
void bench_clients_unregister(void)
{
	driver_unregister(&client_driver);
	bus_for_each_dev(&client_bus, NULL, NULL, client_end);
	bus_unregister(&client_bus);
}
