// SPDX-License-Identifier: GPL-2.0-only
#include "place/watch.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/sysfs.h"
#include "base/xalloc.h"
#include "device/device.h"
#include "place/power.h"
#include "silicon/irq_names.h"

/* Less than so much of the time, or fewer ticks of it, is a machine at rest. */
#define LOAD_PERCENT	1
#define LOAD_TICKS	2

static bool watched(const struct placement *p, uint32_t cpu)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		if (p->cpus[i] == cpu)
			return true;
	return false;
}

/* --- moments ------------------------------------------------------------- */

static void read_stat(const struct placement_watch *w, struct watch_state *s)
{
	char path[256], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/stat", w->root);
	f = fopen(path, "re");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		/* user nice system idle iowait irq softirq steal; guests are part of user. */
		uint64_t t[8] = { 0 };
		uint32_t cpu;
		unsigned int i;

		if (sscanf(line, "cpu%" SCNu32 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
			   " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &cpu, &t[0], &t[1],
			   &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]) < 5 ||
		    !watched(w->placement, cpu))
			continue;
		for (i = 0; i < 8; i++)
			s->all += t[i];
		s->others += t[0] + t[1];
		s->stolen += t[7];
	}
	fclose(f);
}

static uint64_t user_ticks(int who)
{
	struct rusage usage;

	if (getrusage(who, &usage))
		return 0;
	return ((uint64_t)usage.ru_utime.tv_sec * 1000000 + (uint64_t)usage.ru_utime.tv_usec) *
	       (uint64_t)sysconf(_SC_CLK_TCK) / 1000000;
}

static bool is_devices(const struct placement_watch *w, const char *number, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/sys/bus/%s/devices/%s/msi_irqs/%s", w->root, w->bus,
		 w->device, number);
	return strstr(name, w->device) || strstr(name, DEVICE_DRIVER) || !access(path, F_OK);
}

/* The names of CPUs in the first line. Return: which of them are watched, by column. */
static bool *read_columns(const struct placement_watch *w, char *line, unsigned int *nr)
{
	bool *column = NULL;
	char *word, *rest = line;

	*nr = 0;
	while ((word = strsep(&rest, " \t\n"))) {
		if (strncmp(word, "CPU", 3))
			continue;
		column = xgrow(column, *nr + 1, sizeof(*column));
		column[(*nr)++] = watched(w->placement, (uint32_t)strtoul(word + 3, NULL, 10));
	}
	return column;
}

static void read_interrupt(const struct placement_watch *w, struct watch_state *s, char *line,
			   const bool *column, unsigned int columns)
{
	struct watch_interrupt *to = &s->interrupt[s->nr];
	char *number = line + strspn(line, " \t"), *name, *end = strchr(number, ':');
	uint64_t count = 0;
	unsigned int i;
	bool iommu, device;

	if (!end || s->nr == WATCH_MAX_INTERRUPTS)
		return;
	*end = '\0';
	name = end + 1;
	for (i = 0; i < columns; i++) {
		uint64_t n = strtoull(name, &end, 10);

		if (end == name)
			return;
		name = end;
		if (column[i])
			count += n;
	}
	name[strcspn(name, "\n")] = '\0';
	iommu = irq_name_is_iommu(name);
	device = !iommu && is_devices(w, number, name);
	if (!iommu && !device)
		return;
	/* The last words are what the driver calls it; before them is where it comes from. */
	if (strrchr(name, ' '))
		name = strrchr(name, ' ') + 1;
	snprintf(to->number, sizeof(to->number), "%s", number);
	snprintf(to->name, sizeof(to->name), "%s", name);
	to->device = device;
	to->count = count;
	s->nr++;
}

static void read_interrupts(const struct placement_watch *w, struct watch_state *s)
{
	unsigned int columns = 0;
	bool *column = NULL;
	char path[256], *line = NULL;
	size_t room = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/interrupts", w->root);
	f = fopen(path, "re");
	if (!f)
		return;
	if (getline(&line, &room, f) > 0)
		column = read_columns(w, line, &columns);
	while (getline(&line, &room, f) > 0)
		read_interrupt(w, s, line, column, columns);
	fclose(f);
	free(line);
	free(column);
}

static void read_state(const struct placement_watch *w, struct watch_state *s)
{
	*s = (struct watch_state){ 0 };
	s->own = user_ticks(RUSAGE_SELF) + user_ticks(RUSAGE_CHILDREN);
	read_stat(w, s);
	read_interrupts(w, s);
}

void placement_watch_begin(struct placement_watch *w)
{
	read_state(w, &w->before);
}

/* --- warnings ------------------------------------------------------------ */

static void warn_governor(const struct placement_watch *w, struct result *r)
{
	struct power_finding slow;

	power_frequency(w->root, w->placement->cpus, w->placement->nr, &slow);
	if (slow.nr)
		result_add_warning(r, "the frequency of CPU%s %s changes with load (governor %s): fix it with cpupower -c %s frequency-set -g performance",
				   slow.nr > 1 ? "s" : "", slow.cpus, slow.what, slow.cpus);
	power_free(&slow);
}

static void warn_sleep(const struct placement_watch *w, struct result *r)
{
	struct power_finding deep;

	power_sleep(w->root, w->placement->cpus, w->placement->nr, &deep);
	if (deep.nr)
		result_add_warning(r, "CPU%s %s may sleep in state %s, from which waking takes %lu us: forbid it with cpupower -c %s idle-set -D %d",
				   deep.nr > 1 ? "s" : "", deep.cpus, deep.what, deep.wake_us,
				   deep.cpus, POWER_DEEP_SLEEP_US);
	power_free(&deep);
}

static void warn_isolated(const struct placement_watch *w, struct result *r)
{
	uint32_t *isolated, outside = 0;
	unsigned int nr, i, j, n = 0;
	char text[4096];
	struct error e;

	if (sysfs_read(text, sizeof(text), "%s/sys/devices/system/cpu/isolated", w->root) ||
	    parse_cpu_list(text, PLACEMENT_MAX_CPU, &isolated, &nr, &e))
		return;
	for (i = 0; i < w->placement->nr; i++) {
		for (j = 0; j < nr; j++)
			if (isolated[j] == w->placement->cpus[i])
				break;
		if (j == nr && !n++)
			outside = w->placement->cpus[i];
	}
	free(isolated);
	if (n)
		result_add_warning(r, "CPUs %s are isolated from other load, but CPU %" PRIu32 " was measured: give --cpus %s",
				   text, outside, text);
}

static uint64_t since(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

static bool is_load(uint64_t ticks, uint64_t all)
{
	return ticks >= LOAD_TICKS && ticks * 100 >= all * LOAD_PERCENT;
}

static void warn_load(const struct placement_watch *w, const struct watch_state *now,
		      struct result *r)
{
	uint64_t all = since(now->all, w->before.all);
	uint64_t own = since(now->own, w->before.own);
	uint64_t others = since(now->others, w->before.others);
	uint64_t stolen = since(now->stolen, w->before.stolen);
	char *list = cpu_list_text(w->placement->cpus, w->placement->nr);
	const char *s = w->placement->nr > 1 ? "s" : "";

	others = since(others, own);
	if (is_load(others, all))
		result_add_warning(r, "other processes had %.1f %% of CPU%s %s during the run: stop them, or give CPUs with nothing else to do",
				   100.0 * (double)others / (double)all, s, list);
	if (is_load(stolen, all))
		result_add_warning(r, "the hypervisor took %.1f %% of CPU%s %s during the run: give this guest CPUs of its own",
				   100.0 * (double)stolen / (double)all, s, list);
	free(list);
}

/* One that was given back and taken again counts from 0, perhaps under a number of another's. */
static uint64_t came_since(const struct placement_watch *w, const struct watch_interrupt *now)
{
	unsigned int i;

	for (i = 0; i < w->before.nr; i++) {
		const struct watch_interrupt *was = &w->before.interrupt[i];

		if (!strcmp(was->number, now->number) && !strcmp(was->name, now->name) &&
		    was->count <= now->count)
			return now->count - was->count;
	}
	return now->count;
}

static void warn_interrupts(const struct placement_watch *w, const struct watch_state *now,
			    struct result *r)
{
	char *list = cpu_list_text(w->placement->cpus, w->placement->nr);
	unsigned int i;

	for (i = 0; i < now->nr; i++) {
		const struct watch_interrupt *one = &now->interrupt[i];
		uint64_t n = came_since(w, one);

		if (n && one->device && w->works)
			error_detail("%" PRIu64 " interrupt%s of %s came to measured CPU%s %s, which gave the device its work",
				     n, n > 1 ? "s" : "", one->name, w->placement->nr > 1 ? "s" : "",
				     list);
		else if (n)
			result_add_warning(r, "%" PRIu64 " interrupt%s of %s came to measured CPU%s %s: write other CPUs to /proc/irq/%s/smp_affinity_list",
					   n, n > 1 ? "s" : "", one->name,
					   w->placement->nr > 1 ? "s" : "", list, one->number);
	}
	free(list);
}

void placement_watch_end(const struct placement_watch *w, struct result *r)
{
	struct watch_state now;

	read_state(w, &now);
	warn_governor(w, r);
	warn_sleep(w, r);
	warn_isolated(w, r);
	warn_load(w, &now, r);
	warn_interrupts(w, &now, r);
}
