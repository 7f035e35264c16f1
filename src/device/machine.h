/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a result was measured on.
 */
#ifndef IOMMUBENCH_DEVICE_MACHINE_H
#define IOMMUBENCH_DEVICE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "device/device.h"

/**
 * machine_describe() - the "machine" object of a result
 * @d: an open device
 *
 * Holds no host name, serial number or address. The clock's resolution is the
 * length of a tick until machine_set_resolution() says better.
 *
 * Return: a new reference.
 */
json_t *machine_describe(const struct device *d);

/**
 * machine_set_resolution() - say what the clock was seen to resolve
 * @machine: from machine_describe()
 * @resolution_ns: smallest step between two reads
 */
void machine_set_resolution(json_t *machine, double resolution_ns);

/**
 * machine_is_virtual() - does this kernel run on a virtual machine?
 * @reason: receives how that was seen, "" when it was not
 * @n: room at @reason
 */
bool machine_is_virtual(char *reason, size_t n);

/**
 * machine_log_line() - what a driver said of a device in the kernel's log
 * @driver: name of the driver
 * @device: name of the device
 * @needle: what the line holds
 * @buf: receives the line without the two names
 * @n: room at @buf
 *
 * Return: whether there is such a line, and this user may read it.
 */
bool machine_log_line(const char *driver, const char *device, const char *needle, char *buf,
		      size_t n);

/**
 * machine_cpu_name() - the name of an Arm CPU
 * @implementer: "CPU implementer" of /proc/cpuinfo
 * @part: "CPU part" of /proc/cpuinfo
 *
 * Return: NULL when it is not known.
 */
const char *machine_cpu_name(unsigned int implementer, unsigned int part);

#endif
