/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What CPUs do to save power, and what makes figures differ by that.
 */
#ifndef IOMMUBENCH_PLACE_POWER_H
#define IOMMUBENCH_PLACE_POWER_H

#include <stdint.h>

/* A CPU that needs longer to wake, in microseconds, shows it in the figures. */
#define POWER_DEEP_SLEEP_US	10

/**
 * struct power_finding - CPUs that save power in one way
 * @nr: how many
 * @cpus: list of them, such as "0,2-3"
 * @what: governor of the first, or the state from which waking takes longest
 * @wake_us: time that waking from that takes, in microseconds
 */
struct power_finding {
	unsigned int nr;
	char *cpus;
	char what[64];
	unsigned long wake_us;
};

/**
 * power_frequency() - CPUs whose frequency changes with load
 * @root: where the machine's /sys is, "" for this one's
 * @cpus: the CPUs to look at
 * @nr: entries at @cpus
 * @found: receives; give it back with power_free()
 */
void power_frequency(const char *root, const uint32_t *cpus, unsigned int nr,
		     struct power_finding *found);

/**
 * power_sleep() - CPUs that may sleep so deeply that waking shows in the figures
 * @root: where the machine's /sys is, "" for this one's
 * @cpus: the CPUs to look at
 * @nr: entries at @cpus
 * @found: receives; give it back with power_free()
 */
void power_sleep(const char *root, const uint32_t *cpus, unsigned int nr,
		 struct power_finding *found);

/**
 * power_free() - give back what was found
 * @found: the finding
 */
void power_free(struct power_finding *found);

#endif
