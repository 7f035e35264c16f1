// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel lets this user see and do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "doctor/internal.h"

#define THP	"/sys/kernel/mm/transparent_hugepage/enabled"

void doctor_rights(const struct doctor_facts *facts, struct doctor_finding *f)
{
	if (facts->is_root) {
		doctor_say(f, DOCTOR_OK, "root");
		return;
	}
	doctor_say(f, DOCTOR_FAIL, "not root: measuring takes that, and so does seeing all of this");
	doctor_type(f, "sudo iommubench doctor");
}

/* Only some devices have faults; where none has, huge pages are of no matter. */
static bool any_faults(const struct topo *t)
{
	size_t i, m;

	for (i = 0; i < t->nr_devices; i++)
		for (m = 0; m < t->devices[i].nr_measurements; m++)
			if (!strcmp(t->devices[i].measurements[m].what, "iopf") &&
			    t->devices[i].measurements[m].can != TOPO_CAN_NOT)
				return true;
	return false;
}

void doctor_hugepages(const struct doctor_facts *facts, struct doctor_finding *f)
{
	bool matter = any_faults(&facts->topo);
	enum doctor_state bad = matter ? DOCTOR_WARN : DOCTOR_OK;
	char *enabled = fs_text(facts->root, THP);

	if (!*enabled) {
		doctor_say(f, bad, "the kernel has none for anonymous memory (CONFIG_TRANSPARENT_HUGEPAGE): %s",
			   matter ? "iopf --fault huge cannot be measured" :
				    "only iopf would use them, which no device here can do");
	} else if (strstr(enabled, "[never]")) {
		doctor_say(f, bad, "switched off: %s",
			   matter ? "iopf --fault huge gets small ones" :
				    "only iopf would use them, which no device here can do");
		if (matter)
			doctor_type(f, "echo madvise >" THP);
	} else {
		doctor_say(f, DOCTOR_OK, "iopf --fault huge gets them");
	}
	free(enabled);
}

/* Return: whether it is a lack of rights, which is told then. */
static bool lacks_rights(const struct doctor_facts *facts, struct doctor_finding *f,
			 const char *what)
{
	if (facts->is_root)
		return false;
	doctor_say(f, DOCTOR_WARN, "%s only for root", what);
	doctor_type(f, "sudo iommubench doctor");
	return true;
}

void doctor_tracefs(const struct doctor_facts *facts, struct doctor_finding *f)
{
	char *known = fs_text(facts->root, "/proc/filesystems");

	if (facts->tracefs) {
		doctor_say(f, DOCTOR_OK, "tracepoints can be counted");
	} else if (!lacks_rights(facts, f, "tracepoints are there")) {
		doctor_say(f, DOCTOR_WARN, "no tracepoints, nor what IOMMU drivers send: %s",
			   line_has_word(known, "tracefs") ? "tracefs cannot be mounted" :
							     "the kernel lacks CONFIG_FTRACE");
		if (line_has_word(known, "tracefs"))
			doctor_type(f, "mount -t tracefs nodev /sys/kernel/tracing");
	}
	free(known);
}

void doctor_perf(const struct doctor_facts *facts, struct doctor_finding *f)
{
	static const char path[] = "/proc/sys/kernel/perf_event_paranoid";
	long long level = fs_number(facts->root, 0, path);

	if (!fs_there(facts->root, path)) {
		doctor_say(f, DOCTOR_WARN,
			   "the kernel lacks CONFIG_PERF_EVENTS: no events can be counted beside a run");
	} else if (facts->is_root || level < 0) {
		doctor_say(f, DOCTOR_OK, "perf_event_paranoid is %lld, which %s", level,
			   facts->is_root ? "is no matter to root" : "lets everybody count");
	} else {
		doctor_say(f, DOCTOR_WARN, "perf_event_paranoid is %lld: only root counts all events",
			   level);
		doctor_type(f, "sudo sysctl kernel.perf_event_paranoid=-1");
	}
}

void doctor_log(const struct doctor_facts *facts, struct doctor_finding *f)
{
	if (facts->kmsg) {
		doctor_say(f, DOCTOR_OK, "/dev/kmsg can be read");
	} else if (!lacks_rights(facts, f, "/dev/kmsg can be read")) {
		doctor_say(f, DOCTOR_WARN,
			   "/dev/kmsg cannot be read: refused accesses that the IOMMU's driver tells of are not seen");
		doctor_type(f, "mknod -m 644 /dev/kmsg c 1 11");
	}
}

void doctor_uring(const struct doctor_facts *facts, struct doctor_finding *f)
{
	long long off = fs_number(facts->root, 0, "/proc/sys/kernel/io_uring_disabled");

	/* 1 leaves it to those with CAP_SYS_ADMIN. */
	if (off == 2 || (off == 1 && !facts->is_root)) {
		doctor_say(f, DOCTOR_WARN,
			   "switched off (kernel.io_uring_disabled is %lld): io and --background io need it",
			   off);
		doctor_type(f, "%ssysctl kernel.io_uring_disabled=0",
			    facts->is_root ? "" : "sudo ");
	} else if (facts->uring_errno) {
		doctor_say(f, DOCTOR_WARN,
			   "cannot be set up (%s): io and --background io need it",
			   strerror(facts->uring_errno));
	} else {
		doctor_say(f, DOCTOR_OK, "can be used");
	}
}
