// SPDX-License-Identifier: GPL-2.0-only
#include "device/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysfs.h"

#define SUMMARY	"/sys/kernel/debug/dmaengine/summary"

bool channel_is(const char *name)
{
	return !strncmp(name, CHANNEL_PREFIX, strlen(CHANNEL_PREFIX));
}

static const char *channel_of(const char *name)
{
	return name + strlen(CHANNEL_PREFIX);
}

bool channel_locate(const char *name, char *controller, size_t controller_bytes, char *bus,
		    size_t bus_bytes)
{
	const char *channel = channel_of(name);

	return *channel &&
	       !sysfs_link(controller, controller_bytes, "/sys/class/dma/%s/device", channel) &&
	       !sysfs_link(bus, bus_bytes, "/sys/class/dma/%s/device/subsystem", channel);
}

/* A line is " dma0chan0    | 2c000.serial:tx", or "in-use" in the place of a name. */
static bool summary_tells(const char *channel, char *user, size_t n)
{
	char line[256], word[64], who[128];
	FILE *summary = fopen(SUMMARY, "re");
	bool told = false;

	if (!summary)
		return false;
	while (!told && fgets(line, sizeof(line), summary))
		told = sscanf(line, " %63[^ |] | %127s", word, who) == 2 &&
		       !strcmp(word, channel) && strcmp(who, "in-use") != 0;
	fclose(summary);
	if (told)
		snprintf(user, n, "%s", who);
	return told;
}

bool channel_user(const char *name, char *user, size_t n)
{
	const char *channel = channel_of(name);
	char text[32];

	*user = '\0';
	if (sysfs_read(text, sizeof(text), "/sys/class/dma/%s/in_use", channel) || !atoi(text))
		return false;
	/* What has a channel by the device tree has a link to itself. */
	if (sysfs_link(user, n, "/sys/class/dma/%s/slave", channel) &&
	    !summary_tells(channel, user, n))
		snprintf(user, n, "another part of the kernel, which does not say its name");
	return true;
}
