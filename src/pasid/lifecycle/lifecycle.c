// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of cases.
 */
#include "pasid/lifecycle/lifecycle.h"

#include "pasid/lifecycle/internal.h"

const struct lifecycle_case lifecycle_cases[] = {
	{ "killed-at-bind", "processes killed while they bind and unbind", true,
	  lifecycle_run_killed_at_bind },
	{ "killed-before", "process killed before the device used its PASID", true,
	  lifecycle_run_killed_before },
	{ "killed-during", "process killed while the device reads its memory", true,
	  lifecycle_run_killed_during },
	{ "killed-after", "process killed after the device read its memory", true,
	  lifecycle_run_killed_after },
	{ "exit", "process exits without an unbind", true, lifecycle_run_exit },
	{ "exec", "process runs another program", true, lifecycle_run_exec },
	{ "fork", "process forks, and ends before its child", true, lifecycle_run_fork },
	{ "munmap", "process unmaps pages that the device has just read", true,
	  lifecycle_run_munmap },
	{ "mprotect", "process protects pages that the device has just read", true,
	  lifecycle_run_mprotect },
	{ "dontneed", "process drops pages that the device has just read", true,
	  lifecycle_run_dontneed },
	{ "spaces", "processes and domains with memory of their own at one address", true,
	  lifecycle_run_spaces },
	{ "device-unbind", "device taken away with PASIDs bound", true,
	  lifecycle_run_device_unbind },
	{ "module-removal", "removal of the module attempted with a PASID bound", true,
	  lifecycle_run_module_removal },
	{ "pasids-exhausted", "all PASIDs in use", false,
	  lifecycle_run_pasids_exhausted },
	{ "asids-exhausted", "all address space identifiers in use", true,
	  lifecycle_run_asids_exhausted },
	{ NULL, NULL, false, NULL },
};

void lifecycle_run(const struct lifecycle_case *c, struct device *d, const char *sva_missing,
		   struct lifecycle_outcome *o)
{
	*o = (struct lifecycle_outcome){ .sva_missing = sva_missing };
	if (c->sva && sva_missing) {
		SKIPPED(o, "%s", sva_missing);
		return;
	}
	c->run(d, o);
}
