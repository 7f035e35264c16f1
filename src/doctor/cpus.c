// SPDX-License-Identifier: GPL-2.0-only
/*
 * What makes figures differ from one time to the next: how the CPUs are set up.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "doctor/internal.h"
#include "place/placement.h"
#include "place/power.h"

/* Return: whether it is known which CPUs are online; the caller frees @cpus. */
static bool read_online(const struct doctor_facts *facts, uint32_t **cpus, unsigned int *nr)
{
	char *text = fs_text(facts->root, "/sys/devices/system/cpu/online");
	struct error e;
	int ret = parse_cpu_list(text, PLACEMENT_MAX_CPU, cpus, nr, &e);

	free(text);
	return !ret;
}

static void type_cpupower(const struct doctor_facts *facts, struct doctor_finding *f)
{
	if (!fs_there(facts->root, "/usr/bin/cpupower"))
		doctor_type_install(facts, f, "cpupower");
}

void doctor_frequency(const struct doctor_facts *facts, struct doctor_finding *f)
{
	struct power_finding slow;
	unsigned int nr;
	uint32_t *cpus;

	if (!read_online(facts, &cpus, &nr)) {
		doctor_say(f, DOCTOR_OK, "unknown: the kernel does not tell which CPUs are online");
		return;
	}
	power_frequency(facts->root, cpus, nr, &slow);
	if (slow.nr) {
		doctor_say(f, DOCTOR_WARN, "that of CPU%s %s changes with load (governor %s)",
			   slow.nr > 1 ? "s" : "", slow.cpus, slow.what);
		type_cpupower(facts, f);
		doctor_type(f, "cpupower -c %s frequency-set -g performance", slow.cpus);
	} else {
		doctor_say(f, DOCTOR_OK, "the kernel changes that of no CPU with load");
	}
	power_free(&slow);
	free(cpus);
}

void doctor_sleep(const struct doctor_facts *facts, struct doctor_finding *f)
{
	struct power_finding deep;
	unsigned int nr;
	uint32_t *cpus;

	if (!read_online(facts, &cpus, &nr)) {
		doctor_say(f, DOCTOR_OK, "unknown: the kernel does not tell which CPUs are online");
		return;
	}
	power_sleep(facts->root, cpus, nr, &deep);
	if (deep.nr) {
		doctor_say(f, DOCTOR_WARN,
			   "CPU%s %s may sleep in state %s, from which waking takes %lu us",
			   deep.nr > 1 ? "s" : "", deep.cpus, deep.what, deep.wake_us);
		type_cpupower(facts, f);
		doctor_type(f, "cpupower -c %s idle-set -D %d", deep.cpus, POWER_DEEP_SLEEP_US);
	} else {
		doctor_say(f, DOCTOR_OK, "no CPU takes more than %d us to wake",
			   POWER_DEEP_SLEEP_US);
	}
	power_free(&deep);
	free(cpus);
}

void doctor_smt(const struct doctor_facts *facts, struct doctor_finding *f)
{
	if (fs_number(facts->root, 0, "/sys/devices/system/cpu/smt/active") > 0)
		doctor_say(f, DOCTOR_OK, "on: --cpus core:0-3 takes one CPU of each core");
	else
		doctor_say(f, DOCTOR_OK, "off: each CPU has a core of its own");
}
