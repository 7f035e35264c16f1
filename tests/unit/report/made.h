/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results as the tests of the report make them. Included after cmocka.h and folder.h.
 */
#ifndef IOMMUBENCH_TESTS_UNIT_REPORT_MADE_H
#define IOMMUBENCH_TESTS_UNIT_REPORT_MADE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "output/print.h"
#include "result/result.h"

/**
 * made_machine() - a virtual machine with an SMMUv3
 * @r: the result
 * @domain_type: of the device's domain, NULL where a result has none
 * @device: its name
 */
static inline void made_machine(struct result *r, const char *domain_type, const char *device)
{
	result_set_machine(r, json_pack("{s:b, s:s, s:{s:s, s:s*}, s:{s:s}}", "virtual", 1,
					"kernel", "6.12.0", "iommu", "kind", "arm-smmu-v3",
					"domain_type", domain_type, "device", "name", device));
}

/**
 * made_phase() - a phase with a tail
 * @r: the result
 * @name: of the phase
 * @ns: how long it took, but each 50th time thrice that
 * @n: how often it was timed
 */
static inline void made_phase(struct result *r, const char *name, double ns, unsigned int n)
{
	struct iommubench_hist *h = calloc(1, sizeof(*h));
	unsigned int i;

	assert_non_null(h);
	for (i = 0; i < n; i++)
		iommubench_hist_add(h, (uint64_t)(i % 50 ? ns : ns * 3));
	result_add_phase(r, name, h, 1, 1);
	free(h);
}

/**
 * made_written() - write it to the folder
 * @r: the result, given back
 * @file: its name there
 */
static inline void made_written(struct result *r, const char *file)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	assert_int_equal(result_write(r, path), 0);
	result_free(r);
}

#endif
