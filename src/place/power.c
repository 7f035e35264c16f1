// SPDX-License-Identifier: GPL-2.0-only
#include "place/power.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysfs.h"
#include "base/xalloc.h"
#include "place/placement.h"

void power_frequency(const char *root, const uint32_t *cpus, unsigned int nr,
		     struct power_finding *found)
{
	uint32_t *slow = xcalloc(nr, sizeof(*slow));
	char governor[64];
	unsigned int i;

	*found = (struct power_finding){ 0 };
	for (i = 0; i < nr; i++) {
		if (sysfs_read(governor, sizeof(governor),
			       "%s/sys/devices/system/cpu/cpu%" PRIu32 "/cpufreq/scaling_governor",
			       root, cpus[i]) || !strcmp(governor, "performance"))
			continue;
		if (!found->nr)
			snprintf(found->what, sizeof(found->what), "%s", governor);
		slow[found->nr++] = cpus[i];
	}
	found->cpus = cpu_list_text(slow, found->nr);
	free(slow);
}

/* The longest that a CPU may need to wake, 0 when it does not sleep deeply. */
static unsigned long deepest_sleep(const char *root, uint32_t cpu, char *name, size_t n)
{
	unsigned long latency, worst = 0;
	char text[64], word[64];
	unsigned int state;

	for (state = 0; state < 64; state++) {
		const char *fmt = "%s/sys/devices/system/cpu/cpu%" PRIu32 "/cpuidle/state%u/%s";

		snprintf(word, sizeof(word), "state%u", state);
		if (sysfs_read(text, sizeof(text), fmt, root, cpu, state, "latency"))
			break;
		latency = strtoul(text, NULL, 10);
		if (latency <= POWER_DEEP_SLEEP_US || latency <= worst ||
		    (!sysfs_read(text, sizeof(text), fmt, root, cpu, state, "disable") &&
		     strcmp(text, "0")))
			continue;
		worst = latency;
		sysfs_read(word, sizeof(word), fmt, root, cpu, state, "name");
		snprintf(name, n, "%s", word);
	}
	return worst;
}

void power_sleep(const char *root, const uint32_t *cpus, unsigned int nr,
		 struct power_finding *found)
{
	uint32_t *deep = xcalloc(nr, sizeof(*deep));
	unsigned long latency;
	unsigned int i;
	char name[64];

	*found = (struct power_finding){ 0 };
	for (i = 0; i < nr; i++) {
		latency = deepest_sleep(root, cpus[i], name, sizeof(name));
		if (!latency)
			continue;
		deep[found->nr++] = cpus[i];
		if (latency <= found->wake_us)
			continue;
		found->wake_us = latency;
		snprintf(found->what, sizeof(found->what), "%s", name);
	}
	found->cpus = cpu_list_text(deep, found->nr);
	free(deep);
}

void power_free(struct power_finding *found)
{
	free(found->cpus);
}
