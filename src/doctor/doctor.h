/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a machine can be measured, and otherwise what to type: the checks as a whole, and the
 * ways to write what they found, each of which is in the file of its name.
 */
#ifndef IOMMUBENCH_DOCTOR_DOCTOR_H
#define IOMMUBENCH_DOCTOR_DOCTOR_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "doctor/facts.h"
#include "doctor/finding.h"

#define DOCTOR_SCHEMA	"iommubench-doctor/1"

/**
 * struct doctor_report - what all checks found
 * @findings: one for each check, in the order in which they are to be mended
 * @n: entries at @findings
 * @count: how many of them are in each state
 * @first: a command to begin measuring with, NULL unless one can
 * @disk: a command that measures without the module, NULL when there is none
 * @summary: what it comes to, one line
 */
struct doctor_report {
	struct doctor_finding *findings;
	size_t n;
	unsigned int count[DOCTOR_STATES];
	const char *first;
	const char *disk;
	char *summary;
};

/**
 * doctor_examine() - have all checks look
 * @report: receives, give it back with doctor_report_free()
 * @facts: the machine, which has to stay as long as the report
 */
void doctor_examine(struct doctor_report *report, const struct doctor_facts *facts);

/**
 * doctor_report_free() - give back what was found
 * @report: the report
 */
void doctor_report_free(struct doctor_report *report);

/**
 * doctor_print() - the report for people, no line wider than 80 columns
 * @report: the report
 * @facts: the machine
 * @out: where to
 */
void doctor_print(const struct doctor_report *report, const struct doctor_facts *facts,
		  FILE *out);

/**
 * doctor_json() - the report as results/schema/iommubench-doctor-1.schema.json describes
 * @report: the report
 * @facts: the machine
 *
 * Return: a new reference.
 */
json_t *doctor_json(const struct doctor_report *report, const struct doctor_facts *facts);

#endif
