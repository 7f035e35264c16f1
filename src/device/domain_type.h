/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --domain-type: switch what an IOMMU group does by default, and back.
 *
 * The kernel switches only while no driver holds the device, so it is unbound, switched and bound
 * again, by whichever driver has it. What disks it has must be free for that. The old type is kept
 * in DEVICE.restore meanwhile (see saved_state.h): the next measurement puts it back when a
 * crash left it.
 */
#ifndef IOMMUBENCH_DEVICE_DOMAIN_TYPE_H
#define IOMMUBENCH_DEVICE_DOMAIN_TYPE_H

#include <stdbool.h>

#include "device/device.h"
#include "text/parse.h"

/* Words for enum iommubench_domain_type, as --domain-type takes them. */
extern const struct choice domain_type_choices[];

/**
 * struct domain_type - a device that is ours for now
 * @device: the device
 * @driver: what it is bound to
 * @lock: open lock file, -1 when not held
 * @switched: a restore file exists
 */
struct domain_type {
	struct device device;
	char driver[64];
	int lock;
	bool switched;
};

/**
 * domain_type_lock() - keep other invocations of the tool off a device
 * @t: receives, give it back with domain_type_release()
 * @d: a located device
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int domain_type_lock(struct domain_type *t, const struct device *d);

/**
 * domain_type_switch() - give the device's group another default type
 * @t: a locked device that nobody has open
 * @type: enum iommubench_domain_type
 *
 * The device is bound to its driver again afterwards. Does nothing when the
 * group has that type already.
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int domain_type_switch(struct domain_type *t, int type);

/**
 * domain_type_release() - put the old type back and give the lock back
 * @t: locked or not; nobody may have the device open
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int domain_type_release(struct domain_type *t);

/**
 * domain_type_repair() - put back what invocations that died have left behind
 *
 * Prints one line for each device that it repairs, or cannot.
 */
void domain_type_repair(void);

/**
 * domain_type_from_sysfs() - what a group's "type" file says
 * @text: such as "DMA-FQ"
 *
 * Return: enum iommubench_domain_type.
 */
int domain_type_from_sysfs(const char *text);

#endif
