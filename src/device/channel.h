/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Channels of the kernel's dmaengine. In the place of a device's name, "dmaengine:dma0chan0" stands
 * for one: the module is a client of its controller, which stays with its own driver.
 */
#ifndef IOMMUBENCH_DEVICE_CHANNEL_H
#define IOMMUBENCH_DEVICE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

/* The engine, and how names of its channels begin. */
#define CHANNEL_ENGINE	"dmaengine"
#define CHANNEL_PREFIX	CHANNEL_ENGINE ":"

/**
 * channel_is() - is a channel named, rather than a device?
 * @name: as under /dev/iommubench
 */
bool channel_is(const char *name);

/**
 * channel_locate() - find the controller of a channel
 * @name: as under /dev/iommubench
 * @controller: receives the name of the controller on its bus
 * @controller_bytes: room at @controller
 * @bus: receives the name of that bus
 * @bus_bytes: room at @bus
 *
 * Return: whether there is such a channel.
 */
bool channel_locate(const char *name, char *controller, size_t controller_bytes, char *bus,
		    size_t bus_bytes);

/**
 * channel_user() - who has a channel
 * @name: as under /dev/iommubench
 * @user: receives words for a message, "" when nobody has it
 * @n: room at @user
 *
 * Return: whether anybody has it.
 */
bool channel_user(const char *name, char *user, size_t n);

#endif
