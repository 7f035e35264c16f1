// SPDX-License-Identifier: GPL-2.0-only
#include "doctor/doctor.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "doctor/internal.h"

/* What is looked at. What one lacks may be why a later one fails, so that it is mended first. */
static const struct {
	const char *name;
	doctor_check *look;
} checks[] = {
	{ "rights", doctor_rights },
	{ "iommu", doctor_iommu },
	{ "translation", doctor_translation },
	{ "headers", doctor_headers },
	{ "lockdown", doctor_lockdown },
	{ "module", doctor_module },
	{ "device", doctor_device },
	{ "left", doctor_left },
	{ "frequency", doctor_frequency },
	{ "sleep", doctor_sleep },
	{ "smt", doctor_smt },
	{ "hugepages", doctor_hugepages },
	{ "tracefs", doctor_tracefs },
	{ "perf", doctor_perf },
	{ "log", doctor_log },
	{ "io_uring", doctor_uring },
};

#define NR_CHECKS	(sizeof(checks) / sizeof(checks[0]))

static const char *plural(unsigned int n)
{
	return n == 1 ? "" : "s";
}

static char *summarize(const struct doctor_report *r)
{
	unsigned int fails = r->count[DOCTOR_FAIL], warnings = r->count[DOCTOR_WARN];

	if (fails)
		return xasprintf("nothing can be measured with the module yet: %u failure%s, %u warning%s",
				 fails, plural(fails), warnings, plural(warnings));
	return xasprintf("measuring can begin: %u warning%s", warnings, plural(warnings));
}

void doctor_examine(struct doctor_report *report, const struct doctor_facts *facts)
{
	size_t i;

	*report = (struct doctor_report){
		.findings = xcalloc(NR_CHECKS, sizeof(*report->findings)),
		.n = NR_CHECKS,
		.disk = doctor_first_command(facts, "io"),
	};
	for (i = 0; i < NR_CHECKS; i++) {
		struct doctor_finding *f = &report->findings[i];

		f->name = checks[i].name;
		checks[i].look(facts, f);
		report->count[f->state]++;
	}
	if (!report->count[DOCTOR_FAIL])
		report->first = doctor_first_command(facts, "map-unmap");
	report->summary = summarize(report);
}

void doctor_report_free(struct doctor_report *report)
{
	size_t i;

	for (i = 0; i < report->n; i++)
		doctor_finding_free(&report->findings[i]);
	free(report->findings);
	free(report->summary);
}
