/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --background: a load beside what is measured, with figures of its own.
 *
 * There is one kind, io: reads of a disk behind an IOMMU by threads of this process,
 * which stay off the CPUs that are measured as far as others are left.
 */
#ifndef IOMMUBENCH_DISK_BACKGROUND_H
#define IOMMUBENCH_DISK_BACKGROUND_H

#include "disk/background_spec.h"
#include "place/placement.h"
#include "result/result.h"

struct background;

/**
 * background_start() - let the load begin
 * @b: receives, give it back with background_stop(); NULL when there is to be none
 * @spec: what it does
 * @apart: CPUs that are measured; the calling process has stepped aside from them
 *
 * Return: an enum exit_status, after one line on stderr unless EXIT_DONE.
 */
int background_start(struct background **b, const struct background_spec *spec,
		     const struct placement *apart);

/**
 * background_report() - put what it did since the last result into a result
 * @b: the load, or NULL
 * @r: the result
 *
 * It goes on after that, counted anew.
 */
void background_report(struct background *b, struct result *r);

/**
 * background_stop() - end it
 * @b: the load, or NULL
 */
void background_stop(struct background *b);

#endif
