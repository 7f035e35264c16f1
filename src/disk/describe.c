// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words on a disk for results.
 */
#include "disk/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sysfs.h"
#include "device/domain_type.h"

void disk_describe(struct device *d, const char *driver)
{
	char text[64];

	/* What takes all times here counts nanoseconds. */
	snprintf(d->info.clock, sizeof(d->info.clock), "CLOCK_MONOTONIC");
	d->info.clock_hz = 1000000000;
	snprintf(d->info.engine, sizeof(d->info.engine), "%.*s",
		 (int)sizeof(d->info.engine) - 1, driver);
	d->info.domain_type = IOMMUBENCH_DOMAIN_NONE;
	if (d->group >= 0 &&
	    !sysfs_read(text, sizeof(text), "/sys/kernel/iommu_groups/%d/type", d->group))
		d->info.domain_type = (uint32_t)domain_type_from_sysfs(text);
	if (!sysfs_read(text, sizeof(text), "/sys/bus/%s/devices/%s/dma_mask_bits", d->bus,
			d->name))
		d->info.dma_bits = (uint32_t)strtoul(text, NULL, 10);
}

const char *disk_access_word(const struct io_job *job)
{
	if (!job->write_percent)
		return "read";
	return job->write_percent >= 100 ? "write" : "mixed";
}
