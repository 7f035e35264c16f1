// SPDX-License-Identifier: GPL-2.0-only
#include "device/group.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysfs.h"
#include "base/xalloc.h"
#include "device/rebind.h"
#include "text/json.h"

#define MEMBERS	"/sys/kernel/iommu_groups/%d/devices"

bool group_driver_does_dma(const char *driver)
{
	static const char *const others[] = { "pcieport", "pci-stub", REBIND_DRIVER };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(driver, others[i]))
			return false;
	return *driver && !strstr(driver, "vfio");
}

static void add_member(struct group_others *others, int group, const char *name)
{
	struct group_member *m;
	char class[32];

	others->member = xgrow(others->member, others->n + 1, sizeof(*others->member));
	m = &others->member[others->n++];
	*m = (struct group_member){ 0 };
	snprintf(m->name, sizeof(m->name), "%s", name);
	if (sysfs_link(m->bus, sizeof(m->bus), MEMBERS "/%s/subsystem", group, name))
		*m->bus = '\0';
	if (sysfs_link(m->driver, sizeof(m->driver), MEMBERS "/%s/driver", group, name))
		*m->driver = '\0';
	m->bridge = !strcmp(m->bus, "pci") &&
		    !sysfs_read(class, sizeof(class), MEMBERS "/%s/class", group, name) &&
		    (strtoul(class, NULL, 16) & 0xffff00) == 0x060400;
}

void group_others_read(struct group_others *others, const struct device *d)
{
	struct dirent **entries;
	char path[64];
	int nr, i;

	*others = (struct group_others){ 0 };
	if (d->group < 0)
		return;
	snprintf(path, sizeof(path), MEMBERS, d->group);
	nr = scandir(path, &entries, NULL, alphasort);
	for (i = 0; i < nr; i++) {
		if (entries[i]->d_name[0] != '.' && strcmp(entries[i]->d_name, d->name))
			add_member(others, d->group, entries[i]->d_name);
		free(entries[i]);
	}
	if (nr >= 0)
		free(entries);
}

void group_others_free(struct group_others *others)
{
	free(others->member);
	*others = (struct group_others){ 0 };
}

json_t *group_others_describe(const struct group_others *others)
{
	json_t *array = xjson(json_array());
	size_t i;

	for (i = 0; i < others->n; i++) {
		const struct group_member *m = &others->member[i];
		json_t *j = xjson(json_object());

		xjson_put(j, "name", xjson_text(m->name));
		xjson_put(j, "driver", *m->driver ? xjson_text(m->driver) : json_null());
		xjson_put(j, "bridge", xjson(json_boolean(m->bridge)));
		xjson_add(array, j);
	}
	return array;
}

char *group_others_text(const struct group_others *others)
{
	size_t bytes, i, listed = 0;
	char *text;
	FILE *f = xcheck(open_memstream(&text, &bytes));

	for (i = 0; i < others->n; i++) {
		const struct group_member *m = &others->member[i];

		if (m->bridge)
			continue;
		fprintf(f, "%s%s (%s%s)", listed++ ? ", " : "", m->name,
			*m->driver ? "driver " : "no driver", m->driver);
	}
	if (fclose(f))
		xcheck(NULL);
	if (listed)
		return text;
	free(text);
	return NULL;
}

const struct group_member *group_user(const struct group_others *others)
{
	size_t i;

	for (i = 0; i < others->n; i++)
		if (group_driver_does_dma(others->member[i].driver))
			return &others->member[i];
	return NULL;
}

const char *group_how_to_unbind(const struct group_member *member, char *buf, size_t n)
{
	if (!strcmp(member->driver, DEVICE_DRIVER))
		snprintf(buf, n, "iommubench-unbind %s", member->name);
	else
		snprintf(buf, n, "echo %s >/sys/bus/%s/drivers/%s/unbind", member->name,
			 member->bus, member->driver);
	return buf;
}
