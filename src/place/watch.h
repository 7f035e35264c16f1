/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What else happens on the CPUs of a run, and how they are set up: all that
 * makes figures differ from one time to the next.
 */
#ifndef IOMMUBENCH_PLACE_WATCH_H
#define IOMMUBENCH_PLACE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "place/placement.h"
#include "result/result.h"

#define WATCH_MAX_INTERRUPTS	64

/**
 * struct watch_interrupt - an interrupt of the device or of an IOMMU
 * @number: first column of the line in /proc/interrupts
 * @name: what it is for
 * @device: it is the device's
 * @count: how often it came to a watched CPU
 */
struct watch_interrupt {
	char number[16];
	char name[64];
	bool device;
	uint64_t count;
};

/**
 * struct watch_state - what was seen at one moment
 * @all: time of all watched CPUs together, in ticks of /proc/stat
 * @others: what user space had of it
 * @stolen: what the hypervisor had of it
 * @own: what this process and its children had in user space, in ticks of /proc/stat
 * @nr: entries of @interrupt that are in use
 * @interrupt: the interrupts
 */
struct watch_state {
	uint64_t all;
	uint64_t others;
	uint64_t stolen;
	uint64_t own;
	unsigned int nr;
	struct watch_interrupt interrupt[WATCH_MAX_INTERRUPTS];
};

/**
 * struct placement_watch - CPUs that are looked after
 * @root: where /proc and /sys are, "" for this machine's own
 * @bus: bus that the device is on
 * @device: name of the device
 * @works: the device does what is measured: its own interrupts come where it was asked to, and
 *	are no disturbance
 * @placement: the CPUs
 * @before: what was there when it began
 */
struct placement_watch {
	const char *root;
	const char *bus;
	const char *device;
	bool works;
	const struct placement *placement;
	struct watch_state before;
};

/**
 * placement_watch_begin() - look before a run
 * @w: has root, bus, device and placement
 */
void placement_watch_begin(struct placement_watch *w);

/**
 * placement_watch_end() - look again, and put a warning into a result for all that disturbs
 * @w: what placement_watch_begin() saw
 * @r: the result
 *
 * What cannot be read gives no warning.
 */
void placement_watch_end(const struct placement_watch *w, struct result *r);

#endif
