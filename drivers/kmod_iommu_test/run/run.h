/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run: described once, then N threads work and count on their own pages until
 * its time, count, a stop, or the device's removal ends it.
 */
#ifndef IOMMUBENCH_RUN_RUN_H
#define IOMMUBENCH_RUN_RUN_H

#include <linux/types.h>

#include "run/types.h"

struct vm_area_struct;

struct bench_run *bench_run_prepare(const struct bench_file *bf,
				    const struct bench_workload_ops *ops,
				    struct iommubench_run *desc, struct bench_message *msg);
int bench_run_start(struct bench_run *run);
void bench_run_stop(struct bench_run *run, enum iommubench_end why);
__printf(3, 4)
int bench_run_fail(struct bench_run *run, int err, const char *fmt, ...);
__printf(3, 4)
int bench_run_broken(struct bench_run *run, int err, const char *fmt, ...);
__printf(3, 4)
void bench_run_check(struct bench_run *run, enum iommubench_check_id id, const char *failure, ...);
void bench_run_abandon(struct bench_run *run);
void bench_run_reap(struct bench_run *run);
void bench_run_evict(struct bench_device *bd, enum iommubench_end why);
int bench_run_wait(struct bench_run *run, u64 timeout_ns);
int bench_run_mmap(struct bench_run *run, struct vm_area_struct *vma);
void bench_run_get(struct bench_run *run);
void bench_run_put(struct bench_run *run);

#endif /* IOMMUBENCH_RUN_RUN_H */
