// SPDX-License-Identifier: GPL-2.0-only
#include "events/irq.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sysfs.h"
#include "base/xalloc.h"
#include "silicon/irq_names.h"

static bool is_device(const char *number, const char *what, const char *device, const char *numbers)
{
	char wanted[24];

	snprintf(wanted, sizeof(wanted), " %s ", number);
	return strstr(numbers, wanted) || (device && *device && strstr(what, device));
}

/* The last word, and those that a comma ends before it. */
static const char *purpose(const char *what)
{
	const char *p = what + strlen(what);

	while (p > what && (!isspace((unsigned char)p[-1]) || (p - what > 1 && p[-2] == ',')))
		p--;
	return p;
}

/* "  12:   5   0   GICv3 106 Edge   arm-smmu-v3-evtq" */
static void parse_line(char *line, const char *device, const char *numbers, struct irq_lines *lines)
{
	char *colon = strchr(line, ':'), *p, *end;
	struct irq_line *to;
	uint64_t count = 0, n;
	bool iommu;

	while (isspace((unsigned char)*line))
		line++;
	if (!colon || !isdigit((unsigned char)*line))
		return;
	*colon = '\0';
	for (p = colon + 1;; p = end) {
		n = strtoull(p, &end, 10);
		/* A word such as 36864-edge is no count. */
		if (end == p || (*end && !isspace((unsigned char)*end)))
			break;
		count += n;
	}
	while (isspace((unsigned char)*p))
		p++;
	end = p + strlen(p);
	while (end > p && isspace((unsigned char)end[-1]))
		*--end = '\0';
	iommu = irq_name_is_iommu(p);
	if (!iommu && !is_device(line, p, device, numbers))
		return;
	lines->lines = xgrow(lines->lines, lines->nr + 1, sizeof(*lines->lines));
	to = &lines->lines[lines->nr++];
	*to = (struct irq_line){ .count = count, .of_device = !iommu };
	snprintf(to->number, sizeof(to->number), "%s", line);
	snprintf(to->name, sizeof(to->name), "%s", purpose(p));
}

void irq_lines_parse(char *text, const char *device, const char *numbers, struct irq_lines *lines)
{
	char *line;

	*lines = (struct irq_lines){ 0 };
	while ((line = strsep(&text, "\n")))
		parse_line(line, device, numbers, lines);
}

/* What the bus says of a PCI device; others are found by their name. */
static void device_numbers(const char *device, char *numbers, size_t n)
{
	char path[512], one[32];
	struct dirent *entry;
	size_t used;
	DIR *dir;

	snprintf(numbers, n, " ");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/msi_irqs", device);
	if (!sysfs_read(one, sizeof(one), "/sys/bus/pci/devices/%s/irq", device) &&
	    strcmp(one, "0"))
		snprintf(numbers, n, " %s ", one);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		used = strlen(numbers);
		if (isdigit((unsigned char)*entry->d_name) && used < n)
			snprintf(numbers + used, n - used, "%s ", entry->d_name);
	}
	closedir(dir);
}

int irq_lines_read(const char *device, struct irq_lines *lines)
{
	int fd = open("/proc/interrupts", O_RDONLY | O_CLOEXEC);
	char numbers[4096] = "", *text = NULL;
	size_t n;

	*lines = (struct irq_lines){ 0 };
	if (fd >= 0) {
		text = file_read(fd, &n);
		close(fd);
	}
	if (!text)
		return -1;
	if (device)
		device_numbers(device, numbers, sizeof(numbers));
	irq_lines_parse(text, device, numbers, lines);
	free(text);
	return 0;
}

/* A number that was given back may be another's now. */
const struct irq_line *irq_lines_find(const struct irq_lines *lines, const struct irq_line *line)
{
	unsigned int i;

	for (i = 0; i < lines->nr; i++)
		if (!strcmp(lines->lines[i].number, line->number) &&
		    !strcmp(lines->lines[i].name, line->name))
			return &lines->lines[i];
	return NULL;
}

void irq_lines_since(struct irq_lines *came, const struct irq_lines *now,
		     const struct irq_lines *before)
{
	unsigned int i;

	*came = (struct irq_lines){ 0 };
	irq_lines_add(came, now);
	for (i = 0; i < came->nr; i++) {
		const struct irq_line *was = irq_lines_find(before, &came->lines[i]);

		if (was && was->count <= came->lines[i].count)
			came->lines[i].count -= was->count;
	}
}

void irq_lines_add(struct irq_lines *sum, const struct irq_lines *more)
{
	unsigned int i;

	for (i = 0; i < more->nr; i++) {
		const struct irq_line *line = &more->lines[i];
		struct irq_line *to = (struct irq_line *)irq_lines_find(sum, line);

		if (to) {
			to->count += line->count;
			continue;
		}
		sum->lines = xgrow(sum->lines, sum->nr + 1, sizeof(*sum->lines));
		sum->lines[sum->nr++] = *line;
	}
}

void irq_lines_free(struct irq_lines *lines)
{
	free(lines->lines);
	*lines = (struct irq_lines){ 0 };
}
