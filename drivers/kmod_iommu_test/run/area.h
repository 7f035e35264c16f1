/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of a run that the tool maps: thread pages and histograms.
 */
#ifndef IOMMUBENCH_RUN_AREA_H
#define IOMMUBENCH_RUN_AREA_H

#include "run/types.h"

struct vm_area_struct;

int bench_run_layout(struct bench_run *run);
int bench_run_alloc_area(struct bench_run *run, struct bench_message *msg);
void bench_run_free_area(struct bench_run *run);
int bench_run_map_area(struct bench_run *run, struct vm_area_struct *vma);
int bench_run_memory(const struct bench_run *run, struct iommubench_memory *told);

#endif /* IOMMUBENCH_RUN_AREA_H */
