/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters beside the runs of all devices. Of several devices, what follows threads, what an IOMMU
 * can tell by a device's number, and the device's interrupts are counted for each; the rest once,
 * and said to be of all.
 */
#ifndef IOMMUBENCH_MEASURE_DEVICES_COUNTERS_H
#define IOMMUBENCH_MEASURE_DEVICES_COUNTERS_H

#include <stdbool.h>

#include "measure/devices.h"
#include "run/wait.h"

/**
 * devices_counters_reset() - have nothing counted yet
 * @d: the devices, connected
 */
void devices_counters_reset(struct devices *d);

/**
 * devices_counters_wanted() - is anything counted in runs of a kind?
 * @d: the devices, after devices_counters_reset()
 * @kind: kind of the runs
 */
bool devices_counters_wanted(const struct devices *d, enum counters_run kind);

/**
 * devices_counters_gates() - count from the first to the last gate of runs
 * @d: stays as long as what is returned; its @kind says what is counted
 */
struct run_gates devices_counters_gates(struct devices *d);

/**
 * devices_counters_add_ops() - tell how much a device did meanwhile
 * @d: the devices, which count no more
 * @m: the device, with its outcome
 */
void devices_counters_add_ops(struct devices *d, const struct devices_member *m);

/**
 * devices_counters_take() - put what was counted into the sum of each device
 * @d: the devices, which count no more
 */
void devices_counters_take(struct devices *d);

#endif
