/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runs that have threads, and what of the machine ends them: a CPU that goes, suspend, and
 * memory that gets short.
 */
#ifndef IOMMUBENCH_RUN_LIVE_H
#define IOMMUBENCH_RUN_LIVE_H

#include <linux/compiler.h>

struct bench_run;

/* As bench_run_fail(). */
typedef int (*bench_live_end_fn)(struct bench_run *run, int err, const char *fmt, ...)
	__printf(3, 4);

int bench_live_init(bench_live_end_fn end);
void bench_live_exit(void);
void bench_live_add(struct bench_run *run);
void bench_live_remove(struct bench_run *run);

#endif /* IOMMUBENCH_RUN_LIVE_H */
