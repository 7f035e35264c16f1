/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the module's two drivers: kmod_iommu_test, and kmod_iommu_test_iommufd
 * that leaves a device's DMA to user space.
 *
 * While the device is away, an empty DEVICE.rebound says so (see saved_state.h): the next
 * measurement puts it back when a crash left it.
 */
#ifndef IOMMUBENCH_DEVICE_REBIND_H
#define IOMMUBENCH_DEVICE_REBIND_H

#include "device/device.h"

/**
 * rebind_away() - give a device to the driver that leaves its DMA to user space
 * @d: locked by domain_type_lock(), and not open
 * @what: what that is for, in messages
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE; then the
 * device is where it was, as far as it can be.
 */
int rebind_away(const struct device *d, const char *what);

/**
 * rebind_back() - give it back
 * @d: locked, and not open; does nothing when it was not away
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int rebind_back(const struct device *d);

/**
 * rebind_repair() - give back what invocations that died have left
 *
 * Prints one line for each device that it gives back, or cannot.
 */
void rebind_repair(void);

#endif
