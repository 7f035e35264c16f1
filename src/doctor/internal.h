/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The checks, each of which looks at the machine and says what it found, and what they share.
 */
#ifndef IOMMUBENCH_DOCTOR_INTERNAL_H
#define IOMMUBENCH_DOCTOR_INTERNAL_H

#include "doctor/facts.h"
#include "doctor/finding.h"

/* A check looks at facts and files, says one thing, and adds commands. */
typedef void doctor_check(const struct doctor_facts *facts, struct doctor_finding *f);

/* In iommu.c. */
doctor_check doctor_iommu;
doctor_check doctor_translation;

/* In module.c. */
doctor_check doctor_lockdown;
doctor_check doctor_headers;
doctor_check doctor_module;

/* In device.c. */
doctor_check doctor_device;
doctor_check doctor_left;

/* In cpus.c. */
doctor_check doctor_frequency;
doctor_check doctor_sleep;
doctor_check doctor_smt;

/* In kernel.c. */
doctor_check doctor_rights;
doctor_check doctor_hugepages;
doctor_check doctor_tracefs;
doctor_check doctor_perf;
doctor_check doctor_log;
doctor_check doctor_uring;

/**
 * doctor_bound() - a device that is bound to the module
 * @facts: the machine
 *
 * Return: one behind an IOMMU if there is any, NULL for none at all.
 */
const struct topo_device *doctor_bound(const struct doctor_facts *facts);

/**
 * doctor_first_command() - a measurement to begin with
 * @facts: the machine
 * @subcommand: "map-unmap", or "io", for which no device has to be bound
 *
 * Return: a command, NULL when nothing can be measured by it now.
 */
const char *doctor_first_command(const struct doctor_facts *facts, const char *subcommand);

/**
 * doctor_type_install() - how to install what belongs to the running kernel
 * @facts: the machine
 * @f: receives the command, or none where the distribution is not known
 * @what: "headers" or "cpupower"
 */
void doctor_type_install(const struct doctor_facts *facts, struct doctor_finding *f,
			 const char *what);

#endif
