// SPDX-License-Identifier: GPL-2.0-only
/*
 * What disturbs measured CPUs, in made-up /proc and /sys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "place/watch.h"
#include "result/read.h"

/* Last: it makes error_fail() a macro. */
#include <cmocka.h>

static char root[64];

/* Writes a file below the root, with the folders that it is in. */
static void put(const char *path, const char *text)
{
	char full[256], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (slash = strchr(full + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0777);
		*slash = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	snprintf(root, sizeof(root), "/tmp/iommubench-test.XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static uint32_t two_cpus[] = { 3, 2 };
static const struct placement cpus = { .cpus = two_cpus, .nr = 2 };

/* The warnings that a run deserves, one a line, which the caller frees. */
static char *warnings_where(bool works, void (*change)(void))
{
	struct placement_watch w = {
		.root = root,
		.bus = "pci",
		.device = "0000:00:01.0",
		.works = works,
		.placement = &cpus,
	};
	struct result *r = result_new("map-unmap");
	char *text = NULL;
	size_t size, i;
	json_t *line;
	FILE *f;

	placement_watch_begin(&w);
	if (change)
		change();
	placement_watch_end(&w, r);
	f = open_memstream(&text, &size);
	json_array_foreach(result_get(result_json(r), "warnings"), i, line)
		fprintf(f, "%s\n", json_string_value(line));
	fclose(f);
	result_free(r);
	return text;
}

static void expect_where(bool works, void (*change)(void), const char *want)
{
	char *text = warnings_where(works, change);

	if (*want ? !strstr(text, want) : *text)
		fail_msg("'%s', expected '%s'", text, want);
	free(text);
}

static void expect(void (*change)(void), const char *want)
{
	expect_where(false, change, want);
}

static void nothing(void **state)
{
	expect(NULL, "");
}

static void governor(void **state)
{
	put("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
	put("/sys/devices/system/cpu/cpu2/cpufreq/scaling_governor", "performance\n");
	put("/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "performance\n");
	expect(NULL, "");
	put("/sys/devices/system/cpu/cpu2/cpufreq/scaling_governor", "schedutil\n");
	expect(NULL, "the frequency of CPU 2 changes with load (governor schedutil): fix it with cpupower -c 2 frequency-set");
	put("/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "schedutil\n");
	expect(NULL, "the frequency of CPUs 2-3 changes");
}

static void sleep_states(void **state)
{
	put("/sys/devices/system/cpu/cpu2/cpuidle/state0/latency", "1\n");
	put("/sys/devices/system/cpu/cpu2/cpuidle/state1/latency", "133\n");
	put("/sys/devices/system/cpu/cpu2/cpuidle/state1/name", "C6\n");
	put("/sys/devices/system/cpu/cpu2/cpuidle/state1/disable", "1\n");
	expect(NULL, "");
	put("/sys/devices/system/cpu/cpu2/cpuidle/state1/disable", "0\n");
	expect(NULL, "CPU 2 may sleep in state C6, from which waking takes 133 us: forbid it with cpupower -c 2 idle-set -D 10");
}

static void isolated(void **state)
{
	put("/sys/devices/system/cpu/isolated", "\n");
	expect(NULL, "");
	put("/sys/devices/system/cpu/isolated", "1-3\n");
	expect(NULL, "");
	put("/sys/devices/system/cpu/isolated", "2,5-7\n");
	expect(NULL, "CPUs 2,5-7 are isolated from other load, but CPU 3 was measured: give --cpus 2,5-7");
}

static void quiet_stat(void)
{
	put("/proc/stat", "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 99 0 0 0 0 0 0 0 0 0\n"
	    "cpu2 100 10 1000 5000 0 0 0 0 0 0\ncpu3 100 10 1000 5000 0 0 0 0 0 0\nintr 1\n");
}

static void kernel_stat(void)
{
	put("/proc/stat", "cpu2 100 10 2000 5000 0 0 0 0 0 0\ncpu3 101 10 1999 5000 0 0 0 0 0 0\n"
	    "cpu0 999 0 0 0 0 0 0 0 0 0\n");
}

static void busy_stat(void)
{
	put("/proc/stat", "cpu2 150 60 1900 5000 0 0 0 0 0 0\ncpu3 100 10 2000 5000 0 0 0 0 0 0\n");
}

static void stolen_stat(void)
{
	put("/proc/stat", "cpu2 100 10 1900 5000 0 0 0 100 0 0\ncpu3 100 10 2000 5000 0 0 0 0 0 0\n");
}

static void load(void **state)
{
	quiet_stat();
	expect(NULL, "");
	expect(kernel_stat, "");
	quiet_stat();
	expect(busy_stat, "other processes had 5.0 % of CPUs 2-3");
	quiet_stat();
	expect(stolen_stat, "the hypervisor took 5.0 % of CPUs 2-3");
}

#define HEAD	"           CPU0       CPU2       CPU3\n"

static void more_interrupts(void)
{
	put("/proc/interrupts", HEAD
	    " 15:         90          3          4     GICv3 106 Edge      arm-smmu-v3-evtq\n"
	    " 18:          0        100        100     GICv3  34 Level     rtc-pl031\n"
	    " 21:         50          0          0  ITS-PCI-MSIX   0 Edge      engine\n"
	    "IPI0:         3        300        300       Rescheduling interrupts\n"
	    "ERR:          7\n");
}

/* Of an R-Car IPMMU whose node is named mmu. */
static void ipmmu_interrupt(void)
{
	put("/proc/interrupts", HEAD
	    " 22:          0          2          0     GICv2 227 Level     e67b0000.mmu\n");
}

static void device_interrupt(void)
{
	put("/proc/interrupts", HEAD
	    " 21:          0          0          1  ITS-PCI-MSIX   0 Edge      engine\n");
}

static void interrupts(void **state)
{
	put("/proc/interrupts", HEAD
	    " 15:         10          1          2     GICv3 106 Edge      arm-smmu-v3-evtq\n"
	    " 18:          0          0          0     GICv3  34 Level     rtc-pl031\n");
	put("/sys/bus/pci/devices/0000:00:01.0/msi_irqs/21", "msix\n");
	expect(NULL, "");
	expect(more_interrupts, "4 interrupts of arm-smmu-v3-evtq came to measured CPUs 2-3: write other CPUs to /proc/irq/15/smp_affinity_list");
	expect(device_interrupt, "1 interrupt of engine came to measured CPUs 2-3: write other CPUs to /proc/irq/21/");
	/* Of a device that is given work, only what others do is a disturbance. */
	put("/proc/interrupts", HEAD);
	expect_where(true, device_interrupt, "");
	expect_where(true, more_interrupts, "7 interrupts of arm-smmu-v3-evtq came");
	put("/proc/interrupts", HEAD);
	expect(ipmmu_interrupt, "2 interrupts of e67b0000.mmu came to measured CPUs 2-3");
	put("/proc/interrupts", "nonsense\n: 1 2\n\n99:\n 15: x y z\n");
	expect(NULL, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(governor, setup, teardown),
		cmocka_unit_test_setup_teardown(sleep_states, setup, teardown),
		cmocka_unit_test_setup_teardown(isolated, setup, teardown),
		cmocka_unit_test_setup_teardown(load, setup, teardown),
		cmocka_unit_test_setup_teardown(interrupts, setup, teardown),
	};

	return cmocka_run_group_tests_name("placement_watch", tests, NULL, NULL);
}
