/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cases, as the table lists them.
 */
#ifndef IOMMUBENCH_PASID_LIFECYCLE_INTERNAL_H
#define IOMMUBENCH_PASID_LIFECYCLE_INTERNAL_H

#include "device/device.h"
#include "pasid/lifecycle/outcome.h"

void lifecycle_run_killed_at_bind(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_killed_before(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_killed_after(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_killed_during(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_exit(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_exec(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_fork(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_munmap(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_mprotect(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_dontneed(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_spaces(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_device_unbind(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_module_removal(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_pasids_exhausted(struct device *d, struct lifecycle_outcome *o);
void lifecycle_run_asids_exhausted(struct device *d, struct lifecycle_outcome *o);

#endif
