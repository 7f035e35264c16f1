/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runs that have threads, and what of the machine ends them: a CPU that goes, and suspend.
 */
#ifndef IOMMUBENCH_RUN_LIVE_H
#define IOMMUBENCH_RUN_LIVE_H

struct bench_run;

int bench_live_init(void);
void bench_live_exit(void);
void bench_live_add(struct bench_run *run);
void bench_live_remove(struct bench_run *run);

#endif /* IOMMUBENCH_RUN_LIVE_H */
